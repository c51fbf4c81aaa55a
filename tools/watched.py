"""Run every test once, and see which of them reaches what, and how long it takes."""

import ast
import importlib
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import coverage
import pytest

from tools.forks import PROCESSES, outcomes, run_tests

SOURCE = Path("src/sayso")
TESTS = ("unit", "spec", "attacks", "public_api", "journeys", "property")
NO_TESTS = int(pytest.ExitCode.NO_TESTS_COLLECTED)


class Test(NamedTuple):
    """One test function: its id, its seconds, and by file the lines that it reaches, and those that its file reaches as it is imported."""

    id: str
    seconds: float
    lines: dict[str, set[int]]
    before: dict[str, set[int]]

    def __hash__(self) -> int:
        return hash(self.id)

    @property
    def file(self) -> str:
        """The file that it stands in."""
        return self.id.partition("::")[0]


class Watch(NamedTuple):
    """All tests, and by file the lines that are reached while the package itself is imported."""

    tests: list[Test]
    imported: dict[str, set[int]]


class Watching:
    """Watch a run of one part of the tests."""

    def __init__(self, measured: coverage.Coverage, part: int) -> None:
        self.measured = measured
        self.part = part
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the files of the other parts to other processes."""
        files = [*dict.fromkeys(_file(item.nodeid) for item in items)][self.part :: PROCESSES]
        items[:] = [item for item in items if _file(item.nodeid) in files]

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Import what tests share before any of them: the package first, and then each module on its own."""
        for name in _modules(SOURCE):
            importlib.import_module(name)
        for name in {needed: None for path in _files() for needed in needs(path)}:
            self.measured.switch_context(name)
            importlib.import_module(name)
        self.measured.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        """Name a file of tests to coverage while it is imported: what it makes then, each of its tests may use."""
        file = _file(collector.nodeid)
        self.measured.switch_context(file if file.endswith(".py") else "")  # a folder has a conftest for all of it
        try:
            return (yield)
        finally:
            self.measured.switch_context("")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Name the test to coverage and take its time."""
        name = item.nodeid.partition("[")[0]
        self.measured.switch_context(name)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.measured.switch_context("")
            self.seconds[name] += time.process_time() - start


def watch() -> Watch:
    """Run the tests, and read what was written about them."""
    with tempfile.TemporaryDirectory() as place:
        found = outcomes(partial(_watch_part, place, number) for number in range(PROCESSES))
        if bad := set(found) - {0, NO_TESTS}:
            sys.exit(f"mutation: the tests fail without a change: {max(bad)}")
        seconds: dict[str, float] = {}
        lines: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for part in range(PROCESSES):
            seconds |= json.loads(Path(place, f"{part}.json").read_text(encoding="utf-8"))
            read = coverage.CoverageData(str(Path(place, f"{part}.coverage")))
            read.read()
            for path in read.measured_files():
                for line, contexts in read.contexts_by_lineno(path).items():
                    for context in contexts:
                        lines[context][os.path.relpath(path)].add(line)
    before = {file: _together(lines[context] for context in (file, *needs(Path(file)))) for file in {*map(_file, seconds)}}
    return Watch([Test(name, spent, dict(lines[name]), before[_file(name)]) for name, spent in seconds.items()], dict(lines[""]))


def _together(parts: Iterable[Mapping[str, set[int]]]) -> dict[str, set[int]]:
    whole: dict[str, set[int]] = defaultdict(set)
    for part in parts:
        for path, numbers in part.items():
            whole[path] |= numbers
    return dict(whole)


def _watch_part(place: str, part: int) -> int:
    measured = coverage.Coverage(data_file=str(Path(place, f"{part}.coverage")), source=[str(SOURCE)], config_file=False)
    watching = Watching(measured, part)
    measured.start()
    found = run_tests([f"tests/{name}" for name in TESTS if Path("tests", name).is_dir()] + [str(SOURCE)], watching)
    measured.stop()
    measured.save()
    Path(place, f"{part}.json").write_text(json.dumps(watching.seconds), encoding="utf-8")
    return found


def needs(path: Path) -> list[str]:
    """Name the modules of tests that a file imports, each behind those that it needs itself."""
    return [*_needs(path.as_posix(), ())]


@cache
def _needs(file: str, inside: tuple[str, ...]) -> dict[str, None]:
    found: dict[str, None] = {}
    for node in ast.walk(ast.parse(Path(file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "tests":
            for name in (node.module, *(f"{node.module}.{imported.name}" for imported in node.names)):
                path = Path(*name.split(".")).with_suffix(".py")
                if path.is_file() and path.as_posix() not in inside:
                    found |= _needs(path.as_posix(), (*inside, file)) | {name: None}
    return found


def _files() -> list[Path]:
    return sorted(path for name in TESTS for path in Path("tests", name).rglob("*.py"))


def _modules(place: Path) -> Iterator[str]:
    for path in sorted(place.rglob("*.py")):
        yield ".".join(path.relative_to(place.parent).with_suffix("").parts).removesuffix(".__init__")


def _file(test: str) -> str:
    return test.partition("::")[0]
