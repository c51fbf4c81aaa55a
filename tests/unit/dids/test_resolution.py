"""From an identifier to a key that may be used: each step has its failure."""

from datetime import datetime, timedelta

import pytest

from sayso.dids import did_jwk, did_key
from sayso.dids.document import DidDocument, parse
from sayso.dids.method import Options, Resolution
from sayso.dids.resolution import METHODS, document_of, key_of_did, remembering, resolve, retrieve_verification_method
from sayso.errors import (
    DEACTIVATED,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID,
    INVALID_DID,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    METHOD_NOT_SUPPORTED,
    NOT_FOUND,
    RETRIEVAL_REFUSED,
    UNDECIDABLE,
    ProblemType,
    SaysoError,
)
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject
from sayso.keys.ed25519 import PublicKey
from sayso.retrieval import Steps, done, drive, offline
from tests.unit.dids.world import AT, DID, KEY, OTHER_KEY, URL, World, document, method
from tests.unit.keys.test_ecdsa import signer


def _refusal(steps: Steps[object], world: World | None = None) -> ProblemType:
    with pytest.raises(SaysoError) as refused:
        drive(steps, world.fetch if world else offline)
    return refused.value.problems[0].kind


def test_the_methods_that_need_no_world() -> None:
    for room in (did_key, did_jwk):
        did = room.did_of(KEY)
        assert drive(document_of(did, AT), offline) == room.document(did)
    assert [method.name for method in METHODS] == ["key", "jwk", "web", "peer", "webvh"]


def test_a_method_may_ask_the_world() -> None:
    world = World(org=document(method()))
    assert drive(document_of(DID, AT, world.methods), world.fetch) == parse(document(method()))
    assert world.asked == [f"https://dids.example/{DID}"]
    assert _refusal(document_of(DID, AT, world.methods)) is RETRIEVAL_REFUSED
    assert _refusal(document_of(DID + "x", AT, world.methods), world) is NOT_FOUND


def test_nothing_is_asked_of_a_malformed_did_or_an_unknown_method() -> None:
    world = World(org=document(method()))
    assert _refusal(document_of("did:example:", AT, world.methods), world) is INVALID_DID
    assert _refusal(document_of("did:Example:org", AT, world.methods), world) is INVALID_DID
    assert _refusal(document_of(URL, AT, world.methods), world) is INVALID_DID
    assert _refusal(document_of("did:examples:org", AT, world.methods), world) is METHOD_NOT_SUPPORTED
    assert _refusal(document_of(DID, AT)) is METHOD_NOT_SUPPORTED
    assert _refusal(document_of(did_key.did_of(KEY), AT, ())) is METHOD_NOT_SUPPORTED
    assert world.asked == []


def test_a_malformed_did_fails_when_it_is_driven_and_not_before() -> None:
    steps = document_of("no did", AT)
    assert _refusal(steps) is INVALID_DID


def test_the_first_method_of_a_name_answers() -> None:
    class Mine:
        name = "key"

        def resolve(self, did: Did, _at: datetime, _options: Options) -> Steps[Resolution]:
            return done(Resolution(DidDocument(did, {}, {}), {}, {}))

    assert drive(document_of(did_key.did_of(KEY), AT, (Mine(), *METHODS)), offline).methods == {}


def test_nothing_holds_any_more_that_a_deactivated_did_signs() -> None:
    class Gone:
        name = "example"

        def resolve(self, _did: Did, _at: datetime, _options: Options) -> Steps[Resolution]:
            return done(Resolution(None, {}, {"deactivated": True}))

    assert drive(resolve(DID, AT, (Gone(),)), offline) == Resolution(None, {}, {"deactivated": True})
    for steps in (
        document_of(DID, AT, (Gone(),)),
        key_of_did(DID, AT, (Gone(),)),
        retrieve_verification_method(URL, "assertionMethod", AT, (Gone(),)),
    ):
        assert _refusal(steps) is DEACTIVATED


def test_the_document_of_another_did_is_refused() -> None:
    world = World(else_=document(method()))
    assert _refusal(document_of("did:example:else_", AT, world.methods), world) is INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID
    assert _refusal(key_of_did("did:example:else_", AT, world.methods), world) is INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID


# --- the key of a holder ---


def _key(did: str, world: World | None = None) -> PublicKey:
    return drive(key_of_did(did, AT, world.methods if world else METHODS), world.fetch if world else offline)


def test_the_key_of_a_did_is_the_first_that_authenticates() -> None:
    assert _key(did_key.did_of(KEY)) == KEY
    assert _key(did_jwk.did_of(OTHER_KEY)) == OTHER_KEY
    second = method(id="#key-2", publicKeyMultibase=did_key.did_of(OTHER_KEY).removeprefix("did:key:"))
    assert _key(DID, World(org=document(method(), second, authentication=["#key-2", "#key-1"]))) == OTHER_KEY


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({}, INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD),
        ({"authentication": []}, INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD),
        ({"authentication": ["#missing", "#key-1"]}, INVALID_VERIFICATION_METHOD),
        ({"authentication": ["did:example:other#key-1"]}, INVALID_VERIFICATION_METHOD),
        ({"authentication": [method(id="#key-2", controller="did:example:other")]}, INVALID_VERIFICATION_METHOD),
        ({"authentication": [method(id="#key-2", expires="2026-11-21T12:00:00Z")]}, INVALID_VERIFICATION_METHOD),
        ({"authentication": [method(id="#key-2", type="Unknown")]}, UNDECIDABLE),
        ({"authentication": "#key-1"}, INVALID_CONTROLLED_IDENTIFIER_DOCUMENT),
    ],
)
def test_a_did_without_a_usable_key_has_none(members: JsonObject, kind: ProblemType) -> None:
    world = World(org={**document(method()), **members})
    other = document(method(id="did:example:other#key-1", controller="did:example:other"), id="did:example:other")
    world.documents["did:example:other"] = other
    assert _refusal(key_of_did(DID, AT, world.methods), world) is kind
    assert world.asked == [f"https://dids.example/{DID}"]


@pytest.mark.parametrize("did", ["", "me", URL, did_key.verification_method(KEY)])
def test_the_key_of_a_did_needs_a_did(did: str) -> None:
    assert _refusal(key_of_did(did, AT)) is INVALID_DID


def test_a_key_that_is_revoked_later_still_answers() -> None:
    soon = (AT + timedelta(seconds=1)).isoformat()
    assert _key(DID, World(org=document(authentication=[method(expires=soon, revoked=soon)]))) == KEY


def test_the_key_of_a_holder_is_an_ed25519_key() -> None:
    """What a holder signs is checked under `cnf`, which is of Ed25519 only."""
    for room in (did_key, did_jwk):
        did = room.did_of(signer("P-256").public_key)
        assert _refusal(key_of_did(did, AT)) is INVALID_VERIFICATION_METHOD


def test_what_is_remembered_is_asked_for_once() -> None:
    """A stranger may name one DID in every proof; what came of it, good or bad, holds for the whole call."""
    world = World(org=document(method()))
    methods = remembering(world.methods)
    assert [one.name for one in methods] == [one.name for one in world.methods]
    for _ in range(2):
        assert drive(document_of(DID, AT, methods), world.fetch) == parse(document(method()))
    assert len(world.asked) == 1
    for _ in range(2):
        with pytest.raises(SaysoError):
            drive(document_of("did:example:nobody", AT, methods), world.fetch)
    assert len(world.asked) == 2
    drive(document_of(DID, AT, remembering(methods)), world.fetch)
    assert len(world.asked) == 2, "what remembers is not wrapped again"
    drive(resolve(DID, AT, methods, Options(version_number=1)), world.fetch)
    assert len(world.asked) == 3, "another version is another question"


def test_what_needs_no_world_needs_no_memory() -> None:
    for room, one in zip(METHODS, remembering(METHODS), strict=True):
        assert (one is room) == (room.name in {"key", "jwk", "peer"})
