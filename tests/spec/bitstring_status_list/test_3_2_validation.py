"""Bitstring Status List 1.0, section 3.2: from an entry to the value in the list that it names, which is verified first."""

from datetime import timedelta
from typing import Any

import pytest

from sayso.dids import did_key
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    RANGE_ERROR,
    REVOKED,
    STATUS_LIST_LENGTH_ERROR,
    STATUS_NOT_VALID,
    STATUS_RETRIEVAL_ERROR,
    STATUS_VERIFICATION_ERROR,
    SUSPENDED,
    UNTRUSTED_ISSUER,
)
from sayso.jsonvalue import serialize
from sayso.status import bitstring
from sayso.status.results import StatusResult
from sayso.verification.expectations import ANYONE
from tests.spec.bitstring_status_list.lists import (
    LIST,
    NUMBER,
    STATUS,
    Shelf,
    a_card_with,
    a_list,
    a_subject,
    an_entry,
    bits_with,
    look,
    looked_up,
    report,
)
from tests.spec.data_integrity.documents import AT, JCS, RDFC, Document, a_card, asking, expecting, presented, secured
from tests.unit.proofs.tokens import CARD, ISSUER_DID, STRANGER, sd_jwt, token
from tests.unit.verification.proven import places

STRANGER_DID = did_key.did_of(STRANGER.public_key)
BROKEN = [(STATUS_VERIFICATION_ERROR, STATUS)]


def _messages(size: int) -> list[dict[str, str]]:
    return [{"status": f"0x{value:x}", "message": f"it is {value}"} for value in range(1 << size)]


def test_bs_v6_a_value_of_zero_is_valid() -> None:
    """BS-V6, BS-7: whatever stands around it."""
    shelf = Shelf(secured(a_list(a_subject(bits_with(NUMBER - 1, NUMBER + 1)))))
    found = report(a_card_with(), shelf)
    assert found.problems == ()
    assert found.statuses == (StatusResult("revocation", 0),)
    (asked,) = shelf.asked
    assert (asked.url, asked.accept) == (LIST, "application/vc")


@pytest.mark.parametrize(
    ("purpose", "kind"),
    [("revocation", REVOKED), ("suspension", SUSPENDED), ("moonlight", STATUS_NOT_VALID), ("status_list", STATUS_NOT_VALID)],
)
def test_bs_v6_any_other_value_refuses(purpose: str, kind: Any) -> None:
    """BS-2, BS-V6: decided, so also where a status that is not decided would pass."""
    subject = a_subject(bits_with(NUMBER), statusPurpose=purpose)
    for status in ("require", "waive"):
        assert looked_up(subject, an_entry(statusPurpose=purpose), status=status) == [(kind, STATUS)]
    assert looked_up(subject, an_entry(statusPurpose=purpose), status="ignore") == []
    assert kind.decided


@pytest.mark.parametrize("purpose", ["refresh", "message"])
def test_bs_2_some_purposes_refuse_nothing(purpose: str) -> None:
    """BS-2: they are told of."""
    entry = an_entry(statusPurpose=purpose, statusSize=2, statusMessage=_messages(2))
    shelf = Shelf(secured(a_list(a_subject(bits_with(NUMBER, size=2, value=3), statusPurpose=["revocation", purpose]))))
    found = report(a_card_with(entry), shelf)
    assert found.ok
    assert found.statuses == (StatusResult(purpose, 3, "it is 3"),)


def test_bs_8_values_of_more_bits() -> None:
    """BS-3, BS-8: the first bit is the most significant, and an entry may lie across bytes."""
    entry = an_entry(statusListIndex="5", statusSize=3, statusMessage=_messages(3))
    for value, expected in ((0, []), (1, [(REVOKED, STATUS)]), (4, [(REVOKED, STATUS)])):
        assert looked_up(a_subject(bits_with(5, size=3, value=value)), entry) == expected
    for neighbour in (4, 6):
        assert looked_up(a_subject(bits_with(neighbour, size=3, value=7)), entry) == []


def test_bs_4_several_entries() -> None:
    """BS-4: each is looked up, and a list that several name is retrieved once."""
    shelf = Shelf(secured(a_list(a_subject(bits_with(7), statusPurpose=["revocation", "suspension"]))))
    suspended = an_entry(statusPurpose="suspension", statusListIndex="7")
    assert look(a_card_with(an_entry(), suspended), shelf) == [(SUSPENDED, "/credentialStatus/1")]
    assert len(shelf.asked) == 1
    both = report(a_card_with(an_entry(), an_entry(statusPurpose="suspension")), shelf)
    assert [one.purpose for one in both.statuses] == ["revocation", "suspension"]


def test_bs_v1_a_list_that_is_not_to_be_had() -> None:
    """BS-V1: not decided, and asked for once."""
    shelf = Shelf()
    found = report(a_card_with(an_entry(), an_entry(statusListIndex="1")), shelf)
    assert places(found.problems) == [(STATUS_RETRIEVAL_ERROR, "/credentialStatus/0"), (STATUS_RETRIEVAL_ERROR, "/credentialStatus/1")]
    assert not found.decided
    assert len(shelf.asked) == 1
    waived = report(a_card_with(), shelf, status="waive")
    assert (waived.ok, waived.statuses) == (True, ())


def test_bs_v1_nothing_is_retrieved_for_what_does_not_hold() -> None:
    """TS-6, step 1: a forger makes nobody ask; nor does a credential of which something else is refused."""
    shelf = Shelf(secured(a_list()))
    forged = a_card_with().replace("Ada", "Bob")
    assert places(report(forged, shelf).problems) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]
    untrusted = report(a_card_with(), shelf, expecting(issuers=["did:example:other"]))
    assert places(untrusted.problems) == [(UNTRUSTED_ISSUER, "/issuer")]
    ended = report(a_card_with(validUntil="2020-01-01T00:00:00Z"), shelf)
    assert places(ended.problems) == [(RANGE_ERROR, "/validUntil")]
    assert report(a_card_with(an_entry(), {"type": "Other"}), shelf).problems
    assert shelf.asked == []


@pytest.mark.parametrize("suite", [JCS, RDFC])
def test_bs_12_a_list_is_secured_like_a_credential(suite: str) -> None:
    """BS-12: by any mechanism; none is better than another here."""
    for number, expected in ((1, []), (NUMBER, [(REVOKED, STATUS)])):
        subject = a_subject(bits_with(number))
        assert look(a_card_with(), Shelf(secured(a_list(subject), suite))) == expected
        jwt = token(a_list(subject), typ="vc+jwt").encode()
        assert look(a_card_with(), Shelf(at={LIST: jwt})) == expected
        hiding = sd_jwt(token(a_list(subject), typ="vc+sd-jwt")).encode()
        assert look(a_card_with(), Shelf(at={LIST: hiding})) == expected


def test_bs_v2_a_list_that_does_not_hold() -> None:
    """BS-V2: its proof, its window, and whatever else a credential must keep to; the place is that of the entry."""
    good = secured(a_list())
    broken: list[Document] = [
        {**good, "credentialSubject": a_subject(bits_with(1))},
        {**good, "validUntil": "2020-01-01T00:00:00Z"},
        secured(a_list(validUntil="2026-11-21T11:00:00Z")),
        secured(a_list(validFrom="2026-11-21T13:00:00Z")),
        secured(a_list(), purpose="authentication"),
        a_list(),
        presented(good),
    ]
    for one in broken:
        found = report(a_card_with(), Shelf(at={LIST: _bytes(one)}))
        assert places(found.problems) == BROKEN
        assert not found.decided
        assert report(a_card_with(), Shelf(at={LIST: _bytes(one)}), status="waive").ok
    for body in (b"", b"<html>", b"{}", b"[]", b"\xff", token(CARD, typ="vc+jwt").encode()):
        assert look(a_card_with(), Shelf(at={LIST: body})) == BROKEN
    assert look(a_card_with(), Shelf(good)) == []
    several = report(a_card_with(an_entry(), an_entry(statusListIndex="1")), Shelf(at={LIST: b"{}"}))
    assert places(several.problems) == [
        (STATUS_VERIFICATION_ERROR, "/credentialStatus/0"),
        (STATUS_VERIFICATION_ERROR, "/credentialStatus/1"),
    ]


def _bytes(document: Document) -> bytes:
    return serialize(document).encode()


def test_bs_5_who_may_sign_a_list() -> None:
    """BS-5: the issuer of the credential, or whom the verifier names; then nobody else, the issuer neither."""
    own, other = Shelf(secured(a_list())), Shelf(secured(a_list(issuer=STRANGER_DID), signer=STRANGER))
    assert (look(a_card_with(), own), look(a_card_with(), other)) == ([], BROKEN)
    # To be trusted as an issuer is not enough.
    assert look(a_card_with(), other, issuers=[ISSUER_DID, STRANGER_DID]) == BROKEN
    assert look(a_card_with(), other, issuers=ANYONE) == BROKEN
    assert look(a_card_with(), other, status_issuers=[STRANGER_DID]) == []
    assert look(a_card_with(), own, status_issuers=[STRANGER_DID]) == BROKEN
    for shelf in (own, other):
        assert look(a_card_with(), shelf, status_issuers=ANYONE) == []
        assert look(a_card_with(), shelf, status_issuers=[STRANGER_DID, ISSUER_DID]) == []
    in_its_name = Shelf(secured(a_list(), signer=STRANGER))
    assert look(a_card_with(), in_its_name, status_issuers=ANYONE) == BROKEN


def test_bs_v3_a_list_of_another_purpose() -> None:
    """BS-V3: a list that is not about it says nothing about it."""
    set_for_another = a_subject(bits_with(NUMBER), statusPurpose="suspension")
    assert looked_up(set_for_another) == BROKEN
    assert looked_up(a_subject(statusPurpose=["suspension", "refresh"])) == BROKEN
    assert looked_up(a_subject(statusPurpose=["suspension", "revocation"])) == []


def test_bs_v4_a_list_in_which_nobody_hides() -> None:
    """BS-V4: counted in entries, so a list of larger entries is longer."""
    most = bitstring.MIN_ENTRIES
    short = [(STATUS_LIST_LENGTH_ERROR, STATUS)]
    entry, two_bits = an_entry(statusListIndex="0"), an_entry(statusListIndex="0", statusSize=2, statusMessage=_messages(2))
    assert looked_up(a_subject(bits_with(entries=most - 8)), entry) == short
    assert looked_up(a_subject(bits_with(entries=8)), an_entry(statusListIndex="9")) == short
    assert looked_up(a_subject(bits_with(entries=most)), entry) == []
    assert looked_up(a_subject(bits_with(entries=2 * most - 8)), two_bits) == short
    assert looked_up(a_subject(bits_with(entries=2 * most)), two_bits) == []
    assert not STATUS_LIST_LENGTH_ERROR.decided


def test_bs_v5_an_entry_that_the_list_does_not_have() -> None:
    """BS-V5: the last there is, and the one behind it."""
    most = bitstring.MIN_ENTRIES
    assert looked_up(a_subject(), an_entry(statusListIndex=str(most - 1))) == []
    for index in (most, 10**17):
        assert looked_up(a_subject(), an_entry(statusListIndex=str(index))) == [(RANGE_ERROR, STATUS)]
    assert looked_up(a_subject(), an_entry(statusListIndex="9" * 99)) == [(RANGE_ERROR, f"{STATUS}/statusListIndex")]
    sized = an_entry(statusListIndex=str(most // 2), statusSize=2, statusMessage=_messages(2))
    assert looked_up(a_subject(bits_with(entries=2 * most)), sized) == []


def test_a_list_is_as_long_as_is_accepted() -> None:
    """The limit is one of the list itself, and of what is retrieved for it."""
    shelf = Shelf(secured(a_list()))
    assert look(a_card_with(), shelf, max_status_list_bytes=16384) == []
    assert look(a_card_with(), shelf, max_status_list_bytes=16383) == BROKEN
    assert shelf.asked[-1].max_bytes == 16383 * 16 // 9 + 64 * 1024


def test_the_status_of_a_list_is_not_looked_up() -> None:
    """There would be no end; and a list that says that it may be revoked is not one that holds."""
    other = an_entry(statusListCredential="https://city.example/lists/2")
    policies: list[dict[str, Any]] = [{}, {"unknown_status": "ignore"}, {"status": "waive"}]
    for options in policies:
        shelf = Shelf(secured(a_list(credentialStatus=other)))
        assert look(a_card_with(), shelf, **options) == ([] if "status" in options else BROKEN)
        assert len(shelf.asked) == 1
    itself = Shelf(secured(a_list(credentialStatus=an_entry())))
    assert look(a_card_with(), itself) == BROKEN


def test_each_credential_of_a_presentation() -> None:
    """One list for all of them is retrieved once, and each is told of at its place."""
    first, second = secured(a_card(credentialStatus=an_entry())), secured(a_card(credentialStatus=an_entry(statusListIndex="7")))
    shelf = Shelf(secured(a_list(a_subject(bits_with(7)))))
    found = report(_text(presented(first, second)), shelf, asking(credentials=2))
    assert places(found.problems) == [(REVOKED, "/verifiableCredential/1/credentialStatus")]
    assert len(shelf.asked) == 1
    good = report(_text(presented(first)), shelf, asking())
    assert [one.statuses for one in good.parts["verifiableCredential"]] == [(StatusResult("revocation", 0),)]


def _text(document: Document) -> str:
    return _bytes(document).decode()


def test_a_list_that_is_too_old() -> None:
    """BS-5: how fresh a list must be is the verifier's to say, and one that does not say how old it is, is not fresh."""
    shelf = Shelf(secured(a_list(validFrom="2026-11-21T11:00:00Z")))
    assert look(a_card_with(), shelf, max_status_age=timedelta(hours=1)) == []
    assert look(a_card_with(), shelf, max_status_age=timedelta(minutes=59)) == BROKEN
    assert look(a_card_with(), Shelf(secured(a_list())), max_status_age=timedelta(days=999)) == BROKEN
    assert report(a_card_with(), shelf, at=AT + timedelta(days=99)).ok
