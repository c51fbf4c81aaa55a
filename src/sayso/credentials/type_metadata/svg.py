"""Fill the placeholders of an SVG template with the claims of a credential.

Nothing is drawn here, and a template is not made harmless: who draws it lets it run no code and load nothing.

Source: SD-JWT VC draft 19, SVG rendering (SV-12).
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from sayso.credentials import claims_path
from sayso.credentials.claims_path import COMPLETE, Positions
from sayso.credentials.type_metadata.document import TypeMetadata
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject, serialize

MAX_TEMPLATE = 1024 * 1024
"""The longest template that is filled, in characters."""
MAX_FILLING = 1024 * 1024
"""The most characters of claims that are put into a template, all its placeholders together."""

# XML 1.0, sections 2.8 and 3.1: the declaration, and tags whose attributes have their values in quotes.
_TAG = re.compile(
    r"<\?xml [^<>]*\?>|<(/?)([A-Za-z_][\w.:-]*+)(?:\s++[A-Za-z_][\w.:-]*+\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'))*+\s*+(/?)>", re.ASCII
)
_COMMENT, _COMMENT_END = "<!--", "-->"
_PLACEHOLDER = re.compile(r"\{\{(\w*+)\}\}", re.ASCII)
_OPEN = "{{"
# The text of these is a language of its own, in which an escape for XML escapes nothing.
_CODE = frozenset({"script", "style", "handler"})
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;"}
# XML 1.0, section 2.2: the characters that no document may hold.
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class _Element(NamedTuple):
    """Hold an element that is open, and whether it, or one around it, holds code."""

    name: str
    is_code: bool


def fill(template: str, metadata: TypeMetadata, document: JsonObject, positions: Positions = COMPLETE) -> str:
    """Put the claims that a template names in their places, as text; a claim that is not there leaves its place empty.

    Args:
        template: the SVG; whether its bytes have the digest that the metadata gives is `chain.check_integrity`'s business.
        metadata: the rules of the type and of all it extends, which give claims their `svg_id`.
        document: the claims that are shown.
        positions: as SD-JWT processing leaves them.

    Source: SD-JWT VC draft 19, SVG rendering (SV-12).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for a placeholder that is no `svg_id` of the type or stands elsewhere than in text, and for what
            is no XML that is read here; LIMIT_EXCEEDED, beyond MAX_TEMPLATE or MAX_FILLING; as `claims_path.find`.

    >>> from sayso.credentials.type_metadata.document import parse
    >>> card = parse({"vct": "urn:example:card", "claims": [{"path": ["name"], "svg_id": "name"}]})
    >>> fill("<svg><text>{{name}}</text></svg>", card, {"name": "Ada & Co"})
    '<svg><text>Ada &amp; Co</text></svg>'
    """
    if len(template) > MAX_TEMPLATE:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a template is longer than {MAX_TEMPLATE} characters")
    value = _values(metadata, document, positions)
    pieces: list[str] = []
    inside: list[_Element] = []
    end = 0
    while (start := template.find("<", end)) >= 0:
        pieces.append(_filled(template[end:start], inside, value))
        end = _end_of_markup(template, start, inside)
        if _OPEN in template[start:end]:
            raise _refused("a placeholder stands elsewhere than in text")
        pieces.append(template[start:end])
    pieces.append(_filled(template[end:], inside, value))
    if inside:
        raise _refused("an element is not closed")
    return "".join(pieces)


def _values(metadata: TypeMetadata, document: JsonObject, positions: Positions) -> Callable[[re.Match[str]], str]:
    """Give what puts a text in the place of each placeholder: it is found once for each svg_id, and there is an end to it."""
    rules = {rule.svg_id: rule.path for rule in metadata.claims if rule.svg_id}
    texts: dict[str, str] = {}
    room = MAX_FILLING

    def value(found: re.Match[str]) -> str:
        nonlocal room
        name = found[1]
        if name not in rules:
            raise _refused("a placeholder is no svg_id of the type")
        if name not in texts:
            texts[name] = ", ".join(_escaped(item) for _, item in claims_path.find(document, rules[name], positions))
        room -= len(texts[name])
        if room < 0:
            raise SaysoError.of(LIMIT_EXCEEDED, f"a template is filled with more than {MAX_FILLING} characters")
        return texts[name]

    return value


def _filled(text: str, inside: list[_Element], value: Callable[[re.Match[str]], str]) -> str:
    if _OPEN not in text:
        return text
    if inside and inside[-1].is_code:
        raise _refused("a placeholder stands elsewhere than in text")
    filled, count = _PLACEHOLDER.subn(value, text)
    if count != text.count(_OPEN):
        raise _refused("a placeholder is no svg_id of the type")
    return filled


def _end_of_markup(template: str, start: int, inside: list[_Element]) -> int:
    """Give the end of the markup that starts here, and keep track of the elements that are open."""
    if template.startswith(_COMMENT, start):
        end = template.find(_COMMENT_END, start + len(_COMMENT))
        if end < 0:
            raise _refused("a comment is not closed")
        return end + len(_COMMENT_END)
    tag = _TAG.match(template, start)
    if tag is None:
        # A DOCTYPE could define what anything means, and other kinds of markup are not needed.
        raise _refused("neither a tag nor a comment")
    closes, name, empty = tag.groups("")
    local = name.rpartition(":")[2].lower()
    if closes:
        if not inside or inside.pop().name != local or empty:
            raise _refused("an element is closed that is not open")
    elif name and not empty:
        inside.append(_Element(local, local in _CODE or (bool(inside) and inside[-1].is_code)))
    return tag.end()


def _escaped(value: Json) -> str:
    text = value if isinstance(value, str) else serialize(value)
    return "".join(_ESCAPES.get(character, character) for character in _NO_CHARACTER.sub("\ufffd", text))


def _refused(rule: str) -> SaysoError:
    return SaysoError.of(MALFORMED_VALUE_ERROR, rule)
