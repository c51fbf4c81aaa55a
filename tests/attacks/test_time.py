"""Somebody is late, early, greedy, or turns a clock."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import WILL_NOT_STORE, SaysoError
from sayso.errors import RANGE_ERROR, SHARE_ENDED
from sayso.testing.world import START
from tests.journeys.town import HOUR, SECOND, SHARE_UNTIL, Town, kinds, taken_apart, town

NOW = int(START.timestamp())
TICK = timedelta(microseconds=1)
MINUTE = timedelta(minutes=1)
FAR = 253_402_300_799  # the last second of the year 9999


@pytest.fixture
def there() -> Town:
    return town()


@pytest.mark.parametrize(
    ("what", "boundary", "choices"),
    [
        ("the request ends", 5 * MINUTE, {}),
        ("the share ends", MINUTE, {"keep_for": MINUTE}),
        ("the request ends before the share", 10 * SECOND, {"answer_within": 10 * SECOND}),
        ("what is not stored ends with the request", 5 * MINUTE, {"keep_for": WILL_NOT_STORE}),
    ],
)
def test_late_acceptance_at_each_boundary(there: Town, what: str, boundary: timedelta, choices: dict[str, Any]) -> None:
    request = there.ask("age_over_18", **choices)
    answer = there.answer(request)
    there.world.clock.turn(boundary)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert {*kinds(refused.value)} <= {RANGE_ERROR, SHARE_ENDED}, what
    there.world.clock.turn(-TICK)
    share = there.bar.accept(answer, request)
    assert share.read() == {"age_over_18": True}


def test_a_card_that_expires_on_the_way() -> None:
    there = town(valid_for=MINUTE)
    request = there.ask("age_over_18")
    answer = there.answer(request)
    there.world.clock.turn(2 * MINUTE)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [(RANGE_ERROR, "/vc-sd-jwt/0/validUntil")]
    there.world.clock.turn(-TICK)
    there.bar.accept(answer, request)


@pytest.mark.parametrize("until", [NOW + 3601, NOW + 10**9, FAR, FAR + 0.5])
def test_a_greedy_wallet_cannot_prolong_a_share(there: Town, until: float) -> None:
    """Nor a business that runs one: what was asked for is the most."""
    request = there.ask("age_over_18")
    answer = taken_apart(there.answer(request)).bound(there.ada_key, **{SHARE_UNTIL: until})
    assert there.bar.accept(answer, request).ends == START + HOUR


@pytest.mark.parametrize("exp", [NOW + 301, FAR])
def test_nor_the_time_in_which_it_may_be_accepted(there: Town, exp: int) -> None:
    request = there.ask("age_over_18")
    answer = taken_apart(there.answer(request)).bound(there.ada_key, exp=exp)
    there.world.clock.turn(5 * MINUTE)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert [problem.pointer for problem in refused.value.problems] == ["/exp"]


def test_nor_does_accepting_late_prolong_what_the_customer_said(there: Town) -> None:
    request = there.ask("age_over_18")
    answer = there.answer(request)
    there.world.clock.turn(4 * MINUTE)
    assert there.bar.accept(answer, request).ends == START + HOUR


def test_nor_what_is_not_stored(there: Town) -> None:
    request = there.ask("age_over_18", keep_for=WILL_NOT_STORE)
    answer = taken_apart(there.answer(request)).bound(there.ada_key, exp=FAR, **{SHARE_UNTIL: FAR})
    share = there.bar.accept(answer, request)
    assert share.ends == START + 5 * MINUTE
    share.read()
    with pytest.raises(SaysoError) as refused:
        share.read()
    assert kinds(refused.value) == [SHARE_ENDED]


def test_an_answer_from_the_future(there: Town) -> None:
    request = there.ask("age_over_18")
    answer = taken_apart(there.answer(request)).bound(there.ada_key, iat=NOW + 61)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert [problem.pointer for problem in refused.value.problems] == ["/vc-sd-jwt/0/key_binding/iat"]


def test_a_business_that_turns_its_clock_back_has_nothing_left(there: Town) -> None:
    share = there.share("age_over_18")
    there.world.clock.turn(HOUR)
    assert share.ended
    there.world.clock.set(START)
    with pytest.raises(SaysoError) as refused:
        share.read()
    assert kinds(refused.value) == [SHARE_ENDED]


def test_a_business_that_asks_for_an_answer_next_year_says_so(there: Town) -> None:
    request = there.ask("age_over_18", answer_within=timedelta(days=365), keep_for=MINUTE)
    assert there.ada.plan(request).ends == START + MINUTE
    answer = there.answer(request)
    there.world.clock.turn(MINUTE)
    with pytest.raises(SaysoError) as refused:
        there.bar.accept(answer, request)
    assert kinds(refused.value) == [SHARE_ENDED], "a share begins when it is presented, whenever it is accepted"
