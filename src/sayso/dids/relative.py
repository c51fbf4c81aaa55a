"""Find what a document names, and make its relative names absolute.

Source: DID 1.1, section 3.2.2 (Relative DID URLs); Controlled Identifiers 1.0, section 2.2 (CID-4).
"""

from collections.abc import Iterator

from sayso.dids.document import RELATIONSHIPS
from sayso.jsonvalue import Json, JsonObject

_DEFINING = ("verificationMethod", *RELATIONSHIPS, "service")


def absolute(did: str, reference: str) -> str:
    """Give the DID URL that a reference in a document of the DID stands for."""
    return did + reference if reference.startswith(("#", "?", "/")) else reference


def named(members: JsonObject, did: str, url: str) -> JsonObject | None:
    """Find the verification method or the service of a DID URL, also one that is embedded in a relationship."""
    for member in _defined(members):
        if isinstance(name := member.get("id"), str) and absolute(did, name) == url:
            return member
    return None


def _defined(members: JsonObject) -> Iterator[JsonObject]:
    for name in _DEFINING:
        array = members.get(name)
        yield from (member for member in (array if isinstance(array, list) else ()) if isinstance(member, dict))


def expanded(members: JsonObject, did: str) -> JsonObject:
    """Give a document in which the ids of methods and services, and the references to methods, are absolute.

    Source: DID Resolution, section 4.4 (DID-3: `expandRelativeUrls`).
    """
    found: JsonObject = {}
    for name, array in members.items():
        found[name] = [_expanded(member, did) for member in array] if name in _DEFINING and isinstance(array, list) else array
    return found


def _expanded(member: Json, did: str) -> Json:
    # Read as a DID document already, it has nothing else in these places.
    if isinstance(member, dict):
        return {**member, "id": absolute(did, str(member["id"]))}
    return absolute(did, str(member))
