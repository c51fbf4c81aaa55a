"""Measure what importing costs: the CPU of whole processes, a new one each time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

from benchmarks.measuring import Round, Row, Title, row

RAW: Final = "import nacl.bindings"
_STATEMENTS: Final = (
    ("import sayso", 1, "package", 1.3),
    ("from sayso import Issuer, Wallet, Verifier", 3, "doors", 3.5),
)


def measure(*, rounds: int) -> Iterator[Row]:
    """Measure both ways to import, each for so many processes, with as many of PyNaCl between them."""
    for statement, size, unit, bar in _STATEMENTS:
        _cpu_of(statement)  # writes the bytecode, with which a package is installed
        found = [Round(raw=_cpu_of(RAW), ours=_cpu_of(statement)) for _ in range(rounds)]
        yield row(Title("import", "door", size, unit, RAW, bar), found)


def _cpu_of(statement: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen([sys.executable, "-c", statement], env=environment)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return (used.ru_utime + used.ru_stime) * 1e9
