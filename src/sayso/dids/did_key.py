"""Read and write did:key: a DID that is its key.

Source: did:key (CCG draft of 2025), sections 2 and 3.1 (KEY-1 to KEY-6).
"""

from datetime import datetime
from functools import lru_cache

from sayso.dids.document import CONTEXT, DidDocument, agreeing, members_of, of_one_key
from sayso.dids.method import NO_OPTIONS, Options, Resolution, refuse_versions
from sayso.errors import INVALID_DID, INVALID_OPTIONS, UNDECIDABLE, SaysoError
from sayso.identifiers import Did, DidUrl
from sayso.jsonvalue import JsonObject
from sayso.keys import jwk, multikey, x25519
from sayso.keys.ecdsa import EcdsaKey
from sayso.keys.ed25519 import PublicKey
from sayso.keys.verification_key import VerificationKey
from sayso.keys.x25519 import AgreementKey
from sayso.retrieval import Steps, done

name = "key"
MAX_CACHED_DOCUMENTS = 1024
"""How many documents are kept: at most about 4 MB. The text of a did:key decides its document for good."""

_PREFIX = "did:key:"
_ED25519_2020, _X25519_2020 = "Ed25519VerificationKey2020", "X25519KeyAgreementKey2020"  # the one for the other, where a key agrees (KEY-4)
_FORMATS = ("Multikey", "JsonWebKey", _ED25519_2020)
# did/v1.1 defines Multikey and JsonWebKey; the suites of 2020 bring contexts of their own.
_CONTEXTS = {
    _ED25519_2020: "https://w3id.org/security/suites/ed25519-2020/v1",
    _X25519_2020: "https://w3id.org/security/suites/x25519-2020/v1",
}


def did_of(key: VerificationKey) -> Did:
    """Give the DID of a key."""
    return Did(_PREFIX + multikey.encode_any(key))


def verification_method(key: VerificationKey) -> DidUrl:
    """Give the identifier of a key in the document of its DID: the fragment is the body (KEY-3, KEY-6)."""
    text = multikey.encode_any(key)
    return DidUrl(f"{_PREFIX}{text}#{text}")


@lru_cache(MAX_CACHED_DOCUMENTS)
def document(did: str) -> DidDocument:
    """Give the document that a did:key stands for.

    Only base58btc and no version in front: a key has one spelling (KEY-1).

    Raises:
        SaysoError: INVALID_DID; UNDECIDABLE for a version or another kind of key, where nothing is wrong with the DID.
    """
    if not did.startswith(_PREFIX):
        raise SaysoError.of(INVALID_DID, "not a did:key")
    return document_for(did, did[len(_PREFIX) :])


def document_for(did: str, body: str) -> DidDocument:
    """Give the document of a DID that is the one key of this Multikey text.

    Raises:
        SaysoError: as `document`.
    """
    key = _key(body)
    # The fragment is the body, and there is no other method: so a DID URL with another fragment finds nothing (KEY-6).
    url = f"{did}#{body}"
    return agreeing(Did(did), url) if isinstance(key, AgreementKey) else of_one_key(Did(did), url, key)


def _key(body: str) -> VerificationKey | AgreementKey:
    try:
        if body.startswith(x25519.MULTIKEY_BEGINS):
            return x25519.decode_multikey(body)
        return multikey.decode_any(body)
    except SaysoError as error:
        version, colon, _ = body.partition(":")
        foreign = multikey.is_foreign(body) and not body.startswith(x25519.MULTIKEY_BEGINS)
        kind = UNDECIDABLE if foreign or (colon and version.isdecimal()) else INVALID_DID
        raise SaysoError.of(kind, error.problems[0].detail) from None


def resolve(did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
    """Resolve a did:key, which needs no world and has one version.

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED, INVALID_OPTIONS, and as `document`.
    """
    if options is NO_OPTIONS or options == NO_OPTIONS:
        return done(_resolution(did))
    refuse_versions(options)
    return done(Resolution(document(did), view(did, options.public_key_format, agreement=options.enable_encryption_key_derivation), {}))


@lru_cache(MAX_CACHED_DOCUMENTS)
def _resolution(did: str) -> Resolution:
    made = document(did)
    body = did[len(_PREFIX) :]  # written as it stands there: encoding the key anew would cost more than reading it
    method: JsonObject = {"id": f"{did}#{body}", "type": "Multikey", "controller": did, "publicKeyMultibase": body}
    return Resolution(made, members_of(did, [method], made.relationships), {})


def view(did: str, public_key_format: str = "Multikey", *, agreement: bool = False) -> JsonObject:
    """Give the document of a did:key as JSON.

    Args:
        did: the DID.
        public_key_format: how the key is written: "Multikey", "JsonWebKey" or "Ed25519VerificationKey2020".
        agreement: whether the key for key agreement that follows from an Ed25519 key is in it too.

    Source: did:key, section 3.1 (KEY-3, KEY-4, KEY-5).

    Raises:
        SaysoError: INVALID_OPTIONS for a format that is none, or none of this key; and as `document`.
    """
    if public_key_format not in _FORMATS:
        raise SaysoError.of(INVALID_OPTIONS, "publicKeyFormat is Multikey, JsonWebKey or Ed25519VerificationKey2020")
    made, key = document(did), _key(did[len(_PREFIX) :])
    if public_key_format == _ED25519_2020 and isinstance(key, EcdsaKey):
        raise SaysoError.of(INVALID_OPTIONS, "the key is not of the kind that publicKeyFormat is for")
    relationships = dict(made.relationships)
    written = [_method(did, key, public_key_format)]
    # KEY-4: keyAgreement is derived only when it is asked for, and from an Ed25519 key alone.
    if agreement and isinstance(key, PublicKey):
        written.append(_method(did, x25519.from_ed25519(key), public_key_format))
        relationships["keyAgreement"] = (str(written[1]["id"]),)
    value = members_of(did, [*written], relationships)
    value["@context"] = [CONTEXT, *(context for kind, context in _CONTEXTS.items() if any(method["type"] == kind for method in written))]
    return value


def _method(did: str, key: VerificationKey | AgreementKey, public_key_format: str) -> JsonObject:
    body = key.multikey if isinstance(key, AgreementKey) else multikey.encode_any(key)
    kind = _X25519_2020 if isinstance(key, AgreementKey) and public_key_format == _ED25519_2020 else public_key_format
    value: JsonObject = {"id": f"{did}#{body}", "type": kind, "controller": did}
    if kind == "JsonWebKey":
        value["publicKeyJwk"] = key.to_jwk() if isinstance(key, AgreementKey) else jwk.encode_any(key)
    else:
        value["publicKeyMultibase"] = body
    return value
