"""Put heads under one root that tells none of them, and show that one is under it.

Source: RFC 9162, section 2.1 (Merkle hash trees), with the heads sorted, so that their order tells nothing.
"""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sayso.encodings import base64url

HASH_CHARACTERS: Final = 43
"""The length of a SHA-256 hash in base64url."""
MAX_STEPS: Final = 64
"""Nobody has more relationships than a tree of this height holds."""


class Beside(NamedTuple):
    """Hold a hash on the way up, and whether it stands to the left."""

    hash: str
    left: bool


def leaf(head: str) -> bytes:
    """Hash a head. Source: RFC 9162, section 2.1.1 (a leaf and a node can never be the same)."""
    return hashlib.sha256(b"\x00" + head.encode()).digest()


def root(heads: Collection[str]) -> str:
    """Give the root over all heads, in base64url; that of none is the hash of nothing."""
    return base64url.encode(_root([leaf(head) for head in sorted(heads)]))


def path(heads: Collection[str], head: str) -> tuple[Beside, ...]:
    """Show that a head is under the root.

    Raises:
        ValueError: it is not.
    """
    ordered = sorted(heads)
    return tuple(_path([leaf(one) for one in ordered], ordered.index(head)))


def reaches(head: str, way: Sequence[Beside], top: str) -> bool:
    """Tell whether the hashes beside lead from a head to a root."""
    at = leaf(head)
    for step in way:
        other = base64url.decode(step.hash)
        at = _node(other, at) if step.left else _node(at, other)
    return base64url.encode(at) == top


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    # RFC 9162, section 2.1.1: k is the largest power of two smaller than n.
    return 1 << (size - 1).bit_length() - 1


def _root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return _node(_root(leaves[:middle]), _root(leaves[middle:]))


def _path(leaves: Sequence[bytes], number: int) -> list[Beside]:
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if number < middle:
        return [*_path(leaves[:middle], number), Beside(base64url.encode(_root(leaves[middle:])), left=False)]
    return [*_path(leaves[middle:], number - middle), Beside(base64url.encode(_root(leaves[:middle])), left=True)]
