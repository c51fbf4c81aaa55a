"""Ask whether somebody has reached an age, and read the answer: who is over 21 is over 18, and who is not over 18 has said only that."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, TypedDict, Unpack

from sayso.clock import aware
from sayso.credentials.kinds import Claim
from sayso.credentials.predicates import BIRTHDATE, age_claim, age_named, born, has_reached
from sayso.jsonvalue import Json
from sayso.sharing.attribute import Attribute
from sayso.sharing.conditions import Recipient
from sayso.sharing.terms import WillNotStore

AGES: Final = (16, 18, 21, 25, 65)
"""The ages that issuers often say whether somebody has reached."""


class Words(TypedDict, total=False):
    """Hold what may be said about an attribute, as `Attribute` has it."""

    reason: str
    benefit: str
    if_not_shared: str
    keep_for: timedelta | WillNotStore | None
    legal_basis: str
    recipients: tuple[Recipient, ...]
    trigger: str
    location: str
    category: str


def over_age(age: int, *, above: Collection[int] = AGES, birthdate: Claim | None = None, **words: Unpack[Words]) -> Attribute:
    """Ask whether somebody has reached an age.

    A yes to a higher age does instead, the nearest one first, for it says least; a no to a higher age is no answer.

    Args:
        age: the age.
        above: the ages that may be answered instead, as far as they are higher.
        birthdate: the claim that is taken where nothing else is held; None for no other than a yes or a no.
        words: what `Attribute` may be told about it.

    Raises:
        TypeError, ValueError: an age is none.

    >>> [claim if isinstance(claim, str) else claim.claim for claim in over_age(18, birthdate="birthdate").accepts]
    ['age_over_18', 'age_over_21', 'age_over_25', 'age_over_65']
    """
    higher = sorted({other for other in above if age_claim(other) and other > age})
    least_first = [Attribute(age_claim(age)), *(Attribute(age_claim(other), values=(True,)) for other in higher)]
    if birthdate is not None:
        least_first.append(Attribute(birthdate))
    *accepted, most = least_first
    return replace(most, accepts=tuple(accepted), **words)


def is_over_age(claims: Mapping[str, Json], age: int, *, at: datetime, birthdate: str = BIRTHDATE) -> bool | None:
    """Read from what was shared whether somebody has reached an age; None where nothing says it.

    A yes stays one. A no is that of the day on which it was issued, and is about that age alone: it is the answer where there is no other.

    Args:
        claims: what was shared, such as `share.read()`.
        age: the age.
        at: when, with the offset of the place whose day counts: a birthdate, if that is what was shared, is looked at then.
        birthdate: the name of the birthdate.

    Raises:
        TypeError, ValueError: the age is none, or the instant is not aware.

    >>> from datetime import UTC
    >>> at = datetime(2026, 11, 20, tzinfo=UTC)
    >>> is_over_age({"age_over_21": True}, 18, at=at), is_over_age({"age_over_18": False}, 18, at=at)
    (True, False)
    >>> is_over_age({"age_over_21": False}, 18, at=at), is_over_age({"age_over_18": False}, 21, at=at)
    (None, None)
    """
    asked = age_claim(age)
    aware(at)
    if any(reached >= age for reached in _reached(claims)):
        return True
    if birthdate in claims:
        try:
            return has_reached(age, born(claims[birthdate]), at.date())
        except ValueError:
            pass  # an issuer may mean something else by the name
    return False if claims.get(asked) is False else None


def _reached(claims: Mapping[str, Json]) -> Iterator[int]:
    for name, value in claims.items():
        reached = age_named(name)
        if reached is not None and value is True:
            yield reached
