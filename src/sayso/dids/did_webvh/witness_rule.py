"""Read who must approve the versions of a DID.

Source: did:webvh 1.0, "The `witness` Parameter" (VH-13).
"""

from typing import NamedTuple

from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import multikey

MAX_WITNESSES = 64
"""The most witnesses that a DID may name."""

DID_KEY = "did:key:"
_MEMBERS = frozenset({"threshold", "witnesses"})


class WitnessRule(NamedTuple):
    """Hold the Multikey texts of the witnesses, and how many of them must approve; none says that nobody has to."""

    threshold: int
    witnesses: tuple[str, ...]

    def to_json(self) -> JsonObject:
        """Give the parameter."""
        if not self.witnesses:
            return {}
        return {"threshold": self.threshold, "witnesses": [{"id": DID_KEY + key} for key in self.witnesses]}


NOBODY = WitnessRule(0, ())


def parse_rule(value: Json) -> WitnessRule:
    """Read the parameter `witness`; what is malformed never means that nobody has to approve.

    Raises:
        SaysoError: INVALID_DID, LIMIT_EXCEEDED.
    """
    if value == {}:
        return NOBODY
    if not isinstance(value, dict) or value.keys() != _MEMBERS:
        raise SaysoError.of(INVALID_DID, "a witness parameter is empty, or has threshold and witnesses")
    threshold, items = value["threshold"], value["witnesses"]
    if not isinstance(items, list):
        raise SaysoError.of(INVALID_DID, "witnesses are an array", "witnesses")
    if len(items) > MAX_WITNESSES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"there are more than {MAX_WITNESSES} witnesses", "witnesses")
    keys = tuple(_witness(item, index) for index, item in enumerate(items))
    if len(set(keys)) != len(keys):
        raise SaysoError.of(INVALID_DID, "a witness is named twice", "witnesses")
    if type(threshold) is not int or not 1 <= threshold <= len(keys):
        raise SaysoError.of(INVALID_DID, "a threshold is a number from 1 to that of the witnesses", "threshold")
    return WitnessRule(threshold, keys)


def _witness(item: Json, index: int) -> str:
    # What else a witness could say, such as the weight of earlier versions, would change what the threshold means.
    name = item.get("id") if isinstance(item, dict) and item.keys() == {"id"} else None
    if not isinstance(name, str) or not name.startswith(DID_KEY):
        raise SaysoError.of(INVALID_DID, "a witness is an object with an id, a did:key", "witnesses", index)
    text = name.removeprefix(DID_KEY)
    try:
        multikey.decode(text)
    except SaysoError as error:
        raise error.under("witnesses", index, "id") from None
    return text
