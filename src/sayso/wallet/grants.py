"""Share under a grant; renew, pause and withdraw it, ask for erasure, leave, complain: doors of the wallet."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from sayso.clock import aware, later
from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Answer, bytes_of
from sayso.dids import did_key
from sayso.dids.identity import Identity
from sayso.encodings import base64url
from sayso.encodings.multihash import digest_multibase
from sayso.errors import RANGE_ERROR, SaysoError
from sayso.identifiers import Did, parse_did
from sayso.jsonvalue import JsonObject
from sayso.proofs.jose import jws
from sayso.sharing import artefact, erasure, events, grant, granting
from sayso.sharing.events import Event, Notice
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.plan.decision import Plan
from sayso.sharing.statements import ErasureRequest, Pause, Renewal, Statement, Withdrawal
from sayso.wallet.presenting import PresentingDoors
from sayso.wallet.receiving import ReceivingDoors
from sayso.wallet.record import Leaving, Shared, Sharing

if TYPE_CHECKING:  # who keeps no ledger does not pay for it
    from sayso.sharing.evidence.bundle import ComplaintBundle
    from sayso.wallet.recording import Recorder

ID_BYTES = 18


class GrantDoors(PresentingDoors, ReceivingDoors):
    """Grant what is shared, and end it."""

    def share(
        self,
        plan: Plan,
        *,
        until: datetime | None = None,
        lease: timedelta | None = None,
        receipt_within: timedelta = grant.RECEIPT_WITHIN,
        format: str = "vc+jwt",
        status_lists: Mapping[str, bytes] = MappingProxyType({}),
    ) -> Sharing:
        """Share what the plan shows, and sign for how long and on which terms: the answer of `present`, with the grant of it.

        The answer names the DID that signs the grant, which is only for this business: the holder of the credential signs that, and so
        nobody else can make up a grant. The other arguments are those of `present` and `grant`.

        Raises:
            TypeError, ValueError: the call is wrong, or the plan shares nothing.
            SaysoError: as `present`; nobody signed the request.
        """
        _check_call(plan, receipt_within)
        artefact.check_format(format)
        if plan.signs_in:
            raise _nothing_shared()
        own = self._identity_for(parse_did(plan.verifier))
        answer, record = self._presented(plan, status_lists, own.did)
        terms = self._terms(plan, answer, record, own, until=until, lease=lease, receipt_within=receipt_within)
        made = grant.sign(terms, own, format)
        self._remember(plan, record)
        self._granted(made)
        head = "" if self._recorder is None else self._recorder.ledger.head(plan.verifier)
        return Sharing(answer, made, head)

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
        business, record = parse_did(plan.verifier), self._record(plan)
        own = self._identity_for(business)
        made = grant.sign(self._terms(plan, answer, record, own, until=until, lease=lease, receipt_within=receipt_within), own, format)
        self._granted(made)
        return made

    def _terms(
        self,
        plan: Plan,
        answer: Answer | bytes | str,
        record: Shared,
        own: Identity,
        *,
        until: datetime | None,
        lease: timedelta | None,
        receipt_within: timedelta,
    ) -> Granted:
        now = self._clock().replace(microsecond=0)
        if record.until <= now:
            raise SaysoError.of(RANGE_ERROR, "the share has ended")
        ends = record.until if until is None else aware(until, "until").replace(microsecond=0)
        return granting.granted(
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

    def _granted(self, made: Grant) -> None:
        if self._recorder is not None:
            self._recorder.granted(made, self.read_grant(made))

    def _record(self, plan: Plan) -> Shared:
        request = digest_multibase(plan.request.data)
        with self._lock:
            made = [one for one in self._by_verifier.get(plan.verifier, ()) if one.request == request]
        if not made or plan.signs_in:
            raise _nothing_shared()
        return made[-1]

    def renew(self, granted: Grant | bytes | str) -> Event:
        """Renew the lease of a grant for its period, to the end of the grant at most.

        Raises:
            SaysoError: as `read_grant`.
            ValueError: the grant has no lease, or has ended; or, as far as this wallet keeps a ledger, its lease has lapsed, or all of it
                was taken back: then it is granted again, or not at all.
        """
        said = self.read_grant(granted)
        period = timedelta(0) if said.lease is None else said.lease.period

        def renewal(at: datetime) -> list[Statement]:
            one = Renewal(min(said.until, at + period))
            if self._recorder is not None:
                self._recorder.refuse_lapsed(said, at, one)
            return [one]

        return self._event(said, renewal)

    def withdraw(self, granted: Grant | bytes | str, *claims: Claim) -> Event:
        """Take back what was granted: these claims, or all of it.

        Raises:
            SaysoError: as `read_grant`.
            ValueError: a claim was not granted.
        """
        return self._event(self.read_grant(granted), lambda _: [Withdrawal(claims or None)])

    def pause(self, granted: Grant | bytes | str, until: datetime) -> Event:
        """Let nothing be used until an instant; a later call takes the place of an earlier one, and one that lies behind ends the pause.

        Raises:
            SaysoError: as `read_grant`.
            TypeError, ValueError: it is no instant, or later than the end of the grant.
        """
        end = aware(until, "until").replace(microsecond=0)
        return self._event(self.read_grant(granted), lambda _: [Pause(end)])

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
        request = ErasureRequest(later(now, answer_within), claims or None, justification, tell_recipients)
        return self._event(said, lambda _: [Withdrawal(claims or None), request])

    def leave(self, business: str) -> Leaving:
        """Take back all that a business has under grants of this wallet, and ask for its erasure, as far as it was not asked before.

        What was shared without a grant, or under one of another wallet, has no signature here to withdraw it by: `unsigned` names it,
        in steps of `Ledger.leave`.

        Raises:
            ValueError: this wallet keeps no ledger.
            LookupError: nothing was ever shared with this business.
        """
        records = self._records()
        signed = tuple(self.ask_erasure(granted, *claims) for granted, claims in records.to_erase(business))
        return Leaving(signed, records.history(business), records.due(business), records.unsigned(business))

    def complain(
        self, granted: Grant | bytes | str, *, alleged: str, documents: Mapping[str, JsonObject] = MappingProxyType({})
    ) -> "ComplaintBundle":
        """Put together a complaint about what became of a grant: all that was signed about it, with this history, without any value.

        Args:
            granted: the grant.
            alleged: what is alleged, in words.
            documents: the DID documents of the business as they were seen, by DID; a did:key needs none.

        Raises:
            ValueError: this wallet keeps no ledger.
            SaysoError: as `read_grant`; an artefact does not verify.
        """
        said, records = self.read_grant(granted), self._records()
        return records.complaint(said, self._identity_for(said.business).signer, alleged, self._clock(), documents)

    def _records(self) -> "Recorder":
        if self._recorder is None:
            msg = "this wallet keeps no ledger: give it one"
            raise ValueError(msg)
        return self._recorder

    def _event(self, said: Granted, statements: Callable[[datetime], Sequence[Statement]]) -> Event:
        # Events about a grant have an order: each is later than the one before, also where they are signed at once.
        with self._taken.instant(said.digest, self._clock()) as at:
            own, identifier, stated = self._identity_for(said.business), base64url.encode(self._entropy(ID_BYTES)), statements(at)
            event = events.sign(said, own, at, identifier, *stated)
            if self._recorder is not None:
                notice = Notice(identifier, own.did, at, said.digest, tuple(stated), digest_multibase(event.data))
                self._recorder.signed(event, said, notice)
        return event

    def _identity_for(self, business: Did) -> Identity:
        with self._lock:
            signer, did = self._keys.pairwise(business, self._entropy)
        return Identity(did, did_key.verification_method(signer.public_key), signer, jws.EDDSA)


def _nothing_shared() -> ValueError:
    return ValueError("nothing was shared by this plan")


def _check_call(plan: object, receipt_within: object) -> None:
    if not isinstance(plan, Plan):
        msg = f"what a Plan shared is granted, not {type(plan).__name__}"
        raise TypeError(msg)
    if not isinstance(receipt_within, timedelta):
        msg = f"receipt_within is a timedelta, not {type(receipt_within).__name__}"
        raise TypeError(msg)
