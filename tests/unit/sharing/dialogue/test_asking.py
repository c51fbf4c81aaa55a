"""A step asks for what is not held already, and for nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from sayso.sharing.attribute import Attribute
from sayso.sharing.dialogue.asking import still_asked
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.share import Phase, Share
from sayso.testing.world import START, TurningClock
from tests.unit.sharing.dialogue.shop import SHOP

ORDER, DELIVER = read_map(SHOP).steps
HOUR = timedelta(hours=1)


def names(asked: tuple[tuple[Attribute, ...], tuple[Attribute, ...]]) -> list[Any]:
    return [[one.claim for one in those] for those in asked]


def share(clock: TurningClock, purpose: str = DELIVER.purpose) -> Share:
    """Share an address for two hours, of which the mobile number is let go of after one."""
    phases = [Phase(START + HOUR, {}, ("address.zip", "mobile")), Phase(START + 2 * HOUR, {}, ("address.zip",))]
    return Share(phases, names=("address.zip", "mobile"), purpose=purpose, clock=clock)


def test_what_is_held_is_not_asked_for_again() -> None:
    clock = TurningClock()
    held = share(clock)
    assert names(still_asked(DELIVER, [held], clock())) == [["given_name"], []]
    assert names(still_asked(DELIVER, [held, "given_name"], clock())) == [[], []]
    assert names(still_asked(DELIVER, [("address", "zip"), "given_name"], clock())) == [[], ["mobile"]]
    assert names(still_asked(DELIVER, [], clock())) == [[("address", "zip"), "given_name"], ["mobile"]]


def test_of_a_share_what_can_be_read_counts() -> None:
    clock = TurningClock()
    held = share(clock)
    clock.turn(HOUR)
    assert names(still_asked(DELIVER, [held], clock())) == [["given_name"], ["mobile"]]
    clock.turn(HOUR)
    assert names(still_asked(DELIVER, [held], clock())) == [[("address", "zip"), "given_name"], ["mobile"]]


def test_another_purpose_counts_for_nothing() -> None:
    clock = TurningClock()
    assert names(still_asked(DELIVER, [share(clock, "Advertise")], clock()))[0] == [("address", "zip"), "given_name"]


def test_it_lasts_long_enough() -> None:
    clock = TurningClock()
    held = share(clock)
    assert names(still_asked(DELIVER, [held], clock(), HOUR)) == [["given_name"], []]
    assert names(still_asked(DELIVER, [held], clock(), HOUR + timedelta(seconds=1))) == [["given_name"], ["mobile"]]
    assert names(still_asked(DELIVER, [held], clock(), 3 * HOUR)) == [[("address", "zip"), "given_name"], ["mobile"]]


def test_what_does_instead_is_enough() -> None:
    assert names(still_asked(ORDER, ["age_over_18"], START)) == [[], []]


def test_wrong_use() -> None:
    wrong: Any
    for wrong in ("mobile", share(TurningClock()), 7, [7], [None]):
        with pytest.raises(TypeError):
            still_asked(DELIVER, wrong, START)
    wrong = 7
    with pytest.raises(TypeError):
        still_asked(DELIVER, [], START, wrong)
    with pytest.raises(ValueError, match="negative"):
        still_asked(DELIVER, [], START, -HOUR)
