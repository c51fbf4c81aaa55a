"""Look through a document before a complete processor does, for what would vanish there without a trace."""

from collections.abc import Iterator

from sayso.encodings.jsonld.contexts import Budget, Chain, Contexts
from sayso.encodings.jsonld.plans import ARRAY_IN_LIST, NULL_TYPE_CONTEXT
from sayso.errors import DATA_LOSS_DETECTION_ERROR, LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject

MAX_OBJECTS = 1_000
"""How many objects a document may hold that is left to the complete processor, which takes a millisecond for some of them."""

MAX_TYPES = 2_000
"""How many types it may name, for each may bring a context along."""

_KEYWORDS = ("@graph", "@included", "@value", "@list", "@set", "@language", "@type")


def lost(what: str) -> SaysoError:
    """Make the error for a part of a document that has no place in RDF."""
    return SaysoError.of(DATA_LOSS_DETECTION_ERROR, what + " would be lost")


def survey(document: JsonObject, contexts: Contexts, *, inline: bool) -> None:
    """See that every context in a document is known, or allowed, that there is not too much, and that nothing will vanish.

    Raises:
        SaysoError: see `dataset.to_rdf`.
    """
    budget = Budget()
    names = _Names()
    objects = list(_objects(document))
    for value in objects:
        if "@context" in value:
            chain = contexts.chain(value["@context"], inline=inline)
            budget.spend(value["@context"], chain)
            names.add(chain)
    names.check_graph(document)
    if sum(map(names.types, objects)) > MAX_TYPES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a document of unusual JSON-LD names more than {MAX_TYPES} types")
    for value in objects:
        names.check(value)


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


class _Names:
    """Know under which names keywords may stand anywhere in a document, and which terms bring a null context along."""

    def __init__(self) -> None:
        self._aliases = {keyword: {keyword} for keyword in _KEYWORDS}
        self._forgetful: set[str] = set()

    def add(self, chain: Chain) -> None:
        """Learn the names that contexts define, at any depth."""
        pending: list[Json] = [element.content for element in chain if element]
        while pending:
            context = pending.pop()
            for term, definition in context.items() if isinstance(context, dict) else ():
                iri = definition.get("@id") if isinstance(definition, dict) else definition
                if isinstance(iri, str) and iri in self._aliases:
                    self._aliases[iri].add(term)
                if isinstance(definition, dict) and "@context" in definition:
                    scoped = definition["@context"]
                    contexts = scoped if isinstance(scoped, list) else [scoped]
                    if None in contexts:
                        self._forgetful.add(term)
                    pending += contexts

    def _values(self, value: JsonObject, *keywords: str) -> list[Json]:
        return [value[name] for keyword in keywords for name in self._aliases[keyword] & value.keys()]

    def types(self, value: JsonObject) -> int:
        """Count the types of an object."""
        return sum(len(types) if isinstance(types, list) else 1 for types in self._values(value, "@type"))

    def check(self, value: JsonObject) -> None:
        """See that nothing in an object will vanish.

        Raises:
            SaysoError: DATA_LOSS_DETECTION_ERROR; MALFORMED_VALUE_ERROR; UNDECIDABLE where processors disagree.
        """
        for graph in self._values(value, "@graph", "@included"):
            self.check_graph(graph)
        if "@json" not in self._values(value, "@type"):
            for item in self._values(value, "@value"):
                if item is None:
                    raise lost("a null @value")
                if isinstance(item, (list, dict)):  # an empty one would become a node
                    raise SaysoError.of(MALFORMED_VALUE_ERROR, "invalid value object value")
        if len(value) == 1 and self._values(value, "@language"):
            raise lost("an object with only @language")
        self._check_disputed(value)

    def _check_disputed(self, value: JsonObject) -> None:
        for items in self._values(value, "@list"):
            if isinstance(items, list) and any(isinstance(item, list) for item in items):
                raise SaysoError.of(UNDECIDABLE, ARRAY_IN_LIST)
        for types in self._values(value, "@type"):
            if self._forgetful.intersection(name for name in (types if isinstance(types, list) else [types]) if isinstance(name, str)):
                raise SaysoError.of(UNDECIDABLE, NULL_TYPE_CONTEXT)

    def check_graph(self, value: Json) -> None:
        """See that node objects stand at the top of a graph, and nothing else.

        Raises:
            SaysoError: DATA_LOSS_DETECTION_ERROR.
        """
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, list):
                self.check_graph(item)
            elif item is not None and (not isinstance(item, dict) or self._values(item, "@value", "@list", "@set")):
                raise lost("what stands in a graph and is no node")
