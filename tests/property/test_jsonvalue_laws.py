"""Laws of the strict JSON reader."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sayso.errors import LIMIT_EXCEEDED, PARSING_ERROR, SaysoError
from sayso.jsonvalue import Json, Limits, freeze, from_python, parse, serialize, thaw
from tests.support import examples

pytestmark = pytest.mark.laws

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUES: st.SearchStrategy[Json] = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=30
)
# What a JSON text is made of, in any order: most of it is no JSON, and much of it nearly is.
NEARLY = st.lists(
    st.sampled_from(
        ["{", "}", "[", "]", ",", ":", '"', "\\", "\\u", "d800", "dc00", "a", "1", "-", ".", "e5", "0", "null", "true", "NaN", " ", "\n", "é"]
    )
).map("".join)
TINY = Limits(size_bytes=64, depth=3)


def _same(one: object, other: object) -> bool:
    """Tell whether two values are equal and of the same types throughout."""
    return json.dumps(one) == json.dumps(other)


@examples()
@given(VALUES)
def test_reading_undoes_writing(value: Json) -> None:
    text = serialize(value)
    for again in (parse(text), parse(text.encode()), parse(json.dumps(value)), parse(json.dumps(value, indent=1))):
        assert _same(again, value)


@examples()
@given(st.binary() | NEARLY.map(str.encode) | NEARLY | st.text(st.characters()))
@example("[" * 10_000)
@example(b"\xed\xa0\x80")
def test_anything_gives_a_value_or_the_one_error(data: bytes | str) -> None:
    try:
        value = parse(data)
    except SaysoError as error:
        assert error.problems[0].kind in {PARSING_ERROR, LIMIT_EXCEEDED}
        return
    # What is read is JSON to the lenient reader too, says the same there, and can be written and read again.
    assert _same(json.loads(data), value)
    assert _same(parse(serialize(value)), value)
    serialize(value).encode()


@examples()
@given(NEARLY | st.text('[]{}"\\a', max_size=80))
def test_limits_only_ever_refuse(text: str) -> None:
    try:
        value = parse(text, TINY)
    except SaysoError:
        return
    assert _same(parse(text), value)
    assert len(text.encode()) <= 64
    assert _depth(value) <= 3


def _depth(value: Json) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


@examples()
@given(VALUES, st.integers(0, 4))
def test_depth_is_refused_exactly_beyond_its_limit(value: Json, most: int) -> None:
    try:
        assert _same(parse(serialize(value), Limits(depth=most)), value)
        assert _depth(value) <= most
    except SaysoError as error:
        assert error.problems[0].kind is LIMIT_EXCEEDED
        assert _depth(value) > most


@examples()
@given(VALUES)
def test_copies_are_equal(value: Json) -> None:
    frozen = freeze(value)
    assert frozen == value
    assert serialize(frozen) == serialize(value)
    assert _same(thaw(frozen), value)
    assert _same(from_python(frozen), value)
