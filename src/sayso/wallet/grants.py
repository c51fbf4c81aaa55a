"""Grant, renew, pause and withdraw what was shared, ask for its erasure, and look at what the business signs: doors of the wallet."""

from datetime import datetime, timedelta
from threading import Lock

from sayso.clock import Clock, aware
from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Answer, bytes_of
from sayso.dids import did_key
from sayso.dids.identity import Identity
from sayso.encodings import base64url
from sayso.encodings.multihash import digest_multibase
from sayso.entropy import Entropy
from sayso.errors import EVENT_REPLAYED, INVALID_VERIFICATION_METHOD, NOT_MINE, RANGE_ERROR, SaysoError
from sayso.identifiers import Did, parse_did
from sayso.proofs.jose import jws
from sayso.retrieval import AsyncFetch, Fetch, Steps, drive, drive_async, offline
from sayso.sharing import artefact, bargain, erasure, events, grant, granting, receipt_reading
from sayso.sharing.erasure import Answered, ErasureAnswer
from sayso.sharing.events import Event, Notice
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.plan.decision import Plan
from sayso.sharing.receipt import Receipt, Receipted
from sayso.sharing.statements import ErasureRequest, Pause, Renewal, Statement, Withdrawal
from sayso.wallet.held import Keys
from sayso.wallet.record import Shared

ID_BYTES = 18


class TakenEvents:
    """Remember which events of businesses were taken; safe between threads."""

    __slots__ = ("_lock", "_taken")

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._taken: set[tuple[Did, str]] = set()

    def take(self, notice: Notice) -> None:
        """Take an event, once.

        Raises:
            SaysoError: EVENT_REPLAYED.
        """
        with self._lock:
            if (notice.signer, notice.id) in self._taken:
                raise SaysoError.of(EVENT_REPLAYED, "an event is taken once", "jti")
            self._taken.add((notice.signer, notice.id))


class GrantDoors:
    """Grant what was shared, and end it."""

    _clock: Clock
    _entropy: Entropy
    _fetch: Fetch
    _lock: Lock
    _keys: Keys
    _by_verifier: dict[str, list[Shared]]
    _taken: TakenEvents

    def grant(
        self,
        plan: Plan,
        answer: Answer | bytes | str,
        *,
        until: datetime | None = None,
        lease: timedelta | None = None,
        receipt_within: timedelta = grant.RECEIPT_WITHIN,
        format: str = "vc+jwt",
    ) -> Grant:
        """Sign what was shared, for how long and on which terms, with the key that is only for this business; no value is in it.

        The answer need not have left: a business that gives its receipt first gets the grant before it.

        Args:
            plan: what was presented.
            answer: what `present` made of it, as it is sent.
            until: when the grant ends; the end of the share by default. It may be later only with a lease.
            lease: how long the grant holds without `renew`: no longer than the share; doing nothing turns it off.
            receipt_within: how soon the business owes a receipt.
            format: "vc+jwt" or "eddsa-jcs-2022".

        Raises:
            TypeError, ValueError: the call is wrong, or nothing was shared by this plan.
            SaysoError: the share has ended, or nobody signed the request.
        """
        _check_call(plan, receipt_within)
        artefact.check_format(format)
        business, now = parse_did(plan.verifier), self._clock().replace(microsecond=0)
        record = self._record(plan)
        if record.until <= now:
            raise SaysoError.of(RANGE_ERROR, "the share has ended")
        ends = record.until if until is None else aware(until, "until").replace(microsecond=0)
        own = self._identity_for(business)
        terms = granting.granted(
            plan,
            own.did,
            identifier=artefact.new_id(self._entropy),
            at=now,
            shared=record.at,
            until=ends,
            lease=granting.lease_of(lease, now, record.until, ends),
            receipt_within=receipt_within,
            presentation=digest_multibase(bytes_of(answer)),
            request=record.request,
        )
        return grant.sign(terms, own, format)

    def _record(self, plan: Plan) -> Shared:
        request = digest_multibase(plan.request.data)
        with self._lock:
            made = [one for one in self._by_verifier.get(plan.verifier, ()) if one.request == request]
        if not made or plan.signs_in:
            msg = "nothing was shared by this plan"
            raise ValueError(msg)
        return made[-1]

    def renew(self, granted: Grant | bytes | str) -> Event:
        """Renew the lease of a grant for its period, to the end of the grant at most.

        Raises:
            SaysoError: as `read_grant`.
            ValueError: the grant has no lease, or has ended.
        """
        said, now = self.read_grant(granted), self._clock().replace(microsecond=0)
        period = timedelta(0) if said.lease is None else said.lease.period
        return self._event(said, now, Renewal(min(said.until, now + period)))

    def withdraw(self, granted: Grant | bytes | str, *claims: Claim) -> Event:
        """Take back what was granted: these claims, or all of it.

        Raises:
            SaysoError: as `read_grant`.
            ValueError: a claim was not granted.
        """
        return self._event(self.read_grant(granted), self._clock(), Withdrawal(claims or None))

    def pause(self, granted: Grant | bytes | str, until: datetime) -> Event:
        """Let nothing be used until an instant; a later call takes the place of an earlier one, and one that lies behind ends the pause.

        Raises:
            SaysoError: as `read_grant`.
            TypeError, ValueError: it is no instant, or later than the end of the grant.
        """
        return self._event(self.read_grant(granted), self._clock(), Pause(aware(until, "until").replace(microsecond=0)))

    def ask_erasure(
        self,
        granted: Grant | bytes | str,
        *claims: Claim,
        justification: str = "",
        answer_within: timedelta = erasure.ANSWER_WITHIN,
        tell_recipients: bool = True,
    ) -> Event:
        """Ask for the erasure of these claims, or of all, which takes them back too.

        Args:
            granted: the grant.
            claims: what is to be erased; where nothing is named, all of it.
            justification: one of `dpv.OBJECTIONS`, "" for none.
            answer_within: how soon an answer is due.
            tell_recipients: whether those to whom it was passed on are to be told.

        Raises:
            SaysoError: as `read_grant`.
            ValueError: a claim was not granted, or no time is left for an answer.
        """
        said, now = self.read_grant(granted), self._clock().replace(microsecond=0)
        request = ErasureRequest(now + answer_within, claims or None, justification, tell_recipients)
        return self._event(said, now, Withdrawal(claims or None), request)

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
        return (yield from receipt_reading.read(bytes_of(given), said, self._clock(), skew=bargain.SKEW))

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
        return (yield from erasure.read(bytes_of(answer), said, notice, now, skew=bargain.SKEW))

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
        self._taken.take(notice)
        return notice

    def _event(self, said: Granted, at: datetime, *statements: Statement) -> Event:
        identifier = base64url.encode(self._entropy(ID_BYTES))
        return events.sign(said, self._identity_for(said.business), at, identifier, *statements)

    def _identity_for(self, business: Did) -> Identity:
        with self._lock:
            signer, did = self._keys.pairwise(business, self._entropy)
        return Identity(did, did_key.verification_method(signer.public_key), signer, jws.EDDSA)


def _check_call(plan: object, receipt_within: object) -> None:
    if not isinstance(plan, Plan):
        msg = f"what a Plan shared is granted, not {type(plan).__name__}"
        raise TypeError(msg)
    if not isinstance(receipt_within, timedelta):
        msg = f"receipt_within is a timedelta, not {type(receipt_within).__name__}"
        raise TypeError(msg)
