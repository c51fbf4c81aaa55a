"""A small strict reader of N-Quads for the published vectors, and graphs to canonicalize."""

import re
from collections.abc import Iterable, Mapping

from sayso.encodings.rdfc.quads import Quad, iri, literal

_IRI = r'<((?:[^\x00-\x20<>"{}|^`\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)>'
_BLANK = r"(_:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)"
_LITERAL = r'"((?:[^"\\\n\r]|\\[tbnrf"\'\\]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*)"'
_LINE = re.compile(
    rf"[ \t]*(?:{_IRI}|{_BLANK})[ \t]*{_IRI}[ \t]*(?:{_IRI}|{_BLANK}|{_LITERAL}(?:\^\^{_IRI}|@([a-zA-Z]+(?:-[a-zA-Z0-9]+)*))?)"
    rf"[ \t]*(?:{_IRI}|{_BLANK})?[ \t]*\.[ \t]*(?:#.*)?"
)
_ESCAPE = re.compile(r"\\(?:u(.{4})|U(.{8})|(.))")
_CHARACTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def read(text: str) -> list[Quad]:
    """Read N-Quads; a line that is none is a ValueError.

    >>> read('_:x <urn:p> "caf\\\\u00e9"@fr .')
    [('_:x', '<urn:p>', '"café"@fr', '')]
    """
    lines = (line for line in re.split("[\r\n]+", text) if line.strip(" \t") and not line.lstrip(" \t").startswith("#"))
    return [_quad(line) for line in lines]


def _quad(line: str) -> Quad:
    found = _LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"no N-Quad: {line}")
    s, s_blank, p, o, o_blank, o_text, datatype, language, g, g_blank = found.groups()
    text = None if o_text is None else literal(_unescaped(o_text), _unescaped(datatype or ""), language or "")
    return _node(s, s_blank), iri(_unescaped(p)), text or _node(o, o_blank), _node(g, g_blank)


def _node(reference: str | None, blank: str | None) -> str:
    return blank or ("" if reference is None else iri(_unescaped(reference)))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _CHARACTERS[found[3]] if found[3] else chr(int(found[1] or found[2], 16)), text)


def relabelled(quads: Iterable[Quad], labels: Mapping[str, str]) -> list[Quad]:
    """Call the blank nodes by other labels."""
    return [(labels.get(s, s), p, labels.get(o, o), labels.get(g, g)) for s, p, o, g in quads]


def cycle(size: int, label: str = "e") -> list[Quad]:
    """Link blank nodes that are all alike in a circle."""
    return [(f"_:{label}{at}", "<urn:next>", f"_:{label}{(at + 1) % size}", "") for at in range(size)]


def clique(size: int) -> list[Quad]:
    """Link blank nodes each with each and itself."""
    return [(f"_:e{one}", "<urn:knows>", f"_:e{other}", "") for one in range(size) for other in range(size)]


def star(points: int, label: str = "e") -> list[Quad]:
    """Link one blank node to others that are all alike."""
    return [(f"_:{label}", "<urn:has>", f"_:{label}{at}", "") for at in range(points)]
