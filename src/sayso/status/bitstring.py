"""Read and write the bits of a Bitstring Status List.

Source: Bitstring Status List 1.0, sections 2.2 and 3.3 to 3.4 (BS-6 to BS-9).
"""

import zlib

from sayso.encodings import base64url
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.status import inflating

MIN_ENTRIES = 131_072
"""The fewest entries of a list: the herd in which one holder hides."""

_PREFIX = "u"  # multibase: base64url without padding
_GZIP = 16 + zlib.MAX_WBITS


def encode(bits: bytes | bytearray) -> str:
    """Write a list: `u`, base64url, GZIP (RFC 1952). The same bits give the same text."""
    return _PREFIX + base64url.encode(zlib.compress(bits, 9, _GZIP))


def decode(text: str, max_bytes: int = inflating.MAX_BYTES) -> bytes:
    """Read a list, of at most `max_bytes`.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR or PARSING_ERROR for another form; LIMIT_EXCEEDED.
    """
    if not text.startswith(_PREFIX):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "the list is no multibase base64url value")
    return inflating.inflate(text, max_bytes, _GZIP, start=len(_PREFIX))


def value_at(bits: bytes | bytearray, index: int, size: int = 1) -> int:
    """Give the value of an entry of `size` bits: entry 0 is left-most, and its first bit the most significant (BS-7, BS-8).

    Raises:
        IndexError: the list has no such entry.
    """
    if index < 0 or (index + 1) * size > 8 * len(bits):
        msg = "the list has no such entry"
        raise IndexError(msg)
    if size == 1:  # as nearly every list has it
        return bits[index >> 3] >> (~index & 7) & 1
    first, last = index * size, (index + 1) * size
    held = int.from_bytes(bits[first >> 3 : (last + 7) >> 3])
    return held >> (-last & 7) & ((1 << size) - 1)


def put(bits: bytearray, index: int, value: int, size: int = 1) -> None:
    """Set the value of an entry.

    Raises:
        IndexError: the list has no such entry.
        ValueError: the value does not fit.
    """
    change = value_at(bits, index, size) ^ value
    if not 0 <= value < 1 << size:
        msg = f"a value of {size} bits is from 0 to {(1 << size) - 1}"
        raise ValueError(msg)
    first, last = index * size, (index + 1) * size
    where = slice(first >> 3, (last + 7) >> 3)
    held = int.from_bytes(bits[where]) ^ change << (-last & 7)
    bits[where] = held.to_bytes(where.stop - where.start)
