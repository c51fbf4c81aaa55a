"""Kill whoever keeps a status book, at every step and at any moment, and see that nothing is lost, given twice or contradicted.

Usage: python -m tools.faults [MOMENTS], on SQLite and, where it is installed, on PostgreSQL
"""

import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NamedTuple

import psycopg
from psycopg import sql

from sayso import Issuer, MemoryStatusStore, PublishedList, SeedSigner, SqlStatusStore, StatusBook
from sayso.encodings import base64url
from sayso.entropy import system_entropy
from sayso.status import bitstring
from sayso.storage.status_store import Place
from tools.postgres import postgres, programs

URL = "https://issuer.example/status"
LIST = f"{URL}/revocation/1"
MOMENTS, PROCESSES, ALLOCATIONS = 500, 16, 1000
LONGEST_SECONDS = 0.25
"""Within this time a victim has gone through its steps a few times."""

_KEY = SeedSigner(bytes(range(32)))
_STEPS = ("status_book.py", "status_lists.py", "status_store.py", "status_rows.py", "engine.py")
Report = Callable[..., object]
Boundary = tuple[str, str, int]


class Ledger:
    """Hold what victims said that they would do, and what they said was done."""

    def __init__(self) -> None:
        self.allocating: set[str] = set()
        self.allocated: dict[str, tuple[int, int]] = {}
        self.revoking: set[str] = set()
        self.revoked: set[str] = set()
        self.due: set[str] = set()
        self.seen: set[str] = set()
        self.places: dict[str, tuple[Place, ...]] = {}
        self.version = 0
        self.published = 0

    def take(self, said: list[Any]) -> None:
        """Write down one thing that was said."""
        verb, *what = said
        if verb == "allocating":
            self.allocating.add(what[0])
        elif verb == "allocated":
            self.allocated[what[0]] = (what[1], what[2])
        elif verb == "revoking":
            self.revoking.add(what[0])
        elif verb == "revoked":
            self.revoked.add(what[0])
        elif verb == "publishing":
            self.due = {*self.revoked}
        elif verb == "published":
            self.seen, self.version = self.due, what[0]
            self.published += 1

    def follow(self, where: str, all_said: list[list[Any]]) -> list[Boundary]:
        """Write down what a victim said, and look whether it is so; give the steps that it told of.

        Raises:
            AssertionError: as `check`.
        """
        for said in all_said:
            self.take(said)
        check(where, self)
        return [(doing, name, line) for verb, *what in all_said if verb == "step" for doing, name, line in [what]]


class Figures(NamedTuple):
    """Count what was tried."""

    boundaries: int
    moments: int
    allocated: int
    unanswered: int
    revoked: int
    published: int


def open_book(store: SqlStatusStore) -> StatusBook:
    """Open the book that everybody here shares."""
    return Issuer(_KEY).status_book(store, url=URL, purposes=["revocation"])


def work(where: str, first: int, report: Report) -> None:
    """Allocate, revoke and publish, again and again, and say so before and after."""
    store = SqlStatusStore(where)
    book = open_book(store)
    report("ready")
    for number in count(first):
        reference = f"card {number}"
        report("allocating", reference)
        entry = book.allocate(reference)
        report("allocated", reference, *entry.place)
        report("revoking", reference)
        book.revoke(entry)
        report("revoked", reference)
        report("publishing")
        (published,) = book.publish()
        report("published", published.version)


def once(where: str, first: int, report: Report, watch: Callable[[Boundary], object]) -> None:
    """Do it once, and tell of each line of the library's steps when it is first reached, and what is being done."""
    doing, known = "", set[Boundary]()

    def said(verb: str, *what: object) -> None:
        nonlocal doing
        report(verb, *what)
        doing = verb
        if verb == "published":
            raise StopIteration

    def trace(frame: FrameType, event: str, _: object) -> Any:
        path = Path(frame.f_code.co_filename)
        if path.name not in _STEPS or "sayso" not in path.parts:
            return None
        boundary = (doing, path.name, frame.f_lineno)
        if event == "line" and doing.endswith("ing") and boundary not in known:
            known.add(boundary)
            watch(boundary)
        return trace

    sys.settrace(trace)
    try:
        work(where, first, said)
    except StopIteration:
        pass
    finally:
        sys.settrace(None)


def spawn(task: Callable[[Report], None]) -> tuple[int, int]:
    """Start a task in a process of its own; give its id, and where it can be heard."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child:
        os.close(theirs)
        return child, ours
    try:
        os.close(ours)
        task(lambda *said: os.write(theirs, json.dumps(said).encode() + b"\n"))
        os._exit(0)
    except BaseException:  # noqa: BLE001 - whatever it is, no child may come back from here
        traceback.print_exc()
    os._exit(1)


def heard(ours: int) -> list[list[Any]]:
    """Read what was said until the process ended; it cannot have said half of something."""
    with os.fdopen(ours, "rb") as pipe:
        return [json.loads(line) for line in pipe.read().splitlines()]


def stepped(where: str, first: int) -> list[list[Any]]:
    """Give what a process said that nobody killed, with every step that it went through."""
    child, ours = spawn(lambda report: once(where, first, report, lambda boundary: report("step", *boundary)))
    said = heard(ours)
    _, status = os.waitpid(child, 0)
    if status:
        msg = "the steps could not be gone through"
        raise RuntimeError(msg)
    return said


def killed_at(where: str, first: int, boundary: Boundary) -> list[list[Any]]:
    """Give what a victim said that was killed when it reached a step."""

    def suicide(reached: Boundary) -> None:
        if reached == boundary:
            os.kill(os.getpid(), signal.SIGKILL)

    child, ours = spawn(lambda report: once(where, first, report, suicide))
    said = heard(ours)
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        msg = f"the victim never reached {boundary}"
        raise RuntimeError(msg)
    return said


def killed_after(where: str, first: int, seconds: float) -> list[list[Any]]:
    """Give what a victim said that was killed so long after it was ready."""
    return kill_after(lambda report: work(where, first, report), seconds)


def kill_after(task: Callable[[Report], None], seconds: float) -> list[list[Any]]:
    """Give what a process said that did a task and was killed so long after it first said something."""
    child, ours = spawn(task)
    begun = b""
    while not begun.endswith(b"\n"):
        begun += os.read(ours, 1)
    select.select([], [], [], seconds)
    os.kill(child, signal.SIGKILL)
    said = heard(ours)
    os.waitpid(child, 0)
    return said


def check(where: str, ledger: Ledger, *, whole: bool = False) -> None:
    """Compare what is in the store with what the last victim said, or every one.

    Raises:
        AssertionError: something was lost, given twice, or contradicted.
    """
    store = SqlStatusStore(where)
    open_book(store)
    looked_at = ledger.allocating if whole else ledger.allocating - ledger.places.keys()
    ledger.places.update((reference, store.places(URL, reference)) for reference in looked_at)
    places = ledger.places
    given = [place for found in places.values() for place in found]
    _insist(len({*given}) == len(given) == store.allocated(URL), "an entry was given twice, or counted and not written down")
    _insist(all(places[reference] == (place,) for reference, place in ledger.allocated.items()), "an entry that was given is lost")
    _insist(all(len(found) <= 1 for found in places.values()), "one allocation took two entries")
    values = store.snapshot(URL, 0).values["revocation"]
    at = {reference: found[0].position for reference, found in places.items() if found}
    stand = {reference for reference, position in at.items() if values.get(position)}
    _insist(ledger.revoked <= stand <= ledger.revoking and len(values) == len(stand), "a revocation is lost, or nobody's")
    kept = store.kept(LIST)
    if kept is not None:
        _insist(kept.version >= ledger.version, "a list was replaced by an older one")
        _insist({at[one] for one in ledger.seen} <= _revoked(kept) <= {*values}, "a published list contradicts the book")
    else:
        _insist(not ledger.version, "a list that was published is lost")
    store.close()


def _revoked(published: PublishedList) -> set[int]:
    payload = json.loads(base64url.decode(published.data.split(b".")[1].decode()))
    bits = int.from_bytes(bitstring.decode(payload["credentialSubject"]["encodedList"]))
    digits = f"{bits:0{bitstring.MIN_ENTRIES}b}"
    found, position = set[int](), digits.find("1")
    while position >= 0:
        found.add(position)
        position = digits.find("1", position + 1)
    return found


def _insist(holds: bool, what: str) -> None:
    if not holds:
        raise AssertionError(what)


def fractions() -> Iterator[float]:
    """Give numbers from 0 to 1, at random."""
    while True:
        yield int.from_bytes(system_entropy(4)) / 2**32


def kill(where: str, moments: int, most_boundaries: int | None = None) -> Figures:
    """Kill a victim at each step, or at so many of them, and at so many moments; look after each.

    Raises:
        AssertionError: as `check`.
    """
    ledger, numbers = Ledger(), count(step=10_000)
    SqlStatusStore(where).close()
    # What is loaded on first use is loaded here, and not by every victim.
    Issuer(_KEY).status_book(MemoryStatusStore(), url=URL, purposes=["revocation"]).publish()
    steps = ledger.follow(where, stepped(where, next(numbers)))
    number = len(steps) if most_boundaries is None else min(most_boundaries, len(steps))
    chosen = [steps[index * len(steps) // number] for index in range(number)]
    for step in chosen:
        ledger.follow(where, killed_at(where, next(numbers), step))
    for part in islice(fractions(), moments):
        ledger.follow(where, killed_after(where, next(numbers), part * LONGEST_SECONDS))
    check(where, ledger, whole=True)
    unanswered = len(ledger.allocating) - len(ledger.allocated)
    return Figures(len(chosen), moments, len(ledger.allocated), unanswered, len(ledger.revoked), ledger.published)


def crowd(where: str, processes: int, allocations: int) -> int:
    """Let processes allocate at once, in a new database, and count the entries.

    Raises:
        AssertionError: one was given twice, or is missing.
    """

    def allocate(report: Report) -> None:
        book = open_book(SqlStatusStore(where))
        for _ in range(allocations):
            report(*book.allocate().place)

    running = [spawn(allocate) for _ in range(processes)]
    given = [tuple(said) for _, ours in running for said in heard(ours)]
    ended = [os.waitpid(child, 0)[1] for child, _ in running]
    store = SqlStatusStore(where)
    open_book(store)
    _insist(not any(ended), "a process failed")
    _insist(len({*given}) == len(given) == store.allocated(URL) == processes * allocations, "an entry was given twice, or is missing")
    store.close()
    return len(given)


def measure(name: str, where: Callable[[str], str], moments: int) -> None:
    """Try one database, and print what came of it."""
    figures = kill(where("killed"), moments)
    print(name, *(f"{label}={value}" for label, value in figures._asdict().items()), flush=True)
    print(name, f"processes={PROCESSES} entries={crowd(where('crowd'), PROCESSES, ALLOCATIONS)}, each once", flush=True)


def main(arguments: list[str]) -> None:
    """Try SQLite and PostgreSQL."""
    moments = int(arguments[0]) if arguments else MOMENTS
    with TemporaryDirectory() as folder:
        measure("SQLite", lambda name: str(Path(folder, name)), moments)
    found = programs()
    if found is None:
        print("PostgreSQL is not installed (Debian: apt-get install postgresql)")
        return
    with postgres(found) as url:
        measure("PostgreSQL", lambda name: in_schema(url, name), moments)


def in_schema(url: str, name: str) -> str:
    """Give the URL of an empty place for tables on a server."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(name)))
    return f"{url}&options=-csearch_path%3D{name}"


if __name__ == "__main__":
    main(sys.argv[1:])
