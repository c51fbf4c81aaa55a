"""did:key, section 3.1: the document of an Ed25519 key (KEY-1 to KEY-6)."""

from datetime import UTC, datetime

import pytest

from sayso.dids import did_key
from sayso.dids.document import SIGNING_RELATIONSHIPS, parse
from sayso.dids.method import Options
from sayso.dids.resolution import document_of, resolve, retrieve_verification_method
from sayso.encodings import multibase
from sayso.errors import FEATURE_NOT_SUPPORTED, INVALID_DID, INVALID_OPTIONS, INVALID_VERIFICATION_METHOD, SaysoError
from sayso.keys import ed25519, jwk, multikey, x25519
from sayso.retrieval import drive, offline
from tests.unit.keys.test_ecdsa import signer

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
EXAMPLE = "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
ZERO = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"


def test_key_4_the_all_zero_seed() -> None:
    """KEY-4 (vectors): seed all-zero is z6MkiTBz…"""
    assert did_key.did_of(ed25519.key_pair(bytes(32))[0]) == "did:key:" + ZERO


def test_key_1_only_base58btc() -> None:
    """KEY-1: the algorithm requires the header z, although the ABNF also allows u."""
    raw = multibase.decode(EXAMPLE)
    for spelling in (multibase.encode_base64url(raw), "Z" + EXAMPLE[1:], EXAMPLE[1:]):
        with pytest.raises(SaysoError) as refused:
            drive(document_of(f"did:key:{spelling}", AT), offline)
        assert refused.value.problems[0].kind is INVALID_DID


def test_key_2_a_key_has_the_length_of_its_kind() -> None:
    """KEY-2: 0xed has 32 bytes; anything else is refused."""
    raw = multibase.decode(EXAMPLE)
    for wrong in (raw[:-1], raw + b"\0", raw[:2]):
        with pytest.raises(SaysoError) as refused:
            drive(document_of("did:key:" + multibase.encode_base58btc(wrong), AT), offline)
        assert refused.value.problems[0].kind is INVALID_DID


def test_key_3_and_5_the_document() -> None:
    """KEY-3, KEY-5: one Multikey method whose fragment is the multibase value, in four relationships, under did/v1.1."""
    did, url = f"did:key:{EXAMPLE}", f"did:key:{EXAMPLE}#{EXAMPLE}"
    assert drive(document_of(did, AT), offline).to_json() == {
        "@context": ["https://www.w3.org/ns/did/v1.1"],
        "id": did,
        "verificationMethod": [{"id": url, "type": "Multikey", "controller": did, "publicKeyMultibase": EXAMPLE}],
        "authentication": [url],
        "assertionMethod": [url],
        "capabilityDelegation": [url],
        "capabilityInvocation": [url],
    }


def test_key_4_no_key_agreement_unless_it_is_asked_for() -> None:
    """KEY-4: keyAgreement is derived only when enableEncryptionKeyDerivation is true."""
    assert "keyAgreement" not in drive(document_of(f"did:key:{EXAMPLE}", AT), offline).relationships
    with pytest.raises(SaysoError):
        drive(retrieve_verification_method(f"did:key:{EXAMPLE}#{EXAMPLE}", "keyAgreement", AT), offline)


AGREED = "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p"


def test_key_4_key_agreement_that_was_asked_for() -> None:
    """KEY-4: u = (1 + y) / (1 - y), and the derived key stands under keyAgreement only."""
    did = "did:key:" + EXAMPLE
    found = drive(resolve(did, AT, options=Options(enable_encryption_key_derivation=True)), offline).members
    assert found == did_key.view(did, agreement=True)
    assert found["keyAgreement"] == [f"{did}#{AGREED}"]
    assert found["assertionMethod"] == [f"{did}#{EXAMPLE}"]
    methods = found["verificationMethod"]
    assert isinstance(methods, list)
    assert methods[1] == {"id": f"{did}#{AGREED}", "type": "Multikey", "controller": did, "publicKeyMultibase": AGREED}


def test_key_2_and_3_the_key_in_other_formats() -> None:
    """KEY-2, KEY-3: publicKeyFormat is Multikey, JsonWebKey or Ed25519VerificationKey2020, and a format that is none is refused."""
    did = "did:key:" + EXAMPLE
    key, agreed = multikey.decode(EXAMPLE), x25519.decode_multikey(AGREED)
    as_jwk = drive(
        resolve(did, AT, options=Options(public_key_format="JsonWebKey", enable_encryption_key_derivation=True)), offline
    ).members
    assert as_jwk["@context"] == ["https://www.w3.org/ns/did/v1.1"]
    assert as_jwk["verificationMethod"] == [
        {"id": f"{did}#{EXAMPLE}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": jwk.encode(key)},
        {"id": f"{did}#{AGREED}", "type": "JsonWebKey", "controller": did, "publicKeyJwk": agreed.to_jwk()},
    ]
    of_2020 = did_key.view(did, "Ed25519VerificationKey2020", agreement=True)
    assert of_2020["@context"] == [
        "https://www.w3.org/ns/did/v1.1",
        "https://w3id.org/security/suites/ed25519-2020/v1",
        "https://w3id.org/security/suites/x25519-2020/v1",
    ]
    assert of_2020["verificationMethod"] == [
        {"id": f"{did}#{EXAMPLE}", "type": "Ed25519VerificationKey2020", "controller": did, "publicKeyMultibase": EXAMPLE},
        {"id": f"{did}#{AGREED}", "type": "X25519KeyAgreementKey2020", "controller": did, "publicKeyMultibase": AGREED},
    ]
    assert parse(of_2020).methods[f"{did}#{EXAMPLE}"] == did_key.document(did).methods[f"{did}#{EXAMPLE}"]
    assert did_key.view(did) == drive(resolve(did, AT), offline).members
    for wrong, name in ((did, "Ed25519VerificationKey2018"), (did_key.did_of(signer("P-256").public_key), "Ed25519VerificationKey2020")):
        with pytest.raises(SaysoError) as refused:
            drive(resolve(wrong, AT, options=Options(public_key_format=name)), offline)
        assert refused.value.problems[0].kind is INVALID_OPTIONS


def test_a_key_that_agrees_only_in_each_format() -> None:
    """KEY-3: a key of X25519 has the name that the suite of 2020 gives it; nothing is derived from it, nor from a key on a curve."""
    did = "did:key:" + AGREED
    url = f"{did}#{AGREED}"
    assert did_key.view(did, agreement=True) == drive(resolve(did, AT), offline).members
    assert did_key.view(did)["keyAgreement"] == [url]
    of_2020 = did_key.view(did, "Ed25519VerificationKey2020")["verificationMethod"]
    assert of_2020 == [{"id": url, "type": "X25519KeyAgreementKey2020", "controller": did, "publicKeyMultibase": AGREED}]
    curve = did_key.did_of(signer("P-256").public_key)
    assert "keyAgreement" not in did_key.view(curve, agreement=True)


def test_key_5_it_is_static() -> None:
    """KEY-5: there is no update, and so there are no versions."""
    for options in (Options(version_id="1"), Options(version_time=AT), Options(version_number=1)):
        with pytest.raises(SaysoError) as refused:
            drive(resolve("did:key:" + EXAMPLE, AT, options=options), offline)
        assert refused.value.problems[0].kind is FEATURE_NOT_SUPPORTED


@pytest.mark.parametrize("relationship", SIGNING_RELATIONSHIPS)
def test_key_6_the_fragment_is_the_body(relationship: str) -> None:
    """KEY-6, trap 5: for any did:key:A#B, B must equal A, in every relationship."""
    found = drive(retrieve_verification_method(f"did:key:{EXAMPLE}#{EXAMPLE}", relationship, AT), offline)
    assert did_key.verification_method(found.key) == found.id
    for fragment in (
        ZERO,
        "0",
        "key-1",
        EXAMPLE[:-1],
        EXAMPLE + "1",
        EXAMPLE.lower(),
        EXAMPLE[1:],
        "z6LSj72tK8brWgZja8NLRwPigth2T9QRiG1uH9oKZuKjdh9p",
    ):
        with pytest.raises(SaysoError) as refused:
            drive(retrieve_verification_method(f"did:key:{EXAMPLE}#{fragment}", relationship, AT), offline)
        assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD
