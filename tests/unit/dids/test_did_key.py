"""did:key: a DID that is its key."""

import pytest

from sayso.dids import did_key
from sayso.dids.document import VerificationMethod
from sayso.dids.method import NO_OPTIONS
from sayso.encodings import multibase, varint
from sayso.errors import INVALID_DID, UNDECIDABLE, SaysoError
from sayso.identifiers import Did
from sayso.keys import multikey
from sayso.keys.ecdsa import CurveName
from sayso.keys.ed25519 import key_pair
from sayso.retrieval import drive, offline
from tests.unit.dids.world import AT
from tests.unit.keys.test_ecdsa import NAMES, signer

KEY, _ = key_pair(bytes(32))
BODY = multikey.encode(KEY)
DID = f"did:key:{BODY}"


def test_a_key_its_did_and_its_method() -> None:
    assert did_key.did_of(KEY) == DID
    assert did_key.verification_method(KEY) == f"{DID}#{BODY}"


def test_the_document_is_made_of_the_did_alone() -> None:
    made = drive(did_key.resolve(Did(DID), AT, NO_OPTIONS), offline).document
    assert made is not None
    assert made.id == DID
    assert dict(made.methods) == {f"{DID}#{BODY}": VerificationMethod(f"{DID}#{BODY}", DID, KEY)}
    assert set(made.relationships) == {"authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"}


@pytest.mark.parametrize("name", NAMES)
def test_a_key_on_a_curve_its_did_and_its_document(name: CurveName) -> None:
    key = signer(name).public_key
    body = multikey.encode_any(key)
    did = did_key.did_of(key)
    assert did == f"did:key:{body}"
    assert did_key.verification_method(key) == f"{did}#{body}"
    made = drive(did_key.resolve(did, AT, NO_OPTIONS), offline).document
    assert made is not None
    assert dict(made.methods) == {f"{did}#{body}": VerificationMethod(f"{did}#{body}", did, key)}
    assert set(made.relationships) == {"authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation"}
    assert made.to_json()["verificationMethod"] == [
        {"id": f"{did}#{body}", "type": "Multikey", "controller": did, "publicKeyMultibase": body}
    ]


def test_documents_are_kept_within_a_bound_and_errors_are_not() -> None:
    assert did_key.document(DID) is did_key.document("did:key:" + BODY)
    assert did_key.document.cache_info().maxsize == did_key.MAX_CACHED_DOCUMENTS
    before = did_key.document.cache_info().currsize
    for _ in range(2):
        with pytest.raises(SaysoError):
            did_key.document("did:key:z6Mk")
    assert did_key.document.cache_info().currsize == before


@pytest.mark.parametrize(
    "did",
    [
        "did:key:",
        "did:key:z",
        "did:key:z6Mk",
        f"did:key:{BODY[1:]}",
        f"did:key:{BODY}1",
        f"did:key:{BODY}:",
        f"did:key:{BODY}#{BODY}",
        f"did:key:a:{BODY}",
        f"did:key::{BODY}",
        f"did:KEY:{BODY}",
        f"did:jwk:{BODY}",
        f"did:key2:{BODY}",
        BODY,
        "",
        f"did:key:{multibase.encode_base64url(bytes.fromhex('ed01') + KEY.raw)}",
        f"did:key:{multibase.encode_base58btc(bytes.fromhex('ed01') + KEY.raw[1:])}",
        f"did:key:{multibase.encode_base58btc(bytes.fromhex('ed01') + bytes(32))}",
        f"did:key:{multibase.encode_base58btc(bytes.fromhex('8026') + bytes(32))}",  # a secret key
        f"did:key:{multibase.encode_base58btc(varint.encode(0x1200) + bytes(32))}",
        f"did:key:{multibase.encode_base58btc(varint.encode(0x1200) + bytes(33))}",
        f"did:key:{multibase.encode_base58btc(varint.encode(0x1202) + b'2' * 67)}",
        f"did:key:{multibase.encode_base58btc(varint.encode(0x1306) + b'2' * 32)}",  # a secret key
        f"did:key:{multibase.encode_base58btc(varint.encode(0xEC) + bytes(32))}",  # of small order
        f"did:key:{multibase.encode_base58btc(varint.encode(0xEC) + b'2' * 31)}",
    ],
)
def test_a_malformed_did_is_a_verdict(did: str) -> None:
    with pytest.raises(SaysoError) as refused:
        did_key.document(did)
    assert refused.value.problems[0].kind is INVALID_DID
    assert refused.value.decided


@pytest.mark.parametrize(
    "did",
    [
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",  # secp256k1
        f"did:key:{multibase.encode_base58btc(varint.encode(0x1205) + bytes(526))}",  # RSA
        f"did:key:1:{BODY}",  # a version
        f"did:key:20:{BODY}",
    ],
)
def test_what_is_only_not_read_here_is_no_verdict(did: str) -> None:
    with pytest.raises(SaysoError) as refused:
        did_key.document(did)
    assert refused.value.problems[0].kind is UNDECIDABLE
    assert not refused.value.decided
