"""Measure custody with so many shares in it: what it costs to accept, use, sweep and look up, and how that grows; and so a ledger.

Usage: python -m benchmarks.custody [COUNT [SQLite|PostgreSQL|Ledger ...]], on SQLite and, where it is installed, on PostgreSQL
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import insert

from sayso import Custody, Ledger, LocalMasterKey, Request, SqlCustodyStore, Transaction
from sayso.encodings.multihash import digest_multibase
from sayso.entropy import system_entropy
from sayso.storage.custody import Custodied, SealedClaim
from sayso.storage.sql.custody_tables import CLAIMS as CLAIM_ROWS
from sayso.storage.sql.custody_tables import SHARES, claim_row, share_row
from sayso.testing.world import START, World
from sayso.verifier.custody_share import CustodyShare
from sayso.verifier.safe import Safe
from sayso.verifier.taking import TakenClaim
from sayso.wallet.record import Sharing
from tools.faults import in_schema
from tools.postgres import postgres, programs

COUNT, DUE = 1_000_000, 10_000
SAMPLE = 500
CLAIMS = ("given_name", "birthdate", "address.city")
PURPOSE, DAY = "Delivery", timedelta(days=1)
_FORM = "{:<11} {:>10} {:>12} {:>12} {:>12} {:>14} {:>12}"
_LEDGER = "{:<11} {:>10} {:>12} {:>15} {:>15} {:>14}"
BUSINESSES = 1000


class Question(NamedTuple):
    """Hold a request, with what answers it."""

    request: Request
    sharing: Sharing


class Hall:
    """Hold a store that is being filled, and the clock that it is filled under."""

    def __init__(self, where: str) -> None:
        self.now = START
        self.world = World()
        self.verifier = self.world.verifier()
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

    def questions(self, count: int) -> list[Question]:
        """Ask a customer, and have her share under a grant, so many times."""
        city, ada = self.world.issuer(), self.world.wallet()
        card = {"given_name": "Ada", "birthdate": "1990-12-10", "address": {"city": "Oslo"}}
        ada.store(city.issue(card, type="Card", holder=ada.new_key(), valid_for=365 * DAY))
        asked = [
            self.verifier.request(
                "given_name", "birthdate", ("address", "city"), issuers=[city.did], purpose=PURPOSE, benefit="b", keep_for=300 * DAY
            )
            for _ in range(count)
        ]
        return [Question(one, ada.share(ada.plan(one))) for one in asked]

    def fill(self, first: int, count: int, ends: timedelta) -> None:
        """Put shares in, many to a transaction: only what is there matters."""
        new = insert(SHARES).returning(SHARES.c.key, sort_by_parameter_order=True)
        for start in range(first, first + count, 1000):
            sealed = self.shares(start, min(1000, first + count - start), ends)
            with self.store._database.writing() as connection:  # noqa: SLF001 - no door needs to put in a thousand at once
                keys = connection.execute(new, [share_row(share, claims) for share, claims in sealed]).scalars().all()
                rows = [claim_row(key, claim) for key, (_, claims) in zip(keys, sealed, strict=True) for claim in claims]
                connection.execute(insert(CLAIM_ROWS), rows)


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
    questions, chosen = hall.questions(SAMPLE), list[CustodyShare]()

    def accept() -> None:
        for request, (answer, grant, _) in questions:
            chosen.append(hall.verifier.accept_into(hall.custody, answer, request, grant=grant))

    def use() -> None:
        for share in chosen:
            with share.use("given_name", purpose=PURPOSE, step="label") as claims:
                assert claims == {"given_name": "Ada"}

    accepted = per_second(SAMPLE, accept)

    used = per_second(SAMPLE, use)
    looked_up = per_second(SAMPLE, lambda: [hall.custody.held(f"did:key:z6Mk{number * held // SAMPLE}") for number in range(SAMPLE)])
    hall.now = START + DAY
    swept = per_second(due, lambda: _all(hall, due))
    idle = per_second(SAMPLE, lambda: [hall.custody.sweep() for _ in range(SAMPLE)])
    print(_FORM.format(name, f"{held:,}", *(f"{figure:,.0f}" for figure in (accepted, used, looked_up, swept, idle))), flush=True)
    hall.store.close()


def _all(hall: Hall, due: int) -> None:
    assert len(hall.custody.sweep()) == due


def measure_ledger(count: int) -> None:
    """Print the row of a customer's ledger in which so many shares are entered, with a thousand businesses."""
    ledger = Ledger.generate(clock=lambda: START)
    digest = digest_multibase(b"request")

    def one(number: int) -> Transaction:
        claim = CLAIMS[number % len(CLAIMS)]
        return Transaction(kind="presentation", at=START, claims=(claim,), until=START + 365 * DAY, digest=digest, purpose=PURPOSE)

    def enter() -> None:
        for number in range(count):
            ledger.record(one(number), f"did:web:shop{number % BUSINESSES}.example")

    entered = per_second(count, enter)
    first, again = (per_second(1, lambda: ledger.who_has("birthdate")) for _ in range(2))
    held = per_second(SAMPLE, lambda: [ledger.held_by(f"did:web:shop{number}.example") for number in range(SAMPLE)])
    figures = f"{entered:,.0f}", f"{first:,.2f}", f"{again:,.1f}", f"{held:,.0f}"
    print(_LEDGER.format("Ledger", f"{count:,}", *figures), flush=True)


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
    print(_FORM.format("per second", "held", "accept", "use", "held(did)", "sweep, erased", "sweep, idle"))
    with _places() as places:
        for name, where in places:
            if not only or name in only:
                for number, held in enumerate((count // 10, count)):
                    measure(name, where(f"custody{number}"), held, min(DUE, count // 10))
    if not only or "Ledger" in only:
        print(_LEDGER.format("per second", "entries", "record", "who_has, first", "who_has, again", "held_by"))
        for entries in (count // 10, count):
            measure_ledger(entries)


if __name__ == "__main__":
    main(sys.argv[1:])
