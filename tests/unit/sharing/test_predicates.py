"""Over 21 answers over 18, not over 18 answers nothing else, and a birthdate is taken only where that is said."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso import WILL_NOT_STORE, CredentialType
from sayso.credentials.predicates import over
from sayso.errors import MISSING_CLAIM
from sayso.sharing.predicates import AGES, is_over_age, over_age
from sayso.sharing.request import parse
from sayso.testing.world import START
from tests.journeys.town import CARD, Town, payload_of, town

WITH_BIRTHDATE = over_age(18, birthdate="birthdate")


def holding(claims: dict[str, object], *ages: int) -> Town:
    return town(claims, type=CredentialType(CARD, predicates=over(*ages)))


def leaves(there: Town, asked: Any = WITH_BIRTHDATE) -> dict[Any, Any]:
    plan = there.plan(asked)
    return plan.leaves if plan.answerable else {}


class TestAsked:
    @pytest.mark.parametrize("ages", [(18, 21, 65), (65, 21, 18), (18,)], ids=str)
    def test_the_age_itself_says_least(self, ages: tuple[int, ...]) -> None:
        assert leaves(holding({"birthdate": "1950-01-01"}, *ages)) == {"age_over_18": True}

    def test_then_the_nearest_one_above(self) -> None:
        assert leaves(holding({"birthdate": "1950-01-01"}, 65, 25, 21)) == {"age_over_21": True}
        assert leaves(holding({"birthdate": "1950-01-01"}, 65, 16)) == {"age_over_65": True}

    def test_a_no_to_a_higher_age_is_no_answer(self) -> None:
        there = holding({"birthdate": "2005-01-01"}, 25, 65)
        assert leaves(there) == {"birthdate": "2005-01-01"}
        assert leaves(there, over_age(18)) == {}

    def test_nor_is_a_yes_to_a_lower_one(self) -> None:
        assert leaves(holding({"birthdate": "2009-01-01"}, 16), over_age(18)) == {}

    def test_a_no_to_the_age_itself_is_one(self) -> None:
        there = holding({"birthdate": "2010-01-01"}, 18, 21)
        request = there.ask(over_age(18))
        shared = there.bar.accept(there.answer(request), request).read()
        assert is_over_age(shared, 18, at=START) is False

    def test_a_wallet_with_the_birthdate_alone_offers_that_and_computes_nothing(self) -> None:
        there = town({"birthdate": "1990-12-10"})
        request = there.ask(WITH_BIRTHDATE)
        plan = there.ada.plan(request)
        assert (plan.leaves, plan.alternatives) == ({"birthdate": "1990-12-10"}, {})
        shared = there.bar.accept(there.ada.present(plan), request).read()
        assert shared == {"birthdate": "1990-12-10"}
        assert is_over_age(shared, 18, at=START) is True

    def test_without_leave_no_birthdate_is_taken(self) -> None:
        there = town({"birthdate": "1990-12-10"})
        plan = there.plan(over_age(18))
        assert not plan.answerable
        assert {problem.kind for problem in plan.problems} >= {MISSING_CLAIM}

    def test_the_customer_may_still_choose_the_birthdate(self) -> None:
        there = holding({"birthdate": "1990-12-10"}, 18, 21)
        plan = there.plan(WITH_BIRTHDATE)
        assert plan.alternatives == {"age_over_18": ("age_over_21", "birthdate")}
        assert plan.also("birthdate").leaves == {"birthdate": "1990-12-10"}

    def test_who_asks_for_a_birthdate_may_take_less(self) -> None:
        there = holding({"birthdate": "1990-12-10", "given_name": "Ada"}, 18)
        request = there.ask(over_age(18, birthdate="birthdate", reason="The law asks for adults"), optional=["given_name"])
        plan = there.ada.plan(request)
        assert plan.reasons["age_over_18"] == "The law asks for adults"
        assert there.bar.accept(there.ada.present(plan.also("given_name")), request).read() == {"age_over_18": True, "given_name": "Ada"}

    def test_its_words_are_those_of_an_attribute(self) -> None:
        there = town(None)
        asked = over_age(18, above=(21,), reason="r", keep_for=WILL_NOT_STORE, category="dpv:PersonalData")
        rows = parse(payload_of(there.ask(asked).text)).rows
        assert {claim: (row.reason, row.keep_for, row.instead_of) for claim, row in rows.items()} == {
            "age_over_18": ("r", timedelta(0), "age_over_21"),
            "age_over_21": ("r", timedelta(0), ""),
        }

    def test_the_highest_age_has_nothing_above_it(self) -> None:
        assert over_age(65).accepts == ()
        assert over_age(max(AGES), above=()).claim == "age_over_65"

    @pytest.mark.parametrize("wrong", [0, 151])
    def test_ages_are_ages(self, wrong: int) -> None:
        for call in (lambda: over_age(wrong), lambda: over_age(18, above=[wrong]), lambda: is_over_age({}, wrong, at=START)):
            with pytest.raises(ValueError, match="from 1 to 150"):
                call()


class TestRead:
    @pytest.mark.parametrize(
        ("claims", "answer"),
        [
            ({}, None),
            ({"age_over_18": True}, True),
            ({"age_over_18": False}, False),
            ({"age_over_21": True}, True),
            ({"age_over_21": False}, None),
            ({"age_over_16": True}, None),
            ({"age_over_16": False}, None),
            ({"age_over_16": True, "age_over_18": False}, False),
            ({"age_over_18": False, "age_over_21": True}, True),
            ({"age_over_18": 1}, None),
            ({"age_over_18": "true"}, None),
            ({"age_over_18": None}, None),
            ({"age_over_018": True}, None),
            ({"birthdate": "2008-11-20"}, True),
            ({"birthdate": "2008-11-21"}, False),
            ({"birthdate": "2008-11-20", "age_over_18": False}, True),
            ({"birthdate": "2008", "age_over_18": False}, False),
            ({"birthdate": None}, None),
        ],
        ids=repr,
    )
    def test_yes_no_or_unknown(self, claims: dict[str, Any], answer: bool | None) -> None:
        assert is_over_age(claims, 18, at=START) is answer

    def test_a_no_about_18_says_nothing_about_21(self) -> None:
        assert is_over_age({"age_over_18": False}, 21, at=START) is None

    def test_the_day_is_that_of_the_place(self) -> None:
        evening = datetime.fromisoformat("2026-11-19T23:30:00+00:00")
        claims: dict[str, Any] = {"birthdate": "2008-11-20"}
        assert is_over_age(claims, 18, at=evening) is False
        assert is_over_age(claims, 18, at=datetime.fromisoformat("2026-11-20T00:30:00+01:00")) is True
        with pytest.raises(ValueError, match="aware"):
            is_over_age(claims, 18, at=evening.replace(tzinfo=None))

    def test_a_birthdate_by_another_name(self) -> None:
        assert is_over_age({"born": "1990-12-10"}, 18, at=datetime(2026, 1, 1, tzinfo=UTC), birthdate="born") is True
