"""Measure operations against raw PyNaCl, interleaved, so that a ratio means the same on a busy machine as on a quiet one."""

import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median, quantiles
from time import process_time_ns
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

Task: TypeAlias = Callable[[], object]
Side: TypeAlias = Callable[[int, int], int]
"""Do the tasks from one number to another, and give the nanoseconds of CPU that they took, in whichever process."""

PEERS = ("openvc", "sd_jwt", "pyld", "oxigraph", "js")
"""The other libraries, as the columns name them."""

SLICE = 20
"""After so many tasks it is the other side's turn."""
_MANY = 200
"""What is larger is done in batches as much smaller."""


class Batch(NamedTuple):
    """Hold tasks that are ready to run, each over bytes that nothing has seen.

    `ours`, the raw operations that each is divided by, and as many for each of the `peers` that has the operation.
    """

    ours: Sequence[Task]
    raw: Sequence[Task]
    peers: Mapping[str, Side] = MappingProxyType({})


class Title(NamedTuple):
    """Say what is measured.

    `level` is "mechanism" or "door"; `size` counts `unit`s; `raw` names the raw operation, and `bar` says how many of it this may cost,
    where the design says so.
    """

    operation: str
    level: str
    size: int
    unit: str
    raw: str
    bar: float | None = None


class Operation(NamedTuple):
    """Hold an operation to measure; `prepare` makes a batch of so many tasks, and is not measured."""

    title: Title
    prepare: Callable[[int], Batch]


class Row(NamedTuple):
    """Hold what came out: medians of all rounds, and the distance of the quartiles of their ratios as a part of the median.

    `x_raw` is ours divided by raw, and `x_peers` ours divided by a peer's: below 1, ours costs less.
    """

    title: Title
    microseconds: float
    spread: float
    x_raw: float
    x_peers: Mapping[str, float]

    @property
    def met(self) -> bool | None:
        """Whether it costs no more than it may; None where nothing says so."""
        return None if self.title.bar is None else self.x_raw <= self.title.bar


class Round(NamedTuple):
    """Hold the nanoseconds of CPU that one round took, for one task of each side."""

    ours: float
    raw: float
    peers: Mapping[str, float] = MappingProxyType({})


def measure(operation: Operation, *, rounds: int, batch: int) -> Row:
    """Measure an operation for so many rounds of a batch; what is large is done less often."""
    count = max(1, min(batch, batch * _MANY // operation.title.size))
    run(operation.prepare(count // 4 or 1))  # warms what a process warms once
    return row(operation.title, [run(operation.prepare(count)) for _ in range(rounds)])


def run(batch: Batch) -> Round:
    """Run one batch, a slice of each side at a time."""
    # What was prepared would only slow the collector down, which may otherwise run as it does in life.
    gc.collect()
    gc.freeze()
    sides = {"ours": timed(batch.ours), "raw": timed(batch.raw), **batch.peers}
    spent = dict.fromkeys(sides, 0)
    for start in range(0, len(batch.ours), SLICE):
        stop = min(start + SLICE, len(batch.ours))
        for name in ("raw", "ours", *batch.peers):
            spent[name] += sides[name](start, stop)
    gc.unfreeze()
    each = {name: nanoseconds / len(batch.ours) for name, nanoseconds in spent.items()}
    return Round(each.pop("ours"), each.pop("raw"), each)


def timed(tasks: Sequence[Task]) -> Side:
    """Make a side of tasks that run in this process."""

    def spend(start: int, stop: int) -> int:
        mine = tasks[start:stop]
        begun = process_time_ns()
        for task in mine:
            task()
        return process_time_ns() - begun

    return spend


def row(title: Title, rounds: Sequence[Round]) -> Row:
    """Sum up the rounds of an operation."""
    ratios = [one.ours / one.raw for one in rounds]
    middle = median(ratios)
    low, _, high = quantiles(ratios, n=4) if len(ratios) > 1 else (middle, middle, middle)
    # A round of few tasks may be shorter than what a clock can tell.
    peers = {name: round(median(one.ours / max(one.peers[name], 1) for one in rounds), 3) for name in rounds[0].peers}
    return Row(title, round(median(one.ours for one in rounds) / 1000, 1), round((high - low) / middle, 3), round(middle, 2), peers)
