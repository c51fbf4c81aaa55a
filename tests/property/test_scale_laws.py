"""Sync equals async at every door, and many at once are what each is alone."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso import examine, examine_answer, examine_answer_async, examine_async, verify, verify_async, verify_many
from sayso.retrieval import Retrieve, Retrieved
from sayso.testing.world import START
from tests.journeys.town import town
from tests.property.outcomes import outcome
from tests.property.test_doors_laws import DATA, EXPECTED, OPEN, QUERY, REQUEST, THERE
from tests.support import examples

pytestmark = pytest.mark.laws


async def nowhere(_: Retrieve) -> Retrieved:
    raise AssertionError


@examples(300)
@given(DATA | st.just(THERE.issue().data) | st.just(REQUEST.data))
def test_sync_equals_async(data: bytes | str) -> None:
    for expected in (EXPECTED, OPEN):
        assert asyncio.run(examine_async(data, expected, at=START, fetch=nowhere)) == examine(data, expected, at=START)
        alone = outcome(verify, data, expected, at=START)
        assert outcome(asyncio.run, verify_async(data, expected, at=START, fetch=nowhere)) == alone
    answered = asyncio.run(examine_answer_async(data, QUERY, EXPECTED, at=START, fetch=nowhere))
    assert answered == examine_answer(data, QUERY, EXPECTED, at=START)
    assert outcome(asyncio.run, THERE.ada.plan_async(data, fetch=nowhere)) == outcome(THERE.ada.plan, data)
    assert outcome(asyncio.run, THERE.ada.store_async(data, fetch=nowhere)) == outcome(THERE.ada.store, data)


@examples(200)
@given(st.dictionaries(st.text(max_size=4), st.integers() | st.text(max_size=4), max_size=3), st.text(max_size=3))
def test_issuing_sync_equals_issuing_async(claims: dict[str, Any], tail: str) -> None:
    def issued(asynchronous: bool) -> Any:
        there = town(None)
        choices: Any = {"type": "Card", "holder": there.holder + tail, "valid_until": START.replace(year=START.year + 1)}
        try:
            if asynchronous:
                return outcome(asyncio.run, there.city.issue_async(claims, **choices, fetch=nowhere))
            return outcome(there.city.issue, claims, **choices)
        except (TypeError, ValueError) as error:
            return str(error)

    assert issued(asynchronous=True) == issued(asynchronous=False)


@examples(100)
@given(st.lists(DATA | st.just(THERE.issue().data), max_size=40))
def test_many_at_once_are_what_each_is_alone(items: list[bytes | str]) -> None:
    alone = [examine(item, OPEN, at=START) for item in items]
    assert [*verify_many(items, OPEN, at=START)] == alone
    with ThreadPoolExecutor(2) as threads:
        assert [*verify_many(iter(items), OPEN, at=START, executor=threads)] == alone
