"""Convert a document to quads with PyLD, a complete processor, and refuse what it would lose."""

from importlib import import_module
from typing import Any

from sayso.encodings.jsonld.active import is_iri
from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.keywords import I18N, RDF_JSON
from sayso.encodings.jsonld.literals import check_datatype, check_language, check_number, json_text, text
from sayso.encodings.jsonld.survey import lost, survey
from sayso.encodings.rdfc import quads
from sayso.encodings.rdfc.quads import Quad
from sayso.errors import MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import JsonObject, thaw

FAILS = "the JSON-LD processor fails on this document"
"""Say that the complete processor has an error of its own."""
# What is relative becomes absolute below this, and so is found again. No document may use it.
_RELATIVE = "relative-iri:"
_BASE = _RELATIVE + "//document/"
_GRAPHS = frozenset({"@graph", "@included"})


def to_rdf(document: JsonObject, contexts: Contexts, *, inline: bool) -> list[Quad]:
    """Convert a document to quads.

    Raises:
        SaysoError: see `dataset.to_rdf`.
    """
    survey(document, contexts, inline=inline)
    return converted(document, contexts)


def converted(document: JsonObject, contexts: Contexts) -> list[Quad]:
    """Convert a document that was surveyed.

    Raises:
        SaysoError: see `dataset.to_rdf`.
    """
    nodes = _called(_expanded, document, contexts)
    found: list[Quad] = _called(_dataset, nodes, contexts)
    return found


def _called(step: Any, value: Any, contexts: Contexts) -> Any:
    jsonld: Any = import_module("pyld.jsonld")  # heavy, and without types

    try:
        return step(jsonld, value, contexts)
    except jsonld.JsonLdError as error:
        raise _refusal(error, jsonld.JsonLdError) from None
    except SaysoError:
        raise
    except Exception:  # noqa: BLE001 - hostile input makes it fail in many ways, and here they are one
        raise SaysoError.of(UNDECIDABLE, FAILS) from None


def _refusal(error: BaseException, its_own: type[BaseException]) -> SaysoError:
    """Say what an error of the processor comes to: the name that the standard gives it, or that it failed."""
    code: str | None = None
    cause: BaseException | None = error
    while isinstance(cause, its_own):
        code = code or getattr(cause, "code", None)
        cause = cause.__cause__
    if isinstance(cause, SaysoError):
        return cause
    return SaysoError.of(MALFORMED_VALUE_ERROR, code or "invalid JSON-LD") if cause is None else SaysoError.of(UNDECIDABLE, FAILS)


def _options(jsonld: Any, contexts: Contexts) -> dict[str, Any]:
    def load(url: str, _: object) -> dict[str, Any]:
        if url not in contexts:
            raise SaysoError.of(UNDECIDABLE, "a context names another that is not known")
        return {"contextUrl": None, "documentUrl": url, "document": thaw(contexts.document(url)), "contentType": "application/ld+json"}

    # A cache of its own for each document: what one says about a URL is nothing to another.
    resolver = jsonld.ContextResolver({}, load)
    return {
        "base": _BASE,
        "documentLoader": load,
        "contextResolver": resolver,
        "keepFreeFloatingNodes": True,
    }


def _expanded(jsonld: Any, document: JsonObject, contexts: Contexts) -> list[Any]:
    def refuse(_: object) -> None:
        raise lost("a property without an absolute IRI")

    nodes: list[Any] = jsonld.expand(thaw(document), _options(jsonld, contexts), on_property_dropped=refuse)
    if not nodes:
        raise lost("all of an empty document")
    for node in nodes:
        _check_top(node)
        if not node:
            raise lost("an empty object")
    return nodes


def _dataset(jsonld: Any, nodes: list[Any], contexts: Contexts) -> list[Quad]:
    dataset: dict[str, list[dict[str, dict[str, str]]]] = jsonld.to_rdf(nodes, _options(jsonld, contexts))
    return [_quad(triple, name) for name, triples in dataset.items() for triple in triples]


def _quad(triple: dict[str, dict[str, str]], name: str) -> Quad:
    subject, predicate = _resource(triple["subject"]["value"]), _resource(triple["predicate"]["value"])
    return subject, predicate, _object(triple["object"]), "" if name == "@default" else _resource(name)


def _resource(name: str) -> str:
    return name if name.startswith("_:") else quads.iri(name)


def _object(term: dict[str, str]) -> str:
    if term["type"] != "literal":
        return _resource(term["value"])
    if "language" in term:
        return quads.literal(term["value"], language=term["language"])
    return quads.literal(term["value"], term["datatype"])


# --- after: what it would not convert --------------------------------------------------------------------------------------------------


def _check_top(node: dict[str, Any]) -> None:
    """See that what stands at the top of a graph says something about itself."""
    if "@value" in node or "@list" in node or ("@id" in node and not any(value for name, value in node.items() if name != "@id")):
        raise lost("what stands in a graph and says nothing")
    _check(node)


def _check(item: dict[str, Any]) -> None:
    if "@index" in item:
        raise lost("an @index")
    if "@value" in item:
        _check_value(item)
        return
    for name, value in item.items():
        if name in {"@id", "@type"}:
            iris: list[Any] = [value] if name == "@id" else value
            for iri in iris:
                _check_identifier(iri)
        elif name == "@reverse":
            _check(value)
        elif name == "@list" or name in _GRAPHS or (is_iri(name) and not name.startswith(_RELATIVE)):
            for inner in value:
                (_check_top if name in _GRAPHS else _check)(inner)
        else:  # @language or @direction without a value; a relative property, or a blank node as one
            raise lost("a member that is no property")


def _check_identifier(value: object) -> None:
    if not isinstance(value, str) or not (value.startswith("_:") or is_iri(value)) or value.startswith(_RELATIVE):
        raise lost("a relative IRI")


def _check_value(item: dict[str, Any]) -> None:
    value, datatype = item["@value"], item.get("@type")
    if datatype == "@json":
        # Its canonical form is ours.
        item["@value"], item["@type"] = json_text(value), RDF_JSON
        return
    if datatype is not None:
        check_datatype(datatype)
        if datatype.startswith(_RELATIVE):
            raise lost("a relative datatype")
    if "@language" in item:
        check_language(item["@language"])
    if "@direction" in item:
        # Made a datatype before the processor compares values, for it would take one direction for the other.
        item["@type"] = f"{I18N}{item.pop('@language', '')}_{item.pop('@direction')}"
    if isinstance(value, str):
        text(value, datatype or "")
    else:
        check_number(value)
