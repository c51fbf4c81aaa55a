"""A shop asks along its dialogue map, and for nothing twice; and a customer offers before anybody asks."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, Attribute, Conditions, Recipient, Request, SaysoError, Share, Verifier
from sayso.errors import OFFER_ANSWERED
from sayso.retrieval import Retrieve, Retrieved
from sayso.sharing.bargain import ACCEPTED, COUNTERED, DECLINED, record_of
from sayso.sharing.conditions import NONE
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.values import DialogueMap, Step
from tests.journeys.town import Town, payload_of, town

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MAP = """\
id = "https://shop.example/dialogue"
prohibited = ["dpv:SellDataToThirdParties"]
hasLegalBasis = "eu-gdpr:A6-1-b"

[controller]
legalName = "Shop AS"

[[steps]]
id = "reserve"
purposeText = [{content = "Keep a parcel for you"}]
benefit = "It is there when you come"
type = "IdentityCard"
storage = {hasDuration = "P7D"}

[[steps.attributes]]
claim = "given_name"
hasNecessity = "dpv:Required"
reason = "To write it on the parcel"

[[steps]]
id = "deliver"
purposeText = [{content = "Keep a parcel for you"}]
benefit = "It comes to you"
type = "IdentityCard"
storage = {hasDuration = "P1D"}

[[steps.attributes]]
claim = "given_name"
hasNecessity = "dpv:Required"

[[steps.attributes]]
claim = ["address", "zip"]
hasNecessity = "dpv:Required"
storage = {hasDuration = "PT1H"}

[[steps.attributes]]
claim = "langs"
hasNecessity = "dpv:Optional"
"""


def shared(there: Town, request: Request | None) -> Share:
    assert request is not None
    return there.bar.accept(there.answer(request), request)


def test_a_top_up_asks_for_the_rest() -> None:
    there, shop = town(), read_map(MAP)
    first = there.bar.request_step(shop, "reserve", issuers=[there.city.did])
    assert first is not None
    plan = there.ada.plan(first)
    assert plan.names == ("given_name",)
    assert plan.reasons == {"given_name": "To write it on the parcel"}
    said = plan.asked.terms.conditions
    assert said.process is not None
    assert said.dialogue_map is not None
    assert (said.process.step, said.dialogue_map.digest) == ("reserve", shop.digest)
    reserved = shared(there, first)
    assert reserved.available == {"given_name": there.world.clock() + 7 * DAY}

    second = there.bar.request_step(shop, "deliver", issuers=[there.city.did], held=[reserved])
    assert second is not None
    plan = there.ada.plan(second)
    assert (plan.names, plan.optional) == ((("address", "zip"),), ("langs",))
    delivering = shared(there, second)

    assert there.bar.request_step(shop, "deliver", issuers=[there.city.did], held=[reserved, delivering, "langs"]) is None
    there.world.clock.turn(HOUR)
    third = there.bar.request_step(shop, "deliver", issuers=[there.city.did], held=[reserved, delivering, "langs"])
    assert third is not None
    assert there.ada.plan(third).names == (("address", "zip"),)
    assert there.bar.request_step(shop, "reserve", issuers=[there.city.did], held=[reserved], needed_for=7 * DAY) is not None
    there.world.clock.turn(7 * DAY)
    fourth = there.bar.request_step(shop, "deliver", issuers=[there.city.did], held=[reserved, delivering])
    assert fourth is not None
    assert there.ada.plan(fourth).names == ("given_name", ("address", "zip"))


def test_what_was_not_kept_is_asked_for_again_once_it_was_used() -> None:
    there, shop = town(), read_map(MAP.replace('"P7D"', '"PT0S"'))
    reserved = shared(there, there.bar.request_step(shop, "reserve", issuers=[there.city.did]))
    assert there.bar.request_step(shop, "reserve", issuers=[there.city.did], held=[reserved]) is None
    assert reserved.read() == {"given_name": "Ada"}
    assert there.bar.request_step(shop, "reserve", issuers=[there.city.did], held=[reserved]) is not None


def test_a_map_made_by_hand_and_a_step_without_a_type() -> None:
    there = town()
    shop = DialogueMap("urn:map", (Step("a", "To do it", "It is done", DAY, (Attribute("given_name"),)),))
    assert shared(there, there.bar.request_step(shop, "a", issuers=ANYONE)).names == ("given_name",)
    with pytest.raises(ValueError, match="has the steps a"):
        there.bar.request_step(shop, "b", issuers=ANYONE)


OFFERED: dict[str, Any] = {"purpose": "A drink", "keep_for": HOUR, "prohibited": ["dpv:Marketing"], "agreement": "urn:agreement"}


def test_an_offer_is_accepted_and_shared() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, "age_over_18", Attribute("given_name", keep_for=DAY), category="dpv:AgeVerification", **OFFERED)
    proposal = there.bar.read_offer(made)
    assert (proposal.purpose, [one.claim for one in proposal.attributes]) == ("A drink", ["age_over_18", "given_name"])
    request = there.bar.accept_offer(made, issuers=[there.city.did], benefit="You get it")
    plan = there.ada.plan(request)
    assert there.ada.beyond_offer(plan) == ()
    said = plan.asked.terms.conditions
    assert (said.prohibited, said.agreement, said.category) == (("dpv:Marketing",), "urn:agreement", "dpv:AgeVerification")
    share = there.bar.accept(there.ada.present(plan), request)
    assert share.read() == {"age_over_18": True, "given_name": "Ada"}
    now = there.world.clock()
    assert share.available == {"age_over_18": now + HOUR, "given_name": now + DAY}

    ours, theirs = there.ada.record_of(plan), record_of(made.data, request.data)
    assert ours == theirs
    assert ours.digest == theirs.digest
    assert (ours.outcome, ours.business, ours.customer) == (ACCEPTED, there.bar.did, payload_of(made.text)["iss"])


def test_an_offer_is_accepted_over_the_digital_credentials_api() -> None:
    there = town()
    page = "https://bar.example"
    bar = there.world.verifier(there.bar_key, origin=page)
    made = there.ada.offer(bar.did, "age_over_18", **OFFERED)
    request = bar.accept_offer(made, issuers=[there.city.did], benefit="You get it")
    plan = there.ada.plan(request, origin=page)
    assert there.ada.beyond_offer(plan) == ()
    record = there.ada.record_of(plan)
    assert record == record_of(made.data, request.data)
    assert record.outcome == ACCEPTED
    assert bar.accept(there.ada.present(plan), request).read() == {"age_over_18": True}


def test_a_part_of_an_offer_is_accepted() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, "age_over_18", "given_name", "address", **OFFERED)
    less = Attribute("given_name", keep_for=timedelta(minutes=1), reason="To call you")
    request = there.bar.accept_offer(made, "age_over_18", optional=[less], issuers=[there.city.did], benefit="You get it")
    plan = there.ada.plan(request)
    assert (plan.names, plan.optional) == (("age_over_18",), ("given_name",))
    assert there.ada.beyond_offer(plan) == ()


def test_a_part_of_a_claim_is_kept_for_as_long_as_the_claim() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, Attribute("address", keep_for=DAY), "langs", **OFFERED)
    share = shared(there, there.bar.accept_offer(made, ("address", "zip"), "langs", issuers=[there.city.did], benefit="You get it"))
    assert share.available == {"address.zip": there.world.clock() + DAY, "langs": there.world.clock() + HOUR}


def test_only_what_the_customer_may_add_is_accepted() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, "age_over_18", "given_name", **OFFERED)
    plan = there.ada.plan(there.bar.accept_offer(made, optional=["given_name"], issuers=[there.city.did], benefit="You get it"))
    assert (plan.names, plan.optional) == ((), ("given_name",))


def test_what_goes_beyond_is_not_accepted_by_mistake() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, "age_over_18", **OFFERED)
    words: dict[str, Any] = {"issuers": [there.city.did], "benefit": "You get it"}
    given = Conditions(recipients=(Recipient("Ads AS"),))
    for claims, more in ((["birthdate"], {}), ([Attribute("age_over_18", keep_for=DAY)], {}), ([], {"conditions": given})):
        with pytest.raises(ValueError, match="is a counter offer"):
            there.bar.accept_offer(made, *claims, **{**words, **more})


def test_an_offer_is_countered() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, "age_over_18", **OFFERED)
    request = there.bar.counter_offer(
        made, "birthdate", "age_over_18", issuers=[there.city.did], purpose="A drink", benefit="You get it", keep_for=DAY, conditions=NONE
    )
    plan = there.ada.plan(request)
    assert [(one.what, one.claim) for one in there.ada.beyond_offer(plan)] == [
        ("agreement", ""),
        ("promise", ""),
        ("claim", "birthdate"),
        ("keep_for", "age_over_18"),
    ]
    assert there.ada.record_of(plan).outcome == COUNTERED
    assert there.ada.record_of(plan).digest == record_of(made.data, request.data).digest
    # The customer may share all the same, and decides on more than was offered like on any request.
    assert there.bar.accept(there.ada.present(plan), request).names == ("birthdate", "age_over_18")


class WebNetwork:
    """Be a network that is awaited."""

    def __init__(self, there: Town) -> None:
        self._fetch = there.world.network

    async def __call__(self, retrieve: Retrieve) -> Retrieved:
        return self._fetch(retrieve)


def test_an_offer_is_declined() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, "age_over_18", **OFFERED)
    declined = there.bar.decline(made, "no-such-service", "We have no drinks")
    assert declined.media_type == "application/sayso-decline+jwt"
    record = there.ada.declined(declined)
    assert (record.outcome, record.reason) == (DECLINED, "no-such-service")
    assert record.digest == record_of(made.data, declined.data).digest
    assert asyncio.run(there.ada.declined_async(declined.text, fetch=WebNetwork(there))) == record
    with pytest.raises(SaysoError) as refused:
        there.bar.accept_offer(made, issuers=[there.city.did], benefit="You get it")
    assert [one.kind for one in refused.value.problems] == [OFFER_ANSWERED]


def test_what_a_wallet_does_not_offer() -> None:
    there = town()
    did = there.bar.did
    wrong: Any = 7
    with pytest.raises(TypeError):
        there.ada.offer(did, "a", purpose="b", keep_for=HOUR, valid_for=wrong)
    with pytest.raises(SaysoError):
        there.ada.offer("the bar", "a", purpose="b", keep_for=HOUR)
    for claims, words in (
        ((), {}),
        (("a", "a"), {}),
        (("a",), {"purpose": ""}),
        (("a",), {"valid_for": 32 * DAY}),
        (("a",), {"prohibited": ["x"]}),
    ):
        given: dict[str, Any] = {"purpose": "b", "keep_for": HOUR, **words}
        with pytest.raises(ValueError, match=r".+"):
            there.ada.offer(did, *claims, **given)


def test_the_doors_are_those_of_a_verifier() -> None:
    assert {"request_step", "read_offer", "accept_offer", "counter_offer", "decline"} <= {*dir(Verifier)}
