"""Read what a credential says about its status; nothing is fetched or verified here.

Source: VCDM 2.0, section 4.10; Token Status List (draft 20), section 6.1; SD-JWT VC (draft 19), section 2.2.2.2.
"""

from typing import NamedTuple

from sayso.errors import pointer
from sayso.jsonvalue import Json, JsonObject

KNOWN = frozenset({"BitstringStatusListEntry", "status_list"})
"""The status mechanisms that this library knows by name: Bitstring Status List 1.0 and Token Status List."""


class StatusEntry(NamedTuple):
    """Name one status entry: its place as a JSON Pointer, and its mechanism, None where it is malformed."""

    place: str
    mechanism: str | None

    @property
    def known(self) -> bool:
        """Whether the mechanism is known; a malformed entry is none that anybody knows, but must not pass as unknown."""
        return self.mechanism is None or self.mechanism in KNOWN


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
        found = [StatusEntry(pointer(member, index), _type(entry)) for index, entry in enumerate(value)]
    elif member in document:
        found = [StatusEntry(pointer(member), _type(value))]
    # Token Status List, section 6.1: the claim is for every JWT. VCDM 2.0 has no such term, so only what can mean nothing else is taken.
    status = document.get("status")
    if isinstance(status, dict) and "status_list" in status:
        found += _mechanisms(status)
    return found


def _mechanisms(value: Json) -> list[StatusEntry]:
    if not isinstance(value, dict) or not value:
        return [StatusEntry("/status", None)]
    return [StatusEntry(pointer("status", name), name if isinstance(entry, dict) else None) for name, entry in value.items()]


def _type(entry: Json) -> str | None:
    kind = entry.get("type") if isinstance(entry, dict) else None
    if isinstance(kind, list) and len(kind) == 1:
        kind = kind[0]
    return kind if isinstance(kind, str) else None
