"""The command line: its commands, and what it says where its extra is missing."""

import io
import re
import runpy
import sys
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from typer.testing import CliRunner

from sayso import __version__, cli
from sayso.cli import commands
from sayso.demo.cast import Cast, Script, assemble

_ESCAPES = re.compile(r"\x1b\[[\d;]*m")
_COLOUR = re.compile(r"\x1b\[(?:\d+;)*3\dm")
COLOURED = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}


def _run(*arguments: str, status: int = 0, world: Mapping[str, str] = MappingProxyType({})) -> str:
    plain: dict[str, str | None] = {"COLUMNS": "80", "FORCE_COLOR": None, "NO_COLOR": None, "TTY_COMPATIBLE": None}
    result = CliRunner().invoke(commands.app, arguments, env={**plain, **world})
    assert result.exit_code == status, result.output
    return result.output


def test_the_version() -> None:
    assert _run("--version") == f"sayso {__version__}\n"


def test_help_names_the_commands() -> None:
    shown = _run("--help")
    assert all(command in shown for command in ("demo", "inspect", "issue", "verify"))
    assert "one attribute for one hour" in _run("demo", "--help")


def test_without_a_command_it_helps() -> None:
    assert "Usage" in _run(status=2)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("world", [{}, {"NO_COLOR": "1"}, COLOURED, {**COLOURED, "NO_COLOR": "1"}, {"TERM": "dumb"}], ids=str)
def test_the_demo_is_short_and_fits_everywhere(width: int, world: dict[str, str]) -> None:
    lines = _ESCAPES.sub("", _run("demo", world={"COLUMNS": str(width), **world})).splitlines()
    assert 30 < len(lines) < 40
    assert max(map(len, lines)) <= width
    assert [line for line in lines if line != line.rstrip()] == []
    assert "\n".join(lines).isascii()  # so that a terminal that knows nothing else shows it too


def test_colour_is_for_terminals_that_want_it() -> None:
    assert "\x1b" not in _run("demo")
    assert _COLOUR.search(_run("demo", world=COLOURED))
    assert not _COLOUR.search(_run("demo", world={**COLOURED, "NO_COLOR": "1"}))


def test_a_demo_in_which_a_forgery_passes_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_forger(script: Script) -> Cast:
        cast = assemble(script)
        return cast._replace(forger=cast.city)

    monkeypatch.setattr(commands, "assemble", without_forger)
    assert "forged card             NOT REFUSED" in _run("demo", status=1)


def test_python_m_runs_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["sayso", "--version"])
    monkeypatch.delitem(sys.modules, "sayso.__main__", raising=False)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("sayso", run_name="__main__")
    assert (ended.value.code, capsys.readouterr().out) == (0, f"sayso {__version__}\n")


def test_it_writes_to_whatever_stands_for_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.StringIO()
    monkeypatch.setattr(sys, "argv", ["sayso", "--version"])
    monkeypatch.setattr(sys, "stdout", out)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert (ended.value.code, out.getvalue()) == (0, f"sayso {__version__}\n")


def test_importing_the_main_module_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sayso.__main__", raising=False)
    assert runpy.run_module("sayso.__main__")["main"] is cli.main


def test_a_traceback_shows_no_values() -> None:
    assert commands.app.pretty_exceptions_show_locals is False


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_a_missing_extra_is_named(missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _forget(monkeypatch, missing)
    with pytest.raises(SystemExit) as ended:
        cli.main()
    shown = capsys.readouterr()
    assert ended.value.code == 2
    assert shown.out == ""
    assert shown.err == f'sayso: the command line needs {missing}, which comes with its extra: pip install "sayso[cli]"\n'


def test_another_missing_module_is_a_defect_and_shown_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    _forget(monkeypatch, "sayso.demo.story")
    with pytest.raises(ModuleNotFoundError, match=r"sayso\.demo\.story"):
        cli.main()


def _forget(monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    """Let a module be missing, and everything that may have imported it be imported anew."""
    for name in [name for name in sys.modules if name == missing or name.startswith((f"{missing}.", "sayso.cli.", "sayso.demo."))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
