"""What has passed once is not run again, and nothing else is left out."""

import os
import subprocess
import sys
from pathlib import Path

from tests.support import REPOSITORY

TESTS = """\
import os
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_good(number): pass

def test_bad(): assert "MENDED" in os.environ

@pytest.mark.skipif("MENDED" not in os.environ, reason="not yet")
def test_skipped(): pass
"""


def _run(place: Path, **world: str) -> tuple[int, str]:
    options = ["-q", "-c", str(place / "pytest.ini"), "-p", "tests.conftest", "-n", "2", "--once=build/passed.txt"]
    changed = os.environ | {"PYTHONPATH": str(REPOSITORY)} | world
    done = subprocess.run([sys.executable, "-m", "pytest", *options], cwd=place, env=changed, check=False, capture_output=True, text=True)
    return done.returncode, done.stdout.splitlines()[-1]


def test_what_passed_is_left_out_and_what_did_not_is_run_again(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    code, said = _run(tmp_path)
    assert (code, said.partition(" in ")[0]) == (1, "1 failed, 2 passed, 1 skipped")
    code, said = _run(tmp_path, MENDED="1")
    assert (code, said.partition(" in ")[0]) == (0, "2 passed")
    passed = (tmp_path / "build/passed.txt").read_text(encoding="utf-8").split()
    assert sorted(passed) == [f"test_some.py::{name}" for name in ("test_bad", "test_good[1]", "test_good[2]", "test_skipped")]
