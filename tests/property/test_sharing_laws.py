"""Laws of requests, terms and ends: what is written is read, and no share outlives what anybody said."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import ANYONE, SaysoError
from sayso.credentials.formats import SD_JWT_VC, VCDM_SD_JWT
from sayso.errors import SHARE_ENDED, TERMS
from sayso.identifiers import Did, Nonce
from sayso.openid import request_object, response
from sayso.openid.request_object import RequestObject
from sayso.sharing import request as data_request
from sayso.sharing import terms
from sayso.sharing.attribute import Said, terms_of
from sayso.sharing.composing import claim_sets, compose
from sayso.sharing.terms import MAX_DURATION, WILL_NOT_STORE, read_duration, write_duration
from sayso.sharing.texts import plain_text, printable
from sayso.testing.world import START
from sayso.verifier.asking import attributes_asked
from tests.journeys.town import SHARE_UNTIL, kinds, taken_apart, town
from tests.property.journeys import NAMES, trees
from tests.property.outcomes import ODD, outcome
from tests.support import examples

pytestmark = pytest.mark.laws

DID = Did("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
SECONDS = st.integers(0, int(MAX_DURATION.total_seconds()))
PATHS = st.lists(NAMES | st.integers(0, 3) | st.none(), min_size=1, max_size=4).map(tuple)
CLAIMS = NAMES | st.sampled_from(["c0", "c1", "c2", "issuer"]) | PATHS
JSON = trees(4)


@examples(250)
@given(SECONDS)
def test_a_duration_that_was_written_is_read(seconds: int) -> None:
    assert read_duration(write_duration(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@examples(250)
@given(st.text("PTWDHMS0129Y.-+", max_size=12) | st.text(max_size=6))
def test_any_text_is_a_duration_or_refused(text: str) -> None:
    read = outcome(read_duration, text)
    assert read is TERMS or (isinstance(read, timedelta) and timedelta(0) <= read <= MAX_DURATION)


@examples(250)
@given(st.text(max_size=20))
def test_any_text_prints_in_one_line_and_stays_if_it_is_fit(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert len(shown.splitlines()) <= 1
    shown.encode()
    try:
        plain_text("purpose", text)
    except ValueError:
        return
    assert shown == text


@examples(150)
@given(st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=3), st.lists(st.sampled_from("ijklmnop"), unique=True, max_size=7))
def test_claim_sets_stand_smallest_first_and_hold_what_is_required(required: list[str], optional: list[str]) -> None:
    sets = claim_sets([[one] for one in required], [[one] for one in optional])
    assert [len(one) for one in sets] == sorted(len(one) for one in sets)
    assert len({tuple(one) for one in sets}) == len(sets)
    assert all(one[: len(required)] == required for one in sets)
    assert sets[0] == required
    assert sets[-1] == [*required, *optional]
    assert len(sets) == (2 ** len(optional) if len(optional) <= 4 else len(optional) + 2)


@examples(150)
@given(
    required=st.lists(CLAIMS, max_size=6),
    optional=st.lists(CLAIMS, max_size=7),
    anyone=st.booleans(),
    both=st.booleans(),
    store=st.booleans(),
)
def test_a_request_that_was_composed_is_read(required: list[Any], optional: list[Any], *, anyone: bool, both: bool, store: bool) -> None:
    try:
        asked = attributes_asked(required, optional)
    except ValueError:
        return
    types = {VCDM_SD_JWT: ("https://x.example#Card",), **({SD_JWT_VC: ("card",)} if both else {})}
    query, ids = compose(*asked, [] if anyone else [DID], types)
    assert len({*ids.values()}) == len(ids)
    request = RequestObject(DID, "The Bar", Nonce("nonce"), START, START + timedelta(minutes=5), None, query, ())
    keep_for = timedelta(hours=1) if store else WILL_NOT_STORE
    joined = data_request.join(request, terms_of(*asked, ids, Said("Serve alcohol", "A drink", keep_for)))
    assert data_request.parse(data_request.serialize(joined)) == joined


@examples(150)
@given(JSON | ODD)
def test_whatever_stands_for_terms_or_a_request(value: Any) -> None:
    outcome(terms.parse, value)
    outcome(terms.parse, {"purposeText": [{"content": "p"}], "attributes": value})
    outcome(terms.parse, {"purposeText": value, "attributes": [{"claim": "a"}]})
    if isinstance(value, dict):
        outcome(request_object.parse, value)
        outcome(data_request.parse, value)


@examples(250)
@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_whatever_stands_for_a_response(data: bytes) -> None:
    outcome(response.parse, data)


@examples(150)
@given(st.dictionaries(NAMES, st.lists(st.text("Aa0-_.~"), min_size=1, max_size=3), max_size=3))
def test_a_response_that_was_written_is_read(presentations: dict[str, list[str]]) -> None:
    assert response.parse(response.serialize(presentations)) == presentations


MINUTES = st.integers(0, 90).map(lambda minutes: timedelta(minutes=minutes))
TICKS = st.timedeltas(timedelta(0), timedelta(minutes=59))


@examples(100)
@given(
    keep_for=MINUTES,
    presented=TICKS,
    accepted=TICKS,
    ending=st.none() | MINUTES,
    said=st.none() | st.integers(-100, 10**6),
)
def test_a_share_ends_at_the_earliest_of_what_everybody_said(
    keep_for: timedelta, presented: timedelta, accepted: timedelta, ending: timedelta | None, said: int | None
) -> None:
    """DESIGN: the earlier of `share_until`, which is that of the customer's choice and `iat` + `keep_for`, and acceptance + `keep_for`."""
    there = town({"a": 1})
    clock = there.world.clock
    kept = keep_for or WILL_NOT_STORE
    request = there.ask("a", keep_for=kept, issuers=ANYONE, answer_within=timedelta(hours=1))
    expires = START + timedelta(hours=1)
    clock.turn(presented)
    iat = clock().replace(microsecond=0)
    until = iat + keep_for if keep_for else expires
    plan = there.ada.plan(request)
    assert plan.ends == until
    if ending is not None and START + ending <= until:
        plan, until = plan.ending(START + ending), START + ending
    if until <= iat:
        with pytest.raises(SaysoError):
            there.ada.present(plan)
        return
    answer = there.ada.present(plan)
    assert taken_apart(answer).said[SHARE_UNTIL] == int(until.timestamp())
    if said is not None:
        until = START + timedelta(seconds=said)
        answer = taken_apart(answer).bound(there.ada_key, **{SHARE_UNTIL: int(START.timestamp()) + said})
    clock.set(max(clock(), START + accepted))
    ends = min(until, clock() + keep_for if keep_for else expires)
    if ends <= clock():
        with pytest.raises(SaysoError) as refused:
            there.bar.accept(answer, request)
        assert kinds(refused.value) == [SHARE_ENDED]
        return
    share = there.bar.accept(answer, request)
    assert share.ends == ends
    clock.set(ends - timedelta(microseconds=1))
    assert share.read() == {"a": 1}
    clock.set(ends)
    assert share.ended
