"""Controlled Identifiers 1.0, section 3.3: Retrieve Verification Method, every step and the error it names (CID-3)."""

from datetime import timedelta

import pytest

from sayso.dids import did_key
from sayso.dids.document import VerificationMethod
from sayso.errors import (
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    METHOD_NOT_SUPPORTED,
    NOT_FOUND,
    UNDECIDABLE,
    Problem,
    SaysoError,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import jwk
from tests.unit.dids.world import AT, DID, KEY, OTHER_KEY, URL, World, document, method

OTHER = "did:example:other"


def _refusal(world: World, did_url: str = URL, relationship: str = "assertionMethod", later: timedelta = timedelta(0)) -> Problem:
    with pytest.raises(SaysoError) as refused:
        world.retrieve(did_url, relationship, AT + later)
    assert len(refused.value.problems) == 1
    return refused.value.problems[0]


def test_a_method_that_the_document_authorises_is_found() -> None:
    world = World(org=document(method()))
    assert world.retrieve() == VerificationMethod(URL, DID, KEY)
    assert world.asked == [f"https://dids.example/{DID}"]


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "key-1",
        "#key-1",
        DID,
        DID + "#",
        "did:example:#key-1",
        URL + "#key-1",
        URL + " ",
        f"{DID}/path#key-1",
        f"{DID}?versionId=1#key-1",
        "https://example.org/#key-1",
        "urn:uuid:5c1f#key-1",
    ],
)
def test_step_1_and_2_the_identifier_is_a_did_with_a_fragment(identifier: str) -> None:
    """CID-3.1: not a valid URL is INVALID_VERIFICATION_METHOD_URL; here also what is no key of a DID."""
    world = World(org=document(method()))
    assert _refusal(world, identifier).kind is INVALID_VERIFICATION_METHOD_URL
    assert world.asked == []


def test_step_3_the_document_is_dereferenced() -> None:
    """CID-3.3: what resolution refuses is refused as it says."""
    assert _refusal(World()).kind is NOT_FOUND
    assert _refusal(World(), "did:unknown:org#key-1").kind is METHOD_NOT_SUPPORTED


@pytest.mark.parametrize("broken", [{"id": "org"}, document("key-1"), document(method(), method()), document(authentication=None)])
def test_step_4_the_document_conforms(broken: JsonObject) -> None:
    """CID-3.4: INVALID_CONTROLLED_IDENTIFIER_DOCUMENT."""
    assert _refusal(World(org=broken)).kind is INVALID_CONTROLLED_IDENTIFIER_DOCUMENT


def test_step_5_the_document_is_that_of_the_did() -> None:
    """CID-3.5: INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID; everything else about the two documents agrees."""
    world = World(other=document(method()))
    assert _refusal(world, f"{OTHER}#key-1").kind is INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID
    assert _refusal(world, URL).kind is NOT_FOUND


@pytest.mark.parametrize("name", ["#key-1", URL])
def test_step_6_an_id_may_be_relative_and_a_method_embedded(name: str) -> None:
    """CID-3.6, CID-4: the id is doc.id#frag or #frag, also of a method embedded in a relationship."""
    listed = document(method(id=name), assertionMethod=[name])
    embedded: JsonObject = {"id": DID, "assertionMethod": [method(id=name)]}
    crossed: JsonObject = {"id": DID, "verificationMethod": [method(id=name)], "assertionMethod": [URL if name == "#key-1" else "#key-1"]}
    for value in (listed, embedded, crossed):
        assert World(org=value).retrieve() == VerificationMethod(URL, DID, KEY)


@pytest.mark.parametrize(
    "value",
    [
        document(method(id="#key-2")),
        document(),
        document(method(id=f"{OTHER}#key-1")),
        document(service=[{"id": "#key-1", "type": "Multikey", "serviceEndpoint": URL}]),
    ],
)
def test_step_7_a_method_that_is_not_there(value: JsonObject) -> None:
    """CID-3.7: INVALID_VERIFICATION_METHOD."""
    assert _refusal(World(org=value)).kind is INVALID_VERIFICATION_METHOD


@pytest.mark.parametrize("controller", [OTHER, "https://example.org/", DID + "#key-1", None])
def test_step_7_a_method_that_the_did_does_not_control(controller: str | None) -> None:
    """CID-3.7: the controller must be the document's own DID."""
    assert _refusal(World(org=document(method(controller=controller)))).kind is INVALID_VERIFICATION_METHOD


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"type": None}, "/type"),
        ({"publicKeyMultibase": "z6Mk"}, "/publicKeyMultibase"),
        ({"publicKeyJwk": {}}, ""),
        ({"type": "JsonWebKey", "publicKeyMultibase": None, "publicKeyJwk": {**jwk.encode(KEY), "d": "x"}}, "/publicKeyJwk"),
    ],
)
def test_step_7_a_method_that_does_not_conform(changed: dict[str, Json], pointer: str) -> None:
    """CID-3.7, MK-3: malformed material, two of it, or private members; the pointer leads into the document."""
    problem = _refusal(World(org=document(method(**changed))))
    assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, "/verificationMethod/0" + pointer)


def test_step_7_a_kind_of_key_that_is_not_read_is_no_verdict() -> None:
    assert _refusal(World(org=document(method(type="EcdsaSecp256k1VerificationKey2019")))).kind is UNDECIDABLE


@pytest.mark.parametrize(
    "relationship", ["authentication", "keyAgreement", "capabilityInvocation", "assertionmethod", "verificationMethod", "id", ""]
)
def test_step_8_the_relationship_names_the_method(relationship: str) -> None:
    """CID-3.8, trap 4: a key in the document may sign only what the document names it for."""
    world = World(org=document(method(), method(id="#key-2"), authentication=["#key-2"]))
    assert _refusal(world, URL, relationship).kind is INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD
    assert world.retrieve(DID + "#key-2", "authentication").id == DID + "#key-2"


def test_step_8_being_embedded_in_another_relationship_is_not_enough() -> None:
    world = World(org={"id": DID, "authentication": [method()], "assertionMethod": []})
    assert _refusal(world).kind is INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD
    assert world.retrieve(relationship="authentication").key == KEY


@pytest.mark.parametrize("name", ["expires", "revoked"])
def test_cid_2_nothing_verifies_at_or_after_its_end(name: str) -> None:
    """CID-2: expires and revoked; not at the instant itself, nor after it."""
    world = World(org=document(method(**{name: "2026-11-21T12:00:00.5Z"})))
    assert world.retrieve().key == KEY
    for later in (timedelta(seconds=0.5), timedelta(seconds=1), timedelta(days=10_000)):
        assert _refusal(world, later=later).kind is INVALID_VERIFICATION_METHOD


def test_cid_2_the_earlier_of_the_two_ends_it() -> None:
    early, late = "2026-11-21T11:00:00Z", "2026-12-01T00:00:00Z"
    for dates in ({"expires": early, "revoked": late}, {"expires": late, "revoked": early}):
        assert _refusal(World(org=document(method(**dates)))).kind is INVALID_VERIFICATION_METHOD


def test_the_same_for_a_did_that_is_its_key() -> None:
    world = World()
    mine, other = did_key.verification_method(KEY), did_key.did_of(OTHER_KEY).removeprefix("did:key:")
    assert world.retrieve(mine).key == KEY
    assert _refusal(world, mine, "keyAgreement").kind is INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD
    assert _refusal(world, f"{did_key.did_of(KEY)}#{other}").kind is INVALID_VERIFICATION_METHOD
