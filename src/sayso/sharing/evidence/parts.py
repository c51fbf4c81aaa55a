"""Pack the parts of a bundle, as a ZIP archive or as JSON, and unpack what strangers sent.

Every part is text under a name from a closed list; a bundle has one spelling in either form, so nothing can be hidden beside the parts.
"""

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from sayso.errors import EVIDENCE, LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import JsonObject, Limits, parse_object, serialize

COVER: Final = "cover.jwt"
REQUEST: Final = "request.jwt"
GRANT: Final = "grant.vc"
RECEIPT: Final = "receipt.vc"
WITHDRAWAL: Final = "withdrawal.jwt"
ERASURE_REQUEST: Final = "erasure-request.jwt"
ANSWER: Final = "answer.vc"
DOCUMENTS: Final = "did-documents.json"
LEDGER: Final = "ledger.json"
TIMELINE: Final = "timeline.html"
NAMES: Final = (COVER, REQUEST, GRANT, RECEIPT, WITHDRAWAL, ERASURE_REQUEST, ANSWER, DOCUMENTS, LEDGER, TIMELINE)
"""The parts that a bundle can have, in their order."""
NEEDED: Final = (COVER, REQUEST, DOCUMENTS, LEDGER, TIMELINE)

FORMAT: Final = "https://w3id.org/sayso/complaint/v1"
MAX_BYTES: Final = 8 * 1024 * 1024
"""The largest bundle that is read, packed or not: nothing in it is compressed."""
LIMITS: Final = Limits(size_bytes=MAX_BYTES)

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_PLAIN_FILE: Final = 0o100644 << 16


def to_zip(parts: Mapping[str, str]) -> bytes:
    """Pack a bundle as a ZIP archive, the same bytes whenever and wherever."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in NAMES:
            if name in parts:
                entry = zipfile.ZipInfo(name, _EPOCH)
                entry.create_system, entry.external_attr = _UNIX, _PLAIN_FILE
                archive.writestr(entry, parts[name].encode())
    return stream.getvalue()


def to_json(parts: Mapping[str, str]) -> str:
    """Pack a bundle as JSON text."""
    ordered: JsonObject = {name: parts[name] for name in NAMES if name in parts}
    return serialize({"format": FORMAT, "parts": ordered})


def unpack(data: bytes | str) -> dict[str, str]:
    """Unpack a bundle of either form.

    Raises:
        SaysoError: EVIDENCE, LIMIT_EXCEEDED.
    """
    if isinstance(data, str):
        data = _encoded(data)
    if len(data) > MAX_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a bundle is longer than {MAX_BYTES} bytes")
    parts = _from_zip(data) if data[:2] == b"PK" else _from_json(data)
    missing = [name for name in NEEDED if name not in parts]
    if missing:
        raise SaysoError.of(EVIDENCE, f"a part is missing: {missing[0]}", missing[0])
    return parts


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise SaysoError.of(EVIDENCE, "a bundle is text in UTF-8") from None


def _from_json(data: bytes) -> dict[str, str]:
    try:
        said = parse_object(data, LIMITS)
    except SaysoError as error:
        raise SaysoError.of(EVIDENCE, error.problems[0].detail) from None
    parts = said.get("parts")
    if said.keys() != {"format", "parts"} or said["format"] != FORMAT or not isinstance(parts, dict):
        raise SaysoError.of(EVIDENCE, "a bundle has its format, and an object of parts")
    return {_known(name): _text(name, text) for name, text in parts.items()}


def _known(name: str) -> str:
    if name not in NAMES:
        raise SaysoError.of(EVIDENCE, "a part has a name that no part has", "parts")
    return name


def _text(name: str, text: object) -> str:
    if not isinstance(text, str):
        raise SaysoError.of(EVIDENCE, "a part is a text", "parts", name)
    return text


def _from_zip(data: bytes) -> dict[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            # Before anything is read: what is not compressed is no longer than the archive, and a name of the list leads nowhere else.
            if len(entries) > len(NAMES) or not all(
                one.compress_type == zipfile.ZIP_STORED and one.file_size <= len(data) for one in entries
            ):
                raise SaysoError.of(EVIDENCE, "the archive has more parts than a bundle, or compressed ones")
            parts = {_known(one.filename): archive.read(one).decode() for one in entries}
    except SaysoError:
        raise
    except Exception:  # noqa: BLE001 - what the reader of archives raises for a broken one is not written down
        raise SaysoError.of(EVIDENCE, "the archive cannot be read") from None
    # One spelling: nothing stands before, between or behind the parts, in a comment or twice.
    if to_zip(parts) != data:
        raise SaysoError.of(EVIDENCE, "the archive is not one that was written here")
    return parts
