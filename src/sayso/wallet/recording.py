"""Enter in the customer's ledger what the wallet signs and what comes back, and keep the artefacts: evidence, without any value."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple, TypeAlias

from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Request
from sayso.encodings.multihash import digest_multibase
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys.signer import Signer
from sayso.sharing import erasure
from sayso.sharing.erasure import Answered, ErasureAnswer
from sayso.sharing.events import Event, Notice
from sayso.sharing.evidence.bundle import Artefacts, ComplaintBundle
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.ledger import entries, native
from sayso.sharing.ledger.entries import Transaction
from sayso.sharing.ledger.ledger import Ledger
from sayso.sharing.ledger.standing import Due
from sayso.sharing.plan.decision import Plan
from sayso.sharing.receipt import Receipt, Receipted
from sayso.sharing.statements import Breach, ErasureRequest, Renewal, Returned, Statement, Withdrawal
from sayso.wallet.record import Shared

Entry: TypeAlias = tuple[str, str, datetime | None]
"""What tells two entries apart: what an artefact is about, which it is, and by when it is to be answered."""


class Kept(NamedTuple):
    """Hold a grant, what it says, and what was signed about it."""

    grant: Grant
    said: Granted
    artefacts: Artefacts


class Recorder:
    """Enter what happens, each artefact once, and keep what a complaint needs; safe between threads."""

    def __init__(self, ledger: Ledger) -> None:
        """Enter in this ledger."""
        self.ledger = ledger
        self._lock = Lock()
        self._requests: dict[str, Request] = {}
        self._kept: dict[str, Kept] = {}
        self._entered: dict[str, set[Entry]] = {}

    def presented(self, plan: Plan, record: Shared) -> None:
        """Enter what was presented, and what the business said of itself."""
        said = plan.asked.terms.conditions
        controller, authority = said.controller, said.authority
        with self._lock:
            self._requests[record.request] = plan.request
        self.ledger.record(
            replace(
                entries.presentation_of(record),
                requested=tuple(plan.asked.names.values()),
                contact=controller.contact if controller else (),
                authority=authority.name if authority else "",
                authority_contact=authority.contact if authority else (),
                intermediary=said.intermediary.name if said.intermediary else "",
                recipients=tuple(one.name for one in said.recipients),
            ),
            record.verifier,
        )

    def granted(self, made: Grant, said: Granted) -> None:
        """Enter a grant; doing nothing ends it with its lease."""
        with self._lock:
            self._kept[said.digest] = Kept(made, said, Artefacts(self._requests[said.request], grant=made))
        until = said.until if said.lease is None else said.lease.renew_by
        due = said.issued + said.receipt_within
        self._enter(entries.GRANT, said, said.issued, said.digest, said.claims, until=until, answer_by=due, answers=(said.request,))

    def signed(self, event: Event, said: Granted, statement: Statement, at: datetime) -> None:
        """Enter what the customer said about a grant; a pause changes nothing of what is held."""
        digest = digest_multibase(event.data)
        if isinstance(statement, Renewal):
            self._enter(entries.GRANT, said, at, digest, said.claims, until=statement.until)
        elif isinstance(statement, Withdrawal):
            self._keep(said, withdrawal=event)
            self._enter(entries.WITHDRAWAL, said, at, digest, _claims(statement.claims))
        elif isinstance(statement, ErasureRequest):
            self._keep(said, erasure_request=event)
            self._enter(entries.ERASURE_REQUEST, said, at, digest, _claims(statement.claims), answer_by=statement.answer_by)

    def receipted(self, given: Receipt | bytes | str, read: Receipted, said: Granted) -> None:
        """Enter a receipt, with the head that the business signed."""
        self._keep(said, receipt=given)
        self._enter(entries.RECEIPT, said, read.at, read.digest, said.claims, head=read.head)

    def answered(self, given: ErasureAnswer | bytes | str, read: Answered, said: Granted, asked: Notice | None) -> None:
        """Enter what became of what was to be erased; where that is put off, the answer is due later."""
        self._keep(said, answer=given)
        if read.answer_by is not None and asked is not None:
            claims = _claims(erasure.request_of(asked).claims)
            self._enter(entries.ERASURE_REQUEST, said, read.at, asked.digest, claims, answer_by=read.answer_by)
            return
        retained = tuple(claim for one in read.retained for claim in one.claims)
        until = max((one.until for one in read.retained if one.until is not None), default=None)
        about = (*(claim for one in read.erased for claim in one.claims), *retained)
        more = {"retained": retained, "until": until, "completed": bool(read.erased)}
        self._enter(entries.ERASURE, said, read.at, read.digest, about, answers=(read.request or said.digest,), **more)

    def noticed(self, read: Notice, said: Granted) -> None:
        """Enter what the business gave back, or lost."""
        for one in read.statements:
            if isinstance(one, Returned | Breach):
                kind = entries.RETURNED if isinstance(one, Returned) else entries.BREACH
                self._enter(kind, said, read.at, read.digest, one.claims)

    def open(self, business: str) -> list[Kept]:
        """Give the grants to a business of which no erasure was asked for that is not answered."""
        asked = {answered for due in self.due(business) if due.what == entries.ERASURE_REQUEST for answered in self._answers(business, due)}
        with self._lock:
            return [one for one in self._kept.values() if one.said.business == business and one.said.digest not in asked]

    def _answers(self, business: str, due: Due) -> Iterator[str]:
        return (digest for one in self.ledger.transactions(business) if one.digest == due.digest for digest in one.answers)

    def due(self, business: str) -> tuple[Due, ...]:
        """Give what a business owes."""
        return tuple(due for row in self.ledger.dashboard() if row.relation.business == business for due in row.due)

    def history(self, business: str) -> str:
        """Write the history with a business, under a checkpoint.

        Raises:
            LookupError: there is none.
        """
        return serialize(native.write_proof(self.ledger.proof(business)))

    def complaint(self, said: Granted, signer: Signer, alleged: str, at: datetime, documents: Mapping[str, JsonObject]) -> ComplaintBundle:
        """Put together a complaint about what became of a grant."""
        with self._lock:
            kept = self._kept[said.digest].artefacts
        asked = next(one for one in self.ledger.transactions(said.business) if one.digest == said.request)
        return ComplaintBundle.assemble(
            self.ledger,
            said.business,
            signer,
            replace(kept, documents=documents),
            alleged=alleged,
            at=at,
            name=asked.name,
            intermediary=asked.intermediary,
            authority=asked.authority,
            authority_contact=asked.authority_contact,
        )

    def _keep(self, said: Granted, **artefacts: Any) -> None:
        with self._lock:
            before = self._kept[said.digest]
            self._kept[said.digest] = before._replace(artefacts=replace(before.artefacts, **artefacts))

    def _enter(self, kind: str, said: Granted, at: datetime, digest: str, claims: tuple[Claim, ...], **more: Any) -> None:
        members: dict[str, Any] = {"kind": kind, "at": at, "claims": claims, "digest": digest, "answers": (said.digest,), **more}
        one = Transaction(**members)
        with self._lock:
            if said.business not in self._entered:
                self._entered[said.business] = {_entry(entered) for entered in self.ledger.transactions(said.business)}
            if _entry(one) not in self._entered[said.business]:
                self.ledger.record(one, said.business)
                self._entered[said.business].add(_entry(one))


def _entry(one: Transaction) -> Entry:
    return one.kind, one.digest, one.answer_by


def _claims(claims: tuple[Claim, ...] | None) -> tuple[Claim, ...]:
    return claims or ()  # to the ledger no claims are all of them
