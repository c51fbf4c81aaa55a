"""A request is compared with the offer it answers, and both sides make one record of it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sayso import WILL_NOT_STORE, Attribute, Conditions, Organisation, Recipient, SaysoError
from sayso.errors import UNKNOWN_OFFER
from sayso.sharing import bargain, offer
from sayso.sharing import request as data_request
from sayso.sharing.bargain import ACCEPTED, COUNTERED, DECLINED, Difference, record_of
from sayso.sharing.conditions import Link
from tests.journeys.town import Town, kinds, payload_of, sign, town

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TERMS: dict[str, Any] = {
    "purpose": "A drink",
    "keep_for": HOUR,
    "category": "dpv:AgeVerification",
    "prohibited": ["dpv:TargetedAdvertising", "ai-training"],
    "agreement": "urn:agreement",
}
SAID = Conditions(category="dpv:AgeVerification", prohibited=("dpv:TargetedAdvertising", "ai-training"), agreement="urn:agreement")
CLAIMS = ("age_over_18", "address", Attribute("given_name", keep_for=DAY))


def beyond(*claims: Any, said: Conditions = SAID, **choices: Any) -> list[Difference]:
    """Answer the offer with a request, and tell by what it goes beyond."""
    there = town()
    made = there.ada.offer(there.bar.did, *CLAIMS, **TERMS)
    words: dict[str, Any] = {
        "issuers": [there.city.did],
        "purpose": "A drink",
        "benefit": "You get it",
        "keep_for": HOUR,
        "conditions": said,
    }
    request = there.bar.counter_offer(made, *(claims or ("age_over_18",)), **{**words, **choices})
    plan = there.ada.plan(request)
    found = there.ada.beyond_offer(plan)
    record = there.ada.record_of(plan)
    assert record == record_of(made.data, request.data)
    assert record.outcome == (COUNTERED if found else ACCEPTED)
    assert record.differences == tuple((one.what, one.claim) for one in found)
    return [*found]


def test_what_stays_inside() -> None:
    assert beyond() == []
    assert beyond("age_over_18", "given_name", optional=[("address", "city")]) == []
    assert beyond(("address", "geo", "lat")) == []
    assert beyond(Attribute("given_name", keep_for=DAY)) == []
    assert beyond("age_over_18", keep_for=timedelta(minutes=1)) == []
    # Who promises more, and more widely, promises that too; and a processor helps the business itself.
    assert beyond(said=SAID._replace(prohibited=("dpv:Marketing", "ai-training", "dpv:Profiling"))) == []
    assert beyond(said=SAID._replace(recipients=(Recipient("Cloud AS", "dpv:DataProcessor"),))) == []


def whats(found: list[Difference]) -> list[tuple[str, str]]:
    return [(one.what, one.claim) for one in found]


def test_what_goes_beyond() -> None:
    assert whats(beyond("age_over_18", "birthdate")) == [("claim", "birthdate")]
    assert whats(beyond("age_over_18", optional=["birthdate"])) == [("claim", "birthdate")]
    assert whats(beyond(Attribute("age_over_18", accepts=("langs",)))) == [("claim", "langs")]
    assert whats(beyond(keep_for=2 * HOUR)) == [("keep_for", "age_over_18")]
    assert whats(beyond(Attribute("given_name", keep_for=2 * DAY))) == [("keep_for", "given_name")]
    assert whats(beyond(purpose="Two drinks")) == [("purpose", "")]
    assert whats(beyond(said=SAID._replace(category="dpv:Marketing"))) == [("purpose term", "")]
    assert whats(beyond(said=SAID._replace(category=""))) == [("purpose term", "")]
    assert whats(beyond(said=SAID._replace(prohibited=("ai-training",)))) == [("promise", "")]
    assert whats(beyond(said=SAID._replace(prohibited=("dpv:TargetedAdvertising",)))) == [("promise", "")]
    assert whats(beyond(said=SAID._replace(agreement="urn:other"))) == [("agreement", "")]
    assert whats(beyond(said=SAID._replace(intermediary=Organisation("Box AS")))) == [("intermediary", "")]
    assert whats(beyond(said=SAID._replace(recipients=(Recipient("Ads AS"),)))) == [("recipient", "")]
    assert whats(beyond(Attribute("age_over_18", recipients=(Recipient("Ads AS", "dpv:ThirdParty"),)))) == [("recipient", "")]


def test_a_part_that_is_offered_is_not_the_whole() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, ("address", "city"), purpose="A drink", keep_for=HOUR)
    request = there.bar.counter_offer(made, "address", issuers=[there.city.did], purpose="A drink", benefit="b", keep_for=HOUR)
    assert whats([*there.ada.beyond_offer(there.ada.plan(request))]) == [("claim", "address")]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("langs", None), []),
        (("langs", 0), []),
        (("langs", 1), [("keep_for", "langs.1")]),
        (("address", 0), [("claim", "address.0")]),
        ("langs", [("claim", "langs")]),
    ],
    ids=["each", "one", "one that may be kept for less", "of something else", "the array"],
)
def test_an_element_of_an_array_is_a_part_of_what_was_offered(asked: Any, found: list[tuple[str, str]]) -> None:
    there = town()
    less = Attribute(("langs", 1), keep_for=timedelta(minutes=1))
    made = there.ada.offer(there.bar.did, ("langs", None), less, ("address", "city"), purpose="A drink", keep_for=HOUR)
    request = there.bar.counter_offer(made, asked, issuers=[there.city.did], purpose="A drink", benefit="b", keep_for=HOUR)
    asked_for = data_request.parse(payload_of(request.text))
    assert whats([*bargain.differences(there.bar.read_offer(made), asked_for)]) == found


def test_the_sentences() -> None:
    said = SAID._replace(prohibited=())
    assert [one.sentence for one in beyond("birthdate", "age_over_18", keep_for=2 * HOUR, said=said)] == [
        "It is not promised: not to targeted advertising.",
        "It is not promised: not to train artificial intelligence with it.",
        "birthdate was not offered.",
        "age_over_18 would be kept longer: 2 hours instead of 1 hour.",
    ]
    assert [one.sentence for one in beyond("age_over_18", said=SAID._replace(category=""))] == [
        "It is not said to be for what was offered: to age verification."
    ]


def test_what_is_not_to_be_kept() -> None:
    there = town()
    made = there.ada.offer(there.bar.did, "age_over_18", purpose="A drink", keep_for=WILL_NOT_STORE)
    request = there.bar.counter_offer(made, "age_over_18", issuers=[there.city.did], purpose="A drink", benefit="b", keep_for=HOUR)
    (found,) = there.ada.beyond_offer(there.ada.plan(request))
    assert found.sentence == "age_over_18 would be kept longer: 1 hour instead of not at all."


def _offered(there: Town) -> tuple[offer.Offer, offer.Proposal]:
    made = there.ada.offer(there.bar.did, "age_over_18", purpose="A drink", keep_for=HOUR)
    return made, there.bar.read_offer(made)


def test_another_business_and_too_late() -> None:
    there = town()
    _, proposal = _offered(there)
    there.world.clock.turn(timedelta(days=8))
    other = there.world.verifier()
    request = other.request("age_over_18", issuers=[there.city.did], purpose="A drink", benefit="b", keep_for=HOUR)
    found = bargain.differences(proposal, there.ada.plan(request).asked)
    assert whats([*found]) == [("business", ""), ("late", "")]


def test_a_record_is_of_an_offer_and_its_own_answer() -> None:
    there = town()
    (made, proposal), (other, _) = _offered(there), _offered(there)
    for reply in (
        there.bar.accept_offer(other, issuers=[there.city.did], benefit="b").data,
        there.bar.request("age_over_18", issuers=[there.city.did], purpose="A drink", benefit="b", keep_for=HOUR).data,
        there.bar.decline(_offered(there)[0], "not-now").data,
    ):
        with pytest.raises(SaysoError) as refused:
            record_of(made.data, reply)
        assert kinds(refused.value) == [UNKNOWN_OFFER]
    declined = there.bar.decline(made, "not-now")
    record = record_of(made.data, declined.data)
    assert (record.outcome, record.reason, record.customer, record.business) == (DECLINED, "not-now", proposal.customer, there.bar.did)
    assert record.to_json()["reason"] == "not-now"
    other_customer = {**payload_of(declined.text), "aud": there.bar.did}
    with pytest.raises(SaysoError) as refused:
        record_of(made.data, sign({"alg": "EdDSA", "typ": offer.DECLINE_TYPE}, other_customer, there.bar_key).encode())
    assert kinds(refused.value) == [UNKNOWN_OFFER]


def test_the_digest_tells_records_apart() -> None:
    there = town()
    made, _ = _offered(there)
    record = record_of(made.data, there.bar.decline(made, "not-now").data)
    other = replace(record, reason="no-such-service")
    assert record.digest == replace(record).digest != other.digest


def test_terms_of_a_link_are_read_back() -> None:
    there = town()
    made, proposal = _offered(there)
    request = there.bar.accept_offer(made, issuers=[there.city.did], benefit="b")
    linked = there.ada.plan(request).asked.terms.conditions.offer
    assert linked == bargain.link_to(proposal, made.data) == Link(proposal.id, there.ada.record_of(there.ada.plan(request)).offer)
