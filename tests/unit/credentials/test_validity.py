"""Instants as text and as numbers, and windows at their edges."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sayso.credentials.validity import (
    Window,
    date_problems,
    date_time_window,
    document_problems,
    format_date_time,
    instants,
    numeric_window,
    parse_date_time,
    parse_date_time_of_version_1,
    parse_numeric_date,
    token_problems,
)
from sayso.errors import MALFORMED_VALUE_ERROR, RANGE_ERROR, Problem, ProblemType, SaysoError
from sayso.jsonvalue import Json, JsonObject

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SECONDS = 1_795_176_000  # of NOON
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def summary(problems: tuple[Problem, ...]) -> list[tuple[ProblemType, str]]:
    return [(problem.kind, problem.pointer) for problem in problems]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-20T12:00:00Z", NOON),
        ("2026-11-20T12:00:00+00:00", NOON),
        ("2026-11-20T12:00:00-00:00", NOON),
        ("2026-11-21T02:00:00+14:00", NOON),
        ("2026-11-19T22:00:00-14:00", NOON),
        ("2026-11-20T17:30:00+05:30", NOON),
        ("2026-11-20T12:00:00.5Z", NOON + timedelta(milliseconds=500)),
        ("2026-11-20T12:00:00.000001Z", NOON + timedelta(microseconds=1)),
        ("2026-11-20T12:00:00.0000019999Z", NOON + timedelta(microseconds=1)),
        ("2026-11-20T24:00:00Z", datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-12-31T24:00:00.000Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", FIRST),
        ("9999-12-31T23:59:59.999999Z", LAST),
        # beyond what a datetime holds
        ("9999-12-31T24:00:00Z", LAST),
        ("9999-12-31T23:59:59-00:01", LAST),
        ("10000-01-01T00:00:00Z", LAST),
        ("10000-01-01T00:00:00+14:00", datetime(9999, 12, 31, 10, tzinfo=UTC)),
        ("20000-02-29T00:00:00Z", LAST),
        ("9" * 5_000 + "6-02-29T00:00:00Z", LAST),
        ("0001-01-01T00:00:00+00:01", FIRST),
        ("0000-02-29T00:00:00Z", FIRST),
        ("0000-12-31T23:59:59-14:00", datetime(1, 1, 1, 13, 59, 59, tzinfo=UTC)),
        ("-0004-02-29T00:00:00Z", FIRST),
        ("-123456-01-01T00:00:00Z", FIRST),
    ],
)
def test_a_date_time_stamp_is_read(text: str, instant: datetime) -> None:
    assert parse_date_time(text) == instant
    assert parse_date_time(text).tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-20T12:00:00",  # no offset
        "2026-11-20",
        "2026",
        "",
        " 2026-11-20T12:00:00Z",
        "2026-11-20T12:00:00Z\n",
        "2026-11-20 12:00:00Z",
        "2026-11-20t12:00:00z",
        "20261120T120000Z",
        "2026-W47-5T12:00:00Z",
        "2026-324T12:00:00Z",
        "2026-11-20T12:00Z",
        "2026-11-20T12:00:00,5Z",
        "2026-11-20T12:00:00.Z",
        "2026-11-20T12:00:00+0100",
        "2026-11-20T12:00:00+01",
        "2026-11-20T12:00:00+14:01",
        "2026-11-20T12:00:00-15:00",
        "2026-11-20T12:00:00+13:60",
        "2026-11-20T12:00:00Zulu",
        "2026-11-20T25:00:00Z",
        "2026-11-20T24:00:01Z",
        "2026-11-20T24:00:00.1Z",
        "2026-11-20T12:60:00Z",
        "2026-12-31T23:59:60Z",  # a leap second
        "2026-12-31T23:59:60.5Z",
        "2026-02-29T00:00:00Z",
        "2026-02-30T00:00:00+01:00",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "11900-02-29T00:00:00Z",
        "-0001-02-29T00:00:00Z",
        "02026-11-20T12:00:00Z",
        "226-11-20T12:00:00Z",
        "+2026-11-20T12:00:00Z",
        "２０２６-11-20T12:00:00Z",  # noqa: RUF001
        None,
        True,
        SECONDS,
        ["2026-11-20T12:00:00Z"],
        {"@value": "2026-11-20T12:00:00Z"},
    ],
)
def test_another_text_is_no_date_time_stamp(value: Json) -> None:
    with pytest.raises(SaysoError) as error:
        parse_date_time(value)
    assert summary(error.value.problems) == [(MALFORMED_VALUE_ERROR, "")]


def test_an_instant_is_written_in_whole_seconds_of_utc() -> None:
    assert format_date_time(datetime(2026, 11, 20, 13, 0, 0, 999_999, tzinfo=timezone(timedelta(hours=1)))) == "2026-11-20T12:00:00Z"
    assert format_date_time(FIRST) == "0001-01-01T00:00:00Z"
    with pytest.raises(ValueError, match="aware"):
        format_date_time(datetime(2026, 11, 20))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("number", "instant"),
    [
        (SECONDS, NOON),
        (1.795176e9, NOON),
        (SECONDS + 0.5, NOON + timedelta(milliseconds=500)),
        (0, datetime(1970, 1, 1, tzinfo=UTC)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (253_402_300_799, LAST.replace(microsecond=0)),
        (-62_135_596_800, FIRST),
    ],
)
def test_a_numeric_date_is_read(number: float, instant: datetime) -> None:
    assert parse_numeric_date(number) == instant


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, "", "1795176000", [SECONDS], {"seconds": SECONDS},
        1e30, -1e30, 10**18, 10**400, 253_402_300_800, -62_135_596_801, float("inf"), float("nan"),
    ],
)  # fmt: skip
def test_another_value_is_no_numeric_date(value: Json) -> None:
    with pytest.raises(SaysoError) as error:
        parse_numeric_date(value)
    assert summary(error.value.problems) == [(MALFORMED_VALUE_ERROR, "")]


@pytest.mark.parametrize(
    ("window", "skew", "at", "inside"),
    [
        (Window(), timedelta(0), NOON, True),
        (Window(NOON), timedelta(0), NOON, True),
        (Window(NOON), timedelta(0), NOON - SECOND, False),
        (Window(NOON), MINUTE, NOON - MINUTE, True),
        (Window(NOON), MINUTE, NOON - MINUTE - SECOND, False),
        (Window(None, NOON), timedelta(0), NOON - SECOND, True),
        (Window(None, NOON), timedelta(0), NOON, False),
        (Window(None, NOON), MINUTE, NOON + MINUTE - SECOND, True),
        (Window(None, NOON), MINUTE, NOON + MINUTE, False),
        (Window(NOON, NOON), timedelta(0), NOON, False),
        (Window(FIRST, LAST), timedelta.max, FIRST, True),
        (Window(FIRST, LAST), timedelta.max, LAST, True),
        (Window(LAST), timedelta(0), FIRST, False),
    ],
)
def test_a_window_contains(window: Window, skew: timedelta, at: datetime, inside: bool) -> None:
    assert window.contains(at, skew) is inside


def test_a_window_is_read_from_its_members() -> None:
    assert numeric_window({"nbf": SECONDS, "exp": SECONDS + 60, "validFrom": None}) == Window(NOON, NOON + MINUTE)
    assert date_time_window({"validFrom": "2026-11-20T12:00:00Z", "exp": None}) == Window(NOON)
    assert numeric_window({}) == date_time_window({}) == Window()


def test_every_member_that_is_no_date_is_named() -> None:
    """A null is malformed, never absent."""
    with pytest.raises(SaysoError) as error:
        numeric_window({"nbf": None, "exp": "tomorrow"})
    assert summary(error.value.problems) == [(MALFORMED_VALUE_ERROR, "/nbf"), (MALFORMED_VALUE_ERROR, "/exp")]
    with pytest.raises(SaysoError) as error:
        date_time_window({"validFrom": None, "validUntil": 1})
    assert summary(error.value.problems) == [(MALFORMED_VALUE_ERROR, "/validFrom"), (MALFORMED_VALUE_ERROR, "/validUntil")]


@pytest.mark.parametrize(
    ("payload", "found"),
    [
        ({}, []),
        ({"nbf": SECONDS, "iat": SECONDS, "exp": SECONDS + 1}, []),
        ({"nbf": SECONDS + 60, "iat": SECONDS + 60, "exp": SECONDS - 59}, []),
        ({"nbf": SECONDS + 61}, [(RANGE_ERROR, "/nbf")]),
        ({"exp": SECONDS - 60}, [(RANGE_ERROR, "/exp")]),
        ({"exp": 0}, [(RANGE_ERROR, "/exp")]),
        ({"iat": SECONDS + 61}, [(RANGE_ERROR, "/iat")]),
        ({"iat": SECONDS - 300}, []),
        ({"iat": SECONDS - 301}, [(RANGE_ERROR, "/iat")]),
        ({"iat": -1}, [(RANGE_ERROR, "/iat")]),
        ({"nbf": None, "exp": None, "iat": None}, [(MALFORMED_VALUE_ERROR, f"/{name}") for name in ("nbf", "exp", "iat")]),
        ({"nbf": "soon", "exp": SECONDS - 60}, [(MALFORMED_VALUE_ERROR, "/nbf"), (RANGE_ERROR, "/exp")]),
    ],
)  # fmt: skip
def test_the_dates_of_a_token(payload: JsonObject, found: list[tuple[ProblemType, str]]) -> None:
    """With a skew of a minute, which does not prolong the age of five."""
    assert summary(token_problems(payload, NOON, MINUTE, max_age=5 * MINUTE)) == found


def test_without_a_largest_age_there_is_none() -> None:
    assert token_problems({"iat": 0}, NOON) == ()


@pytest.mark.parametrize(
    ("document", "found"),
    [
        ({}, []),
        ({"validFrom": "2026-11-20T12:01:00Z", "validUntil": "2026-11-20T11:59:01Z"}, []),
        ({"validFrom": "2026-11-20T12:01:01Z"}, [(RANGE_ERROR, "/validFrom")]),
        ({"validUntil": "2026-11-20T11:59:00Z"}, [(RANGE_ERROR, "/validUntil")]),
        ({"validFrom": None, "validUntil": None}, [(MALFORMED_VALUE_ERROR, "/validFrom"), (MALFORMED_VALUE_ERROR, "/validUntil")]),
    ],
)
def test_the_dates_of_a_document(document: JsonObject, found: list[tuple[ProblemType, str]]) -> None:
    assert summary(document_problems(document, NOON, MINUTE)) == found


VERSION_1 = "https://www.w3.org/2018/credentials/v1"


@pytest.mark.parametrize(
    ("members", "found"),
    [
        ({}, []),
        ({"issuanceDate": "2026-11-20T12:01:00", "expirationDate": "2026-11-20T11:59:01Z"}, []),
        ({"issuanceDate": "2026-11-20T12:01:01"}, [(RANGE_ERROR, "/issuanceDate")]),
        ({"expirationDate": "2026-11-20T13:59:00+02:00"}, [(RANGE_ERROR, "/expirationDate")]),
        ({"expirationDate": "2026-11-20T11:59:00"}, [(RANGE_ERROR, "/expirationDate")]),
        ({"issuanceDate": None, "validUntil": 5}, [(MALFORMED_VALUE_ERROR, "/issuanceDate"), (MALFORMED_VALUE_ERROR, "/validUntil")]),
        # VCDM 1.1, section 5.11: what its context defines beside them
        ({"validFrom": "2026-11-20T12:01:01Z"}, [(RANGE_ERROR, "/validFrom")]),
        ({"validUntil": "2026-11-20T11:59:00Z"}, [(RANGE_ERROR, "/validUntil")]),
    ],
)
def test_the_dates_of_a_document_of_version_1(members: JsonObject, found: list[tuple[ProblemType, str]]) -> None:
    document: JsonObject = {"@context": [VERSION_1], **members}
    assert summary(document_problems(document, NOON, MINUTE)) == found


def test_the_dates_of_one_version_mean_nothing_in_the_other() -> None:
    old: JsonObject = {"issuanceDate": "2036-11-20T12:00:00Z", "expirationDate": None}
    assert document_problems({"@context": ["https://www.w3.org/ns/credentials/v2", VERSION_1], **old}, NOON) == ()
    assert date_problems(old) == ()
    assert date_time_window(old) == Window()


def test_the_window_of_version_1_lies_in_both() -> None:
    document: JsonObject = {
        "@context": [VERSION_1],
        "issuanceDate": "2026-11-20T12:00:00Z",
        "validFrom": "2026-11-20T12:01:00Z",
        "expirationDate": "2026-11-20T12:02:00Z",
        "validUntil": "2026-11-20T12:03:00Z",
    }
    assert date_time_window(document) == Window(NOON + MINUTE, NOON + 2 * MINUTE)
    assert date_problems(document) == ()
    swapped = document | {"validFrom": "2026-11-20T12:04:00Z", "expirationDate": "2026-11-20T11:00:00Z"}
    assert summary(date_problems(swapped)) == [(MALFORMED_VALUE_ERROR, "/expirationDate"), (MALFORMED_VALUE_ERROR, "/validUntil")]


@pytest.mark.parametrize("text", ["2026-11-20T12:00:00", "2026-11-20T12:00:00Z", "2026-11-20T14:00:00.0+02:00", "2026-11-20T12:00:00.000"])
def test_a_date_of_version_1_needs_no_offset(text: str) -> None:
    """TM-1: without one it is UTC."""
    assert parse_date_time_of_version_1(text) == NOON


@pytest.mark.parametrize(
    "value",
    [None, 5, "", "Z", "2026-11-20", "2026-11-20T12:00", "2026-11-20T12:00:00z", "2026-11-20T12:00:00+0200", "2026-11-20T12:00:00\n"],
)
def test_a_date_of_version_1_is_a_date_and_a_time(value: Json) -> None:
    with pytest.raises(SaysoError):
        parse_date_time_of_version_1(value)


def test_without_a_skew_the_edges_are_sharp() -> None:
    edge: JsonObject = {"nbf": SECONDS + 1, "exp": SECONDS, "validFrom": "2026-11-20T12:00:01Z", "validUntil": "2026-11-20T12:00:00Z"}
    assert summary(token_problems(edge, NOON)) == [(RANGE_ERROR, "/nbf"), (RANGE_ERROR, "/exp")]
    assert summary(document_problems(edge, NOON)) == [(RANGE_ERROR, "/validFrom"), (RANGE_ERROR, "/validUntil")]


def test_no_problem_shows_the_date() -> None:
    payload: JsonObject = {"nbf": 1_800_000_001, "exp": "7654321", "iat": 1_800_000_001}
    assert all(digits not in str(token_problems(payload, NOON)) for digits in ("1800000001", "7654321", "2027"))


def test_the_instants_of_a_credential() -> None:
    document: JsonObject = {
        "validFrom": "2026-11-20T12:00:00Z",
        "validUntil": "never",
        "exp": 1,
        "iat": 0,
        "expirationDate": "2026-11-20T12:00:00",
    }
    assert instants(document, token=False) == {"validFrom": NOON}
    assert [*instants(document, token=True)] == ["validFrom", "exp", "iat"]
    old: JsonObject = {"@context": [VERSION_1], **document}
    assert instants(old, token=False) == {"expirationDate": NOON, "validFrom": NOON}
