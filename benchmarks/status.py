"""Look up a value in a status list: one that arrives, and one that is held."""

import hashlib
import zlib
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from functools import partial
from operator import getitem
from typing import NamedTuple

from openvc.status.bitstring import decode_bitstring, get_status_bit

from benchmarks.measuring import Batch, Operation, Title, timed
from benchmarks.peers import Sides
from sayso.status import bitstring, inflating

_SIZES = (131, 10_000)
"""Thousands of entries: the fewest that a list has, and ten million."""
_PORTION = 100
"""One entry in so many is set."""
_GZIP = 16 + zlib.MAX_WBITS


class _List(NamedTuple):
    text: str
    bits: bytes
    number: int


def operations() -> Iterator[Operation]:
    """List what is measured here."""
    for size in _SIZES:
        yield Operation(Title("status-cold", "mechanism", size, "k bits", "1 base64 + bounded zlib", 1.3), partial(_cold, size))
        yield Operation(Title("status-cached", "mechanism", size, "k bits", "1 byte of the list"), partial(_cached, size))


def _cold(size: int, count: int) -> Batch:
    lists = [_a_list(size, number) for number in range(count)]
    theirs: Sides = {"openvc": timed([partial(_looked_up_by_openvc, one.text, one.number) for one in lists])}
    assert all(_looked_up(one.text, one.number) == _looked_up_by_openvc(one.text, one.number) for one in lists[:2])
    return Batch([partial(_looked_up, one.text, one.number) for one in lists], [partial(_inflated, one.text) for one in lists], theirs)


def _cached(size: int, count: int) -> Batch:
    lists = [_a_list(size, number) for number in range(count)]
    theirs: Sides = {"openvc": timed([partial(get_status_bit, one.bits, one.number) for one in lists])}
    return Batch(
        [partial(bitstring.value_at, one.bits, one.number) for one in lists],
        [partial(getitem, one.bits, one.number >> 3) for one in lists],
        theirs,
    )


def _a_list(size: int, seed: int) -> _List:
    # The shortest list has a little more than its thousands of entries.
    bits = bytearray(max(size * 1000, bitstring.MIN_ENTRIES) // 8)
    entries = len(bits) * 8
    draws = hashlib.shake_256(seed.to_bytes(8)).digest(4 * (entries // _PORTION))
    for at in range(0, len(draws), 4):
        number = int.from_bytes(draws[at : at + 4]) % entries
        bits[number >> 3] |= 0x80 >> (number & 7)
    text = bitstring.encode(bits)
    return _List(text, bytes(bits), int.from_bytes(draws[:4]) % entries)


def _looked_up(text: str, number: int) -> int:
    return bitstring.value_at(bitstring.decode(text), number)


def _looked_up_by_openvc(text: str, number: int) -> int:
    return get_status_bit(decode_bitstring(text), number)


def _inflated(text: str) -> bytes:
    return zlib.decompressobj(_GZIP).decompress(urlsafe_b64decode(text[1:] + "=="), inflating.MAX_BYTES)
