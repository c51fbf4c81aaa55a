"""A customer signs in with a key that is made for one business; nothing else is asked for, and nothing else leaves."""

from dataclasses import FrozenInstanceError
from datetime import timedelta
from typing import Any

import pytest

from sayso import Answer, Report, Request, SaysoError, SignIn, Verifier
from sayso.dids import did_key
from sayso.errors import HIDDEN_INTERMEDIARY, TERMS, UNDECIDABLE, ProblemType
from sayso.jsonvalue import parse_object
from sayso.openid import response
from sayso.sharing.request import parse
from sayso.sharing.sign_in import FORMAT
from tests.journeys.town import SECOND, Town, header_of, kinds, payload_of, rewritten, town
from tests.journeys.whole import taken

SCOPE = "https://w3id.org/sayso/sign-in"


@pytest.fixture
def there() -> Town:
    return town()


def ask(there: Town, **choices: Any) -> Request:
    return there.bar.sign_in_request(**{"purpose": "Keep your tab", **choices})


def come_in(there: Town, verifier: Verifier) -> SignIn:
    request = verifier.sign_in_request(purpose="Keep your tab")
    return verifier.accept_sign_in(there.ada.present(there.ada.plan(request)), request)


def refusal(there: Town, request: Request) -> tuple[list[ProblemType], str]:
    with pytest.raises(SaysoError) as refused:
        there.ada.plan(request)
    return kinds(refused.value), refused.value.problems[0].pointer


class TestTheRequest:
    def test_a_scope_stands_in_the_place_of_the_query(self, there: Town) -> None:
        request = ask(there)
        assert header_of(request.text)["typ"] == "oauth-authz-req+jwt"
        said = payload_of(request.text)
        assert said["scope"] == SCOPE
        assert "dcql_query" not in said
        assert (said["response_type"], said["client_id"]) == ("vp_token", f"decentralized_identifier:{there.bar.did}")
        assert said["verifier_info"] == [{"format": FORMAT, "data": {"purposeText": [{"content": "Keep your tab"}]}}]
        assert said["client_metadata"]["vp_formats_supported"] == {"jwt_vc_json": {"alg_values": ["EdDSA", "Ed25519"]}}
        assert said["exp"] - said["iat"] == 300

    def test_how_long_it_may_be_answered(self, there: Town) -> None:
        said = payload_of(ask(there, answer_within=SECOND).text)
        assert said["exp"] - said["iat"] == 1

    def test_each_has_its_own_nonce(self, there: Town) -> None:
        assert payload_of(ask(there).text)["nonce"] != payload_of(ask(there).text)["nonce"]

    @pytest.mark.parametrize(("purpose", "error"), [("", ValueError), ("a\nb", ValueError), ("x" * 501, ValueError), (5, TypeError)])
    def test_the_purpose_is_plain_text(self, there: Town, purpose: Any, error: type[Exception]) -> None:
        with pytest.raises(error, match="purpose"):
            ask(there, purpose=purpose)

    def test_how_long_is_a_duration(self, there: Town) -> None:
        with pytest.raises(ValueError, match="answer_within"):
            ask(there, answer_within=timedelta(0))


class TestThePlan:
    def test_nothing_leaves_but_a_key(self, there: Town) -> None:
        draws = there.world.entropy.draws
        plan = there.ada.plan(ask(there))
        assert there.world.entropy.draws == draws + 1, "the nonce; a key is made when it is needed"
        assert (plan.signs_in, plan.answerable, plan.problems, plan.known_as, plan.met_before) == (True, True, (), None, False)
        assert (plan.leaves, plan.visible, plan.names, plan.stays, plan.optional, plan.credentials) == ({}, {}, (), (), (), {})
        assert (plan.purpose, plan.calls_itself, plan.verifier) == ("Keep your tab", "The Bar", there.bar.did)
        assert plan.ends == there.world.clock() + timedelta(minutes=5)
        assert str(plan).startswith('nothing but a key that is only for this business -> "The Bar" (')

    def test_a_plan_of_claims_signs_nobody_in(self, there: Town) -> None:
        plan = there.plan("age_over_18")
        assert (plan.signs_in, plan.known_as) == (False, None)

    def test_it_says_as_whom_the_business_knows_the_customer(self, there: Town) -> None:
        holder = come_in(there, there.bar).holder
        plan = there.ada.plan(ask(there))
        assert (plan.known_as, plan.met_before) == (holder, True)

    def test_no_claim_can_be_chosen(self, there: Town) -> None:
        plan = there.ada.plan(ask(there))
        for choose in (plan.also, plan.without, plan.only):
            assert choose() == plan
            with pytest.raises(ValueError, match="given_name"):
                choose("given_name")
        with pytest.raises(ValueError, match="no credential query"):
            plan.whole("ldp_vc")


class TestWhatAWalletRefuses:
    @pytest.mark.parametrize(
        ("change", "kind", "pointer"),
        [
            (lambda said: said.update(scope="openid"), UNDECIDABLE, "/scope"),
            (lambda said: said.pop("verifier_info"), TERMS, "/verifier_info"),
            (lambda said: said["verifier_info"].append(said["verifier_info"][0]), TERMS, "/verifier_info"),
            (lambda said: said["verifier_info"][0].update(credential_ids=["x"]), TERMS, "/verifier_info"),
            (lambda said: said["verifier_info"][0].update(format="https://other.example"), TERMS, "/verifier_info"),
            (lambda said: said["verifier_info"][0].update(data="text"), TERMS, "/verifier_info/0/data/purposeText"),
            (lambda said: said["verifier_info"][0].update(data={}), TERMS, "/verifier_info/0/data/purposeText"),
            (lambda said: said["verifier_info"][0]["data"].update(purposeText=[]), TERMS, "/verifier_info/0/data/purposeText"),
            (lambda said: said["verifier_info"][0]["data"].update(purposeText=["x"]), TERMS, "/verifier_info/0/data/purposeText"),
            (lambda said: said["verifier_info"][0]["data"].update(purposeText=[{}]), TERMS, "/verifier_info/0/data/purposeText/0/content"),
            (
                lambda said: said["verifier_info"][0]["data"].update(purposeText=[{"content": "a\u202eb"}]),
                TERMS,
                "/verifier_info/0/data/purposeText/0/content",
            ),
        ],
        ids=[
            "scope",
            "no purpose",
            "two purposes",
            "credentials",
            "format",
            "text",
            "no text",
            "empty",
            "no object",
            "no content",
            "bidi",
        ],
    )
    def test_a_request_that_says_something_else(self, there: Town, change: Any, kind: ProblemType, pointer: str) -> None:
        assert refusal(there, rewritten(ask(there), there.bar_key, change)) == ([kind], pointer)

    def test_terms_of_claims_beside_it(self, there: Town) -> None:
        terms = payload_of(there.ask("age_over_18").text)["verifier_info"][0]
        del terms["credential_ids"]
        request = rewritten(ask(there), there.bar_key, lambda said: said["verifier_info"].append(terms))
        assert refusal(there, request) == ([TERMS], "/verifier_info")

    def test_what_others_say_beside_it_is_passed_over(self, there: Town) -> None:
        more = {"format": "https://other.example/registration", "data": "x"}
        assert there.ada.plan(rewritten(ask(there), there.bar_key, lambda said: said["verifier_info"].append(more))).signs_in

    @pytest.mark.parametrize(("host", "refused"), [("shop.example", []), ("other.example", [HIDDEN_INTERMEDIARY])])
    def test_an_answer_that_would_go_to_somebody_else(self, there: Town, host: str, refused: list[ProblemType]) -> None:
        said = payload_of(there.world.verifier(reply_to=f"https://{host}/answers").sign_in_request(purpose="p").text)
        payload = {**said, "client_id": "decentralized_identifier:did:web:shop.example"}
        if not refused:
            assert parse(payload).request.scope == SCOPE
            return
        with pytest.raises(SaysoError) as error:
            parse(payload)
        assert kinds(error.value) == refused

    def test_a_share_that_would_be_over(self, there: Town) -> None:
        plan = there.ada.plan(ask(there)).ending(there.world.clock())
        with pytest.raises(SaysoError):
            there.ada.present(plan)


class TestTheAnswer:
    def test_a_presentation_of_no_credential(self, there: Town) -> None:
        request = ask(there)
        entry, token = taken(there.ada.present(there.ada.plan(request)))
        assert (entry, type(token)) == ("sign-in", str)
        header, said = header_of(str(token)), payload_of(str(token))
        holder = said["holder"]
        assert (header["typ"], header["cty"], header["kid"].split("#")[0]) == ("vp+jwt", "vp", holder)
        asked = payload_of(request.text)
        now = int(there.world.clock().timestamp())
        assert said == {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "holder": holder,
            "aud": asked["client_id"],
            "nonce": asked["nonce"],
            "iat": now,
            "exp": asked["exp"],
        }

    def test_no_status_list_goes_along(self, there: Town) -> None:
        answer = there.ada.present(there.ada.plan(ask(there)), status_lists={"https://city.example/1": b"x"})
        assert response.status_lists(parse_object(answer.data)) == {}

    def test_it_is_remembered(self, there: Town) -> None:
        request = ask(there)
        there.ada.present(there.ada.plan(request))
        (record,) = there.ada.shared
        assert (record.claims, record.purpose, record.verifier) == ((), "Keep your tab", there.bar.did)
        assert record.until == there.world.clock() + timedelta(minutes=5)

    def test_who_signed_in(self, there: Town) -> None:
        signed_in = come_in(there, there.bar)
        assert (signed_in.purpose, signed_in.at) == ("Keep your tab", there.world.clock())
        assert signed_in.holder.startswith("did:key:z6Mk")
        assert signed_in.holder != there.holder
        with pytest.raises(FrozenInstanceError):
            signed_in.holder = there.holder  # type: ignore[misc]

    def test_the_same_on_return_and_another_one_elsewhere(self, there: Town) -> None:
        shop = there.world.verifier(name="The Shop")
        names = [come_in(there, verifier).holder for verifier in (there.bar, shop, there.bar, shop)]
        assert names[:2] == names[2:]
        assert len({*names, there.holder, there.bar.did, shop.did}) == 5

    def test_a_card_may_be_issued_to_that_key(self, there: Town) -> None:
        """So a shop recognises its customer, and nobody else does."""
        holder = come_in(there, there.bar).holder
        there.ada.store(there.issue({"tier": "gold"}, holder=holder))
        assert there.share("tier").read() == {"tier": "gold"}

    def test_a_report_says_how_it_went(self, there: Town) -> None:
        seen: list[Report] = []
        bar = there.world.verifier(on_report=seen.append)
        come_in(there, bar)
        assert [(report.problems, report.warnings, [*report.parts]) for report in seen] == [((), (), ["sign-in"])]

    def test_after_a_restart(self, there: Town) -> None:
        request = ask(there)
        answer = there.ada.present(there.ada.plan(request))
        again = there.world.verifier(there.bar_key)
        assert did_key.did_of(there.bar_key.public_key) == again.did
        assert again.accept_sign_in(Answer(answer.data), request).purpose == "Keep your tab"
