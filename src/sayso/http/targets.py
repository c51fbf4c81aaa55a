"""Read the URL of a retrieval: which host, which port, what is asked there. A URL that has two readings has none.

Source: RFC 3986, section 3; SD-JWT VC draft 19, retrieval over HTTP (SV-9: HTTPS only, https-only targets).
"""

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from sayso.errors import REDIRECT_REFUSED, URL_REFUSED, SaysoError
from sayso.http.addresses import Reach
from sayso.identifiers import is_url

MAX_URL = 4096
"""The longest URL that is retrieved, in characters."""

_PORTS = {"http": 80, "https": 443}
_MAX_HOST, _MAX_PORT = 253, 65535
_LABEL = "(?!-)[a-z0-9-]{1,63}(?<!-)"
# A domain name whose last label is no number: what ends in one is an IPv4 address to somebody (127.1, 0x7f000001, 2130706433).
_NAME = re.compile(rf"(?:{_LABEL}\.)*(?![0-9]+\Z|0x[0-9a-f]*\Z){_LABEL}")
_AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([^:\[\]]+))(?::([1-9][0-9]{0,4}))?")


class Target(NamedTuple):
    """Hold where a retrieval leads: `host` without brackets, `path` with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """The host as a URL and the Host header write it, with its port where that is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The URL in its one spelling, without a fragment."""
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def is_address(self) -> bool:
        """Whether the host is an IP address and needs no look-up."""
        return ":" in self.host or _NAME.fullmatch(self.host) is None


def target_of(url: str, reach: Reach) -> Target:
    """Read a URL that is to be retrieved.

    Raises:
        SaysoError: URL_REFUSED for another scheme, a user or password, a host that is neither a plain name nor an address in its one
            spelling, and whatever is no URL.

    >>> from sayso.http.addresses import PUBLIC
    >>> target_of("https://city.example/did.json?v=1#key", PUBLIC).url
    'https://city.example/did.json?v=1'
    """
    if not is_url(url) or len(url) > MAX_URL:
        raise SaysoError.of(URL_REFUSED, f"it is no URL of at most {MAX_URL} characters")
    try:
        parts = urlsplit(url)
    except ValueError:
        raise SaysoError.of(URL_REFUSED, "its host is malformed") from None
    # SV-9: HTTPS only. What a developer allowed for this machine is no exception that others can use.
    if parts.scheme not in reach.schemes:
        raise SaysoError.of(URL_REFUSED, f"its scheme is none of {reach.name}: {', '.join(sorted(reach.schemes))}")
    if "@" in parts.netloc:
        raise SaysoError.of(URL_REFUSED, "it names a user")
    host, port = _host_and_port(parts.netloc.lower(), parts.scheme)
    query = f"?{parts.query}" if parts.query else ""
    return Target(parts.scheme, host, port, (parts.path or "/") + query)


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    found = _AUTHORITY.fullmatch(authority)
    if found is None:
        raise SaysoError.of(URL_REFUSED, "its host or port is malformed")
    six, name, port = found.groups("")
    if not _is_address(six or name) and (six or len(name) > _MAX_HOST or not _NAME.fullmatch(name)):
        raise SaysoError.of(URL_REFUSED, "its host is neither a name nor an address in its one spelling")
    if int(port or "1") > _MAX_PORT:
        raise SaysoError.of(URL_REFUSED, f"its port is above {_MAX_PORT}")
    return six or name, int(port) if port else _PORTS[scheme]


def _is_address(host: str) -> bool:
    try:
        return str(ip_address(host)) == host
    except ValueError:
        return False


def redirected(target: Target, location: str, reach: Reach, others: Collection[str]) -> Target:
    """Read where an answer leads on.

    Args:
        target: what was asked.
        location: the Location header, not trusted.
        reach: what may be reached.
        others: further hosts, as `host` or `host:port`, to which an answer may lead.

    Raises:
        SaysoError: REDIRECT_REFUSED.

    Source: RFC 9110, section 15.4; SV-9 (https-only targets); WEB-2 (no redirects to other hosts).
    """
    try:
        found = target_of(urljoin(target.url, location), reach)
    except (SaysoError, ValueError) as error:
        why = error.problems[0].detail if isinstance(error, SaysoError) else "it is no URL"
        raise SaysoError.of(REDIRECT_REFUSED, f"the URL it leads to may not be retrieved: {why}") from None
    if target.scheme == "https" and found.scheme != "https":
        raise SaysoError.of(REDIRECT_REFUSED, "it leads from https to http")
    if found[:3] != target[:3] and found.authority not in others:
        raise SaysoError.of(REDIRECT_REFUSED, "it leads to another host")
    return found
