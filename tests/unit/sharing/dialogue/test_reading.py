"""A dialogue map is read from TOML or JSON, strictly: it is the business's own file."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sayso.credentials.formats import FORMATS
from sayso.errors import DIALOGUE_MAP, LIMIT_EXCEEDED, PARSING_ERROR, TERMS, UNKNOWN_TERM, ProblemType, SaysoError
from sayso.jsonvalue import Limits
from sayso.sharing import dpv
from sayso.sharing.conditions import Recipient
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.values import DialogueMap
from sayso.sharing.terms import NOTHING, WILL_NOT_STORE
from tests.support import REPOSITORY
from tests.unit.sharing.dialogue.shop import SHOP, shop_json

SCHEMA: Any = json.loads((Path(REPOSITORY) / "specs" / "dialogue-map.schema.json").read_text(encoding="utf-8"))


def test_what_the_file_says() -> None:
    shop = read_map(SHOP)
    order, deliver = shop.steps
    assert (shop.id, shop.version, shop.measures) == ("https://shop.example/dialogue", "2026-11", ("Sealed on disk",))
    assert shop.conditions.controller is not None
    assert shop.conditions.controller.rights == "https://shop.example/rights"
    assert order.keep_for is WILL_NOT_STORE
    assert [one.claim for one in deliver.required] == [("address", "zip"), "given_name"]
    assert [one.claim for one in deliver.optional] == ["mobile"]
    assert deliver.purposes == (("nb", "Levere bestillingen din"),)


def test_toml_and_json_are_one_map_with_one_digest() -> None:
    shop = read_map(SHOP)
    for text in (json.dumps(shop_json()), SHOP.encode(), json.dumps(shop.to_json()).encode()):
        assert read_map(text) == shop
        assert read_map(text).digest == shop.digest


def test_what_a_linter_asks_for() -> None:
    shop = read_map(SHOP)
    assert shop.allowed("order") == {"birthdate": NOTHING, "age_over_18": NOTHING}
    days = timedelta(days=30)
    assert shop.allowed("deliver") == {("address", "zip"): days, "given_name": days, "mobile": timedelta(days=2)}
    with pytest.raises(ValueError, match="order, deliver, and no other"):
        shop.allowed("pay")


def test_what_a_request_of_a_step_says_of_itself() -> None:
    shop = read_map(SHOP)
    said = shop.conditions_of("deliver")
    assert said.process is not None
    assert tuple(said.process) == ("https://shop.example/dialogue", "deliver", "NO-REG-4711")
    assert said.dialogue_map is not None
    assert tuple(said.dialogue_map) == (shop.id, shop.digest)
    assert said.category == "dpv:DeliveryOfGoods"
    assert said.legal_basis == "eu-gdpr:A6-1-b"
    assert said.recipients == (Recipient("Cloud AS", "dpv:DataProcessor"), Recipient("Posten", "dpv:DataController"))


def _set(*steps: str | int, to: Any) -> Callable[[Any], None]:
    def change(members: Any) -> None:
        for step in steps[:-1]:
            members = members[step]
        members[steps[-1]] = to

    return change


def _drop(*steps: str | int) -> Callable[[Any], None]:
    def change(members: Any) -> None:
        for step in steps[:-1]:
            members = members[step]
        del members[steps[-1]]

    return change


STEP, ROW = ("steps", 1), ("steps", 1, "attributes", 0)
REFUSED: dict[str, tuple[Callable[[Any], None], ProblemType, str]] = {
    "no id": (_drop("id"), TERMS, "/id"),
    "an id that is no URL": (_set("id", to="shop"), DIALOGUE_MAP, "/id"),
    "a member that is not known": (_set("retention", to="P1D"), DIALOGUE_MAP, "/retention"),
    "a member of a step that is not known": (_set(*STEP, "color", to="red"), DIALOGUE_MAP, "/steps/1/color"),
    "a member of an attribute that is not known": (_set(*ROW, "keepFor", to="P1D"), DIALOGUE_MAP, "/steps/1/attributes/0/keepFor"),
    "a member of a row behind an optional one": (
        _set("steps", 1, "attributes", 2, "why", to="so"),
        DIALOGUE_MAP,
        "/steps/1/attributes/2/why",
    ),
    "a member of a recipient that is not known": (
        _set("hasRecipient", 0, "did", to="did:example:a"),
        DIALOGUE_MAP,
        "/hasRecipient/0/did",
    ),
    "a member of the controller that is not known": (_set("controller", "name", to="Shop"), DIALOGUE_MAP, "/controller/name"),
    "a member of a storage that is not known": (
        _set(*ROW, "storage", "until", to="2027"),
        DIALOGUE_MAP,
        "/steps/1/attributes/0/storage/until",
    ),
    "a member of a purpose that is not known": (_set(*STEP, "purposeText", 0, "text", to="x"), DIALOGUE_MAP, "/steps/1/purposeText/0/text"),
    "what requests say": (_set("dialogueMap", to={"id": "a", "digestMultibase": "b"}), DIALOGUE_MAP, "/dialogueMap"),
    "what each step says": (_set("hasPurpose", to="dpv:Marketing"), DIALOGUE_MAP, "/hasPurpose"),
    "no steps": (_set("steps", to=[]), DIALOGUE_MAP, "/steps"),
    "steps that are none": (_set("steps", to={}), DIALOGUE_MAP, "/steps"),
    "a step that is none": (_set("steps", 0, to="order"), TERMS, "/steps/0"),
    "too many steps": (lambda members: members.update(steps=[members["steps"][0]] * 65), LIMIT_EXCEEDED, "/steps"),
    "two steps of one id": (_set(*STEP, "id", to="order"), DIALOGUE_MAP, "/steps"),
    "a step's id with a blank": (_set(*STEP, "id", to="to deliver"), DIALOGUE_MAP, "/steps/1/id"),
    "a step without a purpose": (_drop(*STEP, "purposeText"), DIALOGUE_MAP, "/steps/1/purposeText"),
    "a purpose whose first text has a language": (_set(*STEP, "purposeText", 0, "lang", to="en"), DIALOGUE_MAP, "/steps/1/purposeText"),
    "a purpose with a second text without one": (_drop(*STEP, "purposeText", 1, "lang"), DIALOGUE_MAP, "/steps/1/purposeText"),
    "a language that is none": (_set(*STEP, "purposeText", 1, "lang", to="?"), TERMS, "/steps/1/purposeText/1/lang"),
    "a step without a retention": (_drop(*STEP, "storage"), DIALOGUE_MAP, "/steps/1/storage"),
    "a step that says where": (_set(*STEP, "storage", "hasLocation", to="loc:NO"), DIALOGUE_MAP, "/steps/1/storage"),
    "a retention in months": (_set(*STEP, "storage", "hasDuration", to="P1M"), TERMS, "/steps/1/storage/hasDuration"),
    "a storage that is none": (_set(*STEP, "storage", to="P1D"), TERMS, "/steps/1/storage"),
    "a step without a benefit": (_drop(*STEP, "benefit"), TERMS, "/steps/1/benefit"),
    "a purpose that is no term": (_set(*STEP, "hasPurpose", to="dpv:Whatever"), UNKNOWN_TERM, "/steps/1/hasPurpose"),
    "a format that is not known": (_set(*STEP, "formats", to=["mso_mdoc"]), DIALOGUE_MAP, "/steps/1/formats/0"),
    "a claim that is none": (_set(*ROW, "claim", to=7), DIALOGUE_MAP, "/steps/1/attributes/0/claim"),
    "a claim with a control character": (_set(*ROW, "claim", to=["a\n"]), DIALOGUE_MAP, "/steps/1/attributes/0/claim"),
    "a claim of no steps": (_set(*ROW, "claim", to=[]), DIALOGUE_MAP, "/steps/1/attributes/0/claim"),
    "a claim twice": (_set(*ROW, "claim", to="mobile"), DIALOGUE_MAP, "/steps/1/attributes"),
    "a claim twice, in two spellings": (_set(*ROW, "claim", to=["mobile"]), DIALOGUE_MAP, "/steps/1/attributes"),
    "a necessity that is none": (_set(*ROW, "hasNecessity", to="yes"), DIALOGUE_MAP, "/steps/1/attributes/0/hasNecessity"),
    "a place that is no country": (
        _set(*ROW, "storage", "hasLocation", to="Norway"),
        DIALOGUE_MAP,
        "/steps/1/attributes/0/storage/hasLocation",
    ),
    "what does instead of what does instead": (
        _set("steps", 0, "attributes", 0, "accepts", 0, "accepts", to=[{"claim": "a"}]),
        DIALOGUE_MAP,
        "/steps/0/attributes/0/accepts/0/accepts",
    ),
    "a value that is an object": (_set(*ROW, "values", to=[{}]), DIALOGUE_MAP, "/steps/1/attributes/0/values/0"),
    "text with a line break": (_set(*ROW, "reason", to="a\nb"), TERMS, "/steps/1/attributes/0/reason"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_refused(what: str) -> None:
    change, kind, place = REFUSED[what]
    members = shop_json()
    change(members)
    with pytest.raises(SaysoError) as refused:
        read_map(json.dumps(members))
    assert [(one.kind, one.pointer) for one in refused.value.problems] == [(kind, place)]


def test_formats_and_paths() -> None:
    members = shop_json()
    members["steps"][1]["formats"] = ["dc+sd-jwt"]
    members["steps"][1]["attributes"][0]["claim"] = ["langs", None]
    members["steps"][1]["attributes"][1]["claim"] = ["langs", 0]
    members["steps"][1]["attributes"][2]["claim"] = ["given_name"]
    step = read_map(json.dumps(members)).steps[1]
    assert step.formats == ("dc+sd-jwt",)
    assert [one.claim for one in step.attributes] == [("langs", None), "given_name", ("langs", 0)]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[", PARSING_ERROR),
        ('{"id": 1, "id": 1}', PARSING_ERROR),
        (b"\xff", PARSING_ERROR),
        ("id = 2026-11-27", PARSING_ERROR),
        ("id = inf", PARSING_ERROR),
        ("a = " + "[" * 70 + "]" * 70, PARSING_ERROR),
        ("id = 1", TERMS),
    ],
    ids=["no toml", "a name twice", "no utf-8", "a date", "infinity", "too deep", "no text"],
)
def test_what_is_no_map(text: bytes | str, kind: ProblemType) -> None:
    with pytest.raises(SaysoError) as refused:
        read_map(text)
    assert refused.value.problems[0].kind is kind


def test_the_limit() -> None:
    for text in (SHOP, json.dumps(shop_json())):
        with pytest.raises(SaysoError) as refused:
            read_map(text, limits=Limits(size_bytes=100))
        assert refused.value.problems[0].kind is LIMIT_EXCEEDED


@pytest.mark.parametrize("text", ["a" + ".a" * 65 + " = 1\n", "# " + "x" * (1 << 18)], ids=["dots", "length"])
def test_toml_that_would_take_long(text: str) -> None:
    with pytest.raises(SaysoError) as refused:
        read_map(text)
    assert refused.value.problems[0].kind is LIMIT_EXCEEDED


def test_empty_lists_say_nothing() -> None:
    members = shop_json()
    members["hasRecipient"] = []
    members["steps"][0]["formats"] = []
    shop: DialogueMap = read_map(json.dumps(members))
    assert shop.conditions.recipients == ()
    assert shop.steps[0].formats == ("vc+sd-jwt",)


class TestTheSchema:
    validator = Draft202012Validator(SCHEMA)

    def test_is_one(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)

    def test_takes_what_is_read_and_what_is_written(self) -> None:
        assert self.validator.is_valid(shop_json())
        assert self.validator.is_valid(read_map(SHOP).to_json())

    def test_knows_the_terms_that_are_known(self) -> None:
        named = SCHEMA["$defs"]
        assert {*named["legalBasis"]["enum"]} == dpv.LEGAL_BASES
        assert {*named["step"]["properties"]["hasPurpose"]["enum"]} == {*dpv.PURPOSES}
        assert {*named["recipient"]["properties"]["role"]["enum"]} == dpv.ROLES
        assert {*named["attribute"]["properties"]["hasPersonalData"]["enum"]} == dpv.CATEGORIES
        assert {*SCHEMA["properties"]["prohibited"]["items"]["enum"]} == dpv.PROHIBITABLE
        assert {*named["step"]["properties"]["formats"]["items"]["enum"]} == {*FORMATS}

    # What a schema cannot say: that ids differ, that a path is one, that texts are plain.
    @pytest.mark.parametrize(
        "what",
        [
            name
            for name in REFUSED
            if not name.startswith(("two", "a claim twice", "a purpose with", "a purpose whose", "a claim with", "text with", "too many"))
        ],
    )
    def test_refuses_what_is_refused(self, what: str) -> None:
        members = shop_json()
        REFUSED[what][0](members)
        assert not self.validator.is_valid(members)
