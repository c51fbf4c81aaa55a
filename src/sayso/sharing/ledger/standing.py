"""Work out from the entries of a relationship how it stands: what the business holds, until when, and what answers it owes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.sharing.ledger import entries
from sayso.sharing.ledger.chain import Relation
from sayso.sharing.ledger.entries import Transaction


class Holding(NamedTuple):
    """Hold one claim that a business has, as far as anybody confirmed.

    `until` is when the share ends, or what is retained; `permitted` tells whether it is running at the instant that was asked about.
    What ended, was withdrawn, or is kept for another reason than the customer's permission is held all the same, and not permitted, until
    somebody confirms that it was erased.
    """

    relation: Relation
    claim: Claim
    purpose: str
    since: datetime
    until: datetime
    permitted: bool
    withdrawn: bool
    retained: bool
    recipients: tuple[str, ...]


class Due(NamedTuple):
    """Hold an answer that a business owes: `what` was sent, under which digest, and until when the answer is due."""

    relation: Relation
    what: str
    digest: str
    by: datetime


@dataclass(slots=True)
class _Held:
    since: datetime
    until: datetime
    purpose: str
    recipients: tuple[str, ...]
    withdrawn: bool = False
    retained: bool = False

    def permits(self, at: datetime) -> bool:
        return not (self.withdrawn or self.retained) and at < self.until


@dataclass(slots=True)
class Standing:
    """Follow the entries of one relationship, in their order."""

    relation: Relation
    held: dict[Claim, _Held] = field(default_factory=dict[Claim, _Held])
    granted: dict[Claim, datetime] = field(default_factory=dict[Claim, datetime])
    grants: dict[str, frozenset[Claim]] = field(default_factory=dict[str, frozenset[Claim]])
    due: dict[tuple[str, str], Due] = field(default_factory=dict[tuple[str, str], Due])
    lost: set[Claim] = field(default_factory=set[Claim])
    name: str = ""
    receipt: str = ""
    last_report: datetime | None = None
    gone: str = ""

    def holdings(self, at: datetime) -> tuple[Holding, ...]:
        """Give what is held at an instant."""
        return tuple(
            Holding(self.relation, claim, one.purpose, one.since, one.until, one.permits(at), one.withdrawn, one.retained, one.recipients)
            for claim, one in self.held.items()
        )

    def asked_to_erase(self) -> bool:
        """Tell whether an erasure was asked for and not answered."""
        return any(kind == entries.ERASURE_REQUEST for kind, _ in self.due)

    def overdue(self, at: datetime) -> tuple[Due, ...]:
        """Give the answers that should be here."""
        return tuple(one for one in self.due.values() if one.by <= at)

    def enter(self, one: Transaction) -> None:
        """Take the next entry."""
        self.name = one.name or self.name
        if step := _STEPS.get(one.kind):
            step(self, one)

    def _owes(self, one: Transaction) -> None:
        if one.answer_by is not None:
            key = one.digest or one.id
            self.due[one.kind, key] = Due(self.relation, one.kind, key, one.answer_by)

    def _answered(self, one: Transaction, *kinds: str) -> None:
        # What says which artefacts it answers answers those; what does not, all that it can.
        for kind, key in [*self.due]:
            if kind in kinds and (not one.answers or key in one.answers):
                del self.due[kind, key]

    def _about(self, one: Transaction) -> list[Claim]:
        return [claim for claim in self.held if not one.claims or claim in one.claims]

    def _shared(self, one: Transaction) -> None:
        for claim in one.claims if one.completed and one.until else ():
            until = max(one.until or one.at, self.granted.get(claim, one.at))
            before = self.held.get(claim)
            if before and before.permits(one.at):
                until = max(until, before.until)
            self.held[claim] = _Held(before.since if before else one.at, until, one.purpose, one.recipients)
            self.lost.discard(claim)

    def _granted(self, one: Transaction) -> None:
        if one.until is None or not one.completed:
            return
        self.grants[one.digest or one.id] = frozenset(one.claims)
        self._owes(one)
        for claim in one.claims:
            self.granted[claim] = max(one.until, self.granted.get(claim, one.until))
            held = self.held.get(claim)
            if held is not None and not held.withdrawn:
                held.until = max(held.until, one.until)

    def _receipted(self, one: Transaction) -> None:
        self.receipt = one.digest or one.id
        self._answered(one, entries.GRANT)

    def _withdrawn(self, one: Transaction) -> None:
        self._owes(one)
        taken = frozenset(one.claims) or frozenset((*self.held, *self.granted))
        for claim in self._about(one):
            self.held[claim].withdrawn = True
        self._ungrant(taken)

    def _asked_to_erase(self, one: Transaction) -> None:
        self._owes(one)

    def _erased(self, one: Transaction) -> None:
        for claim in self._about(one) if one.completed else []:
            if claim not in one.retained:
                self._forget(claim, entries.ERASURE)
        for claim in one.retained:
            if claim in self.held:
                self.held[claim].retained = True
                self.held[claim].until = one.until or self.held[claim].until
        self._answered(one, entries.ERASURE_REQUEST, entries.WITHDRAWAL)

    def _returned(self, one: Transaction) -> None:
        for claim in self._about(one):
            self._forget(claim, entries.RETURNED)
        self._ungrant(frozenset(one.claims))

    def _reported(self, one: Transaction) -> None:
        self.last_report = one.at

    def _breached(self, one: Transaction) -> None:
        self.lost.update(self._about(one))

    def _forget(self, claim: Claim, how: str) -> None:
        del self.held[claim]
        self.granted.pop(claim, None)
        self.lost.discard(claim)
        self.gone = how

    def _ungrant(self, taken: frozenset[Claim]) -> None:
        for claim in taken:
            self.granted.pop(claim, None)
        self.grants = {key: claims - taken for key, claims in self.grants.items() if claims - taken}


_STEPS: Final[Mapping[str, Callable[[Standing, Transaction], None]]] = MappingProxyType(
    {
        entries.PRESENTATION: Standing._shared,  # noqa: SLF001 - the table is the class's own
        entries.GRANT: Standing._granted,  # noqa: SLF001
        entries.RECEIPT: Standing._receipted,  # noqa: SLF001
        entries.WITHDRAWAL: Standing._withdrawn,  # noqa: SLF001
        entries.ERASURE_REQUEST: Standing._asked_to_erase,  # noqa: SLF001
        entries.ERASURE: Standing._erased,  # noqa: SLF001
        entries.RETURNED: Standing._returned,  # noqa: SLF001
        entries.USE_REPORT: Standing._reported,  # noqa: SLF001
        entries.BREACH: Standing._breached,  # noqa: SLF001
    }
)


def standing(relation: Relation, said: Iterable[Transaction]) -> Standing:
    """Follow all entries of a relationship."""
    found = Standing(relation)
    for one in said:
        found.enter(one)
    return found
