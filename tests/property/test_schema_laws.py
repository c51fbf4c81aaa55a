"""Laws of schemas: an expression means what it means elsewhere, and a schema is followed where the library alone says so."""

import re
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.json_schema.entries import schema_entries, schema_of_credential, schema_problems
from sayso.credentials.json_schema.patterns import compiled
from sayso.credentials.json_schema.validation import validate
from sayso.errors import SCHEMA_MISMATCH, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import Retrieved, drive
from tests.support import examples

pytestmark = pytest.mark.laws


def nothing(_: int) -> None:
    """Let every amount of work pass."""


ATOMS = (
    "a",
    "b",
    ".",
    "[ab]",
    "[^a]",
    "(a|b)",
    "(?:ab|)",
    "(?:a*)",
    "\\w",
    "\\d",
    "\\W",
    "\\b",
    "^",
    "$",
    "a+",
    "b?",
    "(ab){2}",
    "(?:a|b)*?",
)
PATTERNS = st.lists(st.sampled_from(ATOMS) | st.sampled_from(["a*", "[ab]+", "(a|ab){1,2}", "|"]), max_size=7).map("".join)


@examples(500)
@given(PATTERNS, st.text("ab1 _", max_size=8))
def test_they_match_as_those_of_python_do(pattern: str, text: str) -> None:
    """Where both mean the same."""
    theirs = re.search(pattern.replace("$", r"\Z"), text, re.ASCII)
    assert compiled(pattern).found_in(text, nothing) is (theirs is not None)


@examples(500)
@given(st.text(st.sampled_from("ab^$.|()[]{}*+?\\dpux019,-<>:=!"), max_size=20), st.text("ab1", max_size=5))
def test_any_text_is_read_or_refused(pattern: str, text: str) -> None:
    kinds = {True, False, UNDECIDABLE}
    try:
        found: Any = compiled(pattern).found_in(text, nothing)
    except SaysoError as error:
        (found,) = (problem.kind for problem in error.problems)
    assert found in kinds


DRAFTS = {
    "https://json-schema.org/draft/2020-12/schema": jsonschema.Draft202012Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
    "http://json-schema.org/draft-07/schema#": jsonschema.Draft7Validator,
}
NAMES = st.sampled_from("abc")
SCALARS = st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([1.0, 0.5, -0.0]) | st.text("ab", max_size=3)
INSTANCES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=8)
TYPES = st.sampled_from(["string", "number", "integer", "boolean", "null", "object", "array"])
EXPRESSIONS = st.sampled_from(["^a", "b$", "a|b", "^[ab]{2}$", "c"])


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(inner, min_size=1, max_size=2)
    named = st.dictionaries(NAMES, inner, max_size=2)
    members: dict[str, st.SearchStrategy[Any]] = {
        **dict.fromkeys(("additionalProperties", "not", "items", "contains", "propertyNames", "if", "then", "else"), inner),
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), lists),
        **dict.fromkeys(("properties", "dependentSchemas"), named),
        "patternProperties": st.dictionaries(EXPRESSIONS, inner, max_size=2),
        "type": TYPES,
        "pattern": EXPRESSIONS,
        "enum": st.lists(SCALARS, min_size=1, max_size=3),
        "const": INSTANCES,
        "required": st.lists(NAMES, max_size=2, unique=True),
        "uniqueItems": st.booleans(),
        "minItems": st.integers(0, 2),
        "maxLength": st.integers(0, 2),
        "minimum": st.integers(-1, 2),
        "format": st.sampled_from(["email", "uri"]),
        "$ref": st.sampled_from(["#/$defs/a", "#/$defs/none"]),
    }
    return st.fixed_dictionaries({}, optional=members)


SCHEMAS = st.recursive(st.booleans() | st.fixed_dictionaries({"type": TYPES}), schemas, max_leaves=6).filter(
    lambda value: isinstance(value, dict)
)


def theirs(validator: Any, instance: Json) -> str:
    try:
        return "success" if validator.is_valid(instance) else "failure"
    except Exception:  # noqa: BLE001 - whatever the peer raises of a schema says that it does not take it
        return "indeterminate"


@examples(600)
@given(
    SCHEMAS,
    st.dictionaries(NAMES, INSTANCES, max_size=3),
    st.sampled_from([*DRAFTS]),
    st.booleans() | st.fixed_dictionaries({"type": TYPES}),
)
def test_a_schema_is_followed_where_the_library_says_so(members: JsonObject, instance: JsonObject, draft: str, definition: Any) -> None:
    schema: JsonObject = {"$schema": draft, "$id": "https://example.org/1", **members, "$defs": {"a": definition}}
    outcome = validate(schema, instance)
    assert {problem.kind for problem in outcome.problems} <= {SCHEMA_MISMATCH, UNDECIDABLE}
    assert (outcome.result == "success") is (outcome.problems == ())
    if outcome.result == "indeterminate":
        assert "#/$defs/none" in str(members)
    else:
        assert outcome.result == theirs(DRAFTS[draft](schema), instance)


JUNK = st.recursive(
    SCALARS | st.sampled_from(["#", "#/a", "https://json-schema.org/draft/2020-12/schema", "string", "a\\", "(a+)+$"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *(
                        "$ref",
                        "$id",
                        "$schema",
                        "$defs",
                        "$dynamicRef",
                        "$dynamicAnchor",
                        "$recursiveRef",
                        "$recursiveAnchor",
                        "a",
                        "allOf",
                    ),
                    *("properties", "patternProperties", "pattern", "unevaluatedProperties", "unevaluatedItems", "type", "not"),
                    *("dependentSchemas",),
                )
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@examples(300)
@given(JUNK, JUNK, st.sampled_from([*DRAFTS]))
def test_any_schema_has_an_outcome(members: Any, instance: Any, draft: str) -> None:
    schema = {"$schema": draft, "$id": "https://example.org/1", **(members if isinstance(members, dict) else {"allOf": [members]})}
    assert validate(schema, {"a": instance}, max_work=200_000).result in ("success", "failure", "indeterminate")


@examples(300)
@given(st.dictionaries(st.sampled_from(["credentialSchema", "relatedResource", "credentialSubject", "type"]), JUNK), st.binary(max_size=8))
def test_any_entry_is_followed_or_refused(document: JsonObject, body: bytes) -> None:
    entries = schema_entries(document)
    assert all(entry.place[0] == "credentialSchema" for entry in entries)
    found = drive(schema_problems(document), lambda _: Retrieved(body))
    assert bool(found) or all(entry.kind == "unknown" for entry in entries)
    with pytest.raises(SaysoError):
        schema_of_credential(document)
