"""Laws of retrieval: whatever a URL, a resolver or a server says, there is a value within the bounds, or the one error."""

from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import REDIRECT_REFUSED, URL_REFUSED, ProblemType
from sayso.http.addresses import PUBLIC, admitted, is_public
from sayso.http.cache import entry_of
from sayso.http.headers import Head, fits, head_of
from sayso.http.targets import redirected, target_of
from sayso.testing.world import START
from tests.property.outcomes import outcome
from tests.support import examples
from tests.unit.http.test_cache import TTL

pytestmark = pytest.mark.laws

PIECES = [
    "https",
    "http",
    ":",
    "//",
    "/",
    "a.example",
    "127.0.0.1",
    "[::1]",
    "0x7f",
    "1",
    ".",
    "@",
    "?",
    "#",
    "%",
    "%2e",
    "\\",
    " ",
    "é",
    "443",
]
URLS = (
    st.text()
    | st.lists(st.sampled_from(PIECES)).map("".join)
    | st.lists(st.sampled_from(PIECES)).map(lambda pieces: "https://" + "".join(pieces))
)
NAMES = [
    "Content-Type",
    "content-type",
    "Content-Length",
    "Content-Encoding",
    "Transfer-Encoding",
    "Location",
    "Cache-Control",
    "Age",
    "Vary",
    "ETag",
]
VALUES = [
    "application/json",
    "text/html",
    "10",
    "11",
    "-1",
    "gzip",
    "identity",
    "chunked",
    "/",
    "no-store",
    "max-age=9",
    "max-age=x",
    "*",
    '"1"',
    "",
]
HEADERS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(VALUES) | st.text(max_size=20))).map(tuple)
BASE = target_of("https://city.example/a/b?c", PUBLIC)


@examples()
@given(URLS)
def test_a_url_has_one_reading_or_none(url: str) -> None:
    found = outcome(target_of, url, PUBLIC)
    if isinstance(found, ProblemType):
        assert found is URL_REFUSED
        return
    assert target_of(found.url, PUBLIC) == found
    parts = urlsplit(found.url)
    assert (parts.scheme, parts.hostname, parts.port or 443) == ("https", found.host, found.port)
    assert (parts.username, parts.password, parts.fragment) == (None, None, "")


@examples()
@given(URLS)
def test_an_answer_leads_to_the_same_host_or_nowhere(location: str) -> None:
    found = outcome(redirected, BASE, location, PUBLIC, ())
    assert found is REDIRECT_REFUSED or (not isinstance(found, ProblemType) and found[:3] == BASE[:3])


@examples()
@given(st.ip_addresses())
def test_what_is_public_is_global_by_the_standard_library_too(address: IPv4Address | IPv6Address) -> None:
    mapped = isinstance(address, IPv6Address) and address.ipv4_mapped
    if is_public(address) and not mapped:  # the library's view of those changed between its versions
        assert address.is_global
        assert not address.is_multicast
        assert admitted([str(address)], PUBLIC) == (str(address),)


@examples()
@given(st.ip_addresses(v=4))
def test_an_address_in_another_is_what_it_is_by_itself(address: IPv4Address) -> None:
    number = int(address)
    for carrier in (0xFFFF << 32 | number, (0x64FF9B << 96) | number, (0x2002 << 112) | number << 80 | 1):
        assert is_public(IPv6Address(carrier)) is is_public(address)


@examples()
@given(st.lists(st.text() | st.ip_addresses().map(str)))
def test_every_address_is_public_or_none_is_given(found: list[str]) -> None:
    given_back = outcome(admitted, found, PUBLIC)
    assert isinstance(given_back, ProblemType) or {*given_back} <= {*found}


@examples()
@given(st.sampled_from([200, 200, 200, 304, 302, 404]) | st.integers(100, 599), HEADERS, st.booleans())
def test_a_head_is_within_the_bounds_or_refused(status: int, headers: tuple[tuple[str, str], ...], conditional: bool) -> None:
    found = outcome(lambda: head_of(status, headers, accept="application/json", max_bytes=10, conditional=conditional))
    if isinstance(found, Head) and found.has_body:
        assert status == 200
        assert fits(found.media_type, "application/json")
    elif isinstance(found, Head):
        assert (found.location is not None) is (status // 100 == 3 and not found.not_modified)


@examples()
@given(HEADERS)
def test_what_is_kept_ends_within_the_callers_bound(headers: tuple[tuple[str, str], ...]) -> None:
    entry = entry_of(b"{}", "application/json", headers, START, TTL)
    assert entry is None or START <= entry.fresh_until <= START + TTL
