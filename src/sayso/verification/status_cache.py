"""Keep status lists that were verified, so that the next check of one need not read it again."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from types import MappingProxyType
from typing import NamedTuple

from sayso.credentials.kinds import CredentialType
from sayso.errors import Problem, SaysoError
from sayso.retrieval import Retrieved
from sayso.status.entries import ListEntry
from sayso.status.results import StatusList
from sayso.verification.expectations import Expectations

REASON = "the status list of the credential"
"""Why a list is retrieved, in the words that whoever retrieves it is told."""

AGAIN = "the status list of the credential, newer than the one that came with it"
"""Why a list is retrieved that came with a presentation: its time is over."""

MAX_BYTES = 64 * 1024 * 1024
"""How much a cache holds, counted in bytes of inflated lists, unless it is told otherwise."""

LEAST_BYTES = 4096
"""What a list counts for at least: there is more to one than its bits."""

LONGEST = timedelta(minutes=15)
"""How long a verified list is used at most, whatever its `ttl` says: the keys of its issuer may change."""


class ListKey(NamedTuple):
    """Say which list this is: for what kind of entry, from where, the bytes that came, and everything under which they were verified."""

    kind: type[ListEntry]
    url: str
    digest: bytes
    expectations: Expectations
    kinds: tuple[CredentialType, ...]


class KeptList(NamedTuple):
    """Hold a list that was verified: what it says, when it was verified, what its dates have against an instant, and how long it came."""

    list: StatusList
    since: datetime
    dates: Callable[[datetime], tuple[Problem, ...]]
    retrieved_bytes: int = 0

    @property
    def size_bytes(self) -> int:
        """What it counts for in a cache; what it says beside its bits was never longer than what was retrieved."""
        return max(len(self.list.bits), self.retrieved_bytes, LEAST_BYTES)

    def serves(self, at: datetime) -> bool:
        """Tell whether it may be used at an instant without being verified again (BS-5, TS-6)."""
        longest = LONGEST if self.list.ttl is None else min(self.list.ttl, LONGEST)
        return self.since <= at <= self.since + longest


class StatusCache:
    """Hold status lists that were verified, for every call that is given it.

    A list is found again by its URL, the bytes that were retrieved and the expectations under which it was verified: nobody finds what
    others let pass, and a list that changed is another one. It is retrieved at every call, as ever; what is saved is to verify and to
    inflate it. Its dates are looked at every time. Threads may share a cache; to another process it travels empty.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Hold lists of so many bytes together; the one that was not used for the longest time makes room.

        Args:
            max_bytes: a list counts for its bytes, inflated or as they came, whichever are more, and for 4 KiB at least.
        """
        self._kept: dict[ListKey, KeptList] = {}
        self._left = self._most = max_bytes
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return f"<StatusCache of {len(self)} lists>"

    def __reduce__(self) -> tuple[type["StatusCache"], tuple[int]]:
        return StatusCache, (self._most,)

    def find(self, key: ListKey, at: datetime) -> KeptList | None:
        """Give a list that may be used at an instant."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or not found.serves(at):
                return None
            self._kept[key] = self._kept.pop(key)  # the last that makes room
            return found

    def keep(self, key: ListKey, kept: KeptList) -> None:
        """Keep a list, if there is room for it at all."""
        with self._lock:
            self._drop(key)
            if kept.size_bytes > self._most:
                return
            while kept.size_bytes > self._left:
                self._drop(next(iter(self._kept)))
            self._kept[key] = kept
            self._left -= kept.size_bytes

    def _drop(self, key: ListKey) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self._left += dropped.size_bytes


def checked_cache(cache: StatusCache | None) -> StatusCache | None:
    """Give a cache, if there is one.

    Raises:
        TypeError: it is something else.
    """
    # Callers need not have a type checker.
    if cache is not None and not isinstance(cache, StatusCache):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"a status_cache is a StatusCache, not {type(cache).__name__}"
        raise TypeError(msg)
    return cache


class Lists:
    """Hold the lists of one call: each is retrieved once, whatever came of it, and read once.

    Those that came `stapled` to what is looked at are not asked for; whoever presents chose them. Where it is not
    `retrieving`, none is asked for: what is looked at is refused already.
    """

    __slots__ = ("cache", "failed", "retrieved", "retrieving", "stapled")

    def __init__(self, cache: StatusCache | None = None, stapled: Mapping[str, bytes] = MappingProxyType({})) -> None:
        self.stapled = stapled
        self.retrieving = True
        self.cache = StatusCache() if cache is None else cache
        self.retrieved: dict[tuple[str, str, str], Retrieved | SaysoError] = {}
        self.failed: dict[ListKey, SaysoError] = {}
