"""Keep custody in a database that processes share."""

import os
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sayso.storage.custody import Cause, Change, Custodied, ErasureStatement, InCustody, SealedClaim, Swept, Unused, Use
from sayso.storage.sql import extra


class SqlCustodyStore:
    """Keep custody in a file of SQLite, or in PostgreSQL: atomic between threads and processes, and durable.

    It needs the extra `sayso[sql]`. Every method may raise a SaysoError, STORE_UNREACHABLE, where the database does, or where
    what stands in it is damaged. What a database keeps of a row that was deleted, and for how long, is told with `compact`.
    """

    def __init__(self, where: str | os.PathLike[str]) -> None:
        """Open it, and make the tables that are missing.

        Args:
            where: the path of a file, or a URL: `sqlite:///custody.db`, `postgresql://user@host/name`.

        Raises:
            ValueError: it is the URL of another database.
            SaysoError: UNDECIDABLE, the extra is missing; STORE_UNREACHABLE.
        """
        with extra.needed():
            from sayso.storage.sql import custody_rows, custody_tables
            from sayso.storage.sql.engine import Database

            self._rows, self._tables = custody_rows, custody_tables.TABLES
            self._database = Database(where, custody_tables.METADATA)

    def close(self) -> None:
        """Close the connections; a store that is used again opens others."""
        self._database.close()

    def compact(self) -> None:
        """Have the database let go of what was deleted: the log of SQLite is emptied, the tables of PostgreSQL are written anew.

        PostgreSQL locks each table while it does. Its own log, copies and backups are not reached from here.

        Raises:
            SaysoError: STORE_UNREACHABLE, also where somebody is reading what the log holds.
        """
        self._database.compact(self._tables)

    def put(self, share: Custodied, claims: Sequence[SealedClaim]) -> Custodied:
        """Keep a share, unless one of this name is remembered; give the one that is."""
        with self._database.writing() as connection:
            return self._rows.put(connection, share, claims)

    def find(self, share: str) -> InCustody | None:
        """Give a share with what is left of it, None where it is not remembered."""
        with self._database.reading() as connection:
            return self._rows.find(connection, share)

    def count(self, share: str, names: Collection[str], step: str, at: datetime) -> bool:
        """Count a use of each of these claims, as `CustodyStore.count`."""
        with self._database.writing() as connection:
            return self._rows.count(connection, share, names, step, at)

    def steps(self, share: str) -> dict[str, dict[str, int]]:
        """Give in which steps each claim was used, as `CustodyStore.steps`."""
        with self._database.reading() as connection:
            return self._rows.steps(connection, share)

    def erase(
        self, share: str, names: Collection[str] | None, cause: Cause, at: datetime, *, event: bytes = b""
    ) -> ErasureStatement | None:
        """Erase these claims of a share, or all, as `CustodyStore.erase`."""
        with self._database.writing() as connection:
            return self._rows.erase(connection, share, names, cause, at, event=event)

    def sweep(self, at: datetime, limit: int) -> Swept:
        """Erase what has ended in so many shares, as `CustodyStore.sweep`."""
        with self._database.writing() as connection:
            return self._rows.sweep(connection, at, limit)

    def renew(self, share: str, lease: datetime | None) -> bool:
        """Set the lease of a share; False where it is not remembered."""
        with self._database.writing() as connection:
            return self._rows.renew(connection, share, lease)

    def follow(self, share: str, change: Change) -> bool:
        """Change a share as its customer said, as `CustodyStore.follow`."""
        with self._database.writing() as connection:
            return self._rows.follow(connection, share, change)

    def held(self, subject: str) -> tuple[InCustody, ...]:
        """Give the shares of one customer of which anything is left."""
        with self._database.reading() as connection:
            return self._rows.held(connection, subject)

    def unused(self, until: datetime) -> tuple[Unused, ...]:
        """Give the claims that are held since this instant or before, and were never opened."""
        with self._database.reading() as connection:
            return self._rows.unused(connection, until)

    def report(self) -> tuple[Use, ...]:
        """Count the uses of all that is held."""
        with self._database.reading() as connection:
            return self._rows.report(connection)

    def statements(self) -> tuple[ErasureStatement, ...]:
        """Give what was stated and not settled, in order."""
        with self._database.reading() as connection:
            return self._rows.statements(connection)

    def settle(self, numbers: Iterable[int]) -> None:
        """Take these statements as settled, as `CustodyStore.settle`."""
        with self._database.writing() as connection:
            self._rows.settle(connection, numbers)

    def stated(self, subject: str) -> tuple[ErasureStatement, ...]:
        """Give what was stated of the shares of one customer, settled or not, in order."""
        with self._database.reading() as connection:
            return self._rows.stated(connection, subject)

    def erased(self, share: str) -> tuple[ErasureStatement, ...]:
        """Give what was stated of a share, settled or not, in order."""
        with self._database.reading() as connection:
            return self._rows.erased(connection, share)
