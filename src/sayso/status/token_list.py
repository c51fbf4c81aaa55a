"""Read and write the bits of a Token Status List.

Source: Token Status List (draft 20), section 4 (TS-2, TS-3).
"""

import zlib

from sayso.encodings import base64url
from sayso.status import inflating

SIZES = (1, 2, 4, 8)
"""How many bits an entry may have."""


def encode(bits: bytes | bytearray) -> str:
    """Write a list: base64url, ZLIB (RFC 1950), no prefix."""
    return base64url.encode(zlib.compress(bits, 9))


def decode(text: str, max_bytes: int = inflating.MAX_BYTES) -> bytes:
    """Read a list, of at most `max_bytes`.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR or PARSING_ERROR for another form; LIMIT_EXCEEDED.
    """
    return inflating.inflate(text, max_bytes, zlib.MAX_WBITS)


def value_at(bits: bytes | bytearray, index: int, size: int) -> int:
    """Give the value of an entry of `size` bits: entry 0 is in the least significant bits of the first byte (TS-2).

    Raises:
        IndexError: the list has no such entry.
    """
    if index < 0 or (index + 1) * size > 8 * len(bits):
        msg = "the list has no such entry"
        raise IndexError(msg)
    return bits[index * size >> 3] >> (index * size & 7) & ((1 << size) - 1)


def put(bits: bytearray, index: int, value: int, size: int) -> None:
    """Set the value of an entry.

    Raises:
        IndexError: the list has no such entry.
        ValueError: the value does not fit.
    """
    change = value_at(bits, index, size) ^ value
    if not 0 <= value < 1 << size:
        msg = f"a value of {size} bits is from 0 to {(1 << size) - 1}"
        raise ValueError(msg)
    bits[index * size >> 3] ^= change << (index * size & 7)
