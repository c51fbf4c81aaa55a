"""What a credential says about its status: which mechanisms, where, and never less than it says."""

import pytest

from sayso.jsonvalue import Json, JsonObject
from sayso.status.entries import StatusEntry, entries

BITSTRING: JsonObject = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}


def _of_vcdm(value: Json) -> list[StatusEntry]:
    return entries({"credentialStatus": value}, "credentialStatus")


def _of_sd_jwt_vc(value: Json) -> list[StatusEntry]:
    return entries({"status": value}, "status")


@pytest.mark.parametrize("member", ["credentialStatus", "status"])
def test_without_a_member_there_is_nothing_to_ask(member: str) -> None:
    assert entries({"given_name": "Ada"}, member) == []


def test_each_format_has_its_member() -> None:
    """DM-9 and TS-1: `credentialStatus` says nothing in an SD-JWT VC."""
    assert entries({"credentialStatus": BITSTRING}, "status") == []
    assert entries({"status": "married"}, "credentialStatus") == []
    assert entries({"status": {"civil": "married"}}, "credentialStatus") == []


def test_dm_9_one_entry_or_several() -> None:
    """DM-9, BS-4: an object, or an array of them."""
    assert _of_vcdm(BITSTRING) == [StatusEntry("/credentialStatus", "BitstringStatusListEntry")]
    assert _of_vcdm([BITSTRING, {"type": "Other"}]) == [
        StatusEntry("/credentialStatus/0", "BitstringStatusListEntry"),
        StatusEntry("/credentialStatus/1", "Other"),
    ]
    assert _of_vcdm([]) == []


@pytest.mark.parametrize("entry", [None, 1, "x", True, [], {}, {"type": None}, {"type": []}, {"type": ["A", "B"]}, {"type": [1]}], ids=repr)
def test_a_malformed_entry_is_not_an_unknown_one(entry: Json) -> None:
    """What nobody can read must not pass where unknown mechanisms do."""
    found = entries({"credentialStatus": [entry]}, "credentialStatus")
    assert found == [StatusEntry("/credentialStatus/0", None)]
    assert found[0].known


def test_a_type_may_stand_in_an_array_of_one() -> None:
    """DM-4: JSON-LD does not tell the two apart."""
    (entry,) = _of_vcdm({"type": ["BitstringStatusListEntry"]})
    assert entry == StatusEntry("/credentialStatus", "BitstringStatusListEntry")


def test_ts_1_one_member_a_mechanism() -> None:
    """TS-1: in the order in which they stand."""
    assert _of_sd_jwt_vc({"status_list": {"idx": 0, "uri": "x"}, "a/b": {}}) == [
        StatusEntry("/status/status_list", "status_list"),
        StatusEntry("/status/a~1b", "a/b"),
    ]


@pytest.mark.parametrize("value", [None, 1, "x", True, [], {}, [{}]], ids=repr)
def test_ts_1_a_status_is_an_object_that_says_something(value: Json) -> None:
    (entry,) = _of_sd_jwt_vc(value)
    assert entry == StatusEntry("/status", None)
    assert entry.known


def test_ts_1_a_mechanism_is_an_object() -> None:
    (entry,) = _of_sd_jwt_vc({"unknown": 1})
    assert entry == StatusEntry("/status/unknown", None)
    assert entry.known


def test_ts_1_a_token_status_of_a_vcdm_credential_is_seen_too() -> None:
    """TS-1: the claim is for every JWT; a credential that is revoked in a status list must not pass because of its data model."""
    status: JsonObject = {"status_list": {"idx": 0, "uri": "https://example.com/1"}}
    found = entries({"credentialStatus": BITSTRING, "status": status}, "credentialStatus")
    assert [entry.place for entry in found] == ["/credentialStatus", "/status/status_list"]
    assert entries({"status": {"status_list": 1}}, "credentialStatus") == [StatusEntry("/status/status_list", None)]


@pytest.mark.parametrize(
    ("mechanism", "known"), [("BitstringStatusListEntry", True), ("status_list", True), ("Other", False), (None, True)]
)
def test_which_mechanisms_are_known(mechanism: str | None, known: bool) -> None:
    assert StatusEntry("", mechanism).known is known
