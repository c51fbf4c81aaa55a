"""Time is aware and in UTC."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, cast

import pytest

from sayso.clock import aware, system_clock, system_stopwatch


class Nowhere(tzinfo):
    """Be a time zone that does not know its offset."""

    def utcoffset(self, _at: datetime | None, /) -> None:
        return None

    def dst(self, _at: datetime | None, /) -> None:
        return None

    def tzname(self, _at: datetime | None, /) -> None:
        return None


def test_the_clock_is_aware_and_moves_forward() -> None:
    first, second = system_clock(), system_clock()
    assert first.tzinfo is UTC
    assert first <= second
    assert system_stopwatch() <= system_stopwatch()


def test_an_instant_becomes_utc() -> None:
    oslo = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    assert aware(oslo) == oslo
    assert aware(oslo).tzinfo is UTC
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert aware(noon) is noon


@pytest.mark.parametrize("at", [datetime(2026, 7, 1), datetime(2026, 7, 1, tzinfo=Nowhere())])  # noqa: DTZ001 (that is the point)
def test_an_instant_without_an_offset_is_refused(at: datetime) -> None:
    with pytest.raises(ValueError, match="now must be an aware datetime"):
        aware(at, "now")


@pytest.mark.parametrize("at", [None, "2026-07-01T12:00:00Z", 1_800_000_000])
def test_what_is_no_datetime_is_refused(at: object) -> None:
    with pytest.raises(TypeError, match="at must be a datetime, not"):
        aware(cast("Any", at))


@pytest.mark.parametrize(
    "at",
    [datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), datetime.max.replace(tzinfo=timezone(timedelta(hours=-14)))],
)
def test_an_instant_that_utc_cannot_hold_is_refused(at: datetime) -> None:
    with pytest.raises(ValueError, match="years 1 to 9999"):
        aware(at)
