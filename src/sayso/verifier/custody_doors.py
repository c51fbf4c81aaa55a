"""Accept answers into custody, follow what customers sign about them, and say what was erased: doors of the verifier."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sayso.credentials.formats import spoken
from sayso.credentials.wire import Answer, Request, bytes_of
from sayso.encodings.multihash import digest_multibase
from sayso.errors import EVENT_REPLAYED, SHARE_ENDED, STORE_UNREACHABLE, SaysoError
from sayso.retrieval import AsyncFetch, Steps, drive, drive_async
from sayso.sharing import erasure, standing
from sayso.sharing import events as event_rules
from sayso.sharing.erasure import Erased, ErasureAnswer, Retained, Told
from sayso.sharing.events import Event, Notice
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.offer import path_of
from sayso.sharing.standing import Standing
from sayso.sharing.statements import ErasureRequest, Returned
from sayso.verifier.accepting import Acceptance
from sayso.verifier.grants import GrantDoors
from sayso.verifier.under_grant import UnderGrant, claims_by_name

if TYPE_CHECKING:  # who has no custody does not pay for it
    from sayso.storage.custody import ErasureStatement
    from sayso.verifier.custody import Custody
    from sayso.verifier.custody_share import CustodyShare

GIVEN_BACK = "We have not used this, so we are giving it back."


class Followed(NamedTuple):
    """Hold what a customer said about a share in custody, and what was erased for it, None for nothing."""

    notice: Notice
    share: str
    erased: "ErasureStatement | None"


class Confirmed(NamedTuple):
    """Hold what is sent about an erasure: its confirmation, and where it was given back, the notice that says so."""

    confirmation: ErasureAnswer
    notice: Event | None


class CustodyDoors(GrantDoors):
    """Accept answers into custody, and answer for what is in it."""

    _acceptance: Acceptance

    def accept_into(
        self,
        custody: "Custody",
        answer: Answer | bytes | str,
        request: Request | bytes | str,
        *,
        grant: Grant | bytes | str | None = None,
        events: Iterable[Event | bytes | str] = (),
        subject: str | None = None,
        lease: datetime | None = None,
    ) -> "CustodyShare":
        """Accept as `accept` does, but have custody hold what was shared, from before the request counts as answered on.

        Args:
            custody: where it is held.
            answer: the answer.
            request: the request that it answers.
            grant: what the customer granted. Each claim ends when that does, the answer names who signed it, and what the customer signs
                later, `follow` does.
            events: what the customer signed about the grant and came before the answer.
            subject: without a grant: the DID that the customer has for this business.
            lease: without a grant: until when the share may be used unless that is renewed; None for as long as it lasts.

        Raises:
            SaysoError: as `accept`, and STORE_UNREACHABLE; then the request can be answered still. As `read_grant`; OTHER_GRANT where the
                answer does not name who signed the grant, NOT_GRANTED where something was shared that it is not about, SHARE_ENDED where
                all of it has ended or was taken back.
            TypeError, ValueError: the call is wrong.
        """
        under = _Under(grant, events, subject, lease)
        return drive(self._accepting_into(custody, answer, request, under), self._fetch)

    async def accept_into_async(
        self,
        custody: "Custody",
        answer: Answer | bytes | str,
        request: Request | bytes | str,
        *,
        grant: Grant | bytes | str | None = None,
        events: Iterable[Event | bytes | str] = (),
        subject: str | None = None,
        lease: datetime | None = None,
        fetch: AsyncFetch,
    ) -> "CustodyShare":
        """Accept as `accept_into` does, with a fetcher that is awaited."""
        under = _Under(grant, events, subject, lease)
        return await drive_async(self._accepting_into(custody, answer, request, under), fetch)

    def _accepting_into(
        self, custody: "Custody", answer: Answer | bytes | str, request: Request | bytes | str, held: "_Under"
    ) -> Steps["CustodyShare"]:
        if (held.grant is None) == (held.subject is None) or (held.grant is not None and held.lease is not None):
            msg = "a share is held under a grant, or else for a subject, with a lease or without"
            raise TypeError(msg)
        if held.grant is None:
            finish = custody.taking(answer, subject=held.subject or "", lease=held.lease)
        else:
            said, _ = yield from self._granting(held.grant, request, answer)
            signed = tuple(dict.fromkeys(map(bytes_of, held.events)))
            stands = standing.of(said, [self._notice(one, said) for one in signed])
            finish = custody.taking(answer, subject=said.customer, under=UnderGrant(bytes_of(held.grant), signed, stands))
        return (yield from self._acceptance.accepting(answer, request, "", finish))

    def follow(self, custody: "Custody", event: Event | bytes | str) -> Followed:
        """Do what a customer signed about a share that is held under a grant: renew, pause, withdraw or erase.

        The share is found by what the event names. Each event is taken once, when what it says was done: a process that is killed in
        between is given it again. Where an erasure is asked for and nothing is held any more, what was erased last is given, for `confirm`.

        Raises:
            SaysoError: as `take_event`; SHARE_ENDED where nothing of the share is held any more, and nothing of it waits to be confirmed.
        """
        data = bytes_of(event)
        about = custody.about(*event_rules.named(data))
        said = self._mine(about.grant)
        notice = self._notice(data, said)
        if any(one.id == notice.id and one.digest != notice.digest for one in self._kept(about.events, said)):
            raise SaysoError.of(EVENT_REPLAYED, "an event is taken once", "jti")

        def stands(signed: Iterable[bytes]) -> Standing:
            return standing.of(said, self._kept(signed, said))

        if about.stated is not None and not _asks(notice):
            raise SaysoError.of(SHARE_ENDED, "nothing of this share is held any more")
        erased = about.stated or custody.follow(about.share, data, stands)
        self._take(notice, said)
        return Followed(notice, about.share, erased)

    def _kept(self, signed: Iterable[bytes], said: Granted) -> list[Notice]:
        # They were in time when they came, whatever this clock says now.
        return [self._notice(one, said, skew=timedelta.max) for one in signed]

    def confirm(
        self,
        custody: "Custody",
        erased: "ErasureStatement",
        asked: Event | bytes | str | None = None,
        *,
        text: str = GIVEN_BACK,
        retained: Iterable[Retained] = (),
        told: Iterable[Told] = (),
        backups_expire: datetime | None = None,
        format: str = "vc+jwt",
    ) -> Confirmed:
        """Sign what custody erased of a share that was held under a grant: for the customer who asked for it, or whose time was over.

        Send it, and then `Custody.settle` what was erased.

        Args:
            custody: where it was held.
            erased: what was erased, one of `Custody.statements`.
            asked: the customer's request, where they asked when it was erased already; otherwise it is known.
            text: where it was given back: the same in words, for the customer.
            retained: what is kept in another place, of what the customer asked about, why and until when.
            told: which recipients were told to erase it too.
            backups_expire: when the last backup is gone.
            format: "vc+jwt" or "eddsa-jcs-2022".

        Raises:
            SaysoError: the grant does not hold, or the request for erasure; STORE_UNREACHABLE where what is stated is damaged.
            ValueError: the share was not held under a grant; it does not say of every claim what became of it.
        """
        if not erased.grant:
            msg = "what was not held under a grant is confirmed by hand"
            raise ValueError(msg)
        said, kept = self._mine(erased.grant), tuple(retained)
        notice = self._request(bytes_of(asked) if asked is not None else erased.event, said)
        stated = _stated(custody, erased, notice)
        names = claims_by_name(said)
        if any(name not in names for one in stated for name in one.claims):
            raise SaysoError.of(STORE_UNREACHABLE, "the store states what nobody here wrote")
        if notice is not None and custody.left(erased.share) & {*map(spoken, erasure.request_of(notice).claims or said.claims)}:
            msg = "what was asked about is held: follow the request first"
            raise ValueError(msg)
        # Custody does not go back in time where this clock does.
        at = max(self._now(), *(one.at.replace(microsecond=0) for one in stated))
        what = (_gone(stated, said, notice, kept), kept, tuple(told), backups_expire, None)
        confirmation = self._answer_erasure(said, notice, what, at, format)
        return Confirmed(confirmation, self._returned(erased, said, at, text, confirmation) if erased.cause == "given-back" else None)

    def _returned(self, erased: "ErasureStatement", said: Granted, at: datetime, text: str, confirmation: ErasureAnswer) -> Event:
        names = claims_by_name(said)
        back = tuple(claim for name in erased.claims for claim in names[name])
        since = max(erased.taken.replace(microsecond=0), said.issued)
        returned = Returned(back, since, max(at, since), text, digest_multibase(confirmation.data))
        return self._event(said, returned, max(at, since))

    def _request(self, event: bytes, said: Granted) -> Notice | None:
        notice = self._notice(event, said, skew=timedelta.max) if event else None
        return notice if notice and _asks(notice) else None


class _Under(NamedTuple):
    """Hold what a share is to be held under."""

    grant: Grant | bytes | str | None
    events: Iterable[Event | bytes | str]
    subject: str | None
    lease: datetime | None


def _asks(notice: Notice) -> bool:
    return any(isinstance(one, ErasureRequest) for one in notice.statements)


def _stated(custody: "Custody", erased: "ErasureStatement", asked: Notice | None) -> "list[ErasureStatement]":
    """Give what was erased; of all that a customer asked about, also what was erased before that."""
    also = custody.erased(erased.share) if asked is not None else ()
    return [*{one.number: one for one in (erased, *also)}.values()]


def _gone(stated: "Sequence[ErasureStatement]", said: Granted, asked: Notice | None, kept: Iterable[Retained]) -> tuple[Erased, ...]:
    """Say what was erased and when, of what the customer asked about, or of all; what had ended when it came was never kept."""
    names, about = claims_by_name(said), said.claims
    if asked is not None:
        about = erasure.request_of(asked).claims or about
    wanted = {path_of(claim) for claim in about} - {path_of(claim) for one in kept for claim in one.claims}
    gone: list[Erased] = []
    for one in stated:
        claims = tuple(claim for name in one.claims for claim in names[name] if path_of(claim) in wanted)
        wanted -= {path_of(claim) for claim in claims}
        if claims:
            gone.append(Erased(claims, one.at.replace(microsecond=0), "key-destroyed"))
    never = tuple(claim for claim in about if path_of(claim) in wanted)
    if asked is not None and never:
        gone.append(Erased(never, stated[0].taken.replace(microsecond=0)))
    return tuple(gone)
