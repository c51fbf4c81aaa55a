"""Read JSON that is the customer's own: strictly, for what is misspelt there protects nobody."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

from sayso.credentials import claims_path
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import parse_date_time
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError
from sayso.identifiers import Did, is_did
from sayso.jsonvalue import Json
from sayso.sharing.texts import plain_text

T = TypeVar("T")

MAX_LISTED: Final = 1024
"""The most entries of a list."""


def write_claim(claim: Claim) -> Json:
    """Write a claim: its name, or the array of its path."""
    return claim if isinstance(claim, str) else [*claim]


def read_claim(value: Json) -> Claim:
    """Read a claim: its name, or the array of its path.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, LIMIT_EXCEEDED.
    """
    return name(value) if isinstance(value, str) else claims_path.parse(value)


def claims(value: Json) -> tuple[Claim, ...]:
    """Read an array of claims."""
    return listed(value, lambda one, _: read_claim(one))


def refused(rule: str, *place: str | int) -> SaysoError:
    """Give the error of a file of the customer's own."""
    return SaysoError.of(MALFORMED_VALUE_ERROR, rule, *place)


def members(value: Json, readers: Mapping[str, Callable[[Json], Any]], required: Collection[str] = ()) -> dict[str, Any]:
    """Read the members of an object, each with its reader; any other member is refused, and so is an object that lacks a required one.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, or what a reader has against its member, with a pointer to it.
    """
    if not isinstance(value, dict):
        raise refused("it is an object")
    if not value.keys() <= readers.keys():
        raise refused(f"its members are {', '.join(readers)}, and no others")
    missing = ", ".join(one for one in required if one not in value)
    if missing:
        raise refused(f"it lacks {missing}")
    found: dict[str, Any] = {}
    for one, member in value.items():
        try:
            found[one] = readers[one](member)
        except SaysoError as error:
            raise error.under(one) from None
    return found


def listed(value: Json, read_one: Callable[[Json, int], T]) -> tuple[T, ...]:
    """Read an array, each entry with a reader that is told its place.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, LIMIT_EXCEEDED beyond MAX_LISTED, or what the reader has against an entry, with a pointer to it.
    """
    if not isinstance(value, list):
        raise refused("it is an array")
    if len(value) > MAX_LISTED:
        raise SaysoError.of(LIMIT_EXCEEDED, f"it has more than {MAX_LISTED} entries")
    found: list[T] = []
    for index, entry in enumerate(value):
        try:
            found.append(read_one(entry, index))
        except SaysoError as error:
            raise error.under(index) from None
    return tuple(found)


def name(value: Json) -> str:
    """Read what something is called, in whatever characters.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if not isinstance(value, str) or not value:
        raise refused("it is a string, and not empty")
    return value


def names(value: Json) -> tuple[str, ...]:
    """Read an array of names."""
    return listed(value, lambda one, _: name(one))


def texts(value: Json) -> tuple[str, ...]:
    """Read an array of texts."""
    return listed(value, lambda one, _: text(one))


def text(value: Json) -> str:
    """Read a text that is fit to be shown.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    try:
        return plain_text("it", value)
    except (TypeError, ValueError) as error:
        raise refused(str(error)) from None


def boolean(value: Json) -> bool:
    """Read true or false.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if not isinstance(value, bool):
        raise refused("it is true or false")
    return value


def did(value: Json) -> Did:
    """Read a DID.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if not isinstance(value, str) or not is_did(value):
        raise refused("it is a DID")
    return Did(value)


def instant(value: Json) -> datetime:
    """Read an instant, in whole seconds.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    return parse_date_time(value).replace(microsecond=0)


def one_of(known: Collection[str]) -> Callable[[Json], str]:
    """Make a reader of one of some terms, which refuses any other with MALFORMED_VALUE_ERROR."""

    def one(value: Json) -> str:
        if not isinstance(value, str) or value not in known:
            raise refused("it is one of the terms that are known here")
        return value

    return one


def same(known: Json) -> Callable[[Json], Json]:
    """Make a reader of one value, which refuses any other with MALFORMED_VALUE_ERROR."""

    def one(value: Json) -> Json:
        if type(value) is not type(known) or value != known:
            raise refused("it says what it always says")
        return value

    return one
