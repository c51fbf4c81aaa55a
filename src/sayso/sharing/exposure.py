"""Tell what leaves beside what is chosen: an issuer may have left parts of a credential visible, or hidden several in one piece."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import SD_JWT_VC, Format
from sayso.credentials.sd_jwt_vc import NEVER_DISCLOSABLE
from sayso.jsonvalue import Json, JsonObject, serialize


class Weights(dict[Location, int]):
    """Weigh what stands at the places of a credential: fewer values, then fewer that say more than yes or no, then fewer characters.

    A place is weighed when somebody asks for it, and once for all plans.
    """

    __slots__ = ("_document",)

    def __init__(self, document: JsonObject) -> None:
        """Begin with nothing weighed."""
        super().__init__()
        self._document = document

    def __missing__(self, place: Location) -> int:
        value = value_at(self._document, place)
        weight = 1 << 48
        if not isinstance(value, bool):
            weight += (1 << 32) + len(serialize(value))
        self[place] = weight
        return weight


class Exposure(NamedTuple):
    """Say what of one credential cannot be chosen.

    `visible` are the places below the root of the claims that leave in every presentation; `mixed` are the hidden places with something
    inside that nothing hides by itself: who opens one of them for a part shows that too. `weights` weigh every place of the credential,
    and `weight` is that of what is visible beside the identifier of the subject.
    """

    visible: tuple[Location, ...]
    mixed: frozenset[Location]
    weights: Weights
    weight: int


def exposure(document: JsonObject, format_: Format, disclosable: Collection[Location]) -> Exposure:
    """Find what of a credential cannot be chosen, once for all plans."""
    hidden = {*disclosable}
    around = _around(hidden)
    # What an SD-JWT VC says about itself stands among its claims.
    about_itself = NEVER_DISCLOSABLE if format_ is SD_JWT_VC else ()
    bare = _bare(value_at(document, format_.root), format_.root, hidden, around)
    weights = Weights(document)
    visible = tuple(place for place in bare if place[0] not in about_itself)
    return Exposure(
        visible,
        frozenset(place for place in hidden if any(_bare(value_at(document, place), place, hidden, around))),
        weights,
        sum([weights[place] for place in visible if place != (*format_.root, "id")]),
    )


def carried(
    document: JsonObject, exposed: Exposure, opened: Iterable[Location], disclosable: Collection[Location], selected: Collection[Location]
) -> Iterator[Location]:
    """Give what leaves though nobody chose it: what was hidden in one piece with something that is selected.

    `opened` are the disclosable places that leave.
    """
    chosen = {*selected}
    pieces = [place for place in opened if place in exposed.mixed and not any(place[:length] in chosen for length in range(len(place) + 1))]
    if pieces:
        shut = chosen.union(disclosable)
        around = _around(shut)
        for place in pieces:
            yield from _bare(value_at(document, place), place, shut, around)


def _around(places: Iterable[Location]) -> set[Location]:
    return {place[:length] for place in places for length in range(len(place))}


def _bare(value: Json, at: Location, shut: Collection[Location], around: Collection[Location]) -> Iterator[Location]:
    """Give the largest parts below a place that are not shut and hold nothing that is."""
    members: Iterable[tuple[str | int, Json]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for step, item in members:
        place = (*at, step)
        if place in around:
            if place not in shut:
                yield from _bare(item, place, shut, around)
        elif place not in shut:
            yield place


def value_at(value: Json, place: Location) -> Json:
    """Give the value at a place that was found in this tree."""
    at: Any = value  # an object and a name, or an array and an index
    for step in place:
        at = at[step]
    found: Json = at
    return found
