"""RFC 8785, section 3.2: a JSON value has one canonical text."""

import json
import struct
from enum import IntEnum
from pathlib import Path
from typing import Any

import pytest

from sayso.encodings.jcs import canonicalize
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import MAX_EXACT_INTEGER, FrozenArray, Json, freeze, parse
from tests.support import SHARED, needs_shared, shared

VECTORS = sorted(path.stem for path in (SHARED / "vectors/jcs/input").glob("*.json")) if SHARED else []


def _canonical(value: Json) -> str:
    return canonicalize(value).decode()


@needs_shared
@pytest.mark.parametrize("name", VECTORS)
def test_the_published_inputs_have_the_published_outputs(name: str) -> None:
    folder = shared("vectors", "jcs")
    value = parse((folder / "input" / f"{name}.json").read_bytes())
    expected = (folder / "output" / f"{name}.json").read_bytes()
    assert canonicalize(value) == expected == bytes.fromhex((folder / "outhex" / f"{name}.txt").read_text())


@needs_shared
def test_there_are_published_inputs() -> None:
    assert len(VECTORS) == len(list(Path(shared("vectors", "jcs", "outhex")).iterdir())) == 6


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        ("", '""'),
        ([], "[]"),
        ({}, "{}"),
        ({"b": 1, "a": [None, True, {"d": "x", "c": -1}]}, '{"a":[null,true,{"c":-1,"d":"x"}],"b":1}'),
        ({"b": 1.0, "a": [None, True, {"d": "x", "c": False}]}, '{"a":[null,true,{"c":false,"d":"x"}],"b":1}'),
        ({"": 0, "A": 1, "a": 2, "10": 3, "1": 4}, '{"":0,"1":4,"10":3,"A":1,"a":2}'),
    ],
)
def test_members_are_sorted_at_every_depth_and_nothing_stands_between(value: Json, text: str) -> None:
    """Sections 3.2.1 and 3.2.3."""
    assert _canonical(value) == text


@pytest.mark.parametrize("other", [1, 0.5], ids=["integers", "with a number"])
def test_names_are_sorted_by_utf_16_units_and_not_by_code_points(other: float) -> None:
    """Section 3.2.3: U+1F600 begins with the unit D83D, which comes before FB33."""
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\x80", "\xf6"]
    ordered = ["\r", "1", "\x80", "\xf6", "\u20ac", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonicalize(dict.fromkeys(names, other)))) == ordered
    assert list(json.loads(canonicalize([{"a": dict.fromkeys(names, other)}]))[0]["a"]) == ordered


@pytest.mark.parametrize("beside", [1, 0.5], ids=["integers", "with a number"])
def test_strings_have_the_fewest_escapes(beside: float) -> None:
    """Section 3.2.2.2: two-character escapes, lower-case hexadecimal for other control characters, all else as itself."""
    text = "".join(map(chr, range(0x20))) + '"\\/\x7f\x80é\u2028\ufffe\U0001f600'
    start = r'"\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f'
    end = r"\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f"
    written = start + end + r"\"\\/" + '\x7f\x80é\u2028\ufffe\U0001f600"'
    shown = "1" if beside == 1 else "0.5"
    assert _canonical([text, beside]) == f"[{written},{shown}]"
    assert _canonical({text: beside}) == f"{{{written}:{shown}}}"


@pytest.mark.parametrize(
    ("bits", "text"),
    [
        # RFC 8785, appendix B
        ("0000000000000000", "0"),
        ("8000000000000000", "0"),
        ("0000000000000001", "5e-324"),
        ("8000000000000001", "-5e-324"),
        ("7fefffffffffffff", "1.7976931348623157e+308"),
        ("ffefffffffffffff", "-1.7976931348623157e+308"),
        ("4340000000000000", "9007199254740992"),
        ("c340000000000000", "-9007199254740992"),
        ("4430000000000000", "295147905179352830000"),
        ("44b52d02c7e14af5", "9.999999999999997e+22"),
        ("44b52d02c7e14af6", "1e+23"),
        ("44b52d02c7e14af7", "1.0000000000000001e+23"),
        ("444b1ae4d6e2ef4e", "999999999999999700000"),
        ("444b1ae4d6e2ef4f", "999999999999999900000"),
        ("444b1ae4d6e2ef50", "1e+21"),
        ("3eb0c6f7a0b5ed8c", "9.999999999999997e-7"),
        ("3eb0c6f7a0b5ed8d", "0.000001"),
        ("41b3de4355555553", "333333333.3333332"),
        ("41b3de4355555554", "333333333.33333325"),
        ("41b3de4355555555", "333333333.3333333"),
        ("41b3de4355555556", "333333333.3333334"),
        ("41b3de4355555557", "333333333.33333343"),
        ("becbf647612f3696", "-0.0000033333333333333333"),
        ("43143ff3c1cb0959", "1424953923781206.2"),
    ],
)
def test_numbers_are_written_as_ecmascript_writes_them(bits: str, text: str) -> None:
    """Section 3.2.2.3 and appendix B."""
    (number,) = struct.unpack(">d", bytes.fromhex(bits))
    assert _canonical(number) == text
    assert _canonical([{"n": number}]) == f'[{{"n":{text}}}]'


@pytest.mark.parametrize(
    ("number", "text"),
    [
        # ECMA-262, Number::toString: the edges between its forms
        (1.0, "1"),
        (-1.0, "-1"),
        (100.0, "100"),
        (0.1, "0.1"),
        (-1.5, "-1.5"),
        (123.456, "123.456"),
        (1e16, "10000000000000000"),
        (1e20, "100000000000000000000"),
        (1.5e20, "150000000000000000000"),
        (1e21, "1e+21"),
        (-1e21, "-1e+21"),
        (1.5e21, "1.5e+21"),
        (1e-5, "0.00001"),
        (1e-6, "0.000001"),
        (1.5e-6, "0.0000015"),
        (1e-7, "1e-7"),
        (1.5e-7, "1.5e-7"),
        (-1e-7, "-1e-7"),
        (1e100, "1e+100"),
        (-0.0, "0"),
        (0, "0"),
        (MAX_EXACT_INTEGER, "9007199254740991"),
        (-MAX_EXACT_INTEGER, "-9007199254740991"),
    ],
)
def test_numbers_at_the_edges_of_a_form(number: float, text: str) -> None:
    assert _canonical(number) == text
    assert _canonical([0.5, number]) == f"[0.5,{text}]"


@pytest.mark.parametrize(
    "value",
    [
        MAX_EXACT_INTEGER + 1,
        -MAX_EXACT_INTEGER - 1,
        10**400,
        float("nan"),
        float("inf"),
        float("-inf"),
        "\ud800",
        "\udc00x",
        {"\ud800": 1},
        {"\ud800": 1.5},
        {"a": ["\udfff", 0.5]},
        "\ude00\ud83d",
    ],
)
def test_what_is_not_i_json_is_refused(value: Json) -> None:
    """Sections 3.1, 3.2.2.2 and 3.2.2.3: lone surrogates, NaN and infinities MUST end it, and integers that a double cannot keep."""
    around: list[Json] = [value, [value], {"a": [value]}, [value, 0.5], [value, {"é": 1}]]
    for wrapped in around:
        with pytest.raises(SaysoError) as caught:
            canonicalize(wrapped)
        assert caught.value.problems[0].kind is MALFORMED_VALUE_ERROR
        assert not any(character.isdigit() for character in caught.value.problems[0].detail.replace("2^53-1", ""))


def test_what_nests_without_end_is_refused() -> None:
    plain: list[Json] = []
    plain.append(plain)
    other: dict[str, Json] = {"é": 1}
    other["a"] = other
    for endless in (plain, other):
        with pytest.raises(SaysoError) as caught:
            canonicalize(endless)
        assert caught.value.problems[0].kind is LIMIT_EXCEEDED


@pytest.mark.parametrize("value", [b"x", (1, 2), (), {1, 2}, {1: "x"}, {"é": 1, 2: 3}, [object()], {"a": (0.5,)}])
def test_what_is_no_json_value_is_the_programmer_s_mistake(value: Any) -> None:
    with pytest.raises(TypeError):
        canonicalize(value)


def test_frozen_and_derived_values_are_written_like_plain_ones() -> None:
    class Colour(IntEnum):
        RED = 3

    class Name(str):
        __slots__ = ()

    class Ratio(float):
        __slots__ = ()

    plain: Json = {"b": [1, {"d": 2.5, "c": "x"}], "a": {}}
    assert canonicalize(freeze(plain)) == canonicalize(plain)
    assert canonicalize(FrozenArray([1, "x"])) == b'[1,"x"]'
    assert canonicalize([Colour.RED, Name("x"), Ratio(1)]) == b'[3,"x",1]'


def test_as_deep_as_the_reader_allows() -> None:
    for inner in (1, 0.5, "é"):
        value: Json = inner
        for _ in range(64):
            value = {"a": [value]}
        assert _canonical(value) == '{"a":[' * 64 + json.dumps(inner, ensure_ascii=False) + "]}" * 64
