"""Verify a whole answer against the query that was asked.

Source: OpenID4VP 1.0, sections 8.1 and 8.6 (VP-6, VP-12).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS, remembering
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, Problem, pointer
from sayso.jsonvalue import Json, serialize
from sayso.proofs.mechanism import Proven
from sayso.query.grammar import CredentialQuery, Query
from sayso.query.selection import unsatisfied
from sayso.retrieval import Steps, bounded
from sayso.verification.expectations import Expectations
from sayso.verification.pipeline import Judgement, judge
from sayso.verification.report import Report, Verified
from sayso.verification.status_cache import Lists

MAX_PRESENTATIONS = 64
"""The most presentations in one answer."""


class Answered(NamedTuple):
    """Hold a proven credential, the credential query that it answers, and the presentation that it came in: itself, if it is none."""

    query: CredentialQuery
    proven: Proven
    presentation: Proven


class AnswerJudgement(NamedTuple):
    """Hold what came of a whole answer: all problems, each presentation's judgement by credential query, and what answers."""

    problems: tuple[Problem, ...] = ()
    parts: Mapping[str, tuple[Judgement, ...]] = MappingProxyType({})
    answered: tuple[Answered, ...] = ()

    def report(self) -> Report:
        """Report it, with a report of each presentation: one that is refused takes the claims of all others with it."""
        if self.problems:
            return self.outcome()
        parts = {query_id: tuple(one.report() for one in found) for query_id, found in self.parts.items()}
        credentials = {query_id: tuple(report.require() for report in found) for query_id, found in parts.items()}
        return Report((), _warnings(parts), Verified("", "", (), {}, None, credentials), parts=parts)

    def outcome(self) -> Report:
        """Report problems, what was dropped, and timings, and no value at all."""
        parts = {query_id: tuple(one.outcome() for one in found) for query_id, found in self.parts.items()}
        warnings = () if self.problems else _warnings(parts)
        return Report(self.problems, warnings, parts=parts)


def _warnings(parts: Mapping[str, Sequence[Report]]) -> tuple[Problem, ...]:
    return tuple(
        one.under(query_id, index) for query_id, found in parts.items() for index, report in enumerate(found) for one in report.warnings
    )


def judge_answer(
    token: Json,
    query: Query,
    expectations: Expectations,
    at: datetime,
    *,
    methods: tuple[DidMethod, ...] = METHODS,
    lists: Lists | None = None,
) -> Steps[AnswerJudgement]:
    """Judge every presentation of a `vp_token`, and whether together they are what was asked for.

    The expectations hold for each presentation; whether the holder must have signed is what its credential query says.
    """
    return (yield from bounded(_judge_answer(token, query, expectations, at, methods=remembering(methods), lists=lists or Lists())))


def _judge_answer(
    token: Json, query: Query, expectations: Expectations, at: datetime, *, methods: tuple[DidMethod, ...], lists: Lists
) -> Steps[AnswerJudgement]:
    problem = _shape_problem(token)
    if problem or not isinstance(token, dict):
        return AnswerJudgement((problem,) if problem else ())
    presentations = {query_id: texts for query_id, texts in token.items() if isinstance(texts, list)}
    problems = [one.under(stage="trust") for one in unsatisfied(query, {query_id: len(texts) for query_id, texts in presentations.items()})]
    lists.retrieving = not problems  # or whoever answers could have a verifier ask for lists that change nothing
    parts: dict[str, tuple[Judgement, ...]] = {}
    answered: list[Answered] = []
    for asked in query.credentials:
        found: list[Judgement] = []
        expected = expectations.answering(asked)
        for index, text in enumerate(presentations.get(asked.id, ())):
            judged = yield from judge(_bytes(text), expected, at, methods=methods, lists=lists)
            found.append(judged)
            problems += [one.under(asked.id, index) for one in judged.problems]
            answered += _answered(asked, judged)
        if found:
            parts[asked.id] = tuple(found)
    return AnswerJudgement(tuple(problems), parts, () if problems else tuple(answered))


def _answered(asked: CredentialQuery, judged: Judgement) -> list[Answered]:
    if judged.proven is None:
        return []
    held = [judged.proven, *(one.proven for one in judged.credentials)][1 if judged.proven.format.presents else 0 :]
    return [Answered(asked, one, judged.proven) for one in held if one is not None]


def _shape_problem(token: Json) -> Problem | None:
    if not isinstance(token, dict):
        return Problem(MALFORMED_VALUE_ERROR, "a vp_token is an object with an array for each credential query", stage="decode")
    for query_id, texts in token.items():
        if not isinstance(texts, list):
            return Problem(MALFORMED_VALUE_ERROR, "presentations stand in an array", pointer(query_id), "decode")
    # An empty array counts as one: each entry is looked at, whoever asked for it.
    if sum(len(texts) or 1 for texts in token.values() if isinstance(texts, list)) > MAX_PRESENTATIONS:
        return Problem(LIMIT_EXCEEDED, f"an answer has more than {MAX_PRESENTATIONS} presentations", stage="decode")
    return None


def _bytes(presentation: Json) -> bytes:
    # An object is a presentation in a JSON serialisation. What is neither is of no format; an empty input says just that.
    text = serialize(presentation) if isinstance(presentation, dict) else presentation
    return text.encode() if isinstance(text, str) else b""
