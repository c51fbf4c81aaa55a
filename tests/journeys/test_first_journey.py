"""A customer shares one attribute for one hour, as the design tells it."""

from datetime import timedelta

import pytest

from sayso import Issuer, SaysoError, Verifier, Wallet
from sayso.errors import SHARE_ENDED
from sayso.testing.world import START
from tests.journeys.town import HOUR, kinds, opened, taken_apart, town

TICK = timedelta(microseconds=1)


def test_as_the_design_tells_it() -> None:
    city = Issuer.generate()
    ada = Wallet.generate()
    bar = Verifier.generate(name="The Bar")

    card = city.issue(
        {"given_name": "Ada", "birthdate": "1990-12-10", "age_over_18": True},
        type="IdentityCard",
        holder=ada.new_key(),
        valid_for=timedelta(days=365),
    )
    ada.store(card)

    request = bar.request("age_over_18", issuers=[city.did], purpose="Serve alcohol", benefit="You get your drink", keep_for=HOUR)
    plan = ada.plan(request)
    answer = ada.present(plan)
    share = bar.accept(answer, request)
    assert share.read() == {"age_over_18": True}


def test_and_refused_one_hour_later() -> None:
    there = town()
    share = there.share("age_over_18")
    assert share.ends == START + HOUR
    there.world.clock.turn(HOUR - TICK)
    assert share.read() == {"age_over_18": True}
    there.world.clock.turn(TICK)
    with pytest.raises(SaysoError) as refused:
        share.read()
    assert kinds(refused.value) == [SHARE_ENDED]


def test_exactly_that_leaves() -> None:
    there = town()
    request = there.ask("age_over_18")
    plan = there.ada.plan(request)
    assert there.ada.shared == (), "nothing has left yet"
    answer = there.ada.present(plan)
    (disclosure,) = taken_apart(answer).disclosures
    assert opened(disclosure)[1:] == ["age_over_18", True]


def test_only_bytes_pass_between_the_three() -> None:
    there = town(None)
    there.ada.store(there.issue().data)
    request = there.ask("age_over_18").data
    answer = there.ada.present(there.ada.plan(request)).data
    assert there.bar.accept(answer, request).read() == {"age_over_18": True}
    assert [type(data) for data in (request, answer)] == [bytes, bytes]


def test_or_text() -> None:
    there = town(None)
    there.ada.store(there.issue().text)
    request = there.ask("age_over_18").text
    answer = there.ada.present(there.ada.plan(request)).text
    assert there.bar.accept(answer, request).read() == {"age_over_18": True}
