"""Token Status List (draft 20), section 4: how the values are written, and the published lists."""

import json
import re
import zlib
from pathlib import Path

import pytest

from sayso.encodings import base64url
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR, ProblemType, SaysoError
from sayso.status import token_list
from tests.support import shared

VECTORS = "vectors", "token-status-list"
# Section 4.1 and 4.2, and the appendix with test vectors: what is not named is 0.
ONE_BIT = dict.fromkeys((0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345), 1)

FOUR_BITS = {
    0: 1,
    1993: 2,
    35460: 3,
    459495: 4,
    595669: 5,
    754353: 6,
    845645: 7,
    923232: 8,
    924445: 9,
    934534: 10,
    1004534: 11,
    1000345: 12,
    1030203: 13,
    1030204: 14,
    1030205: 15,
}


def _published(name: str) -> tuple[int, str]:
    text = Path(shared(*VECTORS, name)).read_text(encoding="utf-8")
    held = json.loads(re.sub(r"\n\s*(?![}\"])", "", text[text.index("{") :]))
    return held["bits"], held["lst"]


def test_ts_2_the_first_entry_is_in_the_least_significant_bits() -> None:
    """TS-2: the two lists that section 4 draws."""
    one = [token_list.value_at(b"\xb9\xa3", number, 1) for number in range(16)]
    assert one == [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]
    two = [token_list.value_at(b"\xc9\x44\xf9", number, 2) for number in range(12)]
    assert two == [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]


@pytest.mark.parametrize("size", token_list.SIZES)
def test_ts_2_what_was_put_is_found(size: int) -> None:
    bits = bytearray(size * 8)
    values = [(number * 37 + 5) % (1 << size) for number in range(64)]
    for number, value in enumerate(values):
        token_list.put(bits, number, value, size)
    assert [token_list.value_at(bits, number, size) for number in range(64)] == values
    for number in (-1, 64):
        with pytest.raises(IndexError):
            token_list.value_at(bits, number, size)
        with pytest.raises(IndexError):
            token_list.put(bits, number, 0, size)
    for value in (-1, 1 << size):
        with pytest.raises(ValueError, match=f"{size} bits is from 0"):
            token_list.put(bits, 0, value, size)


def test_ts_3_how_a_list_is_written() -> None:
    """TS-3: base64url, ZLIB, no prefix; the values of the draft."""
    for data, text in ((b"\xb9\xa3", "eNrbuRgAAhcBXQ"), (b"\xc9\x44\xf9", "eNo76fITAAPfAgc")):
        assert token_list.decode(text) == data
        assert token_list.encode(data) == text
    assert token_list.decode(base64url.encode(zlib.compress(b"\xb9\xa3", 0))) == b"\xb9\xa3"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", MALFORMED_VALUE_ERROR),
        ("ueNrbuRgAAhcBXQ", MALFORMED_VALUE_ERROR),
        ("eNrbuRgAAhcBXQ==", PARSING_ERROR),
        ("eNrbuRgAAhcB", MALFORMED_VALUE_ERROR),
        ("eNrbuRgAAhcBXQAA", MALFORMED_VALUE_ERROR),
        (base64url.encode(b"\xb9\xa3"), MALFORMED_VALUE_ERROR),
        (base64url.encode(zlib.compress(b"\xb9\xa3", wbits=-15)), MALFORMED_VALUE_ERROR),
        (base64url.encode(zlib.compress(b"\xb9\xa3", wbits=31)), MALFORMED_VALUE_ERROR),
    ],
)
def test_ts_3_what_is_no_list(text: str, kind: ProblemType) -> None:
    """TS-3, TS-10: padding, a prefix, cut short, something behind it, or another compression."""
    with pytest.raises(SaysoError) as refused:
        token_list.decode(text)
    assert [problem.kind for problem in refused.value.problems] == [kind]


def test_ts_3_a_list_that_is_too_long() -> None:
    assert token_list.decode(token_list.encode(bytes(100)), 100) == bytes(100)
    with pytest.raises(SaysoError) as refused:
        token_list.decode(token_list.encode(bytes(101)), 100)
    assert [problem.kind for problem in refused.value.problems] == [LIMIT_EXCEEDED]


@pytest.mark.parametrize(
    ("name", "data"),
    [("status_list_encoding_json.md", b"\xb9\xa3"), ("status_list_encoding2_json.md", b"\xc9\x44\xf9")],
)
def test_published_short_lists(name: str, data: bytes) -> None:
    _, text = _published(name)
    assert token_list.decode(text) == data


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("status_list_encoding1_long_json.md", ONE_BIT),
        ("status_list_encoding2_long_json.md", {**ONE_BIT, 1993: 2, 159495: 3, 645645: 2, 934534: 2, 1000345: 3}),
        ("status_list_encoding4_json.md", FOUR_BITS),
    ],
)
def test_published_long_lists(name: str, values: dict[int, int]) -> None:
    size, text = _published(name)
    bits = token_list.decode(text)
    assert len(bits) * 8 // size == 1 << 20
    found = {number: token_list.value_at(bits, number, size) for number in range(1 << 20) if bits[number * size >> 3]}
    assert {number: value for number, value in found.items() if value} == values


def test_the_published_list_of_bytes() -> None:
    """Each value but 0 stands in it once."""
    size, text = _published("status_list_encoding8_json.md")
    bits = token_list.decode(text)
    assert (size, len(bits), sorted(value for value in bits if value)) == (8, 1 << 20, [*range(1, 256)])
    assert (token_list.value_at(bits, 1199, 8), token_list.value_at(bits, 19535, 8), token_list.value_at(bits, 1046963, 8)) == (
        121,
        255,
        78,
    )
