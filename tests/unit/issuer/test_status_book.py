"""A status book changes what it gave, for who may change it, and publishes what stands in it."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso import Credential, Issuer, MemoryStatusStore, PublishedList, SaysoError, SeedSigner, SqlStatusStore, StatusBook, Wallet
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, REVOKED_FOR_GOOD, UNKNOWN_STATUS_ENTRY, UNTRUSTED_ISSUER, ProblemType
from sayso.issuer.status_book import Herd
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys import multikey
from sayso.proofs.jose import jws
from sayso.retrieval import Retrieved
from sayso.storage.status_store import Snapshot
from tests.journeys.town import YEAR, Town, town
from tests.unit.issuer.status_reading import URL, by_url, members, opened, said, values

DAY = timedelta(days=1)


@pytest.fixture
def there() -> Town:
    return town()


@pytest.fixture
def book(there: Town) -> StatusBook:
    return there.city.status_book(MemoryStatusStore(), url=URL)


def _refusal(change: Any, target: Any) -> ProblemType:
    with pytest.raises(SaysoError) as refused:
        change(target)
    return refused.value.problems[0].kind


def _revoked(book: StatusBook) -> set[int]:
    return {*values(by_url(book.publish())["revocation/1"])}


def _index(card: Credential) -> int:
    return int(said(card)["credentialStatus"][0]["statusListIndex"])


def test_a_credential_is_revoked_by_itself(there: Town, book: StatusBook) -> None:
    card, other = there.issue(status=book), there.issue(status=book)
    book.revoke(card)
    assert _revoked(book) == {_index(card)} != {_index(other)}


def test_a_credential_that_has_ended_is_revoked_too(there: Town, book: StatusBook) -> None:
    card = there.issue(status=book, valid_for=DAY)
    there.world.clock.turn(YEAR)
    book.revoke(card)
    assert _revoked(book) == {_index(card)}


def test_a_credential_is_revoked_by_reference(there: Town, book: StatusBook) -> None:
    cards = [there.issue(status=book.allocate("Ada's")) for _ in range(2)]
    there.issue(status=book.allocate("another"))
    book.revoke("Ada's")
    assert _revoked(book) == {_index(card) for card in cards}


def test_credentials_that_share_an_entry_share_what_becomes_of_it(there: Town, book: StatusBook) -> None:
    """One entry is for one credential; nobody counts how often an issuer puts it in."""
    entry = book.allocate()
    first, second = there.issue(status=entry), there.issue(status=entry)
    book.revoke(first)
    assert _revoked(book) == {_index(first)} == {_index(second)}


class _Taken:
    """Be an entry that somebody took from a credential of another."""

    def __init__(self, card: Credential) -> None:
        self._members = {"credentialStatus": said(card)["credentialStatus"]}

    def members_for(self, format: str, document: JsonObject) -> JsonObject:
        assert format not in document
        return self._members


def test_nobody_else_decides_whose_entry_a_credential_names(there: Town, book: StatusBook) -> None:
    card = there.issue(status=book)
    forged = Issuer.generate().issue({"a": 1}, type="Card", holder=there.holder, valid_for=DAY, status=_Taken(card))
    assert _refusal(book.revoke, forged) is UNTRUSTED_ISSUER
    header, payload, rest = card.data.decode().split(".")
    damaged = Credential(f"{header}.{payload}.{'A' * 86}{rest[86:]}".encode(), card.media_type)
    assert _refusal(book.revoke, damaged) is CRYPTOGRAPHIC_SECURITY_ERROR
    assert _revoked(book) == set()


@pytest.mark.parametrize("honest", ["both", "signer", "issuer"])
def test_the_issuer_that_is_named_is_the_one_that_signed(there: Town, book: StatusBook, honest: str) -> None:
    card = there.issue(status=book)
    stranger = SeedSigner(bytes(range(32)))
    other = Issuer(stranger).did
    signer, did = (stranger, other) if honest == "issuer" else (there.city_key, there.city.did)
    document = {**said(card), "issuer": other if honest == "signer" else there.city.did}
    header: JsonObject = {"alg": "EdDSA", "typ": "vc+sd-jwt", "cty": "vc", "kid": f"{did}#{did.removeprefix('did:key:')}"}
    token = Credential(f"{jws.sign(jws.protect(header), document, signer)}~".encode(), card.media_type)
    if honest == "both":
        book.revoke(token)
        assert _revoked(book) == {_index(card)}
        return
    assert _refusal(book.revoke, token) is UNTRUSTED_ISSUER
    assert _revoked(book) == set()


def test_a_presentation_is_no_credential(there: Town, book: StatusBook) -> None:
    wallet = Wallet(clock=there.world.clock)
    wallet.add_key(there.city_key)
    card = wallet.store(there.issue(format="eddsa-jcs-2022", holder=there.city.did))
    presented = wallet.presentation(card, audience=None, nonce=None)
    assert _refusal(book.revoke, Credential(presented.data, presented.media_type)) is UNTRUSTED_ISSUER


def test_an_entry_belongs_to_its_book(book: StatusBook) -> None:
    assert _refusal(book.revoke, replace(book.allocate(), book=URL + "/2")) is UNKNOWN_STATUS_ENTRY


def test_revocation_is_irreversible_and_suspension_is_not(book: StatusBook) -> None:
    entry = book.allocate("card")
    for change in (book.suspend, book.reinstate, book.suspend, book.revoke, book.revoke):
        change(entry)
    lists = by_url(book.publish())
    assert values(lists["revocation/1"]) == values(lists["suspension/1"]) == {entry.place.position: 1}
    for change in (book.reinstate, book.suspend):
        assert _refusal(change, entry) is REVOKED_FOR_GOOD


def test_what_the_book_never_gave(there: Town, book: StatusBook) -> None:
    elsewhere = there.city.status_book(MemoryStatusStore(), url=URL + "/2")
    unused = there.city.status_book(MemoryStatusStore(), url=URL)
    for target in ("nobody", elsewhere.allocate(), unused.allocate(), there.issue(), there.issue(status=elsewhere)):
        assert _refusal(book.revoke, target) is UNKNOWN_STATUS_ENTRY
    assert _refusal(book.revoke, there.issue(format="dc+sd-jwt")) is UNKNOWN_STATUS_ENTRY


ODD: list[Any] = [
    None,
    5,
    [5],
    {},
    {"statusListCredential": f"{URL}/revocation/1", "statusListIndex": 0},
    {"statusListCredential": f"{URL}/revocation/1", "statusListIndex": "00"},
    {"statusListCredential": f"{URL}/revocation/1", "statusListIndex": "-1"},
    {"statusListCredential": f"{URL}/revocation/0", "statusListIndex": "0"},
    {"statusListCredential": f"{URL}/revocation/01", "statusListIndex": "0"},
    {"statusListCredential": f"{URL}/message/1", "statusListIndex": "0"},
    {"statusListCredential": "revocation/1", "statusListIndex": "0"},
    {"statusListCredential": ["x"], "statusListIndex": "0"},
]


@pytest.mark.parametrize("entry", ODD)
def test_entries_that_name_nothing_here(book: StatusBook, entry: Any) -> None:
    assert [*book._kind.places(book._layout, {"credentialStatus": entry})] == []  # noqa: SLF001 - no door signs such a thing


@pytest.mark.parametrize(
    "status", [None, [], {"status_list": []}, {"status_list": {}}, {"status_list": {"uri": f"{URL}/status/1", "idx": True}}]
)
def test_claims_that_name_nothing_here(there: Town, status: Any) -> None:
    book = there.city.status_book(MemoryStatusStore(), url=URL, format="token")
    assert [*book._kind.places(book._layout, {"status": status})] == []  # noqa: SLF001 - no door signs such a thing


def test_a_token_list_recognises_its_credentials(there: Town) -> None:
    book = there.city.status_book(MemoryStatusStore(), url=URL, format="token")
    card = there.issue(format="dc+sd-jwt", status=book)
    book.suspend(card)
    assert values(book.publish()[0], 2) == {said(card)["status"]["status_list"]["idx"]: 2}


def test_rows_have_entries_of_their_own(there: Town, book: StatusBook) -> None:
    row = {"claims": {"a": 1}, "type": "Card", "holder": there.holder, "valid_for": DAY, "status": book}
    cards = [card for card in there.city.issue_many([row] * 3) if isinstance(card, Credential)]  # type: ignore[list-item]
    assert len({_index(card) for card in cards}) == 3


def test_an_entry_cannot_be_changed(book: StatusBook) -> None:
    with pytest.raises(TypeError):
        book.allocate().members["credentialStatus"] = {}


def test_lists_are_kept_to_be_served(book: StatusBook) -> None:
    assert book.published(f"{URL}/revocation/1") is None
    lists = book.publish()
    assert [book.published(one.url) for one in lists] == [*lists]
    assert {one.version for one in lists} == {1}
    assert {one.version for one in book.publish()} == {2}
    assert book.url == URL


@pytest.mark.parametrize("url", ["", "x", "\ud800", f"{URL}/revocation/\ud800", "a\0b", f"{URL}/revocation/2", f"{URL}/revocation/1?x"])
def test_whatever_is_asked_for_there_is_a_list_or_none(there: Town, tmp_path: Path, url: str) -> None:
    store = SqlStatusStore(tmp_path / "status.db")
    book = there.city.status_book(store, url=URL)
    book.publish()
    assert book.published(url) is None
    store.close()


class _Slow(MemoryStatusStore):
    """Be a store in which somebody else publishes between the moment a sheet is read and the moment its list is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.other: StatusBook | None = None

    def snapshot(self, url: str, sheet: int) -> Snapshot:
        found = super().snapshot(url, sheet)
        if self.other:
            other, self.other = self.other, None
            other.revoke("card")
            other.publish()
        return found


def test_a_list_that_was_read_earlier_does_not_replace_one_that_was_read_later(there: Town) -> None:
    store = _Slow()
    book = there.city.status_book(store, url=URL, purposes=["revocation"])
    entry = book.allocate("card")
    store.other = book
    (published,) = book.publish()
    assert values(published) == {entry.place.position: 1}, "what is given is what is kept"
    kept = book.published(published.url)
    assert kept == published
    assert published.version == 2


def test_a_book_is_its_issuers(there: Town) -> None:
    """Another who shares the store would publish lists over it that nobody accepts."""
    store = MemoryStatusStore()
    book = there.city.status_book(store, url=URL)
    published = book.publish()
    with pytest.raises(ValueError, match="begun with other terms"):
        Issuer.generate().status_book(store, url=URL)
    assert [book.published(one.url) for one in published] == [*published]


def test_the_issuer_is_the_same_with_another_key() -> None:
    did = "did:web:city.example"
    signers = [SeedSigner(bytes([number] * 32)) for number in range(2)]
    keys: list[Json] = [
        {"id": f"{did}#{number}", "type": "Multikey", "controller": did, "publicKeyMultibase": multikey.encode(signer.public_key)}
        for number, signer in enumerate(signers)
    ]
    document = serialize({"id": did, "verificationMethod": keys, "assertionMethod": [f"{did}#0", f"{did}#1"]}).encode()
    first, second = (Issuer(signer, did, fetch=lambda _: Retrieved(document, "application/did")) for signer in signers)
    store = MemoryStatusStore()
    entry = first.status_book(store, url=URL).allocate("card")
    book = second.status_book(store, url=URL)
    book.revoke("card")
    assert values(by_url(book.publish())["revocation/1"]) == {entry.place.position: 1}


def test_a_full_list_opens_the_next(there: Town, tmp_path: Path) -> None:
    path = tmp_path / "status.db"
    store = SqlStatusStore(path)
    book = there.city.status_book(store, url=URL, purposes=["revocation"])
    assert book.herd() == (Herd(1, 131_072, 0),)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE sayso_status_books SET allocated = 131071")
    connection.close()
    last, first = book.allocate("last"), book.allocate("first")
    assert book.herd() == (Herd(1, 131_072, 131_072), Herd(2, 131_072, 1))
    book.revoke("first")
    assert {url: [*values(one)] for url, one in by_url(book.publish()).items()} == {
        "revocation/1": [],
        "revocation/2": [first.place.position],
    }
    assert members(first)["statusListCredential"] == f"{URL}/revocation/2"
    card = there.issue(status=first)
    book.revoke(card)
    book.revoke(last)
    store.close()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"format": "cwt"}, "format is one of bitstring, token"),
        ({"url": "http://city.example/status"}, "url begins with https://"),
        ({"url": "https://city.example/status/"}, "no / at its end"),
        ({"url": "https://city.example/status?x"}, "no query"),
        ({"url": "https://city.example/status#x"}, "no fragment"),
        ({"url": "https:// "}, "url begins"),
        ({"url": "https://"}, "url begins"),
        ({"url": "http://localhost.example/x"}, "url begins"),
        ({"url": "http://localhost/x"}, "url begins"),
        ({"purposes": []}, "purposes are of revocation, suspension, refresh, message"),
        ({"purposes": ["revocation", "revocation"]}, "each named once"),
        ({"purposes": ["death"]}, "purposes are of"),
        ({"purposes": ["message"]}, r"messages has 2 \*\* size texts"),
        ({"purposes": ["message"], "messages": ["a", "b", "c"]}, r"messages has 2 \*\* size texts"),
        ({"messages": ["a", "b"]}, "for the purpose message, and for no other"),
        ({"message_url": "x"}, "message_url is a URL"),
        ({"entries": 131_071}, "entries is a number from 131072 to 4194304"),
        ({"entries": 4_194_305}, "entries is a number from 131072 to 4194304"),
        ({"size": 0}, "size is a number from 1 to 8"),
        ({"size": 9}, "size is a number from 1 to 8"),
        ({"secured": "dc+sd-jwt"}, r"secured is one of vc\+sd-jwt, vc\+jwt"),
        ({"secured": "x"}, "secured is one of"),
        ({"ttl": timedelta(milliseconds=999)}, "ttl is at least a second"),
        ({"ttl": 2 * DAY}, "at most valid_for"),
        ({"valid_for": timedelta(days=367)}, "which is at most 366 days"),
        ({"format": "token", "purposes": ["refresh"]}, "a token list has no refresh"),
        ({"format": "token", "messages": ["a", "b"]}, "does not say what a message means"),
        ({"format": "token", "message_url": URL}, "does not say what a message means"),
        ({"format": "token", "size": 1}, "at least 2 for a suspension"),
        ({"format": "token", "size": 3}, "size is 1, 2, 4 or 8"),
    ],
)
def test_what_no_book_can_be(there: Town, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        opened(there.city, **options)


@pytest.mark.parametrize(
    "options",
    [{"purposes": "revocation"}, {"messages": [5]}, {"entries": 2e5}, {"size": True}, {"ttl": 60}, {"valid_for": 60}, {"nothing": 1}],
)
def test_what_is_no_option(there: Town, options: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        opened(there.city, **options)


def test_the_edges_of_a_list(there: Town) -> None:
    book = there.city.status_book(
        MemoryStatusStore(), url=URL, purposes=["revocation"], entries=4_194_304, ttl=DAY, valid_for=timedelta(days=366)
    )
    book.revoke(book.allocate())
    assert len(values(book.publish()[0])) == 1


def test_what_is_no_store(there: Town) -> None:
    with pytest.raises(TypeError, match="store is a StatusStore, not dict"):
        there.city.status_book({}, url=URL)  # type: ignore[arg-type]


@pytest.mark.parametrize("reference", ["", "x" * 1025, "a\0b", "\ud800"])
def test_what_is_no_reference(book: StatusBook, reference: str) -> None:
    for use in (book.allocate, book.revoke):
        with pytest.raises(ValueError, match=r"reference|surrogate"):
            use(reference)


def test_a_long_reference(book: StatusBook) -> None:
    book.allocate("x" * 1024)
    book.revoke("x" * 1024)


@pytest.mark.parametrize("target", [None, b"x", 5, ("x",)])
def test_what_is_no_target(book: StatusBook, target: Any) -> None:
    with pytest.raises(TypeError, match="a text that you refer to a credential by, a StatusEntry or a Credential, not"):
        book.revoke(target)


def test_a_purpose_that_the_book_is_not_for(there: Town) -> None:
    book = there.city.status_book(MemoryStatusStore(), url=URL, purposes=["revocation"])
    entry = book.allocate()
    for change in (book.suspend, book.reinstate, book.refresh):
        with pytest.raises(ValueError, match="this book is for revocation, and not for"):
            change(entry)
    with pytest.raises(ValueError, match="this book is for revocation, and not for message"):
        book.set_message(entry, 1)


def test_a_message_is_a_number_that_means_something(there: Town) -> None:
    book = there.city.status_book(MemoryStatusStore(), url=URL, purposes=["message"], messages=["a", "b", "c", "d"])
    entry = book.allocate()
    for message in (-1, 4):
        with pytest.raises(ValueError, match="a message is a number from 0 to 3"):
            book.set_message(entry, message)
    wrong: list[Any] = [True, "1", None, 1.0]
    for message in wrong:
        with pytest.raises(TypeError, match="a message is a number, not"):
            book.set_message(entry, message)
    book.set_message(entry, 3)


@pytest.mark.parametrize("status", [5, "x", {}, MemoryStatusStore()])
def test_what_is_no_status(there: Town, status: Any) -> None:
    with pytest.raises(TypeError, match="status is a status book or one of its entries, not"):
        there.issue(status=status)


def test_a_published_list_shows_what_it_is(book: StatusBook) -> None:
    assert repr(PublishedList(URL, b"secret", book.publish()[0].media_type, 3)) == (
        f"PublishedList(url='{URL}', media_type='application/vc+sd-jwt', version=3)"
    )
