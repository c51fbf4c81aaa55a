"""Every store of status books hands out each place once, writes all or nothing, and keeps the newest list."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from sayso.errors import REVOKED_FOR_GOOD, UNKNOWN_STATUS_ENTRY, ProblemType, SaysoError
from sayso.identifiers import MediaType
from sayso.storage.scattering import KEY_BYTES
from sayso.storage.status_store import Change, Place, PublishedList, StatusStore, Terms

URL = "https://city.example/status"
TERMS = Terms("bitstring", ("revocation", "suspension"), 1, 10, "did:example:city")
KEY = bytes(range(KEY_BYTES))
REVOKE = Change("revocation", 1, closes=True)


@pytest.fixture
def book(store: StatusStore) -> StatusStore:
    store.open(URL, TERMS, KEY)
    return store


def _refusal(store: StatusStore, places: list[Place], change: Change) -> ProblemType:
    with pytest.raises(SaysoError) as refused:
        store.change(URL, places, change)
    (problem,) = refused.value.problems
    return problem.kind


def test_it_is_a_store(store: StatusStore) -> None:
    assert isinstance(store, StatusStore)


def test_a_full_sheet_opens_the_next(book: StatusStore) -> None:
    given = [book.allocate(URL, None) for _ in range(25)]
    assert [place.sheet for place in given] == [0] * 10 + [1] * 10 + [2] * 5
    for sheet in (0, 1):
        assert sorted(place.position for place in given if place.sheet == sheet) == list(range(10))
    assert len({*given}) == book.allocated(URL) == 25
    assert [place.position for place in given[:10]] != [place.position for place in given[10:20]], "each sheet has an order of its own"


def test_a_book_stays_what_it_was_begun_as(book: StatusStore) -> None:
    first = book.allocate(URL, None)
    book.open(URL, TERMS, bytes(KEY_BYTES))
    assert book.allocate(URL, None) != first, "another key would begin the order anew"
    for other in (
        TERMS._replace(format="token"),
        TERMS._replace(columns=("revocation",)),
        TERMS._replace(size=2),
        TERMS._replace(entries=11),
        TERMS._replace(issuer="did:example:other"),
    ):
        with pytest.raises(ValueError, match="begun with other terms"):
            book.open(URL, other, KEY)


def test_books_do_not_meet(book: StatusStore) -> None:
    other = URL + "/2"
    book.open(other, TERMS, KEY)
    place = book.allocate(URL, "card")
    assert book.allocate(other, "card") == place
    book.change(URL, [place], REVOKE)
    assert book.snapshot(other, 0).values == {"revocation": {}, "suspension": {}}
    book.change(other, [place], Change("suspension", 1))
    assert book.snapshot(URL, 0).values["suspension"] == {}
    assert (book.places(other, "card"), book.places(other, "none")) == ((place,), ())


def test_a_reference_names_every_place_that_it_was_given_for(book: StatusStore) -> None:
    named = [book.allocate(URL, "card"), book.allocate(URL, "card")]
    book.allocate(URL, None)
    book.allocate(URL, "other")
    assert {*book.places(URL, "card")} == {*named}
    assert len(book.places(URL, "card")) == 2


def test_a_value_is_written_and_taken_back(book: StatusStore) -> None:
    place = book.allocate(URL, None)
    book.change(URL, [place], Change("suspension", 1))
    assert book.snapshot(URL, 0).values == {"revocation": {}, "suspension": {place.position: 1}}
    book.change(URL, [place], Change("suspension", 0))
    assert book.snapshot(URL, 0).values == {"revocation": {}, "suspension": {}}


def test_what_closes_is_written_for_good(book: StatusStore) -> None:
    place, other = book.allocate(URL, None), book.allocate(URL, None)
    book.change(URL, [place], REVOKE)
    book.change(URL, [place], REVOKE)
    for change in (
        Change("revocation", 0),
        Change("revocation", 0, closes=True),
        Change("revocation", 1),
        Change("suspension", 0),
        Change("suspension", 1, closes=True),
    ):
        assert _refusal(book, [place], change) is REVOKED_FOR_GOOD
    book.change(URL, [other], Change("suspension", 1))
    assert book.snapshot(URL, 0).values == {"revocation": {place.position: 1}, "suspension": {other.position: 1}}


def test_all_or_nothing_is_written(book: StatusStore) -> None:
    places = [book.allocate(URL, None) for _ in range(3)]
    unknown = next(Place(0, position) for position in range(10) if Place(0, position) not in places)
    assert _refusal(book, [*places, unknown], REVOKE) is UNKNOWN_STATUS_ENTRY
    for sheet, position in ((7, 0), (0, 2**63), (2**63, 0), (0, 2**64), (0, -1), (-(2**64), 0)):
        assert _refusal(book, [places[0], Place(sheet, position)], REVOKE) is UNKNOWN_STATUS_ENTRY
    book.change(URL, places[2:], REVOKE)
    assert _refusal(book, places, Change("suspension", 1)) is REVOKED_FOR_GOOD
    assert book.snapshot(URL, 0).values == {"revocation": {places[2].position: 1}, "suspension": {}}
    book.change(URL, places[:2], Change("suspension", 1))


def test_a_later_snapshot_has_a_greater_version(book: StatusStore) -> None:
    place = book.allocate(URL, None)
    versions = [book.snapshot(URL, 0).version, book.snapshot(URL, 1).version]
    book.change(URL, [place], REVOKE)
    versions.append(book.snapshot(URL, 0).version)
    assert versions == sorted({*versions})


def test_an_older_list_never_takes_the_place_of_a_newer(store: StatusStore) -> None:
    def one(version: int, name: str = "/1") -> PublishedList:
        return PublishedList(URL + name, bytes([version]), MediaType("application/vc"), version)

    assert store.kept(URL + "/1") is None
    for kept in (one(2), one(1), PublishedList(URL + "/1", b"x", MediaType("application/vc"), 2)):
        store.keep([kept])
        assert store.kept(URL + "/1") == one(2)
    store.keep([one(1, "/2"), one(3)])
    assert (store.kept(URL + "/1"), store.kept(URL + "/2")) == (one(3), one(1, "/2"))
    store.keep([])


def test_threads_share_it(book: StatusStore) -> None:
    with ThreadPoolExecutor(4) as threads:
        given = list(threads.map(lambda number: book.allocate(URL, str(number)), range(40)))
    assert len({*given}) == 40
    assert all(book.places(URL, str(number)) == (place,) for number, place in enumerate(given))
