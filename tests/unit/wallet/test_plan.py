"""A plan shows what would leave, to whom, why and until when; it can be widened and narrowed, and nothing leaves before it is presented."""

import copy
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import FrozenInstanceError, fields, is_dataclass
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Plan, Request, Wallet
from sayso.credentials.kinds import Claim
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_TRANSACTION_DATA,
    INVALID_VERIFICATION_METHOD,
    MISSING_CLAIM,
    NOT_ANSWERABLE,
    PARSING_ERROR,
    RANGE_ERROR,
    TERMS_MISSING,
    SaysoError,
)
from sayso.testing.world import START
from tests.journeys.town import HOUR, SECOND, Town, ask, header_of, kinds, opened, payload_of, rewritten, sign, taken_apart, town

MINUTE = timedelta(minutes=1)
TICK = timedelta(microseconds=1)
CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"


@pytest.fixture
def there() -> Town:
    return town()


def refusal(wallet: Wallet, request: Request | bytes | str) -> SaysoError:
    with pytest.raises(SaysoError) as refused:
        wallet.plan(request)
    return refused.value


def asking(there: Town, *credentials: dict[str, Any], sets: list[Any] | None = None, rows: Mapping[str, str] | None = None) -> Request:
    """Ask with a query of one's own; `rows` are the necessities by claim id, Required for each claim unless they are given."""

    def change(said: dict[str, Any]) -> None:
        asked = [
            {"format": "vc+sd-jwt", "meta": {"type_values": [[CREDENTIAL]]}, "id": f"q{number}", **one}
            for number, one in enumerate(credentials)
        ]
        said["dcql_query"] = {"credentials": asked, **({"credential_sets": sets} if sets else {})}
        (entry,) = said["verifier_info"]
        del entry["credential_ids"]
        (row,) = entry["data"]["attributes"]
        wanted = rows or {claim["id"]: "Required" for one in asked for claim in one.get("claims", [])}
        entry["data"]["attributes"] = [{**row, "claim": claim, "hasNecessity": f"dpv:{necessity}"} for claim, necessity in wanted.items()]

    return rewritten(there.ask("a"), there.bar_key, change)


def claim(*path: str | int | None, id: str = "", **more: Any) -> dict[str, Any]:
    return {"id": id or str(path[-1]), "path": ["credentialSubject", *path], **more}


class TestWhatItShows:
    def test_what_would_leave_with_its_values(self, there: Town) -> None:
        plan = there.plan("age_over_18", ("address", "city"), ("langs", None), ("langs", 1))
        assert plan.leaves == {"age_over_18": True, ("address", "city"): "Oslo", ("langs", None): ["no", "en", "fr"], ("langs", 1): "en"}
        assert plan.names == ("age_over_18", ("address", "city"), ("langs", None), ("langs", 1))

    def test_what_stays_home(self, there: Town) -> None:
        assert {*there.plan("age_over_18").stays} == {"given_name", "birthdate", "address", "langs"}
        there.ada.store(there.issue(format="dc+sd-jwt"))
        stays = {*there.plan("age_over_18", formats=["dc+sd-jwt"], type="IdentityCard").stays}
        assert stays == {"given_name", "birthdate", "address", "langs"}
        stays = {*there.plan(("address", "geo", "lat"), ("langs", 1)).stays}
        assert stays == {
            "given_name",
            "birthdate",
            "age_over_18",
            ("address", "city"),
            ("address", "zip"),
            ("address", "geo", "lon"),
            ("langs", 0),
            ("langs", 2),
        }

    def test_to_whom_and_why(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name"])
        assert (plan.verifier, plan.calls_itself, plan.purpose, plan.met_before) == (there.bar.did, "The Bar", "Serve alcohol", False)
        assert plan.reasons == {"age_over_18": "Serve alcohol", "given_name": "Serve alcohol"}
        assert plan.benefits == {"age_over_18": "You get your drink", "given_name": "You get your drink"}
        assert plan.answerable
        assert plan.problems == ()

    def test_whether_they_met_before(self, there: Town) -> None:
        there.share("age_over_18")
        assert there.plan("age_over_18").met_before
        shop = there.world.verifier(name="The Bar")
        assert not there.ada.plan(ask(shop, "age_over_18", issuers=ANYONE)).met_before, "a name is no identity"

    def test_until_when(self, there: Town) -> None:
        there.world.clock.turn(timedelta(microseconds=700_000))
        assert there.plan("age_over_18").ends == START + HOUR
        assert there.plan("age_over_18", keep_for=WILL_NOT_STORE).ends == START + timedelta(minutes=5)
        assert there.plan("age_over_18", keep_for=SECOND).ends == START + SECOND
        assert there.plan("age_over_18").planned == START

    def test_the_longest_retention_of_what_leaves_counts(self, there: Town) -> None:
        def change(said: dict[str, Any]) -> None:
            rows = said["verifier_info"][0]["data"]["attributes"]
            rows[0]["storage"]["hasDuration"], rows[1]["storage"]["hasDuration"] = "PT10M", "PT30M"

        plan = there.ada.plan(rewritten(there.ask("age_over_18", optional=["given_name"]), there.bar_key, change))
        assert plan.ends == START + 10 * MINUTE
        assert plan.also("given_name").ends == START + 30 * MINUTE

    def test_nothing_has_left(self, there: Town) -> None:
        there.plan("age_over_18").also().only("age_over_18")
        assert there.ada.shared == ()

    def test_values_are_copies(self, there: Town) -> None:
        plan = there.plan("address")
        leaves: Any = plan.leaves
        leaves["address"]["city"] = "Bergen"
        assert plan.leaves["address"] == {"city": "Oslo", "zip": "0150", "geo": {"lat": 59.9, "lon": 10.7}}

    def test_the_whole_subject(self, there: Town) -> None:
        plan = there.ada.plan(asking(there, {"claims": [{"id": "all", "path": ["credentialSubject"]}]}))
        assert [*plan.leaves] == ["credentialSubject"]
        assert plan.stays == ()


class TestWhatTheIssuerLeftVisible:
    def card(self, **choices: Any) -> Town:
        return town({"name": "Ada", "address": {"city": "Oslo", "zip": "0150", "geo": {"lat": 1}}, "langs": ["no", "en"]}, **choices)

    def test_usually_the_identifier_alone(self, there: Town) -> None:
        assert there.plan("age_over_18").visible == {"id": there.holder}

    def test_what_no_one_can_keep_back(self) -> None:
        there = self.card(disclosable=["name"])
        assert there.plan("name").visible == {
            "id": there.holder,
            "address": {"city": "Oslo", "zip": "0150", "geo": {"lat": 1}},
            "langs": ["no", "en"],
        }

    def test_without_what_can_be_kept_back_inside(self) -> None:
        there = self.card(disclosable=["name", ("address", "city"), ("langs", 0)])
        plan = there.plan("name")
        assert plan.visible == {
            "id": there.holder,
            ("address", "zip"): "0150",
            ("address", "geo"): {"lat": 1},
            ("langs", 1): "en",
        }
        assert {*plan.stays} == {("address", "city"), ("langs", 0)}

    def test_in_an_sd_jwt_vc_what_is_about_the_holder(self) -> None:
        there = self.card(disclosable=["name"], format="dc+sd-jwt")
        plan = there.plan("name", type="IdentityCard", formats=["dc+sd-jwt"])
        assert plan.visible == {"address": {"city": "Oslo", "zip": "0150", "geo": {"lat": 1}}, "langs": ["no", "en"]}

    def test_what_was_hidden_in_one_piece_leaves_in_one_piece_and_is_shown(self) -> None:
        there = self.card(disclosable=["name", "address"])
        plan = there.plan(("address", "geo", "lat"))
        assert plan.leaves == {("address", "geo", "lat"): 1, ("address", "city"): "Oslo", ("address", "zip"): "0150"}
        assert {*plan.names} == {*plan.leaves}
        assert plan.stays == ("name",)
        (disclosure,) = taken_apart(there.ada.present(plan)).disclosures
        assert opened(disclosure)[1:] == ["address", {"city": "Oslo", "zip": "0150", "geo": {"lat": 1}}]
        assert there.ada.shared[-1].claims == plan.names

    def test_a_part_that_can_be_kept_back_stays_all_the_same(self) -> None:
        there = self.card(disclosable=["address", ("address", "zip"), ("address", "geo"), "langs", ("langs", 1)])
        assert there.plan(("address", "geo")).leaves == {("address", "geo"): {"lat": 1}, ("address", "city"): "Oslo"}
        assert there.plan(("langs", 1)).leaves == {("langs", 1): "en", ("langs", 0): "no"}

    def test_what_is_asked_for_as_a_whole_is_shown_as_a_whole(self) -> None:
        there = self.card(disclosable=["address"])
        assert [*there.plan("address").leaves] == ["address"]

    def test_the_line_says_it(self) -> None:
        there = self.card(disclosable=["langs"])
        assert "; always visible: id, name, address; langs stay home" in str(there.plan("name"))


class TestTheLine:
    def test_it_is_one(self, there: Town) -> None:
        there.ada.store(there.issue({"name": "Ada", "address": {"city": "Oslo", "zip": "0150"}}, type="Small"))
        plan = there.plan("name", ("address", "city"), type="Small")
        assert str(plan) == (
            f'name="Ada", address.city="Oslo" -> "The Bar" ({there.bar.did}, new to you), "Serve alcohol", until 2026-11-20T13:00:00Z'
            "; always visible: id; address.zip stay home"
        )
        there.ada.present(plan)
        assert "met before" in str(there.plan("age_over_18"))

    def test_without_a_name_and_without_anything(self) -> None:
        there = town(None)
        shop = there.world.verifier()
        line = str(there.ada.plan(ask(shop, "age_over_18", issuers=ANYONE)))
        assert line == f'cannot be answered: ({shop.did}, new to you), "Serve alcohol"'

    def test_words_cannot_pass_for_the_rest_of_the_line(self, there: Town) -> None:
        """What a business calls itself is between quotation marks, so that it cannot say who it is or until when."""
        name = 'Bank" (did:key:z6MkBank, met before), "nothing", until 2000-01-01T00:00:00Z'
        line = str(there.ada.plan(ask(there.world.verifier(name=name), "age_over_18", issuers=ANYONE)))
        assert 'Bank\\" (did:key:z6MkBank, met before), \\"nothing\\", until' in line

    @pytest.mark.parametrize("hostile", ["\x00", "\n", "\x1b[2J", "\x85", "\u2028", "\u202e", "\u2066", "x" * 10_000])
    def test_names_and_values_of_a_hostile_issuer_stay_in_the_line(self, there: Town, hostile: str) -> None:
        there.ada.store(there.issue({f"a{hostile}b": {f"c{hostile}": f"d{hostile}"}}, type="Odd", format="dc+sd-jwt"))
        plan = there.plan(f"a{hostile}b", type="Odd", formats=["dc+sd-jwt"])
        if len(hostile) < 10:
            assert hostile not in str(plan)
        assert str(plan).isprintable()
        assert plan.leaves == {f"a{hostile}b": {f"c{hostile}": f"d{hostile}"}}

    def test_its_representation_shows_no_value(self, there: Town) -> None:
        plan = there.plan("given_name", ("address", "city"))
        for text in (repr(plan), repr([plan]), repr(plan.also())):
            assert "Ada" not in text
            assert "Oslo" not in text
            assert text.isprintable()


class TestChoosing:
    def test_optional_claims_are_off_until_they_are_added(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name", ("address", "city")])
        assert plan.optional == ("given_name", ("address", "city"))
        assert plan.leaves == {"age_over_18": True}
        wider = plan.also("given_name")
        assert wider.leaves == {"age_over_18": True, "given_name": "Ada"}
        assert wider.optional == (("address", "city"),)
        assert plan.leaves == {"age_over_18": True}, "a plan does not change"
        assert wider.also(("address", "city")).optional == ()
        assert wider.also("given_name", "age_over_18").leaves == wider.leaves

    def test_only_these(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name", "birthdate"]).also("given_name", "birthdate")
        assert plan.only("age_over_18", "birthdate").leaves == {"age_over_18": True, "birthdate": "1990-12-10"}
        assert plan.only("age_over_18").leaves == {"age_over_18": True}

    def test_what_is_required_cannot_be_left_out(self, there: Town) -> None:
        with pytest.raises(ValueError, match="not to answer is the only way to withhold it"):
            there.plan("age_over_18", optional=["given_name"]).only("given_name")

    @pytest.mark.parametrize("name", ["birthdate", "", 5, None, ("given_name",), ("address", "street")])
    def test_what_was_not_asked_for(self, there: Town, name: Any) -> None:
        plan = there.plan("age_over_18", optional=["given_name"])
        for choose in (plan.also, plan.only):
            with pytest.raises(ValueError, match="was not asked for"):
                choose(name)

    def test_above_four_a_choice_that_no_set_lists(self, there: Town) -> None:
        """CONTROL 2.1: it is sent as the largest listed set inside it, and the plan says so before."""
        optional: list[Claim] = ["given_name", "birthdate", ("address", "city"), ("address", "zip"), "langs"]
        plan = there.plan("age_over_18", optional=optional)
        one = plan.also(("address", "city"))
        assert one.leaves == {"age_over_18": True, ("address", "city"): "Oslo"}
        assert one.notes == ()
        two = one.also("given_name")
        assert two.leaves == {"age_over_18": True, "given_name": "Ada"}, "the one that reveals least"
        assert two.notes == ("address.city stays home: no combination that may be sent holds it too",)
        everything = plan.also(*optional)
        assert {*everything.leaves} == {"age_over_18", *optional}
        assert everything.notes == ()
        assert everything.only("age_over_18").notes == ()

    def test_what_the_card_does_not_have(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["nick\u202ename", "given_name"])
        assert plan.optional == ("given_name",)
        assert [(problem.kind, problem.pointer) for problem in plan.problems] == [
            (MISSING_CLAIM, "/credentials/0/credentialSubject/nick\u202ename")
        ]
        wider = plan.also("nick\u202ename", "given_name")
        assert [*wider.leaves] == ["age_over_18", "given_name"]
        assert wider.notes == ("nick\ufffdname stays home: no combination that may be sent holds it too",)

    def test_nothing_that_may_be_sent_lies_inside(self, there: Town) -> None:
        sets = [["age_over_18", "given_name"], ["age_over_18", "birthdate"]]
        rows = {"age_over_18": "Required", "given_name": "Optional", "birthdate": "Optional"}
        plan = there.ada.plan(asking(there, {"claims": [claim(name) for name in rows], "claim_sets": sets}, rows=rows))
        assert plan.leaves == {"age_over_18": True, "given_name": "Ada"}
        with pytest.raises(ValueError, match="no combination of claims that may be sent lies inside this choice"):
            plan.only("age_over_18")
        assert plan.only("age_over_18", "birthdate").leaves == {"age_over_18": True, "birthdate": "1990-12-10"}


class TestWhereNothingIsRequired:
    def test_of_anyone_nothing_is_sent_until_something_is_chosen(self, there: Town) -> None:
        plan = there.plan(optional=["given_name", "birthdate"], issuers=ANYONE)
        assert (plan.leaves, plan.answerable, plan.optional) == ({}, True, ("given_name", "birthdate"))
        assert there.ada.present(plan).text == '{"vp_token":{}}'
        wider = plan.also("birthdate")
        assert wider.leaves == {"birthdate": "1990-12-10"}
        assert wider.only("given_name").leaves == {"given_name": "Ada"}

    def test_one_may_change_ones_mind(self, there: Town) -> None:
        plan = there.plan(optional=["given_name"], issuers=ANYONE).also("given_name").only()
        assert plan.leaves == {}
        assert there.ada.present(plan).text == '{"vp_token":{}}'

    def test_of_named_issuers_the_card_alone_shows_who_issued_it(self, there: Town) -> None:
        plan = there.plan(optional=["given_name"])
        assert (plan.leaves, [*plan.picks]) == ({}, ["vc-sd-jwt"])
        assert plan.also("given_name").only().leaves == {}

    def test_the_format_that_has_what_is_chosen_answers(self, there: Town) -> None:
        there.ada.store(there.issue({"nick": "ada"}, format="dc+sd-jwt"))
        plan = there.plan(optional=["nick", "given_name"], issuers=ANYONE, type="IdentityCard", formats=["vc+sd-jwt", "dc+sd-jwt"])
        assert plan.optional == ("nick", "given_name")
        assert [*plan.also("nick").picks] == ["dc-sd-jwt"]
        assert [*plan.also("given_name").picks] == ["vc-sd-jwt"]
        both = plan.also("nick", "given_name")
        assert (both.leaves, len(both.notes)) == ({"given_name": "Ada"}, 1)

    def test_of_two_formats_the_one_that_has_more_of_it(self, there: Town) -> None:
        there.ada.store(there.issue({"nick": "ada", "tier": "gold"}, format="dc+sd-jwt"))
        formats = ["vc+sd-jwt", "dc+sd-jwt"]
        plan = there.plan(optional=["nick", "tier", "given_name"], issuers=ANYONE, type="IdentityCard", formats=formats)
        assert plan.also("nick", "tier", "given_name").leaves == {"nick": "ada", "tier": "gold"}

    def test_a_card_that_may_stay_home_stays_home_when_nothing_of_it_is_wanted(self, there: Town) -> None:
        issuer = {"id": "issuer", "path": ["issuer"], "values": [there.city.did]}
        sets = [["issuer"], ["issuer", "given_name"]]
        query = {"claims": [issuer, claim("given_name")], "claim_sets": sets}
        request = asking(there, query, sets=[{"options": [["q0"]], "required": False}], rows={"given_name": "Optional"})
        plan = there.ada.plan(request)
        assert [*plan.picks] == []
        assert [*plan.also("given_name").picks] == ["q0"]
        assert [*plan.also("given_name").only().picks] == []
        assert [*plan.also().picks] == []

    def test_a_wallet_with_nothing(self) -> None:
        plan = town(None).plan(optional=["given_name"], issuers=ANYONE)
        assert (plan.answerable, plan.optional) == (True, ())
        wider = plan.also("given_name")
        assert (wider.leaves, wider.notes) == ({}, ("given_name stays home: no combination that may be sent holds it too",))


class TestTheEnd:
    def test_earlier(self, there: Town) -> None:
        plan = there.plan("age_over_18").ending(START + 10 * MINUTE + timedelta(microseconds=999_999))
        assert plan.ends == plan.until == START + 10 * MINUTE

    def test_later_than_was_asked_for(self, there: Town) -> None:
        plan = there.plan("age_over_18")
        assert plan.ending(START + HOUR).ends == START + HOUR
        with pytest.raises(ValueError, match="earlier than was asked for, not later"):
            plan.ending(START + HOUR + SECOND)
        assert plan.ending(START + MINUTE).ending(START + HOUR).ends == START + HOUR

    def test_what_is_no_instant(self, there: Town) -> None:
        plan = there.plan("age_over_18")
        for wrong in (None, 5, "2026-11-20", START.date()):
            with pytest.raises(TypeError, match="must be a datetime"):
                plan.ending(wrong)  # type: ignore[arg-type]
        with pytest.raises(ValueError, match="aware"):
            plan.ending(START.replace(tzinfo=None))


class TestWhichCredential:
    def test_the_one_that_reveals_least(self, there: Town) -> None:
        """A predicate such as `age_over_18` before a birthdate, when the request allows either."""
        sets = [["birthdate"], ["age_over_18"]]
        rows = {"birthdate": "Optional", "age_over_18": "Optional"}
        plan = there.ada.plan(asking(there, {"claims": [claim("birthdate"), claim("age_over_18")], "claim_sets": sets}, rows=rows))
        assert plan.leaves == {"age_over_18": True}

    def test_fewest_claims_first(self, there: Town) -> None:
        sets = [["age_over_18", "given_name"], ["birthdate"]]
        rows = dict.fromkeys(["age_over_18", "given_name", "birthdate"], "Optional")
        plan = there.ada.plan(asking(there, {"claims": [claim(name) for name in rows], "claim_sets": sets}, rows=rows))
        assert plan.leaves == {"birthdate": "1990-12-10"}

    def test_then_what_says_less(self, there: Town) -> None:
        sets = [["birthdate"], ["given_name"]]
        rows = dict.fromkeys(["given_name", "birthdate"], "Optional")
        plan = there.ada.plan(asking(there, {"claims": [claim(name) for name in rows], "claim_sets": sets}, rows=rows))
        assert plan.leaves == {"given_name": "Ada"}

    def test_of_equals_the_verifiers_order(self, there: Town) -> None:
        for order in (["given_name", "nick"], ["nick", "given_name"]):
            there.ada.store(there.issue({"given_name": "Ada", "nick": "Ida"}, type="Two"))
            rows = dict.fromkeys(order, "Optional")
            meta = {"type_values": [["https://www.w3.org/ns/credentials/undefined-term#Two"]]}
            plan = there.ada.plan(
                asking(there, {"meta": meta, "claims": [claim(one) for one in order], "claim_sets": [[one] for one in order]}, rows=rows)
            )
            assert [*plan.leaves] == order[:1]

    @pytest.mark.parametrize("first", ["bare", "covered"])
    def test_of_two_cards_the_one_that_shows_less_by_itself(self, first: str) -> None:
        there = town(None)
        claims = {"age_over_18": True, "name": "Ada", "address": {"city": "Oslo"}}
        bare, covered = there.issue(claims, disclosable=["age_over_18"]), there.issue(claims)
        for card in (bare, covered) if first == "bare" else (covered, bare):
            there.ada.store(card)
        assert there.plan("age_over_18").visible == {"id": there.holder}

    @pytest.mark.parametrize("first", ["lumped", "apart"])
    def test_of_two_cards_the_one_that_shows_less_along_with_what_is_asked(self, first: str) -> None:
        there = town(None)
        claims = {"address": {"city": "Oslo", "zip": "0150"}}
        lumped, apart = there.issue(claims, disclosable=["address"]), there.issue(claims)
        for card in (lumped, apart) if first == "lumped" else (apart, lumped):
            there.ada.store(card)
        assert there.plan(("address", "city")).leaves == {("address", "city"): "Oslo"}

    def test_of_two_formats_the_verifiers_order(self, there: Town) -> None:
        there.ada.store(there.issue(format="dc+sd-jwt"))
        for formats in (["dc+sd-jwt", "vc+sd-jwt"], ["vc+sd-jwt", "dc+sd-jwt"]):
            plan = there.plan("age_over_18", type="IdentityCard", formats=formats)
            assert [*plan.picks] == [formats[0].replace("+", "-")]
            assert plan.leaves == {"age_over_18": True}
            assert plan.reasons == {"age_over_18": "Serve alcohol"}

    def test_the_format_that_is_held(self, there: Town) -> None:
        there.ada.store(there.issue({"member": 7}, type="Pass", format="dc+sd-jwt"))
        plan = there.plan("member", type="Pass", formats=["vc+sd-jwt", "dc+sd-jwt"])
        assert [*plan.picks] == ["dc-sd-jwt"]
        assert [(problem.kind, problem.pointer) for problem in plan.problems] == [(NOT_ANSWERABLE, "/credentials/0")]

    def test_several_credentials(self, there: Town) -> None:
        there.ada.store(there.issue({"member": 7, "points": 3}, type="Pass"))
        meta = {"type_values": [["https://www.w3.org/ns/credentials/undefined-term#Pass"]]}
        request = asking(
            there,
            {"claims": [claim("age_over_18")]},
            {"meta": meta, "claims": [claim("member"), claim("points")], "claim_sets": [["member"], ["member", "points"]]},
            rows={"age_over_18": "Required", "member": "Required", "points": "Optional"},
        )
        plan = there.ada.plan(request)
        assert plan.leaves == {"age_over_18": True, "member": 7}
        wider = plan.also("points")
        assert (wider.leaves, wider.notes) == ({"age_over_18": True, "member": 7, "points": 3}, ())
        narrow = wider.only("age_over_18", "member")
        assert (narrow.leaves, narrow.notes) == (plan.leaves, ())
        with pytest.raises(ValueError, match="required"):
            plan.only("member")

    def test_one_claim_of_two_credentials_is_shown_twice(self, there: Town) -> None:
        """Whatever leaves is shown: one value must not hide behind another one of the same name."""
        there.ada.store(there.issue({"given_name": "Ida"}, type="Pass", holder=there.ada.new_key()))
        meta = {"type_values": [["https://www.w3.org/ns/credentials/undefined-term#Pass"]]}
        request = asking(there, {"claims": [claim("given_name")]}, {"meta": meta, "claims": [claim("given_name")]})
        plan = there.ada.plan(request)
        assert plan.leaves == {"given_name": "Ada", ("q1", "credentialSubject", "given_name"): "Ida"}
        assert [*plan.visible] == ["id", ("q1", "credentialSubject", "id")]
        assert there.holder in plan.visible.values()
        assert "Ida" in str(plan)
        there.ada.present(plan)
        assert there.ada.shared[-1].claims == plan.names == (*plan.leaves,)

    def test_of_alternatives_only_what_is_picked_is_required(self, there: Town) -> None:
        request = asking(there, {"claims": [claim("age_over_18")]}, {"claims": [claim("birthdate")]}, sets=[{"options": [["q1"], ["q0"]]}])
        plan = there.ada.plan(request)
        assert plan.leaves == {"age_over_18": True}
        assert plan.only("age_over_18").leaves == {"age_over_18": True}
        assert plan.reasons == {"age_over_18": "Serve alcohol"}

    def test_an_expired_card_does_not_answer(self, there: Town) -> None:
        there.ada.store(there.issue({"member": 7}, type="Pass", valid_for=MINUTE))
        assert there.plan("member", type="Pass").answerable
        there.world.clock.turn(MINUTE - TICK)
        assert there.plan("member", type="Pass").answerable
        there.world.clock.turn(TICK)
        plan = there.plan("member", type="Pass")
        assert not plan.answerable
        assert (RANGE_ERROR, "/credentials/0/validUntil") in [(problem.kind, problem.pointer) for problem in plan.problems]

    def test_another_card_answers_for_an_expired_one(self, there: Town) -> None:
        there.ada.store(there.issue({"member": 7}, type="Pass", valid_for=MINUTE))
        there.ada.store(there.issue({"member": 8}, type="Pass"))
        there.world.clock.turn(MINUTE)
        assert there.plan("member", type="Pass").leaves == {"member": 8}

    def test_a_card_of_another_issuer_does_not(self, there: Town) -> None:
        plan = there.plan("age_over_18", issuers=[there.world.issuer().did])
        assert not plan.answerable
        assert [(problem.kind, problem.pointer) for problem in plan.problems] == [
            (NOT_ANSWERABLE, "/credentials/0"),
            (MISSING_CLAIM, "/credentials/0/issuer"),
        ]
        assert (plan.leaves, plan.stays, plan.visible, plan.optional) == ({}, (), {}, ())
        assert plan.also("age_over_18").leaves == {}

    def test_what_is_not_held(self, there: Town) -> None:
        plan = there.plan("age_over_18", type="Passport")
        assert [problem.kind for problem in plan.problems] == [NOT_ANSWERABLE, NOT_ANSWERABLE]
        assert "no stored credential has this format and type" in str(plan.problems[1])

    def test_of_two_required_credentials_one_is_held(self, there: Town) -> None:
        request = asking(there, {"claims": [claim("age_over_18")]}, {"claims": [claim("member")]})
        plan = there.ada.plan(request)
        assert not plan.answerable
        assert plan.leaves == {}
        assert plan.also("age_over_18").leaves == plan.only().leaves == {}


class TestWhatIsNoRequest:
    @pytest.mark.parametrize("wrong", [b"", "a.b.c", b"\xff", "\ud800", "{}", b"a.b", "é.é.é"])
    def test_no_token(self, there: Town, wrong: Any) -> None:
        assert kinds(refusal(there.ada, wrong)) == [PARSING_ERROR]

    @pytest.mark.parametrize("wrong", [None, 5, {}, bytearray(b"a.b.c"), object()])
    def test_what_was_parsed_elsewhere(self, there: Town, wrong: Any) -> None:
        with pytest.raises(TypeError, match="bytes, text or a sayso value is expected"):
            there.ada.plan(wrong)

    def test_one_in_any_form(self, there: Town) -> None:
        request = there.ask("age_over_18")
        assert there.ada.plan(request) == there.ada.plan(request.data) == there.ada.plan(request.text)

    @pytest.mark.parametrize("typ", ["JWT", "kb+jwt", "vc+sd-jwt", None])
    def test_a_token_of_another_type(self, there: Town, typ: str | None) -> None:
        request = there.ask("age_over_18")
        token = sign({**header_of(request.text), "typ": typ}, payload_of(request.text), there.bar_key)
        assert kinds(refusal(there.ada, token)) == [PARSING_ERROR]

    def test_one_that_another_key_signed(self, there: Town) -> None:
        request = rewritten(there.ask("age_over_18"), there.ada_key, lambda _: None)
        (problem,) = refusal(there.ada, request).problems
        assert (problem.kind, problem.stage) == (CRYPTOGRAPHIC_SECURITY_ERROR, "prove")

    def test_one_in_another_name(self, there: Town) -> None:
        bank = there.world.verifier(name="The Bank")
        request = rewritten(
            there.ask("age_over_18"), there.bar_key, lambda said: said.update(client_id=f"decentralized_identifier:{bank.did}")
        )
        (problem,) = refusal(there.ada, request).problems
        assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, "/client_id")

    def test_one_whose_terms_do_not_match(self, there: Town) -> None:
        request = rewritten(there.ask("age_over_18"), there.bar_key, lambda said: said.pop("verifier_info"))
        assert kinds(refusal(there.ada, request)) == [TERMS_MISSING]

    def test_one_with_transaction_data(self, there: Town) -> None:
        request = rewritten(there.ask("age_over_18"), there.bar_key, lambda said: said.update(transaction_data=["e30"]))
        assert kinds(refusal(there.ada, request)) == [INVALID_TRANSACTION_DATA]


class TestSkew:
    """DESIGN: skew (60 s) applies to other people's `iat`, `nbf` and `exp`, so also when a wallet plans."""

    def test_a_business_whose_clock_is_slow(self, there: Town) -> None:
        request = there.ask("age_over_18")
        there.world.clock.turn(6 * MINUTE - TICK)
        there.ada.plan(request)
        there.world.clock.turn(TICK)
        (problem,) = refusal(there.ada, request).problems
        assert (problem.kind, problem.pointer, problem.stage) == (RANGE_ERROR, "/exp", "date")

    def test_a_business_whose_clock_is_fast(self, there: Town) -> None:
        request = there.ask("age_over_18")
        there.world.clock.turn(-MINUTE)
        there.ada.plan(request)
        there.world.clock.turn(-TICK)
        (problem,) = refusal(there.ada, request).problems
        assert (problem.kind, problem.pointer, problem.stage) == (RANGE_ERROR, "/iat", "date")

    def test_not_before(self, there: Town) -> None:
        begins = int(START.timestamp()) + 61
        request = rewritten(there.ask("age_over_18"), there.bar_key, lambda said: said.update(nbf=begins))
        assert kinds(refusal(there.ada, request)) == [RANGE_ERROR]
        there.world.clock.turn(SECOND)
        there.ada.plan(request)


def reachable(value: object, seen: dict[int, object]) -> Iterator[object]:
    """Give whatever is held by a value, by attribute, item or slot; functions and types hold no data."""
    if id(value) in seen or isinstance(value, type) or callable(value):
        return
    seen[id(value)] = value
    yield value
    inner: list[object] = []
    if isinstance(value, Mapping):
        inner += [*value.keys(), *value.values()]
    elif isinstance(value, (tuple, list, set, frozenset)):
        inner += [*value]
    if is_dataclass(value):
        inner += [getattr(value, field.name) for field in fields(value)]
    inner += [getattr(value, name) for name in getattr(type(value), "__slots__", ()) if hasattr(value, name)]
    inner += [*getattr(value, "__dict__", {}).values()]
    for one in inner:
        yield from reachable(one, seen)


class TestPureData:
    def test_no_key_can_be_reached_from_it(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name"]).also("given_name")
        found = [*reachable(plan, {})]
        assert len(found) > 100
        assert not [one for one in found if hasattr(one, "sign")]
        assert [one for one in reachable(there.ada, {}) if hasattr(one, "sign")], "the same walk finds the keys of a wallet"

    def test_it_cannot_be_changed(self, there: Town) -> None:
        plan: Any = there.plan("age_over_18")
        for field in fields(Plan):
            with pytest.raises(FrozenInstanceError):
                setattr(plan, field.name, None)

    def test_who_changes_what_is_in_it_does_not_change_the_wallet(self, there: Town) -> None:
        plan = there.plan("age_over_18")
        document: Any = plan.picks["vc-sd-jwt"][0].candidate.document
        with pytest.raises(TypeError, match="cannot be changed"):
            document["credentialSubject"]["age_over_18"] = False
        assert there.plan("age_over_18").leaves == {"age_over_18": True}

    @pytest.mark.parametrize("carry", [lambda plan: pickle.loads(pickle.dumps(plan)), copy.deepcopy], ids=["pickle", "deepcopy"])  # noqa: S301
    def test_it_travels(self, there: Town, carry: Callable[[Plan], Plan]) -> None:
        request = there.ask("age_over_18", optional=["given_name"])
        plan = carry(there.ada.plan(request))
        share = there.bar.accept(there.ada.present(carry(plan.also("given_name"))), request)
        assert share.read() == {"age_over_18": True, "given_name": "Ada"}
