"""What contexts make of terms, and which contexts are left to the complete processor."""

from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CONTEXTS, CREDENTIALS_V2, EXAMPLES_V2
from sayso.encodings.jsonld.active import INITIAL, MAX_REMEMBERED, ActiveContext, Definition, Memory, OutsideSubsetError
from sayso.encodings.jsonld.compiler import compiled_context, derive
from sayso.encodings.jsonld.contexts import Contexts, Element
from sayso.errors import MALFORMED_VALUE_ERROR
from sayso.jsonvalue import Json
from tests.unit.encodings.jsonld.documents import BUNDLED, XSD, E, problem


def active(*contexts: Json) -> ActiveContext:
    return compiled_context(list(contexts), BUNDLED, inline=True)


def definition(value: Json, **others: Json) -> Definition:
    found = active({"t": value, **others}).term("t")
    assert found is not None
    return found


def test_terms_of_a_known_context() -> None:
    found = compiled_context([CREDENTIALS_V2, EXAMPLES_V2], BUNDLED, inline=False)
    assert found.expand("name") == "https://schema.org/name"
    assert found.expand_type("VerifiableCredential") == "https://www.w3.org/2018/credentials#VerifiableCredential"
    assert found.expand_type("Unheard") == "https://www.w3.org/ns/credentials/examples#Unheard"
    assert found.vocab == "https://www.w3.org/ns/credentials/examples#"
    assert found.term("Unheard") is None
    assert found.id_keys == ("id", "@id")
    assert found.type_keys == ("type", "@type")


@pytest.mark.parametrize("url", CONTEXTS)
def test_every_bundled_context_lies_in_the_subset(url: str) -> None:
    assert compiled_context(url, BUNDLED, inline=False).terms or url in {
        EXAMPLES_V2,
        "https://www.w3.org/ns/credentials/undefined-terms/v2",
    }


def test_equal_content_is_compiled_once() -> None:
    one, other = (Contexts({f"https://{name}.example/": {"@context": {"same": "urn:same"}}}) for name in "ab")
    assert compiled_context("https://a.example/", one, inline=False) is compiled_context(["https://b.example/"], other, inline=False)


def test_nobody_decides_what_a_url_means_to_another() -> None:
    one, other = (Contexts({"https://c.example/": {"@context": {"name": f"urn:{name}"}}}) for name in "ab")
    assert compiled_context("https://c.example/", one, inline=False).expand("name") == "urn:a"
    assert compiled_context("https://c.example/", other, inline=False).expand("name") == "urn:b"


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("t", E + "t"),
        ("ex:a", "https://ex.org/#a"),
        ("flat:a", "flat:a"),
        ("urn:x", "urn:x"),
        ("https://x.org/", "https://x.org/"),
        ("ex://a", "ex://a"),
        ("_:x", "_:x"),
        ("nothing", None),
        ("plain", "urn:v:plain"),
        (":x", "urn:v::x"),
        ("a b:c", "urn:v:a b:c"),
        ("@type", "@type"),
        ("@foo", None),
        ("@", "urn:v:@"),
        ("alias", "@type"),
    ],
)
def test_names_are_expanded(name: str, iri: str | None) -> None:
    found = active(
        {
            "@vocab": "urn:v:",
            "t": E + "t",
            "ex": "https://ex.org/#",
            "flat": "https://flat.org/a",
            "nothing": None,
            "alias": "@type",
        }
    )
    assert found.expand(name) == iri


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("urn:x", "urn:x"),
        ("ex:a", "https://ex.org/#a"),
        ("ex", None),
        ("_:x", "_:x"),
        ("t", None),
        ("", None),
        ("/p", None),
        ("_:", None),
        ("a b:c", None),
        ("https://x/<", None),
        ("https://x/\u00a0", None),
        ("https://x/é", "https://x/é"),
        ("@id", None),
    ],
)
def test_identifiers_are_expanded(text: str, iri: str | None) -> None:
    assert active({"@vocab": "urn:v:", "t": E + "t", "ex": "https://ex.org/#", "_": "urn:b:"}).identify(text) == iri
    if text != "ex:a":
        assert INITIAL.identify(text) == iri


def test_a_type_that_would_be_lost_is_none() -> None:
    assert INITIAL.expand_type("T") is None
    assert INITIAL.expand_type("_:t") is None
    assert active({"T": "@type"}).expand_type("T") is None
    assert active({"@vocab": "urn:v:"}).expand_type("a b") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (E + "x", Definition(E + "x")),
        (E, Definition(E, prefix=True)),
        (None, Definition(None)),
        ({"@id": E}, Definition(E)),
        ({"@id": E, "@prefix": True}, Definition(E, prefix=True)),
        ({"@id": E + "x", "@type": "@id"}, Definition(E + "x", "@id")),
        ({"@id": E + "x", "@type": "@vocab"}, Definition(E + "x", "@vocab")),
        ({"@id": E + "x", "@type": "@json"}, Definition(E + "x", "@json")),
        ({"@id": E + "x", "@type": "@none"}, Definition(E + "x", "@none")),
        ({"@id": E + "x", "@type": "xsd:date"}, Definition(E + "x", XSD + "date")),
        ({"@id": "xsd:x", "@container": "@list"}, Definition(XSD + "x", container=frozenset({"@list"}))),
        ({"@id": E + "x", "@container": ["@graph", "@set"]}, Definition(E + "x", container=frozenset({"@graph", "@set"}))),
        ({"@id": E + "x", "@language": "EN"}, Definition(E + "x", language="en")),
        ({"@id": E + "x", "@language": None}, Definition(E + "x", language=None)),
        ({"@id": E + "x", "@language": "en", "@type": "@id"}, Definition(E + "x", "@id")),
        ({"@id": E + "x", "@direction": "rtl"}, Definition(E + "x", direction="rtl")),
        ({"@id": E + "x", "@direction": None}, Definition(E + "x", direction=None)),
        ({"@id": E + "x", "@protected": True}, Definition(E + "x", protected=True)),
        ({"@id": E + "x", "@context": {"y": E + "y"}}, Definition(E + "x", scoped=(Element({"y": E + "y"}),))),
        ({"@id": E + "x", "@context": None}, Definition(E + "x", scoped=(None,))),
        ({"@id": E + "x", "@context": [None, {}]}, Definition(E + "x", scoped=(None, Element({})))),
        ({"@id": E + "x", "@context": []}, Definition(E + "x", scoped=())),
        ("@type", Definition("@type")),
        ({"@id": "@type", "@container": "@set"}, Definition("@type", container=frozenset({"@set"}))),
        ({"@id": "@id", "@protected": True}, Definition("@id", protected=True)),
    ],
)
def test_definitions(value: Json, expected: Definition) -> None:
    assert definition(value, xsd=XSD) == expected


def test_a_vocabulary_gives_terms_an_iri() -> None:
    assert definition({"@type": "@id"}, **{"@vocab": "urn:v:"}) == Definition("urn:v:t", "@id")
    assert definition("t", **{"@vocab": "urn:v:"}) == Definition("urn:v:t")
    assert definition({"@id": "u"}, u="urn:u") == Definition("urn:u")


def test_a_prefix_may_be_defined_after_its_use() -> None:
    found = active({"a": {"@id": "ex:a", "@type": "ex:T"}, "ex": "https://ex.org/#", "b": "a"})
    assert found.term("a") == Definition("https://ex.org/#a", "https://ex.org/#T")
    assert found.term("b") == Definition("https://ex.org/#a")


@pytest.mark.parametrize(
    "value",
    [
        {"@reverse": E + "x"},
        {"@reverse": "ex:x", "@type": "@id", "@protected": True},
        {"@id": E + "x", "@nest": "@nest"},
        {"@id": E + "x", "@nest": "@nest", "@type": "@id"},
        {"@id": E + "x", "@container": "@index"},
        {"@id": E + "x", "@container": ["@id", "@set"]},
        {"@id": E + "x", "@container": ["@graph", "@index"]},
        {"@id": E + "x", "@container": ["@graph", "@id", "@set"]},
        {"@id": E + "x", "@container": "@type"},
        {"@id": E + "x", "@container": ["@set", "@type"], "@type": "@vocab"},
    ],
)
def test_a_definition_is_left_to_the_complete_processor_where_a_document_uses_it(value: Json) -> None:
    found = definition(value, ex="https://ex.org/#")
    assert found.outside
    assert found.iri in {E + "x", "https://ex.org/#x"}


@pytest.mark.parametrize(
    "context",
    [
        {"@base": "https://x.org/"},
        {"@import": "https://x.org/"},
        {"@propagate": False},
        {"@type": {"@container": "@set"}},
        {"@version": 1.0},
        {"@version": "1.1"},
        {"@vocab": ""},
        {"@vocab": 1},
        {"@vocab": "_:v"},
        {"@vocab": "a b"},
        {"@language": 1},
        {"@language": "x_y"},
        {"@protected": "true"},
        {"": "urn:x"},
        {"a:b": "a:b"},
        {"a/b": "urn:x"},
        {"@a.b": "urn:x"},
        {"a": "ex:a", "ex": {"@id": "a:x", "@prefix": True}},
        {"a": 1},
        {"a": {"@id": "urn:a", "@foo": 1}},
        {"a": {"@id": "urn:a", "@index": "x"}},
        {"a": {"@id": "urn:a", "@protected": 1}},
        {"a": {"@id": 1}},
        {"a": "rel"},
        {"a": "_:a"},
        {"a": "@context"},
        {"a": "@preserve"},
        {"b": None, "a": {"@id": "b"}},
        {"a": {"@type": "@id"}},
        {"a": {"@id": "@id", "@type": "@id"}},
        {"a": {"@id": "@id", "@container": "@set"}},
        {"a": {"@id": "@type", "@container": "@list"}},
        {"a": {"@id": "@type", "@container": "@index"}},
        {"a": {"@id": "@type", "@language": "en"}},
        {"a": {"@id": "urn:a", "@type": 1}},
        {"a": {"@id": "urn:a", "@type": "rel"}},
        {"a": {"@id": "urn:a", "@type": "_:t"}},
        {"a": {"@id": "urn:a", "@type": "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"}},
        {"a": {"@id": "urn:a", "@container": 1}},
        {"a": {"@id": "urn:a", "@container": []}},
        {"a": {"@id": "urn:a", "@container": "@foo"}},
        {"a": {"@id": "urn:a", "@container": ["@set", "@graph"]}},
        {"a": {"@id": "urn:a", "@container": ["@list", "@set"]}},
        {"a": {"@id": "urn:a", "@container": "@type", "@type": "@json"}},
        {"a": {"@id": "urn:a", "@container": "@language", "@type": "@id"}},
        {"a": {"@id": "urn:a", "@language": 1}},
        {"a": {"@id": "urn:a", "@language": ""}},
        {"a": {"@id": "urn:a", "@direction": 1}},
        {"a": {"@id": "urn:a", "@direction": "up"}},
        {"a": {"@id": "urn:a", "@context": "https://x.org/"}},
        {"a": {"@id": "urn:a", "@context": {"b": 1}}},
        {"a": {"@id": "urn:a", "@prefix": 1}},
        {"a": {"@id": None, "@prefix": True}},
        {"a": {"@reverse": "rel"}},
        {"a": {"@reverse": 1}},
        {"a": {"@reverse": "urn:a", "@type": "@json"}},
        {"a": {"@reverse": "urn:a", "@container": "@set"}},
        {"a": {"@reverse": "urn:a", "@id": "urn:a"}},
        {"a": {"@id": "urn:a", "@nest": "n"}},
        {"a": {"@id": "urn:a", "@nest": "@nest", "@container": "@set"}},
    ],
)
def test_a_context_is_left_to_the_complete_processor(context: dict[str, Any]) -> None:
    with pytest.raises(OutsideSubsetError):
        active(context)


def test_protected_terms_may_be_defined_again_only_as_they_are() -> None:
    first: dict[str, Json] = {"@protected": True, "a": "urn:a", "b": {"@id": "urn:b", "@protected": False}}
    again = active(first, {"a": "urn:a", "b": "urn:c"})
    assert again.term("a") == Definition("urn:a", protected=True)
    assert again.term("b") == Definition("urn:c")
    assert again.vocab is None
    for other in ({"a": "urn:x"}, {"a": None}, {"a": {"@id": "urn:a", "@type": "@id"}}, {"@protected": True, "a": "urn:x"}):
        found = problem(lambda other=other: active(first, other))  # type: ignore[misc]
        assert (found.kind, found.detail) == (MALFORMED_VALUE_ERROR, "protected term redefinition")


def test_protected_terms_are_not_forgotten() -> None:
    first: dict[str, Json] = {"a": {"@id": "urn:a", "@protected": True}}
    assert problem(lambda: active(first, None)).detail == "invalid context nullification"
    assert active({"a": "urn:a"}, None, {"b": "urn:b"}).terms == {"b": Definition("urn:b")}
    forgotten = derive(active(first), (None,), override=True)
    assert forgotten is INITIAL
    with pytest.raises(OutsideSubsetError):
        derive(active({"a": "urn:a"}), (None,), propagate=False)


def test_a_context_of_a_property_may_define_protected_terms_again() -> None:
    outer = active({"@protected": True, "a": "urn:a"})
    assert derive(outer, (Element({"a": "urn:b"}),), override=True).term("a") == Definition("urn:b")
    chain = (Element({"@protected": True, "a": "urn:a"}), Element({"a": "urn:b"}))
    assert derive(INITIAL, chain, override=True).term("a") == Definition("urn:b")


def test_defaults_are_inherited_and_taken_away() -> None:
    outer = active({"@vocab": "urn:v:", "@language": "EN-us"})
    assert (outer.vocab, outer.language) == ("urn:v:", "en-us")
    inner = derive(outer, (Element({"@version": 1.1}),))
    assert (inner.vocab, inner.language, inner.previous) == ("urn:v:", "en-us", None)
    none = derive(outer, (Element({"@vocab": None, "@language": None}),))
    assert (none.vocab, none.language) == (None, None)


def test_a_context_of_a_type_remembers_where_it_came_from() -> None:
    outer = active({"a": "urn:a"})
    typed = derive(outer, (Element({"b": "urn:b"}),), propagate=False)
    assert typed.previous is outer
    assert derive(typed, (Element({"c": "urn:c"}),), propagate=False).previous is outer
    assert derive(typed, (Element({"c": "urn:c"}),)).previous is outer
    assert derive(outer, ()) is outer


def test_what_is_derived_is_remembered() -> None:
    outer = active({"remembered": "urn:a"})
    chain = (Element({"b": "urn:b"}),)
    assert derive(outer, chain) is derive(outer, chain)
    assert derive(outer, chain) is not derive(outer, chain, override=True)


def test_memory_is_bounded() -> None:
    memory = Memory()
    one: dict[int, int] = {}
    other: dict[int, int] = {}
    for number in range(MAX_REMEMBERED - 1):
        memory.keep(one, number, number)
    memory.keep(other, 1, 1)
    assert len(one) == MAX_REMEMBERED - 1
    memory.keep(one, -1, -1)
    assert (one, other) == ({-1: -1}, {})
    memory.keep(other, 2, 2)
    assert (one, other) == ({-1: -1}, {2: 2})
    third: dict[int, int] = {}
    for number in range(MAX_REMEMBERED - 2):
        memory.keep(third, number, number)
    assert len(third) == MAX_REMEMBERED - 2
    memory.keep(third, -1, -1)
    assert (one, other, third) == ({}, {}, {-1: -1})
