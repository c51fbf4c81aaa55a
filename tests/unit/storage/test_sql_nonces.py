"""Requests are remembered by all processes that share a database, and each is answered once by all of them together."""

import os
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sayso import NonceStore, SaysoError, SqlNonceStore
from sayso.errors import ALREADY_ANSWERED, STORE_UNREACHABLE, UNDECIDABLE
from sayso.identifiers import Nonce
from sayso.storage.nonces import MemoryNonces
from sayso.storage.sql.nonce_rows import FORGOTTEN_AT_ONCE
from sayso.testing.world import START
from sayso.verifier.verifier import Verifier
from tests.journeys.town import HOUR, kinds, town

A, B = Nonce("a"), Nonce("b")
TICK = timedelta(microseconds=1)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def nonces(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NonceStore]:
    if request.param == "memory":
        yield MemoryNonces()
        return
    with closing(SqlNonceStore(tmp_path / "n.db" if request.param == "sqlite" else request.getfixturevalue("database"))) as store:
        yield store


def test_a_request_is_known_by_its_bytes(nonces: NonceStore) -> None:
    nonces.open(A, b"one", START + HOUR, START)
    assert nonces.knows(A, b"one")
    assert not nonces.knows(A, b"two")
    assert not nonces.knows(B, b"one")
    nonces.open(A, b"two", START + HOUR, START)
    assert nonces.knows(A, b"two")


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "", "x" * 100_000], ids=["nul", "surrogate", "empty", "long"])
def test_whatever_somebody_sends_is_no_request(nonces: NonceStore, odd: str) -> None:
    assert not nonces.knows(Nonce(odd), b"one")
    assert nonces.burn(Nonce(odd), START + HOUR, START)
    assert not nonces.burn(Nonce(odd), START + HOUR, START)


def test_it_is_answered_once_and_forgotten_when_it_is_over(nonces: NonceStore) -> None:
    nonces.open(A, b"one", START + HOUR, START)
    assert nonces.burn(A, START + HOUR, START)
    assert not nonces.burn(A, START + HOUR, START)
    assert not nonces.burn(A, START + HOUR, START + HOUR - TICK)
    assert nonces.burn(B, START + HOUR, START)
    assert nonces.knows(A, b"one"), "that it was answered is another thing"
    nonces.open(B, b"two", START + 2 * HOUR, START + HOUR)
    assert not nonces.knows(A, b"one")
    assert nonces.burn(A, START + 2 * HOUR, START + HOUR)


def test_many_are_forgotten_bit_by_bit(nonces: NonceStore) -> None:
    number = FORGOTTEN_AT_ONCE + 1
    for index in range(number):
        nonces.open(Nonce(str(index)), b"", START + HOUR, START)
    for late in (HOUR, 2 * HOUR):
        nonces.open(A, b"", START + 3 * HOUR, START + late)
    assert not any(nonces.knows(Nonce(str(index)), b"") for index in range(number))


def test_two_counters_of_one_business(nonces: NonceStore) -> None:
    there = town()
    first, second = (Verifier(there.bar_key, clock=there.world.clock, nonces=nonces) for _ in range(2))
    request = first.request("age_over_18", issuers=[there.city.did], purpose="p", benefit="b", keep_for=HOUR)
    answer = there.answer(request)
    assert second.accept(answer, request).read() == {"age_over_18": True}
    with pytest.raises(SaysoError) as refused:
        first.accept(answer, request)
    assert kinds(refused.value) == [ALREADY_ANSWERED]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_answer_at_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    where = str(tmp_path / "n.db") if kind == "sqlite" else request.getfixturevalue("database")
    SqlNonceStore(where).close()
    ours, theirs = os.pipe()
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                store = SqlNonceStore(where)
                os.write(theirs, bytes(index for index in range(50) if store.burn(Nonce(str(index)), START + HOUR, START)))
            finally:
                os._exit(0)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        assert sorted(pipe.read()) == [*range(50)], "each by one of them"


def test_what_it_cannot_do_is_the_one_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SaysoError) as refused:
        SqlNonceStore(tmp_path / "nowhere" / "n.db")
    assert kinds(refused.value) == [STORE_UNREACHABLE]
    for name in [name for name in sys.modules if name.partition(".")[0] == "sqlalchemy" or name.startswith("sayso.storage.sql.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(SaysoError) as refused:
        SqlNonceStore(tmp_path / "n.db")
    assert kinds(refused.value) == [UNDECIDABLE]
