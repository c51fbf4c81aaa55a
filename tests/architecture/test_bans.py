"""Time and chance come in through one room each: ruff refuses them elsewhere, in all their spellings, and allows them there."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import REPOSITORY

BANNED = [
    "from datetime import UTC, datetime\n\nat = datetime.now(UTC)",
    "import datetime as dt\n\nat = dt.datetime.now(dt.UTC)",
    "from datetime import date\n\non = date.today()",
    "import time\n\nat = time.time()",
    "from time import time_ns",
    "import secrets",
    "from secrets import token_bytes",
    "import random",
    "import os\n\nsalt = os.urandom(16)",
    "from uuid import uuid4",
    "from nacl.utils import random",
    "from unittest import mock",
    "from unittest.mock import patch",
    "import urllib.request",
]
ALLOWED = ["from datetime import UTC, datetime, timedelta", "from time import perf_counter", "from urllib.parse import urlsplit"]


def _findings(source: str, filename: str) -> str:
    options = ("--no-cache", "--quiet", "--select=TID251", "--output-format=concise", f"--stdin-filename={filename}")
    command = (Path(sys.executable).with_name("ruff"), "check", *options, "-")
    return subprocess.run(command, cwd=REPOSITORY, input=f"{source}\n", check=False, capture_output=True, text=True).stdout


@pytest.mark.parametrize("source", BANNED)
def test_a_banned_name_is_refused(source: str) -> None:
    assert "TID251" in _findings(source, "src/sayso/planted.py")


@pytest.mark.parametrize("source", ALLOWED)
def test_what_reads_no_world_is_allowed(source: str) -> None:
    assert _findings(source, "src/sayso/planted.py") == ""


def test_the_two_rooms_may() -> None:
    assert _findings(BANNED[0], "src/sayso/clock.py") == ""
    assert _findings("import secrets", "src/sayso/entropy.py") == ""


def test_tests_may_not() -> None:
    assert "TID251" in _findings(BANNED[0], "tests/unit/planted.py")
