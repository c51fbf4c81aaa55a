"""A forger signs a card that says what the real one says, for the real holder: only who signed it differs."""

import pytest

from sayso import ANYONE, Answer, SaysoError
from sayso.errors import INVALID_VERIFICATION_METHOD, MISSING_CLAIM, UNTRUSTED_ISSUER
from sayso.testing.actors import Cast, cast_of, with_card
from tests.journeys.town import YEAR, answer_of, ask, header_of, kinds, payload_of, sign, taken_apart, town


def forged_answer(cast: Cast, answer: Answer) -> Answer:
    return with_card(answer, cast.forged, cast.ada_key)


def test_all_else_is_equal() -> None:
    cast = cast_of()
    real, forged = cast.card.text, cast.forged.text
    assert real.split("~")[1:] == forged.split("~")[1:], "the same disclosures, salts and all"
    differing = {name for name, value in payload_of(real).items() if payload_of(forged)[name] != value}
    assert differing == {"issuer"}
    assert {name for name, value in header_of(real).items() if header_of(forged)[name] != value} == {"kid"}


def test_it_is_refused_at_trust_and_nowhere_else() -> None:
    """The first attack: the same journey with a card from another key is refused at stage 8."""
    cast = cast_of()
    request = ask(cast.bar, "age_over_18", issuers=[cast.city.did])
    answer = cast.ada.present(cast.ada.plan(request))
    with pytest.raises(SaysoError) as refused:
        cast.bar.accept(forged_answer(cast, answer), request)
    assert {problem.stage for problem in refused.value.problems} == {"trust"}
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [
        (UNTRUSTED_ISSUER, "/vc-sd-jwt/0/issuer"),
        (MISSING_CLAIM, "/vc-sd-jwt/0/issuer"),
    ]
    assert cast.bar.accept(answer, request).read() == {"age_over_18": True}, "and the real one is accepted"


def test_whoever_trusts_anyone_is_told_what_anyone_says() -> None:
    """Nothing else is wrong with it: the named opt-out opens that one door."""
    cast = cast_of()
    request = ask(cast.bar, "age_over_18", issuers=ANYONE)
    answer = forged_answer(cast, cast.ada.present(cast.ada.plan(request)))
    assert cast.bar.accept(answer, request).read() == {"age_over_18": True}


def test_the_wallet_does_not_offer_it() -> None:
    cast = cast_of()
    cast.ada.store(cast.forged)
    request = ask(cast.bar, "age_over_18", issuers=[cast.city.did])
    plan = cast.ada.plan(request)
    assert len({one.credential for able in plan.candidates.values() for one in able}) == 1
    assert cast.bar.accept(cast.ada.present(plan), request).read() == {"age_over_18": True}


def test_a_card_that_names_the_city_and_is_signed_by_the_forger() -> None:
    there = town()
    forger = there.world.signer()
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    forged = parts._replace(card=sign(header_of(parts.card), payload_of(parts.card), forger))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(forged.bound(there.ada_key), request)
    assert [problem.stage for problem in refused.value.problems] == ["prove"]


def test_a_card_that_names_the_city_with_the_key_of_the_forger() -> None:
    """The key is good, the signature too, and the issuer is one that is trusted; but it is not that issuer's key."""
    there = town()
    forger = there.world.signer()
    own = there.world.issuer(forger).issue({}, type="X", holder=there.holder, valid_for=YEAR)
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    forged = parts._replace(card=sign({**header_of(parts.card), "kid": header_of(own.text)["kid"]}, payload_of(parts.card), forger))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(forged.bound(there.ada_key), request)
    assert [(problem.kind, problem.stage) for problem in refused.value.problems] == [(INVALID_VERIFICATION_METHOD, "bind")]


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "EDDSA", "", None, ["EdDSA"]])
def test_a_card_of_another_algorithm(algorithm: object) -> None:
    there = town()
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    forged = parts._replace(card=sign({**header_of(parts.card), "alg": algorithm}, payload_of(parts.card), there.city_key))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(forged.bound(there.ada_key), request)
    assert [problem.stage for problem in refused.value.problems] == ["decode"]


def test_a_card_of_another_format_for_the_question() -> None:
    there = town()
    there.ada.store(there.issue(format="dc+sd-jwt"))
    other = there.plan("age_over_18", type="IdentityCard", formats=["dc+sd-jwt"])
    request = there.ask("age_over_18")
    plan = there.ada.plan(request)
    card = taken_apart(there.ada.present(other)).card
    parts = taken_apart(there.ada.present(plan))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(card=card, disclosures=()).bound(there.ada_key), request)
    assert {problem.stage for problem in refused.value.problems} == {"trust"}


def test_two_cards_where_one_was_asked_for() -> None:
    there = town()
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    text = "~".join((parts.card, *parts.disclosures, parts.binding))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer_of({parts.query: text, "more": text}), request)
    assert "EXCESS_DISCLOSURE" in kinds(refused.value)[0].url
