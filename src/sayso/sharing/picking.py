"""Pick credentials and claims: of all that may be sent, what reveals least.

Source: OpenID4VP 1.0, section 6.4.1.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sayso.credentials.claims_path import Location, Places, prune
from sayso.credentials.formats import Format
from sayso.credentials.remainder import beside, value_at
from sayso.identifiers import StoredId
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.query.claims import Option
from sayso.sharing.exposure import Exposure, carried
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


_SHOWN_WHOLE = 1 << 96
"""What it weighs that a credential is shown whole: more than all that one can hold, so that one which shows less is preferred."""


class Ranked(NamedTuple):
    """Hold what may be picked, and how much it reveals."""

    pick: Pick
    cost: int


def least(candidates: Collection[Candidate]) -> Ranked:
    """Find what reveals least; of equals the first in the verifier's order."""
    return min(_ranked(candidates), key=lambda one: one.cost)


def _ranked(candidates: Collection[Candidate]) -> Iterator[Ranked]:
    for candidate in candidates:
        # A claim stands in many options; what it weighs is found once.
        claims = {found.claim.id: found for option in candidate.options for found in option}
        weights = {claim_id: _weight(candidate, found.locations) for claim_id, found in claims.items()}
        visible = _weight(candidate, (place for place in candidate.exposed.visible if place != (*candidate.format.root, "id")))
        if candidate.whole:
            visible += _SHOWN_WHOLE
        for option in candidate.options:
            pick = Pick(candidate, option)
            yield Ranked(pick, visible + sum(weights[found.claim.id] for found in option) + _weight(candidate, pick.carried()))


def _weight(candidate: Candidate, places: Iterable[Location]) -> int:
    """Weigh what stands at some places: fewer values, then fewer that say more than yes or no, then fewer characters."""
    weight = 0
    for place in places:
        value = candidate.value(place)
        weight += 1 << 48
        if not isinstance(value, bool):
            weight += (1 << 32) + len(serialize(value))
    return weight


def nearest(candidates: Collection[Candidate], wanted: frozenset[str], about: frozenset[str]) -> Pick | None:
    """Pick the wanted claims, or the largest combination inside them; None where nothing that may be sent lies inside."""
    inside = [one for one in _ranked(candidates) if one.pick.claim_ids & about <= wanted]
    return min(inside, key=lambda one: (-len(one.pick.claim_ids & about), one.cost)).pick if inside else None


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
