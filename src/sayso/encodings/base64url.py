"""Write and read base64url in its one canonical spelling."""

from binascii import a2b_base64, b2a_base64

from sayso.errors import PARSING_ERROR, SaysoError

_TO_URL = bytes.maketrans(b"+/", b"-_")
# What only base64 has becomes a byte that the decoder refuses, as it does all others outside the alphabet of RFC 4648, section 5.
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/\0\0\0")
_PADDING = (b"", None, b"==", b"=")
# RFC 4648, section 3.5: the bits that no byte uses must be zero.
_LAST = (None, None, frozenset(b"AQgw"), frozenset(b"AEIMQUYcgkosw048"))


def encode(data: bytes) -> str:
    """Write bytes as base64url without padding.

    Source: RFC 4648, section 5; RFC 7515, section 2.

    >>> encode(b"sayso?")
    'c2F5c28_'
    """
    return b2a_base64(data).translate(_TO_URL, b"=\n").decode()


def decode(text: str | bytes) -> bytes:
    """Read base64url: no padding, no white space, no unused bits, nothing outside the alphabet.

    Source: RFC 4648, sections 3.2, 3.3, 3.5 and 5.

    Raises:
        SaysoError: PARSING_ERROR.
    """
    try:
        data = text.encode("ascii") if isinstance(text, str) else text
    except UnicodeEncodeError:
        raise SaysoError.of(PARSING_ERROR, "base64url holds a character outside its alphabet") from None
    padding = _PADDING[len(data) & 3]
    last = _LAST[len(data) & 3]
    if padding is None or (last is not None and data[-1] not in last):
        raise SaysoError.of(PARSING_ERROR, "base64url has an impossible length or unused bits that are not zero")
    try:
        return a2b_base64(data.translate(_FROM_URL) + padding, strict_mode=True)
    except ValueError:
        raise SaysoError.of(PARSING_ERROR, "base64url holds a character outside its alphabet") from None
