"""Write status books in tables, with what SQLite and PostgreSQL understand alike.

Whoever changes a book updates its row first, and so waits for whoever did the same: the transactions of one book run one after another.
"""

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    insert,
    select,
    update,
)

from sayso.identifiers import MediaType
from sayso.storage.sql.dialects import sound, upsert
from sayso.storage.status_store import Change, Place, PublishedList, Snapshot, Terms, closed_entry, place_of, unknown_entry

METADATA = MetaData()
BOOKS = Table(
    "sayso_status_books",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("url", Text, nullable=False, unique=True),
    Column("format", Text, nullable=False),
    Column("columns", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("key", LargeBinary, nullable=False),
    Column("allocated", BigInteger, nullable=False, default=0),
    Column("version", BigInteger, nullable=False, default=0),
)
ENTRIES = Table(
    "sayso_status_entries",
    METADATA,
    Column("book", Integer, ForeignKey(BOOKS.c.id), primary_key=True),
    Column("sheet", BigInteger, primary_key=True),
    Column("place", BigInteger, primary_key=True),
    Column("reference", Text),
    Column("closed", Boolean, nullable=False, default=False),
)
Index("sayso_status_references", ENTRIES.c.book, ENTRIES.c.reference)
VALUES = Table(
    "sayso_status_values",
    METADATA,
    Column("book", Integer, primary_key=True),
    Column("sheet", BigInteger, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("place", BigInteger, primary_key=True),
    Column("value", Integer, nullable=False),
    ForeignKeyConstraint(["book", "sheet", "place"], [ENTRIES.c.book, ENTRIES.c.sheet, ENTRIES.c.place]),
)
LISTS = Table(
    "sayso_status_lists",
    METADATA,
    Column("url", Text, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("version", BigInteger, nullable=False),
)


_NUMBERS = range(1 << 63)
"""What a column holds; no place has another number."""


@sound()
def open_book(connection: Connection, url: str, terms: Terms, key: bytes) -> Terms:
    """Begin a book where there is none, and give the terms that it has."""
    row = {**terms._asdict(), "columns": json.dumps(terms.columns), "url": url, "key": key, "allocated": 0, "version": 0}
    connection.execute(upsert(connection, BOOKS).values(row).on_conflict_do_nothing())
    found = connection.execute(select(BOOKS).where(BOOKS.c.url == url)).one()
    return Terms(found.format, tuple(json.loads(found.columns)), found.size, found.entries, found.issuer)


@sound()
def allocate(connection: Connection, url: str, reference: str | None) -> Place:
    """Count one more, and write down where it goes: the key that no two entries share would refuse a place that was given before."""
    counted = update(BOOKS).where(BOOKS.c.url == url).values(allocated=BOOKS.c.allocated + 1)
    book = connection.execute(counted.returning(BOOKS.c.id, BOOKS.c.key, BOOKS.c.entries, BOOKS.c.allocated)).one()
    place = place_of(book.key, book.allocated - 1, book.entries)
    connection.execute(insert(ENTRIES).values(book=book.id, sheet=place.sheet, place=place.position, reference=reference))
    return place


@sound()
def allocated(connection: Connection, url: str) -> int:
    """Count the places that were handed out."""
    return int(connection.execute(select(BOOKS.c.allocated).where(BOOKS.c.url == url)).scalar_one())


@sound()
def places(connection: Connection, url: str, reference: str) -> tuple[Place, ...]:
    """Give the places of a reference."""
    named = select(ENTRIES.c.sheet, ENTRIES.c.place).join(BOOKS).where(BOOKS.c.url == url, ENTRIES.c.reference == reference)
    return tuple(Place(row.sheet, row.place) for row in connection.execute(named))


@sound()
def change(connection: Connection, url: str, changed: Collection[Place], what: Change) -> None:
    """Write a value in each of these places.

    Raises:
        SaysoError: as `StatusStore.change`; then the transaction is to end without a trace.
    """
    book = _next_version(connection, url).id
    if any(number not in _NUMBERS for place in changed for number in place):
        raise unknown_entry()
    for place in changed:
        here = (ENTRIES.c.book == book, ENTRIES.c.sheet == place.sheet, ENTRIES.c.place == place.position)
        entry = connection.execute(select(ENTRIES.c.closed).where(*here)).one_or_none()
        if entry is None:
            raise unknown_entry()
        if entry.closed and not (what.closes and _value(connection, book, place, what.column) == what.value):
            raise closed_entry()
        row = {"book": book, "sheet": place.sheet, "name": what.column, "place": place.position, "value": what.value}
        written = upsert(connection, VALUES).values(row)
        connection.execute(written.on_conflict_do_update(index_elements=VALUES.primary_key, set_={"value": what.value}))
        if what.closes:
            connection.execute(update(ENTRIES).where(*here).values(closed=True))


@sound()
def snapshot(connection: Connection, url: str, sheet: int) -> Snapshot:
    """Read a sheet, under a version that no other snapshot has."""
    book = _next_version(connection, url)
    values: dict[str, dict[int, int]] = {column: {} for column in json.loads(book.columns)}
    rows = select(VALUES.c.name, VALUES.c.place, VALUES.c.value).where(
        VALUES.c.book == book.id, VALUES.c.sheet == sheet, VALUES.c.value != 0
    )
    for name, place, value in connection.execute(rows):
        values[name][place] = value
    return Snapshot(book.version, values)


def keep(connection: Connection, lists: Iterable[PublishedList]) -> None:
    """Keep each list that is newer than what is there."""
    for one in sorted(lists, key=lambda one: one.url):  # in one order, so that two who keep the same never wait for each other
        row: dict[str, Any] = {"media_type": one.media_type, "data": one.data, "version": one.version}
        written = upsert(connection, LISTS).values(url=one.url, **row)
        connection.execute(
            written.on_conflict_do_update(index_elements=LISTS.primary_key, set_=row, where=LISTS.c.version < written.excluded.version)
        )


@sound()
def kept(connection: Connection, url: str) -> PublishedList | None:
    """Give the list of this URL."""
    row = connection.execute(select(LISTS).where(LISTS.c.url == url)).one_or_none()
    return None if row is None else PublishedList(row.url, bytes(row.data), MediaType(row.media_type), row.version)


def _next_version(connection: Connection, url: str) -> Any:
    counted = update(BOOKS).where(BOOKS.c.url == url).values(version=BOOKS.c.version + 1)
    return connection.execute(counted.returning(BOOKS.c.id, BOOKS.c.columns, BOOKS.c.version)).one()


def _value(connection: Connection, book: int, place: Place, column: str) -> int:
    here = (VALUES.c.book == book, VALUES.c.sheet == place.sheet, VALUES.c.name == column, VALUES.c.place == place.position)
    return int(connection.execute(select(VALUES.c.value).where(*here)).scalar() or 0)
