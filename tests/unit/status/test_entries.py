"""What a credential says about its status: which mechanisms, where, and never less than it says."""

import pytest

from sayso.errors import MALFORMED_VALUE_ERROR, RANGE_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.status.entries import BitstringEntry, StatusEntry, TokenEntry, entries, parse

BITSTRING: JsonObject = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}


def _faults(entry: StatusEntry) -> list[tuple[ProblemType, str]]:
    with pytest.raises(SaysoError) as refused:
        parse(entry)
    return [(problem.kind, problem.pointer) for problem in refused.value.problems]


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
    assert _of_vcdm(BITSTRING) == [StatusEntry("/credentialStatus", "BitstringStatusListEntry", BITSTRING)]
    assert _of_vcdm([BITSTRING, {"type": "Other"}]) == [
        StatusEntry("/credentialStatus/0", "BitstringStatusListEntry", BITSTRING),
        StatusEntry("/credentialStatus/1", "Other", {"type": "Other"}),
    ]
    assert _of_vcdm([]) == []


@pytest.mark.parametrize("entry", [None, 1, "x", True, [], {}, {"type": None}, {"type": []}, {"type": ["A", "B"]}, {"type": [1]}], ids=repr)
def test_a_malformed_entry_is_not_an_unknown_one(entry: Json) -> None:
    """What nobody can read must not pass where unknown mechanisms do."""
    (found,) = entries({"credentialStatus": [entry]}, "credentialStatus")
    assert (found.place, found.mechanism) == ("/credentialStatus/0", None)
    assert found.known
    assert _faults(found) == [(MALFORMED_VALUE_ERROR, "/credentialStatus/0")]


def test_a_type_may_stand_in_an_array_of_one() -> None:
    """DM-4: JSON-LD does not tell the two apart."""
    (entry,) = _of_vcdm({"type": ["BitstringStatusListEntry"]})
    assert entry == StatusEntry("/credentialStatus", "BitstringStatusListEntry", {"type": ["BitstringStatusListEntry"]})


def test_ts_1_one_member_a_mechanism() -> None:
    """TS-1: in the order in which they stand; beside a mechanism that is known, another one tells nothing more."""
    assert _of_sd_jwt_vc({"a/b": {}, "c": {"d": 1}}) == [StatusEntry("/status/a~1b", "a/b"), StatusEntry("/status/c", "c", {"d": 1})]
    listed: JsonObject = {"idx": 0, "uri": "x"}
    assert _of_sd_jwt_vc({"a": {}, "status_list": listed}) == [StatusEntry("/status/status_list", "status_list", listed)]
    assert _of_sd_jwt_vc({"a": 1, "status_list": {}}) == [StatusEntry("/status/a", None), StatusEntry("/status/status_list", "status_list")]


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


@pytest.mark.parametrize("value", [[{"status_list": {}}], ["x", {"status_list": 1, "a": {}}], [{"a": {}}, {"status_list": {}}]], ids=repr)
def test_ts_1_a_token_status_in_an_array_is_malformed(value: Json) -> None:
    """TS-1: and must not pass as a claim of somebody's own, as an array that names no list does."""
    found = entries({"credentialStatus": BITSTRING, "status": value}, "credentialStatus")
    assert found[1:] == [StatusEntry("/status", None)]
    others: list[Json] = [["status_list"], [{"civil": "married"}], [[{"status_list": {}}]], []]
    for other in others:
        assert entries({"status": other}, "credentialStatus") == []


@pytest.mark.parametrize(
    ("mechanism", "known"), [("BitstringStatusListEntry", True), ("status_list", True), ("Other", False), (None, True)]
)
def test_which_mechanisms_are_known(mechanism: str | None, known: bool) -> None:
    assert StatusEntry("", mechanism).known is known


LIST = "https://city.example/lists/1"
WHOLE: JsonObject = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "94567",
    "statusListCredential": LIST,
}
TWO_BITS: list[Json] = [{"status": f"0x{value:x}", "message": f"m{value}"} for value in range(4)]


def _parsed(**members: Json) -> object:
    (entry,) = _of_vcdm({**WHOLE, **members})
    return parse(entry)


def test_bs_1_an_entry_of_a_list_of_bits() -> None:
    """BS-1: the index is a text; an identifier is not needed, and is not that of the list."""
    assert _parsed() == BitstringEntry(LIST, 94567, "revocation", 1, {})
    assert _parsed(id=LIST + "#94567") == _parsed(statusReference="https://city.example/why") == _parsed()
    assert _parsed(statusListIndex="0", statusPurpose="anything") == BitstringEntry(LIST, 0, "anything", 1, {})
    (unknown,) = _of_vcdm({"type": "Other"})
    assert parse(unknown) is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("statusPurpose", [None, "", 1, ["revocation"], {}]),
        ("statusListIndex", [None, 94567, "", "+1", "-1", "1.0", "0x1", "01", " 1", "1\n", "\u0661", True, []]),
        ("statusListCredential", [None, 1, [], "", "http://city.example/1", "file:///1", "HTTPS://city.example", "https://a b", "https:"]),
        ("id", [None, 1, "", "no url", LIST]),
        ("statusSize", [None, 0, -1, 1.0, 2.0, "2", True, 17, 2**31, 2**70]),
    ],
)
def test_bs_v7_a_malformed_member(name: str, values: list[Json]) -> None:
    """BS-1, BS-3, BS-V7: refused at its place, and all of them at once."""
    for value in values:
        (entry,) = _of_vcdm({**WHOLE, name: value})
        assert _faults(entry) == [(MALFORMED_VALUE_ERROR, f"/credentialStatus/{name}")]
    (empty,) = _of_vcdm({"type": "BitstringStatusListEntry", "statusSize": 0})
    names = ["statusPurpose", "statusListIndex", "statusListCredential", "statusSize"]
    assert _faults(empty) == [(MALFORMED_VALUE_ERROR, f"/credentialStatus/{name}") for name in names]


def test_bs_1_an_index_of_any_size() -> None:
    """BS-1: well-formed, and in no list."""
    (entry,) = _of_vcdm({**WHOLE, "statusListIndex": "9" * 5000})
    assert _faults(entry) == [(RANGE_ERROR, "/credentialStatus/statusListIndex")]
    assert _parsed(statusListIndex="9" * 18) == BitstringEntry(LIST, 10**18 - 1, "revocation", 1, {})


def test_bs_3_messages() -> None:
    """BS-3: one for each value, and needed as soon as there are more than two."""
    messages = {0: "m0", 1: "m1", 2: "m2", 3: "m3"}
    assert _parsed(statusSize=2, statusMessage=TWO_BITS) == BitstringEntry(LIST, 94567, "revocation", 2, messages)
    assert _parsed(statusSize=2, statusMessage=[*reversed(TWO_BITS)]) == BitstringEntry(LIST, 94567, "revocation", 2, messages)
    assert _parsed(statusMessage=TWO_BITS[:2]) == BitstringEntry(LIST, 94567, "revocation", 1, {0: "m0", 1: "m1"})
    two: Json = [*TWO_BITS[:3], TWO_BITS[0]]
    odd: list[Json] = [
        {"status": "3", "message": "m"},
        {"status": "0x3"},
        {"status": 3, "message": "m"},
        {"status": "0x4", "message": ""},
        1,
    ]
    for value in (None, 1, [], TWO_BITS[:3], [*TWO_BITS, TWO_BITS[0]], two, *([*TWO_BITS[:3], one] for one in odd)):
        (entry,) = _of_vcdm({**WHOLE, "statusSize": 2, "statusMessage": value})
        assert _faults(entry) == [(MALFORMED_VALUE_ERROR, "/credentialStatus/statusMessage")]
    (without,) = _of_vcdm({**WHOLE, "statusSize": 2})
    (one_bit,) = _of_vcdm({**WHOLE, "statusMessage": TWO_BITS})
    assert _faults(without) == _faults(one_bit) == [(MALFORMED_VALUE_ERROR, "/credentialStatus/statusMessage")]


def test_ts_1_an_entry_of_a_token() -> None:
    """TS-1: the index is a number here."""
    (entry,) = _of_sd_jwt_vc({"status_list": {"idx": 412, "uri": LIST, "more": 1}})
    assert parse(entry) == TokenEntry(LIST, 412)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("idx", [None, -1, "412", 1.0, True, []]),
        ("uri", [None, 1, "", "file:///1", "http://localhost/1", "https:// "]),
    ],
)
def test_ts_1_a_malformed_member(name: str, values: list[Json]) -> None:
    for value in values:
        (entry,) = _of_sd_jwt_vc({"status_list": {"idx": 412, "uri": LIST, name: value}})
        assert _faults(entry) == [(MALFORMED_VALUE_ERROR, f"/status/status_list/{name}")]
    (empty,) = _of_sd_jwt_vc({"status_list": {}})
    assert [place for _, place in _faults(empty)] == ["/status/status_list/idx", "/status/status_list/uri"]
