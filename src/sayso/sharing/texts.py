"""Read text that was written to be shown to people."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from sayso.errors import TERMS, SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import Json

MAX_TEXT_CHARACTERS = 500
"""The longest text that a person is asked to read in one piece."""
MAX_URL_CHARACTERS = 2000

# Text for people is plain: no control characters, no line breaks, nothing that turns the direction of what follows it, no half characters.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain_text(name: str, text: object) -> str:
    """Give the text if it is fit to be shown to a person.

    Raises:
        TypeError: it is no string.
        ValueError: it is empty, longer than MAX_TEXT_CHARACTERS, or holds control characters.
    """
    if not isinstance(text, str):
        msg = f"{name} is a text"
        raise TypeError(msg)
    if not 0 < len(text) <= MAX_TEXT_CHARACTERS or _UNFIT.search(text) or not text.strip():
        msg = f"{name} has 1 to {MAX_TEXT_CHARACTERS} characters, without control characters"
        raise ValueError(msg)
    return text


def printable(text: str) -> str:
    """Make text from elsewhere safe to print in one line: what is not plain text becomes U+FFFD."""
    return _UNFIT.sub("\ufffd", text)


def object_of(value: Json, rule: str) -> Mapping[str, Json]:
    """Give an object of sharing terms.

    Raises:
        SaysoError: TERMS.
    """
    if not isinstance(value, dict):
        raise SaysoError.of(TERMS, rule)
    return value


def text_of(members: Mapping[str, Json], name: str) -> str:
    """Give a member that is text for people.

    Raises:
        SaysoError: TERMS.
    """
    try:
        return plain_text(name, members.get(name))
    except (TypeError, ValueError) as error:
        raise SaysoError.of(TERMS, str(error), name) from None


def optional_text(members: Mapping[str, Json], name: str) -> str:
    """Give a member that is text for people, "" where there is none.

    Raises:
        SaysoError: TERMS.
    """
    return text_of(members, name) if name in members else ""


def is_link(url: object) -> bool:
    """Tell whether this can stand where people follow a link: a URL of HTTPS, or an address of e-mail or a telephone."""
    if not (isinstance(url, str) and len(url) <= MAX_URL_CHARACTERS and url.startswith(("https://", "mailto:", "tel:")) and is_url(url)):
        return False
    try:
        host = urlsplit(url).hostname
    except ValueError:  # half of an IPv6 address
        return False
    return bool(host) or not url.startswith("https:")
