"""Look at what a business signs about a grant: doors of the wallet."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from sayso.clock import Clock
from sayso.credentials.wire import bytes_of
from sayso.dids import did_key
from sayso.errors import EVENT_REPLAYED, INVALID_VERIFICATION_METHOD, NOT_MINE, SaysoError
from sayso.identifiers import Did
from sayso.retrieval import AsyncFetch, Fetch, Steps, drive, drive_async, offline
from sayso.sharing import bargain, erasure, events, grant, receipt_reading
from sayso.sharing.erasure import Answered, ErasureAnswer
from sayso.sharing.events import Event, Notice
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.receipt import Receipt, Receipted
from sayso.wallet.held import Keys

if TYPE_CHECKING:  # who keeps no ledger does not pay for it
    from sayso.wallet.recording import Recorder

_SECOND: Final = timedelta(seconds=1)


class TakenEvents:
    """Remember which events of businesses were taken, and from when the customer's last one about each grant is; safe between threads."""

    __slots__ = ("_last", "_lock", "_signing", "_taken")

    def __init__(self) -> None:
        """Begin with none."""
        self._lock, self._signing = Lock(), Lock()
        self._taken: set[tuple[Did, str]] = set()
        self._last: dict[str, datetime] = {}

    def take(self, notice: Notice, enter: Callable[[], None]) -> None:
        """Take an event once, when it is entered: what fails to be entered can be taken later.

        Raises:
            SaysoError: EVENT_REPLAYED.
        """
        with self._lock:
            if (notice.signer, notice.id) in self._taken:
                raise SaysoError.of(EVENT_REPLAYED, "an event is taken once", "jti")
            enter()
            self._taken.add((notice.signer, notice.id))

    @contextmanager
    def instant(self, grant: str, now: datetime) -> Generator[datetime]:
        """Give an event about a grant its instant, in whole seconds and later than that of the one before; one that fails has none.

        Where that would be further ahead of the clock than clocks may be apart, it is the clock's: a clock that was set back keeps nobody
        from taking something back.
        """
        with self._signing:
            now = now.replace(microsecond=0)
            after = self._last[grant] + _SECOND if grant in self._last else now
            at = after if now < after <= now + bargain.SKEW else now
            yield at
            self._last[grant] = at


class ReceivingDoors:
    """Verify what a business answers."""

    _clock: Clock
    _fetch: Fetch
    _lock: Lock
    _keys: Keys
    _taken: TakenEvents
    _recorder: "Recorder | None"

    def read_grant(self, granted: Grant | bytes | str) -> Granted:
        """Read a grant of this wallet, whether it has ended or not.

        Raises:
            SaysoError: it is none, or NOT_MINE.
        """
        said = drive(grant.read(bytes_of(granted), self._clock(), skew=bargain.SKEW), offline)
        with self._lock:
            mine = self._keys.known_as(said.business)
        if mine != said.customer:
            raise SaysoError.of(NOT_MINE, "the grant is not signed with a key of this wallet", "issuer")
        return said

    def read_receipt(self, given: Receipt | bytes | str, granted: Grant | bytes | str) -> Receipted:
        """Verify the receipt of a grant of this wallet.

        Raises:
            SaysoError: it is not signed by the business, or says something else than the grant does.
        """
        return drive(self._receipt(given, granted), self._fetch)

    async def read_receipt_async(self, given: Receipt | bytes | str, granted: Grant | bytes | str, *, fetch: AsyncFetch) -> Receipted:
        """Verify as `read_receipt` does, with a fetcher that is awaited."""
        return await drive_async(self._receipt(given, granted), fetch)

    def _receipt(self, given: Receipt | bytes | str, granted: Grant | bytes | str) -> Steps[Receipted]:
        said = self.read_grant(granted)
        read = yield from receipt_reading.read(bytes_of(given), said, self._clock(), skew=bargain.SKEW)
        if self._recorder is not None:
            self._recorder.receipted(given, read, said)
        return read

    def read_erasure(
        self, answer: ErasureAnswer | bytes | str, granted: Grant | bytes | str, asked: Event | bytes | str | None = None
    ) -> Answered:
        """Verify the answer to a request for erasure of this wallet, or, where it did not ask, what the business says that it erased.

        Raises:
            SaysoError: it is not signed by the business, or does not say of every claim what became of it.
        """
        return drive(self._erasure(answer, granted, asked), self._fetch)

    async def read_erasure_async(
        self,
        answer: ErasureAnswer | bytes | str,
        granted: Grant | bytes | str,
        asked: Event | bytes | str | None = None,
        *,
        fetch: AsyncFetch,
    ) -> Answered:
        """Verify as `read_erasure` does, with a fetcher that is awaited."""
        return await drive_async(self._erasure(answer, granted, asked), fetch)

    def _erasure(
        self, answer: ErasureAnswer | bytes | str, granted: Grant | bytes | str, asked: Event | bytes | str | None
    ) -> Steps[Answered]:
        said, now = self.read_grant(granted), self._clock()
        notice = None if asked is None else (yield from events.read(bytes_of(asked), said, now, skew=bargain.SKEW, methods=(did_key,)))
        read = yield from erasure.read(bytes_of(answer), said, notice, now, skew=bargain.SKEW)
        if self._recorder is not None:
            self._recorder.answered(answer, read, said, notice)
        return read

    def read_event(self, event: Event | bytes | str, granted: Grant | bytes | str) -> Notice:
        """Verify what the business says about a grant of this wallet: that it gives something back, or lost it. Each event is taken once.

        Raises:
            SaysoError: it is not signed by the business, is about another grant, or EVENT_REPLAYED.
        """
        return drive(self._noticed(event, granted), self._fetch)

    async def read_event_async(self, event: Event | bytes | str, granted: Grant | bytes | str, *, fetch: AsyncFetch) -> Notice:
        """Verify as `read_event` does, with a fetcher that is awaited."""
        return await drive_async(self._noticed(event, granted), fetch)

    def _noticed(self, event: Event | bytes | str, granted: Grant | bytes | str) -> Steps[Notice]:
        said = self.read_grant(granted)
        notice = yield from events.read(bytes_of(event), said, self._clock(), skew=bargain.SKEW)
        if notice.signer != said.business:
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the event is not signed by the business", "iss")
        self._taken.take(notice, lambda: self._entered(notice, said))
        return notice

    def _entered(self, notice: Notice, said: Granted) -> None:
        if self._recorder is not None:
            self._recorder.noticed(notice, said)
