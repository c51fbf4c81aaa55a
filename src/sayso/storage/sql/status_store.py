"""Keep status books in a database that processes share."""

import os
from collections.abc import Collection, Iterable

from sayso.storage.sql import extra
from sayso.storage.status_store import Change, Place, PublishedList, Snapshot, Terms, check_terms


class SqlStatusStore:
    """Keep status books in a file of SQLite, or in PostgreSQL: atomic between threads and processes, and durable.

    It needs the extra `sayso[sql]`. Every method may raise a SaysoError, STORE_UNREACHABLE, where the database does, or where
    what stands in it is damaged.
    """

    def __init__(self, where: str | os.PathLike[str]) -> None:
        """Open it, and make the tables that are missing.

        Args:
            where: the path of a file, or a URL: `sqlite:///status.db`, `postgresql://user@host/name`.

        Raises:
            ValueError: it is the URL of another database.
            SaysoError: UNDECIDABLE, the extra is missing; STORE_UNREACHABLE.
        """
        with extra.needed():
            from sayso.storage.sql import status_rows
            from sayso.storage.sql.engine import Database

            self._rows = status_rows
            self._database = Database(where, status_rows.METADATA)

    def close(self) -> None:
        """Close the connections; a store that is used again opens others."""
        self._database.close()

    def open(self, url: str, terms: Terms, key: bytes) -> None:
        """Open the book, or begin it, as `StatusStore.open`."""
        with self._database.writing() as connection:
            begun = self._rows.open_book(connection, url, terms, key)
        check_terms(begun, terms)

    def allocate(self, url: str, reference: str | None) -> Place:
        """Hand out a place that nobody was given before."""
        with self._database.writing() as connection:
            return self._rows.allocate(connection, url, reference)  # once the transaction is written

    def allocated(self, url: str) -> int:
        """Count the places that were handed out."""
        with self._database.reading() as connection:
            return self._rows.allocated(connection, url)

    def places(self, url: str, reference: str) -> tuple[Place, ...]:
        """Give the places that were handed out under a reference."""
        with self._database.reading() as connection:
            return self._rows.places(connection, url, reference)

    def change(self, url: str, places: Collection[Place], change: Change) -> None:
        """Write a value in all of these places, or in none, as `StatusStore.change`."""
        with self._database.writing() as connection:
            self._rows.change(connection, url, places, change)

    def snapshot(self, url: str, sheet: int) -> Snapshot:
        """Read a sheet."""
        with self._database.writing() as connection:
            return self._rows.snapshot(connection, url, sheet)

    def keep(self, lists: Iterable[PublishedList]) -> None:
        """Keep these lists, each in place of an older one."""
        with self._database.writing() as connection:
            self._rows.keep(connection, lists)

    def kept(self, url: str) -> PublishedList | None:
        """Give the list of this URL, None where there is none."""
        with self._database.reading() as connection:
            return self._rows.kept(connection, url)
