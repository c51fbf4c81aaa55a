"""What a page says about the code is what the code says."""

import re
from pathlib import Path

import pytest

from sayso import errors
from sayso.errors import PARSING_ERROR, ProblemType
from sayso.jsonvalue import DEFAULT_LIMITS
from sayso.proofs.sd_jwt.disclosure import SALT_BYTES
from sayso.sharing.lint.rules import RULES
from sayso.verification import pipeline, stages
from sayso.verification.answers import MAX_PRESENTATIONS
from sayso.wallet import reading
from tests.support import REPOSITORY
from tools import pages
from tools.floors import floors

DOCS = REPOSITORY / "docs"


def _page(file: str) -> str:
    return (DOCS / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("part", pages.PARTS)
def test_the_parts_are_as_the_code_writes_them(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    file, lines = pages.PARTS[part]
    assert pages.rewritten(_page(file), part, lines()) == _page(file)  # otherwise: python -m tools.pages


def test_the_pipeline_has_eight_stages_of_which_three_stop() -> None:
    assert [*pages.stopping(), *pages.collecting()] == ["decode", "resolve", "prove", "conform", "bind", "date", "status", "trust"]
    assert len(pages.stopping()) == 3
    assert all(pages.question(stage) for stage in [*pages.stopping(), *pages.collecting()])


def test_another_pipeline_gives_another_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "COLLECTING", (stages.trust, stages.conform))
    drawn = "\n".join(pages.picture())
    assert "4 trust" in drawn
    assert "5 conform" in drawn
    assert "status" not in drawn


def test_another_problem_type_gives_another_list(monkeypatch: pytest.MonkeyPatch) -> None:
    known = [*pages.problem_types()]
    monkeypatch.setattr(errors, "NEW", ProblemType("https://example.com/#NEW", "It is new", decided=False), raising=False)
    assert [line for line in pages.problem_types() if line not in known] == ["`https://example.com/#` …", "| `NEW` | It is new | **no** |"]
    assert f"| `PARSING_ERROR` | {PARSING_ERROR.title} | yes |" in known


def test_another_rule_and_another_purpose_give_other_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [line[:7] for line in pages.lint_rules()][2:] == [f"| `{rule.id}`"[:7] for rule in RULES]
    monkeypatch.setattr(pages, "RULES", (RULES[0]._replace(id="L99", title="New", severity="note", why="So."),))
    assert [*pages.lint_rules()][2:] == ["| `L99` | New | note | So. |"]
    known = [*pages.usual_needs()]
    assert "| `dpv:LegalCompliance` | 3653 days | needed | needed |" in known
    monkeypatch.setattr(pages, "NEEDS_STREET", frozenset({"dpv:Marketing"}))
    assert "| `dpv:Marketing` | 366 days |  | needed |" in [*pages.usual_needs()]


def test_a_page_without_a_place_is_refused() -> None:
    with pytest.raises(ValueError, match="no place"):
        pages.rewritten("# A page\n", "floors", iter(["text"]))


def test_old_parts_are_written_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    for name, (file, _) in pages.PARTS.items():
        old = pages.rewritten(_page(file), name, iter(["what was so before"]))
        assert "what was so before" in old
        (tmp_path / file).write_text(old, encoding="utf-8")
    pages.main()
    assert all((tmp_path / file).read_text(encoding="utf-8") == _page(file) for file, _ in pages.PARTS.values())


def test_every_room_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)
    described = re.findall(r"^\| `(\w+)` \|", _page("floors.md"), re.MULTILINE)
    rooms = [room.strip("()") for floor in reversed(floors()) for room in floor]
    assert sorted(described) == sorted(rooms)


def test_the_limits_on_the_security_page_are_the_limits() -> None:
    page = (REPOSITORY / "SECURITY.md").read_text(encoding="utf-8")
    limits = DEFAULT_LIMITS
    bounded = f"{limits.size_bytes // 2**20} MiB for one input, a depth of {limits.depth}, {limits.disclosures:,} disclosures"
    assert f"{bounded}, {MAX_PRESENTATIONS} presentations" in page
    assert f"salts have {SALT_BYTES * 8} bits" in page
    assert f"may be off by {reading.SKEW.seconds} seconds" in page


def test_every_page_is_in_the_navigation() -> None:
    listed = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    assert sorted(re.findall(r"- (\S+\.md)$", listed, re.MULTILINE)) == sorted(
        page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")
    )
