"""Take status lists from whoever presents a credential, so that its verifier need not ask for them, and nobody learns who verifies what."""

from collections.abc import Mapping
from functools import partial

from sayso.errors import LIMIT_EXCEEDED, SaysoError
from sayso.retrieval import AsyncFetch, Fetch, Retrieve, Retrieved, offline
from sayso.verification.status_cache import REASON


def stapled(lists: Mapping[str, bytes], fetch: Fetch = offline) -> Fetch:
    """Make a fetcher that takes status lists from those that came with a presentation, and asks another for all else.

    Nothing but a status list is taken from there: who presents a credential has no say in whose key is whose. Each list is verified as if
    it had been retrieved. How old it may be is the verifier's to say, `Expectations(max_status_age=…)`; where it is not said, a list may be
    as old as its own `ttl`, and one without a `ttl` is too old. For one that is too old, or whose own dates do not allow the instant, the
    other fetcher is asked; where it has none either, the credential is refused. A list credential without
    an `id` is refused too: it could be any other.

    Args:
        lists: status lists by their URL, as they were published; not trusted.
        fetch: answers all else; the default refuses.
    """
    return partial(_fetch, dict(lists), fetch)


def stapled_async(lists: Mapping[str, bytes], fetch: AsyncFetch) -> AsyncFetch:
    """Make a fetcher as `stapled` does, around one that is awaited."""
    return partial(_fetch_async, dict(lists), fetch)


def _fetch(lists: Mapping[str, bytes], fetch: Fetch, retrieve: Retrieve) -> Retrieved:
    return _taken(lists, retrieve) or fetch(retrieve)


async def _fetch_async(lists: Mapping[str, bytes], fetch: AsyncFetch, retrieve: Retrieve) -> Retrieved:
    return _taken(lists, retrieve) or await fetch(retrieve)


def _taken(lists: Mapping[str, bytes], retrieve: Retrieve) -> Retrieved | None:
    if retrieve.reason != REASON or retrieve.url not in lists:
        return None
    body = lists[retrieve.url]
    if len(body) > retrieve.max_bytes:
        raise SaysoError.of(LIMIT_EXCEEDED, f"{retrieve.reason}: it is longer than {retrieve.max_bytes} bytes")
    return Retrieved(body, retrieve.accept, stapled=True)
