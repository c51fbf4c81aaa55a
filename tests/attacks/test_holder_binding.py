"""Somebody who is not the holder shows the card: with the holder's signature stripped, borrowed, or replaced."""

from typing import Any

import pytest

from sayso import SaysoError
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, HOLDER_BINDING, MALFORMED_VALUE_ERROR, NOT_MINE, PARSING_ERROR
from sayso.proofs.sd_jwt import key_binding
from tests.journeys.town import Town, answer_of, forced, header_of, kinds, payload_of, sign, taken_apart, town


@pytest.fixture
def there() -> Town:
    return town()


def test_the_holders_signature_is_stripped(there: Town) -> None:
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer_of({parts.query: "~".join((parts.card, *parts.disclosures, ""))}), request)
    assert [(problem.kind, problem.stage) for problem in refused.value.problems] == [(HOLDER_BINDING, "bind")]


def test_with_the_tilde_too(there: Town) -> None:
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    with pytest.raises(SaysoError):
        there.bar.accept(answer_of({parts.query: "~".join((parts.card, *parts.disclosures))}), request)


def test_somebody_elses_signature(there: Town) -> None:
    """Eve has seen Ada's card, disclosures and all, and signs herself."""
    eve = there.world.signer()
    request = there.ask("age_over_18")
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(taken_apart(there.answer(request)).bound(eve), request)
    assert [(problem.kind, problem.stage) for problem in refused.value.problems] == [(CRYPTOGRAPHIC_SECURITY_ERROR, "prove")]


def test_eves_key_in_the_header_of_the_binding(there: Town) -> None:
    """The key is the one that the issuer confirmed, never one that comes along."""
    eve = there.world.signer()
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    header = {"alg": "EdDSA", "typ": "kb+jwt", "jwk": {"kty": "OKP", "crv": "Ed25519"}, "kid": there.holder}
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(binding=sign(header, parts.said, eve)).answer(), request)
    assert kinds(refused.value) == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_eves_key_in_the_card(there: Town) -> None:
    eve = there.world.signer()
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    payload = payload_of(parts.card)
    payload["cnf"] = {"jwk": payload_of(there.issue({}, holder=eve.public_key).text)["cnf"]["jwk"]}
    forged = parts._replace(card=sign(header_of(parts.card), payload, eve))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(forged.bound(eve), request)
    assert [problem.stage for problem in refused.value.problems] == ["prove"]


def test_another_holders_binding_from_the_same_counter(there: Town) -> None:
    """Ada and Eve are asked the same; Eve puts Ada's card under her own signature, and Ada's signature under her own card."""
    eve_key = there.world.signer()
    eve = there.world.wallet()
    eve.store(there.issue({"age_over_18": False}, holder=eve.add_key(eve_key)))
    request = there.ask("age_over_18")
    adas, eves = taken_apart(there.answer(request)), taken_apart(eve.present(eve.plan(request)))
    for mixed in (adas._replace(binding=eves.binding), eves._replace(binding=adas.binding)):
        with pytest.raises(SaysoError) as refused:
            there.bar.accept(mixed.answer(), request)
        assert kinds(refused.value) == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_eves_wallet_does_not_take_adas_card(there: Town) -> None:
    eve = there.world.wallet()
    eve.new_key()
    with pytest.raises(SaysoError) as refused:
        eve.store(there.issue())
    assert kinds(refused.value) == [NOT_MINE]
    plan = eve.plan(there.ask("age_over_18"))
    with pytest.raises(SaysoError):
        eve.present(forced(plan, there.plan("age_over_18")))


def test_a_binding_of_another_presentation_to_the_same_question(there: Town) -> None:
    request = there.ask("age_over_18", optional=["given_name"])
    plan = there.ada.plan(request)
    less, more = taken_apart(there.ada.present(plan)), taken_apart(there.ada.present(plan.also("given_name")))
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(more._replace(binding=less.binding).answer(), request)
    assert [problem.pointer for problem in refused.value.problems] == ["/vc-sd-jwt/0/key_binding/sd_hash"]


@pytest.mark.parametrize("typ", ["JWT", "vc+sd-jwt", "oauth-authz-req+jwt", None])
def test_another_kind_of_token_of_the_holder(there: Town, typ: str | None) -> None:
    """What the holder signed for another purpose is no key binding."""
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    token = sign({"alg": "EdDSA", "typ": typ}, parts.said, there.ada_key)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(parts._replace(binding=token).answer(), request)
    assert [problem.kind for problem in refused.value.problems] == [PARSING_ERROR]


@pytest.mark.parametrize("missing", ["iat", "aud", "nonce"])
def test_a_binding_that_says_too_little(there: Town, missing: str) -> None:
    request = there.ask("age_over_18")
    changed: dict[str, Any] = {missing: None}
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(taken_apart(there.answer(request)).bound(there.ada_key, **changed), request)
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [
        (MALFORMED_VALUE_ERROR, f"/vc-sd-jwt/0/key_binding/{missing}")
    ]


def test_two_bindings(there: Town) -> None:
    request = there.ask("age_over_18")
    parts = taken_apart(there.answer(request))
    with pytest.raises(SaysoError):
        there.bar.accept(parts._replace(disclosures=(*parts.disclosures, parts.binding)).answer(), request)
    assert key_binding.TYPE == "kb+jwt"
