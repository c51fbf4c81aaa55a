"""Scatter consecutive numbers over a range, so that only who holds the key can tell their order.

Source: Hoang, Morris and Rogaway, "An enciphering scheme based on a card shuffle" (CRYPTO 2012), figure 1: swap-or-not.
"""

from functools import lru_cache
from hashlib import blake2b

KEY_BYTES = 32
ROUNDS = 144
"""How often each number may change places: at least six times the bits of the largest range that a list has."""

_PIVOT_BYTES = 16  # so many more than a range needs that the remainder favours no number


def scatter(key: bytes, number: int, count: int) -> int:
    """Give the place of a number among `count`: every number has another place, and every place a number.

    >>> sorted(scatter(bytes(KEY_BYTES), number, 5) for number in range(5))
    [0, 1, 2, 3, 4]
    """
    place = number
    for turn, pivot in enumerate(_pivots(key, count)):
        partner = (pivot - place) % count
        # Both of a pair toss the same coin, so that they change places or neither does.
        if _toss(key, turn, max(place, partner)):
            place = partner
    return place


@lru_cache(64)
def _pivots(key: bytes, count: int) -> tuple[int, ...]:
    drawn = (blake2b(turn.to_bytes(2), digest_size=_PIVOT_BYTES, key=key, person=b"pivot") for turn in range(ROUNDS))
    return tuple(int.from_bytes(one.digest()) % count for one in drawn)


def _toss(key: bytes, turn: int, place: int) -> int:
    return blake2b(turn.to_bytes(2) + place.to_bytes(8), digest_size=1, key=key, person=b"coin").digest()[0] & 1
