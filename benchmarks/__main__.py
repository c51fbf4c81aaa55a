"""Print what the library costs beside raw PyNaCl, and beside other libraries."""

import argparse
import json
import os
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from benchmarks import canonical, credentials, documents, doors, imports, logs, peers, queries, status
from benchmarks.measuring import PEERS, Row, measure
from benchmarks.peers import Peers

_FORM = "{:<15} {:<10} {:>5} {:<8} {:>9} {:>7}  {:<26} {:>6} {:>5}  {:<4} {:>8} {:>8} {:>8} {:>10} {:>6}"
_COLUMNS = tuple(f"x_{name}" for name in PEERS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print a table, and write the same as lines of JSON where that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to a file too, one JSON object a line")
    parser.add_argument("--rounds", type=int, default=9, help="how often each operation takes turns with the raw one (default: 9)")
    parser.add_argument("--batch", type=int, default=100, help="how many times in a round (default: 100)")
    parser.add_argument("--processes", type=int, default=21, help="how many processes for each import (default: 21)")
    parser.add_argument("--only", nargs="+", metavar="OPERATION", help="leave out the others")
    chosen = parser.parse_args(arguments)
    machine = {"python": platform.python_version(), "pynacl": version("PyNaCl"), "cpu_count": os.cpu_count()}
    print(*(f"{name} {value}" for name, value in machine.items()), sep=" · ")
    print(peers.described())
    print(_FORM.format("operation", "level", "size", "unit", "µs", "spread", "raw", "x_raw", "bar", "met?", *_COLUMNS))
    rows: list[Row] = []
    with peers.found() as beside:
        for row in _rows(beside, chosen.rounds, chosen.batch, chosen.processes, chosen.only):
            rows.append(row)
            print(_line(row), flush=True)
    if chosen.json:
        lines = [machine, *(_members(row) for row in rows)]
        chosen.json.write_text("".join(json.dumps(line) + "\n" for line in lines))


def _rows(beside: Peers, rounds: int, batch: int, processes: int, only: Sequence[str] | None) -> Iterator[Row]:
    rooms = (credentials.operations(beside), documents.operations(beside), canonical.operations(beside))
    own = (*doors.operations(), *queries.operations(beside), *status.operations(), *logs.operations())
    for operation in (*chain(*rooms), *own):
        if only is None or operation.title.operation in only:
            yield measure(operation, rounds=rounds, batch=batch)
    if only is None or "import" in only:
        yield from imports.measure(rounds=processes)


def _line(row: Row) -> str:
    operation, level, size, unit, raw, bar = row.title
    met = {True: "yes", False: "no", None: ""}[row.met]
    theirs = [row.x_peers.get(name, "-") for name in PEERS]
    figures = (row.microseconds, f"{row.spread:.1%}", raw, row.x_raw, "" if bar is None else bar)
    return _FORM.format(operation, level, size, unit, *figures, met, *theirs)


def _members(row: Row) -> dict[str, str | float | None]:
    operation, level, size, unit, raw, bar = row.title
    return {
        "operation": operation,
        "level": level,
        "size": size,
        "unit": unit,
        "microseconds": row.microseconds,
        "spread": row.spread,
        "raw": raw,
        "x_raw": row.x_raw,
        **{column: row.x_peers.get(name) for column, name in zip(_COLUMNS, PEERS, strict=True)},
        "bar": bar,
    }


if __name__ == "__main__":
    main()
