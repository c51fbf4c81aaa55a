"""Whoever keeps custody is killed, finds the disk full, or sweeps beside others: no share is lost, and nothing untrue is stated."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import event

from sayso import Custody, LocalMasterKey, SaysoError, SqlCustodyStore
from sayso.errors import SHARE_ENDED, STORE_UNREACHABLE
from sayso.storage.custody import Custodied, SealedClaim
from sayso.testing.world import START
from tests.journeys.town import HOUR, kinds, town
from tests.support import postgresql
from tools.custody_faults import Figures, Town, check, kill, live
from tools.faults import in_schema
from tools.postgres import postgres

TRIED = 20


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres(postgresql()) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return str(tmp_path / "custody.db")
    url = request.getfixturevalue("server")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP SCHEMA IF EXISTS tried CASCADE")
    return in_schema(url, "tried")


def test_it_survives(where: str) -> None:
    assert kill(where, TRIED, TRIED) == Figures(TRIED, TRIED)


def test_sweepers_at_once_erase_each_claim_once(where: str) -> None:
    store = SqlCustodyStore(where)
    names = [str(number) for number in range(200)]
    for name in names:
        claims = [
            SealedClaim(claim, START + timedelta(seconds=number), once=False, wrapped=b"", sealed=b"") for number, claim in enumerate("ab")
        ]
        store.put(Custodied(name, "", "did:key:z6Mk", "p", START, None, START), claims)
    store.close()
    ours, theirs = os.pipe()
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                custody = Custody(SqlCustodyStore(where), LocalMasterKey(bytes(32)), clock=lambda: START + HOUR)
                for erased in custody.sweep():
                    os.write(theirs, f"{erased.share} {','.join(erased.claims)}\n".encode())
            finally:
                os._exit(0)
        children.append(child)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        told = pipe.read().splitlines()
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert sorted(told) == sorted(f"{name} a,b" for name in names)
    with closing(SqlCustodyStore(where)) as again:
        assert sorted(one.share for one in again.statements()) == sorted(names)
        assert not again.sweep(START + HOUR, 500).more


@pytest.mark.parametrize("pragma", ["max_page_count = 1", "query_only = ON"], ids=["full", "read-only"])
def test_a_file_that_takes_no_more_loses_nothing(tmp_path: Path, pragma: str) -> None:
    with closing(SqlCustodyStore(tmp_path / "c.db")) as store:
        engine = store._database._own_engine()  # noqa: SLF001 - no other way to a disk that is full for one test

        def stop(connection: Any, _: object) -> None:
            connection.execute(f"PRAGMA {pragma}")

        def full() -> None:
            event.listen(engine, "connect", stop)
            engine.dispose()

        def empty() -> None:
            event.remove(engine, "connect", stop)
            engine.dispose()

        _nothing_is_lost(store, full, empty)


def test_a_server_that_takes_no_more_loses_nothing(server: str) -> None:
    where = in_schema(server, "still")
    with closing(SqlCustodyStore(where)) as store:

        def say(mode: str) -> None:
            with psycopg.connect(server, autocommit=True) as connection:
                connection.execute("SET default_transaction_read_only = off")
                connection.execute(sql.SQL("ALTER DATABASE postgres SET default_transaction_read_only = {}").format(sql.Literal(mode)))
            store.close()

        _nothing_is_lost(store, lambda: say("on"), lambda: say("off"))


def _nothing_is_lost(store: SqlCustodyStore, stop: Any, go_on: Any) -> None:
    there = town()
    custody = Custody(store, LocalMasterKey(bytes(32)), clock=there.world.clock)
    first, second = there.ask("given_name"), there.ask("address", "birthdate")
    share = there.bar.accept_into(custody, there.answer(first), first, subject="did:key:z6Mk")
    answer = there.answer(second)
    stop()
    filled = 0
    for number in range(1000):  # what is free inside the file is used first
        try:
            store.put(
                Custodied(f"filler {number}", "", "did:key:z6Mkfiller", "p", START, None, START),
                [SealedClaim("x", START + 2 * HOUR, once=False, wrapped=b"", sealed=b"")],
            )
            filled += 1
        except SaysoError as error:
            assert kinds(error) == [STORE_UNREACHABLE]  # noqa: PT017 - it fills up somewhere on the way
            break
    assert filled < 1000
    with pytest.raises(SaysoError) as refused:
        there.bar.accept_into(custody, answer, second, subject="did:key:z6Mk")
    assert kinds(refused.value) == [STORE_UNREACHABLE]
    assert share.available, "what is there can be looked at"
    go_on()
    assert there.bar.accept_into(custody, answer, second, subject="did:key:z6Mk").available, "the request was not used up"
    there.world.clock.turn(HOUR)
    with pytest.raises(SaysoError) as refused, share.use(purpose="Serve alcohol", step="till"):
        pytest.fail("it was opened")
    assert kinds(refused.value) == [SHARE_ENDED]
    custody.sweep()
    assert {one.cause for one in custody.statements()} == {"ended"}


def test_what_has_ended_is_refused_also_where_it_cannot_be_erased(tmp_path: Path) -> None:
    there = town()
    with closing(SqlCustodyStore(tmp_path / "c.db")) as store:
        custody = Custody(store, LocalMasterKey(bytes(32)), clock=there.world.clock)
        request = there.ask("given_name")
        share = there.bar.accept_into(custody, there.answer(request), request, subject="did:key:z6Mk")
        engine = store._database._own_engine()  # noqa: SLF001 - as above
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA query_only = ON"))
        engine.dispose()
        there.world.clock.turn(HOUR)
        for _ in range(2):
            with pytest.raises(SaysoError) as refused, share.use(purpose="Serve alcohol", step="till"):
                pytest.fail("it was opened")
            assert kinds(refused.value) == [STORE_UNREACHABLE]
        assert custody.statements() == (), "nothing is stated that was not done"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE sayso_custody_shares SET forget = 0", "the share is lost"),
        ("DELETE FROM sayso_custody_claims WHERE name = 'age_over_18'", "there and stated as erased, or neither"),
        ("DELETE FROM sayso_custody_statements", "there and stated as erased, or neither"),
        ("UPDATE sayso_custody_claims SET name = 'nickname'", "there and stated as erased, or neither"),
        ("UPDATE sayso_custody_statements SET claims = replace(claims, '1', '2')", "a use was not counted"),
        ("DELETE FROM sayso_requests_answered", "answered twice"),
        ("UPDATE sayso_custody_claims SET sealed = x'00'", "sealed under another key, or changed"),
    ],
    ids=["forgotten", "gone", "unsaid", "renamed", "uses", "nonces", "changed"],
)
def test_the_tool_notices(tmp_path: Path, statement: str, words: str) -> None:
    where, said = str(tmp_path / "c.db"), list[list[Any]]()
    there = Town(where, 1)
    live(where, there.signer, there.questions[0], lambda *what: said.append([*what]))
    check(where, there.signer, there.questions[0], said)
    with closing(sqlite3.connect(where)) as connection:
        connection.execute(statement)
        connection.commit()
    with pytest.raises((AssertionError, SaysoError), match=words):
        check(where, there.signer, there.questions[0], said)
