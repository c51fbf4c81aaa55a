"""Conceal claims: replace values by digests, and keep the disclosures that open them.

Source: RFC 9901, sections 4.2 and 6.
"""

from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple, TypeAlias

from sayso.credentials.claims_path import Location
from sayso.encodings import base64url
from sayso.entropy import Entropy
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.sd_jwt import disclosure
from sayso.proofs.sd_jwt.disclosure import HASHES, RESERVED, SALT_BYTES, Hash

_DECOY_BYTES = 32


class Concealed(NamedTuple):
    """Hold a payload with digests in it, and the texts of its disclosures, inner ones first."""

    payload: JsonObject
    disclosures: list[str]


# The steps that lead to hidden places, with the steps below each.
_Steps: TypeAlias = dict[str | int, "_Steps"]


class _Work(NamedTuple):
    hide: frozenset[Location]
    hash: Callable[[bytes], Hash]
    salts: Iterator[str]
    entropy: Entropy
    decoys: int
    disclosures: list[str]

    def decoy_digests(self) -> list[str]:
        """Make digests that nothing opens (RFC 9901, section 4.2.5)."""
        if not self.decoys:
            return []
        chance = self.entropy(_DECOY_BYTES * self.decoys)
        parts = (chance[start : start + _DECOY_BYTES] for start in range(0, len(chance), _DECOY_BYTES))
        return [base64url.encode(self.hash(part).digest()) for part in parts]

    def keep(self, text: str) -> str:
        """Keep a disclosure and give its digest."""
        self.disclosures.append(text)
        return base64url.encode(self.hash(text.encode()).digest())


def conceal(
    claims: JsonObject, hide: Collection[Location], entropy: Entropy, *, hash_name: str = disclosure.DEFAULT_HASH, decoys: int = 0
) -> Concealed:
    """Replace the values at the given places by digests; a place may lie below another one (recursive disclosure).

    `decoys` are added wherever something is hidden: in each object, and behind the last element of each array, where they cannot be
    taken for elements by someone who counts.

    Source: RFC 9901, sections 4.2.1 to 4.2.6 (SD-I1 to SD-I7) and 6.

    Raises:
        ValueError: a place is not in the claims, a claim has a reserved name, the hash is unknown, or there are fewer than no decoys.
    """
    if hash_name not in HASHES:
        msg = f"the hash is one of {', '.join(HASHES)}"
        raise ValueError(msg)
    if decoys < 0:
        msg = "decoys are a number that is not negative"
        raise ValueError(msg)
    _refuse_reserved(claims)
    work = _Work(frozenset(hide), HASHES[hash_name], iter(disclosure.salts(entropy(SALT_BYTES * len(hide)))), entropy, decoys, [])
    payload = _conceal_members(claims, _steps(hide), (), work)
    if work.disclosures:
        payload["_sd_alg"] = hash_name
    return Concealed(payload, work.disclosures)


def _steps(hide: Collection[Location]) -> _Steps:
    root: _Steps = {}
    for location in hide:
        if not location:
            msg = "a place to hide is in the claims, not the whole of them"
            raise ValueError(msg)
        below = root
        for step in location:
            below = below.setdefault(step, {})
    return root


def _inside(value: Json, below: _Steps, at: Location, work: _Work) -> Json:
    if isinstance(value, dict):
        return _conceal_members(value, below, at, work)
    if isinstance(value, list):
        return _conceal_elements(value, below, at, work)
    msg = "a place to hide lies below a value that has no parts"
    raise ValueError(msg)


def _conceal_members(members: JsonObject, steps: _Steps, at: Location, work: _Work) -> JsonObject:
    kept: JsonObject = dict(members)
    digests: list[str] = []
    for name, below in steps.items():
        if not isinstance(name, str) or name not in kept:
            msg = "a place to hide is not in the claims"
            raise ValueError(msg)
        value, hide = kept[name], True  # where the steps end, there is something to hide
        if below:
            place = (*at, name)
            value, hide = _inside(value, below, place, work), place in work.hide
        if hide:
            del kept[name]
            digests.append(work.keep(disclosure.write_property(next(work.salts), name, value)))
        else:
            kept[name] = value
    if digests:
        # (SD-I3) The order must not betray the order of the claims: digests are as good as random, so sorting them shuffles.
        kept["_sd"] = [*sorted(digests + work.decoy_digests())]
    return kept


def _conceal_elements(elements: list[Json], steps: _Steps, at: Location, work: _Work) -> list[Json]:
    kept = list(elements)
    hidden = False
    for index, below in steps.items():
        if type(index) is not int or not 0 <= index < len(elements):  # True is an int to isinstance
            msg = "a place to hide is not in the claims"
            raise ValueError(msg)
        value: Json = elements[index]
        hide = True
        if below:
            place = (*at, index)
            value, hide = _inside(value, below, place, work), place in work.hide
        if hide:
            hidden = True
            value = {"...": work.keep(disclosure.write_element(next(work.salts), value))}
        kept[index] = value
    if hidden:
        kept.extend({"...": digest} for digest in work.decoy_digests())
    return kept


def _refuse_reserved(value: Json) -> None:
    if isinstance(value, dict):
        if not RESERVED.isdisjoint(value):
            msg = "a claim has a name that SD-JWT reserves: _sd, _sd_alg or ..."
            raise ValueError(msg)
        for item in value.values():
            if type(item) is not str and isinstance(item, (dict, list)):
                _refuse_reserved(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_reserved(item)
