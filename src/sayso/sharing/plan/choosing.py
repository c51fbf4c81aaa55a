"""Choose what answers: which credential queries, with which credentials, and which claims of each; a customer's wish decides.

Source: OpenID4VP 1.0, sections 6.4.1 and 6.4.2.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from sayso.credentials.claims_path import Location
from sayso.credentials.kinds import Claim
from sayso.identifiers import StoredId
from sayso.query import selection
from sayso.query.claims import Found
from sayso.query.grammar import Query
from sayso.sharing.plan.picking import Candidate, Pick, least, nearest
from sayso.sharing.request import DataRequest, may_be_left_out

Candidates: TypeAlias = Mapping[str, tuple[Candidate, ...]]
"""The credentials that can answer, by credential query."""
Picks: TypeAlias = Mapping[str, tuple[Pick, ...]]
"""What answers, by credential query: one pick for each credential."""


class Wish(NamedTuple):
    """Hold what a customer decided about more than claims.

    `credentials` are those that answer a credential query, where they were named; `queries` the credential queries that are answered, None
    for those that the claims ask for; `withheld` the parts of claims that stay home; `whole` the credential queries for which a credential
    may be shown whole though that says more than is required.
    """

    credentials: Mapping[str, tuple[StoredId, ...]]
    queries: tuple[str, ...] | None
    withheld: frozenset[Claim]
    whole: frozenset[str] = frozenset()


NO_WISH = Wish({}, None, frozenset())
"""What a customer wishes who decided nothing yet."""


def picked(picks: Picks) -> frozenset[str]:
    """Give the ids of the claims that leave."""
    return frozenset([found.claim.id for together in picks.values() for pick in together for found in pick.option])


def reachable(asked: DataRequest, candidates: Candidates, picks: Picks, wish: Wish) -> tuple[str, ...]:
    """Give the credential queries of which a claim may be chosen: those that are answered, and those that may be answered too."""
    if wish.queries is not None:
        return wish.queries
    more = [query_id for options in _free(asked.request.query, candidates, picks) for option in options for query_id in option]
    return tuple(dict.fromkeys((*picks, *more)))


def least_of(candidates: Candidates, ids: Collection[str], wish: Wish) -> Picks:
    """Pick what reveals least for each of these credential queries."""
    return {query_id: tuple(least(able).pick for able in _by_credential(candidates[query_id], wish, query_id)) for query_id in ids}


def choose(asked: DataRequest, candidates: Candidates, picks: Picks, wanted: frozenset[str], wish: Wish) -> Picks:
    """Pick the wanted claims, or the largest combination inside them.

    What had to be answered is answered still; a credential set that is not required is answered where that brings a claim that is wanted.

    Raises:
        ValueError: for something that must be answered, nothing that may be sent lies inside the choice.
    """
    about = frozenset(asked.rows)
    query = asked.request.query
    spared = may_be_left_out(query)
    kept = [query_id for query_id in picks if query_id not in spared] if wish.queries is None else wish.queries
    found: dict[str, tuple[Pick, ...]] = {}
    for query_id in kept:
        together = _nearest(candidates[query_id], wanted, about, wish, query_id)
        if not together:
            msg = "no combination of claims that may be sent lies inside this choice"
            raise ValueError(msg)
        found[query_id] = together
    if wish.queries is None:
        near: dict[str, tuple[Pick, ...]] = {}
        for options in _free(query, candidates, found):
            for query_id in {*chain.from_iterable(options)} - near.keys():
                near[query_id] = _nearest(candidates[query_id], wanted, about, wish, query_id)
            answers = [{query_id: near[query_id] for query_id in option} for option in options]
            found |= _most(query, found, answers, wanted - picked(found))
    return {query_id: tuple(_withholding(pick, wish.withheld) for pick in together) for query_id, together in found.items()}


def _most(query: Query, found: Picks, answers: Sequence[Picks], missing: frozenset[str]) -> Picks:
    """Give the complete answer with most of the claims that are missing, and the first of equals; nothing, where none has any.

    With what is found already, it leaves nothing over.
    """
    gains = [(len(picked(answer) & missing), answer) for answer in answers if missing and all(answer.values())]
    for gain, answer in sorted(gains, key=itemgetter(0), reverse=True):
        if gain and not selection.surplus(query, {*found, *answer}):
            return answer
    return {}


def _free(query: Query, candidates: Candidates, picks: Picks) -> Iterator[Sequence[tuple[str, ...]]]:
    """Give the options that can be answered of each credential set that need not be, and is not."""
    for credential_set in query.credential_sets:
        if not credential_set.required and not any(picks.keys() >= {*ids} for ids in credential_set.options):
            yield selection.answerable_options(credential_set, candidates)


def _by_credential(able: tuple[Candidate, ...], wish: Wish, query_id: str) -> list[tuple[Candidate, ...]]:
    """Give for each credential that answers those among which it is found: the named one, or where none is named any."""
    named = wish.credentials.get(query_id)
    return [able] if named is None else [tuple(one for one in able if one.credential == stored_id) for stored_id in named]


def _nearest(able: tuple[Candidate, ...], wanted: frozenset[str], about: frozenset[str], wish: Wish, query_id: str) -> tuple[Pick, ...]:
    picks = [nearest(some, wanted, about) for some in _by_credential(able, wish, query_id)]
    found = tuple(pick for pick in picks if pick is not None)
    return found if len(found) == len(picks) else ()


def parts(pick: Pick) -> Iterator[tuple[Claim, Location]]:
    """Give the parts of what leaves that the customer may keep home, each with its place: hidden by themselves, and not all that was asked.

    Source: OpenID4VP 1.0, section 6.4.1 (DQ-S6): of a value that is selected, the wallet decides how much is shown with it.
    """
    # A place that a claim names by itself is that claim: `only` leaves it out. One of several that it selects is a part.
    single = {place for found in pick.option if len(found.locations) == 1 for place in found.locations}
    around = {place[:length] for place in single for length in range(len(place))}
    selected = {*pick.selected}
    for place in pick.candidate.disclosable:
        inside = any(place[:length] in selected for length in range(len(place) + 1))
        if inside and place not in single and place not in around:
            yield pick.candidate.format.claim_at(place), place


def _withholding(pick: Pick, withheld: frozenset[Claim]) -> Pick:
    home = tuple(place for name, place in parts(pick) if name in withheld) if withheld else ()
    if not home:
        return pick._replace(withheld=())
    option = tuple([_shown(found, {*home}) for found in pick.option])
    if not all(found.locations for found in option):
        msg = "of a claim that leaves, something must be left to show"
        raise ValueError(msg)
    return pick._replace(option=option, withheld=home)


def _shown(found: Found, home: Collection[Location]) -> Found:
    return found._replace(locations=tuple([place for place in found.locations if place not in home]))
