"""Whatever is inspected gives a tree or one refusal, and no terminal obeys it; whatever stands in a row gives a credential or a refusal."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sayso import Credential, Refused, SaysoError
from sayso.cli.anatomy import take_apart
from sayso.cli.rows import Common, Rows
from sayso.cli.tree import anatomy_json, draw
from sayso.jsonvalue import serialize
from tests.property.test_doors_laws import ANSWER, CARDS, DATA, ODD, PRESENTED, REQUEST, SEEDS, THERE, Chance
from tests.support import examples
from tests.unit.cli.running import run

pytestmark = pytest.mark.laws

OBEYED = {chr(code) for code in [*range(32), *range(127, 160), 0x202E, 0x2066]} - {"\n"}

ROW_VALUES = st.sampled_from([*ODD, {"n": 1}, {"n": 1}, {"n": {"m": [1]}}, THERE.holder, 1, 400])


def encoded(value: Any) -> bytes:
    return json.dumps(value).encode()


def shown(data: bytes, width: int) -> str:
    """Give the tree, or nothing where it is refused."""
    try:
        return drawn(data, width)
    except SaysoError as error:
        return "" if len(error.problems) == 1 else "\0"


def drawn(data: bytes, width: int) -> str:
    out = io.StringIO()
    anatomy = take_apart(data)
    assert json.loads(json.dumps(anatomy_json(anatomy, salts=True))) == anatomy_json(anatomy, salts=True)
    Console(file=out, width=width, highlight=False).print(draw(anatomy, salts=True))
    return out.getvalue()


@examples()
@given(DATA.map(lambda data: data if isinstance(data, bytes) else data.encode(errors="replace")), st.integers(1, 200))
def test_arbitrary_bytes_give_a_tree_or_one_refusal(data: bytes, width: int) -> None:
    assert not OBEYED & {*shown(data, width)}


@examples(400)
@given(SEEDS)
def test_whatever_is_written_into_something_valid(seed: int) -> None:
    chance = Chance(seed)
    signed = {"payload": "e30", "signatures": [{"protected": "e30", "header": {"disclosures": ["e30"], "kb_jwt": "x"}}]}
    valid: list[Any] = [json.loads(ANSWER.text), {"@context": [], "proof": {}}, signed]
    data = serialize(chance.change(chance.pick(valid)) if chance.below(4) else chance.pick(ODD)).encode()
    assert not OBEYED & {*shown(data, 80)}


@examples(60)
@given(DATA.map(lambda data: data if isinstance(data, bytes) else data.encode(errors="replace")))
def test_the_command_ends_with_0_or_1(data: bytes) -> None:
    for options in ([], ["--json"]):
        ran = run("inspect", "-", *options, given=data)
        assert ran.code in {0, 1}
        assert bool(ran.out) == (ran.code == 0 or bool(options))
        if options:
            assert isinstance(ran.json, dict)


LINES = st.lists(
    st.binary(max_size=40) | st.dictionaries(st.sampled_from(["claims", "holder", "type", "days", "x"]), ROW_VALUES).map(encoded)
)


@examples(300)
@given(LINES)
def test_whatever_stands_in_a_row_gives_a_credential_or_a_refusal(lines: list[bytes]) -> None:
    rows = Rows(iter(lines), Common(THERE.holder, "Card", 3, "vc+sd-jwt", (), 0))
    results = [*THERE.city.issue_many(rows)]
    assert len(results) == len(lines)
    for number, result in enumerate(results, 1):
        assert isinstance(result, Credential | Refused)
        assert number not in rows.unreadable or isinstance(result, Refused)


def test_what_is_valid_gives_a_tree() -> None:
    for data in (REQUEST.data, ANSWER.data, PRESENTED.encode(), *(card.data for card in CARDS.values())):
        assert "nothing here was verified" in drawn(data, 80)
