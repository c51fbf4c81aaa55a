"""Tell the time: the only room that looks at a clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import perf_counter_ns
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]
"""Gives the present instant, aware and in UTC."""

Stopwatch: TypeAlias = Callable[[], int]
"""Gives nanoseconds from an arbitrary start; only differences mean anything."""

system_stopwatch: Stopwatch = perf_counter_ns


def system_clock() -> datetime:
    """Tell the time of this machine, in UTC."""
    return datetime.now(UTC)


def aware(at: datetime, name: str = "at") -> datetime:
    """Return the instant in UTC.

    Raises:
        TypeError: it is not a datetime.
        ValueError: it has no UTC offset, or lies outside the years 1 to 9999 in UTC.
    """
    if not isinstance(at, datetime):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"{name} must be a datetime, not {type(at).__name__}"
        raise TypeError(msg)
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        msg = f"{name} must be an aware datetime"
        raise ValueError(msg)
    try:
        return at.astimezone(UTC)
    except OverflowError:
        msg = f"{name} must lie in the years 1 to 9999 in UTC"
        raise ValueError(msg) from None


_LAST = datetime.max.replace(tzinfo=UTC)


def later(at: datetime, by: timedelta) -> datetime:
    """Give an instant some time later, or the last that there is.

    >>> later(datetime(9999, 12, 31, tzinfo=UTC), timedelta(days=9)).year
    9999
    """
    return at + by if by <= _LAST - at else _LAST
