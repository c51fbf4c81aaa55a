"""Countersign what customers grant, take what they say about it, and answer: doors of the verifier."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sayso.clock import aware, later
from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Answer, Request, bytes_of
from sayso.dids import did_key
from sayso.dids.identity import Identity, identity
from sayso.encodings import base64url
from sayso.encodings.multihash import digest_multibase
from sayso.errors import INVALID_DOMAIN_ERROR, INVALID_VERIFICATION_METHOD, UNKNOWN_REQUEST, SaysoError
from sayso.openid import request_object
from sayso.retrieval import Fetch, Steps, drive, offline
from sayso.sharing import artefact, bargain, erasure, events, grant, granting, receipt
from sayso.sharing import request as data_request
from sayso.sharing.erasure import Answered, Erased, ErasureAnswer, Retained, Told
from sayso.sharing.events import Event, Notice
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.receipt import Receipt
from sayso.sharing.request import DataRequest
from sayso.sharing.statements import Breach, Returned, Statement
from sayso.verification.messages import signed_message
from sayso.verifier.requesting import Requesting

ID_BYTES = 18
REMEMBER = timedelta(days=366)
"""How long after the end of a grant its events are remembered: by then it makes no difference whether one comes again."""


class GrantDoors:
    """Countersign grants, and answer what happens to them."""

    _identity: Identity
    _requesting: Requesting
    _fetch: Fetch

    def read_grant(
        self, granted: Grant | bytes | str, request: Request | bytes | str, answer: Answer | bytes | str | None = None
    ) -> Granted:
        """Verify a grant that was made to this business, in answer to a request of its own: whether it has ended or not.

        Whether it holds at an instant, `sayso.sharing.standing` says.

        Args:
            granted: the grant.
            request: the request, which may have expired.
            answer: what was presented, as it came; None: not seen yet.

        Raises:
            SaysoError: the signature does not hold; INVALID_DOMAIN_ERROR, UNKNOWN_REQUEST or OTHER_GRANT, where it is about another; or
                GRANT_DIFFERS, where it asks more of the business than the request promised.
        """
        return drive(self._granting(granted, request, answer), self._fetch)[0]

    def _granting(
        self, granted: Grant | bytes | str, request: Request | bytes | str, answer: Answer | bytes | str | None
    ) -> Steps[tuple[Granted, DataRequest]]:
        own = bytes_of(request)
        said = self._read_grant(granted)
        presentation = None if answer is None else digest_multibase(bytes_of(answer))
        grant.expect(said, business=self._identity.did, request=digest_multibase(own), presentation=presentation)
        asked = yield from self._own_request(own)
        granting.refuse_more(said, asked)
        return said, asked

    def _read_grant(self, granted: Grant | bytes | str) -> Granted:
        return drive(grant.read(bytes_of(granted), self._requesting.clock(), skew=bargain.SKEW), offline)

    def _own_request(self, data: bytes) -> Steps[DataRequest]:
        # What was answered in time is countersigned also when the request has expired.
        at = self._requesting.clock()
        message = yield from signed_message(data, (request_object.TYPE,), "authentication", at, skew=timedelta.max)
        if message.signer != self._identity.did:
            raise SaysoError.of(UNKNOWN_REQUEST, "another verifier signed the request", "client_id")
        return data_request.parse(message.payload, channel=request_object.own_channel(message.payload))

    def receipt(
        self,
        granted: Grant | bytes | str,
        request: Request | bytes | str,
        answer: Answer | bytes | str | None = None,
        *,
        head: str = "",
        format: str = "vc+jwt",
    ) -> Receipt:
        """Countersign a grant, with the digests of the request, the grant and the presentation.

        Args:
            granted: the grant.
            request: the request that it answers.
            answer: what was presented, as it came; None: the receipt comes first, and the customer sends the answer when they have it.
            head: the digest of what the customer keeps about the relationship, where they sent it.
            format: "vc+jwt" or "eddsa-jcs-2022".

        Raises:
            SaysoError: as `read_grant`; the DID document of this business does not name its key under `assertionMethod`.
            ValueError: the format is none, or `head` no digest.
        """
        artefact.check_format(format)
        if head:
            try:
                artefact.digest(head)
            except SaysoError as error:
                raise ValueError(str(error)) from None
        said, asked = drive(self._granting(granted, request, answer), self._fetch)
        made = receipt.receipted(said, asked, identifier=self._new_id(), at=self._now(), first=answer is None, head=head)
        return receipt.sign(made, self._asserting(), format)

    def take_event(self, event: Event | bytes | str, granted: Grant | bytes | str) -> Notice:
        """Verify what a customer says about a grant to this business: that it is renewed, paused or withdrawn, or is to be erased.

        Each event is taken once; one that is late counts too.

        Raises:
            SaysoError: it is not signed by the customer who granted, is about another grant, or EVENT_REPLAYED.
        """
        said = self._mine(granted)
        notice = self._notice(event, said)
        self._take(notice, said)
        return notice

    def _take(self, notice: Notice, said: Granted) -> None:
        now = self._requesting.clock()
        self._requesting.own.event_taken(notice.signer, notice.id, later(max(said.until, now), REMEMBER), now)

    def _notice(self, event: Event | bytes | str, said: Granted, *, skew: timedelta = bargain.SKEW) -> Notice:
        reading = events.read(bytes_of(event), said, self._requesting.clock(), skew=skew, methods=(did_key,))
        notice = drive(reading, offline)
        if notice.signer != said.customer:
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the event is not signed by the customer", "iss")
        return notice

    def confirm_erasure(
        self,
        granted: Grant | bytes | str,
        asked: Event | bytes | str | None = None,
        *,
        erased: Iterable[Erased] = (),
        retained: Iterable[Retained] = (),
        told: Iterable[Told] = (),
        backups_expire: datetime | None = None,
        answer_by: datetime | None = None,
        format: str = "vc+jwt",
    ) -> ErasureAnswer:
        """Sign what became of what was to be erased: each claim was erased, or is kept for a reason; or by when that will be said.

        Args:
            granted: the grant.
            asked: the customer's request; None: the time was over, or it was given back.
            erased: what was erased.
            retained: what is kept, why and until when; where nothing is erased, this refuses.
            told: which recipients were told to erase it too.
            backups_expire: when the last backup is gone.
            answer_by: by when an answer will follow, where nothing is erased or kept yet.
            format: "vc+jwt" or "eddsa-jcs-2022".

        Raises:
            SaysoError: the grant or the request does not hold.
            ValueError: it does not say of every claim what became of it.
        """
        said = self._mine(granted)
        notice = None if asked is None else self._notice(asked, said)
        what = (tuple(erased), tuple(retained), tuple(told), backups_expire, answer_by)
        return self._answer_erasure(said, notice, what, self._now(), format)

    def _answer_erasure(self, said: Granted, asked: Notice | None, what: tuple[Any, ...], at: datetime, format: str) -> ErasureAnswer:
        # The customer's clock may be ahead: an answer comes after what it answers.
        now, request = (at, "") if asked is None else (max(at, asked.at), asked.digest)
        answered = Answered(self._new_id(), self._identity.did, said.customer, now, said.digest, request, *what)
        return erasure.sign(answered, said, asked, self._asserting(), format)

    def give_back(
        self, granted: Grant | bytes | str, *claims: Claim, since: datetime, text: str, erasure: ErasureAnswer | bytes | str | None = None
    ) -> Event:
        """Give back what was granted and never used.

        Args:
            granted: the grant.
            claims: what is given back.
            since: from when on it was not used.
            text: the same in words, for the customer.
            erasure: the confirmation that it was erased.

        Raises:
            SaysoError: the grant does not hold.
            TypeError, ValueError: a claim was not granted, or the time began before the grant.
        """
        said, digest = self._mine(granted), "" if erasure is None else digest_multibase(bytes_of(erasure))
        return self._event(said, Returned(claims, aware(since, "since").replace(microsecond=0), self._now(), text, digest), self._now())

    def tell_breach(self, granted: Grant | bytes | str, *claims: Claim, noticed: datetime, text: str) -> Event:
        """Tell a customer that what they shared may have come into other hands.

        Raises:
            SaysoError: the grant does not hold.
            TypeError, ValueError: a claim was not granted, or it was noticed later than now.
        """
        return self._event(self._mine(granted), Breach(claims, aware(noticed, "noticed").replace(microsecond=0), text), self._now())

    def _event(self, said: Granted, statement: Statement, at: datetime) -> Event:
        identifier = base64url.encode(self._requesting.entropy(ID_BYTES))
        return events.sign(said, self._asserting(), at, identifier, statement)

    def _mine(self, granted: Grant | bytes | str) -> Granted:
        said = self._read_grant(granted)
        if said.business != self._identity.did:
            raise SaysoError.of(INVALID_DOMAIN_ERROR, "the grant was made to another business", "credentialSubject", "id")
        return said

    def _asserting(self) -> Identity:
        one = self._identity
        return drive(identity(one.signer, one.did, "assertionMethod", self._now(), algorithm=one.algorithm), self._fetch)

    def _new_id(self) -> str:
        return artefact.new_id(self._requesting.entropy)

    def _now(self) -> datetime:
        return self._requesting.clock().replace(microsecond=0)
