"""SD-JWT VC draft 19, claim metadata: what a credential must keep to, and what a verifier cannot see (SV-14, SV-15)."""

from typing import Any

import pytest

from sayso.credentials.claims_path import Location
from sayso.credentials.type_metadata.document import parse
from sayso.credentials.type_metadata.rules import MAX_MISMATCHES, MAX_WORK, Sight, problems
from sayso.errors import LIMIT_EXCEEDED, TYPE_MISMATCH
from sayso.jsonvalue import Json, JsonObject

ALL_OPEN = Sight()


def broken(document: JsonObject, *claims: dict[str, Any], sight: Sight = ALL_OPEN) -> list[str]:
    """Give where a credential does not keep to rules."""
    found = problems(parse({"vct": "a", "claims": [*claims]}), document, sight)
    assert {problem.kind for problem in found} <= {TYPE_MISMATCH}
    return [problem.pointer for problem in found]


def disclosing(*places: Location) -> Sight:
    """See these places in disclosures."""
    return Sight(disclosed=frozenset(places))


def test_sv_15_always_is_the_claim_itself() -> None:
    """That one above it is in a disclosure is not enough."""
    document: JsonObject = {"address": {"city": "Oslo"}}
    city = {"path": ["address", "city"], "sd": "always"}
    assert broken(document, city, sight=disclosing(("address", "city"))) == []
    assert broken(document, city, sight=disclosing(("address",))) == ["/address/city"]
    assert broken(document, city) == ["/address/city"]


def test_sv_15_never_is_the_claim_itself() -> None:
    document: JsonObject = {"address": {"city": "Oslo"}}
    city = {"path": ["address", "city"], "sd": "never"}
    assert broken(document, city, sight=disclosing(("address", "city"))) == ["/address/city"]
    assert broken(document, city, sight=disclosing(("address",))) == []
    assert broken(document, city) == []


def test_sv_13_allowed_is_what_is_not_said() -> None:
    for said in ({}, {"sd": "allowed"}):
        rule = {"path": ["name"], **said}
        assert broken({"name": "Ada"}, rule) == broken({"name": "Ada"}, rule, sight=disclosing(("name",))) == []


def test_sv_15_every_element_that_a_path_selects() -> None:
    document: JsonObject = {"langs": ["no", "en", "de"]}
    rule = {"path": ["langs", None], "sd": "always"}
    assert broken(document, rule, sight=disclosing(("langs", 0), ("langs", 2))) == ["/langs/1"]


def test_sv_14_what_is_not_there_has_no_rules() -> None:
    """An empty set is an answer."""
    rules = [{"path": path, "sd": "always"} for path in (["x"], ["a", "x"], ["b", 3], ["b", None, "x"])]
    assert broken({"a": {}, "b": []}, *rules) == []


@pytest.mark.parametrize("path", [["name", "first"], ["name", None], ["name", 0], ["address", None], ["langs", "x"]], ids=repr)
def test_sv_14_another_shape_is_an_error(path: list[Any]) -> None:
    assert broken({"name": "Ada", "address": {}, "langs": []}, {"path": path}) == [f"/{path[0]}"]


def test_sv_14_indexes_count_what_is_not_disclosed() -> None:
    """The issuer's second element is the first one here."""
    document: JsonObject = {"langs": ["en"]}
    second = {"path": ["langs", 1], "sd": "always"}
    first = {"path": ["langs", 0], "sd": "always"}
    sight = Sight(positions={("langs",): (1,)})
    assert broken(document, second, sight=sight) == ["/langs/0"]
    assert broken(document, first, sight=sight) == []


def test_sv_15_mandatory() -> None:
    rule = {"path": ["name"], "mandatory": True}
    assert broken({"name": None}, rule) == []
    assert broken({}, rule) == ["/name"]
    assert broken({}, {"path": ["name"], "mandatory": False}) == []


def test_sv_15_what_may_be_hidden_is_not_missing() -> None:
    rule = {"path": ["address", "city"], "mandatory": True}
    assert broken({}, rule) == ["/address/city"]
    assert broken({}, rule, sight=Sight(hiding={()})) == []
    assert broken({"address": {}}, rule, sight=Sight(hiding={("address",)})) == []
    # something else is hidden elsewhere
    assert broken({"address": {}}, rule, sight=Sight(hiding={()})) == ["/address/city"]


def test_sv_15_who_sees_all_of_it_sees_what_is_missing() -> None:
    """A holder; what is hidden are decoys."""
    rule = {"path": ["name"], "mandatory": True}
    assert broken({}, rule, sight=Sight(hiding={()}, complete=True)) == ["/name"]
    assert broken({"name": "Ada"}, rule, sight=Sight(hiding={()}, complete=True)) == []


def test_sv_15_what_may_never_be_hidden_is_missing() -> None:
    """It could only be hidden by breaking the other rule; what it is in may be hidden all the same."""
    rule = {"path": ["address", "city"], "mandatory": True, "sd": "never"}
    assert broken({"address": {}}, rule, sight=Sight(hiding={("address",)})) == ["/address/city"]
    assert broken({}, rule, sight=Sight(hiding={()})) == []


@pytest.mark.parametrize("step", [None, 0, 1, 7])
def test_sv_15_elements_may_be_hidden(step: int | None) -> None:
    rule = {"path": ["langs", step], "mandatory": True}
    assert broken({"langs": []}, rule) == ["/langs" if step is None else f"/langs/{step}"]
    assert broken({"langs": []}, rule, sight=Sight(positions={("langs",): ()})) == []


def test_sv_15_an_element_that_is_there_hides_nothing() -> None:
    """The second one is disclosed, and has no city; another one may have."""
    document: JsonObject = {"places": [{}]}
    sight = Sight(positions={("places",): (1,)})
    assert broken(document, {"path": ["places", 1, "city"], "mandatory": True}, sight=sight) == ["/places/1/city"]
    assert broken(document, {"path": ["places", 0, "city"], "mandatory": True}, sight=sight) == []
    assert broken(document, {"path": ["places", None, "city"], "mandatory": True}, sight=sight) == []
    deeper = Sight(positions={("places",): (1,)}, hiding={("places", 0)})
    assert broken(document, {"path": ["places", 1, "city"], "mandatory": True}, sight=deeper) == []


def test_reports_are_bounded() -> None:
    rules = [{"path": [str(number)], "mandatory": True} for number in range(MAX_MISMATCHES + 1)]
    assert len(broken({}, *rules)) == MAX_MISMATCHES


def test_work_is_bounded() -> None:
    """The product of rules that lead into arrays and of elements, before any is looked at."""
    half = MAX_WORK // 1024
    metadata = parse({"vct": "a", "claims": [{"path": [str(number), None]} for number in range(1024)]})
    most: list[Json] = [1] * (half - 1)
    assert problems(metadata, {"0": most, "x": {"y": []}}, Sight()) == ()
    (problem,) = problems(metadata, {"0": [1, *most], "x": {"y": [[]]}}, Sight())
    assert problem.kind is LIMIT_EXCEEDED
    (nested,) = problems(metadata, {"x": [[1, *most]]}, Sight())
    assert nested.kind is LIMIT_EXCEEDED
    many: list[Json] = [1] * MAX_WORK
    assert problems(parse({"vct": "a", "claims": [{"path": ["0", 0]}]}), {"0": many}, Sight()) == ()
    (problem,) = problems(parse({"vct": "a", "claims": [{"path": ["0", 0]}]}), {"0": [*many, 1]}, Sight())
    assert problem.kind is LIMIT_EXCEEDED
    assert problems(parse({"vct": "a", "claims": [{"path": ["0"]}]}), {"0": [*many, 1]}, Sight()) == ()
