"""From a birthdate follows whether somebody has reached an age; the issuer works it out, and its holder shows that instead."""

import json
import pickle
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from sayso import Context, CredentialType, SaysoError
from sayso.credentials.predicates import AgeOver, age_claim, age_named, born, has_reached, over
from sayso.errors import DATA_LOSS_DETECTION_ERROR
from sayso.issuer.concluding import concluded
from sayso.issuer.rows import Refused, Row
from sayso.testing.world import START, World
from tests.journeys.town import CARD, Town, ask, kinds, payload_of, town

KIND = CredentialType(CARD, predicates=over(18, 21, 65))
DAY = timedelta(days=1)


def stored(birthdate: object, *, kind: CredentialType = KIND, more: Mapping[str, object] | None = None, **choices: Any) -> Town:
    return town({"birthdate": birthdate, **(more or {})}, type=kind, **choices)


def leaves(there: Town, *claims: Any, **choices: Any) -> dict[Any, Any]:
    return {**there.plan(*claims, **choices).leaves}


class TestTheAge:
    @pytest.mark.parametrize(
        ("birthdate", "day", "reached"),
        [
            ("2008-11-21", "2026-11-20", False),
            ("2008-11-20", "2026-11-20", True),
            ("2008-12-01", "2026-11-30", False),
            ("2008-12-01", "2026-12-01", True),
            ("2008-02-29", "2026-02-28", False),
            ("2008-02-29", "2026-03-01", True),
            ("2008-02-29", "2028-02-28", True),
            ("2008-02-28", "2026-02-28", True),
        ],
    )
    def test_is_reached_on_the_anniversary(self, birthdate: str, day: str, reached: bool) -> None:
        assert has_reached(18, born(birthdate), date.fromisoformat(day)) is reached

    def test_of_who_was_born_on_29_february_in_a_year_that_has_one(self) -> None:
        birth = born("2008-02-29")
        assert (has_reached(20, birth, date(2028, 2, 28)), has_reached(20, birth, date(2028, 2, 29))) == (False, True)

    @pytest.mark.parametrize("age", [0, -1, 151])
    def test_is_an_age(self, age: int) -> None:
        with pytest.raises(ValueError, match="from 1 to 150"):
            over(age)

    @pytest.mark.parametrize("age", ["18", 18.0, True, None])
    def test_is_a_whole_number(self, age: Any) -> None:
        with pytest.raises(TypeError, match="whole number of years"):
            over(age)

    def test_has_a_name(self) -> None:
        assert {age: age_named(age_claim(age)) for age in (1, 99, 150)} == {1: 1, 99: 99, 150: 150}
        for name in ("age_over_0", "age_over_018", "age_over_151", "age_over_999", "age_over_18 ", "AGE_OVER_18", ("age_over_18",), None):
            assert age_named(name) is None

    @pytest.mark.parametrize(
        "wrong", [None, 1990, "990", "1990-12", "19901210", "1990-13-01", "2025-02-29", "1990-12-10T00:00:00Z", "١٩٩٠-12-10"]
    )
    def test_follows_from_a_date(self, wrong: object) -> None:
        with pytest.raises(ValueError, match="of the form YYYY-MM-DD") as refused:
            born(wrong)
        assert str(wrong) not in str(refused.value)


class TestTheType:
    def test_says_from_what_they_follow(self) -> None:
        kind = CredentialType(CARD, predicates={**over(18), "resident": "address"})
        assert dict(kind.predicates) == {"age_over_18": AgeOver(18), "resident": "address"}
        assert kind.computed == (AgeOver(18),)
        assert [rule["path"] for rule in kind.to_type_metadata()["claims"]] == [["address"], ["age_over_18"], ["birthdate"], ["resident"]]  # type: ignore[union-attr, index, call-overload]  # fmt: skip
        assert pickle.loads(pickle.dumps(kind)) == kind  # noqa: S301 - made here

    @pytest.mark.parametrize("name", ["adult", "birthdate", ("person", "age_over_18")])
    def test_calls_them_by_their_names(self, name: Any) -> None:
        with pytest.raises(ValueError, match="age_over_18 is the name of that predicate"):
            CredentialType(CARD, predicates={name: AgeOver(18)})

    @pytest.mark.parametrize("source", [(), ("people", 0, "birthdate"), ("people", None)])
    def test_names_one_birthdate(self, source: Any) -> None:
        with pytest.raises(ValueError, match="a path of names"):
            over(18, birthdate=source)


class TestIssued:
    @pytest.mark.parametrize("format", ["vc+sd-jwt", "dc+sd-jwt"])
    def test_each_is_shown_by_itself(self, format: str) -> None:
        there = stored("2005-11-20", format=format)
        shown = {"formats": [format]}
        if format == "dc+sd-jwt":
            shown["type"] = KIND  # type: ignore[assignment]
        assert leaves(there, "age_over_18", **shown) == {"age_over_18": True}
        assert leaves(there, "age_over_21", "age_over_65", **shown) == {"age_over_21": True, "age_over_65": False}
        plan = there.plan("age_over_18", **shown)
        assert {"birthdate", "age_over_21", "age_over_65"} <= {*plan.stays}
        request = there.ask("age_over_18", **shown)
        answer = there.answer(request)
        assert there.bar.accept(answer, request).read() == {"age_over_18": True}

    @pytest.mark.parametrize("format", ["vc+jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022"])
    def test_where_a_credential_is_shown_whole(self, format: str) -> None:
        card = town(None).issue({"birthdate": "2005-11-20"}, type=KIND, format=format)
        said = card.text if format.startswith("eddsa") else json.dumps(payload_of(card.text))
        assert said.replace(" ", "").count('"age_over_21":true') == 1

    @pytest.mark.parametrize(("turned", "value"), [(-timedelta(seconds=1), False), (timedelta(0), True)])
    def test_as_it_is_on_the_day_of_issue_in_utc(self, turned: timedelta, value: bool) -> None:
        there = town(None)
        there.world.clock.set(datetime.fromisoformat("2026-11-20T00:00:00Z") + turned)
        there.ada.store(there.issue({"birthdate": "2008-11-20"}, type=KIND, valid_from=START - 2 * DAY))
        assert leaves(there, "age_over_18") == {"age_over_18": value}

    def test_without_a_birthdate_nothing_follows(self) -> None:
        there = town({"given_name": "Ada", "age_over_18": True}, type=KIND)
        assert leaves(there, "age_over_18") == {"age_over_18": True}
        assert not there.plan("age_over_21").answerable

    def test_what_the_issuer_says_itself_stays_if_it_is_so(self) -> None:
        assert leaves(stored("1990-12-10", more={"age_over_18": True}), "age_over_18") == {"age_over_18": True}

    @pytest.mark.parametrize("said", [False, 1, "true", None])
    def test_what_the_issuer_says_otherwise_is_never_overwritten(self, said: object) -> None:
        with pytest.raises(ValueError, match="the claims say age_over_18 otherwise"):
            stored("1990-12-10", more={"age_over_18": said})

    def test_a_birthdate_ahead(self) -> None:
        with pytest.raises(ValueError, match="lies ahead") as refused:
            stored("2026-11-21")
        assert "2026" not in str(refused.value)
        assert leaves(stored("2026-11-20"), "age_over_18") == {"age_over_18": False}

    def test_a_row_with_no_date_is_refused_and_no_other(self) -> None:
        there = town(None)
        born_on: list[Mapping[str, object]] = [{"birthdate": "1990-12-10"}, {"birthdate": "10.12.1990"}]
        rows = [Row(claims=claims, type=KIND, holder=there.holder, valid_for=DAY) for claims in born_on]
        first, second = there.city.issue_many(rows)
        assert not isinstance(first, Refused)
        assert isinstance(second, Refused)

    def test_inside_of_something(self) -> None:
        kind = CredentialType(CARD, predicates=over(18, birthdate=("person", "birthdate")))
        there = town({"person": {"birthdate": "1990-12-10"}}, type=kind)
        assert leaves(there, ("person", "age_over_18")) == {("person", "age_over_18"): True}
        without: list[Any] = [{"person": "Ada"}, {"person": {"name": "Ada"}}, {"people": []}]
        for claims in without:
            assert concluded({**claims}, kind.computed, START) == claims

    def test_it_needs_a_term_where_the_type_has_a_context(self) -> None:
        context = Context("https://city.example/terms", {CARD: "https://city.example#Card", "birthdate": "https://city.example#birthdate"})
        with pytest.raises(SaysoError) as refused:
            town({"birthdate": "1990-12-10"}, type=CredentialType(CARD, context=context, predicates=over(18)), format="eddsa-rdfc-2022")
        assert kinds(refused.value) == [DATA_LOSS_DETECTION_ERROR]


class TestHidden:
    def test_wherever_the_birthdate_is(self) -> None:
        there = stored("1990-12-10", disclosable=["birthdate"], more={"given_name": "Ada"})
        assert sorted(there.plan("birthdate").visible) == ["given_name", "id"]

    def test_nowhere_where_it_is_not(self) -> None:
        there = stored("1990-12-10", disclosable=["given_name"], more={"given_name": "Ada"})
        assert {"birthdate", "age_over_18", "age_over_21", "age_over_65"} <= {*there.plan("given_name").visible}

    def test_once_where_the_issuer_says_so_too(self) -> None:
        there = stored("1990-12-10", disclosable=["birthdate", "age_over_18"])
        assert sorted(there.plan("birthdate").visible) == ["id"]

    def test_where_the_type_says_what_may_be_hidden(self) -> None:
        kind = CredentialType(CARD, predicates=over(18), disclosable=["birthdate"])
        assert sorted(stored("1990-12-10", kind=kind, more={"given_name": "Ada"}).plan("birthdate").visible) == ["given_name", "id"]
        open_ = CredentialType(CARD, predicates=over(18, 21), disclosable=["birthdate"], visible=["age_over_18"])
        assert sorted(stored("1990-12-10", kind=open_).plan("birthdate").visible) == ["age_over_18", "id"]

    def test_not_what_is_not_there(self) -> None:
        there = town({"given_name": "Ada"}, type=CredentialType(CARD, predicates=over(18), disclosable=["given_name", "birthdate"]))
        assert leaves(there, "given_name") == {"given_name": "Ada"}


def test_other_ages_of_the_same_world_are_those_of_its_clock() -> None:
    world = World(at=datetime.fromisoformat("2050-01-01T00:00:00Z"))
    wallet = world.wallet()
    city = world.issuer()
    wallet.store(
        city.issue({"birthdate": "1990-12-10"}, type=CredentialType(CARD, predicates=over(59, 60)), holder=wallet.new_key(), valid_for=DAY)
    )
    plan = wallet.plan(ask(world.verifier(), "age_over_59", "age_over_60", issuers=[city.did]))
    assert plan.leaves == {"age_over_59": True, "age_over_60": False}
