"""Read and write instants, and look at every window there is: the one place where dates are checked."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sayso.clock import aware
from sayso.credentials.versions import is_version_1
from sayso.errors import MALFORMED_VALUE_ERROR, RANGE_ERROR, Problem, SaysoError, pointer
from sayso.jsonvalue import Json, JsonObject

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime.min.replace(tzinfo=UTC)
_LATEST = datetime.max.replace(tzinfo=UTC)
_ZERO = timedelta(0)

# What nearly every date looks like; `fromisoformat` knows the calendar but takes other forms too.
_PLAIN = re.compile(r"(?!0000)[0-9]{4}-[0-9]{2}-[0-9]{2}T(?!24)[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
# VCDM 2.0, section 5.8, and XSD 1.1 part 2, section 3.3.7 (TM-1): no :60 for a leap second, and 24 only at 24:00:00. Compiled when needed.
_DATE_TIME_STAMP = (
    r"(?P<bce>-?)(?P<year>[1-9][0-9]{3,}|0[0-9]{3})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
    r"T(?:(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?|24:00:00(?:\.0+)?)"
    r"(?:Z|(?P<sign>[+-])(?P<hours>[0-9]{2}):(?P<minutes>[0-5][0-9]))"
)
_OFFSET = r"(?:Z|[+-][0-9]{2}:[0-9]{2})\Z"
_MOST_OFFSET = timedelta(hours=14)
_CYCLE_YEARS, _CYCLE_DAYS = 400, 146_097  # after which the calendar repeats
_FAR = 100_000  # a year that begins a cycle and that no offset brings into reach


class Window(NamedTuple):
    """Be the time from `start` until just before `end`; None leaves that side open."""

    start: datetime | None = None
    end: datetime | None = None

    def contains(self, at: datetime, skew: timedelta = _ZERO) -> bool:
        """Tell whether the instant lies inside: start - skew <= at < end + skew.

        >>> Window(end=datetime(2026, 1, 1, tzinfo=UTC)).contains(datetime(2026, 1, 1, tzinfo=UTC))
        False
        """
        return not (_before(self.start, at, skew) or _after(self.end, at, skew))


# The difference of two instants always fits a timedelta; an instant moved by the skew need not fit a datetime.
def _before(start: datetime | None, at: datetime, skew: timedelta) -> bool:
    return start is not None and start - at > skew


def _after(end: datetime | None, at: datetime, skew: timedelta) -> bool:
    return end is not None and at - end >= skew


def parse_date_time(value: Json) -> datetime:
    """Read an XSD dateTimeStamp; the offset is required.

    What lies before year 1 or after year 9999 becomes the nearest instant that a datetime can hold; finer than a microsecond is cut off.

    Source: VCDM 2.0, section 5.8; XSD 1.1 part 2, section 3.3.7 (TM-1).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.

    >>> parse_date_time("2026-11-20T24:00:00+02:00")
    datetime.datetime(2026, 11, 20, 22, 0, tzinfo=datetime.timezone.utc)
    """
    if isinstance(value, str):
        try:
            if _PLAIN.fullmatch(value):
                return datetime.fromisoformat(value)
            if found := re.fullmatch(_DATE_TIME_STAMP, value):
                return _instant(found)
        except ValueError:
            pass  # (no such day, hour, minute, second or offset)
    raise SaysoError.of(MALFORMED_VALUE_ERROR, "not a date and time with an offset, as in 2026-11-20T12:00:00Z (XSD dateTimeStamp)")


def parse_date_time_of_version_1(value: Json) -> datetime:
    """Read an XSD dateTime: as `parse_date_time`, but the offset may be missing, which means UTC.

    Source: VCDM 1.1, section 4.6; VCDM 2.0, section 5.8 (TM-1).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.

    >>> parse_date_time_of_version_1("2010-01-01T19:23:24")
    datetime.datetime(2010, 1, 1, 19, 23, 24, tzinfo=datetime.timezone.utc)
    """
    return parse_date_time(value + "Z" if isinstance(value, str) and not re.search(_OFFSET, value) else value)


def _instant(found: re.Match[str]) -> datetime:
    hour, minute, second, fraction = found.group("hour", "minute", "second", "fraction")
    digits = found["year"]
    # A year of many digits is far away, whichever it is; its last four tell where in the cycle it lies, and so whether it is a leap year.
    year = int(digits) if len(digits) < len(str(_FAR)) else _FAR + int(digits[-4:])
    year = -year if found["bce"] else year
    stand_in = _CYCLE_YEARS + year % _CYCLE_YEARS
    moment = datetime(
        stand_in,
        int(found["month"]),
        int(found["day"]),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        int((fraction or "").ljust(6, "0")[:6]),
        tzinfo=UTC,
    )
    offset = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    if offset > _MOST_OFFSET:
        msg = "an offset is at most 14 hours"
        raise ValueError(msg)
    days = (year - stand_in) // _CYCLE_YEARS * _CYCLE_DAYS + (hour is None)  # 24:00:00 is the next day's beginning
    by = timedelta(days=days) + (offset if found["sign"] == "-" else -offset)
    try:
        return moment + by
    except OverflowError:
        return _LATEST if by > _ZERO else _EARLIEST


def format_date_time(at: datetime) -> str:
    """Write an instant as XSD dateTimeStamp, down to the whole second, in UTC.

    Source: VCDM 2.0, section 5.8 (TM-1).

    >>> format_date_time(datetime(2026, 11, 20, 12, 0, 0, 999_999, tzinfo=UTC))
    '2026-11-20T12:00:00Z'
    """
    return aware(at).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def parse_numeric_date(value: Json) -> datetime:
    """Read a NumericDate: seconds since 1970, whole or not.

    A number that no calendar from year 1 to 9999 holds is refused: it can only pretend that something never ends.

    Source: RFC 7519, section 2 (TM-2).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.

    >>> parse_numeric_date(1.5e9)
    datetime.datetime(2017, 7, 14, 2, 40, tzinfo=datetime.timezone.utc)
    """
    if type(value) is int or type(value) is float:  # True is an int to isinstance
        try:
            return _EPOCH + timedelta(seconds=value)
        except (OverflowError, ValueError):  # too far away, or not a number
            pass
    raise SaysoError.of(MALFORMED_VALUE_ERROR, "not a NumericDate between the years 1 and 9999")


class _Dates(NamedTuple):
    """Name the members that bound a window, and how they are read."""

    start: str
    end: str
    parse: Callable[[Json], datetime]


def _parse_either(value: Json) -> datetime:
    return parse_date_time(value) if isinstance(value, str) else parse_numeric_date(value)


_TOKEN = _Dates("nbf", "exp", parse_numeric_date)
_TEXT_TOKEN = _Dates("nbf", "exp", _parse_either)
_DOCUMENT = (_Dates("validFrom", "validUntil", parse_date_time),)
# VCDM 1.1, sections 4.6 and 5.11: its context defines the names of VCDM 2.0 too, and whoever writes them means them.
_DOCUMENT_OF_VERSION_1 = (
    _Dates("issuanceDate", "expirationDate", parse_date_time_of_version_1),
    _Dates("validFrom", "validUntil", parse_date_time_of_version_1),
)


def _dates_of(document: JsonObject) -> tuple[_Dates, ...]:
    return _DOCUMENT_OF_VERSION_1 if is_version_1(document) else _DOCUMENT


def numeric_window(payload: JsonObject) -> Window:
    """Read the window of a JWT: `nbf` and `exp`.

    Source: RFC 7519, sections 4.1.4 and 4.1.5.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR; a null is malformed, never absent.
    """
    return _window(payload, _TOKEN)


def date_time_window(document: JsonObject) -> Window:
    """Read the window of a credential: `validFrom` and `validUntil`, or what VCDM 1.1 has in their place.

    Where VCDM 1.1 gives two starts or two ends, it is the time in which both windows are open.

    Source: VCDM 2.0, section 4.9 (DM-8); VCDM 1.1, section 4.6.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR; a null is malformed, never absent.
    """
    windows = [_window(document, dates) for dates in _dates_of(document)]
    starts = [window.start for window in windows if window.start is not None]
    ends = [window.end for window in windows if window.end is not None]
    return Window(max(starts, default=None), min(ends, default=None))


def date_problems(document: JsonObject) -> tuple[Problem, ...]:
    """Say what is wrong with the dates of a credential in themselves, whatever the time is: one is malformed, or an end before its start.

    Source: VCDM 2.0, section 4.9 (DM-8); VCDM 1.1, section 4.6.
    """
    found: list[Problem] = []
    for dates in _dates_of(document):
        try:
            start, end = _window(document, dates)
        except SaysoError as error:
            found.extend(error.problems)
            continue
        if start is not None and end is not None and end < start:
            found.append(Problem(MALFORMED_VALUE_ERROR, f"{dates.end} lies before {dates.start}", pointer(dates.end)))
    return tuple(found)


def token_problems(
    payload: JsonObject, at: datetime, skew: timedelta = _ZERO, *, max_age: timedelta | None = None, text: bool = False
) -> tuple[Problem, ...]:
    """Say what the dates of a JWT have against this instant: `nbf`, `exp`, and `iat`, which may not lie in the future.

    With `max_age` an `iat` that is older is refused too; the skew does not prolong it. Whether a member is required is the caller's
    question: what is absent is not looked at. With `text` a date may be text too, which no JWT should hold.

    Source: RFC 7519, sections 4.1.4 to 4.1.6; RFC 9901, section 7.3, step 5.e (SD-B2).
    """
    dates = _TEXT_TOKEN if text else _TOKEN
    found = _look(payload, dates, at, skew)
    return (*found, *_age_problems(payload, "iat", dates.parse, _Age(at, skew, max_age)))


def proof_problems(proof: JsonObject, at: datetime, skew: timedelta = _ZERO, *, max_age: timedelta | None = None) -> tuple[Problem, ...]:
    """Say what the dates of a Data Integrity proof have against this instant: `expires`, and `created`, as `token_problems` takes `iat`.

    Source: VC Data Integrity 1.0, sections 2.1 and 4.4 (DI-V8).
    """
    found = _age_problems(proof, "created", parse_date_time, _Age(at, skew, max_age))
    if _after(_read(proof, "expires", parse_date_time, found), at, skew):
        found.append(Problem(RANGE_ERROR, "it holds no longer", "/expires"))
    return tuple(found)


class _Age(NamedTuple):
    """Say when it is, how far another's clock may be off, and how old something may be."""

    at: datetime
    skew: timedelta
    most: timedelta | None


def _age_problems(members: JsonObject, name: str, parse: Callable[[Json], datetime], age: _Age) -> list[Problem]:
    found: list[Problem] = []
    made = _read(members, name, parse, found)
    if _before(made, age.at, age.skew):
        found.append(Problem(RANGE_ERROR, "it was made in the future", pointer(name)))
    elif made is not None and age.most is not None and age.at - made > age.most:
        found.append(Problem(RANGE_ERROR, "it is older than is accepted", pointer(name)))
    return found


def document_problems(document: JsonObject, at: datetime, skew: timedelta = _ZERO) -> tuple[Problem, ...]:
    """Say what `validFrom` and `validUntil`, or what VCDM 1.1 has in their place, have against this instant.

    Source: VCDM 2.0, section 4.9 and appendix A.7 (DM-8, DM-27); VCDM 1.1, section 4.6.
    """
    return tuple(problem for dates in _dates_of(document) for problem in _look(document, dates, at, skew))


def instants(document: JsonObject, *, token: bool) -> dict[str, datetime]:
    """Give the instants that a credential's dates name, by member, and where it is a token those of the token; a malformed one is none.

    Whatever is said about its dates without a skew is said until the next of these instants.
    """
    members = [(name, dates.parse) for dates in _dates_of(document) for name in (dates.start, dates.end)]
    if token:
        members += [(name, _TOKEN.parse) for name in (_TOKEN.start, _TOKEN.end, "iat")]
    found = {name: _read(document, name, parse, []) for name, parse in members}
    return {name: at for name, at in found.items() if at is not None}


def _look(members: JsonObject, dates: _Dates, at: datetime, skew: timedelta) -> list[Problem]:
    found: list[Problem] = []
    if _before(_read(members, dates.start, dates.parse, found), at, skew):
        found.append(Problem(RANGE_ERROR, "it does not hold yet", pointer(dates.start)))
    if _after(_read(members, dates.end, dates.parse, found), at, skew):
        found.append(Problem(RANGE_ERROR, "it holds no longer", pointer(dates.end)))
    return found


def _window(members: JsonObject, dates: _Dates) -> Window:
    found: list[Problem] = []
    window = Window(_read(members, dates.start, dates.parse, found), _read(members, dates.end, dates.parse, found))
    if found:
        raise SaysoError(*found)
    return window


def _read(members: JsonObject, name: str, parse: Callable[[Json], datetime], found: list[Problem]) -> datetime | None:
    if name not in members:
        return None
    try:
        return parse(members[name])
    except SaysoError as error:
        found.extend(error.under(name).problems)
        return None
