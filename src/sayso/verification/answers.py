"""Verify a whole answer against the query that was asked.

Source: OpenID4VP 1.0, sections 8.1 and 8.6 (VP-6, VP-12).
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sayso.dids.resolution import METHODS, DidMethod
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, Problem, pointer
from sayso.jsonvalue import Json
from sayso.proofs.mechanism import Proven
from sayso.query.grammar import CredentialQuery, Query
from sayso.query.selection import unsatisfied
from sayso.retrieval import Steps
from sayso.verification.expectations import Expectations
from sayso.verification.pipeline import judge
from sayso.verification.report import Report, Verified

MAX_PRESENTATIONS = 64
"""The most presentations in one answer."""


class Answered(NamedTuple):
    """Hold a proven presentation and the credential query that it answers."""

    query: CredentialQuery
    proven: Proven


def judge_answer(
    token: Json, query: Query, expectations: Expectations, at: datetime, *, methods: tuple[DidMethod, ...] = METHODS
) -> Steps[tuple[Report, tuple[Answered, ...]]]:
    """Judge every presentation of a `vp_token`, and whether together they are what was asked for.

    The expectations hold for each presentation; whether the holder must have signed is what its credential query says.
    """
    problem = _shape_problem(token)
    if problem or not isinstance(token, dict):
        return Report((problem,) if problem else ()), ()
    presentations = {query_id: texts for query_id, texts in token.items() if isinstance(texts, list)}
    problems = [one.under(stage="trust") for one in unsatisfied(query, {query_id: len(texts) for query_id, texts in presentations.items()})]
    reports: dict[str, tuple[Report, ...]] = {}
    answered: list[Answered] = []
    for asked in query.credentials:
        found: list[Report] = []
        expected = replace(expectations, asked=asked, holder_binding=asked.require_cryptographic_holder_binding)
        for index, text in enumerate(presentations.get(asked.id, ())):
            report, proven = yield from judge(_bytes(text), expected, at, methods=methods)
            found.append(report)
            problems += [one.under(asked.id, index) for one in report.problems]
            if proven:
                answered.append(Answered(asked, proven))
        if found:
            reports[asked.id] = tuple(found)
    return _whole(tuple(problems), reports), tuple(answered)


def _shape_problem(token: Json) -> Problem | None:
    if not isinstance(token, dict):
        return Problem(MALFORMED_VALUE_ERROR, "a vp_token is an object with an array for each credential query", stage="decode")
    for query_id, texts in token.items():
        if not isinstance(texts, list):
            return Problem(MALFORMED_VALUE_ERROR, "presentations stand in an array", pointer(query_id), "decode")
    if sum(len(texts) for texts in token.values() if isinstance(texts, list)) > MAX_PRESENTATIONS:
        return Problem(LIMIT_EXCEEDED, f"an answer has more than {MAX_PRESENTATIONS} presentations", stage="decode")
    return None


def _bytes(presentation: Json) -> bytes:
    # What is no text is of no format that is built; an empty input says just that.
    return presentation.encode() if isinstance(presentation, str) else b""


def _whole(problems: tuple[Problem, ...], reports: Mapping[str, tuple[Report, ...]]) -> Report:
    warnings = tuple(
        one.under(query_id, index) for query_id, found in reports.items() for index, report in enumerate(found) for one in report.warnings
    )
    if problems:
        return Report(problems, warnings, parts=reports)
    credentials = {query_id: tuple(report.require() for report in found) for query_id, found in reports.items()}
    return Report((), warnings, Verified("", "", (), {}, None, credentials), parts=reports)
