"""Find stored credentials by format, type and issuer, without looking at those that cannot match.

Credentials that a query cannot tell apart but by their values stand together in a `Group`: what it selects is found once for all of them.
"""

from collections.abc import Collection, Iterable, Iterator, MutableMapping
from datetime import datetime
from itertools import count
from typing import NamedTuple, TypeAlias

from sayso.credentials.claims_path import Location
from sayso.credentials.remainder import value_at
from sayso.identifiers import StoredId
from sayso.jsonvalue import Json
from sayso.query import claims as query_claims
from sayso.query.grammar import ClaimsQuery, CredentialQuery
from sayso.wallet.held import Held

_ANY = ""  # no type is empty
_Shape: TypeAlias = tuple[object, ...] | None


class _Likeness(NamedTuple):
    """Say what credentials of one group have in common.

    That is all that decides which places a query selects, and which of their dates are read; `dates` are in the order of their instants.
    """

    format: str
    types: frozenset[str]
    issuer: str | None
    dates: tuple[str, ...]
    shape: _Shape
    positions: frozenset[tuple[Location, tuple[int, ...]]]


class Group:
    """Hold credentials that are alike, in the order in which they were stored."""

    __slots__ = ("entries", "like")

    def __init__(self, like: _Likeness) -> None:
        """Begin without any."""
        self.like = like
        self.entries: dict[StoredId, Entry] = {}


class Entry(NamedTuple):
    """Hold a stored credential; `number` says when it was stored, and `instants`, in order, when what its dates say can change."""

    number: int
    group: Group
    credential: StoredId
    held: Held
    instants: tuple[datetime, ...]


_Drawer: TypeAlias = dict[str | None, dict[Group, None]]
"""What has a type, by issuer."""


class Matches(NamedTuple):
    """Hold what a query has to look at.

    `groups` are those of its format and types, and of an issuer that it names where it names any; `foreign` is one of another issuer, and
    stands for all of them.
    """

    groups: tuple[tuple[Entry, ...], ...]
    foreign: Entry | None = None


class Index(MutableMapping[StoredId, Held]):
    """Keep stored credentials by their id, in order, and by format, type and issuer.

    Whoever writes, and whoever reads while another writes, holds a lock.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._numbers = count()
        self._entries: dict[StoredId, Entry] = {}
        self._groups: dict[_Likeness, Group] = {}
        self._drawers: dict[tuple[str, str], _Drawer] = {}

    def __getitem__(self, credential: StoredId) -> Held:
        return self._entries[credential].held

    def __iter__(self) -> Iterator[StoredId]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __setitem__(self, credential: StoredId, held: Held) -> None:
        self.pop(credential, None)
        like, instants = _likeness(held)
        group = self._groups.get(like)
        if group is None:
            group = self._groups[like] = Group(like)
            for label in _labels(like):
                self._drawers.setdefault(label, {}).setdefault(like.issuer, {})[group] = None
        self._entries[credential] = group.entries[credential] = Entry(next(self._numbers), group, credential, held, instants)

    def __delitem__(self, credential: StoredId) -> None:
        group = self._entries.pop(credential).group
        del group.entries[credential]
        if group.entries:
            return
        del self._groups[group.like]
        for label in _labels(group.like):
            drawer = self._drawers[label]
            del drawer[group.like.issuer][group]
            if not drawer[group.like.issuer]:
                del drawer[group.like.issuer]
            if not drawer:
                del self._drawers[label]

    def matches(self, query: CredentialQuery) -> Matches:
        """Find what can answer a credential query as far as format, types and issuer tell."""
        claim = query_claims.issuer_claim(query)
        drawers = self._drawers_of(query)
        groups = _answering(query, [drawer[issuer] for drawer in drawers for issuer in _named(claim, drawer)])
        others = _answering(query, (drawer[issuer] for drawer in drawers for issuer in drawer.keys() - _named(claim, drawer)))
        return Matches(
            tuple([tuple(group.entries.values()) for group in dict.fromkeys(groups)]),
            next((next(iter(group.entries.values())) for group in others), None),
        )

    def _drawers_of(self, query: CredentialQuery) -> list[_Drawer]:
        # What has several types together lies in the drawer of each; one of them is enough, and the smallest is least to look through.
        labels = {
            min([(query.format, type_) for type_ in together], key=lambda label: len(self._drawers.get(label, ())))
            for together in query.types or ((_ANY,),)
        }
        return [self._drawers[label] for label in labels if label in self._drawers]


def _named(claim: ClaimsQuery | None, drawer: _Drawer) -> Collection[str | None]:
    return drawer.keys() if claim is None else drawer.keys() & {*claim.values}


def _answering(query: CredentialQuery, groups: Iterable[Iterable[Group]]) -> Iterator[Group]:
    for together in groups:
        for group in together:
            if query_claims.mismatch(query, group.like.format, group.like.types) is None:
                yield group


def _labels(like: _Likeness) -> list[tuple[str, str]]:
    return [(like.format, type_) for type_ in (_ANY, *like.types)]


def _likeness(held: Held) -> tuple[_Likeness, tuple[datetime, ...]]:
    document = held.verified.claims
    dates = sorted((at, name) for name, at in held.instants().items())
    issuer = value_at(document, held.format.issuer)
    like = _Likeness(
        held.format.id,
        held.types,
        issuer if isinstance(issuer, str) else None,
        tuple([name for _, name in dates]),
        _shape(document),
        frozenset(held.positions.items()),
    )
    return like, tuple([at for at, _ in dates])


def _shape(value: Json) -> _Shape:
    """Give what of a JSON value is no leaf; a path selects the same places in two values of one shape."""
    if isinstance(value, dict):
        return tuple([(name, _shape(value[name])) for name in sorted(value)])
    if isinstance(value, list):
        return tuple([_shape(item) for item in value])
    return None
