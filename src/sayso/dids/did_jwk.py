"""Read and write did:jwk: a DID that is a public JWK.

Source: did:jwk, sections 2 and 3 (JWKD-1 to JWKD-4).
"""

from datetime import datetime
from types import MappingProxyType

from sayso.dids.document import RELATIONSHIPS, DidDocument, of_one_key
from sayso.dids.method import Options, Resolution, refuse_options
from sayso.encodings import base64url
from sayso.errors import INVALID_DID, UNDECIDABLE, SaysoError
from sayso.identifiers import Did, DidUrl
from sayso.jsonvalue import JsonObject, parse_object, serialize
from sayso.keys import jwk
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

    Raises:
        SaysoError: INVALID_DID, also for a private JWK or one that is not for signatures; UNDECIDABLE for another kind of public key.
    """
    if not did.startswith(_PREFIX):
        raise SaysoError.of(INVALID_DID, "not a did:jwk")
    try:
        value = parse_object(base64url.decode(did[len(_PREFIX) :]))
    except SaysoError as error:
        raise SaysoError.of(INVALID_DID, error.problems[0].detail) from None
    try:
        key = jwk.decode_any(value)
    except SaysoError as error:
        raise SaysoError.of(UNDECIDABLE if jwk.is_foreign(value) else INVALID_DID, error.problems[0].detail) from None
    made = of_one_key(Did(did), did + "#0", key, "JsonWebKey")
    if isinstance(key, EcdsaKey) and "use" not in value:  # JWKD-3: a key of these curves may agree on keys too, an Ed25519 key cannot
        return made._replace(relationships=MappingProxyType(dict.fromkeys(RELATIONSHIPS, (did + "#0",))))
    return made


def resolve(did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
    """Resolve a did:jwk, which needs no world and has one version."""
    refuse_options(options)
    made = document(did)
    return done(Resolution(made, made.to_json(), {}))
