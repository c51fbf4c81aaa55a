"""Read the parameters of entries: what is said once holds until it is said otherwise.

Source: did:webvh 1.0, "did:webvh DID Method Parameters" and "Pre-Rotation Key Hash Generation and Verification" (VH-8, VH-9).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from sayso.dids.did_webvh.entries import text_hash
from sayso.dids.did_webvh.witness_rule import NOBODY, WitnessRule, parse_rule
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import multikey
from sayso.keys.ed25519 import PublicKey

METHOD = "did:webvh:1.0"
DEFAULT_TTL = 3600
MAX_TTL = 2**31
MAX_ITEMS = 64
"""The most update keys, hashes of keys or watchers that an entry may name."""

_DEFAULTS: JsonObject = {
    "updateKeys": [],
    "nextKeyHashes": [],
    "witness": {},
    "watchers": [],
    "portable": False,
    "deactivated": False,
    "ttl": DEFAULT_TTL,
}
_NAMES = frozenset({"method", "scid", *_DEFAULTS})


class Parameters(NamedTuple):
    """Hold what is in force after an entry; the update keys are by their Multikey text."""

    scid: str
    update_keys: Mapping[str, PublicKey] = MappingProxyType({})
    next_key_hashes: tuple[str, ...] = ()
    witness: WitnessRule = NOBODY
    watchers: tuple[str, ...] = ()
    portable: bool = False
    deactivated: bool = False
    ttl: int = DEFAULT_TTL


def first(value: JsonObject) -> Parameters:
    """Read the parameters of the first entry.

    Raises:
        SaysoError: INVALID_DID, LIMIT_EXCEEDED.
    """
    for name in ("method", "scid", "updateKeys"):
        if name not in value:
            raise SaysoError.of(INVALID_DID, "the first entry has method, scid and updateKeys", name)
    scid = value["scid"]
    if not isinstance(scid, str):
        raise SaysoError.of(INVALID_DID, "a scid is a string", "scid")
    return _changed(Parameters(scid), value)


def following(value: JsonObject, previous: Parameters) -> Parameters:
    """Read the parameters of a later entry.

    Raises:
        SaysoError: INVALID_DID, LIMIT_EXCEEDED.
    """
    if "scid" in value:
        raise SaysoError.of(INVALID_DID, "the scid stands in the first entry only", "scid")
    changed = _changed(previous, value)
    if changed.portable and not previous.portable:
        raise SaysoError.of(INVALID_DID, "only the first entry can make a DID portable", "portable")
    if previous.next_key_hashes:
        _check_pre_rotation(value, changed, previous)
    return changed


def _check_pre_rotation(value: JsonObject, changed: Parameters, previous: Parameters) -> None:
    # VH-9: while hashes are in force, every entry names its keys and the next hashes, and every key was announced.
    for name in ("updateKeys", "nextKeyHashes"):
        if value.get(name) is None:
            raise SaysoError.of(INVALID_DID, "under pre-rotation an entry has updateKeys and nextKeyHashes", name)
    for index, key in enumerate(changed.update_keys):
        if key_hash(key) not in previous.next_key_hashes:
            raise SaysoError.of(INVALID_DID, "an update key was not announced by its hash in the entry before", "updateKeys", index)


def key_hash(key: str) -> str:
    """Hash the Multikey text of a key, to announce it (VH-9)."""
    return text_hash(key.encode())


def active_keys(current: Parameters, previous: Parameters | None) -> Mapping[str, PublicKey]:
    """Give the keys of which each proof of an entry must be.

    Source: did:webvh 1.0, "Authorized Keys" (VH-7): those of the entry before, of the first entry its own, and under pre-rotation its own.
    """
    return current.update_keys if previous is None or previous.next_key_hashes else previous.update_keys


def _changed(previous: Parameters, value: JsonObject) -> Parameters:
    if not value.keys() <= _NAMES:
        raise SaysoError.of(INVALID_DID, "there is a parameter that did:webvh 1.0 does not define")
    if value.get("method", METHOD) != METHOD:  # an unknown version is not read as one that is known
        raise SaysoError.of(INVALID_DID, f"the method is not {METHOD}", "method")
    found = previous
    for name, given in value.items():
        if name in _DEFAULTS:
            # VH-8: null, which earlier texts had, stands for the default.
            try:
                found = _set(found, name, _DEFAULTS[name] if given is None else given)
            except SaysoError as error:
                raise error.under(name) from None
    return found


def _set(parameters: Parameters, name: str, value: Json) -> Parameters:
    match name:
        case "updateKeys":
            return parameters._replace(update_keys=_keys(value))
        case "nextKeyHashes":
            return parameters._replace(next_key_hashes=_texts(value))
        case "witness":
            return parameters._replace(witness=parse_rule(value))
        case "watchers":
            return parameters._replace(watchers=_urls(value))
        case "ttl":
            if type(value) is not int or not 0 <= value <= MAX_TTL:
                raise SaysoError.of(INVALID_DID, "a ttl is a whole number of seconds from 0 to 2^31")
            return parameters._replace(ttl=value)
        case _:
            if not isinstance(value, bool):
                raise SaysoError.of(INVALID_DID, "not true or false")
            return parameters._replace(portable=value) if name == "portable" else parameters._replace(deactivated=value)


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise SaysoError.of(INVALID_DID, "not an array")
    if len(value) > MAX_ITEMS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"more than {MAX_ITEMS} items")
    found: list[str] = []
    for index, item in enumerate(value):
        if not isinstance(item, str):
            raise SaysoError.of(INVALID_DID, "not a string", index)
        found.append(item)
    return tuple(found)


def _keys(value: Json) -> Mapping[str, PublicKey]:
    found: dict[str, PublicKey] = {}
    for index, text in enumerate(_texts(value)):
        try:
            found[text] = multikey.decode(text)
        except SaysoError as error:
            raise error.under(index) from None
    return MappingProxyType(found)


def _urls(value: Json) -> tuple[str, ...]:
    texts = _texts(value)
    for index, text in enumerate(texts):
        if not is_url(text):
            raise SaysoError.of(INVALID_DID, "a watcher is a URL", index)
    return texts
