"""A server that was named by an attacker: it leads inwards, never ends, lies about itself, or answers in another's name.

Each story is told to the fetcher that waits and to the one that is awaited, against real sockets on this machine. Where the story needs
a public host, the one address that counts as public is that of the server; whatever else is reached is private.
"""

import gzip
import socket
from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_address

import pytest

from sayso.errors import (
    ADDRESS_REFUSED,
    CODING_REFUSED,
    LIMIT_EXCEEDED,
    MEDIA_TYPE_REFUSED,
    REDIRECT_REFUSED,
    RETRIEVAL_FAILED,
    TOO_SLOW,
    URL_REFUSED,
    ProblemType,
)
from sayso.http.addresses import PUBLIC, Reach
from sayso.http.headers import MAX_HEAD_BYTES
from tests.server import HERE, Answer, Conversation, Server, answer, endless, head, redirect, serving
from tests.unit.http.doors import Names, Retrieving, Ticking, at, both, refused

pytestmark = pytest.mark.enable_socket

INSIDE = "127.0.0.2"
AS_PUBLIC = Reach("PUBLIC", frozenset({"https"}), lambda address: address == ip_address(HERE))


@pytest.fixture
def inside() -> Iterator[Server]:
    """Run a server that nobody outside should reach."""
    with Server(answer(b'{"secret": 1}'), host=INSIDE) as server:
        yield server
    assert server.connections == 0


@both
def test_a_redirection_to_this_machine(retrieve: Retrieving, inside: Server) -> None:
    place = f"127.0.0.2:{inside.port}"
    with serving(redirect(f"https://{place}/"), redirect(f"http://{place}/"), redirect(f"//0x7f000002:{inside.port}/")) as server:
        for _ in range(2):
            refused(retrieve, REDIRECT_REFUSED, at(server), allow=AS_PUBLIC)
        refused(retrieve, REDIRECT_REFUSED, at(server), allow=AS_PUBLIC, redirect_hosts=[place])
    with serving(redirect(f"https://{place}/")) as server:
        refused(retrieve, ADDRESS_REFUSED, at(server), allow=AS_PUBLIC, redirect_hosts=[place])  # allowed by name, refused by address
        refused(retrieve, ADDRESS_REFUSED, f"https://{place}/", allow=AS_PUBLIC)


@both
def test_a_name_that_leads_inside(retrieve: Retrieving, inside: Server) -> None:
    for found in ([INSIDE], [HERE, INSIDE], ["169.254.169.254"], ["::ffff:7f00:2"], ["fd00:ec2::254"]):
        refused(retrieve, ADDRESS_REFUSED, at(inside), allow=AS_PUBLIC, lookup=Names(found))
        refused(retrieve, ADDRESS_REFUSED, at(inside), allow=PUBLIC, lookup=Names(found))


@both
def test_a_name_that_leads_elsewhere_when_it_is_asked_again(retrieve: Retrieving, inside: Server) -> None:
    """DNS rebinding: what was checked is what is connected to, and the next hop is checked again."""
    with serving(answer(b"[1]")) as server:
        names = Names([HERE], [INSIDE])
        assert retrieve(at(server), allow=AS_PUBLIC, lookup=names).body == b"[1]"
        assert names.asked == {"city.example": 1}
    with serving(redirect(f"https://city.example:{inside.port}/")) as server:
        names = Names([HERE], [INSIDE])
        hosts = [f"city.example:{inside.port}"]
        refused(retrieve, ADDRESS_REFUSED, at(server), allow=AS_PUBLIC, lookup=names, redirect_hosts=hosts)
        assert names.asked == {"city.example": 2}


@both
@pytest.mark.parametrize("host", ["2130706434", "0x7f000002", "0177.0.0.2", "127.2", "[::ffff:127.0.0.2]", "127.0.0.2."])
def test_an_address_in_another_spelling(retrieve: Retrieving, inside: Server, host: str) -> None:
    names = Names([HERE])
    refused(retrieve, URL_REFUSED, f"https://{host}:{inside.port}/", allow=AS_PUBLIC, lookup=names)
    assert not names.asked


@both
def test_a_user_in_the_url(retrieve: Retrieving) -> None:
    detail = refused(retrieve, URL_REFUSED, "https://city.example:secret@other.example/?token=secret")
    assert "secret" not in detail


@both
def test_from_https_to_http(retrieve: Retrieving) -> None:
    with serving(answer(), tls=False) as plain, serving(redirect(at(plain, scheme="http"))) as server:
        detail = refused(retrieve, REDIRECT_REFUSED, at(server), redirect_hosts=[f"city.example:{plain.port}"])
        assert "from https to http" in detail
    assert plain.connections == 0


@both
@pytest.mark.parametrize("redirects", [0, 1, 3])
def test_a_circle(retrieve: Retrieving, redirects: int) -> None:
    with serving(redirect("/a"), redirect("/b"), redirect("/a"), redirect("/b")) as server:
        refused(retrieve, REDIRECT_REFUSED, at(server), redirects=redirects)
    assert server.connections == redirects + 1


CHUNK = b"400\r\n" + b"x" * 1024 + b"\r\n"
CHUNKED = head("Transfer-Encoding: chunked", "")
DRIP = b"1\r\nx\r\n"
BOMB = gzip.compress(b"0" * 10_000_000)

HOSTILE: dict[str, tuple[Answer, ProblemType]] = {
    "an endless body": (endless(CHUNKED, CHUNK), LIMIT_EXCEEDED),
    "a body whose framing is most of it": (endless(CHUNKED, b"1;" + b"x" * 1024 + b"\r\nx\r\n"), LIMIT_EXCEEDED),
    "an endless trailer": (endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 100), LIMIT_EXCEEDED),
    "a length that is too long": (answer(b"", content_length="999999999999"), LIMIT_EXCEEDED),
    "a header that is too long": (answer(X="x" * MAX_HEAD_BYTES), LIMIT_EXCEEDED),
    "a header without end": (endless(head() + b"X: ", b"x" * 1024), LIMIT_EXCEEDED),
    "headers without end": (endless(head(), b"X: y\r\n" * 100), LIMIT_EXCEEDED),
    "endless promises of an answer": (endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 20), LIMIT_EXCEEDED),
    "a bomb": (answer(BOMB, content_encoding="gzip"), CODING_REFUSED),
    "a bomb in the framing": (answer(BOMB, transfer_encoding="gzip, chunked"), RETRIEVAL_FAILED),
    "a page instead of a document": (answer(b"<html>", media_type="text/html"), MEDIA_TYPE_REFUSED),
    "no type at all": (answer(media_type=None), MEDIA_TYPE_REFUSED),
    "two types": (answer(content_Type="text/html"), MEDIA_TYPE_REFUSED),
    "a body that is cut short": (answer(b'{"a"', content_length="100"), RETRIEVAL_FAILED),
    "a chunk that is cut short": (answer(b"9\r\nxx", transfer_encoding="chunked"), RETRIEVAL_FAILED),
    "chunks without an end": (answer(b"2\r\n{}\r\n", transfer_encoding="chunked"), RETRIEVAL_FAILED),
    "a body that ends with the connection": (lambda conversation: conversation.send(head("") + b"{}"), RETRIEVAL_FAILED),
    "two lengths": (answer(b"{}", content_length="2, 3"), RETRIEVAL_FAILED),
    "no HTTP": (lambda conversation: conversation.send(b"SSH-2.0-x\r\n\r\n"), RETRIEVAL_FAILED),
    "nothing": (lambda _: None, RETRIEVAL_FAILED),
    "a reset in the head": (Conversation.reset, RETRIEVAL_FAILED),
}


@both
@pytest.mark.parametrize(("hostile", "kind"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_an_answer_that_is_hostile(retrieve: Retrieving, scheme: str, hostile: Answer, kind: ProblemType) -> None:
    with serving(hostile, tls=scheme == "https") as server:
        detail = refused(retrieve, kind, at(server, scheme=scheme, path="/?token=secret"))
    assert server.connections == 1
    assert "secret" not in detail


@both
def test_a_reset_in_the_middle_of_a_body(retrieve: Retrieving) -> None:
    def break_off(conversation: Conversation) -> None:
        conversation.send(head("Content-Length: 100", "") + b"{")
        conversation.reset()

    with serving(break_off, tls=False) as server:
        refused(retrieve, RETRIEVAL_FAILED, at(server, scheme="http"))


SLOW = {
    "a byte now and then": (CHUNKED, DRIP),
    "a header now and then": (head(), b"X: y\r\n"),
    "a promise now and then": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
}


@both
@pytest.mark.parametrize(("first", "more"), SLOW.values(), ids=SLOW)
def test_a_server_that_drips(retrieve: Retrieving, first: bytes, more: bytes) -> None:
    """No read waits long, and all of them together do: the server sends a little with each second of the stopwatch."""
    stopwatch = Ticking()

    def drip(conversation: Conversation) -> None:
        conversation.send(first)
        for _ in stopwatch.ticks():
            conversation.send(more)

    with serving(drip, tls=False) as server:
        refused(retrieve, TOO_SLOW, at(server, scheme="http"), stopwatch=stopwatch, timeout=timedelta(seconds=100))
        stopwatch.stop()
    assert server.connections == 1
    assert stopwatch.seconds > 100  # that is what ended it


@both
def test_a_handshake_that_never_comes(retrieve: Retrieving) -> None:
    with socket.create_server((HERE, 0)) as listener:
        url = f"https://city.example:{listener.getsockname()[1]}/"
        refused(retrieve, TOO_SLOW, url, timeout=timedelta(milliseconds=100))


@both
def test_cookies_and_credentials_are_not_carried_along(retrieve: Retrieving, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(answer(b"", "302 Found", None, location="/b", Set_Cookie="a=b"), answer(b"[1]", Set_Cookie="a=b"), answer()) as server:
        retrieve(at(server))
        retrieve(at(server))
    assert server.connections == 3
    assert not any("cookie" in request.lower() or "authorization" in request.lower() for request in server.requests)
