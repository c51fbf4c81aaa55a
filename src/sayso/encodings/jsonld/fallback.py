"""Convert a document to quads with PyLD, a complete processor, and refuse what it would lose."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from sayso.encodings.jsonld.active import is_iri
from sayso.encodings.jsonld.contexts import Budget, Chain, Contexts
from sayso.encodings.jsonld.keywords import I18N, RDF_JSON
from sayso.encodings.jsonld.literals import check_datatype, check_language, check_number, json_text, text
from sayso.encodings.rdfc import quads
from sayso.encodings.rdfc.quads import Quad
from sayso.errors import DATA_LOSS_DETECTION_ERROR, LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject, thaw

MAX_OBJECTS = 1_000
"""How many objects a document may hold that is left to the complete processor, which takes a millisecond for some of them."""
FAILS = "the JSON-LD processor fails on this document"
"""Say that the complete processor has an error of its own."""
# What is relative becomes absolute below this, and so is found again. No document may use it.
_RELATIVE = "relative-iri:"
_BASE = _RELATIVE + "//document/"
# What stands at the top of a graph under these names and is no node object is dropped without a word.
_GRAPHS = frozenset({"@graph", "@included"})
_NO_NODES = frozenset({"@value", "@list", "@set"})


def to_rdf(document: JsonObject, contexts: Contexts, *, inline: bool) -> list[Quad]:
    """Convert a document to quads.

    Raises:
        SaysoError: see `dataset.to_rdf`.
    """
    _survey(document, contexts, inline=inline)
    nodes = _called(_expanded, document, contexts)
    for node in nodes:
        _check_top(node)
        if not node:
            raise _lost("an empty object")
    found: list[Quad] = _called(_dataset, nodes, contexts)
    return found


def _lost(what: str) -> SaysoError:
    return SaysoError.of(DATA_LOSS_DETECTION_ERROR, what + " would be lost")


# --- before: what the processor drops without a trace ----------------------------------------------------------------------------------


def _survey(document: JsonObject, contexts: Contexts, *, inline: bool) -> None:
    """See that every context in the document is known, or allowed, that there is not too much, and that nothing will vanish."""
    budget = Budget()
    names = {keyword: {keyword} for keyword in (*_GRAPHS, *_NO_NODES, "@language")}
    objects = list(_objects(document))
    for value in objects:
        if "@context" in value:
            chain = contexts.chain(value["@context"], inline=inline)
            budget.spend(value["@context"], chain)
            _collect_aliases(chain, names)
    no_nodes = frozenset[str]().union(*(names[keyword] for keyword in _NO_NODES))
    graphs = frozenset[str]().union(*(names[keyword] for keyword in _GRAPHS))
    _check_members(document, no_nodes)
    for value in objects:
        for name in graphs & value.keys():
            _check_members(value[name], no_nodes)
        if any(value[name] is None for name in names["@value"] & value.keys()) and value.get("@type") != "@json":
            raise _lost("a null @value")
        if len(value) == 1 and names["@language"] & value.keys():
            raise _lost("an object with only @language")


def _objects(document: JsonObject) -> Iterator[JsonObject]:
    pending: list[Json] = [document]
    count = 0
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            count += 1
            if count > MAX_OBJECTS:
                raise SaysoError.of(LIMIT_EXCEEDED, f"a document of unusual JSON-LD holds more than {MAX_OBJECTS} objects")
            yield item
            pending += [inner for name, inner in item.items() if name != "@context"]
        elif isinstance(item, list):
            pending += item


def _collect_aliases(chain: Chain, names: dict[str, set[str]]) -> None:
    pending: list[Json] = [element.content for element in chain if element]
    while pending:
        context = pending.pop()
        for term, definition in context.items() if isinstance(context, dict) else ():
            iri = definition.get("@id") if isinstance(definition, dict) else definition
            if isinstance(iri, str) and iri in names:
                names[iri].add(term)
            if isinstance(definition, dict) and "@context" in definition:
                scoped = definition["@context"]
                pending += scoped if isinstance(scoped, list) else [scoped]


def _check_members(value: Json, no_nodes: frozenset[str]) -> None:
    """See that node objects stand at the top of a graph, and nothing else."""
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, list):
            _check_members(item, no_nodes)
        elif item is not None and (not isinstance(item, dict) or no_nodes & item.keys()):
            raise _lost("what stands in a graph and is no node")


# --- the processor ---------------------------------------------------------------------------------------------------------------------


def _called(step: Any, value: Any, contexts: Contexts) -> Any:
    jsonld: Any = import_module("pyld.jsonld")  # heavy, and without types

    try:
        return step(jsonld, value, contexts)
    except jsonld.JsonLdError as error:
        raise _refusal(error, jsonld.JsonLdError) from None
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError):
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
        raise _lost("a property without an absolute IRI")

    nodes: list[Any] = jsonld.expand(thaw(document), _options(jsonld, contexts), on_property_dropped=refuse)
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
        raise _lost("what stands in a graph and says nothing")
    _check(node)


def _check(item: dict[str, Any]) -> None:
    if "@index" in item:
        raise _lost("an @index")
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
            raise _lost("a member that is no property")


def _check_identifier(value: object) -> None:
    if not isinstance(value, str) or not (value.startswith("_:") or is_iri(value)) or value.startswith(_RELATIVE):
        raise _lost("a relative IRI")


def _check_value(item: dict[str, Any]) -> None:
    value, datatype = item["@value"], item.get("@type")
    if datatype == "@json":
        # Its canonical form is ours.
        item["@value"], item["@type"] = json_text(value), RDF_JSON
        return
    if datatype is not None:
        check_datatype(datatype)
        if datatype.startswith(_RELATIVE):
            raise _lost("a relative datatype")
    if "@language" in item:
        check_language(item["@language"])
    if "@direction" in item:
        # Made a datatype before the processor compares values, for it would take one direction for the other.
        item["@type"] = f"{I18N}{item.pop('@language', '')}_{item.pop('@direction')}"
    if isinstance(value, str):
        text(value, datatype or "")
    else:
        check_number(value)
