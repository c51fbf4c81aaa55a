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


class Granted(NamedTuple):
    """Hold what a grant is of, as far as it was not taken back, and until when."""

    claims: frozenset[Claim]
    until: datetime


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
    grants: dict[str, Granted] = field(default_factory=dict[str, Granted])
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


def _owes(standing: Standing, one: Transaction) -> None:
    if one.answer_by is not None:
        key = one.digest or one.id
        standing.due[one.kind, key] = Due(standing.relation, one.kind, key, one.answer_by)


def _answered(standing: Standing, one: Transaction, *kinds: str) -> None:
    # What says which artefacts it answers answers those; what does not, all that it can.
    for kind, key in [*standing.due]:
        if kind in kinds and (not one.answers or key in one.answers):
            del standing.due[kind, key]


def _about(standing: Standing, one: Transaction) -> list[Claim]:
    return [claim for claim in standing.held if not one.claims or claim in one.claims]


def _shared(standing: Standing, one: Transaction) -> None:
    if one.until is None or not one.completed:
        return
    for claim in one.claims:
        until = max((one.until, *(grant.until for grant in standing.grants.values() if claim in grant.claims)))
        before = standing.held.get(claim)
        if before and before.permits(one.at):
            until = max(until, before.until)
        standing.held[claim] = _Held(before.since if before else one.at, until, one.purpose, one.recipients)


def _granted(standing: Standing, one: Transaction) -> None:
    if one.until is None or not one.completed:
        return
    standing.grants[one.digest or one.id] = Granted(frozenset(one.claims), one.until)
    _owes(standing, one)
    for held in (standing.held[claim] for claim in one.claims if claim in standing.held):
        # What was withdrawn and is granted again is permitted for as long as that grant says.
        held.until = one.until if held.withdrawn or held.retained else max(held.until, one.until)
        held.withdrawn = held.retained = False


def _receipted(standing: Standing, one: Transaction) -> None:
    standing.receipt = one.digest or one.id
    _answered(standing, one, entries.GRANT)


def _withdrawn(standing: Standing, one: Transaction) -> None:
    _owes(standing, one)
    for claim in _about(standing, one):
        standing.held[claim].withdrawn = True
    _ungrant(standing, one.claims)


def _asked_to_erase(standing: Standing, one: Transaction) -> None:
    _owes(standing, one)


def _erased(standing: Standing, one: Transaction) -> None:
    for claim in _about(standing, one) if one.completed else []:
        if claim not in one.retained:
            _forget(standing, claim, entries.ERASURE)
    if one.completed:
        _ungrant(standing, one.claims)
    for claim in one.retained:
        if claim in standing.held:
            standing.held[claim].retained = True
            standing.held[claim].until = one.until or standing.held[claim].until
    _answered(standing, one, entries.ERASURE_REQUEST, entries.WITHDRAWAL)


def _returned(standing: Standing, one: Transaction) -> None:
    for claim in _about(standing, one):
        _forget(standing, claim, entries.RETURNED)
    standing.gone = entries.RETURNED  # also where its erasure was confirmed before
    _ungrant(standing, one.claims)


def _reported(standing: Standing, one: Transaction) -> None:
    standing.last_report = one.at


def _breached(standing: Standing, one: Transaction) -> None:
    standing.lost.update(_about(standing, one))


def _forget(standing: Standing, claim: Claim, how: str) -> None:
    del standing.held[claim]
    standing.lost.discard(claim)
    standing.gone = how


def _ungrant(standing: Standing, taken: tuple[Claim, ...]) -> None:
    # No claims are all of them.
    left = {key: grant._replace(claims=grant.claims - {*taken}) for key, grant in standing.grants.items() if taken}
    standing.grants = {key: grant for key, grant in left.items() if grant.claims}


_STEPS: Final[Mapping[str, Callable[[Standing, Transaction], None]]] = MappingProxyType(
    {
        entries.PRESENTATION: _shared,
        entries.GRANT: _granted,
        entries.RECEIPT: _receipted,
        entries.WITHDRAWAL: _withdrawn,
        entries.ERASURE_REQUEST: _asked_to_erase,
        entries.ERASURE: _erased,
        entries.RETURNED: _returned,
        entries.USE_REPORT: _reported,
        entries.BREACH: _breached,
    }
)


def follow(relation: Relation, said: Iterable[Transaction]) -> Standing:
    """Follow all entries of a relationship."""
    found = Standing(relation)
    for one in said:
        found.enter(one)
    return found
