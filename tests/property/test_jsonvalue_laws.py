"""Laws of the strict JSON reader."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sayso.errors import LIMIT_EXCEEDED, PARSING_ERROR, ProblemType
from sayso.jsonvalue import Json, Limits, freeze, from_python, parse, serialize, thaw
from tests.property.outcomes import outcome
from tests.support import examples

pytestmark = pytest.mark.laws

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS: st.SearchStrategy[Json] = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=8
)
# What a JSON text is made of, in any order: most of it is no JSON, and much of it nearly is.
PIECES = [*'{}[],:"\\a1-. \né', "\\u", "d800", "dc00", "e5", "0", "null", "true", "NaN", '"x"', '{"a":', "[1,", "\\ud800"]
NEARLY = st.lists(st.sampled_from(PIECES)).map("".join)


def _same(one: object, other: object) -> bool:
    """Tell whether two values are equal and of the same types throughout."""
    return json.dumps(one) == json.dumps(other)


def _depth(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


@examples(150)
@given(VALUES)
def test_reading_undoes_writing(value: Json) -> None:
    text = serialize(value)
    for again in (parse(text), parse(text.encode()), parse(json.dumps(value)), parse(json.dumps(value, indent=1))):
        assert _same(again, value)


@examples(250)
@given(st.binary() | NEARLY.map(str.encode) | NEARLY | st.text(st.characters()))
@example("[" * 10_000)
@example(b"\xed\xa0\x80")
def test_anything_gives_a_value_or_the_one_error(data: bytes | str) -> None:
    found = outcome(parse, data)
    if isinstance(found, ProblemType):
        assert found in {PARSING_ERROR, LIMIT_EXCEEDED}
        return
    # What is read is JSON to a lenient reader too, says the same there, and can be written, encoded and read again.
    assert _same(json.loads(data), found)
    assert _same(parse(serialize(found).encode()), found)


@examples(150)
@given(NEARLY | st.text('[]{}"\\a', max_size=80))
def test_limits_only_ever_refuse(text: str) -> None:
    found = outcome(parse, text, Limits(size_bytes=64, depth=3))
    if not isinstance(found, ProblemType):
        assert _same(parse(text), found)
        assert len(text.encode()) <= 64
        assert _depth(found) <= 3


@examples(150)
@given(VALUES, st.integers(0, 4))
def test_depth_is_refused_exactly_beyond_its_limit(value: Json, most: int) -> None:
    found = outcome(parse, serialize(value), Limits(depth=most))
    assert _same(found, value) if _depth(value) <= most else found is LIMIT_EXCEEDED


@examples(150)
@given(VALUES)
def test_copies_are_equal(value: Json) -> None:
    frozen = freeze(value)
    assert frozen == value
    assert serialize(frozen) == serialize(value)
    assert _same(thaw(frozen), value)
    assert _same(from_python(frozen), value)
