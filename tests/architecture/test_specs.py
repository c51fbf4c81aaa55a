"""The conformance matrix can be wrong, and then its checks say so."""

import shutil
from pathlib import Path

import pytest

from specs import check, prove
from specs.rows import LEVELS, Row, rows
from tests.support import REPOSITORY

MODULE = '''\
from typing import NamedTuple

KNOWN = frozenset({"a"})

class Problem(NamedTuple):
    detail: str

def refuse(value: str) -> str:
    """Refuse what is not known (SD-V1)."""
    if value not in KNOWN:
        raise ValueError(value)
    return value

def problems(value: str) -> tuple[Problem, ...]:
    return () if value in KNOWN else (Problem("not known"),)

def is_known(value: str) -> bool:
    return value in KNOWN

def written(value: str) -> str:
    return "<" + value + ">"
'''
TESTS = """\
import pytest
from room import KNOWN, is_known, problems, refuse, written

def test_it_is_refused() -> None:
    with pytest.raises(ValueError):
        refuse("b")

def test_it_says_why() -> None:
    assert problems("b")
    assert not is_known("b")

def test_it_is_written() -> None:
    assert written("a") == "<a>"
    assert KNOWN

def test_nothing() -> None:
    assert refuse("a") == "a"
"""
ROW = Row("A standard", "SD-V1", "section 1", "MUST", "It is refused.", ("room:refuse",), ("tests/test_room.py::test_it_is_refused",))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A project of one room."""
    for name, text in (("src/room.py", MODULE), ("tests/test_room.py", TESTS)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_the_matrix_is_true_of_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([]) == 0, capsys.readouterr().out
    assert len([*rows()]) >= 120


def test_a_good_row(tree: Path) -> None:
    assert [*check.faults([ROW], tree)] == []
    assert prove.prove(ROW, tree).trouble == ""
    assert (tree / "src/room.py").read_text() == MODULE, "what was left out is put back"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (ROW._replace(implemented_by=("room:accept",)), "SD-V1: room:accept is not there"),
        (ROW._replace(implemented_by=("hall:refuse",)), "SD-V1: hall:refuse is not there"),
        (ROW._replace(implemented_by=()), "SD-V1 names no function, or no test"),
        (ROW._replace(tested_by=("tests/test_room.py::test_it",)), "SD-V1: tests/test_room.py::test_it is not there"),
        (ROW._replace(tested_by=("tests/test_hall.py",)), "SD-V1: tests/test_hall.py is not there"),
        (ROW._replace(tested_by=("src/room.py",)), "SD-V1: src/room.py is not there"),
        (ROW._replace(tag="SD-V2"), "src/room.py:9 cites SD-V1, which has no row"),
    ],
)
def test_an_orphan_is_found(tree: Path, row: Row, fault: str) -> None:
    assert fault in [*check.faults([row], tree)]


def test_a_rule_has_one_row(tree: Path) -> None:
    assert "SD-V1 has 2 rows" in [*check.faults([ROW, ROW], tree)]


def test_ranges_of_rules_are_cited_one_by_one(tree: Path) -> None:
    (tree / "src/room.py").write_text("# SD-V2 to SD-V4, DQ-P1 to DQ-S2\n")
    assert [tag for tag, _ in check.cited(tree)] == ["SD-V2", "SD-V3", "SD-V4", "DQ-P1", "DQ-S2"]


def test_a_page_that_is_not_what_the_rows_say(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(REPOSITORY / "specs", tree / "specs", ignore=shutil.ignore_patterns("__pycache__", "*.toml"))
    (tree / "specs/a.toml").write_text(
        'standard = "A"\n[[rule]]\ntag = "SD-V1"\nclause = "1"\nlevel = "MUST"\nstatement = "It."\n'
        'implemented_by = ["room:refuse"]\ntested_by = ["tests/test_room.py"]\n'
    )
    (tree / "docs").mkdir()
    (tree / check.PAGE).write_text("")
    assert check.main([], tree) == 1
    assert "is not what the rows say" in capsys.readouterr().out
    assert check.main(["--write"], tree) == 0
    assert check.main([], tree) == 0


@pytest.mark.parametrize("change", ["level = 'PERHAPS'", "statement = ''", "colour = 'red'"])
def test_a_row_that_is_none(tmp_path: Path, change: str) -> None:
    members = {"tag": "'SD-V1'", "clause": "'1'", "level": "'MUST'", "statement": "'It.'"}
    name, _, value = change.partition(" = ")
    text = "\n".join(f"{member} = {said}" for member, said in {**members, name: value}.items())
    (tmp_path / "a.toml").write_text(f"standard = 'A'\n[[rule]]\n{text}\n")
    with pytest.raises(ValueError, match="SD-V1 is no row"):
        list(rows(tmp_path))
    assert set(LEVELS) == {"MUST", "SHOULD", "MAY"}


@pytest.mark.parametrize(
    ("names", "test"),
    [
        (("room:problems",), "test_it_says_why"),
        (("room:is_known",), "test_it_says_why"),
        (("room:written",), "test_it_is_written"),
        (("room:KNOWN",), "test_it_is_written"),
        (("room:Problem", "room:problems"), "test_it_says_why"),
    ],
)
def test_every_kind_of_check_can_be_left_out(tree: Path, names: tuple[str, ...], test: str) -> None:
    assert prove.prove(ROW._replace(implemented_by=names, tested_by=(f"tests/test_room.py::{test}",)), tree).trouble == ""


def test_a_test_that_cannot_fail_is_found(tree: Path) -> None:
    weak = ROW._replace(tested_by=("tests/test_room.py::test_nothing",))
    assert prove.prove(weak, tree).trouble == "no test fails without the check"


def test_a_test_that_fails_anyway_proves_nothing(tree: Path) -> None:
    (tree / "tests/test_room.py").write_text("def test_it_is_refused() -> None:\n    assert False\n")
    assert prove.prove(ROW, tree).trouble == "the test does not pass as it is"


def test_one_statement_may_be_named(tree: Path) -> None:
    assert prove.prove(ROW._replace(without="if value not in KNOWN"), tree).trouble == ""
    for missing in ("if value is None", "return ()"):
        with pytest.raises(ValueError, match="nothing of refuse can be left out"):
            prove.without(MODULE, "refuse", missing)
    with pytest.raises(ValueError, match="accept is not there"):
        prove.without(MODULE, "accept")


def test_what_is_made_and_not_checked_gives_nothing() -> None:
    assert "def written(value: str) -> str:\n    return None" in prove.without(MODULE, "written", gives_nothing=True)


def test_a_row_with_a_reason_is_not_proven(tree: Path) -> None:
    assert prove.prove(ROW._replace(unproven="it is a list of names", tested_by=("tests/none.py",)), tree).trouble == ""


def test_a_seed_chooses_the_same_rows() -> None:
    found = [*rows()]
    assert prove.chosen(found, "a", 20) == prove.chosen(found[::-1], "a", 20)
    assert prove.chosen(found, "a", 20) != prove.chosen(found, "b", 20)
    assert len({row.tag for row in prove.chosen(found, "a", 20)}) == 20
