"""A database of an earlier version gains what it lacks when it is opened, and loses nothing."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text

from sayso import SqlCustodyStore
from sayso.storage.custody import Change, Custodied, SealedClaim
from sayso.testing.world import START

GAINED = {"sayso_custody_shares": ("grant", "events", "paused"), "sayso_custody_statements": ("grant", "event", "settled")}
INDEX = "ix_sayso_custody_statements_share"
DAY = timedelta(days=1)
OLD = Custodied("s", "answer", "did:key:s", "p", START, None, START)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name a database that holds a share, and an erasure, without the columns that there were not at first."""
    place: str = f"sqlite:///{tmp_path / 'custody.db'}" if request.param == "sqlite" else request.getfixturevalue("database")
    with closing(SqlCustodyStore(place)) as store:
        store.put(OLD, [SealedClaim(name, START + DAY, False, b"k", b"v") for name in "ab"])
        store.erase("s", ["a"], "withdrawn", START)
    with by_hand(place) as connection:
        connection.execute(text(f"DROP INDEX {INDEX}"))
        for table, columns in GAINED.items():
            for column in columns:
                connection.execute(text(f'ALTER TABLE {table} DROP COLUMN "{column}"'))
    return place


@contextmanager
def by_hand(where: str) -> Iterator[Connection]:
    engine = create_engine(where.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def test_what_was_there_is_there_and_what_is_new_works(where: str) -> None:
    SqlCustodyStore(where).close()
    with closing(SqlCustodyStore(where)) as store:
        found = store.find("s")
        assert found is not None
        assert (found.share, [claim.name for claim in found.claims]) == (OLD, ["b"])
        (stated,) = store.statements()
        assert (stated.claims, stated.grant, stated.event) == (("a",), b"", b"")
        assert store.follow("s", Change((), b"event", START + DAY))
        assert store.put(OLD._replace(id="t", grant=b"grant"), ()).grant == b"grant"
        store.settle([stated.number])
        assert [one.claims for one in store.erased("s")] == [("a",)]
    with by_hand(where) as connection:
        asked = "SELECT name FROM sqlite_master" if where.startswith("sqlite") else "SELECT indexname FROM pg_indexes"
        assert INDEX in connection.execute(text(asked)).scalars().all()
