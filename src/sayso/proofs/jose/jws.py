"""Write and read JWS compact serialization with Ed25519.

Source: RFC 7515, sections 3.1, 5.1, 5.2 and 7.1; RFC 8725, sections 3.1 to 3.11.
"""

from collections.abc import Collection
from typing import NamedTuple

from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject, Limits, parse_object, serialize
from sayso.keys.signer import Signer
from sayso.keys.verification_key import VerificationKey

EDDSA = "EdDSA"
"""The algorithm that is emitted by default (RFC 8037, section 3.1)."""
ED25519 = "Ed25519"
"""The fully specified name (RFC 9864, section 2.2)."""
ALGORITHMS = (EDDSA, ED25519)
"""What is accepted unless more is named: both names, always with an Ed25519 key."""
READABLE = (*ALGORITHMS, "ES256", "ES384", "ES512")
"""What can be read (RFC 7518, section 3.4, needs the extra `ecdsa`)."""

ABSENT = "absent"
"""What stands among the accepted types where a header need not name one."""


class Jws(NamedTuple):
    """Hold a parsed JWS whose signature nobody has looked at yet."""

    header: JsonObject
    payload: JsonObject
    signing_input: bytes
    signature: bytes

    def prove(self, key: VerificationKey) -> None:
        """Check that the key is one for the algorithm that the header names, and the signature.

        Source: RFC 7515, section 5.2, step 8; RFC 8725, section 3.1.

        Raises:
            SaysoError: CRYPTOGRAPHIC_SECURITY_ERROR.
        """
        # RFC 8725, section 3.1: the key decides which algorithm it is used with, never the token.
        if self.header.get("alg") not in key.algorithms:
            raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "alg is not an algorithm of the key that should have signed", "alg")
        if not key.verifies(self.signature, self.signing_input):
            raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "the signature does not hold under the key that should have made it")


def is_json_serialization(members: JsonObject) -> bool:
    """Tell whether a JSON object is a JWS, whatever else it holds: members that are not known mean nothing there.

    Source: RFC 7515, section 7.2.
    """
    return "payload" in members and not members.keys().isdisjoint(("signature", "signatures"))


def protect(header: JsonObject) -> str:
    """Encode a protected header; the same header may protect many payloads."""
    return base64url.encode(serialize(header).encode())


def sign(protected: str, payload: JsonObject, signer: Signer) -> str:
    """Sign a payload under an encoded header.

    Source: RFC 7515, section 5.1.
    """
    signing_input = protected + "." + base64url.encode(serialize(payload).encode())
    return signing_input + "." + base64url.encode(signer.sign(signing_input.encode("ascii")))


def decode(text: bytes, types: Collection[str], algorithms: Collection[str] = ALGORITHMS, limits: Limits = DEFAULT_LIMITS) -> Jws:
    """Read a compact JWS whose payload is a JSON object, before any key is touched.

    `types` are the accepted `typ` values, as `media_type` gives them.

    Source: RFC 7515, sections 4.1.1 (alg), 4.1.9 (typ), 4.1.11 (crit), 5.2 and 7.1; RFC 8725, sections 3.1 and 3.11.

    Raises:
        SaysoError: PARSING_ERROR, CRYPTOGRAPHIC_SECURITY_ERROR (algorithm or crit), LIMIT_EXCEEDED.
    """
    if len(text) > limits.size_bytes:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a JWS is longer than {limits.size_bytes} bytes")
    segments = text.split(b".")
    if len(segments) != 3:  # noqa: PLR2004 - RFC 7515, section 7.1: header, payload, signature
        raise SaysoError.of(PARSING_ERROR, "a compact JWS has three segments")
    header = parse_object(base64url.decode(segments[0]), limits)
    _check_header(header, types, algorithms)
    payload = parse_object(base64url.decode(segments[1]), limits)
    return Jws(header, payload, text[: -len(segments[2]) - 1], base64url.decode(segments[2]))


def type_of(text: bytes, limits: Limits = DEFAULT_LIMITS) -> str:
    """Give the media type of a compact JWS as its header has it, ABSENT where it names none, to find out who reads it.

    Raises:
        SaysoError: the header cannot be read.
    """
    header = parse_object(base64url.decode(text.partition(b".")[0]), limits)
    return media_type(header["typ"]) if "typ" in header else ABSENT


def media_type(value: Json) -> str:
    """Give the media type that a `typ` or `cty` names: in lower case, without `application/`; "" for what is none.

    Source: RFC 7515, sections 4.1.9 and 4.1.10; RFC 6838, section 4.2 (ASCII, compared without case).

    >>> media_type("application/KB+JWT")
    'kb+jwt'
    """
    return value.lower().removeprefix("application/") if type(value) is str and value.isascii() else ""


def _check_header(header: JsonObject, types: Collection[str], algorithms: Collection[str]) -> None:
    algorithm = header.get("alg")
    # RFC 7515, section 4.1.1; RFC 8725, section 3.1: an exact name from the caller's list, never what the token would like.
    if type(algorithm) is not str or algorithm not in algorithms:
        raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "alg is not one of the accepted algorithms", "alg")
    # RFC 7515, section 4.1.11: no extension is understood here, and an empty list is malformed.
    if "crit" in header:
        raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "crit names an extension that is not understood", "crit")
    # RFC 7515, section 4.1.9
    if (media_type(header["typ"]) if "typ" in header else ABSENT) not in types:
        raise SaysoError.of(PARSING_ERROR, "typ is not one of the accepted types", "typ")
