"""Take verified claims apart, each with what is needed to put it back where it stood; and put them together again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import spoken
from sayso.jsonvalue import Json, JsonObject, parse, serialize
from sayso.query import selection
from sayso.sharing.request import DataRequest
from sayso.verification.answers import Answered
from sayso.verifier.sealing import shared_claims

_BLOCK_BYTES = 64
"""Texts are filled up to a multiple of this: or the length of what seals it would tell a yes from a no."""


class TakenClaim(NamedTuple):
    """Hold one claim: what it is called, when it ends, whether it may be used one time only, and its places with their values, as text."""

    name: str
    ends: datetime
    once: bool
    text: bytes

    def __repr__(self) -> str:
        return f"<taken {self.name}>"


def take_apart(asked: DataRequest, answered: Sequence[Answered], now: datetime) -> list[TakenClaim]:
    """Give each claim that was shared and has not ended; claims that go by one name are one.

    Raises:
        SaysoError: as `sealing.seal`.
    """
    found, granted = shared_claims(asked, answered, now)
    names, single = asked.names, selection.of_one_presentation(asked.request.query)
    multiple = {one.id for one in asked.request.query.credentials if one.multiple}
    places: dict[str, list[Json]] = {}
    limits: dict[str, list[tuple[datetime, bool]]] = {}
    numbers: dict[str, int] = {}
    for one, claims in found:
        number = numbers[one.query.id] = numbers.get(one.query.id, -1) + 1
        place: Location = () if single else (one.query.id, number) if one.query.id in multiple else (one.query.id,)
        for claim in claims:
            name, claim_id = spoken(names[one.query.id, claim.claim.id]), claim.claim.id
            limits.setdefault(name, []).append((granted[claim_id].until, not granted[claim_id].kept))
            places.setdefault(name, []).extend(_placed(one, place, claim.locations))
    taken = [
        TakenClaim(name, min(end for end, _ in limits[name]), any(once for _, once in limits[name]), _filled(serialize_places(at)))
        for name, at in places.items()
    ]
    return [claim for claim in taken if claim.ends > now]


def put_together(texts: Iterable[bytes]) -> JsonObject:
    """Nest claims as they stood, without what is missing between them."""
    places = [place for text in texts for place in cast("list[list[Any]]", parse(text))]
    whole: dict[str | int, Any] = {}
    inside: set[Location] = set()
    # What stands around others comes first, and holds them already.
    for steps, value in sorted(places, key=lambda place: len(place[0])):
        location = tuple(steps)
        if not any(location[:size] in inside for size in range(len(location) + 1)):
            inside.add(location)
            within = whole
            for step in location[:-1]:
                within = within.setdefault(step, {})
            within[location[-1]] = _Whole(value)
    return cast("JsonObject", _compact(whole))


def serialize_places(places: Sequence[Json]) -> bytes:
    """Write places with their values as text."""
    return serialize([*places]).encode()


class _Whole(NamedTuple):
    value: Json


def _placed(one: Answered, place: Location, locations: Iterable[Location]) -> Iterable[Json]:
    root = tuple(one.proven.format.root)
    for location in locations:
        if location[: len(root)] == root and len(location) > len(root):
            value: Json = one.proven.document
            for step in location:
                value = cast("Any", value)[step]
            yield [[*place, *location[len(root) :]], value]


def _filled(text: bytes) -> bytes:
    return text.ljust(-(-len(text) // _BLOCK_BYTES) * _BLOCK_BYTES)


def _compact(value: Any) -> Json:
    if isinstance(value, _Whole):
        return value.value
    if value and all(type(step) is int for step in value):
        return [_compact(value[step]) for step in sorted(value)]
    return {step: _compact(part) for step, part in value.items()}
