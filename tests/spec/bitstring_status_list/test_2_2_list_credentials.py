"""Bitstring Status List 1.0, sections 2.2, 3.3 and 3.4: what a list credential holds, and how the bits are written."""

import gzip
import hashlib
import tracemalloc
import zlib
from datetime import timedelta
from typing import Any

import pytest

from sayso.encodings import base64url
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR, STATUS_VERIFICATION_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import serialize
from sayso.status import bitstring, inflating, list_credential
from tests.spec.bitstring_status_list.lists import LIST, STATUS, Shelf, a_card_with, a_list, a_subject, bits_with, look, looked_up
from tests.spec.data_integrity.documents import secured

PUBLISHED = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""The example of section 2.2."""
PLACE = "/credentialSubject"
NO_PURPOSES: list[Any] = [None, "", 1, [], ["revocation", 1], ["revocation", "revocation"], ["revocation", ""], {}]
NO_TTLS: list[Any] = [None, 0, -1, "300000", True, []]


def _refused(document: dict[str, Any], max_bytes: int = inflating.MAX_BYTES) -> tuple[ProblemType, str]:
    with pytest.raises(SaysoError) as refused:
        list_credential.list_of(document, LIST, max_bytes)
    (problem,) = refused.value.problems
    return problem.kind, problem.pointer


def test_bs_5_what_a_list_says() -> None:
    """BS-5: one or more purposes, a time to live in milliseconds, and since when it holds."""
    found = list_credential.list_of(a_list(a_subject(PUBLISHED)), LIST, inflating.MAX_BYTES)
    assert (found.bits, found.purposes, found.made, found.ttl) == (bytes(16384), frozenset({"revocation"}), None, None)
    assert repr(found) == "<StatusList of 16384 bytes>"
    more = a_list(a_subject(statusPurpose=["revocation", "message"], ttl=300_000), validFrom="2026-11-21T11:00:00Z")
    found = list_credential.list_of(more, LIST, inflating.MAX_BYTES)
    assert (found.purposes, found.ttl) == (frozenset({"revocation", "message"}), timedelta(minutes=5))
    assert found.made is not None
    assert found.made.hour == 11
    for forever in (10**400, 1e308):
        assert list_credential.list_of(a_list(a_subject(ttl=forever)), LIST, inflating.MAX_BYTES).ttl == timedelta.max


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (a_list(type=["VerifiableCredential"]), "/type"),
        (a_list(type="BitstringStatusList"), "/type"),
        (a_list(id=LIST + "/"), "/id"),
        (a_list(id="urn:uuid:1"), "/id"),
        (a_list([a_subject()]), PLACE),
        (a_list("x"), PLACE),
        (a_list(a_subject(type="Person")), PLACE),
        (a_list(a_subject(type=None)), PLACE),
        (a_list({**a_subject(), "encodedList": 5}), PLACE + "/encodedList"),
        (a_list({**a_subject(), "encodedList": [PUBLISHED]}), PLACE + "/encodedList"),
        *((a_list({**a_subject(), "statusPurpose": purpose}), PLACE + "/statusPurpose") for purpose in NO_PURPOSES),
        *((a_list({**a_subject(), "ttl": ttl}), PLACE + "/ttl") for ttl in NO_TTLS),
    ],
)
def test_bs_5_what_is_no_list(document: dict[str, Any], place: str) -> None:
    """BS-5: another credential served as a list, another list, and members that are malformed."""
    assert _refused(document) == (MALFORMED_VALUE_ERROR, place)
    assert look(a_card_with(), Shelf(at={LIST: _signed(document)})) == [(STATUS_VERIFICATION_ERROR, STATUS)]


def _signed(document: dict[str, Any]) -> bytes:
    return serialize(secured(document)).encode()


def test_bs_5_a_list_need_not_say_where_it_is() -> None:
    """BS-5: its identifier MAY be its URL."""
    assert look(a_card_with(), Shelf(secured(a_list(id=None)))) == []


def test_bs_6_how_a_list_is_written() -> None:
    """BS-6, BS-9: multibase, base64url, GZIP with whatever header; the same bits give the same text."""
    assert bitstring.decode(PUBLISHED) == bytes(16384)
    assert bitstring.decode(bitstring.encode(bytes(16384))) == bytes(16384)
    assert bitstring.encode(b"\1" * 9) == bitstring.encode(bytearray(b"\1" * 9))
    named = gzip.compress(bytes(16384), compresslevel=1, mtime=1_700_000_000)
    named = named[:3] + b"\x08" + named[4:10] + b"list\0" + named[10:]
    assert looked_up(a_subject("u" + base64url.encode(named))) == []


ZEROS = gzip.compress(bytes(16384), mtime=0)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PUBLISHED[1:], MALFORMED_VALUE_ERROR),
        ("z" + PUBLISHED[1:], MALFORMED_VALUE_ERROR),
        ("", MALFORMED_VALUE_ERROR),
        ("u", MALFORMED_VALUE_ERROR),
        (PUBLISHED + "=", PARSING_ERROR),
        (PUBLISHED[:30] + "+" + PUBLISHED[31:], PARSING_ERROR),
        (PUBLISHED[:-4], MALFORMED_VALUE_ERROR),
        (PUBLISHED[:30] + "A" + PUBLISHED[31:], MALFORMED_VALUE_ERROR),
        ("u" + base64url.encode(zlib.compress(bytes(16384))), MALFORMED_VALUE_ERROR),
        ("u" + base64url.encode(bytes(16384)), MALFORMED_VALUE_ERROR),
        ("u" + base64url.encode(ZEROS + b"\0"), MALFORMED_VALUE_ERROR),
        ("u" + base64url.encode(ZEROS * 2), MALFORMED_VALUE_ERROR),
        ("u" + base64url.encode(ZEROS + bytes(8192)), MALFORMED_VALUE_ERROR),
    ],
)
def test_bs_6_what_is_no_list_of_bits(text: str, kind: ProblemType) -> None:
    """BS-6: no prefix, another alphabet, another compression, cut short, or with something behind it."""
    with pytest.raises(SaysoError) as refused:
        bitstring.decode(text)
    assert [problem.kind for problem in refused.value.problems] == [kind]
    assert looked_up(a_subject(text)) == [(STATUS_VERIFICATION_ERROR, STATUS)]


def test_bs_7_the_first_entry_is_the_left_most_bit() -> None:
    """BS-7: byte by byte, the most significant bit first."""
    assert [bitstring.value_at(b"\x80\x01", number) for number in range(16)] == [1, *[0] * 14, 1]
    bits = bytearray(2)
    for number in (0, 9, 15):
        bitstring.put(bits, number, 1)
    assert bits == b"\x80\x41"
    bitstring.put(bits, 9, 0)
    assert bits == b"\x80\x01"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 11])
def test_bs_8_entries_of_some_bits(size: int) -> None:
    """BS-8: the first bit is the most significant; nothing around an entry changes."""
    bits = bytearray(size * 8)
    values = [(number * 37 + 5) % (1 << size) for number in range(64)]
    for number, value in enumerate(values):
        bitstring.put(bits, number, value, size)
    assert [bitstring.value_at(bits, number, size) for number in range(64)] == values
    assert f"{int.from_bytes(bits):0{8 * len(bits)}b}" == "".join(f"{value:0{size}b}" for value in values)


def test_bs_v5_there_is_no_such_entry() -> None:
    for number, size in ((-1, 1), (16, 1), (8, 2), (5, 3), (0, 17)):
        with pytest.raises(IndexError):
            bitstring.value_at(b"\0\0", number, size)
        with pytest.raises(IndexError):
            bitstring.put(bytearray(2), number, 0, size)
    for value in (-1, 4):
        with pytest.raises(ValueError, match="2 bits is from 0 to 3"):
            bitstring.put(bytearray(2), 0, value, 2)


@pytest.mark.parametrize("beyond", [1, 8192, 10**7])
def test_bs_v4_a_bomb_does_not_go_off(beyond: int) -> None:
    """BS-V4: what inflates beyond the limit is given up there, however it was compressed."""
    most = 100_000
    assert len(bitstring.decode(bitstring.encode(bytes(most)), most)) == most
    for data in (bytes(most + beyond), bytes(most) + bytes(range(256)) * (beyond // 256 + 1)):
        with pytest.raises(SaysoError) as refused:
            bitstring.decode(bitstring.encode(data), most)
        assert [problem.kind for problem in refused.value.problems] == [LIMIT_EXCEEDED]
    assert _refused(a_list(a_subject(bits_with())), 16383)[0] == LIMIT_EXCEEDED


@pytest.mark.parametrize("entries", [bitstring.MIN_ENTRIES, 10_000_000])
@pytest.mark.parametrize("step", [0, 8, 101])
def test_bs_v4_how_much_memory_a_list_takes(entries: int, step: int) -> None:
    """BS-V4: the list and a fifth, and 64 KiB, whether it was compressed well or not at all."""
    bits = bytearray(entries // 8)
    for number in range(0, entries, step or entries):
        bits[number >> 3] |= hashlib.sha256(number.to_bytes(4)).digest()[0] if step == 8 else 0x80 >> (number & 7)
    text = bitstring.encode(bits)
    tracemalloc.start()
    try:
        found = bitstring.decode(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == bits
    assert peak <= 1.2 * len(bits) + 64 * 1024
