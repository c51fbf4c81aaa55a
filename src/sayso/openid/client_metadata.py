"""Read and write what a verifier says about itself: its name, the formats it reads, and how answers to it are encrypted.

Source: OpenID4VP 1.0, sections 5.1, 8.3 and 11.1 (VP-1, VP-9).
"""

from collections.abc import Collection
from typing import NamedTuple

from sayso.credentials.formats import JWT_VC, LDP_VC, READABLE
from sayso.errors import MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.openid import encryption_key
from sayso.openid.encryption_key import ALGORITHM, ENCRYPTIONS, Recipient
from sayso.proofs.data_integrity.suites import DATA_INTEGRITY_PROOF, DEFAULT_SUITES


class ClientMetadata(NamedTuple):
    """Hold the name that a verifier gives itself, "" if none, and the key that its answers are encrypted to, None for plain ones."""

    name: str
    encryption: Recipient | None


def serialize(name: str, formats: Collection[str], algorithms: Collection[str], encryption: Recipient | None) -> JsonObject:
    """Write the metadata of a request for some formats; `algorithms` are those of the signatures that may answer it."""
    said: JsonObject = {"client_name": name} if name else {}
    said["vp_formats_supported"] = {name: _supported(name, [*algorithms]) for name in formats}
    if encryption is not None:
        key: JsonObject = {**encryption.jwk, "use": "enc", "alg": ALGORITHM, "kid": encryption.key_id}
        said["jwks"] = {"keys": [key]}
        others = [other for other in ENCRYPTIONS if other != encryption.encryption]
        said["encrypted_response_enc_values_supported"] = [encryption.encryption, *others]
    return said


def _supported(query_format: str, algorithms: list[Json]) -> JsonObject:
    # Appendices B.1.3.1.3, B.1.3.2.3 and B.3.4 (VP-9)
    if query_format == LDP_VC.id:
        return {"proof_type_values": [DATA_INTEGRITY_PROOF], "cryptosuite_values": [*DEFAULT_SUITES]}
    if query_format == JWT_VC.id:
        return {"alg_values": algorithms}
    return {"sd-jwt_alg_values": algorithms, "kb-jwt_alg_values": algorithms}


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
    if READABLE.keys().isdisjoint(formats):
        raise SaysoError.of(UNDECIDABLE, "none of the formats is built", "vp_formats_supported")
    if not encrypted:
        return ClientMetadata(name, None)
    return ClientMetadata(
        name, encryption_key.parse(value.get("jwks"), value.get("encrypted_response_enc_values_supported", [ENCRYPTIONS[0]]))
    )
