"""Read who asks: the client identifier, whose prefix says how its owner is known.

Source: OpenID4VP 1.0, section 5.9.
"""

from typing import Final, NamedTuple
from urllib.parse import urlsplit

from sayso.errors import MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.identifiers import is_did, is_url
from sayso.jsonvalue import JsonObject

PREFIX: Final = "decentralized_identifier:"
REDIRECT_URI: Final = "redirect_uri:"
"""The prefix of a client identifier that only a request which nobody signed has: whoever gets the answer is all that is known."""
ORIGIN: Final = "origin:"
"""What stands before an origin where it is the audience; no client identifier may begin with it."""

# VP-3: what a client identifier can begin with, and is not built.
_NOT_BUILT = frozenset({"x509_san_dns", "x509_hash", "verifier_attestation", "openid_federation"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Channel(NamedTuple):
    """Say how a request came: whether it is signed, and over the Digital Credentials API the origin that asks, as the platform says."""

    signed: bool = True
    origin: str | None = None


SIGNED: Final = Channel()


def is_response_uri(text: object) -> bool:
    """Tell whether answers may be posted to this URL: https, or http on this machine; no user, and no fragment.

    Source: OpenID4VP 1.0, sections 8.2 and 14.6; RFC 6749, section 3.1.2.

    >>> is_response_uri("https://bar.example/answers"), is_response_uri("javascript:alert(1)")
    (True, False)
    """
    if not isinstance(text, str) or not is_url(text) or "#" in text:
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or "@" in parts.netloc:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)


def is_origin(text: object) -> bool:
    """Tell whether this is the origin of a page that may ask, in its one spelling: scheme and host, and the port where it is another.

    Source: HTML, section 7.1.1 (serialization of an origin); RFC 6454, section 6.2.

    >>> is_origin("https://bar.example"), is_origin("https://bar.example/")
    (True, False)
    """
    if not is_response_uri(text):
        return False
    parts = urlsplit(str(text))
    return f"{parts.scheme}://{parts.netloc}" == text and parts.netloc == parts.netloc.lower()


def parse(payload: JsonObject, channel: Channel) -> str:
    """Read who asks: a DID, or the whole client identifier of a request that nobody signed.

    Over the Digital Credentials API that is the origin.

    Source: OpenID4VP 1.0, sections 5.9.1 to 5.9.3, and appendix A.2 (VP-3).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR; UNDECIDABLE for the ways to be known that are not built.
    """
    if channel.origin is not None and not channel.signed:
        return ORIGIN + channel.origin  # a client_id beside it is ignored
    client_id = payload.get("client_id")
    if not isinstance(client_id, str):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "client_id is a text", "client_id")
    prefix, colon, rest = client_id.partition(":")
    match prefix + colon:
        case "decentralized_identifier:" if channel.signed and is_did(rest):
            return rest
        case "redirect_uri:" if not channel.signed and is_response_uri(rest):
            return client_id
        case "decentralized_identifier:":
            rule = "behind decentralized_identifier: stands a DID, which signs the request"
        case "redirect_uri:":
            rule = "behind redirect_uri: stands a URL to post to, and nobody signs the request"
        case "origin:":
            rule = "origin: is reserved, and begins no client_id"
        case _:
            if prefix in _NOT_BUILT:
                raise SaysoError.of(UNDECIDABLE, f"verifiers that are known by {prefix} are not supported", "client_id")
            raise SaysoError.of(
                UNDECIDABLE, "no verifier is registered here: a client_id is a DID behind decentralized_identifier:", "client_id"
            )
    raise SaysoError.of(MALFORMED_VALUE_ERROR, rule, "client_id")
