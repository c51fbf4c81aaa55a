"""Process a payload: put disclosed values back in their places, and refuse what does not fit.

Source: RFC 9901, section 7.1, steps 3 to 5.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from sayso.credentials.claims_path import Location, Positions
from sayso.errors import LIMIT_EXCEEDED, PARSING_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject, Limits
from sayso.proofs.sd_jwt import disclosure
from sayso.proofs.sd_jwt.disclosure import ELEMENT_PARTS, PROPERTY_PARTS, RESERVED, Hash


class Processed(NamedTuple):
    """Hold the processed payload.

    `document` has no digest left in it; `positions` tells where elements are missing from its arrays; `disclosed` maps the place of each
    disclosed value to the text of its disclosure; `hiding` are the places of objects with digests that nothing opened (or decoys).
    """

    document: JsonObject
    positions: Positions
    disclosed: dict[Location, str]
    hiding: frozenset[Location]


class _Work:
    """Carry what the walk finds."""

    __slots__ = ("depth", "disclosed", "hiding", "parts", "positions", "seen", "used")

    def __init__(self, parts: dict[str, tuple[str, list[Json]]], depth: int) -> None:
        self.parts = parts
        self.depth = depth
        self.seen: set[str] = set()
        self.used = 0
        self.positions: dict[Location, tuple[int, ...]] = {}
        self.disclosed: dict[Location, str] = {}
        self.hiding: set[Location] = set()

    def opened(self, digest: Json, size: int) -> tuple[str, list[Json]] | None:
        """Give the disclosure that a digest stands for; an object property has 3 parts, an array element 2."""
        if type(digest) is not str:
            raise SaysoError.of(PARSING_ERROR, "a digest is a string")
        if digest in self.seen:
            # step 4 (SD-V6)
            raise SaysoError.of(PARSING_ERROR, "a digest stands in two places")
        self.seen.add(digest)
        found = self.parts.get(digest)
        if found is None:
            return None
        if len(found[1]) != size:
            # steps 3.c.i and 3.d.i
            raise SaysoError.of(PARSING_ERROR, "a disclosure for a member stands in an array, or one for an element in an object")
        self.used += 1
        return found


def process(
    payload: JsonObject, disclosures: Sequence[str], parts: Sequence[list[Json]], hash_: Callable[[bytes], Hash], limits: Limits
) -> Processed:
    """Put the disclosed values back, in place: the payload given is used up.

    `parts` are the disclosures as read, in the same order as their texts.

    Source: RFC 9901, section 7.1, steps 3 to 5 (SD-V2 to SD-V7, SD-V9).

    Raises:
        SaysoError: PARSING_ERROR, LIMIT_EXCEEDED.
    """
    by_digest = {disclosure.digest_of(text, hash_): (text, read) for text, read in zip(disclosures, parts, strict=True)}
    if len(by_digest) != len(disclosures):
        raise SaysoError.of(PARSING_ERROR, "a disclosure is given twice")
    work = _Work(by_digest, limits.depth)
    payload.pop("_sd_alg", None)
    _members(payload, (), work)
    if work.used != len(by_digest):
        # step 5 (SD-V7)
        raise SaysoError.of(PARSING_ERROR, "a disclosure is referenced by no digest")
    return Processed(payload, work.positions, work.disclosed, frozenset(work.hiding))


def _walk(value: Json, at: Location, work: _Work) -> Json:
    if not isinstance(value, (dict, list)):
        return value
    if len(at) >= work.depth:
        # Each disclosure is shallow by itself; a chain of them need not be.
        raise SaysoError.of(LIMIT_EXCEEDED, f"disclosures nest deeper than {work.depth}")
    if isinstance(value, list):
        return _elements(value, at, work)
    _members(value, at, work)
    return value


def _members(members: JsonObject, at: Location, work: _Work) -> None:
    if "..." in members or "_sd_alg" in members:
        # Section 4.1: "..." is no claim name; section 4.1.1: _sd_alg stands at the top level only.
        raise SaysoError.of(PARSING_ERROR, "an object has a member with a reserved name")
    digests = members.pop("_sd", None) if "_sd" in members else []
    if type(digests) is not list:
        raise SaysoError.of(PARSING_ERROR, "_sd is not an array of strings")
    for name, value in members.items():
        if isinstance(value, (dict, list)):
            members[name] = _walk(value, (*at, name), work)
    # step 3.c: after the members in the clear, so that a disclosure cannot take the name of one.
    unopened = False
    for digest in digests:
        found = work.opened(digest, PROPERTY_PARTS)
        if found is None:
            unopened = True
            continue
        text, (_, claim, opened) = found
        if type(claim) is not str or claim in members or claim in RESERVED:
            raise SaysoError.of(PARSING_ERROR, "a disclosure names a claim that is there already")
        place: Location = (*at, claim)
        work.disclosed[place] = text
        members[claim] = _walk(opened, place, work)
    if unopened:
        work.hiding.add(at)


def _elements(elements: list[Json], at: Location, work: _Work) -> list[Json]:
    kept: list[Json] = []
    positions: list[int] = []
    for index, element in enumerate(elements):
        value: Json = element
        if isinstance(element, (dict, list)):
            place = (*at, len(kept))
            if isinstance(element, dict) and len(element) == 1 and "..." in element:
                found = work.opened(element["..."], ELEMENT_PARTS)
                if found is None:
                    continue
                text, (_, value) = found
                work.disclosed[place] = text
            value = _walk(value, place, work)
        kept.append(value)
        positions.append(index)
    if len(kept) < len(elements):
        work.positions[at] = tuple(positions)
    return kept
