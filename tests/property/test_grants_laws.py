"""Laws of grants: no value is in anything that is signed about a share, one changed byte is refused, and what ended stays ended."""

from contextlib import suppress
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import Erased, Retained, SaysoError, Told
from sayso.encodings import base64url
from sayso.errors import GRANT_PAUSED, GRANT_WITHDRAWN
from sayso.retrieval import drive, offline
from sayso.sharing import artefact, erasure, events, grant, receipt_reading, standing
from sayso.sharing.events import Notice
from sayso.sharing.kantara import kantara
from sayso.sharing.statements import ErasureRequest, Pause, Renewal, Statement, Withdrawal
from tests.journeys.granting import DAY, SECOND, Granting, Held, changed_event, granting, held
from tests.journeys.town import town

pytestmark = pytest.mark.laws

MARK = "qzxw-"
VALUES = {
    "given_name": f"{MARK}Ada",
    "birthdate": f"{MARK}1990",
    "address": {"city": f"{MARK}Oslo", "zip": f"{MARK}0150"},
    "langs": [f"{MARK}no"],
}
PATHS: tuple[Any, ...] = ("given_name", "birthdate", "address", ("address", "city"), ("langs", None))
formats = st.sampled_from(artefact.FORMATS)


def bytes_in(data: bytes) -> str:
    """Give all that can be read in it."""
    text = data.decode()
    return text if text.startswith("{") else text + "".join(base64url.decode(part).decode() for part in text.split(".")[:2])


@given(st.lists(st.sampled_from(PATHS), min_size=1, max_size=4, unique_by=str), formats, st.booleans())
def test_no_value_is_in_anything(claims: list[Any], format: str, first: bool) -> None:
    there = town(VALUES)
    request = there.ask(*claims, keep_for=30 * DAY)
    plan = there.ada.plan(request)
    answer = there.ada.present(plan)
    now = there.world.clock()
    made = there.ada.grant(plan, answer, until=now + 90 * DAY, lease=30 * DAY, format=format)
    receipt = there.bar.receipt(made, request, None if first else answer, format=format)
    granted = there.bar.read_grant(made, request, answer)
    asked = there.ada.ask_erasure(made)
    said = [
        made,
        receipt,
        asked,
        there.ada.renew(made),
        there.ada.withdraw(made),
        there.ada.pause(made, now + DAY),
        there.bar.give_back(made, granted.claims[0], since=now, text="Not used"),
        there.bar.tell_breach(made, *granted.claims, noticed=now, text="Lost"),
        there.bar.confirm_erasure(made, asked, erased=[Erased(granted.claims, now)], told=[Told("Posten", now)], format=format),
        there.bar.confirm_erasure(made, asked, retained=[Retained(granted.claims, "justifications:LegallyExempted")], format=format),
    ]
    for wire in said:
        assert MARK not in bytes_in(wire.data)
    read = there.ada.read_receipt(receipt, made)
    assert MARK not in f"{granted} {read} {kantara(read)} {standing.of(granted)}"
    assert {*granted.claims} == {*plan.names}
    assert {claim for one in read.processes for claim in one.claims} == {*plan.names}


@cache
def _signed() -> tuple[Granting, dict[str, bytes], Any]:
    one = granting()
    there = one.there
    asked = there.ada.ask_erasure(one.grant)
    everything = [Erased(("birthdate", "age_over_18"), there.world.clock())]
    made = {
        "grant": one.grant.data,
        "event": asked.data,
        "receipt": there.bar.receipt(one.grant, one.request).data,
        "confirmation": there.bar.confirm_erasure(one.grant, asked, erased=everything).data,
    }
    return one, made, events


@given(st.sampled_from(["grant", "event", "receipt", "confirmation"]), st.data())
def test_one_changed_byte_is_refused(kind: str, data: st.DataObject) -> None:
    one, made, _ = _signed()
    whole, now = made[kind], one.there.world.clock()
    at = data.draw(st.integers(0, len(whole) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda other: other != whole[at]))
    changed = whole[:at] + bytes([byte]) + whole[at + 1 :]
    notice = drive(events.read(made["event"], one.granted, now), offline)
    reading: dict[str, Any] = {
        "grant": lambda: grant.read(changed, now),
        "event": lambda: events.read(changed, one.granted, now),
        "receipt": lambda: receipt_reading.read(changed, one.granted, now),
        "confirmation": lambda: erasure.read(changed, one.granted, notice, now),
    }
    with pytest.raises(SaysoError):
        drive(reading[kind](), offline)


@cache
def _held() -> Held:
    return held(leased=True)


days = st.integers(0, 120)


@st.composite
def statements(draw: st.DrawFn) -> tuple[int, Statement]:
    """Draw something that the customer says, and the day on which they do."""
    start = _held().granted.issued
    day = draw(st.integers(0, 98))
    claims = draw(st.sampled_from([None, ("birthdate",), ("age_over_18",)]))
    until = start + day * DAY + draw(st.integers(1, 20)) * DAY
    end = min(until, _held().granted.until)
    options: list[Statement] = [Withdrawal(claims), Renewal(end), Pause(end), ErasureRequest(until, claims)]
    return day, options[draw(st.integers(0, len(options) - 1))]


def noticed(said: list[tuple[int, Statement]]) -> list[Notice]:
    granted = _held().granted
    return [
        Notice(str(index), granted.customer, granted.issued + day * DAY, granted.digest, (one,), "u")
        for index, (day, one) in enumerate(said)
    ]


@given(st.lists(statements(), max_size=6), st.integers(0, 3600), st.randoms(use_true_random=False))
def test_each_claim_ends_at_its_own_instant_whatever_the_order(said: list[tuple[int, Statement]], skew: int, order: Any) -> None:
    granted, notices = _held().granted, noticed(said)
    now, leeway = standing.of(granted, notices), timedelta(seconds=skew)
    shuffled = [*notices]
    order.shuffle(shuffled)
    assert standing.of(granted, [*shuffled, *notices]) == now
    for claim in granted.claims:
        end = now.end(claim)
        last = end.at if end.kind is GRANT_WITHDRAWN else min(end.at + leeway, now.stops.get(claim, end.at + leeway))
        for at, over in ((last - SECOND, False), (last, True), (last + SECOND, True), (last + 200 * DAY, True)):
            try:
                now.require(claim, at, skew=leeway)
            except SaysoError as error:
                paused = error.problems[0].kind is GRANT_PAUSED
                before = last == granted.issued and not over
                assert over or paused or before
            else:
                assert not over


@given(st.lists(statements(), max_size=5), statements())
def test_what_ended_is_never_given_again(said: list[tuple[int, Statement]], more: tuple[int, Statement]) -> None:
    """What is said later changes nothing about what was over by then."""
    later = max([day for day, _ in said], default=0)
    day, statement = more
    granted = _held().granted
    before = standing.of(granted, noticed(said))
    when = granted.issued + max(day, later) * DAY
    after = standing.of(granted, [*noticed(said), Notice("z", granted.customer, when, granted.digest, (statement,), "u")])
    for claim in granted.claims:
        if before.end(claim).at <= when:
            assert after.end(claim).at <= before.end(claim).at


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5) | st.just(MARK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "claims", "until", "do", "by"]), inner, max_size=3),
    max_leaves=5,
)
places = st.sampled_from(
    [("credentialSubject",), ("credentialSubject", "permission"), ("credentialSubject", "obligation"), ("lease",), ("relatedResource",)]
)


@given(places, json_values)
def test_whatever_is_signed_is_a_grant_or_the_one_error(place: tuple[str, ...], value: Any) -> None:
    one = _held()

    def change(payload: Any) -> None:
        *above, last = place
        for step in above:
            payload = payload[step]
        payload[last] = value

    with pytest.raises(SaysoError) as refused:
        drive(grant.read(one.forged(change).data, one.granted.issued), offline)
    assert MARK not in str(refused.value)


@given(st.sampled_from(["iss", "aud", "iat", "jti", "txn", "sub_id", "events", "more"]), json_values)
def test_whatever_is_signed_is_an_event_or_the_one_error(name: str, value: Any) -> None:
    one = _held()
    forged = changed_event(one.event(Withdrawal()), one.key, lambda payload: payload.__setitem__(name, value))
    with suppress(SaysoError):
        drive(events.read(forged.data, one.granted, one.granted.issued), offline)


@given(st.binary(max_size=80))
def test_whatever_comes_is_the_one_error(data: bytes) -> None:
    one = _held()
    now = one.granted.issued
    for read in (grant.read(data, now), events.read(data, one.granted, now), receipt_reading.read(data, one.granted, now)):
        with pytest.raises(SaysoError):
            drive(read, offline)
