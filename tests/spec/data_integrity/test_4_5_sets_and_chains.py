"""VC Data Integrity 1.0, section 4.5: sets and chains of proofs are verified."""

from typing import Any

import pytest

from sayso.credentials.vocabulary import bundled
from sayso.dids import did_key
from sayso.encodings.jsonld.contexts import Contexts
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    PROOF_VERIFICATION_ERROR,
    RANGE_ERROR,
    SaysoError,
)
from sayso.jsonvalue import serialize
from sayso.proofs.data_integrity.mechanism import DataIntegrityMechanism, DecodedDocument
from sayso.proofs.mechanism import Found, FoundKey
from tests.spec.data_integrity.documents import (
    AT,
    BOTH,
    JCS,
    RDFC,
    Document,
    a_card,
    by_hand,
    expecting,
    found,
    look,
    proof_of,
    secured,
    with_proofs,
)
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import HOLDER, ISSUER, ISSUER_DID, POLICY, STRANGER

ONE, TWO, THREE = "urn:uuid:1", "urn:uuid:2", "urn:uuid:3"
UNKNOWN = "did:example:nobody#key"


@pytest.fixture(params=BOTH)
def suite(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def chain(suite: str) -> Document:
    """Give a card with three proofs in a row: by the issuer, by a stranger over it, by another over that."""
    first = secured(a_card(), suite, id=ONE)
    second = secured(first, suite, STRANGER, id=TWO, previous=[ONE])
    return secured(second, suite, HOLDER, id=THREE, previous=[TWO])


def spoiled(proof: Document) -> Document:
    """Give a proof with a signature of another proof."""
    return {
        **proof,
        "proofValue": proof_of(secured({"@context": a_card()["@context"], "id": "urn:x:y", "type": "Other"}, JCS))["proofValue"],
    }


def test_a_set_holds_where_all_of_it_does(suite: str) -> None:
    """DI-S2: and names every signer."""
    both = secured(secured(a_card(), suite), suite, STRANGER)
    assert look(both).ok
    first, second = both["proof"]
    assert found(with_proofs(both, spoiled(first), second)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/0")]
    assert found(with_proofs(both, first, spoiled(second))) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/1")]


def test_suites_may_be_mixed() -> None:
    """DI-1: proofs of one document know nothing of each other."""
    for one, two in (BOTH, reversed(BOTH)):
        mixed = secured(secured(a_card(), one, id=ONE), two, STRANGER, previous=[ONE])
        assert look(mixed).ok
        assert look(secured(secured(a_card(), one), two)).ok


def test_of_a_set_one_may_be_enough(suite: str) -> None:
    """DI-S2: where that is opted for; and what does not hold counts for nothing."""
    both = secured(secured(a_card(), suite), suite, STRANGER)
    first, second = both["proof"]
    assert look(with_proofs(both, first, spoiled(second)), all_proofs=False).ok
    # A stranger's alone is not the issuer's.
    assert found(with_proofs(both, spoiled(first), second), all_proofs=False) == [(INVALID_VERIFICATION_METHOD, "/issuer")]
    assert found(with_proofs(both, spoiled(first), spoiled(second)), all_proofs=False) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/0")]


@pytest.mark.parametrize(
    "change",
    [
        {"cryptosuite": "bbs-2023"},
        {"proofValue": "x"},
        {"proofPurpose": "authentication"},
        {"verificationMethod": 5},
        {"verificationMethod": UNKNOWN},
        {"verificationMethod": "x"},
    ],
    ids=repr,
)
def test_of_a_set_one_that_cannot_be_read(suite: str, change: Document) -> None:
    """DI-S2: refused, unless one is enough; before any key is looked at, or where its key cannot be found."""
    both = secured(secured(a_card(), suite), suite, STRANGER)
    first, second = both["proof"]
    for proofs in ((first, {**second, **change}), ({**second, **change}, first)):
        strange = with_proofs(both, *proofs)
        assert not look(strange).ok
        assert look(strange, all_proofs=False).ok
    alone = with_proofs(both, {**first, **change}, {**second, **change})
    assert not look(alone, all_proofs=False).ok


def test_why_no_proof_holds_is_said_of_the_first(suite: str) -> None:
    both = secured(secured(a_card(), suite), suite, STRANGER)
    first, second = both["proof"]
    nobody = with_proofs(both, {**first, "verificationMethod": UNKNOWN}, {**second, "verificationMethod": "x"})
    assert found(nobody, all_proofs=False) == [(METHOD_NOT_SUPPORTED, "/proof/0")]
    assert found(with_proofs(nobody, *reversed(nobody["proof"])), all_proofs=False) == [(INVALID_VERIFICATION_METHOD_URL, "/proof/0")]
    unread = with_proofs(both, {**first, "cryptosuite": "x"}, {**second, "proofValue": 5})
    assert found(unread, all_proofs=False) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/0/cryptosuite")]


def test_what_an_end_says_counts_for_those_that_hold(suite: str) -> None:
    """DI-V8: each proof that holds has not ended; one that fails is not asked."""
    ended = secured(secured(a_card(), suite), suite, STRANGER, expires=AT)
    strict: Document = {"skew": AT - AT}
    assert found(ended, **strict) == [(RANGE_ERROR, "/proof/1/expires")]
    assert found(ended, all_proofs=False, **strict) == [(RANGE_ERROR, "/proof/1/expires")]
    first, second = ended["proof"]
    assert look(with_proofs(ended, first, spoiled(second)), all_proofs=False, **strict).ok


def test_di_s1_what_is_named_is_there(suite: str) -> None:
    """DI-S1."""
    whole = chain(suite)
    assert look(whole).ok
    first, second, third = whole["proof"]
    assert look(with_proofs(whole, first, second)).ok
    assert look(with_proofs(whole, third, first, second)).ok  # in whatever order
    for left, place in (([second, third], "/proof/0"), ([first, third], "/proof/1"), ([third], "/proof/0")):
        assert found(with_proofs(whole, *left)) == [(PROOF_VERIFICATION_ERROR, f"{place}/previousProof")]
        assert found(with_proofs(whole, *left), all_proofs=False) == [(PROOF_VERIFICATION_ERROR, f"{place}/previousProof")]


def test_di_s2_a_chain_stands_on_its_first_proof(suite: str) -> None:
    """DI-S2: a proof counts only where all that it covers, through however many, verify."""
    whole = chain(suite)
    first, second, third = whole["proof"]
    lenient = expecting(all_proofs=False, issuer_binding=False)
    broken = with_proofs(whole, spoiled(first), second, third)
    assert found(broken) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/0")]
    assert found(broken, lenient) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/0")]
    extra = with_proofs(broken, *broken["proof"], proof_of(secured(a_card(), suite, HOLDER)))
    assert look(extra, lenient).ok
    assert look(with_proofs(whole, first, second, spoiled(third)), lenient).ok


def test_di_c4_a_chain_covers_what_it_names(suite: str) -> None:
    """DI-C4: with its signature."""
    whole = chain(suite)
    first, second, third = whole["proof"]
    again = by_hand(a_card(), suite, id=ONE, nonce="x")
    assert found(with_proofs(whole, again, second, third)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/1")]
    unnamed = by_hand(a_card(), suite, STRANGER, previousProof=[ONE])
    assert found(with_proofs(whole, first, unnamed)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/1")]
    named = by_hand(a_card(), suite, STRANGER, covering=[first], previousProof=[ONE])
    assert look(with_proofs(whole, first, named)).ok


def test_di_s3_a_text_or_an_array(suite: str) -> None:
    """DI-S3: both are legal, and nothing else is."""
    first = secured(a_card(), suite, id=ONE)
    for previous in (ONE, [ONE], [ONE, ONE]):
        named = by_hand(
            a_card(), suite, STRANGER, covering=[proof_of(first)] * (2 if previous == [ONE, ONE] else 1), previousProof=previous
        )
        assert look(with_proofs(first, proof_of(first), named)).ok
    plain = proof_of(secured(a_card(), suite))
    for odd in ([], None, 5, [5], [None], {"id": ONE}, [[ONE]]):
        assert found(with_proofs(first, proof_of(first), {**plain, "previousProof": odd})) == [
            (MALFORMED_VALUE_ERROR, "/proof/1/previousProof")
        ]


def test_di_s3_two_proofs_of_one_id(suite: str) -> None:
    """DI-S3: it would be open which is meant."""
    first = secured(a_card(), suite, id=ONE)
    other = by_hand(a_card(), suite, STRANGER, id=ONE)
    assert found(with_proofs(first, proof_of(first), other)) == [(PROOF_VERIFICATION_ERROR, "/proof/1/id")]


@pytest.mark.parametrize("rounds", [[(ONE, ONE)], [(ONE, TWO), (TWO, ONE)], [(ONE, TWO), (TWO, THREE), (THREE, ONE)]], ids=len)
def test_di_s2_proofs_that_depend_on_each_other(suite: str, rounds: Any) -> None:
    """DI-S2: nobody can sign what covers itself; found before any key is looked at."""
    proofs = [{**proof_of(secured(a_card(), suite)), "id": one, "previousProof": other} for one, other in rounds]
    whole = with_proofs(a_card(), proof_of(secured(a_card(), suite)), *proofs)
    assert found(whole) == [(PROOF_VERIFICATION_ERROR, "/proof/1/previousProof")]
    assert not look(whole, all_proofs=False).ok


# --- the mechanism by itself ------------------------------------------------------------------------------------------------------------


def decoded(document: Document, **policy: Any) -> DecodedDocument:
    read = DataIntegrityMechanism().decode(
        serialize(document).encode(), POLICY._replace(**{"cryptosuites": BOTH, "contexts": bundled(), **policy})
    )
    assert read is not None
    return read


def key_of(signer: Any) -> FoundKey:
    return FoundKey(signer.public_key, did_key.did_of(signer.public_key))


def test_each_proof_says_whose_key_it_wants(suite: str) -> None:
    """CID-3: the relationship is the purpose of the proof."""
    read = decoded(secured(secured(a_card(), suite), suite, STRANGER))
    assert [(use.key_id.partition("#")[0], use.relationship, use.place) for use in read.signers] == [
        (ISSUER_DID, "assertionMethod", ("proof", 0)),
        (did_key.did_of(STRANGER.public_key), "assertionMethod", ("proof", 1)),
    ]
    (one,) = decoded(secured(a_card(), suite)).signers
    assert one.place == ("proof",)


def test_what_is_proven(suite: str) -> None:
    read = decoded(secured(secured(a_card(), suite, expires=AT), suite, STRANGER))
    proven = read.prove((key_of(ISSUER), key_of(STRANGER)))
    assert proven.signers == (key_of(ISSUER), key_of(STRANGER))
    assert proven.document == a_card()
    assert proven.bindings == ()
    assert [proof.place for proof in proven.proofs] == [("proof", 0), ("proof", 1)]
    assert proven.proofs[0].members["expires"] == "2026-11-21T12:00:00Z"
    assert "Ada" not in repr(proven)


def test_keys_that_were_not_found(suite: str) -> None:
    read = decoded(secured(secured(a_card(), suite), suite, STRANGER), all_proofs=False)
    missing: Found = SaysoError.of(METHOD_NOT_SUPPORTED, "no", "proof", 1)
    proven = read.prove((key_of(ISSUER), missing))
    assert proven.signers == (key_of(ISSUER),)
    assert len(proven.proofs) == 1
    with refused(METHOD_NOT_SUPPORTED, "/proof/1"):
        read._replace(policy=read.policy._replace(all_proofs=True)).prove((key_of(ISSUER), missing))


@pytest.mark.parametrize("data", [b"", b" ", b"x", b"[]", b"e30.e30.e30", b'{"payload":"x","signatures":[]}', b"{}"])
def test_what_is_the_business_of_others(data: bytes) -> None:
    assert DataIntegrityMechanism().decode(data, POLICY) is None


def test_nothing_is_known_by_default() -> None:
    """Whoever names no suite accepts none; and contexts are arguments."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/cryptosuite"):
        decoded(secured(a_card(), RDFC), cryptosuites=())
    read = decoded(secured(a_card(), RDFC), contexts=Contexts({}))
    with pytest.raises(SaysoError):
        read.prove((key_of(ISSUER),))
