"""Fixtures and settings for every test."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import ABSENT, SHARED

# The machine's speed decides no verdict. In CI the same commit gives the same examples; elsewhere, and in `make fuzz`, new ones.
settings.register_profile(
    "sayso",
    deadline=None,
    derandomize="CI" in os.environ and not os.environ.get("SAYSO_EXAMPLES"),
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("sayso")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer not to run again what has passed already."""
    parser.addoption("--once", metavar="FILE", help="leave out the tests that FILE names, and name in it those that pass now")


def pytest_configure(config: pytest.Config) -> None:
    """Take the offer up; with several processes, each leaves out and the leading one writes."""
    if named := config.getoption("--once"):
        config.pluginmanager.register(Once(Path(named), writes=not hasattr(config, "workerinput")))


class Once:
    """Run no test that has passed before."""

    def __init__(self, file: Path, *, writes: bool) -> None:
        self.file = file
        self.writes = writes
        self.before = set(file.read_text(encoding="utf-8").splitlines()) if file.exists() else set[str]()
        self.passed: list[str] = []

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what has passed."""
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in self.before])
        items[:] = [item for item in items if item.nodeid not in self.before]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember what passes."""
        if report.when == "call" and report.passed:
            self.passed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        """Write down what has passed."""
        if self.writes:
            self.file.parent.mkdir(exist_ok=True)
            self.file.write_text("\n".join([*self.before, *self.passed]), encoding="utf-8")


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of the published vectors, or skip."""
    if SHARED is None:
        pytest.skip(ABSENT)
    return SHARED
