"""A customer's rules: read strictly, weighed purely, explained by their ids, and never sent."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sayso import ANYONE, WILL_NOT_STORE, Attribute, Conditions, Plan, Recipient, Request, SaysoError
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR
from sayso.identifiers import Did
from sayso.sharing import dpv
from sayso.sharing.conditions import Organisation
from sayso.sharing.lint.finding import Finding, Smaller
from sayso.sharing.lint.linting import lint
from sayso.sharing.plan.pieces import stand_in
from sayso.sharing.preferences.evaluation import Evaluation, Ruling, evaluate
from sayso.sharing.preferences.profile import APPROVE, ASK, DENY, Comparison, PreApproval, Preferences, Rule, When
from sayso.sharing.preferences.reading import own, parse, read, write
from tests.journeys.town import HOUR, Town, rewritten, town
from tests.support import REPOSITORY

DAY = timedelta(days=1)
BUSINESS = "did:web:shop.example"
FULL: dict[str, Any] = {
    "rules": [
        {
            "id": "all of it",
            "if": {
                "claim": ["address", None, 1],
                "purpose": "dpv:Marketing",
                "necessity": "dpv:Optional",
                "hasDuration": ">=P90D",
                "verifier": BUSINESS,
                "recipient": "dpv:ThirdParty",
                "notProhibited": "ai-training",
                "agreement": "SD-BASE",
                "lint": "L01",
                "metBefore": False,
                "category": "dpv:SensitivePersonalData",
            },
            "then": "ask",
            "maxUntil": "P1D",
            "counter": {"hasDuration": "P90D"},
        },
        {"id": "rule-2", "if": {}, "then": "deny"},
    ],
    "agreements": ["SD-BASE"],
    "gpc": True,
    "preApproved": [{"verifier": BUSINESS, "claims": ["age_over_18", ["address", "city"]], "validUntil": "2027-01-01T00:00:00Z"}],
}


@cache
def schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REPOSITORY / "specs" / "preferences.schema.json").read_text(encoding="utf-8"))
    return found


def profile(*rules: dict[str, Any], **more: Any) -> Preferences:
    return read({"rules": list(rules), **more})


def rule(then: str, **more: Any) -> dict[str, Any]:
    limits: dict[str, Any] = {name: more.pop(name) for name in ("maxUntil", "counter", "id") if name in more}
    return {"if": more, "then": then, **limits}


class TestRead:
    def test_and_written(self) -> None:
        read_once = read(FULL)
        assert write(read_once) == FULL
        assert parse(json.dumps(FULL)) == read_once == own(read_once)
        assert read_once.rules[0] == Rule(
            "all of it",
            When(
                claim=("address", None, 1),
                purpose="dpv:Marketing",
                necessity="dpv:Optional",
                retention=Comparison(">=", timedelta(days=90)),
                verifier=BUSINESS,
                recipient="dpv:ThirdParty",
                not_prohibited="ai-training",
                agreement="SD-BASE",
                lint="L01",
                met_before=False,
                category="dpv:SensitivePersonalData",
            ),
            "ask",
            DAY,
            timedelta(days=90),
        )
        assert read_once.pre_approved == (
            PreApproval(Did(BUSINESS), ("age_over_18", ("address", "city")), datetime(2027, 1, 1, tzinfo=UTC)),
        )

    def test_nothing_is_needed(self) -> None:
        assert read({}) == Preferences()
        assert read(write(Preferences())) == Preferences()

    def test_a_rule_without_an_id_is_called_by_its_place(self) -> None:
        assert [one.id for one in read({"rules": [{"if": {}, "then": "ask"}, {"if": {}, "then": "deny", "id": "x"}]}).rules] == [
            "rule-1",
            "x",
        ]

    @pytest.mark.parametrize(
        ("change", "place"),
        [
            ({"rule": []}, ""),
            ({"rules": {}}, "/rules"),
            ({"rules": [1]}, "/rules/0"),
            ({"rules": [{"if": {}}]}, "/rules/0"),
            ({"rules": [{"then": "ask"}]}, "/rules/0"),
            ({"rules": [rule("allow")]}, "/rules/0/then"),
            ({"rules": [rule("ask", id="")]}, "/rules/0/id"),
            ({"rules": [rule("ask", id="gpc")]}, "/rules/0/id"),
            ({"rules": [rule("ask", id="agreements")]}, "/rules/0/id"),
            ({"rules": [rule("ask", id="rule-2"), rule("ask")]}, "/rules"),
            ({"rules": [rule("ask", maxUntil="PT0S")]}, "/rules/0/maxUntil"),
            ({"rules": [rule("ask", maxUntil="P1Y")]}, "/rules/0/maxUntil"),
            ({"rules": [rule("ask", maxUntil=1)]}, "/rules/0/maxUntil"),
            ({"rules": [rule("ask", counter="P1D")]}, "/rules/0/counter"),
            ({"rules": [rule("ask", counter={})]}, "/rules/0/counter"),
            ({"rules": [rule("ask", counter={"hasDuration": "P"})]}, "/rules/0/counter/hasDuration"),
            ({"rules": [rule("ask", claims="a")]}, "/rules/0/if"),
            ({"rules": [rule("ask", claim="")]}, "/rules/0/if/claim"),
            ({"rules": [rule("ask", claim=[])]}, "/rules/0/if/claim"),
            ({"rules": [rule("ask", claim=["a", -1])]}, "/rules/0/if/claim/1"),
            ({"rules": [rule("ask", purpose="dpv:Marketting")]}, "/rules/0/if/purpose"),
            ({"rules": [rule("ask", purpose=1)]}, "/rules/0/if/purpose"),
            ({"rules": [rule("ask", necessity="Required")]}, "/rules/0/if/necessity"),
            ({"rules": [rule("ask", hasDuration="P90D")]}, "/rules/0/if/hasDuration"),
            ({"rules": [rule("ask", hasDuration=">90")]}, "/rules/0/if/hasDuration"),
            ({"rules": [rule("ask", hasDuration=90)]}, "/rules/0/if/hasDuration"),
            ({"rules": [rule("ask", verifier="shop.example")]}, "/rules/0/if/verifier"),
            ({"rules": [rule("ask", recipient="dpv:Everybody")]}, "/rules/0/if/recipient"),
            ({"rules": [rule("ask", recipient="\n")]}, "/rules/0/if/recipient"),
            ({"rules": [rule("ask", notProhibited="sale")]}, "/rules/0/if/notProhibited"),
            ({"rules": [rule("ask", metBefore="no")]}, "/rules/0/if/metBefore"),
            ({"rules": [rule("ask", category="secret")]}, "/rules/0/if/category"),
            ({"gpc": 1}, "/gpc"),
            ({"agreements": "SD-BASE"}, "/agreements"),
            ({"agreements": [1]}, "/agreements/0"),
            ({"preApproved": [{"verifier": BUSINESS, "claims": ["a"]}]}, "/preApproved/0"),
            ({"preApproved": [{"verifier": 1, "claims": ["a"], "validUntil": "2027-01-01T00:00:00Z"}]}, "/preApproved/0/verifier"),
            ({"preApproved": [{"verifier": BUSINESS, "claims": [1], "validUntil": "2027-01-01T00:00:00Z"}]}, "/preApproved/0/claims/0"),
            ({"preApproved": [{"verifier": BUSINESS, "claims": ["a"], "validUntil": "soon"}]}, "/preApproved/0/validUntil"),
        ],
        ids=lambda value: value.replace("/", ".") if isinstance(value, str) else json.dumps(value)[:60].replace("/", "."),
    )
    def test_what_is_misspelt_is_refused(self, change: dict[str, Any], place: str) -> None:
        with pytest.raises(SaysoError) as refused:
            read(change)
        assert [(one.kind, one.pointer) for one in refused.value.problems] == [(MALFORMED_VALUE_ERROR, place)]

    @pytest.mark.parametrize(
        ("text", "kind"), [("[]", PARSING_ERROR), ("{", PARSING_ERROR), ('{"gpc": true, "gpc": false}', PARSING_ERROR)]
    )
    def test_what_is_no_object(self, text: str, kind: Any) -> None:
        with pytest.raises(SaysoError) as refused:
            parse(text)
        assert [one.kind for one in refused.value.problems] == [kind]

    def test_as_many_as_anybody_reads(self) -> None:
        many: list[Any] = ["a"] * 1024
        assert len(read({"agreements": many}).agreements) == 1024
        with pytest.raises(SaysoError) as refused:
            read({"agreements": [*many, "a"]})
        assert [(one.kind, one.pointer) for one in refused.value.problems] == [(LIMIT_EXCEEDED, "/agreements")]

    def test_by_hand_what_is_misspelt_is_refused_too(self) -> None:
        plan = town().plan("age_over_18")
        for wrong in (
            Preferences((Rule("x", When(purpose="dpv:Marketting"), DENY),)),
            Preferences((Rule("x", When(), "dney"),)),
            Preferences((Rule("x", "deny", DENY),)),  # type: ignore[arg-type]
            Preferences((Rule("x", When(), DENY, timedelta(seconds=0.5)),)),
            Preferences((Rule("x", When(), DENY, timedelta(seconds=1.5)),)),
        ):
            with pytest.raises(ValueError, match="preferences: "):
                evaluate(wrong, plan)
        with pytest.raises(TypeError, match="preferences are Preferences, not str"):
            evaluate("deny", plan)  # type: ignore[arg-type]


class TestSchema:
    def test_agrees_with_the_reader(self) -> None:
        Draft202012Validator.check_schema(schema())
        validator = Draft202012Validator(schema())
        assert [*validator.iter_errors(FULL)] == [*validator.iter_errors({})] == []
        wrongs: list[Any] = [{"rule": []}, {"gpc": 1}, {"rules": [rule("ask", claims="a")]}, {"rules": [rule("ask", hasDuration="P90D")]}]
        for wrong in wrongs:
            assert not validator.is_valid(wrong)

    def test_names_the_terms_that_are_known(self) -> None:
        members = schema()["$defs"]["condition"]["properties"]
        assert members["purpose"]["enum"] == sorted(dpv.PURPOSES)
        assert members["notProhibited"]["enum"] == sorted(dpv.PROHIBITABLE)
        assert members["category"]["enum"] == sorted(dpv.CATEGORIES)


# --- what the rules make of a plan -----------------------------------------------------------------------------------------------------


@pytest.fixture
def there() -> Town:
    return town()


BIRTHDATE = Attribute("birthdate", accepts=("age_over_18",))


def wrong(claim: Any = None, rule: str = "L01") -> Finding:
    return Finding(rule, "title", "warning", "message", Smaller("less"), claim)


def outcome_of(evaluation: Evaluation, claim: Any) -> tuple[str, tuple[str, ...]]:
    (found,) = [ruling for ruling in evaluation.rulings if ruling.claim == claim]
    return found.outcome, found.rules


def left(evaluation: Evaluation) -> dict[Any, Any] | None:
    return None if evaluation.plan is None else evaluation.plan.leaves


def two_queries(there: Town, *claims: tuple[str, str]) -> Request:
    """Ask for claims, each by its id and in a credential query of its own."""
    meta = {"type_values": [["https://www.w3.org/ns/credentials/undefined-term#IdentityCard"]]}
    asked = [
        {"id": f"q{at}", "format": "vc+sd-jwt", "meta": meta, "claims": [{"id": claim_id, "path": ["credentialSubject", name]}]}
        for at, (claim_id, name) in enumerate(claims)
    ]
    return there.bar.request_query({"credentials": asked}, issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR)


class TestWhenARuleMatches:
    """One claim, age_over_18, and what the business says of it."""

    def matches(self, there: Town, *, lint: Any = (), words: Any = None, **when: Any) -> bool:
        asked = Attribute("age_over_18", **(words or {}).pop("attribute", {}))
        plan = there.plan(asked, **(words or {}))
        found = evaluate(profile(rule("deny", **when)), plan, lint=lint)
        assert found.outcome in {ASK, DENY}
        return found.outcome == DENY

    def test_claim(self, there: Town) -> None:
        assert self.matches(there, claim="age_over_18")
        assert self.matches(there, claim=["age_over_18"])
        assert not self.matches(there, claim="age_over_21")
        assert self.matches(there)

    def test_purpose_and_those_that_belong_to_it(self, there: Town) -> None:
        words = {"conditions": Conditions(category="dpv:DirectMarketing")}
        assert self.matches(there, words={**words}, purpose="dpv:DirectMarketing")
        assert self.matches(there, words={**words}, purpose="dpv:Marketing")
        assert not self.matches(there, words={**words}, purpose="dpv:Advertising")
        assert not self.matches(there, purpose="dpv:Marketing")

    def test_a_purpose_that_may_be_meant(self, there: Town) -> None:
        """Who states a wider purpose, or none, may mean one that is denied, unless they promise against it."""
        rules = profile(rule("approve-and-notify"), rule("deny", purpose="dpv:DirectMarketing", id="no-ads"))

        def found(**words: Any) -> tuple[str, bool]:
            evaluation = evaluate(rules, there.plan("age_over_18", conditions=Conditions(**words)))
            return evaluation.outcome, "no-ads" in evaluation.rules

        assert found() == (ASK, True)
        assert found(category="dpv:Marketing") == (ASK, True)
        assert found(category="dpv:DirectMarketing") == (DENY, True)
        assert found(category="dpv:DeliveryOfGoods") == (APPROVE, False)
        assert found(prohibited=("dpv:Marketing",)) == (APPROVE, False)

    def test_necessity(self, there: Town) -> None:
        assert self.matches(there, necessity="dpv:Required")
        assert not self.matches(there, necessity="dpv:Optional")

    @pytest.mark.parametrize(
        ("comparison", "matches"),
        [(">P89D", True), (">P90D", False), (">=P90D", True), ("=P90D", True), ("<P90D", False), ("<=P90D", True), ("<P91D", True)],
    )
    def test_retention(self, there: Town, comparison: str, matches: bool) -> None:
        assert self.matches(there, words={"keep_for": timedelta(days=90)}, hasDuration=comparison) is matches

    def test_a_retention_that_is_not_stated_is_longer_than_any(self) -> None:
        assert [Comparison(sign, timedelta(days=36525)).holds(None) for sign in ("<", "<=", "=", ">=", ">")] == [
            False,
            False,
            False,
            True,
            True,
        ]

    def test_a_retention_of_nothing(self, there: Town) -> None:
        assert self.matches(there, words={"keep_for": WILL_NOT_STORE}, hasDuration="=PT0S")

    def test_verifier(self, there: Town) -> None:
        assert self.matches(there, verifier=there.bar.did)
        assert not self.matches(there, verifier=there.city.did)

    def test_recipient_by_name_and_by_role(self, there: Town) -> None:
        own_ = {"attribute": {"recipients": (Recipient("Posten", "dpv:DataProcessor"),)}}
        all_ = {"conditions": Conditions(recipients=(Recipient("Posten", "dpv:DataProcessor"),))}
        for words in (own_, all_):
            assert self.matches(there, words={**words}, recipient="posten")
            assert self.matches(there, words={**words}, recipient="dpv:DataProcessor")
            assert not self.matches(there, words={**words}, recipient="dpv:ThirdParty")
        assert not self.matches(there, recipient="Posten")

    def test_an_intermediary_is_a_recipient(self, there: Town) -> None:
        words = {"conditions": Conditions(intermediary=Organisation("Super App AS", "Super"))}
        assert self.matches(there, words={**words}, recipient="super app as")
        assert self.matches(there, words={**words}, recipient="Super")

    def test_what_is_not_prohibited(self, there: Town) -> None:
        assert self.matches(there, notProhibited="dpv:Profiling")
        assert not self.matches(there, words={"conditions": Conditions(prohibited=("dpv:Profiling",))}, notProhibited="dpv:Profiling")
        wide = Conditions(prohibited=("dpv:Marketing",))
        assert not self.matches(there, words={"conditions": wide}, notProhibited="dpv:TargetedAdvertising")

    def test_agreement(self, there: Town) -> None:
        assert self.matches(there, words={"conditions": Conditions(agreement="SD-BASE")}, agreement="SD-BASE")
        assert not self.matches(there, agreement="SD-BASE")

    def test_lint_of_the_request_or_of_the_claim(self, there: Town) -> None:
        plan = there.plan("age_over_18", "given_name")
        cases = [([wrong()], True), ([wrong("age_over_18")], True), ([wrong("given_name")], False), ([], False)]
        for findings, denied in cases:
            found = evaluate(profile(rule("deny", claim="age_over_18", lint="L01")), plan, lint=findings)
            assert (found.outcome == DENY) is denied

    def test_lint_of_a_claim_that_is_asked_for_twice(self, there: Town) -> None:
        def unstated(payload: dict[str, Any]) -> None:
            del payload["verifier_info"][-1]["data"]["attributes"][1]["storage"]

        request = rewritten(two_queries(there, ("one", "birthdate"), ("two", "birthdate")), there.bar_key, unstated)
        plan = there.ada.plan(request)
        found = evaluate(profile(rule("approve-and-notify"), rule("deny", lint="L03")), plan, lint=lint(plan.asked))
        assert [ruling.outcome for ruling in found.rulings] == [APPROVE, DENY]
        assert found.plan is None

    def test_lint_of_an_id_that_stands_for_two_claims(self, there: Town) -> None:
        plan = there.ada.plan(two_queries(there, ("one", "given_name"), ("one", "birthdate")))
        found = evaluate(profile(rule("approve-and-notify"), rule("deny", claim="birthdate", lint="L01")), plan, lint=lint(plan.asked))
        assert {ruling.claim: ruling.outcome for ruling in found.rulings} == {"given_name": APPROVE, "birthdate": DENY}
        assert found.plan is None

    def test_met_before(self, there: Town) -> None:
        assert self.matches(there, metBefore=False)
        there.share("age_over_18")
        assert self.matches(there, metBefore=True)
        assert not self.matches(there, metBefore=False)

    def test_category_and_narrower_ones(self, there: Town) -> None:
        words = {"attribute": {"category": "dpv:SensitivePersonalData"}}
        assert self.matches(there, words=json.loads(json.dumps(words)), category="dpv:PersonalData")
        assert self.matches(there, words=json.loads(json.dumps(words)), category="dpv:SensitivePersonalData")
        assert not self.matches(there, words=json.loads(json.dumps(words)), category="dpv:SpecialCategoryPersonalData")
        assert not self.matches(there, category="dpv:PersonalData")

    def test_all_of_them_together(self, there: Town) -> None:
        assert self.matches(there, claim="age_over_18", necessity="dpv:Required", metBefore=False)
        assert not self.matches(there, claim="age_over_18", necessity="dpv:Required", metBefore=True)


class TestOutcome:
    def test_without_a_rule_the_customer_is_asked(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name"])
        found = evaluate(Preferences(), plan)
        assert (found.plan, found.outcome, found.rules) == (plan, ASK, ())
        assert found.rulings == (Ruling("age_over_18", ASK, ()), Ruling("given_name", ASK, ()))

    def test_approved_is_what_a_rule_approves_of_as_a_whole(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name"])
        adult = profile(rule("approve-and-notify", claim="age_over_18"))
        assert evaluate(adult, plan).outcome == APPROVE
        assert evaluate(adult, plan.also("given_name")).outcome == ASK
        assert evaluate(profile(rule("approve-and-notify")), plan.also("given_name")).outcome == APPROVE

    @pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)], ids=str)
    def test_the_most_protective_wins_in_whatever_order(self, there: Town, order: tuple[int, ...]) -> None:
        rules = [rule("approve-and-notify", id="a"), rule("ask", id="b", claim="age_over_18"), rule("deny", id="c", claim="given_name")]
        found = evaluate(profile(*(rules[index] for index in order)), there.plan("age_over_18", optional=["given_name"]).also("given_name"))
        assert outcome_of(found, "age_over_18") == (ASK, ("b",))
        assert outcome_of(found, "given_name") == (DENY, ("c",))
        assert left(found) == {"age_over_18": True}
        assert {*found.rules} == {"b", "c"}

    def test_the_rules_that_caused_it_stand_in_their_order(self, there: Town) -> None:
        found = evaluate(
            profile(rule("deny", id="z"), rule("deny", id="a", claim="age_over_18"), rule("ask", id="m")), there.plan("age_over_18")
        )
        assert outcome_of(found, "age_over_18") == (DENY, ("z", "a"))

    def test_denied_and_required_is_no_answer(self, there: Town) -> None:
        found = evaluate(profile(rule("deny", claim="age_over_18")), there.plan("age_over_18", "given_name"))
        assert (found.plan, found.outcome, found.rules) == (None, DENY, ("rule-1",))

    def test_denied_and_optional_stays_home(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name", "birthdate"]).also("given_name", "birthdate")
        assert left(evaluate(profile(rule("deny", necessity="dpv:Optional", claim="birthdate")), plan)) == {
            "age_over_18": True,
            "given_name": "Ada",
        }
        assert left(evaluate(profile(rule("deny", necessity="dpv:Optional")), plan)) == {"age_over_18": True}

    def test_what_cannot_be_answered_stays_so(self, there: Town) -> None:
        plan = there.plan("passport")
        found = evaluate(profile(rule("approve-and-notify")), plan)
        assert (found.plan, found.outcome) == (plan, ASK)
        assert outcome_of(found, "passport") == (APPROVE, ("rule-1",))

    def test_nothing_shared_is_nothing_approved(self, there: Town) -> None:
        plan = there.plan(optional=["given_name"])
        assert evaluate(profile(rule("approve-and-notify")), plan).outcome == ASK

    def test_in_another_format(self) -> None:
        there = town(format="dc+sd-jwt")
        plan = there.plan("age_over_18", optional=["birthdate"], type="IdentityCard", formats=["dc+sd-jwt"]).also("birthdate")
        assert left(evaluate(profile(rule("deny", claim="birthdate")), plan)) == {"age_over_18": True}


class TestPredicates:
    def test_a_value_gives_way_to_what_says_less(self, there: Town) -> None:
        plan = there.plan(BIRTHDATE).also("birthdate")
        assert plan.leaves == {"birthdate": "1990-12-10"}
        for then in ("offer-predicate", "deny"):
            found = evaluate(profile(rule(then, claim="birthdate")), plan)
            assert left(found) == {"age_over_18": True}
            (ruling,) = [one for one in found.rulings if one.claim == "birthdate"]
            assert (ruling.outcome, ruling.instead) == (then, "age_over_18")
        assert evaluate(profile(rule("offer-predicate", claim="birthdate")), plan).outcome == ASK

    def test_and_that_is_weighed_by_itself(self, there: Town) -> None:
        plan = there.plan(BIRTHDATE).also("birthdate")
        rules = [rule("offer-predicate", claim="birthdate"), rule("approve-and-notify", claim="age_over_18")]
        assert evaluate(profile(*rules), plan).outcome == APPROVE
        found = evaluate(profile(rules[0], rule("deny", claim="age_over_18")), plan)
        assert (found.outcome, found.plan) == (DENY, None)

    def test_which_says_less_already(self, there: Town) -> None:
        found = evaluate(profile(rule("offer-predicate", claim="birthdate")), there.plan(BIRTHDATE))
        assert left(found) == {"age_over_18": True}
        assert found.rulings[-1].instead == "age_over_18"

    def test_what_says_more_is_never_put_in_its_place(self, there: Town) -> None:
        found = evaluate(profile(rule("deny", claim="age_over_18")), there.plan(BIRTHDATE))
        assert (found.outcome, found.plan) == (DENY, None)

    def test_where_nothing_says_less_the_customer_is_asked(self, there: Town) -> None:
        found = evaluate(profile(rule("offer-predicate", claim="birthdate")), there.plan("birthdate", optional=[("address", "city")]))
        assert outcome_of(found, "birthdate") == (ASK, ("rule-1",))
        assert found.outcome == ASK
        alone = town({"birthdate": "1990-12-10"})
        assert outcome_of(evaluate(profile(rule("offer-predicate", claim="birthdate")), alone.plan(BIRTHDATE)), "birthdate")[0] == ASK

    def test_the_least_of_several(self) -> None:
        there = town({"birthdate": "1990-12-10", "age_over_18": True, "age_over_21": True})
        plan = there.plan(Attribute("birthdate", accepts=("age_over_18", "age_over_21")))
        for chosen in ("birthdate", "age_over_21"):
            found = evaluate(profile(rule("offer-predicate", claim=chosen)), plan.also(chosen))
            assert left(found) == {"age_over_18": True}
        assert stand_in(plan, "age_over_18") is None
        assert stand_in(plan, "passport") is None

    def test_not_from_another_credential_than_the_customer_named(self) -> None:
        there = town({"birthdate": "1990-12-10"})
        (stored,) = next(iter(there.plan("birthdate").credentials.values()))
        there.ada.store(there.issue({"age_over_18": True}))
        plan = there.plan(BIRTHDATE).also("birthdate")
        (query,) = plan.credentials
        found = evaluate(profile(rule("offer-predicate", claim="birthdate")), plan.using(query, stored))
        assert left(found) == {"birthdate": "1990-12-10"}
        assert outcome_of(found, "birthdate") == (ASK, ("rule-1",))


class TestParts:
    def test_a_part_that_is_hidden_by_itself_stays_home(self, there: Town) -> None:
        plan = there.plan("address", "langs")
        found = evaluate(profile(rule("deny", claim=["address", "zip"], id="zip")), plan)
        assert left(found) == {"address": {"city": "Oslo", "geo": {"lat": 59.9, "lon": 10.7}}, "langs": ["no", "en", "fr"]}

    def test_with_what_the_customer_kept_home_already(self, there: Town) -> None:
        plan = there.plan("address").without(("address", "geo"))
        found = evaluate(profile(rule("deny", claim=["address", "zip"], id="zip")), plan)
        assert left(found) == {"address": {"city": "Oslo"}}
        (ruling,) = found.rulings
        assert (ruling.outcome, ruling.rules, ruling.without) == (ASK, ("zip",), (("address", "zip"),))
        assert found.rules == ("zip",)

    def test_a_part_that_is_not_takes_the_claim_along(self) -> None:
        there = town({"address": {"city": "Oslo", "zip": "0150"}, "name": "Ada"}, disclosable=["address", "name"])
        plan = there.plan("name", optional=["address"]).also("address")
        found = evaluate(profile(rule("deny", claim=["address", "zip"])), plan)
        assert left(found) == {"name": "Ada"}
        assert outcome_of(found, "address") == (DENY, ("rule-1",))
        assert evaluate(profile(rule("deny", claim=["address", "zip"])), there.plan("address")).plan is None
        assert left(evaluate(profile(rule("deny", claim=["address", "street"])), plan)) == plan.leaves

    def test_all_that_a_claim_shows(self) -> None:
        there = town({"langs": ["no"], "name": "Ada"})
        plan = there.plan("name", optional=[("langs", None)]).also(("langs", None))
        assert left(evaluate(profile(rule("deny", claim=["langs", 0])), plan)) == {"name": "Ada"}
        assert left(evaluate(profile(rule("deny", claim=["langs", "name"])), plan)) == {"name": "Ada", ("langs", None): ["no"]}

    def test_a_part_of_another_shape_than_the_claim(self, there: Town) -> None:
        plan = there.plan("langs")
        assert left(evaluate(profile(rule("deny", claim=["langs", "name"])), plan)) == plan.leaves

    def test_all_that_one_claim_shows_and_a_part_of_another(self) -> None:
        there = town({"langs": ["no", "en"], "home": {"city": "Oslo", "zip": "0150"}})
        plan = there.plan("home", optional=[("langs", None)]).also(("langs", None))
        last = rule("deny", claim=["langs", 1])
        assert left(evaluate(profile(last, rule("deny", claim=["home", "zip"])), plan)) == {
            "home": {"city": "Oslo"},
            ("langs", None): ["no"],
        }
        both = profile(rule("deny", claim=["langs", 0]), last, rule("deny", claim=["home", "zip"]))
        assert left(evaluate(both, plan)) == {"home": {"city": "Oslo"}}

    def test_what_is_around_a_claim(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=[("address", "city"), ("langs", 1)]).also(("address", "city"), ("langs", 1))
        assert left(evaluate(profile(rule("deny", claim="address")), plan)) == {"age_over_18": True, ("langs", 1): "en"}
        assert left(evaluate(profile(rule("deny", claim=["langs", None])), plan)) == {"age_over_18": True, ("address", "city"): "Oslo"}

    def test_a_question_about_a_part_is_one_about_the_claim(self, there: Town) -> None:
        plan = there.plan("address")
        approve = rule("approve-and-notify", claim="address")
        for then in ("ask", "offer-predicate"):
            assert evaluate(profile(approve, rule(then, claim=["address", "geo"])), plan).outcome == ASK
        assert evaluate(profile(rule("approve-and-notify", claim=["address", "geo"])), plan).outcome == ASK
        assert evaluate(profile(approve), plan).outcome == APPROVE


class TestWholeSubject:
    """A query of a business's own may ask for everything at once, or for what is no claim of a person."""

    def plan(self, there: Town, *paths: list[Any], **words: Any) -> Plan:
        claims = [{"path": path} for path in paths]
        meta = {"type_values": [["https://www.w3.org/ns/credentials/undefined-term#IdentityCard"]]}
        query = {"credentials": [{"id": "id", "format": "vc+sd-jwt", "meta": meta, "claims": claims}]}
        return there.ada.plan(there.bar.request_query(query, issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR, **words))

    def test_what_is_denied_stays_home(self, there: Town) -> None:
        plan = self.plan(there, ["credentialSubject"])
        assert "1990-12-10" in str(plan.leaves)
        found = evaluate(profile(rule("deny", claim="birthdate"), rule("deny", claim=["address", "zip"])), plan)
        assert found.plan is not None
        text = there.ada.present(found.plan).data
        assert "1990-12-10" not in str(found.plan.leaves)
        assert "0150" not in str(found.plan.leaves)
        assert "Oslo" in str(found.plan.leaves)
        assert there.bar.accept(text, found.plan.request).read().keys() == {"given_name", "age_over_18", "address", "langs", "id"}
        assert evaluate(profile(rule("approve-and-notify", claim="birthdate")), plan).outcome == ASK

    def test_what_was_left_visible_is_denied_with_all(self) -> None:
        there = town({"birthdate": "1990-12-10", "name": "Ada"}, disclosable=["name"])
        assert evaluate(profile(rule("deny", claim="birthdate")), self.plan(there, ["credentialSubject"])).plan is None

    def test_what_is_no_claim_of_a_person(self, there: Town) -> None:
        plan = self.plan(there, ["validUntil"], ["credentialSubject", "age_over_18"])
        assert evaluate(profile(rule("deny", claim="validUntil")), plan).plan is None
        assert left(evaluate(profile(rule("deny", claim="birthdate")), plan)) == plan.leaves


class TestWhatComesAlong:
    def test_hidden_in_one_piece(self) -> None:
        there = town(
            {"person": {"name": "Ada", "birthdate": "1990-12-10"}, "club": "chess"}, disclosable=["person", "club", ("person", "name")]
        )
        plan = there.plan("club", optional=[("person", "name")]).also(("person", "name"))
        assert {*plan.names} == {"club", ("person", "name"), ("person", "birthdate")}
        along = profile(rule("deny", claim=["person", "birthdate"]))
        found = evaluate(along, plan)
        assert left(found) is None
        assert found.rulings[-1] == Ruling(("person", "birthdate"), DENY, ("rule-1",), asked=False)
        assert left(evaluate(along, there.plan("club"))) == {"club": "chess"}
        approve = rule("approve-and-notify", necessity="dpv:Required")
        assert evaluate(profile(approve, rule("approve-and-notify", claim=["person", "name"])), plan).outcome == ASK
        assert evaluate(profile(approve, rule("approve-and-notify", claim="person")), plan).outcome == APPROVE

    def test_left_visible_by_the_issuer(self) -> None:
        there = town({"name": "Ada", "sex": {"code": "F"}}, disclosable=["name"])
        plan = there.plan("name")
        assert evaluate(profile(rule("deny", claim="sex")), plan).plan is None
        assert evaluate(profile(rule("deny", claim=["sex", "code"], hasDuration=">P30D")), plan).plan is None
        assert left(evaluate(profile(rule("deny", claim=["sex", "name"])), plan)) == {"name": "Ada"}
        assert evaluate(profile(rule("approve-and-notify")), plan).outcome == ASK
        found = evaluate(profile(rule("approve-and-notify", claim="name"), rule("approve-and-notify", claim="sex")), plan)
        assert found.outcome == APPROVE

    def test_gone_with_the_credential_that_brought_it(self) -> None:
        there = town({"name": "Ada", "home": {"city": "Oslo", "zip": "0150"}, "sex": "F"}, disclosable=["name", "home"])
        there.ada.store(there.issue({"name": "Ada"}))
        plan = there.plan("name", optional=["home"]).also("home")
        sex, part = rule("deny", claim="sex", id="sex"), rule("deny", claim=["home", "zip"], id="zip")
        assert evaluate(profile(sex), plan).plan is None
        found = evaluate(profile(sex, part), plan)
        assert found.plan is not None
        assert (found.plan.leaves, [*found.plan.visible]) == ({"name": "Ada"}, ["id"])
        assert left(evaluate(profile(sex, rule("deny", claim="home")), plan)) == {"name": "Ada"}


class TestWholeCredential:
    """What can only be shown whole brings all of itself along."""

    @pytest.mark.parametrize(("format", "asked"), [("eddsa-jcs-2022", "ldp_vc"), ("vc+jwt", "jwt_vc_json")])
    def test_is_weighed_as_a_whole(self, format: str, asked: str) -> None:
        there = town({"age_over_18": True, "birthdate": "1990-12-10"}, format=format)
        plan = there.plan("age_over_18", formats=[asked])
        assert evaluate(profile(rule("deny", claim="birthdate")), plan).plan == plan  # which shows nothing yet
        whole = plan.whole(*plan.entire)
        for denied in ("birthdate", "age_over_18"):
            assert evaluate(profile(rule("deny", claim=denied)), whole).plan is None
        assert evaluate(profile(rule("approve-and-notify", claim="age_over_18")), whole).outcome == ASK
        both = profile(rule("approve-and-notify", claim="age_over_18"), rule("approve-and-notify", claim="birthdate"))
        assert evaluate(both, whole).outcome == APPROVE


class TestUntil:
    def test_the_share_ends_sooner(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name"], keep_for=30 * DAY).also("given_name")
        limits = [
            rule("approve-and-notify", claim="age_over_18", maxUntil="P1D", id="a"),
            rule("ask", claim="given_name", counter={"hasDuration": "P2D"}, id="b"),
        ]
        found = evaluate(profile(*limits), plan)
        assert found.plan is not None
        assert (found.plan.ends - found.plan.planned, found.limited_by) == (DAY, ("a",))
        assert {*found.rules} == {"a", "b"}
        assert [ruling.counter for ruling in found.rulings] == [None, 2 * DAY]
        found = evaluate(profile(limits[1]), plan)
        assert found.plan is not None
        assert (found.plan.ends - found.plan.planned, found.limited_by) == (2 * DAY, ("b",))

    def test_no_longer_than_was_asked(self, there: Town) -> None:
        plan = there.plan("age_over_18", keep_for=HOUR)
        found = evaluate(profile(rule("ask", maxUntil="PT1H", counter={"hasDuration": "P1D"})), plan)
        assert (found.plan, found.limited_by, found.rulings[0].counter) == (plan, (), None)

    def test_nor_than_the_customer_chose(self, there: Town) -> None:
        plan = there.plan("age_over_18", keep_for=30 * DAY)
        chosen = plan.ending(plan.planned + HOUR)
        assert evaluate(profile(rule("ask", maxUntil="P1D")), chosen).plan == chosen

    def test_what_stays_home_now_does_not_make_it_longer(self, there: Town) -> None:
        plan = there.plan("age_over_18", optional=["given_name"], keep_for=30 * DAY).also("given_name")
        limit = rule("ask", claim="given_name", maxUntil="P1D")
        found = evaluate(profile(limit, rule("deny", claim="given_name")), plan)
        assert found.plan is not None
        assert found.plan.ends - found.plan.planned == DAY

    def test_nor_does_what_stands_in(self, there: Town) -> None:
        asked = Attribute("birthdate", accepts=(Attribute("age_over_18", keep_for=9 * DAY),), keep_for=DAY)
        plan = there.plan(asked).also("birthdate")
        found = evaluate(profile(rule("offer-predicate", claim="birthdate")), plan)
        assert found.plan is not None
        assert found.plan.ends == plan.ends == plan.planned + DAY


class TestGpc:
    PROMISED = Conditions(prohibited=("dpv:Sell", "dpv:Profiling", "dpv:PersonalisedAdvertising"))

    @pytest.mark.parametrize(
        "category", ["dpv:SellDataToThirdParties", "dpv:SellInsightsFromData", "dpv:PersonalisedAdvertising", "dpv:TargetedAdvertising"]
    )
    def test_sale_and_targeted_advertising_are_denied_whatever_is_promised(self, there: Town, category: str) -> None:
        plan = there.plan("age_over_18", conditions=self.PROMISED._replace(category=category))
        found = evaluate(profile(rule("approve-and-notify"), gpc=True), plan)
        assert (found.outcome, found.rules) == (DENY, ("gpc",))
        assert evaluate(profile(rule("approve-and-notify")), plan).outcome == APPROVE

    def test_nothing_is_approved_unless_all_three_are_promised_not_to_happen(self, there: Town) -> None:
        approve = profile(rule("approve-and-notify"), gpc=True)
        assert evaluate(approve, there.plan("age_over_18", conditions=self.PROMISED)).outcome == APPROVE
        for index in range(3):
            some = tuple(term for number, term in enumerate(self.PROMISED.prohibited) if number != index)
            found = evaluate(approve, there.plan("age_over_18", conditions=Conditions(prohibited=some)))
            assert (found.outcome, found.rules) == (ASK, ("gpc",))

    def test_a_wider_promise_is_one(self, there: Town) -> None:
        wide = Conditions(prohibited=("dpv:SellProducts", "dpv:Profiling", "dpv:Marketing"))
        assert evaluate(profile(rule("approve-and-notify"), gpc=True), there.plan("age_over_18", conditions=wide)).outcome == APPROVE


class TestAgreements:
    def test_approve_what_refers_to_them(self, there: Town) -> None:
        agreed = profile(agreements=["SD-BASE"])
        plan = there.plan("age_over_18", conditions=Conditions(agreement="SD-BASE"))
        found = evaluate(agreed, plan)
        assert (found.outcome, found.rules) == (APPROVE, ("agreements",))
        assert evaluate(agreed, there.plan("age_over_18", conditions=Conditions(agreement="OTHER"))).outcome == ASK
        assert evaluate(agreed, there.plan("age_over_18")).outcome == ASK

    def test_but_for_what_a_rule_wants_otherwise(self, there: Town) -> None:
        plan = there.plan("age_over_18", conditions=Conditions(agreement="SD-BASE"))
        assert evaluate(profile(rule("ask", claim="age_over_18"), agreements=["SD-BASE"]), plan).outcome == ASK


class TestNeverSent:
    def test_nothing_of_the_rules_leaves(self) -> None:
        marks = ["zebra-rule", "Zebra AS", "did:web:zebra.example", "ZEBRA-TERMS"]
        rules = profile(
            rule("deny", id=marks[0], claim="birthdate"),
            rule("ask", recipient=marks[1], id="zebra-2"),
            rule("approve-and-notify", verifier=marks[2], id="zebra-3", maxUntil="PT10M"),
            rule("approve-and-notify", id="zebra-4", maxUntil="PT20M"),
            agreements=[marks[3]],
            gpc=True,
            preApproved=[{"verifier": marks[2], "claims": ["zebra"], "validUntil": "2027-01-01T00:00:00Z"}],
        )
        answers: list[bytes] = []
        for narrowed in (True, False):
            there = town()
            plan = there.plan("age_over_18", optional=["birthdate"], keep_for=DAY).also("birthdate")
            if narrowed:
                found = evaluate(rules, plan).plan
                assert found is not None
                plan = found
            else:
                plan = plan.only("age_over_18").ending(plan.planned + timedelta(minutes=20))
            answers.append(there.ada.present(plan).data)
        # What leaves is what leaves where the customer narrows by hand.
        assert answers[0] == answers[1]
        assert b"zebra" not in answers[0].lower()
        assert b"1990-12-10" not in answers[0]
