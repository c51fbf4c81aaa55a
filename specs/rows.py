"""Read the rows of the conformance matrix: one for each rule of a standard that the code covers."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

SPECS = Path(__file__).parent
LEVELS = ("MUST", "SHOULD", "MAY")


class Row(NamedTuple):
    """Hold one rule.

    `tag` is its name in comments and tests, `clause` where it stands in the standard. `implemented_by` are functions, classes or constants
    as `module:name`, `tested_by` are node ids of pytest: a test, a class of tests or a file. `note` says what of the rule is not covered.
    To prove the row, every check of one of `implemented_by` is left out; or, with `without`, a part of a source line, the statement that
    holds it; or, with `gives_nothing`, for what is made and not checked, all of it. `unproven` is the reason why a row is not proven.
    """

    standard: str
    tag: str
    clause: str
    level: str
    statement: str
    implemented_by: tuple[str, ...]
    tested_by: tuple[str, ...]
    note: str = ""
    without: str = ""
    gives_nothing: bool = False
    unproven: str = ""


def rows(folder: Path = SPECS) -> Iterator[Row]:
    """Read every row, standard by standard.

    Raises:
        ValueError: a file or a row is not what it should be.
    """
    for path in sorted(folder.glob("*.toml")):
        members = tomllib.loads(path.read_text(encoding="utf-8"))
        for rule in members["rule"]:
            yield _row(str(members["standard"]), rule, path.name)


def _row(standard: str, rule: dict[str, Any], where: str) -> Row:
    unknown = rule.keys() - {*Row._fields}
    if unknown or rule.get("level") not in LEVELS or not all(rule.get(name) for name in ("tag", "clause", "statement")):
        msg = f"{where}: {rule.get('tag')} is no row"
        raise ValueError(msg)
    lists = {name: tuple(rule.get(name, ())) for name in ("implemented_by", "tested_by")}
    return Row(standard, **{**rule, **lists})


def definition(tree: ast.Module, name: str) -> ast.stmt | None:
    """Find what a dotted name stands for in a module: a function, a class, or a constant."""
    body: list[ast.stmt] = tree.body
    found: ast.stmt | None = None
    for step in name.split("."):
        found = next((one for one in body if step in _names(one)), None)
        body = found.body if isinstance(found, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) else []
    return found


def _names(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign):
        return [target.id for target in statement.targets if isinstance(target, ast.Name)]
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        return [statement.target.id]
    return []


def source_of(module: str, root: Path) -> Path:
    """Give the file of a module."""
    path = root / "src" / Path(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
