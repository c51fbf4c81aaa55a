"""What a smaller request would leave out: each rule at its edges, and what is known beside a request."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Attribute, Conditions, Request, SaysoError
from sayso.errors import PARSING_ERROR
from sayso.jsonvalue import serialize
from sayso.proofs.jose import jws
from sayso.sharing import dpv
from sayso.sharing.conditions import Organisation, Process
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.durations import in_words
from sayso.sharing.lint.finding import SEVERITIES, Finding, Smaller
from sayso.sharing.lint.linting import lint
from sayso.sharing.lint.names import beside, is_address, is_birth, is_special, words
from sayso.sharing.lint.purposes import NEEDS_BIRTHDATE, NEEDS_STREET, USUAL_DAYS, needs, usual
from sayso.sharing.lint.rules import RULES
from sayso.testing.world import START
from tests.journeys.town import Town, header_of, kinds, payload_of, rewritten, town

DAY = timedelta(days=1)
PROMISES = ("dpv:Sell", "dpv:Profiling", dpv.AI_TRAINING)
CLEAN = Conditions(category="dpv:DirectMarketing", prohibited=PROMISES)


@pytest.fixture(scope="module")
def there() -> Town:
    return town()


def ask(there: Town, *claims: Any, conditions: Conditions = CLEAN, **more: Any) -> Request:
    words: dict[str, Any] = {"purpose": "Write to you", "benefit": "News", "keep_for": DAY, "if_not_shared": "None"}
    return there.bar.request(*claims, **{"issuers": ANYONE, "conditions": conditions, **words, **more})


def found(request: Request, **known: Any) -> list[tuple[str, Any]]:
    return [(one.rule, one.claim) for one in lint(request, LintContext(**known))]


class TestWhereItIsRead:
    def test_a_plan_a_request_its_bytes_and_its_text_give_the_same(self, there: Town) -> None:
        request = ask(there, "birthdate")
        (one,) = lint(request)
        assert (one.rule, one.title, one.severity) == ("L01", "A date of birth where a yes or no would do", "warning")
        assert one.smaller == Smaller("Ask whether the customer is old enough, or let that do instead of it", "age_over_18")
        assert lint(request.data) == lint(request.text) == lint(there.ada.plan(request).asked) == (one,)

    def test_over_the_digital_credentials_api(self, there: Town) -> None:
        bar = there.world.verifier(there.bar_key, origin="https://bar.example")
        assert found(ask(there._replace(bar=bar), "birthdate")) == [("L01", "birthdate")]

    def test_origins_beside_an_answer_that_is_carried_say_nothing(self, there: Town) -> None:
        request = rewritten(
            ask(there, "birthdate"), there.bar_key, lambda payload: payload.update(expected_origins=["https://bar.example"])
        )
        assert found(request) == [("L01", "birthdate")]

    def test_signed_in_another_way_than_this_library_signs(self, there: Town) -> None:
        request = ask(there, "birthdate")
        header, rest = {**header_of(request.text), "alg": "ES256"}, request.text.partition(".")[2]
        assert found(Request(f"{jws.protect(header)}.{rest}".encode())) == [("L01", "birthdate")]

    def test_what_is_no_request(self, there: Town) -> None:
        with pytest.raises(SaysoError) as refused:
            lint(there.issue().data)
        assert kinds(refused.value) == [PARSING_ERROR]
        with pytest.raises(TypeError, match="dict"):
            lint({})  # type: ignore[arg-type]

    def test_an_ordinary_request_without_terms_has_much_to_be_told(self, there: Town) -> None:
        request = rewritten(ask(there, "given_name", "birthdate"), there.bar_key, lambda payload: payload.pop("verifier_info"))
        once = lint(request)
        assert [(one.rule, one.claim) for one in once] == [
            ("L01", "birthdate"),
            *((rule, claim) for rule in ("L03", "L05", "L06") for claim in ("given_name", "birthdate")),
            *((rule, None) for rule in ("L13", "L14", "L15")),
            *(("L16", claim) for claim in ("given_name", "birthdate")),
        ]
        assert {one.pointer for one in once if one.claim == "birthdate"} == {"/dcql_query/credentials/0/claims/1"}
        assert {one.pointer for one in once if one.claim is None} == {""}

    def test_both_formats_have_one_finding(self, there: Town) -> None:
        request = ask(there, "birthdate", formats=["vc+sd-jwt", "dc+sd-jwt"], type="https://id.example/card")
        assert [(one.rule, one.claim, one.pointer) for one in lint(request)] == [("L01", "birthdate", "/verifier_info/0/data/attributes/0")]

    def test_one_row_for_claims_of_two_names(self, there: Town) -> None:
        cards = [("a", "name"), ("b", "birthdate")]
        query = {
            "credentials": [
                {"id": card, "format": "dc+sd-jwt", "meta": {"vct_values": [card]}, "claims": [{"id": "one", "path": [name]}]}
                for card, name in cards
            ]
        }
        words: dict[str, Any] = {"purpose": "p", "benefit": "b", "keep_for": DAY, "if_not_shared": "n", "conditions": CLEAN}
        request = there.bar.request_query(query, issuers=ANYONE, **words)
        # The name that is shown is the first one.
        assert found(request, allowed={"name": None}) == [("L01", "name"), ("L07", "name")]
        assert found(request, held=["birthdate"]) == [("L01", "name"), ("L10", "name")]
        assert found(request, allowed={"name": None, "birthdate": WILL_NOT_STORE}) == [("L01", "name"), ("L18", "name")]


class TestDatesOfBirthAndAddresses:
    @pytest.mark.parametrize("purpose", sorted(NEEDS_BIRTHDATE))
    def test_purposes_that_need_the_date(self, there: Town, purpose: str) -> None:
        assert found(ask(there, "birthdate", conditions=CLEAN._replace(category=purpose))) == []

    @pytest.mark.parametrize("purpose", sorted(NEEDS_STREET))
    def test_purposes_that_need_the_street(self, there: Town, purpose: str) -> None:
        assert found(ask(there, "address", conditions=CLEAN._replace(category=purpose))) == []

    def test_what_says_less_does_instead(self, there: Town) -> None:
        either = Attribute("address", accepts=(("address", "postal_code"),))
        assert found(ask(there, Attribute("birthdate", accepts=("age_over_18",)), either)) == []
        assert found(ask(there, Attribute("birthdate", accepts=("age",)))) == [("L01", "age"), ("L01", "birthdate")]
        assert found(ask(there, Attribute("address", accepts=("street",)))) == [("L02", "street"), ("L02", "address")]

    @pytest.mark.parametrize(
        ("claim", "smaller"),
        [
            ("address", ("address", "postal_code")),
            (("address", "street_address"), ("address", "postal_code")),
            (("home", "address"), ("home", "address", "postal_code")),
            ("resident_street", "postal_code"),
        ],
    )
    def test_the_postcode_to_ask_for(self, there: Town, claim: Any, smaller: Any) -> None:
        (one,) = lint(ask(there, claim))
        assert (one.rule, one.smaller.claim) == ("L02", smaller)

    @pytest.mark.parametrize(
        "claim",
        [
            *("birthdate", "birthDate", "date-of-birth", "DOB", "Birthday", "birth_year", "yearOfBirth", "age", ("person", "age")),
            *("age_in_years", "age_birth_year", ("child", "birth", "date")),
        ],
    )
    def test_what_is_a_date_of_birth(self, claim: Any) -> None:
        assert is_birth(claim)

    @pytest.mark.parametrize(
        "claim",
        [
            *(
                "age_over_18",
                ("age_equal_or_over", "18"),
                "place_of_birth",
                "birth_month",
                "coverage",
                "marriage_date",
                "vehicle_age",
                (0,),
            ),
            *("", "date", ("ages", None)),
        ],
    )
    def test_what_is_none(self, claim: Any) -> None:
        assert not is_birth(claim)

    @pytest.mark.parametrize(
        "claim",
        [
            *("address", "street", "streetAddress", "home_address", "house_number", "address_line_2", ("address", "formatted")),
            ("deliveries", None, "address"),
        ],
    )
    def test_what_is_an_address(self, claim: Any) -> None:
        assert is_address(claim)

    @pytest.mark.parametrize(
        "claim",
        [
            *("email_address", "emailAddress", "e_mail_address", "ip_address", ("wallet", "address"), ("address", "city"), "postcode"),
            *("country_of_residence", "", "addressee"),
        ],
    )
    def test_what_is_no_address(self, claim: Any) -> None:
        assert not is_address(claim)

    def test_names_are_read_as_words(self) -> None:
        assert words(("credentialSubject", "dateOfBirth2", 0, None)) == ("credential", "subject", "date", "of", "birth", "2")
        assert words("FØDSELSDATO") == ("fødselsdato",)
        assert beside(("a", "b", "c"), "d") == ("a", "b", "d")


class TestRetention:
    def test_at_the_usual_and_a_second_beyond(self, there: Town) -> None:
        usual_time = usual("dpv:DirectMarketing")
        assert found(ask(there, "email", keep_for=usual_time)) == []
        (one,) = lint(ask(there, "email", keep_for=usual_time + timedelta(seconds=1)))
        assert (one.rule, one.pointer) == ("L04", "/verifier_info/0/data/attributes/0/storage/hasDuration")
        assert one.message == "it is kept for 366 days 1 second, which is more than usual for this purpose: 366 days"
        assert one.smaller == Smaller("Keep it for 366 days", keep_for=usual_time)

    def test_without_a_purpose_of_dpv(self, there: Town) -> None:
        (one,) = lint(ask(there, "email", keep_for=367 * DAY, conditions=Conditions(prohibited=PROMISES)))
        assert one.message.endswith("more than usual where no purpose of DPV is stated: 366 days")

    def test_none_is_stated(self, there: Town) -> None:
        def forget(payload: dict[str, Any]) -> None:
            del payload["verifier_info"][0]["data"]["attributes"][0]["storage"]["hasDuration"]

        (one,) = lint(rewritten(ask(there, "email"), there.bar_key, forget), LintContext(allowed={"email": WILL_NOT_STORE}))
        assert (one.rule, one.smaller.keep_for) == ("L03", 366 * DAY)
        assert one.smaller.text == "Say how long it is kept: 366 days at most is usual"

    def test_of_years(self) -> None:
        days = (
            "dpv:Marketing",
            "dpv:FraudPreventionAndDetection",
            "dpv:CustomerClaimsManagement",
            "dpv:PaymentManagement",
            "dpv:PublicBenefit",
        )
        assert [USUAL_DAYS[purpose] for purpose in days] == [366, 731, 1096, 1827, 3653]

    def test_of_every_purpose(self) -> None:
        assert {*USUAL_DAYS} - {""} <= {*dpv.PURPOSES}
        assert all(usual(purpose) > timedelta(0) for purpose in dpv.PURPOSES)
        assert usual("dpv:AgeVerification") < usual("dpv:Verification")
        assert usual("dpv:LegalCompliance") == usual("dpv:FulfilmentOfObligation")
        assert {*NEEDS_BIRTHDATE, *NEEDS_STREET} <= {*dpv.PURPOSES}
        assert not needs("", NEEDS_STREET)

    def test_where_the_map_says_less(self, there: Town) -> None:
        request = ask(there, "email", ("address", "city"), keep_for=2 * DAY)
        known: dict[Any, Any] = {"email": 2 * DAY, "address": 9 * DAY, ("address", "city"): DAY}
        (one,) = lint(request, LintContext(allowed=known))
        assert (one.rule, one.claim, one.smaller) == ("L18", ("address", "city"), Smaller("Keep it for 1 day", keep_for=DAY))
        (none,) = lint(ask(there, "email"), LintContext(allowed={"email": timedelta(0)}))
        assert (none.rule, none.smaller.text) == ("L18", "Do not keep it")

    @pytest.mark.parametrize(
        ("duration", "said"),
        [
            *((DAY, "1 day"), (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours"), (timedelta(seconds=61), "1 minute 1 second")),
            (timedelta(0), "no time"),
        ],
    )
    def test_in_words(self, duration: timedelta, said: str) -> None:
        assert in_words(duration) == said


class TestWhatIsKnownBeside:
    def test_nothing_is_known_and_nothing_is_said(self, there: Town) -> None:
        assert found(ask(there, "email"), allowed=None, registered=None, held=(), asked_before=None) == []

    def test_nothing_is_allowed_and_nothing_registered(self, there: Town) -> None:
        assert found(ask(there, "email"), allowed={}, registered=()) == [("L07", "email"), ("L08", "email")]

    def test_a_claim_stands_for_its_parts_and_no_part_for_a_claim(self, there: Town) -> None:
        city, whole = ask(there, ("address", "city")), ask(there, "address", conditions=CLEAN._replace(category="dpv:DeliveryOfGoods"))
        assert found(city, registered=["address"]) == []
        assert found(whole, registered=[("address", "city")]) == [("L08", "address")]
        assert found(city, held=["address"]) == [("L10", ("address", "city"))]
        assert found(whole, held=[("address", "city")]) == []

    def test_a_name_and_a_path_of_one_step_are_one(self, there: Town) -> None:
        assert found(ask(there, "email"), registered=[("email",)], allowed={("email",): None}) == []

    @pytest.mark.parametrize(("ago", "soon"), [(0, True), (29, True), (30, False), (-1, True)])
    def test_asked_again(self, there: Town, ago: int, soon: bool) -> None:
        assert found(ask(there, "email"), asked_before=START - ago * DAY) == ([("L12", None)] if soon else [])

    def test_asked_again_by_the_clock_of_who_asks(self, there: Town) -> None:
        request = ask(there, "email")
        assert found(request, asked_before=START, now=START + 31 * DAY) == []
        assert found(request, asked_before=START, now=START + 31 * DAY, again_after=32 * DAY) == [("L12", None)]

    @pytest.mark.parametrize(
        ("known", "error"),
        [
            ({"registered": "email"}, TypeError),
            ({"held": b"email"}, TypeError),
            ({"asked_before": "yesterday"}, TypeError),
            ({"now": datetime(2026, 1, 1)}, ValueError),  # noqa: DTZ001 - wrong on purpose
            ({"again_after": -DAY}, ValueError),
            ({"allowed": {"email": -DAY}}, ValueError),
        ],
        ids=["registered", "held", "asked_before", "now", "again_after", "allowed"],
    )
    def test_what_is_not_what_it_is_called(self, known: dict[str, Any], error: type[Exception]) -> None:
        with pytest.raises(error):
            LintContext(**known)

    def test_nobody_changes_it(self) -> None:
        given: dict[Any, Any] = {"email": DAY}
        context = LintContext(allowed=given, registered=["email"])
        given.clear()
        assert context.allowed == {("email",): DAY}
        assert context.registered == {("email",)}
        with pytest.raises(TypeError):
            context.allowed["x"] = None  # type: ignore[index]


class TestTheWholeRequest:
    @pytest.mark.parametrize("term", ["dpv:Sell", "dpv:SellDataToThirdParties", "dpv:SellProducts", "dpv:ServiceProvision"])
    def test_what_excludes_sale(self, there: Town, term: str) -> None:
        assert found(ask(there, "email", conditions=CLEAN._replace(prohibited=(term, *PROMISES[1:])))) == []

    @pytest.mark.parametrize("term", ["dpv:Marketing", "dpv:SellInsightsFromData", "dpv:Share"])
    def test_what_does_not(self, there: Town, term: str) -> None:
        said = CLEAN._replace(category="dpv:CustomerCare", prohibited=(term, *PROMISES[1:]))
        (one,) = lint(ask(there, "email", conditions=said))
        assert (one.rule, one.pointer) == ("L13", "/verifier_info/0/data/prohibited")

    def test_nothing_is_promised_and_nothing_is_there_to_point_at(self, there: Town) -> None:
        assert {one.pointer for one in lint(ask(there, "email", conditions=Conditions()))} == {"/verifier_info/0/data"}

    @pytest.mark.parametrize(
        ("purpose", "term"),
        [
            ("dpv:SellInsightsFromData", "dpv:Sell"),
            ("dpv:DirectMarketing", "dpv:Marketing"),
            ("dpv:DirectMarketing", "dpv:DirectMarketing"),
        ],
    )
    def test_a_purpose_that_is_promised_not_to_be_followed(self, there: Town, purpose: str, term: str) -> None:
        said = CLEAN._replace(category=purpose, prohibited=(*PROMISES, term))
        (one,) = lint(ask(there, "email", conditions=said))
        assert (one.rule, one.severity, one.pointer) == ("L17", "error", "/verifier_info/0/data/hasPurpose")

    def test_a_promise_about_another_purpose(self, there: Town) -> None:
        assert (
            found(ask(there, "email", conditions=CLEAN._replace(category="dpv:Marketing", prohibited=(*PROMISES, "dpv:DirectMarketing"))))
            == []
        )

    def test_an_intermediary_is_a_note(self, there: Town) -> None:
        (one,) = lint(ask(there, "email", conditions=CLEAN._replace(intermediary=Organisation("Hub <b>"))))
        assert (one.rule, one.severity, one.pointer) == ("L11", "note", "/verifier_info/0/data/intermediary")
        assert "Hub" not in repr(one)

    def test_an_optional_claim_needs_no_consequence(self, there: Town) -> None:
        request = there.bar.request(
            "email", optional=["name"], issuers=ANYONE, purpose="p", benefit="b", keep_for=DAY, conditions=CLEAN
        )  # nothing is said of what happens
        assert found(request) == [("L05", "email")]


class TestSpecialCategories:
    @pytest.mark.parametrize("basis", sorted(dpv.EXPLICIT_CONSENT | dpv.SPECIAL_BASES))
    def test_the_bases_that_do(self, there: Town, basis: str) -> None:
        assert found(ask(there, Attribute("religion", legal_basis=basis))) == []
        assert found(ask(there, "religion", conditions=CLEAN._replace(legal_basis=basis))) == []

    @pytest.mark.parametrize("basis", sorted(dpv.LEGAL_BASES - dpv.EXPLICIT_CONSENT - dpv.SPECIAL_BASES))
    def test_the_bases_that_do_not(self, there: Town, basis: str) -> None:
        assert found(ask(there, "religion", conditions=CLEAN._replace(legal_basis=basis))) == [("L09", "religion")]

    def test_the_basis_of_the_row_goes_before_that_of_all(self, there: Town) -> None:
        row = Attribute("religion", legal_basis="eu-gdpr:A6-1-f")
        assert found(ask(there, row, conditions=CLEAN._replace(legal_basis="eu-gdpr:A9-2-a"))) == [("L09", "religion")]

    @pytest.mark.parametrize(("category", "special"), [("SpecialCategory", True), ("Sensitive", False), ("", False)])
    def test_what_the_row_says_it_is(self, there: Town, category: str, special: bool) -> None:
        row = Attribute("quirk", category=f"dpv:{category}PersonalData")
        assert found(ask(there, row)) == ([("L09", "quirk")] if special else [])

    @pytest.mark.parametrize(
        "claim",
        [
            *("health", "medicalHistory", "religious_affiliation", "ethnicity", "race", "biometric_data", "fingerprints", "DNA"),
            *(("union", "membership"), "trade-union", "politicalOpinion", "sexual_orientation", ("patient", "allergies", None, "code")),
            *("genetic_test", "philosophical_beliefs", "union_member", "labourUnion", ("origin", "race"), "voting_intention", "sex_life"),
        ],
    )
    def test_names_that_say_so(self, claim: Any) -> None:
        assert is_special(claim)

    @pytest.mark.parametrize(
        "claim",
        [
            *("healthy_eating_club", "racecourse", "european_union", "politically_exposed", "sex", "gender", "portrait", "credit_union"),
            *("embrace", "race_number", "voting_rights", "party_size", "", (0, None)),
        ],
    )
    def test_names_that_do_not(self, claim: Any) -> None:
        assert not is_special(claim)


class TestFindings:
    def test_the_ids_stay_and_are_in_order(self) -> None:
        assert [rule.id for rule in RULES] == [f"L{number:02}" for number in range(1, len(RULES) + 1)]
        assert {rule.id: rule.severity for rule in RULES if rule.severity != "warning"} == {
            "L07": "error",
            "L08": "error",
            "L09": "error",
            "L11": "note",
            "L12": "note",
            "L17": "error",
            "L18": "error",
        }
        assert all(rule.title and rule.why.endswith(".") and rule.finds.__doc__ for rule in RULES)

    def test_as_json(self, there: Town) -> None:
        rows: list[Any] = [one.to_json() for one in lint(ask(there, "birthdate", keep_for=400 * DAY), LintContext(asked_before=START))]
        assert rows[0] == {
            "rule": "L01",
            "title": "A date of birth where a yes or no would do",
            "severity": "warning",
            "claim": "birthdate",
            "message": "how old the customer is to the year or the day, and no yes or no does instead",
            "smaller": {
                "text": "Ask whether the customer is old enough, or let that do instead of it",
                "claim": "age_over_18",
            },
            "pointer": "/verifier_info/0/data/attributes/0",
        }
        assert rows[1]["smaller"] == {"text": "Keep it for 366 days", "hasDuration": "P366D"}
        assert "claim" not in rows[2]

    def test_the_weight(self) -> None:
        heavy = [[Finding("L", "t", one, "m", Smaller("s")).weighs(other) for other in SEVERITIES] for one in ("error", "warning", "note")]
        assert heavy == [[True, True, True], [False, True, True], [False, False, True]]

    def test_no_text_of_the_business_is_in_a_finding_but_the_name_of_the_claim(self, there: Town) -> None:
        evil = "<script>\u202e [x](y) {0}"  # a name of a claim may be anything
        words = dict.fromkeys(("purpose", "benefit", "if_not_shared"), "<b>MARKUP</b>")
        said = Conditions(process=Process("MARKUP", "MARKUP"), intermediary=Organisation("MARKUP"), agreement="MARKUP")
        request = ask(there, f"birthdate {evil} birthdate", keep_for=9000 * DAY, conditions=said, **words)
        findings = lint(request, LintContext(allowed={}, registered=(), asked_before=START))
        assert {one.rule for one in findings} == {"L01", "L04", "L07", "L08", "L11", "L12", "L13", "L14", "L15"}
        assert "MARKUP" not in repr(findings)
        assert all("script" not in one.message + one.smaller.text + one.title for one in findings)
        assert {one.shown for one in findings if one.claim} == {"birthdate <script>\ufffd [x](y) {0} birthdate"}
        assert all("\u202e" not in serialize(one.to_json()) for one in findings)
        assert "script" in payload_of(request.text)["dcql_query"]["credentials"][0]["claims"][0]["path"][-1]
