"""Lay plans: what is done with a member, and what the types of a node mean, found out once for a context."""

from sayso.encodings.jsonld.active import (
    GRAPH,
    JSON,
    LANGUAGES,
    LIST,
    LOST,
    OUTSIDE,
    SKIP,
    VALUES,
    ActiveContext,
    Definition,
    OutsideSubsetError,
    Plan,
    Typed,
    is_iri,
)
from sayso.encodings.jsonld.compiler import derive
from sayso.encodings.jsonld.keywords import KEYWORDS, XSD_DOUBLE
from sayso.encodings.jsonld.literals import suffix
from sayso.errors import DATA_LOSS_DETECTION_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json

ARRAY_IN_LIST = "processors do not agree on an array in a list object"
NULL_TYPE_CONTEXT = "processors do not agree on a null context that comes with a type"
_NOTHING = Definition(None)
_ACTS = {"@list": LIST, "@graph": GRAPH, "@language": LANGUAGES}


def plan(active: ActiveContext, name: str) -> Plan:
    """Give what is done with a member of this name.

    Source: JSON-LD 1.1 API, section 5.1.2 (Expansion Algorithm), step 13, and section 5.3.2 (Value Expansion).

    Raises:
        OutsideSubsetError: the context that the term brings along is left to the complete processor.
        SaysoError: MALFORMED_VALUE_ERROR where the context that the term brings along would redefine a protected term.
    """
    made = _planned(active, name)
    active.remember(active.plans, name, made)
    return made


def _planned(active: ActiveContext, name: str) -> Plan:
    iri = active.expand(name)
    if iri in KEYWORDS:
        return Plan(SKIP if iri in {"@id", "@type", "@context"} else OUTSIDE, active, active)
    # (13.3) what expands to nothing is dropped, and so are blank nodes as predicates: that is data loss (DI-3)
    if iri is None or not is_iri(iri):
        return Plan(LOST, active, active)
    definition = active.terms.get(name, _NOTHING)
    try:
        values, nodes = _contexts(active, definition)
    except SaysoError as error:
        raise error.under(name) from None
    # Values are expanded in the context that the term brings along, which may forget the term.
    inner = values.terms.get(name, _NOTHING)
    act = next((_ACTS[kind] for kind in definition.container if kind in _ACTS), VALUES)
    lost = inner is _NOTHING and act in {LIST, LANGUAGES}
    if definition.outside or lost or inner not in (definition, _NOTHING) or values.id_keys != nodes.id_keys:
        return Plan(OUTSIDE, active, active)
    if definition.type == "@json":
        act = JSON if act is VALUES else OUTSIDE
    coercion = "" if inner.type == "@none" else inner.type
    language = values.language if inner.language == "" else inner.language
    direction = inner.direction or ""
    is_text = act is VALUES and coercion not in {"@id", "@vocab", XSD_DOUBLE}
    written = suffix(coercion) if coercion else suffix("", language, direction)
    return Plan(act, values, nodes, f"<{iri}>", written if is_text else None, coercion, language or "", direction)


def _contexts(active: ActiveContext, definition: Definition) -> tuple[ActiveContext, ActiveContext]:
    # (7) nodes return to the previous context, (8) and both take in what the term brings along
    nodes = active.previous or active
    if definition.scoped is None:
        return active, nodes
    return derive(active, definition.scoped, override=True), derive(nodes, definition.scoped, override=True)


def typed(active: ActiveContext, types: Json | tuple[Json, ...]) -> Typed:
    """Give what the types of a node mean.

    Source: JSON-LD 1.1 API, section 5.1.2 (Expansion Algorithm), steps 10, 11 and 13.4.4.

    Raises:
        OutsideSubsetError: this is left to the complete processor.
        SaysoError: DATA_LOSS_DETECTION_ERROR for a type without an absolute IRI; as `derive`.
    """
    whole = types if isinstance(types, tuple) else (types,)
    names = [name for name in whole if isinstance(name, str)]
    if len(names) != len(whole):
        raise OutsideSubsetError
    result = active
    for name in sorted(set(names)):
        definition = active.terms.get(name)
        if definition is not None and definition.scoped is not None:
            if None in definition.scoped:
                raise SaysoError.of(UNDECIDABLE, NULL_TYPE_CONTEXT)
            result = derive(result, definition.scoped, propagate=False)
    if result.type_keys != active.type_keys:
        raise OutsideSubsetError
    made = Typed(result, tuple(dict.fromkeys(_type_term(active, name) for name in names)))
    active.remember(active.typed, types, made)
    return made


def _type_term(active: ActiveContext, name: str) -> str:
    iri = active.expand(name)
    if iri in KEYWORDS or (iri is not None and iri.startswith("_:")):
        raise OutsideSubsetError
    if iri is None or not is_iri(iri):
        raise SaysoError.of(DATA_LOSS_DETECTION_ERROR, "a type has no absolute IRI")
    return f"<{iri}>"
