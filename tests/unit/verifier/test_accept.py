"""An answer is accepted once, for what was asked and no longer than was said; and every refusal says why."""

import asyncio
import hashlib
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, WILL_NOT_STORE, Answer, CredentialType, Report, Request, SaysoError, Share, Verifier
from sayso.errors import (
    ALREADY_ANSWERED,
    CRYPTOGRAPHIC_SECURITY_ERROR,
    EXCESS_DISCLOSURE,
    INVALID_CHALLENGE_ERROR,
    MALFORMED_VALUE_ERROR,
    MISSING_CLAIM,
    NOT_ANSWERABLE,
    PARSING_ERROR,
    RANGE_ERROR,
    SHARE_ENDED,
    UNKNOWN_REQUEST,
    ProblemType,
)
from sayso.identifiers import Nonce
from sayso.retrieval import Retrieve, Retrieved
from sayso.sharing.attribute import Attribute
from sayso.sharing.plan.picking import least
from sayso.storage.nonces import MemoryNonces
from sayso.testing.world import START
from sayso.verifier.kept import MAX_KEPT_REQUESTS
from tests.journeys.town import (
    HOUR,
    SECOND,
    SHARE_UNTIL,
    Town,
    answer_of,
    ask,
    header_of,
    kinds,
    payload_of,
    rewritten,
    sign,
    taken_apart,
    town,
)

TICK = timedelta(microseconds=1)
NOW = int(START.timestamp())
MINUTE = timedelta(minutes=1)


@pytest.fixture
def there() -> Town:
    return town()


def refusal(verifier: Verifier, answer: Answer | bytes | str, request: Request | bytes | str) -> SaysoError:
    with pytest.raises(SaysoError) as refused:
        verifier.accept(answer, request)
    return refused.value


def again(there: Town, nonces: MemoryNonces | None = None) -> Verifier:
    """Give another verifier of the same key, as after a restart."""
    world = there.world
    return Verifier(there.bar_key, clock=world.clock, entropy=world.entropy, nonces=nonces)


class TestOnce:
    def test_a_request_is_answered_once(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer, other = there.answer(request), there.answer(request)
        there.bar.accept(answer, request)
        for late in (answer, other):
            error = refusal(there.bar, late, request)
            assert kinds(error) == [ALREADY_ANSWERED]

    def test_a_refused_answer_does_not_use_it_up(self, there: Town) -> None:
        request = there.ask("age_over_18")
        good = there.answer(request)
        for bad in (b"", b'{"vp_token":{}}', good.data[:-9], there.answer(there.ask("age_over_18")).data):
            refusal(there.bar, bad, request)
        assert there.bar.accept(good, request).read() == {"age_over_18": True}

    def test_an_answer_whose_share_is_over_does_not_use_it_up(self, there: Town) -> None:
        request = there.ask("age_over_18")
        short = there.ada.present(there.ada.plan(request).ending(START + SECOND))
        long = there.answer(request)
        there.world.clock.turn(SECOND)
        assert kinds(refusal(there.bar, short, request)) == [SHARE_ENDED]
        there.bar.accept(long, request)

    def test_of_many_threads_that_bring_one_answer_one_gets_a_share(self, there: Town) -> None:
        for verifier in (there.bar, again(there)):
            request = there.ask("age_over_18")
            answer = there.answer(request)

            def bring(_: int, verifier: Verifier = verifier, answer: Answer = answer, request: Request = request) -> object:
                try:
                    return verifier.accept(answer, request)
                except SaysoError as error:
                    return kinds(error)

            with ThreadPoolExecutor(8) as pool:
                outcomes = [*pool.map(bring, range(32))]
            assert sum(isinstance(one, Share) for one in outcomes) == 1
            assert outcomes.count([ALREADY_ANSWERED]) == 31

    def test_a_nonce_store_is_shared(self, there: Town) -> None:
        nonces = MemoryNonces()
        one, two = again(there, nonces), again(there, nonces)
        request = ask(one, "age_over_18", issuers=[there.city.did])
        answer = there.answer(request)
        two.accept(answer, request)
        assert kinds(refusal(one, answer, request)) == [ALREADY_ANSWERED]


class TestItsOwnRequests:
    def test_one_it_remembers_is_known_by_its_record(self, there: Town) -> None:
        """DESIGN: `accept` knows its own request by that record: what is recorded need not be verified again."""
        nonces = MemoryNonces()
        verifier = again(there, nonces)
        request = ask(verifier, "age_over_18", issuers=[there.city.did])
        answer = there.answer(request)
        unsigned = Request(request.data[:-9] + b"AAAAAAAAA")
        assert kinds(refusal(verifier, answer, unsigned)) == [CRYPTOGRAPHIC_SECURITY_ERROR]
        nonces.open(Nonce(payload_of(request.text)["nonce"]), hashlib.sha256(unsigned.data).digest(), START + HOUR, START)
        assert isinstance(verifier.accept(answer, unsigned), Share)

    def test_one_it_does_not_remember_is_verified_first_and_answered_once(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = there.answer(request)
        restarted = again(there)
        assert restarted.accept(answer, request).read() == {"age_over_18": True}
        assert kinds(refusal(restarted, answer, request)) == [ALREADY_ANSWERED]

    def test_a_nonce_alone_is_no_record(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = there.answer(request)
        forger = there.world.signer()
        forged = rewritten(request, forger, lambda _: None)
        assert kinds(refusal(there.bar, answer, forged)) == [CRYPTOGRAPHIC_SECURITY_ERROR]

    def test_another_verifiers_request(self, there: Town) -> None:
        shop = there.world.verifier(name="The Shop")
        request = ask(shop, "age_over_18", issuers=[there.city.did])
        answer = there.answer(request)
        (problem,) = refusal(there.bar, answer, request).problems
        assert (problem.kind, problem.pointer) == (UNKNOWN_REQUEST, "/client_id")

    def test_another_verifiers_request_in_a_shared_store(self, there: Town) -> None:
        nonces = MemoryNonces()
        shop_key = there.world.signer()
        shop = Verifier(shop_key, clock=there.world.clock, nonces=nonces)
        request = ask(shop, "age_over_18", issuers=[there.city.did])
        assert kinds(refusal(again(there, nonces), there.answer(request), request)) == [UNKNOWN_REQUEST]

    def test_its_own_signature_on_another_verifiers_name(self, there: Town) -> None:
        shop = there.world.verifier()
        request = rewritten(
            there.ask("age_over_18"), there.bar_key, lambda said: said.update(client_id=f"decentralized_identifier:{shop.did}")
        )
        assert kinds(refusal(there.bar, b'{"vp_token":{}}', request)) == [UNKNOWN_REQUEST]

    def test_its_own_name_under_another_verifiers_signature(self, there: Town) -> None:
        thief_key = there.world.signer()
        thief = there.world.verifier(thief_key)
        request = there.ask("age_over_18")
        answer = there.answer(request)
        header = header_of(ask(thief, "age_over_18", issuers=ANYONE).text)
        forged = sign(header, {**payload_of(request.text), "exp": int((START + HOUR).timestamp())}, thief_key)
        (problem,) = refusal(there.bar, answer, forged).problems
        assert (problem.kind, problem.pointer) == (UNKNOWN_REQUEST, "/client_id")

    def test_requests_beyond_those_that_are_kept_are_read_again(self, there: Town) -> None:
        first = there.ask("age_over_18")
        answer = there.answer(first)
        for _ in range(MAX_KEPT_REQUESTS):
            there.ask("age_over_18", issuers=ANYONE)
        assert there.bar.accept(answer, first).read() == {"age_over_18": True}

    @pytest.mark.parametrize("request_", [b"", b"a.b.c", "ø", b"\xff"])
    def test_what_is_no_request(self, there: Town, request_: Any) -> None:
        assert kinds(refusal(there.bar, b"{}", request_)) == [PARSING_ERROR]

    @pytest.mark.parametrize("nonce", [None, [], {}, 5, ""])
    def test_one_without_a_nonce(self, there: Town, nonce: Any) -> None:
        request = rewritten(there.ask("age_over_18"), there.bar_key, lambda said: said.update(nonce=nonce))
        (problem,) = refusal(there.bar, b"{}", request).problems
        assert (problem.kind, problem.pointer) == (MALFORMED_VALUE_ERROR, "/nonce")


class TestTime:
    @pytest.mark.parametrize("restarted", [False, True])
    def test_its_own_request_ends_without_skew(self, there: Town, *, restarted: bool) -> None:
        """DESIGN: skew is zero for a verifier's own request in `accept`."""
        request = there.ask("age_over_18")
        there.world.clock.turn(timedelta(minutes=5) - TICK)
        answer = there.answer(request)
        bar = again(there) if restarted else there.bar
        there.world.clock.turn(TICK)
        (problem,) = refusal(bar, answer, request).problems
        assert (problem.kind, problem.pointer, problem.stage) == (RANGE_ERROR, "/exp", "date")
        there.world.clock.turn(-TICK)
        bar.accept(answer, request)

    @pytest.mark.parametrize("restarted", [False, True])
    def test_a_request_from_the_future_is_not_its_own_yet(self, there: Town, *, restarted: bool) -> None:
        request = there.ask("age_over_18")
        answer = there.answer(request)
        there.world.clock.turn(-TICK)
        bar = again(there) if restarted else there.bar
        (problem,) = refusal(bar, answer, request).problems
        assert (problem.kind, problem.pointer, problem.stage) == (RANGE_ERROR, "/iat", "date")

    @pytest.mark.parametrize(("change", "accepted"), [({"iat": NOW + 60}, True), ({"iat": NOW + 61}, False), ({"nbf": NOW + 61}, False)])
    def test_the_holders_clock_may_be_off_by_a_minute(self, there: Town, change: dict[str, int], *, accepted: bool) -> None:
        """DESIGN: skew (60 s) applies to other people's `iat`, `nbf` and `exp`."""
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, **change)
        if accepted:
            there.bar.accept(answer, request)
        else:
            (problem,) = refusal(there.bar, answer, request).problems
            assert (problem.kind, problem.pointer, problem.stage) == (RANGE_ERROR, f"/vc-sd-jwt/0/key_binding/{next(iter(change))}", "date")

    def test_the_holder_may_say_how_long_it_is_accepted(self, there: Town) -> None:
        """CONTROL 2.3: `exp` moves the choice to the holder; a verifier must honour it."""
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, exp=NOW + 1)
        there.world.clock.turn(MINUTE + SECOND)
        (problem,) = refusal(there.bar, answer, request).problems
        assert (problem.kind, problem.pointer) == (RANGE_ERROR, "/vc-sd-jwt/0/key_binding/exp")
        there.world.clock.turn(-TICK)
        there.bar.accept(answer, request)

    @pytest.mark.parametrize("late", [timedelta(hours=1) - TICK, timedelta(minutes=6)])
    def test_an_answer_holds_as_long_as_the_request(self, there: Town, late: timedelta) -> None:
        """DESIGN: the KB-JWT's `exp` says how long it may be accepted, at most the request's: nothing ends it before."""
        request = there.ask("age_over_18", answer_within=HOUR, keep_for=2 * HOUR)
        answer = there.answer(request)
        there.world.clock.turn(late)
        there.bar.accept(answer, request)

    def test_a_holder_whose_clock_is_slow_may_answer_to_the_last(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, iat=NOW - 60)
        there.world.clock.turn(timedelta(minutes=5) - TICK)
        there.bar.accept(answer, request)

    def test_no_answer_is_older_than_that(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, iat=NOW - 61)
        there.world.clock.turn(timedelta(minutes=5) - TICK)
        (problem,) = refusal(there.bar, answer, request).problems
        assert (problem.kind, problem.pointer) == (RANGE_ERROR, "/vc-sd-jwt/0/key_binding/iat")


class TestTheEndOfAShare:
    """DESIGN: the earlier of `share_until` and acceptance + `keep_for`."""

    def test_acceptance_and_keep_for(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, **{SHARE_UNTIL: NOW + 10**6})
        there.world.clock.turn(MINUTE)
        assert there.bar.accept(answer, request).ends == START + MINUTE + HOUR

    def test_what_the_customer_said(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = there.answer(request)
        there.world.clock.turn(MINUTE)
        assert there.bar.accept(answer, request).ends == START + HOUR
        request = there.ask("age_over_18")
        assert there.bar.accept(there.ada.present(there.ada.plan(request).ending(START + 2 * MINUTE)), request).ends == START + 2 * MINUTE

    def test_skew_never_touches_it(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = there.ada.present(there.ada.plan(request).ending(START + 10 * SECOND))
        there.world.clock.turn(10 * SECOND - TICK)
        share = there.bar.accept(answer, request)
        there.world.clock.turn(TICK)
        assert share.ended

    def test_a_wallet_of_another_make_may_name_none(self, there: Town) -> None:
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, **{SHARE_UNTIL: None, "exp": None})
        assert there.bar.accept(answer, request).ends == START + HOUR

    @pytest.mark.parametrize("until", [True, "1795176000", [], 1e300])
    def test_an_end_that_is_none(self, there: Town, until: Any) -> None:
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, **{SHARE_UNTIL: until})
        (problem,) = refusal(there.bar, answer, request).problems
        assert (problem.kind, problem.pointer) == (MALFORMED_VALUE_ERROR, "/vc-sd-jwt/key_binding/https:~1~1w3id.org~1sayso~1share_until")

    @pytest.mark.parametrize("until", [NOW, NOW - 1, NOW + 59, -1])
    def test_an_end_that_is_past(self, there: Town, until: int) -> None:
        request = there.ask("age_over_18")
        answer = taken_apart(there.answer(request)).bound(there.ada_key, **{SHARE_UNTIL: until})
        there.world.clock.turn(59 * SECOND)
        assert kinds(refusal(there.bar, answer, request)) == [SHARE_ENDED]

    def test_what_is_not_stored_ends_with_the_answer(self, there: Town) -> None:
        """DESIGN: `PT0S` in the row, its end is the KB-JWT's `exp`; it allows one `use`."""
        request = there.ask("age_over_18", keep_for=WILL_NOT_STORE)
        share = there.bar.accept(there.answer(request), request)
        assert share.ends == START + timedelta(minutes=5)
        share.read()
        assert share.ended

    @pytest.mark.parametrize("until", [None, NOW + 10**6])
    def test_what_is_not_stored_ends_when_the_holder_says(self, there: Town, until: int | None) -> None:
        request = there.ask("age_over_18", keep_for=WILL_NOT_STORE)
        answer = taken_apart(there.answer(request)).bound(there.ada_key, exp=NOW + 60, **{SHARE_UNTIL: until})
        assert there.bar.accept(answer, request).ends == START + MINUTE

    def test_where_rows_differ_each_claim_ends_with_its_own(self, there: Town) -> None:
        def change(said: dict[str, Any]) -> None:
            rows = said["verifier_info"][0]["data"]["attributes"]
            rows[0]["storage"]["hasDuration"] = "PT30M"

        request = rewritten(there.ask("age_over_18", "given_name"), there.bar_key, change)
        plan = there.ada.plan(request)
        assert plan.ends == START + HOUR, "`share_until` is the latest end"
        share = there.bar.accept(there.ada.present(plan), request)
        assert share.ends == START + HOUR
        assert share.read().keys() == {"age_over_18", "given_name"}
        there.world.clock.turn(HOUR / 2 - TICK)
        assert share.read().keys() == {"age_over_18", "given_name"}
        there.world.clock.turn(TICK)
        assert share.read().keys() == {"given_name"}
        there.world.clock.turn(HOUR / 2)
        assert share.ended

    def test_what_is_not_kept_is_used_once_and_the_rest_until_its_end(self, there: Town) -> None:
        share = there.share(Attribute("age_over_18", keep_for=WILL_NOT_STORE), "given_name")
        assert share.ends == START + HOUR
        assert share.read().keys() == {"age_over_18", "given_name"}
        assert share.read().keys() == {"given_name"}
        there.world.clock.turn(HOUR)
        assert share.ended
        assert share.uses == 2

    def test_what_is_not_kept_ends_unused_when_the_answer_can_be_accepted_no_longer(self, there: Town) -> None:
        share = there.share(Attribute("age_over_18", keep_for=WILL_NOT_STORE), "given_name")
        there.world.clock.turn(5 * MINUTE)
        assert share.read().keys() == {"given_name"}


class TestWhatIsShared:
    def test_nested_as_in_the_credential(self, there: Town) -> None:
        share = there.share(("address", "city"), "langs", optional=["given_name"])
        assert share.names == ("address.city", "langs")
        assert share.read() == {"address": {"city": "Oslo"}, "langs": ["no", "en", "fr"]}
        assert share.purpose == "Serve alcohol"

    def test_what_the_issuer_left_visible_only_where_a_row_asks(self, there: Town) -> None:
        there.ada.store(there.issue({"given_name": "Ada", "member": 7}, disclosable=["member"], type="Pass"))
        share = there.share("member", type="Pass")
        assert share.read() == {"member": 7}
        assert there.share("given_name", type="Pass").read() == {"given_name": "Ada"}

    def test_elements_of_an_array(self, there: Town) -> None:
        assert there.share(("langs", 1)).read() == {"langs": ["en"]}
        assert there.share(("langs", None)).read() == {"langs": ["no", "en", "fr"]}

    def test_of_a_type_that_the_request_describes(self, there: Town) -> None:
        kind = CredentialType("https://city.example/cards#Card")
        there.ada.store(there.issue({"zip": "0150"}, type=kind))
        assert there.share("zip", type=kind).read() == {"zip": "0150"}

    def test_of_an_sd_jwt_vc(self, there: Town) -> None:
        there.ada.store(there.issue({"address": {"zip": "0150"}}, type="Pass", format="dc+sd-jwt"))
        share = there.share(("address", "zip"), type="Pass", formats=["vc+sd-jwt", "dc+sd-jwt"])
        assert share.read() == {"address": {"zip": "0150"}}

    def test_nothing_where_nothing_is_required(self, there: Town) -> None:
        for issuers in ([there.city.did], ANYONE):
            share = there.share(optional=["given_name"], issuers=issuers)
            assert (share.names, share.read()) == ((), {})

    def test_of_two_credentials_by_their_queries(self, there: Town) -> None:
        there.ada.store(there.issue({"member": 7}, type="Pass", format="dc+sd-jwt"))

        def change(said: dict[str, Any]) -> None:
            del said["dcql_query"]["credential_sets"]
            first, second = said["dcql_query"]["credentials"]
            first["meta"] = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
            first["claims"], first["claim_sets"] = first["claims"][:2], [["issuer", "age_over_18"]]
            second["claims"], second["claim_sets"] = [second["claims"][0], second["claims"][2]], [["issuer", "member"]]

        request = there.ask("age_over_18", "member", type="Pass", formats=["vc+sd-jwt", "dc+sd-jwt"])
        request = rewritten(request, there.bar_key, change)
        share = there.bar.accept(there.answer(request), request)
        assert share.read() == {"vc-sd-jwt": {"age_over_18": True}, "dc-sd-jwt": {"member": 7}}
        assert share.names == ("age_over_18", "member")


class TestWhatIsRefused:
    def test_both_of_two_alternatives(self, there: Town) -> None:
        """One was enough, and a business that asked for either must not find the claims in another shape because it got both."""
        there.ada.store(there.issue(format="dc+sd-jwt"))
        request = there.ask("age_over_18", type="IdentityCard", formats=["vc+sd-jwt", "dc+sd-jwt"])
        plan = there.ada.plan(request)
        either = {query_id: (least(able).pick,) for query_id, able in plan.candidates.items()}
        (problem,) = refusal(there.bar, there.ada.present(replace(plan, picks=either)), request).problems
        assert (problem.kind, problem.pointer) == (EXCESS_DISCLOSURE, "/dc-sd-jwt")
        for query_id, pick in either.items():
            request = there.ask("age_over_18", type="IdentityCard", formats=["vc+sd-jwt", "dc+sd-jwt"])
            plan = replace(there.ada.plan(request), picks={query_id: pick})
            assert there.bar.accept(there.ada.present(plan), request).read() == {"age_over_18": True}

    @pytest.mark.parametrize(
        ("sets", "answered", "surplus"),
        [
            ([("a|b", True)], "a", ""),
            ([("a|b", True)], "ab", "a"),
            ([("a|b", True), ("c", False)], "ab", "a"),
            ([("a|b", True), ("c", False)], "ac", ""),
            ([("b|a", True), ("a", True)], "ab", "b"),
            ([("ab|c", True)], "ab", ""),
            ([("ab|c", True)], "abc", "a"),
            ([("a|b", True), ("c|b", True)], "abc", "a"),
        ],
    )
    def test_what_could_be_left_out(self, there: Town, sets: list[tuple[str, bool]], answered: str, surplus: str) -> None:
        """Credentials of one letter each; "ab|c" is a set of two options."""

        def change(said: dict[str, Any]) -> None:
            (query,) = said["dcql_query"]["credentials"]
            said["dcql_query"] = {
                "credentials": [{**query, "id": letter} for letter in sorted({*"".join(text for text, _ in sets)} - {"|"})],
                "credential_sets": [{"options": [[*ids] for ids in text.split("|")], "required": required} for text, required in sets],
            }
            (entry,) = said["verifier_info"]
            del entry["credential_ids"]
            if not all(required for _, required in sets):
                entry["data"]["attributes"].append({**entry["data"]["attributes"][0], "claim": "c", "hasNecessity": "dpv:Optional"})
                last = said["dcql_query"]["credentials"][-1]
                last.update(claims=[{"id": "c", "path": ["credentialSubject", "langs"]}], claim_sets=[["c"]])

        request = rewritten(there.ask("given_name", issuers=ANYONE), there.bar_key, change)
        plan = there.ada.plan(request)
        answer = there.ada.present(replace(plan, picks={letter: (least(plan.candidates[letter]).pick,) for letter in answered}))
        if not surplus:
            assert there.bar.accept(answer, request).names
        else:
            (problem,) = refusal(there.bar, answer, request).problems
            assert (problem.kind, problem.pointer) == (EXCESS_DISCLOSURE, f"/{surplus}")

    def test_where_the_holder_need_not_sign(self, there: Town) -> None:
        """What a request of another make may say: then nobody names an end but the business."""
        request = rewritten(
            there.ask("given_name"),
            there.bar_key,
            lambda said: said["dcql_query"]["credentials"][0].update(require_cryptographic_holder_binding=False),
        )
        parts = taken_apart(there.answer(request))
        share = there.bar.accept(parts._replace(binding="").answer(), request)
        assert (share.read(), share.ends) == ({"given_name": "Ada"}, START + HOUR)

    def test_a_credential_that_is_optional_is_no_excess(self, there: Town) -> None:
        plan = there.plan(optional=["given_name"], issuers=ANYONE).also("given_name")
        assert there.bar.accept(there.ada.present(plan), plan.request).read() == {"given_name": "Ada"}

    @pytest.mark.parametrize(
        ("answer", "kind", "pointer"),
        [
            (b'{"error":"access_denied"}', NOT_ANSWERABLE, "/error"),
            (b'{"vp_token":{}}', MISSING_CLAIM, "/vc-sd-jwt"),
            (b'{"vp_token":[]}', MALFORMED_VALUE_ERROR, ""),
            (b'{"vp_token":{"vc-sd-jwt":"text"}}', MALFORMED_VALUE_ERROR, "/vc-sd-jwt"),
            (b'{"vp_token":{"vc-sd-jwt":[5]}}', PARSING_ERROR, "/vc-sd-jwt/0"),
            (b"nonsense", PARSING_ERROR, ""),
            ("\ud800", PARSING_ERROR, ""),
        ],
    )
    def test_what_is_no_answer(self, there: Town, answer: Any, kind: ProblemType, pointer: str) -> None:
        (problem,) = refusal(there.bar, answer, there.ask("age_over_18")).problems
        assert (problem.kind, problem.pointer) == (kind, pointer)

    def test_every_problem_is_told(self, there: Town) -> None:
        shop = there.world.verifier()
        one, other = ask(shop, "given_name", issuers=[there.city.did]), there.ask("age_over_18")
        stages = [(problem.stage, problem.pointer) for problem in refusal(there.bar, there.answer(one), other).problems]
        assert stages == [
            ("bind", "/vc-sd-jwt/0/key_binding/aud"),
            ("bind", "/vc-sd-jwt/0/key_binding/nonce"),
            ("trust", "/vc-sd-jwt/0/credentialSubject/age_over_18"),
            ("trust", "/vc-sd-jwt/0/credentialSubject/given_name"),
        ]

    @pytest.mark.parametrize("wrong", [None, 5, {}, [], object(), bytearray(b"{}")])
    def test_what_was_parsed_elsewhere(self, there: Town, wrong: Any) -> None:
        request = there.ask("age_over_18")
        with pytest.raises(TypeError, match="bytes, text or a sayso value is expected"):
            there.bar.accept(wrong, request)
        with pytest.raises(TypeError, match="bytes, text or a sayso value is expected"):
            there.bar.accept(there.answer(request), wrong)


class TestReports:
    """DESIGN: one callback, problem types and timings, never values."""

    def reporting(self, there: Town) -> tuple[Verifier, list[Report]]:
        reports: list[Report] = []
        return there.world.verifier(on_report=reports.append), reports

    def test_what_was_accepted(self, there: Town) -> None:
        bar, reports = self.reporting(there)
        request = ask(bar, "given_name", issuers=[there.city.did])
        bar.accept(there.answer(request), request)
        (report,) = reports
        assert report.ok
        (part,) = report.parts["vc-sd-jwt"]
        assert [*part.timings] == ["decode", "resolve", "prove", "conform", "bind", "date", "status", "trust"]
        assert report.verified is part.verified is None
        assert "Ada" not in repr(report)

    def test_what_was_refused(self, there: Town) -> None:
        bar, reports = self.reporting(there)
        request = ask(bar, "given_name", issuers=[there.city.did])
        answer = there.answer(request)
        other = ask(bar, "given_name", issuers=[there.city.did])
        raised = [refusal(bar, answer, other), refusal(bar, b"", other), refusal(bar, answer, b"")]
        assert [report.problems for report in reports] == [error.problems for error in raised]
        assert [problem.kind for problem in reports[0].problems] == [INVALID_CHALLENGE_ERROR]

    def test_a_good_part_of_a_refused_answer_shows_nothing_either(self, there: Town) -> None:
        bar, reports = self.reporting(there)
        request = ask(bar, "given_name", issuers=[there.city.did])
        good = taken_apart(there.answer(request))
        text = "~".join((good.card, *good.disclosures, good.binding))
        refusal(bar, answer_of({"vc-sd-jwt": text, "other": text}), request)
        (report,) = reports
        assert [part.verified for parts in report.parts.values() for part in parts] == [None]

    def test_an_answer_that_comes_twice(self, there: Town) -> None:
        bar, reports = self.reporting(there)
        request = ask(bar, "given_name", issuers=[there.city.did])
        answer = there.answer(request)
        bar.accept(answer, request)
        refusal(bar, answer, request)
        assert [[problem.kind for problem in report.problems] for report in reports] == [[], [ALREADY_ANSWERED]]


class TestAsync:
    def test_the_same_outcome(self, there: Town) -> None:
        async def refuse(_: Retrieve) -> Retrieved:
            raise AssertionError

        request = there.ask("age_over_18")
        answer = there.answer(request)
        share = asyncio.run(again(there).accept_async(answer, request, fetch=refuse))
        assert share.read() == there.bar.accept(answer, request).read()
        with pytest.raises(SaysoError) as refused:
            asyncio.run(there.bar.accept_async(answer, request, fetch=refuse))
        assert kinds(refused.value) == [ALREADY_ANSWERED]


def test_no_traceback_of_accept_shows_a_value_with_all_that_its_frames_hold() -> None:
    there = town({"given_name": "Lovelace-qzxw", "member": 7})
    request = there.ask("given_name")
    long, short = there.answer(request).data, there.ada.present(there.ada.plan(request).ending(START + SECOND)).data
    there.world.clock.turn(SECOND)
    texts: list[str] = []

    def bring(answer: bytes) -> None:
        try:
            there.bar.accept(answer, request)
        except SaysoError as error:
            texts.append("".join(traceback.TracebackException.from_exception(error, capture_locals=True).format()))

    for answer in (short, long, long):
        bring(answer)
    there.world.clock.turn(HOUR)
    bring(long)
    assert len(texts) == 3
    assert not any("qzxw" in text for text in texts)
