"""Conclude what follows from a claim and says less, so that its holder may show that instead."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime

from sayso.clock import aware
from sayso.credentials.claims_path import Location
from sayso.credentials.formats import Format
from sayso.credentials.kinds import CredentialType
from sayso.credentials.predicates import AgeOver, born, has_reached
from sayso.jsonvalue import Json, JsonObject


def concluded(claims: JsonObject, predicates: Iterable[AgeOver], now: datetime) -> JsonObject:
    """Add what follows from the birthdate on the day of issue, in UTC; without a birthdate nothing does.

    Raises:
        ValueError: a birthdate is none, or lies ahead; or the claims say something else themselves.
    """
    day = aware(now).date()
    for predicate in predicates:
        *around, name = predicate.steps
        there = _inside(claims, around)
        if there is not None and name in there:
            _say(there, predicate.path[-1], value=_follows(predicate, there[name], day))
    return claims


def _inside(claims: JsonObject, steps: Iterable[str]) -> JsonObject | None:
    found: Json = claims
    for step in steps:
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _follows(predicate: AgeOver, birthdate: Json, day: date) -> bool:
    birth = born(birthdate)
    if birth > day:
        msg = "a birthdate lies ahead"
        raise ValueError(msg)
    return has_reached(predicate.age, birth, day)


def _say(claims: JsonObject, name: str, *, value: bool) -> None:
    if claims.setdefault(name, value) is not value:
        msg = f"the claims say {name} otherwise than the birthdate does"
        raise ValueError(msg)


def hidden_too(kind: CredentialType, format_: Format, places: Collection[Location], claims: JsonObject) -> Iterator[Location]:
    """Give the places of predicates that are hidden because the birthdate is: who hides the one would else always show the other."""
    for predicate in kind.computed:
        source, place = ((*format_.root, *steps) for steps in (predicate.steps, predicate.path))
        visible = {format_.path_of(claim) for claim in kind.visible}
        if (
            source in places
            and place not in places
            and place not in visible
            and predicate.path[-1] in (_inside(claims, predicate.path[:-1]) or ())
        ):
            yield place
