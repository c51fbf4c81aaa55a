"""Enter in the customer's ledger what the wallet signs and what comes back, and keep the artefacts: evidence, without any value."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Request, bytes_of
from sayso.encodings.multihash import digest_multibase
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys.signer import Signer
from sayso.sharing import erasure, standing
from sayso.sharing.erasure import Answered, ErasureAnswer
from sayso.sharing.events import Event, Notice
from sayso.sharing.evidence.bundle import Artefacts, ComplaintBundle
from sayso.sharing.grant import Grant, Granted
from sayso.sharing.ledger import entries, native
from sayso.sharing.ledger.dashboard import ASK_ERASURE, WITHDRAW, Step
from sayso.sharing.ledger.entries import Transaction
from sayso.sharing.ledger.ledger import Ledger
from sayso.sharing.ledger.standing import Due
from sayso.sharing.offer import path_of
from sayso.sharing.plan.decision import Plan
from sayso.sharing.receipt import Receipt, Receipted
from sayso.sharing.standing import Standing
from sayso.sharing.statements import Breach, ErasureRequest, Renewal, Returned, Withdrawal
from sayso.wallet.record import Shared

Entry: TypeAlias = tuple[str, str, datetime | None, datetime | None, tuple[ClaimsPath, ...]]
"""What tells two entries apart: what happened, by which artefact, by when it is to be answered, and about which claims, until when."""


class Reply(NamedTuple):
    """Hold what a business answered to a request for erasure, or that it will answer later."""

    given: ErasureAnswer | bytes | str
    final: bool


class Kept(NamedTuple):
    """Hold a grant, what it says, what was signed about it, what happened to it, and the answers, by the digest of what they answer."""

    grant: Grant
    said: Granted
    artefacts: Artefacts
    notices: tuple[Notice, ...] = ()
    replies: Mapping[str, Reply] = MappingProxyType({})


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
        for one in entries.presentations_of(record):
            whole = replace(
                one,
                requested=tuple(plan.asked.names.values()),
                contact=controller.contact if controller else (),
                authority=authority.name if authority else "",
                authority_contact=authority.contact if authority else (),
                intermediary=said.intermediary.name if said.intermediary else "",
                recipients=tuple(one.name for one in said.recipients),
            )
            self.ledger.record(whole, record.verifier)

    def granted(self, made: Grant, said: Granted) -> None:
        """Enter a grant, each claim with the end that it has if nothing more is done."""
        with self._lock:
            self._kept[said.digest] = Kept(made, said, Artefacts(self._requests[said.request], grant=made))
        due: datetime | None = said.issued + said.receipt_within
        for until, claims in _by_end(said.claims, standing.of(said)):
            self._enter(entries.GRANT, said, said.issued, said.digest, claims, until=until, answer_by=due, answers=(said.request,))
            due = None

    def refuse_lapsed(self, said: Granted, at: datetime, renewal: Renewal) -> None:
        """See that a renewal would prolong a grant that this wallet made.

        Raises:
            ValueError: its lease has lapsed, or all of it was taken back.
        """
        with self._lock:
            kept = self._kept[said.digest]
        if said.lease is None:
            return
        new = Notice("", said.customer, at, said.digest, (renewal,), "")
        after = standing.of(said, (*kept.notices, new))
        if after.stops.keys() >= {*said.claims}:
            msg = "what was taken back is not renewed: grant it again"
            raise ValueError(msg)
        if at not in after.renewals:
            msg = "a lease that has lapsed is not renewed: grant it again"
            raise ValueError(msg)

    def signed(self, event: Event, said: Granted, notice: Notice) -> None:
        """Enter what the customer said about a grant; a pause changes nothing of what is held."""
        with self._lock:
            before = self._kept[said.digest].notices
        for one in notice.statements:
            if isinstance(one, Renewal):
                self._renewed(said, before, notice)
            elif isinstance(one, Withdrawal):
                self._enter(entries.WITHDRAWAL, said, notice.at, notice.digest, _claims(one, said))
                self._keep(said, withdrawal=event)
            elif isinstance(one, ErasureRequest):
                self._enter(entries.ERASURE_REQUEST, said, notice.at, notice.digest, _claims(one, said), answer_by=one.answer_by)
                self._keep(said, erasure_request=event)
        self._happened(said, notice)

    def _renewed(self, said: Granted, before: tuple[Notice, ...], notice: Notice) -> None:
        then, now = standing.of(said, before), standing.of(said, (*before, notice))
        prolonged = [claim for claim in said.claims if now.end(claim).at > then.end(claim).at]
        for until, claims in _by_end(prolonged, now):
            self._enter(entries.GRANT, said, notice.at, notice.digest, claims, until=until)

    def receipted(self, given: Receipt | bytes | str, read: Receipted, said: Granted) -> None:
        """Enter a receipt, with the head that the business signed."""
        self._keep(said, receipt=given)
        self._enter(entries.RECEIPT, said, read.at, read.digest, said.claims, head=read.head)

    def answered(self, given: ErasureAnswer | bytes | str, read: Answered, said: Granted, asked: Notice | None) -> None:
        """Enter what became of what was to be erased; where that is put off, the answer is due later, unless it is here already."""
        if read.answer_by is not None and asked is not None:
            if not self._settled(said, asked.digest):
                self._reply(said, read, Reply(given, final=False))
                claims = _claims(erasure.request_of(asked), said)
                self._enter(entries.ERASURE_REQUEST, said, read.at, asked.digest, claims, answer_by=read.answer_by)
            return
        self._reply(said, read, Reply(given, final=True))
        kept: dict[datetime | None, list[Claim]] = {}
        for one in read.retained:
            kept.setdefault(one.until, []).extend(one.claims)
        erased = tuple(claim for one in read.erased for claim in one.claims)
        more = {"answers": (read.request, said.digest) if read.request else (said.digest,), "completed": bool(read.erased)}
        for until, those in kept.items() or [(None, [])]:
            retained = tuple(those)
            self._enter(entries.ERASURE, said, read.at, read.digest, (*erased, *retained), retained=retained, until=until, **more)
            erased = ()

    def _settled(self, said: Granted, request: str) -> bool:
        with self._lock:
            reply = self._kept[said.digest].replies.get(request)
        if reply is not None and reply.final:
            return True
        return any(one.kind == entries.ERASURE and request in one.answers for one in self.ledger.transactions(said.business))

    def noticed(self, read: Notice, said: Granted) -> None:
        """Enter what the business gave back, or lost."""
        for one in read.statements:
            if isinstance(one, Returned | Breach):
                kind = entries.RETURNED if isinstance(one, Returned) else entries.BREACH
                self._enter(kind, said, read.at, read.digest, one.claims)
        self._happened(said, read)

    def to_erase(self, business: str) -> list[tuple[Grant, tuple[Claim, ...]]]:
        """Give the grants of this wallet under which a business holds something, and what it was not asked to erase of that."""
        steps = [(key, step.claims) for step in self.ledger.leave(business) if step.what == ASK_ERASURE for key in step.artefacts]
        with self._lock:
            return [(self._kept[key].grant, claims) for key, claims in steps if key in self._kept]

    def unsigned(self, business: str) -> tuple[Step, ...]:
        """Give what is still to be taken back, and to be asked about."""
        return tuple(step for step in self.ledger.leave(business) if step.what in (WITHDRAW, ASK_ERASURE))

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
        """Put together a complaint about what became of a grant; with an answer only where it is one to the request that it shows."""
        with self._lock:
            kept = self._kept[said.digest]
        asked = kept.artefacts.erasure_request
        reply = None if asked is None else kept.replies.get(digest_multibase(bytes_of(asked)))
        # What the business said of itself can have been deleted.
        shared = next((one for one in self.ledger.transactions(said.business) if one.digest == said.request), None)
        return ComplaintBundle.assemble(
            self.ledger,
            said.business,
            signer,
            replace(kept.artefacts, answer=None if reply is None else reply.given, documents=documents),
            alleged=alleged,
            at=max((at, *(one.at for one in kept.notices if one.signer == said.customer))),
            name="" if shared is None else shared.name,
            intermediary="" if shared is None else shared.intermediary,
            authority="" if shared is None else shared.authority,
            authority_contact=() if shared is None else shared.authority_contact,
        )

    def _reply(self, said: Granted, read: Answered, reply: Reply) -> None:
        with self._lock:
            before = self._kept[said.digest]
            self._kept[said.digest] = before._replace(replies={**before.replies, read.request: reply})

    def _happened(self, said: Granted, notice: Notice) -> None:
        with self._lock:
            before = self._kept[said.digest]
            self._kept[said.digest] = before._replace(notices=(*before.notices, notice))

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
    return one.kind, one.digest, one.answer_by, one.until, tuple(path_of(claim) for claim in one.claims)


def _claims(one: Withdrawal | ErasureRequest, said: Granted) -> tuple[Claim, ...]:
    return said.claims if one.claims is None else one.claims  # to the ledger no claims are all of the relationship


def _by_end(claims: Iterable[Claim], found: Standing) -> list[tuple[datetime, tuple[Claim, ...]]]:
    ends: dict[datetime, list[Claim]] = {}
    for claim in claims:
        ends.setdefault(found.end(claim).at, []).append(claim)
    return [(end, tuple(those)) for end, those in ends.items()]
