"""Claims path pointers: their JSON form, what they select in a tree with and without gaps, and what is made of the places."""

from typing import Any

import pytest

from sayso.credentials.claims_path import MAX_STEPS, ClaimsPath, Places, find, parse, project, select, stem, text
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, MISSING_CLAIM, ProblemType, SaysoError
from sayso.jsonvalue import Json, freeze, serialize

PERSON: dict[str, Json] = {
    "name": "Ada",
    "address": {"street": "Kirkegata 1", "city": "Oslo"},
    "degrees": [{"type": "BSc", "year": 2010}, {"type": "MSc"}, {"honour": True}],
    "nationalities": ["NO", "GB"],
}


def refused(error: pytest.ExceptionInfo[SaysoError]) -> tuple[ProblemType, str]:
    (problem,) = error.value.problems
    return problem.kind, problem.pointer


@pytest.mark.parametrize("path", [["a"], [""], [None], [0], ["degrees", None, "type"], ["a", 10**30]])
def test_a_path_is_read_and_written(path: list[Json]) -> None:
    assert parse(path) == tuple(path)
    assert [*parse(freeze(path))] == path
    assert text(("ü", None, 0)) == '["ü",null,0]'


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (None, ""),
        ("a", ""),
        ([], ""),
        ({"0": "a"}, ""),
        (["a", -1], "/1"),
        (["a", True], "/1"),
        ([False], "/0"),
        (["a", 1.0], "/1"),
        ([["a"]], "/0"),
        ([{}], "/0"),
    ],
)
def test_a_path_of_anything_else_is_refused(value: Json, place: str) -> None:
    """Rule DQ-P1; booleans are no ints, and 1.0 is a second spelling of an index."""
    with pytest.raises(SaysoError) as caught:
        parse(value)
    assert refused(caught) == (MALFORMED_VALUE_ERROR, place)


def test_a_path_is_no_longer_than_what_it_may_point_into_is_deep() -> None:
    longest: list[Json] = ["a"] * MAX_STEPS
    assert len(parse(longest)) == 64
    with pytest.raises(SaysoError) as caught:
        parse([*longest, "a"])
    assert refused(caught) == (LIMIT_EXCEEDED, "")


def test_the_stem_of_a_path_ends_before_every_element() -> None:
    assert stem(("a", 1, "b")) == ("a", 1, "b")
    assert stem(("a", None, "b")) == ("a",)


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        (("name",), [(("name",), "Ada")]),
        (("address",), [(("address",), PERSON["address"])]),
        (("address", "city"), [(("address", "city"), "Oslo")]),
        (("nationalities", 1), [(("nationalities", 1), "GB")]),
        (("nationalities", None), [(("nationalities", 0), "NO"), (("nationalities", 1), "GB")]),
        (("degrees", None, "type"), [(("degrees", 0, "type"), "BSc"), (("degrees", 1, "type"), "MSc")]),
    ],
)
def test_what_a_path_selects(path: ClaimsPath, selected: Any) -> None:
    assert select(PERSON, path) == find(PERSON, path) == selected
    assert select(freeze(PERSON), path) == selected


def test_selecting_copies_nothing() -> None:
    ((_, value),) = select(PERSON, ("address",))
    assert value is PERSON["address"]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("name", "first"), "/name"),  # a member of a string
        (("nationalities", "NO"), "/nationalities"),  # a member of an array
        (("degrees", None, "type", "x"), "/degrees/0/type"),
        (("address", None), "/address"),  # every element of an object
        (("name", 0), "/name"),  # an element of a string
        (("address", 0), "/address"),
        ((), ""),
        (("nationalities", -1), ""),
        (("nationalities", True), ""),
        (("nationalities", 1.0), ""),
    ],
)
def test_a_tree_of_another_shape_is_an_error_in_both_flavours(path: Any, place: str) -> None:
    """Rules DQ-P1 and SV-14."""
    for flavour in (select, find):
        with pytest.raises(SaysoError) as caught:
            flavour(PERSON, path)
        assert refused(caught) == (MALFORMED_VALUE_ERROR, place)


@pytest.mark.parametrize(
    ("path", "place"), [(("email",), "/email"), (("nationalities", 2), "/nationalities/2"), (("degrees", None, "school"), "/degrees")]
)
def test_nothing_selected_is_an_error_for_a_query_and_an_answer_for_type_metadata(path: ClaimsPath, place: str) -> None:
    """Rules DQ-P1 and SV-14."""
    assert find(PERSON, path) == []
    with pytest.raises(SaysoError) as caught:
        select(PERSON, path)
    assert refused(caught) == (MISSING_CLAIM, place)
    assert text(path) in str(caught.value)


TREE: Json = {"a": [[10, 12], [30]], "b": ["x"]}
POSITIONS = {("a",): (1, 4), ("a", 0): (0, 2)}


class TestGaps:
    """Rule DQ-P1: an index counts what is not disclosed, and null yields only what is."""

    @pytest.mark.parametrize(
        ("path", "selected"),
        [
            (("a", 1), [(("a", 0), [10, 12])]),
            (("a", 4), [(("a", 1), [30])]),
            (("a", 1, 2), [(("a", 0, 1), 12)]),
            (("a", 4, 0), [(("a", 1, 0), 30)]),
            (("a", None, 0), [(("a", 0, 0), 10), (("a", 1, 0), 30)]),
            (("a", None, 2), [(("a", 0, 1), 12)]),
            (("a", None, None), [(("a", 0, 0), 10), (("a", 0, 1), 12), (("a", 1, 0), 30)]),
            (("b", 0), [(("b", 0), "x")]),
        ],
    )
    def test_what_is_disclosed_is_found_at_its_own_index(self, path: ClaimsPath, selected: Any) -> None:
        assert select(TREE, path, POSITIONS) == find(TREE, path, POSITIONS) == selected

    @pytest.mark.parametrize("path", [("a", 0), ("a", 2), ("a", 5), ("a", 1, 1), ("a", 4, 1), ("b", 1)])
    def test_what_is_hidden_or_beyond_is_missing(self, path: ClaimsPath) -> None:
        assert find(TREE, path, POSITIONS) == []
        with pytest.raises(SaysoError) as caught:
            select(TREE, path, POSITIONS)
        assert refused(caught)[0] == MISSING_CLAIM

    def test_an_array_of_which_all_is_hidden_has_no_elements(self) -> None:
        assert find({"a": []}, ("a", None), {("a",): ()}) == find({"a": []}, ("a", 0), {("a",): ()}) == []


class TestProject:
    def test_it_holds_the_places_and_no_more(self) -> None:
        assert project(PERSON, [("address", "city"), ("degrees", 1), ("degrees", 0, "year")]) == {
            "address": {"city": "Oslo"},
            "degrees": [{"year": 2010}, {"type": "MSc"}],
        }

    def test_members_stand_as_chosen_and_elements_as_they_stood(self) -> None:
        tree = project(PERSON, [("nationalities", 1), ("name",), ("nationalities", 0)])
        assert serialize(tree) == '{"nationalities":["NO","GB"],"name":"Ada"}'

    @pytest.mark.parametrize("locations", [[("address",), ("address", "city")], [("address", "city"), ("address",)]])
    def test_a_place_within_a_chosen_one_takes_nothing_away(self, locations: Any) -> None:
        assert project(PERSON, locations) == {"address": PERSON["address"]}

    def test_the_whole_the_nothing_and_the_frozen(self) -> None:
        assert project(PERSON, [("name",), ()]) is PERSON
        assert project(PERSON, []) == {}
        assert project(["a"], []) == []
        assert project(freeze(PERSON), [("nationalities", 0)]) == {"nationalities": ["NO"]}

    @pytest.mark.parametrize(
        "location",
        [("email",), ("name", "x"), ("name", 0), ("nationalities", 2), ("nationalities", -1), ("nationalities", "0"), ("address", 0)],
    )
    def test_a_place_that_is_not_there_is_wrong_use(self, location: Any) -> None:
        with pytest.raises(ValueError, match="not in the tree"):
            project(PERSON, [("degrees",), location])


class TestPlaces:
    places = Places([("address",), ("address", "city"), ("address", "zip"), ("name",), ("langs", 0), ("langs", 1, "code")])

    @pytest.mark.parametrize(
        ("selected", "numbers"),
        [
            ([("name",)], [3]),
            ([("address", "zip")], [0, 2]),  # with what lies above
            ([("address",)], [0, 1, 2]),  # with what lies below
            ([("address", "zip", "prefix")], [0, 2]),
            ([("langs",)], [4, 5]),
            ([("langs", 1)], [5]),
            ([("langs", 1, "name")], []),
            ([("name",), ("address", "city"), ("name",)], [0, 1, 3]),
            ([("vct",)], []),
            ([()], [0, 1, 2, 3, 4, 5]),
            ([], []),
        ],
    )
    def test_what_a_selection_needs(self, selected: Any, numbers: list[int]) -> None:
        """Rule DQ-S6."""
        assert self.places.needed(selected) == numbers

    @pytest.mark.parametrize(
        ("withheld", "numbers"),
        [
            ([("address", "zip")], [0, 1]),
            ([("address", "zip"), ("address", "city")], [0]),
            ([("address",)], []),  # with what lies below
            ([("address", "zip", "prefix"), ("name",)], [0, 1, 2]),  # no disclosure of its own, and not selected
        ],
    )
    def test_what_is_withheld_is_not_needed(self, withheld: Any, numbers: list[int]) -> None:
        """Rule DQ-S6: of a value that is selected, the wallet decides how much is shown with it."""
        assert self.places.needed([("address",)], withheld) == numbers
