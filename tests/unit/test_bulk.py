"""Many things in order, few of them ahead, whatever runs them."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest

from sayso.bulk import MAX_AHEAD, MAX_CHUNK, in_order


class Reluctant:
    """Be an executor that runs nothing until a result is wanted, and knows what it was handed and what was taken back."""

    def __init__(self) -> None:
        self.handed: list[list[int]] = []
        self.taken_back = 0
        self.broken = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Promise":
        if self.broken:
            msg = "broken"
            raise BrokenPipeError(msg)
        self.handed.append(args[0])
        return Promise(self, fn, *args, **kwargs)


class Promise:
    """Be work that waits to be wanted."""

    def __init__(self, executor: Reluctant, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        self._executor = executor
        self._run = partial(fn, *args, **kwargs)

    def result(self) -> Any:
        return self._run()

    def cancel(self) -> bool:
        self._executor.taken_back += 1
        return True


def squares(numbers: list[int]) -> list[int]:
    return [number**2 for number in numbers]


def failing(numbers: list[int]) -> list[int]:
    if 7 in numbers:
        msg = "seven"
        raise LookupError(msg)
    return numbers


@pytest.mark.parametrize("count", [0, 1, 2, 9, 1000, 5000])
def test_the_order_is_kept(count: int) -> None:
    wanted = [number**2 for number in range(count)]
    assert [*in_order(squares, range(count))] == wanted
    assert [*in_order(squares, range(count), executor=Reluctant())] == wanted
    with ThreadPoolExecutor(3) as threads:
        assert [*in_order(squares, range(count), executor=threads)] == wanted


def test_chunks_are_short_first_and_bounded() -> None:
    executor = Reluctant()
    results = in_order(squares, itertools.count(), executor=executor)
    assert [*itertools.islice(results, 30_000)] == [number**2 for number in range(30_000)]
    sizes = [len(chunk) for chunk in executor.handed]
    assert sizes[:9] == [1] * 8 + [2]
    assert sizes == sorted(sizes)
    assert sizes[-1] == MAX_CHUNK


@pytest.mark.parametrize("executor", [None, Reluctant()])
def test_an_endless_input_is_read_a_bounded_number_ahead(executor: Reluctant | None) -> None:
    read = itertools.count()
    for taken, _ in enumerate(itertools.islice(in_order(squares, (next(read) for _ in itertools.count()), executor=executor), 20_000), 1):
        ahead = int(repr(read)[6:-1]) - taken
        assert ahead <= (MAX_CHUNK * MAX_AHEAD if executor else 0)


def test_nothing_is_read_before_a_result_is_taken() -> None:
    items = iter([1, 2])
    in_order(squares, items, executor=Reluctant())
    assert next(items) == 1


def test_who_stops_early_takes_back_what_has_not_begun() -> None:
    executor = Reluctant()
    results = in_order(squares, range(100), executor=executor)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert executor.taken_back == len(executor.handed) - 1 > 0


@pytest.mark.parametrize(("items", "total"), [([5, 6, 7], 3), (iter([5, 6, 7]), None)])
@pytest.mark.parametrize("executor", [None, Reluctant()])
def test_progress_is_told_of_each_in_order(items: Any, total: int | None, executor: Reluctant | None) -> None:
    items = list(items) if total else iter([5, 6, 7])
    told: list[object] = []
    results = in_order(squares, items, executor=executor, progress=lambda *numbers: told.append(numbers))
    told.extend(results)
    assert told == [(1, total), 25, (2, total), 36, (3, total), 49]


def test_an_item_is_looked_at_when_it_is_read() -> None:
    def admitted(number: int) -> int:
        if number == 3:
            msg = "three"
            raise TypeError(msg)
        return number

    for executor in (None, Reluctant()):
        results = in_order(squares, itertools.count(), admit=admitted, executor=executor)
        assert [next(results), next(results), next(results)] == [0, 1, 4]
        with pytest.raises(TypeError, match="three"):
            next(results)


@pytest.mark.parametrize("place", [0, 1, 8, 100, 3000])
@pytest.mark.parametrize("executor", [None, Reluctant()])
def test_what_the_input_raises_comes_behind_the_results_of_what_was_read(place: int, executor: Reluctant | None) -> None:
    def items() -> Iterator[int]:
        yield from range(place)
        msg = "the file is torn"
        raise OSError(msg)

    results = in_order(squares, items(), executor=executor)
    assert [*itertools.islice(results, place)] == [number**2 for number in range(place)]
    with pytest.raises(OSError, match="torn"):
        next(results)


def test_what_the_work_raises_comes_through_and_the_rest_is_taken_back() -> None:
    executor = Reluctant()
    results = in_order(failing, range(100), executor=executor)
    assert [*itertools.islice(results, 7)] == [*range(7)]
    with pytest.raises(LookupError, match="seven"):
        next(results)
    assert executor.taken_back == len(executor.handed) - 8


def test_an_executor_that_breaks_is_heard() -> None:
    executor = Reluctant()
    results = in_order(squares, itertools.count(), executor=executor)
    next(results)
    executor.broken = True
    with pytest.raises(BrokenPipeError):
        list(results)


def test_an_executor_that_was_shut_down_is_heard() -> None:
    threads = ThreadPoolExecutor(1)
    threads.shutdown()
    with pytest.raises(RuntimeError, match="shutdown"):
        next(in_order(squares, [1], executor=threads))


def test_futures_of_the_standard_library_are_pending_work() -> None:
    class Immediate:
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[Any] = Future()
            future.set_result(fn(*args, **kwargs))
            return future

    assert [*in_order(squares, [1, 2], executor=Immediate())] == [1, 4]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"items": 5}, "an int is none|a int is none"),
        ({"executor": object()}, "executor is a concurrent.futures.Executor"),
        ({"executor": 4}, "a int has not"),
        ({"progress": "yes"}, "a str cannot be"),
    ],
)
def test_wrong_use_is_told_at_once(wrong: dict[str, Any], says: str) -> None:
    with pytest.raises(TypeError, match=says):
        in_order(squares, **{"items": [1], **wrong})
