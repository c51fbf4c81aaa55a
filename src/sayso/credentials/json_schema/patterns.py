"""Match the regular expressions of JSON Schemas in time that grows with their size times that of the text.

A schema is written by somebody else, and the expressions of Python can be made to take forever. Here every place in an expression is
followed at once, and none twice.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from sayso.credentials.json_schema.pattern_syntax import WORD, Alternatives, CharacterSet, Edge, Part, Reader, Repeat, not_understood

MAX_PATTERN_CHARACTERS = 2048
"""The longest expression that is read."""

MAX_STATES = 4096
"""The most places in one expression, its repetitions written out."""

Spend: TypeAlias = Callable[[int], None]
"""Account for work; raises where there was enough of it."""


class Consume(NamedTuple):
    """Be a place where one character is matched."""

    characters: CharacterSet
    then: int


class Split(NamedTuple):
    """Be a place that is several places at once."""

    then: tuple[int, ...]


class Assert(NamedTuple):
    """Be a place that is passed at an edge of the text or of a word."""

    edge: Edge
    then: int


State: TypeAlias = Consume | Split | Assert | None


class _Writer:
    """Write the places of an expression, each after the one that it leads to."""

    __slots__ = ("_steps", "states")

    def __init__(self) -> None:
        self.states: list[State] = [None]  # the end
        self._steps = 0

    def write(self, part: Part, then: int) -> int:
        """Write a part that leads to a place, and give the place where it begins."""
        # A repetition of nothing has no places, and takes time all the same.
        self._steps += 1
        if self._steps > MAX_STATES:
            raise not_understood()
        match part:
            case CharacterSet():
                return self._add(Consume(part, then))
            case Alternatives(branches):
                return self._add(Split(tuple(self._sequence(branch, then) for branch in branches)))
            case Repeat():
                return self._repeat(part, then)
            case _:
                return self._add(Assert(part, then))

    def _add(self, state: State) -> int:
        self.states.append(state)
        return len(self.states) - 1

    def _sequence(self, parts: Sequence[Part], then: int) -> int:
        for part in reversed(parts):
            then = self.write(part, then)
        return then

    def _repeat(self, repeat: Repeat, then: int) -> int:
        start = then
        if repeat.most is None:
            start = self._add(None)
            self.states[start] = Split((self.write(repeat.part, start), then))
        else:
            for _ in range(repeat.most - repeat.least):
                start = self._add(Split((self.write(repeat.part, start), then)))
        for _ in range(repeat.least):
            start = self.write(repeat.part, start)
        return start


class Pattern(NamedTuple):
    """Hold an expression as places that lead to each other; the first is the end.

    `costs` says of each place how much it is to look at it.
    """

    states: tuple[State, ...]
    costs: tuple[int, ...]
    start: int

    def found_in(self, text: str, spend: Spend) -> bool:
        """Tell whether a part of the text matches.

        `spend` is told how much was looked at.
        """
        places: set[int] = set()
        for at in range(len(text) + 1):
            places = self._reached({*places, self.start}, text, at)
            spend(sum(self.costs[place] for place in places))
            if 0 in places:
                return True
            places = {*self._after(places, text[at : at + 1])}
        return False

    def _after(self, places: set[int], character: str) -> Iterator[int]:
        for place in places:
            state = self.states[place]
            if isinstance(state, Consume) and character and state.characters.holds(character):
                yield state.then

    def _reached(self, places: set[int], text: str, at: int) -> set[int]:
        # What is reached without a character, each place once.
        waiting = [*places]
        while waiting:
            state = self.states[waiting.pop()]
            reached: tuple[int, ...] = ()
            if isinstance(state, Split):
                reached = state.then
            elif isinstance(state, Assert) and _holds(state.edge, text, at):
                reached = (state.then,)
            for place in reached:
                if place not in places:
                    places.add(place)
                    waiting.append(place)
        return places


def _holds(edge: Edge, text: str, at: int) -> bool:
    match edge:
        case "^":
            return at == 0
        case "$":
            return at == len(text)
        case _:
            before, after = at > 0 and WORD.holds(text[at - 1]), at < len(text) and WORD.holds(text[at])
            return (before is not after) is (edge == "b")


@lru_cache(maxsize=256)
def compiled(text: str) -> Pattern:
    """Read an expression.

    Source: JSON Schema 2020-12 Core, section 6.4.

    Raises:
        SaysoError: UNDECIDABLE, for what is not understood, is no expression, or is too large.

    >>> compiled("^(a+)+$").found_in("a" * 30 + "b", lambda _: None)
    False
    """
    if len(text) > MAX_PATTERN_CHARACTERS:
        raise not_understood()
    writer = _Writer()
    try:
        start = writer.write(Reader(text).whole(), 0)
    except RecursionError:  # of brackets in brackets
        raise not_understood() from None
    costs = tuple(state.characters.size if isinstance(state, Consume) else 1 for state in writer.states)
    return Pattern(tuple(writer.states), costs, start)
