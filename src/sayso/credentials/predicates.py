"""Say less than a claim does: whether somebody has reached an age, without the day on which they were born."""

import re
from datetime import date
from typing import Final, NamedTuple

from sayso.credentials.claims_path import ClaimsPath

MAX_AGE: Final = 150
"""The highest age that is asked about."""

BIRTHDATE: Final = "birthdate"
"""The claim with the day on which somebody was born. Source: OpenID Connect Core 1.0, section 5.1."""

_NAME: Final = "age_over_"
_AGE = re.compile(_NAME + r"([1-9][0-9]{0,2})", re.ASCII)
# The full-date of RFC 3339, section 5.6; a year alone says no age.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class AgeOver(NamedTuple):
    """Be the predicate that somebody has reached an age: it follows from the birthdate at `source`, and stands next to it.

    >>> AgeOver(18).path, AgeOver(18, ("person", "birthdate")).path
    (('age_over_18',), ('person', 'age_over_18'))
    """

    age: int
    source: str | ClaimsPath = BIRTHDATE

    @property
    def path(self) -> tuple[str, ...]:
        """Where it stands."""
        return (*self.steps[:-1], age_claim(self.age))

    @property
    def steps(self) -> tuple[str, ...]:
        """Where the birthdate stands.

        Raises:
            ValueError: that is no single place.
        """
        steps = (self.source,) if isinstance(self.source, str) else self.source
        names = tuple([step for step in steps if isinstance(step, str)])
        if not names or len(names) < len(steps):
            msg = "a predicate follows from a claim at a path of names"
            raise ValueError(msg)
        return names


def over(*ages: int, birthdate: str | ClaimsPath = BIRTHDATE) -> dict[str | ClaimsPath, AgeOver]:
    """Give the predicates of a credential type that say whether somebody has reached each of these ages.

    Raises:
        TypeError: an age is no whole number.
        ValueError: it is less than 1, or more than MAX_AGE; or there is no single birthdate at that path.

    >>> [*over(18, 21)]
    ['age_over_18', 'age_over_21']
    """
    predicates = {one.path: one for one in [AgeOver(age, birthdate) for age in ages]}
    # A path of one name is written as that name.
    return {"".join(path) if len(path) == 1 else path: one for path, one in predicates.items()}


def age_claim(age: int) -> str:
    """Name the claim that somebody has reached an age.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is less than 1, or more than MAX_AGE.

    Source: ISO/IEC 18013-5, section 7.2.5, has the name with two digits.

    >>> age_claim(18)
    'age_over_18'
    """
    # Callers need not have a type checker.
    if isinstance(age, bool) or not isinstance(age, int):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"an age is a whole number of years, not a {type(age).__name__}"
        raise TypeError(msg)
    if not 0 < age <= MAX_AGE:
        msg = f"an age is a number of years from 1 to {MAX_AGE}"
        raise ValueError(msg)
    return f"{_NAME}{age}"


def age_named(claim: object) -> int | None:
    """Give the age that a claim is about, None where it is about none.

    >>> age_named("age_over_21"), age_named("age_over_021"), age_named("birthdate")
    (21, None, None)
    """
    found = _AGE.fullmatch(claim) if isinstance(claim, str) else None
    age = int(found[1]) if found else 0
    return age if 0 < age <= MAX_AGE else None


def born(birthdate: object) -> date:
    """Read a birthdate.

    Raises:
        ValueError: it is no date of the form YYYY-MM-DD.
    """
    if isinstance(birthdate, str) and _DATE.fullmatch(birthdate):
        try:
            return date.fromisoformat(birthdate)
        except ValueError:
            pass
    msg = "a birthdate is a date of the form YYYY-MM-DD"
    raise ValueError(msg)


def has_reached(age: int, birthdate: date, day: date) -> bool:
    """Tell whether somebody has reached an age on a day: from the anniversary of their birth on.

    Who was born on 29 February reaches an age on 1 March of a year without that day: nobody is called older than they are under any law
    that says which of both days it is.

    >>> has_reached(18, date(2008, 2, 29), date(2026, 2, 28)), has_reached(18, date(2008, 2, 29), date(2026, 3, 1))
    (False, True)
    """
    years = day.year - birthdate.year - ((day.month, day.day) < (birthdate.month, birthdate.day))
    return years >= age
