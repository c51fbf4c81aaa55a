"""Read and write did:jwk: a DID that is a public JWK.

Source: did:jwk, sections 2 and 3 (JWKD-1 to JWKD-4).
"""

from datetime import datetime
from types import MappingProxyType

from sayso.dids.document import RELATIONSHIPS, DidDocument, agreeing, members_of, of_one_key
from sayso.dids.method import Options, Resolution, refuse_options
from sayso.encodings import base64url
from sayso.errors import INVALID_DID, UNDECIDABLE, SaysoError
from sayso.identifiers import Did, DidUrl
from sayso.jsonvalue import JsonObject, parse_object, serialize
from sayso.keys import jwk, x25519
from sayso.keys.ecdsa import EcdsaKey
from sayso.keys.verification_key import VerificationKey
from sayso.retrieval import Steps, done

name = "jwk"

_PREFIX = "did:jwk:"


def did_of(key: VerificationKey | JsonObject) -> Did:
    """Give the DID of a key, or of a JWK with all its members.

    Raises:
        SaysoError: the JWK is not a public key for signatures, of a kind that is read here.
    """
    value = key if isinstance(key, dict) else jwk.encode_any(key)
    jwk.decode_any(value)  # JWKD-1: a private JWK never becomes an identifier
    return Did(_PREFIX + base64url.encode(serialize(value).encode()))


def verification_method(key: VerificationKey | JsonObject) -> DidUrl:
    """Give the identifier of the key in the document of its DID: always `#0`, never its `kid` (JWKD-2)."""
    return DidUrl(did_of(key) + "#0")


def document(did: str) -> DidDocument:
    """Give the document that a did:jwk stands for.

    Source: did:jwk, section 3 (JWKD-2, JWKD-3).

    Raises:
        SaysoError: INVALID_DID, also for a private JWK, or an Ed25519 key that is not for signatures; UNDECIDABLE for another kind of key.
    """
    return _document(did, _jwk(did))


def _document(did: str, value: JsonObject) -> DidDocument:
    try:
        key = _key(value)
    except SaysoError as error:
        foreign = jwk.is_foreign(value) and value.get("crv") != "X25519"
        raise SaysoError.of(UNDECIDABLE if foreign else INVALID_DID, error.problems[0].detail) from None
    if key is None:
        return agreeing(Did(did), did + "#0")
    made = of_one_key(Did(did), did + "#0", key, "JsonWebKey")
    if isinstance(key, EcdsaKey) and "use" not in value:  # JWKD-3: a key of these curves may agree on keys too, an Ed25519 key cannot
        return made._replace(relationships=MappingProxyType(dict.fromkeys(RELATIONSHIPS, (did + "#0",))))
    return made


def _jwk(did: str) -> JsonObject:
    if not did.startswith(_PREFIX):
        raise SaysoError.of(INVALID_DID, "not a did:jwk")
    try:
        return parse_object(base64url.decode(did[len(_PREFIX) :]))
    except SaysoError as error:
        raise SaysoError.of(INVALID_DID, error.problems[0].detail) from None


def _key(value: JsonObject) -> VerificationKey | None:
    """Read the key for signatures; None for one that only agrees on keys."""
    if value.get("crv") == "X25519":
        x25519.decode_jwk(value)
        return None
    if value.get("use") == "enc" and value.get("kty") == "EC":  # its point is a good one, whatever it is for
        jwk.decode_any({name: member for name, member in value.items() if name not in {"use", "key_ops", "alg"}})
        return None
    return jwk.decode_any(value)


def resolve(did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
    """Resolve a did:jwk, which needs no world and has one version.

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED, and as `document`.
    """
    refuse_options(options)
    value = _jwk(did)
    made = _document(did, value)
    method: JsonObject = {"id": did + "#0", "type": "JsonWebKey", "controller": did, "publicKeyJwk": value}
    return done(Resolution(made, members_of(did, [method], made.relationships), {}))
