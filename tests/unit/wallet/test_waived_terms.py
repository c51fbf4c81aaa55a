"""An ordinary verifier says no terms: a wallet reads its request where its owner waives them, and grants no retention."""

from typing import Any, cast

import pytest

from sayso import SaysoError, Wallet
from sayso.errors import TERMS_MISSING
from sayso.sharing.request import UNSTATED
from tests.journeys.town import Town, kinds, rewritten, town


@pytest.fixture
def there() -> Town:
    built = town()
    ada = Wallet.generate(clock=built.world.clock, entropy=built.world.entropy, terms="waive")
    ada.add_key(built.ada_key)
    ada.store(built.issue())
    return built._replace(ada=ada)


def silent(payload: dict[str, Any]) -> None:
    del payload["verifier_info"]


def bare(payload: dict[str, Any]) -> None:
    silent(payload)
    (query,) = payload["dcql_query"]["credentials"]
    query["claims"] = [{"path": claim["path"]} for claim in query["claims"] if claim["id"] != "issuer"]
    del query["claim_sets"]


def two(payload: dict[str, Any]) -> None:
    silent(payload)
    (query,) = payload["dcql_query"]["credentials"]
    payload["dcql_query"]["credentials"].append({**query, "id": "second", "claims": query["claims"][1:], "claim_sets": [["age_over_18"]]})


@pytest.mark.parametrize("change", [silent, bare])
def test_what_is_asked_is_planned(there: Town, change: Any) -> None:
    plan = there.ada.plan(rewritten(there.ask("age_over_18"), there.bar_key, change))
    assert plan.leaves == {"age_over_18": True}
    assert plan.reasons == {"age_over_18": ""}
    assert plan.purpose == UNSTATED
    assert plan.ends == plan.asked.request.expires
    assert b"share_until" not in there.ada.present(plan).data  # it is inside of the signed text


def test_a_choice_is_a_choice(there: Town) -> None:
    plan = there.ada.plan(rewritten(there.ask("age_over_18", optional=["given_name"]), there.bar_key, silent))
    assert plan.leaves == {"age_over_18": True}
    assert plan.also("given_name").leaves == {"age_over_18": True, "given_name": "Ada"}


def test_an_id_that_stands_for_two_things_is_two(there: Town) -> None:
    plan = there.ada.plan(rewritten(there.ask("age_over_18", optional=["given_name"]), there.bar_key, two))
    assert plan.leaves == {"age_over_18": True, ("second", "credentialSubject", "age_over_18"): True}


def test_terms_that_are_there_are_read(there: Town) -> None:
    assert there.plan("age_over_18").purpose == "Serve alcohol"


def test_who_does_not_waive_them_is_told() -> None:
    strict = town()
    with pytest.raises(SaysoError) as refused:
        strict.ada.plan(rewritten(strict.ask("age_over_18"), strict.bar_key, silent))
    assert kinds(refused.value) == [TERMS_MISSING]


def test_there_is_no_third_way() -> None:
    with pytest.raises(ValueError, match="terms is require or waive"):
        Wallet.generate(terms=cast("Any", "ignore"))
