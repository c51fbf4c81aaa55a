"""A decision says what was decided about a request; it stays with the customer, and gives the same answer again."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Attribute, Conditions, SaysoError
from sayso.encodings import jcs
from sayso.encodings.multihash import digest_multibase
from sayso.errors import MALFORMED_VALUE_ERROR, NOT_ANSWERABLE, PARSING_ERROR
from sayso.identifiers import StoredId
from sayso.jsonvalue import serialize
from sayso.sharing.consent import DEFERRED, GIVEN, MODES, REFUSED, STATES, WITHDRAWN, Decided, Decision, decide, refuse
from sayso.sharing.consent_reading import parse, read
from tests.journeys.town import CLAIMS, HOUR, Town, payload_of, town

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def there() -> Town:
    return town()


def statuses(decision: Decision) -> dict[Any, str]:
    return {one.claim: one.status for one in decision.answers}


class TestMade:
    def test_what_leaves_is_given_and_the_rest_is_refused(self, there: Town) -> None:
        said = Conditions(category="dpv:ServiceProvision")
        request = there.ask("age_over_18", optional=["given_name", ("address", "city")], conditions=said)
        plan = there.ada.plan(request).also(("address", "city"))
        made = decide(plan, deferred=["given_name"], lint_shown=["L03"], rules=["rule-1"], mode="preference")
        assert made.answers == (
            Decided("age_over_18", GIVEN, plan.ends),
            Decided("given_name", DEFERRED),
            Decided(("address", "city"), GIVEN, plan.ends),
        )
        assert (made.request, made.verifier, made.at) == (digest_multibase(request.data), there.bar.did, plan.planned)
        assert (made.purpose, made.category) == ("Serve alcohol", "dpv:ServiceProvision")
        assert (made.mode, made.lint_shown, made.rules) == ("preference", ("L03",), ("rule-1",))
        assert (made.given, made.ends) == (("age_over_18", ("address", "city")), plan.ends)

    def test_each_until_its_own_end(self, there: Town) -> None:
        plan = there.plan(
            Attribute("age_over_18", keep_for=WILL_NOT_STORE), Attribute("given_name", keep_for=2 * DAY), "birthdate", keep_for=DAY
        )
        made = decide(plan)
        now = plan.planned
        ends = {one.claim: one.until for one in made.answers}
        assert ends == {"age_over_18": plan.asked.request.expires, "given_name": now + 2 * DAY, "birthdate": now + DAY}
        assert {one.until for one in decide(plan.ending(now + SECOND)).answers} == {now + SECOND}

    def test_what_stands_in_says_for_what(self, there: Town) -> None:
        plan = there.plan(Attribute("birthdate", accepts=("age_over_18",)))
        made = decide(plan)
        assert made.answers == (Decided("age_over_18", GIVEN, plan.ends, "birthdate"), Decided("birthdate", REFUSED))
        answers: Any = made.to_json()["answers"]
        assert answers[0] == {
            "claim": "age_over_18",
            "consentStatus": "dpv:ConsentGiven",
            "until": "2026-11-20T13:00:00Z",
            "as": "predicate",
            "insteadOf": "birthdate",
        }
        assert decide(plan.also("birthdate")).given == ("birthdate",)

    def test_every_claim_that_goes_by_one_id_is_named(self, there: Town) -> None:
        """A business gives one id to a claim in two credentials, or to two claims: all that leaves is in the decision."""
        meta = {"type_values": [["https://www.w3.org/ns/credentials/undefined-term#IdentityCard"]]}
        asked = [
            {"id": query, "format": "vc+sd-jwt", "meta": meta, "claims": [{"id": "one", "path": ["credentialSubject", name]}]}
            for query, name in (("a", "given_name"), ("b", "birthdate"), ("c", "given_name"))
        ]
        words: dict[str, Any] = {"issuers": ANYONE, "purpose": "p", "benefit": "b", "keep_for": HOUR}
        plan = there.ada.plan(there.bar.request_query({"credentials": asked}, **words))
        assert plan.leaves.keys() >= {"given_name", "birthdate"}
        assert decide(plan).given == ("given_name", "birthdate")
        assert statuses(refuse(plan)) == {"given_name": REFUSED, "birthdate": REFUSED}
        sets = [{"options": [["b"], ["a"]]}]
        plan = there.ada.plan(there.bar.request_query({"credentials": asked[:2], "credential_sets": sets}, **words))
        assert statuses(decide(plan)) == dict.fromkeys(plan.names, GIVEN)
        assert statuses(decide(plan.answering("a"))) == {"given_name": GIVEN}
        assert statuses(refuse(plan, later=True)) == {"given_name": DEFERRED, "birthdate": DEFERRED}

    def test_what_comes_along_is_named(self) -> None:
        there = town({"person": {"name": "Ada", "sex": "F"}, "club": "chess"}, disclosable=["person", ("person", "name")])
        made = decide(there.plan(("person", "name")))
        assert {*made.beside} == {("person", "sex"), "club"}
        assert read(made.to_json()) == made

    @pytest.mark.parametrize(
        ("choices", "says"),
        [
            ({"mode": "guessed"}, "mode is one of asked, preference, pre-authorised"),
            ({"deferred": ["passport"]}, "what is deferred was asked for"),
            ({"deferred": ["age_over_18"]}, "what is deferred was asked for, and does not leave"),
        ],
        ids=["mode", "not asked", "leaves"],
    )
    def test_wrong_use(self, there: Town, choices: dict[str, Any], says: str) -> None:
        with pytest.raises(ValueError, match=says):
            decide(there.plan("age_over_18"), **choices)

    def test_of_a_request_that_cannot_be_answered(self, there: Town) -> None:
        made = decide(there.plan("passport"))
        assert (statuses(made), made.sources, made.ends) == ({"passport": REFUSED}, None, None)

    @pytest.mark.parametrize(("later", "status"), [(False, REFUSED), (True, DEFERRED)])
    def test_not_to_answer(self, there: Town, later: bool, status: str) -> None:
        plan = there.plan("age_over_18", optional=["given_name"]).ending(there.world.clock() + SECOND)
        made = refuse(plan, later=later, rules=["no"], lint_shown=["L01"], mode="preference")
        assert statuses(made) == {"age_over_18": status, "given_name": status}
        assert (made.sources, made.until, made.given, made.rules, made.lint_shown) == (None, None, (), ("no",), ("L01",))
        with pytest.raises(ValueError, match="not to answer"):
            made.plan(plan)

    def test_no_value_is_in_it(self, there: Town) -> None:
        text = json.dumps(decide(there.plan(*CLAIMS)).to_json()) + repr(decide(there.plan(*CLAIMS)))
        assert not any(value in text for value in ("1990-12-10", "Oslo", "0150", "59.9"))


class TestFollowed:
    def again(self, there: Town, plan: Any, request: Any) -> None:
        fresh = there.ada.plan(request)
        followed = read(decide(plan).to_json()).plan(fresh)
        assert there.ada.present(followed).data == there.ada.present(plan).data
        assert (followed.leaves, followed.ends) == (plan.leaves, plan.ends)
        assert decide(followed) == decide(plan)

    def test_to_the_byte(self, there: Town) -> None:
        request = there.ask("age_over_18", optional=["address", "given_name", "langs"], keep_for=DAY)
        plan = there.ada.plan(request).also("address", "langs")
        for chosen in (
            plan,
            plan.only("age_over_18"),
            plan.without(("address", "zip"), ("langs", 1)),
            plan.ending(plan.planned + HOUR),
            plan.without(("address", "geo", "lat")).ending(plan.planned + SECOND),
        ):
            self.again(there, chosen, request)

    def test_with_nothing_that_was_asked_for(self, there: Town) -> None:
        request = there.ask(optional=["given_name"])
        self.again(there, there.ada.plan(request), request)
        anyone = there.ask(optional=["given_name"], issuers=ANYONE)
        self.again(there, there.ada.plan(anyone), anyone)
        self.again(there, there.ada.plan(anyone).also("given_name"), anyone)

    def test_with_the_credential_that_was_chosen(self, there: Town) -> None:
        other = there.ada.store(there.issue({"age_over_18": True, "given_name": "Ada", "club": "chess"}))
        request = there.ask("age_over_18")
        plan = there.ada.plan(request)
        (query,) = plan.credentials
        for stored in plan.choices[query]:
            self.again(there, plan.using(query, stored), request)
        assert other in plan.choices[query]

    def test_a_later_one_ends_when_it_would_have(self, there: Town) -> None:
        request = there.ask("age_over_18", keep_for=DAY)
        made = decide(there.ada.plan(request).ending(there.world.clock() + HOUR))
        there.world.clock.turn(timedelta(minutes=1))
        assert made.plan(there.ada.plan(request)).ends == made.until

    @pytest.mark.parametrize(("format", "asked"), [("eddsa-jcs-2022", "ldp_vc"), ("vc+jwt", "jwt_vc_json")])
    def test_with_a_whole_credential(self, format: str, asked: str) -> None:
        there = town(format=format)
        request = there.ask("age_over_18", formats=[asked])
        plan = there.ada.plan(request)
        (query,) = plan.entire
        made = decide(plan.whole(query))
        assert made.given == ("age_over_18",)
        assert {*made.beside} == {*CLAIMS} - {"age_over_18"}
        self.again(there, plan.whole(query), request)
        assert decide(plan).sources is None

    def test_of_another_request(self, there: Town) -> None:
        made = decide(there.plan("age_over_18"))
        with pytest.raises(ValueError, match="another request"):
            made.plan(there.plan("age_over_18"))

    def test_of_the_same_bytes_from_another_page(self) -> None:
        there = town()
        asked = payload_of(there.ask("age_over_18").text)
        said = {name: asked[name] for name in ("response_type", "nonce", "iat", "exp", "dcql_query", "verifier_info")}
        request = serialize({"protocol": "openid4vp-v1-unsigned", "data": {**said, "response_mode": "dc_api"}})
        ada = there.world.wallet(unsigned="allow")
        ada.add_key(there.ada_key)
        ada.store(there.issue())
        made = decide(ada.plan(request, origin="https://bar.example"))
        assert made.plan(ada.plan(request, origin="https://bar.example")).names == ("age_over_18",)
        with pytest.raises(ValueError, match="another request"):
            made.plan(ada.plan(request, origin="https://thief.example"))

    def test_with_a_credential_that_is_gone(self, there: Town) -> None:
        request = there.ask("age_over_18", optional=["given_name"])
        plan = there.ada.plan(request)
        sources = decide(plan).sources
        assert sources is not None
        source = sources[0]
        for made in (
            replace(decide(plan), sources=(source._replace(stored=(StoredId("other"),)),)),
            replace(decide(plan), sources=(source._replace(query="other"),)),
            replace(decide(plan), sources=(source._replace(claims=("age_over_18", "passport")),)),
        ):
            with pytest.raises(SaysoError) as refused:
                made.plan(plan)
            assert [one.kind for one in refused.value.problems] == [NOT_ANSWERABLE]

    def test_of_queries_with_several_credentials(self, there: Town) -> None:
        club = "https://club.example/card"
        for number in (1, 2):
            there.ada.store(there.issue({"member": number, "tier": "gold"}, type=club, format="dc+sd-jwt"))
        query = {
            "credentials": [
                {
                    "id": "id",
                    "format": "vc+sd-jwt",
                    "meta": {"type_values": [["https://www.w3.org/ns/credentials/undefined-term#IdentityCard"]]},
                    "claims": [{"path": ["credentialSubject", "age_over_18"]}],
                },
                {
                    "id": "club",
                    "format": "dc+sd-jwt",
                    "meta": {"vct_values": [club]},
                    "claims": [{"path": ["member"]}, {"path": ["tier"]}],
                    "multiple": True,
                },
            ],
            "credential_sets": [{"options": [["id"]]}, {"options": [["club"]], "required": False}],
        }
        request = there.bar.request_query(query, issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR)
        plan = there.ada.plan(request)
        both = plan.also("member", "tier")
        both = both.using("club", *both.choices["club"])
        assert len(both.credentials["club"]) == 2
        for chosen in (plan, plan.also("member", "tier"), both):
            self.again(there, chosen, request)
        without = town()
        (only,) = decide(without.ada.plan(request)).answers
        assert only.claim == "age_over_18"


class TestTakenBack:
    def test_is_a_decision_of_its_own(self, there: Town) -> None:
        request = there.ask("age_over_18", optional=["given_name"])
        made = decide(there.ada.plan(request), mode="pre-authorised")
        later = there.world.clock() + HOUR
        back = made.withdraw(later + timedelta(microseconds=5))
        assert statuses(back) == {"age_over_18": WITHDRAWN, "given_name": REFUSED}
        assert (back.at, back.mode, back.given, back.ends, back.request) == (later, "asked", (), None, made.request)
        assert read(back.to_json()) == back
        with pytest.raises(ValueError, match="not to answer, or it was taken back"):
            back.plan(there.ada.plan(request))
        with pytest.raises(ValueError, match="later, not earlier"):
            made.withdraw(made.at - SECOND)


class TestRead:
    def full(self, there: Town) -> dict[str, Any]:
        plan = there.plan(
            Attribute("birthdate", accepts=("age_over_18",)),
            optional=["address", ("langs", None)],
            conditions=Conditions(category="dpv:Marketing"),
        )
        plan = plan.also("address").without(("address", "zip")).ending(plan.planned + SECOND)
        made: Any = replace(decide(plan, lint_shown=["L01"], rules=["rule-1"]), beside=("club",), whole=("id",)).to_json()
        return dict(made)

    def test_as_it_was_written(self, there: Town) -> None:
        full = self.full(there)
        made = parse(json.dumps(full))
        assert made.to_json() == full
        assert made.digest == digest_multibase(jcs.canonicalize(full))
        renamed = {"lint_shown": "lintShown", "category": "hasPurpose"}
        assert {*full} == {renamed.get(one.name, one.name) for one in fields(made)}
        assert parse(json.dumps(full)) == made
        assert {MODES[0], GIVEN, REFUSED} <= {*MODES, *STATES}

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"proof": "none"}, ""),
            ({"request": None}, ""),
            ({"request": 1}, "/request"),
            ({"verifier": "shop"}, "/verifier"),
            ({"at": "now"}, "/at"),
            ({"mode": "guessed"}, "/mode"),
            ({"hasPurpose": "dpv:Nothing"}, "/hasPurpose"),
            ({"answers": {}}, "/answers"),
            ({"answers": [{"claim": "a"}]}, "/answers/0"),
            ({"answers": [{"claim": "a", "consentStatus": "given"}]}, "/answers/0/consentStatus"),
            ({"answers": [{"claim": "a", "consentStatus": GIVEN, "as": "predicate"}]}, "/answers/0"),
            ({"answers": [{"claim": "a", "consentStatus": GIVEN, "insteadOf": "b"}]}, "/answers/0"),
            ({"answers": [{"claim": "a", "consentStatus": GIVEN, "as": "value", "insteadOf": "b"}]}, "/answers/0/as"),
            ({"sources": [{"query": "a", "stored": []}]}, "/sources/0"),
            ({"sources": [{"query": "", "stored": [], "claims": []}]}, "/sources/0/query"),
            ({"sources": [{"query": "a", "stored": [1], "claims": []}]}, "/sources/0/stored/0"),
            ({"withheld": ["a", 1]}, "/withheld/1"),
            ({"beside": "a"}, "/beside"),
            ({"lintShown": [""]}, "/lintShown/0"),
        ],
        ids=lambda value: value.replace("/", ".") if isinstance(value, str) else json.dumps(value)[:70].replace("/", "."),
    )
    def test_what_is_wrong_is_refused(self, there: Town, change: dict[str, Any], place: str) -> None:
        wrong = {name: value for name, value in {**self.full(there), **change}.items() if value is not None}
        with pytest.raises(SaysoError) as refused:
            read(wrong)
        assert [(one.kind, one.pointer) for one in refused.value.problems] == [(MALFORMED_VALUE_ERROR, place)]

    def test_what_is_no_object(self) -> None:
        with pytest.raises(SaysoError) as refused:
            parse(b"[]")
        assert [one.kind for one in refused.value.problems] == [PARSING_ERROR]
