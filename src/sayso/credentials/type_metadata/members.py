"""Read the members of type metadata: each has one shape, and what is not known is ignored."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from sayso.credentials.claims_path import Location
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject

T = TypeVar("T")


def malformed(rule: str, *place: str | int) -> SaysoError:
    """Make the error of what stands at a place of the metadata."""
    return SaysoError.of(MALFORMED_VALUE_ERROR, rule, *place)


def text(value: JsonObject, name: str, place: Location = (), *, needed: bool = False) -> str:
    """Read a member that is a string, "" where there is none; one that is needed is not empty.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, as all that reads here.
    """
    found = value.get(name, "")
    if not isinstance(found, str) or (needed and not found):
        raise malformed("a string" + (" that is not empty" if needed else ""), *place, name)
    return found


def one_of(value: JsonObject, name: str, words: tuple[str, ...], place: Location) -> str:
    """Read a member that is one of some words, "" where there is none."""
    found = value.get(name, "")
    if name in value and found not in words:
        raise malformed(f"one of {', '.join(words)}", *place, name)
    return str(found)


def of_object(value: JsonObject, name: str, place: Location, read: Callable[[JsonObject, Location], T]) -> T | None:
    """Read a member that is an object, None where there is none."""
    if name not in value:
        return None
    return read(as_object(value[name], *place, name), (*place, name))


def of_objects(value: JsonObject, name: str, place: Location, read: Callable[[JsonObject, Location], T]) -> tuple[T, ...] | None:
    """Read a member that is an array of objects, None where there is none."""
    if name not in value:
        return None
    return tuple(read(as_object(item, *where), where) for item, where in _items(value[name], (*place, name)))


def _items(value: Json, place: Location) -> Iterator[tuple[Json, Location]]:
    if not isinstance(value, list):
        raise malformed("an array", *place)
    for index, item in enumerate(value):
        yield item, (*place, index)


def as_object(value: Json, *place: str | int) -> JsonObject:
    """Give what must be an object."""
    if not isinstance(value, dict):
        raise malformed("an object", *place)
    return value


def digests(value: JsonObject, name: str, place: Location) -> str:
    """Read a member with integrity digests, "" where there is none: an empty one is not none, and would not be looked at.

    Source: SD-JWT VC draft 19, document integrity (SV-11).
    """
    return text(value, name, place, needed=name in value)


def image_url(value: JsonObject, name: str, place: Location) -> str:
    """Read the URL of something to be shown.

    Source: SD-JWT VC draft 19, on retrieval (SV-9: HTTPS, and `data:` for what is shown).
    """
    found = text(value, name, place, needed=True)
    if not is_url(found) or found.partition(":")[0].lower() not in {"https", "data"}:
        raise malformed("a URL of HTTPS, or a data URL", *place, name)
    return found
