"""OpenID4VP 1.0, section 6.4.1: which claims of a credential are selected."""

from typing import Any

import pytest

from sayso.credentials.claims_path import Places, project
from sayso.query.claims import missing, select
from sayso.query.grammar import CredentialQuery, parse

CARD: dict[str, Any] = {
    "vct": "urn:pid",
    "given_name": "Ada",
    "age": 36,
    "age_over_18": True,
    "address": {"street": "Kirkegata 1", "city": "Oslo"},
    "nationalities": ["NO", "GB"],
}


def asking(**members: Any) -> CredentialQuery:
    credential = {"id": "pid", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:pid"]}, **members}
    return parse({"credentials": [credential]}).credentials[0]


def claim(claim_id: str, *path: str | int | None, **members: Any) -> dict[str, Any]:
    return {"id": claim_id, "path": [*path], **members}


def chosen(query: CredentialQuery) -> list[list[str]]:
    return [[found.claim.id for found in option] for option in select(query, CARD).options]


def test_no_claims_ask_for_nothing_that_can_stay_home() -> None:
    """DQ-S1."""
    selection = select(asking(), CARD)
    assert selection.options == ((),)
    assert selection.asked == ()


def test_claims_alone_are_all_required() -> None:
    """DQ-S2."""
    assert chosen(asking(claims=[claim("n", "given_name"), claim("a", "age")])) == [["n", "a"]]
    assert chosen(asking(claims=[claim("n", "given_name"), claim("e", "email")])) == []


def test_claim_sets_keep_the_order_of_preference() -> None:
    """DQ-S3: the first satisfiable option first."""
    claims = [claim("n", "given_name"), claim("e", "email"), claim("b", "age_over_18"), claim("a", "age")]
    assert chosen(asking(claims=claims, claim_sets=[["e"], ["b"], ["a", "n"]])) == [["b"], ["a", "n"]]
    assert chosen(asking(claims=claims, claim_sets=[["e"], ["n", "e"]])) == []


@pytest.mark.parametrize(
    ("name", "values", "matches"),
    [
        ("given_name", ["Ada"], True),
        ("given_name", ["ada", "Bob"], False),
        ("age", [36], True),
        ("age", ["36"], False),
        ("age_over_18", [True], True),
        ("age_over_18", [1], False),
        ("age_over_18", ["true"], False),
        ("age_over_18", [False], False),
    ],
)
def test_type_and_value_match_exactly(name: str, values: Any, *, matches: bool) -> None:
    """DQ-S4: 1, "1" and true are three values."""
    assert bool(chosen(asking(claims=[claim("c", name, values=values)]))) is matches


def test_of_several_selected_claims_any_may_match() -> None:
    """DQ-S4: and those that do not match stay home."""
    query = asking(claims=[claim("n", "nationalities", None, values=["GB", "SE"])])
    ((found,),) = select(query, CARD).options
    assert found.locations == (("nationalities", 1),)


def test_what_cannot_be_delivered_leaves_no_option_and_says_why() -> None:
    """DQ-S5: the credential MUST NOT be returned."""
    query = asking(claims=[claim("n", "given_name", values=["Bob"]), claim("e", "email"), claim("a", "age")])
    assert select(query, CARD).options == ()
    assert [problem.pointer for problem in missing(query, CARD)] == ["/given_name", "/email"]
    assert "Ada" not in "".join(map(str, missing(query, CARD)))


def test_what_stands_in_no_claim_set_is_not_selected() -> None:
    """DQ-S5: unselected claims MUST NOT be sent."""
    query = asking(claims=[claim("n", "given_name"), claim("a", "age")], claim_sets=[["n"]])
    assert [found.claim.id for found in select(query, CARD).asked] == ["n"]


def test_a_place_needs_the_disclosures_above_and_below_it() -> None:
    """DQ-S6: every ancestor, and with an object or array what it holds."""
    disclosures = [("address",), ("address", "street"), ("address", "city"), ("age",)]
    places = Places(disclosures)
    assert places.needed([("address", "city")]) == [0, 2]
    assert places.needed([("address",)]) == [0, 1, 2]
    assert project(CARD, [("address", "city")]) == {"address": {"city": "Oslo"}}
