"""An issuer writes the entries and the lists of Bitstring Status List 1.0 (BS-1 to BS-8, BS-12)."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import Expectations, StatusBook, verify
from sayso.credentials.validity import format_date_time
from sayso.testing.world import START
from tests.journeys.town import Town, town
from tests.unit.issuer.status_reading import URL, bits, by_url, header, members, opened, said, values

FORMATS = ("vc+sd-jwt", "vc+jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022")


@pytest.fixture(scope="module")
def there() -> Town:
    return town()


def _book(there: Town, **options: Any) -> StatusBook:
    return opened(there.city, **options)


def test_bs_1_an_entry(there: Town) -> None:
    entry = _book(there, purposes=["revocation"]).allocate()
    index = entry.place.position
    assert entry.members == {
        "credentialStatus": {
            "id": f"{URL}/revocation/1#{index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(index),
            "statusListCredential": f"{URL}/revocation/1",
            "statusSize": 1,
        }
    }


@pytest.mark.parametrize("format", FORMATS)
def test_bs_4_an_entry_for_each_purpose(there: Town, format: str) -> None:
    book = _book(there, purposes=["revocation", "suspension", "refresh"], secured=format)
    entries = said(there.issue(format=format, status=book))["credentialStatus"]
    assert [entry["statusPurpose"] for entry in entries] == ["revocation", "suspension", "refresh"]
    assert len({entry["statusListIndex"] for entry in entries}) == 1
    assert [entry["statusListCredential"] for entry in entries] == [
        f"{URL}/{purpose}/1" for purpose in ("revocation", "suspension", "refresh")
    ]


def test_bs_4_indexes_are_at_random(there: Town) -> None:
    book = _book(there)
    indexes = [book.allocate().place.position for _ in range(100)]
    assert len({*indexes}) == 100
    assert indexes != sorted(indexes)
    assert max(indexes) - min(indexes) > 60_000, "they are spread over the list"


@pytest.mark.parametrize("format", FORMATS)
def test_bs_5_a_list_is_a_credential_of_its_issuer(there: Town, format: str) -> None:
    book = _book(there, purposes=["suspension"], secured=format, ttl=timedelta(minutes=1), valid_for=timedelta(hours=2))
    (published,) = book.publish()
    document = said(published)
    assert published.url == document["id"] == f"{URL}/suspension/1"
    assert document["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    assert document["issuer"] == there.city.did
    assert document["validFrom"] == format_date_time(START)
    assert document["validUntil"] == format_date_time(START + timedelta(hours=2))
    subject = document["credentialSubject"]
    assert {**subject, "encodedList": ""} == {
        "id": f"{URL}/suspension/1#list",
        "type": "BitstringStatusList",
        "statusPurpose": "suspension",
        "encodedList": "",
        "ttl": 60_000,
    }


@pytest.mark.parametrize("format", FORMATS)
def test_bs_12_a_list_is_secured_as_its_credentials_are(there: Town, format: str) -> None:
    book = _book(there, secured=format)
    card = there.issue(format=format, status=book)
    (published, _) = book.publish()
    assert published.media_type == card.media_type
    expected = Expectations(
        issuers=[there.city.did], holder_binding=False, cryptosuites=(format,) if "eddsa" in format else ("eddsa-jcs-2022",)
    )
    verified = verify(published.data, expected, at=START)
    assert verified.issuer == there.city.did
    if "eddsa" in format:
        assert said(published)["proof"]["cryptosuite"] == format
    else:
        assert (header(published)["typ"], header(published)["kid"].split("#")[0]) == (format, there.city.did)


@pytest.mark.parametrize("format", [*FORMATS, "dc+sd-jwt"])
def test_bs_12_a_book_goes_with_one_format(there: Town, format: str) -> None:
    book = _book(there, secured="vc+jwt")
    if format == "vc+jwt":
        there.issue(format=format, status=book)
        return
    with pytest.raises(ValueError, match=r"the lists of this book are for vc\+jwt; for .* open another book"):
        there.issue(format=format, status=book)
    with pytest.raises(ValueError, match=r"the lists of this book are for vc\+jwt"):
        there.issue(format=format, status=book.allocate())
    assert book.herd()[0].given == 1, "what is refused costs no entry"


def test_bs_7_the_bits(there: Town) -> None:
    book = _book(there, purposes=["revocation"])
    assert bits(book.publish()[0]) == bytes(16_384)
    entry = book.allocate()
    book.revoke(entry)
    found = bits(book.publish()[0])
    assert len(found) == 16_384
    assert int.from_bytes(found) == 1 << (131_071 - entry.place.position), "bit 0 is left-most"


def test_bs_2_and_bs_8_each_purpose_has_its_list(there: Town) -> None:
    book = _book(there, purposes=["revocation", "suspension", "refresh", "message"], messages=["a", "b", "c", "d"])
    cards = {name: book.allocate(name) for name in ("revoked", "suspended", "stale", "noted", "fine")}
    book.revoke("revoked")
    book.suspend("suspended")
    book.refresh("stale")
    book.set_message("noted", 2)
    lists = by_url(book.publish())
    at = {name: entry.place.position for name, entry in cards.items()}
    assert {url: values(one, 2 if url == "message/1" else 1) for url, one in lists.items()} == {
        "revocation/1": {at["revoked"]: 1},
        "suspension/1": {at["suspended"]: 1},
        "refresh/1": {at["stale"]: 1},
        "message/1": {at["noted"]: 2},
    }
    book.reinstate("suspended")
    book.set_message("noted", 0)
    lists = by_url(book.publish())
    assert (values(lists["suspension/1"]), values(lists["message/1"], 2)) == ({}, {})


@pytest.mark.parametrize("format", ["eddsa-rdfc-2022", "vc+sd-jwt"])
def test_bs_3_a_message_says_what_each_value_means(there: Town, format: str) -> None:
    book = _book(there, purposes=["message"], messages=["new", "seen", "late", "-"], message_url="https://city.example/m", secured=format)
    entry = said(there.issue(format=format, status=book))["credentialStatus"]
    assert entry["statusSize"] == 2
    assert entry["statusMessage"][:3] == [
        {"status": "0x0", "message": "new"},
        {"status": "0x1", "message": "seen"},
        {"status": "0x2", "message": "late"},
    ]
    assert entry["statusReference"] == "https://city.example/m"
    assert len(bits(book.publish()[0])) == 2 * 16_384, "the herd is as large as with one bit"


def test_bs_3_messages_without_a_page_about_them(there: Town) -> None:
    entry = members(_book(there, purposes=["message"], messages=["no", "yes"]).allocate())
    assert "statusReference" not in entry
    assert entry["statusSize"] == 1
