"""Read N-Quads, strictly, for the tests of what writes them."""

import re

from sayso.encodings.rdfc.quads import Quad, literal

_NODE = r"<[^\x00-\x20<>\"{}|^`]*>|_:[\w.-]+"
_TEXT = r'"((?:[^"\\\n\r]|\\.)*)"'
_LINE = re.compile(
    rf"\s*({_NODE})\s*(<[^>]*>)\s*(?:({_NODE})|{_TEXT}(?:\^\^<([^>]*)>|@([A-Za-z0-9-]+))?)\s*({_NODE})?\s*\.\s*(?:#.*)?", re.DOTALL
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ONE = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def unescape(text: str) -> str:
    """Put the characters back that an escape stands for."""
    return _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)) if found[1] or found[2] else _ONE[found[3]], text)


def parse(text: str) -> list[Quad]:
    """Read statements, each on a line of its own."""
    quads: list[Quad] = []
    for written in text.split("\n"):
        if not written.strip() or written.lstrip().startswith("#"):
            continue
        found = _LINE.fullmatch(written)
        assert found, f"no statement: {written}"
        subject, predicate, node, string, datatype, language, graph = found.groups()
        if node is None:
            node = literal(unescape(string), "" if datatype in (None, _STRING) else datatype, language or "")
        quads.append((unescape(subject), unescape(predicate), unescape(node) if node[0] == "<" else node, unescape(graph or "")))
    return quads
