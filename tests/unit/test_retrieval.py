"""Steps ask, are answered or refused, and go on; driving them sync or async gives the same."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator

import pytest

from sayso.errors import LIMIT_EXCEEDED, NOT_FOUND, RETRIEVAL_REFUSED, SaysoError
from sayso.retrieval import (
    MAX_RETRIEVALS,
    MAX_RETRIEVED_BYTES,
    AsyncFetch,
    Fetch,
    Retrieve,
    Retrieved,
    Steps,
    bounded,
    done,
    drive,
    drive_async,
    offline,
)

FIRST = Retrieve("https://one.example/", "application/json", 100, "the first")
SECOND = Retrieve("https://two.example/", "application/json", 100, "the second")

Driver = Callable[[Steps[str], Fetch], str]


def _drive_async(steps: Steps[str], fetch: Fetch) -> str:
    async def afetch(retrieve: Retrieve) -> Retrieved:
        await asyncio.sleep(0)  # gives way once, as a real one would
        return fetch(retrieve)

    used: AsyncFetch = afetch
    return asyncio.run(drive_async(steps, used))


both = pytest.mark.parametrize("run", [drive, _drive_async], ids=["sync", "async"])


def _echo(retrieve: Retrieve) -> Retrieved:
    return Retrieved(retrieve.url.encode())


def _two() -> Steps[str]:
    one = yield FIRST
    two = yield SECOND
    return f"{one.body.decode()} {two.body.decode()}"


def _patient() -> Steps[str]:
    """Go on after a refusal, ask again, and be refused again."""
    said = list[str]()
    for question in (FIRST, SECOND, FIRST):
        try:
            found = yield question
            said.append(found.body.decode())
        except SaysoError as error:
            said.append(error.problems[0].kind.title)
    return "; ".join(said)


def _many(count: int) -> Steps[int]:
    """Ask for so many documents, and count those that came."""
    found = 0
    for _ in range(count):
        with contextlib.suppress(SaysoError):
            found += bool((yield FIRST))
    return found


@both
def test_one_call_asks_for_so_many_documents(run: Driver) -> None:
    asked: list[Retrieve] = []

    def fetch(retrieve: Retrieve) -> Retrieved:
        asked.append(retrieve)
        return _echo(retrieve)

    for count in (0, MAX_RETRIEVALS, MAX_RETRIEVALS + 1):
        asked.clear()
        assert run(bounded(_many(count)), fetch) == min(count, MAX_RETRIEVALS)  # type: ignore[arg-type, comparison-overlap]
        assert len(asked) == min(count, MAX_RETRIEVALS)


@both
def test_one_call_asks_for_so_many_bytes(run: Driver) -> None:
    """What is left is the most that the next document may have."""
    long = FIRST._replace(max_bytes=MAX_RETRIEVED_BYTES)
    most: list[int] = []

    def fetch(retrieve: Retrieve) -> Retrieved:
        most.append(retrieve.max_bytes)
        return Retrieved(bytes(MAX_RETRIEVED_BYTES - 10 if len(most) == 1 else 10))

    def ask() -> Steps[str]:
        yield long
        yield long
        yield long
        return "too much"

    with pytest.raises(SaysoError) as refused:
        run(bounded(ask()), fetch)
    assert refused.value.problems[0].kind is LIMIT_EXCEEDED
    assert most == [MAX_RETRIEVED_BYTES, 10]


@both
def test_within_bounds_nothing_changes(run: Driver) -> None:
    assert run(bounded(_two()), _echo) == "https://one.example/ https://two.example/"
    assert run(bounded(_patient()), offline) == "; ".join([RETRIEVAL_REFUSED.title] * 3)
    with pytest.raises(SaysoError):
        run(bounded(_two()), offline)


@both
def test_nothing_asked(run: Driver) -> None:
    assert run(done("value"), offline) == "value"


@both
def test_questions_are_answered_in_turn(run: Driver) -> None:
    assert run(_two(), _echo) == "https://one.example/ https://two.example/"


@both
def test_a_refusal_reaches_the_steps_and_comes_out_where_nobody_catches_it(run: Driver) -> None:
    with pytest.raises(SaysoError) as refused:
        run(_two(), offline)
    assert refused.value.problems[0].kind is RETRIEVAL_REFUSED
    assert "the first" in refused.value.problems[0].detail
    assert not refused.value.decided


@both
def test_steps_that_catch_a_refusal_go_on(run: Driver) -> None:
    def only_the_second(retrieve: Retrieve) -> Retrieved:
        if retrieve is SECOND:
            return Retrieved(b"found")
        raise SaysoError.of(NOT_FOUND, "not there")

    assert run(_patient(), only_the_second) == f"{NOT_FOUND.title}; found; {NOT_FOUND.title}"


@both
def test_steps_may_end_by_the_refusal(run: Driver) -> None:
    def content() -> Steps[str]:
        with contextlib.suppress(SaysoError):
            yield FIRST
        return "without"

    assert run(content(), offline) == "without"


@both
def test_steps_may_answer_a_refusal_with_an_error_of_their_own(run: Driver) -> None:
    def strict() -> Steps[str]:
        try:
            yield FIRST
        except SaysoError as error:
            raise error.under("status", stage="status") from None
        return ""  # pragma: nothing

    with pytest.raises(SaysoError) as refused:
        run(strict(), offline)
    assert refused.value.problems[0].stage == "status"


@both
def test_steps_within_steps(run: Driver) -> None:
    def outer() -> Steps[str]:
        inner = yield from _two()
        found = yield FIRST
        return f"{inner}|{found.media_type}"

    assert run(outer(), lambda asked: Retrieved(asked.url.encode(), "text/plain")).endswith("|text/plain")


@both
def test_an_exception_of_the_fetcher_is_its_own(run: Driver) -> None:
    def broken(retrieve: Retrieve) -> Retrieved:
        raise KeyError(retrieve.reason)

    with pytest.raises(KeyError):
        run(_patient(), broken)


def test_a_fetcher_that_runs_dry_does_not_end_the_steps_well() -> None:
    answers: Iterator[Retrieved] = iter([Retrieved(b"only one")])
    with pytest.raises(StopIteration):
        drive(_two(), lambda _: next(answers))
