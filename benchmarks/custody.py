"""Measure custody with so many shares in it: what it costs to take, use, sweep and look up, and how that grows.

Usage: python -m benchmarks.custody [COUNT], on SQLite and, where it is installed, on PostgreSQL
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sayso import Custody, LocalMasterKey, SqlCustodyStore
from sayso.entropy import system_entropy
from sayso.storage.custody import Custodied, SealedClaim
from sayso.testing.world import START
from sayso.verifier.custody_share import CustodyShare
from sayso.verifier.safe import Safe
from sayso.verifier.taking import TakenClaim
from tools.faults import in_schema
from tools.postgres import postgres, programs

COUNT, DUE = 1_000_000, 10_000
SAMPLE = 500
CLAIMS = ("given_name", "birthdate", "address.city")
PURPOSE, DAY = "Delivery", timedelta(days=1)
_FORM = "{:<11} {:>10} {:>12} {:>12} {:>12} {:>14} {:>12}"


class Hall:
    """Hold a store that is being filled, and the clock that it is filled under."""

    def __init__(self, where: str) -> None:
        self.now = START
        self.store = SqlCustodyStore(where)
        master = LocalMasterKey(bytes(32))
        self.safe = Safe(self.store, master, lambda: self.now, system_entropy)
        self.custody = Custody(self.store, master, clock=lambda: self.now)

    def shares(self, first: int, count: int, ends: timedelta) -> list[tuple[Custodied, list[SealedClaim]]]:
        """Seal shares as `accept_into` does, without the presentations that come before it."""
        sealed = []
        for number in range(first, first + count):
            share = Custodied(f"share {number}", "", f"did:key:z6Mk{number}", PURPOSE, START, None, START)
            taken = [TakenClaim(name, START + ends, once=False, text=b'[[["x"],"y"]]'.ljust(64)) for name in CLAIMS]
            sealed.append((share, self.safe.sealed(share, taken)))
        return sealed

    def fill(self, first: int, count: int, ends: timedelta) -> None:
        """Put shares in, many to a transaction: only what is there matters."""
        database, rows = self.store._database, self.store._rows  # noqa: SLF001 - no door needs to put in a thousand at once
        for start in range(first, first + count, 1000):
            with database.writing() as connection:
                for share, claims in self.shares(start, min(1000, first + count - start), ends):
                    rows.put(connection, share, claims)


def per_second(count: int, work: Callable[[], object]) -> float:
    """Do work, and say how many of it were done in a second."""
    begun = time.perf_counter()
    work()
    return count / (time.perf_counter() - begun)


def measure(name: str, where: str, held: int, due: int) -> None:
    """Print the row of a store that holds so many shares."""
    hall = Hall(where)
    hall.fill(0, held, 365 * DAY)
    hall.fill(held, due, DAY)
    new = hall.shares(held + due, SAMPLE, 365 * DAY)
    taken = per_second(SAMPLE, lambda: [hall.store.put(share, claims) for share, claims in new])
    chosen = [CustodyShare(hall.safe, share) for share, _ in new]

    def use() -> None:
        for share in chosen:
            with share.use("given_name", purpose=PURPOSE, step="label") as claims:
                assert claims == {"x": "y"}

    used = per_second(SAMPLE, use)
    looked_up = per_second(SAMPLE, lambda: [hall.custody.held(f"did:key:z6Mk{number * held // SAMPLE}") for number in range(SAMPLE)])
    hall.now = START + DAY
    swept = per_second(due, lambda: _all(hall, due))
    idle = per_second(1, hall.custody.sweep)
    print(_FORM.format(name, f"{held:,}", *(f"{figure:,.0f}" for figure in (taken, used, looked_up, swept, idle))), flush=True)
    hall.store.close()


def _all(hall: Hall, due: int) -> None:
    assert len(hall.custody.sweep()) == due


@contextmanager
def _places() -> Iterator[list[tuple[str, Callable[[str], str]]]]:
    with TemporaryDirectory() as folder:
        places: list[tuple[str, Callable[[str], str]]] = [("SQLite", lambda name: str(Path(folder, name)))]
        found = programs()
        if found is None:
            print("PostgreSQL is not installed (Debian: apt-get install postgresql)")
            yield places
            return
        with postgres(found) as url:
            yield [*places, ("PostgreSQL", lambda name: in_schema(url, name))]


def main(arguments: list[str]) -> None:
    """Measure a tenth, and all; what does not grow with what is held has the same figure in both rows."""
    count = int(arguments[0]) if arguments else COUNT
    only = arguments[1:]
    print(_FORM.format("per second", "held", "take", "use", "held(did)", "sweep, erased", "sweep, idle"))
    with _places() as places:
        for name, where in places:
            if not only or name in only:
                for number, held in enumerate((count // 10, count)):
                    measure(name, where(f"custody{number}"), held, min(DUE, count // 10))


if __name__ == "__main__":
    main(sys.argv[1:])
