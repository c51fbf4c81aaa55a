"""Remember which requests were made and which were answered, so that a request is answered once."""

from datetime import datetime
from heapq import heappop, heappush
from threading import Lock
from typing import Protocol

from sayso.identifiers import Nonce


class NonceStore(Protocol):
    """Remember requests by their nonce.

    Every method is atomic, also between processes that share the store. What was remembered until an instant may be forgotten from then on:
    a request that has expired is refused for that.
    """

    def open(self, nonce: Nonce, digest: bytes, until: datetime, now: datetime) -> None:
        """Remember that a request was made, with the digest of its bytes."""
        ...

    def knows(self, nonce: Nonce, digest: bytes) -> bool:
        """Tell whether a request with this nonce and these bytes was made."""
        ...

    def burn(self, nonce: Nonce, until: datetime, now: datetime) -> bool:
        """Mark a request as answered; False where it was before."""
        ...


class MemoryNonces:
    """Remember requests in memory: safe between threads, and gone with the process."""

    def __init__(self) -> None:
        """Begin with no request."""
        self._lock = Lock()
        self._made: dict[Nonce, bytes] = {}
        self._answered: set[Nonce] = set()
        self._ends: list[tuple[datetime, Nonce]] = []

    def open(self, nonce: Nonce, digest: bytes, until: datetime, now: datetime) -> None:
        """Remember that a request was made, with the digest of its bytes."""
        with self._lock:
            self._forget(now)
            self._made[nonce] = digest
            heappush(self._ends, (until, nonce))

    def knows(self, nonce: Nonce, digest: bytes) -> bool:
        """Tell whether a request with this nonce and these bytes was made."""
        with self._lock:
            return self._made.get(nonce) == digest

    def burn(self, nonce: Nonce, until: datetime, now: datetime) -> bool:
        """Mark a request as answered; False where it was before."""
        with self._lock:
            self._forget(now)
            if nonce in self._answered:
                return False
            self._answered.add(nonce)
            heappush(self._ends, (until, nonce))
            return True

    def _forget(self, now: datetime) -> None:
        while self._ends and self._ends[0][0] <= now:
            _, nonce = heappop(self._ends)
            self._made.pop(nonce, None)
            self._answered.discard(nonce)
