"""Two versions of a map are told apart in plain words."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sayso.sharing.dialogue.changes import NARROWER, NEUTRAL, NOTHING_NEW, WIDER, Change, diff, is_wider, told
from sayso.sharing.dialogue.reading import read_map
from tests.unit.sharing.dialogue.shop import SHOP, shop_json
from tests.unit.sharing.dialogue.test_reading import ROW, STEP, _drop, _set

MOBILE = ("steps", 1, "attributes", 1)


def _add(*steps: str | int, one: Any) -> Callable[[Any], None]:
    def change(members: Any) -> None:
        for step in steps:
            members = members[step]
        members.append(one)

    return change


# What was done to the map; how that bears on the customer, and what is said; and how the way back does.
CHANGES: dict[str, tuple[Callable[[Any], None], str, str, str]] = {
    "an attribute is added": (
        _add(*STEP, "attributes", one={"claim": "email", "hasNecessity": "dpv:Optional"}),
        WIDER,
        '"email" in "deliver" is asked for now.',
        NARROWER,
    ),
    "it is needed now": (_set(*MOBILE, "hasNecessity", to="dpv:Required"), WIDER, 'In "mobile" of "deliver", it is needed now.', NARROWER),
    "it is kept longer": (
        _set(*MOBILE, "storage", "hasDuration", to="P3D"),
        WIDER,
        'In "mobile" of "deliver", it is kept longer: 3 days instead of 2 days.',
        NARROWER,
    ),
    "it is stored": (
        _set("steps", 0, "attributes", 0, "storage", to={"hasDuration": "P1D"}),
        WIDER,
        'In "birthdate" of "order", it is kept longer: 1 day instead of not at all.',
        NARROWER,
    ),
    "somebody else gets it": (_add("hasRecipient", one={"name": "Ads AS"}), WIDER, 'The recipient "Ads AS (recipient)" is new.', NARROWER),
    "somebody else gets one attribute": (
        _set(*MOBILE, "hasRecipient", to=[{"name": "SMS AS", "role": "dpv:DataProcessor"}]),
        WIDER,
        'In "mobile" of "deliver", the recipient "SMS AS (data processor)" is new.',
        NARROWER,
    ),
    "a promise is dropped": (
        _set("prohibited", to=["ai-training"]),
        WIDER,
        "It is promised no more: not to sell data to third parties.",
        NARROWER,
    ),
    "a step is added": (
        _add("steps", one={**shop_json()["steps"][0], "id": "win-back"}),
        WIDER,
        'The step "win-back" is new.',
        NARROWER,
    ),
    "another purpose": (_set(*STEP, "purposeText", 0, "content", to="Sell"), WIDER, 'In "deliver", the purpose is said otherwise.', WIDER),
    "a wider kind of purpose": (
        _set(*STEP, "hasPurpose", to="dpv:ServiceProvision"),
        WIDER,
        'In "deliver", the kind of purpose is to service provision instead of to delivery of goods.',
        NARROWER,
    ),
    "no consent is asked": (
        _set(*MOBILE, "hasLegalBasis", to="eu-gdpr:A6-1-f"),
        WIDER,
        (
            'In "mobile" of "deliver", the legal basis is our legitimate interest (GDPR, Article 6(1)(f)) instead of your consent '
            "(GDPR, Article 6(1)(a))."
        ),
        NARROWER,
    ),
    "it is kept elsewhere": (_set(*ROW, "storage", "hasLocation", to="loc:US"), WIDER, "where it is kept is said otherwise", WIDER),
    "somebody else receives the answers": (_set("intermediary", to={"legalName": "Box AS"}), WIDER, "who receives the answer", NARROWER),
    "somebody else asks": (_set("controller", "legalName", to="Other AS"), WIDER, "Who asks is said otherwise.", WIDER),
    "the agreement goes": (_drop("agreement"), WIDER, "The agreement is no longer there.", NARROWER),
    "nothing does instead any more": (_drop("steps", 0, "attributes", 0, "accepts"), WIDER, "what does instead", NARROWER),
    "what does instead is kept": (
        _set("steps", 0, "attributes", 0, "accepts", 0, "storage", to={"hasDuration": "P9D"}),
        WIDER,
        'In "birthdate" of "order", what does instead of it, "age_over_18" is on terms of its own.',
        NARROWER,
    ),
    "something else does instead, and is kept": (
        _add("steps", 0, "attributes", 0, "accepts", one={"claim": "passport", "storage": {"hasDuration": "P9D"}}),
        WIDER,
        'what does instead of it, "passport" is on terms of its own.',
        WIDER,
    ),
    "something else does instead, and is told to others": (
        _add("steps", 0, "attributes", 0, "accepts", one={"claim": "passport", "hasRecipient": [{"name": "Ads AS"}]}),
        WIDER,
        'what does instead of it, "passport" is on terms of its own.',
        WIDER,
    ),
    "it counts from later": (_set(*MOBILE, "storage", "trigger", to="You leave"), WIDER, "from when it counts is new", NARROWER),
    "it counts from something else": (_set(*ROW, "storage", "trigger", to="You leave"), WIDER, "from when it counts is said", WIDER),
    "a name with a dot": (
        _add(*STEP, "attributes", one={"claim": "address.zip", "hasNecessity": "dpv:Required"}),
        WIDER,
        '"["address.zip"]" in "deliver" is asked for now.',
        NARROWER,
    ),
    "the reason is said otherwise": (_set(*ROW, "reason", to="So"), NEUTRAL, 'In "address.zip" of "deliver", the reason is', NEUTRAL),
    "the version": (_set("version", to="2027-01"), NEUTRAL, "The version is said otherwise.", NEUTRAL),
    "another translation": (_set(*STEP, "purposeText", 1, "content", to="Selge"), WIDER, 'the purpose in "nb" is said', WIDER),
    "values": (_set(*ROW, "values", to=["0150"]), NEUTRAL, "the values that it may have is new", NEUTRAL),
}


def _between(change: Callable[[Any], None]) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    members = shop_json()
    change(members)
    old, new = read_map(SHOP), read_map(json.dumps(members))
    return diff(old, new), diff(new, old)


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_is_told(what: str) -> None:
    change, severity, sentence, back = CHANGES[what]
    there, again = _between(change)
    assert any(one.severity == severity and sentence.lower() in one.sentence.lower() for one in there), there
    assert there[0].severity == severity
    assert again[0].severity == back
    assert is_wider(there) is (severity == WIDER)
    assert (told(there)[-1] == NOTHING_NEW) is (severity != WIDER)


def test_what_is_new_as_a_whole_is_one_change() -> None:
    there, _ = _between(CHANGES["a step is added"][0])
    assert len(there) == 1
    there, _ = _between(CHANGES["an attribute is added"][0])
    assert len(there) == 1


def test_a_common_retention_is_told_where_it_counts() -> None:
    there, _ = _between(_set(*STEP, "storage", "hasDuration", to="P40D"))
    assert [(one.severity, one.claim) for one in there] == [(WIDER, "address.zip"), (WIDER, "given_name"), (NEUTRAL, "")]
    assert "what says nothing itself is kept longer: 40 days instead of 30 days" in there[-1].sentence


def test_nothing_is_new() -> None:
    shop = read_map(SHOP)
    assert diff(shop, shop) == ()
    assert told(()) == (NOTHING_NEW,)


def test_the_order_is_no_difference() -> None:
    members = shop_json()
    members["steps"].reverse()
    assert diff(read_map(SHOP), read_map(json.dumps(members))) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [(["a", "b"], "a.b"), (["a", None], "a.*"), (["a", 0], ["a", "0"]), ("0", '["0"]'), (["a", None], ["a", "*"])],
    ids=["a dot", "a star", "a number", "an array", "a star below"],
)
def test_no_two_claims_are_taken_for_one(one: Any, other: Any) -> None:
    members = shop_json()
    rows = members["steps"][1]["attributes"]
    rows.append({"claim": one, "hasNecessity": "dpv:Optional"})
    old = read_map(json.dumps(members))
    rows.append({"claim": other, "hasNecessity": "dpv:Optional"})
    assert [change.what for change in diff(old, read_map(json.dumps(members)))] == ["attribute"]
    rows[-2]["claim"], rows[-1]["claim"] = other, one
    assert diff(read_map(json.dumps(members)), read_map(json.dumps(members))) == ()
    rows.pop()
    there = diff(old, read_map(json.dumps(members)))
    assert [change.severity for change in there] == [WIDER, NARROWER]
