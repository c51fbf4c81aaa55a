"""Both fetchers against real servers on this machine: what they ask, what they take, and what they make of what fails."""

import pickle
import socket
import subprocess
import sys
from collections.abc import Sequence
from datetime import timedelta

import pytest

from sayso.errors import (
    ADDRESS_REFUSED,
    LIMIT_EXCEEDED,
    MEDIA_TYPE_REFUSED,
    NOT_FOUND,
    REDIRECT_REFUSED,
    RETRIEVAL_FAILED,
    TOO_SLOW,
    UNDECIDABLE,
    URL_REFUSED,
    SaysoError,
)
from sayso.http.addresses import PUBLIC
from sayso.http.exchange import Hop, advance, retrieval
from sayso.http.fetcher import AsyncFetcher, Fetcher
from sayso.http.options import Options
from sayso.retrieval import Retrieve, Retrieved
from tests.server import HERE, answer, redirect, serving
from tests.unit.http.doors import JSON, LIMIT, Names, Retrieving, Ticking, at, both, refused

pytestmark = pytest.mark.enable_socket


@both
def test_a_document_over_tls(retrieve: Retrieving) -> None:
    with serving(answer(b'{"a": 1}', media_type="application/JSON; charset=utf-8")) as server:
        assert retrieve(at(server, "/did.json?version=2#key")) == Retrieved(b'{"a": 1}', JSON)
    (asked,) = server.requests
    assert asked.splitlines() == [
        "GET /did.json?version=2 HTTP/1.1",
        f"Host: city.example:{server.port}",
        "Accept: application/json",
        "Accept-Encoding: identity",
        "User-Agent: sayso",
        "Connection: close",
        "",
    ]


@both
def test_a_document_of_this_machine_over_http_for_development(retrieve: Retrieving) -> None:
    with serving(answer(b"[]"), tls=False) as server:
        assert retrieve(at(server, host="localhost", scheme="http")).body == b"[]"
        assert retrieve(at(server, host=HERE, scheme="http"), lookup=None).body == b"[]"  # an address is looked up nowhere
        assert "http" in refused(retrieve, URL_REFUSED, at(server, scheme="http"), allow=PUBLIC)
        refused(retrieve, ADDRESS_REFUSED, at(server, host=HERE), allow=PUBLIC)
    assert server.connections == 2


@both
def test_a_host_with_an_address_of_six(retrieve: Retrieving) -> None:
    refused(retrieve, ADDRESS_REFUSED, "https://[::1]/", allow=PUBLIC)
    refused(retrieve, RETRIEVAL_FAILED, "http://[::1]:1/")


@both
def test_a_body_in_chunks(retrieve: Retrieving) -> None:
    with serving(answer(b"2\r\n[1\r\n2;note=x\r\n,2\r\n1\r\n]\r\n0\r\n\r\n", transfer_encoding="chunked")) as server:
        assert retrieve(at(server)).body == b"[1,2]"


@both
def test_the_longest_body_in_chunks_and_one_that_is_longer(retrieve: Retrieving) -> None:
    def chunks(size: int) -> bytes:
        return b"%x\r\n%b\r\n0\r\n\r\n" % (size, b"x" * size)

    coded = {"transfer_encoding": "chunked"}
    with serving(answer(chunks(LIMIT), **coded), answer(chunks(LIMIT + 1), **coded)) as server:
        assert len(retrieve(at(server)).body) == LIMIT
        assert refused(retrieve, LIMIT_EXCEEDED, at(server)).endswith(f"longer than {LIMIT} bytes")


@both
def test_the_longest_body_and_one_that_is_longer(retrieve: Retrieving) -> None:
    with serving(answer(b"x" * LIMIT), answer(b"x" * (LIMIT + 1))) as server:
        assert len(retrieve(at(server)).body) == LIMIT
        refused(retrieve, LIMIT_EXCEEDED, at(server))
    with serving(answer(b"x" * 11)) as server:
        refused(retrieve, LIMIT_EXCEEDED, at(server), max_bytes=10)
        refused(retrieve, LIMIT_EXCEEDED, at(server), limit=10)
        assert len(retrieve(at(server), limit=11, max_bytes=11).body) == 11


@both
@pytest.mark.parametrize(("status", "kind"), [("404 Not Found", NOT_FOUND), ("410 Gone", NOT_FOUND), ("500 Oh", RETRIEVAL_FAILED)])
def test_a_body_of_a_failure_is_never_read(retrieve: Retrieving, status: str, kind: object) -> None:
    with serving(answer(b'{"secret": 1}', status)) as server, pytest.raises(SaysoError) as caught:
        retrieve(at(server))
    (problem,) = caught.value.problems
    assert problem.kind is kind
    assert problem.detail == f"a test: city.example: the server answered {status[:3]}"


@both
@pytest.mark.parametrize("status", ["201 Created", "204 No Content", "206 Partial Content", "304 Not Modified", "300 Choices", "101 Other"])
def test_any_other_status_fails(retrieve: Retrieving, status: str) -> None:
    with serving(answer(b"{}", status)) as server:
        refused(retrieve, RETRIEVAL_FAILED, at(server))


@both
def test_redirections_on_the_same_host(retrieve: Retrieving) -> None:
    with serving(redirect("/b?x=1"), redirect("c", "307 Temporary Redirect"), answer(b"[3]")) as server:
        assert retrieve(at(server, "/a/")).body == b"[3]"
    assert [request.split(" ")[1] for request in server.requests] == ["/a/", "/b?x=1", "/c"]


@both
def test_another_host_only_where_it_was_named(retrieve: Retrieving) -> None:
    with serving(answer(b"[2]")) as other, serving(redirect(at(other, host="other.example"))) as server:
        refused(retrieve, REDIRECT_REFUSED, at(server))
        refused(retrieve, REDIRECT_REFUSED, at(server), redirect_hosts=["other.example"])  # that is port 443
        assert retrieve(at(server), redirect_hosts=[f"other.example:{other.port}"]).body == b"[2]"
    assert other.connections == 1


@both
def test_a_redirection_without_a_place_or_with_two(retrieve: Retrieving) -> None:
    two = b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\n\r\n"
    with serving(answer(b"", "302 Found", None), lambda conversation: conversation.send(two)) as server:
        refused(retrieve, REDIRECT_REFUSED, at(server))
        refused(retrieve, REDIRECT_REFUSED, at(server))


@both
def test_who_answers_is_not_the_host(retrieve: Retrieving) -> None:
    with serving(answer()) as server:
        detail = refused(retrieve, RETRIEVAL_FAILED, at(server, host="unknown.example"))
        assert "prove" in detail
        refused(retrieve, RETRIEVAL_FAILED, at(server), tls=None)  # this machine trusts no authority of the tests
    assert server.requests == []
    with serving(answer(), tls=False) as server:
        assert "no TLS" in refused(retrieve, RETRIEVAL_FAILED, at(server))


@both
def test_a_name_that_leads_nowhere(retrieve: Retrieving) -> None:
    def lookup(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(host, port)

    refused(retrieve, RETRIEVAL_FAILED, "https://city.example/", lookup=lookup)
    refused(retrieve, RETRIEVAL_FAILED, "https://city.example/", lookup=Names([]))


@both
def test_the_next_address_where_one_is_closed(retrieve: Retrieving) -> None:
    closed = "127.0.0.9"
    with serving(answer(b"[1]")) as server:
        assert retrieve(at(server), lookup=Names([closed, HERE])).body == b"[1]"
        refused(retrieve, RETRIEVAL_FAILED, at(server), lookup=Names([closed]))


@both
def test_a_server_that_says_nothing_is_not_waited_for(retrieve: Retrieving) -> None:
    with serving(lambda conversation: conversation.wait()) as server:
        detail = refused(retrieve, TOO_SLOW, at(server), timeout=timedelta(milliseconds=200))
    assert detail == "a test: city.example: the retrieval took longer than 0.2 seconds"


@both
def test_a_resolver_that_says_nothing_is_not_waited_for(retrieve: Retrieving) -> None:
    mine, its = socket.socketpair()

    def lookup(host: str, port: int) -> Sequence[str]:
        assert its.recv(1), (host, port)  # until the test is over
        return [HERE]

    with mine, its:
        refused(retrieve, TOO_SLOW, "https://city.example/", lookup=lookup, timeout=timedelta(milliseconds=100))
        mine.send(b"x")


@both
def test_when_the_time_is_over_nothing_is_looked_up(retrieve: Retrieving) -> None:
    names = Names()
    refused(retrieve, TOO_SLOW, "https://city.example/", lookup=names, stopwatch=Ticking(), timeout=timedelta(seconds=1))
    assert not names.asked


def test_each_address_is_given_its_share_of_the_time() -> None:
    now = [0]
    options = Options(stopwatch=lambda: now[0], timeout=timedelta(seconds=9))
    retrieve = Retrieve("https://city.example/", JSON, LIMIT, "a test")
    hop = advance(retrieval(options, retrieve))
    assert isinstance(hop, Hop)
    attempts = hop.attempts(["9.9.9.1", "9.9.9.2", "9.9.9.3"])
    assert next(attempts) == ("9.9.9.1", 3)
    now[0] = 3 * 10**9
    assert [*attempts] == [("9.9.9.2", 3), ("9.9.9.3", 6)]
    now[0] = 9 * 10**9
    with pytest.raises(SaysoError, match="did not come in time"):
        next(hop.attempts(["9.9.9.1"]))


@both
def test_the_time_is_that_of_the_whole_retrieval(retrieve: Retrieving) -> None:
    with serving(redirect("/")) as server:
        refused(retrieve, TOO_SLOW, at(server), stopwatch=Ticking(), timeout=timedelta(seconds=20), redirects=1000)
    assert 1 < server.connections < 20


@both
def test_the_type_is_one_that_was_asked_for(retrieve: Retrieving) -> None:
    with serving(answer(media_type="text/html")) as server:
        assert refused(retrieve, MEDIA_TYPE_REFUSED, at(server)).endswith("it is none of application/json")
        assert retrieve(at(server), accept="application/json, text/*").media_type == "text/html"


def test_they_are_values() -> None:
    assert Fetcher() == Fetcher()
    assert Fetcher() != Fetcher(redirects=0)
    assert pickle.loads(pickle.dumps(Fetcher(redirects=0))) == Fetcher(redirects=0)  # noqa: S301 - for processes
    with pytest.raises(AttributeError):
        AsyncFetcher().redirects = 9  # type: ignore[misc]


@both
def test_a_mistake_of_the_callers_own_comes_through(retrieve: Retrieving) -> None:
    def lookup(host: str, port: int) -> Sequence[str]:
        raise ModuleNotFoundError(host, port, name="theirs")

    with pytest.raises(ModuleNotFoundError):
        retrieve("https://city.example/", lookup=lookup)


@both
def test_without_the_extra_nothing_is_retrieved(retrieve: Retrieving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpcore", None)
    monkeypatch.delitem(sys.modules, "sayso.http.network")
    monkeypatch.delattr("sayso.http.network")
    assert 'pip install "sayso[http]"' in refused(retrieve, UNDECIDABLE, "https://city.example/")


@pytest.mark.parametrize("library", ["httpcore", "anyio"])
def test_without_the_extra_the_error_names_it(library: str) -> None:
    code = f"""
import asyncio, sys
sys.modules[{library!r}] = None
from sayso.errors import SaysoError
from sayso.http.fetcher import AsyncFetcher, Fetcher
from sayso.retrieval import Retrieve
retrieve = Retrieve("https://city.example/", "application/json", 10, "a test")
for fetch in (Fetcher(), lambda retrieve: asyncio.run(AsyncFetcher()(retrieve))):
    try:
        fetch(retrieve)
    except SaysoError as error:
        print(error.decided, error.problems[0].title, 'pip install "sayso[http]"' in str(error))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False This needs a capability that is not available True"] * 2
