"""VH-8, VH-9: the parameters of entries, and keys that are announced."""

import pytest

from sayso.dids.did_webvh import parameters
from sayso.dids.did_webvh.parameters import key_hash
from sayso.errors import LIMIT_EXCEEDED
from sayso.jsonvalue import Json
from tests.spec.did_webvh.forge import KEYS, Forge, Members
from tests.spec.did_webvh.reading import read, refusal

NEXT: list[Json] = [key_hash(KEYS[1])]


@pytest.mark.parametrize("name", ["method", "scid", "updateKeys"])
def test_vh_8_what_the_first_entry_says(name: str) -> None:
    log = Forge(parameters={name: ...})
    assert refusal(log) == (f"/0/parameters/{name}", "the first entry has method, scid and updateKeys")


@pytest.mark.parametrize(
    "method", ["did:webvh:0.5", "did:webvh:1.1", "did:webvh:1.0 ", "did:webvh:2.0", "did:tdw:0.4", None, 1, ["did:webvh:1.0"]]
)
def test_vh_8_an_unknown_version_is_not_read_as_a_known_one(method: Json) -> None:
    assert refusal(Forge({"method": method})) == ("/0/parameters/method", "the method is not did:webvh:1.0")
    assert refusal(Forge().add({"method": method})) == ("/1/parameters/method", "the method is not did:webvh:1.0")
    assert read(Forge().add({"method": "did:webvh:1.0"})).document


def test_vh_8_the_scid_stands_in_the_first_entry_only() -> None:
    log = Forge()
    assert refusal(log.add({"scid": log.scid})) == ("/1/parameters/scid", "the scid stands in the first entry only")
    assert refusal(Forge({"scid": 1})) == ("/0/parameters/scid", "a scid is a string")


def test_vh_8_an_unknown_parameter() -> None:
    assert refusal(Forge().add({"prerotation": True})) == ("/1/parameters", "there is a parameter that did:webvh 1.0 does not define")
    assert refusal(Forge({"more": 1}))[0] == "/0/parameters"


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"updateKeys": KEYS[0]}, "updateKeys"),
        ({"updateKeys": [1]}, "updateKeys/0"),
        ({"updateKeys": [KEYS[0], "z6Mk"]}, "updateKeys/1"),
        ({"updateKeys": ["did:key:" + KEYS[0]]}, "updateKeys/0"),
        ({"updateKeys": ["zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"]}, "updateKeys/0"),
        ({"nextKeyHashes": "x"}, "nextKeyHashes"),
        ({"nextKeyHashes": [None]}, "nextKeyHashes/0"),
        ({"watchers": ["not a url"]}, "watchers/0"),
        ({"watchers": {}}, "watchers"),
        ({"portable": 0}, "portable"),
        ({"portable": "false"}, "portable"),
        ({"deactivated": 1}, "deactivated"),
        ({"ttl": -1}, "ttl"),
        ({"ttl": 2**31 + 1}, "ttl"),
        ({"ttl": True}, "ttl"),
        ({"ttl": 1.5}, "ttl"),
        ({"ttl": "3600"}, "ttl"),
    ],
)
def test_vh_8_what_a_parameter_cannot_be(said: Members, place: str) -> None:
    assert refusal(Forge().add(said))[0] == f"/1/parameters/{place}"


@pytest.mark.parametrize("name", ["updateKeys", "nextKeyHashes", "watchers"])
def test_limits_of_parameters(name: str) -> None:
    items: list[Json] = ["x:y"] * (parameters.MAX_ITEMS + 1)
    assert refusal(Forge().add({name: items}), kind=LIMIT_EXCEEDED)[0] == f"/1/parameters/{name}"


def test_as_many_as_the_limit_allows() -> None:
    items: list[Json] = ["x:y"] * parameters.MAX_ITEMS
    assert read(Forge().add({"watchers": items})).metadata["watchers"] == items


def test_vh_8_what_is_said_holds_until_it_is_said_otherwise() -> None:
    log = Forge({"ttl": 0, "watchers": ["https://w.example"], "portable": True}).add().add({"ttl": 2**31})
    metadata = read(log).metadata
    assert metadata["ttl"] == "2147483648"
    assert metadata["watchers"] == ["https://w.example"]
    assert metadata["portable"] is True


def test_vh_8_defaults() -> None:
    metadata = read(Forge()).metadata
    found = {name: metadata[name] for name in ("ttl", "watchers", "portable", "deactivated", "witness")}
    assert found == {"ttl": "3600", "watchers": [], "portable": False, "deactivated": False, "witness": {}}


def test_vh_8_null_is_the_default() -> None:
    said: dict[str, Json] = {"ttl": 5, "watchers": ["https://w.example"], "portable": True}
    log = Forge(said).add(dict.fromkeys([*said, "witness", "deactivated", "nextKeyHashes"]))
    assert read(log).metadata == read(Forge(said).add({"ttl": 3600, "watchers": [], "portable": False})).metadata | {
        name: read(log).metadata[name] for name in ("versionId", "versionTime", "scid")
    }
    assert refusal(Forge({"updateKeys": None})) == ("/0/proof/0", "the key of the proof is none of the update keys in force")


def test_vh_8_portable_from_the_beginning_or_never() -> None:
    detail = "only the first entry can make a DID portable"
    assert refusal(Forge().add({"portable": True})) == ("/1/parameters/portable", detail)
    assert refusal(Forge({"portable": True}).add({"portable": False}).add({"portable": True})) == ("/2/parameters/portable", detail)
    assert read(Forge({"portable": True}).add({"portable": True})).metadata["portable"] is True


def test_vh_7_a_later_entry_is_signed_by_a_key_of_the_one_before() -> None:
    log = Forge().add({"updateKeys": [KEYS[1], KEYS[2]]}).add(signer=2).add({"updateKeys": [KEYS[3]]}, signer=1).add(signer=3)
    assert read(log).document
    refused = "the key of the proof is none of the update keys in force"
    assert refusal(Forge().add({"updateKeys": [KEYS[1]]}, signer=1)) == ("/1/proof/0", refused)
    assert refusal(Forge().add({"updateKeys": [KEYS[1]]}).add()) == ("/2/proof/0", refused)
    assert refusal(Forge(signer=1)) == ("/0/proof/0", refused)
    assert refusal(Forge().add({"updateKeys": []}).add()) == ("/2/proof/0", refused)


def test_vh_9_an_announced_key_takes_over() -> None:
    log = Forge({"nextKeyHashes": NEXT}).add({"updateKeys": [KEYS[1]], "nextKeyHashes": []}, signer=1)
    assert read(log.add({"updateKeys": [KEYS[4]]}, signer=1).add(signer=4)).document
    several: list[Json] = [key_hash(KEYS[1]), key_hash(KEYS[2]), "any text"]
    assert read(Forge({"nextKeyHashes": several}).add({"updateKeys": [KEYS[2]], "nextKeyHashes": NEXT}, signer=2)).document


@pytest.mark.parametrize(
    ("said", "signer", "place", "detail"),
    [
        ({}, 0, "parameters/updateKeys", "under pre-rotation an entry has updateKeys and nextKeyHashes"),
        ({"updateKeys": [KEYS[1]]}, 1, "parameters/nextKeyHashes", "under pre-rotation an entry has updateKeys and nextKeyHashes"),
        ({"nextKeyHashes": NEXT}, 0, "parameters/updateKeys", "under pre-rotation an entry has updateKeys and nextKeyHashes"),
        (
            {"updateKeys": [KEYS[1]], "nextKeyHashes": None},
            1,
            "parameters/nextKeyHashes",
            "under pre-rotation an entry has updateKeys and nextKeyHashes",
        ),
        (
            {"updateKeys": None, "nextKeyHashes": NEXT},
            1,
            "parameters/updateKeys",
            "under pre-rotation an entry has updateKeys and nextKeyHashes",
        ),
        (
            {"updateKeys": [KEYS[2]], "nextKeyHashes": NEXT},
            2,
            "parameters/updateKeys/0",
            "an update key was not announced by its hash in the entry before",
        ),
        (
            {"updateKeys": [KEYS[1], KEYS[2]], "nextKeyHashes": NEXT},
            1,
            "parameters/updateKeys/1",
            "an update key was not announced by its hash in the entry before",
        ),
        ({"updateKeys": [KEYS[1]], "nextKeyHashes": NEXT}, 0, "proof/0", "the key of the proof is none of the update keys in force"),
        ({"updateKeys": [], "nextKeyHashes": []}, 0, "proof/0", "the key of the proof is none of the update keys in force"),
        ({"updateKeys": [], "nextKeyHashes": []}, 1, "proof/0", "the key of the proof is none of the update keys in force"),
    ],
)
def test_vh_9_what_pre_rotation_refuses(said: Members, signer: int, place: str, detail: str) -> None:
    assert refusal(Forge({"nextKeyHashes": NEXT}).add(said, signer=signer)) == (f"/1/{place}", detail)


def test_vh_9_the_announced_key_of_a_key_before_is_no_use() -> None:
    other: list[Json] = [key_hash(KEYS[2])]
    log = Forge({"nextKeyHashes": NEXT}).add({"updateKeys": [KEYS[1]], "nextKeyHashes": other}, signer=1)
    log.add({"updateKeys": [KEYS[1]], "nextKeyHashes": NEXT}, signer=1)
    assert refusal(log) == ("/2/parameters/updateKeys/0", "an update key was not announced by its hash in the entry before")
