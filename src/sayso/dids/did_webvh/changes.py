"""Say what a version of a DID changes of the parameters in force.

Source: did:webvh 1.0, "did:webvh DID Method Parameters" (VH-8, VH-9, VH-13).
"""

from collections.abc import Sequence
from typing import NamedTuple

from sayso.dids.did_webvh import parameters
from sayso.dids.did_webvh.witness_rule import WitnessRule
from sayso.jsonvalue import JsonObject
from sayso.keys import multikey
from sayso.keys.ed25519 import PublicKey


class Changes(NamedTuple):
    """Say what a version changes of what is in force; None leaves it as it is."""

    update_keys: Sequence[PublicKey] | None
    next_keys: Sequence[PublicKey] | None
    witnesses: Sequence[PublicKey] | None = None
    threshold: int | None = None
    watchers: Sequence[str] | None = None
    ttl: int | None = None

    def to_json(self) -> JsonObject:
        """Give the parameters of the entry."""
        found: JsonObject = {}
        if self.update_keys is not None:
            found["updateKeys"] = [*_texts(self.update_keys)]
        if self.next_keys is not None:
            found["nextKeyHashes"] = [parameters.key_hash(text) for text in _texts(self.next_keys)]
        if self.witnesses is not None:
            keys = _texts(self.witnesses)
            found["witness"] = WitnessRule(len(keys) if self.threshold is None else self.threshold, keys).to_json()
        elif self.threshold is not None:
            msg = "a threshold goes with witnesses"
            raise TypeError(msg)
        if self.watchers is not None:
            found["watchers"] = [*self.watchers]
        if self.ttl is not None:
            found["ttl"] = self.ttl
        return found


def _texts(keys: Sequence[PublicKey]) -> tuple[str, ...]:
    for key in keys:
        if not isinstance(key, PublicKey):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = f"the keys of a log are Ed25519 keys, PublicKey, and not {type(key).__name__}"
            raise TypeError(msg)
    return tuple(map(multikey.encode, keys))
