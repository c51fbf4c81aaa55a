"""Read and hash the entries of a log: each is one version of the DID, chained to the one before it.

Source: did:webvh 1.0, "The DID Log File", "SCID Generation and Verification" and "Entry Hash Generation and Verification" (VH-3 to VH-6).
"""

import re
from datetime import datetime
from typing import NamedTuple

from sayso.credentials.validity import parse_date_time
from sayso.dids.did_webvh.identifier import PLACEHOLDER
from sayso.encodings import jcs, multibase, multihash
from sayso.errors import INVALID_DID, SaysoError
from sayso.jsonvalue import Json, JsonObject, parse_object

UNSIGNED = ("versionId", "versionTime", "parameters", "state")
"""The members of an entry that its proof covers, in the order in which they are written."""

_MEMBERS = frozenset({*UNSIGNED, "proof"})
_VERSION_ID = re.compile("([1-9][0-9]{0,8})-([1-9A-HJ-NP-Za-km-z]+)")
_UTC = ("Z", "+00:00")


class Entry(NamedTuple):
    """Hold an entry of which nothing but the form was looked at; `value` is the whole of it."""

    number: int
    hash: str
    time: datetime
    parameters: JsonObject
    state: JsonObject
    value: JsonObject

    @property
    def version_id(self) -> str:
        """The name of this version."""
        return f"{self.number}-{self.hash}"


def parse(line: bytes) -> Entry:
    """Read one line of a log.

    Raises:
        SaysoError: PARSING_ERROR, LIMIT_EXCEEDED, INVALID_DID, MALFORMED_VALUE_ERROR.
    """
    value = parse_object(line)
    if value.keys() != _MEMBERS:  # VH-3
        raise SaysoError.of(INVALID_DID, "an entry has versionId, versionTime, parameters, state and proof, and nothing else")
    version_id, parameters, state = value["versionId"], value["parameters"], value["state"]
    found = _VERSION_ID.fullmatch(version_id) if isinstance(version_id, str) else None
    if found is None:
        raise SaysoError.of(INVALID_DID, "a versionId is a number, a dash and a hash", "versionId")
    if not isinstance(parameters, dict):
        raise SaysoError.of(INVALID_DID, "parameters are an object", "parameters")
    if not isinstance(state, dict):
        raise SaysoError.of(INVALID_DID, "a state is a DID document", "state")
    return Entry(int(found[1]), found[2], _time(value["versionTime"]), parameters, state, value)


def _time(value: Json) -> datetime:
    # VH-10: in UTC, and so written.
    if not isinstance(value, str) or not value.endswith(_UTC):
        raise SaysoError.of(INVALID_DID, "a versionTime is an instant in UTC", "versionTime")
    try:
        return parse_date_time(value)
    except SaysoError as error:
        raise error.under("versionTime") from None


def hash_of(value: Json) -> str:
    """Hash a JSON value: base58btc of a SHA-256 multihash, without the header of multibase (VH-4, VH-6)."""
    return text_hash(jcs.canonicalize(value))


def text_hash(data: bytes) -> str:
    """Hash bytes in the same way (VH-9)."""
    return multibase.encode_base58btc(multihash.encode(data))[1:]


def entry_hash(value: JsonObject, predecessor: str) -> str:
    """Hash an entry together with the name of the version before it; before the first stands the SCID (VH-6)."""
    return hash_of({**_unsigned(value), "versionId": predecessor})


def scid_of(value: JsonObject, scid: str) -> str:
    """Hash the first entry as it was before its SCID was known (VH-4, VH-5)."""
    return hash_of(replaced({**_unsigned(value), "versionId": PLACEHOLDER}, scid, PLACEHOLDER))


def has_placeholder(value: JsonObject) -> bool:
    """Tell whether the first entry still holds the placeholder: it, and one with the SCID there, would have one SCID (VH-4, VH-5)."""
    unsigned = _unsigned(value)
    return replaced(unsigned, PLACEHOLDER, "") != unsigned


def _unsigned(value: JsonObject) -> JsonObject:
    return {name: member for name, member in value.items() if name != "proof"}


def replaced(value: JsonObject, old: str, new: str) -> JsonObject:
    """Replace a text in every string of a JSON object, and in every name."""
    return {name.replace(old, new): _replaced(item, old, new) for name, item in value.items()}


def _replaced(value: Json, old: str, new: str) -> Json:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, list):
        return [_replaced(item, old, new) for item in value]
    return replaced(value, old, new) if isinstance(value, dict) else value
