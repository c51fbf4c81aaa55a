"""Convert a document to quads in one walk, where it lies in the proven subset of JSON-LD."""

from collections.abc import Sequence
from typing import cast

from sayso.encodings.jsonld import literals
from sayso.encodings.jsonld.active import (
    GRAPH,
    INITIAL,
    JSON,
    LANGUAGES,
    LIST,
    LOST,
    SKIP,
    VALUES,
    ActiveContext,
    OutsideSubsetError,
    Plan,
)
from sayso.encodings.jsonld.compiler import derive
from sayso.encodings.jsonld.contexts import Budget, Contexts
from sayso.encodings.jsonld.keywords import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE
from sayso.encodings.jsonld.literals import check_datatype, check_language, json, native, suffix
from sayso.encodings.jsonld.plans import ARRAY_IN_LIST, plan, typed
from sayso.encodings.rdfc.quads import Quad, literal
from sayso.errors import DATA_LOSS_DETECTION_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject

_VALUE_MEMBERS = ("@type", "@language", "@direction")


def quads(document: JsonObject, contexts: Contexts, *, inline: bool = False) -> list[Quad] | None:
    """Convert a document to quads, or give None where it is left to the complete processor.

    Source: JSON-LD 1.1 API, sections 5.1 (Expansion) and 8 (RDF Serialization/Deserialization), in one pass.

    Raises:
        SaysoError: see `dataset.to_rdf`.
    """
    walk = _Walk(contexts, inline=inline)
    try:
        walk.node(document, INITIAL, "")
    except (OutsideSubsetError, RecursionError):
        return None
    # A document without a statement is one that was lost, or an empty one: the complete processor says which.
    return walk.quads or None


class _Walk:
    """Carry what one conversion needs: the quads so far, the labels of blank nodes, and the contexts."""

    __slots__ = ("_budget", "_contexts", "_count", "_inline", "_labels", "quads")

    def __init__(self, contexts: Contexts, *, inline: bool) -> None:
        self.quads: list[Quad] = []
        self._budget = Budget()
        self._contexts = contexts
        self._count = 0
        self._inline = inline
        self._labels: dict[str, str] = {}

    def node(self, value: JsonObject, active: ActiveContext, graph: str) -> str:
        """Convert a node object, and give the term that stands for it."""
        if "@context" in value:
            active = self._local(active, value["@context"])
        active, terms = self._typed(active, value)
        subject = self._subject(active, value)
        quads, plans = self.quads, active.plans
        for term in terms:
            quads.append((subject, RDF_TYPE, term, graph))
        for key, item in value.items():
            found = plans.get(key) or plan(active, key)
            if (text := found.text) is not None and type(item) is str:
                quads.append((subject, found.predicate, literal(item) + text, graph))
            elif found.act != SKIP:
                try:
                    if found.act == VALUES:
                        self._values(subject, found, item, graph)
                    else:
                        self._member(subject, found, item, graph)
                except SaysoError as error:
                    raise error.under(key) from None
        return subject

    def _local(self, active: ActiveContext, value: Json) -> ActiveContext:
        chain = self._contexts.chain(value, inline=self._inline)
        self._budget.spend(value, chain)
        try:
            return derive(active, chain)
        except SaysoError as error:
            raise error.under("@context") from None

    def _typed(self, active: ActiveContext, value: JsonObject) -> tuple[ActiveContext, tuple[str, ...]]:
        found = None
        for key in active.type_keys:
            if key in value:
                found = _once(found, key)
        if found is None:
            return active, ()
        types = value[found]
        names = tuple(types) if isinstance(types, list) else types
        try:
            meant = active.typed.get(names) or typed(active, names)
            if meant.active is not active:
                self._budget.combine(names)
        except TypeError:  # what cannot be looked up is no name
            raise OutsideSubsetError from None
        except SaysoError as error:
            raise error.under(found) from None
        return meant

    def _subject(self, active: ActiveContext, value: JsonObject) -> str:
        found = None
        for key in active.id_keys:
            if key in value:
                found = _once(found, key)
        if found is None:
            return self._fresh()
        try:
            return self._identified(active, value[found])
        except SaysoError as error:
            raise error.under(found) from None

    def _identified(self, active: ActiveContext, value: Json) -> str:
        if not isinstance(value, str):
            raise OutsideSubsetError
        iri = active.identify(value)
        if iri is None:
            if value.startswith(("@", "_:")):
                raise OutsideSubsetError
            raise SaysoError.of(DATA_LOSS_DETECTION_ERROR, "an identifier is not an absolute IRI")
        if iri[0] != "_":
            return f"<{iri}>"
        if iri not in self._labels:
            self._labels[iri] = self._fresh()
        return self._labels[iri]

    def _fresh(self) -> str:
        self._count += 1
        return f"_:b{self._count - 1}"

    def _member(self, subject: str, found: Plan, item: Json, graph: str) -> None:
        act = found.act
        if act == GRAPH:
            self._graphs(subject, found, item, graph)
        elif act == JSON:
            self.quads.append((subject, found.predicate, json(item), graph))
        elif act == LOST:
            raise SaysoError.of(DATA_LOSS_DETECTION_ERROR, "a property has no absolute IRI")
        elif act == LANGUAGES:
            if isinstance(item, dict):
                self._languages(subject, found, item, graph)
            else:
                self._values(subject, found, item, graph)
        elif act == LIST:
            # What is a list object already, in a term for lists, is left to the complete processor.
            if isinstance(item, dict) and "@list" in item:
                raise OutsideSubsetError
            if item is not None:
                self.quads.append((subject, found.predicate, self._list(found, item if isinstance(item, list) else [item], graph), graph))
        else:
            raise OutsideSubsetError

    def _values(self, subject: str, found: Plan, item: Json, graph: str) -> None:
        if isinstance(item, list):
            for index, inner in enumerate(item):
                try:
                    self._values(subject, found, inner, graph)
                except SaysoError as error:
                    raise error.under(index) from None
        elif item is not None:  # (1) null is no value
            self.quads.append((subject, found.predicate, self._value(found, item, graph), graph))

    def _value(self, found: Plan, item: Json, graph: str) -> str:
        if isinstance(item, dict):
            if "@value" in item:
                return _value_object(found, item)
            if "@list" in item:
                return self._list_object(found, item, graph)
            # (7) what is a reference and no more does not return to the previous context
            active = found.values if len(item) == 1 and not item.keys().isdisjoint(found.values.id_keys) else found.nodes
            return self.node(item, active, graph)
        if isinstance(item, str):
            return self._text(found, item)
        if found.type in {"@id", "@vocab"}:
            return native(cast("float", item))
        return native(cast("float", item), found.type)

    def _text(self, found: Plan, item: str) -> str:
        # Value Expansion, section 5.3.2, steps 1 to 5
        if found.type == "@id":
            return self._identified(found.values, item)
        if found.type == "@vocab":
            active = found.values
            iri = active.expand(item)
            return self._identified(active, item) if iri is None else self._identified(INITIAL, iri)
        return literals.text(item, found.type) if found.type else literal(item) + suffix("", found.language, found.direction)

    def _graphs(self, subject: str, found: Plan, item: Json, graph: str) -> None:
        # (13.12) each node is alone in a graph of its own
        if isinstance(item, list):
            for index, inner in enumerate(item):
                try:
                    self._graphs(subject, found, inner, graph)
                except SaysoError as error:
                    raise error.under(index) from None
        elif item is not None:
            if not isinstance(item, dict):
                raise OutsideSubsetError
            name = self._fresh()
            self.quads.append((subject, found.predicate, name, graph))
            before = len(self.quads)
            self.node(item, found.nodes, name)
            if len(self.quads) == before:  # nothing is said in it: what stands there would be lost
                raise OutsideSubsetError

    def _languages(self, subject: str, found: Plan, item: JsonObject, graph: str) -> None:
        # (13.7) of the Expansion Algorithm
        terms = found.values.terms
        for tag, texts in item.items():
            if tag in terms or (tag.startswith("@") and tag != "@none"):
                raise OutsideSubsetError  # a term may be another name of @none
            try:
                written = suffix("", "" if tag == "@none" else check_language(tag), found.direction)
            except SaysoError as error:
                raise error.under(tag) from None
            for inner in texts if isinstance(texts, list) else [texts]:
                if isinstance(inner, str):
                    self.quads.append((subject, found.predicate, literal(inner) + written, graph))
                elif inner is not None:
                    raise OutsideSubsetError

    def _list_object(self, found: Plan, item: JsonObject, graph: str) -> str:
        items = item["@list"]
        # Its items are expanded in the context of nodes.
        if len(item) != 1 or items is None or found.nodes is not found.values:
            raise OutsideSubsetError
        listed = items if isinstance(items, list) else [items]
        if any(isinstance(inner, list) for inner in listed):
            raise SaysoError.of(UNDECIDABLE, ARRAY_IN_LIST)
        return self._list(found, listed, graph)

    def _list(self, found: Plan, items: Sequence[Json], graph: str) -> str:
        """Convert a list.

        Source: JSON-LD 1.1 API, section 8.3 (List Conversion).
        """
        objects: list[str] = []
        for index, item in enumerate(items):
            try:
                if isinstance(item, list):
                    objects.append(self._list(found, item, graph))
                elif item is not None:
                    objects.append(self._value(found, item, graph))
            except SaysoError as error:
                raise error.under(index) from None
        rest = RDF_NIL
        for term in reversed(objects):
            cell = self._fresh()
            self.quads.append((cell, RDF_FIRST, term, graph))
            self.quads.append((cell, RDF_REST, rest, graph))
            rest = cell
        return rest


def _once(before: str | None, name: str) -> str:
    if before is not None:  # two names of one keyword
        raise OutsideSubsetError
    return name


def _value_object(found: Plan, item: JsonObject) -> str:
    """Convert a value object that is written with the keywords themselves.

    Source: JSON-LD 1.1 API, section 5.1.2 (Expansion Algorithm), step 15, and section 8.2.
    """
    value = item["@value"]
    if len(item) != 1 + sum(name in item for name in _VALUE_MEMBERS):
        raise OutsideSubsetError
    if "@type" in item:
        name = item["@type"]
        if not isinstance(name, str) or len(item) != 2:  # noqa: PLR2004 - the value and its type
            raise OutsideSubsetError
        active = found.values
        definition = active.term(name)
        if definition is not None and definition.scoped is not None:
            raise OutsideSubsetError
        datatype = active.expand(name)
        if datatype == "@json":
            return json(value)
        if value is not None and not isinstance(value, (dict, list)):
            check_datatype(datatype)
            return literals.text(value, datatype or "") if isinstance(value, str) else native(value, datatype or "")
    elif isinstance(value, str):
        return literal(value) + _tagged(item)
    elif len(item) == 1 and value is not None and not isinstance(value, (dict, list)):
        return native(value)
    raise OutsideSubsetError


def _tagged(item: JsonObject) -> str:
    tag, direction = item.get("@language", "en"), item.get("@direction", "ltr")
    if not isinstance(tag, str) or not isinstance(direction, str) or direction not in {"ltr", "rtl"}:
        raise OutsideSubsetError
    language = check_language(tag)
    return suffix("", language if "@language" in item else "", direction if "@direction" in item else "")
