"""What a fetcher may be told."""

import ssl
from datetime import timedelta
from typing import Any

import pytest

from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT, PUBLIC
from sayso.http.fetcher import AsyncFetcher, Fetcher, online
from sayso.http.options import system_lookup


def test_the_defaults_are_strict() -> None:
    for fetcher in (Fetcher(), AsyncFetcher()):
        assert fetcher.allow is PUBLIC
        assert fetcher.cache is None
        assert fetcher.redirect_hosts == ()
        assert fetcher.timeout == timedelta(seconds=10)


def test_what_stands_behind_a_switch() -> None:
    assert online() == Fetcher()
    assert online(development=True) == Fetcher(allow=LOOPBACK_FOR_DEVELOPMENT)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"allow": "PUBLIC"}, TypeError),
        ({"redirect_hosts": "city.example"}, TypeError),
        ({"max_bytes": 0}, ValueError),
        ({"redirects": -1}, ValueError),
        ({"timeout": timedelta(0)}, ValueError),
        ({"ttl": timedelta(0)}, ValueError),
    ],
)
def test_wrong_use(options: dict[str, Any], error: type[Exception]) -> None:
    for door in (Fetcher, AsyncFetcher):
        with pytest.raises(error):
            door(**options)


def test_tls_that_looks_at_nothing_is_refused() -> None:
    nameless = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    nameless.check_hostname = False
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    optional = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    optional.verify_mode = ssl.CERT_OPTIONAL
    for context in (nameless, blind, optional):
        with pytest.raises(ValueError, match="certificate"):
            Fetcher(tls=context)
    assert Fetcher(tls=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), allow=LOOPBACK_FOR_DEVELOPMENT).tls


@pytest.mark.enable_socket
def test_the_resolver_of_this_machine() -> None:
    assert system_lookup("127.0.0.1", 80) == ["127.0.0.1"]
