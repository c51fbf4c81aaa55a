"""Both fetchers over the tests' own network: every name is here, and the certificates are the tests' own."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from threading import Semaphore
from typing import Any, Protocol

import pytest

from sayso.errors import ProblemType, SaysoError
from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT
from sayso.http.fetcher import AsyncFetcher, Fetcher
from sayso.retrieval import Retrieve, Retrieved
from tests.server import HERE, Server, authority

JSON = "application/json"
LIMIT = 4096


class Names:
    """Be a resolver that says what it is told, in turn and then the last for ever, and counts how often it was asked."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = answers or ([HERE],)
        self.asked: Counter[str] = Counter()

    def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked[host] += 1
        assert port
        return self.answers[min(self.asked.total(), len(self.answers)) - 1]


class Ticking:
    """Be a stopwatch that goes on by a second each time somebody looks at it, and by which others can keep step."""

    def __init__(self) -> None:
        self.seconds = 0
        self.stopped = False
        self._ticks = Semaphore(0)

    def __call__(self) -> int:
        self.seconds += 1
        self._ticks.release()
        return self.seconds * 10**9

    def ticks(self) -> Iterator[None]:
        """Yield once for each second, until it is stopped."""
        while self._ticks.acquire() and not self.stopped:
            yield

    def stop(self) -> None:
        self.stopped = True
        self._ticks.release()


class Retrieving(Protocol):
    """Retrieve, by whichever fetcher."""

    def __call__(self, url: str, *, accept: str = JSON, limit: int = LIMIT, **options: Any) -> Retrieved: ...


def waiting(url: str, *, accept: str = JSON, limit: int = LIMIT, **options: Any) -> Retrieved:
    """Retrieve and wait."""
    return Fetcher(**_local(options))(Retrieve(url, accept, limit, "a test"))


def awaiting(url: str, *, accept: str = JSON, limit: int = LIMIT, **options: Any) -> Retrieved:
    """Retrieve and await."""
    return asyncio.run(_await(AsyncFetcher(**_local(options)), Retrieve(url, accept, limit, "a test")))


async def _await(fetch: AsyncFetcher, retrieve: Retrieve) -> Retrieved:
    return await fetch(retrieve)


def _local(options: dict[str, Any]) -> dict[str, Any]:
    return {"allow": LOOPBACK_FOR_DEVELOPMENT, "tls": authority().client, "lookup": Names(), **options}


both = pytest.mark.parametrize("retrieve", [waiting, awaiting])


def at(server: Server, path: str = "/", host: str = "city.example", scheme: str = "https") -> str:
    """Give a URL of a server."""
    return f"{scheme}://{host}:{server.port}{path}"


def refused(retrieve: Retrieving, kind: ProblemType, url: str, **options: Any) -> str:
    """See that a retrieval is refused in one way, and give what it says."""
    with pytest.raises(SaysoError) as caught:
        retrieve(url, **options)
    (problem,) = caught.value.problems
    assert problem.kind is kind, problem
    assert problem.detail.startswith("a test: ")
    return problem.detail
