"""Signing in as somebody else, somewhere else, again, or with more than was asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from sayso import Answer, Request, SaysoError
from sayso.dids import did_jwk, did_key
from sayso.errors import (
    ALREADY_ANSWERED,
    CRYPTOGRAPHIC_SECURITY_ERROR,
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    METHOD_NOT_SUPPORTED,
    MISSING_CLAIM,
    OTHER_REQUEST,
    RANGE_ERROR,
    UNEXPECTED_TYPE,
    UNKNOWN_REQUEST,
    ProblemType,
)
from sayso.keys.signer import Signer
from tests.journeys.town import Town, header_of, kinds, payload_of, rewritten, sign, town
from tests.journeys.whole import held, put, taken
from tests.spec.data_integrity.documents import secured


@pytest.fixture
def there() -> Town:
    return town()


def answered(there: Town) -> tuple[Request, Answer]:
    request = there.bar.sign_in_request(purpose="Keep your tab")
    return request, there.ada.present(there.ada.plan(request))


def refused(do: Callable[..., object], *args: Any) -> list[ProblemType]:
    with pytest.raises(SaysoError) as error:
        do(*args)
    return kinds(error.value)


def forged(answer: Answer, signer: Signer, header: dict[str, Any] | None = None, **claims: Any) -> Answer:
    """Sign what was presented anew by another key, in its name; a claim that is None is left out."""
    entry, token = taken(answer)
    assert isinstance(token, str)
    said = {**payload_of(token), "holder": did_key.did_of(signer.public_key), **claims}
    head = {**header_of(token), "kid": did_key.verification_method(signer.public_key), **(header or {})}
    return put(entry, sign(head, {name: value for name, value in said.items() if value is not None}, signer))


def test_twice(there: Town) -> None:
    request, answer = answered(there)
    there.bar.accept_sign_in(answer, request)
    assert refused(there.bar.accept_sign_in, answer, request) == [ALREADY_ANSWERED]


def test_at_another_time(there: Town) -> None:
    request, answer = answered(there)
    there.world.clock.turn(timedelta(minutes=5))
    assert refused(there.bar.accept_sign_in, answer, request) == [RANGE_ERROR]


def test_in_answer_to_another_request(there: Town) -> None:
    _, answer = answered(there)
    request = there.bar.sign_in_request(purpose="Keep your tab")
    assert refused(there.bar.accept_sign_in, answer, request) == [INVALID_CHALLENGE_ERROR]


def test_at_another_business(there: Town) -> None:
    """Neither with the answer, nor with a request that a business passes on as its own."""
    shop = there.world.verifier()
    request, answer = answered(there)
    assert {*refused(shop.accept_sign_in, answer, shop.sign_in_request(purpose="p"))} == {INVALID_DOMAIN_ERROR, INVALID_CHALLENGE_ERROR}
    assert refused(shop.accept_sign_in, answer, request) == [UNKNOWN_REQUEST]


def test_a_business_that_passes_on_the_request_of_another(there: Town) -> None:
    """The customer sees whose it is; and who signs it anew becomes the one that it names."""
    mallory = there.world.signer()
    request = there.bar.sign_in_request(purpose="Keep your tab")
    assert refused(there.ada.plan, rewritten(request, mallory, lambda _: None)) == [CRYPTOGRAPHIC_SECURITY_ERROR]
    own = sign({**header_of(request.text), "kid": did_key.verification_method(mallory.public_key)}, payload_of(request.text), mallory)
    assert refused(there.ada.plan, own) == [INVALID_VERIFICATION_METHOD]


def test_as_somebody_else(there: Town) -> None:
    request, answer = answered(there)
    thief = there.world.signer()
    known = payload_of(str(taken(answer)[1]))["holder"]
    assert refused(there.bar.accept_sign_in, forged(answer, thief, holder=known), request) == [INVALID_VERIFICATION_METHOD]
    kid = {"kid": header_of(str(taken(answer)[1]))["kid"]}
    assert refused(there.bar.accept_sign_in, forged(answer, thief, kid, holder=known), request) == [CRYPTOGRAPHIC_SECURITY_ERROR]
    assert there.bar.accept_sign_in(answer, request).holder == known


def test_with_a_credential(there: Town) -> None:
    request, answer = answered(there)
    card = held(there.issue({"age": 36}, format="vc+jwt"))
    loud = forged(answer, there.ada_key, verifiableCredential=[card])
    assert refused(there.bar.accept_sign_in, loud, request) == [EXCESS_DISCLOSURE]


def test_with_an_answer_that_shares_something(there: Town) -> None:
    request, _ = answered(there)
    asked = there.ask("age_over_18")
    share = there.answer(asked)
    assert {*refused(there.bar.accept_sign_in, share, request)} == {EXCESS_DISCLOSURE, MISSING_CLAIM}
    (_, text) = taken(share)
    assert UNEXPECTED_TYPE in refused(there.bar.accept_sign_in, put("sign-in", text), request)
    there.bar.accept(share, asked)


def test_who_signs_in_shares_nothing(there: Town) -> None:
    request, answer = answered(there)
    asked = there.ask("age_over_18")
    assert {*refused(there.bar.accept, answer, asked)} == {EXCESS_DISCLOSURE, MISSING_CLAIM}
    assert refused(there.bar.accept, answer, request) == [OTHER_REQUEST]
    assert refused(there.bar.accept_sign_in, there.answer(asked), asked) == [OTHER_REQUEST]
    there.bar.accept_sign_in(answer, request)


def test_twice_at_once(there: Town) -> None:
    request, answer = answered(there)
    entry, token = taken(answer)
    assert refused(there.bar.accept_sign_in, put(entry, token, token), request) == [EXCESS_DISCLOSURE]


@pytest.mark.parametrize(
    ("name", "kind"),
    [("holder", MISSING_CLAIM), ("exp", MISSING_CLAIM), ("aud", INVALID_DOMAIN_ERROR), ("nonce", INVALID_CHALLENGE_ERROR)],
)
def test_without_what_binds_it(there: Town, name: str, kind: ProblemType) -> None:
    request, answer = answered(there)
    assert refused(there.bar.accept_sign_in, forged(answer, there.ada_key, **{name: None}), request) == [kind]


def test_with_a_did_of_another_method(there: Town) -> None:
    """It might be known elsewhere, and its document ask the network."""
    request, answer = answered(there)
    signer = there.world.signer()
    did = did_jwk.did_of(signer.public_key)
    assert refused(there.bar.accept_sign_in, forged(answer, signer, {"kid": f"{did}#0"}, holder=did), request) == [METHOD_NOT_SUPPORTED]
    web = {"kid": "did:web:ada.example#1"}
    assert refused(there.bar.accept_sign_in, forged(answer, signer, web, holder="did:web:ada.example"), request) == [METHOD_NOT_SUPPORTED]
    assert not there.world.network.asked


def test_in_another_form(there: Town) -> None:
    """With a proof, in the claim `vp`, or as no presentation at all."""
    request, answer = answered(there)
    entry, token = taken(answer)
    said = payload_of(str(token))
    document = {name: said[name] for name in ("@context", "type")} | {"holder": there.holder}
    options: dict[str, Any] = {"purpose": "authentication", "domain": said["aud"], "challenge": said["nonce"]}
    proven = secured(document, "eddsa-jcs-2022", there.ada_key, created=there.world.clock(), **options)
    assert UNEXPECTED_TYPE in refused(there.bar.accept_sign_in, put(entry, proven), request)
    old = {"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiablePresentation"]}
    inside = {**{name: said[name] for name in ("aud", "nonce", "iat", "exp")}, "iss": there.holder, "vp": old}
    head = {"alg": "EdDSA", "typ": "JWT", "kid": did_key.verification_method(there.ada_key.public_key)}
    assert refused(there.bar.accept_sign_in, put(entry, sign(head, inside, there.ada_key)), request) == [UNEXPECTED_TYPE]
    card = there.issue({"age": 36}, format="vc+jwt")
    assert HOLDER_BINDING in refused(there.bar.accept_sign_in, put(entry, card.text), request)
