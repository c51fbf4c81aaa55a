"""did:key: the keys and DIDs that w3c-ccg/did-method-key publishes."""

import json
from typing import Any

import pytest

from sayso.dids import did_key
from sayso.dids.document import UnreadableMethod, VerificationMethod, parse
from sayso.dids.resolution import document_of
from sayso.encodings import multibase
from sayso.errors import UNDECIDABLE, SaysoError
from sayso.keys import ed25519, jwk
from sayso.keys.ecdsa import EcdsaKey
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.ed25519 import PublicKey
from sayso.retrieval import drive, offline
from tests.support import shared
from tests.unit.dids.world import AT


def _published(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("vectors", "did-key", name).read_bytes())
    return found


def _key(published: dict[str, Any]) -> PublicKey:
    """Read either of the two forms that the vectors have; base58 alone is of the older suite of 2018."""
    if "publicKeyBase58" in published:
        return ed25519.parse(multibase.decode("z" + published["publicKeyBase58"]))
    return jwk.decode(published["publicKeyJwk"])


def test_keys_and_dids() -> None:
    """KEY-3: seed, public key, DID and verification method of five Ed25519 keys."""
    vectors = _published("ed25519-x25519.json")
    for did, vector in vectors.items():
        key, _ = ed25519.key_pair(bytes.fromhex(vector["seed"]))
        assert _key(vector["verificationKeyPair"]) == key
        assert did_key.did_of(key) == did == vector["verificationKeyPair"]["controller"]
        assert did_key.verification_method(key) == did + vector["verificationKeyPair"]["id"].removeprefix(did)
        assert did_key.verification_method(key) == vector["didDocument"]["verificationMethod"][0]["id"]
    assert len(vectors) == 5


def test_documents_name_the_key_for_the_same_purposes() -> None:
    """KEY-3, CID-1: the published documents, in an older key format, parse and say the same about who may sign."""
    for did, vector in _published("ed25519-x25519.json").items():
        ours, theirs = drive(document_of(did, AT), offline), parse(vector["didDocument"])
        assert theirs.id == ours.id
        assert {name: ids for name, ids in theirs.relationships.items() if name != "keyAgreement"} == ours.relationships
        url, method = next(iter(ours.methods.items()))
        assert isinstance(method, VerificationMethod)
        found = theirs.methods[url]
        if isinstance(found, UnreadableMethod):
            assert found.problem.kind is UNDECIDABLE
            assert vector["didDocument"]["verificationMethod"][0]["type"] == "Ed25519VerificationKey2018"
        else:
            assert (found.key, found.controller) == (method.key, did)


def test_keys_and_dids_of_the_nist_curves() -> None:
    """KEY-2: P-256, P-384 and P-521, from private key to document; the oldest vector has its key in a form of 2021."""
    curves = set[str]()
    for did, vector in _published("nist-curves.json").items():
        (method,) = did_key.document(did).methods.values()
        assert isinstance(method, VerificationMethod)
        assert method.id == did + vector["verificationMethod"]["id"].removeprefix(did)
        assert (did_key.did_of(method.key), did_key.verification_method(method.key)) == (did, method.id)
        private = vector["verificationMethod"].get("privateKeyJwk")
        if private is None:
            published = multibase.decode("z" + vector["verificationMethod"]["publicKeyBase58"])
            assert isinstance(method.key, EcdsaKey)
            assert published in (method.key.raw, b"\4" + b"".join(method.key.coordinates))
            continue
        signer = EcdsaSigner.from_jwk(private)
        assert method.key == signer.public_key == jwk.decode_any(vector["verificationMethod"]["publicKeyJwk"])
        assert method.key.verifies(signer.sign(b"message"), b"message")
        theirs = parse(vector["didDocument"])
        found = theirs.methods[method.id]
        assert isinstance(found, VerificationMethod)
        assert found.key == method.key
        assert {name: ids for name, ids in theirs.relationships.items() if name != "keyAgreement"} == did_key.document(did).relationships
        curves.add(signer.public_key.curve)
    assert curves == {"P-256", "P-384", "P-521"}


@pytest.mark.parametrize("name", ["x25519.json"])
def test_dids_of_other_keys_are_no_verdict(name: str) -> None:
    """KEY-2: other kinds of keys are well-formed and not read here."""
    vectors = _published(name)
    dids = [did for did in (*vectors, *vectors.get("didDocument", ())) if did.startswith("did:key:")]
    assert dids
    for did in dids:
        with pytest.raises(SaysoError) as refused:
            drive(document_of(did, AT), offline)
        assert refused.value.problems[0].kind is UNDECIDABLE
