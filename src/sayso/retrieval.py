"""Ask the world without touching it: steps that yield what they need and are sent what was found."""

from collections.abc import Awaitable, Callable, Generator
from typing import NamedTuple, TypeAlias, TypeVar

from sayso.errors import LIMIT_EXCEEDED, RETRIEVAL_REFUSED, SaysoError

T = TypeVar("T")

MAX_RETRIEVALS = 64
"""How many documents one call retrieves at most."""
MAX_RETRIEVED_BYTES = 32 * 1024 * 1024
"""How long they may be together: the longest status list, and what goes with it."""


class Retrieve(NamedTuple):
    """Ask for the document at a URL.

    `accept` is a media type, `max_bytes` the size above which the answer must be refused, `reason` says in a few words why it is needed.
    `post` is a form that is posted to the URL, None where nothing is.
    """

    url: str
    accept: str
    max_bytes: int
    reason: str
    post: bytes | None = None


class Retrieved(NamedTuple):
    """Carry what was found: the body as received, its media type ("" if unknown), and whether it came with what is looked at.

    Who hands over what is looked at chose what is `stapled`: it may be an old state of what lies at the URL.
    """

    body: bytes
    media_type: str = ""
    stapled: bool = False


Steps: TypeAlias = Generator[Retrieve, Retrieved, T]
"""A computation that may ask. A refused or failed retrieval is thrown into it as a SaysoError."""

Fetch: TypeAlias = Callable[[Retrieve], Retrieved]
AsyncFetch: TypeAlias = Callable[[Retrieve], Awaitable[Retrieved]]


def done(value: T) -> Steps[T]:
    """Give a value without asking anything: the home of every step that needs no world."""
    return value
    yield  # makes this a generator


def offline(retrieve: Retrieve) -> Retrieved:
    """Refuse every retrieval: the default."""
    raise SaysoError.of(RETRIEVAL_REFUSED, f"{retrieve.reason}: a retrieval is needed, and no fetcher was given")


def drive(steps: Steps[T], fetch: Fetch) -> T:
    """Run the steps to their value, answering each question with `fetch`."""
    outcome: Retrieved | SaysoError | None = None
    while True:
        try:
            question = _resume(steps, outcome)
        except StopIteration as end:
            value: T = end.value
            return value
        try:
            outcome = fetch(question)
        except SaysoError as error:
            outcome = error


def bounded(steps: Steps[T]) -> Steps[T]:
    """Run the steps of one call, which asks for MAX_RETRIEVALS documents at most, of MAX_RETRIEVED_BYTES together.

    What is retrieved is mostly named by strangers. A question beyond that is answered by a SaysoError, LIMIT_EXCEEDED.
    """
    outcome: Retrieved | SaysoError | None = None
    asked, left = 0, MAX_RETRIEVED_BYTES
    while True:
        try:
            question = _resume(steps, outcome)
        except StopIteration as end:
            value: T = end.value
            return value
        asked += 1
        if asked > MAX_RETRIEVALS or left <= 0:
            outcome = SaysoError.of(LIMIT_EXCEEDED, f"{question.reason}: more is to be retrieved than one call retrieves")
            continue
        try:
            outcome = yield question._replace(max_bytes=min(question.max_bytes, left))
            left -= len(outcome.body)
        except SaysoError as error:
            outcome = error


async def drive_async(steps: Steps[T], fetch: AsyncFetch) -> T:
    """Run the same steps, awaiting each answer."""
    outcome: Retrieved | SaysoError | None = None
    while True:
        try:
            question = _resume(steps, outcome)
        except StopIteration as end:
            value: T = end.value
            return value
        try:
            outcome = await fetch(question)
        except SaysoError as error:
            outcome = error


def _resume(steps: Steps[T], outcome: Retrieved | SaysoError | None) -> Retrieve:
    # Apart from `fetch`, so that a StopIteration of a fetcher's own cannot pass for the end of the steps.
    if outcome is None:
        return next(steps)
    if isinstance(outcome, SaysoError):
        return steps.throw(outcome)
    return steps.send(outcome)
