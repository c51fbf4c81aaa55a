"""Who may sign the list of a credential, and what is asked for to see that they did."""

import hashlib
from typing import Any

from sayso.dids import did_key
from sayso.jsonvalue import serialize
from sayso.status import token_list
from sayso.verification.doors import examine
from tests.spec.bitstring_status_list.lists import (
    BROKEN,
    DOCUMENT,
    LIST,
    TOKEN,
    WEB,
    Shelf,
    a_card_with,
    a_list,
    a_pid_with,
    a_token,
    an_entry,
    document_of_the_web,
    look,
    report,
)
from tests.spec.data_integrity.documents import AT, a_card, expecting, secured
from tests.unit.proofs.tokens import PID, STRANGER, sd_jwt, token

STRANGER_DID = did_key.did_of(STRANGER.public_key)


def test_the_list_is_that_of_whom_the_credential_names() -> None:
    """Not of who signed it, where that may be another."""
    card = serialize(secured(a_card(credentialStatus=an_entry()), signer=STRANGER))
    anyone: dict[str, Any] = {"issuer_binding": False, "status_issuers": None}
    assert look(card, Shelf(secured(a_list())), **anyone) == []
    assert look(card, Shelf(secured(a_list(issuer=STRANGER_DID), signer=STRANGER)), **anyone) == BROKEN


def test_a_mechanism_that_nobody_knows_says_nothing() -> None:
    found = report(a_card_with({"id": "urn:x", "type": "Other"}), Shelf(), unknown_status="ignore")
    assert found.ok
    assert found.statuses == ()


def test_the_document_of_an_issuer_is_asked_for_once() -> None:
    """For the credential and for the token alike."""
    pid = sd_jwt(token({**PID, "iss": WEB, "status": {"status_list": {"idx": 412, "uri": TOKEN}}}, kid=WEB + "#1"))
    shelf = Shelf(at={TOKEN: a_token(header={"kid": WEB + "#1"}), DOCUMENT: document_of_the_web()})
    assert look(pid, shelf, issuers=[WEB]) == []
    assert [one.url for one in shelf.asked] == [DOCUMENT, TOKEN]


def test_a_token_may_be_longer_than_a_credential() -> None:
    """A million entries that nothing makes shorter are longer than what else is read."""
    body = a_token(token_list.encode(bytes(1) + hashlib.shake_256(b"chance").digest(1_300_000)))
    assert len(body) > 2_000_000
    assert look(a_pid_with(idx=3), Shelf(at={TOKEN: body})) == []


def test_what_a_list_is_asked_for_as() -> None:
    shelf = Shelf(secured(a_list()), at={TOKEN: a_token()})
    for data in (a_card_with(), a_pid_with()):
        assert examine(data, expecting(), at=AT, fetch=shelf).ok
    assert [(one.url, one.accept, one.reason) for one in shelf.asked] == [
        (LIST, "application/vc", "the status list of the credential"),
        (TOKEN, "application/statuslist+jwt", "the status list of the credential"),
    ]
