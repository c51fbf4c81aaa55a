"""Known context documents: looked up by URL, known by content, changed by nobody."""

import hashlib
from typing import Any

import pytest

from sayso.encodings.jsonld import contexts
from sayso.encodings.jsonld.contexts import Budget, Contexts, Element
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE
from sayso.jsonvalue import FrozenObject, Json
from tests.unit.encodings.jsonld.documents import problem

A = "https://a.example/v1"
B = "https://b.example/v1"
DOCUMENT: dict[str, Json] = {"@context": {"name": "https://schema.org/name"}}


def test_documents_are_found_by_url() -> None:
    known = Contexts({A: DOCUMENT})
    assert A in known
    assert B not in known
    assert list(known) == [A]
    assert known.document(A) == DOCUMENT
    with pytest.raises(KeyError):
        known.document(B)


def test_a_document_has_the_digest_of_its_canonical_json() -> None:
    known = Contexts({A: {"b": 1, **DOCUMENT}})
    assert known.digest(A) == hashlib.sha256(b'{"@context":{"name":"https://schema.org/name"},"b":1}').hexdigest()
    with pytest.raises(KeyError):
        known.digest(B)


def test_nobody_can_change_what_a_url_stands_for() -> None:
    given: dict[str, Any] = {"@context": {"name": "https://schema.org/name"}}
    known = Contexts({A: given})
    given["@context"]["name"] = "https://evil.example/"
    assert known.document(A) == DOCUMENT
    with pytest.raises(TypeError):
        known.document(A)["@context"] = {}
    frozen = FrozenObject(DOCUMENT)
    assert Contexts({A: frozen}).document(A) is frozen


@pytest.mark.parametrize(("document", "error"), [([], TypeError), ("x", TypeError), ({}, ValueError), ({"@context": {1: 2}}, TypeError)])
def test_what_is_no_context_document_is_an_error_of_the_programmer(document: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        Contexts({A: document})


def test_more_documents_make_another_set() -> None:
    known = Contexts({A: DOCUMENT})
    assert len(known.chain(A, inline=False)) == 1
    more = known.with_documents({B: {"@context": A}, A: dict(DOCUMENT)})
    assert B not in known
    assert more.chain([A, B], inline=False) == known.chain([A, A], inline=False)
    with pytest.raises(ValueError, match=A):
        known.with_documents({A: {"@context": {}}})


def test_a_chain_holds_context_objects_in_their_order() -> None:
    inner: dict[str, Json] = {"@context": [None, A, {"x": "urn:x"}]}
    chain = Contexts({A: DOCUMENT, B: inner}).chain([B, {"y": "urn:y"}, None], inline=True)
    contents = [element and element.content for element in chain]
    assert contents == [None, DOCUMENT["@context"], {"x": "urn:x"}, {"y": "urn:y"}, None]


def test_equal_content_is_equal_wherever_it_came_from() -> None:
    assert Element({"a": "urn:a", "b": "urn:b"}) == Element({"b": "urn:b", "a": "urn:a"})
    assert hash(Element({"a": "urn:a"})) == hash(Element({"a": "urn:a"}))
    assert Element({"a": "urn:a"}) != Element({"a": "urn:b"})
    assert Element({"a": "urn:a"}) != {"a": "urn:a"}


@pytest.mark.parametrize(
    ("value", "pointer", "kind"),
    [
        (B, "/@context", UNDECIDABLE),
        ([A, B], "/@context/1", UNDECIDABLE),
        ({}, "/@context", UNDECIDABLE),
        ([A, None], "/@context/1", UNDECIDABLE),
        ([A, 1], "/@context/1", UNDECIDABLE),
        ([A] * 65, "/@context", LIMIT_EXCEEDED),
    ],
)
def test_what_is_not_known_or_not_allowed_is_refused(value: Json, pointer: str, kind: object) -> None:
    found = problem(lambda: Contexts({A: DOCUMENT}).chain(value, inline=False))
    assert (found.pointer, found.kind) == (pointer, kind)


@pytest.mark.parametrize(
    ("value", "pointer", "kind"),
    [
        (1, "/@context", MALFORMED_VALUE_ERROR),
        ([{}, [A]], "/@context/1", MALFORMED_VALUE_ERROR),
        ({"@direction": "rtl"}, "/@context", UNDECIDABLE),
        ({"a": {"@id": "urn:a", "@context": [None, {"@direction": "rtl"}]}}, "/@context", UNDECIDABLE),
        ({"@foo": "urn:a"}, "/@context", MALFORMED_VALUE_ERROR),
        ({"a": "@foo"}, "/@context", MALFORMED_VALUE_ERROR),
        ([{"a": {"@id": "@foo"}}], "/@context/0", MALFORMED_VALUE_ERROR),
        ({"a": {"@reverse": "@foo"}}, "/@context", MALFORMED_VALUE_ERROR),
    ],
)
def test_a_context_that_processors_read_differently_is_refused(value: Json, pointer: str, kind: object) -> None:
    found = problem(lambda: Contexts({}).chain(value, inline=True))
    assert (found.pointer, found.kind) == (pointer, kind)


def test_a_known_document_is_refused_at_its_url() -> None:
    known = Contexts(
        {A: {"@context": B}, B: {"@context": [A]}, "urn:c": {"@context": "urn:d"}, "urn:e": {"@context": {"@direction": "ltr"}}}
    )
    assert problem(lambda: known.chain([A], inline=False)).detail == "recursive context inclusion"
    assert problem(lambda: known.chain("urn:c", inline=False)).kind is UNDECIDABLE
    assert problem(lambda: known.chain(["urn:e"], inline=False)).pointer == "/@context/0"


def test_the_contexts_of_a_document_are_counted() -> None:
    known = Contexts({A: DOCUMENT})
    budget = Budget()
    for count in range(1, contexts.MAX_CONTEXTS):
        value: list[Json] = [A] * count
        chain = known.chain(value, inline=False)
        if sum(range(1, count + 1)) > contexts.MAX_CONTEXTS:
            assert problem(lambda value=value, chain=chain: budget.spend(value, chain)).kind is LIMIT_EXCEEDED  # type: ignore[misc]
            break
        budget.spend(value, chain)
        budget.spend(value, chain)  # an equal one costs nothing


def test_the_terms_that_stand_in_a_document_are_counted() -> None:
    names: list[Json] = [f"t{number}" for number in range(contexts.MAX_INLINE_TERMS - 1)]
    many: dict[str, Json] = {str(name): "urn:x" for name in names}
    scoped: dict[str, Json] = {"a": {"@id": "urn:a", "@context": {"b": "urn:b"}}}
    known = Contexts({})
    budget = Budget()
    budget.spend(many, known.chain(many, inline=True))
    assert problem(lambda: budget.spend([scoped], known.chain([scoped], inline=True))).kind is LIMIT_EXCEEDED
    budget = Budget()
    budget.spend(scoped, known.chain(scoped, inline=True))
    assert problem(lambda: budget.spend(many, known.chain(many, inline=True))).pointer == "/@context"
