"""Laws of canonical JSON: one text for a value, the same as the reference implementation's, and read back as it was."""

from typing import Any, cast

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from sayso.encodings.jcs import canonicalize
from sayso.errors import MALFORMED_VALUE_ERROR
from sayso.jsonvalue import Json, parse, thaw
from tests.property.outcomes import outcome
from tests.support import examples

pytestmark = pytest.mark.laws

# Characters on both sides of the surrogates, which code points and UTF-16 units sort differently, and those with escapes.
TEXT = st.text(st.sampled_from('aZ1"\\/\n\x00\x1f\x7f\xe9\u20ac\ud7ff\ue000\uffff\U00010000\U0010ffff'), max_size=3) | st.text(
    st.characters(exclude_categories=["Cs"]), max_size=6
)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
FLOATS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 30).map(lambda power: 10.0**-power) | INTEGERS.map(float)
PLAIN: st.SearchStrategy[Json] = st.none() | st.booleans() | INTEGERS | TEXT


def _nested(scalars: st.SearchStrategy[Json], names: st.SearchStrategy[str]) -> st.SearchStrategy[Json]:
    return st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5), max_leaves=12)


VALUES = _nested(PLAIN | FLOATS, TEXT) | _nested(PLAIN, st.text("abAB1", max_size=3))
# Between 2^53 and 1e21 a double is written without a point, and a reader takes it for an integer that is not exact.
KEPT = _nested(PLAIN | FLOATS.filter(lambda number: not 2**53 <= abs(number) < 1e21), TEXT)
HOSTILE = _nested(
    PLAIN | st.integers() | st.floats() | st.text(max_size=2) | st.text(st.characters(categories=["Cs"]), max_size=2), st.text()
)


@examples(1_000)
@given(VALUES)
@example(1e21)
@example(-0.0)
def test_it_is_what_the_reference_implementation_writes(value: Json) -> None:
    assert canonicalize(value) == rfc8785.dumps(cast("Any", value))


@examples(500)
@given(KEPT)
def test_canonical_text_is_its_own_canonical_form(value: Json) -> None:
    text = canonicalize(value)
    again = parse(text)
    assert canonicalize(again) == text
    assert again == value


@examples(300)
@given(VALUES, st.randoms(use_true_random=False))
def test_the_order_of_members_does_not_matter(value: Json, chance: Any) -> None:
    def shuffled(item: Json) -> Json:
        if isinstance(item, dict):
            names = list(item)
            chance.shuffle(names)
            return {name: shuffled(item[name]) for name in names}
        return [shuffled(inner) for inner in item] if isinstance(item, list) else item

    assert canonicalize(shuffled(value)) == canonicalize(value)


@examples(500)
@given(HOSTILE)
def test_anything_gives_bytes_or_the_one_error_and_the_reference_agrees(value: Json) -> None:
    before = thaw(value)
    found = outcome(canonicalize, value)
    try:
        expected: object = rfc8785.dumps(cast("Any", value))
    except (rfc8785.CanonicalizationError, UnicodeError):
        expected = MALFORMED_VALUE_ERROR
    assert found == expected
    assert repr(value) == repr(before)
