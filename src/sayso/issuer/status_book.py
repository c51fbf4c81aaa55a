"""Keep a status book: hand out entries, change what stands there, and publish it."""

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias, Unpack

from sayso.clock import Clock
from sayso.credentials.wire import Credential
from sayso.identifiers import is_url
from sayso.issuer.pen import Pen
from sayso.issuer.recognising import recognised
from sayso.issuer.status_layout import check_goes_with, laid_out, reference_of
from sayso.issuer.status_lists import KINDS, Layout
from sayso.issuer.status_options import BookOptions
from sayso.jsonvalue import FrozenObject, JsonObject, freeze
from sayso.retrieval import Fetch, drive
from sayso.storage.status_store import Place, PublishedList, StatusStore, Terms, unknown_entry


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Hold an entry that was handed out, for one credential.

    Args:
        book: the URL of its book.
        place: where it is.
        format: the format of the credentials that may name it.
        members: what such a credential says: `credentialStatus`, or `status`.
    """

    book: str
    place: Place
    format: str
    members: FrozenObject

    def members_for(self, format: str, document: JsonObject) -> JsonObject:
        """Give the members to add to a credential of this format.

        Raises:
            ValueError: such a credential cannot have them.
        """
        check_goes_with(self.format, format, self.members, document)
        return self.members


@dataclass(frozen=True, slots=True)
class Herd:
    """Tell among how many a holder hides: of the `entries` of a list, those that were `given` to a credential.

    Args:
        number: which of the book's lists, from 1.
        entries: how many entries it has.
        given: how many of them were handed out.
    """

    number: int
    entries: int
    given: int


class Desk(NamedTuple):
    """Hold what a book needs of its issuer: the key that signs lists, a clock, and what answers where a DID document must be retrieved."""

    pen: Pen
    clock: Clock
    fetch: Fetch


Target: TypeAlias = "str | StatusEntry | Credential"
"""What a change is about: the reference that its entries were handed out under, an entry, or a credential of this issuer."""


class StatusBook:
    """Say which credentials of an issuer still hold.

    Made by `Issuer.status_book`. Safe to share between threads; processes share its store.
    """

    def __init__(self, desk: Desk, store: StatusStore, kind: str, layout: Layout, key: bytes) -> None:
        """Open the book in a store, or begin it there."""
        self._desk = desk
        self._store = store
        self._kind = KINDS[kind]
        self._layout = layout
        # What it says stays readable by what was handed out before, so it never changes; and a list that another signs counts for nothing.
        columns, did = self._kind.columns(layout), desk.pen.identity.did
        self._store.open(layout.url, Terms(kind, columns, layout.size, layout.entries, did), key)

    @property
    def url(self) -> str:
        """What the URL of each of its lists begins with."""
        return self._layout.url

    def allocate(self, reference: str | None = None) -> StatusEntry:
        """Hand out an entry that no credential had before, and none will have after.

        It is one of the whole list, at random, and lasts before it is handed out.

        Args:
            reference: what you will revoke it by, such as the number of a card; several entries may share one. It is kept in the store as
                it is, and never published.

        Raises:
            TypeError, ValueError: the reference is no text.
            SaysoError: STORE_UNREACHABLE; perhaps an entry is lost then, which nobody will have.
        """
        if reference is not None:
            reference = reference_of(reference)
        place = self._store.allocate(self.url, reference)
        return StatusEntry(self.url, place, self._kind.format(self._layout), freeze(self._kind.entry(self._layout, place)))

    def members_for(self, format: str, document: JsonObject) -> JsonObject:
        """Give the members to add to a credential of this format: those of an entry that nobody had before.

        Raises:
            ValueError: such a credential cannot have them.
            SaysoError: as `allocate`.
        """
        example = self._kind.entry(self._layout, Place(0, 0))
        check_goes_with(self._kind.format(self._layout), format, example, document)
        return self.allocate().members

    def revoke(self, target: Target) -> None:
        """Revoke for good; once more changes nothing.

        Raises:
            TypeError: the target is none.
            ValueError: the book has no such purpose.
            SaysoError: UNKNOWN_STATUS_ENTRY, the book gave no such entry; the credential is not one that this issuer signed;
                STORE_UNREACHABLE.
        """
        self._set(target, "revocation", 1)

    def suspend(self, target: Target) -> None:
        """Suspend until it is reinstated.

        Raises:
            TypeError, ValueError, SaysoError: as `revoke`; and REVOKED_FOR_GOOD.
        """
        self._set(target, "suspension", 1)

    def reinstate(self, target: Target) -> None:
        """End a suspension.

        Raises:
            TypeError, ValueError, SaysoError: as `suspend`.
        """
        self._set(target, "suspension", 0)

    def refresh(self, target: Target) -> None:
        """Say that an updated credential can be had; this one still holds, and nothing takes it back (BS-2).

        Raises:
            TypeError, ValueError, SaysoError: as `suspend`.
        """
        self._set(target, "refresh", 1)

    def set_message(self, target: Target, message: int) -> None:
        """Set the message, by its number; 0 takes it back in a token list, where a suspension stands in the same place.

        Raises:
            TypeError, ValueError: as `revoke`; or there is no such message.
            SaysoError: as `suspend`.
        """
        if type(message) is not int:
            msg = f"a message is a number, not {type(message).__name__}"
            raise TypeError(msg)
        if not 0 <= message < 1 << self._layout.size:
            msg = f"a message is a number from 0 to {(1 << self._layout.size) - 1}"
            raise ValueError(msg)
        self._set(target, "message", message)

    def publish(self) -> tuple[PublishedList, ...]:
        """Sign every list as it stands now, keep each in the store unless a newer one is there, and give those that are there.

        Call it after changes and before `valid_for` is over. Two who publish at once are in no danger: the values are read at one instant,
        and a list that was read earlier never takes the place of one that was read later.

        Raises:
            SaysoError: STORE_UNREACHABLE; then nothing is kept of it.
        """
        sheets = max(1, -(-self._store.allocated(self.url) // self._layout.entries))
        signed = [one for sheet in range(sheets) for one in self._sheet(sheet)]
        self._store.keep(signed)
        return tuple(self._store.kept(one.url) or one for one in signed)

    def _sheet(self, sheet: int) -> list[PublishedList]:
        version, values = self._store.snapshot(self.url, sheet)
        lists: list[PublishedList] = []
        for column in self._kind.columns(self._layout):
            data, media_type = self._kind.write(self._desk.pen, self._layout, (column, sheet), values[column], self._desk.clock())
            lists.append(PublishedList(self._layout.url_of(column, sheet), data, media_type, version))
        return lists

    def published(self, url: str) -> PublishedList | None:
        """Give the list to serve at this URL; None where none was published, whatever was asked for."""
        return self._store.kept(url) if is_url(url) else None

    def herd(self) -> tuple[Herd, ...]:
        """Tell, for each list, among how many a holder hides. The herd of a list that was just begun is small."""
        given, entries = self._store.allocated(self.url), self._layout.entries
        full, rest = divmod(given, entries)
        counts = [entries] * full + ([rest] if rest or not full else [])
        return tuple(Herd(number, entries, count) for number, count in enumerate(counts, 1))

    def _set(self, target: Target, purpose: str, value: int) -> None:
        if purpose not in self._layout.purposes:
            msg = f"this book is for {', '.join(self._layout.purposes)}, and not for {purpose}"
            raise ValueError(msg)
        change = self._kind.change(purpose, value)
        places = self._places(target)
        if not places:
            raise unknown_entry()
        self._store.change(self.url, places, change)

    def _places(self, target: Target) -> tuple[Place, ...]:
        if isinstance(target, StatusEntry):
            return (target.place,) if target.book == self.url else ()
        if isinstance(target, Credential):
            document = drive(recognised(target.data, self._desk.pen.identity.did, self._desk.clock()), self._desk.fetch)
            return tuple(dict.fromkeys(self._kind.places(self._layout, document)))
        return self._store.places(self.url, reference_of(target))


def opened(desk: Desk, store: StatusStore, key: bytes, **options: Unpack[BookOptions]) -> StatusBook:
    """Open a book, or begin it with this key.

    Raises:
        TypeError, ValueError: no such book can be.
        SaysoError: STORE_UNREACHABLE.
    """
    kind, layout = laid_out(**options)
    if not isinstance(store, StatusStore):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"store is a StatusStore, not {type(store).__name__}"
        raise TypeError(msg)
    return StatusBook(desk, store, kind, layout, key)
