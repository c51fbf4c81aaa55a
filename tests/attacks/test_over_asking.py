"""A business asks for more than it says, says more than it asks, or hides what it asks for."""

from collections.abc import Callable
from typing import Any

import pytest

from sayso import SaysoError
from sayso.errors import CLAIM_WITHOUT_TERMS, EXCESS_DISCLOSURE, NECESSITY_MISMATCH, TERMS, ProblemType
from tests.journeys.town import disclosure_named, forced, kinds, rewritten, taken_apart, town

Change = Callable[[dict[str, Any]], None]


def query(said: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = said["dcql_query"]["credentials"][0]
    return found


def a_claim_more(said: dict[str, Any]) -> None:
    query(said)["claims"].append({"id": "birthdate", "path": ["credentialSubject", "birthdate"]})
    query(said)["claim_sets"][0].append("birthdate")


def a_claim_without_an_id(said: dict[str, Any]) -> None:
    del query(said)["claim_sets"]
    query(said)["claims"].append({"path": ["credentialSubject", "birthdate"]})


def under_the_issuers_id(said: dict[str, Any]) -> None:
    query(said)["claims"][0] = {"id": "issuer", "path": ["credentialSubject", "birthdate"], "values": ["1990-12-10"]}


def beside_the_issuer(said: dict[str, Any]) -> None:
    query(said)["claims"].append({"id": "issuer2", "path": ["issuer", None], "values": ["x"]})


def another_credential(said: dict[str, Any]) -> None:
    said["dcql_query"]["credentials"].append({**query(said), "id": "more", "claims": [{"path": ["credentialSubject"]}], "claim_sets": []})
    del said["dcql_query"]["credentials"][1]["claim_sets"]


def required_though_it_says_optional(said: dict[str, Any]) -> None:
    said["verifier_info"][0]["data"]["attributes"][0]["hasNecessity"] = "dpv:Optional"


def terms_for_another_query(said: dict[str, Any]) -> None:
    said["verifier_info"][0]["credential_ids"] = ["another"]


def two_names_for_one_claim(said: dict[str, Any]) -> None:
    a_claim_more(said)
    query(said)["claims"][-1]["path"] = ["credentialSubject", "age_over_18"]
    rows = said["verifier_info"][0]["data"]["attributes"]
    rows.append({**rows[0], "claim": "birthdate"})


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (a_claim_more, CLAIM_WITHOUT_TERMS),
        (a_claim_without_an_id, CLAIM_WITHOUT_TERMS),
        (under_the_issuers_id, CLAIM_WITHOUT_TERMS),
        (beside_the_issuer, CLAIM_WITHOUT_TERMS),
        (another_credential, CLAIM_WITHOUT_TERMS),
        (required_though_it_says_optional, NECESSITY_MISMATCH),
        (terms_for_another_query, CLAIM_WITHOUT_TERMS),
        (two_names_for_one_claim, TERMS),
    ],
)
def test_the_wallet_refuses_what_does_not_match(change: Change, kind: ProblemType) -> None:
    there = town()
    with pytest.raises(SaysoError) as refused:
        there.ada.plan(rewritten(there.ask("age_over_18"), there.bar_key, change))
    assert kinds(refused.value) == [kind]


def test_what_is_asked_for_openly_is_the_customers_choice() -> None:
    there = town()
    plan = there.plan("age_over_18", "birthdate")
    assert plan.leaves == {"age_over_18": True, "birthdate": "1990-12-10"}
    assert "birthdate" in plan.reasons


def test_the_business_itself_refuses_what_it_did_not_ask_for() -> None:
    """It would have to protect it, and said that it would not have it."""
    there = town(None)
    card = there.issue()
    there.ada.store(card)
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    more = parts._replace(disclosures=(*parts.disclosures, disclosure_named(card, "birthdate")))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(more.bound(there.ada_key), request)
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [
        (EXCESS_DISCLOSURE, "/vc-sd-jwt/0/credentialSubject/birthdate")
    ]


def test_a_careless_wallet_cannot_make_it_have_more() -> None:
    there = town()
    request, greedy = there.ask("age_over_18"), there.ask("age_over_18", "birthdate")
    answer = there.ada.present(forced(there.ada.plan(request), there.ada.plan(greedy)))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert kinds(refused.value) == [EXCESS_DISCLOSURE]


def test_a_claim_inside_one_that_was_not_asked_for_as_a_whole() -> None:
    there = town()
    request, greedy = there.ask(("address", "city")), there.ask("address")
    answer = there.ada.present(forced(there.ada.plan(request), there.ada.plan(greedy)))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert {*kinds(refused.value)} == {EXCESS_DISCLOSURE}
    assert sorted(problem.pointer.rpartition("/")[2] for problem in refused.value.problems) == ["geo", "lat", "lon", "zip"]
