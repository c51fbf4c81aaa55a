"""Change the code in one place at a time, and see that a test fails each time.

Usage: python -m tools.mutation [ROOM...]

A change that no test notices survives. The exit is 1 below FLOOR, or where docs/reliability.md does not list just what survived.

Each mutant has a process of its own, forked from one that has imported pytest and what the tests import from elsewhere, but nothing of
the package. There the module is replaced as it is imported, and the tests run that touch it. docs/reliability.md says more.
"""

import ast
import importlib.util
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import accumulate
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple

import coverage
import pytest

from tools.mutants import Mutant, mutants

SOURCE = Path("src/sayso")
PAGE = Path("docs/reliability.md")
REPORT = Path("build/mutation.json")
ROOMS = ("verification", "proofs", "query", "jsonvalue", "encodings", "keys")
FLOOR = 90.0
PROCESSES = 2
CLOSEST = 3
"""So many files of tests are tried before the others are even imported."""
MOST_SECONDS = 10.0
"""What only slower tests would notice counts as survived."""
SPARE_SECONDS = 10
MEMORY_BYTES = 4 << 30
TESTS = ("unit", "spec", "attacks", "public_api", "journeys", "property")
OPTIONS = ("-x", "-q", "-m", "not laws", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:faulthandler",
           "-p", "pytest_socket", "-p", "_hypothesis_pytestplugin")  # fmt: skip
WARM = ("hypothesis.strategies", "nacl.bindings", "nacl.exceptions", "pytest_socket", "_hypothesis_pytestplugin", "doctest")


class Test(NamedTuple):
    """One test function: its id, its seconds, and the lines that it reaches, and those that its file reaches as it is imported, by file."""

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


class Watched:
    """Watch a test run: which test reaches what, and how long it takes."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        """Name a file of tests to coverage while it is imported: what it makes then, each of its tests may use."""
        self.measured.switch_context(collector.nodeid.partition("::")[0])
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


class Chosen:
    """Let only some tests run, in the order given."""

    def __init__(self, order: list[str]) -> None:
        self.rank = {name: number for number, name in enumerate(order)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Drop the others."""
        kept = [item for item in items if item.nodeid.partition("[")[0] in self.rank]
        items[:] = sorted(kept, key=lambda item: self.rank[item.nodeid.partition("[")[0]])


class Replaced(SourceFileLoader):
    """Load one module from a tree instead of its file."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Find the one module."""
        if name != self.name or not PathFinder.find_spec(name, path, target):
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        """Compile the tree."""
        return compile(self.tree, str(self.path), "exec")


def watch() -> list[Test]:
    """Run every test once, and say which reaches what."""
    with tempfile.TemporaryDirectory() as place:
        data, seconds = Path(place, "coverage"), Path(place, "seconds")

        def run() -> int:
            measured = coverage.Coverage(data_file=str(data), source=[str(SOURCE)], config_file=False)
            watched = Watched(measured)
            measured.start()
            found = run_tests([f"tests/{name}" for name in TESTS if Path("tests", name).is_dir()] + [str(SOURCE)], watched)
            measured.stop()
            measured.save()
            seconds.write_text(json.dumps(watched.seconds), encoding="utf-8")
            return found

        if outcome := outcomes(iter([run]))[0]:
            sys.exit(f"mutation: the tests fail without a change: {outcome}")
        taken: dict[str, float] = json.loads(seconds.read_text(encoding="utf-8"))
        lines: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        read = coverage.CoverageData(str(data))
        read.read()
        for path in read.measured_files():
            for line, contexts in read.contexts_by_lineno(path).items():
                for context in contexts:
                    lines[context][os.path.relpath(path)].add(line)
    return [Test(name, seconds_, dict(lines[name]), dict(lines[name.partition("::")[0]])) for name, seconds_ in taken.items()]


def run_tests(paths: Iterable[str], plugin: object) -> int:
    """Run tests in this process."""
    return int(pytest.main([*OPTIONS, *paths], plugins=[plugin]))


def outcomes(work: Iterator[Callable[[], int]]) -> list[int]:
    """Do each piece of work in a process of its own, several at a time; return their exits in order, -n for the signal n."""
    exits, numbers = dict[int, int](), dict[int, int]()

    def wait() -> None:
        pid, status = os.wait()
        exits[numbers.pop(pid)] = os.waitstatus_to_exitcode(status)

    for number, piece in enumerate(work):
        if pid := os.fork():
            numbers[pid] = number
        else:
            _forked(piece)
        if len(numbers) == PROCESSES:
            wait()
    while numbers:
        wait()
    return [exits[number] for number in sorted(exits)]


def _forked(piece: Callable[[], int]) -> None:
    exit_code = 70
    try:
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        exit_code = piece()
    finally:
        os._exit(exit_code)


def fastest(tests: Collection[Test]) -> list[Test]:
    """Keep the first of the tests, as many as fit into MOST_SECONDS."""
    spent = accumulate(test.seconds for test in tests)
    return [test for test, sofar in zip(tests, spent, strict=True) if sofar < MOST_SECONDS]


def limit(seconds: int) -> None:
    """Let this process use so many seconds of a processor and no more, nor wait for ever."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    with suppress(ValueError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.alarm(20 * seconds)


class Module:
    """One module of the package, its mutants, and the tests that reach it."""

    def __init__(self, path: Path, tests: list[Test]) -> None:
        self.path = path.as_posix()
        self.name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        source = path.read_text(encoding="utf-8")
        self.tree = ast.parse(source)
        self.mutants = mutants(self.tree, source, self.name.partition(".")[2])
        reached, whole = defaultdict[str, int](int), defaultdict[str, int](int)
        for test in tests:
            reached[test.file] += len(test.lines.get(self.path, ()))
            whole[test.file] += sum(map(len, test.lines.values()))
        self.share = {file: reached[file] / whole[file] for file in whole if reached[file]}
        touching = sorted((test for test in tests if test.file in self.share), key=lambda test: test.seconds)
        self.tests = {test: test.lines.get(self.path, set()) | test.before.get(self.path, set()) for test in touching}

    def batches(self, mutant: Mutant) -> tuple[list[Test], list[Test]]:
        """Choose the tests for a mutant: those that reach it in the files that are most about this module; then all that touch the module.

        Not only those that reach the line: a helper that tests share may have run it once for all of them.
        """
        reaching = dict.fromkeys(test for test, lines in self.tests.items() if not lines.isdisjoint(mutant.span)) or self.tests
        files = sorted({test.file for test in reaching}, key=lambda file: -self.share[file])[:CLOSEST]
        close = dict.fromkeys(test for test in reaching if test.file in files)
        return [*close], [test for test in fastest(dict.fromkeys([*reaching, *self.tests])) if test not in close]

    def attempt(self, mutant: Mutant | None, tests: list[Test]) -> Callable[[], int]:
        """Return the work of running tests against a mutant."""

        def work() -> int:
            if not tests:
                return 0
            limit(SPARE_SECONDS + int(5 * sum(test.seconds for test in tests)))
            if mutant:
                mutant.apply()
                compile(self.tree, self.path, "exec")  # or what is no program would be noticed by every test
            sys.meta_path.insert(0, Replaced(self.name, self.path, self.tree))
            return run_tests(dict.fromkeys(test.file for test in tests), Chosen([test.id for test in tests]))

        return work


NOTICED = {1, 2, 4, -signal.SIGXCPU, -signal.SIGALRM, -signal.SIGSEGV, -signal.SIGABRT}
"""A test failed, a module or a conftest could not be imported, time ran out, or the interpreter broke."""


def survivors(modules: list[Module]) -> list[Mutant]:
    """Return the mutants that no test notices, after seeing that the same tests pass where the module is replaced by itself."""
    for module, outcome in zip(modules, outcomes(module.attempt(None, fastest(module.tests)) for module in modules), strict=True):
        if outcome:
            sys.exit(f"mutation: the tests of {module.name} fail without a change: {outcome}")
    left = [(module, mutant) for module in modules for mutant in module.mutants]
    for batch in (0, 1):
        found = outcomes(module.attempt(mutant, module.batches(mutant)[batch]) for module, mutant in left)
        for (_, mutant), outcome in zip(left, found, strict=True):
            if outcome not in NOTICED | {0}:
                sys.exit(f"mutation: exit {outcome} says neither that tests pass nor that they fail: {mutant}")
        left = [one for one, outcome in zip(left, found, strict=True) if outcome == 0]
    return [mutant for _, mutant in left]


def paths_of(room: str) -> list[Path]:
    """List the modules of a room that hold anything."""
    found = sorted((SOURCE / room).rglob("*.py")) or [SOURCE / f"{room}.py"]
    return [path for path in found if path.stat().st_size]


def measure(room: str, tests: list[Test]) -> dict[str, Any]:
    """Try every mutant of a room, and say how it went."""
    start = time.monotonic()
    modules = [Module(path, tests) for path in paths_of(room)]
    there = sum(len(module.mutants) for module in modules)
    left = [str(mutant) for mutant in survivors(modules)]
    score = 100 * (1 - len(left) / there)
    counts = f"{there:>6} mutants{there - len(left):>6} killed{len(left):>5} survived{score:>8.1f} %"
    print(f"{room:<14}{counts}{time.monotonic() - start:>6.0f} s", flush=True)
    return {"mutants": there, "killed": there - len(left), "score": round(score, 2), "survivors": left}


def listed(page: str) -> set[str]:
    """Read which survivors a page lists."""
    return {line for line in page.splitlines() if " :: " in line}


def complaints(rooms: dict[str, dict[str, Any]], page: str) -> Iterator[str]:
    """Say what keeps the run from being good."""
    survived = {text for room in rooms.values() for text in room["survivors"]}
    known = {text for text in listed(page) if text.partition(".")[0].partition(":")[0] in rooms}
    yield from (f"{name} is below {FLOOR:.0f} %" for name, room in rooms.items() if room["score"] < FLOOR)
    yield from (f"survived and is not listed in {PAGE}: {text}" for text in sorted(survived - known))
    yield from (f"is listed in {PAGE} and did not survive: {text}" for text in sorted(known - survived))


def main(names: list[str]) -> int:
    """Measure the rooms; print, write and judge what came out."""
    os.environ["CI"] = "1"  # hypothesis: the same examples each time
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["COVERAGE_CORE"] = "ctrace"  # the newer core reports a line once, not once for each test
    sys.dont_write_bytecode = True
    for name in WARM:
        with suppress(ImportError):
            importlib.import_module(name)
    tests = watch()
    print(f"{len(tests)} tests", flush=True)
    rooms: dict[str, dict[str, Any]] = {}
    REPORT.parent.mkdir(exist_ok=True)
    for name in names or ROOMS:
        rooms[name] = measure(name, tests)
        REPORT.write_text(json.dumps(rooms, indent=2, ensure_ascii=False), encoding="utf-8")
    found = list(complaints(rooms, PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""))
    print("\n".join(f"mutation: {sentence}" for sentence in found) or "mutation: every survivor is known")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
