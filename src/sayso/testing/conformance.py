"""Run files of attacks and controls: `python -m sayso.testing.conformance FILE.jsonl`.

Prints a line for every miss, and how many records were right. The exit status is 0 where nothing was missed, 1 where something was missed,
crashed or was slow, 2 for wrong use, and 3 where nothing was missed and something is not supported.
"""

import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from sayso.clock import Stopwatch, system_stopwatch
from sayso.errors import SaysoError
from sayso.testing import question
from sayso.testing.records import Record, read
from sayso.verification.report import Report

CORRECT = "correct"
WRONGLY_ACCEPTED = "wrongly accepted"
WRONGLY_REJECTED = "wrongly rejected"
CRASHED = "crashed"
NOT_SUPPORTED = "not supported"
OUTCOMES = (CORRECT, WRONGLY_ACCEPTED, WRONGLY_REJECTED, CRASHED, NOT_SUPPORTED)

_NANOSECONDS = 1e9


class Outcome(NamedTuple):
    """Hold how a record fared: one of OUTCOMES, how long it took, and a few words on what happened."""

    record: Record
    outcome: str
    seconds: float = 0.0
    detail: str = ""


def run(
    records: Iterable[Record], *, examine: Callable[[Record], Report] = question.put, stopwatch: Stopwatch = system_stopwatch
) -> Iterator[Outcome]:
    """Examine every record and compare the verdict with the one that is right."""
    for record in records:
        if not question.supported(record):
            yield Outcome(record, NOT_SUPPORTED)
            continue
        began = stopwatch()
        outcome, detail = _examined(record, examine)
        yield Outcome(record, outcome, (stopwatch() - began) / _NANOSECONDS, detail)


def _examined(record: Record, examine: Callable[[Record], Report]) -> tuple[str, str]:
    try:
        report = examine(record)
    except SaysoError as error:
        report = Report(error.problems)
    except Exception as error:  # noqa: BLE001 - whatever else comes out of the library is a crash, and the run goes on
        return CRASHED, type(error).__name__
    if report.ok == record.accepted:
        return CORRECT, ""
    if report.ok:
        return WRONGLY_ACCEPTED, record.why
    return WRONGLY_REJECTED, "; ".join(f"{problem.stage}: {problem}" for problem in report.problems)


class Tally:
    """Count outcomes, and say what came of them all."""

    def __init__(self, slow: float) -> None:
        """Count as slow what took longer than so many seconds."""
        self._limit = slow
        self._counts: Counter[str] = Counter()
        self._slow = 0

    def line(self, outcome: Outcome) -> str | None:
        """Count an outcome, and give the line that it deserves: None where nothing is amiss."""
        record = outcome.record
        found = [] if outcome.outcome in (CORRECT, NOT_SUPPORTED) else [outcome.outcome]
        self._counts[outcome.outcome] += 1
        if outcome.seconds > self._limit:
            self._slow += 1
            found.append(f"slow ({outcome.seconds:.3g} s)")
        if not found:
            return None
        # A record is data from outside: whatever it says stays on one line, and writes nothing else to a terminal.
        return ascii(f"{' and '.join(found)}: {record.id} [{record.level}] {outcome.detail}")[1:-1].rstrip()

    @property
    def summary(self) -> str:
        """How many records there were, and how many came out which way."""
        counted = ", ".join(f"{self._counts[outcome]} {outcome}" for outcome in OUTCOMES)
        return f"{self._counts.total()} records: {counted}, {self._slow} slower than {self._limit:g} s"

    @property
    def status(self) -> int:
        """The exit status."""
        if self._slow or any(self._counts[outcome] for outcome in (WRONGLY_ACCEPTED, WRONGLY_REJECTED, CRASHED)):
            return 1
        return 3 if self._counts[NOT_SUPPORTED] else 0


def main(
    arguments: Sequence[str] | None = None,
    *,
    examine: Callable[[Record], Report] = question.put,
    stopwatch: Stopwatch = system_stopwatch,
) -> int:
    """Run the records of a file, print what was missed, and give the exit status."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    try:
        records = read(asked.file)
    except (OSError, ValueError) as error:
        parser.error(f"{asked.file}: {error}")
    tally = Tally(asked.slow)
    chosen = (
        record
        for record in records
        if (not asked.format or record.format in asked.format) and (not asked.class_ or record.class_ in asked.class_)
    )
    for outcome in run(chosen, examine=examine, stopwatch=stopwatch):
        line = tally.line(outcome)
        if line:
            sys.stdout.write(line + "\n")
    sys.stdout.write(tally.summary + "\n")
    return tally.status


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m sayso.testing.conformance", description="Run a file of attacks and controls.", allow_abbrev=False
    )
    parser.add_argument("file", type=Path, metavar="FILE.jsonl", help="one record a line")
    parser.add_argument("--format", action="append", metavar="FORMAT", help="only records of this format; may be repeated")
    parser.add_argument("--class", action="append", dest="class_", metavar="CLASS", help="only records of this class; may be repeated")
    parser.add_argument("--slow", type=_seconds, default=1.0, metavar="SECONDS", help="what takes longer is slow (default: 1)")
    return parser


def _seconds(text: str) -> float:
    seconds = float(text)
    if not seconds >= 0:  # which is so for a NaN too
        msg = "seconds are not negative"
        raise ArgumentTypeError(msg)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
