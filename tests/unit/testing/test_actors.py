from datetime import timedelta

import pytest

from sayso.credentials.wire import Answer, Credential, Request
from sayso.errors import SaysoError
from sayso.jsonvalue import JsonObject
from sayso.proofs.jose import jws
from sayso.testing.actors import ADA, Cast, cast_of, with_card
from sayso.testing.world import World


def _asked(actors: Cast) -> tuple[Answer, Request]:
    request = actors.bar.request(
        "age_over_18", issuers=[actors.city.did], purpose="Serve alcohol", benefit="You get your drink", keep_for=timedelta(hours=1)
    )
    return actors.ada.present(actors.ada.plan(request)), request


def _parts(card: Credential) -> tuple[JsonObject, JsonObject, list[str]]:
    token, *disclosures = card.text.split("~")
    parsed = jws.decode(token.encode(), ("vc+sd-jwt",))
    return parsed.header, parsed.payload, disclosures


def test_ada_shows_her_card_at_the_bar() -> None:
    actors = cast_of()
    answer, request = _asked(actors)
    assert actors.bar.accept(answer, request).read() == {"age_over_18": True}
    assert len(actors.ada.stored) == 1


def test_the_forged_card_differs_in_its_key_alone() -> None:
    actors = cast_of()
    header, payload, disclosures = _parts(actors.card)
    forged_header, forged_payload, forged_disclosures = _parts(actors.forged)
    assert disclosures == forged_disclosures
    assert len(disclosures) == len(ADA) + 1
    assert forged_payload == {**payload, "issuer": forged_payload["issuer"]} != payload
    assert forged_header == {**header, "kid": forged_header["kid"]} != header


def test_the_forged_card_is_refused_for_its_issuer_and_nothing_else() -> None:
    actors = cast_of()
    answer, request = _asked(actors)
    with pytest.raises(SaysoError) as refused:
        actors.bar.accept(with_card(answer, actors.forged, actors.ada_key), request)
    assert {(problem.stage, problem.pointer) for problem in refused.value.problems} == {("trust", "/vc-sd-jwt/0/issuer")}
    assert actors.bar.accept(with_card(answer, actors.card, actors.ada_key), request).read() == {"age_over_18": True}


def test_only_the_holder_can_bind_a_card_anew() -> None:
    actors = cast_of()
    answer, request = _asked(actors)
    with pytest.raises(SaysoError) as refused:
        actors.bar.accept(with_card(answer, actors.card, actors.world.signer()), request)
    assert [problem.stage for problem in refused.value.problems] == ["prove"]


def test_the_stage_is_set_in_the_world_that_is_given() -> None:
    world = World(b"another")
    assert cast_of(world).world is world
    assert cast_of(World(b"another")).card == cast_of(World(b"another")).card != cast_of().card
