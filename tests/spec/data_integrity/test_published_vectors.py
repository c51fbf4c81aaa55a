"""The published vectors of the cryptosuites: every intermediate value, and the doors."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sayso.encodings import multibase
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, PROOF_GENERATION_ERROR, PROOF_VERIFICATION_ERROR
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys import multikey
from sayso.keys.signer import SeedSigner
from sayso.proofs.data_integrity.hashing import hash_document, hash_options
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import SUITES
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations
from tests.spec.data_integrity.vectors import AT, ECDSA, EDDSA, Vector, contexts, read, world
from tests.unit.proofs.refusals import refused

VECTORS = (*EDDSA, *ECDSA)


def hash_name(vector: Vector) -> str:
    return "sha-384" if vector.ending.endswith("P384") else "sha-256"


def expecting(**others: Any) -> Expectations:
    """Expect what the vectors hold: they are signed by keys that are not the issuer's."""
    options: dict[str, Any] = {
        "issuers": ANYONE,
        "issuer_binding": False,
        "holder_binding": False,
        "cryptosuites": tuple(SUITES),
        "contexts": contexts(),
        **others,
    }
    return Expectations(**options)


def unsecured(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "proof"}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.folder)
def test_every_intermediate_value(vector: Vector) -> None:
    """RD-1, RD-2, JC-1, ED-C3: canonical document and options, both hashes, and the options first."""
    suite, name = SUITES[vector.suite], hash_name(vector)
    signed = vector.json("signed")
    document, proof = unsecured(signed), signed["proof"]
    assert isinstance(proof, dict)
    assert suite.canonicalize(document, world(), name).decode() == vector.text("canonDoc")
    config = vector.json("proofConfig")
    assert suite.canonicalize(config, world(), name).decode() == vector.text("proofCanon")
    document_hash = hash_document(document, suite, name, world())
    options_hash = hash_options(proof, document, suite, name, world())
    assert document_hash.hex() == vector.text("docHash")
    assert options_hash.hex() == vector.text("proofHash")
    assert (options_hash + document_hash).hex() == vector.text("combinedHash")
    assert multibase.decode_base58btc(vector.text("sigBTC58")).hex() == vector.text("sigHex")
    assert proof["proofValue"] == vector.text("sigBTC58")


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.folder)
def test_each_verifies_at_the_door(vector: Vector) -> None:
    document = vector.json("signed")
    report = examine(serialize(document), expecting(), at=AT)
    assert report.problems == ()
    assert report.require().claims == unsecured(document)
    changed = {**document, "issuer": "https://vc.example/issuers/5679"}
    assert [problem.kind for problem in examine(serialize(changed), expecting(), at=AT).problems] == [CRYPTOGRAPHIC_SECURITY_ERROR]


@pytest.mark.parametrize("vector", EDDSA[:3], ids=lambda vector: vector.folder)
def test_each_is_made_again(vector: Vector) -> None:
    """ED-1: Ed25519 is deterministic."""
    signed = vector.json("signed")
    proof = signed["proof"]
    assert isinstance(proof, dict)
    assert add_proof(unsecured(signed), options(vector.suite, proof), signer(read("eddsa", "keyPair.json")), world()) == signed


def options(suite: str, proof: JsonObject) -> ProofOptions:
    from sayso.credentials.validity import parse_date_time

    previous = proof.get("previousProof", [])
    return ProofOptions(
        suite,
        str(proof["verificationMethod"]),
        str(proof["proofPurpose"]),
        parse_date_time(proof["created"]),
        id=None if "id" not in proof else str(proof["id"]),
        previous=[str(name) for name in (previous if isinstance(previous, list) else [previous])],
    )


def signer(pair: Mapping[str, str]) -> SeedSigner:
    return SeedSigner(multikey.decode_secret(pair["privateKeyMultibase"]))


SETS = ("signedProofSet1", "signedProofSet2", "signedProofChain1", "signedProofChain2")


@pytest.mark.parametrize("name", SETS)
def test_sets_and_chains_verify(name: str) -> None:
    """DI-C4, DI-S1: previousProof is a string or an array, and what it names is covered."""
    document = read("eddsa", "proof-set-chain", f"{name}.json")
    report = examine(serialize(document), expecting(), at=AT)
    assert report.problems == ()
    assert report.require().claims == unsecured(document)


@pytest.mark.parametrize("name", SETS)
def test_sets_and_chains_are_made_again(name: str) -> None:
    """DI-C1 to DI-C3, one proof after the other."""
    wanted = read("eddsa", "proof-set-chain", f"{name}.json")
    pairs = read("eddsa", "proof-set-chain", "multiKeyPairs.json")
    made = unsecured(wanted)
    for proof in wanted["proof"] if isinstance(wanted["proof"], list) else [wanted["proof"]]:
        by = next(pair for pair in pairs.values() if pair["publicKeyMultibase"] in proof["verificationMethod"])
        made = add_proof(made, options("eddsa-rdfc-2022", proof), signer(by), world())
    assert made == wanted


def test_each_proof_of_a_chain_is_needed_by_those_that_name_it() -> None:
    """DI-S1, DI-S2."""
    document = read("eddsa", "proof-set-chain", "signedProofChain2.json")
    for gone in range(3):
        left = [proof for number, proof in enumerate(document["proof"]) if number != gone]
        found = examine(serialize({**document, "proof": left}), expecting(), at=AT).problems
        assert [problem.kind for problem in found] == [PROOF_VERIFICATION_ERROR]
    without_last = {**document, "proof": document["proof"][:3]}
    assert examine(serialize(without_last), expecting(), at=AT).ok


def test_one_proof_may_be_enough() -> None:
    """DI-S2: what is named opts out; a proof whose previous one fails does not count either."""
    document = read("eddsa", "proof-set-chain", "signedProofChain2.json")
    first, second, third, fourth = document["proof"]
    broken = {**document, "proof": [{**first, "proofValue": second["proofValue"]}, second, third, fourth]}
    assert not examine(serialize(broken), expecting(), at=AT).ok
    lenient = replace(expecting(), all_proofs=False)
    assert examine(serialize(broken), lenient, at=AT).ok
    alone = {**document, "proof": [{**first, "proofValue": second["proofValue"]}, third, fourth]}
    assert not examine(serialize(alone), lenient, at=AT).ok


def test_what_a_new_proof_names_is_there() -> None:
    """DI-C2."""
    document = read("eddsa", "proof-set-chain", "unsigned.json")
    config = {**read("eddsa", "proof-set-chain", "proofChainConfig2.json"), "previousProof": "urn:uuid:none"}
    with refused(PROOF_GENERATION_ERROR, says="does not have"):
        add_proof(document, options("eddsa-rdfc-2022", config), signer(read("eddsa", "keyPair.json")), world())


def test_the_vectors_are_json() -> None:
    for vector in VECTORS:
        assert json.loads(serialize(vector.json("signed"))) == vector.json("signed")
