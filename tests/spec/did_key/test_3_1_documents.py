"""did:key, section 3.1: the document of an Ed25519 key (KEY-1 to KEY-6)."""

from datetime import UTC, datetime

import pytest

from sayso.dids import did_key
from sayso.dids.document import SIGNING_RELATIONSHIPS
from sayso.dids.resolution import document_of, retrieve_verification_method
from sayso.encodings import multibase
from sayso.errors import INVALID_DID, INVALID_VERIFICATION_METHOD, SaysoError
from sayso.keys import ed25519
from sayso.retrieval import drive, offline

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
