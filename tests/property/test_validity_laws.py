"""Laws of instants and windows, against the calendar of ISO 8601 counted in whole numbers."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.validity import (
    Window,
    document_problems,
    format_date_time,
    instants,
    parse_date_time,
    parse_numeric_date,
    token_problems,
)
from sayso.errors import SaysoError
from sayso.jsonvalue import Json
from tests.support import examples

pytestmark = pytest.mark.laws

FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
INSTANTS = st.datetimes(timezones=st.just(UTC))
YEARS = st.integers(1, 9999) | st.integers(-2, 3) | st.integers(9998, 10_002) | st.integers(-(10**30), 10**30)
MEMBERS = ("nbf", "exp", "iat", "validFrom", "validUntil")
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers(), max_size=2)


def leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def day_number(year: int, month: int, day: int) -> int:
    """Count the days since 0001-01-01."""
    before = year - 1
    lengths = [31, 29 if leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return before * 365 + before // 4 - before // 100 + before // 400 + sum(lengths[: month - 1]) + day - 1


@st.composite
def stamps(draw: st.DrawFn) -> tuple[str, Fraction]:
    """Draw a dateTimeStamp and the microseconds from 0001-01-01T00:00:00Z to it."""
    year = draw(YEARS)
    month = draw(st.integers(1, 12))
    day = draw(st.integers(1, 30 if month in {4, 6, 9, 11} else 31 if month != 2 else 29 if leap(year) else 28))
    hour, minute, second = draw(st.just((24, 0, 0)) | st.tuples(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59)))
    digits = draw(st.text("0123456789", max_size=9)) if hour < 24 else draw(st.text("0", max_size=3))
    offset = draw(st.none() | st.integers(-14 * 60, 14 * 60))
    zone = "Z" if offset is None else f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    fraction = f".{digits}" if digits else ""
    text = f"{'-' if year < 0 else ''}{abs(year):04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"
    seconds = day_number(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - (offset or 0) * 60
    return text, (seconds + Fraction(f"0{fraction}" if fraction else 0)) * 1_000_000


def nearest(microseconds: Fraction) -> datetime:
    most = (LAST - FIRST) // MICROSECOND
    return FIRST + min(max(microseconds // 1, 0), most) * MICROSECOND


@examples(250)
@given(stamps())
def test_a_stamp_is_the_nearest_instant_that_can_be_held(stamp: tuple[str, Fraction]) -> None:
    """TM-1; order is kept, as the nearest instant keeps it."""
    text, microseconds = stamp
    assert parse_date_time(text) == nearest(microseconds)


@examples(250)
@given(INSTANTS)
def test_what_is_written_is_read_again(at: datetime) -> None:
    assert parse_date_time(format_date_time(at)) == at.replace(microsecond=0)


@examples(150)
@given(st.integers(-62_135_596_800, 253_402_300_799), st.integers(0, 999))
def test_a_numeric_date_counts_from_1970(seconds: int, thousandths: int) -> None:
    """TM-2."""
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    assert parse_numeric_date(seconds) == epoch + timedelta(seconds=seconds)
    near = parse_numeric_date(seconds + thousandths / 1000)
    assert abs(near - (epoch + timedelta(seconds=seconds, milliseconds=thousandths))) <= timedelta(milliseconds=1)


@examples(250)
@given(
    VALUES
    | st.text("0123456789-+:.TZ", max_size=30)
    | st.from_regex(r"-?[0-9]{4,6}-[01][0-9]-[0-3][0-9]T[0-9:.]{8,12}([Z+-]|[+-]1[0-9]:[0-9]{2})")
)
def test_any_value_is_an_instant_or_refused(value: Json) -> None:
    for parse in (parse_date_time, parse_numeric_date):
        try:
            assert FIRST <= parse(value) <= LAST
        except SaysoError:
            continue


@examples(150)
@given(st.none() | INSTANTS, st.none() | INSTANTS, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=1)))
def test_a_window_is_wider_by_the_skew(start: datetime | None, end: datetime | None, at: datetime, skew: timedelta) -> None:
    """The definition, counted in whole microseconds, where nothing overflows."""
    moment, more = (at - FIRST) // MICROSECOND, skew // MICROSECOND
    begun = start is None or (start - FIRST) // MICROSECOND - more <= moment
    ended = end is not None and moment >= (end - FIRST) // MICROSECOND + more
    assert Window(start, end).contains(at, skew) is (begun and not ended)


@examples(150)
@given(
    st.dictionaries(st.sampled_from(MEMBERS), VALUES | st.integers(0, 2**33) | INSTANTS.map(format_date_time)),
    INSTANTS,
    st.timedeltas(timedelta(0)),
)
def test_no_dates_raise_and_every_problem_is_a_verdict(members: dict[str, Json], at: datetime, skew: timedelta) -> None:
    for problem in (*token_problems(members, at, skew, max_age=skew), *document_problems(members, at, skew)):
        assert problem.decided
        assert problem.pointer[1:] in members


@examples(400)
@given(
    st.dictionaries(st.sampled_from(MEMBERS), VALUES | st.integers(0, 2**33) | INSTANTS.map(format_date_time)),
    st.booleans(),
    st.booleans(),
    INSTANTS | st.none(),
)
def test_what_is_said_about_dates_changes_at_their_instants_only(
    members: dict[str, Json], token: bool, old: bool, at: datetime | None
) -> None:
    """At every instant, and just before it, as many of them have passed as the problems need to know."""
    document: dict[str, Json] = {**members, "@context": ["https://www.w3.org/2018/credentials/v1"]} if old else {**members}
    found = instants(document, token=token)
    assert found.keys() <= members.keys()
    moments = sorted({FIRST, LAST, *found.values()})

    def said(moment: datetime) -> object:
        return document_problems(document, moment), token_problems(document, moment) if token else ()

    for start, end in zip_longest(moments, moments[1:]):
        inside = start if at is None or not start <= at < (end or LAST) else at
        last = start if end is None else end - MICROSECOND
        assert said(start) == said(inside) == said(last)
