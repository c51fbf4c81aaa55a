"""VH-13, VH-14: who approves the versions of a DID."""

import pytest

from sayso.dids.did_webvh import witness_rule, witnesses
from sayso.dids.method import Options
from sayso.errors import LIMIT_EXCEEDED
from sayso.jsonvalue import Json, parse, serialize
from tests.spec.did_webvh.forge import AT, DAY, KEYS, NOW, SIGNERS, WITNESSES, Forge, Members, signed
from tests.spec.did_webvh.reading import read, refusal

TOO_FEW = "too few witnesses approved the entry"


def rule(threshold: int, *numbers: int) -> Members:
    return {"witness": {"threshold": threshold, "witnesses": [{"id": WITNESSES[number]} for number in numbers]}}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ([], ""),
        ("", ""),
        ({"threshold": 1}, ""),
        ({"witnesses": [{"id": WITNESSES[5]}]}, ""),
        ({"threshold": 1, "witnesses": [{"id": WITNESSES[5]}], "more": 1}, ""),
        ({"threshold": 1, "witnesses": {}}, "/witnesses"),
        ({"threshold": 0, "witnesses": []}, "/threshold"),
        ({"threshold": 1, "witnesses": []}, "/threshold"),
        ({"threshold": 0, "witnesses": [{"id": WITNESSES[5]}]}, "/threshold"),
        ({"threshold": -1, "witnesses": [{"id": WITNESSES[5]}]}, "/threshold"),
        ({"threshold": 2, "witnesses": [{"id": WITNESSES[5]}]}, "/threshold"),
        ({"threshold": "1", "witnesses": [{"id": WITNESSES[5]}]}, "/threshold"),
        ({"threshold": True, "witnesses": [{"id": WITNESSES[5]}]}, "/threshold"),
        ({"threshold": 1.0, "witnesses": [{"id": WITNESSES[5]}]}, "/threshold"),
        ({"threshold": None, "witnesses": [{"id": WITNESSES[5]}]}, "/threshold"),
        ({"threshold": 2, "witnesses": [{"id": WITNESSES[5]}, {"id": WITNESSES[5]}]}, "/witnesses"),
        ({"threshold": 1, "witnesses": [WITNESSES[5]]}, "/witnesses/0"),
        ({"threshold": 1, "witnesses": [{"id": WITNESSES[5], "weight": 2}]}, "/witnesses/0"),
        ({"threshold": 1, "witnesses": [{"id": 1}]}, "/witnesses/0"),
        ({"threshold": 1, "witnesses": [{"id": KEYS[5]}]}, "/witnesses/0"),
        ({"threshold": 1, "witnesses": [{"id": WITNESSES[5]}, {"id": "did:key:z6Mk"}]}, "/witnesses/1/id"),
        ({"threshold": 1, "witnesses": [{"id": f"{WITNESSES[5]}#{KEYS[5]}"}]}, "/witnesses/0/id"),
        ({"threshold": 1, "witnesses": [{"id": "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"}]}, "/witnesses/0/id"),
    ],
)
def test_vh_13_what_is_malformed_never_means_nobody(value: Json, place: str) -> None:
    assert refusal(Forge({"witness": value}), "[]")[0] == f"/0/parameters/witness{place}"
    assert refusal(Forge().add({"witness": value}), "[]")[0] == f"/1/parameters/witness{place}"


def test_limits_of_witnesses() -> None:
    items: list[Json] = [{"id": WITNESSES[5]}] * (witness_rule.MAX_WITNESSES + 1)
    log = Forge({"witness": {"threshold": 1, "witnesses": items}})
    assert refusal(log, kind=LIMIT_EXCEEDED)[0] == "/0/parameters/witness/witnesses"
    again = Forge({"witness": {"threshold": 1, "witnesses": items[1:]}})
    assert refusal(again) == ("/0/parameters/witness/witnesses", "a witness is named twice")


def test_vh_13_the_first_witnesses_approve_at_once() -> None:
    log = Forge(rule(1, 5))
    assert refusal(log) == refusal(log, "[]") == ("/0", TOO_FEW)
    assert read(log, log.approvals((1, 5))).document
    later = Forge().add(rule(1, 5))
    assert refusal(later) == ("/1", TOO_FEW)
    assert refusal(later, later.approvals((1, 5))) == ("/1", TOO_FEW)
    assert read(later, later.approvals((2, 5))).document


def test_vh_13_others_take_over_after_the_entry_that_names_them() -> None:
    log = Forge(rule(1, 5)).add(rule(1, 6))
    assert refusal(log, log.approvals((1, 5), (2, 6))) == ("/1", TOO_FEW)
    assert read(log, log.approvals((2, 5))).document
    log.add()
    assert refusal(log, log.approvals((3, 5))) == ("/2", TOO_FEW)
    assert read(log, log.approvals((2, 5), (3, 6))).document


def test_vh_13_the_last_entry_with_witnesses_is_approved_too() -> None:
    log = Forge(rule(1, 5)).add({"witness": {}}).add()
    assert refusal(log, log.approvals((1, 5))) == ("/1", TOO_FEW)
    assert read(log, log.approvals((2, 5))).metadata["witness"] == {}
    log.add(rule(1, 6))
    assert refusal(log, log.approvals((2, 5))) == ("/3", TOO_FEW)
    assert read(log, log.approvals((2, 5), (4, 6))).document


def test_vh_14_as_many_as_the_threshold_says() -> None:
    log = Forge(rule(2, 4, 5, 6)).add()
    assert refusal(log, log.approvals((2, 4))) == ("/0", TOO_FEW)
    assert refusal(log, log.approvals((2, 4), (2, 4), (1, 4))) == ("/0", TOO_FEW)
    assert refusal(log, log.approvals((2, 4), (2, 7))) == ("/0", TOO_FEW)
    assert refusal(log, log.approvals((2, 4), (1, 5))) == ("/1", TOO_FEW)
    found = read(log, log.approvals((2, 4), (2, 6))).metadata
    assert found["witness"] == {"threshold": "2", "witnesses": [{"id": WITNESSES[number]} for number in (4, 5, 6)]}


def test_vh_14_who_approves_a_version_approves_all_before_it() -> None:
    log = Forge(rule(1, 5)).add().add()
    assert read(log, log.approvals((3, 5))).document
    assert read(log, log.approvals((3, 5), (1, 5))).document
    assert refusal(log, log.approvals((2, 5))) == ("/2", TOO_FEW)


def test_vh_14_an_approval_of_another_did_counts_for_nothing() -> None:
    other = Forge(rule(1, 5), {"alsoKnownAs": ["did:example:x"]}).add().add()
    log = Forge(rule(1, 5)).add({"witness": {}})
    assert refusal(log, other.approvals((3, 5))) == ("/0", TOO_FEW)
    # What is not of this log is not even looked at.
    items = parse(other.approvals((3, 5)))
    assert isinstance(items, list)
    nonsense: Json = {"versionId": "9-Qm", "proof": [1]}
    more = serialize([*items, nonsense, *_list(log.approvals((2, 5)))])
    assert read(log, more).document


def _list(text: str) -> list[Json]:
    items = parse(text)
    assert isinstance(items, list)
    return items


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ("", ""),
        ("{}", ""),
        ("[1]", "/0"),
        ('[{"versionId": "1-Qm"}]', "/0"),
        ('[{"versionId": 1, "proof": []}]', "/0"),
        ('[{"versionId": "1-Qm", "proof": {}}]', "/0"),
        ('[{"versionId": "9-Qm", "proof": []}, []]', "/1"),
    ],
)
def test_vh_14_what_is_no_file_of_witnesses(text: str, pointer: str) -> None:
    found, detail = refusal(Forge(rule(1, 5)), text)
    assert found == pointer
    assert detail.startswith("did-witness.json: ")


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"cryptosuite": "eddsa-rdfc-2022"}, "/0/proof/0/cryptosuite"),
        ({"proofPurpose": "authentication"}, "/0/proof/0/proofPurpose"),
        ({"verificationMethod": f"{WITNESSES[6]}#{KEYS[5]}"}, "/0/proof/0"),
        ({"verificationMethod": f"{WITNESSES[6]}#{KEYS[6]}"}, "/0/proof/0"),
        ({"verificationMethod": "did:key:z6Mk#z6Mk"}, "/0/proof/0/verificationMethod"),
        ({"created": "2026-11-20T12:00:01Z"}, "/0/proof/0"),
    ],
)
def test_vh_14_a_proof_that_does_not_hold(changed: Members, pointer: str) -> None:
    log = Forge(rule(1, 5)).add()
    document: dict[str, Json] = {"versionId": log.version_ids[1]}
    proof: Json = signed(document, SIGNERS[5]) | {name: value for name, value in changed.items() if isinstance(value, str)}
    text = serialize([{**document, "proof": [proof]}, *_list(log.approvals((2, 5)))])
    found, detail = refusal(log, text)
    assert found == pointer
    assert detail.startswith("did-witness.json: ")
    again = serialize([{**document, "proof": ["x"]}, *_list(log.approvals((2, 5)))])
    assert refusal(log, again) == ("/0/proof/0", "did-witness.json: a proof is an object")


def test_limits_of_the_file() -> None:
    text = "[" + " " * witnesses.MAX_WITNESS_BYTES + "]"
    assert refusal(Forge(rule(1, 5)), text, kind=LIMIT_EXCEEDED)[0] == ""


def test_an_approval_from_the_future() -> None:
    log = Forge(rule(1, 5), members={"versionTime": "2026-11-18T12:00:00Z"})
    assert refusal(log, log.approvals((1, 5)), at=AT - DAY)[1] == "it was made in the future"


def test_vh_15_an_earlier_version_that_was_approved() -> None:
    log = Forge(rule(1, 5)).add()
    text = log.approvals((1, 5))
    assert read(log, text, Options(version_number=1)).metadata["versionId"] == log.version_ids[1]
    assert refusal(log, text, Options(version_number=2)) == refusal(log, text) == ("/1", TOO_FEW)
    assert refusal(log, text, Options(version_time=NOW)) == ("/1", TOO_FEW)
