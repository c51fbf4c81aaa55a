"""Read envelopes: `data:` URLs that carry a secured credential or presentation."""

import re
from binascii import a2b_base64, b2a_base64
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.shapes import includes
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, PARSING_ERROR, Problem, SaysoError, pointer
from sayso.identifiers import MediaType, is_url
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject, Limits

CREDENTIAL = "EnvelopedVerifiableCredential"
PRESENTATION = "EnvelopedVerifiablePresentation"

# RFC 2397, section 3, with a media type and with data; names as in RFC 6838, section 4.2. What a parameter says is not looked at, and one
# without a value is left to those who write `;base64url`; but `;base64` has one spelling and one place.
_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*"
_VALUE = r"[A-Za-z0-9!#$&'*+.^_`|~%-]+"
_DATA_URL = re.compile(rf"data:({_NAME}/{_NAME})(?:;(?!(?i:base64)[;,]){_NAME}(?:={_VALUE})?)*(;base64)?,([^#]+)", re.ASCII)


class Envelope(NamedTuple):
    """Hold what an envelope carries: bytes, and what they are said to be."""

    media_type: MediaType
    data: bytes


def is_envelope(document: JsonObject, name: str) -> bool:
    """Tell whether an object says that it is an envelope; `name` is CREDENTIAL or PRESENTATION.

    >>> is_envelope({"type": ["EnvelopedVerifiablePresentation"]}, PRESENTATION)
    True
    """
    return includes(document.get("type"), name)


def problems(document: JsonObject) -> tuple[Problem, ...]:
    """Say what keeps an object that says it is an envelope from being one; what is inside is not looked at.

    Source: VCDM 2.0, sections 4.13.1 and 4.13.2 (DM-21).
    """
    found: list[Problem] = []
    # One context is enough, and needs no array.
    if not includes(document.get("@context"), CREDENTIALS_V2):
        found.append(Problem(MALFORMED_VALUE_ERROR, "an envelope has the base context", pointer("@context")))
    identifier = document.get("id")
    if not isinstance(identifier, str) or not is_url(identifier) or not _DATA_URL.fullmatch(identifier):
        found.append(Problem(MALFORMED_VALUE_ERROR, "an envelope is a data: URL with a media type", pointer("id")))
    return tuple(found)


def unfold(document: JsonObject, limits: Limits = DEFAULT_LIMITS) -> Envelope:
    """Take out what an envelope carries.

    The media type comes in small letters and without parameters.

    Source: VCDM 2.0, sections 4.13.1 and 4.13.2 (DM-21); RFC 2397, section 3.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR where it is no envelope, PARSING_ERROR where the base64 in it has not its one spelling,
            LIMIT_EXCEEDED where its URL is longer than `limits`.

    >>> unfold({"@context": ["https://www.w3.org/ns/credentials/v2"], "id": "data:application/vc+jwt,a.b.c"}).data
    b'a.b.c'
    """
    identifier = document.get("id")
    if isinstance(identifier, str) and len(identifier) > limits.size_bytes:
        raise SaysoError.of(LIMIT_EXCEEDED, "an envelope is larger than is accepted", "id")
    found = problems(document)
    match = _DATA_URL.fullmatch(identifier) if isinstance(identifier, str) else None
    if found or match is None:
        raise SaysoError(*found)
    media_type, base64, text = match.groups()
    data = unquote_to_bytes(text)
    return Envelope(MediaType(media_type.lower()), _from_base64(data) if base64 else data)


def _from_base64(text: bytes) -> bytes:
    # RFC 4648, sections 3.2, 3.3 and 3.5: padding, nothing outside the alphabet, and no unused bits.
    try:
        data = a2b_base64(text, strict_mode=True)
    except ValueError:
        data = b""
    if not data or b2a_base64(data, newline=False) != text:
        raise SaysoError.of(PARSING_ERROR, "the base64 of an envelope has not its one spelling", "id")
    return data
