"""Measure what importing costs: the CPU of whole processes, a new one each time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final, NamedTuple

from benchmarks.measuring import Round, Row, Title, row
from tests.interop import javascript

RAW: Final = "import nacl.bindings"


class _Import(NamedTuple):
    title: Title
    ours: str
    peers: dict[str, str]


_IMPORTS: Final = (
    _Import(
        Title("import", "door", 1, "package", RAW, 1.3),
        "import sayso",
        {"openvc": "import openvc", "sd_jwt": "import sd_jwt"},
    ),
    _Import(
        Title("import", "door", 3, "doors", RAW, 3.5),
        "from sayso import Issuer, Wallet, Verifier",
        {
            "openvc": "from openvc.verify import verify_credential; from openvc.proof.sd_jwt import SdJwtVcProofSuite",
            "sd_jwt": "from sd_jwt.issuer import SDJWTIssuer; import sd_jwt.holder, sd_jwt.verifier",
            "js": "import '@sd-jwt/sd-jwt-vc'",
        },
    ),
)


def measure(*, rounds: int) -> Iterator[Row]:
    """Measure both ways to import, each for so many processes, with as many of PyNaCl and of each peer between them."""
    for title, ours, theirs in _IMPORTS:
        peers = {name: statement for name, statement in theirs.items() if name != "js" or not javascript.absent()}
        for statement in (ours, *peers.values()):
            _cpu_of(statement)  # writes the bytecode, with which a package is installed
        found = [Round(_cpu_of(ours), _cpu_of(RAW), {name: _cpu_of(statement) for name, statement in peers.items()}) for _ in range(rounds)]
        yield row(title, found)


def _cpu_of(statement: str) -> float:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", statement]
    if statement.startswith("import '"):
        command = [javascript.node(), "--input-type=module", "--eval", statement]
    process = subprocess.Popen(command, env=environment, cwd=javascript.HOME)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return (used.ru_utime + used.ru_stime) * 1e9
