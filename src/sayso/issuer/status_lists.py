"""Write status entries and status lists, for each kind of list by the name that an issuer gives it."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.formats import SD_JWT_VC
from sayso.credentials.kinds import reading_of
from sayso.credentials.validity import format_date_time
from sayso.identifiers import MediaType
from sayso.issuer.documents import WAYS
from sayso.issuer.pen import Concealing, Pen, ProofChoices
from sayso.jsonvalue import Json, JsonObject
from sayso.status import bitstring, token_list
from sayso.storage.status_store import Change, Place, damaged

PURPOSES = ("revocation", "suspension", "refresh", "message")
"""What an entry can be for (Bitstring Status List 1.0, section 2.1: BS-2)."""


class Layout(NamedTuple):
    """Say what the lists of a book look like.

    Args:
        url: what the URL of each list begins with.
        purposes: what its entries are for.
        size: how many bits a message has, and in a token list every value.
        messages: what the values of a message mean, in their order.
        message_url: where more is told about them ("" for nowhere).
        entries: how many entries a list has.
        secured: the format in which a bitstring list is signed.
        ttl: how long a list may be kept by whoever retrieved it.
        valid_for: how long a list holds.
    """

    url: str
    purposes: tuple[str, ...]
    size: int
    messages: tuple[str, ...]
    message_url: str
    entries: int
    secured: str
    ttl: timedelta
    valid_for: timedelta

    def url_of(self, column: str, sheet: int) -> str:
        """Give the URL of a list; the first sheet has the number 1."""
        return f"{self.url}/{column}/{sheet + 1}"


class Signed(NamedTuple):
    """Hold the bytes of a list."""

    data: bytes
    media_type: MediaType


class ListKind(Protocol):
    """Write one kind of list."""

    def check(self, layout: Layout) -> None:
        """Refuse a layout that such lists cannot have.

        Raises:
            ValueError: with what they can.
        """
        ...

    def columns(self, layout: Layout) -> tuple[str, ...]:
        """Name the lists of a sheet."""
        ...

    def least_size(self, purposes: Collection[str], messages: Collection[str]) -> int:
        """Give the fewest bits that will do."""
        ...

    def change(self, purpose: str, value: int) -> Change:
        """Say where a value for a purpose is written, and what is written there."""
        ...

    def entry(self, layout: Layout, place: Place) -> JsonObject:
        """Write the members of a credential that name a place."""
        ...

    def format(self, layout: Layout) -> str:
        """Name the format of the credentials that may name a place of such lists."""
        ...

    def places(self, layout: Layout, document: JsonObject) -> Iterator[Place]:
        """Find the places that a credential names."""
        ...

    def write(self, pen: Pen, layout: Layout, place: tuple[str, int], values: Mapping[int, int], at: datetime) -> Signed:
        """Sign the list of a column and a sheet."""
        ...


class BitstringLists:
    """Write Bitstring Status Lists: a sheet has a list for each purpose, so that every value means one thing.

    Source: Bitstring Status List 1.0, sections 2.1, 2.2 and 3.1.
    """

    def check(self, layout: Layout) -> None:
        """Refuse what no list says."""
        if layout.secured not in WAYS or layout.secured == SD_JWT_VC.id:
            msg = f"secured is one of {', '.join(name for name in WAYS if name != SD_JWT_VC.id)}"
            raise ValueError(msg)
        # (BS-3) where a status has several bits, statusMessage has a message for every value
        if len(layout.messages) != (1 << layout.size if "message" in layout.purposes else 0):
            msg = "for the purpose message, and for no other, messages has 2 ** size texts"
            raise ValueError(msg)

    def columns(self, layout: Layout) -> tuple[str, ...]:
        """Name a list for each purpose."""
        return layout.purposes

    def least_size(self, purposes: Collection[str], messages: Collection[str]) -> int:  # noqa: ARG002 - as Protocol
        """Give the bits that so many messages need."""
        return max(1, (len(messages) - 1).bit_length())

    def change(self, purpose: str, value: int) -> Change:
        """Write in the list of the purpose."""
        return Change(purpose, value, closes=purpose == "revocation")

    def entry(self, layout: Layout, place: Place) -> JsonObject:
        """Write `credentialStatus`: one entry for each purpose, at the same index of each list (BS-1, BS-4)."""
        entries: list[Json] = [self._entry(layout, purpose, place) for purpose in layout.purposes]
        return {"credentialStatus": entries[0] if len(entries) == 1 else entries}

    def _entry(self, layout: Layout, purpose: str, place: Place) -> JsonObject:
        url = layout.url_of(purpose, place.sheet)
        entry: JsonObject = {
            "id": f"{url}#{place.position}",  # (BS-1) never the URL of the list itself
            "type": "BitstringStatusListEntry",
            "statusPurpose": purpose,
            "statusListIndex": str(place.position),
            "statusListCredential": url,
            "statusSize": self._size(layout, purpose),
        }
        if purpose == "message":
            entry["statusMessage"] = [{"status": hex(value), "message": text} for value, text in enumerate(layout.messages)]
            if layout.message_url:
                entry["statusReference"] = layout.message_url
        return entry

    def format(self, layout: Layout) -> str:
        """Give the one in which the lists are secured (BS-12)."""
        return layout.secured

    def places(self, layout: Layout, document: JsonObject) -> Iterator[Place]:
        """Read `credentialStatus`."""
        value = document.get("credentialStatus")
        for entry in value if isinstance(value, list) else [value]:
            if isinstance(entry, dict):
                index = entry.get("statusListIndex")
                yield from _place(layout, self.columns(layout), entry.get("statusListCredential"), index if isinstance(index, str) else "")

    def write(self, pen: Pen, layout: Layout, place: tuple[str, int], values: Mapping[int, int], at: datetime) -> Signed:
        """Sign a BitstringStatusListCredential (BS-5, BS-6), secured as the credentials are (BS-12)."""
        purpose, sheet = place
        url, size = layout.url_of(purpose, sheet), self._size(layout, purpose)
        bits = _packed(bitstring.put, layout.entries, size, values)
        document: JsonObject = {
            "@context": [CREDENTIALS_V2],
            "id": url,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": pen.identity.did,
            "validFrom": format_date_time(at),
            "validUntil": format_date_time(at + layout.valid_for),
            "credentialSubject": {
                "id": f"{url}#list",
                "type": "BitstringStatusList",
                "statusPurpose": purpose,
                "encodedList": bitstring.encode(bits),
                "ttl": layout.ttl // timedelta(milliseconds=1),  # (BS-5)
            },
        }
        signed = pen.write(document, layout.secured, reading_of(), Concealing(), ProofChoices())
        return Signed(signed.data, signed.media_type)

    def _size(self, layout: Layout, purpose: str) -> int:
        return layout.size if purpose == "message" else 1


class TokenLists:
    """Write Token Status Lists: a sheet is one list, whose values are the status of a credential.

    Source: Token Status List (draft 20), sections 4, 5.1, 6.1 and 7.1.
    """

    _COLUMN = "status"
    _VALUES = ({0: 0, 1: 1}, {0: 0, 1: 2})  # (TS-5) VALID and INVALID; VALID and SUSPENDED
    _OWN = (0x00, 0x03, 0x0C, 0x0D, 0x0E, 0x0F)  # (TS-5) what applications may define, and what takes it back

    def check(self, layout: Layout) -> None:
        """Refuse what no list says."""
        if "refresh" in layout.purposes or layout.messages or layout.message_url:
            msg = "a token list has no refresh, and does not say what a message means"
            raise ValueError(msg)
        if layout.size not in token_list.SIZES or layout.size < self.least_size(layout.purposes, ()):
            msg = "size is 1, 2, 4 or 8, and at least 2 for a suspension or a message"
            raise ValueError(msg)

    def columns(self, layout: Layout) -> tuple[str, ...]:  # noqa: ARG002 - as Protocol
        """Name the one list."""
        return (self._COLUMN,)

    def least_size(self, purposes: Collection[str], messages: Collection[str]) -> int:  # noqa: ARG002 - as Protocol
        """Give the bits of the greatest value that is written."""
        return 1 if {*purposes} == {"revocation"} else 2

    def change(self, purpose: str, value: int) -> Change:
        """Write the status type (TS-5).

        Raises:
            ValueError: it is none that an application may define.
        """
        if purpose == "message":
            if value not in self._OWN:
                msg = f"a message in a token list is one of {', '.join(map(str, self._OWN))}"
                raise ValueError(msg)
            return Change(self._COLUMN, value)
        return Change(self._COLUMN, self._VALUES[purpose == "suspension"][value], closes=purpose == "revocation")

    def entry(self, layout: Layout, place: Place) -> JsonObject:
        """Write `status` (TS-1)."""
        return {"status": {"status_list": {"idx": place.position, "uri": layout.url_of(self._COLUMN, place.sheet)}}}

    def format(self, layout: Layout) -> str:  # noqa: ARG002 - as Protocol
        """Give the one that has the claim `status`: VCDM 2.0 has no such term (SV-4)."""
        return SD_JWT_VC.id

    def places(self, layout: Layout, document: JsonObject) -> Iterator[Place]:
        """Read `status`."""
        status = document.get("status")
        named = status.get("status_list") if isinstance(status, dict) else None
        if isinstance(named, dict):
            index = named.get("idx")
            yield from _place(layout, self.columns(layout), named.get("uri"), str(index) if type(index) is int else "")

    def write(self, pen: Pen, layout: Layout, place: tuple[str, int], values: Mapping[int, int], at: datetime) -> Signed:
        """Sign a status list token (TS-2 to TS-4)."""
        bits = _packed(token_list.put, layout.entries, layout.size, values)
        issued = int(at.timestamp())
        payload: JsonObject = {
            "sub": layout.url_of(*place),
            "iat": issued,
            "exp": issued + layout.valid_for // timedelta(seconds=1),
            "ttl": layout.ttl // timedelta(seconds=1),
            "status_list": {"bits": layout.size, "lst": token_list.encode(bits)},
        }
        return Signed(pen.message("statuslist+jwt", payload), MediaType("application/statuslist+jwt"))


def _packed(put: Callable[[bytearray, int, int, int], None], entries: int, size: int, values: Mapping[int, int]) -> bytearray:
    bits = bytearray((entries * size + 7) // 8)
    try:
        for index, value in values.items():
            put(bits, index, value, size)
    except (IndexError, TypeError, ValueError):
        raise damaged() from None  # no value that was written through a book
    return bits


def _place(layout: Layout, columns: tuple[str, ...], url: Json, index: str) -> Iterator[Place]:
    """Read what a credential of this issuer says; what it says about other lists is none of this book."""
    start, _, sheet = url.rpartition("/") if isinstance(url, str) else ("", "", "")
    known = {f"{layout.url}/{column}" for column in columns}
    if start in known and re.fullmatch("[1-9][0-9]{0,8}", sheet) and re.fullmatch("0|[1-9][0-9]{0,11}", index):
        yield Place(int(sheet) - 1, int(index))


KINDS: dict[str, ListKind] = {"bitstring": BitstringLists(), "token": TokenLists()}
"""The kinds of lists that an issuer can name."""
