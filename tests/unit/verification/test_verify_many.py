"""Verify many: a report for each, in order, whoever does the work."""

import asyncio
import json
import multiprocessing
import os
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime, timedelta
from typing import Any

import pytest

from sayso import (
    ANYONE,
    Credential,
    Expectations,
    Issuer,
    KeyRing,
    SaysoError,
    examine,
    examine_answer,
    examine_answer_async,
    verify,
    verify_async,
    verify_many,
)
from sayso.jsonvalue import serialize
from sayso.retrieval import Retrieve, Retrieved
from sayso.testing.world import START, World
from tests.journeys.town import town

OPEN = Expectations(issuers=ANYONE, holder_binding=False)


def items() -> list[Credential | bytes | str]:
    there = town()
    cards = [there.issue({"number": number}) for number in range(4)]
    return [cards[0], cards[1].data, b"\xff no credential", cards[2].text, "", cards[3].data[:-10] + b"~", cards[3]]


def test_a_report_for_each_in_order() -> None:
    told: list[tuple[int, int | None]] = []
    reports = [*verify_many(items(), OPEN, at=START, progress=lambda *numbers: told.append(numbers))]
    assert reports == [examine(item, OPEN, at=START) for item in items()]
    assert [report.ok for report in reports] == [True, True, False, True, False, False, True]
    assert told == [(number, 7) for number in range(1, 8)]


def test_threads_and_processes_give_the_same() -> None:
    here = [*verify_many(items(), OPEN, at=START)]
    with ThreadPoolExecutor(2) as threads:
        assert [*verify_many(items(), OPEN, at=START, executor=threads)] == here
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as processes:
        reports = [*verify_many(items() * 30, OPEN, at=START, executor=processes)]
    assert reports == here * 30
    assert [report.require().claims for report in reports if report.ok] == [report.require().claims for report in here if report.ok] * 30


def test_reports_pickle_and_stay_unchangeable() -> None:
    for report in verify_many(items(), OPEN, at=START):
        again = pickle.loads(pickle.dumps(report))  # noqa: S301 - our own
        assert again == report
        if again.ok:
            with pytest.raises(TypeError, match="cannot be changed"):
                again.require().claims["issuer"] = "me"


def test_a_pool_that_breaks_is_heard() -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes:
        reports = verify_many([b"x"], OPEN, at=START, executor=processes)
        assert not next(reports).ok
        processes.submit(os._exit, 3)
        with pytest.raises(BrokenProcessPool):
            list(verify_many([b"x"] * 1000, OPEN, at=START, executor=processes))


def test_a_generator_is_read_as_reports_are_taken() -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"x"

    told: list[tuple[int, int | None]] = []
    reports = verify_many(endless(), OPEN, at=START, progress=lambda *numbers: told.append(numbers))
    assert [next(reports).ok, next(reports).ok] == [False, False]
    assert told == [(1, None), (2, None)]


@pytest.mark.parametrize("item", [None, 5, {"a": 1}, bytearray(b"x"), ["x"]])
@pytest.mark.parametrize("threaded", [False, True])
def test_an_item_of_a_wrong_type_comes_behind_the_reports_before_it(item: Any, threaded: bool) -> None:
    with ThreadPoolExecutor(1) as threads:
        reports = verify_many(["x", item, "y"], OPEN, at=START, executor=threads if threaded else None)
        assert not next(reports).ok
        with pytest.raises(TypeError, match=f"not {type(item).__name__}"):
            next(reports)


@pytest.mark.parametrize("one", ["text", b"bytes", Credential(b"x", "text/plain")])  # type: ignore[arg-type]
def test_one_is_not_many(one: Any) -> None:
    with pytest.raises(TypeError, match="many items, not one"):
        verify_many(one, OPEN, at=START)


def test_a_wrong_call_is_told_at_once() -> None:
    with pytest.raises(TypeError, match="expectations are an Expectations"):
        verify_many([], None, at=START)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="aware"):
        verify_many([], OPEN, at=datetime(2026, 1, 1))  # noqa: DTZ001
    with pytest.raises(TypeError, match="executor is a"):
        verify_many([], OPEN, at=START, executor=2)  # type: ignore[arg-type]


async def nowhere(_: Retrieve) -> Retrieved:
    raise AssertionError


def test_the_twin_of_verify_is_awaited() -> None:
    card, *_ = items()
    assert asyncio.run(verify_async(card, OPEN, at=START, fetch=nowhere)) == verify(card, OPEN, at=START)
    with pytest.raises(SaysoError):
        asyncio.run(verify_async("", OPEN, at=START, fetch=nowhere))


def test_the_twins_of_the_wallet_and_of_a_whole_answer_are_awaited() -> None:
    there = town()
    card = there.issue({"number": 1})
    assert asyncio.run(there.ada.store_async(card, fetch=nowhere)) == there.ada.store(card)
    request = there.ask("age_over_18")
    plan = asyncio.run(there.ada.plan_async(request, fetch=nowhere))
    assert plan == there.ada.plan(request)
    asked = plan.asked.request
    expected = Expectations(issuers=ANYONE, audience=asked.client_id, nonce=asked.nonce)
    token = json.dumps(json.loads(there.ada.present(plan).text)["vp_token"])
    report = examine_answer(token, asked.query, expected, at=START)
    assert report.ok
    assert asyncio.run(examine_answer_async(token, asked.query, expected, at=START, fetch=nowhere)) == report


def test_what_is_no_item_comes_behind_the_reports_on_those_before() -> None:
    """Also where they are handed out in chunks: it is looked at when it is read."""
    card = town().issue({"number": 1})
    wrong: Any = 5
    with ThreadPoolExecutor(2) as pool:
        reports = verify_many([*[card] * 100, wrong, card], OPEN, at=START, executor=pool)
        found: list[bool] = []
        with pytest.raises(TypeError, match="an item is bytes"):
            found.extend(report.ok for report in reports)
    assert found == [True] * 100


def test_the_fetcher_answers_for_each() -> None:
    world = World()
    ring = KeyRing.generate("web", domain="city.example", entropy=world.entropy)
    world.network.documents["https://city.example/.well-known/did.json"] = Retrieved(serialize(ring.document()).encode())
    city = Issuer.of(ring, clock=world.clock, entropy=world.entropy, fetch=world.network)
    card = city.issue({"a": 1}, type="Card", holder=KeyRing.generate().did, valid_for=timedelta(days=9))
    assert [report.ok for report in verify_many([card, card], OPEN, at=world.clock(), fetch=world.network)] == [True, True]
    assert not any(report.ok for report in verify_many([card, card], OPEN, at=world.clock()))
