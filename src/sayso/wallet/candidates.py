"""Find what is held that can answer a credential query."""

from bisect import bisect_right
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from sayso.errors import NOT_ANSWERABLE, Problem
from sayso.query import claims as query_claims
from sayso.query.claims import Selection
from sayso.query.grammar import CredentialQuery
from sayso.sharing.exposure import value_at
from sayso.sharing.picking import Candidate
from sayso.wallet.held import Held
from sayso.wallet.index import Entry, Matches

_number = itemgetter(0)


class _Answer(NamedTuple):
    """Hold what a query selects of a credential, and why it is not more."""

    selection: Selection
    problems: tuple[Problem, ...]


_LATE = Selection((), ())


def candidates_for(query: CredentialQuery, stored: Matches, now: datetime) -> tuple[tuple[Candidate, ...], list[Problem]]:
    """Give the credentials that can answer a credential query, and why others of its type, or parts of it, cannot; each reason once."""
    able: list[tuple[int, Candidate]] = []
    reasons: list[tuple[int, tuple[Problem, ...]]] = []
    for group in stored.groups:
        _look_through(query, group, now, able, reasons)
    if len(stored.groups) > 1:  # what is in one is in order
        able.sort(key=_number)
        reasons.sort(key=_number)
    found = [problem for _, problems in reasons for problem in problems]
    if stored.foreign is not None:
        found += _of_another_issuer(query, stored.foreign.held)
    problems = [*dict.fromkeys(found)]
    if not able and not problems:
        problems.append(Problem(NOT_ANSWERABLE, "no stored credential has this format and type"))
    return tuple([candidate for _, candidate in able]), problems


def _look_through(
    query: CredentialQuery,
    group: tuple[Entry, ...],
    now: datetime,
    able: list[tuple[int, Candidate]],
    reasons: list[tuple[int, tuple[Problem, ...]]],
) -> None:
    """Look at credentials that are alike: what is said of one holds for every other with the same values where the query names some."""
    sample = group[0].held
    told = query_claims.telling(query, sample.verified.claims, sample.positions)
    told = tuple([one for one in told if one[0] != sample.format.issuer])  # they have the same issuer
    answers: dict[object, _Answer] = {}
    for number, stored_id, held, instants in group:
        alike: object = bisect_right(instants, now)
        if told:
            alike = (alike, *[accepted(value_at(held.verified.claims, place)) for place, accepted in told])
        answer = answers.get(alike)
        if answer is None:
            answer = answers[alike] = _answer(query, held, now)
            reasons.append((number, answer.problems))
        if answer.selection.options:
            able.append((number, held.candidate(stored_id, answer.selection)))


def _answer(query: CredentialQuery, held: Held, now: datetime) -> _Answer:
    late = held.date_problems(now)
    if late:
        return _Answer(_LATE, late)
    selection = held.selection(query)
    if len(selection.options) < max(1, len(query.claim_sets)):
        return _Answer(selection, query_claims.missing(query, held.verified.claims, held.positions))
    return _Answer(selection, ())


def _of_another_issuer(query: CredentialQuery, held: Held) -> tuple[Problem, ...]:
    claim = query_claims.issuer_claim(query)
    asked = query._replace(claims=() if claim is None else (claim,), claim_sets=())
    return query_claims.missing(asked, held.verified.claims, held.positions)
