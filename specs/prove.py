"""Show that the tests of the conformance matrix can fail: leave a check out, and see that its test does.

Usage: python -m specs.prove [--seed SEED] [--rows NUMBER | --all | --tag TAG ...]

Works in a copy of the tree. The seed is the commit unless one is given, and is printed: the same seed proves the same rows.
"""

import argparse
import ast
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from specs.rows import SPECS, Row, definition, rows, source_of

ROOT = SPECS.parent
ROWS = 20
PROCESSES = 2
COPIED = ("src", "tests", "specs", "tools", "benchmarks", "examples", "docs", "pyproject.toml", "README.md", "Makefile")
PEERS = Path("tests", "interop", "node", "node_modules")  # too many to copy
# A test fails with 1; where it could not even be collected, pytest ends with another code.
FAILED = 1
ENDLESS = -1
MOST_SECONDS = 300


class Proof(NamedTuple):
    """Say what came of a row: "" where its test failed without the check, or why that is not shown."""

    row: Row
    trouble: str


# --- leaving a check out ---------------------------------------------------------------------------------------------------------------


def without(source: str, name: str, part: str = "", *, gives_nothing: bool = False) -> str:
    """Write a module in which a function checks nothing, or gives nothing; or, with a part of a line, without the statement that holds it.

    Raises:
        ValueError: there is nothing to leave out.
    """
    tree = ast.parse(source)
    found = definition(tree, name)
    if found is None:
        msg = f"{name} is not there"
        raise ValueError(msg)
    if part:
        changed = _Without(source, part)
        changed.visit(found)
        done = changed.done
    elif gives_nothing and isinstance(found, ast.FunctionDef):
        found.body = [ast.Return(value=ast.Constant(value=None))]
        done = True
    else:
        done = _emptied(tree, found)
    if not done:
        msg = f"nothing of {name} can be left out"
        raise ValueError(msg)
    return ast.unparse(ast.fix_missing_locations(tree))


class _Without(ast.NodeTransformer):
    """Leave out the innermost statement that holds a part of the source: an `if` is never entered, anything else is passed."""

    def __init__(self, source: str, part: str) -> None:
        self._source = source
        self._part = part
        self.done = False

    def visit(self, node: ast.AST) -> ast.AST:
        self.generic_visit(node)
        if self.done or not isinstance(node, ast.stmt) or self._part not in (ast.get_source_segment(self._source, node) or ""):
            return node
        self.done = True
        if isinstance(node, ast.If):
            node.test = ast.Constant(value=False)
            return node
        return ast.Pass()


def _emptied(tree: ast.Module, found: ast.stmt) -> bool:
    if isinstance(found, ast.FunctionDef):
        return _finds_nothing(found)
    if isinstance(found, ast.ClassDef):
        emptied = [_finds_nothing(one) for one in found.body if isinstance(one, ast.FunctionDef)]  # each of them
        return any(emptied)
    # A constant is as empty as its type allows, from here on.
    target = found.targets[0] if isinstance(found, ast.Assign) else found.target if isinstance(found, ast.AnnAssign) else None
    if not isinstance(target, ast.Name):
        return False
    empty = ast.parse(f"{target.id} = type({target.id})()").body[0]
    tree.body.insert(tree.body.index(found) + 1, empty)
    return True


def _finds_nothing(function: ast.FunctionDef) -> bool:
    """Change a function so that it refuses nothing; what refuses nothing anyway gives nothing."""
    returns = ast.unparse(function.returns) if function.returns else ""
    if "Problem" in returns:
        empty = "return; yield" if _is_generator(function) else _nothing(returns)
        function.body = ast.parse(f"def _(): {empty}").body[0].body  # type: ignore[attr-defined]
        return True
    if returns == "bool":
        function.body = ast.parse("def _(): return True").body[0].body  # type: ignore[attr-defined]
        return True
    raising = _Raising()
    raising.visit(function)
    if raising.done:
        return True
    function.body = [ast.Return(value=ast.Constant(value=None))]
    return True


def _nothing(returns: str) -> str:
    if returns.startswith("Steps"):
        return "from sayso.retrieval import done; return done(())"
    return "return None" if "None" in returns else "return []" if returns.startswith("list") else "return ()"


def _is_generator(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in ast.walk(function))


class _Raising(ast.NodeTransformer):
    """Leave out every `raise`, and every call that reports something malformed."""

    def __init__(self) -> None:
        self.done = False

    def visit_Raise(self, node: ast.Raise) -> ast.AST:
        self.done = True
        return ast.copy_location(ast.Pass(), node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        call = node.value
        reports = isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in ("malformed", "undecidable")
        if reports:
            self.done = True
            return ast.copy_location(ast.Pass(), node)
        return node


# --- proving ---------------------------------------------------------------------------------------------------------------------------


def copied(root: Path, place: Path) -> Path:
    """Copy what the tests need."""
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        elif source.exists():
            shutil.copy(source, place / name)
    peers = root / PEERS
    if peers.is_dir():
        (place / PEERS).symlink_to(peers.resolve())
    shared = os.environ.get("SAYSO_SHARED") or root.parent / "shared"
    os.environ["SAYSO_SHARED"] = str(Path(shared).resolve())
    return place


class Run(NamedTuple):
    """Hold pytest's exit code, and whether any test ran: one that reads published vectors is skipped where there are none."""

    code: int
    ran: bool


def run(place: Path, tests: tuple[str, ...]) -> Run:
    """Run some tests in a copy."""
    environment = {**os.environ, "PYTHONPATH": str(place / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    try:
        ended = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=MOST_SECONDS)
    except subprocess.TimeoutExpired:
        return Run(ENDLESS, ran=True)
    return Run(ended.returncode, " passed" in ended.stdout or " failed" in ended.stdout)


def prove(row: Row, place: Path) -> Proof:
    """Leave the check of a row out in a copy, and see that its test fails; put it back."""
    if row.unproven:
        return Proof(row, "")
    whole = run(place, row.tested_by)
    if whole.code:
        return Proof(row, "the test does not pass as it is")
    if not whole.ran:
        return Proof(row._replace(unproven="its tests are skipped here"), "")
    for name in row.implemented_by:
        module, _, member = name.partition(":")
        path = source_of(module, place)
        before = path.read_text(encoding="utf-8")
        try:
            path.write_text(without(before, member, row.without, gives_nothing=row.gives_nothing), encoding="utf-8")
            if run(place, row.tested_by).code == FAILED:
                return Proof(row, "")
        except ValueError:
            continue  # the next of those that implement it
        finally:
            path.write_text(before, encoding="utf-8")
    return Proof(row, "no test fails without the check")


def chosen(found: list[Row], seed: str, count: int) -> list[Row]:
    """Choose rows by a seed."""
    return sorted(found, key=lambda row: hashlib.sha256(f"{seed} {row.tag}".encode()).digest())[:count]


def proofs(asked: list[Row], root: Path) -> Iterator[Proof]:
    """Prove rows in their order, as many at once as there are copies."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(PROCESSES) as pool:
        free: SimpleQueue[Path] = SimpleQueue()
        for number in range(PROCESSES):
            free.put(copied(root, Path(folder) / str(number)))

        def proven(row: Row) -> Proof:
            place = free.get()
            try:
                return prove(row, place)
            finally:
                free.put(place)

        yield from pool.map(proven, asked)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Prove rows, and say which; 1 where one is not proven."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", default="", help="the commit by default")
    parser.add_argument("--rows", type=int, default=ROWS, help="how many rows")
    parser.add_argument("--all", action="store_true", help="every row")
    parser.add_argument("--tag", nargs="*", default=[], help="these rows")
    asked = parser.parse_args(arguments)
    found = list(rows(root / "specs"))
    seed = asked.seed or _commit(root)
    some = [row for row in found if row.tag in asked.tag] if asked.tag else found if asked.all else chosen(found, seed, asked.rows)
    print(f"specs-prove: seed {seed}, {len(some)} of {len(found)} rows")
    wrong = 0
    for row, trouble in proofs(some, root):
        wrong += bool(trouble)
        print(
            f"  {row.tag:8} {trouble or (f'not proven: {row.unproven}' if row.unproven else 'its test fails without the check')}",
            flush=True,
        )
    print(f"specs-prove: {len(some) - wrong} of {len(some)} rows hold")
    return 1 if wrong else 0


def _commit(root: Path) -> str:
    return subprocess.run(["git", "rev-parse", "HEAD"], cwd=root, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S607


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
