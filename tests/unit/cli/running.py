"""Run the commands as a person would, without a process: what they write, where, and their exit code."""

import json
from typing import Any, NamedTuple

from typer.testing import CliRunner

from sayso.cli import commands


class Ran(NamedTuple):
    """Hold what a command wrote, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


def run(*arguments: str, given: bytes | str | None = None, columns: int = 100, terminal: bool = False) -> Ran:
    """Run a command; an exception that it lets out is the test's failure."""
    world = {"COLUMNS": str(columns), "FORCE_COLOR": "1" if terminal else None, "NO_COLOR": "1", "TTY_COMPATIBLE": None, "TERM": "xterm"}
    result = CliRunner().invoke(commands.app, arguments, input=given, env=world)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)
