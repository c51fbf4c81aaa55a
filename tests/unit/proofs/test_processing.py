"""What processing tells beside the document: where elements are missing, what was disclosed, and where something stays hidden."""

import pytest

from sayso.errors import PARSING_ERROR
from sayso.jsonvalue import DEFAULT_LIMITS, Json, JsonObject
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.proofs.sd_jwt.disclosure import HASHES, Hash, read
from sayso.proofs.sd_jwt.processing import Processed, process
from sayso.testing.world import CountingEntropy
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import digest, element, member


def _process(payload: JsonObject, *disclosures: str) -> Processed:
    return process(payload, disclosures, [read(text, DEFAULT_LIMITS) for text in disclosures], HASHES["sha-256"], DEFAULT_LIMITS)


def test_nothing_hidden_nothing_to_tell() -> None:
    assert _process({"a": [1, {"b": []}]}) == ({"a": [1, {"b": []}]}, {}, {}, frozenset())


def test_positions_tell_which_elements_are_left() -> None:
    """As the issuer counted them, for every array from which one is missing, by its place in what is left."""
    kept = element([{"...": "gone"}, "x"])
    found = _process({"a": [{"...": "d1"}, {"...": digest(kept)}, 2, {"...": "d2"}], "b": [1], "c": [{"...": "d3"}]}, kept)
    assert found.document == {"a": [["x"], 2], "b": [1], "c": []}
    assert found.positions == {("a",): (1, 2), ("a", 0): (1,), ("c",): ()}


def test_decoys_behind_the_last_element_do_not_move_the_others() -> None:
    found = _process({"a": [1, 2, {"...": "decoy"}]})
    assert found.document == {"a": [1, 2]}
    assert found.positions == {("a",): (0, 1)}


def test_disclosed_tells_the_place_and_the_text_of_each_disclosure() -> None:
    """In the order of the document, ancestors first: the order in which a presentation sends them."""
    child, second = member("child", 1), member("second", 2)
    parent = member("parent", {"_sd": [digest(child)]})
    late = element("z")
    payload: JsonObject = {"_sd": [digest(second), digest(parent)], "list": [{"...": "gone"}, {"...": digest(late)}]}
    found = _process(payload, child, parent, second, late)
    assert [*found.disclosed.items()] == [
        (("list", 0), late),
        (("second",), second),
        (("parent",), parent),
        (("parent", "child"), child),
    ]


def test_hiding_tells_the_objects_that_hold_something_that_nothing_opened() -> None:
    opened = member("o", {"_sd": ["d1"]})
    found = _process({"_sd": [digest(opened)], "a": {"_sd": ["d2"]}, "b": [{"...": "d3"}, {"_sd": ["d4", "d5"]}], "c": {"_sd": []}}, opened)
    assert found.hiding == {("o",), ("a",), ("b", 0)}
    assert _process({"_sd": ["d1"]}).hiding == {()}


def test_what_was_concealed_is_put_back() -> None:
    claims: JsonObject = {"a": {"b": [1, [2, {"c": None}]], "d": "e"}, "f": [[["g"]]]}
    places = [("a",), ("a", "b"), ("a", "b", 1), ("a", "b", 1, 1), ("a", "b", 1, 1, "c"), ("f", 0), ("f", 0, 0, 0)]
    concealed = conceal(claims, places, CountingEntropy(), decoys=2)
    found = _process(concealed.payload, *concealed.disclosures)
    assert found.document == claims
    assert {*found.disclosed} == {*places}


class _Counted:
    """Count how many bytes are hashed."""

    def __init__(self) -> None:
        self.hashed: list[int] = []

    def __call__(self, data: bytes) -> Hash:
        self.hashed.append(len(data))
        return HASHES["sha-256"](data)


def test_each_disclosure_is_hashed_once() -> None:
    """Whatever refers to it, and however many digests there are: the work is that of the input."""
    concealed = conceal(
        {f"c{number}": {"x": number} for number in range(50)}, [(f"c{n}", "x") for n in range(50)], CountingEntropy(), decoys=9
    )
    count = _Counted()
    parts = [read(text, DEFAULT_LIMITS) for text in concealed.disclosures]
    process(concealed.payload, concealed.disclosures, parts, count, DEFAULT_LIMITS)
    assert count.hashed == [*map(len, concealed.disclosures)]


@pytest.mark.parametrize("name", [5, None, [], "_sd", "...", "_sd_alg"], ids=repr)
def test_a_name_that_no_claim_may_have_is_refused_whoever_read_the_disclosure(name: Json) -> None:
    """It is looked at where it takes effect too."""
    text = member(name, 1)
    with refused(PARSING_ERROR):
        process({"_sd": [digest(text)]}, [text], [["salt", name, 1]], HASHES["sha-256"], DEFAULT_LIMITS)


def test_only_an_object_stands_for_an_element() -> None:
    assert _process({"a": [["..."], "...", [["..."]]]}).document == {"a": [["..."], "...", [["..."]]]}


def test_a_value_that_looks_like_a_digest_is_a_value() -> None:
    """Text that equals a digest stands for itself; only `_sd` and `...` point."""
    other = member("other", 1)
    text, part = member("a", digest(other)), element(digest(other), "another salt")
    payload: JsonObject = {"_sd": [digest(text)], "l": [{"...": digest(part)}], "b": digest(text)}
    assert _process(payload, text, part).document == {"l": [digest(other)], "b": digest(text), "a": digest(other)}
