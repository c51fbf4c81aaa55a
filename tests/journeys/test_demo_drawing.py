"""The demo is drawn in columns that hold whatever is told, with and without colour."""

from rich.console import Console

from sayso.demo import render
from sayso.demo.render import MAX_WIDTH, MIN_WIDTH, draw
from sayso.demo.story import Line, Scene

LONG = "some words that fill more than one row of a narrow terminal, and go on below where they began"
GOOD = Scene("Here", (Line("first", LONG, end="3 bytes"), Line("second", LONG, "leaves", "8 trust"), Line("third", "ends")), "(so)")
BAD = Scene("There", (Line("forged card", "NOT REFUSED", "broken", "accept"),))


def _drawn(*scenes: Scene, width: int = 80, colour: bool = False) -> tuple[bool, list[str]]:
    console = Console(width=width, color_system="standard" if colour else None, force_terminal=colour)
    with console.capture() as capture:
        holds = draw(scenes, console)
    return holds, capture.get().splitlines()


def test_long_words_go_on_below_where_they_began() -> None:
    assert _drawn(GOOD)[1][3:-2] == [
        "Here             first                   some words that fill more than  3 bytes",
        "(so)                                     one row of a narrow terminal,",
        "                                         and go on below where they",
        "                                         began",
        "                 second        8 trust   some words that fill more than one row",
        "                                         of a narrow terminal, and go on below",
        "                                         where they began",
        "                 third                   ends",
    ]


def test_a_wide_terminal_is_not_filled_and_a_narrow_one_not_squeezed() -> None:
    assert max(map(len, _drawn(GOOD, width=300)[1])) == MAX_WIDTH
    assert _drawn(GOOD, width=20) == _drawn(GOOD, width=MIN_WIDTH)


def test_it_begins_with_what_it_is_and_ends_with_what_keeps_it() -> None:
    holds, lines = _drawn(GOOD)
    assert holds
    assert (lines[0], lines[1], lines[-1]) == (render.TITLE, render.ABOUT, render.KEPT)


def test_what_must_not_be_is_said_last_and_stays_said() -> None:
    holds, lines = _drawn(BAD, GOOD)
    assert not holds
    assert lines[-1] == render.BROKEN
    assert any("NOT REFUSED" in line for line in lines)


def test_what_is_told_is_not_read_as_markup() -> None:
    _, lines = _drawn(Scene("Here", (Line("name", '"[bold]Ada[/bold]"'),)))
    assert lines[3].endswith('"[bold]Ada[/bold]"')


def test_each_tone_has_its_colour() -> None:
    _, lines = _drawn(GOOD, BAD, colour=True)
    assert "\x1b[32m8 trust   \x1b[0m" in lines[7]
    assert "\x1b[1;31mNOT REFUSED" in lines[-3]
