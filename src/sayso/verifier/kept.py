"""Keep requests as they were made, so that their answers need not wait for them to be read again."""

from threading import Lock
from typing import NamedTuple

from sayso.jsonvalue import JsonObject
from sayso.sharing.request import DataRequest

MAX_KEPT_REQUESTS = 1024
"""How many requests are kept; older ones are read again when they are answered."""


class Kept(NamedTuple):
    """Hold a request, with the dates that were signed in it."""

    asked: DataRequest
    dates: JsonObject


def kept(asked: DataRequest, payload: JsonObject) -> Kept:
    """Hold a request with the dates of its payload."""
    return Kept(asked, {name: payload[name] for name in ("iat", "exp")})


class KeptRequests:
    """Keep the latest requests by their bytes; safe between threads."""

    __slots__ = ("_by_data", "_lock")

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._by_data: dict[bytes, Kept] = {}

    def add(self, data: bytes, request: Kept) -> None:
        """Keep a request, instead of the oldest if there are too many."""
        with self._lock:
            self._by_data[data] = request
            if len(self._by_data) > MAX_KEPT_REQUESTS:
                del self._by_data[next(iter(self._by_data))]

    def get(self, data: bytes) -> Kept | None:
        """Give the request with these bytes, None if it is not kept."""
        with self._lock:
            return self._by_data.get(data)

    def remove(self, data: bytes) -> None:
        """Let go of a request, if it is kept."""
        with self._lock:
            self._by_data.pop(data, None)
