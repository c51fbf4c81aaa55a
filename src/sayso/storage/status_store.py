"""Keep status books: which places of published lists were handed out, to whom, and what stands there. Nothing is signed here."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock
from typing import NamedTuple, Protocol, runtime_checkable

from sayso.errors import REVOKED_FOR_GOOD, STORE_UNREACHABLE, UNKNOWN_STATUS_ENTRY, SaysoError
from sayso.identifiers import MediaType
from sayso.storage.scattering import KEY_BYTES, scatter


class Terms(NamedTuple):
    """Say what never changes in a book.

    Args:
        format: how its lists are written.
        columns: what a sheet has for each place: every column of a sheet is published as a list of its own.
        size: how many bits the values of a place have at most.
        entries: how many places a sheet has.
        issuer: the DID that signs its lists, and no other.
    """

    format: str
    columns: tuple[str, ...]
    size: int
    entries: int
    issuer: str


class Place(NamedTuple):
    """Name one place of a book: its sheet, and the index that its entry has in each list of the sheet."""

    sheet: int
    position: int


class Change(NamedTuple):
    """Say what is written in a place: the value of a column, and whether nothing is written there ever after."""

    column: str
    value: int
    closes: bool = False


class Snapshot(NamedTuple):
    """Hold what stood in a sheet at one instant: by column, the values that are not zero. A later snapshot has a greater version."""

    version: int
    values: Mapping[str, Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class PublishedList:
    """Hold a signed list as it is served.

    Args:
        url: where it is served.
        data: its bytes.
        media_type: what they are.
        version: is greater the later its values were read; no list is replaced by one with a smaller version.
    """

    url: str
    data: bytes = field(repr=False)
    media_type: MediaType
    version: int


@runtime_checkable
class StatusStore(Protocol):
    """Keep status books by their URL.

    Every method is atomic, also between processes that share the store; and what one did lasts from the moment that it returns, whatever
    happens to the process. Every method but `open`, `keep` and `kept` is given the URL of a book that was opened.
    """

    def open(self, url: str, terms: Terms, key: bytes) -> None:
        """Open the book, or begin it, with this key to scatter its places.

        Raises:
            ValueError: it was begun with other terms.
        """
        ...

    def allocate(self, url: str, reference: str | None) -> Place:
        """Hand out a place that nobody was given before: any of the last sheet's, each as likely as the other."""
        ...

    def allocated(self, url: str) -> int:
        """Count the places that were handed out: all of every sheet but the last."""
        ...

    def places(self, url: str, reference: str) -> tuple[Place, ...]:
        """Give the places that were handed out under a reference, none where there are none."""
        ...

    def change(self, url: str, places: Collection[Place], change: Change) -> None:
        """Write a value in all of these places, or in none.

        Raises:
            SaysoError: UNKNOWN_STATUS_ENTRY, one of them was never handed out; REVOKED_FOR_GOOD, one of them is closed, and this
                is not what closed it.
        """
        ...

    def snapshot(self, url: str, sheet: int) -> Snapshot:
        """Read a sheet: every change that returned before, and no half of one."""
        ...

    def keep(self, lists: Iterable[PublishedList]) -> None:
        """Keep these lists, each in place of the one at its URL, unless that one has a greater version."""
        ...

    def kept(self, url: str) -> PublishedList | None:
        """Give the list of this URL, None where there is none."""
        ...


def place_of(key: bytes, number: int, entries: int) -> Place:
    """Give the place of the number-th allocation of a book. Each sheet has an order of its own."""
    sheet, within = divmod(number, entries)
    return Place(sheet, scatter(blake2b(sheet.to_bytes(8), digest_size=KEY_BYTES, key=key, person=b"sheet").digest(), within, entries))


def unknown_entry() -> SaysoError:
    """Make the error of a place that was never handed out."""
    return SaysoError.of(UNKNOWN_STATUS_ENTRY, "this book never gave such an entry")


def closed_entry() -> SaysoError:
    """Make the error of a place in which nothing is written any more."""
    return SaysoError.of(REVOKED_FOR_GOOD, "a revocation is irreversible, and nothing is written about it afterwards")


def damaged() -> SaysoError:
    """Make the error of a book in which something stands that no store writes."""
    return SaysoError.of(STORE_UNREACHABLE, "what is kept is damaged")


def check_terms(begun: Terms, asked: Terms) -> None:
    """Refuse to open a book with other terms than it was begun with.

    Raises:
        ValueError: with the terms that it has.
    """
    if begun != asked:
        msg = f"the book at this URL was begun with other terms: {begun}"
        raise ValueError(msg)


class _Book:
    """Hold one book in memory."""

    def __init__(self, terms: Terms, key: bytes) -> None:
        self.terms = terms
        self.key = key
        self.allocated = 0
        self.version = 0
        self.given: set[Place] = set()
        self.closed: set[Place] = set()
        self.references: defaultdict[str, list[Place]] = defaultdict(list)
        self.values: defaultdict[tuple[int, str], dict[int, int]] = defaultdict(dict)

    def value(self, place: Place, column: str) -> int:
        return self.values[place.sheet, column].get(place.position, 0)


class MemoryStatusStore:
    """Keep status books in memory: safe between threads, and gone with the process."""

    def __init__(self) -> None:
        """Begin with no book."""
        self._lock = Lock()
        self._books: dict[str, _Book] = {}
        self._lists: dict[str, PublishedList] = {}

    def open(self, url: str, terms: Terms, key: bytes) -> None:
        """Open the book, or begin it, as `StatusStore.open`."""
        with self._lock:
            check_terms(self._books.setdefault(url, _Book(terms, key)).terms, terms)

    def allocate(self, url: str, reference: str | None) -> Place:
        """Hand out a place that nobody was given before."""
        with self._lock:
            book = self._books[url]
            place = place_of(book.key, book.allocated, book.terms.entries)
            book.allocated += 1
            book.given.add(place)
            if reference is not None:
                book.references[reference].append(place)
            return place

    def allocated(self, url: str) -> int:
        """Count the places that were handed out."""
        with self._lock:
            return self._books[url].allocated

    def places(self, url: str, reference: str) -> tuple[Place, ...]:
        """Give the places that were handed out under a reference."""
        with self._lock:
            return tuple(self._books[url].references.get(reference, ()))

    def change(self, url: str, places: Collection[Place], change: Change) -> None:
        """Write a value in all of these places, or in none, as `StatusStore.change`."""
        with self._lock:
            book = self._books[url]
            if not book.given.issuperset(places):
                raise unknown_entry()
            if any(place in book.closed and not (change.closes and book.value(place, change.column) == change.value) for place in places):
                raise closed_entry()
            for place in places:
                book.values[place.sheet, change.column][place.position] = change.value
            if change.closes:
                book.closed.update(places)

    def snapshot(self, url: str, sheet: int) -> Snapshot:
        """Read a sheet."""
        with self._lock:
            book = self._books[url]
            book.version += 1
            values = {
                column: {index: value for index, value in book.values[sheet, column].items() if value} for column in book.terms.columns
            }
            return Snapshot(book.version, values)

    def keep(self, lists: Iterable[PublishedList]) -> None:
        """Keep these lists, each in place of an older one."""
        with self._lock:
            for one in lists:
                if one.url not in self._lists or self._lists[one.url].version < one.version:
                    self._lists[one.url] = one

    def kept(self, url: str) -> PublishedList | None:
        """Give the list of this URL, None where there is none."""
        with self._lock:
            return self._lists.get(url)
