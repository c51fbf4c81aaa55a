"""The sessions that the page on the command line shows are run, line by line, and print what the page says."""

import doctest
import shlex
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.docs.pages import blocks
from tests.support import REPOSITORY
from tests.unit.cli.running import run

PAGE = REPOSITORY / "docs" / "command-line.md"
_CHECKER = doctest.OutputChecker()


class Shown(NamedTuple):
    """A command of a session, and what the page says it prints; `...` stands for what is different every time."""

    command: str
    output: str


def sessions(page: str) -> list[Shown]:
    """Give the commands of all sessions of a page; a session is a block of lines that begin with `$ `, and of what they print."""
    found: list[Shown] = []
    for block in blocks(page):
        if block.language == "console":
            for line in block.text.splitlines(keepends=True):
                if line.startswith("$ "):
                    found.append(Shown(line[2:].rstrip("\n"), ""))
                else:
                    found[-1] = found[-1]._replace(output=found[-1].output + line)
    return found


class Shell:
    """Run what the page shows in a folder: sayso, echo and chmod, with pipes, and with files for what they write."""

    def __init__(self) -> None:
        self.status = 0

    def run(self, line: str) -> str:
        line, _, into = line.partition(" > ")
        text, errors = "", ""
        for command in line.split(" | "):
            text, more = self._one(shlex.split(command), text)
            errors += more
        if into:
            Path(into.strip()).write_text(text, encoding="utf-8")
            text = ""
        return text + errors

    def _one(self, words: list[str], given: str) -> tuple[str, str]:
        match words:
            case ["echo", *said]:
                return " ".join(said).replace("$?", str(self.status)) + "\n", ""
            case ["chmod", mode, name]:
                Path(name).chmod(int(mode, 8))
                return "", ""
            case ["sayso", *arguments]:
                ran = run(*arguments, given=given)
                self.status = ran.code
                return ran.out, ran.err
            case _:
                msg = f"the page shows a command that is not known here: {words}"
                raise ValueError(msg)


def differences(page: str) -> list[str]:
    """Run the sessions of a page, and say where it prints something else."""
    shell = Shell()
    found: list[str] = []
    for shown in sessions(page):
        printed = shell.run(shown.command)
        if not _CHECKER.check_output(shown.output, printed, doctest.ELLIPSIS):
            found.append(f"$ {shown.command}\n--- the page shows\n{shown.output}--- and it prints\n{printed}")
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_the_page_is_true() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert len(sessions(page)) > 5
    assert "\n".join(differences(page)) == ""


@pytest.mark.usefixtures("folder")
def test_a_page_that_lies_is_caught() -> None:
    lies = differences("```console\n$ echo a | echo b > f\n$ echo one\ntwo\n$ sayso inspect f\n...\n$ echo $?\n0\n```\n")
    assert [lie.splitlines()[0] for lie in lies] == ["$ echo one", "$ echo $?"]
    with pytest.raises(ValueError, match="not known here"):
        differences("```console\n$ rm -r .\n```\n")
