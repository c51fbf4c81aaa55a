"""Read what an issuer of status lists wrote, without the code that verifies it."""

import json
from collections.abc import Iterable
from typing import Any

from sayso import Credential, Issuer, MemoryStatusStore, PublishedList, StatusBook, StatusEntry
from sayso.encodings import base64url
from sayso.status import bitstring, token_list

URL = "https://city.example/status"


def opened(issuer: Issuer, **options: Any) -> StatusBook:
    """Open a book in memory."""
    given: dict[str, Any] = {"url": URL, **options}
    return issuer.status_book(MemoryStatusStore(), **given)


def members(entry: StatusEntry) -> dict[str, Any]:
    """Give what a credential says about its one purpose."""
    (value,) = entry.members.values()
    assert isinstance(value, dict)
    return dict(value)


def said(signed: Credential | PublishedList) -> dict[str, Any]:
    """Give the payload of a JWT or SD-JWT, or the document with its proof."""
    text = signed.data.decode()
    return dict(json.loads(text if text.startswith("{") else base64url.decode(text.split(".")[1])))


def header(signed: PublishedList) -> dict[str, Any]:
    """Give the header of a JWT."""
    return dict(json.loads(base64url.decode(signed.data.decode().split(".")[0])))


def bits(published: PublishedList) -> bytes:
    """Give the bits of a list."""
    document = said(published)
    if "status_list" in document:
        return token_list.decode(document["status_list"]["lst"])
    return bitstring.decode(document["credentialSubject"]["encodedList"])


def values(published: PublishedList, size: int = 1) -> dict[int, int]:
    """Give the values of a list that are not zero, by index."""
    found = bits(published)
    value_at = token_list.value_at if "status_list" in said(published) else bitstring.value_at
    return {index: value for index in range(8 * len(found) // size) if (value := value_at(found, index, size))}


def by_url(lists: Iterable[PublishedList]) -> dict[str, PublishedList]:
    """Give lists by what their URL ends with."""
    return {one.url.removeprefix(URL + "/"): one for one in lists}
