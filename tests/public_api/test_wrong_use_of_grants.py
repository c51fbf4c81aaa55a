"""Wrong types at the doors of grants: TypeError, ValueError or the library's one error, and nothing else comes out."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import SaysoError
from tests.journeys.granting import DAY, granting

WRONG: tuple[Any, ...] = (None, 3, 1.5, b"", "", b"\xff", "a.b.c", [], {}, object(), timedelta(days=1), "\ud800")


@pytest.mark.parametrize("index", range(len(WRONG)))
def test_whatever_is_given(index: int) -> None:
    one, wrong = granting(leased=True), WRONG[index]
    ada: Any = one.there.ada
    bar: Any = one.there.bar
    made, now = one.grant, one.there.world.clock()
    asked = ada.ask_erasure(made)
    calls: list[tuple[Any, ...]] = [
        (ada.grant, (wrong, one.answer), {}),
        (ada.grant, (one.plan, one.answer), {"format": wrong}),
        (ada.renew, (wrong,), {}),
        (ada.withdraw, (wrong,), {}),
        (ada.withdraw, (made, wrong), {}),
        (ada.pause, (wrong, now), {}),
        (ada.pause, (made, wrong), {}),
        (ada.ask_erasure, (wrong,), {}),
        (ada.ask_erasure, (made, wrong), {}),
        (ada.read_grant, (wrong,), {}),
        (ada.read_receipt, (wrong, made), {}),
        (ada.read_receipt, (bar.receipt(made, one.request), wrong), {}),
        (ada.read_erasure, (wrong, made, asked), {}),
        (ada.read_event, (wrong, made), {}),
        (bar.read_grant, (wrong, one.request), {}),
        (bar.read_grant, (made, wrong), {}),
        (bar.receipt, (made, one.request), {"format": wrong}),
        (bar.take_event, (wrong, made), {}),
        (bar.take_event, (asked, wrong), {}),
        (bar.confirm_erasure, (wrong,), {}),
        (bar.confirm_erasure, (made, asked), {"erased": [wrong]}),
        (bar.confirm_erasure, (made, asked), {"retained": [wrong]}),
        (bar.confirm_erasure, (made, asked), {"told": [wrong]}),
        (bar.give_back, (made, "birthdate"), {"since": wrong, "text": "Not used"}),
        (bar.give_back, (made, wrong), {"since": now, "text": "Not used"}),
        (bar.give_back, (made, "birthdate"), {"since": now, "text": wrong if wrong != "a.b.c" else None}),
        (bar.tell_breach, (made, "birthdate"), {"noticed": wrong, "text": "Lost"}),
    ]
    for call, arguments, named in calls:
        with pytest.raises((TypeError, ValueError, SaysoError)):
            call(*arguments, **named)


@pytest.mark.parametrize("answer_within", [None, 3, "P1D"])
def test_how_soon_an_answer_is_due_is_a_duration(answer_within: Any) -> None:
    one = granting()
    with pytest.raises(TypeError):
        one.there.ada.ask_erasure(one.grant, answer_within=answer_within)
    with pytest.raises(TypeError):
        one.there.ada.grant(one.plan, one.answer, receipt_within=answer_within)
    assert one.there.ada.ask_erasure(one.grant, answer_within=DAY).data
