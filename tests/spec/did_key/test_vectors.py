"""did:key: the keys and DIDs that w3c-ccg/did-method-key publishes."""

import json
from typing import Any

import pytest

from sayso.dids import did_key
from sayso.dids.document import UnreadableMethod, VerificationMethod, parse
from sayso.dids.resolution import document_of, resolve, retrieve_verification_method
from sayso.encodings import multibase
from sayso.errors import INVALID_VERIFICATION_METHOD, UNDECIDABLE, SaysoError
from sayso.keys import ed25519, jwk, x25519
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


def test_the_keys_that_agree_on_keys() -> None:
    """KEY-4: the X25519 key that follows from each Ed25519 key, and its place in the document."""
    for did, vector in _published("ed25519-x25519.json").items():
        agreed = vector["keyAgreementKeyPair"]
        (url,) = (method for method in did_key.view(did, agreement=True)["keyAgreement"])  # type: ignore[union-attr]
        assert url == did + agreed["id"].removeprefix(did)
        raw = x25519.decode_multikey(str(url).partition("#")[2]).raw
        if "publicKeyBase58" in agreed:
            assert raw == multibase.decode("z" + agreed["publicKeyBase58"])
        else:
            assert x25519.decode_jwk(agreed["publicKeyJwk"]).raw == raw


def test_dids_of_keys_that_agree_on_keys() -> None:
    """KEY-2, KEY-3: a did:key of an X25519 key names it for key agreement alone, and nothing that it signs is good."""
    documents = _published("x25519.json")["didDocument"]
    for did, theirs in documents.items():
        found = drive(resolve(did, AT), offline).members
        assert found["keyAgreement"] == theirs["keyAgreement"]
        assert found.keys() == {"@context", "id", "verificationMethod", "keyAgreement"}
        with pytest.raises(SaysoError) as refused:
            drive(retrieve_verification_method(str(theirs["keyAgreement"][0]), "keyAgreement", AT), offline)
        assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD
    assert documents
