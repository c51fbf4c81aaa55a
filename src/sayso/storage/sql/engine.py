"""Open a database: SQLite in a file, or PostgreSQL. The only module that knows one from the other, with `status_rows`."""

import os
from collections.abc import Collection, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, Engine, MetaData, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.schema import CreateColumn

from sayso.errors import STORE_UNREACHABLE, SaysoError

_PATIENCE_SECONDS = 120
"""How long a transaction waits for another process to finish with the file."""
_SCHEMA_LOCK = 0x73_61_79_73_6F
_OWNER_ONLY = 0o600
_READING = "reading"
_BARE = "bare"


class Database:
    """Give transactions. Safe between threads, and in a process that was forked off."""

    def __init__(self, where: str | os.PathLike[str], metadata: MetaData) -> None:
        """Take a URL, or the path of a file, and make the tables, columns and indexes that are missing.

        A table only ever gains columns that may be empty, so that older and newer processes can share it.

        Raises:
            ValueError: it is the URL of another database than SQLite in a file or PostgreSQL.
            SaysoError: STORE_UNREACHABLE.
        """
        self._url = _url_of(where)
        self._engine = _engine(self._url)
        self._process = os.getpid()
        self._inherited: list[Engine] = []
        with self.writing() as connection:
            if not _is_file(self._url):  # two who make the same table at once would be in each other's way
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _SCHEMA_LOCK})
            for table in metadata.sorted_tables:
                _migrate(connection, table)
            metadata.create_all(connection)

    @contextmanager
    def writing(self) -> Generator[Connection]:
        """Give a transaction, which lasts once this context is left without an error.

        Raises:
            SaysoError: STORE_UNREACHABLE; only where the commit itself failed, nobody knows whether it lasts.
        """
        with _refusing(), self._own_engine().begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """Give a transaction that writes nothing, and so waits for nobody.

        Raises:
            SaysoError: STORE_UNREACHABLE.
        """
        with _refusing(), self._own_engine().execution_options(**{_READING: True}).begin() as connection:
            yield connection

    def compact(self, tables: Collection[str]) -> None:
        """Have the database let go of what was deleted from these tables.

        Raises:
            SaysoError: STORE_UNREACHABLE, also where a log cannot be emptied because somebody is reading it.
        """
        with _refusing(), self._own_engine().connect().execution_options(isolation_level="AUTOCOMMIT", **{_BARE: True}) as connection:
            if not _is_file(self._url):
                for table in tables:
                    connection.execute(text(f"VACUUM (FULL) {table}"))
            elif connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]:
                raise SaysoError.of(STORE_UNREACHABLE, "somebody is reading, and the log cannot be emptied yet")

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._engine.dispose()

    def _own_engine(self) -> Engine:
        if self._process != os.getpid():  # a connection belongs to the process that opened it
            self._inherited.append(self._engine)  # and is not to be closed by another, not even when it is collected
            self._engine, self._process = _engine(self._url), os.getpid()
        return self._engine


def _migrate(connection: Connection, table: Table) -> None:
    """Give a table of an earlier version what it lacks."""
    there = inspect(connection)
    if not there.has_table(table.name):
        return
    known = {column["name"] for column in there.get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            connection.execute(text(f"ALTER TABLE {table.name} ADD COLUMN {_definition(connection, column)}"))
    indexes = {index["name"] for index in there.get_indexes(table.name)}
    for index in table.indexes:
        if index.name not in indexes:
            index.create(connection)


def _definition(connection: Connection, column: Column[Any]) -> str:
    return str(CreateColumn(column).compile(dialect=connection.dialect))


def _url_of(where: str | os.PathLike[str]) -> URL:
    given = os.fspath(where)
    try:
        url = make_url(given) if "://" in given else URL.create("sqlite", database=given)
    except (ArgumentError, ValueError):
        msg = "this is no URL of a database"
        raise ValueError(msg) from None
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in {"sqlite", "postgresql+psycopg"} or (_is_file(url) and not _is_only_path(url)):
        msg = "a store is the path of a file, sqlite:///… with a path and no more, or postgresql://…"
        raise ValueError(msg)
    return url


def _is_file(url: URL) -> bool:
    return url.drivername == "sqlite"


def _is_only_path(url: URL) -> bool:
    # A query could make it another database, such as one in memory, which lasts no longer than its connection.
    return url.database not in {None, "", ":memory:"} and url == URL.create("sqlite", database=url.database)


def _engine(url: URL) -> Engine:
    if not _is_file(url):
        engine = create_engine(url, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "connect", _prepare_server)
        return engine
    engine = create_engine(url, connect_args={"timeout": _PATIENCE_SECONDS}, hide_parameters=True)
    with _refusing():
        # Its owner's alone, also where it was there before, as the files that SQLite puts beside it will be.
        file = Path(str(url.database))
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, _OWNER_ONLY))
        file.chmod(_OWNER_ONLY)
    event.listen(engine, "connect", _prepare_file)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare_file(connection: Any, _: object) -> None:
    connection.isolation_level = None  # `_begin` begins
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is committed lasts, also where the plug is pulled
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten


def _begin(connection: Connection) -> None:
    # Who writes says so at once: two who read first and then want to write would wait for each other.
    if connection.get_execution_options().get(_BARE):
        return  # what no transaction can do
    connection.exec_driver_sql("BEGIN" if connection.get_execution_options().get(_READING) else "BEGIN IMMEDIATE")


def _prepare_server(connection: Any, _: object) -> None:
    with connection.cursor() as cursor:  # a server may be told to promise before it has written
        cursor.execute("SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'")
    connection.commit()


@contextmanager
def _refusing() -> Generator[None]:
    # The errors of drivers quote rows and passwords: only their kind is told.
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        raise SaysoError.of(STORE_UNREACHABLE, f"the database refused: {type(error).__name__}") from None
