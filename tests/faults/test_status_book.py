"""Whoever keeps a status book may be killed at any instant; the tool that shows it sees what it should."""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from sayso import SqlStatusStore
from sayso.storage.status_store import Change
from tests.support import postgresql
from tools.faults import LIST, URL, Figures, Ledger, check, crowd, in_schema, kill, open_book
from tools.postgres import postgres

TRIED = 20


def _was_tried(figures: Figures) -> bool:
    return figures.boundaries >= TRIED and figures.moments == TRIED and figures.allocated > 0 and figures.revoked > 0


def test_a_file_survives(tmp_path: Path) -> None:
    assert _was_tried(kill(str(tmp_path / "status.db"), TRIED, TRIED))


def test_processes_that_share_a_file_get_entries_of_their_own(tmp_path: Path) -> None:
    assert crowd(str(tmp_path / "status.db"), 16, TRIED) == 16 * TRIED


def test_a_server_survives() -> None:
    with postgres(postgresql()) as url:
        assert _was_tried(kill(in_schema(url, "killed"), TRIED, TRIED))
        assert crowd(in_schema(url, "crowd"), 16, TRIED) == 16 * TRIED
        with psycopg.connect(url) as connection:
            tables = connection.execute("SELECT count(*) FROM killed.sayso_status_entries").fetchone()
        assert tables
        assert tables[0] > 0, "the tables are where they should be"


def _wrong(path: Path, statement: str) -> str:
    """Change what a book says behind its back, and give what is noticed."""
    store = SqlStatusStore(path)
    book = open_book(store)
    ledger = Ledger()
    for number, reference in enumerate(["a", "b"]):
        entry = book.allocate(reference)
        book.revoke(entry)
        (published,) = book.publish()
        for said in (["allocating", reference], ["allocated", reference, *entry.place], ["revoking", reference], ["revoked", reference]):
            ledger.take(said)
        for said in (["publishing"], ["published", published.version], ["step", "x", "y", number]):
            ledger.take(said)
    check(str(path), ledger)
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()
    store.close()
    with pytest.raises(AssertionError) as noticed:
        check(str(path), ledger, whole=True)
    return str(noticed.value)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("DELETE FROM sayso_status_entries WHERE reference = 'a'", "counted and not written down"),
        ("UPDATE sayso_status_books SET allocated = 1", "counted and not written down"),
        ("UPDATE sayso_status_entries SET place = 1 WHERE reference = 'a'", "an entry that was given is lost"),
        ("UPDATE sayso_status_values SET value = 0 WHERE place = (SELECT min(place) FROM sayso_status_values)", "a revocation is lost"),
        (
            "INSERT INTO sayso_status_values SELECT book, sheet, name, 3, 1 FROM sayso_status_values LIMIT 1",
            "a revocation is lost, or nobody's",
        ),
        ("UPDATE sayso_status_lists SET version = 1", "replaced by an older one"),
        ("DELETE FROM sayso_status_lists", "a list that was published is lost"),
    ],
)
def test_the_tool_notices(tmp_path: Path, statement: str, words: str) -> None:
    assert words in _wrong(tmp_path / "status.db", statement)


def test_the_tool_notices_a_list_that_contradicts_the_book(tmp_path: Path) -> None:
    other = SqlStatusStore(tmp_path / "other.db")
    (empty,) = open_book(other).publish()
    other.close()
    words = _wrong(tmp_path / "status.db", f"UPDATE sayso_status_lists SET data = x'{empty.data.hex()}' WHERE url = '{LIST}'")  # noqa: S608
    assert "contradicts the book" in words


def test_the_tool_notices_an_entry_that_was_taken_twice(tmp_path: Path) -> None:
    store = SqlStatusStore(tmp_path / "status.db")
    book = open_book(store)
    ledger = Ledger()
    ledger.take(["allocating", "a"])
    for _ in range(2):
        book.allocate("a")
    with pytest.raises(AssertionError, match="one allocation took two entries"):
        check(str(tmp_path / "status.db"), ledger)
    store.change(URL, store.places(URL, "a"), Change("revocation", 1, closes=True))
    store.close()
