"""Walk through one retrieval without touching the network: what is asked of whom, and what is made of each answer.

A retrieval yields each `Hop`, one question to one host, and is sent its `Reply`; who performs the hops may wait or await.

Source: SD-JWT VC draft 19, retrieval over HTTP (SV-9: bounded redirects, https-only targets, time and size bounds, checks on every hop).
"""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from ssl import SSLContext
from typing import NamedTuple

from sayso.credentials.media_types import FORM
from sayso.errors import LIMIT_EXCEEDED, REDIRECT_REFUSED, Problem, SaysoError
from sayso.http import addresses, headers, targets
from sayso.http.cache import Entry, entry_of, renewed
from sayso.http.gauge import Deadline, Gauge
from sayso.http.headers import Head, Headers
from sayso.http.options import Options
from sayso.http.targets import Target
from sayso.retrieval import Retrieve, Retrieved


class Reply(NamedTuple):
    """Hold an answer: its head, and its body where one was read."""

    head: Head
    body: bytes


class Hop:
    """Be one question to one host, with every check of what happens on the way."""

    def __init__(self, options: Options, target: Target, retrieve: Retrieve, deadline: Deadline, conditions: Headers) -> None:
        """Take where it leads, and what is asked there."""
        self.target = target
        self.deadline = deadline
        self.gauge = Gauge(deadline)
        self._options = options
        self._accept = retrieve.accept
        self._max_bytes = _max_bytes(options, retrieve)
        self._conditions = conditions
        self._post = retrieve.post

    @property
    def method(self) -> str:
        """How it is asked."""
        return "GET" if self._post is None else "POST"

    @property
    def content(self) -> bytes | None:
        """What is sent along, None where nothing is posted."""
        return self._post

    @property
    def headers(self) -> Headers:
        """The headers that are sent: no cookie, no secret, and nothing about who asks."""
        return (
            ("Host", self.target.authority),
            ("Accept", self._accept),
            ("Accept-Encoding", "identity"),
            ("User-Agent", "sayso"),
            ("Connection", "close"),
            *(() if self._post is None else (("Content-Type", FORM), ("Content-Length", str(len(self._post))))),
            *self._conditions,
        )

    @property
    def tls(self) -> SSLContext | None:
        """What a host has to prove itself by over https, where the caller brought it."""
        return self._options.tls

    def lookup(self) -> Sequence[str]:
        """Find the addresses of the host; this may take its time."""
        return (self.target.host,) if self.target.is_address else self._options.lookup(self.target.host, self.target.port)

    def attempts(self, found: Sequence[str]) -> Iterator[tuple[str, float]]:
        """Give each address that may be connected to, with the seconds it is given. Nothing is looked up again after this.

        Raises:
            SaysoError: ADDRESS_REFUSED, TOO_SLOW, or RETRIEVAL_FAILED where there is no address.
        """
        admitted = addresses.admitted(found, self._options.allow)
        for number, address in enumerate(admitted):
            yield address, self.deadline.left() / (len(admitted) - number)

    def head(self, status: int, received: Headers) -> Head:
        """Judge the head of the answer, and make room for its body.

        Raises:
            SaysoError: as `headers.head_of`.
        """
        conditional = bool(self._conditions)
        head = headers.head_of(status, received, accept=self._accept, max_bytes=self._max_bytes, conditional=conditional)
        self.gauge.head_is_read(self._max_bytes)
        return head

    def take(self, body: bytearray, chunk: bytes) -> None:
        """Add to the body.

        Raises:
            SaysoError: LIMIT_EXCEEDED.
        """
        if len(body) + len(chunk) > self._max_bytes:
            raise SaysoError.of(LIMIT_EXCEEDED, f"the answer is longer than {self._max_bytes} bytes")
        body += chunk


def retrieval(options: Options, retrieve: Retrieve) -> Generator[Hop, Reply, Retrieved]:
    """Retrieve a document: from what is kept, or hop by hop.

    Raises:
        SaysoError: the problem type of what was refused.
    """
    deadline = Deadline(options.stopwatch, options.timeout)
    target = targets.target_of(retrieve.url, options.allow)
    # RFC 9110, sections 9.2 and 15.4: what is posted changes something, is answered anew each time, and goes nowhere else by itself.
    if retrieve.post is not None:
        options = replace(options, redirects=0, cache=None)
    for _ in range(options.redirects + 1):
        kept = _kept(options, target, retrieve)
        if kept and kept.is_fresh(options.clock(), options.ttl):
            return Retrieved(kept.body, kept.media_type)
        reply = yield Hop(options, target, retrieve, deadline, kept.conditions() if kept else ())
        if reply.head.location is None:
            return _settled(options, target, retrieve, reply, kept)
        target = targets.redirected(target, reply.head.location, options.allow, options.redirect_hosts)
    raise SaysoError.of(REDIRECT_REFUSED, f"it leads on more than {options.redirects} times")


def advance(steps: Generator[Hop, Reply, Retrieved], reply: Reply | None = None) -> Hop | Retrieved:
    """Begin a retrieval, or go on with the answer to its last hop: give the next hop, or what was found."""
    try:
        return next(steps) if reply is None else steps.send(reply)
    except StopIteration as end:
        found: Retrieved = end.value
        return found


@contextmanager
def naming(name: str) -> Generator[None]:
    """Say of every problem inside what it is about."""
    try:
        yield
    except SaysoError as error:
        raise SaysoError(*(Problem(problem.kind, f"{name}: {problem.detail}") for problem in error.problems)) from None


def _max_bytes(options: Options, retrieve: Retrieve) -> int:
    return min(options.max_bytes, retrieve.max_bytes)


def _kept(options: Options, target: Target, retrieve: Retrieve) -> Entry | None:
    kept = options.cache.find(target.url, retrieve.accept) if options.cache else None
    # A cache may have lived elsewhere: what it gives is looked at as an answer is.
    if kept and len(kept.body) <= _max_bytes(options, retrieve) and headers.fits(kept.media_type, retrieve.accept):
        return kept
    return None


def _settled(options: Options, target: Target, retrieve: Retrieve, reply: Reply, kept: Entry | None) -> Retrieved:
    """Make of an answer what was asked for, and keep it where that is allowed."""
    at, received = options.clock(), reply.head.headers
    if reply.head.not_modified and kept:
        found, entry = Retrieved(kept.body, kept.media_type), renewed(kept, received, at, options.ttl)
    else:
        found = Retrieved(reply.body, reply.head.media_type)
        entry = entry_of(found.body, found.media_type, received, at, options.ttl)
    if options.cache and entry:
        options.cache.keep(target.url, retrieve.accept, entry)
    elif options.cache:
        options.cache.drop(target.url, retrieve.accept)
    return found
