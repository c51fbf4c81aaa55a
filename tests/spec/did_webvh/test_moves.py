"""VH-11, VH-12: the DID that a document names, and a DID that moves."""

import pytest

from sayso.jsonvalue import Json
from tests.spec.did_webvh.forge import Forge, Members
from tests.spec.did_webvh.reading import read, refusal

OTHER = "QmWuZAPus1QhNJTvrQSKMegA5GSv51tGozc7rM9oi76QvW"


def moved(rest: str = "town.example", *, portable: bool = True, also: Json = None) -> Forge:
    log = Forge({"portable": portable})
    known: Json = [log.did] if also is None else also
    return log.add(state={"id": f"did:webvh:{log.scid}:{rest}", "alsoKnownAs": known})


@pytest.mark.parametrize(
    "state",
    [{"id": ...}, {"id": 1}, {"id": "did:web:city.example"}, {"id": "did:webvh:{SCID}:city.example"}, {"id": f"did:webvh:{OTHER}"}],
)
def test_vh_11_a_document_names_a_did_webvh(state: Members) -> None:
    assert refusal(Forge().add(state=state))[0] == "/1/state/id"


def test_vh_11_its_scid_is_always_the_same() -> None:
    detail = "the document names a DID with another SCID"
    assert refusal(Forge({"portable": True}).add(state={"id": f"did:webvh:{OTHER}:city.example"})) == ("/1/state/id", detail)
    log = Forge(state={"id": f"did:webvh:{OTHER}:city.example"})
    assert refusal(log) == ("/0/state/id", detail)
    assert refusal(log, did=f"did:webvh:{OTHER}:city.example") == ("/0/parameters/scid", "the scid is not the one of the DID")


def test_vh_11_some_entry_names_the_did_that_was_asked_for() -> None:
    log = Forge()
    assert refusal(log, did=log.did + ":cards") == ("", "no entry names the DID that was asked for")


def test_vh_12_a_portable_did_moves() -> None:
    log = moved()
    new = f"did:webvh:{log.scid}:town.example"
    found = read(log, did=new)
    assert found.document is not None
    assert found.document.id == found.members["id"] == new
    # Who asks for the DID before it is given the document of the new one, which then is not the one that was asked for.
    assert read(log) == found
    back = log.add(state={"alsoKnownAs": [new, "did:example:x"]})
    assert read(back).members["id"] == back.did


def test_vh_12_what_is_no_move() -> None:
    assert refusal(moved(portable=False)) == ("/1/state/id", "the DID moved and is not portable")
    log = Forge({"portable": True})
    log.add({"portable": False}, state={"id": f"did:webvh:{log.scid}:town.example", "alsoKnownAs": [log.did]})
    assert refusal(log) == ("/1/state/id", "the DID moved and is not portable")


@pytest.mark.parametrize("also", [[], ["did:web:city.example"], "did:web:city.example", {}, [None]])
def test_vh_12_the_did_before_is_named(also: Json) -> None:
    assert refusal(moved(also=also)) == ("/1/state/alsoKnownAs", "a DID that moved has the one before in alsoKnownAs")


def test_vh_1_a_place_that_is_none() -> None:
    assert refusal(moved("127.0.0.1"))[0] == "/1/state/id"
