"""Read did:web: a DID that names a place on the web, where its document lies.

Source: did:web (CCG draft of 2026), sections 2 and 3.2 (WEB-1, WEB-2).
"""

import re
from datetime import datetime

from sayso.dids import document
from sayso.dids.method import Options, Resolution, refuse_options
from sayso.errors import INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, INVALID_DID, LIMIT_EXCEEDED, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import DEFAULT_LIMITS, parse_object
from sayso.retrieval import Retrieve, Steps

name = "web"
MAX_BYTES = 64 * 1024
"""The longest did.json that is read."""

_PREFIX = "did:web:"
_ACCEPT = "application/did, application/did+json, application/json"
# A domain name: labels of letters, digits and hyphens, at least two, the last of which is no number (so that no IP address passes).
_LABEL = "(?!-)[a-z0-9-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+(?:\Z|:)|0x)(?:{_LABEL})(?::[1-9][0-9]{{0,4}})?")
_SEGMENT = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=@-]+")
_COLON = re.compile("%3A", re.IGNORECASE)
_ESCAPE = re.compile("%([0-9A-Fa-f]{2})")
_MAX_DOMAIN, _MAX_PORT = 253, 65535
# RFC 6761 and 6762: names that lead to this machine or this network, and to nobody's document.
_LOCAL = ("localhost", "local", "internal", "home.arpa", "invalid", "test", "onion")


def did_of(domain: str, *path: str) -> Did:
    """Give the DID of a domain, such as "city.example" or "city.example:8443", and of a path on it.

    Raises:
        SaysoError: INVALID_DID, as `url_of`.
    """
    did = Did(_PREFIX + ":".join((domain.replace(":", "%3A"), *path)))
    url_of(did)
    return did


def url_of(did: str) -> str:
    """Give the URL of the document of a did:web.

    Source: did:web, section 3.2 (WEB-1).

    Raises:
        SaysoError: INVALID_DID for what is no domain name, leads to this machine or network, or leaves its path.

    >>> url_of("did:web:city.example"), url_of("did:web:city.example%3A8443:cards:id")
    ('https://city.example/.well-known/did.json', 'https://city.example:8443/cards/id/did.json')
    """
    if not did.startswith(_PREFIX):
        raise SaysoError.of(INVALID_DID, "not a did:web")
    host, *path = did.removeprefix(_PREFIX).split(":")
    # Of a host only the colon before a port is escaped (WEB-1): a second spelling of a name would be a second DID of one place.
    domain = _COLON.sub(":", host)
    labels, _, port = domain.partition(":")
    if not _DOMAIN.fullmatch(domain) or len(labels) > _MAX_DOMAIN or int(port or "1") > _MAX_PORT:
        raise SaysoError.of(INVALID_DID, "a did:web has a domain name in lower case, with a port behind %3A or none")
    if any(labels == local or labels.endswith("." + local) for local in _LOCAL):
        raise SaysoError.of(INVALID_DID, "a did:web leads to this machine or network")
    segments = [_unescaped(segment) for segment in path]
    if any(not _SEGMENT.fullmatch(segment) or segment in (".", "..") for segment in segments):
        raise SaysoError.of(INVALID_DID, "a segment of the path of a did:web is no plain segment")
    return f"https://{domain}/{'/'.join(segments) or '.well-known'}/did.json"


def _unescaped(text: str) -> str:
    # Once: an escaped per cent sign is then no part of a segment, and neither is what lies outside ASCII.
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def resolve(did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
    """Retrieve and read the document of a did:web; that its id is the DID is looked at by who asks.

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED, INVALID_DID, LIMIT_EXCEEDED, INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, and what the fetcher raises.

    Source: did:web, section 3.2 (WEB-2: read as plain JSON).
    """
    refuse_options(options)
    found = yield Retrieve(url_of(did), _ACCEPT, MAX_BYTES, "the document of a did:web")
    if len(found.body) > MAX_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a did.json is longer than {MAX_BYTES} bytes")
    try:
        members = parse_object(found.body, DEFAULT_LIMITS)
    except SaysoError as error:
        raise SaysoError.of(INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, error.problems[0].detail) from None
    return Resolution(document.parse(members), members, {})
