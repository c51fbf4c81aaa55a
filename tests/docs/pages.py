"""Find the code on a page of Markdown, and run it as a reader would: from top to bottom, each block after the one before.

* A `python` block is run; what it prints must be shown by an `output` block right after it, if there is one.
* A `pycon` block, or a `python` block of `>>>` lines, is a doctest.
* Any other block must name a language known not to be Python, so that nothing is skipped by a slip of the pen.
"""

import contextlib
import doctest
import io
import itertools
import re
import textwrap
from pathlib import Path
from typing import NamedTuple

OTHER_LANGUAGES = frozenset({"console", "html", "http", "json", "jsonc", "mermaid", "output", "sh", "text", "toml", "yaml"})
_FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}|~{3,}) *(?P<language>[^\s{`]*)[^`]*$")


class Block(NamedTuple):
    """A fenced block: its language, its text, and the line of the page (from 0) on which its text begins."""

    language: str
    text: str
    line: int


def blocks(page: str) -> list[Block]:
    """Return every fenced block of a page; refuse a fence that is never closed."""
    found: list[Block] = []
    lines = iter(enumerate(page.splitlines(keepends=True)))
    for number, line in lines:
        if not (fence := _FENCE.match(line.rstrip("\n"))):
            continue
        body: list[str] = []
        for _, inner in lines:
            if inner.strip().startswith(fence["mark"]) and not inner.strip().strip(fence["mark"][0]):
                break
            body.append(inner)
        else:
            msg = f"line {number + 1}: a fence that is never closed"
            raise ValueError(msg)
        found.append(Block(fence["language"], textwrap.dedent("".join(body)), number + 1))
    return found


def run_page(name: str, page: str) -> int:
    """Run the code of a page in one namespace and return how many blocks that were."""
    namespace: dict[str, object] = {"__name__": f"page {name}"}
    ran = 0
    there = blocks(page)
    for block, after in itertools.zip_longest(there, there[1:]):
        shown = after.text if after and after.language == "output" else None
        if block.language == "pycon" or (block.language == "python" and block.text.lstrip().startswith(">>>")):
            _run_doctest(name, block, namespace)
        elif block.language == "python":
            _run_code(name, block, namespace, shown)
        elif block.language in OTHER_LANGUAGES:
            continue
        else:
            msg = f"{name}, line {block.line}: {block.language!r} is neither Python nor known not to be"
            raise ValueError(msg)
        ran += 1
    return ran


def _run_code(name: str, block: Block, namespace: dict[str, object], shown: str | None) -> None:
    printed = io.StringIO()
    code = compile("\n" * block.line + block.text, name, "exec")  # the empty lines make a traceback name the page's own line
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)  # noqa: S102 - the pages are the project's own
    if shown is not None and printed.getvalue().strip() != shown.strip():
        msg = f"{name}, line {block.line}: the page shows\n{shown}\nand the code prints\n{printed.getvalue()}"
        raise AssertionError(msg)


def _run_doctest(name: str, block: Block, namespace: dict[str, object]) -> None:
    test = doctest.DocTestParser().get_doctest(block.text, namespace, name, name, block.line)
    test.globs = namespace  # the parser made a copy, and later blocks go on from here
    report = io.StringIO()
    if doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=report.write, clear_globs=False).failed:
        raise AssertionError(report.getvalue())


def pages(repository: Path) -> list[Path]:
    """List the project's pages: those beside the README, and all under docs/."""
    return [*sorted(repository.glob("*.md")), *sorted(repository.glob("docs/**/*.md"))]
