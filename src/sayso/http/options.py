"""Say what a fetcher may do. Every default is the strict one."""

import socket
import ssl
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from sayso.clock import Clock, Stopwatch, system_clock, system_stopwatch
from sayso.http.addresses import PUBLIC, Reach
from sayso.http.cache import Cache

Lookup: TypeAlias = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host for a port, as text; an OSError says that there are none."""

MAX_BYTES = 8 * 1024 * 1024
"""The longest body that is read by default; a retrieval that asks for less gets less."""
TIMEOUT = timedelta(seconds=10)
"""How long a whole retrieval may take by default."""
REDIRECTS = 3
"""How many redirections are followed by default."""
TTL = timedelta(minutes=5)
"""How long what is kept is used by default, if its server does not say less."""


def system_lookup(host: str, port: int) -> Sequence[str]:
    """Ask this machine's resolver.

    Raises:
        OSError: it knows no such name.
    """
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Hold what a fetcher may do.

    Args:
        allow: what may be reached: `PUBLIC`, or `LOOPBACK_FOR_DEVELOPMENT`.
        max_bytes: the longest body that is read, in bytes.
        timeout: how long a whole retrieval may take, its redirections included.
        redirects: how many redirections are followed; 0 for none.
        redirect_hosts: further hosts, as `host` or `host:port`, to which an answer may lead; by default only the host that was asked.
        cache: keeps answers; without one nothing is kept.
        ttl: how long what is kept is used at most; a server can say less.
        tls: what a server has to prove itself by, such as an authority of your own; the authorities of this machine by default.
        lookup: finds the addresses of a host; this machine's resolver by default. They are checked whoever finds them.
        stopwatch: measures the timeout.
        clock: tells how old what is kept is.

    Raises:
        TypeError, ValueError: an option is not what it is called, or `tls` does not look at certificates and their names.
    """

    allow: Reach = PUBLIC
    max_bytes: int = MAX_BYTES
    timeout: timedelta = TIMEOUT
    redirects: int = REDIRECTS
    redirect_hosts: Collection[str] = ()
    cache: Cache | None = None
    ttl: timedelta = TTL
    tls: ssl.SSLContext | None = None
    lookup: Lookup = system_lookup
    stopwatch: Stopwatch = system_stopwatch
    clock: Clock = system_clock

    def __post_init__(self) -> None:
        # Callers need not have a type checker.
        if not isinstance(self.allow, Reach):  # pyright: ignore[reportUnnecessaryIsInstance]
            msg = "allow is PUBLIC or LOOPBACK_FOR_DEVELOPMENT"
            raise TypeError(msg)
        if isinstance(self.redirect_hosts, str):
            msg = "redirect_hosts are many hosts, not one text"
            raise TypeError(msg)
        if self.max_bytes < 1 or self.redirects < 0:
            msg = "max_bytes is positive, and redirects not negative"
            raise ValueError(msg)
        if self.timeout <= timedelta(0) or self.ttl <= timedelta(0):
            msg = "timeout and ttl are positive"
            raise ValueError(msg)
        if self.tls and not (self.tls.check_hostname and self.tls.verify_mode is ssl.CERT_REQUIRED):
            msg = "tls has to ask for a certificate and look at the name in it"
            raise ValueError(msg)
