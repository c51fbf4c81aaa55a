"""The stores of status books: what holds for one holds for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sayso.storage.sql.status_store import SqlStatusStore
from sayso.storage.status_store import MemoryStatusStore, StatusStore
from tests.support import postgresql
from tools.postgres import postgres


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the URL of a PostgreSQL that is thrown away."""
    with postgres(postgresql()) as url:
        yield url


@pytest.fixture
def database(server: str) -> str:
    """Give the URL of a PostgreSQL without a table of ours."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return server


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[StatusStore]:
    """Give each store in turn, empty."""
    if request.param == "memory":
        yield MemoryStatusStore()
        return
    where = tmp_path / "status.db" if request.param == "sqlite" else request.getfixturevalue("database")
    kept = SqlStatusStore(where)
    yield kept
    kept.close()
