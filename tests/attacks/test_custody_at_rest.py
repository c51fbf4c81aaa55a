"""Somebody takes what a business has on its disk, in its memory and in its logs, and looks for what customers shared."""

import gc
import logging
import sqlite3
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest

from sayso import Custody, CustodyShare, Event, LocalMasterKey, MemoryCustodyStore, SaysoError, SqlCustodyStore, Verifier
from sayso.entropy import system_entropy
from sayso.errors import GRANT_PAUSED, PURPOSE_NOT_GRANTED, SHARE_ENDED, STORE_UNREACHABLE
from sayso.storage.custody import CustodyStore
from sayso.testing.world import World
from tests.journeys.town import HOUR, kinds, town
from tests.support import postgresql
from tools.postgres import postgres

SUBJECT = "did:key:z6Mkpairwise"
PURPOSE = "Serve alcohol"


class Disk:
    """Hold a store, and what a thief finds of it: the bytes of its files, with and without the log of the server."""

    def __init__(self, store: CustodyStore, folder: Path | None, url: str = "") -> None:
        self.store, self.folder, self.url = store, folder, url

    def written(self, *, log: bool = True) -> bytes:
        if self.url:
            with psycopg.connect(self.url, autocommit=True) as connection:
                connection.execute("CHECKPOINT")
        files = [path for path in self.folder.rglob("*") if path.is_file()] if self.folder else []
        return b"".join(path.read_bytes() for path in files if log or "pg_wal" not in path.parts)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres(postgresql()) as url:
        yield url


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    if request.param == "memory":
        yield Disk(MemoryCustodyStore(), None)
    elif request.param == "sqlite":
        with closing(SqlCustodyStore(tmp_path / "custody.db")) as store:
            yield Disk(store, tmp_path)
    else:
        url = request.getfixturevalue("server")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        with closing(SqlCustodyStore(url)) as store:
            yield Disk(store, Path(parse_qs(urlsplit(url).query)["host"][0], "data"), url)


def planted() -> str:
    """Make a value that nobody can guess; it is kept backwards, so that the test does not find itself."""
    return system_entropy(16).hex()


class Taken(NamedTuple):
    """Hold a business with what it holds, and what the customer signed about it; the customer is forgotten."""

    world: World
    bar: Verifier
    custody: Custody
    share: CustodyShare
    renewal: Event
    pause: Event
    withdrawal: Event


def taken(store: CustodyStore, backwards: str) -> Taken:
    """Have the value shared under a grant, and forget everybody but the business."""
    there = town({"given_name": backwards[::-1], "birthdate": "1990-12-10"})
    custody, clock = Custody(store, LocalMasterKey(system_entropy(32)), clock=there.world.clock), there.world.clock
    request = there.ask("given_name", "birthdate")
    answer, grant, _ = there.ada.share(there.ada.plan(request), until=clock() + 2 * HOUR, lease=HOUR / 2)
    share = there.bar.accept_into(custody, answer, request, grant=grant)
    clock.turn(HOUR / 4)
    pause = there.ada.pause(grant, clock() + HOUR)
    return Taken(there.world, there.bar, custody, share, there.ada.renew(grant), pause, there.ada.ask_erasure(grant))


def altered(folder: Path, change: str, *values: str) -> None:
    """Change the rows of a store in a file by hand."""
    with closing(sqlite3.connect(folder / "custody.db")) as thief:
        thief.execute(change, values)
        thief.commit()


def held_in_memory(backwards: str) -> list[str]:
    """Look through all that lives in this process for a value; say what kind of thing holds it."""
    gc.collect()
    looked_for, found = backwards[::-1], list[str]()
    for holder in gc.get_objects():
        for part in gc.get_referents(holder):
            text = part if isinstance(part, str) else part.decode("latin-1") if isinstance(part, bytes | bytearray) else ""
            if looked_for in text and part is not looked_for:
                found.append(f"{type(holder)} {type(part)}")
    return found


def test_the_search_finds_what_is_there() -> None:
    backwards = planted()
    assert held_in_memory(backwards) == []
    holder = [("x" + backwards[::-1]).encode()]
    assert held_in_memory(backwards)
    del holder
    assert held_in_memory(backwards) == []


@pytest.mark.parametrize("end", ["ended", "withdrawn", "given-back", "paused", "held"])
def test_nothing_readable_is_left(disk: Disk, end: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    backwards = planted()
    world, bar, custody, share, renewal, pause, withdrawal = taken(disk.store, backwards)
    shown = [repr(share), repr(custody), str(disk.store.find(share.id)), repr(tuple(disk.store.find(share.id) or ()))]
    shown.append(repr(bar.follow(custody, renewal)))
    if end != "given-back":
        with share.use("given_name", purpose=PURPOSE, step="till") as values:
            assert values == {"given_name": backwards[::-1]}
        del values
    if end == "ended":
        world.clock.turn(HOUR)
        assert len(custody.sweep()) == 1
    elif end == "withdrawn":
        assert bar.follow(custody, withdrawal).erased
    elif end == "given-back":
        assert custody.give_back(share.id, "given_name")
    elif end == "paused":
        with share.hand_over() as values:
            assert values["given_name"] == backwards[::-1]
        del values
        bar.follow(custody, pause)
    kind = {"ended": SHARE_ENDED, "withdrawn": SHARE_ENDED, "paused": GRANT_PAUSED}.get(end, PURPOSE_NOT_GRANTED)
    with pytest.raises(SaysoError) as refused, share.use(purpose=PURPOSE if end == "paused" else "Marketing", step="till"):
        pytest.fail("it was opened")
    assert kinds(refused.value) == [kind]
    shown.append("".join(traceback.TracebackException.from_exception(refused.value, capture_locals=True).format()))
    shown += [bar.confirm(custody, one).confirmation.text for one in custody.statements()]
    shown += [repr(tuple(one)) for one in custody.statements()]
    shown += [str(custody.use_report()), str(custody.held(share.subject)), str(custody.unused(world.clock()))]
    shown += [caplog.text, *capsys.readouterr()]
    assert not any(backwards[::-1] in text for text in shown)
    assert backwards[::-1].encode() not in disk.written()
    assert held_in_memory(backwards) == []


def test_an_error_of_who_uses_it_takes_nothing_along() -> None:
    backwards = planted()
    share = taken(MemoryCustodyStore(), backwards).share

    def fails() -> None:
        with share.use("given_name", purpose=PURPOSE, step="till"):
            raise RuntimeError

    with pytest.raises(RuntimeError) as caught:
        fails()
    trace = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert backwards[::-1] not in trace
    assert held_in_memory(backwards) == []


def test_a_yes_is_as_long_as_a_no() -> None:
    lengths = set[int]()
    for answer in (True, False):
        store = MemoryCustodyStore()
        there = town({"age_over_18": answer})
        custody = Custody(store, LocalMasterKey(bytes(32)), clock=there.world.clock)
        request = there.ask("age_over_18")
        share = there.bar.accept_into(custody, there.answer(request), request, subject=SUBJECT)
        found = store.find(share.id)
        assert found
        lengths.add(len(found.claims[0].sealed))
    assert len(lengths) == 1


@pytest.mark.parametrize("disk", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.parametrize("end", ["ended", "withdrawn", "renewed"])
def test_once_compacted_the_wrapped_key_is_gone(disk: Disk, end: str) -> None:
    """The documented step after an erasure: then the master key opens nothing that is left in the tables."""
    assert isinstance(disk.store, SqlCustodyStore)
    there = town()
    custody = Custody(disk.store, LocalMasterKey(system_entropy(32)), clock=there.world.clock)
    requests = [there.ask("given_name", "birthdate") for _ in range(2)]
    terms: Any = {"until": there.world.clock() + 2 * HOUR, "lease": HOUR}
    made = [there.ada.share(there.ada.plan(one), **terms) for one in requests]
    share, kept = (there.bar.accept_into(custody, one.answer, asked, grant=one.grant) for one, asked in zip(made, requests, strict=True))
    found, left = disk.store.find(share.id), disk.store.find(kept.id)
    assert found
    assert left
    secrets = [part for claim in found.claims for part in (claim.wrapped, claim.sealed)]
    before = disk.written()
    assert all(secret in before for secret in secrets), "that is where they are"
    if end == "ended":
        there.world.clock.turn(HOUR)
        custody.sweep()
    elif end == "withdrawn":
        there.bar.follow(custody, there.ada.withdraw(made[0].grant))
    else:
        there.world.clock.turn(HOUR / 2)
        there.bar.follow(custody, there.ada.renew(made[0].grant))
    disk.store.compact()
    after = disk.written(log=False)
    assert not any(secret in after for secret in secrets)
    if end != "ended":
        assert all(claim.wrapped in after for claim in left.claims)
        with kept.use(purpose=PURPOSE, step="till") as values:
            assert values


def test_a_log_that_somebody_reads_is_not_emptied_and_it_is_said(tmp_path: Path) -> None:
    with closing(SqlCustodyStore(tmp_path / "custody.db")) as store, closing(sqlite3.connect(tmp_path / "custody.db")) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM sayso_custody_shares").fetchall()
        _, _, custody, share, *_ = taken(store, planted())
        custody.withdraw(share.id)
        with store._database._own_engine().connect() as connection:  # noqa: SLF001 - nobody waits two minutes for it here
            connection.exec_driver_sql("PRAGMA busy_timeout = 1")
            connection.rollback()
        with pytest.raises(SaysoError, match="the log cannot be emptied yet") as refused:
            store.compact()
        assert kinds(refused.value) == [STORE_UNREACHABLE]
        reader.rollback()
        store.compact()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sayso_custody_claims SET ends = ends + 1",
        "UPDATE sayso_custody_claims SET once = 1 - once",
        "UPDATE sayso_custody_shares SET purpose = 'Marketing'",
        "UPDATE sayso_custody_shares SET subject = 'did:key:z6Mkother'",
        "UPDATE sayso_custody_claims SET sealed = x'00'",
        "UPDATE sayso_custody_claims SET wrapped = x''",
        "UPDATE sayso_custody_claims SET wrapped = 'x'",
        "UPDATE sayso_custody_claims SET ends = 'never'",
        "UPDATE sayso_custody_claims SET name = CASE name WHEN 'birthdate' THEN 'given_name' ELSE 'x' END",
    ],
)
def test_who_changes_a_row_opens_nothing(tmp_path: Path, change: str) -> None:
    """A later end, another purpose, another customer: the key does not fit any more."""
    with closing(SqlCustodyStore(tmp_path / "custody.db")) as store:
        _, _, custody, share, *_ = taken(store, planted())
        altered(tmp_path, change)
        purpose: Any = "Marketing" if "Marketing" in change else PURPOSE
        with pytest.raises(SaysoError) as refused, custody.share(share.id).use(purpose=purpose, step="till"):
            pytest.fail("it was opened")
        assert kinds(refused.value) == [STORE_UNREACHABLE]
        assert all(use.uses == 0 for use in custody.use_report())


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE sayso_custody_shares SET events = '[1]'",
        "UPDATE sayso_custody_shares SET events = printf('%.*c', 100000, '[')",
        "UPDATE sayso_custody_shares SET events = '{'",
        "UPDATE sayso_custody_shares SET events = '5'",
        "UPDATE sayso_custody_shares SET paused = 'never'",
        "UPDATE sayso_custody_shares SET taken = 1e300",
        'UPDATE sayso_custody_shares SET "grant" = 5.5',
    ],
)
def test_rows_that_nobody_here_wrote_are_refused(tmp_path: Path, change: str) -> None:
    with closing(SqlCustodyStore(tmp_path / "custody.db")) as store:
        _, bar, custody, share, renewal, *_ = taken(store, planted())
        found = store.find(share.id)
        assert found
        altered(tmp_path, change)
        for act in (lambda: store.put(found.share, ()), lambda: custody.held(share.subject), lambda: bar.follow(custody, renewal)):
            with pytest.raises(SaysoError) as refused:
                act()
            assert kinds(refused.value) == [STORE_UNREACHABLE]


@pytest.mark.parametrize("change", ['[["unheard of",1]]', "[1]", "[" * 100_000], ids=["unheard of", "short", "deep"])
def test_statements_that_nobody_here_wrote_are_refused(tmp_path: Path, change: str) -> None:
    with closing(SqlCustodyStore(tmp_path / "custody.db")) as store:
        _, bar, custody, *_, withdrawal = taken(store, planted())
        bar.follow(custody, withdrawal)
        altered(tmp_path, "UPDATE sayso_custody_statements SET claims = ?", change)
        with pytest.raises(SaysoError) as refused:
            bar.confirm(custody, custody.statements()[0])
        assert kinds(refused.value) == [STORE_UNREACHABLE]
