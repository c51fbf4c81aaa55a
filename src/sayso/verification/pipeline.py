"""Verify: one pipeline for every format.

bytes → 1 decode → 2 resolve → 3 prove → 4 conform → 5 bind → 6 date → 7 status → 8 trust → Report

The first three stages change what is known, and each stops the rest; the others look at what was proven, and collect.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sayso.clock import Stopwatch, system_stopwatch
from sayso.credentials.formats import LDP_VC
from sayso.credentials.media_types import VC
from sayso.credentials.presentation import Embedded, embedded
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS, remembering
from sayso.errors import PARSING_ERROR, STATUS_RETRIEVAL_ERROR, Problem, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.proofs.data_integrity.mechanism import DataIntegrityMechanism
from sayso.proofs.jose.vc_claim import VcClaimMechanism
from sayso.proofs.jose.vc_jwt import VcJwtMechanism
from sayso.proofs.mechanism import Proven, SecuringMechanism
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from sayso.retrieval import Retrieve, Steps, bounded
from sayso.status.results import StatusResult
from sayso.verification import stages
from sayso.verification.establishing import Laps, establish
from sayso.verification.excess import excess, unasked
from sayso.verification.expectations import Expectations, Presenter
from sayso.verification.report import CREDENTIALS, Report, verified
from sayso.verification.status_cache import Lists

Stage: TypeAlias = Callable[[Proven, Expectations, datetime], Steps[tuple[Problem, ...]]]

MECHANISMS: tuple[SecuringMechanism[Proven], ...] = (DataIntegrityMechanism(), SdJwtMechanism(), VcClaimMechanism(), VcJwtMechanism())
"""The securing mechanisms that are built."""

COLLECTING: tuple[Stage, ...] = (stages.conform, stages.bind, stages.date, stages.status, stages.trust)
"""The stages that look at what was proven: 4 to 8."""


class Judgement(NamedTuple):
    """Hold what came of the stages: problems, or what was proven and stood up to all of them.

    A report is written only where somebody reads it: it holds an unchangeable copy of the claims.
    """

    problems: tuple[Problem, ...]
    proven: Proven | None
    expectations: Expectations
    timings: Mapping[str, int]
    credentials: tuple["Judgement", ...] = ()
    statuses: tuple[StatusResult, ...] = ()

    def report(self) -> Report:
        """Report it."""
        if self.proven is None:
            return Report(self.problems, timings=self.timings)
        return verified(self.proven, self.expectations, self.timings, [one.report() for one in self.credentials], self.statuses)

    def outcome(self) -> Report:
        """Report problems, what was dropped, and timings, and no value at all."""
        return Report(self.problems, tuple(self.dropped()), timings=self.timings)

    def dropped(self) -> Iterator[Problem]:
        """Say what nobody asked for, and nobody will read."""
        if self.proven is not None:
            yield from excess(unasked(self.proven, self.expectations))
            for index, one in enumerate(self.credentials):
                yield from (warning.under(CREDENTIALS, index) for warning in one.dropped())


class Run(NamedTuple):
    """Hold what stays the same for everything in one input: the instant, the status lists, and the ways to read and to resolve.

    Where there are no lists, no status is looked up: so it is for a list itself.
    """

    at: datetime
    lists: Lists | None = None
    mechanisms: tuple[SecuringMechanism[Proven], ...] = MECHANISMS
    methods: tuple[DidMethod, ...] = METHODS
    stopwatch: Stopwatch = system_stopwatch


def judge(
    data: bytes,
    expectations: Expectations,
    at: datetime,
    *,
    mechanisms: tuple[SecuringMechanism[Proven], ...] = MECHANISMS,
    methods: tuple[DidMethod, ...] = METHODS,
    stopwatch: Stopwatch = system_stopwatch,
    lists: Lists | None = None,
) -> Steps[Judgement]:
    """Run the whole pipeline; `lists` are the status lists of a call that judges more than this."""
    return (yield from bounded(_judge(data, expectations, Run(at, lists or Lists(), mechanisms, remembering(methods), stopwatch))))


def _judge(data: bytes, expectations: Expectations, run: Run) -> Steps[Judgement]:
    laps = Laps(run.stopwatch)
    try:
        proven = yield from establish(
            data,
            run.mechanisms,
            policy=expectations.policy,
            at=run.at,
            methods=run.methods,
            laps=laps,
            known=expectations.known_keys,
            ways=expectations.key_ways,
            trusted=expectations.bound_issuers,
        )
    except SaysoError as error:
        failed = laps.stage
        laps.enter("")
        return Judgement(error.under(stage=failed).problems, None, expectations, laps.timings)
    return (yield from _collect(proven, expectations, run, laps))


def _collect(proven: Proven, expectations: Expectations, run: Run, laps: Laps) -> Steps[Judgement]:
    problems: list[Problem] = []
    for stage in COLLECTING:  # 4 to 8
        laps.enter(stage.__name__)
        found = yield from stage(proven, expectations, run.at)
        problems.extend(problem.under(stage=laps.stage) for problem in found)
    laps.enter("")
    if not problems and expectations.schema == "require" and proven.format.has_schemas and "credentialSchema" in proven.document:
        # Only what stands up to everything else makes anybody retrieve what it names.
        problems += yield from _schema_problems(proven, expectations, run)
    if not problems and expectations.type_metadata != "ignore" and proven.format.is_sd_jwt_vc:
        problems += yield from _type_problems(proven, expectations)
    statuses: tuple[StatusResult, ...] = ()
    if not problems and expectations.status != "ignore" and stages.status_entries(proven):
        laps.enter("status")
        found, statuses = yield from _statuses(proven, expectations, run)
        problems += (problem.under(stage=laps.stage) for problem in found)
        laps.enter("")
    credentials: tuple[Judgement, ...] = ()
    if proven.format.presents and not problems:
        try:
            held = embedded(proven.document, expectations.limits)
        except SaysoError as error:
            return Judgement(error.under(stage="decode").problems, None, expectations, laps.timings)
        credentials = yield from _credentials(held, proven, expectations, run)
        for one, judged in zip(held, credentials, strict=True):
            problems += (problem.under(*one.place) for problem in judged.problems)
    return Judgement(tuple(problems), None if problems else proven, expectations, laps.timings, credentials, statuses)


def _statuses(proven: Proven, expectations: Expectations, run: Run) -> Steps[tuple[tuple[Problem, ...], tuple[StatusResult, ...]]]:
    """Look the status up in its lists. One that is a credential is judged by the same stages; its own status is not looked up.

    Source: Bitstring Status List 1.0, section 3.2 (BS-V1 to BS-V7); Token Status List (draft 20), section 8.3 (TS-6).
    """
    from sayso.verification.status_lists import Lookup, look_at  # few credentials name a list

    if run.lists is None:
        # Looking it up would have no end.
        return (Problem(STATUS_RETRIEVAL_ERROR, "the status of a list is not looked up"),), ()

    def prove(data: bytes, expected: Expectations) -> Steps[Proven]:
        judged = yield from _judge(data, expected, run._replace(lists=None))
        if judged.proven is None:
            raise SaysoError(*judged.problems)
        return judged.proven

    return (yield from look_at(proven, expectations, Lookup(run.at, run.lists, run.methods, prove)))


def _type_problems(proven: Proven, expectations: Expectations) -> Steps[list[Problem]]:
    kinds, required = expectations.kinds, expectations.type_metadata == "require"
    if not required and all(kind.held is None for kind in kinds):
        return []
    from sayso.verification.type_rules import type_problems  # few verifiers hold the metadata of a type

    found = yield from type_problems(proven, kinds, required=required)
    return [problem.under(stage="conform") for problem in found]


def _schema_problems(proven: Proven, expectations: Expectations, run: Run) -> Steps[list[Problem]]:
    """Look at the schemas of a credential. One that is in a credential is judged by the same stages; its own schema is known.

    Source: VC JSON Schema, sections 3 and 4 (JS-1 to JS-4).
    """
    from sayso.credentials.json_schema import entries as schemas  # few credentials name a schema

    def schema_of(entry: schemas.SchemaEntry) -> Steps[JsonObject]:
        retrieved = yield Retrieve(entry.url, VC, schemas.MAX_SCHEMA_BYTES, "the credential with the schema")
        changed = schemas.digest_problems(proven.document, entry, retrieved.body)
        if changed:
            raise SaysoError(*(Problem(one.kind, one.detail) for one in changed))
        judged = yield from _judge(retrieved.body, expectations.beside(), run)
        if judged.proven is None:
            raise SaysoError(*judged.problems)
        return schemas.schema_of_credential(judged.proven.document)

    found = yield from schemas.schema_problems(proven.document, schema_of)
    return [problem.under(stage="conform") for problem in found]


def _credentials(held: Sequence[Embedded], proven: Proven, expectations: Expectations, run: Run) -> Steps[tuple[Judgement, ...]]:
    """Judge each credential in a presentation by the same stages; none of them holds another."""
    inside = expectations.inside(presenter_of(proven))
    found: list[Judgement] = []
    for one in held:
        data = one.data
        if data is None:
            # DM-22: it has no proof of its own, and what secures the presentation secures it too.
            asserted = Proven(proven.signers, LDP_VC, one.document)
            judged = yield from _collect(asserted, inside, run, Laps(run.stopwatch))
        else:
            judged = yield from _judge(data, inside, run)
            said = one.envelope.media_type if one.envelope else ""
            if judged.proven is not None and said not in ("", judged.proven.format.media_type):
                problem = Problem(PARSING_ERROR, "the envelope says another media type than that of the credential", "/id", "decode")
                judged = Judgement((problem,), None, inside, judged.timings)
        found.append(judged)
    return tuple(found)


def presenter_of(proven: Proven) -> Presenter:
    """Say who presents the credentials of a presentation: whoever signed it. Whom it names as its holder is only what it says."""
    return Presenter(frozenset(signer.controller for signer in proven.signers), tuple(signer.key for signer in proven.signers))
