"""Accept answers into custody, follow what customers sign about them, and say what was erased: doors of the verifier."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from sayso.credentials.wire import Answer, Request, bytes_of
from sayso.retrieval import AsyncFetch, Steps, drive, drive_async
from sayso.sharing import events, standing
from sayso.sharing.erasure import Erased, ErasureAnswer, Retained, Told
from sayso.sharing.events import Event, Notice
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.offer import path_of
from sayso.sharing.standing import Standing
from sayso.sharing.statements import ErasureRequest
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
            subject: without a grant: the DID that the customer has for this business.
            lease: without a grant: until when the share may be used unless that is renewed; None for as long as it lasts.

        Raises:
            SaysoError: as `accept`, and STORE_UNREACHABLE; then the request can be answered still. As `read_grant`; OTHER_GRANT where the
                answer does not name who signed the grant, NOT_GRANTED where something was shared that it is not about.
            TypeError, ValueError: the call is wrong.
        """
        return drive(self._accepting_into(custody, answer, request, grant=grant, subject=subject, lease=lease), self._fetch)

    async def accept_into_async(
        self,
        custody: "Custody",
        answer: Answer | bytes | str,
        request: Request | bytes | str,
        *,
        grant: Grant | bytes | str | None = None,
        subject: str | None = None,
        lease: datetime | None = None,
        fetch: AsyncFetch,
    ) -> "CustodyShare":
        """Accept as `accept_into` does, with a fetcher that is awaited."""
        return await drive_async(self._accepting_into(custody, answer, request, grant=grant, subject=subject, lease=lease), fetch)

    def _accepting_into(
        self,
        custody: "Custody",
        answer: Answer | bytes | str,
        request: Request | bytes | str,
        *,
        grant: Grant | bytes | str | None,
        subject: str | None,
        lease: datetime | None,
    ) -> Steps["CustodyShare"]:
        if (grant is None) == (subject is None) or (grant is not None and lease is not None):
            msg = "a share is held under a grant, or else for a subject, with a lease or without"
            raise TypeError(msg)
        under: UnderGrant | None = None
        if grant is not None:
            said, _ = yield from self._granting(grant, request, answer)
            under, subject = UnderGrant(bytes_of(grant), said), said.customer
        finish = custody.taking(answer, subject=subject or "", lease=lease, under=under)
        return (yield from self._acceptance.accepting(answer, request, "", finish))

    def follow(self, custody: "Custody", event: Event | bytes | str) -> Followed:
        """Do what a customer signed about a share that is held under a grant: renew, pause, withdraw or erase.

        The share is found by what the event names. Each event is taken once, when what it says was done: a process that is killed in
        between is given it again.

        Raises:
            SaysoError: as `take_event`; SHARE_ENDED where nothing of the share is held any more.
        """
        data = bytes_of(event)
        share = custody.about(*events.named(data))
        said = self._mine(share.share.grant)
        notice = self._notice(data, said)

        def stands(signed: Iterable[bytes]) -> Standing:
            return standing.of(said, [self._notice(one, said) for one in signed])

        erased = custody.follow(share.share.id, data, stands)
        self._take(notice, said)
        return Followed(notice, share.share.id, erased)

    def confirm(
        self,
        custody: "Custody",
        erased: "ErasureStatement",
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
            text: where it was given back: the same in words, for the customer.
            retained: what is kept in another place, of what the customer asked about, why and until when.
            told: which recipients were told to erase it too.
            backups_expire: when the last backup is gone.
            format: "vc+jwt" or "eddsa-jcs-2022".

        Raises:
            SaysoError: the grant does not hold, or the request for erasure.
            ValueError: the share was not held under a grant; it does not say of every claim what became of it.
        """
        if not erased.grant:
            msg = "what was not held under a grant is confirmed by hand"
            raise ValueError(msg)
        said, kept = self._mine(erased.grant), tuple(retained)
        asked = self._asked(erased, said)
        gone = _gone(custody, erased, said, asked, kept)
        event = None if asked is None else erased.event
        confirmation = self.confirm_erasure(
            erased.grant, event, erased=gone, retained=kept, told=told, backups_expire=backups_expire, format=format
        )
        if erased.cause != "given-back":
            return Confirmed(confirmation, None)
        names = claims_by_name(said)
        back = [claim for name in erased.claims for claim in names[name]]
        return Confirmed(confirmation, self.give_back(erased.grant, *back, since=erased.taken, text=text, erasure=confirmation))

    def _asked(self, erased: "ErasureStatement", said: Granted) -> ErasureRequest | None:
        statements = self._notice(erased.event, said).statements if erased.event else ()
        return next((one for one in statements if isinstance(one, ErasureRequest)), None)


def _gone(
    custody: "Custody", erased: "ErasureStatement", said: Granted, asked: ErasureRequest | None, kept: Iterable[Retained]
) -> list[Erased]:
    """Say what was erased and when: of all that the customer asked about, also what was erased before that."""
    names, also = claims_by_name(said), custody.erased(erased.share) if asked is not None else ()
    elsewhere = {path_of(claim) for one in kept for claim in one.claims}
    about = {path_of(claim) for claim in (said.claims if asked is None else asked.claims or said.claims)} - elsewhere
    return [
        Erased(claims, one.at.replace(microsecond=0), "key-destroyed")
        for one in {one.number: one for one in (erased, *also)}.values()
        if (claims := tuple(claim for name in one.claims for claim in names[name] if path_of(claim) in about))
    ]
