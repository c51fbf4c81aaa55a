"""Say what SQLite and PostgreSQL say in words of their own, and refuse rows that nobody here wrote."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from sayso.storage.status_store import damaged


@contextmanager
def sound() -> Generator[None]:
    """Refuse rows that nobody here wrote: what stands in a database can be changed by others."""
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
        raise damaged() from None


def upsert(connection: Connection, table: Table) -> Any:
    """Begin an insertion that may meet a row which is there."""
    return (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(table)
