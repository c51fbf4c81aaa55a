"""Keep what customers shared for as long as they shared it: opened for its purpose, counted, and erased when it ends."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from sayso.clock import Clock, aware, system_clock
from sayso.credentials.wire import Answer, bytes_of
from sayso.encodings import base64url
from sayso.encodings.multihash import digest_multibase
from sayso.entropy import Entropy, system_entropy
from sayso.errors import ALREADY_ANSWERED, SaysoError
from sayso.identifiers import is_did
from sayso.keys.wrapping import MasterKey
from sayso.sharing.request import DataRequest
from sayso.sharing.standing import Standing
from sayso.storage.custody import Change, Custodied, CustodyStore, ErasureStatement, Unused, Use, together
from sayso.verification.answers import AnswerJudgement
from sayso.verifier.custody_share import CustodyShare
from sayso.verifier.safe import Safe, ended
from sayso.verifier.taking import take_apart
from sayso.verifier.under_grant import UnderGrant, check_introduced, limited, paused, renewed, stopped

SWEPT_AT_ONCE: Final = 500
"""How many claims that have ended one transaction of a sweep looks at: others wait no longer than it takes to erase their shares."""


class Subject(NamedTuple):
    """Name what an event is about: a share, its grant, the events that were followed, and what was stated last where nothing is held."""

    share: str
    grant: bytes
    events: tuple[bytes, ...]
    stated: ErasureStatement | None = None


class Custody:
    """Hold shares sealed: each claim under a key of its own, which the master key wraps and which is destroyed when the claim ends.

    Safe to share between threads; with a store that processes share, several can hold the same shares. Time never goes back here: whatever
    had ended by the latest instant that the clock ever gave stays ended, and what was erased stays so for every process.
    """

    def __init__(self, store: CustodyStore, master: MasterKey, *, clock: Clock = system_clock, entropy: Entropy = system_entropy) -> None:
        """Take the store, and the key that opens what is in it; whoever has both can read what has not ended.

        Raises:
            TypeError: it is no store, or no master key.
        """
        _check("store", store, CustodyStore)
        _check("master", master, MasterKey)
        self._safe = Safe(store, master, clock, entropy)

    def share(self, id: str) -> CustodyShare:
        """Give the share of this name.

        Raises:
            SaysoError: SHARE_ENDED where it is not remembered; of one that is, and has ended, `use` says so.
        """
        found = self._safe.store.find(id)
        if found is None:
            raise ended()
        return CustodyShare(self._safe, found.share)

    def held(self, subject: str) -> tuple[CustodyShare, ...]:
        """Give the shares of a customer, by the DID that they have for this business: what to answer who asks what is held of them."""
        return tuple(CustodyShare(self._safe, found.share) for found in self._safe.store.held(subject))

    def sweep(self) -> tuple[ErasureStatement, ...]:
        """Erase whatever has ended, and say what that was; for a scheduler, as often as it likes, in as many processes as it likes."""
        now, erased, more = self._safe.now(), list[ErasureStatement](), True
        while more:
            part = self._safe.store.sweep(now, SWEPT_AT_ONCE)
            erased += part.erased
            more = part.more
        return tuple(erased)

    def withdraw(self, share: str, *claims: str) -> ErasureStatement | None:
        """Erase claims that the customer takes back, with what is inside of them or around them, or all of the share.

        None where nothing was left of them.
        """
        return self._safe.store.erase(share, self._together(share, claims) if claims else None, "withdrawn", self._safe.now())

    def unused(self, since: datetime) -> tuple[Unused, ...]:
        """Name the claims that are held since then, or for longer, and were never opened.

        Raises:
            TypeError, ValueError: it is no aware datetime.
        """
        return self._safe.store.unused(aware(since, "since"))

    def give_back(self, share: str, *claims: str) -> ErasureStatement:
        """Erase claims that were never opened, because they are not needed, with what is inside of them or around them.

        Raises:
            ValueError: no claim is named.
            SaysoError: SHARE_ENDED where one of them is not held any more, CLAIM_USED where one was opened; then nothing is erased.
        """
        if not claims:
            msg = "what is given back is named"
            raise ValueError(msg)
        names = {*claims, *self._together(share, claims)}
        erased = self._safe.store.erase(share, names, "given-back", self._safe.now())
        if erased is None:
            raise ended()
        return erased

    def use_report(self) -> tuple[Use, ...]:
        """Count for each claim and purpose how often it was opened, and in how many shares never."""
        return self._safe.store.report()

    def statements(self) -> tuple[ErasureStatement, ...]:
        """Give each erasure that was not settled: also those of which a process could not tell any more, because it was killed."""
        return self._safe.store.statements()

    def settle(self, erased: Iterable[ErasureStatement]) -> None:
        """Forget erasures that were confirmed to the customer, or need not be."""
        self._safe.store.settle([one.number for one in erased])

    def taking(
        self, answer: Answer | bytes | str, *, subject: str, lease: datetime | None = None, under: UnderGrant | None = None
    ) -> Callable[[DataRequest, AnswerJudgement, datetime], CustodyShare]:
        """Give what `Verifier.accept_into` does with an answer that holds: seal each claim, and store it.

        A process that is killed in between leaves the share in the store, and the request to be answered again by the same answer.

        Args:
            answer: the answer.
            subject: the DID that the customer has for this business.
            lease: until when the share may be used unless that is renewed; None for as long as it lasts.
            under: what the customer granted; each claim ends when that does, at the latest.

        Raises:
            TypeError, ValueError: the call is wrong.
        """
        if not is_did(subject):
            msg = "subject is the DID that the customer has for this business"
            raise ValueError(msg)
        digest = base64url.encode(sha256(bytes_of(answer)).digest())
        until = None if lease is None else aware(lease, "lease")

        def finish(asked: DataRequest, judged: AnswerJudgement, now: datetime) -> CustodyShare:
            at = max(now, self._safe.now())
            name = base64url.encode(sha256(f"{asked.request.verifier} {asked.request.nonce}".encode()).digest())
            taken = take_apart(asked, judged.answered, at)
            share = Custodied(name, digest, subject, asked.terms.purpose, at, until, asked.request.expires)
            if under is not None:
                check_introduced(judged.answered, under.stands.granted)
                left = [claim for claim in limited(taken, under.stands) if claim.ends > at]
                if taken and not left:
                    raise ended()
                taken = left
                share = share._replace(grant=under.data, events=under.events, paused=paused(under.stands, at))
            kept = self._safe.store.put(share, self._safe.sealed(share, taken))
            if (kept.answer, kept.subject, kept.grant) != (digest, subject, share.grant):
                raise SaysoError.of(ALREADY_ANSWERED, "a request is answered once")
            return CustodyShare(self._safe, kept)

        return finish

    def about(self, subject: str, grant: str) -> Subject:
        """Find the share of a customer that a grant is about, by its digest: what is held, or what was stated of it last.

        Raises:
            SaysoError: SHARE_ENDED where nothing of it is held, if it ever was, and nothing of it waits to be settled.
        """
        for found in self._safe.store.held(subject):
            if digest_multibase(found.share.grant) == grant:
                return Subject(found.share.id, found.share.grant, found.share.events)
        for stated in reversed(self._safe.store.stated(subject)):
            if digest_multibase(stated.grant) == grant:
                return Subject(stated.share, stated.grant, (), stated)
        raise ended()

    def follow(self, share: str, event: bytes, stands: Callable[[Iterable[bytes]], Standing]) -> ErasureStatement | None:
        """Do what a customer signed: erase what they take back, hold longer what they renew, let rest what they pause.

        Args:
            share: the share's name.
            event: what they signed, verified.
            stands: says what the grant permits after these events.

        Gives what was erased, None for nothing. To do it again changes nothing.

        Raises:
            SaysoError: SHARE_ENDED.
        """
        erased: ErasureStatement | None = None
        while True:
            found, now = self._safe.store.find(share), self._safe.now()
            if found is None and erased is not None:
                return erased  # swept since
            if found is None:
                raise ended()
            change = Change(found.share.events, event, None)
            after = stands(change.events)
            if names := together(stopped(after), [claim.name for claim in found.claims]):
                erased = self._safe.store.erase(share, names, "withdrawn", now, event=event) or erased
            claims = self._safe.resealed(found, renewed(after), now)
            if self._safe.store.follow(share, change._replace(paused=paused(after, now), claims=claims)):
                return erased

    def left(self, share: str) -> set[str]:
        """Name what is held of a share still, whether it has ended or not."""
        found = self._safe.store.find(share)
        return {claim.name for claim in found.claims} if found else set()

    def erased(self, share: str) -> tuple[ErasureStatement, ...]:
        """Give what was erased of a share, settled or not, as long as anything is left of it."""
        return self._safe.store.erased(share)

    def _together(self, share: str, names: Iterable[str]) -> list[str]:
        return together(names, sorted(self.left(share)))

    def __repr__(self) -> str:
        return "<Custody>"


def _check(name: str, given: object, kind: type) -> None:
    if not isinstance(given, kind):  # callers need not have a type checker
        msg = f"{name} is a {kind.__name__}, not a {type(given).__name__}"
        raise TypeError(msg)
