"""Measure operations against raw PyNaCl, interleaved, so that a ratio means the same on a busy machine as on a quiet one."""

import gc
from collections.abc import Callable, Sequence
from statistics import median, quantiles
from time import process_time_ns
from typing import NamedTuple, TypeAlias

Task: TypeAlias = Callable[[], object]

SLICE = 20
"""After so many tasks it is the other side's turn."""


class Batch(NamedTuple):
    """Hold tasks that are ready to run, each over bytes that nothing has seen: `ours`, and the raw operations that each is divided by."""

    ours: Sequence[Task]
    raw: Sequence[Task]


class Title(NamedTuple):
    """Say what is measured.

    `level` is "mechanism" or "door"; `size` counts `unit`s; `raw` names the raw operation, and `bar` says how many of it this may cost.
    """

    operation: str
    level: str
    size: int
    unit: str
    raw: str
    bar: float


class Operation(NamedTuple):
    """Hold an operation to measure; `prepare` makes a batch of so many tasks, and is not measured."""

    title: Title
    prepare: Callable[[int], Batch]


class Row(NamedTuple):
    """Hold what came out: medians of all rounds, and the distance of the quartiles of their ratios as a part of the median."""

    title: Title
    microseconds: float
    spread: float
    x_raw: float

    @property
    def met(self) -> bool:
        """Whether it costs no more than it may."""
        return self.x_raw <= self.title.bar


class Round(NamedTuple):
    """Hold the nanoseconds of CPU that one round took, for one task of each side."""

    ours: float
    raw: float


def measure(operation: Operation, *, rounds: int, batch: int) -> Row:
    """Measure an operation for so many rounds of a batch."""
    run(operation.prepare(batch // 4 or 1))  # warms what a process warms once
    return row(operation.title, [run(operation.prepare(batch)) for _ in range(rounds)])


def run(batch: Batch) -> Round:
    """Run one batch, a slice of each side at a time."""
    # What was prepared would only slow the collector down, which may otherwise run as it does in life.
    gc.collect()
    gc.freeze()
    ours = raw = 0
    for start in range(0, len(batch.ours), SLICE):
        raw += _cpu_of(batch.raw[start : start + SLICE])
        ours += _cpu_of(batch.ours[start : start + SLICE])
    gc.unfreeze()
    return Round(ours / len(batch.ours), raw / len(batch.raw))


def _cpu_of(tasks: Sequence[Task]) -> int:
    start = process_time_ns()
    for task in tasks:
        task()
    return process_time_ns() - start


def row(title: Title, rounds: Sequence[Round]) -> Row:
    """Sum up the rounds of an operation."""
    ratios = [one.ours / one.raw for one in rounds]
    middle = median(ratios)
    low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else (middle, middle, middle)
    return Row(title, round(median(one.ours for one in rounds) / 1000, 1), round((high - low) / middle, 3), round(middle, 2))
