"""Measure one retrieval while it runs: the time it takes, from the first name that is looked up, and the bytes that come in."""

from datetime import timedelta

from sayso.clock import Stopwatch
from sayso.errors import LIMIT_EXCEEDED, TOO_SLOW, SaysoError
from sayso.http.headers import MAX_HEAD_BYTES


class Deadline:
    """Hold when a whole retrieval must be over, its redirections included: who sends a byte now and then gains nothing."""

    def __init__(self, stopwatch: Stopwatch, timeout: timedelta) -> None:
        """Begin to count."""
        self._stopwatch = stopwatch
        self._timeout = timeout
        self._end = stopwatch() + timeout // timedelta(microseconds=1) * 1000

    def left(self) -> float:
        """Give the seconds that are left.

        Raises:
            SaysoError: TOO_SLOW, where there are none.
        """
        left = self._end - self._stopwatch()
        if left <= 0:
            raise self.passed()
        return left / 1e9

    def passed(self) -> SaysoError:
        """Give the refusal of what came too late."""
        return SaysoError.of(TOO_SLOW, f"the retrieval took longer than {self._timeout.total_seconds():g} seconds")


class Gauge:
    """Count what comes in over one connection: first a head, then a body with its framing."""

    def __init__(self, deadline: Deadline) -> None:
        """Begin with the head."""
        self.deadline = deadline
        self._room = MAX_HEAD_BYTES

    def head_is_read(self, max_bytes: int) -> None:
        """Make room for a body of a size. Its chunks, and what is written beside them, may cost as much again, and no more."""
        self._room += 2 * max_bytes

    def room(self, wanted: int) -> int:
        """Give how many bytes may be read now.

        Raises:
            SaysoError: LIMIT_EXCEEDED, where there is no room left.
        """
        if self._room <= 0:
            raise SaysoError.of(LIMIT_EXCEEDED, "the answer, or its head, has no end")
        return min(wanted, self._room)

    def took(self, count: int) -> None:
        """Count bytes that were read."""
        self._room -= count
