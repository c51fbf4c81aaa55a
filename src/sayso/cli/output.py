"""Say how it went: one JSON document on standard output, or words for people; and the exit code."""

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Annotated, Final, TypeAlias

import typer
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from sayso.errors import Problem, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing.texts import printable

REFUSED: Final = 1
"""The exit code of what was refused or could not be decided; 0 is success, 2 a command that was called wrongly."""

WIDE: Final = 2000
"""The width of what is no terminal: wider than any line."""

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Write one JSON document to standard output, and what is for people to standard error.")
]


def console(*, errors: bool = False) -> Console:
    """Give the console for people; it prints what it is given, and sees neither markup nor emoji in it, as in did:key:."""
    return Console(stderr=errors, highlight=False, markup=False, emoji=False)


def show(tree: Tree) -> None:
    """Print a tree: to a terminal within its width, and elsewhere one line for each line of it, so that what is long can be copied."""
    out = console()
    if not out.is_terminal:
        out.width = WIDE
    out.print(tree)


def emit(document: JsonObject) -> None:
    """Write a JSON document; all that is not printable ASCII is escaped, so that no terminal obeys it."""
    typer.echo(json.dumps(document, indent=2).replace("\x7f", "\\u007f"))


def problems_json(problems: Iterable[Problem]) -> list[Json]:
    """Write problems as ProblemDetails."""
    return [dict(problem.to_json()) for problem in problems]


@contextmanager
def refusals(*, as_json: bool) -> Generator[None]:
    """Tell why something was refused, and end with exit code 1."""
    try:
        yield
    except SaysoError as error:
        if as_json:
            emit({"problems": problems_json(error.problems)})
        else:
            tell_problems(error.problems)
        raise typer.Exit(REFUSED) from None


def tell_problems(problems: Iterable[Problem], place: str = "", *, out: Console | None = None) -> None:
    """Tell people, on standard error, what was refused or could not be decided."""
    for problem in problems:
        verdict = ("refused" if problem.decided else "undecided", "bold red")
        (out or console(errors=True)).print(Text.assemble(verdict, printable(f" {place}{problem}")), soft_wrap=True)
