"""Look at the head of an answer before its body is read: its status, its type, its coding and its length.

Source: RFC 9110, sections 6, 8.3, 8.4, 8.6 and 15; SD-JWT VC draft 19, retrieval over HTTP (SV-9: never use the bodies of 4xx and 5xx).
"""

import re
from typing import NamedTuple, TypeAlias

from sayso.errors import CODING_REFUSED, LIMIT_EXCEEDED, MEDIA_TYPE_REFUSED, NOT_FOUND, REDIRECT_REFUSED, RETRIEVAL_FAILED, SaysoError

Headers: TypeAlias = tuple[tuple[str, str], ...]

MAX_HEAD_BYTES = 32 * 1024
"""The longest head of an answer, with whatever comes before it."""

_OK, _NOT_MODIFIED = 200, 304
_LEADS_ON = {301, 302, 303, 307, 308}
_ABSENT = {404, 410}
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_MEDIA_TYPE = re.compile(rf"({_NAME}/{_NAME})[ \t]*(?:;.*)?")
_LENGTH = re.compile(r"[0-9]{1,18}")


class Head(NamedTuple):
    """Hold what the head of an answer says: a body follows, or it leads on to `location`, or what is kept still holds."""

    headers: Headers
    media_type: str = ""
    location: str | None = None
    not_modified: bool = False

    @property
    def has_body(self) -> bool:
        """Whether a body follows that is to be read."""
        return self.location is None and not self.not_modified


def values(headers: Headers, name: str) -> list[str]:
    """Give every value of a header, in their order."""
    return [value for known, value in headers if known.lower() == name]


def head_of(status: int, headers: Headers, *, accept: str, max_bytes: int, conditional: bool) -> Head:
    """Judge the head of an answer.

    Args:
        status: its status.
        headers: its headers, not trusted.
        accept: the media types that were asked for.
        max_bytes: the longest body that is read.
        conditional: whether it was asked if something kept still holds.

    Raises:
        SaysoError: NOT_FOUND, REDIRECT_REFUSED, CODING_REFUSED, MEDIA_TYPE_REFUSED, LIMIT_EXCEEDED, or RETRIEVAL_FAILED for any other
            status and for a body that does not say where it ends.
    """
    if status in _LEADS_ON:
        location = values(headers, "location")
        if len(location) != 1:
            raise SaysoError.of(REDIRECT_REFUSED, "it does not say to one place where it leads")
        return Head(headers, location=location[0])
    if status == _NOT_MODIFIED and conditional:
        return Head(headers, not_modified=True)
    if status in _ABSENT:
        raise SaysoError.of(NOT_FOUND, f"the server answered {status}")
    if status != _OK:
        raise SaysoError.of(RETRIEVAL_FAILED, f"the server answered {status}")
    # Asked for as it is: what is compressed all the same could grow beyond every limit, and is not looked at.
    if any(coding.strip().lower() != "identity" for coding in values(headers, "content-encoding")):
        raise SaysoError.of(CODING_REFUSED, "the answer has a Content-Encoding")
    _check_length(headers, max_bytes)
    return Head(headers, media_type=_media_type(headers, accept))


def _check_length(headers: Headers, max_bytes: int) -> None:
    lengths = values(headers, "content-length")
    # A body that ends where the connection does could be cut anywhere, and a log that was cut is an older log.
    if not lengths and not values(headers, "transfer-encoding"):
        raise SaysoError.of(RETRIEVAL_FAILED, "the answer does not say where it ends")
    if any(not _LENGTH.fullmatch(length) or int(length) > max_bytes for length in lengths):
        raise SaysoError.of(LIMIT_EXCEEDED, f"the answer is longer than {max_bytes} bytes")


def _media_type(headers: Headers, accept: str) -> str:
    written = values(headers, "content-type")
    found = _MEDIA_TYPE.fullmatch(written[0]) if len(written) == 1 else None
    if found is None:
        raise SaysoError.of(MEDIA_TYPE_REFUSED, "the answer names no media type, or more than one")
    media_type = found[1].lower()
    if not fits(media_type, accept):
        raise SaysoError.of(MEDIA_TYPE_REFUSED, f"it is none of {accept}")
    return media_type


def fits(media_type: str, accept: str) -> bool:
    """Tell whether a media type is one of those that were asked for; parameters are not compared.

    Source: RFC 9110, section 12.5.1.

    >>> fits("application/json", "application/did, application/json;q=0.5"), fits("text/html", "application/*")
    (True, False)
    """
    asked = {item.partition(";")[0].strip().lower() for item in accept.split(",")}
    return not asked.isdisjoint({media_type, media_type.partition("/")[0] + "/*", "*/*"})
