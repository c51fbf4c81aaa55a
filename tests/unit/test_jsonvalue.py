"""Untrusted JSON text is read strictly and within limits; values can be copied in, frozen and thawed."""

import copy
import enum
import json
import pickle
import sys
from collections.abc import Callable
from types import FrameType, MappingProxyType
from typing import Any, NamedTuple

import pytest

from sayso.errors import LIMIT_EXCEEDED, PARSING_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import (
    DEFAULT_LIMITS,
    MAX_EXACT_INTEGER,
    FrozenArray,
    FrozenObject,
    Json,
    Limits,
    freeze,
    from_python,
    parse,
    parse_object,
    serialize,
    thaw,
)

SECRET = "SECRET"  # noqa: S105 (what a message may never say)


def _refused(data: bytes | str, limits: Limits = DEFAULT_LIMITS) -> ProblemType:
    with pytest.raises(SaysoError) as refused:
        parse(data, limits)
    assert SECRET not in str(refused.value)
    assert refused.value.__cause__ is None  # the decoder's own error holds the whole text
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
    return refused.value.problems[0].kind


# --- what is read ---


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("true", True),
        ("0", 0),
        ("-0", 0),
        ("9007199254740993", 2**53 + 1),
        ("1.5e3", 1500.0),
        ("1e308", 1e308),
        ('""', ""),
        ('"\\u00e9\\n\\/"', "é\n/"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\\\ud800"', "\\ud800"),
        ('"😀\x7f"', "😀\x7f"),
        ("[]", []),
        ("{}", {}),
        (' \t\r\n[1, [2.0, "x"], {"a": {"b": null}}]\r\n\t ', [1, [2.0, "x"], {"a": {"b": None}}]),
        ('{"": 1, " ": 2}', {"": 1, " ": 2}),
    ],
)
def test_a_text_is_read_the_same_from_bytes_and_str(text: str, value: Json) -> None:
    for read in (parse(text), parse(text.encode())):
        assert read == value
        assert json.dumps(read) == json.dumps(value)  # also the types: 1 is not 1.0 and not true


def test_members_keep_their_order() -> None:
    assert list(parse_object('{"b": 1, "a": 2}')) == ["b", "a"]


@pytest.mark.parametrize(
    "data",
    [
        "",
        " ",
        "SECRET",
        "'SECRET'",
        "nul",
        "True",
        "NaN",
        "Infinity",
        "[-Infinity]",
        "1e400",
        "[-1e400]",
        "1.",
        ".5",
        "01",
        "+1",
        "0x1",
        "1 2",
        "[1] SECRET",
        "{} {}",
        "[1,]",
        '{"a":1,}',
        "{a:1}",
        "[1",
        '"SECRET',
        "// no\n1",
        '"\t"',
        '"\x00"',
        '"\\x41"',
        '"\\u12"',
        '{"SECRET": 1, "SECRET": 2}',
        '{"a": 1, "\\u0061": 1}',
        '[{"b": {"a": 1, "a": 1}}]',
        "\ufeff{}",
        "\xa01",
        "\x0b1",
        "1\x0c",
        "1\u2028",
        "X1",
        "1X",
        "1" * 4301,
        '"\\ud800"',
        '"\\udc00\\ud800"',
        '["\\ud800", "\\udc00"]',
        '{"\\udfff": 1}',
        "]" * 100,
        '\\"' + "[" * 50,
    ],
)
def test_what_is_not_strict_json_is_refused(data: str) -> None:
    assert _refused(data) is PARSING_ERROR
    assert _refused(data.encode()) is PARSING_ERROR


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b'"\xed\xa0\x80"',  # half of a surrogate pair as if it were a character
        b'"\xc0\xa2"',  # an overlong spelling
        b'"\xf4\x90\x80\x80"',  # beyond U+10FFFF
        b'"\xc3"',
        "1".encode("utf-16"),
        "[1]".encode("utf-32-le"),
        b"\xef\xbb\xbf{}",
        '"\ud800"',
        '"\ud83d\ude00"',  # in a str these are two halves, and no character
    ],
)
def test_what_is_not_utf_8_is_refused(data: bytes | str) -> None:
    assert _refused(data) is PARSING_ERROR


@pytest.mark.parametrize("data", ["[]", "1", '"a"', "null", "true"])
def test_an_object_is_an_object(data: str) -> None:
    with pytest.raises(SaysoError) as refused:
        parse_object(data)
    assert refused.value.problems[0].kind is PARSING_ERROR
    assert parse_object('{"a": []}') == {"a": []}


# --- limits ---


def test_the_limits() -> None:
    assert DEFAULT_LIMITS == (1024 * 1024, 64, 4096)
    assert MAX_EXACT_INTEGER == 9007199254740991


def test_size_is_counted_in_bytes() -> None:
    ten = Limits(size_bytes=10)
    assert parse(b'"12345678"', ten) == parse('"12345678"', ten) == "12345678"
    assert parse('"éééé"', ten) == parse('"éééé"'.encode(), ten) == "éééé"
    for text in ('"123456789"', '"éééé1"', "[] " + " " * 10):
        assert _refused(text, ten) is LIMIT_EXCEEDED
        assert _refused(text.encode(), ten) is LIMIT_EXCEEDED


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}"), ('[{"[[[":', "}]")])
@pytest.mark.parametrize("most", [2, 64, 200])
def test_depth_is_counted_to_the_edge(opening: str, closing: str, most: int) -> None:
    levels = most // 2 if opening.startswith("[{") else most
    inside = Limits(depth=most)
    text = opening * levels + "1" + closing * levels
    assert serialize(parse(text, inside)) == text
    assert _refused(opening * levels + "[1]" + closing * levels, inside) is LIMIT_EXCEEDED


def test_brackets_side_by_side_or_in_strings_are_not_depth() -> None:
    three = Limits(depth=3)
    for text in (
        "[" + "[[]]," * 99 + "[[]]]",
        '[["' + "[{" * 99 + '"]]',
        '[["\\"[[[[", "\\\\", []]]',
        '{"[[[[": "]]]]", "{": [["\\\\\\""]]}',
    ):
        assert serialize(parse(text, three)).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize("text", ['["\\\\",[[[', '["\\\\\\"",[[[', '{"a\\"b":[[[', '"]]]]",[[[[', '["]]]]",[[['])
def test_a_bracket_after_a_string_is_depth(text: str) -> None:
    assert _refused(text, Limits(depth=3)) is LIMIT_EXCEEDED


@pytest.mark.parametrize("text", ["[[],[[[1]]]]", '[[],{},[],{"a":[{}]}]'])
def test_what_is_closed_makes_room_for_itself_alone(text: str) -> None:
    assert _refused(text, Limits(depth=3)) is LIMIT_EXCEEDED
    assert serialize(parse(text, Limits(depth=4))) == text


def test_a_deep_text_is_refused_before_it_is_decoded() -> None:
    assert _refused("[" * 1_000_000) is LIMIT_EXCEEDED
    assert _refused('{"a":' * 500_000) is LIMIT_EXCEEDED
    assert _refused("[" * 1_000_000, Limits(depth=2_000_000)) is PARSING_ERROR  # a caller's own limit ends in the error all the same


def _lines(work: Callable[[], object]) -> int:
    """Count the lines of Python that run."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> Callable[..., Any]:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("piece", ["[[]],", '"\\"[",', '"' + "\\\\" * 50 + '",[],', '{"a":1},', "1.5,", "1,", "[],[],[],[],"])
def test_work_grows_with_the_size(piece: str) -> None:
    small, large = (_lines(lambda text=f"[{piece * size}1]": parse(text)) for size in (100, 400))  # type: ignore[misc]
    assert large <= 4 * small + 10


# --- writing ---


def test_text_is_written_compact_and_in_order() -> None:
    assert serialize({"b": [1, 2.5, None], "a": {"é": "\u2028\n"}}) == '{"b":[1,2.5,null],"a":{"é":"\u2028\\n"}}'
    assert [serialize(value) for value in ('"é\n', True, False, None, 1)] == ['"\\"é\\n"', "true", "false", "null", "1"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [-float("inf")]])
def test_what_is_no_number_is_not_written(value: Json) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        serialize(value)


# --- from a programmer ---


class Colour(str, enum.Enum):  # noqa: UP042 (StrEnum is the one whose str() is its value)
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Point(NamedTuple):
    x: int
    y: int


class Boolean(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


@pytest.mark.parametrize(
    ("given", "value"),
    [
        (None, None),
        (True, True),
        (4, 4),
        (2.5, 2.5),
        ("x", "x"),
        ("😀", "😀"),
        ([1, (2, [3])], [1, [2, [3]]]),
        ({"a": MappingProxyType({"b": ()})}, {"a": {"b": []}}),
        (Point(1, 2), [1, 2]),
        (Colour.RED, "red"),
        (Level.HIGH, 3),
        (Boolean("yes"), "yes"),
        ({Colour.RED: Boolean("yes")}, {"red": "yes"}),
        (FrozenObject({"a": FrozenArray([1])}), {"a": [1]}),
    ],
)
def test_a_value_is_copied_into_plain_types(given: object, value: Json) -> None:
    copied = from_python(given)
    assert copied == value
    assert json.dumps(copied) == json.dumps(value)
    assert _plain(copied)


def _plain(value: object) -> bool:
    if isinstance(value, dict):
        return type(value) is dict and all(type(name) is str and _plain(item) for name, item in value.items())
    if isinstance(value, list):
        return type(value) is list and all(map(_plain, value))
    return type(value) in {str, int, float, bool, type(None)}


def test_nobody_else_holds_the_copy() -> None:
    inner = [1]
    given = {"a": inner}
    copied = from_python(given)
    inner.append(2)
    given["b"] = []
    assert copied == {"a": [1]}


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({1, 2}, TypeError, "the value is no JSON value but a set"),
        (b"SECRET", TypeError, "the value is no JSON value but a bytes"),
        ({"a": [0, object()]}, TypeError, "/a/1 is no JSON value but a object"),
        ({"a": {"b": {"c": object()}}}, TypeError, "/a/b/c is no JSON value but a object"),
        ([[[object()]]], TypeError, "/0/0/0 is no JSON value but a object"),
        ({"a": {1: "SECRET"}}, TypeError, "/a has a member whose name is no string but a int"),
        ({None: 1}, TypeError, "the value has a member whose name is no string but a NoneType"),
        ({"a/b": float("nan")}, ValueError, "/a~1b is not a finite number"),
        ([float("inf")], ValueError, "/0 is not a finite number"),
        ("SECRET\ud800", ValueError, "the value holds half of a surrogate pair"),
        ({"a": ["\udfff"]}, ValueError, "/a/0 holds half of a surrogate pair"),
        ({"a": {"\ud800": 1}}, ValueError, "/a holds half of a surrogate pair"),
    ],
)
def test_what_is_no_json_value_is_named_by_its_place(given: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error) as wrong:
        from_python(given)
    assert str(wrong.value) == said


def test_the_place_can_begin_elsewhere() -> None:
    with pytest.raises(TypeError, match=r"^/credentialSubject/name is no"):
        from_python({"name": b""}, place="/credentialSubject")
    with pytest.raises(TypeError, match=r"^/claims is no"):
        from_python(b"", place="/claims")


def test_what_a_programmer_gives_has_a_depth_too() -> None:
    assert from_python([[1]], depth=2) == [[1]]
    assert from_python({"a": {"b": []}}, depth=3) == {"a": {"b": []}}
    assert from_python(1, depth=0) == 1
    for given, depth in (([[1]], 1), ({"a": {}}, 1), ([], 0)):
        with pytest.raises(ValueError, match="nests too deep"):
            from_python(given, depth=depth)
    endless: list[object] = []
    endless.extend([endless, endless])
    with pytest.raises(ValueError, match="nests too deep"):
        from_python(endless)


# --- frozen ---

VALUE: Json = {"a": [1, {"b": [None, "x"]}], "c": {}}
FROZEN = freeze(VALUE)


def test_frozen_equals_plain_and_serializes_like_it() -> None:
    frozen: Any = FROZEN
    assert frozen == VALUE
    assert not frozen != VALUE  # noqa: SIM202 (the other operator)
    assert frozen != {"a": []}
    assert serialize(frozen) == serialize(VALUE)
    assert [type(part) for part in (frozen, frozen["a"], frozen["a"][1])] == [FrozenObject, FrozenArray, FrozenObject]
    assert freeze("x") == "x"


def test_thawing_gives_plain_values_that_can_be_changed() -> None:
    thawed = thaw(FROZEN)
    assert thawed == VALUE
    assert _plain(thawed)
    assert isinstance(thawed, dict)
    thawed["new"] = 1
    assert FROZEN == VALUE


PICKLED = pickle.loads(pickle.dumps(FROZEN))  # noqa: S301 (our own bytes)


@pytest.mark.parametrize("again", [PICKLED, copy.copy(FROZEN), copy.deepcopy(FROZEN)], ids=["pickle", "copy", "deep"])
def test_frozen_values_are_copied_and_pickled_frozen(again: Any) -> None:
    assert again == FROZEN
    assert [type(part) for part in (again, again["a"], again["a"][1])] == [FrozenObject, FrozenArray, FrozenObject]


def _sample(plain: type) -> Any:
    return {"a": 1, 0: 2} if plain is dict else [3, 1, 2]


def _mutators(frozen: type, plain: Any) -> list[str]:
    """Name every method of the plain type that changes it, found by trying, so that a new Python's cannot be forgotten."""
    found = list[str]()
    for name in sorted(set(dir(plain)) - set(dir(object))):
        method = getattr(plain, name)
        for arguments in ((), (0,), ([("x", 1)],), (0, 1), ("a",), ("y", 1)):
            sample = plain(_sample(plain))
            before = repr(sample)
            try:
                method(sample, *arguments)
            except Exception:  # noqa: BLE001, S112 (whatever the arguments were not for)
                continue
            if repr(sample) != before:
                found.append(name)
                break
    assert found
    assert issubclass(frozen, plain)
    return found


@pytest.mark.parametrize(("frozen", "plain"), [(FrozenObject, dict), (FrozenArray, list)])
def test_every_way_to_change_is_closed(frozen: Any, plain: Any) -> None:
    for name in _mutators(frozen, plain):
        value = frozen(_sample(plain))
        before = repr(value)
        for arguments in ((), (0,), ([("x", 1)],), (0, 1), ("a",), ("y", 1)):
            with pytest.raises(TypeError, match=f"a {frozen.__name__} cannot be changed"):
                getattr(value, name)(*arguments)
        assert repr(value) == before


def test_change_by_syntax_is_closed_too() -> None:
    frozen: Any = FrozenObject({"a": 1})
    array: Any = FrozenArray([1, 2])
    with pytest.raises(TypeError):
        frozen["a"] = 2
    with pytest.raises(TypeError):
        del frozen["a"]
    with pytest.raises(TypeError):
        frozen |= {"a": 2}
    with pytest.raises(TypeError):
        array[0] = 2
    with pytest.raises(TypeError):
        array[:] = []
    with pytest.raises(TypeError):
        del array[0]
    with pytest.raises(TypeError):
        array += [1]
    with pytest.raises(TypeError):
        array *= 2
    with pytest.raises(AttributeError):
        frozen.name = 1
    assert (frozen, array) == ({"a": 1}, [1, 2])
    assert type(frozen | {"b": 2}) is dict  # what is made from it is a new, plain value
