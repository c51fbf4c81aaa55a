"""The published schema of sharing terms and their reader say the same."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from sayso.errors import SaysoError
from sayso.sharing import dpv
from sayso.sharing.terms import parse, serialize
from tests.unit.sharing.test_conditions import SAID

SCHEMA = json.loads((Path(__file__).parents[3] / "specs" / "sharing-terms.schema.json").read_text(encoding="utf-8"))
VALID = Draft202012Validator(SCHEMA)
FULL: Any = serialize(SAID)
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "text",
    "x" * 501,
    "https://x.example/" + "y" * 2000,
    [],
    [5],
    {},
    {"legalName": "Shop"},
)


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from places(item, (*at, step))


def changed(place: tuple[str | int, ...], new: Any = ...) -> Any:
    """Put something else in one place, or nothing."""
    if not place:
        return new
    root = copy.deepcopy(FULL)
    *above, last = place
    there = root
    for step in above:
        there = there[step]
    if new is ...:
        del there[last]
    else:
        there[last] = new
    return root


def reads(value: Any) -> bool:
    try:
        parse(value)
    except SaysoError:
        return False
    return True


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert VALID.is_valid(FULL)


@pytest.mark.parametrize("place", [*places(FULL)], ids=lambda place: "/".join(map(str, place)) or "root")
def test_whatever_is_changed_they_agree(place: tuple[str | int, ...]) -> None:
    for value in [changed(place, new) for new in ODD] + ([changed(place)] if place else []):
        assert reads(value) is VALID.is_valid(value), value


@pytest.mark.parametrize(
    ("name", "terms"),
    [("purpose", dpv.PURPOSES), ("legalBasis", dpv.LEGAL_BASES), ("prohibitable", dpv.PROHIBITABLE)],
)
def test_the_vocabulary_is_the_same(name: str, terms: Any) -> None:
    assert SCHEMA["$defs"][name]["enum"] == sorted(terms)
