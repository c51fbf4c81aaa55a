"""What README, docs and examples claim is run, and the runner itself is tried on pages that lie."""

import runpy
from pathlib import Path

import pytest
from _pytest.mark.structures import ParameterSet

from tests.docs.pages import blocks, pages, run_page
from tests.support import REPOSITORY


def _name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


ONLINE = {"docs/retrieval.md"}
"""The pages that talk to a server of their own, on this machine."""


def _params() -> list[ParameterSet]:
    marks = {name: [pytest.mark.enable_socket] for name in ONLINE}
    return [pytest.param(page, id=_name(page), marks=marks.get(_name(page), [])) for page in pages(REPOSITORY)]


@pytest.mark.parametrize("page", _params())
def test_page_is_true(page: Path) -> None:
    run_page(_name(page), page.read_text(encoding="utf-8"))


def test_every_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    for example in sorted((REPOSITORY / "examples").glob("*.py")):
        runpy.run_path(str(example), run_name="__main__")
        assert capsys.readouterr().out, f"{_name(example)} shows nothing"


def test_blocks_of_a_page_share_one_namespace_and_their_output_is_checked() -> None:
    in_a_list = "- so:\n\n    ~~~python title='y'\n    print(x + 1)\n    ~~~\n\n```output\n21\n```\n"
    assert run_page("page.md", f"```python\nx = 20\n```\n\n{in_a_list}\n```pycon\n>>> x\n20\n```\n") == 3
    assert run_page("page.md", "no code, ``` not even this\n") == 0


@pytest.mark.parametrize(
    ("page", "says"),
    [
        ("```python\nprint(1)\n```\n```output\n2\n```\n", "shows"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected"),
        ("```pycon\n>>> 1 + 1\n3\n```\n", "Expected"),
        ("```python\nassert False, 'not so'\n```\n", "not so"),
    ],
)
def test_a_page_that_lies_is_caught(page: str, says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        run_page("page.md", page)


@pytest.mark.parametrize(
    ("page", "says"),
    [("```python\nx = 1\n", "line 1: a fence that is never closed"), ("```\nx = 1\n```\n", "neither"), ("```Python\n```\n", "neither")],
)
def test_nothing_is_skipped_by_a_slip_of_the_pen(page: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        run_page("page.md", page)


def test_a_block_knows_its_line() -> None:
    assert [(block.language, block.line) for block in blocks("# a\n\n````text\n```\n````\n")] == [("text", 3)]
    with pytest.raises(ZeroDivisionError) as caught:
        run_page("page.md", "# a\n\n```python\n1 / 0\n```\n")
    assert caught.traceback[-1].lineno + 1 == 4
