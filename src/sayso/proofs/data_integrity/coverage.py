"""Refuse a document whose JSON says something that its RDF does not, or hides something that its RDF says.

An RDF suite signs statements, and everybody here reads JSON. What JSON has and RDF drops would be returned without a signature; and what
stands in JSON under another name, an IRI for a term, would keep its signature and be overlooked.

Source: VC Data Integrity 1.0, sections 2.4.1 and 4.6 (DI-3, DI-X1, DI-X2).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache

from sayso.credentials.claims_path import Location
from sayso.credentials.contexts.bundled import CREDENTIALS_V1, CREDENTIALS_V2, terms
from sayso.credentials.vocabulary import Reading, active_context
from sayso.encodings.jsonld.keywords import RDF_TYPE
from sayso.encodings.rdfc.quads import Quad
from sayso.errors import DATA_LOSS_DETECTION_ERROR, PROOF_TRANSFORMATION_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject

VOCABULARIES = (
    "<https://www.w3.org/2018/credentials#",
    "<https://www.w3.org/ns/credentials/status#",
    "<https://www.iana.org/assignments/jwt#",
)
"""Where the properties are defined that decide on a document; its contexts call each by the end of its IRI."""

_ROOTS = tuple(f"<https://www.w3.org/2018/credentials#{name}>" for name in ("VerifiableCredential", "VerifiablePresentation"))
_GRAPHS = ("verifiableCredential", "proof")
_CONTAINERS = (dict, list)
# No context of the data model defines the claim of a Token Status List; and what only describes may have an IRI for its name.
_MORE, _LESS = ("status", "status_list"), ("name", "description")


def refuse_nothings(document: JsonObject, reading: Reading) -> None:
    """Refuse nulls and empty arrays, which no statement says: anybody could add one.

    Raises:
        SaysoError: DATA_LOSS_DETECTION_ERROR.
    """
    if not _says_nothing(document):
        return  # as it nearly always is
    for place, value in _nothings(document, ()):
        if not _is_kept(document, place, value, reading):
            raise SaysoError.of(DATA_LOSS_DETECTION_ERROR, "nothing stands here, and so nothing would be signed", *place)


def refuse_disguises(document: JsonObject) -> None:
    """Refuse what says the same to RDF, and something else to who reads JSON.

    That is an IRI in the place of a name that decides, and such a name in one of two objects of one `id`: what was moved from where it is
    looked for would keep its signature.

    Raises:
        SaysoError: PROOF_TRANSFORMATION_ERROR.
    """
    _look_behind(document, (), {})


def _look_behind(value: Json, place: Location, described: dict[str, bool]) -> None:
    if isinstance(value, list):
        for index, item in enumerate(value):
            _look_behind(item, (*place, index), described)
    elif isinstance(value, dict):
        _describe(value, place, described)
        for name, item in value.items():
            if ":" in name and re.split("[#/:]", name)[-1] in _deciding():
                raise SaysoError.of(PROOF_TRANSFORMATION_ERROR, "a property that decides has its own name, and no IRI", *place, name)
            if name in _GRAPHS and _is_document(place):
                # Each of these is in a graph of its own: nothing can move out of it or in.
                for one, where in _one_by_one(item, (*place, name)):
                    _look_behind(one, where, {})
            elif isinstance(item, _CONTAINERS) and name != "@context" and name not in _literals():
                _look_behind(item, (*place, name), described)


def _describe(node: JsonObject, place: Location, described: dict[str, bool]) -> None:
    """Note whether something that decides stands in the objects of an id."""
    identifier = node.get("id", node.get("@id"))
    if isinstance(identifier, str) and len(node) > 1:
        decides = not _deciding().isdisjoint(node)
        before = described.get(identifier)
        if before or (decides and before is not None):
            raise SaysoError.of(PROOF_TRANSFORMATION_ERROR, "another object says more about the same id", *place)
        described[identifier] = decides


def _is_document(place: Location) -> bool:
    # A claim that is called like one of these graphs is none.
    return not place or (place[0] == "verifiableCredential" and all(isinstance(step, int) for step in place[1:]))


def _one_by_one(value: Json, place: Location) -> list[tuple[Json, Location]]:
    return [(item, (*place, index)) for index, item in enumerate(value)] if isinstance(value, list) else [(value, place)]


def refuse_other_names(document: JsonObject, quads: Sequence[Quad]) -> None:
    """Refuse a property of the data model under another name than its own; `quads` are what the document says.

    Raises:
        SaysoError: PROOF_TRANSFORMATION_ERROR.
    """
    said = Counter(name for name, _ in _deciding_quads(quads))
    if all(name in document and _times(document[name]) >= times for name, times in said.items()):
        return  # as in a credential, where all of them stand at the top
    roots = {subject for subject, predicate, kind, graph in quads if (predicate, graph) == (RDF_TYPE, "") and kind in _ROOTS}
    at_top = Counter(name for name, subject in _deciding_quads(quads) if subject in roots)
    if any(name not in document or _times(document[name]) < times for name, times in at_top.items()):
        raise SaysoError.of(PROOF_TRANSFORMATION_ERROR, "a property of the document stands there under another name, or elsewhere")
    names: Counter[str] = Counter()
    _count(document, names)
    # Equal statements are one: JSON may say more often what RDF says, and never less often.
    if any(names[name] < times for name, times in said.items()):
        raise SaysoError.of(PROOF_TRANSFORMATION_ERROR, "a property of the data model stands there under another name")


def _deciding_quads(quads: Sequence[Quad]) -> list[tuple[str, str]]:
    """Give the name and the subject of what quads say in these vocabularies."""
    return [(predicate[predicate.index("#") + 1 : -1], subject) for subject, predicate, _, _ in quads if predicate.startswith(VOCABULARIES)]


def _times(value: Json) -> int:
    return len(value) if isinstance(value, list) else 1


def _says_nothing(value: Json) -> bool:
    # Whether there is anything to look at more closely: the place costs more than the look.
    if isinstance(value, dict):
        return any(map(_says_nothing, value.values()))
    return value is None or (isinstance(value, list) and (not value or any(map(_says_nothing, value))))


def _nothings(value: Json, place: Location) -> Iterator[tuple[Location, Json]]:
    if value is None or value == []:
        yield place, value
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nothings(item, (*place, index))
    elif isinstance(value, dict) and not _is_secured(value, place):
        for name, item in value.items():
            if name != "@context" and name not in _literals():
                yield from _nothings(item, (*place, name))


def _is_secured(value: JsonObject, place: Location) -> bool:
    # A credential with a proof of its own is looked at where that is verified, by its own suite.
    return place[:1] == ("verifiableCredential",) and len(place) <= len(("verifiableCredential", 0)) and "proof" in value


def _is_kept(document: JsonObject, place: Location, value: Json, reading: Reading) -> bool:
    # In a JSON literal null is a value, and a list that is empty is a list.
    active = active_context(document.get("@context"), reading)
    found = [active.term(step) if active and isinstance(step, str) else None for step in place]
    last = found[-1]
    return any(term is not None and term.type == "@json" for term in found) or (
        value == [] and last is not None and "@list" in last.container
    )


def _count(value: Json, names: Counter[str]) -> None:
    if isinstance(value, list):
        for item in value:
            _count(item, names)
    elif isinstance(value, dict):
        for name, item in value.items():
            names[name] += _times(item)
            if name != "@context" and name not in _literals():
                _count(item, names)


def _literals() -> frozenset[str]:
    return terms(CREDENTIALS_V2).literals


@cache
def _deciding() -> frozenset[str]:
    known = [terms(url) for url in (CREDENTIALS_V1, CREDENTIALS_V2)]
    names = [name for one in known for group in (one.iris, *one.scoped.values()) for name in group]
    return frozenset((*names, *_MORE)) - frozenset(_LESS)
