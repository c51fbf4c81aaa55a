"""Read an issuer's choices: how long a credential holds, and what may be kept back."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.clock import aware
from sayso.credentials.claims_path import Location, find
from sayso.credentials.formats import SD_JWT_VC, Format, spoken
from sayso.credentials.kinds import Claim, CredentialType
from sayso.credentials.sd_jwt_vc import NEVER_DISCLOSABLE
from sayso.errors import SaysoError
from sayso.jsonvalue import Json, JsonObject

_DAY = timedelta(days=1)
_IDENTIFIER = frozenset({"id"})  # of the subject, which VCDM 2.0 keeps beside its claims


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
    """Say when a credential holds, in whole seconds.

    One that lives a day or more begins with the day, and one that lives for days on end ends with one: it holds at least as long as was
    said.

    Raises:
        TypeError, ValueError: not exactly one of end and duration is given, it would end before it begins, or an instant is not aware.
    """
    begins = aware(now if start is None else start, "valid_from").replace(microsecond=0)
    if duration is not None and end is None:
        ends = _after(begins, duration)
    elif end is not None and duration is None:
        ends = aware(end, "valid_until").replace(microsecond=0)
    else:
        msg = "give valid_for or valid_until: every credential ends"
        raise ValueError(msg)
    if ends <= begins:
        msg = "a credential ends after it begins"
        raise ValueError(msg)
    # Section 10.1 of RFC 9901: times that are too exact make a credential recognisable.
    return Lifetime(_day(begins) if ends - begins >= _DAY else begins, ends)


def _after(begins: datetime, duration: timedelta) -> datetime:
    if not isinstance(duration, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"valid_for is a timedelta, not {type(duration).__name__}"
        raise TypeError(msg)
    try:
        ends = (begins + duration).replace(microsecond=0)
        return ends if duration < _DAY or ends == _day(ends) else _day(ends) + _DAY
    except OverflowError:
        msg = "valid_for reaches beyond the year 9999"
        raise ValueError(msg) from None


def _day(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=0)


def hidden(
    document: JsonObject, claims: JsonObject, format_: Format, kind: CredentialType, choice: Iterable[Claim] | All
) -> list[Location]:
    """Give the places in a document that the holder may keep back.

    Raises:
        TypeError: the choice is no collection of claims.
        ValueError: a claim that the issuer chose is not there.
    """
    if not isinstance(choice, All):
        return chosen(document, format_, choice)
    stay = {place for claim in kind.visible for place in _places(document, format_, claim)}
    # What is around a claim that stays visible cannot be hidden without it.
    around = {place[:length] for place in stay for length in range(1, len(place))}
    found: list[Location] = []
    if kind.disclosable is not None:
        found += (place for claim in kind.disclosable for place in _places(document, format_, claim))
        return [place for place in found if place not in around and not any(place[:end] in stay for end in range(1, len(place) + 1))]
    never = NEVER_DISCLOSABLE if format_ is SD_JWT_VC else _IDENTIFIER
    for name, value in claims.items():
        if name not in never:
            _add_every(value, (*format_.root, name), stay, found)
    return [place for place in found if place not in around] if around else found


def check_rules(document: JsonObject, places: Collection[Location], format_: Format, kind: CredentialType) -> None:
    """Refuse to issue what does not keep to the rules of its type; those of types that it extends are not at hand.

    Source: SD-JWT VC draft 19, claim metadata (SV-15).

    Raises:
        SaysoError: TYPE_MISMATCH, LIMIT_EXCEEDED.
    """
    if kind.held is None or not format_.is_sd_jwt_vc:
        return
    from sayso.credentials.type_metadata.rules import Sight, problems

    found = problems(kind.held.metadata, document, Sight(disclosed=frozenset(places), complete=True))
    if found:
        raise SaysoError(*found)


def chosen(document: JsonObject, format_: Format, choice: Iterable[Claim]) -> list[Location]:
    """Give the places of the claims that an issuer chose by name or path.

    Raises:
        TypeError: the choice is no collection of claims.
        ValueError: a claim that the issuer chose is not there.
    """
    return [place for claim in _listed(choice) for place in _chosen(document, format_, claim)]


def _listed(choice: Iterable[Claim]) -> tuple[Claim, ...]:
    # Callers need not have a type checker.
    if isinstance(choice, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        claims = tuple(choice)
        if not isinstance(choice, str) and all(isinstance(claim, str | tuple) for claim in claims):  # pyright: ignore[reportUnnecessaryIsInstance]
            return claims
    msg = "disclosable is a collection of claims, each a name or a path: a tuple of names, indexes and None"
    raise TypeError(msg)


def _chosen(document: JsonObject, format_: Format, claim: Claim) -> list[Location]:
    places = _places(document, format_, claim) if claim != () else []
    if not places:
        msg = f"{spoken(claim)!r} was chosen as disclosable and is not in the claims"
        raise ValueError(msg)
    return places


def _places(document: JsonObject, format_: Format, claim: Claim) -> list[Location]:
    try:
        return [place for place, _ in find(document, format_.path_of(claim))]
    except SaysoError:
        return []


def _add_every(value: Json, at: Location, stay: Collection[Location], found: list[Location]) -> None:
    """Add a place and all places in it, but for those that stay visible, with what is in them."""
    if at in stay:
        return
    found.append(at)
    if isinstance(value, dict):
        for name, item in value.items():
            _add_every(item, (*at, name), stay, found)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _add_every(item, (*at, index), stay, found)
