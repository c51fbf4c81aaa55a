"""Write JSON in its one canonical form, so that equal values have equal bytes to sign."""

from collections.abc import Callable, Iterable
from json import JSONEncoder, encoder
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import MAX_EXACT_INTEGER, Json

_ENCODER = JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), check_circular=False)
# `_ENCODER.encode` makes a writer for each value, which costs a third of the whole. This one is kept, where Python has it in C.
_C_WRITER: Any = getattr(encoder, "c_make_encoder", None)
_WRITER: Callable[[Any, Any], Iterable[str]] = (
    _C_WRITER(None, _ENCODER.default, encode_basestring, None, ":", ",", True, False, False) if _C_WRITER else _ENCODER.iterencode
)
_CONSTANTS = {None: "null", True: "true", False: "false"}
_MAX_DIGITS = 21  # ECMA-262, Number::toString, steps 6 to 8: from here on numbers have an exponent
_MAX_LEADING_ZEROS = 6
# Fractions from here to there have no exponent in Python either, which says 1e-05 and 1e+16, and 5.0 for what is whole.
_FIRST_ALIKE, _MAX_ALIKE = 1e-4, 1e16


def canonicalize(value: Json) -> bytes:
    r"""Write a JSON value as canonical JSON: members in order, numbers in their shortest form, UTF-8, no white space.

    Source: RFC 8785 (JSON Canonicalization Scheme), section 3.2.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for what is not I-JSON: an integer beyond 2^53-1, NaN, an infinity, or half of a surrogate
            pair; LIMIT_EXCEEDED for what nests deeper than Python can follow.
        TypeError: something in it is no JSON value.

    >>> canonicalize({"b": [1.0, 1e-7], "a": "é"})
    b'{"a":"\xc3\xa9","b":[1,1e-7]}'
    """
    try:
        text = "".join(_WRITER(value, 0)) if _is_plain((value,)) else _written(value)
        return text.encode()
    except UnicodeEncodeError:
        # RFC 8785, section 3.2.2.2: lone surrogates MUST end the canonicalisation. They are what has no UTF-8 (and no UTF-16).
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a string holds half of a surrogate pair") from None
    except RecursionError:
        raise SaysoError.of(LIMIT_EXCEEDED, "a JSON value nests too deep") from None


def _is_plain(items: Iterable[Json]) -> bool:
    # Where this holds, the standard encoder writes RFC 8785: ASCII names sort alike in code points and in UTF-16, integers and most
    # fractions have one spelling, and it escapes in strings what section 3.2.2.2 escapes, in the same way.
    for item in items:
        kind = type(item)
        if kind is str or kind is bool or item is None:
            continue
        if isinstance(item, dict):
            if not ("".join(item).isascii() and _is_plain(item.values())):
                return False
        elif isinstance(item, list):
            if not _is_plain(item):
                return False
        elif isinstance(item, float):
            if not (kind is float and _FIRST_ALIKE <= item < _MAX_ALIKE and item % 1):
                return False
        elif kind is not int or not (isinstance(item, int) and -MAX_EXACT_INTEGER <= item <= MAX_EXACT_INTEGER):
            return False
    return True


def _written(value: Json) -> str:
    match value:
        case str():
            return encode_basestring(value)
        case None | bool():
            return _CONSTANTS[value]
        case int():
            return _integer(value)
        case float():
            return _number(value)
        case list():
            return "[" + ",".join(map(_written, value)) + "]"
        case dict():
            # Section 3.2.3: names are sorted as arrays of UTF-16 code units.
            return "{" + ",".join(f"{encode_basestring(name)}:{_written(value[name])}" for name in sorted(value, key=_utf_16)) + "}"
        case _:
            raise TypeError(f"a JSON value cannot be a {type(value).__name__}")


def _utf_16(name: str) -> bytes:
    return name.encode("utf-16-be")


def _integer(value: int) -> str:
    if not -MAX_EXACT_INTEGER <= value <= MAX_EXACT_INTEGER:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "an integer is beyond 2^53-1")
    return int.__repr__(value)


def _number(value: float) -> str:
    # Section 3.2.2.3: as ECMA-262 writes numbers (Number::toString). Python finds the same shortest digits, but spells them otherwise.
    if not isfinite(value):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a number is not finite")
    if value == 0:
        return "0"  # also -0
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    significant = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(significant))
    sign = "-" if value < 0 else ""
    return sign + _spelled(significant.rstrip("0"), point)


def _spelled(digits: str, point: int) -> str:
    """Write 0.digits x 10^point."""
    if len(digits) <= point <= _MAX_DIGITS:
        return digits + "0" * (point - len(digits))
    if 0 < point <= _MAX_DIGITS:
        return digits[:point] + "." + digits[point:]
    if -_MAX_LEADING_ZEROS < point <= 0:
        return "0." + "0" * -point + digits
    first, rest = digits[0], digits[1:]
    return first + ("." + rest if rest else "") + f"e{point - 1:+d}"
