"""A plan chooses more than claims: which parts of one, which credentials, which of several credential queries."""

import pickle
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, Issuer, Plan, Request, SaysoError
from sayso.errors import MISSING_CLAIM, NOT_ANSWERABLE
from sayso.identifiers import StoredId
from tests.journeys.town import HOUR, Town, opened, taken_apart, town

TERMS: dict[str, Any] = {"purpose": "Serve alcohol", "benefit": "You get your drink", "keep_for": HOUR}
CARD = "https://www.w3.org/ns/credentials/undefined-term#IdentityCard"
CLUB = "https://club.example/card"


@pytest.fixture
def there() -> Town:
    return town()


@pytest.fixture
def club(there: Town) -> Issuer:
    club = there.world.issuer()
    for number in (1, 2):
        claims = {"given_name": "Ada", "member": number, "tier": "gold"}
        there.ada.store(club.issue(claims, type=CLUB, holder=there.holder, format="dc+sd-jwt", valid_for=timedelta(days=30)))
    return club


def identity(*paths: tuple[str | int | None, ...], **more: Any) -> dict[str, Any]:
    claims = [{"path": ["credentialSubject", *path]} for path in paths]
    return {"id": "id", "format": "vc+sd-jwt", "meta": {"type_values": [[CARD]]}, "claims": claims, **more}


def member(*names: str, **more: Any) -> dict[str, Any]:
    claims = [{"path": [name]} for name in names]
    return {"id": "club", "format": "dc+sd-jwt", "meta": {"vct_values": [CLUB]}, "claims": claims, **more}


def asking(there: Town, *credentials: dict[str, Any], sets: list[Any] | None = None, issuers: Any = ANYONE) -> Request:
    query: dict[str, Any] = {"credentials": [*credentials]}
    if sets is not None:
        query["credential_sets"] = sets
    return there.bar.request_query(query, issuers=issuers, **TERMS)


def shared(there: Town, plan: Plan) -> Any:
    return there.bar.accept(there.ada.present(plan), plan.request).read()


class TestPartsOfAClaim:
    def test_some_of_an_address(self, there: Town) -> None:
        plan = there.plan("address")
        assert {*plan.parts} == {
            ("address", "city"),
            ("address", "zip"),
            ("address", "geo"),
            ("address", "geo", "lat"),
            ("address", "geo", "lon"),
        }
        less = plan.without(("address", "zip"), ("address", "geo", "lat"))
        assert less.leaves == {"address": {"city": "Oslo", "geo": {"lon": 10.7}}}
        assert {("address", "zip"), ("address", "geo", "lat")} <= {*less.stays}
        names = [opened(text)[1] for text in taken_apart(there.ada.present(less)).disclosures]
        assert sorted(names) == ["address", "city", "geo", "lon"]
        assert shared(there, less) == {"address": {"city": "Oslo", "geo": {"lon": 10.7}}}

    def test_with_a_part_stays_what_is_in_it(self, there: Town) -> None:
        less = there.plan("address").without(("address", "geo"))
        assert less.leaves == {"address": {"city": "Oslo", "zip": "0150"}}
        assert shared(there, less) == less.leaves

    def test_all_parts_may_stay_home(self, there: Town) -> None:
        plan = there.plan("address")
        less = plan.without(*plan.parts)
        assert shared(there, less) == less.leaves == {"address": {}}

    def test_elements_of_an_array(self, there: Town) -> None:
        plan = there.plan("langs")
        assert plan.without(("langs", 0)).leaves == {"langs": ["en", "fr"]}
        every = there.plan(("langs", None))
        assert every.without(("langs", 0), ("langs", 2)).leaves == {("langs", None): ["en"]}
        assert shared(there, every.without(("langs", 0), ("langs", 2))) == {"langs": ["en"]}
        with pytest.raises(ValueError, match="something must be left to show"):
            every.without(("langs", 0), ("langs", 1), ("langs", 2))

    def test_a_claim_that_was_asked_for_is_no_part(self, there: Town) -> None:
        plan = there.plan("address", ("address", "city"))
        for name in ("address", ("address", "city"), "birthdate", ("address", "street"), 5):
            with pytest.raises(ValueError, match="is no part of what leaves"):
                plan.without(name)  # type: ignore[arg-type]
        assert plan.without(("address", "zip")).leaves["address"] == {"city": "Oslo", "geo": {"lat": 59.9, "lon": 10.7}}

    def test_what_the_issuer_hid_in_one_piece_leaves_in_one_piece(self) -> None:
        there = town({"address": {"city": "Oslo", "zip": "0150"}}, disclosable=["address", ("address", "zip")])
        plan = there.plan("address")
        assert plan.parts == (("address", "zip"),)
        assert plan.without(("address", "zip")).leaves == {"address": {"city": "Oslo"}}

    def test_it_holds_until_it_is_taken_back(self, there: Town) -> None:
        plan = there.plan("address", optional=["given_name"]).without(("address", "zip"))
        wider = plan.also("given_name")
        assert "zip" not in wider.leaves["address"]  # type: ignore[operator]
        assert wider.without(("address", "geo")).leaves["address"] == {"city": "Oslo", "zip": "0150"}
        assert wider.without().leaves["address"] == there.plan("address").leaves["address"]


class TestSeveralCredentials:
    def test_of_several_issuers_in_one_answer(self, there: Town, club: Issuer) -> None:
        issuers = {"id": [there.city.did], "club": [club.did]}
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), member("tier"), issuers=issuers))
        assert plan.leaves == {"age_over_18": True, "tier": "gold"}
        assert shared(there, plan) == {"id": {"age_over_18": True}, "club": {"tier": "gold"}}

    def test_each_of_its_own_issuer(self, there: Town, club: Issuer) -> None:
        issuers = {"id": [club.did], "club": [club.did]}
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), member("tier"), issuers=issuers))
        assert not plan.answerable
        assert [problem.kind for problem in plan.unanswered["id"]] == [NOT_ANSWERABLE, MISSING_CLAIM]
        assert plan.unanswered.keys() == {"id"}

    def test_one_name_in_two_credentials(self, there: Town, club: Issuer) -> None:
        del club
        plan = there.ada.plan(asking(there, identity(("given_name",)), member("given_name")))
        assert plan.leaves == {"given_name": "Ada", ("club", "given_name"): "Ada"}
        assert plan.reasons.keys() == plan.leaves.keys()
        assert shared(there, plan) == {"id": {"given_name": "Ada"}, "club": {"given_name": "Ada"}}

    def test_one_credential_may_answer_two_queries(self, there: Town) -> None:
        other = {**identity(("given_name",)), "id": "other"}
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), other))
        assert plan.credentials["id"] == plan.credentials["other"]
        assert shared(there, plan) == {"id": {"age_over_18": True}, "other": {"given_name": "Ada"}}

    def test_the_wallet_says_what_it_cannot_answer(self, there: Town) -> None:
        plan = there.ada.plan(asking(there, identity(("nick",), ("given_name",)), member("tier"), sets=[{"options": [["id"], ["club"]]}]))
        assert [(one.kind, one.pointer) for one in plan.unanswered["id"]] == [(MISSING_CLAIM, "/credentialSubject/nick")]
        assert [(one.kind, one.pointer) for one in plan.unanswered["club"]] == [(NOT_ANSWERABLE, "")]
        assert plan.choices == {}
        with pytest.raises(SaysoError):
            there.ada.present(plan)


class TestWhichCredential:
    def test_the_customer_says_which(self, there: Town, club: Issuer) -> None:
        del club
        plan = there.ada.plan(asking(there, member("member")))
        first, second = plan.choices["club"]
        assert plan.credentials == {"club": (first,)}
        assert plan.using("club", second).leaves == {"member": 2}
        assert shared(there, plan.using("club", second)) == {"member": 2}

    def test_the_choice_stands_when_claims_are_chosen(self, there: Town, club: Issuer) -> None:
        del club
        query = member("member", "tier", claim_sets=[["a"], ["a", "b"]])
        for claim, name in zip(query["claims"], "ab", strict=True):
            claim["id"] = name
        plan = there.ada.plan(asking(there, query))
        using = plan.using("club", plan.choices["club"][1]).also("tier")
        assert using.leaves == {"member": 2, "tier": "gold"}
        assert using.only("member").leaves == {"member": 2}

    def test_more_than_one_where_the_query_allows_it(self, there: Town, club: Issuer) -> None:
        del club
        plan = there.ada.plan(asking(there, member("member", multiple=True)))
        assert shared(there, plan) == {"club": [{"member": 1}]}
        both = there.ada.plan(asking(there, member("member", multiple=True)))
        both = both.using("club", *both.choices["club"])
        assert both.leaves == {"member": 1, ("club", "member"): 2}
        assert shared(there, both) == {"club": [{"member": 1}, {"member": 2}]}

    def test_three_have_three_names(self, there: Town, club: Issuer) -> None:
        there.ada.store(club.issue({"member": 3}, type=CLUB, holder=there.holder, format="dc+sd-jwt", valid_for=HOUR))
        plan = there.ada.plan(asking(there, member("member", multiple=True)))
        plan = plan.using("club", *plan.choices["club"])
        assert plan.leaves == {"member": 1, ("club", "member"): 2, ("club", 2, "member"): 3}

    def test_what_is_no_choice(self, there: Town, club: Issuer) -> None:
        del club
        plan = there.ada.plan(asking(there, member("member")))
        first, second = plan.choices["club"]
        for query_id, ids in (("club", ()), ("club", (first, first)), ("club", ("x",)), ("id", (first,))):
            with pytest.raises(ValueError, match="are some of"):
                plan.using(query_id, *map(StoredId, ids))
        with pytest.raises(ValueError, match="one credential answers 'club'"):
            plan.using("club", first, second)

    def test_one_that_has_not_what_leaves(self, there: Town, club: Issuer) -> None:
        there.ada.store(club.issue({"tier": "gold"}, type=CLUB, holder=there.holder, format="dc+sd-jwt", valid_for=HOUR))
        query = member("member", "tier", claim_sets=[["a"], ["b"]])
        for claim, name in zip(query["claims"], "ab", strict=True):
            claim["id"] = name
        plan = there.ada.plan(asking(there, query)).only("member")
        with pytest.raises(ValueError, match="no combination of claims that may be sent lies inside this choice"):
            plan.using("club", plan.choices["club"][2])


class TestWhichQuery:
    EITHER: tuple[dict[str, Any], ...] = ({"options": [["id"], ["club"]]},)

    def test_the_customer_says_which(self, there: Town, club: Issuer) -> None:
        del club
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), member("tier"), sets=[*self.EITHER]))
        assert plan.leaves == {"age_over_18": True}
        assert plan.reasons.keys() == {"age_over_18"}
        other = plan.answering("club")
        assert (other.leaves, [*other.reasons], other.notes) == ({"tier": "gold"}, ["tier"], ())
        assert shared(there, other) == {"tier": "gold"}
        assert other.answering("id").leaves == plan.leaves

    @pytest.mark.parametrize("ids", [(), ("id", "club"), ("bank",), ("id", "bank")])
    def test_what_is_no_answer(self, there: Town, club: Issuer, ids: tuple[str, ...]) -> None:
        del club
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), member("tier"), sets=[*self.EITHER]))
        with pytest.raises(ValueError, match="credential quer"):
            plan.answering(*ids)

    def test_what_need_not_be_answered_is_when_a_claim_of_it_is_chosen(self, there: Town, club: Issuer) -> None:
        del club
        sets = [{"options": [["id"]]}, {"options": [["club"]], "required": False}]
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), member("member", "tier"), sets=sets))
        assert (plan.leaves, plan.optional) == ({"age_over_18": True}, ("member", "tier"))
        half = plan.also("tier")
        assert half.leaves == plan.leaves
        assert half.notes == ("tier stays home: no combination that may be sent holds it too",)
        wider = plan.also("tier", "member")
        assert wider.leaves == {"age_over_18": True, "member": 1, "tier": "gold"}
        assert wider.only("age_over_18").leaves == plan.leaves
        assert shared(there, wider) == {"id": {"age_over_18": True}, "club": {"member": 1, "tier": "gold"}}

    def test_of_the_options_the_one_that_gives_most(self, there: Town, club: Issuer) -> None:
        del club
        name = {**identity(("given_name",)), "id": "name"}
        birth = {**identity(("birthdate",), ("langs",)), "id": "birth"}
        sets = [{"options": [["id"]]}, {"options": [["birth"], ["name", "club"]], "required": False}]
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), name, birth, member("tier"), sets=sets))
        assert plan.also("birthdate", "langs", "given_name").credentials.keys() == {"id", "birth"}
        assert plan.also("given_name", "tier").credentials.keys() == {"id", "name", "club"}
        assert plan.also("given_name").leaves == plan.leaves, "half an option is none"

    def test_what_would_make_another_answer_needless_is_not_added(self, there: Town, club: Issuer) -> None:
        del club
        sets = [*self.EITHER, {"options": [["club"]], "required": False}]
        plan = there.ada.plan(asking(there, identity(("age_over_18",)), member("tier"), sets=sets))
        assert plan.also("tier").leaves == plan.leaves
        assert plan.answering("club").leaves == {"tier": "gold"}


def test_a_plan_with_wishes_is_pure_data(there: Town, club: Issuer) -> None:
    del club
    plan = there.ada.plan(asking(there, member("member", multiple=True)))
    plan = plan.using("club", *plan.choices["club"]).answering("club")
    assert pickle.loads(pickle.dumps(plan)).leaves == plan.leaves  # noqa: S301 - our own
