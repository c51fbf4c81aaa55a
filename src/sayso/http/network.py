"""Perform the hops of a retrieval over real connections: the one module that opens any.

Each hop has a connection of its own, to an address that was checked, and TLS with the host's name. httpcore speaks HTTP over it; it
knows no proxy, environment, cookie, redirection or compression, so that none of them can happen.

Source: RFC 9112 (HTTP/1.1); RFC 9110, section 4.3.4 (https certificate verification).
"""

import ssl
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from functools import cache
from queue import Empty, SimpleQueue
from threading import Thread

import anyio
import anyio.to_thread
import httpcore

from sayso.errors import RETRIEVAL_FAILED, SaysoError
from sayso.http.exchange import Hop, Reply, naming
from sayso.http.gauge import Gauge
from sayso.http.headers import Headers

_TIMEOUTS = (httpcore.TimeoutException, TimeoutError)
_FAILURES = (httpcore.NetworkError, httpcore.ProtocolError, OSError, UnicodeError)


def perform(hop: Hop) -> Reply:
    """Perform a hop, and wait for its answer.

    Raises:
        SaysoError: the problem type of what was refused or failed.
    """
    with _failures(hop):
        return _asked(hop, _connected(hop, _looked_up(hop)))


async def perform_async(hop: Hop) -> Reply:
    """Perform a hop as `perform` does, awaiting its answer."""
    with _failures(hop):
        return await _asked_async(hop, await _connected_async(hop, await _looked_up_async(hop)))


@contextmanager
def _failures(hop: Hop) -> Generator[None]:
    """Turn what can go wrong on a network into our one error, and say with which host."""
    with naming(hop.target.host):
        try:
            yield
        except _TIMEOUTS:
            raise hop.deadline.passed() from None
        except _FAILURES as error:
            raise SaysoError.of(RETRIEVAL_FAILED, _reason(error)) from None


def _reason(error: Exception) -> str:
    # The text of the error itself may quote the answer.
    if isinstance(error.__cause__, ssl.SSLError) or isinstance(error, ssl.SSLError):
        return "the server does not prove that it is the host, or speaks no TLS"
    if isinstance(error, httpcore.ProtocolError):
        return "the answer is no HTTP, or ends too early"
    return "the host cannot be found, or the connection failed"


@cache
def _authorities() -> ssl.SSLContext:
    # PROTOCOL_TLS_CLIENT asks for a certificate, looks at its name, and speaks TLS 1.2 at least (Python 3.10 and later);
    # `create_default_context` would also write keys to SSLKEYLOGFILE.
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    return context


def _url(hop: Hop) -> httpcore.URL:
    target = hop.target
    host = target.authority.removesuffix(f":{target.port}")
    return httpcore.URL(scheme=target.scheme, host=host, port=target.port, target=target.path)


def _received(raw: Sequence[tuple[bytes, bytes]]) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)


def _looked_up(hop: Hop) -> Sequence[str]:
    """Look up the host, no longer than there is time: a resolver cannot be interrupted, so it works beside us."""
    seconds = hop.deadline.left()
    outcome: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def look() -> None:
        try:
            outcome.put(hop.lookup())
        except Exception as error:  # noqa: BLE001 - raised again in the caller's thread
            outcome.put(error)

    Thread(target=look, name="sayso-lookup", daemon=True).start()
    try:
        found = outcome.get(timeout=seconds)
    except Empty:
        raise hop.deadline.passed() from None
    if isinstance(found, Exception):
        raise found
    return found


async def _looked_up_async(hop: Hop) -> Sequence[str]:
    with anyio.fail_after(hop.deadline.left()):
        return await anyio.to_thread.run_sync(hop.lookup, abandon_on_cancel=True)


def _connected(hop: Hop, found: Sequence[str]) -> httpcore.NetworkStream:
    failed: Exception = hop.deadline.passed()
    for address, seconds in hop.attempts(found):
        try:
            return httpcore.SyncBackend().connect_tcp(address, hop.target.port, seconds)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failed = error
    raise failed


async def _connected_async(hop: Hop, found: Sequence[str]) -> httpcore.AsyncNetworkStream:
    failed: Exception = hop.deadline.passed()
    backend: httpcore.AsyncNetworkBackend = httpcore.AnyIOBackend()  # pyright: ignore[reportAssignmentType] # httpcore names two
    for address, seconds in hop.attempts(found):
        try:
            return await backend.connect_tcp(address, hop.target.port, seconds)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failed = error
    raise failed


def _asked(hop: Hop, stream: httpcore.NetworkStream) -> Reply:
    """Ask over a connection, and close it whatever comes of it."""
    try:
        if hop.target.scheme == "https":
            stream = stream.start_tls(hop.tls or _authorities(), hop.target.host, hop.deadline.left())
        connection = httpcore.HTTP11Connection(_url(hop).origin, _Stream(stream, hop.gauge))
        with connection.stream(hop.method, _url(hop), headers=[*hop.headers], content=hop.content) as response:
            head = hop.head(response.status, _received(response.headers))
            return Reply(head, _body(hop, response) if head.has_body else b"")
    finally:
        stream.close()


async def _asked_async(hop: Hop, stream: httpcore.AsyncNetworkStream) -> Reply:
    """Ask as `_asked` does, awaiting the answer."""
    try:
        if hop.target.scheme == "https":
            stream = await stream.start_tls(hop.tls or _authorities(), hop.target.host, hop.deadline.left())
        connection = httpcore.AsyncHTTP11Connection(_url(hop).origin, _AsyncStream(stream, hop.gauge))
        async with connection.stream(hop.method, _url(hop), headers=[*hop.headers], content=hop.content) as response:
            head = hop.head(response.status, _received(response.headers))
            return Reply(head, await _body_async(hop, response) if head.has_body else b"")
    finally:
        await stream.aclose()


def _body(hop: Hop, response: httpcore.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_stream():
        hop.take(body, chunk)
    return bytes(body)


async def _body_async(hop: Hop, response: httpcore.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_stream():
        hop.take(body, chunk)
    return bytes(body)


class _Stream(httpcore.NetworkStream):
    """Measure what comes in, and let nothing wait longer than the deadline, whatever httpcore would allow."""

    def __init__(self, stream: httpcore.NetworkStream, gauge: Gauge) -> None:
        self._stream = stream
        self._gauge = gauge

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 - the deadline is ours
        data = self._stream.read(self._gauge.room(max_bytes), self._gauge.deadline.left())
        self._gauge.took(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._gauge.deadline.left())

    def close(self) -> None:
        self._stream.close()


class _AsyncStream(httpcore.AsyncNetworkStream):
    """Measure as `_Stream` does."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, gauge: Gauge) -> None:
        self._stream = stream
        self._gauge = gauge

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109 - the deadline is ours
        data = await self._stream.read(self._gauge.room(max_bytes), self._gauge.deadline.left())
        self._gauge.took(len(data))
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        await self._stream.write(buffer, self._gauge.deadline.left())

    async def aclose(self) -> None:
        await self._stream.aclose()
