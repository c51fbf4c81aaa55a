"""Write and read multibase text: base58btc (`z`) and base64url (`u`), the two that Controlled Identifiers names."""

from functools import cache

from sayso.encodings import base64url
from sayso.errors import PARSING_ERROR, SaysoError

_BASE = 58
_BASE_2, _BASE_4 = _BASE**2, _BASE**4
_ALPHABET = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_TO_DIGITS = bytes.maketrans(_ALPHABET, bytes(range(_BASE)))
_ZERO = "1"
MAX_BASE58_CHARACTERS = 1024
"""Base58 takes quadratic time: longer text is refused. A key of Multikey is 48 characters, a signature 88."""


def encode_base58btc(data: bytes) -> str:
    r"""Write bytes with the multibase header `z`.

    Source: Controlled Identifiers 1.0, section 2.4 (MB-1); draft-msporny-base58-03, section 3.

    >>> encode_base58btc(b"\x00sayso")
    'z1E21e3oL'
    """
    pairs = _pairs()
    found: list[str] = []
    number = int.from_bytes(data, "big")
    while number:  # to divide a long number for each digit costs more than a signature does: four at once
        number, four = divmod(number, _BASE_4)
        found += (pairs[four % _BASE_2], pairs[four // _BASE_2])
    # A number does not tell how many zeros it began with: each such byte is one digit of its own.
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + _ZERO * zeros + "".join(reversed(found)).lstrip(_ZERO)


@cache
def _pairs() -> tuple[str, ...]:
    digits = _ALPHABET.decode()
    return tuple(first + second for first in digits for second in digits)


def encode_base64url(data: bytes) -> str:
    """Write bytes with the multibase header `u`.

    Source: Controlled Identifiers 1.0, section 2.4 (MB-2).
    """
    return "u" + base64url.encode(data)


def decode_base58btc(text: str, *, most: int = MAX_BASE58_CHARACTERS) -> bytes:
    """Read multibase text that must be base58btc.

    Source: Controlled Identifiers 1.0, section 2.4 (MB-1); draft-msporny-base58-03, section 4.

    Raises:
        SaysoError: PARSING_ERROR, for another header, a character outside the alphabet, or more than `most` of them.
    """
    if text[:1] != "z" or len(text) > most:
        raise SaysoError.of(PARSING_ERROR, "not a base58btc multibase text of an acceptable length")
    try:
        body = text[1:].encode("ascii")
    except UnicodeEncodeError:
        raise SaysoError.of(PARSING_ERROR, "base58btc holds a character outside its alphabet") from None
    if body.translate(None, _ALPHABET):
        raise SaysoError.of(PARSING_ERROR, "base58btc holds a character outside its alphabet")
    number = 0
    for digit in body.translate(_TO_DIGITS):
        number = number * _BASE + digit
    zeros = len(body) - len(body.lstrip(b"1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def decode(text: str) -> bytes:
    """Read multibase text of either base.

    Source: Controlled Identifiers 1.0, section 2.4 (MB-1 to MB-3).

    Raises:
        SaysoError: PARSING_ERROR.
    """
    if text[:1] == "u":
        return base64url.decode(text[1:])
    return decode_base58btc(text)
