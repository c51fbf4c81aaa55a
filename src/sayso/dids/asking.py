"""Read what is asked of a resolution: options by their published names, and the parameters of a DID URL.

Source: DID Resolution 1.0, sections 3 (DID parameters) and 4.1 (resolution options); DID-3, DID-5, DID-6.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from sayso.credentials.validity import parse_date_time
from sayso.dids.document import RELATIONSHIPS
from sayso.dids.method import NO_OPTIONS, Options
from sayso.errors import FEATURE_NOT_SUPPORTED, INVALID_DID_URL, INVALID_OPTIONS, REPRESENTATION_NOT_SUPPORTED, SaysoError
from sayso.jsonvalue import Json

DID_MEDIA_TYPE = "application/did"
MEDIA_TYPES = (DID_MEDIA_TYPE, "application/did+json", "application/did+ld+json")
"""How a document can be had: one form under three names, of which DID 1.0 had the last two (DID-2)."""
URI_LIST = "text/uri-list"

# DID Resolution, section 3.1: in UTC, without a fraction of a second.
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_FLAGS: dict[Json, bool] = {"true": True, "false": False}


class Asked(NamedTuple):
    """Hold what was asked for: of the method, and of the result."""

    options: Options = NO_OPTIONS
    accept: str = ""
    expand_relative_urls: bool = False
    verification_relationship: str = ""


# --- how each value is read; None is no such value ---


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _flag(value: Json) -> bool | None:
    return value if isinstance(value, bool) else _FLAGS.get(value) if isinstance(value, str) else None


def _number(value: Json) -> int | None:
    if isinstance(value, str):
        return int(value) if _NUMBER.fullmatch(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None


def _instant(value: Json) -> datetime | None:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        return None
    try:
        return parse_date_time(value)
    except SaysoError:
        return None


def _relationship(value: Json) -> str | None:
    return value if isinstance(value, str) and value in RELATIONSHIPS else None


class _Option(NamedTuple):
    field: str
    read: Callable[[Json], object]


_OF_METHODS = {
    "versionId": _Option("version_id", _text),
    "versionTime": _Option("version_time", _instant),
    "versionNumber": _Option("version_number", _number),
    "publicKeyFormat": _Option("public_key_format", _text),
    "enableEncryptionKeyDerivation": _Option("enable_encryption_key_derivation", _flag),
}
_OF_RESULTS = {
    "accept": _Option("accept", _text),
    "expandRelativeUrls": _Option("expand_relative_urls", _flag),
    "noCache": _Option("", _flag),  # nothing is kept here that could change, so it has no effect
}
_OF_DEREFERENCING = {"verificationRelationship": _Option("verification_relationship", _relationship)}


def asked(options: Mapping[str, Json], *, dereferencing: bool = False) -> Asked:
    """Read options by the names that the standards give them.

    Source: DID Resolution, sections 4.1, 4.4 and 5.1 (DID-5: what is not supported first, then what is malformed).

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED, INVALID_OPTIONS, REPRESENTATION_NOT_SUPPORTED.
    """
    of_results = _OF_RESULTS | (_OF_DEREFERENCING if dereferencing else {})
    if options.keys() - {*_OF_METHODS, *of_results}:
        raise SaysoError.of(FEATURE_NOT_SUPPORTED, "an option of the resolution is not known here")
    found = _read(options, of_results)
    accept = found.get("accept", "")
    if accept and accept not in (*MEDIA_TYPES, *((URI_LIST,) if dereferencing else ())):
        raise SaysoError.of(REPRESENTATION_NOT_SUPPORTED, f"a DID document is given as {', '.join(MEDIA_TYPES)}")
    found.pop("", None)
    return Asked(Options(**_read(options, _OF_METHODS)), **found)


def _read(options: Mapping[str, Json], known: Mapping[str, _Option]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, option in known.items():
        if name in options:
            value = option.read(options[name])
            if value is None:
                raise SaysoError.of(INVALID_OPTIONS, f"{name} has not the form that it must have", name)
            found[option.field] = value
    return found


def parameters(query: str) -> dict[str, str]:
    """Read the parameters of a DID URL, each of which stands there once.

    Source: DID Resolution, sections 3 and 3.2.2 (DID-6); RFC 3986, section 3.4: a plus sign is a plus sign.

    Raises:
        SaysoError: INVALID_DID_URL.
    """
    found: dict[str, str] = {}
    for parameter in query.split("&") if query else ():
        name, _, value = parameter.partition("=")
        try:
            read, text = (unquote_to_bytes(part).decode() for part in (name, value))
        except UnicodeDecodeError:
            raise SaysoError.of(INVALID_DID_URL, "a parameter of a DID URL is no UTF-8") from None
        if not read or read in found:
            raise SaysoError.of(INVALID_DID_URL, "a parameter of a DID URL has no name, or stands there twice")
        found[read] = text
    return found
