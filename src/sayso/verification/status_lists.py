"""Look up the status of a credential in the lists that it names, each of which is verified first."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import NamedTuple, TypeAlias

from sayso.credentials.media_types import VC
from sayso.credentials.validity import token_problems
from sayso.dids.method import DidMethod
from sayso.errors import (
    INVALID_VERIFICATION_METHOD,
    STATUS_RETRIEVAL_ERROR,
    STATUS_VERIFICATION_ERROR,
    UNTRUSTED_ISSUER,
    Problem,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import JsonObject
from sayso.proofs.mechanism import Proven
from sayso.retrieval import Retrieve, Retrieved, Steps
from sayso.status import entries, list_credential, list_token
from sayso.status.entries import BitstringEntry, ListEntry, StatusEntry
from sayso.status.lists import look_up, refusal
from sayso.status.results import StatusResult
from sayso.verification import stages
from sayso.verification.arguments import text_bytes
from sayso.verification.expectations import Expectations
from sayso.verification.messages import signed_message
from sayso.verification.status_cache import AGAIN, REASON, KeptList, ListKey, Lists

# The first context tells which of the dates of a credential count. When a list begins was asked as it was read, and is no question later.
_ENDS = frozenset({"@context", "validUntil", "expirationDate", "expires", "exp"})

ProveList: TypeAlias = Callable[[bytes, Expectations], Steps[Proven]]
"""Verify a credential that holds a list, and give it; raises a SaysoError where it does not hold."""

_LATE = stages.date.__name__
"""The stage of what is wrong with a list at this instant, and need not be at another."""


class Lookup(NamedTuple):
    """Hold what looking up needs: the instant, the lists of this call, the ways to resolve, and how a list credential is verified."""

    at: datetime
    lists: Lists
    methods: tuple[DidMethod, ...]
    prove: ProveList


class Found(NamedTuple):
    """Hold what came of all entries of a credential: problems, and what they say that does not refuse it."""

    problems: tuple[Problem, ...]
    results: tuple[StatusResult, ...]


def look_at(proven: Proven, expectations: Expectations, run: Lookup) -> Steps[Found]:
    """Look up every entry of a credential that stood up to everything else.

    Source: Bitstring Status List 1.0, section 3.2 (BS-V1 to BS-V7); Token Status List (draft 20), section 8.3 (TS-6).
    """
    issuer = proven.format.issuer_of(proven.document) or proven.signers[0].controller
    under = expectations.of_list(issuer)
    problems: list[Problem] = []
    results: list[StatusResult] = []
    for entry in stages.status_entries(proven):
        try:
            result = yield from _result(entry, expectations, under, run)
        except SaysoError as error:
            problems += error.problems
            continue
        problem = refusal(result) if result else None
        if problem:
            problems.append(Problem(problem.kind, problem.detail, entry.place))
        elif result:
            results.append(result)
    return Found(stages.waived(problems, expectations), tuple(results))


def _result(entry: StatusEntry, expectations: Expectations, under: Expectations, run: Lookup) -> Steps[StatusResult | None]:
    pointed = entries.parse(entry)
    if pointed is None:
        return None  # stage 7 has said what is to be said of a mechanism that nobody knows
    try:
        found = yield from _current(pointed, expectations, under, run)
        return look_up(found.list, pointed)
    except SaysoError as error:
        # What the list has against itself has its place in the list.
        raise SaysoError(*(Problem(one.kind, one.detail, entry.place) for one in error.problems)) from None


def _current(pointed: ListEntry, expectations: Expectations, under: Expectations, run: Lookup) -> Steps[KeptList]:
    """Give a list that holds, and is as fresh as is expected.

    Where the time of one that came with the presentation is over, the fetcher is asked for the one that is published now; who has none, or
    finds none, is told of the first. A list that came along and is wrong in any other way refuses, and nobody is asked: unless what cannot
    be decided is waived, for then whoever presents could bring a wrong one to keep the right one from being looked at.
    """
    retrieved = yield from _retrieved(pointed, under, run)
    try:
        return (yield from _fresh(pointed, retrieved, expectations, under, run))
    except SaysoError as error:
        if not (retrieved.stapled and (_is_late(error) or expectations.status == "waive")):
            raise
    with suppress(SaysoError):
        retrieved = yield from _retrieved(pointed, under, run, AGAIN)
    return (yield from _fresh(pointed, retrieved, expectations, under, run))


def _fresh(pointed: ListEntry, retrieved: Retrieved, expectations: Expectations, under: Expectations, run: Lookup) -> Steps[KeptList]:
    found = yield from _list(pointed, retrieved, under, run)
    _check_name(found, retrieved)
    if not _is_revoked(found, pointed):
        _check_age(found, retrieved, expectations, run.at)
    return found


def _is_revoked(found: KeptList, pointed: ListEntry) -> bool:
    # BS-2: what was revoked stays so, and an old list that says it is as good as a new one.
    return isinstance(pointed, BitstringEntry) and pointed.purpose == "revocation" and refusal(look_up(found.list, pointed)) is not None


def _is_late(error: SaysoError) -> bool:
    return all(problem.stage == _LATE for problem in error.problems)


def _retrieved(pointed: ListEntry, under: Expectations, run: Lookup, reason: str = REASON) -> Steps[Retrieved]:
    accept = VC if isinstance(pointed, BitstringEntry) else list_token.MEDIA_TYPE
    known, stapled = run.lists.retrieved, run.lists.stapled
    if reason == REASON and pointed.url in stapled:
        return Retrieved(stapled[pointed.url], accept, stapled=True)
    asked = (pointed.url, accept, reason)
    if asked not in known:
        if not run.lists.retrieving:
            raise SaysoError.of(STATUS_RETRIEVAL_ERROR, "the list is not retrieved for an answer that is refused already")
        try:
            # BS-V1; TS-6, step 3
            known[asked] = yield Retrieve(pointed.url, accept, text_bytes(under.max_status_list_bytes), reason)
        except SaysoError as error:
            known[asked] = _told(STATUS_RETRIEVAL_ERROR, "the list could not be retrieved", error)
    found = known[asked]
    if isinstance(found, SaysoError):
        raise found
    return found


def _list(pointed: ListEntry, retrieved: Retrieved, under: Expectations, run: Lookup) -> Steps[KeptList]:
    """Give a list that holds at this instant: one that is known, or verified now."""
    read = _read_credential if isinstance(pointed, BitstringEntry) else _read_token
    key = ListKey(type(pointed), pointed.url, hashlib.sha256(retrieved.body).digest(), under, under.kinds)
    if key in run.lists.failed:
        raise run.lists.failed[key]
    found = run.lists.cache.find(key, run.at)
    try:
        if found is None:
            found = yield from read(pointed.url, retrieved.body, under, run)
            run.lists.cache.keep(key, found)
        problems = found.dates(run.at)
        if problems:
            raise SaysoError(*problems).under(stage=_LATE)
    except SaysoError as error:
        run.lists.failed[key] = _told(STATUS_VERIFICATION_ERROR, "the list does not hold", error)
        raise run.lists.failed[key] from None
    return found


def _read_credential(url: str, body: bytes, under: Expectations, run: Lookup) -> Steps[KeptList]:
    # BS-V2
    proven = yield from run.prove(body, under)
    found = list_credential.list_of(proven.document, url, under.max_status_list_bytes)
    return KeptList(found, run.at, partial(stages.date_problems, _ending(proven), under), len(body))


def _ending(proven: Proven) -> Proven:
    """Keep what its ends are read from: they will be asked for again, and nothing else will."""
    return Proven(
        (),
        proven.format,
        _ends_in(proven.document),
        proofs=tuple(one._replace(members=_ends_in(one.members)) for one in proven.proofs),
        claims=_ends_in(proven.claims),
    )


def _ends_in(members: JsonObject) -> JsonObject:
    return {name: value for name, value in members.items() if name in _ENDS}


def _read_token(url: str, body: bytes, under: Expectations, run: Lookup) -> Steps[KeptList]:
    # TS-6, steps 4 to 6; TS-9: the key is found as that of a credential's issuer is.
    message = yield from signed_message(
        body,
        (list_token.TYPE,),
        "assertionMethod",
        run.at,
        skew=under.skew,
        methods=run.methods,
        limits=under.limits,
        algorithms=under.algorithms,
        known=under.known_keys,
    )
    payload = message.payload
    if payload.get("iss", message.signer) != message.signer:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the key is not the issuer's", "iss")
    if not under.trusts(message.signer):
        raise SaysoError.of(UNTRUSTED_ISSUER, "who signed the list may not sign it")
    if "status" in payload:
        # A list says nothing of its own status: looking it up would have no end.
        raise SaysoError.of(STATUS_RETRIEVAL_ERROR, "the status of a list is not looked up", "status")
    found = list_token.list_of(payload, url, under.max_status_list_bytes)
    return KeptList(found, run.at, partial(token_problems, _ends_in(payload), skew=under.skew), len(body))


def _check_name(found: KeptList, retrieved: Retrieved) -> None:
    """See that a list that came with the presentation says which one it is: any other of the same issuer could stand in for it.

    Raises:
        SaysoError: STATUS_VERIFICATION_ERROR.
    """
    # BS-5: the identifier MAY be there; only who retrieves a list from its URL knows without it which one that is.
    if retrieved.stapled and not found.list.named:
        raise SaysoError.of(STATUS_VERIFICATION_ERROR, "a list that came with the presentation does not say which list it is")


def _check_age(found: KeptList, retrieved: Retrieved, expectations: Expectations, at: datetime) -> None:
    """See that a list is as fresh as is expected; one that came with the presentation is never older than it says itself.

    Raises:
        SaysoError: STATUS_VERIFICATION_ERROR.
    """
    if expectations.max_status_age is None and not retrieved.stapled:
        return
    most = found.list.ttl if expectations.max_status_age is None else expectations.max_status_age
    made = found.list.made
    if most is None or made is None or at - made > most:
        problem = Problem(STATUS_VERIFICATION_ERROR, "the list is older than is accepted, or does not say how old it is")
        raise SaysoError(problem).under(stage=_LATE)


def _told(kind: ProblemType, what: str, error: SaysoError) -> SaysoError:
    # One reason says enough: none of them is the credential's own.
    return SaysoError.of(kind, f"{what}: {error.problems[0]}").under(stage=_LATE if _is_late(error) else "")
