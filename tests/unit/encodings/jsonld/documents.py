"""Documents and contexts that the tests of JSON-LD share."""

from collections.abc import Callable
from typing import Any

from sayso.credentials.contexts.bundled import CONTEXTS, CREDENTIALS_V2, EXAMPLES_V2, document
from sayso.encodings.jsonld import fallback, walk
from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.rdfc.canonicalization import canonicalize
from sayso.encodings.rdfc.quads import Quad
from sayso.errors import Problem, SaysoError
from sayso.jsonvalue import Json, JsonObject

BUNDLED = Contexts({url: document(url) for url in CONTEXTS})
CREDENTIAL: list[Json] = [CREDENTIALS_V2, EXAMPLES_V2]
E = "https://e.org/ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
BASIC: dict[str, Json] = {"id": "@id", "type": "@type", "@vocab": E}


def walked(document: JsonObject) -> list[Quad] | None:
    """Convert in one walk, contexts in the document allowed."""
    return walk.quads(document, BUNDLED, inline=True)


def lines(document: JsonObject) -> list[str]:
    """Convert in one walk, and give the canonical lines, without their ends."""
    found = walked(document)
    assert found is not None
    return canonical(found)


def whole(document: JsonObject) -> list[str]:
    """Convert with the complete processor, and give the canonical lines, without their ends."""
    return canonical(fallback.to_rdf(document, BUNDLED, inline=True))


def canonical(quads: list[Quad]) -> list[str]:
    return [line.removesuffix(" .") for line in canonicalize(quads).text.split("\n")[:-1]]


def about(context: dict[str, Json], **members: Any) -> dict[str, Json]:
    """Make a document about `urn:s`, with the basic context and more."""
    return {"@context": {**BASIC, **context}, "id": "urn:s", **members}


def said(context: dict[str, Json], **members: Any) -> list[str]:
    """Give what is said of `urn:s`, each `predicate object`, by the walk; the complete processor says the same."""
    document = about(context, **members)
    found = lines(document)
    assert found == whole(document)
    return [line.removeprefix("<urn:s> ").replace(E, "e:").replace(XSD, "xsd:").replace(RDF, "rdf:") for line in found]


def problem(convert: Callable[[], object]) -> Problem:
    """Give the one problem that a conversion ends in."""
    try:
        convert()
    except SaysoError as error:
        (found,) = error.problems
        return found
    raise AssertionError("nothing was refused")
