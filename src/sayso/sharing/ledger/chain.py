"""Chain the entries of one relationship, so that a body can be deleted and nothing else can be changed.

An entry is `{prev, bodyDigest}`; its body is kept beside it as `{salt, body}`. The first entry points to the origin of its relationship. A
head is the digest of the last entry, so whoever keeps a head can tell every other history from this one, and learns nothing from it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sayso.encodings import jcs
from sayso.encodings.multihash import digest_multibase
from sayso.errors import LEDGER_ALTERED, SaysoError
from sayso.jsonvalue import FrozenObject, from_python

SALT_BYTES: Final = 16
"""Nobody finds by trying what a digest is of."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Name a relationship: a business, and the persona of the customer that it knows.

    Args:
        business: the DID of the business, or the client identifier that nobody signed for.
        persona: the customer's own label, "" for the only one.
    """

    business: str
    persona: str = ""


def relation(business: object, persona: object) -> Relation:
    """Name a relationship.

    Raises:
        TypeError: business or persona is no text.
        ValueError: there is no business, or half of a surrogate pair in a name.
    """
    if not isinstance(business, str) or not isinstance(persona, str):
        msg = "business and persona are texts"
        raise TypeError(msg)
    if not business:
        msg = "what is entered happened with a business, named by its DID"
        raise ValueError(msg)
    from_python([business, persona])
    return Relation(business, persona)


class Recorded(NamedTuple):
    """Name an entry: the relationship, its number in it from 0, and the head after it."""

    relation: Relation
    number: int
    head: str


class Body(NamedTuple):
    """Hold what an entry is about, with the salt that hides it in its digest."""

    salt: str
    body: FrozenObject

    @property
    def digest(self) -> str:
        """The digest that stands in the entry. Source: RFC 8785; VCDM 2.0, section 5.3."""
        return digest_multibase(jcs.canonicalize({"salt": self.salt, "body": self.body}))


class Link(NamedTuple):
    """Hold one entry of a chain, and its body; None is the tombstone of one that was deleted."""

    prev: str
    body_digest: str
    body: Body | None

    @property
    def digest(self) -> str:
        """The digest of the entry, which says nothing of the body but its digest."""
        return digest_multibase(jcs.canonicalize({"prev": self.prev, "bodyDigest": self.body_digest}))


class Chain(NamedTuple):
    """Hold the history of one relationship, oldest first."""

    relation: Relation
    salt: str
    links: tuple[Link, ...] = ()

    @property
    def origin(self) -> str:
        """What the first entry points to: the digest of whose history this is, under a salt."""
        return origin(self.relation, self.salt)

    @property
    def head(self) -> str:
        """The digest of the last entry, the origin where there is none."""
        return self.links[-1].digest if self.links else self.origin


def origin(relation: Relation, salt: str) -> str:
    """Give what the first entry of a relationship points to."""
    said = {"business": relation.business, "persona": relation.persona, "salt": salt}
    return digest_multibase(jcs.canonicalize({**said}))


def following(head: str, body: Body) -> Link:
    """Make the entry that comes after a head."""
    return Link(head, body.digest, body)


def without(links: Sequence[Link], number: int) -> tuple[Link, ...]:
    """Delete the body of an entry, which leaves its tombstone.

    Raises:
        IndexError: there is no such entry.
    """
    if not 0 <= number < len(links):
        msg = "the relationship has no entry of that number"
        raise IndexError(msg)
    return (*links[:number], links[number]._replace(body=None), *links[number + 1 :])


def verify(chain: Chain, head: str | None = None) -> None:
    """See that each entry points to the one before, each body is the one that was entered, and that it ends in a head that was kept.

    Without a head that was kept elsewhere (in a checkpoint, or in the receipt of the business) nobody can tell whether the last entries
    were left off, or the whole was written anew.

    Raises:
        SaysoError: LEDGER_ALTERED.
    """
    before = chain.origin
    for number, link in enumerate(chain.links):
        if link.prev != before:
            raise SaysoError.of(LEDGER_ALTERED, "an entry does not follow the one before it", number, "prev")
        if link.body is not None and link.body.digest != link.body_digest:
            raise SaysoError.of(LEDGER_ALTERED, "a body is not the one that was entered", number, "bodyDigest")
        before = link.digest
    if head is not None and before != head:
        raise SaysoError.of(LEDGER_ALTERED, "the history ends in another entry than the head that was kept")


def bodies(links: Iterable[Link]) -> list[tuple[int, FrozenObject]]:
    """Give what is left of the bodies, each with the number of its entry."""
    return [(number, link.body.body) for number, link in enumerate(links) if link.body is not None]
