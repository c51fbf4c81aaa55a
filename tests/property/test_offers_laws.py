"""Laws of offers: no value is in any of it, what is accepted stays inside, both sides keep one record, and one changed byte is refused."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import Attribute, SaysoError
from sayso.encodings import base64url
from sayso.sharing import dpv, offer
from sayso.sharing.bargain import record_of
from sayso.sharing.terms import NOTHING, WILL_NOT_STORE
from tests.journeys.town import town

pytestmark = pytest.mark.laws

MARK = "qzxw-"
VALUES = {
    "given_name": f"{MARK}Ada",
    "birthdate": f"{MARK}1990",
    "address": {"city": f"{MARK}Oslo", "zip": f"{MARK}0150"},
    "langs": [f"{MARK}no"],
}
PATHS: tuple[Any, ...] = ("given_name", "birthdate", "address", ("address", "city"), ("address", "zip"), "langs", ("langs", None))
paths = st.lists(st.sampled_from(PATHS), min_size=1, max_size=4, unique_by=str)
times = st.sampled_from([NOTHING, timedelta(minutes=1), timedelta(hours=1), timedelta(days=30)])
promises = st.lists(st.sampled_from(sorted(dpv.PROHIBITABLE)), max_size=3, unique=True)


def kept(time: timedelta) -> Any:
    return time or WILL_NOT_STORE


def bytes_in(text: str) -> str:
    """Give all that can be read in a JWT."""
    return text + "".join(base64url.decode(part).decode() for part in text.split(".")[:2])


@given(paths, times, times, promises, st.booleans())
def test_what_is_accepted_stays_inside(claims: list[Any], time: timedelta, own: timedelta, said: list[str], more: bool) -> None:
    there = town(VALUES)
    first, *rest = claims
    offered = [Attribute(first, keep_for=kept(own)), *rest]
    made = there.ada.offer(there.bar.did, *offered, purpose="To do it", keep_for=kept(time), prohibited=said)
    chosen: dict[str, Any] = {"optional": rest} if more and rest else {}
    request = there.bar.accept_offer(made, *([first] if chosen else []), issuers=[there.city.did], benefit="b", **chosen)
    plan = there.ada.plan(request)
    assert there.ada.beyond_offer(plan) == ()
    ours, theirs = there.ada.record_of(plan), record_of(made.data, request.data)
    assert (ours, ours.digest) == (theirs, theirs.digest)
    declined = there.bar.decline(there.ada.offer(there.bar.did, *claims, purpose="p", keep_for=kept(time)), "not-now", "so")
    for text in (made.text, request.text, declined.text):
        assert MARK not in bytes_in(text)
    assert MARK not in str(ours)


@given(paths, paths, times, times)
def test_a_counter_goes_beyond_where_it_asks_for_more(one: list[Any], other: list[Any], granted: timedelta, asked: timedelta) -> None:
    there = town(VALUES)
    made = there.ada.offer(there.bar.did, *one, purpose="To do it", keep_for=kept(granted))
    request = there.bar.counter_offer(made, *other, issuers=[there.city.did], purpose="To do it", benefit="b", keep_for=kept(asked))
    plan = there.ada.plan(request)
    named = [path if isinstance(path, tuple) else (path,) for path in one]
    inside = all(any((path if isinstance(path, tuple) else (path,))[: len(above)] == above for above in named) for path in other)
    assert (there.ada.beyond_offer(plan) == ()) == (inside and asked <= granted)
    assert there.ada.record_of(plan).digest == record_of(made.data, request.data).digest
    assert MARK not in bytes_in(request.text)


@given(st.data())
def test_one_changed_byte_is_refused(data: st.DataObject) -> None:
    there = town(VALUES)
    made = there.ada.offer(there.bar.did, "given_name", purpose="To do it", keep_for=timedelta(hours=1))
    at = data.draw(st.integers(0, len(made.data) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda other: other != made.data[at]))
    with pytest.raises(SaysoError):
        there.bar.read_offer(made.data[:at] + bytes([byte]) + made.data[at + 1 :])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3), max_leaves=5
)
members = st.sampled_from(
    ["iss", "aud", "jti", "iat", "exp", "purposeText", "hasPurpose", "prohibited", "agreement", "attributes", "offer", "reason", "more"]
)


@given(st.dictionaries(members, json_values))
def test_whatever_is_signed_is_an_offer_or_the_one_error(payload: dict[str, Any]) -> None:
    for read in (offer.parse, offer.parse_refusal):
        with suppress(SaysoError):
            read(payload)


@given(st.binary(max_size=80), st.binary(max_size=80))
def test_whatever_comes_has_a_record_or_the_one_error(one: bytes, other: bytes) -> None:
    with suppress(SaysoError):
        record_of(one, other)
