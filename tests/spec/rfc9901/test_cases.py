"""RFC 9901, sections 4, 6 and 7, from end to end: every kind of value, nesting and choice that the specification's own cases have."""

import pytest

from sayso.proofs.sd_jwt.serialization import SERIALIZERS
from tests.spec.rfc9901.cases import Case, Sd, check

CASES = [
    Case("nothing_concealed", {"a": ["x", {"b": {"c": "d"}}, ["y"]], "e": "z"}, {}, {"a": ["x", {"b": {"c": "d"}}, ["y"]], "e": "z"}),
    Case("flat", {Sd("name"): "Ada", Sd("age"): 36, "country": "GB"}, {"name": True, "age": False}, {"country": "GB", "name": "Ada"}),
    Case("nothing_shown", {"over": {Sd("12"): True, Sd("18"): True}}, {"over": {"18": False}}, {"over": {}}),
    Case("one_member", {"over": {Sd("12"): True, Sd("18"): True, Sd("65"): False}}, {"over": {"65": True}}, {"over": {"65": False}}),
    Case(
        "values_in_objects",
        {
            "v": {
                Sd("null"): None,
                Sd("int"): 7,
                Sd("float"): 2.5,
                Sd("str"): "x",
                Sd("bool"): False,
                Sd("array"): ["x"],
                Sd("object"): {"x": 1},
            }
        },
        {"v": {"null": True, "int": True, "float": True, "str": True, "bool": True, "array": True, "object": True}},
        {"v": {"null": None, "int": 7, "float": 2.5, "str": "x", "bool": False, "array": ["x"], "object": {"x": 1}}},
    ),
    Case(
        "names_are_strings",
        {"v": {Sd("null"): 1, Sd("7"): 2, Sd("2.5"): 3, Sd("True"): 4, Sd('["x"]'): 5, Sd('{"x": 1}'): 6, Sd(""): 7, Sd("ü"): 8}},
        {"v": {"null": True, "7": True, "2.5": True, "True": True, '["x"]': True, '{"x": 1}': True, "": True, "ü": True}},
        {"v": {"null": 1, "7": 2, "2.5": 3, "True": 4, '["x"]': 5, '{"x": 1}': 6, "": 7, "ü": 8}},
    ),
    Case(
        "values_in_arrays",
        {"v": [Sd(None), Sd(7), Sd(2.5), Sd("x"), Sd(True), Sd(["x"]), Sd({"x": 1})]},
        {"v": [True, True, True, True, True, True, True]},
        {"v": [None, 7, 2.5, "x", True, ["x"], {"x": 1}]},
    ),
    Case("nulls_are_elements", {"v": [None, Sd(None), Sd(None), None]}, {}, {"v": [None, None]}),
    Case("one_null_is_shown", {"v": [Sd(None), None, Sd(None)]}, {"v": [False, None, True]}, {"v": [None, None]}),
    Case("an_array_as_a_whole", {Sd("v"): [3, 4]}, {"v": True}, {"v": [3, 4]}),
    Case("some_elements", {"v": [Sd("a"), Sd("b"), "c"]}, {"v": [False, True]}, {"v": ["b", "c"]}),
    Case(
        "elements_in_arrays", {"v": [[Sd("a"), Sd("b")], [Sd("c"), Sd("d")]]}, {"v": [[True, False], [False, True]]}, {"v": [["a"], ["d"]]}
    ),
    Case(
        "objects_in_arrays",
        {"v": [{"city": "Bath"}, Sd({"city": "York"})], "w": [{Sd("x"): 1}]},
        {"v": [None, True], "w": [{"x": True}]},
        {"v": [{"city": "Bath"}, {"city": "York"}], "w": [{"x": 1}]},
    ),
    Case(
        "a_parent_brings_what_is_in_the_clear",
        {Sd("address"): {"country": "DE", Sd("city"): "Köln", Sd("street"): "Domstraße"}},
        {"address": {"city": True, "street": False}},
        {"address": {"country": "DE", "city": "Köln"}},
    ),
    Case(
        "recursive_in_arrays",
        {"v": [Sd([Sd("a"), Sd("b")]), Sd([Sd("c"), Sd("d")])], "w": [Sd([Sd("e")])]},
        {"v": [[False, True], [True, True]], "w": [[False]]},
        {"v": [["b"], ["c", "d"]], "w": []},
    ),
    Case(
        "recursive_in_objects",
        {"v": {Sd("a"): {Sd("b"): 1, Sd("c"): 2}, Sd("d"): {Sd("b"): 3, Sd("c"): 4}}},
        {"v": {"a": {"c": True}, "d": {"b": True, "c": False}}},
        {"v": {"a": {"c": 2}, "d": {"b": 3}}},
    ),
    Case(
        "recursive_through_both",
        {"v": ["x", {"a": 1, Sd("b"): {"c": [Sd({Sd("d"): 2, "e": 3}), 4]}}, [Sd("y"), Sd("z")]]},
        {"v": [None, {"b": {"c": [{"d": True}]}}, [False, True]]},
        {"v": ["x", {"a": 1, "b": {"c": [{"e": 3, "d": 2}, 4]}}, ["z"]]},
    ),
    Case("recursive_and_kept_back", {"v": ["x", Sd({"a": 1, Sd("b"): 2}), [Sd("y")]], "w": [Sd("z")]}, {}, {"v": ["x", []], "w": []}),
]


@pytest.mark.parametrize("form", SERIALIZERS)
@pytest.mark.parametrize("decoys", [0, 3])
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_what_was_chosen_arrives(case: Case, decoys: int, form: str) -> None:
    """SD-I1 to SD-I6, SD-V2 to SD-V5, SD-H2, SD-K2, SD-J1: as the issuer wrote it, and nothing else; decoys and JSON change nothing."""
    check(case, decoys=decoys, form=form)
