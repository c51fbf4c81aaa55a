"""Find what is held that can answer a credential query."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from sayso.credentials.remainder import value_at
from sayso.errors import NOT_ANSWERABLE, Problem
from sayso.identifiers import StoredId
from sayso.query import claims as query_claims
from sayso.query.claims import Selection, Telling
from sayso.query.grammar import CredentialQuery
from sayso.sharing.plan.picking import Candidate
from sayso.wallet.held import Held, Whole
from sayso.wallet.index import Group, Matches

_number = itemgetter(0)


class _Answer(NamedTuple):
    """Hold what a query selects of a credential, and why it is not more."""

    selection: Selection
    problems: tuple[Problem, ...]


_LATE = Selection((), ())


class _Alike(NamedTuple):
    """Hold what was found out about credentials of one group: what is said of one holds for the others with the same `answers` key.

    The values at the places `told` decide about it, and at which of the instants of its dates it is.
    """

    told: tuple[Telling, ...]
    answers: dict[object, _Answer]


def candidates_for(
    query: CredentialQuery, stored: Matches, now: datetime, whole: Iterable[tuple[StoredId, Whole]] = ()
) -> tuple[tuple[Candidate, ...], list[Problem]]:
    """Give the credentials that can answer a credential query, and why others of its type, or parts of it, cannot; each reason once."""
    able: list[Candidate] = []
    found: list[Problem] = []
    groups: dict[Group, _Alike] = {}
    # In the order in which they were stored: that is what a holder expects, and how they lie in memory.
    for _, group, stored_id, held, instants in sorted(chain.from_iterable(stored.groups), key=_number):
        alike = groups.get(group)
        if alike is None:
            alike = groups[group] = _Alike(_telling(query, held), {})
        key: object = bisect_right(instants, now)
        if alike.told:
            key = (key, *[accepted(value_at(held.verified.claims, place)) for place, accepted in alike.told])
        answer = alike.answers.get(key)
        if answer is None:
            answer = alike.answers[key] = _answer(query, held, now)
            found += answer.problems
        if answer.selection.options:
            able.append(held.candidate(stored_id, answer.selection))
    if stored.foreign is not None:
        found += _of_another_issuer(query, stored.foreign.held)
    for stored_id, one in whole:
        answer = _answer(query, one, now)
        found += answer.problems
        able += [one.candidate(stored_id, answer.selection)] if answer.selection.options else []
    problems = [*dict.fromkeys(found)]
    if not able and not problems:
        problems.append(Problem(NOT_ANSWERABLE, "no stored credential has this format and type"))
    return tuple(able), problems


def _telling(query: CredentialQuery, held: Held) -> tuple[Telling, ...]:
    told = query_claims.telling(query, held.verified.claims, held.positions)
    return tuple([(place, accepted) for place, accepted in told if place != held.format.issuer])  # those of one group have one issuer


def _answer(query: CredentialQuery, held: Held | Whole, now: datetime) -> _Answer:
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
