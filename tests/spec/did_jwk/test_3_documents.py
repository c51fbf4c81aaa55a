"""did:jwk: a DID that is the base64url of a public JWK (JWKD-1 to JWKD-4)."""

from datetime import UTC, datetime

import pytest

from sayso.dids import did_jwk
from sayso.dids.method import Options
from sayso.dids.resolution import document_of, resolve, retrieve_verification_method
from sayso.encodings import base64url
from sayso.errors import (
    FEATURE_NOT_SUPPORTED,
    INVALID_DID,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    SaysoError,
)
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys import jwk, multikey
from sayso.retrieval import drive, offline
from tests.unit.keys.test_ecdsa import signer

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
KEY = multikey.decode("z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
EXAMPLE = "did:jwk:eyJjcnYiOiJFZDI1NTE5Iiwia3R5IjoiT0tQIiwieCI6IkxtX000MmNCM0hrVWlPRFFzWFJjd2VNNlRCeWZ6RUhHTzlORDI3NEpjT1kifQ"


def _did(value: JsonObject) -> str:
    return "did:jwk:" + base64url.encode(serialize(value).encode())


def test_jwkd_4_the_example() -> None:
    """JWKD-4: the did:jwk of the Ed25519 key of KEY-4."""
    assert did_jwk.did_of(KEY) == EXAMPLE
    assert drive(retrieve_verification_method(EXAMPLE + "#0", "assertionMethod", AT), offline).key == KEY


@pytest.mark.parametrize("secret", ["nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A", "", None])
def test_jwkd_1_a_private_jwk_is_rejected(secret: str | None) -> None:
    """JWKD-1: a private JWK MUST be rejected."""
    value: JsonObject = {**jwk.encode(KEY), "d": secret}
    with pytest.raises(SaysoError) as refused:
        drive(document_of(_did(value), AT), offline)
    assert refused.value.problems[0].kind is INVALID_DID
    with pytest.raises(SaysoError):
        did_jwk.did_of(value)


def test_jwkd_1_the_original_text_is_the_did() -> None:
    """JWKD-1: no canonicalization; two spellings of a JWK are two DIDs, each with its own document."""
    value = jwk.encode(KEY)
    turned = _did(dict(reversed(value.items())))
    assert turned != EXAMPLE
    assert drive(document_of(turned, AT), offline).id == turned


@pytest.mark.parametrize("fragment", ["key-7", "1", "00", "Lm_M42cB3HkUiODQsXRcweM6TByfzEHGO9ND274JcOY"])
def test_jwkd_2_the_method_is_always_0(fragment: str) -> None:
    """JWKD-2: one method, id always #0, never the kid."""
    did = _did({**jwk.encode(KEY), "kid": fragment})
    assert list(drive(document_of(did, AT), offline).methods) == [did + "#0"]
    with pytest.raises(SaysoError) as refused:
        drive(retrieve_verification_method(f"{did}#{fragment}", "assertionMethod", AT), offline)
    assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD


@pytest.mark.parametrize("use", [{}, {"use": "sig"}])
def test_jwkd_3_an_ed25519_key_signs_and_agrees_on_nothing(use: JsonObject) -> None:
    """JWKD-3: with use sig keyAgreement is left out, and without use it would be meaningless for Ed25519."""
    did = _did({**jwk.encode(KEY), **use})
    assert len(drive(document_of(did, AT), offline).relationships) == 4
    with pytest.raises(SaysoError) as refused:
        drive(retrieve_verification_method(did + "#0", "keyAgreement", AT), offline)
    assert refused.value.problems[0].kind is INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD


def test_jwkd_3_use_enc_signs_nothing() -> None:
    """JWKD-3: use enc leaves only keyAgreement, which an Ed25519 key cannot do."""
    with pytest.raises(SaysoError) as refused:
        drive(document_of(_did({**jwk.encode(KEY), "use": "enc"}), AT), offline)
    assert refused.value.problems[0].kind is INVALID_DID
    agreed: JsonObject = {"crv": "X25519", "kty": "OKP", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}
    curve: JsonObject = {**jwk.encode_any(signer("P-256").public_key), "use": "enc", "alg": "ECDH-ES", "key_ops": ["deriveKey"]}
    for value in (agreed, {**agreed, "use": "enc"}, curve):
        did = _did(value)
        found = drive(resolve(did, AT), offline)
        assert found.members == {
            "@context": ["https://www.w3.org/ns/did/v1.1"],
            "id": did,
            "verificationMethod": [{"id": did + "#0", "type": "JsonWebKey", "controller": did, "publicKeyJwk": value}],
            "keyAgreement": [did + "#0"],
        }
        for relationship, kind in (("assertionMethod", INVALID_VERIFICATION_METHOD), ("keyAgreement", INVALID_VERIFICATION_METHOD)):
            with pytest.raises(SaysoError) as refused:
                drive(retrieve_verification_method(did + "#0", relationship, AT), offline)
            assert refused.value.problems[0].kind is kind
    with pytest.raises(SaysoError) as refused:
        drive(document_of(_did({**agreed, "d": "AQ"}), AT), offline)
    assert refused.value.problems[0].kind is INVALID_DID


def test_the_jwk_stands_in_the_document_as_it_is_in_the_did() -> None:
    """JWKD-1, JWKD-2: with its kid and its use; and there are no versions."""
    value: JsonObject = {**jwk.encode(KEY), "kid": "mine", "use": "sig"}
    did = _did(value)
    found = drive(resolve(did, AT), offline)
    assert found.members["verificationMethod"] == [{"id": did + "#0", "type": "JsonWebKey", "controller": did, "publicKeyJwk": value}]
    assert found.document == did_jwk.document(did)
    assert found.metadata == {}
    for options in (Options(version_number=1), Options(public_key_format="JsonWebKey"), Options(enable_encryption_key_derivation=True)):
        with pytest.raises(SaysoError) as refused:
            drive(resolve(did, AT, options=options), offline)
        assert refused.value.problems[0].kind is FEATURE_NOT_SUPPORTED
