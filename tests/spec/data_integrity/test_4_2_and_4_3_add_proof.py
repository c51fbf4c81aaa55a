"""VC Data Integrity 1.0, sections 4.2 and 4.3: proofs are added; EdDSA Cryptosuites 1.0, sections 3.2.1 and 3.3.1."""

from datetime import timedelta
from typing import Any

import pytest

from sayso.encodings import jcs, multibase
from sayso.errors import DATA_LOSS_DETECTION_ERROR, INVALID_VERIFICATION_METHOD, LIMIT_EXCEEDED, PARSING_ERROR, PROOF_GENERATION_ERROR
from sayso.proofs.data_integrity.hashing import hash_document, hash_options
from sayso.proofs.data_integrity.proof import MAX_PROOFS
from sayso.proofs.data_integrity.signing import with_proof_context
from sayso.proofs.data_integrity.suites import SUITES, WRITABLE
from tests.spec.data_integrity.documents import (
    AT,
    BOTH,
    JCS,
    LEGACY,
    RDFC,
    UNDEFINED,
    V1,
    V2,
    WORLD,
    Document,
    a_card,
    by_hand,
    look,
    proof_of,
    secured,
    with_proofs,
    without_proof,
)
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import ISSUER, ISSUER_KID, STRANGER

DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"


@pytest.mark.parametrize("suite", BOTH)
def test_di_a1_to_a4_the_proof_joins_the_document(suite: str) -> None:
    """DI-A1, DI-A2, DI-A4: the document stays as it is, and the proof has what it must."""
    document = secured(a_card(), suite)
    assert without_proof(document) == a_card()
    proof = proof_of(document)
    assert {name: value for name, value in proof.items() if name not in {"proofValue", "@context"}} == {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "verificationMethod": ISSUER_KID,
        "proofPurpose": "assertionMethod",
    }


def test_di_a1_what_is_said_beside() -> None:
    """DI-A3: domain and challenge stand in the proof, as they were given."""
    options: dict[str, Any] = {
        "id": "urn:uuid:1",
        "created": AT,
        "expires": AT + timedelta(hours=1),
        "domain": ["https://a.example", "https://b.example"],
        "challenge": "c",
        "nonce": "n",
    }
    proof = proof_of(secured(a_card(), JCS, **options))
    assert {name: proof[name] for name in options} == {
        **options,
        "created": "2026-11-21T12:00:00Z",
        "expires": "2026-11-21T13:00:00Z",
    }
    assert proof_of(secured(a_card(), JCS, domain="https://a.example"))["domain"] == "https://a.example"


@pytest.mark.parametrize("suite", BOTH)
def test_ed_1_the_same_inputs_give_the_same_bytes(suite: str) -> None:
    """ED-1, ED-C2: deterministic; 64 bytes in base58btc."""
    one, two = secured(a_card(), suite), secured(a_card(), suite)
    assert one == two
    assert len(multibase.decode_base58btc(proof_of(one)["proofValue"])) == 64


@pytest.mark.parametrize("suite", BOTH)
def test_ed_c3_the_options_first(suite: str) -> None:
    """ED-C3, ED-C4: SHA-256 of the options without `proofValue`, then of the document; the signature is over these 64 bytes."""
    document = secured(a_card(), suite, created=AT)
    proof, how = proof_of(document), SUITES[suite]
    options = hash_options(proof, a_card(), how, "sha-256", WORLD)
    whole = options + hash_document(a_card(), how, "sha-256", WORLD)
    assert ISSUER.sign(whole) == multibase.decode_base58btc(proof["proofValue"])
    assert options == hash_options({**proof, "proofValue": "x"}, a_card(), how, "sha-256", WORLD)
    assert options != hash_options({**proof, "nonce": "x"}, a_card(), how, "sha-256", WORLD)


def test_rd_2_the_context_is_hashed_and_never_written() -> None:
    """RD-2."""
    proof = proof_of(secured(a_card(), RDFC))
    assert "@context" not in proof
    how = SUITES[RDFC]
    other = a_card(**{"@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"]})
    assert hash_options(proof, a_card(), how, "sha-256", WORLD) == hash_options(proof, other, how, "sha-256", WORLD)
    with refused(DATA_LOSS_DETECTION_ERROR):
        hash_options(proof, {"x": 1}, how, "sha-256", WORLD)


def test_jc_1_the_context_is_repeated() -> None:
    """JC-1: before hashing, and in what is written; what has none repeats none."""
    proof = proof_of(secured(a_card(), JCS))
    assert proof["@context"] == [V2, UNDEFINED]
    bare = secured({"x": 1}, JCS)
    assert "@context" not in proof_of(bare)
    config = {name: value for name, value in proof.items() if name != "proofValue"}
    assert SUITES[JCS].canonicalize(config, WORLD, "sha-256") == jcs.canonicalize(config)


def test_di_2_the_context_of_proofs() -> None:
    """DI-2: VCDM 1.1 gets it where it has none; VCDM 2.0 has the terms, and other documents are left alone."""
    v1: Document = {"@context": [V1], "type": ["VerifiableCredential"]}
    assert with_proof_context(v1)["@context"] == [V1, DATA_INTEGRITY]
    others: list[Any] = [[V1, DATA_INTEGRITY], [V1, V2], [V2], [V2, UNDEFINED], V1, [], [{"x": "urn:x"}, V1], None]
    for contexts in others:
        assert with_proof_context({"@context": contexts}) == {"@context": contexts}
    assert with_proof_context({"@context": [V1, {"x": "urn:x"}]})["@context"] == [V1, {"x": "urn:x"}, DATA_INTEGRITY]
    assert with_proof_context({}) == {}


@pytest.mark.parametrize("suite", BOTH)
def test_di_c1_to_c5_a_set(suite: str) -> None:
    """DI-C1, DI-C4, DI-C5: each proof signs the bare document, whichever came first."""
    one, two = secured(a_card(), suite), secured(a_card(), suite, STRANGER)
    both = secured(one, suite, STRANGER)
    assert both["proof"] == [proof_of(one), proof_of(two)]
    assert look(both).ok
    assert look(with_proofs(a_card(), *reversed(both["proof"]))).ok


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize("previous", [["urn:uuid:1"], ["urn:uuid:1", "urn:uuid:2"], ["urn:uuid:2", "urn:uuid:1"]])
def test_di_c2_and_c3_a_chain(suite: str, previous: list[str]) -> None:
    """DI-C2, DI-C3, DI-C4, DI-C6: the proofs that are named are signed too, in an array, in the order of the names."""
    first = secured(a_card(), suite, id="urn:uuid:1")
    both = secured(first, suite, id="urn:uuid:2")
    whole = secured(both, suite, STRANGER, previous=previous)
    named = [next(proof for proof in both["proof"] if proof["id"] == name) for name in previous]
    proof = whole["proof"][2]
    assert proof["previousProof"] == (previous[0] if len(previous) == 1 else previous)
    how = SUITES[suite]
    hashes = (
        hash_options(proof, a_card(), how, "sha-256", WORLD),
        hash_document({**a_card(), "proof": [*named]}, how, "sha-256", WORLD),
    )
    assert STRANGER.sign(b"".join(hashes)) == multibase.decode_base58btc(proof["proofValue"])
    assert look(whole).ok


def test_di_c2_what_is_not_there_cannot_be_named() -> None:
    """DI-C2; and DI-S3: no second proof of one id."""
    first = secured(a_card(), id="urn:uuid:1")
    for document in (a_card(), first):
        with refused(PROOF_GENERATION_ERROR, "/proof", says="does not have"):
            secured(document, previous=["urn:uuid:2"])
    with refused(PROOF_GENERATION_ERROR, "/proof", says="id already"):
        secured(first, id="urn:uuid:1")
    unnamed = secured(a_card())
    with refused(PROOF_GENERATION_ERROR):
        secured(unnamed, previous=["urn:uuid:1"])


def test_di_v1_what_is_no_proof_is_not_joined() -> None:
    for proof, place in (("x", "/proof"), ([], "/proof"), ([{}, 5], "/proof/1"), (None, "/proof")):
        with refused(PARSING_ERROR, place):
            secured({**a_card(), "proof": proof})
    many = with_proofs(a_card(), *[{"type": "x"}] * (MAX_PROOFS + 1))
    with refused(LIMIT_EXCEEDED, "/proof"):
        secured(many)


def test_di_3_what_would_be_lost_is_not_signed() -> None:
    """DI-3."""
    lost = a_card(**{"@context": [V2]})
    with refused(DATA_LOSS_DETECTION_ERROR):
        secured(lost, RDFC)
    assert look(secured(lost, JCS), undefined_terms="ignore").ok


def test_a_suite_signs_with_its_own_keys() -> None:
    with refused(INVALID_VERIFICATION_METHOD, says="no kind"):
        secured(a_card(), "ecdsa-jcs-2019")


def test_lg_1_the_suite_of_2020_is_not_written() -> None:
    """LG-1: and read where it was asked for; then it is what the doors verify."""
    assert LEGACY not in WRITABLE
    document = a_card(**{"@context": [V2, "https://w3id.org/security/suites/ed25519-2020/v1", UNDEFINED]})
    signed = {**document, "proof": by_hand(document, LEGACY, created="2026-11-21T12:00:00Z")}
    assert look(signed, cryptosuites=(LEGACY,)).ok
    assert not look(signed).ok
