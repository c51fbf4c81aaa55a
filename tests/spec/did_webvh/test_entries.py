"""VH-3 to VH-6, VH-10: the form of an entry, its hash, and the SCID."""

from typing import Any

import pytest

from sayso.dids.did_webvh import log
from sayso.dids.did_webvh.resolution import read_log
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import parse_object, serialize
from tests.spec.did_webvh.forge import AT, DAY, NOW, Forge, Members
from tests.spec.did_webvh.reading import read, refusal

DID = "did:webvh:QmYNbfxFztdHNRL5X9DH6jsPGhbdCQXbCVTFJwHwtNxKeT:city.example"


def refused(text: str | bytes, did: str = "", kind: object = INVALID_DID) -> tuple[str, str]:
    with pytest.raises(SaysoError) as caught:
        read_log(did or Forge().did, text, NOW)
    (problem,) = caught.value.problems
    assert problem.kind is kind
    return problem.pointer, problem.detail


def test_vh_4_the_scid_of_a_log_that_is_always_the_same() -> None:
    log_ = Forge()
    assert log_.did == "did:webvh:Qmadn7ZkVuGBQANzh6Jnf7WtorbwJG8BcqjzGsrJoihC7Q:city.example"
    assert log_.version_ids[1] == "1-QmeLhr7mDuknoXS3YE4fJthCM5VmGPuFigafVXvHpA4n9h"
    assert read(log_).metadata["versionId"] == log_.version_ids[1]


def test_vh_3_the_last_line_need_not_end() -> None:
    log_ = Forge().add()
    assert read_log(log_.did, log_.text.removesuffix("\n"), NOW) == read_log(log_.did, log_.text.encode(), NOW) == read(log_)


@pytest.mark.parametrize(
    ("text", "pointer", "detail"),
    [
        ("", "/0", "not a JSON text"),
        ("\n", "/0", "not a JSON text"),
        ("[]\n", "/0", "the JSON text is not an object"),
        ("{}\n", "/0", "an entry has versionId, versionTime, parameters, state and proof, and nothing else"),
        (b"\xff\n", "/0", "a JSON text is not UTF-8"),
    ],
)
def test_vh_3_what_is_no_log(text: str | bytes, pointer: str, detail: str) -> None:
    assert refused(text) == (pointer, detail)


def test_vh_3_a_line_between_the_lines() -> None:
    first, second = Forge().add().lines
    assert refused(f"{first}\n\n{second}\n") == ("/1", "not a JSON text")
    assert refused(f"{first}{second}\n") == ("/0", "something follows the JSON text")
    assert refused(f"{first}\n{second}\n\n") == ("/2", "not a JSON text")


def test_half_of_a_surrogate_pair() -> None:
    assert refused("\ud800") == ("", "a file of a did:webvh is not UTF-8")


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"more": 1}, ""),
        ({"state": ...}, ""),
        ({"versionId": "1"}, "/versionId"),
        ({"versionId": "1-"}, "/versionId"),
        ({"versionId": "1-a-b"}, "/versionId"),
        ({"versionId": "01-Qm"}, "/versionId"),
        ({"versionId": "-Qm"}, "/versionId"),
        ({"versionId": " 1-Qm"}, "/versionId"),
        ({"parameters": []}, "/parameters"),
        ({"state": "x"}, "/state"),
        ({"versionTime": 1}, "/versionTime"),
        ({"versionTime": "2026-11-21T12:00:00"}, "/versionTime"),
        ({"versionTime": "2026-11-21T12:00:00+01:00"}, "/versionTime"),
        ({"versionTime": "2026-11-21T12:00:00-00:00"}, "/versionTime"),
        ({"versionTime": "2026-02-30T12:00:00Z"}, "/versionTime"),
        ({"versionTime": "yesterdayZ"}, "/versionTime"),
        ({"proof": {}}, "/proof"),
        ({"proof": []}, "/proof"),
        ({"proof": ["x"]}, "/proof/0"),
        ({"proof": [{}]}, "/proof/0/cryptosuite"),
    ],
)
def test_vh_3_what_is_no_entry(members: Members, pointer: str) -> None:
    found, _ = refusal(Forge().add(members=members))
    assert found == "/1" + pointer


def test_a_version_id_that_is_no_text() -> None:
    value = parse_object(Forge().lines[0]) | {"versionId": 1}
    assert refused(serialize(value)) == ("/0/versionId", "a versionId is a number, a dash and a hash")


def test_vh_10_utc_has_two_spellings() -> None:
    log_ = Forge().add(members={"versionTime": "2026-11-21T12:00:00+00:00"}).add(members={"versionTime": "2026-11-21T12:00:00.5Z"})
    assert read(log_).metadata["versionTime"] == "2026-11-21T12:00:00Z"


@pytest.mark.parametrize("number", [1, 3, 100])
def test_vh_3_versions_are_counted(number: int) -> None:
    log_ = Forge().add(members={"versionId": f"{number}-{Forge().scid}"})
    assert refusal(log_) == ("/1/versionId", "versions are counted from 1, one by one")


def test_vh_6_an_entry_is_chained_to_the_one_before() -> None:
    log_ = Forge()
    log_.version_ids[1] = log_.version_ids[1][:-1]
    assert refusal(log_.add()) == ("/1/versionId", "the hash of the entry is another one")


def test_vh_6_the_entry_cannot_change() -> None:
    log_ = Forge().add(state={"alsoKnownAs": ["did:example:a"]})
    log_.lines[1] = log_.lines[1].replace("did:example:a", "did:example:b")
    assert refusal(log_) == ("/1/versionId", "the hash of the entry is another one")


def test_vh_5_the_scid_is_the_hash_of_the_first_entry() -> None:
    log_ = Forge(parameters={"scid": DID[10:56]}, state={"id": DID})
    assert refusal(log_, did=DID) == ("/0/parameters/scid", "the scid is not the hash of the first entry")


def test_vh_5_the_scid_is_that_of_the_did() -> None:
    assert refusal(Forge(), did=DID) == ("/0/parameters/scid", "the scid is not the one of the DID")


def test_vh_5_the_scid_is_replaced_wherever_it_stands() -> None:
    log_ = Forge(state={"alsoKnownAs": ["did:web:city.example:{SCID}"], "{SCID}": [{"a": "x{SCID}{SCID}y"}, 1, None]})
    assert log_.scid in str(read(log_).members)


@pytest.mark.parametrize("where", ["value", "array", "name", "two names"])
def test_vh_5_the_placeholder_is_left_nowhere(where: str) -> None:
    """Every hash is right, and so are the proofs: with the SCID in that place it is another log of the same DID."""
    state: Members = {"a": "urn:{SCID}", "b": ["urn:{SCID}"], "c": {"{SCID}": 1}}
    honest = Forge(state=state)
    assert read(honest).document
    value: Any = parse_object(honest.lines[0])
    late: dict[str, Members] = {
        "value": {"state": value["state"] | {"a": state["a"]}},
        "array": {"state": value["state"] | {"b": state["b"]}},
        "name": {"state": value["state"] | {"c": state["c"]}},
        "two names": {"state": value["state"] | {"c": {honest.scid: 2, "{SCID}": 1}}},
    }
    forged = Forge(state=state, late=late[where])
    assert forged.did == honest.did
    assert forged.text != honest.text
    assert refusal(forged) == ("/0", "the placeholder of the scid is left in the first entry")


def test_limits_of_a_log() -> None:
    assert refused(b" " * (log.MAX_LOG_BYTES + 1), kind=LIMIT_EXCEEDED)[0] == ""
    assert refused("\n" * (log.MAX_ENTRIES + 1), kind=LIMIT_EXCEEDED)[0] == ""
    assert refused("\n" * log.MAX_ENTRIES)[0] == "/0"
    assert refused("[" * 100_000, kind=LIMIT_EXCEEDED)[0] == "/0"


def test_vh_10_time_goes_on_and_ends_now() -> None:
    log_ = Forge().add(members={"versionTime": "2026-11-20T12:00:00Z"})
    assert refusal(log_) == ("/1/versionTime", "a versionTime is later than the one before")
    late = Forge(members={"versionTime": "2026-11-20T12:05:00Z"})
    assert read(late, at=AT).metadata["created"] == "2026-11-20T12:05:00Z"
    later = Forge(members={"versionTime": "2026-11-20T12:05:01Z"})
    assert refusal(later, at=AT) == ("/0/versionTime", "a versionTime lies in the future")
    assert refusal(Forge().add().add(members={"versionTime": "9999-01-01T00:00:00Z"}).add(), at=AT + 3 * DAY)[0] == "/2/versionTime"
