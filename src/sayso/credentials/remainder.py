"""Tell what a document says beside some of its places: what nobody named, in the largest parts."""

from collections.abc import Collection, Iterable, Iterator
from typing import cast

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import Format
from sayso.credentials.shapes import JWT_CLAIMS
from sayso.jsonvalue import Json, JsonObject

# What a W3C credential says about itself, and not about a person. What is not among these leaves with it, and is shown and counted.
_ABOUT_ITSELF = frozenset(
    {
        *JWT_CLAIMS,
        "@context",
        "id",
        "type",
        "name",
        "description",
        "issuer",
        "issuanceDate",
        "expirationDate",
        "validFrom",
        "validUntil",
        "credentialStatus",
        "credentialSchema",
        "refreshService",
        "relatedResource",
        "renderMethod",
        "termsOfUse",
        "proof",
    }
)


def beside(document: JsonObject, format_: Format, selected: Collection[Location]) -> Iterator[Location]:
    """Give what a whole credential of a W3C format says beside what is selected, without what it says about itself.

    The identifier of a subject is not among it: it is who presents the credential.
    """
    chosen = {*selected}
    around = ancestors(chosen)
    (root,) = format_.root
    others = {name: value for name, value in document.items() if name not in _ABOUT_ITSELF and name != root}
    yield from bare(others, (), chosen, around)
    if root in document and (root,) not in chosen:
        yield from (place for place in bare(document[root], (root,), chosen, around) if not is_subject_id(place))


def is_subject_id(place: Location) -> bool:
    """Tell whether the identifier of a subject stands at a place: of the one, or of one of several."""
    above = place[1:-1]
    return place[-1] == "id" and (not above or (len(above) == 1 and isinstance(above[0], int)))


def ancestors(places: Iterable[Location]) -> set[Location]:
    """Give every place around some places."""
    return {place[:length] for place in places for length in range(len(place))}


def bare(value: Json, at: Location, shut: Collection[Location], around: Collection[Location]) -> Iterator[Location]:
    """Give the largest parts below a place that are not shut and hold nothing that is; `around` are the ancestors of what is shut."""
    members: Iterable[tuple[str | int, Json]] = ()
    if isinstance(value, dict):
        members = value.items()
    elif isinstance(value, list):
        members = enumerate(value)
    for step, item in members:
        place = (*at, step)
        if place in around:
            if place not in shut:
                yield from bare(item, place, shut, around)
        elif place not in shut:
            yield place


def value_at(value: Json, place: Location) -> Json:
    """Give the value at a place that was found in this tree."""
    for step in place:
        value = cast("JsonObject", value)[cast("str", step)]  # or an array and an index
    return value
