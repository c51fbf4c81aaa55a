"""did:jwk: a DID that is a public JWK."""

import json

import pytest

from sayso.dids import did_jwk
from sayso.dids.document import RELATIONSHIPS, SIGNING_RELATIONSHIPS, VerificationMethod, parse
from sayso.dids.method import NO_OPTIONS
from sayso.encodings import base64url
from sayso.errors import INVALID_DID, INVALID_VERIFICATION_METHOD, UNDECIDABLE, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys import jwk
from sayso.keys.ecdsa import CurveName
from sayso.keys.ed25519 import key_pair
from sayso.retrieval import drive, offline
from tests.unit.dids.world import AT
from tests.unit.keys.test_ecdsa import NAMES, signer

KEY, _ = key_pair(bytes(32))
JWK = jwk.encode(KEY)
DID = did_jwk.did_of(KEY)


def _did(text: str | bytes) -> str:
    return "did:jwk:" + base64url.encode(text.encode() if isinstance(text, str) else text)


def _kind_of_refusal(did: str) -> object:
    with pytest.raises(SaysoError) as refused:
        did_jwk.document(did)
    return refused.value.problems[0].kind


def test_a_key_its_did_and_its_method() -> None:
    assert did_jwk.did_of(KEY) == _did(serialize({"crv": "Ed25519", "kty": "OKP", "x": base64url.encode(KEY.raw)}))
    assert did_jwk.verification_method(KEY) == DID + "#0"


def test_the_document_is_made_of_the_did_alone() -> None:
    made = drive(did_jwk.resolve(Did(DID), AT, NO_OPTIONS), offline).document
    assert made is not None
    assert made.id == DID
    assert dict(made.methods) == {DID + "#0": VerificationMethod(DID + "#0", DID, KEY, "JsonWebKey")}
    assert set(made.relationships) == {"authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"}
    assert made.to_json()["verificationMethod"] == [{"id": DID + "#0", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": JWK}]


@pytest.mark.parametrize("name", NAMES)
def test_jwkd_3_a_key_on_a_curve_may_do_all_that_its_use_does_not_forbid(name: CurveName) -> None:
    """JWKD-3: use sig leaves keyAgreement out; without use there are all five relationships."""
    key = signer(name).public_key
    did = did_jwk.did_of(key)
    made = drive(did_jwk.resolve(did, AT, NO_OPTIONS), offline).document
    assert made is not None
    assert did == did_jwk.did_of(jwk.encode_any(key))
    assert did_jwk.verification_method(key) == did + "#0"
    assert dict(made.methods) == {did + "#0": VerificationMethod(did + "#0", did, key, "JsonWebKey")}
    assert dict(made.relationships) == dict.fromkeys(RELATIONSHIPS, (did + "#0",))
    assert parse(made.to_json()) == made
    for_signatures = did_jwk.document(did_jwk.did_of({**jwk.encode_any(key), "use": "sig"}))
    assert tuple(for_signatures.relationships) == SIGNING_RELATIONSHIPS


@pytest.mark.parametrize("more", [{"kid": "key-7"}, {"use": "sig"}, {"alg": "EdDSA", "key_ops": ["verify"]}])
def test_a_jwk_keeps_its_members_and_its_method_is_0(more: JsonObject) -> None:
    value = {**more, **JWK}
    did = did_jwk.did_of(value)
    assert did == _did(serialize(value))
    assert did_jwk.verification_method(value) == did + "#0"
    assert list(did_jwk.document(did).methods) == [did + "#0"]


def test_any_spelling_of_the_json_is_a_did_of_its_own() -> None:
    spaced = _did(json.dumps(JWK, indent=1))
    assert spaced != DID
    found = did_jwk.document(spaced).methods[spaced + "#0"]
    assert isinstance(found, VerificationMethod)
    assert found.key == KEY


@pytest.mark.parametrize("value", [{**JWK, "d": "x"}, {**JWK, "use": "enc"}, {"kty": "EC"}, {}])
def test_only_a_public_key_for_signatures_becomes_a_did(value: JsonObject) -> None:
    with pytest.raises(SaysoError) as refused:
        did_jwk.did_of(value)
    assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:jwk:",
        "did:jwk:x",
        DID + "=",
        DID + ":",
        DID.replace("did:jwk", "did:key"),
        _did("[]"),
        _did(b"\xff"),
        _did(serialize(JWK).replace("{", '{"kty":"OKP",', 1)),
        _did(serialize(JWK) + "{}"),
        _did(serialize({**JWK, "d": "x"})),
        _did(serialize({**JWK, "use": "enc"})),
        _did(serialize({**JWK, "x": "x"})),
        _did(serialize({"kty": "EC", "crv": "P-256", "d": "x"})),
        _did(serialize({"kty": "EC", "crv": "P-256", "x": "a", "y": "b"})),
        _did(serialize({**jwk.encode_any(signer("P-256").public_key), "d": "AQ"})),
        _did(serialize({**jwk.encode_any(signer("P-256").public_key), "use": "enc", "y": "AQ"})),
        _did(serialize({"kty": "OKP", "crv": "X25519", "x": "AQ"})),
        _did(serialize({"kty": "OKP", "crv": "X25519", "x": base64url.encode(bytes(32))})),
        _did(serialize({"kty": "EC", "crv": "X25519", "x": base64url.encode(b"2" * 32)})),
        _did(serialize({"kty": "OKP", "crv": "X25519", "x": base64url.encode(b"2" * 32), "use": "sig"})),
        _did(serialize({"kty": "OKP", "crv": "X25519", "x": base64url.encode(b"2" * 32), "d": "AQ"})),
        _did(serialize({**jwk.encode_any(signer("P-256").public_key), "crv": "P-384"})),
        _did("{}"),
        _did("[" * 100),
    ],
)
def test_a_malformed_did_is_a_verdict(did: str) -> None:
    assert _kind_of_refusal(did) is INVALID_DID


@pytest.mark.parametrize(
    "value", [{"kty": "EC", "crv": "secp256k1", "x": "a", "y": "b"}, {"kty": "OKP", "crv": "X448", "use": "enc", "x": "a"}]
)
def test_another_kind_of_key_is_no_verdict(value: JsonObject) -> None:
    assert _kind_of_refusal(_did(serialize(value))) is UNDECIDABLE
