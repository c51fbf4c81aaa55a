"""OpenID4VP 1.0, sections 6.4.2 and 8.1: which credentials answer, and whether an answer is complete."""

from typing import Any

from sayso.errors import EXCESS_DISCLOSURE, MISSING_CLAIM, NOT_ANSWERABLE, UNDECIDABLE
from sayso.query.claims import mismatch
from sayso.query.grammar import Query, parse
from sayso.query.selection import choose, unsatisfied


def asking(*ids: str, sets: Any = None, **members: Any) -> Query:
    credentials: Any = [{"id": query_id, "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:pid"]}, **members} for query_id in ids]
    return parse({"credentials": credentials, **({"credential_sets": sets} if sets else {})})


ALTERNATIVES: Any = [{"options": [["pid"], ["name", "age"]]}, {"options": [["bonus"]], "required": False}]


def test_without_sets_all_are_required() -> None:
    """DQ-C1."""
    query = asking("pid", "card")
    assert choose(query, {"pid", "card"}, len).ids == ("pid", "card")
    assert unsatisfied(query, {"pid": 1, "card": 1}) == ()
    assert [problem.kind for problem in unsatisfied(query, {"pid": 1})] == [MISSING_CLAIM]


def test_every_required_set_needs_one_complete_option() -> None:
    """DQ-C2: the first option is not preferred; the one that reveals less is."""
    query = asking("pid", "name", "age", "bonus", sets=ALTERNATIVES)
    assert choose(query, {"pid", "name", "age"}, {"pid": 9, "name": 1, "age": 1}.__getitem__).ids == ("name", "age")
    assert choose(query, {"pid", "name"}, {"pid": 9, "name": 1}.__getitem__).ids == ("pid",)
    assert unsatisfied(query, {"name": 1, "age": 1}) == ()
    assert [problem.kind for problem in unsatisfied(query, {"name": 1})] == [MISSING_CLAIM]


def test_optional_sets_may_be_answered() -> None:
    """DQ-C2: they are left out until somebody wants them."""
    query = asking("pid", "name", "age", "bonus", sets=ALTERNATIVES)
    choice = choose(query, {"pid", "bonus"}, len)
    assert (choice.ids, choice.optional) == (("pid",), (("bonus",),))
    assert unsatisfied(query, {"pid": 1, "bonus": 1}) == ()


def test_what_stands_in_no_set_is_not_requested() -> None:
    """DQ-C2; and an id that no query has is not either."""
    query = asking("pid", "extra", sets=[{"options": [["pid"]]}])
    for answered in ("extra", "unknown"):
        (problem,) = unsatisfied(query, {"pid": 1, answered: 1})
        assert (problem.kind, problem.pointer) == (EXCESS_DISCLOSURE, f"/{answered}")


def test_nothing_is_returned_where_something_required_is_missing() -> None:
    """DQ-C3."""
    choice = choose(asking("pid", "name", "age", "bonus", sets=ALTERNATIVES), {"name", "bonus"}, len)
    assert (choice.ids, choice.optional) == ((), ())
    assert [problem.kind for problem in choice.problems] == [NOT_ANSWERABLE]


def test_one_presentation_for_each_query_that_does_not_allow_more() -> None:
    """DQ-C4."""
    assert [problem.kind for problem in unsatisfied(asking("pid"), {"pid": 2})] == [EXCESS_DISCLOSURE]
    assert [problem.kind for problem in unsatisfied(asking("pid"), {"pid": 0})] == [MISSING_CLAIM]
    assert unsatisfied(asking("pid", multiple=True), {"pid": 2}) == ()


def test_trusted_authorities_are_read_and_not_decided() -> None:
    """DQ-C5: no type of authority is built, so nothing is taken for a match."""
    (credential,) = asking("pid", trusted_authorities=[{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}]).credentials
    problem = mismatch(credential, "dc+sd-jwt", frozenset({"urn:pid"}))
    assert problem
    assert (problem.kind, problem.decided) == (UNDECIDABLE, False)
