"""Do the same with many things: in their order, few of them ahead, and with whatever executor the caller brings."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sized
from contextlib import closing
from itertools import islice
from typing import Generic, ParamSpec, Protocol, TypeAlias, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

MAX_CHUNK = 32
"""The most things that are handed to an executor at once: to send them to another process costs as much as to verify one."""
MAX_AHEAD = 128
"""The most chunks that an executor holds before the first of them is given back."""
_GROWTH = 8  # chunks after which they become longer by one


class Pending(Protocol[R_co]):
    """Be work that was handed out, as `concurrent.futures.Future` is."""

    def result(self) -> R_co:
        """Wait for what came of it."""
        ...

    def cancel(self) -> bool:
        """Give it up, if it has not begun."""
        ...


class Executor(Protocol):
    """Be what runs work elsewhere, as `concurrent.futures.Executor` and those of other libraries do."""

    def submit(self, fn: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Pending[R]:
        """Hand out a call."""
        ...


Progress: TypeAlias = Callable[[int, int | None], object]
"""Is called with how many are done, and how many there are (None if the input has no length)."""


def in_order(
    work: Callable[[list[T]], list[R]],
    items: Iterable[T],
    *,
    admit: Callable[[T], T] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Iterator[R]:
    """Give what becomes of each item, in order; items are read when they are needed, at most MAX_CHUNK * MAX_AHEAD ahead.

    Args:
        work: makes a list of items into one of as many results; for an executor with processes it must pickle.
        items: may be endless.
        admit: looks at each item when it is read, and raises what is wrong with it.
        executor: does the work in chunks; without one it is done here, one by one.
        progress: is called for each result before it is given, in order and in the caller's thread.

    Raises:
        TypeError: the call is wrong; at once, and not when the first result is taken.

    What the items raise comes through behind the results of all items before; what the work or the executor raises, in its place. Whoever
    stops early takes back what has not begun.
    """
    # Callers need not have a type checker.
    if not isinstance(items, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"an iterable is gone through, and a {type(items).__name__} is none"
        raise TypeError(msg)
    if executor is not None and not callable(getattr(executor, "submit", None)):
        msg = f"executor is a concurrent.futures.Executor, or has its submit; a {type(executor).__name__} has not"
        raise TypeError(msg)
    if progress is not None and not callable(progress):
        msg = f"progress is called with two numbers; a {type(progress).__name__} cannot be"
        raise TypeError(msg)
    total = len(items) if isinstance(items, Sized) else None
    return _running(work, map(admit, items) if admit else iter(items), total, executor, progress)


def _running(
    work: Callable[[list[T]], list[R]], items: Iterator[T], total: int | None, executor: Executor | None, progress: Progress | None
) -> Generator[R]:
    with closing(_here(work, items) if executor is None else _elsewhere(work, items, executor)) as results:
        for done, result in enumerate(results, 1):
            if progress is not None:
                progress(done, total)
            yield result


def _here(work: Callable[[list[T]], list[R]], items: Iterator[T]) -> Generator[R]:
    for item in items:
        yield from work([item])


def _elsewhere(work: Callable[[list[T]], list[R]], items: Iterator[T], executor: Executor) -> Generator[R]:
    source = _Source(items)
    pending: deque[Pending[list[R]]] = deque()
    try:
        while True:
            while len(pending) < MAX_AHEAD and (chunk := source.read()):
                pending.append(executor.submit(work, chunk))
            if not pending:
                break
            yield from pending.popleft().result()
    finally:
        for one in pending:
            one.cancel()
    if source.error is not None:
        raise source.error


class _Source(Generic[T]):
    """Read items in chunks, short ones first: so a few items occupy many workers, and the first results are soon there."""

    __slots__ = ("_items", "_read", "error")

    def __init__(self, items: Iterator[T]) -> None:
        self._items = items
        self._read = 0
        self.error: Exception | None = None

    def read(self) -> list[T]:
        """Read the next chunk, empty at the end; an error of the items is an end, and kept until what came before it is done."""
        size = min(MAX_CHUNK, 1 + self._read // _GROWTH)
        self._read += 1
        chunk: list[T] = []
        if self.error is None:
            try:
                chunk.extend(islice(self._items, size))
            except Exception as error:  # noqa: BLE001 - whatever the caller's own iterable raises is raised again
                self.error = error
        return chunk
