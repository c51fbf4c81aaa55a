"""A request is remembered until it expires, and marked as answered once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sayso.identifiers import Nonce
from sayso.storage.nonces import MemoryNonces, NonceStore

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
END = AT + timedelta(minutes=5)
TICK = timedelta(microseconds=1)
ONE, TWO = Nonce("one"), Nonce("two")


def test_a_request_is_known_by_its_nonce_and_bytes() -> None:
    nonces: NonceStore = MemoryNonces()
    nonces.open(ONE, b"digest", END, AT)
    assert nonces.knows(ONE, b"digest")
    assert not nonces.knows(ONE, b"other")
    assert not nonces.knows(TWO, b"digest")


def test_it_is_answered_once() -> None:
    nonces = MemoryNonces()
    nonces.open(ONE, b"digest", END, AT)
    assert nonces.burn(ONE, END, AT)
    assert not nonces.burn(ONE, END, AT)
    assert nonces.knows(ONE, b"digest"), "that it was answered is another question than that it was made"
    assert nonces.burn(TWO, END, AT), "one that was made elsewhere is answered once too"
    assert not nonces.burn(TWO, END, AT)


def test_it_is_remembered_until_its_end_and_not_longer() -> None:
    nonces = MemoryNonces()
    nonces.open(ONE, b"digest", END, AT)
    nonces.burn(ONE, END, AT)
    nonces.open(TWO, b"digest", END + TICK, END - TICK)
    assert nonces.knows(ONE, b"digest")
    assert not nonces.burn(ONE, END, END - TICK)
    nonces.burn(Nonce("three"), END + TICK, END)
    assert not nonces.knows(ONE, b"digest")
    assert nonces.knows(TWO, b"digest")
    assert nonces.burn(ONE, END, END), "a request that has expired is refused for that"


def test_what_is_forgotten_takes_no_room() -> None:
    nonces = MemoryNonces()
    for number in range(100):
        nonces.open(Nonce(str(number)), b"", AT + number * TICK, AT)
        nonces.burn(Nonce(str(number)), AT + number * TICK, AT)
    nonces.open(ONE, b"", END, END - TICK)
    assert [len(kept) for name, kept in vars(nonces).items() if name != "_lock"] == [1, 0, 1]


def test_of_many_threads_one_answers() -> None:
    nonces = MemoryNonces()
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(lambda _: nonces.burn(ONE, END, AT), range(200))) == 1
