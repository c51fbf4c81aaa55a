"""Keep what was retrieved, for as long as its server and the caller both allow: nothing is kept unless a cache is given.

Source: RFC 9111, sections 4.2 (Freshness), 4.3 (Validation) and 5.2.2 (Response Directives).
"""

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sayso.clock import aware
from sayso.http.headers import Headers, values

MAX_VALIDATOR = 1024
"""The longest ETag or Last-Modified that is kept and sent back, in characters."""
MAX_CACHE_BYTES = 16 * 1024 * 1024
"""How many bytes of bodies a MemoryCache holds by default."""
MAX_CACHE_ENTRIES = 1024
"""How many entries a MemoryCache holds by default."""

# RFC 9110, section 5.5: visible ASCII with spaces inside; so that what is sent back is one header.
_VALIDATOR = re.compile(rf"(?:[!-~](?:[ -~]{{0,{MAX_VALIDATOR - 2}}}[!-~])?)?")
# RFC 9111, section 1.2.2: delta-seconds; more digits than these are longer than any bound.
_SECONDS = re.compile(r"[0-9]{1,9}")
# RFC 9110, section 5.6.7: IMF-fixdate. The two obsolete forms are not read.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DATE = re.compile(rf"[A-Z][a-z]{{2}}, ([0-9]{{2}}) ({'|'.join(_MONTHS)}) ([0-9]{{4}}) ([0-9]{{2}}):([0-9]{{2}}):([0-9]{{2}}) GMT")


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold what a URL answered: plain values, to be kept wherever the caller likes.

    `etag` and `last_modified` are what the server said, or "". `fresh_until` is when it has to be asked again; it is never used after that.

    Raises:
        TypeError, ValueError: a value is not what it is called.
    """

    body: bytes
    media_type: str
    etag: str
    last_modified: str
    fetched_at: datetime
    fresh_until: datetime

    def __post_init__(self) -> None:
        if not isinstance(self.body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = "a body is bytes"
            raise TypeError(msg)
        if not _VALIDATOR.fullmatch(self.etag) or not _VALIDATOR.fullmatch(self.last_modified):
            msg = f"a validator is at most {MAX_VALIDATOR} visible characters of ASCII"
            raise ValueError(msg)
        aware(self.fetched_at, "fetched_at")
        aware(self.fresh_until, "fresh_until")

    def is_fresh(self, at: datetime, ttl: timedelta) -> bool:
        """Tell whether it may be used without asking: inside its own time and the caller's, and not from the future."""
        return self.fetched_at <= at < min(self.fresh_until, self.fetched_at + ttl)

    def conditions(self) -> Headers:
        """Give the headers that ask whether it still holds.

        Source: RFC 9110, sections 13.1.2 and 13.1.3.
        """
        asked = (("If-None-Match", self.etag), ("If-Modified-Since", self.last_modified))
        return tuple((name, value) for name, value in asked if value)


class Cache(Protocol):
    """Keep entries by URL and media type. Its owner is the caller: who can write to it decides what is retrieved.

    It is asked from every thread that retrieves, and holds up the loop of a fetcher that is awaited.
    """

    def find(self, url: str, accept: str, /) -> Entry | None:
        """Give what is kept, fresh or not."""

    def keep(self, url: str, accept: str, entry: Entry, /) -> None:
        """Keep an entry, in the place of an older one."""

    def drop(self, url: str, accept: str, /) -> None:
        """Forget what is kept, if anything is."""


class MemoryCache:
    """Keep entries in memory, up to a size: the one that was kept longest goes first."""

    def __init__(self, *, max_bytes: int = MAX_CACHE_BYTES, max_entries: int = MAX_CACHE_ENTRIES) -> None:
        """Begin empty.

        Raises:
            ValueError: a size is not positive.
        """
        if max_bytes < 1 or max_entries < 1:
            msg = "the sizes of a cache are positive"
            raise ValueError(msg)
        self._max_bytes = max_bytes
        self._max_entries = max_entries
        self._entries: dict[tuple[str, str], Entry] = {}
        self._lock = threading.Lock()

    def find(self, url: str, accept: str, /) -> Entry | None:
        """Give what is kept, fresh or not."""
        return self._entries.get((url, accept))

    def keep(self, url: str, accept: str, entry: Entry, /) -> None:
        """Keep an entry; one that is larger than the whole cache is not kept."""
        with self._lock:
            self._entries.pop((url, accept), None)
            if len(entry.body) > self._max_bytes:
                return
            self._entries[url, accept] = entry
            while len(self._entries) > self._max_entries or self.size_bytes > self._max_bytes:
                del self._entries[next(iter(self._entries))]

    def drop(self, url: str, accept: str, /) -> None:
        """Forget what is kept, if anything is."""
        with self._lock:
            self._entries.pop((url, accept), None)

    @property
    def size_bytes(self) -> int:
        """The size of the bodies that are held."""
        return sum(len(entry.body) for entry in self._entries.values())


def entry_of(body: bytes, media_type: str, headers: Headers, at: datetime, ttl: timedelta) -> Entry | None:
    """Give what may be kept of an answer, or None where its server says that nothing may.

    Source: RFC 9111, sections 3 and 4.2.1; a server that says nothing leaves it to the caller's `ttl`.
    """
    directives = _directives(values(headers, "cache-control"))
    if "no-store" in directives or "*" in ",".join(values(headers, "vary")):
        return None
    return Entry(body, media_type, *_validators(headers), at, at + _lifetime(directives, headers, at, ttl))


def renewed(entry: Entry, headers: Headers, at: datetime, ttl: timedelta) -> Entry | None:
    """Give an entry of which its server said that it still holds, or None where it may no longer be kept.

    Source: RFC 9111, section 4.3.4.
    """
    found = entry_of(entry.body, entry.media_type, headers, at, ttl)
    return found and replace(found, etag=found.etag or entry.etag, last_modified=found.last_modified or entry.last_modified)


def _directives(lines: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        for item in line.split(","):
            name, _, value = item.strip().lower().partition("=")
            found.setdefault(name, []).append(value.strip('"'))
    return found


def _lifetime(directives: dict[str, list[str]], headers: Headers, at: datetime, ttl: timedelta) -> timedelta:
    # no-cache: kept, and asked about each time (section 5.2.2.4).
    if "no-cache" in directives:
        return timedelta(0)
    # max-age goes before Expires (section 5.3), and of several the shortest counts.
    said = [*map(_seconds, directives["max-age"])] if "max-age" in directives else _until_expiry(headers, at)
    if not said:
        return ttl
    age = _seconds((values(headers, "age") or ["0"])[0])
    known = [length - age for length in said if length is not None] if age is not None else []
    if len(known) < len(said):  # what cannot be read is stale at once (section 4.2.1)
        return timedelta(0)
    return max(timedelta(0), min(ttl, *known))


def _seconds(text: str) -> timedelta | None:
    # The years of a longer number are the caller's bound all the same.
    return timedelta(seconds=int(text)) if _SECONDS.fullmatch(text) else None


def _until_expiry(headers: Headers, at: datetime) -> list[timedelta | None]:
    # RFC 9110, section 6.6.1: without a Date it is the instant at which the answer came.
    begins = [*map(_date, values(headers, "date")), at][0]
    ends = map(_date, values(headers, "expires"))
    return [None if end is None or begins is None else end - begins for end in ends]


def _date(text: str) -> datetime | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    day, month, year, hour, minute, second = found.groups()
    try:
        return datetime(int(year), _MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    except ValueError:
        return None


def _validators(headers: Headers) -> tuple[str, str]:
    etag, modified = ((values(headers, name) or [""])[0] for name in ("etag", "last-modified"))
    return (etag if _VALIDATOR.fullmatch(etag) else "", modified if _VALIDATOR.fullmatch(modified) else "")
