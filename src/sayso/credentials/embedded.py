"""Find the credentials in a presentation, each ready to be verified on its own.

Source: VCDM 2.0, sections 4.13.1 to 4.13.4 (DM-20 to DM-22); VCDM 1.1, section 6.3.1, for credentials that are text.
"""

import re
from base64 import b64decode
from binascii import Error as NoBase64
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from sayso.credentials.claims_path import Location
from sayso.jsonvalue import Json, JsonObject, serialize

# RFC 2397, section 3: a media type, then data in characters of a URL.
_DATA_URL = re.compile(r"data:([\w.!#$&^+-]+/[\w.!#$&^+-]+)((?:;[\w.!#$&^+=\"-]+)*),([\x21-\x7e]+)", re.ASCII)


class Embedded(NamedTuple):
    """Hold one credential of a presentation.

    `data` are its bytes as somebody secured them, None where only the presentation does; `media_type` is what an envelope says they are,
    "" without one; `document` is what stands in the presentation.
    """

    place: Location
    document: JsonObject
    data: bytes | None
    media_type: str = ""


def embedded(presentation: JsonObject) -> list[Embedded]:
    """List the credentials of a presentation, whatever is wrong with them; what is neither an object nor text is passed over.

    >>> [one.media_type for one in embedded({"verifiableCredential": [{"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,a"}]})]
    ['application/vc+jwt']
    """
    if "verifiableCredential" not in presentation:
        return []
    value = presentation["verifiableCredential"]
    items = value if isinstance(value, list) else [value]
    return [
        _found(item, ("verifiableCredential", index) if items is value else ("verifiableCredential",)) for index, item in enumerate(items)
    ]


def _found(item: Json, place: Location) -> Embedded:
    if isinstance(item, str):
        return Embedded(place, {}, item.encode())
    if not isinstance(item, dict):
        return Embedded(place, {}, b"")
    if is_enveloped(item):
        media_type, data = data_url(item.get("id")) or ("", b"")
        return Embedded(place, item, data, media_type)
    return Embedded(place, item, serialize(item).encode() if "proof" in item else None)


def is_enveloped(item: JsonObject) -> bool:
    """Tell whether this is an envelope around a credential (DM-21)."""
    kind = item.get("type")
    return "EnvelopedVerifiableCredential" in (kind if isinstance(kind, list) else [kind])


def data_url(value: Json) -> tuple[str, bytes] | None:
    """Read a `data:` URL with a media type: what it says it is, and its bytes; None for what is none.

    Source: RFC 2397, section 3.

    >>> data_url("data:application/vc+jwt,e%79")
    ('application/vc+jwt', b'ey')
    """
    found = _DATA_URL.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return None
    media_type, parameters, text = found.groups()
    data = unquote_to_bytes(text)
    if not parameters.lower().endswith(";base64"):
        return media_type.lower(), data
    try:
        return media_type.lower(), b64decode(data, validate=True)
    except NoBase64:
        return None
