"""An answer is caught on its way and brought again: to the same counter, to another one, for another question, or later."""

import pytest

from sayso import SaysoError, Share, Verifier
from sayso.errors import ALREADY_ANSWERED, INVALID_CHALLENGE_ERROR, INVALID_DOMAIN_ERROR, UNKNOWN_REQUEST
from tests.journeys.town import ask, kinds, rewritten, taken_apart, town


def test_to_the_same_counter() -> None:
    there = town()
    request = there.ask("age_over_18")
    answer = there.answer(request)
    there.bar.accept(answer, request)
    for _ in range(3):
        with pytest.raises(SaysoError) as refused:
            there.bar.accept(answer, request)
        assert kinds(refused.value) == [ALREADY_ANSWERED]


def test_with_another_signature_of_the_same_holder() -> None:
    """It is the question that is answered once, not the bytes."""
    there = town()
    request = there.ask("age_over_18")
    answer = there.answer(request)
    there.bar.accept(answer, request)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(taken_apart(answer).bound(there.ada_key, jti="another"), request)
    assert kinds(refused.value) == [ALREADY_ANSWERED]


def test_for_another_question_of_the_same_business() -> None:
    there = town()
    answer = there.answer(there.ask("age_over_18"))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, there.ask("age_over_18"))
    assert kinds(refused.value) == [INVALID_CHALLENGE_ERROR]


def test_to_another_business() -> None:
    there = town()
    shop = there.world.verifier(name="The Bar")
    answer = there.answer(there.ask("age_over_18"))
    with pytest.raises(SaysoError) as refused:
        shop.accept(answer, ask(shop, "age_over_18", issuers=[there.city.did]))
    assert kinds(refused.value) == [INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR]


def test_to_another_business_that_uses_the_same_nonce() -> None:
    """A shop that wants to pass its customer's answer on to the bar asks with the bar's nonce: the audience tells."""
    there = town()
    shop_key = there.world.signer()
    shop = there.world.verifier(shop_key, name="The Bar")
    at_the_bar = there.ask("age_over_18")
    nonce = there.ada.plan(at_the_bar).asked.request.nonce
    at_the_shop = rewritten(ask(shop, "age_over_18", issuers=[there.city.did]), shop_key, lambda said: said.update(nonce=nonce))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(there.answer(at_the_shop), at_the_bar)
    assert kinds(refused.value) == [INVALID_DOMAIN_ERROR]


def test_a_question_of_another_business_brought_along() -> None:
    there = town()
    shop = there.world.verifier()
    request = ask(shop, "age_over_18", issuers=[there.city.did])
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(there.answer(request), request)
    assert kinds(refused.value) == [UNKNOWN_REQUEST]


def test_after_a_restart_that_forgot_everything_it_is_once_more_and_not_twice() -> None:
    """A store that lasts remembers over restarts; in memory, that a request ends bounds what was forgotten."""
    there = town()
    request = there.ask("age_over_18")
    answer = there.answer(request)
    there.bar.accept(answer, request)
    restarted = Verifier(there.bar_key, clock=there.world.clock)
    assert isinstance(restarted.accept(answer, request), Share)
    with pytest.raises(SaysoError) as refused:
        restarted.accept(answer, request)
    assert kinds(refused.value) == [ALREADY_ANSWERED]
