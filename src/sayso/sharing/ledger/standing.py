"""Work out from the entries of a relationship how it stands: what the business holds, until when, and what answers it owes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.sharing.ledger import entries
from sayso.sharing.ledger.chain import Relation
from sayso.sharing.ledger.entries import Transaction
from sayso.sharing.ledger.holding import Held, Holding, Place, holding


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
class Standing:
    """Follow the entries of one relationship, in their order.

    What is held is known by claim and by what it is held under: the grant, or, where there is none, the request that was answered.
    `linked` are the grants that say which request they are about, `scopes` tells for each digest which of those an entry is about that
    answers it, None for all of the relationship; `waiting` is what was granted before it was shared, with its end.
    """

    relation: Relation
    held: dict[Place, Held] = field(default_factory=dict[Place, Held])
    grants: dict[str, Granted] = field(default_factory=dict[str, Granted])
    due: dict[tuple[str, str], Due] = field(default_factory=dict[tuple[str, str], Due])
    lost: set[Place] = field(default_factory=set[Place])
    linked: dict[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    scopes: dict[str, frozenset[str] | None] = field(default_factory=dict[str, frozenset[str] | None])
    waiting: dict[Place, datetime] = field(default_factory=dict[Place, datetime])
    asked: dict[str, frozenset[Place]] = field(default_factory=dict[str, frozenset[Place]])
    name: str = ""
    receipt: str = ""
    last_report: datetime | None = None
    gone: str = ""

    def holdings(self, at: datetime) -> tuple[Holding, ...]:
        """Give what is held at an instant."""
        found: dict[Place, list[Held]] = {}
        for (key, claim), one in self.held.items():
            found.setdefault((self._grant(key), claim), []).append(one)
        return tuple(holding(self.relation, place, several, at) for place, several in found.items())

    def _grant(self, key: str) -> str:
        return key if key in self.linked else ""

    def to_erase(self, at: datetime) -> dict[str, tuple[Claim, ...]]:
        """Give what may be asked to be erased, by grant: what was not asked about, and is not kept for another reason at this instant."""
        asked = {place for kind, key in self.due if kind == entries.ERASURE_REQUEST for place in self.asked[key]}
        found: dict[str, list[Claim]] = {}
        for place, one in self.held.items():
            if place not in asked and not (one.retained and at < one.until):
                found.setdefault(self._grant(place[0]), []).append(place[1])
        return {grant: tuple(dict.fromkeys(claims)) for grant, claims in found.items()}

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


def _key(one: Transaction) -> str:
    return one.digest or one.id


def _owes(standing: Standing, one: Transaction) -> None:
    if one.answer_by is not None:
        standing.due[one.kind, _key(one)] = Due(standing.relation, one.kind, _key(one), one.answer_by)


def _answered(standing: Standing, one: Transaction, *kinds: str) -> None:
    # What says which artefacts it answers answers those; what does not, all that it can.
    for kind, key in [*standing.due]:
        if kind in kinds and (not one.answers or key in one.answers):
            del standing.due[kind, key]


def _scope(standing: Standing, one: Transaction) -> frozenset[str] | None:
    """Say which grants, or requests, an entry is about; None for all of the relationship, as what answers nothing is."""
    if not one.answers:
        return None
    known = [standing.scopes[digest] for digest in one.answers if digest in standing.scopes]
    if not known:  # what it answers was deleted, or never entered: it says nothing of what another grant holds
        return frozenset(key for key, _ in standing.held if key not in standing.linked)
    narrow = [scope for scope in known if scope is not None]
    return frozenset[str]().union(*narrow) if narrow else None


def _about(standing: Standing, one: Transaction, places: Iterable[Place] | None = None) -> list[Place]:
    scope = _scope(standing, one)
    among = standing.held if places is None else places
    return [(key, claim) for key, claim in among if (scope is None or key in scope) and (not one.claims or claim in one.claims)]


def _shared(standing: Standing, one: Transaction) -> None:
    if one.until is None or not one.completed:
        return
    key = _key(one)
    standing.scopes.setdefault(key, frozenset({key}))
    for claim in one.claims:
        grant = next((grant for grant, about in standing.linked.items() if key in about and (grant, claim) in standing.waiting), None)
        if grant is not None:
            end = standing.waiting.pop((grant, claim))
            standing.held[grant, claim] = Held(one.at, end, one.purpose, one.recipients)
            continue
        whole = [grant.until for name, grant in standing.grants.items() if name not in standing.linked and claim in grant.claims]
        until, before = max((one.until, *whole)), standing.held.get((key, claim))
        if before and before.permits(one.at):
            until = max(until, before.until)
        standing.held[key, claim] = Held(before.since if before else one.at, until, one.purpose, one.recipients)


def _granted(standing: Standing, one: Transaction) -> None:
    if one.until is None or not one.completed:
        return
    _owes(standing, one)
    renewed = [grant for grant in one.answers if grant in standing.linked]
    if renewed:
        _renewed(standing, one, renewed, one.until)
        return
    key = _key(one)
    before = standing.grants.get(key, Granted(frozenset(), one.until))
    standing.grants[key] = Granted(before.claims | {*one.claims}, max(before.until, one.until))
    if one.answers:
        _linked(standing, one, key, one.until)
        return
    standing.scopes.setdefault(key, None)
    for (_, claim), held in standing.held.items():
        if claim in one.claims:
            # What was withdrawn and is granted again is permitted for as long as that grant says.
            held.until = one.until if held.withdrawn or held.retained else max(held.until, one.until)
            held.withdrawn = held.retained = False


def _linked(standing: Standing, one: Transaction, key: str, until: datetime) -> None:
    standing.linked[key], standing.scopes[key] = one.answers, frozenset({key})
    for request in one.answers:
        scope = standing.scopes.get(request, frozenset({request}))
        standing.scopes[request] = None if scope is None else scope | {key}
    for claim in one.claims:
        held = _presented(standing, one.answers, key, claim)
        if held is None:
            standing.waiting[key, claim] = until
        else:  # the end of the grant takes the place of that of the share, also where it is earlier
            standing.held[key, claim] = replace(held, until=until, withdrawn=False, retained=False)


def _presented(standing: Standing, requests: tuple[str, ...], key: str, claim: Claim) -> Held | None:
    """Take what was shared by a request into a grant of it; what another grant of the same share holds, both hold."""
    for request in requests:
        if (request, claim) in standing.held:
            if (request, claim) in standing.lost:
                standing.lost.remove((request, claim))
                standing.lost.add((key, claim))
            return standing.held.pop((request, claim))
    others = (grant for grant, about in standing.linked.items() if not {*about}.isdisjoint(requests))
    return next((standing.held[grant, claim] for grant in others if (grant, claim) in standing.held), None)


def _renewed(standing: Standing, one: Transaction, grants: list[str], until: datetime) -> None:
    standing.scopes.setdefault(_key(one), frozenset(grants))
    for key in grants:
        if key in standing.grants:
            standing.grants[key] = standing.grants[key]._replace(until=max(standing.grants[key].until, until))
        for place in ((key, claim) for claim in one.claims):
            held = standing.held.get(place)
            # A renewal does not give back what was withdrawn.
            if held is not None and not (held.withdrawn or held.retained):
                held.until = max(held.until, until)
            if place in standing.waiting:
                standing.waiting[place] = max(standing.waiting[place], until)


def _receipted(standing: Standing, one: Transaction) -> None:
    standing.receipt = _key(one)
    _answered(standing, one, entries.GRANT)


def _withdrawn(standing: Standing, one: Transaction) -> None:
    _owes(standing, one)
    standing.scopes.setdefault(_key(one), _scope(standing, one))
    for place in _about(standing, one):
        standing.held[place].withdrawn = True
    _ungrant(standing, one)


def _asked_to_erase(standing: Standing, one: Transaction) -> None:
    _owes(standing, one)
    standing.scopes.setdefault(_key(one), _scope(standing, one))
    standing.asked[_key(one)] = frozenset(_about(standing, one))


def _erased(standing: Standing, one: Transaction) -> None:
    everything = _about(standing, replace(one, claims=()))
    retained = [place for place in everything if place[1] in one.retained]
    if one.completed:
        for place in _about(standing, one):
            if place not in retained:
                _forget(standing, place, entries.ERASURE)
        _ungrant(standing, one)
    for place in retained:
        standing.held[place].retained = True
        standing.held[place].until = one.until or standing.held[place].until
    _answered(standing, one, entries.ERASURE_REQUEST, entries.WITHDRAWAL)


def _returned(standing: Standing, one: Transaction) -> None:
    for place in _about(standing, one):
        _forget(standing, place, entries.RETURNED)
    standing.gone = entries.RETURNED  # also where its erasure was confirmed before
    _ungrant(standing, one)


def _reported(standing: Standing, one: Transaction) -> None:
    standing.last_report = one.at


def _breached(standing: Standing, one: Transaction) -> None:
    standing.lost.update(_about(standing, one))


def _forget(standing: Standing, place: Place, how: str) -> None:
    del standing.held[place]
    standing.lost.discard(place)
    standing.gone = how


def _ungrant(standing: Standing, one: Transaction) -> None:
    scope = _scope(standing, one)
    for place in _about(standing, one, [*standing.waiting]):
        del standing.waiting[place]
    for key, grant in [*standing.grants.items()]:
        if scope is None or key in scope:
            # No claims are all of them.
            left = grant.claims - {*one.claims} if one.claims else frozenset[Claim]()
            standing.grants[key] = grant._replace(claims=left)
            if not left:
                del standing.grants[key]


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
