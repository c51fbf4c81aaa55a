"""Laws of type metadata: whatever arrives is read or refused, and what is said of a credential does not depend on what it hides."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.claims_path import Positions
from sayso.credentials.type_metadata.chain import check_integrity, merged
from sayso.credentials.type_metadata.document import TypeMetadata, parse, read
from sayso.credentials.type_metadata.rules import Sight, problems
from sayso.credentials.type_metadata.svg import fill
from sayso.errors import SaysoError
from sayso.jsonvalue import JsonObject
from tests.support import examples

pytestmark = pytest.mark.laws

NAMES = (
    "vct",
    "name",
    "extends",
    "extends#integrity",
    "display",
    "claims",
    "path",
    "sd",
    "mandatory",
    "svg_id",
    "locale",
    "label",
    "rendering",
)
WORDS = st.sampled_from((*NAMES, "always", "never", "en", "urn:a", "simple", "svg_templates", "uri", "https://a.example", "properties"))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | WORDS | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=20,
)
STEPS: st.SearchStrategy[str | int | None] = st.sampled_from(["a", "b", 0, 1, None])
RULES = st.lists(
    st.fixed_dictionaries(
        {"path": st.lists(STEPS, min_size=1, max_size=3)},
        optional={"sd": st.sampled_from(["always", "allowed", "never"]), "mandatory": st.booleans()},
    ),
    max_size=4,
    unique_by=lambda rule: str(rule["path"]),
)
TREES = st.dictionaries(
    st.sampled_from("ab"),
    st.recursive(
        st.integers(0, 1),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2),
        max_leaves=6,
    ),
    max_size=2,
)


def type_of(rules: list[Any], vct: str = "x") -> TypeMetadata:
    return parse({"vct": vct, "claims": rules})


@examples()
@given(st.dictionaries(WORDS, VALUES, max_size=6))
def test_any_json_is_read_or_refused(value: dict[str, Any]) -> None:
    try:
        found = parse({"vct": "urn:a", **value})
    except SaysoError:
        return
    assert merged([found]) == found._replace(extends=None)


@examples()
@given(st.binary(max_size=40), st.text(max_size=90))
def test_any_bytes_and_digests_are_read_or_refused(content: bytes, integrity: str) -> None:
    for attempt in (lambda: read(content), lambda: check_integrity(content, integrity)):
        with pytest.raises(SaysoError):
            attempt()


@examples()
@given(TREES, RULES)
def test_whoever_sees_less_finds_no_more_missing(document: JsonObject, rules: list[Any]) -> None:
    """What a verifier says is missing, a holder says too."""
    metadata = type_of(rules)
    inner = document.get("b")
    positions: Positions = {("b",): tuple(range(1, len(inner) + 1))} if isinstance(inner, list) else {}
    whole = problems(metadata, document, Sight(positions, complete=True))
    partial = problems(metadata, document, Sight(positions, hiding={(), ("a",)}))
    assert {*partial} <= {*whole}


@examples()
@given(RULES, RULES)
def test_a_child_never_allows_what_its_parent_refuses(child: list[Any], parent: list[Any]) -> None:
    try:
        both = merged([type_of(child), type_of(parent, "y")])
    except SaysoError:
        return
    above = {rule.path: rule for rule in type_of(parent).claims}
    for rule in both.claims:
        settled = above.get(rule.path)
        if settled is not None:
            assert settled.sd in (None, "allowed", rule.sd)
            assert rule.mandatory or not settled.mandatory
    assert {rule.path for rule in both.claims} == above.keys() | {rule.path for rule in type_of(child).claims}


@examples()
@given(
    st.lists(
        st.sampled_from(["{{a}}", "{{b}}", "<t>", "</t>", "<t/>", "<!--", "-->", "<t a='", "'>", "<style>", "</style>", "x", "{", "}"]),
        max_size=8,
    )
)
def test_a_value_stays_text(pieces: list[str]) -> None:
    """A claim adds no markup, wherever its place is."""
    template = "".join(pieces)
    metadata = parse({"vct": "x", "claims": [{"path": ["a"], "svg_id": "a"}]})
    try:
        filled = fill(template, metadata, {"a": "<script>'\"&"})
    except SaysoError:
        return
    assert filled == template.replace("{{a}}", "&lt;script&gt;&apos;&quot;&amp;")
