"""Read untrusted JSON text: strict, bounded, and in one place."""

import re
from collections.abc import Callable, Mapping, Sequence
from json import JSONDecoder, JSONEncoder
from json.encoder import encode_basestring
from math import isfinite
from typing import Any, NamedTuple, NoReturn, TypeAlias, cast, overload

from sayso.errors import LIMIT_EXCEEDED, PARSING_ERROR, SaysoError, pointer

Json: TypeAlias = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
JsonObject: TypeAlias = dict[str, Json]

MAX_EXACT_INTEGER = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly. Source: RFC 8785, section 3.2.2.3; RFC 7493, section 2.2."""


class Limits(NamedTuple):
    """Bound what untrusted text may cost.

    `size_bytes` bounds one input, `depth` the nesting of arrays and objects, `disclosures` the number of SD-JWT disclosures.
    """

    size_bytes: int = 1024 * 1024
    depth: int = 64
    disclosures: int = 4096


DEFAULT_LIMITS = Limits()

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTAINERS = (dict, list)
_WHITESPACE = " \t\n\r"  # RFC 8259, section 2; str.strip() would take more


class _StrictnessError(ValueError):
    """Carry a rule out of the decoder's hooks."""


def _unique_members(pairs: list[tuple[str, Json]]) -> JsonObject:
    # RFC 8259, section 4: names SHOULD be unique; RFC 7515, section 4, and RFC 7493, section 2.3: MUST.
    members = dict(pairs)
    if len(members) != len(pairs):
        msg = "an object has two members of one name"
        raise _StrictnessError(msg)
    return members


def _finite(text: str) -> float:
    number = float(text)
    if not isfinite(number):
        msg = "a number is too large to be represented"
        raise _StrictnessError(msg)
    return number


def _no_constant(name: str) -> NoReturn:
    msg = f"{name} is not a JSON value"
    raise _StrictnessError(msg)


_DECODER = JSONDecoder(object_pairs_hook=_unique_members, parse_float=_finite, parse_constant=_no_constant)
_ENCODER = JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), check_circular=False)
# The encoder makes another one for each value that is no string; for these that costs far more than to write them.
_SCALARS: dict[type, Callable[[Any], str]] = {str: encode_basestring, bool: {False: "false", True: "true"}.__getitem__, int: repr}


def parse(data: bytes | str, limits: Limits = DEFAULT_LIMITS) -> Json:
    """Read one JSON text.

    UTF-8 only, without a byte order mark, duplicate names, NaN, infinities or lone surrogates.

    Source: RFC 8259; RFC 7493 (I-JSON), sections 2.1 and 2.3.

    Raises:
        SaysoError: PARSING_ERROR, or LIMIT_EXCEEDED beyond `limits`.

    >>> parse(b'{"a": [1, 2.5, null]}')
    {'a': [1, 2.5, None]}
    """
    text = _text(data, limits.size_bytes).strip(_WHITESPACE)
    # Each level opens with a bracket: few of them prove a small depth without a walk.
    if text.count("[") + text.count("{") > limits.depth:
        _check_depth(text, limits.depth)
    try:
        value: Json
        value, end = _DECODER.raw_decode(text)
        if end != len(text):
            raise _StrictnessError("something follows the JSON text")
        if "\\u" in text and _has_lone_surrogate(value):
            raise _StrictnessError("a string holds half of a surrogate pair")
    except _StrictnessError as error:
        raise SaysoError.of(PARSING_ERROR, str(error)) from None
    except (ValueError, RecursionError):
        # The decoder's own message can quote the input; RecursionError cannot happen below the depth limit unless a caller raises it.
        raise SaysoError.of(PARSING_ERROR, "not a JSON text") from None
    return value


def _text(data: bytes | str, most: int) -> str:
    try:
        size = len(data) if isinstance(data, bytes) or data.isascii() or len(data) > most else len(data.encode())
        if size > most:
            raise SaysoError.of(LIMIT_EXCEEDED, f"a JSON text is longer than {most} bytes")
        return data if isinstance(data, str) else data.decode()
    except UnicodeError:
        # Half of a surrogate pair in a str has no UTF-8 either.
        raise SaysoError.of(PARSING_ERROR, "a JSON text is not UTF-8") from None


def parse_object(data: bytes | str, limits: Limits = DEFAULT_LIMITS) -> JsonObject:
    """Read one JSON text that must be an object.

    Raises:
        SaysoError: as `parse`, and PARSING_ERROR for another value.
    """
    value = parse(data, limits)
    if type(value) is not dict:
        raise SaysoError.of(PARSING_ERROR, "the JSON text is not an object")
    return value


_ESCAPE = re.compile(r"\\.", re.DOTALL)


def _check_depth(text: str, most: int) -> None:
    # Without escapes, every second part between quotation marks lies outside the strings: linear, also for hostile text.
    depth = 0
    for outside in _ESCAPE.sub("", text).split('"')[::2]:
        for character in outside:
            if character in "[{":
                depth += 1
                if depth > most:
                    raise SaysoError.of(LIMIT_EXCEEDED, f"a JSON text nests deeper than {most}")
            elif character in "]}":
                depth -= 1


def _has_lone_surrogate(value: Json) -> bool:
    # Pairs are joined by the decoder, so whatever is left in the surrogate range is alone. The depth is bounded by now.
    return _LONE_SURROGATE.search(_ENCODER.encode(value)) is not None


def serialize(value: Json | Mapping[str, Any]) -> str:
    """Write compact JSON text: no white space, characters as themselves, members in their order.

    >>> serialize({"a": ["é", True]})
    '{"a":["é",true]}'
    """
    write = _SCALARS.get(type(value))
    return write(value) if write else _ENCODER.encode(value)


def from_python(value: object, *, depth: int = DEFAULT_LIMITS.depth, place: str = "") -> Json:
    """Copy what a programmer gave as a JSON value, so that nobody else holds it.

    `depth` is the nesting that is allowed, `place` a JSON Pointer to the value, for messages.

    Raises:
        TypeError: something in it is no JSON value.
        ValueError: a number is not finite, a string holds half of a surrogate pair, or it nests deeper than `depth`.

    >>> from_python({"langs": ("no", "en")})
    {'langs': ['no', 'en']}
    """
    return _copied(value, depth, place, ())


def _copied(value: object, depth: int, place: str, steps: tuple[str | int, ...]) -> Json:
    if isinstance(value, str):
        return value if type(value) is str and value.isascii() else _copied_text(value, place, steps)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(_at(place, steps) + " is not a finite number")
        return float(value)
    if not isinstance(value, (dict, list, tuple, Mapping)):
        raise TypeError(_at(place, steps) + f" is no JSON value but a {type(value).__name__}")
    if depth <= 0:
        raise ValueError(_at(place, steps) + " nests too deep")
    if isinstance(value, Mapping):
        members = cast("Mapping[object, object]", value).items()
        named = [(_copied_name(name, place, steps), item) for name, item in members]
        return {name: _copied(item, depth - 1, place, (*steps, name)) for name, item in named}
    items = cast("Sequence[object]", value)
    return [_copied(item, depth - 1, place, (*steps, index)) for index, item in enumerate(items)]


def _copied_text(text: str, place: str, steps: tuple[str | int, ...]) -> str:
    if _LONE_SURROGATE.search(text):
        raise ValueError(_at(place, steps) + " holds half of a surrogate pair")
    return str.__str__(text)  # str() of a subclass, such as an Enum of str, may say something else


def _copied_name(name: object, place: str, steps: tuple[str | int, ...]) -> str:
    if type(name) is str and name.isascii():
        return name
    if not isinstance(name, str):
        raise TypeError(_at(place, steps) + f" has a member whose name is no string but a {type(name).__name__}")
    return _copied_text(name, place, steps)


def _at(place: str, steps: tuple[str | int, ...]) -> str:
    return place + pointer(*steps) or "the value"


def thaw(value: Json) -> Json:
    """Copy a JSON value into plain, changeable dicts and lists."""
    if isinstance(value, dict):
        return {name: thaw(item) for name, item in value.items()}
    if isinstance(value, list):
        return [thaw(item) for item in value]
    return value


@overload
def freeze(value: JsonObject) -> "FrozenObject": ...
@overload
def freeze(value: Json) -> Json: ...
def freeze(value: Json) -> Json:
    """Copy a JSON value so that it cannot be changed; it still equals, and serializes as, the plain one."""
    if isinstance(value, dict):
        return FrozenObject({name: freeze(item) if isinstance(item, _CONTAINERS) else item for name, item in value.items()})
    if isinstance(value, list):
        return FrozenArray([freeze(item) if isinstance(item, _CONTAINERS) else item for item in value])
    return value


def _refuse_change(self: object, *_: object, **__: object) -> NoReturn:
    msg = f"a {type(self).__name__} cannot be changed; copy it with thaw()"
    raise TypeError(msg)


class FrozenObject(dict[str, Json]):
    """Be a JSON object that cannot be changed."""

    __slots__ = ()
    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse_change

    def __reduce__(self) -> tuple[type["FrozenObject"], tuple[JsonObject]]:
        return FrozenObject, (dict(self),)


class FrozenArray(list[Json]):
    """Be a JSON array that cannot be changed."""

    __slots__ = ()
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse_change
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse_change

    def __reduce__(self) -> tuple[type["FrozenArray"], tuple[list[Json]]]:
        return FrozenArray, (list(self),)
