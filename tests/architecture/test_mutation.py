"""The tool behind `make mutation` finds a planted survivor and kills what is tested."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import REPOSITORY
from tools.mutants import mutants
from tools.mutation import PAGE, ROOMS, Module, listed, paths_of
from tools.watched import Watch

# Two checks: the first is tested at its edge, the second not at all.
PLANTED = """\
def half(number: int) -> int:
    if number < 0:
        raise ValueError(number)
    return number // 2


def count(text: str) -> int:
    if len(text) > 3:
        raise ValueError(text)
    return len(text)
"""
TESTS = """\
import pytest
from sayso.planted import half, count

def test_half() -> None:
    assert [half(0), half(4)] == [0, 2]
    with pytest.raises(ValueError):
        half(-1)

@pytest.mark.parametrize("text", ["", "a"])
def test_count(text: str) -> None:
    assert count(text) == len(text)
"""
CHECK = "planted.count: if len(text) > 3: :: "
SURVIVORS = {
    CHECK + "len(text) > 3 -> False",
    CHECK + "len(text) > 3 -> len(text) >= 3",
    CHECK + "3 -> 4",
    CHECK + "3 -> 2",
    "planted.count: raise ValueError(text) :: deleted",
}


def _run(place: Path, page: str, tests: str = TESTS, helper: str = "") -> tuple[int, str, set[str]]:
    """Measure the planted package, with a page of known survivors."""
    for name, text in (
        ("src/sayso/__init__.py", ""),
        ("src/sayso/planted.py", PLANTED),
        ("tests/__init__.py", ""),
        ("tests/unit/__init__.py", ""),
        ("tests/unit/helper.py", helper),
        ("tests/unit/test_planted.py", tests),
        ("docs/reliability.md", page),
    ):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(text, encoding="utf-8")
    (place / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    world = os.environ | {"PYTHONPATH": os.pathsep.join([str(place / "src"), str(REPOSITORY)])}
    done = subprocess.run(
        [sys.executable, "-m", "tools.mutation", "planted"], cwd=place, env=world, check=False, capture_output=True, text=True
    )
    if done.stderr:
        return done.returncode, done.stderr, set()
    report = json.loads((place / "build/mutation.json").read_text(encoding="utf-8"))["planted"]
    assert report["killed"] == report["mutants"] - len(report["survivors"])
    return done.returncode, done.stdout, set(report["survivors"])


def test_an_untested_check_survives_and_a_tested_one_is_killed(tmp_path: Path) -> None:
    code, said, survivors = _run(tmp_path, "")
    assert survivors == SURVIVORS
    assert code == 1
    assert "planted is below 90 %" in said
    assert all(f"survived and is not listed in docs/reliability.md: {text}" in said for text in SURVIVORS)


KEPT = "from sayso.planted import count\nLENGTH = count('ab')\n"
COMPARING = "def test_count():\n    assert count('ab') == LENGTH\n"


@pytest.mark.parametrize(("helper", "tests"), [("", KEPT + COMPARING), (KEPT, "from tests.unit.helper import LENGTH, count\n" + COMPARING)])
def test_what_a_test_kept_from_before_a_change_kills_nothing(tmp_path: Path, helper: str, tests: str) -> None:
    """It was made by the code that is changed: where that is changed from the beginning, the two are the same."""
    _, _, survivors = _run(tmp_path, "", tests, helper)
    assert "planted.count: return len(text) :: return len(text) -> return None" in survivors


def test_known_survivors_are_accepted_and_a_list_that_is_out_of_date_is_not(tmp_path: Path) -> None:
    stale = CHECK + "len(text) > 3 -> True"
    _, said, _ = _run(tmp_path, "\n".join([*SURVIVORS, stale]))
    assert "is not listed" not in said
    assert f"is listed in docs/reliability.md and did not survive: {stale}" in said


def test_tests_that_fail_without_a_change_measure_nothing(tmp_path: Path) -> None:
    (tmp_path / "tests/unit").mkdir(parents=True)
    (tmp_path / "tests/unit/test_broken.py").write_text("def test_broken():\n    assert False\n", encoding="utf-8")
    assert _run(tmp_path, "") == (1, "mutation: the tests fail without a change: 1\n", set())


def test_what_the_page_lists_is_a_change_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it still survives is seen by `make mutation`; that its line is still there, at once."""
    monkeypatch.chdir(REPOSITORY)
    there = {str(mutant) for room in ROOMS for path in paths_of(room) for mutant in Module(path, Watch([], {}), set()).mutants}
    assert listed((REPOSITORY / PAGE).read_text(encoding="utf-8")) - there == set()


def _changes(source: str) -> list[str]:
    return [mutant.change for mutant in mutants(ast.parse(source), source, "m")]


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("a < b", ["deleted", "a < b -> a <= b", "a < b -> a >= b"]),
        ("x = a in b", ["a in b -> a not in b"]),
        ("x = a and b", ["a and b -> a or b", "a and b -> b", "a and b -> a"]),
        ("x = not a", ["not a -> a"]),
        ("x = a + 1", ["a + 1 -> a - 1", "1 -> 2", "1 -> 0"]),
        ("x = True", ["True -> False"]),
        ("x = 'a', b'b'", ["('a', b'b') -> (b'b',)", "('a', b'b') -> ('a',)", "'a' -> 'XXa'", "b'b' -> b'XXb'"]),
        ("x = {a, b}", ["{a, b} -> {b}", "{a, b} -> {a}"]),
        ("x = {a: b}", ["{a: b} -> {}"]),
        ("x = a[b:c]", ["b:c -> :c", "b:c -> b:"]),
        ("x = f(a=b)", ["f(a=b) -> f()"]),
        ("x = any(a)", ["any -> all"]),
        ("x = lambda: a", ["lambda: a -> lambda: None"]),
        ("x = a if b else c", ["b -> True", "b -> False"]),
        ("x = [a for a in b if c]", ["c -> True", "c -> False"]),
        ("x.y = a", ["deleted"]),
        ("x += a", ["x += a -> x -= a", "deleted"]),
        ("def f(x=1):\n    return x", ["1 -> 2", "1 -> 0", "return x -> return None"]),
        ("if a:\n    raise b", ["a -> True", "a -> False", "deleted"]),
        ("while a:\n    break", ["a -> False", "break -> continue"]),
        ("for a in b:\n    continue", ["never entered", "continue -> break"]),
        ("try:\n    pass\nexcept a:\n    pass", ["catches nothing"]),
        ("match a:\n    case b if c:\n        pass", ["without case b", "c -> True", "c -> False"]),
    ],
)
def test_what_is_changed(source: str, changes: list[str]) -> None:
    assert _changes(source) == changes


@pytest.mark.parametrize(
    "source",
    [
        "'''A docstring.'''",
        "import a",
        "x = TypeVar('x', covariant=True)",
        "x: TypeAlias = dict[str, int] | None",
        "def f(x: Literal['a', 1]) -> Literal[True]: ...",
        "class A(Protocol):\n    def f(self) -> bool:\n        return True",
        "class A:\n    __slots__ = ('a', 'b')\n    def __repr__(self) -> str:\n        return 'a'",
        "x = cast('int', a)",
        "x = SaysoError.of(a, 'a text', b)",
        "x = Problem(a, f'a text of {b}', b)",
        "x = ValueError('a text')",
        "x = ValueError(a + ' is a text')",
        "msg = 'a text'",
    ],
)
def test_what_only_readers_and_checkers_see_is_left_alone(source: str) -> None:
    assert _changes(source) == []


def test_a_pointer_is_no_text() -> None:
    assert _changes("x = SaysoError.of(a, 'a text', 'place')") == ["'place' -> 'XXplace'"]


def test_of_two_that_read_alike_the_second_says_so() -> None:
    assert _changes("x = f(True, True)") == ["True -> False", "True -> False (2)"]


def test_a_long_change_shows_what_differs() -> None:
    assert "…j and k and l and m and n… -> …j and k and m and n…" in _changes("x = " + " and ".join("abcdefghijklmnopqrstuvwxyz"))


ENDLESS = """\
from tools.forks import limit, outcomes
from tools.mutation import NOTICED
def endless():
    limit(1)
    while True:
        pass
ended, *others = outcomes(iter([endless, lambda: 3, lambda: 0, lambda: 1 / 0]))
print(ended in NOTICED, others)
"""


def test_what_never_ends_is_ended() -> None:
    done = subprocess.run([sys.executable, "-c", ENDLESS], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    assert done.stdout == "True [3, 0, 70]\n"


@pytest.mark.parametrize(
    "source", ["x = a or b", "x = a and b", "x = a or b or c", "match a:\n    case b:\n        c()", "x = a[b:c]", "x = {a: b}"]
)
def test_every_change_leaves_a_program(source: str) -> None:
    """What cannot be compiled fails every test, and says nothing about them."""
    for number in range(len(_changes(source))):
        tree = ast.parse(source)
        mutants(tree, source, "m")[number].apply()
        compile(tree, "m", "exec")


def test_a_mutant_is_that_change_and_no_other() -> None:
    source = "def f(a, b):\n    if a < b:\n        raise a\n    return not a\n"
    changed = set()
    for number in range(len(_changes(source))):
        tree = ast.parse(source)
        mutants(tree, source, "m")[number].apply()
        compile(tree, "m", "exec")
        changed.add(ast.unparse(tree))
    assert changed == {
        ast.unparse(ast.parse(text))
        for text in (
            source.replace("a < b", "True"),
            source.replace("a < b", "False"),
            source.replace("a < b", "a <= b"),
            source.replace("a < b", "a >= b"),
            source.replace("raise a", "pass"),
            source.replace("return not a", "return None"),
            source.replace("return not a", "return a"),
        )
    }
