"""Inflate what others compressed, as far as a limit and no further."""

import zlib
from io import BytesIO

from sayso.encodings import base64url
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError

MAX_BYTES = 16 * 1024 * 1024
"""The longest list that is read: 134 million entries of one bit."""

_TEXT = 8 * 1024  # a multiple of four: each piece of base64url stands for itself
_PIECE = 16 * 1024


def inflate(text: str, max_bytes: int, window_bits: int, start: int = 0) -> bytes:
    """Inflate one stream, written as base64url from `start` on, that ends where the text ends.

    Piece by piece: at no time is there more than the list itself, what a buffer that grows keeps ready, and one piece.

    Raises:
        SaysoError: PARSING_ERROR for what is no base64url; MALFORMED_VALUE_ERROR for data that is damaged, cut short or has something
            behind it; LIMIT_EXCEEDED.
    """
    stream = zlib.decompressobj(window_bits)
    found = BytesIO()  # gives what was written without another copy
    try:
        for at in range(start, len(text), _TEXT):
            data, piece = base64url.decode(text[at : at + _TEXT]), b""
            if stream.eof:
                break
            # A full piece may leave more inside the stream, also where all data went in.
            while data or len(piece) == _PIECE:
                piece = stream.decompress(data, _PIECE)
                data = stream.unconsumed_tail
                if found.tell() + len(piece) > max_bytes:
                    raise SaysoError.of(LIMIT_EXCEEDED, f"the list is longer than {max_bytes} bytes")
                found.write(piece)
        else:
            if stream.eof and not stream.unused_data:
                return found.getvalue()
    except zlib.error:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "the list cannot be inflated") from None
    raise SaysoError.of(MALFORMED_VALUE_ERROR, "the list ends too early, or has something behind it")
