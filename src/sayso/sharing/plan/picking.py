"""Pick credentials and claims: of all that may be sent, what reveals least.

Source: OpenID4VP 1.0, section 6.4.1.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from sayso.credentials.claims_path import Location, Places, prune
from sayso.credentials.formats import Format
from sayso.credentials.remainder import beside, value_at
from sayso.identifiers import StoredId
from sayso.jsonvalue import Json, JsonObject
from sayso.query.claims import Option
from sayso.sharing.plan.exposure import Exposure, carried
from sayso.sharing.terms import AttributeTerms


class Candidate(NamedTuple):
    """Hold one stored credential that can answer a credential query, and the combinations of claims with which it can.

    `document` is the credential as its holder sees it, `disclosable` the places that stay home unless they are chosen, and `places` the
    same, indexed; `exposed` says what cannot be chosen. One that is `whole` is shown whole or not at all: it has one option, which is all
    that is asked for and in it, and whatever else it holds leaves too.
    """

    credential: StoredId
    format: Format
    document: JsonObject
    disclosable: Sequence[Location]
    places: Places
    exposed: Exposure
    options: tuple[Option, ...]
    whole: bool = False

    def value(self, place: Location) -> Json:
        """Give the value at a place."""
        return value_at(self.document, place)


class Pick(NamedTuple):
    """Hold what answers one credential query: a candidate, and one of its options.

    `withheld` are disclosable places inside of what is selected that stay home all the same.
    """

    candidate: Candidate
    option: Option
    withheld: tuple[Location, ...] = ()

    @property
    def claim_ids(self) -> frozenset[str]:
        """The ids of the claims that are picked."""
        return frozenset([found.claim.id for found in self.option])

    @property
    def selected(self) -> list[Location]:
        """The places that are opened."""
        return [place for found in self.option for place in found.locations]

    def value(self, place: Location) -> Json:
        """Give what leaves of the value at a place that is selected."""
        value = self.candidate.value(place)
        home = [inner[len(place) :] for inner in self.withheld if inner[: len(place)] == place]
        return prune(value, home) if home else value

    def opened(self) -> list[Location]:
        """Give the disclosable places that leave."""
        return [self.candidate.disclosable[number] for number in self.candidate.places.needed(self.selected, self.withheld)]

    def carried(self) -> list[Location]:
        """Give the places that leave though nobody chose them."""
        _, format_, document, disclosable, _, exposed, _, whole = self.candidate
        if whole:
            return [*beside(document, format_, self.selected)]
        if not exposed.mixed:
            return []
        opened = self.opened()
        return [*carried(document, exposed, opened, disclosable, self.selected)]

    def staying(self) -> Iterator[Location]:
        """Give the places that stay home, without those inside of one that does."""
        leaving = {*self.opened()}
        home: set[Location] = set()
        for place in self.candidate.disclosable:
            if place not in leaving:
                home.add(place)
                if not any(place[:length] in home for length in range(1, len(place))):
                    yield place


class Ranked(NamedTuple):
    """Hold what may be picked, and how much it reveals."""

    pick: Pick
    cost: int


_Weighed: TypeAlias = tuple[int, Candidate, Option]
_cost = itemgetter(0)


def least(candidates: Collection[Candidate]) -> Ranked:
    """Find what reveals least; of equals the first in the verifier's order."""
    cost, candidate, option = min(_weighed(candidates), key=_cost)
    return Ranked(Pick(candidate, option), cost)


def _weighed(candidates: Collection[Candidate]) -> Iterator[_Weighed]:
    known: dict[int, _Combinations] = {}
    for candidate in candidates:
        exposed, options = candidate.exposed, candidate.options
        # Candidates that are alike share what they can answer with, and a claim stands in many options.
        combinations = known.get(id(options)) or known.setdefault(id(options), _combinations(options))
        weigh = exposed.weights.__getitem__
        if combinations.several:
            weights = [sum(map(weigh, places)) for places in combinations.places]
        else:
            weights = [weigh(place) for (place,) in combinations.places]
        more = exposed.mixed or candidate.whole
        for option, numbers in combinations.options:
            cost = exposed.weight + sum([weights[number] for number in numbers])
            yield cost + _carried(candidate, option) if more else cost, candidate, option


class _Combinations(NamedTuple):
    """Hold where each claim of some options stands, and each option with the numbers of its claims."""

    places: list[tuple[Location, ...]]
    options: list[tuple[Option, list[int]]]
    several: bool


def _combinations(options: tuple[Option, ...]) -> _Combinations:
    claims = {found.claim.id: found.locations for option in options for found in option}
    numbers = {claim_id: number for number, claim_id in enumerate(claims)}
    places = [*claims.values()]
    listed = [(option, [numbers[found.claim.id] for found in option]) for option in options]
    return _Combinations(places, listed, any(len(some) != 1 for some in places))


def _carried(candidate: Candidate, option: Option) -> int:
    return sum(map(candidate.exposed.weights.__getitem__, Pick(candidate, option).carried()))


def nearest(candidates: Collection[Candidate], wanted: frozenset[str], about: frozenset[str]) -> Pick | None:
    """Pick the wanted claims, or the largest combination inside them; None where nothing that may be sent lies inside."""
    inside: list[tuple[int, int, Candidate, Option]] = []
    sizes: dict[int, int] = {}  # what candidates that are alike have in common is one object
    for cost, candidate, option in _weighed(candidates):
        size = sizes.get(id(option))
        if size is None:
            chosen = frozenset([found.claim.id for found in option]) & about
            size = sizes[id(option)] = len(chosen) if chosen <= wanted else -1
        if size >= 0:
            inside.append((-size, cost, candidate, option))
    if not inside:
        return None
    _, _, candidate, option = min(inside, key=itemgetter(0, 1))
    return Pick(candidate, option)


def says_more(candidate: Candidate, rows: Mapping[str, AttributeTerms]) -> bool:
    """Tell whether something leaves with a credential that is shown whole which nobody requires; `rows` are the terms by claim id.

    Of claims of which one would do instead of another, one is required.
    """
    return candidate.whole and any(
        pick.carried() or not _is_needed(pick, rows) for pick in [Pick(candidate, option) for option in candidate.options]
    )


def _is_needed(pick: Pick, rows: Mapping[str, AttributeTerms]) -> bool:
    leaving = [rows[claim_id] for claim_id in pick.claim_ids if claim_id in rows]
    return all(row.required for row in leaving) and len({row.instead_of or row.claim for row in leaving}) == len(leaving)
