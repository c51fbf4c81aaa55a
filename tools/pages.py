"""Write the parts of the pages that the code knows best: the pipeline's picture, the problem types, the floors, the linter's tables.

Usage: python -m tools.pages
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path

from sayso import errors
from sayso.errors import ProblemType
from sayso.sharing.lint.durations import in_words
from sayso.sharing.lint.purposes import NEEDS_BIRTHDATE, NEEDS_STREET, USUAL_DAYS, needs, usual
from sayso.sharing.lint.rules import RULES
from sayso.verification import establishing, pipeline, stages
from tools.floors import floors

DOCS = Path("docs")


def stopping() -> list[str]:
    """Name the stages that stop, in the order in which the pipeline enters them."""
    calls = (node for node in ast.walk(ast.parse(inspect.getsource(establishing.establish))) if isinstance(node, ast.Call))
    return [str(ast.literal_eval(call.args[0])) for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "enter"]


def collecting() -> list[str]:
    """Name the stages that collect, in their order."""
    return [stage.__name__ for stage in pipeline.COLLECTING]


def question(stage: str) -> str:
    """Give what a stage asks: the first sentence of its docstring, after `Ask (n)`."""
    said = (inspect.getdoc(getattr(stages, stage)) or "").partition("\n")[0]
    return said.partition(") ")[2].rstrip(".")


def picture() -> Iterator[str]:
    """Draw the pipeline, and say what each stage asks."""
    stop, collect = stopping(), collecting()
    yield "```text"
    yield "bytes"
    for number, stage in enumerate(stop, 1):
        yield f"  | {number} {stage:<8} -- no -->  Report"
    yield "proven: from here on there are claims"
    for number, stage in enumerate(collect, len(stop) + 1):
        yield f"  | {number} {stage:<8} -- no -->  one problem more, or several"
    yield "Report: Verified, or every problem"
    yield "```"
    yield ""
    yield "| Stage | It asks | A no |"
    yield "|---|---|---|"
    for number, stage in enumerate([*stop, *collect], 1):
        yield f"| {number} `{stage}` | {question(stage)} | {'stops' if stage in stop else 'is collected'} |"


def problem_types() -> Iterator[str]:
    """List the problem types by the URL that they share."""
    known = {name: kind for name, kind in vars(errors).items() if isinstance(kind, ProblemType)}
    for base in dict.fromkeys(kind.url.removesuffix(name) for name, kind in known.items()):
        yield from (f"`{base}` …", "", "| … | Title | Decided |", "|---|---|---|")
        for name, kind in known.items():
            if kind.url == base + name:
                yield f"| `{name}` | {kind.title} | {'yes' if kind.decided else '**no**'} |"
        yield ""


def storeys() -> Iterator[str]:
    """List the floors, top first."""
    rooms = floors()
    yield "```text"
    for height, floor in zip(range(len(rooms) - 1, -1, -1), rooms, strict=True):
        yield f"F{height:<3} {'  '.join(room.strip('()') for room in floor)}"
    yield "```"


def lint_rules() -> Iterator[str]:
    """List the rules of the linter."""
    yield "| Rule | Finds | Severity | Why |"
    yield "|---|---|---|---|"
    for rule in RULES:
        yield f"| `{rule.id}` | {rule.title} | {rule.severity} | {rule.why} |"


def usual_needs() -> Iterator[str]:
    """List what each purpose usually needs, with those first that say it themselves."""
    yield "| Purpose | Kept for at most | The date of birth | The street |"
    yield "|---|---|---|---|"
    for purpose in [*USUAL_DAYS, *sorted((NEEDS_BIRTHDATE | NEEDS_STREET) - {*USUAL_DAYS})]:
        said = ["needed" if needs(purpose, needing) else "" for needing in (NEEDS_BIRTHDATE, NEEDS_STREET)]
        yield f"| {f'`{purpose}`' if purpose else 'none is stated'} | {in_words(usual(purpose))} | {' | '.join(said)} |"


PARTS: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
    "pipeline": ("verification.md", picture),
    "problem types": ("errors.md", problem_types),
    "floors": ("floors.md", storeys),
    "lint rules": ("lint.md", lint_rules),
    "usual needs": ("lint.md", usual_needs),
}
"""Each part with its page and what writes it."""


def rewritten(page: str, name: str, lines: Iterator[str]) -> str:
    """Put a part into its place on a page, between the two marks with its name."""
    before, begin, rest = page.partition(f"<!-- begin: {name} -->\n")
    _, end, after = rest.partition(f"<!-- end: {name} -->\n")
    if not end:
        msg = f"the page has no place for {name!r}"
        raise ValueError(msg)
    text = "\n".join(lines).rstrip()
    return f"{before}{begin}\n{text}\n\n{end}{after}"


def main() -> None:
    """Write every part anew."""
    for name, (file, lines) in PARTS.items():
        path = DOCS / file
        path.write_text(rewritten(path.read_text(encoding="utf-8"), name, lines()), encoding="utf-8")


if __name__ == "__main__":
    main()
