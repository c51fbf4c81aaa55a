"""Read what a credential says about its status; nothing is fetched or verified here.

Source: VCDM 2.0, section 4.10; Bitstring Status List 1.0, section 2.1; Token Status List (draft 20), section 6.1; SD-JWT VC (draft 19),
section 2.2.2.2.
"""

from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from sayso.errors import MALFORMED_VALUE_ERROR, RANGE_ERROR, Problem, SaysoError, pointer
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject

BITSTRING = "BitstringStatusListEntry"
TOKEN = "status_list"  # noqa: S105 - a mechanism is called that
KNOWN = frozenset({BITSTRING, TOKEN})
"""The status mechanisms that this library knows by name: Bitstring Status List 1.0 and Token Status List."""

MAX_ENTRIES = 16
"""The most status entries of one credential: each may cost a retrieval."""

MAX_SIZE = 16
"""The most bits of one entry: it names a message for each value."""

_DIGITS = frozenset("0123456789")
_HEX_DIGITS = frozenset("0123456789ABCDEFabcdef")
_MOST_DIGITS = 18  # far beyond any list, and within what every machine counts


class StatusEntry(NamedTuple):
    """Name one status entry: its place as a JSON Pointer, its mechanism, None where it is malformed, and what it says."""

    place: str
    mechanism: str | None
    members: JsonObject = {}  # noqa: RUF012 - read only

    @property
    def known(self) -> bool:
        """Whether the mechanism is known; a malformed entry is none that anybody knows, but must not pass as unknown."""
        return self.mechanism is None or self.mechanism in KNOWN


class BitstringEntry(NamedTuple):
    """Point into a list of bits that is in a credential.

    Args:
        url: where the list is.
        number: which entry of the list it is, from 0: its index, a name that tuples have taken.
        purpose: what the value is about, such as "revocation".
        size: how many bits a value has.
        messages: what the values mean, where that is said.

    Source: Bitstring Status List 1.0, section 2.1 (BS-1 to BS-3).
    """

    url: str
    number: int
    purpose: str
    size: int
    messages: dict[int, str]


class TokenEntry(NamedTuple):
    """Point into a list that is in a status list token: the URL of the token, and which entry of the list it is, from 0.

    Source: Token Status List (draft 20), section 6.1 (TS-1).
    """

    url: str
    number: int


ListEntry: TypeAlias = BitstringEntry | TokenEntry


def entries(document: JsonObject, member: str) -> list[StatusEntry]:
    """List the status entries of a credential, which stand in `credentialStatus` or in the claim `status`.

    Source: VCDM 2.0, section 4.10 (DM-9: an object or an array of them, each with a type); Token Status List (draft 20), section 6.1 (an
    object with one member a mechanism).
    """
    if member == "status":
        return _mechanisms(document["status"]) if "status" in document else []
    found: list[StatusEntry] = []
    value = document.get(member)
    if isinstance(value, list):
        found = [_entry(pointer(member, index), entry) for index, entry in enumerate(value)]
    elif member in document:
        found = [_entry(pointer(member), value)]
    # Token Status List, section 6.1: the claim is for every JWT. VCDM 2.0 has no such term, so only what can mean nothing else is taken;
    # in an array it is malformed, and not something else.
    status = document.get("status")
    if any(isinstance(one, dict) and TOKEN in one for one in (status if isinstance(status, list) else [status])):
        found += _mechanisms(status)
    return found


def _mechanisms(value: Json) -> list[StatusEntry]:
    if not isinstance(value, dict) or not value:
        return [StatusEntry("/status", None)]
    found = [
        StatusEntry(pointer("status", name), name, entry) if isinstance(entry, dict) else StatusEntry(pointer("status", name), None)
        for name, entry in value.items()
    ]
    # Section 6.1: each mechanism tells the same status, and one that is known tells it.
    return [entry for entry in found if entry.known] if TOKEN in value else found


def _entry(place: str, entry: Json) -> StatusEntry:
    if not isinstance(entry, dict):
        return StatusEntry(place, None)
    kind = entry.get("type")
    if isinstance(kind, list) and len(kind) == 1:
        (kind,) = kind
    return StatusEntry(place, kind, entry) if isinstance(kind, str) else StatusEntry(place, None, entry)


def parse(entry: StatusEntry) -> ListEntry | None:
    """Read an entry; None for a mechanism that is not known.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for each member that is malformed, or RANGE_ERROR, at its place in the credential.
    """
    if not entry.known:
        return None
    if entry.mechanism is None:
        raise SaysoError(Problem(MALFORMED_VALUE_ERROR, "a status entry says what kind it is", entry.place))
    faults = _bitstring_faults(entry.members) if entry.mechanism == BITSTRING else _token_faults(entry.members)
    problems = [Problem(MALFORMED_VALUE_ERROR, rule, entry.place + pointer(name)) for name, rule in faults]
    if problems:
        raise SaysoError(*problems)
    return _bitstring_entry(entry) if entry.mechanism == BITSTRING else _token_entry(entry)


def _bitstring_faults(members: JsonObject) -> Iterator[tuple[str, str]]:
    # BS-1, BS-3 and BS-V7
    purpose, index = members.get("statusPurpose"), members.get("statusListIndex")
    url, identifier, size = members.get("statusListCredential"), members.get("id"), members.get("statusSize", 1)
    if not isinstance(purpose, str) or not purpose:
        yield "statusPurpose", "a purpose is one text"
    if not isinstance(index, str) or not _is_number(index):
        yield "statusListIndex", "an index is a text of digits, without a sign or zeros before it"
    if not _is_https(url):
        yield "statusListCredential", "a list has an https URL"
    if "id" in members and (not is_url(identifier) or identifier == url):
        yield "id", "the identifier of an entry is a URL, and not that of the list"
    if type(size) is not int or not 1 <= size <= MAX_SIZE:
        yield "statusSize", f"a value has from 1 to {MAX_SIZE} bits"
    elif ("statusMessage" in members or size > 1) and _messages(members.get("statusMessage"), size) is None:
        yield "statusMessage", "there is one message for each value that an entry of its size can have"


def _messages(value: Json, size: int) -> dict[int, str] | None:
    if not isinstance(value, list) or len(value) != 1 << size:
        return None
    found: dict[int, str] = {}
    for item in value:
        status, message = (item.get("status"), item.get("message")) if isinstance(item, dict) else (None, None)
        if not isinstance(status, str) or not isinstance(message, str) or not _is_hex(status):
            return None
        found[int(status, 16)] = message
    return found if found.keys() == set(range(1 << size)) else None


def _bitstring_entry(entry: StatusEntry) -> BitstringEntry:
    members = entry.members
    size = int(str(members.get("statusSize", 1)))
    text = str(members["statusListIndex"])
    if len(text) > _MOST_DIGITS:
        raise SaysoError(Problem(RANGE_ERROR, "the list has no such entry", entry.place + "/statusListIndex"))
    messages = _messages(members.get("statusMessage"), size) or {}
    return BitstringEntry(str(members["statusListCredential"]), int(text), str(members["statusPurpose"]), size, messages)


def _token_faults(members: JsonObject) -> Iterator[tuple[str, str]]:
    index = members.get("idx")
    if type(index) is not int or index < 0:
        yield "idx", "an index is an integer that is not negative"
    if not _is_https(members.get("uri")):
        yield "uri", "a list has an https URL"


def _token_entry(entry: StatusEntry) -> TokenEntry:
    return TokenEntry(str(entry.members["uri"]), int(str(entry.members["idx"])))


def _is_number(text: str) -> bool:
    return text != "" and _DIGITS.issuperset(text) and (text == "0" or text[0] != "0")


def _is_hex(text: str) -> bool:
    return text[:2] == "0x" and text[2:] != "" and _HEX_DIGITS.issuperset(text[2:])


def _is_https(url: Json) -> bool:
    # Whoever wrote the credential chooses what a verifier asks for: nothing but the web, and nobody between.
    return isinstance(url, str) and url.startswith("https://") and is_url(url)
