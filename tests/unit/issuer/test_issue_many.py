"""Issue many credentials: each row by itself, in order."""

import asyncio
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, Credential, Expectations, Issuer, Refused, Row, SaysoError, verify
from sayso.errors import INVALID_DID
from sayso.keys.signer import SeedSigner
from sayso.retrieval import Retrieve, Retrieved
from sayso.testing.world import START, World

YEAR = timedelta(days=365)
OPEN = Expectations(issuers=ANYONE, holder_binding=False)


def rows(count: int, **choices: Any) -> list[Row]:
    holder = World(b"holder").wallet().new_key()
    common: Any = {"type": "Ticket", "holder": holder, "valid_for": YEAR}
    return [common | {"claims": {"number": number}} | choices for number in range(count)]


def numbers(credentials: list[Credential | Refused]) -> Iterator[object]:
    for one in credentials:
        assert isinstance(one, Credential)
        subject = verify(one, OPEN, at=START).claims["credentialSubject"]
        assert isinstance(subject, dict)
        yield subject["number"]


def test_each_row_gives_its_credential_in_order() -> None:
    told: list[tuple[int, int | None]] = []
    issued = [*World().issuer().issue_many(rows(5), progress=lambda *numbers: told.append(numbers))]
    assert [*numbers(issued)] == [0, 1, 2, 3, 4]
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_it_is_what_issue_gives() -> None:
    [issued] = World().issuer().issue_many(rows(1))
    row = rows(1)[0]
    assert issued == World().issuer().issue(**row)


def test_threads_give_the_same_order() -> None:
    city = Issuer(SeedSigner(bytes(32)), clock=lambda: START)
    with ThreadPoolExecutor(4) as threads:
        assert [*numbers([*city.issue_many(rows(100), executor=threads)])] == [*range(100)]


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ({"holder": "did:key:zzz"}, SaysoError, "The DID is malformed"),
        ({"claims": {"@context": "https://example.com/"}}, SaysoError, "@context"),
        ({"disclosable": ["gone"]}, ValueError, "'gone'"),
        ({"valid_for": None}, ValueError, "every credential ends"),
        ({"claims": {"born": {1990}}}, TypeError, "/born"),
        ({"colour": "red"}, TypeError, "colour"),
    ],
)
def test_a_row_that_is_refused_refuses_no_other(wrong: dict[str, Any], error: type[Exception], says: str) -> None:
    three = rows(3)
    bad: Any = {**three[1], **wrong}
    first, refused, last = World().issuer().issue_many([three[0], bad, three[2]])
    assert [*numbers([first, last])] == [0, 2]
    assert isinstance(refused, Refused)
    assert refused.row is bad
    assert type(refused.error) is error
    assert says in str(refused.error)


@pytest.mark.parametrize("row", [5, None, "row", [("claims", {})], {}, {1: 2}])
def test_what_is_no_row_is_refused_as_one(row: Any) -> None:
    [refused] = World().issuer().issue_many([row])
    assert isinstance(refused, Refused)
    assert isinstance(refused.error, TypeError)


def test_a_refusal_shows_no_claim() -> None:
    [refused] = World().issuer().issue_many(rows(1, claims={"secret": "swordfish"}, holder="did:key:zzz"))
    assert "swordfish" not in repr(refused)
    assert isinstance(refused, Refused)
    assert isinstance(refused.error, SaysoError)
    assert refused.error.problems[0].kind is INVALID_DID


def test_a_signer_that_fails_is_no_refusal() -> None:
    class Away(SeedSigner):
        __slots__ = ()

        def sign(self, message: bytes) -> bytes:
            msg = f"no answer for {len(message)} bytes"
            raise ConnectionError(msg)

    with pytest.raises(ConnectionError):
        list(Issuer(Away(bytes(32))).issue_many(rows(2)))


def test_processes_are_refused_clearly() -> None:
    with (
        ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as processes,
        pytest.raises(TypeError, match="issue_many takes an executor of threads: the signer stays in this process"),
    ):
        list(World().issuer().issue_many(rows(2), executor=processes))


def test_one_row_is_not_many() -> None:
    with pytest.raises(TypeError, match="many rows, not one"):
        World().issuer().issue_many(rows(1)[0])  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="many rows, not one"):
        World().issuer().issue_many("rows.json")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="a int is none"):
        World().issuer().issue_many(5)  # type: ignore[arg-type]


def test_sync_equals_async() -> None:
    async def nowhere(_: Retrieve) -> Retrieved:
        raise AssertionError

    row = rows(1)[0]
    assert asyncio.run(World().issuer().issue_async(**row, fetch=nowhere)) == World().issuer().issue(**row)
    with pytest.raises(SaysoError, match="DID is malformed"):
        asyncio.run(World().issuer().issue_async({}, type="Ticket", holder="did:key:zzz", valid_for=YEAR, fetch=nowhere))
