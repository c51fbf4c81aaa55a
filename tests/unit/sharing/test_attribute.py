"""A business asks for each attribute on terms of its own, and for what says less where that is enough."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Attribute, Conditions, Recipient, Request, SaysoError, Verifier
from sayso.errors import HIDDEN_INTERMEDIARY, NECESSITY_MISMATCH, TERMS
from sayso.openid import request_object
from sayso.openid.client_id import Channel
from sayso.proofs.jose import jws
from sayso.sharing.conditions import Organisation
from sayso.sharing.request import parse, serialize
from sayso.sharing.terms import NOTHING
from sayso.verifier.asking import attributes_by_id
from tests.journeys.town import Town, kinds, rewritten, town

DAY = timedelta(days=1)
BIRTHDATE = Attribute("birthdate", accepts=("age_over_18",), reason="The law asks for an adult", keep_for=WILL_NOT_STORE)


@pytest.fixture
def there() -> Town:
    return town()


def ask(there: Town, *claims: Any, **more: Any) -> Any:
    words: dict[str, Any] = {"purpose": "Serve alcohol", "benefit": "A drink", "keep_for": DAY}
    return there.bar.request(*claims, issuers=[there.city.did], **{**words, **more})


def payload_of(request: Request) -> dict[str, Any]:
    return jws.decode(request.data, (request_object.TYPE,)).payload


def read(request: Any) -> Any:
    return parse(payload_of(request))


class TestTermsOfItsOwn:
    def test_a_row_of_its_own(self, there: Town) -> None:
        mobile = Attribute(
            "given_name",
            reason="To call you",
            benefit="No waiting",
            if_not_shared="We wave",
            keep_for=2 * DAY,
            legal_basis="eu-gdpr:A6-1-a",
            recipients=(Recipient("Posten"),),
            trigger="delivery",
            location="loc:NO",
            category="dpv:PersonalData",
        )
        rows = read(ask(there, "age_over_18", optional=[mobile], if_not_shared="No drink")).rows
        assert rows["age_over_18"][1:6] == (True, "Serve alcohol", "A drink", DAY, "No drink")
        assert rows["given_name"] == (
            *("given_name", False, "To call you", "No waiting", 2 * DAY, "We wave", "eu-gdpr:A6-1-a", (Recipient("Posten"),)),
            *("delivery", "loc:NO", "dpv:PersonalData", ""),
        )

    def test_in_a_query_of_its_own(self, there: Town) -> None:
        query = {
            "credentials": [
                {
                    "id": "card",
                    "format": "vc+sd-jwt",
                    "meta": {"type_values": [["x"]]},
                    "claims": [{"id": "a", "path": ["credentialSubject", "a"]}, {"id": "b", "path": ["credentialSubject", "b"]}],
                }
            ]
        }
        request = there.bar.request_query(
            query, issuers=ANYONE, purpose="p", benefit="b", keep_for=DAY, attributes=[Attribute("b", reason="B", keep_for=2 * DAY)]
        )
        rows = read(request).rows
        assert (rows["a"].reason, rows["a"].keep_for, rows["b"].reason, rows["b"].keep_for) == ("p", DAY, "B", 2 * DAY)

    @pytest.mark.parametrize(
        "attributes",
        [[Attribute("c")], [Attribute("a"), Attribute("a")], [Attribute("a", values=(1,))], [Attribute("a", accepts=("b",))]],
        ids=["unknown", "twice", "values", "accepts"],
    )
    def test_of_a_query_that_has_no_such_claim(self, attributes: list[Attribute]) -> None:
        with pytest.raises(ValueError, match="an attribute of a query has the id of one of its claims"):
            attributes_by_id(attributes, ["a", "b"])

    def test_attributes_are_attributes(self) -> None:
        with pytest.raises(TypeError, match="attributes holds Attributes, not str"):
            attributes_by_id(["a"], ["a"])  # type: ignore[list-item]

    @pytest.mark.parametrize(
        "wrong",
        [
            Attribute("a", reason="\n"),
            Attribute("a", legal_basis="consent"),
            Attribute("a", location="Norway"),
            Attribute("a", category="x"),
        ],
        ids=["reason", "legal basis", "location", "category"],
    )
    def test_what_it_says_is_checked(self, there: Town, wrong: Attribute) -> None:
        with pytest.raises(ValueError, match=r"\w"):
            ask(there, wrong)

    def test_a_retention_of_nothing(self, there: Town) -> None:
        assert read(ask(there, Attribute("a", keep_for=WILL_NOT_STORE))).rows["a"].keep_for == NOTHING
        with pytest.raises(ValueError, match="WILL_NOT_STORE"):
            ask(there, Attribute("a", keep_for=timedelta(0)))


class TestWhatDoesInstead:
    def test_one_of_both_is_listed(self, there: Town) -> None:
        asked = read(ask(there, BIRTHDATE, optional=["given_name"]))
        assert asked.request.query.credentials[0].claim_sets == (
            ("issuer", "age_over_18"),
            ("issuer", "birthdate"),
            ("issuer", "age_over_18", "given_name"),
            ("issuer", "birthdate", "given_name"),
        )
        assert asked.rows["age_over_18"].instead_of == "birthdate"
        assert asked.rows["age_over_18"].reason == "The law asks for an adult"
        assert parse(serialize(asked)) == asked

    def test_what_says_least_is_planned_and_the_other_can_be_chosen(self, there: Town) -> None:
        request = ask(there, BIRTHDATE, optional=["given_name"])
        plan = there.ada.plan(request)
        assert plan.leaves == {"age_over_18": True}
        assert plan.alternatives == {"age_over_18": ("birthdate",)}
        assert plan.optional == ("given_name",)
        other = plan.also("birthdate", "given_name")
        assert other.leaves == {"birthdate": "1990-12-10", "given_name": "Ada"}
        assert other.alternatives == {"birthdate": ("age_over_18",)}
        assert other.optional == ()
        assert other.also("age_over_18").leaves == {"age_over_18": True, "given_name": "Ada"}
        assert plan.only("birthdate").leaves == {"birthdate": "1990-12-10"}
        with pytest.raises(ValueError, match="required claim is left out"):
            plan.only("given_name")
        assert there.bar.accept(there.ada.present(plan), request).read() == {"age_over_18": True}

    def test_an_optional_one(self, there: Town) -> None:
        request = ask(there, "given_name", optional=[BIRTHDATE])
        plan = there.ada.plan(request)
        assert plan.leaves == {"given_name": "Ada"}
        assert plan.optional == ("age_over_18", "birthdate")
        assert plan.alternatives == {}
        assert there.bar.accept(there.ada.present(plan.also("age_over_18")), request).read() == {"given_name": "Ada", "age_over_18": True}

    def test_only_with_a_value_that_says_it(self, there: Town) -> None:
        older = Attribute("age_over_21", values=(True,))
        request = ask(there, Attribute("age_over_18", accepts=(older,)))
        assert there.ada.plan(request).leaves == {"age_over_18": True}

    @pytest.mark.parametrize("change", [("instead_of", "given_name"), ("instead_of", "age_over_18"), ("instead_of", "birth")])
    def test_terms_that_stand_in_for_what_they_cannot(self, there: Town, change: tuple[str, str]) -> None:
        def rewrite(payload: dict[str, Any]) -> None:
            payload["verifier_info"][0]["data"]["attributes"][0]["insteadOf"] = change[1]

        request = rewritten(ask(there, BIRTHDATE, optional=["given_name"]), there.bar_key, rewrite)
        with pytest.raises(SaysoError) as refused:
            there.ada.plan(request)
        assert kinds(refused.value) == [TERMS]

    def test_a_claim_set_with_both(self, there: Town) -> None:
        def rewrite(payload: dict[str, Any]) -> None:
            payload["dcql_query"]["credentials"][0]["claim_sets"].append(["issuer", "age_over_18", "birthdate"])

        request = rewritten(ask(there, BIRTHDATE), there.bar_key, rewrite)
        with pytest.raises(SaysoError) as refused:
            there.ada.plan(request)
        assert kinds(refused.value) == [NECESSITY_MISMATCH]

    def test_more_combinations_than_a_query_lists(self, there: Town) -> None:
        many = [Attribute(f"a{number}", accepts=(f"b{number}", f"c{number}")) for number in range(6)]
        with pytest.raises(ValueError, match="more than 512 combinations"):
            ask(there, *many)

    def test_nothing_does_instead_of_what_does_instead(self, there: Town) -> None:
        with pytest.raises(ValueError, match="nothing does instead of it"):
            ask(there, Attribute("a", accepts=(Attribute("b", accepts=("c",)),)))


class TestWhoReceivesTheAnswer:
    """CONTROL 2.10: an intermediary is always named."""

    def refusal(self, verifier: str, reply_to: str, intermediary: Organisation | None = None) -> list[object]:
        there = town()
        conditions = Conditions(intermediary=intermediary)
        bar = Verifier(there.bar_key, reply_to=reply_to, conditions=conditions, clock=there.world.clock)
        request = bar.request("age_over_18", issuers=ANYONE, purpose="p", benefit="b", keep_for=DAY)
        payload: dict[str, Any] = {**payload_of(request), "client_id": f"decentralized_identifier:{verifier}"}
        try:
            parse(payload)
        except SaysoError as error:
            return [(problem.kind, problem.pointer) for problem in error.problems]
        return []

    def test_the_business_itself(self) -> None:
        assert self.refusal("did:web:shop.example", "https://shop.example/answers") == []
        assert self.refusal("did:web:shop.example%3A8443", "https://shop.example:8443/answers") == []
        assert self.refusal("did:web:shop.example:branch", "https://eu.shop.example/answers") == []
        assert self.refusal("did:webvh:QmScid:shop.example", "https://shop.example/answers") == []

    def test_a_did_without_a_host_says_nothing_about_it(self) -> None:
        assert self.refusal("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK", "https://anywhere.example/answers") == []

    @pytest.mark.parametrize("host", ["super.example", "notshop.example", "shop.example.evil.example"])
    def test_somebody_else(self, host: str) -> None:
        found = self.refusal("did:web:shop.example", f"https://{host}/answers")
        assert found == [(HIDDEN_INTERMEDIARY, "/verifier_info/0/data/intermediary")]

    @pytest.mark.parametrize(
        ("origin", "refused"),
        [
            ("https://shop.example", []),
            ("https://www.shop.example:8443", []),
            ("android:apk-key-hash:abc", []),
            ("https://super.example", [HIDDEN_INTERMEDIARY]),
        ],
    )
    def test_the_page_that_asks(self, origin: str, refused: list[object]) -> None:
        """OpenID4VP 1.0, appendix A.2: over the Digital Credentials API the answer goes to it."""
        there = town()
        bar = Verifier(there.bar_key, origin="https://shop.example", clock=there.world.clock)
        request = bar.request("age_over_18", issuers=ANYONE, purpose="p", benefit="b", keep_for=DAY)
        payload: dict[str, Any] = {**payload_of(request), "client_id": "decentralized_identifier:did:web:shop.example"}
        payload["expected_origins"] = [origin]
        found: list[object] = []
        try:
            parse(payload, channel=Channel(origin=origin))
        except SaysoError as error:
            found += kinds(error)
        assert found == refused

    def test_somebody_who_is_named(self) -> None:
        for party in (
            Organisation("Super App", contact=("https://super.example/contact",)),
            Organisation("Super App", rights="https://super.example/rights"),
            Organisation("Super App", did="did:web:super.example"),
        ):
            assert self.refusal("did:web:shop.example", "https://super.example/answers", party) == []
        assert self.refusal("did:web:shop.example", "https://super.example/answers", Organisation("Super App")) != []
