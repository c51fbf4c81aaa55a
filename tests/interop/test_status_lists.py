"""Status lists of others are read here, and ours by them: openvc-core, Digital Bazaar's and that of sd-jwt-js."""

from datetime import timedelta
from typing import Any

import pytest
from openvc.keys import Ed25519SigningKey
from openvc.status import bitstring as their_bits
from openvc.status import token_status_list as their_tokens
from openvc.status.issue import build_status_list_credential, build_status_list_token, verify_status_list_token
from openvc.status.status_list import check_credential_status

from sayso.errors import REVOKED
from sayso.keys import jwk
from sayso.status import bitstring, token_list
from tests.interop.javascript import Peer
from tests.spec.bitstring_status_list.lists import (
    LIST,
    NUMBER,
    STATUS,
    TOKEN,
    Shelf,
    a_card_with,
    a_list,
    a_pid_with,
    a_subject,
    a_token,
    an_entry,
    bits_with,
    look,
    said_by,
)
from tests.spec.data_integrity.documents import AT, a_card, secured
from tests.unit.proofs.tokens import ISSUER, ISSUER_DID, ISSUER_KID, NOW, token

ASKED = [0, 7, 8, 412, NUMBER - 1, NUMBER, bitstring.MIN_ENTRIES - 1]
SET = [7, NUMBER, bitstring.MIN_ENTRIES - 1]
IS_SET = [int(number in SET) for number in ASKED]
TOKEN_PLACE = "/status/status_list"  # noqa: S105 - a place


def _values(size: int) -> list[int]:
    return [(number * 37 + 5) % (1 << size) for number in range(1024)]


def _ours(size: int) -> str:
    bits = bytearray(128 * size)
    for number, value in enumerate(_values(size)):
        token_list.put(bits, number, value, size)
    return token_list.encode(bits)


def _both_ways(unsigned: dict[str, Any]) -> None:
    """Read a list credential of a peer, which we sign: an entry that is set refuses, another one does not."""
    shelf = Shelf(secured({**unsigned, "issuer": ISSUER_DID}))
    assert look(a_card_with(), shelf) == [(REVOKED, STATUS)]
    assert look(a_card_with(an_entry(statusListIndex="0")), shelf) == []


def test_openvc_reads_our_bits_and_we_read_theirs() -> None:
    bits = their_bits.decode_bitstring(bits_with(*SET))
    assert [their_bits.get_status_bit(bits, number) for number in ASKED] == IS_SET
    theirs = their_bits.new_bitstring(bitstring.MIN_ENTRIES)
    for number in SET:
        their_bits.set_status_bit(theirs, number, 1)
    assert bitstring.decode(their_bits.encode_bitstring(bytes(theirs))) == bitstring.decode(bits_with(*SET))
    _both_ways(build_status_list_credential(id=LIST, issuer=ISSUER_DID, bitstring=theirs, valid_from=AT - timedelta(hours=1)))


@pytest.mark.parametrize(("number", "revoked"), [(NUMBER, True), (0, False)])
def test_openvc_checks_a_credential_of_ours(number: int, revoked: bool) -> None:
    card = a_card(credentialStatus=an_entry(statusListIndex=str(number)))
    found = check_credential_status(card, resolve_status_list=lambda _: secured(a_list(a_subject(bits_with(*SET)))))
    assert found.revoked is revoked


@pytest.mark.parametrize("size", token_list.SIZES)
def test_openvc_reads_our_tokens_and_we_read_theirs(size: int) -> None:
    claims = verify_status_list_token(
        a_token(_ours(size), size).decode(), public_key_jwk=dict(jwk.encode(ISSUER.public_key)), expected_uri=TOKEN, now=AT
    )
    bits = their_tokens.decode_status_list(claims["status_list"]["lst"])
    assert [their_tokens.get_status(bits, number, bits=size) for number in range(1024)] == _values(size)
    theirs = their_tokens.new_status_list(1024, bits=size)
    for number, value in enumerate(_values(size)):
        their_tokens.set_status(theirs, number, value, bits=size)
    assert token_list.decode(their_tokens.encode_status_list(bytes(theirs))) == token_list.decode(_ours(size))


@pytest.mark.parametrize(("value", "expected"), [(0, []), (1, [(REVOKED, TOKEN_PLACE)])])
def test_we_verify_a_token_that_openvc_signed(value: int, expected: list[Any]) -> None:
    bits = their_tokens.new_status_list(1024, bits=2)
    their_tokens.set_status(bits, 412, value, bits=2)
    key = Ed25519SigningKey.from_jwk(jwk.encode_private(ISSUER.export_seed()), ISSUER_KID)
    body = build_status_list_token(signing_key=key, uri=TOKEN, status_list=bits, bits=2, issued_at=NOW, expires=NOW + 3600, ttl=300)
    assert said_by(body.encode(), a_pid_with()) == expected


def test_digital_bazaar_reads_our_bits_and_we_read_theirs(js: Peer) -> None:
    assert js.ask("status-read-bits", encodedList=bits_with(*SET), asked=ASKED) == IS_SET
    theirs = js.ask("status-make-credential", id=LIST, length=bitstring.MIN_ENTRIES, set=SET, purpose="revocation")
    assert bitstring.decode(theirs["credentialSubject"]["encodedList"]) == bitstring.decode(bits_with(*SET))
    _both_ways(theirs)


@pytest.mark.parametrize("size", token_list.SIZES)
def test_sd_jwt_js_reads_our_tokens_and_we_read_theirs(js: Peer, size: int) -> None:
    assert js.ask("status-read-token", token=a_token(_ours(size), size).decode(), asked=[*range(1024)]) == _values(size)
    made = js.ask(
        "status-make-token",
        values=_values(size),
        bits=size,
        claims={"iss": ISSUER_DID, "sub": TOKEN, "iat": NOW},
        header={"alg": "EdDSA", "typ": "statuslist+jwt", "kid": ISSUER_KID},
    )
    assert token_list.decode(made["payload"]["status_list"]["lst"]) == token_list.decode(_ours(size))
    body = token(made["payload"], **made["header"]).encode()
    values = _values(size)
    assert said_by(body, a_pid_with(idx=values.index(0))) == []
    assert said_by(body, a_pid_with(idx=values.index(1))) == [(REVOKED, TOKEN_PLACE)]
