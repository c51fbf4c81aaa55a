"""Laws of claims path pointers, tried on trees from which array elements are missing."""

from typing import Any, TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials.claims_path import Location, Places, find, parse, project, select
from sayso.errors import SaysoError
from sayso.jsonvalue import Json
from tests.support import examples

pytestmark = pytest.mark.laws

HIDDEN = ...
"""Stands where an array element is not disclosed."""

Veiled: TypeAlias = Any

NAMES = st.sampled_from("abc")
SCALARS = st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=1)
JSON = st.recursive(
    SCALARS | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=4),
)
VEILED = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS, lambda inner: st.lists(inner | st.just(HIDDEN), max_size=4) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=12
    ),
    min_size=1,
)
PATHS = st.lists(NAMES | st.none() | st.integers(0, 4), min_size=1, max_size=4).map(tuple)


def unveil(value: Veiled, positions: dict[Location, tuple[int, ...]], here: Location = ()) -> Json:
    """Drop the hidden elements, and write down what index the others had."""
    if isinstance(value, dict):
        return {name: unveil(item, positions, (*here, name)) for name, item in value.items()}
    if isinstance(value, list):
        left = [index for index, item in enumerate(value) if item is not HIDDEN]
        if len(left) < len(value):
            positions[here] = tuple(left)
        return [unveil(value[index], positions, (*here, number)) for number, index in enumerate(left)]
    return value  # type: ignore[no-any-return]


def reference(value: Veiled, path: tuple[Any, ...]) -> list[Veiled]:
    """Select by the words of OpenID4VP 1.0, section 7.1.1, with placeholders in the tree."""
    selected = [value]
    for step in path:
        kind = dict if isinstance(step, str) else list
        assert all(isinstance(item, kind) for item in selected), "another shape"
        if isinstance(step, str):
            selected = [item[step] for item in selected if step in item]
        elif step is None:
            selected = [element for item in selected for element in item if element is not HIDDEN]
        else:
            selected = [item[step] for item in selected if step < len(item) and item[step] is not HIDDEN]
    return selected


def at(tree: Any, location: Location) -> Json:
    for step in location:
        tree = tree[step]
    return tree  # type: ignore[no-any-return]


def places(tree: Json, here: Location = ()) -> list[Location]:
    """List every place of a tree but its root."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [place for step, item in inner for place in ((*here, step), *places(item, (*here, step)))]


def same(first: Json, second: Json) -> bool:
    return repr(first) == repr(second)  # tells True from 1


@examples(75)
@given(VEILED, PATHS)
def test_hidden_elements_are_missing_and_the_others_keep_their_index(veiled: Veiled, path: tuple[Any, ...]) -> None:
    """Rules DQ-P1 and SV-14."""
    gaps: dict[Location, tuple[int, ...]] = {}
    tree = unveil(veiled, gaps)
    try:
        expected = [unveil(value, {}) for value in reference(veiled, path)]
    except AssertionError:
        for flavour in (find, select):
            with pytest.raises(SaysoError):
                flavour(tree, path, gaps)
        return
    found = find(tree, path, gaps)
    assert same([value for _, value in found], expected)
    assert all(at(tree, location) is value for location, value in found)
    if expected:
        assert select(tree, path, gaps) == found
    else:
        with pytest.raises(SaysoError):
            select(tree, path, gaps)


@examples(75)
@given(st.lists(SCALARS, min_size=1, max_size=3) | JSON)
def test_any_json_is_a_path_or_an_error(value: Json) -> None:
    try:
        path = parse(value)
    except SaysoError:
        return
    assert same([*path], value)
    assert all(type(step) in (str, int, type(None)) for step in path)


def above_or_at(place: Location, other: Location) -> bool:
    return other[: len(place)] == place


@st.composite
def tree_and_places(draw: st.DrawFn) -> tuple[Json, list[Location]]:
    tree = unveil(draw(VEILED), {})
    return tree, draw(st.lists(st.sampled_from(places(tree)), max_size=5))


def kept(tree: Json, chosen: list[Location], here: Location = ()) -> Json:
    if any(above_or_at(place, here) for place in chosen):
        return tree
    wanted = [place[len(here)] for place in chosen if above_or_at(here, place)]
    if isinstance(tree, dict):
        return {name: kept(item, chosen, (*here, name)) for name, item in tree.items() if name in wanted}
    assert isinstance(tree, list)
    return [kept(item, chosen, (*here, index)) for index, item in enumerate(tree) if index in wanted]


@examples(75)
@given(tree_and_places())
def test_a_projection_holds_what_was_chosen_and_nothing_else(drawn: tuple[Json, list[Location]]) -> None:
    tree, chosen = drawn
    projection = project(tree, chosen)
    assert projection == kept(tree, chosen)
    assert project(tree, [*reversed(chosen), *chosen]) == projection


@examples(75)
@given(tree_and_places(), st.randoms(use_true_random=False))
def test_a_selection_needs_what_is_above_at_and_below_it(drawn: tuple[Json, list[Location]], order: Any) -> None:
    """Rule DQ-S6."""
    tree, selected = drawn
    disclosures = places(tree)
    order.shuffle(disclosures)
    disclosures = disclosures[: len(disclosures) // 2 + 1]
    assert Places(disclosures).needed(selected) == [
        number
        for number, place in enumerate(disclosures)
        if any(above_or_at(place, chosen) or above_or_at(chosen, place) for chosen in selected)
    ]
