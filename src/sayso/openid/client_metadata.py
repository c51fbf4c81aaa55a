"""Read and write what a verifier says about itself: its name, the formats it reads, and how answers to it are encrypted.

Source: OpenID4VP 1.0, sections 5.1, 8.3 and 11.1 (VP-1, VP-9).
"""

from collections.abc import Collection
from typing import NamedTuple

from sayso.credentials.formats import READABLE
from sayso.errors import MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.openid import encryption_key
from sayso.openid.encryption_key import ALGORITHM, ENCRYPTIONS, Recipient
from sayso.query.grammar import Query


class ClientMetadata(NamedTuple):
    """Hold the name that a verifier gives itself, "" if none, and the key that its answers are encrypted to, None for plain ones."""

    name: str
    encryption: Recipient | None


def serialize(name: str, query: Query, algorithms: Collection[str], encryption: Recipient | None) -> JsonObject:
    """Write the metadata of a request; `algorithms` are those of the signatures that may answer it."""
    names: list[Json] = [*algorithms]
    formats: JsonObject = {asking.format: {"sd-jwt_alg_values": names, "kb-jwt_alg_values": names} for asking in query.credentials}
    said: JsonObject = {"client_name": name} if name else {}
    said["vp_formats_supported"] = formats
    if encryption is not None:
        key: JsonObject = {**encryption.jwk, "use": "enc", "alg": ALGORITHM, "kid": encryption.key_id}
        said["jwks"] = {"keys": [key]}
        others = [other for other in ENCRYPTIONS if other != encryption.encryption]
        said["encrypted_response_enc_values_supported"] = [encryption.encryption, *others]
    return said


def parse(value: Json, *, encrypted: bool) -> ClientMetadata:
    """Read metadata; members that are not known are ignored. Keys are looked at where the answer is to be `encrypted`.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR; INVALID_VERIFICATION_METHOD for a key that is none; UNDECIDABLE where no format, key or
            encryption is built.
    """
    if not isinstance(value, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "client_metadata is an object")
    name = value.get("client_name", "")
    if not isinstance(name, str):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "client_name is a text", "client_name")
    formats = value.get("vp_formats_supported", dict.fromkeys(READABLE))
    if not isinstance(formats, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "vp_formats_supported is an object", "vp_formats_supported")
    if READABLE.isdisjoint(formats):
        raise SaysoError.of(UNDECIDABLE, "none of the formats is built", "vp_formats_supported")
    if not encrypted:
        return ClientMetadata(name, None)
    return ClientMetadata(
        name, encryption_key.parse(value.get("jwks"), value.get("encrypted_response_enc_values_supported", [ENCRYPTIONS[0]]))
    )
