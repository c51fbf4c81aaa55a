"""Draw the story in a terminal, or as plain text where there is none."""

from collections.abc import Iterable, Iterator
from textwrap import wrap
from typing import Final, TypeAlias

from rich.console import Console
from rich.text import Text

from sayso.demo.story import Line, Scene, Tone

TITLE: Final = "sayso: nothing leaves the wallet without your say-so"
ABOUT: Final = "All of this happened just now: real keys, signatures and bytes, and no network."
KEPT: Final = "Mathematics hides what stayed. That a share ends is kept by honest software."
BROKEN: Final = "What must be refused was let through."

MAX_WIDTH = 92
"""A wider terminal would only pull the columns apart."""
MIN_WIDTH = 60
"""In a narrower one, lines run over its edge."""

_BESIDE_WIDTH = 17
_WHAT_WIDTH = 14
_WHERE_WIDTH = 10
_GAP_WIDTH = 2

_STYLES: Final[dict[Tone, str]] = {"plain": "", "leaves": "green", "stays": "cyan", "refused": "yellow", "broken": "bold red"}

_Cells: TypeAlias = list[tuple[str, str]]
"""The pieces of one row, each with its style."""


def draw(scenes: Iterable[Scene], console: Console) -> bool:
    """Print each scene as it happens; tells whether nothing happened that must not."""
    width = max(MIN_WIDTH, min(console.width, MAX_WIDTH))
    _print(console, [(TITLE, "bold")], [(ABOUT, "dim")])
    holds = True
    for scene in scenes:
        _print(console, [], *_rows(scene, width))
        holds = holds and scene.holds
    _print(console, [], [(KEPT, "dim") if holds else (BROKEN, _STYLES["broken"])])
    return holds


def _print(console: Console, *rows: _Cells) -> None:
    for row in rows:
        console.print(Text.assemble(*row), soft_wrap=True)


def _rows(scene: Scene, width: int) -> Iterator[_Cells]:
    beside = [(scene.heading, "bold"), (scene.note, "dim")]
    where_width = _WHERE_WIDTH if any(line.where for line in scene.lines) else 0
    rows = (row for line in scene.lines for row in _line(line, where_width, width - _BESIDE_WIDTH))
    for number, row in enumerate(rows):
        text, style = beside[number] if number < len(beside) else ("", "")
        yield [(text.ljust(_BESIDE_WIDTH), style), *row]


def _line(line: Line, where_width: int, width: int) -> Iterator[_Cells]:
    """Give the rows of one line: its words break where they do not fit between what stands before and behind them."""
    style = _STYLES[line.tone]
    behind = (line.end.rjust(len(line.end) + _GAP_WIDTH), "dim") if line.end else ("", "")
    room = width - _WHAT_WIDTH - where_width - len(behind[0])
    first, *others = wrap(line.text, room)
    words = first.ljust(room) if line.end else first
    yield [(line.what.ljust(_WHAT_WIDTH), ""), (line.where.ljust(where_width), style), (words, style), behind]
    yield from ([(" " * (_WHAT_WIDTH + where_width) + other, style)] for other in others)
