"""Inflate what others compressed, as far as a limit and no further."""

import zlib

from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError

MAX_BYTES = 16 * 1024 * 1024
"""The longest list that is read: 134 million entries of one bit."""

_PIECE = 64 * 1024


def inflate(data: bytes, max_bytes: int, window_bits: int) -> bytes:
    """Inflate one stream that ends where the data ends; the limit itself is never allocated.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for data that is damaged, cut short or has something behind it; LIMIT_EXCEEDED.
    """
    stream = zlib.decompressobj(window_bits)
    found = bytearray()
    try:
        while not stream.eof:
            piece = stream.decompress(data, _PIECE)
            found += piece
            if len(found) > max_bytes:
                raise SaysoError.of(LIMIT_EXCEEDED, f"the list is longer than {max_bytes} bytes")
            data = stream.unconsumed_tail
            if not piece and not data:
                break
    except zlib.error:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "the list cannot be inflated") from None
    if not stream.eof or stream.unused_data:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "the list ends too early, or has something behind it")
    return bytes(found)
