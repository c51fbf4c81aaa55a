"""Write and read multibase text: base58btc (`z`) and base64url (`u`), the two that Controlled Identifiers names."""

from base58 import b58decode, b58encode

from sayso.encodings import base64url
from sayso.errors import PARSING_ERROR, SaysoError

_ALPHABET = frozenset(b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz")
MAX_BASE58_CHARACTERS = 1024
"""Base58 takes quadratic time: longer text is refused. A key of Multikey is 48 characters, a signature 88."""


def encode_base58btc(data: bytes) -> str:
    r"""Write bytes with the multibase header `z`.

    Source: Controlled Identifiers 1.0, section 2.4 (MB-1).

    >>> encode_base58btc(b"\x00sayso")
    'z1EA8AdyW'
    """
    return "z" + b58encode(data).decode("ascii")


def encode_base64url(data: bytes) -> str:
    """Write bytes with the multibase header `u`.

    Source: Controlled Identifiers 1.0, section 2.4 (MB-2).
    """
    return "u" + base64url.encode(data)


def decode_base58btc(text: str) -> bytes:
    """Read multibase text that must be base58btc.

    Raises:
        SaysoError: PARSING_ERROR, for another header, a character outside the alphabet, or more than MAX_BASE58_CHARACTERS.
    """
    if text[:1] != "z" or len(text) > MAX_BASE58_CHARACTERS:
        raise SaysoError.of(PARSING_ERROR, "not a base58btc multibase text of an acceptable length")
    try:
        body = text[1:].encode("ascii")
    except UnicodeEncodeError:
        raise SaysoError.of(PARSING_ERROR, "base58btc holds a character outside its alphabet") from None
    # base58 strips white space by itself, so the alphabet is checked first. Base58 has one spelling for each byte string.
    if not _ALPHABET.issuperset(body):
        raise SaysoError.of(PARSING_ERROR, "base58btc holds a character outside its alphabet")
    return b58decode(body)


def decode(text: str) -> bytes:
    """Read multibase text of either base.

    Source: Controlled Identifiers 1.0, section 2.4 (MB-1 to MB-3).

    Raises:
        SaysoError: PARSING_ERROR.
    """
    if text[:1] == "u":
        return base64url.decode(text[1:])
    return decode_base58btc(text)
