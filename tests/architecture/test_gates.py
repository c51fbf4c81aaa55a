"""The gates that are the project's own: what coverage may leave out, where its floors lie, and how far a law is tried."""

import json
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.support import REPOSITORY, examples
from tools.coverage_floor import SOURCE, main

EXCLUDED = """\
from typing import TYPE_CHECKING, Protocol, assert_never
if TYPE_CHECKING:
    import json
class Signer(Protocol):
    def sign(self) -> bytes:
        'Sign.'
        ...
    async def asign(
        self,
    ) -> bytes: ...
def f(x: bool) -> int:
    match x:
        case True:
            return 1
        case False:
            return 0
        case _:
            assert_never(x)
def g(x: bool) -> int:
    if x:
        return 1
    elif not x:
        return 0
    else:
        assert_never(x)
"""
COUNTED = """\
def f(x: bool) -> object:
    if x:  # pragma: no cover
        return 1  # pragma: no cover
    if __name__ == "__main__":
        raise NotImplementedError
    def __repr__() -> str:
        return "..."
    try:
        ...
    finally:
        return lambda: ...
"""


def _excluded(source: str, place: Path) -> list[int]:
    """Name the lines that the project's configuration leaves out of a source."""
    path = place / "source.py"
    path.write_text(source, encoding="utf-8")
    measured = coverage.Coverage(config_file=REPOSITORY / "pyproject.toml", data_file=None, source=[str(place)])
    return measured.analysis2(str(path))[2]


def test_only_what_cannot_run_is_left_out(tmp_path: Path) -> None:
    assert _excluded(EXCLUDED, tmp_path) == [2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 18, 24, 25]
    assert _excluded(COUNTED, tmp_path) == []


def _file(there: int, ran: int) -> dict[str, Any]:
    summary = {"num_statements": there - 2, "num_branches": 2, "covered_lines": ran - 1, "covered_branches": 1}
    return {"summary": summary, "missing_lines": [], "missing_branches": []}


def _report(place: Path, **changed: dict[str, Any]) -> str:
    """Write a report in which every file of the package is complete, but for those that are changed."""
    complete = {"num_statements": 1, "num_branches": 0, "covered_lines": 1, "covered_branches": 0}
    files: dict[str, Any] = {
        path.relative_to(REPOSITORY).as_posix(): {"summary": complete, "missing_lines": [], "missing_branches": []}
        for path in (REPOSITORY / SOURCE).rglob("*.py")
    }
    report = place / "coverage.json"
    report.write_text(json.dumps({"files": files | {(SOURCE / name).as_posix(): file for name, file in changed.items()}}), encoding="utf-8")
    return str(report)


def test_a_report_above_every_floor_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert main(_report(tmp_path)) == 0
    assert main(_report(tmp_path, **{"clock.py": _file(10_000, 9_700)})) == 0


@pytest.mark.parametrize("name", ["jsonvalue.py", "verification/planted.py", "proofs/jose/planted.py", "encodings/planted.py"])
def test_one_missing_branch_in_a_complete_room_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert main(_report(tmp_path, **{name: _file(10_000, 9_999)})) == 1
    assert "misses 1 of its lines" in capsys.readouterr().out


def test_a_whole_below_its_floor_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    assert main(_report(tmp_path, **{"clock.py": _file(10_000, 9_600)})) == 1


def test_a_file_that_nobody_imported_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    report = _report(tmp_path)
    (tmp_path / SOURCE).mkdir(parents=True)
    (tmp_path / SOURCE / "attic.py").touch()
    monkeypatch.chdir(tmp_path)
    assert main(report) == 1
    assert "attic.py is not in the report" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "count", "tried"), [("", 2_000, 2_000), ("", 50, 50), ("200000", 2_000, 200_000), ("200000", 50, 5_000), ("1", 50, 1)]
)
def test_a_law_is_tried_as_far_as_asked(monkeypatch: pytest.MonkeyPatch, asked: str, count: int, tried: int) -> None:
    monkeypatch.setenv("SAYSO_EXAMPLES", asked)
    assert examples(count).max_examples == tried
