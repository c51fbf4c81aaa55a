"""A module is one page or two, a function a screen at most; longer ones are split at a clause of the specification."""

import ast
from collections.abc import Iterator

from tests.support import REPOSITORY

MODULE_LINES = 320
FUNCTION_LINES = 50
MODULES = sorted((REPOSITORY / "src").rglob("*.py"))


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Yield the name and length of every function, decorators not counted."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_module_is_too_long() -> None:
    lengths = {path.relative_to(REPOSITORY).as_posix(): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {name: length for name, length in lengths.items() if length > MODULE_LINES} == {}


def test_no_function_is_too_long() -> None:
    found = [(path.name, name, length) for path in MODULES for name, length in functions(path.read_text(encoding="utf-8"))]
    assert [row for row in found if row[2] > FUNCTION_LINES] == []


def test_a_function_is_measured_whole() -> None:
    assert list(functions("async def f():\n    def g():\n        pass\n\n    return g\n")) == [("f", 5), ("g", 2)]
