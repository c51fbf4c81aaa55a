"""What custody does often goes by an index, so that it costs the same however much is held."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from sayso import SqlCustodyStore
from sayso.storage.custody import Change, Custodied, SealedClaim
from sayso.testing.world import START

DAY = timedelta(days=1)
DOINGS: dict[str, Any] = {
    "put": lambda store: store.put(Custodied("t", "answer", "did:key:t", "p", START, None, START, b"grant"), ()),
    "find": lambda store: store.find("s"),
    "count": lambda store: store.count("s", ["a"], "step", START),
    "steps": lambda store: store.steps("s"),
    "erase": lambda store: store.erase("s", ["a"], "withdrawn", START),
    "sweep": lambda store: store.sweep(START + DAY, 500),
    "renew": lambda store: store.renew("s", None),
    "follow": lambda store: store.follow("s", Change((), b"event", None, (claim("a"),))),
    "held": lambda store: store.held("did:key:s"),
    "stated": lambda store: store.stated("did:key:s"),
    "erased": lambda store: store.erased("s"),
    "settle": lambda store: store.settle([1]),
}


def claim(name: str) -> SealedClaim:
    return SealedClaim(name, START + DAY, once=False, wrapped=b"", sealed=b"")


@pytest.mark.parametrize("doing", DOINGS)
def test_nothing_that_is_held_is_looked_through(doing: str, tmp_path: Path) -> None:
    with closing(SqlCustodyStore(tmp_path / "custody.db")) as store:
        store.put(Custodied("s", "answer", "did:key:s", "p", START, None, START, b"grant"), [claim("a"), claim("b")])
        plans = list[str]()

        def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
            del cursor
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                asked = connection.connection.cursor()
                asked.execute("EXPLAIN QUERY PLAN " + statement, parameters)
                plans.extend(row[3] for row in asked.fetchall())

        engine = store._database._engine  # noqa: SLF001 - what is said to the database is looked at
        event.listen(engine, "before_cursor_execute", explain)
        DOINGS[doing](store)
        assert plans or doing == "put"
        assert [plan for plan in plans if plan.startswith("SCAN sayso")] == []
