"""Keep chains: a small Protocol, and its form in memory."""

from collections.abc import Iterable
from threading import Lock
from typing import Protocol

from sayso.sharing.ledger.chain import Chain, Link, Relation, without


class LedgerStore(Protocol):
    """Keep one chain for each relationship.

    Every method is atomic, also between processes that share the store. Links are added at the end; of what is there nothing changes but
    that a body is deleted.
    """

    def relations(self) -> tuple[Relation, ...]:
        """Name the relationships, in the order in which they began."""
        ...

    def begin(self, relation: Relation, salt: str) -> None:
        """Begin a relationship, unless it has begun."""
        ...

    def read(self, relation: Relation) -> Chain | None:
        """Give a chain, None where the relationship has not begun."""
        ...

    def head(self, relation: Relation) -> str:
        """Give the head that was kept when the last link was added. Raises KeyError where the relationship has not begun."""
        ...

    def append(self, relation: Relation, link: Link) -> int | None:
        """Add a link and give its number; None where the head is not the one it follows any more."""
        ...

    def delete(self, relation: Relation, number: int) -> None:
        """Delete the body of an entry. Raises KeyError or IndexError where there is none."""
        ...


class MemoryLedger:
    """Keep chains in memory: safe between threads, and gone with the process."""

    def __init__(self, chains: Iterable[Chain] = ()) -> None:
        """Begin with chains that were verified, or with none."""
        self._lock = Lock()
        self._chains = {chain.relation: (chain.salt, [*chain.links], chain.head) for chain in chains}

    def relations(self) -> tuple[Relation, ...]:
        """Name the relationships, in the order in which they began."""
        with self._lock:
            return tuple(self._chains)

    def begin(self, relation: Relation, salt: str) -> None:
        """Begin a relationship, unless it has begun."""
        with self._lock:
            self._chains.setdefault(relation, (salt, [], Chain(relation, salt).head))

    def read(self, relation: Relation) -> Chain | None:
        """Give a chain, None where the relationship has not begun."""
        with self._lock:
            if relation not in self._chains:
                return None
            salt, links, _ = self._chains[relation]
            return Chain(relation, salt, tuple(links))

    def head(self, relation: Relation) -> str:
        """Give the head that was kept when the last link was added."""
        with self._lock:
            return self._chains[relation][2]

    def append(self, relation: Relation, link: Link) -> int | None:
        """Add a link and give its number; None where the head is not the one it follows any more."""
        with self._lock:
            salt, links, head = self._chains[relation]
            if link.prev != head:
                return None
            links.append(link)
            self._chains[relation] = (salt, links, link.digest)
            return len(links) - 1

    def delete(self, relation: Relation, number: int) -> None:
        """Delete the body of an entry."""
        with self._lock:
            _, links, _ = self._chains[relation]
            links[:] = without(links, number)
