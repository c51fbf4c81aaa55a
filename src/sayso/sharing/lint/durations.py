"""Write durations for people."""

from datetime import timedelta
from typing import Final

_UNITS: Final = (
    ("day", timedelta(days=1)),
    ("hour", timedelta(hours=1)),
    ("minute", timedelta(minutes=1)),
    ("second", timedelta(seconds=1)),
)


def in_words(duration: timedelta) -> str:
    """Write a duration of whole seconds, in its two greatest units.

    >>> in_words(timedelta(days=30)), in_words(timedelta(hours=1, minutes=30)), in_words(timedelta(0))
    ('30 days', '1 hour 30 minutes', 'no time')
    """
    said: list[str] = []
    for name, unit in _UNITS:
        number, duration = divmod(duration, unit)
        if number:
            said.append(f"{number} {name}{'' if number == 1 else 's'}")
    return " ".join(said[:2]) or "no time"
