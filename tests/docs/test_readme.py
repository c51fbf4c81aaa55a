"""The README is short, begins with two commands, and its links lead somewhere; so do those of all pages."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.pages import blocks, pages
from tests.support import REPOSITORY

README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
_LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)(#[^)]*)?\)")


def broken_links(page: Path) -> list[str]:
    """Name the files that a page links to and that are not there."""
    return [link for link, _ in _LINK.findall(page.read_text(encoding="utf-8")) if not (page.parent / link).exists()]


def test_it_is_at_most_150_lines() -> None:
    assert len(README.splitlines()) <= 150


def test_it_names_exactly_two_commands_first() -> None:
    first = blocks(README)[0]
    assert first.language == "sh"
    assert [line.partition("#")[0].strip() for line in first.text.splitlines()] == ["make demo", "make test"]


@pytest.mark.parametrize("name", ["mdoc", "COSE", "CWT", "BBS", "ecdsa-sd-2023", "X.509", "transports"])
def test_it_says_what_is_out_of_scope(name: str) -> None:
    assert name in README.partition("**Out of scope for now:**")[2].partition("\n\n")[0]


def test_it_names_every_dependency() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [re.split(r"[\s<>=!~;\[]", wanted)[0] for wanted in project["dependencies"]]
    assert f"depends on {', '.join(names[:-1])} and {names[-1]} only" in README


@pytest.mark.parametrize("page", pages(REPOSITORY), ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken_links(page) == []


def test_a_broken_link_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[here](page.md) [gone](away.md#part) [far](https://example.com/x.md) [below](#part)\n", encoding="utf-8")
    assert broken_links(page) == ["away.md"]
