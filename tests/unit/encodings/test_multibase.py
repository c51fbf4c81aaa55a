"""Multibase text of the two bases that are read: base58btc and base64url."""

import base58
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sayso.encodings.multibase import MAX_BASE58_CHARACTERS, decode, decode_base58btc, encode_base58btc, encode_base64url
from sayso.errors import PARSING_ERROR, SaysoError

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def _refused(text: str) -> bool:
    for read in (decode, decode_base58btc):
        with pytest.raises(SaysoError) as refused:
            read(text)
        assert refused.value.problems[0].kind is PARSING_ERROR
        assert len(text) < 3 or text not in str(refused.value)
    return True


@pytest.mark.parametrize(
    ("data", "text"),
    [
        # draft-msporny-base58-03, section 5
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (b"The quick brown fox jumps over the lazy dog.", "zUSm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z"),
        (bytes.fromhex("0000287fb4cd"), "z11233QC4"),
        (b"", "z"),
        (b"\x00", "z1"),
        (b"\x00\x00\x00", "z111"),
        (b"\x00\x39", "z1z"),
        (b"\x3a", "z21"),
    ],
)
def test_base58btc_keeps_leading_zeros(data: bytes, text: str) -> None:
    assert encode_base58btc(data) == text
    assert decode_base58btc(text) == decode(text) == data


@given(st.binary(max_size=100), st.integers(0, 3))
@example(b"", 0)
def test_base58btc_agrees_with_an_independent_library(data: bytes, zeros: int) -> None:
    data = bytes(zeros) + data
    text = base58.b58encode(data).decode()
    assert encode_base58btc(data) == "z" + text
    assert decode_base58btc("z" + text) == data


def test_the_limit() -> None:
    assert MAX_BASE58_CHARACTERS == 1024


def test_base64url_has_its_own_header() -> None:
    assert encode_base64url(b"\xfb\xff") == "u-_8"
    assert decode("u-_8") == b"\xfb\xff"
    assert decode("u") == b""


def test_each_character_of_the_alphabet_is_its_place_in_it() -> None:
    assert [decode_base58btc("z" + character) for character in ALPHABET[1:]] == [bytes([value]) for value in range(1, 58)]


def test_no_other_character_is_read() -> None:
    for point in (*(set(range(256)) - set(ALPHABET.encode())), 0x0661, 0xFF11, 0xD800):
        for text in (f"z{chr(point)}2NE", f"z2N{chr(point)}E", f"z2NE{chr(point)}"):
            assert _refused(text)


@pytest.mark.parametrize("text", ["", "Z2NE", "m+/8", "f00", "2NE", " z2NE", "\0z"])
def test_no_other_base_is_read(text: str) -> None:
    assert _refused(text)


@pytest.mark.parametrize("text", ["u=", "u-_8=", "u-_9", "u+/8", "uA", "u \n"])
def test_base64url_is_as_strict_here(text: str) -> None:
    with pytest.raises(SaysoError):
        decode(text)
    with pytest.raises(SaysoError):
        decode_base58btc(text)


def test_base58_takes_quadratic_time_so_its_length_has_an_edge() -> None:
    longest = "z" + "2" * (MAX_BASE58_CHARACTERS - 1)
    assert encode_base58btc(decode_base58btc(longest)) == longest
    assert _refused(longest + "2")
    assert _refused("z" + "1" * MAX_BASE58_CHARACTERS)
    assert decode(encode_base64url(bytes(100_000))) == bytes(100_000)  # base64url takes linear time
