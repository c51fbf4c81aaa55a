"""Write the statements of an RDF dataset as canonical N-Quads."""

import re
from collections.abc import Iterable
from typing import TypeAlias

from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError

Quad: TypeAlias = tuple[str, str, str, str]
"""Hold subject, predicate, object and graph, each as it stands in canonical N-Quads.

`<iri>`, `_:b0`, `"text"`, `"text"@en` or `"5"^^<iri>`; the graph is `""` for the default graph. What begins with `_:` is a blank node.
"""

_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_NOT_IN_IRI = re.compile('[\x00-\x20<>"{}|^`\\\\\ud800-\udfff]')  # N-Quads, section 6.1 (IRIREF)
_LANGUAGE = re.compile("[a-zA-Z]+(-[a-zA-Z0-9]+)*")  # N-Quads, section 6.1 (LANGTAG)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# RDFC-1.0, section 5 (canonical form of N-Quads), RC-2: these by ECHAR, those by UCHAR, and all others as themselves. XML's Char leaves
# out U+FFFE and U+FFFF, and surrogates, which are refused.
_ECHAR = {"\b": r"\b", "\t": r"\t", "\n": r"\n", "\f": r"\f", "\r": r"\r", '"': r"\"", "\\": r"\\"}
_UCHAR = [*range(0x08), 0x0B, *range(0x0E, 0x20), 0x7F, 0xFFFE, 0xFFFF]
_ESCAPES = str.maketrans(_ECHAR | {chr(code): f"\\u{code:04X}" for code in _UCHAR})


def serialize(quads: Iterable[Quad]) -> str:
    r"""Write quads as lines of N-Quads, in their order.

    Source: RDFC-1.0, section 5; N-Quads, section 2.

    >>> serialize([("_:b0", "<urn:p>", '"text"@en', "")])
    '_:b0 <urn:p> "text"@en .\n'
    """
    return "".join([f"{s} {p} {o} {g} .\n" if g else f"{s} {p} {o} .\n" for s, p, o, g in quads])


def iri(text: str) -> str:
    """Write an IRI as a term.

    Whether it is absolute is for those to see who know where it stood.

    Source: N-Quads, section 6.1 (IRIREF). What cannot stand there as itself is refused, for as an escape it would be an IRI no more.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.

    >>> iri("urn:example:ada")
    '<urn:example:ada>'
    """
    if _NOT_IN_IRI.search(text):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "an IRI has a character that no IRI may have")
    return f"<{text}>"


def literal(text: str, datatype: str = "", language: str = "") -> str:
    """Write a literal as a term: text in a language, or of a datatype (an IRI), or a plain string.

    Source: RDFC-1.0, section 5 (RC-2).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for half of a surrogate pair, and for a datatype or language that is none.

    >>> literal("Ada", language="en")
    '"Ada"@en'
    >>> literal("36", "http://www.w3.org/2001/XMLSchema#integer")
    '"36"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    # Whatever needs an escape and is no quotation mark or backslash is not printable.
    quoted = f'"{text}"' if text.isprintable() and '"' not in text and "\\" not in text else f'"{_escaped(text)}"'
    if language:
        if not _LANGUAGE.fullmatch(language):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a language tag is malformed")
        return f"{quoted}@{language}"
    return f"{quoted}^^{iri(datatype)}" if datatype and datatype != _XSD_STRING else quoted


def _escaped(text: str) -> str:
    if _LONE_SURROGATE.search(text):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a string holds half of a surrogate pair")
    return text.translate(_ESCAPES)
