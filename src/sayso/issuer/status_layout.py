"""Read what an issuer chooses for a status book, and refuse what no book can be."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sayso.identifiers import is_url
from sayso.issuer.arguments import check_named
from sayso.issuer.status_lists import KINDS, PURPOSES, Layout
from sayso.jsonvalue import JsonObject, from_python
from sayso.status.bitstring import MIN_ENTRIES

MAX_BITS = 1 << 22
"""The most bits of a list: whatever they are, it stays within what a verifier reads, in base64url twice."""
MAX_SIZE = 8
"""The most bits of a value."""
MAX_REFERENCE = 1024
"""The longest reference, in characters."""

MAX_VALID_FOR = timedelta(days=366)
"""The longest that a list holds: a year in which a revocation can be kept from a verifier."""

_BEGINNING = r"https://[^/]"
_TTL = timedelta(minutes=5)
_VALID_FOR = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def laid_out(
    *,
    url: str,
    format: str = "bitstring",
    purposes: Sequence[str] = ("revocation", "suspension"),
    size: int | None = None,
    messages: Sequence[str] = (),
    message_url: str = "",
    entries: int = MIN_ENTRIES,
    secured: str = "vc+sd-jwt",
    ttl: timedelta = _TTL,
    valid_for: timedelta = _VALID_FOR,
) -> tuple[str, Layout]:
    """Give the kind of lists of a book, and what they look like.

    Raises:
        TypeError, ValueError: no such book can be.
    """
    check_named(format=(format, KINDS))
    kind = KINDS[format]
    chosen, texts = _texts("purposes", purposes), _texts("messages", messages)
    if not chosen or len({*chosen}) != len(chosen) or not {*chosen} <= {*PURPOSES}:
        msg = f"purposes are of {', '.join(PURPOSES)}, one or several, each named once"
        raise ValueError(msg)
    # An entry has an id of its own behind `#`, and a list a path behind the last `/`.
    if not is_url(url) or not re.match(_BEGINNING, url) or any(character in url for character in "?#") or url.endswith("/"):
        msg = "url begins with https://, and has no query, no fragment and no / at its end"
        raise ValueError(msg)
    if message_url and not is_url(message_url):
        msg = "message_url is a URL"
        raise ValueError(msg)
    bits = kind.least_size(chosen, texts) if size is None else size
    _check_number("size", bits, 1, MAX_SIZE)
    _check_number("entries", entries, MIN_ENTRIES, MAX_BITS // bits)
    _check_durations(ttl, valid_for)
    layout = Layout(url, chosen, bits, texts, message_url, entries, secured, ttl, valid_for)
    kind.check(layout)
    return format, layout


def reference_of(value: object) -> str:
    """Give a reference.

    Raises:
        TypeError, ValueError: it is none.
    """
    if not isinstance(value, str):
        msg = f"this is a text that you refer to a credential by, a StatusEntry or a Credential, not {type(value).__name__}"
        raise TypeError(msg)
    from_python(value, place="reference")
    if not 0 < len(value) <= MAX_REFERENCE or "\0" in value:
        msg = f"a reference has 1 to {MAX_REFERENCE} characters, and no NUL"
        raise ValueError(msg)
    return value


def check_goes_with(needed: str, format: str, members: JsonObject, document: JsonObject) -> None:
    """Refuse a credential of another format than the lists are for (BS-12), or with a status of its own.

    Raises:
        ValueError: it is one.
    """
    if format != needed:
        msg = f"the lists of this book are for {needed}; for {format} open another book, with `secured` or `format`"
        raise ValueError(msg)
    if not members.keys().isdisjoint(document):
        msg = f"a claim has the name of one that the issuer sets: {', '.join(members)}"
        raise ValueError(msg)


def _texts(name: str, value: Iterable[str]) -> tuple[str, ...]:
    # Callers need not have a type checker; and a text is a list of its characters.
    texts = () if isinstance(value, str) else tuple(value)
    if isinstance(value, str) or not all(isinstance(text, str) for text in texts):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"{name} is a list of texts"
        raise TypeError(msg)
    from_python(texts, place=name)
    return texts


def _check_number(name: str, value: int, least: int, most: int) -> None:
    if type(value) is not int:
        msg = f"{name} is a number, not {type(value).__name__}"
        raise TypeError(msg)
    if not least <= value <= most:
        msg = f"{name} is a number from {least} to {most}"
        raise ValueError(msg)


def _check_durations(ttl: timedelta, valid_for: timedelta) -> None:
    # Callers need not have a type checker.
    if not all(isinstance(one, timedelta) for one in (ttl, valid_for)):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = "ttl and valid_for are a timedelta each"
        raise TypeError(msg)
    # What may be kept longer than it holds would say two things.
    if not _SECOND <= ttl <= valid_for <= MAX_VALID_FOR:
        msg = f"ttl is at least a second and at most valid_for, which is at most {MAX_VALID_FOR.days} days"
        raise ValueError(msg)
