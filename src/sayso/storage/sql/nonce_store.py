"""Remember requests in a database that processes share, so that a request is answered once by all of them together."""

import os
from datetime import datetime

from sayso.identifiers import Nonce
from sayso.storage.sql import extra


class SqlNonceStore:
    """Remember requests in a file of SQLite, or in PostgreSQL: atomic between threads and processes, and durable.

    It needs the extra `sayso[sql]`. Every method may raise a SaysoError, STORE_UNREACHABLE.
    """

    def __init__(self, where: str | os.PathLike[str]) -> None:
        """Open it, and make the tables that are missing.

        Args:
            where: the path of a file, or a URL: `sqlite:///requests.db`, `postgresql://user@host/name`.

        Raises:
            ValueError: it is the URL of another database.
            SaysoError: UNDECIDABLE, the extra is missing; STORE_UNREACHABLE.
        """
        with extra.needed():
            from sayso.storage.sql import nonce_rows
            from sayso.storage.sql.engine import Database

            self._rows = nonce_rows
            self._database = Database(where, nonce_rows.METADATA)

    def close(self) -> None:
        """Close the connections; a store that is used again opens others."""
        self._database.close()

    def open(self, nonce: Nonce, digest: bytes, until: datetime, now: datetime) -> None:
        """Remember that a request was made, with the digest of its bytes."""
        with self._database.writing() as connection:
            self._rows.open_request(connection, nonce, digest, until, now)

    def knows(self, nonce: Nonce, digest: bytes) -> bool:
        """Tell whether a request with this nonce and these bytes was made."""
        with self._database.reading() as connection:
            return self._rows.knows(connection, nonce, digest)

    def burn(self, nonce: Nonce, until: datetime, now: datetime) -> bool:
        """Mark a request as answered; False where it was before."""
        with self._database.writing() as connection:
            return self._rows.burn(connection, nonce, until, now)
