"""Journeys in which a card cannot be shown in parts, and in which nothing is shown at all."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from sayso import WILL_NOT_STORE, SaysoError
from sayso.dids import did_key
from sayso.errors import WHOLE_CREDENTIAL
from sayso.keys.signer import Signer
from sayso.testing.world import World
from tests.journeys.town import HOUR, YEAR, kinds, payload_of, sign, town
from tests.journeys.whole import FORMATS, QUERY, WAYS, put

WORDS: dict[str, Any] = {"purpose": "Rent you a car", "benefit": "You can drive off", "keep_for": timedelta(days=30)}


@pytest.mark.parametrize("way", WAYS)
def test_a_driving_licence_of_a_kind_that_is_shown_whole(way: str) -> None:
    """Ada sees that all of her licence would leave, asks herself whether the car is worth it, and says so."""
    world = World()
    roads, ada, rental = world.issuer(), world.wallet(), world.verifier(name="Rental")
    licence = {"given_name": "Ada", "birthdate": "1990-12-10", "category": "B", "home": {"street": "Storgata 1", "city": "Bergen"}}
    ada.store(roads.issue(licence, type="DrivingLicence", holder=ada.new_key(), valid_for=YEAR, format=way))
    request = rental.request("category", optional=["given_name"], issuers=[roads.did], formats=("vc+sd-jwt", *FORMATS), **WORDS)

    plan = ada.plan(request)
    assert not plan.answerable
    with pytest.raises(SaysoError) as refused:
        ada.present(plan)
    assert WHOLE_CREDENTIAL in kinds(refused.value)

    whole = plan.whole(QUERY[way])
    assert whole.leaves == licence
    assert {*whole.unasked} == {"birthdate", "home"}
    assert whole.stays == ()
    share = rental.accept(ada.present(whole.ending(world.clock() + HOUR)), request)
    assert share.read() == {"category": "B", "given_name": "Ada"}
    assert ada.shared[0].claims == whole.names

    world.clock.turn(HOUR)
    assert share.ended


def test_a_newer_licence_is_shown_in_parts() -> None:
    """She gets one that can be, and from then on that one answers."""
    world = World()
    roads, ada, rental = world.issuer(), world.wallet(), world.verifier(name="Rental")
    licence = {"category": "B", "birthdate": "1990-12-10"}
    holder = ada.new_key()
    ada.store(roads.issue(licence, type="DrivingLicence", holder=holder, valid_for=YEAR, format="eddsa-rdfc-2022"))
    ada.store(roads.issue(licence, type="DrivingLicence", holder=holder, valid_for=YEAR))
    request = rental.request("category", issuers=[roads.did], formats=("ldp_vc", "vc+sd-jwt"), **WORDS)
    plan = ada.plan(request)
    assert (plan.leaves, plan.stays) == ({"category": "B"}, ("birthdate",))
    share = asyncio.run(rental.accept_async(ada.present(plan), request, fetch=_nothing))
    assert share.read() == {"category": "B"}


async def _nothing(_: object) -> Any:
    raise AssertionError


def test_one_answer_with_a_card_of_each_kind() -> None:
    world = World()
    roads, ada, rental = world.issuer(), world.wallet(), world.verifier(name="Rental")
    formats = {"a": "vc+sd-jwt", "b": "ldp_vc", "c": "jwt_vc_json"}
    for name, way in zip(formats, ("vc+sd-jwt", "eddsa-jcs-2022", "vc+jwt"), strict=True):
        ada.store(roads.issue({name: name.upper()}, type="Card", holder=ada.new_key(), valid_for=YEAR, format=way))
    meta = {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]}
    query = {
        "credentials": [
            {"id": name, "format": query_format, "meta": meta, "claims": [{"path": ["credentialSubject", name]}]}
            for name, query_format in formats.items()
        ]
    }
    request = rental.request_query(query, issuers=[roads.did], **WORDS)
    share = rental.accept(ada.present(ada.plan(request)), request)
    assert share.read() == {"a": {"a": "A"}, "b": {"b": "B"}, "c": {"c": "C"}}
    assert share.ends == world.clock() + timedelta(days=30)


def test_the_corner_shop_knows_her_again_and_nobody_else_does() -> None:
    """She signs in, is given a card for that key, and is known when she comes back, without a name."""
    world = World()
    ada, shop, other = world.wallet(), world.verifier(name="The Shop"), world.verifier(name="Another")
    till = world.issuer()
    first = shop.sign_in_request(purpose="Count your stamps")
    plan = ada.plan(first)
    assert (plan.signs_in, plan.leaves, plan.known_as) == (True, {}, None)
    known = shop.accept_sign_in(ada.present(plan), first)

    ada.store(till.issue({"stamps": 9}, type="StampCard", holder=known.holder, valid_for=YEAR))
    request = shop.request("stamps", issuers=[till.did], purpose="Count your stamps", benefit="The tenth is free", keep_for=HOUR)
    assert shop.accept(ada.present(ada.plan(request)), request).read() == {"stamps": 9}

    world.clock.turn(timedelta(days=7))
    second = shop.sign_in_request(purpose="Count your stamps")
    plan = ada.plan(second)
    assert (plan.known_as, plan.met_before) == (known.holder, True)
    assert shop.accept_sign_in(ada.present(plan), second).holder == known.holder

    elsewhere = other.sign_in_request(purpose="Count your stamps")
    assert other.accept_sign_in(ada.present(ada.plan(elsewhere)), elsewhere).holder != known.holder
    assert [one.claims for one in ada.shared] == [(), ("stamps",), (), ()]


def test_a_wallet_of_another_make_answers_in_the_form_of_version_1() -> None:
    """A JWT with the claim `vp`, and in it one with the claim `vc`: what OpenID4VP 1.0 shows for `jwt_vc_json`."""
    there = town(None)
    request = there.ask("age", formats=["jwt_vc_json"], keep_for=WILL_NOT_STORE)
    asked, now = payload_of(request.text), int(there.world.clock().timestamp())
    old = "https://www.w3.org/2018/credentials/v1"
    subject = {"age": 36, "name": "Ada"}
    card = {"@context": [old], "type": ["VerifiableCredential"], "credentialSubject": subject}
    claims = {"iss": there.city.did, "sub": there.holder, "nbf": now, "exp": now + 900, "vc": card}
    inside = sign(_header(there.city_key), claims, there.city_key)
    presentation = {"@context": [old], "type": ["VerifiablePresentation"], "verifiableCredential": [inside]}
    said = {"iss": there.holder, "aud": asked["client_id"], "nonce": asked["nonce"], "iat": now, "exp": now + 60, "vp": presentation}
    answer = put("jwt_vc_json", sign(_header(there.ada_key), said, there.ada_key))
    share = there.bar.accept(answer, request)
    assert (share.ends, share.read()) == (there.world.clock() + timedelta(seconds=60), {"age": 36})


def _header(signer: Signer) -> dict[str, Any]:
    return {"alg": "EdDSA", "typ": "JWT", "kid": did_key.verification_method(signer.public_key)}
