"""VC JSON Schema: whether a credential follows a schema, and what a hostile schema can do."""

import sys
from collections.abc import Callable
from typing import Any

import pytest

from sayso.credentials.json_schema.evaluation import MAX_NESTING, MAX_SCHEMA_DEPTH, MAX_SCHEMA_NODES
from sayso.credentials.json_schema.validation import MAX_MISMATCHES, SUCCESS, validate
from sayso.errors import SCHEMA_MISMATCH, UNDECIDABLE
from sayso.jsonvalue import Json, JsonObject

DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
DRAFT_2019_09 = "https://json-schema.org/draft/2019-09/schema"
DRAFT_7 = "http://json-schema.org/draft-07/schema#"
DRAFTS = [DRAFT_2020_12, DRAFT_2020_12 + "#", DRAFT_2019_09, DRAFT_7, DRAFT_7.removesuffix("#")]
URL = "https://example.org/schemas/card"
CARD: JsonObject = {"type": ["VerifiableCredential"], "credentialSubject": {"given_name": "Ada", "age": 36, "langs": ["no", "en"]}}


def a_schema(draft: str = DRAFT_2020_12, **members: Any) -> JsonObject:
    return {"$schema": draft, "$id": URL, **members}


def of_subject(**properties: Any) -> dict[str, Any]:
    return {"properties": {"credentialSubject": {"properties": properties}}}


def failing(schema: JsonObject, instance: JsonObject = CARD) -> list[tuple[str, str]]:
    """Give the keyword and place of every mismatch."""
    outcome = validate(schema, instance)
    assert outcome.result == ("failure" if outcome.problems else "success")
    assert {problem.kind for problem in outcome.problems} <= {SCHEMA_MISMATCH}
    return [(problem.detail.rpartition(": ")[2], problem.pointer) for problem in outcome.problems]


def undecided(schema: JsonObject, instance: JsonObject = CARD, **options: int) -> str:
    """Give why it is not decided."""
    outcome = validate(schema, instance, **options)
    assert outcome.result == "indeterminate"
    (problem,) = outcome.problems
    assert (problem.kind, problem.pointer) == (UNDECIDABLE, "")
    return problem.detail


@pytest.mark.parametrize("draft", DRAFTS)
def test_js_1_the_whole_credential_is_looked_at(draft: str) -> None:
    """JS-1, JS-2: in each draft."""
    assert validate(a_schema(draft, required=["credentialSubject"], **of_subject(age={"minimum": 18})), CARD) == SUCCESS
    assert failing(a_schema(draft, required=["given_name"], **of_subject(age={"minimum": 40}, given_name={"type": "number"}))) == [
        ("required", ""),
        ("minimum", "/credentialSubject/age"),
        ("type", "/credentialSubject/given_name"),
    ]


@pytest.mark.parametrize("name", ["$schema", "$id"])
@pytest.mark.parametrize("value", [None, 5, ...])
def test_js_2_without_a_draft_or_a_name_it_is_not_processed(name: str, value: Any) -> None:
    """JS-2: absent is not valid, and MUST NOT be processed."""
    schema = {member: item for member, item in (a_schema() | {name: value}).items() if item is not ...}
    assert failing(schema) == [(f"the schema has no {name}", "")]


@pytest.mark.parametrize(
    "draft",
    [
        "https://json-schema.org/draft/2020-12/schema/",
        "http://json-schema.org/draft-04/schema#",
        "",
        "https://json-schema.org/draft/next/schema",
    ],
)
def test_js_3_another_draft_is_indeterminate(draft: str) -> None:
    """JS-3: and is returned as such."""
    assert undecided(a_schema(draft)) == "the schema is of a draft that is not known"


def test_each_draft_has_its_own_keywords() -> None:
    """JS-2: a draft means what it says."""
    tuples = {"prefixItems": [{"const": "en"}], "dependentSchemas": {"age": False}, "unevaluatedItems": False}
    subject = of_subject(langs=tuples)
    assert failing(a_schema(DRAFT_2020_12, **subject)) == [
        ("const", "/credentialSubject/langs/0"),
        ("unevaluatedItems", "/credentialSubject/langs"),
    ]
    assert failing(a_schema(DRAFT_2019_09, **subject)) == [("unevaluatedItems", "/credentialSubject/langs")]
    assert failing(a_schema(DRAFT_7, **subject)) == []


@pytest.mark.parametrize("draft", DRAFTS)
def test_our_own_keywords(draft: str) -> None:
    """Those that are bounded: patterns, other properties, unique items; a format says nothing."""
    closed = {"properties": {"given_name": {"pattern": "^A", "format": "email"}}, "patternProperties": {"^ag": {"minimum": 40}}}
    rules = {"properties": {"credentialSubject": {**closed, "additionalProperties": False}}}
    assert failing(a_schema(draft, **rules)) == [
        ("minimum", "/credentialSubject/age"),
        ("additionalProperties", "/credentialSubject/langs"),
    ]
    rules = {"properties": {"credentialSubject": {**closed, "additionalProperties": {"type": "string"}}}}
    assert ("type", "/credentialSubject/langs") in failing(a_schema(draft, **rules))
    assert failing(a_schema(draft, additionalProperties=True)) == []
    assert failing(a_schema(draft, **of_subject(given_name={"pattern": "a$"}, age={"pattern": "x"}))) == []
    assert failing(a_schema(draft, **of_subject(given_name={"pattern": "^a"}))) == [("pattern", "/credentialSubject/given_name")]


@pytest.mark.parametrize(
    ("items", "unique"),
    [
        ([], True),
        ([1, True, "1", None, 1.5], True),
        ([1, 1.0], False),
        ([0, -0.0], False),
        ([{"a": [1], "b": 2}, {"b": 2.0, "a": [1]}], False),
        ([{"a": 1}, ["a", 1]], True),
        ([[True], [1]], True),
        ([1e300, int(1e300)], False),
    ],
)
def test_unique_items(items: list[Any], unique: bool) -> None:
    expected = [] if unique else [("uniqueItems", "/a")]
    assert failing(a_schema(properties={"a": {"uniqueItems": True}}), {"a": items}) == expected
    assert failing(a_schema(properties={"a": {"uniqueItems": False}}), {"a": items}) == []


def test_no_value_is_told() -> None:
    """No claim leaves in a message, not even through a schema that asks for it."""
    schema = a_schema(**of_subject(given_name={"const": "Grace", "pattern": "^Grace", "not": {"const": "Ada"}}), allOf=[False])
    told = str(validate(schema, CARD))
    assert "Ada" not in told
    assert "Grace" not in told
    assert failing(schema)[-1] == ("nothing may stand here", "")


def test_the_number_of_places_is_bounded() -> None:
    many: list[Json] = [5] * 100
    instance: JsonObject = {"a": many}
    assert len(failing(a_schema(properties={"a": {"items": {"type": "string"}}}), instance)) == MAX_MISMATCHES
    assert failing(a_schema(allOf=[{"required": ["b"]}, {"required": ["c"]}]), instance) == [("required", "")]


@pytest.mark.parametrize(
    "members",
    [
        {"$ref": "https://example.org/other"},
        {"$ref": "#/$defs/none"},
        {"$ref": "#none"},
        {"$dynamicRef": "https://example.org/other#a"},
        {"$ref": "http://[::1"},
        {"$ref": "#/unknown", "unknown": {"type": "odd"}},
        {**of_subject(age={"$ref": "#/unknown"}), "unknown": {"minimum": "a"}},
        {"$ref": "#/unknown", "unknown": {"properties": 5}},
        {"$ref": "#/unknown", "unknown": 5},
    ],
)
def test_what_cannot_be_evaluated_is_indeterminate(members: dict[str, Any]) -> None:
    """References to what is not here, and what the library stumbles over."""
    assert undecided(a_schema(**members)) == "the schema cannot be evaluated"


@pytest.mark.parametrize(
    "members",
    [
        {"type": "odd"},
        {"properties": 5},
        {"required": "a"},
        {"$ref": 5},
        # a dialect inside, by which the library would leave its bounds
        {"allOf": [{"$schema": DRAFT_7}]},
        {"$ref": "#/a/0", "a": [{"$schema": DRAFT_2020_12}]},
        # a reference to a metaschema, through which it would leave them too
        {"$ref": DRAFT_2020_12},
        {"allOf": [{"$dynamicRef": DRAFT_2019_09}]},
        {"$ref": "https://json-\tschema.org/draft/2020-12/schema"},
        {"$ref": "a", "$defs": {"b": {"$id": "https://json-schema.org/b"}}},
        {"$id": "https://json-schema.org/a", "$ref": "draft/2020-12/schema"},
        {"$id": "https://json-schema.org/a", "allOf": [{"$id": "draft/2020-12/schema"}]},
        # what the library finds by expressions of Python
        {"patternProperties": {"^(a+)+$": True}, "unevaluatedProperties": False},
        {"unevaluatedProperties": False, "allOf": [{"patternProperties": {"a": True}}]},
    ],
)
def test_what_is_not_evaluated_is_indeterminate(members: dict[str, Any]) -> None:
    assert undecided(a_schema(**members)).startswith("the schema is too large, or no schema of its draft")


def test_a_schema_at_home_with_json_schema() -> None:
    """Whoever's `$id` is there may refer to itself."""
    schema = a_schema() | {"$id": "https://json-schema.org/learn/card", "$ref": "#/$defs/a", "$defs": {"a": {"required": ["b"]}}}
    assert failing(schema) == [("required", "")]


@pytest.mark.parametrize("pattern", ["(?=a)", "(a", "\\1", "a{9999}"])
def test_an_expression_that_is_not_understood_is_indeterminate(pattern: str) -> None:
    schema = a_schema(**of_subject(given_name={"pattern": pattern}))
    assert undecided(schema) == "a regular expression of the schema is not understood, or too large"


@pytest.mark.parametrize("where", ["pattern", "patternProperties", "additionalProperties", "propertyNames"])
def test_a_catastrophic_expression_ends(where: str) -> None:
    """Python would try two to the power of thirty ways."""
    text, bad = "a" * 30 + "!", "^(a+)+$"
    rules: dict[str, Any] = {
        "pattern": {"properties": {"b": {"pattern": bad}}},
        "patternProperties": {"patternProperties": {bad: False}},
        "additionalProperties": {"patternProperties": {bad: True}, "additionalProperties": {"const": 1}},
        "propertyNames": {"propertyNames": {"pattern": bad}},
    }
    outcome = validate(a_schema(**rules[where]), {text: "b", "b": text})
    assert outcome.result == ("success" if where == "patternProperties" else "failure")


def references(levels: int, reference: str = "$ref", **last: Any) -> dict[str, Any]:
    """Refer twice to what refers twice to what …"""
    definitions: dict[str, Any] = {
        f"d{level}": {"unevaluatedProperties": True, "allOf": [{reference: f"#/$defs/d{level + 1}"}, {reference: f"#/$defs/d{level + 1}"}]}
        for level in range(levels)
    }
    return {reference: "#/$defs/d0", "$defs": {**definitions, f"d{levels}": last}}


def chained(link: Callable[[str], dict[str, Any]], levels: int = 40) -> dict[str, Any]:
    """Refer in another way to what refers in that way to what …"""
    definitions = {f"d{level}": {"unevaluatedProperties": True, **link(f"#/$defs/d{level + 1}")} for level in range(levels)}
    return {"$ref": "#/$defs/d0", "$defs": {**definitions, f"d{levels}": {}}}


@pytest.mark.parametrize(
    "members",
    [
        references(30),
        chained(lambda then: {"$ref": then, "$dynamicRef": then}),
        chained(lambda then: {"dependentSchemas": {"type": {"$ref": then}, "credentialSubject": {"$ref": then}}}),
        {"properties": {"type": {"items": {"enum": ["a" * 1000] * 1000}}}, **references(9, enum=["a" * 1000] * 1000)},
    ],
)
def test_references_to_references_end(members: dict[str, Any]) -> None:
    """Two to the power of thirty uses of a keyword are not made, nor such that are hidden in others."""
    assert undecided(a_schema(**members)) == "the schema takes more work than is accepted"


@pytest.mark.parametrize(
    "members", [{"$ref": "#"}, {"allOf": [{"not": {"$ref": "#"}}]}, {"unevaluatedProperties": {"$ref": "#"}, "$dynamicRef": "#"}]
)
def test_a_schema_that_is_inside_itself_ends(members: dict[str, Any]) -> None:
    assert undecided(a_schema(**members)) == "the schema follows more keywords inside each other than is accepted"


def test_at_the_edges_of_the_limits() -> None:
    whole: dict[str, Any] = {f"p{number}": {} for number in range(MAX_SCHEMA_NODES - 2)}
    assert failing(a_schema(properties=whole)) == []
    assert "too large" in undecided(a_schema(properties=whole | {"one more": {}}))
    deep: Any = "x"
    for _ in range(MAX_SCHEMA_DEPTH - 1):
        deep = [deep]
    assert failing(a_schema(const=deep)) == [("const", "")]
    assert "too large" in undecided(a_schema(const=[deep]))
    chain: dict[str, Any] = {f"d{number}": {"$ref": f"#/$defs/d{number + 1}"} for number in range(MAX_NESTING - 1)}
    last = f"d{MAX_NESTING - 1}"
    assert failing(a_schema() | {"$ref": "#/$defs/d0", "$defs": {**chain, last: {}}}) == []
    assert "inside each other" in undecided(a_schema() | {"$ref": "#/$defs/d0", "$defs": {**chain, last: {"type": "object"}}})


def test_work_is_bounded_from_the_first_keyword() -> None:
    schema = a_schema(type="object")
    assert validate(schema, CARD, max_work=400).result == "success"
    assert undecided(schema, max_work=100) == "the schema takes more work than is accepted"
    assert (
        undecided(a_schema(properties={"a": {"pattern": "^(?:a|b|c)*$"}}), {"a": "a" * 1000}, max_work=10_000)
        == "the schema takes more work than is accepted"
    )


def test_where_little_of_the_stack_is_left_nothing_is_decided() -> None:
    """What the library keeps outside Python does not survive the end of the stack."""

    def deeper(left: int) -> str:
        return deeper(left - 1) if left else validate(a_schema(), CARD).result

    assert deeper(10) == "success"
    assert deeper(sys.getrecursionlimit() - 500) == "indeterminate"
