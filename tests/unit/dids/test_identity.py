"""A signer signs for a DID whose document names its key."""

import pytest

from sayso.dids import did_jwk, did_key
from sayso.dids.document import SIGNING_RELATIONSHIPS
from sayso.dids.identity import Identity, identity
from sayso.errors import INVALID_DID, INVALID_VERIFICATION_METHOD, ProblemType, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.keys.ecdsa import CURVES, CurveName
from sayso.keys.ed25519 import PublicKey
from sayso.keys.signer import SeedSigner
from sayso.retrieval import drive, offline
from tests.unit.dids.world import AT, DID, OTHER_KEY, URL, World, document, method
from tests.unit.keys.test_ecdsa import NAMES, signer

SIGNER = SeedSigner(bytes(range(32)))


def _refusal(world: World, did: str | None = DID, signer: SeedSigner = SIGNER) -> ProblemType:
    with pytest.raises(SaysoError) as refused:
        drive(identity(signer, did, "assertionMethod", AT, world.methods), world.fetch)
    return refused.value.problems[0].kind


def test_without_a_did_it_is_that_of_the_key() -> None:
    found = drive(identity(SIGNER, None, "assertionMethod", AT), offline)
    assert found == Identity(did_key.did_of(SIGNER.public_key), did_key.verification_method(SIGNER.public_key), SIGNER, "EdDSA")


@pytest.mark.parametrize("relationship", SIGNING_RELATIONSHIPS)
def test_a_did_that_is_the_key(relationship: str) -> None:
    for room in (did_key, did_jwk):
        found = drive(identity(SIGNER, room.did_of(SIGNER.public_key), relationship, AT), offline)
        assert found == (room.did_of(SIGNER.public_key), room.verification_method(SIGNER.public_key), SIGNER, "EdDSA")


def test_the_document_is_asked_for_once_and_searched_for_the_key() -> None:
    others = (method(id="#odd", type="Unknown"), method(id="#other", publicKeyMultibase=did_key.did_of(OTHER_KEY)[8:]), method())
    world = World(org=document(*others, assertionMethod=["#missing", "#odd", "#other", "#key-1"]))
    assert drive(identity(SIGNER, DID, "assertionMethod", AT, world.methods), world.fetch) == (DID, URL, SIGNER, "EdDSA")
    assert len(world.asked) == 1


@pytest.mark.parametrize(
    "value",
    [
        document(),
        document(method(), assertionMethod=[], authentication=[URL]),
        document(method(publicKeyMultibase=did_key.did_of(OTHER_KEY)[8:])),
        document(method(controller="did:example:other")),
        document(method(revoked="2026-11-21T12:00:00Z")),
    ],
)
def test_a_key_that_the_document_does_not_authorise_is_refused(value: JsonObject) -> None:
    assert _refusal(World(org=value)) is INVALID_VERIFICATION_METHOD


def test_a_malformed_did_is_refused() -> None:
    assert _refusal(World(), "me") is INVALID_DID


def test_a_signer_whose_key_is_no_good_point_is_refused() -> None:
    class Broken(SeedSigner):
        @property
        def public_key(self) -> PublicKey:
            return PublicKey((2).to_bytes(32, "little"))

    for did in (None, DID):
        assert _refusal(World(org=document(method())), did, Broken(bytes(32))) is INVALID_VERIFICATION_METHOD


@pytest.mark.parametrize("name", NAMES)
def test_a_key_on_a_curve_signs_under_the_algorithm_of_its_curve(name: CurveName) -> None:
    key, algorithm = signer(name), CURVES[name].algorithm
    found = drive(identity(key, None, "assertionMethod", AT), offline)
    assert found == Identity(did_key.did_of(key.public_key), did_key.verification_method(key.public_key), key, algorithm)
    world = World(org=document(method(), method(id="#p", publicKeyMultibase=found.did[8:]), assertionMethod=["#key-1", "#p"]))
    assert drive(identity(key, DID, "assertionMethod", AT, world.methods, algorithm=algorithm), world.fetch).key_id == DID + "#p"


def test_the_algorithm_is_one_of_the_key() -> None:
    """RFC 8725, section 3.1: no header says EdDSA of a signature by ECDSA, nor the other way."""
    for key, algorithm in ((signer("P-256"), "EdDSA"), (signer("P-256"), "ES384"), (SIGNER, "ES256"), (SIGNER, "none")):
        with pytest.raises(ValueError, match=f"algorithm is one of {', '.join(key.public_key.algorithms)}$"):
            drive(identity(key, None, "assertionMethod", AT, algorithm=algorithm), offline)
    for algorithm in ("EdDSA", "Ed25519"):
        assert drive(identity(SIGNER, None, "assertionMethod", AT, algorithm=algorithm), offline).signer is SIGNER
