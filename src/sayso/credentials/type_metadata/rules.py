"""Look at whether a credential keeps to the rules of its type.

Source: SD-JWT VC draft 19, claim metadata (SV-14, SV-15).
"""

from collections.abc import Collection, Iterator
from itertools import islice
from typing import NamedTuple

from sayso.credentials import claims_path
from sayso.credentials.claims_path import COMPLETE, Location, Positions
from sayso.credentials.type_metadata.document import ALWAYS, NEVER, ClaimRule, TypeMetadata
from sayso.errors import LIMIT_EXCEEDED, TYPE_MISMATCH, Problem, SaysoError, pointer
from sayso.jsonvalue import Json, JsonObject

MAX_MISMATCHES = 16
"""The most places that are told where a credential does not keep to the rules."""

MAX_WORK = 1 << 20
"""The most elements of arrays, once for each rule whose path leads into one, that are looked at."""


class Sight(NamedTuple):
    """Hold what a reader of a processed SD-JWT knows about what it does not show, as `Proven` has it.

    `complete` is for who issued or holds it, with every disclosure: what is not there was never in it.
    """

    positions: Positions = COMPLETE
    disclosed: Collection[Location] = ()
    hiding: Collection[Location] = ()
    complete: bool = False


def problems(metadata: TypeMetadata, document: JsonObject, sight: Sight) -> tuple[Problem, ...]:
    """Say where a credential does not keep to the rules of its type; nothing, if it does.

    What may stand in something that is not disclosed is not missing.

    Args:
        metadata: the rules of the type and of all it extends, as `chain.merged` gives them.
        document: the claims, without digests.
        sight: what is known about what they do not show.

    Source: SD-JWT VC draft 19, claim metadata (SV-14, SV-15).
    """
    into_arrays = sum(any(type(step) is not str for step in rule.path) for rule in metadata.claims)
    if into_arrays * _elements(document) > MAX_WORK:
        return (Problem(LIMIT_EXCEEDED, "the rules of the type and the arrays of the credential are more than is looked at"),)
    return tuple(islice((problem for rule in metadata.claims for problem in _problems(rule, document, sight)), MAX_MISMATCHES))


def _elements(value: Json) -> int:
    if isinstance(value, list):
        return len(value) + sum(map(_elements, value))
    return sum(map(_elements, value.values())) if isinstance(value, dict) else 0


def _problems(rule: ClaimRule, document: JsonObject, sight: Sight) -> Iterator[Problem]:
    try:
        selected = claims_path.find(document, rule.path, sight.positions)
    except SaysoError as error:
        yield Problem(TYPE_MISMATCH, "a value has another shape than the type says", error.problems[0].pointer)
        return
    for place, _ in selected:
        # SV-15: the claim itself; that one above it is in a disclosure is something else.
        if rule.sd == ALWAYS and place not in sight.disclosed:
            yield Problem(TYPE_MISMATCH, "the type makes the claim selectively disclosable, and it is not", pointer(*place))
        if rule.sd == NEVER and place in sight.disclosed:
            yield Problem(TYPE_MISMATCH, "the type does not let the claim be selectively disclosable, and it is", pointer(*place))
    if rule.mandatory and not selected and (sight.complete or not _may_be_hidden(rule, document, sight)):
        yield Problem(TYPE_MISMATCH, "the type makes the claim mandatory, and it is missing", pointer(*claims_path.stem(rule.path)))


def _may_be_hidden(rule: ClaimRule, document: JsonObject, sight: Sight) -> bool:
    """Tell whether a claim that is not there may stand in something that is not disclosed: itself, or what it is in."""
    places: list[tuple[Location, Json]] = [((), document)]
    for number, step in enumerate(rule.path, 1):
        # What may never be in a disclosure is not in one; what it is in may be.
        hides = number < len(rule.path) or rule.sd != NEVER
        if hides and any(_hides(place, step, value, sight) for place, value in places):
            return True
        places = [
            ((*place, *inner), found)
            for place, value in places
            for inner, found in claims_path.find(value, (step,), _below(sight.positions, place))
        ]
    return False


def _below(positions: Positions, place: Location) -> Positions:
    return {(): positions[place]} if place in positions else COMPLETE


def _hides(place: Location, step: str | int | None, value: Json, sight: Sight) -> bool:
    if isinstance(value, dict):
        return step not in value and place in sight.hiding
    return place in sight.positions and step not in sight.positions[place]
