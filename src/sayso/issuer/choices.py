"""Read an issuer's choices: how long a credential holds, and what may be kept back."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.clock import aware
from sayso.credentials.claims_path import Location, find
from sayso.credentials.formats import Format
from sayso.credentials.kinds import Claim, CredentialType
from sayso.errors import SaysoError
from sayso.jsonvalue import Json, JsonObject

_DAY = timedelta(days=1)


class All:
    """Be the default choice of what may be kept back: every claim."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ALL"


ALL: Final = All()


class Lifetime(NamedTuple):
    """Hold when a credential begins and ceases to hold."""

    start: datetime
    end: datetime


def lifetime(now: datetime, start: datetime | None, end: datetime | None, duration: timedelta | None) -> Lifetime:
    """Say when a credential holds, in whole seconds; one that lives a day or more begins with the day.

    Raises:
        TypeError, ValueError: not exactly one of end and duration is given, it would end before it begins, or an instant is not aware.
    """
    if (end is None) == (duration is None):
        msg = "give valid_for or valid_until: every credential ends"
        raise ValueError(msg)
    begins = aware(now if start is None else start, "valid_from").replace(microsecond=0)
    try:
        ends = begins + duration if duration is not None else aware(end, "valid_until")  # type: ignore[arg-type]
    except OverflowError:
        msg = "valid_for reaches beyond the year 9999"
        raise ValueError(msg) from None
    if ends <= begins:
        msg = "a credential ends after it begins"
        raise ValueError(msg)
    if ends - begins >= _DAY:
        # Section 10.1 of RFC 9901: times that are too exact make a credential recognisable.
        rounded = begins.replace(hour=0, minute=0, second=0)
        return Lifetime(rounded, ends if duration is None else rounded + duration)
    return Lifetime(begins, ends)


def hidden(
    document: JsonObject, claims: JsonObject, format_: Format, kind: CredentialType, choice: Collection[Claim] | All
) -> list[Location]:
    """Give the places in a document that the holder may keep back.

    Raises:
        TypeError: a string stands where a collection of claims is expected.
        ValueError: a claim that the issuer chose is not there.
    """
    if isinstance(choice, str):
        msg = "disclosable is a collection of claims, not one string"
        raise TypeError(msg)
    if not isinstance(choice, All):
        chosen = [place for claim in choice for place in _places(document, format_, claim)]
        if len(chosen) < len(choice):
            msg = "a claim that was chosen as disclosable is not in the claims"
            raise ValueError(msg)
        return chosen
    stay = {place for claim in kind.visible for place in _places(document, format_, claim)}
    if kind.disclosable is not None:
        return [place for claim in kind.disclosable for place in _places(document, format_, claim) if place not in stay]
    root = format_.root
    return [place for name, value in claims.items() if name != "id" for place in _every(value, (*root, name), stay)]


def _places(document: JsonObject, format_: Format, claim: Claim) -> list[Location]:
    try:
        return [place for place, _ in find(document, format_.path_of(claim))]
    except SaysoError:
        return []


def _every(value: Json, at: Location, stay: Collection[Location]) -> Iterator[Location]:
    """Give a place and all places in it, but for those that stay visible, with what is in them."""
    if at in stay:
        return
    yield at
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _every(item, (*at, name), stay)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _every(item, (*at, index), stay)
