"""Base64url has one spelling for each byte string, and no other text is read."""

import base64
from itertools import product

import pytest

from sayso.encodings.base64url import decode, encode
from sayso.errors import PARSING_ERROR, SaysoError

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def _read(text: str | bytes) -> bytes | None:
    try:
        return decode(text)
    except SaysoError as error:
        return None if error.problems[0].kind is PARSING_ERROR else b"another problem"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        # RFC 4648, section 10, without the padding
        (b"", ""),
        (b"f", "Zg"),
        (b"fo", "Zm8"),
        (b"foo", "Zm9v"),
        (b"foob", "Zm9vYg"),
        (b"fooba", "Zm9vYmE"),
        (b"foobar", "Zm9vYmFy"),
        # the two characters that base64 writes differently
        (b"\xfb\xff", "-_8"),
    ],
)
def test_bytes_and_text(data: bytes, text: str) -> None:
    assert encode(data) == text
    assert decode(text) == decode(text.encode()) == data


def test_every_short_text_is_read_when_it_is_the_canonical_one() -> None:
    for size in (1, 2, 3):
        for characters in product(ALPHABET, repeat=size):
            text = "".join(characters)
            padded = base64.urlsafe_b64decode(text + "=" * (-size % 4)) if size > 1 else b""
            canonical = base64.urlsafe_b64encode(padded).decode().rstrip("=") == text
            assert _read(text) == (padded if canonical else None)


@pytest.mark.parametrize("size", [2, 3, 4, 5, 8])
def test_no_byte_outside_the_alphabet_stands_anywhere(size: int) -> None:
    for position in range(size):
        for byte in set(range(256)) - set(ALPHABET.encode()):
            text = bytearray(b"A" * size)
            text[position] = byte
            assert _read(bytes(text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Zg==",
        "Zm8=",
        "Zm9v=",
        "====",
        "=",
        "Zm9v\n",
        " Zm9v",
        "Zm9v Zm9v",
        "Zm9v\0",
        "Zmü9",
        "Zm9\u0661",
        "Zm9\ud800",
        "A",
        "AAAAA",
        "Zh",
        "Zm9",
        "+/8",
        "Zg=A",
    ],
)
def test_other_text_is_refused(text: str) -> None:
    assert _read(text) is None
