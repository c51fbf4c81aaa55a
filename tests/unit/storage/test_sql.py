"""A database is a file of SQLite or a PostgreSQL; what it cannot do is one error, which quotes nothing."""

import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sayso.errors import STORE_UNREACHABLE, UNDECIDABLE, SaysoError
from sayso.issuer.issuer import Issuer
from sayso.storage.scattering import KEY_BYTES
from sayso.storage.sql.status_store import SqlStatusStore
from sayso.storage.status_store import Terms

URL = "https://city.example/status"
TERMS = Terms("bitstring", ("revocation",), 1, 10, "did:example:city")
KEY = bytes(KEY_BYTES)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "status.db"


@pytest.fixture
def file(path: Path) -> Iterator[SqlStatusStore]:
    store = SqlStatusStore(path)
    store.open(URL, TERMS, KEY)
    yield store
    store.close()


def test_it_lasts(file: SqlStatusStore, path: Path) -> None:
    place = file.allocate(URL, "card")
    file.close()
    again = SqlStatusStore(f"sqlite:///{path}")
    again.open(URL, TERMS, bytes([1] * KEY_BYTES))
    assert again.places(URL, "card") == (place,)
    assert again.allocate(URL, None) != place
    again.close()
    assert file.allocated(URL) == 2, "a store that was closed opens its file again"


def test_the_file_is_its_owners(file: SqlStatusStore, path: Path) -> None:
    assert file.allocated(URL) == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_was_there_becomes_its_owners(path: Path) -> None:
    path.touch()
    path.chmod(0o644)
    with closing(SqlStatusStore(path)) as store:
        store.open(URL, TERMS, KEY)
        files = [*path.parent.iterdir()]
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_what_is_committed_is_on_the_disk(file: SqlStatusStore) -> None:
    with file._database.writing() as connection:  # noqa: SLF001 - what a connection is told cannot be asked elsewhere
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_who_reads_does_not_wait_for_who_writes(file: SqlStatusStore) -> None:
    with file._database.writing():  # noqa: SLF001 - held open by hand
        assert file.allocated(URL) == 0


def test_a_server_writes_before_it_promises(database: str) -> None:
    store = SqlStatusStore(f"{database}&options=-csynchronous_commit%3Doff")
    with store._database.reading() as connection:  # noqa: SLF001 - what a connection is told cannot be asked elsewhere
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "on"
    store.close()


def test_a_process_that_is_forked_off_opens_its_own_connection(file: SqlStatusStore) -> None:
    file.allocate(URL, None)
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(theirs, bytes([file.allocate(URL, None).position]))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(theirs)
    given = os.read(ours, 1)
    os.close(ours)
    assert given
    assert file.allocate(URL, None).position != given[0]
    assert file.allocated(URL) == 3


def test_a_connection_is_not_taken_along(file: SqlStatusStore, monkeypatch: pytest.MonkeyPatch) -> None:
    inherited = file._database._own_engine()  # noqa: SLF001 - who holds which connection cannot be asked elsewhere
    assert file._database._own_engine() is inherited  # noqa: SLF001 - as above
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(os, "getpid", lambda: -1)
        assert file.allocated(URL) == 0
        assert file._database._own_engine() is not inherited  # noqa: SLF001 - as above
    inherited.dispose()


@pytest.mark.parametrize(
    "where",
    [
        "",
        "sqlite://",
        "sqlite:///:memory:",
        ":memory:",
        "mysql://x/y",
        "postgresql+other://x/y",
        "x:y://",
        "://",
        "sqlite+aiosqlite:///x",
        "sqlite:///file::memory:?uri=true",
        "sqlite:///file:x.db?mode=memory&cache=shared&uri=true",
        "sqlite:///x.db?timeout=0",
        "sqlite://host/x.db",
        "sqlite://ada:hunter2@/x.db",
    ],
)
def test_what_is_no_place_for_a_store(where: str) -> None:
    with pytest.raises(ValueError, match=r"a store is the path of a file|no URL of a database"):
        SqlStatusStore(where)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SaysoError, match="the database refused") as refused:
        SqlStatusStore(tmp_path / "nowhere" / "status.db")
    assert refused.value.problems[0].kind is STORE_UNREACHABLE
    assert not refused.value.decided


def test_an_error_quotes_neither_rows_nor_passwords(file: SqlStatusStore, path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE sayso_status_values")
        connection.execute("DROP TABLE sayso_status_entries")
    connection.close()
    with pytest.raises(SaysoError) as refused:
        file.allocate(URL, "card of Ada")
    assert refused.value.problems[0].kind is STORE_UNREACHABLE
    assert "Ada" not in str(refused.value)
    with pytest.raises(SaysoError, match="the database refused: OperationalError") as refused:
        SqlStatusStore("postgresql://ada:hunter2@/x?host=/nowhere")
    assert "hunter2" not in str(refused.value)


def test_a_file_that_is_none_of_ours(path: Path) -> None:
    path.write_bytes(b"no database" * 100)
    with pytest.raises(SaysoError, match="the database refused: DatabaseError"):
        SqlStatusStore(path)


@pytest.mark.parametrize(
    ("damage", "doors"),
    [
        ("UPDATE sayso_status_books SET columns = 'x'", {"open", "publish"}),
        ("UPDATE sayso_status_books SET columns = '5'", {"open", "publish"}),
        ("UPDATE sayso_status_books SET columns = '[]'", {"publish"}),
        ("UPDATE sayso_status_books SET key = zeroblob(100)", {"allocate"}),
        ("UPDATE sayso_status_books SET entries = 0", {"allocate"}),
        ("UPDATE sayso_status_books SET entries = 'x'", {"allocate"}),
        ("UPDATE sayso_status_books SET allocated = 'x'", {"herd", "publish"}),
        ("UPDATE sayso_status_values SET name = 'x'", {"publish"}),
        ("UPDATE sayso_status_values SET value = 'x'", {"publish", "revoke"}),
        ("UPDATE sayso_status_values SET value = 7", {"publish"}),
        ("UPDATE sayso_status_values SET place = 99999999", {"publish"}),
        ("UPDATE sayso_status_values SET place = 'x'", {"publish"}),
        ("UPDATE sayso_status_lists SET data = 'x'", {"published"}),
    ],
)
@pytest.mark.parametrize("kind", ["bitstring", "token"])
def test_what_was_damaged_by_others(path: Path, damage: str, doors: set[str], kind: str) -> None:
    """It is the one error at every door that reads it, and quotes nothing."""
    issuer = Issuer.generate()
    with closing(SqlStatusStore(path)) as store:
        book = issuer.status_book(store, url=URL, format=kind, purposes=["revocation"])
        book.revoke(book.allocate("card"))
        (published,) = book.publish()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(damage)
            connection.commit()
        uses: dict[str, Callable[[], object]] = {
            "open": lambda: issuer.status_book(store, url=URL, format=kind, purposes=["revocation"]),
            "published": lambda: book.published(published.url),
            "allocate": book.allocate,
            "herd": book.herd,
            "publish": book.publish,
            "revoke": lambda: book.revoke("card"),
        }
        for door in doors:
            with pytest.raises(SaysoError) as refused:
                uses[door]()
            (problem,) = refused.value.problems
            assert (problem.kind, problem.detail) == (STORE_UNREACHABLE, "what is kept is damaged")


def test_a_book_that_was_never_opened(file: SqlStatusStore) -> None:
    with pytest.raises(SaysoError, match="the database refused: NoResultFound"):
        file.allocate(URL + "/other", None)


@pytest.mark.parametrize(("library", "where"), [("sqlalchemy", "x.db"), ("psycopg", "postgresql:///x")])
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, library: str, where: str) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library or name.startswith("sayso.storage.sql.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SaysoError, match=rf'needs the library {library}, .* pip install "sayso\[sql\]"') as refused:
        SqlStatusStore(where)
    assert refused.value.problems[0].kind is UNDECIDABLE
