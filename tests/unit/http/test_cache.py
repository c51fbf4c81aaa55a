"""What is kept, for how long, and when it is asked about again."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso.errors import MEDIA_TYPE_REFUSED, NOT_FOUND, RETRIEVAL_FAILED
from sayso.http.cache import MAX_VALIDATOR, Entry, MemoryCache, entry_of, renewed
from sayso.testing.world import START, TurningClock
from tests.server import Server, answer, redirect, serving
from tests.unit.http.doors import JSON, Names, Retrieving, at, both, refused

SECOND = timedelta(seconds=1)
TTL = timedelta(minutes=5)


def kept(*headers: tuple[str, str], ttl: timedelta = TTL) -> Entry | None:
    return entry_of(b"{}", JSON, headers, START, ttl)


def lives(*headers: tuple[str, str]) -> timedelta | None:
    entry = kept(*headers)
    return entry.fresh_until - START if entry else None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("max-age=60", 60),
        ("public, MAX-AGE=60", 60),
        ('max-age="60"', 60),
        ("max-age=60, max-age=10", 10),
        ("max-age=10, private, max-age=60", 10),
        ("max-age=10, max-age=x", 0),
        ("max-age=0", 0),
        ("max-age=300", 300),
        ("max-age=301", 300),
        ("max-age=999999999", 300),
        ("max-age=99999999999999999999", 0),
        ("max-age=-1", 0),
        ("max-age=x", 0),
        ("max-age", 0),
        ("no-cache, max-age=60", 0),
        ("must-revalidate", 300),
        ("private", 300),
        ("", 300),
        ("no-store", None),
        ("max-age=60, No-Store", None),
    ],
)
def test_how_long_a_server_allows(value: str, seconds: int | None) -> None:
    assert lives(("Cache-Control", value)) == (None if seconds is None else seconds * SECOND)


def test_several_headers() -> None:
    assert lives() == TTL
    assert lives(("Cache-Control", "max-age=60"), ("Age", "20")) == 40 * SECOND
    assert lives(("Cache-Control", "max-age=60"), ("Age", "61")) == 0 * SECOND
    assert lives(("Cache-Control", "max-age=60"), ("Age", "old")) == 0 * SECOND
    assert lives(("Cache-Control", "max-age=60"), ("cache-control", "no-store")) is None
    assert lives(("Vary", "Accept, Origin")) == TTL
    assert lives(("Vary", "*")) is None


def gmt(hour: int, minute: int, second: int = 0) -> str:
    return f"Fri, 20 Nov 2026 {hour:02}:{minute:02}:{second:02} GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Expires": gmt(12, 1), "Date": gmt(12, 0)}, 60),
        ({"Expires": gmt(9, 1), "Date": gmt(9, 0)}, 60),  # by the clock of the server alone
        ({"Expires": gmt(12, 1), "Date": gmt(12, 0), "Age": "20"}, 40),
        ({"Expires": gmt(12, 1), "Date": gmt(12, 0), "Age": "old"}, 0),
        ({"Expires": gmt(13, 0), "Date": gmt(12, 0)}, 300),
        ({"Expires": gmt(12, 0), "Date": gmt(12, 0)}, 0),
        ({"Expires": gmt(11, 0), "Date": gmt(12, 0)}, 0),
        ({"Expires": gmt(12, 1)}, 60),
        ({"Expires": gmt(11, 59)}, 0),
        ({"Expires": "0"}, 0),
        ({"Expires": ""}, 0),
        ({"Expires": "-1", "Date": gmt(12, 0)}, 0),
        ({"Expires": gmt(12, 1), "Date": "today"}, 0),
        ({"Expires": "Friday, 20-Nov-26 12:01:00 GMT", "Date": gmt(12, 0)}, 0),
        ({"Expires": "Sun, 30 Feb 2027 12:01:00 GMT"}, 0),
        ({"Expires": "Fri, 01 Jan 0000 12:01:00 GMT"}, 0),
        ({"Expires": "Fri, 20 nov 2026 12:01:00 GMT"}, 0),
        ({"Expires": "0", "expires": gmt(12, 1)}, 0),
        ({"Expires": gmt(12, 1), "Cache-Control": "max-age=90"}, 90),
        ({"Expires": "0", "Cache-Control": "max-age=90"}, 90),
        ({"Expires": gmt(12, 1), "Cache-Control": "no-cache"}, 0),
        ({"Expires": gmt(12, 1), "Cache-Control": "no-store"}, None),
        ({"Date": gmt(12, 0)}, 300),
    ],
    ids=range(23),
)
def test_when_an_answer_expires(headers: dict[str, str], seconds: int | None) -> None:
    assert lives(*headers.items()) == (None if seconds is None else seconds * SECOND)


def test_validators() -> None:
    entry = kept(("ETag", '"1"'), ("Last-Modified", "Fri, 20 Nov 2026 12:00:00 GMT"))
    assert entry
    assert entry.conditions() == (("If-None-Match", '"1"'), ("If-Modified-Since", "Fri, 20 Nov 2026 12:00:00 GMT"))
    none = kept(("ETag", "é"), ("Last-Modified", "x" * (MAX_VALIDATOR + 1)))
    assert none
    assert none.conditions() == ()
    longest = kept(("ETag", "x" * MAX_VALIDATOR))
    assert longest
    assert longest.conditions() == (("If-None-Match", "x" * MAX_VALIDATOR),)


def test_an_entry_that_still_holds() -> None:
    first = Entry(b"{}", JSON, '"1"', "then", START, START)
    again = renewed(first, (("Cache-Control", "max-age=60"),), START + TTL, TTL)
    assert again == Entry(b"{}", JSON, '"1"', "then", START + TTL, START + TTL + 60 * SECOND)
    other = renewed(first, (("ETag", '"2"'), ("Last-Modified", "now")), START, TTL)
    assert other == Entry(b"{}", JSON, '"2"', "now", START, START + TTL)
    assert renewed(first, (("Cache-Control", "no-store"),), START, TTL) is None


def test_fresh_from_an_instant_to_another() -> None:
    entry = Entry(b"", JSON, "", "", START, START + 10 * SECOND)
    assert entry.is_fresh(START, TTL)
    assert entry.is_fresh(START + 9 * SECOND, TTL)
    assert not entry.is_fresh(START + 10 * SECOND, TTL)
    assert not entry.is_fresh(START - SECOND, TTL)  # a clock that was turned back
    assert not replace(entry, fresh_until=datetime.max.replace(tzinfo=START.tzinfo)).is_fresh(START + TTL, TTL)
    assert not entry.is_fresh(START + SECOND, SECOND)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"body": "{}"}, TypeError),
        ({"etag": '"1"\r\nX: y'}, ValueError),
        ({"last_modified": " x"}, ValueError),
        ({"fetched_at": START.replace(tzinfo=None)}, ValueError),
        ({"fresh_until": "now"}, TypeError),
    ],
)
def test_an_entry_is_well_formed(wrong: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        replace(Entry(b"{}", JSON, '"1"', "x", START, START), **wrong)


def entry(size: int) -> Entry:
    return Entry(b"x" * size, JSON, "", "", START, START + TTL)


def test_memory_is_bounded() -> None:
    cache = MemoryCache(max_bytes=10, max_entries=3)
    for url in "abcd":
        cache.keep(url, JSON, entry(1))
    assert [url for url in "abcd" if cache.find(url, JSON)] == ["b", "c", "d"]
    cache.keep("b", JSON, entry(2))  # now the newest
    cache.keep("e", JSON, entry(8))
    assert [url for url in "abcde" if cache.find(url, JSON)] == ["b", "e"]
    assert cache.size_bytes == 10
    cache.keep("e", JSON, entry(11))  # and the older one is gone too
    assert cache.find("e", JSON) is None
    assert cache.size_bytes == 2
    cache.drop("b", "text/plain")
    assert cache.find("b", JSON)
    cache.drop("b", JSON)
    assert cache.find("b", JSON) is None


@pytest.mark.parametrize("wrong", [{"max_bytes": 0}, {"max_entries": 0}])
def test_a_cache_has_a_size(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        MemoryCache(**wrong)


class Kept:
    """Hold a cache and a clock, and retrieve with them."""

    def __init__(self, retrieve: Retrieving, server: Server) -> None:
        self.clock = TurningClock()
        self.cache = MemoryCache()
        self.names = Names()
        self.retrieve = retrieve
        self.server = server

    def __call__(self, path: str = "/", **options: Any) -> bytes:
        options = {"lookup": self.names, "cache": self.cache, "clock": self.clock, "ttl": TTL, **options}
        return self.retrieve(at(self.server, path), **options).body


def header(request: str, name: str) -> str | None:
    lines = dict(line.split(": ", 1) for line in request.splitlines() if ": " in line)
    return lines.get(name)


@both
@pytest.mark.enable_socket
def test_nothing_is_kept_unless_a_cache_is_given(retrieve: Retrieving) -> None:
    with serving(answer(b"[1]", ETag='"1"'), answer(b"[2]")) as server:
        there = Kept(retrieve, server)
        assert there(cache=None) == b"[1]"
        assert there(cache=None) == b"[2]"
    assert header(server.requests[1], "If-None-Match") is None


@both
@pytest.mark.enable_socket
def test_what_is_kept_is_used_until_its_end(retrieve: Retrieving) -> None:
    with serving(answer(b"[1]", Cache_Control="max-age=60"), answer(b"[2]", Cache_Control="max-age=600")) as server:
        there = Kept(retrieve, server)
        assert there() == there("/#part") == b"[1]"
        there.clock.turn(59 * SECOND)
        assert there() == b"[1]"
        assert server.connections == there.names.asked.total() == 1
        there.clock.turn(SECOND)
        assert there() == b"[2]"
        there.clock.turn(TTL - SECOND)
        assert there() == b"[2]"
        there.clock.turn(SECOND)  # the server said longer: the caller's bound
        assert there("/") == b"[2]"
        assert there("/other") == b"[2]"
    assert server.connections == 4


@both
@pytest.mark.enable_socket
def test_a_server_is_asked_whether_it_still_holds(retrieve: Retrieving) -> None:
    not_modified = answer(b"", "304 Not Modified", None, Cache_Control="max-age=60", ETag='"1"')
    with serving(answer(b"[1]", ETag='"1"', Last_Modified="then", Cache_Control="no-cache"), not_modified, answer(b"[2]")) as server:
        there = Kept(retrieve, server)
        assert there() == b"[1]"
        assert there() == b"[1]"  # asked
        assert there() == b"[1]"  # fresh again
        assert server.connections == 2
        there.clock.turn(60 * SECOND)
        assert there() == b"[2]"
    assert [header(request, "If-None-Match") for request in server.requests] == [None, '"1"', '"1"']
    assert header(server.requests[1], "If-Modified-Since") == "then"


@both
@pytest.mark.enable_socket
def test_what_was_kept_is_no_answer_when_there_is_none(retrieve: Retrieving) -> None:
    with serving(answer(b"[1]", ETag='"1"'), answer(b"", "500 Oh"), answer(b"", "404 Gone")) as server:
        there = Kept(retrieve, server)
        assert there() == b"[1]"
        there.clock.turn(TTL)
        for kind in (RETRIEVAL_FAILED, NOT_FOUND):
            refused(there.retrieve, kind, at(server), cache=there.cache, clock=there.clock)


@both
@pytest.mark.enable_socket
def test_no_store_forgets(retrieve: Retrieving) -> None:
    gone = answer(b"", "304 Not Modified", None, Cache_Control="no-store")
    with serving(answer(b"[1]", ETag='"1"'), gone, answer(b"[2]", Cache_Control="no-store"), answer(b"[3]")) as server:
        there = Kept(retrieve, server)
        assert there() == b"[1]"
        there.clock.turn(TTL)
        assert [there(), there(), there()] == [b"[1]", b"[2]", b"[3]"]
    assert header(server.requests[2], "If-None-Match") is None


@both
@pytest.mark.enable_socket
def test_a_redirection_is_asked_for_each_time_and_its_end_is_kept(retrieve: Retrieving) -> None:
    with serving(redirect("/b"), answer(b"[1]"), redirect("/b")) as server:
        there = Kept(retrieve, server)
        assert there("/a") == there("/a") == there("/b") == b"[1]"
    assert [request.split(" ")[1] for request in server.requests] == ["/a", "/b", "/a"]


@both
@pytest.mark.enable_socket
def test_what_comes_out_of_a_cache_is_looked_at(retrieve: Retrieving) -> None:
    with serving(answer(b"[1]")) as server:
        there = Kept(retrieve, server)
        for bad in (replace(entry(2), media_type="text/html"), entry(5000), replace(entry(2), fetched_at=START + SECOND)):
            there.cache.keep(at(server), JSON, bad)
            assert there() == b"[1]"
        there.cache.keep(at(server), JSON, entry(2))
        assert there() == b"xx"
        refused(there.retrieve, MEDIA_TYPE_REFUSED, at(server), cache=there.cache, clock=there.clock, accept="text/html")
