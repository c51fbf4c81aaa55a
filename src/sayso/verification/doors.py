"""Offer the pipeline to callers: bytes and expectations in, a report or what was verified out."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import partial

from sayso.bulk import Executor, Progress, in_order
from sayso.clock import aware
from sayso.credentials.wire import Wire, bytes_of
from sayso.errors import SaysoError
from sayso.jsonvalue import JsonObject, parse
from sayso.query import grammar
from sayso.query.grammar import Query
from sayso.retrieval import AsyncFetch, Fetch, Steps, drive, drive_async, offline
from sayso.verification.answers import judge_answer
from sayso.verification.expectations import Expectations
from sayso.verification.pipeline import judge
from sayso.verification.report import Report, Verified
from sayso.verification.status_cache import Lists, StatusCache, checked_cache


def _examining(data: Wire | bytes | str, expectations: Expectations, at: datetime, lists: Lists) -> Steps[Report]:
    _check(expectations)
    try:
        received = bytes_of(data)
    except SaysoError as error:
        return Report(error.under(stage="decode").problems)
    judged = yield from judge(received, expectations, aware(at), lists=lists)
    return judged.report()


def _check(expectations: Expectations) -> None:
    if not isinstance(expectations, Expectations):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"expectations are an Expectations, not {type(expectations).__name__}"
        raise TypeError(msg)


def _lists(cache: StatusCache | None) -> Lists:
    return Lists(checked_cache(cache))


def examine(
    data: Wire | bytes | str,
    expectations: Expectations,
    *,
    at: datetime,
    fetch: Fetch = offline,
    status_cache: StatusCache | None = None,
) -> Report:
    """Examine a credential or presentation; hostile input gives a report, never an exception.

    Args:
        data: what was received, not trusted.
        expectations: what must hold.
        at: the one instant at which everything is looked at, aware.
        fetch: answers what has to be retrieved; the default refuses.
        status_cache: keeps what was verified of status lists for the next calls.

    Raises:
        TypeError, ValueError: the call itself is wrong.

    Source: VCDM 2.0, section 7.1; RFC 9901, section 7.
    """
    return drive(_examining(data, expectations, at, _lists(status_cache)), fetch)


async def examine_async(
    data: Wire | bytes | str,
    expectations: Expectations,
    *,
    at: datetime,
    fetch: AsyncFetch,
    status_cache: StatusCache | None = None,
) -> Report:
    """Examine as `examine` does, with a fetcher that is awaited."""
    return await drive_async(_examining(data, expectations, at, _lists(status_cache)), fetch)


def verify(
    data: Wire | bytes | str,
    expectations: Expectations,
    *,
    at: datetime,
    fetch: Fetch = offline,
    status_cache: StatusCache | None = None,
) -> Verified:
    """Verify a credential or presentation.

    Raises:
        SaysoError: with every problem that `examine` would report.
    """
    return examine(data, expectations, at=at, fetch=fetch, status_cache=status_cache).require()


async def verify_async(
    data: Wire | bytes | str,
    expectations: Expectations,
    *,
    at: datetime,
    fetch: AsyncFetch,
    status_cache: StatusCache | None = None,
) -> Verified:
    """Verify as `verify` does, with a fetcher that is awaited."""
    return (await examine_async(data, expectations, at=at, fetch=fetch, status_cache=status_cache)).require()


def verify_many(
    items: Iterable[Wire | bytes | str],
    expectations: Expectations,
    *,
    at: datetime,
    fetch: Fetch = offline,
    executor: Executor | None = None,
    progress: Progress | None = None,
    status_cache: StatusCache | None = None,
) -> Iterator[Report]:
    """Examine many credentials or presentations, and give a report on each, in their order.

    Items are read while reports are taken, and a bounded number ahead: a generator of millions is never held whole.

    Args:
        items: what was received, not trusted.
        expectations: what must hold for each.
        at: the one instant at which everything is looked at, aware.
        fetch: answers what has to be retrieved; for processes it must pickle, as module-level functions do.
        executor: any `concurrent.futures.Executor`, or one with its `submit`; None: here, one by one.
        progress: is called for each report with how many are done, and how many there are (None for a generator), in the caller's thread.
        status_cache: keeps what was verified of status lists, by default for this call; each process has its own.

    Raises:
        TypeError, ValueError: the call is wrong, at once; or an item is no bytes, text or value, behind the reports on those before.

    What an executor raises, such as BrokenProcessPool, comes through as it is: no item is passed over.
    """
    _check(expectations)
    if isinstance(items, str | bytes | Wire):
        msg = f"verify_many takes many items, not one {type(items).__name__}"
        raise TypeError(msg)
    cache = _lists(status_cache).cache
    work = partial(_examined, expectations=expectations, at=aware(at), fetch=fetch, cache=cache)
    return in_order(work, items, admit=_admitted, executor=executor, progress=progress)


def _examined(items: list[Wire | bytes | str], expectations: Expectations, at: datetime, fetch: Fetch, cache: StatusCache) -> list[Report]:
    lists = Lists(cache)  # what these few name is retrieved once
    return [drive(_examining(item, expectations, at, lists), fetch) for item in items]


def _admitted(item: Wire | bytes | str) -> Wire | bytes | str:
    # Callers need not have a type checker.
    if not isinstance(item, Wire | bytes | str):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"an item is bytes, text or a sayso value, not {type(item).__name__}"
        raise TypeError(msg)
    return item


def examine_answer(
    vp_token: bytes | str,
    query: Query | JsonObject,
    expectations: Expectations,
    *,
    at: datetime,
    fetch: Fetch = offline,
    status_cache: StatusCache | None = None,
) -> Report:
    """Examine a whole `vp_token`, as JSON text, against the DCQL query that was asked.

    `query` is the verifier's own: one that is malformed is a ValueError.

    Source: OpenID4VP 1.0, sections 8.1 and 8.6.
    """
    return drive(_examining_answer(vp_token, grammar.own(query), expectations, at, _lists(status_cache)), fetch)


async def examine_answer_async(
    vp_token: bytes | str,
    query: Query | JsonObject,
    expectations: Expectations,
    *,
    at: datetime,
    fetch: AsyncFetch,
    status_cache: StatusCache | None = None,
) -> Report:
    """Examine an answer as `examine_answer` does, with a fetcher that is awaited."""
    return await drive_async(_examining_answer(vp_token, grammar.own(query), expectations, at, _lists(status_cache)), fetch)


def _examining_answer(vp_token: bytes | str, query: Query, expectations: Expectations, at: datetime, lists: Lists) -> Steps[Report]:
    _check(expectations)
    try:
        token = parse(bytes_of(vp_token), expectations.limits)
    except SaysoError as error:
        return Report(error.under(stage="decode").problems)
    judged = yield from judge_answer(token, query, expectations, aware(at), lists=lists)
    return judged.report()
