"""Read the regular expressions of JSON Schemas.

Understood is what JSON Schema recommends to keep to and more: sets, groups, alternatives, repetitions, anchors, word boundaries and
Unicode categories. Looking around and referring back are not.

Source: JSON Schema 2020-12 Core, section 6.4; ECMA-262, section 22.2.1, with the flag `u`.
"""

import sys
import unicodedata
from typing import Literal, NamedTuple, TypeAlias

from sayso.errors import UNDECIDABLE, SaysoError


class CharacterSet(NamedTuple):
    """Hold the characters that match: in a range, in a category, in another set; or none of these, if `negated`."""

    ranges: tuple[tuple[str, str], ...] = ()
    categories: tuple[str, ...] = ()
    sets: "tuple[CharacterSet, ...]" = ()
    negated: bool = False

    def holds(self, character: str) -> bool:
        """Tell whether the character matches."""
        found = (
            any(low <= character <= high for low, high in self.ranges)
            or (bool(self.categories) and unicodedata.category(character).startswith(self.categories))
            or any(inner.holds(character) for inner in self.sets)
        )
        return found is not self.negated

    @property
    def size(self) -> int:
        """How many things are looked at, at most, for one character."""
        return 1 + len(self.ranges) + len(self.categories) + sum(inner.size for inner in self.sets)


class Repeat(NamedTuple):
    """Repeat a part of an expression; `most` is None for without end."""

    part: "Part"
    least: int
    most: int | None


class Alternatives(NamedTuple):
    """Be one of several sequences of parts."""

    branches: "tuple[tuple[Part, ...], ...]"


Edge: TypeAlias = Literal["^", "$", "b", "B"]
Part: TypeAlias = "CharacterSet | Edge | Repeat | Alternatives"

_DIGITS = CharacterSet((("0", "9"),))
WORD = CharacterSet((("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")))
# ECMA-262, sections 12.2 and 12.3: white space and line terminators
_SPACES = CharacterSet((("\t", "\r"), (" ", " "), ("\u00a0", "\u00a0"), ("\u2028", "\u2029"), ("\ufeff", "\ufeff")), ("Zs",))
_NO_LINE_END = CharacterSet((("\n", "\n"), ("\r", "\r"), ("\u2028", "\u2029")), negated=True)
_PLAIN: "dict[str, Part]" = {"^": "^", "$": "$", ".": _NO_LINE_END}
_ESCAPES: dict[str, str | CharacterSet] = {
    "d": _DIGITS,
    "w": WORD,
    "s": _SPACES,
    **{name.upper(): CharacterSet(sets=(known,), negated=True) for name, known in (("d", _DIGITS), ("w", WORD), ("s", _SPACES))},
    "t": "\t",
    "n": "\n",
    "v": "\v",
    "f": "\f",
    "r": "\r",
    **{character: character for character in "^$\\.*+?()[]{}|/-"},
}
_DECIMALS = frozenset("0123456789")
_CATEGORIES = frozenset(
    (
        *("L", "Lu", "Ll", "Lt", "LC", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf"),
        *("Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "C", "Cc", "Cf", "Cs", "Co", "Cn"),
    )
)
_MOST_DIGITS = 4  # of a number of repetitions
_HEX = frozenset("0123456789abcdefABCDEF")


def not_understood() -> SaysoError:
    """Make the error of an expression that is not read."""
    return SaysoError.of(UNDECIDABLE, "a regular expression of the schema is not understood, or too large")


class Reader:
    """Read an expression, character by character."""

    __slots__ = ("_at", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def whole(self) -> Alternatives:
        """Read all of it."""
        found = self._alternatives()
        if self._at < len(self._text):
            raise not_understood()  # a bracket closes that was not opened
        return found

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise not_understood()
        self._at += 1
        return character

    def _accept(self, text: str) -> bool:
        found = self._text.startswith(text, self._at)
        self._at += len(text) if found else 0
        return found

    def _alternatives(self) -> Alternatives:
        branches = [self._sequence()]
        while self._accept("|"):
            branches.append(self._sequence())
        return Alternatives(tuple(branches))

    def _sequence(self) -> tuple[Part, ...]:
        parts: list[Part] = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._quantified(self._atom()))
        return tuple(parts)

    def _atom(self) -> Part:
        character = self._take()
        if character in _PLAIN:
            return _PLAIN[character]
        match character:
            case "[":
                return self._set()
            case "(":
                return self._group()
            case "\\":
                return self._escape()
            case "*" | "+" | "?" | "{" | "}" | "]":
                raise not_understood()
            case _:
                return _as_set(character)

    def _group(self) -> Part:
        if self._accept("?<"):
            name = "".join(iter(self._take, ">"))
            if not name.isidentifier():  # what looks behind is not read
                raise not_understood()
        elif not self._accept("?:") and self._peek() == "?":
            raise not_understood()
        found = self._alternatives()
        if not self._accept(")"):
            raise not_understood()
        return found

    def _escape(self) -> Part:
        if self._accept("b"):
            return "b"
        if self._accept("B"):
            return "B"
        return _as_set(self._escaped())

    def _escaped(self) -> str | CharacterSet:
        character = self._take()
        if character in _ESCAPES:
            return _ESCAPES[character]
        match character:
            case "p" | "P":
                return self._category(negated=character == "P")
            case "x":
                return chr(self._hex(2))
            case "u":
                return chr(self._unicode())
            case "0" if self._peek() not in _DECIMALS:
                return "\0"
            case _:
                raise not_understood()

    def _category(self, *, negated: bool) -> CharacterSet:
        if not self._accept("{"):
            raise not_understood()
        name = "".join(iter(self._take, "}")).removeprefix("General_Category=").removeprefix("gc=")
        if name not in _CATEGORIES:
            raise not_understood()
        return CharacterSet(categories=("Lu", "Ll", "Lt") if name == "LC" else (name,), negated=negated)

    def _hex(self, count: int) -> int:
        digits = "".join(self._take() for _ in range(count))
        if not _HEX.issuperset(digits):
            raise not_understood()
        return int(digits, 16)

    def _unicode(self) -> int:
        if self._accept("{"):
            digits = "".join(iter(self._take, "}"))
            if not digits or not _HEX.issuperset(digits) or int(digits, 16) > sys.maxunicode:
                raise not_understood()
            return int(digits, 16)
        code = self._hex(4)
        if 0xD800 <= code < 0xDC00 and self._accept("\\u"):  # noqa: PLR2004 - the first halves of a pair
            # ECMA-262, section 22.2.1: two halves are one character.
            low = self._hex(4)
            if not 0xDC00 <= low < 0xE000:  # noqa: PLR2004 - the second halves
                raise not_understood()
            return 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
        return code

    def _set(self) -> CharacterSet:
        negated = self._accept("^")
        ranges: list[tuple[str, str]] = []
        sets: list[CharacterSet] = []
        while not self._accept("]"):
            low = high = self._set_member()
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]":
                self._take()
                high = self._set_member()
            if isinstance(low, str) and isinstance(high, str) and low <= high:
                ranges.append((low, high))
            elif isinstance(low, CharacterSet) and low is high:
                sets.append(low)
            else:
                raise not_understood()
        return CharacterSet(tuple(ranges), (), tuple(sets), negated)

    def _set_member(self) -> str | CharacterSet:
        character = self._take()
        if character != "\\":
            return character
        return "\b" if self._accept("b") else self._escaped()

    def _quantified(self, part: Part) -> Part:
        match self._peek():
            case "*":
                bounds: tuple[int, int | None] = (0, None)
            case "+":
                bounds = (1, None)
            case "?":
                bounds = (0, 1)
            case "{":
                bounds = self._bounds()
            case _:
                return part
        self._take()
        self._accept("?")  # to take as little as possible finds a match where to take as much does
        if isinstance(part, str) or self._peek() in ("*", "+", "?", "{"):
            raise not_understood()
        return Repeat(part, *bounds)

    def _bounds(self) -> tuple[int, int | None]:
        # All but the closing bracket.
        self._take()
        least = self._number()
        most: int | None = least
        if self._accept(","):
            most = None if self._peek() == "}" else self._number()
        if self._peek() != "}" or (most is not None and most < least):
            raise not_understood()
        return least, most

    def _number(self) -> int:
        digits = ""
        while self._peek() in _DECIMALS:
            digits += self._take()
        if not digits or len(digits) > _MOST_DIGITS:
            raise not_understood()
        return int(digits)


def _as_set(character: str | CharacterSet) -> CharacterSet:
    return CharacterSet(((character, character),)) if isinstance(character, str) else character
