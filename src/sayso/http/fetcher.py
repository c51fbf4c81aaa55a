"""Fetch from real networks, for whoever chose to: the doors take a fetcher, and without one nothing is retrieved.

Source: SD-JWT VC draft 19, retrieval over HTTP (SV-9); did:web, section 3.2 (WEB-2).
"""

from collections.abc import Generator
from contextlib import contextmanager

from sayso.errors import UNDECIDABLE, SaysoError
from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT, PUBLIC
from sayso.http.exchange import Hop, advance, naming, retrieval
from sayso.http.options import Options
from sayso.retrieval import Retrieve, Retrieved

_LIBRARIES = {"anyio", "httpcore"}


class Fetcher(Options):
    """Fetch over https, as a `Fetch`: from public addresses only, within bounds of time and size, and keep nothing unless told to.

    It is one value that threads can share, and processes too where what it is given pickles; each retrieval has connections of its own.
    It needs the extra `sayso[http]`, which is loaded with the first retrieval.

    Args: those of `Options`.

    Example:
        >>> from sayso.http.addresses import LOOPBACK_FOR_DEVELOPMENT
        >>> Fetcher().allow.name, Fetcher(allow=LOOPBACK_FOR_DEVELOPMENT).allow.name
        ('PUBLIC', 'LOOPBACK_FOR_DEVELOPMENT')
    """

    __slots__ = ()

    def __call__(self, retrieve: Retrieve) -> Retrieved:
        """Retrieve a document.

        Raises:
            SaysoError: of a problem type for each thing that can be refused or fail: URL_REFUSED, ADDRESS_REFUSED, REDIRECT_REFUSED,
                TOO_SLOW, LIMIT_EXCEEDED, MEDIA_TYPE_REFUSED, CODING_REFUSED, NOT_FOUND, RETRIEVAL_FAILED; UNDECIDABLE without the extra.
        """
        with _about(retrieve):
            from sayso.http import network

            steps = retrieval(self, retrieve)
            reached = advance(steps)
            while isinstance(reached, Hop):
                reached = advance(steps, network.perform(reached))
            return reached


class AsyncFetcher(Options):
    """Fetch as `Fetcher` does, for the doors that are awaited: an `AsyncFetch`, on asyncio or trio.

    Args: those of `Options`.
    """

    __slots__ = ()

    async def __call__(self, retrieve: Retrieve) -> Retrieved:
        """Retrieve a document.

        Raises:
            SaysoError: as `Fetcher`.
        """
        with _about(retrieve):
            from sayso.http import network

            steps = retrieval(self, retrieve)
            reached = advance(steps)
            while isinstance(reached, Hop):
                reached = advance(steps, await network.perform_async(reached))
            return reached


def online(*, development: bool = False) -> Fetcher:
    """Give the fetcher behind a switch such as `--online`: a strict one, or one for this machine alone."""
    return Fetcher(allow=LOOPBACK_FOR_DEVELOPMENT if development else PUBLIC)


@contextmanager
def _about(retrieve: Retrieve) -> Generator[None]:
    """Say of every problem why the retrieval was needed, and of a missing library how it comes."""
    with naming(retrieve.reason):
        try:
            yield
        except ModuleNotFoundError as error:
            if error.name not in _LIBRARIES:
                raise
            raise SaysoError.of(
                UNDECIDABLE, 'a retrieval needs the library httpcore, which comes with an extra: pip install "sayso[http]"'
            ) from None
