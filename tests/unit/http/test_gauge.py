"""Time and bytes of one retrieval."""

from datetime import timedelta

import pytest

from sayso.errors import LIMIT_EXCEEDED, TOO_SLOW, SaysoError
from sayso.http.gauge import Deadline, Gauge
from sayso.http.headers import MAX_HEAD_BYTES


def test_a_deadline_to_the_nanosecond() -> None:
    now = [5]
    deadline = Deadline(lambda: now[0], timedelta(seconds=2))
    assert deadline.left() == 2
    now[0] = 5 + 1_500_000_000
    assert deadline.left() == 0.5
    now[0] = 5 + 2_000_000_000 - 1
    assert deadline.left() > 0
    now[0] += 1
    with pytest.raises(SaysoError) as refused:
        deadline.left()
    assert refused.value.problems[0].kind is TOO_SLOW
    assert "2 seconds" in refused.value.problems[0].detail


def test_room_for_a_head_and_then_for_a_body() -> None:
    gauge = Gauge(Deadline(lambda: 0, timedelta(seconds=1)))
    assert gauge.room(10) == 10
    assert gauge.room(10**6) == MAX_HEAD_BYTES
    gauge.took(MAX_HEAD_BYTES - 1)
    assert gauge.room(10) == 1
    gauge.took(1)
    with pytest.raises(SaysoError) as refused:
        gauge.room(10)
    assert refused.value.problems[0].kind is LIMIT_EXCEEDED
    gauge.head_is_read(100)
    assert gauge.room(10**6) == 200
