"""Laws of status lists: what was put is found, and no list that arrives does anything but say, or leave open, what the status is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import STATUS_VERIFICATION_ERROR, Problem, SaysoError
from sayso.jsonvalue import Json
from sayso.status import bitstring, token_list
from sayso.status.entries import StatusEntry, entries, parse
from tests.spec.bitstring_status_list.lists import LIST, STATUS, TOKEN, Shelf, a_card_with, a_list, a_pid_with, a_token, look
from tests.spec.data_integrity.documents import secured
from tests.support import examples

pytestmark = pytest.mark.laws

CARD, PID = a_card_with(), a_pid_with()
GOOD = {LIST: Shelf(secured(a_list())), TOKEN: Shelf(at={TOKEN: a_token()})}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = ("type", "id", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize", "statusMessage", "idx", "uri")
VALUES = JSON | st.sampled_from(["BitstringStatusListEntry", "status_list", "0", "revocation", LIST, 1, 2])


@given(st.binary(max_size=64), st.integers(1, 16))
@examples()
def test_what_was_put_is_found(data: bytes, size: int) -> None:
    bits = bytearray(data) + bytearray(size)
    for room, sizes in ((bitstring, range(1, 17)), (token_list, token_list.SIZES)):
        if size in sizes:
            number = 8 * len(bits) // size - 1
            before = [room.value_at(bits, one, size) for one in range(number)]
            room.put(bits, number, (1 << size) - 1, size)
            assert room.value_at(bits, number, size) == (1 << size) - 1
            assert [room.value_at(bits, one, size) for one in range(number)] == before


@given(st.binary(max_size=4096))
@examples()
def test_a_list_survives_its_text(data: bytes) -> None:
    assert bitstring.decode(bitstring.encode(data)) == data
    assert token_list.decode(token_list.encode(data)) == data


@given(st.text(max_size=64) | st.binary(max_size=64).map(lambda data: "u" + bitstring.encode(data)[1:-3]))
@examples()
def test_any_text_is_a_list_or_the_one_error(text: str) -> None:
    for room in (bitstring, token_list):
        try:
            found = room.decode(text, 4096)
        except SaysoError:
            continue
        assert len(found) <= 4096


@given(st.dictionaries(st.sampled_from(NAMES), VALUES) | JSON, st.sampled_from(["credentialStatus", "status"]))
@examples()
def test_any_entry_is_read_or_refused_at_its_place(value: Json, member: str) -> None:
    for entry in entries({member: value}, member):
        _read_or_refused(entry, f"/{member}")


def _read_or_refused(entry: StatusEntry, member: str) -> None:
    found: list[Problem] = []
    try:
        assert (parse(entry) is None) is not entry.known
    except SaysoError as error:
        found.extend(error.problems)
    assert all(problem.pointer.startswith(entry.place) for problem in found)
    assert entry.place.startswith(member)


@given(st.binary(max_size=200) | JSON.map(str).map(str.encode))
@examples(500)
def test_whatever_is_served_as_a_list_leaves_the_status_open(body: bytes) -> None:
    assert look(CARD, Shelf(at={LIST: body})) == [(STATUS_VERIFICATION_ERROR, STATUS)]
    assert look(PID, Shelf(at={TOKEN: body})) == [(STATUS_VERIFICATION_ERROR, "/status/status_list")]


@given(st.integers(0), st.integers(0, 255))
@examples(500)
def test_a_token_that_was_changed_by_one_character_does_not_hold(place: int, character: int) -> None:
    body = bytearray(a_token())
    place %= len(body)
    changed = bytes(body[:place] + bytes([character]) + body[place + 1 :])
    expected = [] if changed == bytes(body) else [(STATUS_VERIFICATION_ERROR, "/status/status_list")]
    assert look(PID, Shelf(at={TOKEN: changed})) == expected
    assert look(CARD, GOOD[LIST]) == look(PID, GOOD[TOKEN]) == []
