"""Name what leaves: the claims that were asked for, and what leaves with them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from sayso.credentials.claims_path import ClaimsPath, Location
from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Request
from sayso.errors import Problem, pointer
from sayso.identifiers import Did
from sayso.jsonvalue import Json, serialize, thaw
from sayso.sharing.plan.choosing import Picks
from sayso.sharing.plan.picking import Pick
from sayso.sharing.request import DataRequest


class Addressed(NamedTuple):
    """Hold a request that was read, and what is known of who asks."""

    request: Request
    verifier: str
    met_before: bool
    asked: DataRequest
    already: Mapping[Claim, datetime]
    known_as: Did | None


class Leaving(NamedTuple):
    """Hold one thing that leaves: its name, and where it stands.

    `several` tells whether a path may select more than one value, `asked` whether it was asked for.
    """

    name: Claim
    pick: Pick
    places: Sequence[Location]
    several: bool
    asked: bool

    @property
    def value(self) -> Json:
        """What the business will see."""
        values = [thaw(self.pick.value(place)) for place in self.places]
        return values if self.several else values[0]


def leaving(asked: DataRequest, picks: Picks) -> Iterator[Leaving]:
    """Give what leaves."""
    shown: set[Claim] = set()
    names = asked.names
    for query_id, number, pick in each(picks):
        for found in pick.option:
            if found.claim.id in asked.rows:
                name = unlike(names[query_id, found.claim.id], (query_id, number, found.claim.path), shown)
                yield Leaving(name, pick, found.locations, None in found.claim.path, asked=True)
        for place in pick.carried():
            name = unlike(pick.candidate.format.claim_at(place), (query_id, number, place), shown)
            yield Leaving(name, pick, (place,), several=False, asked=False)


def visible(picks: Picks) -> dict[Claim, Json]:
    """Give what the issuer left visible."""
    shown: set[Claim] = set()
    return {
        unlike(pick.candidate.format.claim_at(place), (query_id, number, place), shown): thaw(pick.candidate.value(place))
        for query_id, number, pick in each(picks)
        for place in pick.candidate.exposed.visible
    }


def by_query(asked: DataRequest, problems: Sequence[Problem]) -> dict[str, tuple[Problem, ...]]:
    """Give the problems of each credential query by its id, with pointers into that query."""
    found: dict[str, tuple[Problem, ...]] = {}
    for index, query in enumerate(asked.request.query.credentials):
        above = pointer("credentials", index)
        of_it = [one for one in problems if (one.pointer + "/").startswith(above + "/")]
        if of_it:
            found[query.id] = tuple(replace(one, pointer=one.pointer.removeprefix(above)) for one in of_it)
    return found


def whom(asked: DataRequest, verifier: str, *, met_before: bool) -> str:
    """Say who asks, and what for."""
    # What a business calls itself stands between quotation marks, so that it cannot pass for the rest of the line.
    name = f"{serialize(asked.request.name)} " if asked.request.name else ""
    return f"{name}({verifier}, {'met before' if met_before else 'new to you'}), {serialize(asked.terms.purpose)}"


def each(picks: Picks) -> Iterator[tuple[str, int, Pick]]:
    """Give the picks one by one, each with its credential query and its number there."""
    for query_id, together in picks.items():
        for number, pick in enumerate(together):
            yield query_id, number, pick


def unlike(name: Claim, place: tuple[str, int, ClaimsPath], shown: set[Claim]) -> Claim:
    """Name what stands at a path of a credential; where that is the name of something else already, by where it stands."""
    query_id, number, path = place
    if name in shown:
        name = (query_id, *path)
    if name in shown:
        name = (query_id, number, *path)
    shown.add(name)
    return name
