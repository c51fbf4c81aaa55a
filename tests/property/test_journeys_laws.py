"""Laws of a journey: what is honest verifies, what is chosen leaves and nothing else, and what stays home is in no byte."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sayso import ANYONE, Expectations, Plan, SaysoError, Share, Verifier, verify
from sayso.encodings import base64url
from sayso.proofs.sd_jwt.serialization import flattened, general
from sayso.retrieval import Retrieve, Retrieved
from sayso.testing.world import START
from tests.journeys.town import ask, opened, taken_apart, town
from tests.property.journeys import (
    REGISTERED,
    TYPE,
    Journey,
    Place,
    Walked,
    compact_of,
    forms,
    inside,
    journeys,
    kept,
    members,
    places,
    selected,
    trees,
    walk,
    within,
)
from tests.support import examples

pytestmark = pytest.mark.laws


def presented(walked: Walked) -> Any:
    """Give the claims in a presentation, as a verifier sees them who asked for nothing in particular."""
    parts, request = walked.parts, walked.plan.asked.request
    expected = Expectations(issuers=ANYONE, audience=request.client_id, nonce=request.nonce)
    text = "~".join((parts.card, *parts.disclosures, parts.binding))
    document: Any = verify(text, expected, at=START).claims
    for written in (flattened, general):
        assert verify(written(text), expected, at=START).claims == document
    if "vct" in document:
        return {name: value for name, value in document.items() if name not in REGISTERED}
    return {name: value for name, value in document["credentialSubject"].items() if name != "id"}


@examples(60)
@given(journeys(everything_hidden=True))
def test_what_leaves_and_is_shared_is_what_was_chosen_and_nothing_else(journey: Journey) -> None:
    walked = walk(journey)
    wanted = {*journey.required, *journey.more}
    names = {*walked.plan.names}
    # Above four optional claims not every choice is listed: then the plan says so.
    assert names <= wanted if walked.plan.notes else names == wanted
    picked = selected(journey.claims, names)
    leaving = kept(journey.claims, inside(journey.claims, picked))
    assert presented(walked) == leaving
    assert walked.there.bar.accept(walked.answer, walked.request).read() == leaving
    needed = [place for place in places(journey.claims) if any(within(place, one) or within(one, place) for one in picked)]
    assert len(walked.parts.disclosures) == len(needed)


@examples(60)
@given(journeys(everything_hidden=False))
def test_whatever_an_issuer_hides_the_plan_shows_what_leaves(journey: Journey) -> None:
    walked = walk(journey)
    picks = [pick for together in walked.plan.picks.values() for pick in together]
    picked = {place[len(pick.candidate.format.root) :] for pick in picks for place in pick.selected}
    shut = [place for place in journey.hidden if not any(within(place, one) or within(one, place) for one in picked if one)]
    leaving = [place for place in places(journey.claims) if not any(within(place, one) for one in shut)]
    assert presented(walked) == kept(journey.claims, leaving)

    shown = [_place(name) for name in (*walked.plan.leaves, *walked.plan.visible)]
    told = [place for place in leaving if any(within(place, one) for one in shown)]
    assert [place for place in leaving if _is_value(journey.claims, place)] == [place for place in told if _is_value(journey.claims, place)]
    assert {_place(name) for name in walked.plan.stays} == {
        one for one in shut if not any(one != around and within(one, around) for around in shut)
    }

    asked = selected(journey.claims, [*journey.required, *journey.optional])
    values = kept(journey.claims, [place for place in leaving if any(within(place, one) for one in asked if one in leaving)])
    assert walked.there.bar.accept(walked.answer, walked.request).read() == values


def _place(name: Any) -> Place:
    return (name,) if isinstance(name, str) else name


def _is_value(value: Any, place: Place) -> bool:
    """Tell whether a place holds a value of its own, and does not only lead to others."""
    for step in place:
        value = value[step]
    return not any(members(value))


def decoded(data: bytes) -> Iterator[bytes]:
    """Give the bytes as they travel, and all that is encoded in them."""
    yield data
    for part in data.replace(b"~", b".").replace(b'"', b".").split(b"."):
        with suppress(SaysoError):
            yield base64url.decode(part)


@st.composite
def secrets(draw: st.DrawFn) -> Any:
    """Give claims of which each value is unlike anything else."""
    shape = draw(st.dictionaries(st.sampled_from("abcdef"), trees(4, st.none()), min_size=1, max_size=5))
    count = iter(range(10_000))

    def filled(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: filled(item) for name, item in value.items()}
        if isinstance(value, list):
            return [filled(item) for item in value]
        return f"<§{next(count):04d} secret>"

    return filled(shape)


@examples(60)
@given(st.data())
def test_what_stays_home_and_its_salt_are_in_no_byte(data: st.DataObject) -> None:
    claims = data.draw(secrets())
    there = town(None)
    form = data.draw(forms())
    card = there.issue(claims, **form)
    there.ada.store(card)
    names = data.draw(st.lists(st.sampled_from([*places(claims)]), min_size=1, max_size=4, unique=True))
    request = there.ask(*names, formats=[form["format"]], type=TYPE)
    plan = there.ada.plan(request)
    home = data.draw(st.lists(st.sampled_from([*plan.parts]), unique=True)) if plan.parts else []
    plan = plan.without(*home)
    answer = there.ada.present(plan)
    share = there.bar.accept(answer, request)
    output = b"\0".join(
        part for written in (answer.data, request.data, repr((plan, share, there.ada.shared)).encode()) for part in decoded(written)
    )
    sent = {*answer.text.split('"')[-2].split("~")}
    leaving = {*inside(claims, names)} - {*inside(claims, [_place(name) for name in home])}
    for place in places(claims):
        value: Any = claims
        for step in place:
            value = value[step]
        if isinstance(value, str):
            assert (value.encode() in output) == (place in leaving)
            assert (json.dumps(value).strip('"').encode() in output) <= (place in leaving)
    for disclosure in compact_of(card).split("~")[1:-1]:
        salt = opened(disclosure)[0].encode()
        assert (salt in output) == (disclosure in sent)
        assert (disclosure.encode() in output) == (disclosure in sent)


@examples(60)
@given(journeys(everything_hidden=True), st.data())
def test_two_presentations_share_the_card_and_what_is_shown_in_both(journey: Journey, data: st.DataObject) -> None:
    """What stands in both are the issuer's JWT, with `cnf` in it, and the disclosures of claims that are shown in both."""
    assume(journey.required)
    one = walk(journey)
    there = one.there
    there.world.clock.turn(timedelta(minutes=1))
    names = data.draw(st.lists(st.sampled_from([*places(journey.claims)]), min_size=1, max_size=4, unique=True))
    shop = there.world.verifier(name="The Shop")
    plan = there.ada.plan(ask(shop, *names, issuers=ANYONE, formats=[journey.issuing["format"]], type=TYPE))
    parts = taken_apart(there.ada.present(plan))
    assert one.parts.card == parts.card
    assert len({*one.parts.disclosures} & {*parts.disclosures}) == len(_opened(one.plan) & _opened(plan))
    assert {*one.parts.binding.split(".")[1:]}.isdisjoint(parts.binding.split("."))
    alike = {name for name, value in one.parts.said.items() if parts.said[name] == value}
    # The hash of the same bytes is the same: it tells nothing that they do not.
    assert alike == ({"sd_hash"} if one.parts.disclosures == parts.disclosures else set())


def _opened(plan: Plan) -> set[Place]:
    return {place for together in plan.picks.values() for pick in together for place in pick.opened()}


async def _nowhere(_: Retrieve) -> Retrieved:
    raise AssertionError


def outcome(accept: Any) -> object:
    try:
        share: Share = accept()
    except SaysoError as error:
        return error.problems
    return (share.read(), share.ends, share.names, share.purpose)


@examples(60)
@given(journeys(everything_hidden=True), st.integers(0, 10**6), st.integers(0, 255))
def test_sync_equals_async(journey: Journey, at: int, byte: int) -> None:
    walked = walk(journey)
    good, request = walked.answer.data, walked.request.data
    edited = bytearray(good)
    edited[at % len(good)] = byte
    world = walked.there.world
    for answer, asked in ((good, request), (bytes(edited), request), (good, bytes(edited)), (request, good)):
        one, two = (Verifier(walked.there.bar_key, clock=world.clock) for _ in range(2))
        outcomes = [
            outcome(lambda one=one, answer=answer, asked=asked: one.accept(answer, asked)),
            outcome(lambda two=two, answer=answer, asked=asked: asyncio.run(two.accept_async(answer, asked, fetch=_nowhere))),
        ]
        assert outcomes[0] == outcomes[1]
