"""A varint has one spelling, the shortest."""

import pytest

from sayso.encodings.varint import decode, encode
from sayso.errors import PARSING_ERROR, SaysoError

MOST = 2**63 - 1


@pytest.mark.parametrize(
    ("number", "written"),
    [
        # the examples of multiformats unsigned-varint
        (1, "01"),
        (127, "7f"),
        (128, "8001"),
        (255, "ff01"),
        (300, "ac02"),
        (16384, "808001"),
        (0, "00"),
        (0xED, "ed01"),
        (0x1300, "8026"),
        (MOST, "ffffffffffffffff7f"),
    ],
)
def test_a_number_is_written_and_read(number: int, written: str) -> None:
    assert encode(number).hex() == written
    assert decode(bytes.fromhex(written)) == (number, b"")
    assert decode(bytes.fromhex(written) + b"\x80rest") == (number, b"\x80rest")


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_no_other_number_fits(number: int) -> None:
    with pytest.raises(ValueError, match="0 to 2"):
        encode(number)


@pytest.mark.parametrize("written", ["", "80", "ffff", "8000", "818000", "ed8100", "80" * 8 + "00", "80" * 9 + "01", "ff" * 9, "ff" * 100])
def test_overlong_and_unfinished_spellings_are_refused(written: str) -> None:
    with pytest.raises(SaysoError) as refused:
        decode(bytes.fromhex(written))
    assert refused.value.problems[0].kind is PARSING_ERROR
