"""Let the JSON Schema library evaluate a hostile schema, within bounds: every use of a keyword is accounted for.

The library chooses the keywords of a subschema by the `$schema` in it, and would leave these bounds with it: the one at the root is left
out, and a schema with another one, or with a reference to a metaschema, is not evaluated.
"""

import sys
from collections.abc import Callable, Iterator
from functools import cache
from json import dumps
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sayso.credentials.json_schema.patterns import compiled
from sayso.errors import LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import Json, JsonObject

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError
    from jsonschema.protocols import Validator

MAX_SCHEMA_NODES = 2048
"""The most objects and arrays in one schema: to check each against its metaschema takes half a millisecond."""

MAX_SCHEMA_DEPTH = 48
"""The deepest nesting of objects and arrays in one schema."""

MAX_NESTING = 96
"""The most keywords of a schema that are followed inside each other."""

# What the library keeps in Rust ends the process's patience, not the call, where Python's stack ends: it must not come to that. Eight
# frames for each level of a schema that is checked, or six for each keyword that is followed, and some for what is below.
_FRAMES = 640
_METASCHEMAS = "json-schema.org"
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef", "$id")
_NOT_IN_URLS = {ord(character): None for character in "\t\r\n"}  # what `urllib` leaves out
_UNEVALUATED = ("unevaluatedItems", "unevaluatedProperties")
# The values of these are looked through for each instance, or quoted in a message.
_WHOLE = frozenset(("const", "dependencies", "dependentRequired", "enum", "not", "oneOf"))
_PER_KEYWORD = 64
_PER_STATE = 32
_PER_PLACE = 8
_HIDDEN = 16
_SMALL = 8


class Work:
    """Account for the work of one validation.

    Args:
        most: about one for each character that is looked at, and 64 for each use of a keyword.
        values: what is looked at: a schema, an instance.
    """

    __slots__ = ("_left", "_sizes", "nesting")

    def __init__(self, most: int, *values: Json) -> None:
        self._left = most
        self.nesting = 0
        self._sizes: dict[int, int] = {}
        for value in values:
            self._measure(value)

    def spend(self, amount: int) -> None:
        """Account for an amount.

        Raises:
            SaysoError: LIMIT_EXCEEDED, where there was enough.
        """
        self._left -= amount
        if self._left < 0:
            raise SaysoError.of(LIMIT_EXCEEDED, "the schema takes more work than is accepted")

    def size(self, value: Json) -> int:
        """Tell how large a value or a part of one is, with all that is in it."""
        if isinstance(value, str):
            return _SMALL + len(value)
        return self._sizes.get(id(value), _SMALL)

    def _measure(self, value: Json) -> int:
        if isinstance(value, dict):
            total = _SMALL + sum(len(name) + self._measure(item) for name, item in value.items())
        elif isinstance(value, list):
            total = _SMALL + sum(map(self._measure, value))
        else:
            return self.size(value)
        self._sizes[id(value)] = total
        return total


def is_acceptable(schema: JsonObject, draft: str) -> bool:
    """Tell whether a schema keeps to what can be bounded, and is one by its draft; `draft` is a class of the library."""
    import jsonschema  # on first use

    try:
        _check_room()
        nodes = [*_nodes(schema, [MAX_SCHEMA_NODES], MAX_SCHEMA_DEPTH)]
        if not _is_tame(schema, nodes):
            return False
        getattr(jsonschema, draft).check_schema(schema, format_checker=None)
    except (SaysoError, jsonschema.SchemaError):
        return False
    return True


def _check_room() -> None:
    import inspect  # the library loads it too

    used, frame = 0, inspect.currentframe()
    while frame is not None:
        used, frame = used + 1, frame.f_back
    if sys.getrecursionlimit() - used < _FRAMES:
        raise SaysoError.of(LIMIT_EXCEEDED, "too little of the stack is left to look at a schema")


def _nodes(value: Json, left: list[int], depth: int) -> Iterator[JsonObject]:
    if isinstance(value, (dict, list)):
        left[0] -= 1
        if left[0] < 0 or depth == 0:
            raise SaysoError.of(LIMIT_EXCEEDED, "the schema is larger than is accepted")
        if isinstance(value, dict):
            yield value
        for item in value.values() if isinstance(value, dict) else value:
            yield from _nodes(item, left, depth - 1)


def _is_tame(schema: JsonObject, nodes: list[JsonObject]) -> bool:
    names = {name for node in nodes for name in node}
    # To find what was evaluated, the library matches by the expressions of Python.
    if names.issuperset(("patternProperties", "unevaluatedProperties")):
        return False
    if any(isinstance(node.get("$schema"), str) for node in nodes[1:]):
        return False
    texts = [node[name] for node in nodes for name in _REFERENCES if name in node and (node is not schema or name != "$id")]
    references = [text.translate(_NOT_IN_URLS) for text in texts if isinstance(text, str)]
    if _METASCHEMAS in str(schema.get("$id")).translate(_NOT_IN_URLS):
        return all(text.startswith("#") for text in references)
    return not any(_METASCHEMAS in text for text in references)


def mismatches(schema: JsonObject, draft: str, instance: Json, max_work: int) -> "Iterator[ValidationError]":
    """Give what an acceptable schema has against an instance.

    Raises:
        SaysoError: LIMIT_EXCEEDED beyond the work that is accepted, UNDECIDABLE for what is not evaluated.
    """
    from referencing import Registry  # on first use; an empty one, which knows the metaschemas alone and fetches nothing

    prepared = {name: value for name, value in _ordered(schema).items() if name != "$schema"}
    hidden = any(name in _UNEVALUATED for node in _nodes(schema, [MAX_SCHEMA_NODES], MAX_SCHEMA_DEPTH) for name in node)
    work = Work(max_work // _HIDDEN if hidden else max_work, prepared, instance)
    # What is handed on to every subschema, and is otherwise for `format`, carries the account.
    validator = _bounded(draft)(prepared, registry=Registry(), format_checker=cast("Any", work))
    return iter(validator.iter_errors(instance))


def _ordered(value: Any) -> Any:
    # Before it looks for what was evaluated, which is not accounted for, the same references are followed, which is. So that is bounded
    # too, by as much for each level of the schema.
    if isinstance(value, list):
        return [_ordered(item) for item in cast("list[Json]", value)]
    if isinstance(value, dict):
        members = cast("JsonObject", value)
        return {name: _ordered(members[name]) for name in sorted(members, key=_UNEVALUATED.__contains__)}
    return value


@cache
def _bounded(draft: str) -> "type[Validator]":
    import jsonschema
    from jsonschema import validators

    theirs = getattr(jsonschema, draft)
    own: dict[str, Keyword] = {
        "additionalProperties": _additional_properties,
        "format": _annotation,
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "uniqueItems": _unique_items,
    }
    keywords: dict[str, Keyword] = {**theirs.VALIDATORS, **own}
    bounded: type[Validator] = cast("Any", validators).extend(
        theirs, {name: _accounted(name, keyword) for name, keyword in keywords.items()}
    )
    return bounded


def _accounted(name: str, keyword: "Keyword") -> "Keyword":
    def accounted(validator: Any, value: Any, instance: Any, schema: Any) -> "Iterator[ValidationError]":
        work: Work = validator.format_checker
        work.spend(_amount(work, name, value, instance))
        work.nesting += 1
        if work.nesting > MAX_NESTING:
            raise SaysoError.of(LIMIT_EXCEEDED, "the schema follows more keywords inside each other than is accepted")
        try:
            yield from keyword(validator, value, instance, schema) or ()
        finally:
            work.nesting -= 1

    return accounted


def _amount(work: Work, name: str, value: Any, instance: Any) -> int:
    amount = _PER_KEYWORD + work.size(instance)
    if name in _UNEVALUATED and isinstance(instance, (dict, list)):
        return amount * (1 + len(cast("list[Json]", instance)))
    if name in _WHOLE:
        return amount + work.size(value)
    return amount + (len(cast("list[Json]", value)) if isinstance(value, (dict, list)) else 0)


def _annotation(*_: Any) -> tuple[()]:
    return ()


def _matches(validator: Any, pattern: str, text: str) -> bool:
    work: Work = validator.format_checker
    known = compiled(pattern)
    work.spend(_PER_STATE * len(known.states))
    return known.found_in(text, lambda looked: work.spend(_PER_PLACE * looked))


def _mismatch(*path: str) -> "ValidationError":
    from jsonschema import ValidationError

    return ValidationError("", path=path)


def _pattern(validator: Any, pattern: str, instance: Json, _: JsonObject) -> "Iterator[ValidationError]":
    if isinstance(instance, str) and not _matches(validator, pattern, instance):
        yield _mismatch()


def _pattern_properties(validator: Any, patterns: JsonObject, instance: Json, _: JsonObject) -> "Iterator[ValidationError]":
    for name, value in instance.items() if isinstance(instance, dict) else ():
        for pattern, schema in patterns.items():
            if _matches(validator, pattern, name):
                yield from validator.descend(value, schema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, rule: Json, instance: Json, schema: JsonObject) -> "Iterator[ValidationError]":
    named = cast("JsonObject", schema.get("properties", {}))
    patterns = cast("JsonObject", schema.get("patternProperties", {}))
    for name, value in instance.items() if isinstance(instance, dict) else ():
        if name not in named and not any(_matches(validator, pattern, name) for pattern in patterns):
            yield from [_mismatch(name)] if rule is False else validator.descend(value, rule, path=name)


def _unique_items(_: Any, wanted: Json, instance: Json, __: JsonObject) -> "Iterator[ValidationError]":
    if wanted is True and isinstance(instance, list) and len({dumps(_plain(item), sort_keys=True) for item in instance}) < len(instance):
        yield _mismatch()


def _plain(value: Json) -> Json:
    # Core, section 4.2.2: numbers are equal by what they are, not by how they are written.
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


Keyword: TypeAlias = Callable[[Any, Any, Any, Any], Any]
