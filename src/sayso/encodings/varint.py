"""Write and read unsigned varints as multiformats does."""

from sayso.errors import PARSING_ERROR, SaysoError

_MOST_BYTES = 9
_CONTINUES = 0x80
_PAYLOAD = 0x7F


def encode(number: int) -> bytes:
    """Write a number from 0 to 2^63-1, seven bits a byte, least significant first.

    Source: multiformats unsigned-varint.

    >>> encode(0xED).hex()
    'ed01'
    """
    if not 0 <= number < 1 << 63:
        msg = "a varint holds 0 to 2^63-1"
        raise ValueError(msg)
    out = bytearray()
    while number > _PAYLOAD:
        out.append(number & _PAYLOAD | _CONTINUES)
        number >>= 7
    out.append(number)
    return bytes(out)


def decode(data: bytes) -> tuple[int, bytes]:
    """Read a number and give the bytes after it; the shortest spelling is the only one.

    Source: multiformats unsigned-varint ("must be minimally encoded", at most 9 bytes).

    Raises:
        SaysoError: PARSING_ERROR.
    """
    number = 0
    for index, byte in enumerate(data[:_MOST_BYTES]):
        number |= (byte & _PAYLOAD) << (7 * index)
        if byte < _CONTINUES:
            if byte == 0 and index > 0:
                raise SaysoError.of(PARSING_ERROR, "a varint is longer than it needs to be")
            return number, data[index + 1 :]
    raise SaysoError.of(PARSING_ERROR, "a varint does not end")
