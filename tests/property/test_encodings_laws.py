"""Laws of the encodings: what is written is read back, and each byte string has one spelling."""

import base64
from collections.abc import Callable

import pytest
from base58 import b58decode, b58encode
from hypothesis import example, given
from hypothesis import strategies as st

from sayso.encodings import base64url, multibase, multihash, varint
from sayso.errors import PARSING_ERROR, ProblemType
from tests.property.outcomes import outcome
from tests.support import examples

pytestmark = pytest.mark.laws

BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
HASHES: list[multihash.HashName] = ["sha2-256", "sha2-384", "sha3-256", "sha3-384"]

Read = Callable[[str], bytes]
Write = Callable[[bytes], str]


def _one_spelling(text: str, read: Read, write: Write) -> None:
    """Try a text: either the one error, or it is exactly what would be written for its bytes."""
    found = outcome(read, text)
    assert found is PARSING_ERROR or (isinstance(found, bytes) and write(found) == text)


@examples(150)
@given(st.binary(max_size=200))
def test_base64url_is_read_back_and_agrees_with_the_standard_library(data: bytes) -> None:
    text = base64url.encode(data)
    assert text == base64.urlsafe_b64encode(data).decode().rstrip("=")
    assert base64url.decode(text) == base64url.decode(text.encode()) == data


@examples(150)
@given(st.text() | st.text(BASE64URL) | st.text(BASE64URL + "=+/ \n"))
def test_base64url_has_one_spelling(text: str) -> None:
    _one_spelling(text, base64url.decode, base64url.encode)


@examples(150)
@given(st.binary())
@example(b"Zm9v\n")
def test_base64url_of_bytes_is_as_strict(data: bytes) -> None:
    found = outcome(base64url.decode, data)
    assert found is PARSING_ERROR or (isinstance(found, bytes) and base64url.encode(found).encode() == data)


@examples(150)
@given(st.binary(max_size=200), st.integers(0, 5))
def test_base58btc_is_read_back_and_agrees_with_the_base58_package(data: bytes, zeros: int) -> None:
    data = bytes(zeros) + data
    text = multibase.encode_base58btc(data)
    assert text == "z" + b58encode(data).decode()
    assert multibase.decode_base58btc(text) == multibase.decode(text) == b58decode(text[1:]) == data


@examples(150)
@given(st.text() | st.text(BASE58).map("z".__add__) | st.text(BASE58 + "0OIl \n").map("z".__add__))
def test_base58btc_has_one_spelling(text: str) -> None:
    _one_spelling(text, multibase.decode_base58btc, multibase.encode_base58btc)


@examples(150)
@given(st.text() | st.text(BASE64URL + "=").map("u".__add__) | st.text(BASE58).map("z".__add__))
def test_multibase_is_one_of_its_bases(text: str) -> None:
    write = multibase.encode_base64url if text.startswith("u") else multibase.encode_base58btc
    _one_spelling(text, multibase.decode, write)


@examples(150)
@given(st.integers(0, 2**63 - 1), st.binary(max_size=20))
def test_varints_are_read_back_and_leave_the_rest(number: int, rest: bytes) -> None:
    assert varint.decode(varint.encode(number) + rest) == (number, rest)


@examples(150)
@given(st.binary(max_size=20) | st.lists(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF])).map(bytes))
def test_a_varint_has_one_spelling(data: bytes) -> None:
    found = outcome(varint.decode, data)
    if isinstance(found, ProblemType):
        assert found is PARSING_ERROR
        return
    number, rest = found
    assert varint.encode(number) + rest == data


@examples(150)
@given(st.binary(max_size=200), st.sampled_from(HASHES), st.binary(max_size=5))
def test_multihashes_match_their_data_alone(data: bytes, name: multihash.HashName, other: bytes) -> None:
    found = multihash.decode(multihash.encode(data, name))
    assert found.name == name
    assert found.matches(data)
    assert found.matches(data + other) is (other == b"")


@examples(150)
@given(
    st.binary(max_size=80)
    | st.tuples(st.sampled_from([b"\x12\x20", b"\x20\x30", b"\x16\x20", b"\x15\x30"]), st.binary(min_size=30, max_size=50)).map(b"".join)
)
def test_a_multihash_has_one_spelling(data: bytes) -> None:
    found = outcome(multihash.decode, data)
    if isinstance(found, ProblemType):
        assert found is PARSING_ERROR
        return
    assert data[2:] == found.digest
    assert data[1] == len(found.digest)
