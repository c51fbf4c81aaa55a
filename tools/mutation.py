"""Change the code in one place at a time, and see that a test fails each time.

Usage: python -m tools.mutation [ROOM...]

A change that no test notices survives. The exit is 1 below FLOOR, or where docs/reliability.md does not list just what survived.

Each mutant has a process of its own, in which the tests run that touch its module. A change within a function is made in the living
function, in a fork of a process that has collected all tests. One that matters as its module is imported is made in that moment, in a fork
of a process that has imported pytest and what the tests import from elsewhere, but nothing of the package. docs/reliability.md says more.
"""

import ast
import gc
import importlib.util
import json
import os
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from itertools import accumulate
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest

from tools.forks import limit, outcomes, run_tests
from tools.mutants import Mutant, mutants
from tools.watched import SOURCE, Test, Watch, watch

PAGE = Path("docs/reliability.md")
REPORT = Path("build/mutation.json")
ROOMS = ("verification", "proofs", "query", "jsonvalue", "encodings", "keys")
FLOOR = 90.0
CLOSEST = 3
"""So many files of tests are tried before the others."""
MOST_SECONDS = 10.0
"""What only further tests would notice counts as survived."""
SPARE_SECONDS = 10
WARM = ("hypothesis.strategies", "nacl.bindings", "nacl.exceptions", "pytest_socket", "_hypothesis_pytestplugin", "doctest")
NOTICED = {1, 2, 4, -signal.SIGXCPU, -signal.SIGALRM, -signal.SIGSEGV, -signal.SIGABRT}
"""A test failed, a module or a conftest could not be imported, time ran out, or the interpreter broke."""
NOT_LIVING = 71
"""There is no living function in which the change could be made: it is made as the module is imported."""


class Chosen:
    """Let only some tests run, in the order given."""

    def __init__(self, order: list[str]) -> None:
        self.rank = {name: number for number, name in enumerate(order)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Drop the others."""
        kept = [item for item in items if item.nodeid.partition("[")[0] in self.rank]
        items[:] = sorted(kept, key=lambda item: self.rank[item.nodeid.partition("[")[0]])


class Replaced(SourceFileLoader):
    """Load one module from its code instead of its file."""

    def __init__(self, name: str, code: CodeType) -> None:
        super().__init__(name, code.co_filename)
        self.code = code

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Find the one module."""
        if name != self.name or not PathFinder.find_spec(name, path, target):
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002
        """Return the code."""
        return self.code


def first(tests: Collection[Test]) -> list[Test]:
    """Keep the first of the tests, as many as fit into MOST_SECONDS."""
    spent = accumulate(test.seconds for test in tests)
    return [test for test, sofar in zip(tests, spent, strict=True) if sofar < MOST_SECONDS]


_NOTHING: frozenset[int] = frozenset()


class Module:
    """One module of the package, its mutants, and the tests that reach it; `seen` is what was tried with unchanged modules already."""

    def __init__(self, path: Path, watched: Watch, seen: set[Test]) -> None:
        self.path = path.as_posix()
        self.name = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        source = path.read_text(encoding="utf-8")
        self.tree = ast.parse(source)
        self.mutants = mutants(self.tree, source, self.name.partition(".")[2])
        self.imported = watched.imported.get(self.path, set())
        reached, whole = defaultdict[str, int](int), defaultdict[str, int](int)
        for test in watched.tests:
            reached[test.file] += len(test.lines.get(self.path, ()))
            whole[test.file] += sum(map(len, test.lines.values()))
        self.share = {file: reached[file] / whole[file] for file in whole if reached[file]}
        touching = sorted(
            (test for test in watched.tests if test.file in self.share), key=lambda test: (-self.share[test.file], test.seconds)
        )
        self.tests = {test: test.lines.get(self.path, set()) | test.before.get(self.path, set()) for test in touching}
        few = first(self.tests)
        self.unchanged = [test for test in few if test not in seen] or few[:1]
        seen.update(few)

    def lives(self, mutant: Mutant) -> bool:
        """Tell whether a change can be made after the package was imported: it is within a function, and that import has not reached it."""
        return bool(mutant.span) and self.imported.isdisjoint(mutant.span)

    def used_by(self, test: Test, mutant: Mutant) -> bool:
        """Tell whether the file of a test has used what is changed as it was imported; then the test says nothing of a later change."""
        return not test.before.get(self.path, _NOTHING).isdisjoint(mutant.span)

    def batches(self, mutant: Mutant | None) -> tuple[list[Test], list[Test]]:
        """Choose the tests for a mutant: those that reach it in the files that are most about this module; then all that touch the module.

        Not only those that reach the line: a helper that tests share may have run it once for all of them.
        """
        if not mutant:
            return self.unchanged, []
        reaching = dict.fromkeys(test for test, lines in self.tests.items() if not lines.isdisjoint(mutant.span))
        files = sorted({test.file for test in reaching or self.tests}, key=lambda file: -self.share[file])[:CLOSEST]
        close = dict.fromkeys(test for test in reaching or self.tests if test.file in files)
        return [*close], [test for test in first(dict.fromkeys([*reaching, *self.tests])) if test not in close]

    def changed(self, mutant: Mutant | None) -> CodeType:
        """Make the change in the tree and compile it: what is no program would be noticed by every test."""
        if mutant:
            mutant.apply()
        return compile(self.tree, str(Path(self.path).resolve()), "exec")


Trial = tuple[Module, Mutant | None]


class Held:
    """Hold a session that has collected tests, and try each mutant in a fork of it."""

    def __init__(self, trials: list[Trial]) -> None:
        self.trials = trials
        self.outcomes: list[int] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Try them all; in a fork, leave its tests to pytest."""
        if not self.trials:
            return None
        functions, items = defaultdict[str, list[FunctionType]](list), defaultdict[str, list[pytest.Item]](list)
        for found in gc.get_objects():
            if isinstance(found, FunctionType) and "<" not in found.__code__.co_qualname:
                functions[found.__code__.co_filename].append(found)
        for item in session.items:
            items[item.nodeid.partition("[")[0]].append(item)
        gc.freeze()  # what all forks share is not looked through in each

        def attempt(module: Module, mutant: Mutant | None) -> int:
            tests = [test for batch in module.batches(mutant) for test in batch if not (mutant and module.used_by(test, mutant))]
            _limit(tests)
            code = module.changed(mutant)
            if put(code, functions[code.co_filename]) != bool(mutant):
                return NOT_LIVING
            self.trials = []
            session.items[:] = [item for test in tests for item in items[test.id]]
            with suppress(session.Failed):
                session.config.hook.pytest_runtestloop(session=session)
            return int(session.testsfailed > 0)

        self.outcomes = outcomes(partial(attempt, *trial) for trial in self.trials)
        return True


def put(code: CodeType, functions: Iterable[FunctionType]) -> bool:
    """Give functions the code that a compiled module has for them; tell whether any is another than before."""
    found = {(one.co_qualname, one.co_firstlineno): one for one in _within(code)}
    others = [(function, found[function.__code__.co_qualname, function.__code__.co_firstlineno]) for function in functions]
    others = [(function, new) for function, new in others if new != function.__code__]
    try:
        for function, new in others:
            function.__code__ = new
    except ValueError:  # it uses another number of names from around it
        return False
    return bool(others)


def _within(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _within(constant)


def _limit(tests: Collection[Test]) -> None:
    limit(SPARE_SECONDS + int(5 * sum(test.seconds for test in tests)))


def try_living(trials: list[Trial]) -> list[int]:
    """Try mutants in the functions that there are once all tests have been collected; return the exits."""
    if not trials:
        return []
    with tempfile.TemporaryDirectory() as place:
        written = Path(place, "outcomes")

        def hold() -> int:
            held = Held(trials)
            found = run_tests(dict.fromkeys(test.file for module, _ in trials for test in module.tests), held)
            written.write_text(json.dumps(held.outcomes), encoding="utf-8")
            return found

        outcomes([hold])
        found: list[int] = json.loads(written.read_text(encoding="utf-8"))
    return found


def try_imported(trials: list[Trial]) -> list[int]:
    """Try mutants as their modules are imported, first with the closest tests and then with the others; return the exits."""

    def attempt(module: Module, mutant: Mutant | None, batch: int) -> int:
        tests = module.batches(mutant)[batch]
        if not tests:
            return 0
        _limit(tests)
        sys.meta_path.insert(0, Replaced(module.name, module.changed(mutant)))
        return run_tests(dict.fromkeys(test.file for test in tests), Chosen([test.id for test in tests]))

    exits = outcomes(partial(attempt, *trial, 0) for trial in trials)
    again = [number for number, outcome in enumerate(exits) if outcome == 0]
    for number, outcome in zip(again, outcomes(partial(attempt, *trials[number], 1) for number in again), strict=True):
        exits[number] = outcome
    return exits


def tried(attempt: Callable[[list[Trial]], list[int]], trials: list[Trial]) -> dict[Trial, int]:
    """Try mutants, and each of their modules unchanged; return the exits."""
    modules = dict.fromkeys(module for module, _ in trials)
    trials = [*((module, None) for module in modules), *trials]
    found = dict(zip(trials, attempt(trials), strict=True))
    for (module, mutant), outcome in found.items():
        if outcome and not mutant:
            sys.exit(f"mutation: the tests of {module.name} fail without a change: {outcome}")
        if outcome not in NOTICED | {0, NOT_LIVING}:
            sys.exit(f"mutation: exit {outcome} says neither that tests pass nor that they fail: {mutant}")
    return found


def survivors(modules: list[Module]) -> list[Mutant]:
    """Return the mutants that no test notices; what a test may have used as it was imported is tried in both ways."""
    every = [(module, mutant) for module in modules for mutant in module.mutants]
    exits = tried(try_living, [(module, mutant) for module, mutant in every if module.lives(mutant)])
    for (module, mutant), outcome in exits.items():
        if mutant and outcome == 0 and any(module.used_by(test, mutant) for test in module.tests):
            exits[module, mutant] = NOT_LIVING
    exits |= tried(try_imported, [trial for trial in every if exits.get(trial, NOT_LIVING) == NOT_LIVING])
    return [mutant for module, mutant in every if exits[module, mutant] == 0]


def paths_of(room: str) -> list[Path]:
    """List the modules of a room that hold anything."""
    found = sorted((SOURCE / room).rglob("*.py")) or [SOURCE / f"{room}.py"]
    return [path for path in found if path.stat().st_size]


def measure(room: str, watched: Watch, seen: set[Test]) -> dict[str, Any]:
    """Try every mutant of a room, and say how it went."""
    start = time.monotonic()
    modules = [Module(path, watched, seen) for path in paths_of(room)]
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
    REPORT.parent.mkdir(exist_ok=True)
    rooms: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as place:
        os.environ["PYTEST_DEBUG_TEMPROOT"] = place  # forks clean up nothing
        watched, seen = watch(), set[Test]()
        print(f"{len(watched.tests)} tests", flush=True)
        for name in names or ROOMS:
            rooms[name] = measure(name, watched, seen)
            REPORT.write_text(json.dumps(rooms, indent=2, ensure_ascii=False), encoding="utf-8")
    found = list(complaints(rooms, PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""))
    print("\n".join(f"mutation: {sentence}" for sentence in found) or "mutation: every survivor is known")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
