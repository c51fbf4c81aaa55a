"""Point into a credential: claims path pointers, and the places of a tree that they select."""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import TypeAlias, cast

from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, MISSING_CLAIM, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, serialize

ClaimsPath: TypeAlias = tuple[str | int | None, ...]
"""Where to look: names, indexes as the issuer counted them, and None for every element of an array."""

Location: TypeAlias = tuple[str | int, ...]
"""A place in one tree: names, and indexes as that tree counts them."""

Positions: TypeAlias = Mapping[Location, tuple[int, ...]]
"""For each array from which undisclosed elements are missing: the index that each element left had when the issuer signed."""

COMPLETE: Positions = MappingProxyType({})
"""Nothing is missing from any array."""

MAX_STEPS = DEFAULT_LIMITS.depth
"""The longest claims path: nothing lies deeper in a JSON text that may be read."""

_Selection: TypeAlias = list[tuple[Location, Json]]


def parse(value: Json) -> ClaimsPath:
    """Read a claims path pointer from its JSON form.

    Source: OpenID4VP 1.0, section 7 (DQ-P1); SD-JWT VC draft 19, claim paths of type metadata (SV-13).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, or LIMIT_EXCEEDED beyond MAX_STEPS.

    >>> parse(["degrees", None, "type"])
    ('degrees', None, 'type')
    """
    if not isinstance(value, list) or not value:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a claims path is a non-empty array")
    if len(value) > MAX_STEPS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a claims path has more than {MAX_STEPS} components")
    steps: list[str | int | None] = []
    for number, step in enumerate(value):
        # `type is`, for a bool is an int to isinstance.
        if step is None or type(step) is str or (type(step) is int and step >= 0):
            steps.append(step)
        else:
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a component of a claims path is a string, null or a non-negative integer", number)
    return tuple(steps)


def text(path: ClaimsPath) -> str:
    """Write a claims path pointer in its JSON form.

    >>> text(("degrees", None, "type"))
    '["degrees",null,"type"]'
    """
    return serialize([*path])


def stem(path: ClaimsPath) -> Location:
    """Give the part of a path that can stand in a JSON Pointer, which knows no "every element".

    >>> stem(("degrees", None, "type"))
    ('degrees',)
    """
    steps: list[str | int] = []
    for step in path:
        if step is None:
            break
        steps.append(step)
    return tuple(steps)


def select(root: Json, path: ClaimsPath, positions: Positions = COMPLETE) -> _Selection:
    """Select the claims at a path, each with its place in the tree; at least one.

    Source: OpenID4VP 1.0, section 7.1.1 (DQ-P1 to DQ-P3).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR where the tree has another shape than the path; MISSING_CLAIM where nothing is selected.

    >>> select({"langs": ["no", "en"]}, ("langs", None))
    [(('langs', 0), 'no'), (('langs', 1), 'en')]
    """
    selected = find(root, path, positions)
    # (3) an empty selection is an error
    if not selected:
        raise SaysoError.of(MISSING_CLAIM, f"nothing is at the claims path {text(path)}", *stem(path))
    return selected


def find(root: Json, path: ClaimsPath, positions: Positions = COMPLETE) -> _Selection:
    """Select the claims at a path as type metadata does: nothing there is an answer, not an error.

    Source: SD-JWT VC draft 19, claim paths of type metadata (SV-14).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR where the tree has another shape than the path.

    >>> find({"langs": ["en"]}, ("langs", 0), positions={("langs",): (1,)})  # the issuer's first element is not disclosed
    []
    """
    if not path:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a claims path has at least one component")
    # Nearly every path is of names alone, and leads to the place that it spells.
    value = root
    for step in path:
        if type(step) is not str or not isinstance(value, dict) or step not in value:
            break
        value = value[step]
    else:
        return [(cast("Location", path), value)]
    selected: _Selection = [((), root)]
    for step in path:
        if type(step) is str:
            selected = _member(selected, step)
        elif step is None:
            selected = _every_element(selected)
        elif type(step) is int and step >= 0:
            selected = _element(selected, step, positions)
        else:
            # (2.4) anything else aborts: a negative index would count from the end, and True would be 1.
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a component of a claims path is a string, null or a non-negative integer")
    return selected


def _member(selected: _Selection, name: str) -> _Selection:
    # (2.1) one element that is no object is an error, whatever the others are; without the member it is left out.
    found: _Selection = []
    for location, value in selected:
        if not isinstance(value, dict):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "the claims path asks for a member of something that is no object", *location)
        if name in value:
            found.append(((*location, name), value[name]))
    return found


def _every_element(selected: _Selection) -> _Selection:
    # (2.2) what is not disclosed is not in the tree, and so not selected
    return [((*location, index), item) for location, value in selected for index, item in enumerate(_array(location, value))]


def _element(selected: _Selection, number: int, positions: Positions) -> _Selection:
    # (2.3) with the issuer's count: an element that is not disclosed keeps its index, and that index is missing.
    found: _Selection = []
    for location, value in selected:
        array = _array(location, value)
        left = positions.get(location)
        index = number if left is None else left.index(number) if number in left else len(array)
        if index < len(array):
            found.append(((*location, index), array[index]))
    return found


def _array(location: Location, value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "the claims path asks for elements of something that is no array", *location)
    return value


# What is chosen below a place, by step; None: all of it.
_Chosen: TypeAlias = dict[str | int, "_Chosen | None"]


def project(root: Json, locations: Iterable[Location]) -> Json:
    """Give the smallest tree that holds these places of an object or array.

    Members stand in the order of the locations, elements in the order of the tree. What is chosen is not copied: it belongs to both trees.

    Raises:
        ValueError: a location is not in the tree.

    >>> project({"a": {"b": 1, "c": 2}, "d": [3, 4, 5]}, [("d", 2), ("d", 0), ("a", "c")])
    {'d': [3, 5], 'a': {'c': 2}}
    """
    chosen: _Chosen = {}
    for location in locations:
        if not location:
            return root
        _choose(chosen, location)
    try:
        return _cut(root, chosen)
    except LookupError:
        msg = "a location is not in the tree"
        raise ValueError(msg) from None


def _choose(chosen: _Chosen, location: Location) -> None:
    for step in location[:-1]:
        below = chosen.setdefault(step, {})
        if below is None:
            return  # an ancestor is chosen, with all that it holds
        chosen = below
    chosen[location[-1]] = None


def _cut(value: Json, chosen: _Chosen | None) -> Json:
    if chosen is None:
        return value
    if isinstance(value, dict):
        members = {step: _cut(value[step], below) for step, below in chosen.items() if isinstance(step, str)}
        if len(members) == len(chosen):
            return members
    elif isinstance(value, list):
        numbers = sorted(step for step in chosen if isinstance(step, int) and step >= 0)
        if len(numbers) == len(chosen):
            return [_cut(value[number], chosen[number]) for number in numbers]
    raise LookupError


def prune(root: Json, locations: Collection[Location]) -> Json:
    """Copy a tree without some of its places; what is not in the tree cannot be left out of it.

    >>> prune({"a": {"b": 1, "c": 2}, "d": [3, 4, 5]}, [("d", 1), ("a", "c")])
    {'a': {'b': 1}, 'd': [3, 5]}
    """
    below: dict[str | int, list[Location]] = {}
    for step, *rest in locations:
        below.setdefault(step, []).append(tuple(rest))
    if isinstance(root, dict):
        return {name: prune(item, below.get(name, ())) for name, item in root.items() if () not in below.get(name, ())}
    if isinstance(root, list):
        return [prune(item, below.get(index, ())) for index, item in enumerate(root) if () not in below.get(index, ())]
    return root


class Places:
    """Know the places of disclosures, to tell which of them a selection needs without looking at all of them.

    `locations` are distinct. A disclosure is needed when it lies above a selected place (to get there), at it, or below it (whoever
    selects a value selects what it holds).

    Source: OpenID4VP 1.0, section 6.4.1; RFC 9901, section 7.2 (DQ-S6).

    >>> places = Places([("address",), ("address", "city"), ("address", "zip"), ("name",)])
    >>> places.needed([("address", "zip")]), places.needed([("address",)], withheld=[("address", "zip")])
    ([0, 2], [0, 1])
    """

    __slots__ = ("_at", "_within")

    def __init__(self, locations: Iterable[Location]) -> None:
        self._at: dict[Location, int] = {}
        self._within: dict[Location, list[int]] = {}
        for number, location in enumerate(locations):
            self._at[location] = number
            self._within.setdefault(location, []).append(number)
            for end in range(1, len(location)):
                self._within.setdefault(location[:end], []).append(number)
        self._within[()] = [*range(len(self._at))]

    def needed(self, selected: Iterable[Location], withheld: Iterable[Location] = ()) -> list[int]:
        """Give the numbers of the locations that a selection needs, in ascending order, but for those at or below what is withheld."""
        numbers: set[int] = set()
        for location in selected:
            numbers.update(self._within.get(location, ()))
            for end in range(1, len(location)):
                above = self._at.get(location[:end])
                if above is not None:
                    numbers.add(above)
        for location in withheld:
            numbers.difference_update(self._within.get(location, ()))
        return sorted(numbers)
