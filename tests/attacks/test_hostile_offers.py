"""Somebody lies with offers: alters them, brings them twice, brings them elsewhere, or answers what was never offered."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from sayso import SaysoError, Verifier, Wallet
from sayso.dids import did_key
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    LIMIT_EXCEEDED,
    METHOD_NOT_SUPPORTED,
    OFFER,
    OFFER_ANSWERED,
    PARSING_ERROR,
    RANGE_ERROR,
    TERMS,
    UNKNOWN_OFFER,
    UNKNOWN_TERM,
    ProblemType,
)
from sayso.sharing.offer import DECLINE_TYPE, TYPE, Decline, Offer
from sayso.storage.nonces import MemoryNonces
from tests.journeys.town import Town, header_of, kinds, payload_of, sign, town

HOUR = timedelta(hours=1)


def offered(there: Town, verifier: Verifier | None = None) -> Offer:
    """Let Ada offer the bar, or somebody else, that she is of age."""
    return there.ada.offer((verifier or there.bar).did, "age_over_18", purpose="A drink", keep_for=HOUR)


def accept(there: Town, made: Offer | bytes | str, verifier: Verifier | None = None) -> Any:
    return (verifier or there.bar).accept_offer(made, issuers=[there.city.did], benefit="You get it")


def counter(there: Town, made: Offer | bytes | str) -> Any:
    words: dict[str, Any] = {"issuers": [there.city.did], "purpose": "A drink", "benefit": "b", "keep_for": HOUR}
    return there.bar.counter_offer(made, "birthdate", **words)


def refusal(act: Callable[[], object]) -> list[ProblemType]:
    with pytest.raises(SaysoError) as refused:
        act()
    assert "Ada" not in str(refused.value)
    return kinds(refused.value)


def forged(there: Town, change: Callable[[dict[str, Any]], None], header: Callable[[dict[str, Any]], None] = lambda _: None) -> str:
    """Offer what no wallet would, signed with a key of the forger's own that is named in it."""
    signer = there.world.signer()
    made = offered(there)
    payload, top = payload_of(made.text), header_of(made.text)
    payload["iss"], top["kid"] = did_key.did_of(signer.public_key), did_key.verification_method(signer.public_key)
    change(payload)
    header(top)
    return sign(top, payload, signer)


def test_the_forger_is_right_where_nothing_is_wrong() -> None:
    there = town()
    assert there.bar.read_offer(forged(there, lambda _: None)).purpose == "A drink"


class TestToTheBusiness:
    def test_brought_twice(self) -> None:
        there = town()
        made = offered(there)
        accept(there, made)
        for again in (lambda: accept(there, made), lambda: counter(there, made), lambda: there.bar.decline(made, "not-now")):
            assert refusal(again) == [OFFER_ANSWERED]

    def test_brought_twice_across_a_restart(self) -> None:
        there = town()
        nonces = MemoryNonces()
        before, after = (there.world.verifier(there.bar_key, nonces=nonces) for _ in range(2))
        made = offered(there)
        before.decline(made, "not-now")
        assert refusal(lambda: accept(there, made, after)) == [OFFER_ANSWERED]

    def test_signed_again_with_the_same_id(self) -> None:
        """It is the offer that is answered once, not its bytes."""
        there = town()
        signer = there.world.signer()
        made = offered(there)
        named = {"iss": did_key.did_of(signer.public_key)}
        header = {**header_of(made.text), "kid": did_key.verification_method(signer.public_key)}
        one, other = (sign(header, {**payload_of(made.text), **named, "purposeText": [{"content": text}]}, signer) for text in ("a", "b"))
        accept(there, one)
        assert refusal(lambda: accept(there, other)) == [OFFER_ANSWERED]

    def test_a_stranger_cannot_use_up_the_offer_of_another(self) -> None:
        there = town()
        made = offered(there)
        theirs = forged(there, lambda said: said.update(jti=payload_of(made.text)["jti"]))
        there.bar.decline(theirs, "not-now")
        assert accept(there, made)

    def test_remembered_until_it_has_expired(self) -> None:
        there = town()
        made = offered(there)
        accept(there, made)
        there.world.clock.turn(timedelta(days=7, seconds=59))
        assert refusal(lambda: accept(there, made)) == [OFFER_ANSWERED]
        there.world.clock.turn(timedelta(seconds=2))
        assert refusal(lambda: accept(there, made)) == [RANGE_ERROR]

    def test_made_to_another_business(self) -> None:
        there = town()
        made = offered(there, there.world.verifier(name="The Bar"))
        assert refusal(lambda: accept(there, made)) == [INVALID_DOMAIN_ERROR]
        assert refusal(lambda: there.bar.decline(made, "not-now")) == [INVALID_DOMAIN_ERROR]

    def test_to_two_businesses_at_once(self) -> None:
        there = town()
        both = forged(there, lambda said: said.update(aud=[there.bar.did, "did:example:other"]))
        assert refusal(lambda: accept(there, both)) == [OFFER]

    def test_expired(self) -> None:
        there = town()
        made = offered(there)
        there.world.clock.turn(timedelta(days=8))
        assert refusal(lambda: accept(there, made)) == [RANGE_ERROR]

    def test_from_the_future(self) -> None:
        there = town()
        made = offered(there)
        there.world.clock.turn(-timedelta(minutes=2))
        assert refusal(lambda: accept(there, made)) == [RANGE_ERROR]

    def test_for_ever(self) -> None:
        there = town()
        assert refusal(lambda: accept(there, forged(there, lambda said: said.update(exp=32503680000)))) == [OFFER]

    def test_altered(self) -> None:
        there = town()
        made = offered(there)
        head, _, signature = made.text.split(".")
        changed = sign(header_of(made.text), {**payload_of(made.text), "purposeText": [{"content": "Anything"}]}, there.ada_key)
        assert refusal(lambda: accept(there, f"{head}.{changed.split('.')[1]}.{signature}")) == [CRYPTOGRAPHIC_SECURITY_ERROR]

    def test_signed_with_another_key(self) -> None:
        there = town()
        made = offered(there)
        stolen = sign(header_of(made.text), payload_of(made.text), there.ada_key)
        assert refusal(lambda: accept(there, stolen)) == [CRYPTOGRAPHIC_SECURITY_ERROR]

    def test_in_the_name_of_another_customer(self) -> None:
        there = town()
        theirs = payload_of(offered(there).text)["iss"]
        assert refusal(lambda: accept(there, forged(there, lambda said: said.update(iss=theirs)))) == [INVALID_VERIFICATION_METHOD]

    def test_without_a_signature(self) -> None:
        there = town()
        bare = forged(there, lambda _: None, lambda header: header.update(alg="none"))
        assert refusal(lambda: accept(there, bare)) == [CRYPTOGRAPHIC_SECURITY_ERROR]

    @pytest.mark.parametrize("typ", ["oauth-authz-req+jwt", "kb+jwt", "JWT", DECLINE_TYPE, None])
    def test_something_else_that_is_signed(self, typ: str | None) -> None:
        there = town()
        assert refusal(lambda: accept(there, forged(there, lambda _: None, lambda header: header.update(typ=typ)))) == [PARSING_ERROR]

    def test_a_request_is_no_offer(self) -> None:
        there = town()
        assert refusal(lambda: accept(there, there.ask("age_over_18").data)) == [PARSING_ERROR]

    @pytest.mark.parametrize("did", ["did:web:evil.example", "did:webvh:a:evil.example", "did:jwk:e30"], ids=["web", "webvh", "jwk"])
    def test_the_business_is_made_to_ask_the_network(self, did: str) -> None:
        """An offer is signed by a did:key: nobody can have a business call a host of theirs."""
        there = town()
        lure = forged(there, lambda said: said.update(iss=did), lambda header: header.update(kid=f"{did}#key"))
        assert refusal(lambda: accept(there, lure)) == [METHOD_NOT_SUPPORTED]
        assert there.world.network.asked.total() == 0

    @pytest.mark.parametrize(
        ("change", "kind"),
        [
            (lambda said: said.update(vp_token={"given_name": "Ada"}), OFFER),
            (lambda said: said["attributes"][0].update(value="Ada"), OFFER),
            (lambda said: said["attributes"][0].update(claim=["a", {"b": "Ada"}]), OFFER),
            (lambda said: said.update(purposeText=[{"content": "<b>\u202eAda"}]), TERMS),
            (lambda said: said.update(purposeText=[{"content": "A" * 501}]), TERMS),
            (lambda said: said.update(prohibited=["dpv:Ada"]), UNKNOWN_TERM),
            (
                lambda said: said.update(attributes=[{"claim": str(n), "storage": {"hasDuration": "P1D"}} for n in range(129)]),
                LIMIT_EXCEEDED,
            ),
            (lambda said: said.update(jti=""), TERMS),
        ],
        ids=["values", "a value", "a value in a path", "bidi", "too long", "a term", "too many", "no id"],
    )
    def test_values_markup_and_size(self, change: Callable[[dict[str, Any]], None], kind: ProblemType) -> None:
        there = town()
        assert refusal(lambda: accept(there, forged(there, change))) == [kind]

    def test_a_refused_offer_is_not_used_up(self) -> None:
        there = town()
        made = offered(there)
        with pytest.raises(ValueError, match="counter offer"):
            there.bar.accept_offer(made, "birthdate", issuers=[there.city.did], benefit="b")
        with pytest.raises(ValueError, match="reason is one of"):
            there.bar.decline(made, "because")
        assert accept(there, made)


class TestToTheCustomer:
    def test_the_answer_to_what_was_never_offered(self) -> None:
        there, other = town(), Wallet.generate()
        request = accept(there, offered(there))
        plan = there.ada.plan(request)
        assert there.ada.beyond_offer(plan) == ()
        for act in (other.beyond_offer, other.record_of):
            assert refusal(partial(act, plan)) == [UNKNOWN_OFFER]

    def test_a_request_that_answers_no_offer(self) -> None:
        there = town()
        offered(there)
        assert refusal(lambda: there.ada.beyond_offer(there.plan("age_over_18"))) == [UNKNOWN_OFFER]

    def test_a_business_that_was_offered_nothing_claims_that_it_was(self) -> None:
        """It has seen the link to an offer to another: the wallet says that it is another business that asks."""
        there = town()
        linked = there.ada.plan(accept(there, offered(there))).asked.terms.conditions
        other = there.world.verifier()
        request = other.request("age_over_18", issuers=[there.city.did], purpose="A drink", benefit="b", keep_for=HOUR, conditions=linked)
        assert [one.what for one in there.ada.beyond_offer(there.ada.plan(request))] == ["business"]

    def test_a_link_with_another_digest(self) -> None:
        there = town()
        said = there.ada.plan(accept(there, offered(there))).asked.terms.conditions
        assert said.offer is not None
        request = there.ask("age_over_18", conditions=said._replace(offer=said.offer._replace(digest="uEiAAAA")))
        assert refusal(lambda: there.ada.beyond_offer(there.ada.plan(request))) == [UNKNOWN_OFFER]

    def test_an_acceptance_that_asks_for_more(self) -> None:
        there = town()
        plan = there.ada.plan(counter(there, offered(there)))
        assert [one.what for one in there.ada.beyond_offer(plan)] == ["claim"]
        assert there.ada.record_of(plan).outcome == "countered"

    def test_declined_by_somebody_else(self) -> None:
        there = town()
        text = there.bar.decline(offered(there), "not-now").text
        forger = there.world.signer()
        header = {**header_of(text), "kid": did_key.verification_method(forger.public_key)}
        assert refusal(lambda: there.ada.declined(sign(header, payload_of(text), forger))) == [INVALID_VERIFICATION_METHOD]
        own = {**payload_of(text), "iss": did_key.did_of(forger.public_key)}
        assert refusal(lambda: there.ada.declined(sign(header, own, forger))) == [UNKNOWN_OFFER]

    def test_a_refusal_that_was_altered(self) -> None:
        there = town()
        text = there.bar.decline(offered(there), "not-now").text
        changed = sign(header_of(text), {**payload_of(text), "reason": "no-such-service"}, there.ada_key)
        head, payload, _ = changed.split(".")
        assert refusal(lambda: there.ada.declined(f"{head}.{payload}.{text.split('.')[2]}")) == [CRYPTOGRAPHIC_SECURITY_ERROR]

    def test_another_customers_refusal(self) -> None:
        there = town()
        declined = there.bar.decline(offered(there), "not-now")
        assert refusal(lambda: Wallet.generate(clock=there.world.clock).declined(declined)) == [UNKNOWN_OFFER]

    def test_an_offer_is_no_refusal(self) -> None:
        there = town()
        assert refusal(lambda: there.ada.declined(offered(there).data)) == [PARSING_ERROR]
        assert refusal(lambda: there.ada.declined(Decline(b"\xff"))) == [PARSING_ERROR]

    def test_two_offers_cannot_be_linked(self) -> None:
        """Each has a key of its own, and no other DID of the customer."""
        there = town()
        one, other = (payload_of(offered(there).text) for _ in range(2))
        assert one["iss"] != other["iss"]
        assert one["jti"] != other["jti"]
        assert there.holder not in str((one, other))
        assert header_of(offered(there).text)["typ"] == TYPE
