"""What is left to the complete processor: it means the same, nothing vanishes there, and nobody else's contexts are served."""

from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.encodings.jsonld import fallback, survey
from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.errors import DATA_LOSS_DETECTION_ERROR, LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE
from sayso.jsonvalue import Json, freeze, parse_object
from tests.unit.encodings.jsonld.documents import BASIC, BUNDLED, CREDENTIAL, E, about, canonical, problem, walked

CONTEXT: dict[str, Json] = {
    **BASIC,
    "graph": "@graph",
    "set": "@set",
    "value": "@value",
    "language": "@language",
    "kind": "@type",
    "a": {"@id": E + "a", "@type": "@id"},
    "rev": {"@reverse": E + "rev"},
    "nest": "@nest",
    "map": {"@id": E + "map", "@container": "@index"},
    "byid": {"@id": E + "byid", "@container": "@id"},
    "T": {"@id": E + "T", "@context": [None, {"x": "urn:x"}]},
}


def unusual(**members: Any) -> list[str]:
    """Convert a document that is left to the complete processor, and give its canonical lines."""
    document = about(CONTEXT, **members)
    assert walked(document) is None
    return canonical(to_rdf(document, BUNDLED, inline=True))


@pytest.mark.parametrize(
    ("members", "lines"),
    [
        ({"rev": {"id": "urn:o"}}, ["<urn:o> <e:rev> <urn:s>"]),
        ({"@reverse": {"p": {"id": "urn:o"}}}, ["<urn:o> <e:p> <urn:s>"]),
        ({"nest": {"p": "x"}}, ['<urn:s> <e:p> "x"']),
        ({"p": {"@set": ["x", None]}}, ['<urn:s> <e:p> "x"']),
        ({"p": {"value": "x", "language": "EN"}}, ['<urn:s> <e:p> "x"@en']),
        ({"p": {"value": True, "language": None}}, ['<urn:s> <e:p> "true"^^<http://www.w3.org/2001/XMLSchema#boolean>']),
        (
            {"p": {"value": {"z": 1.0}, "@type": "@json"}},
            ['<urn:s> <e:p> "{\\"z\\":1}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>'],
        ),
        ({"p": {"value": "\x01\x7f"}}, ['<urn:s> <e:p> "\\u0001\\u007F"']),
        ({"byid": {"urn:o": {"p": 1}}}, ['<urn:o> <e:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer>', "<urn:s> <e:byid> <urn:o>"]),
        ({"graph": [{"id": "urn:o", "p": "x"}]}, ['<urn:o> <e:p> "x" <urn:s>']),
        ({"p": {"id": "_:a b"}, "q": {"id": "_:a b"}}, ["<urn:s> <e:p> _:c14n0", "<urn:s> <e:q> _:c14n0"]),
        ({"@included": [{"id": "urn:o", "p": "x"}]}, ['<urn:o> <e:p> "x"']),
        ({"kind": "U", "p": {"@set": {"@list": ["x"]}}}, None),
        ({"p": {"value": "x", "@direction": "rtl", "@language": "AR"}}, ['<urn:s> <e:p> "x"^^<https://www.w3.org/ns/i18n#ar_rtl>']),
        ({"p": {"value": "x", "@direction": "rtl"}}, ['<urn:s> <e:p> "x"^^<https://www.w3.org/ns/i18n#_rtl>']),
    ],
)
def test_what_is_unusual_has_its_meaning(members: dict[str, Any], lines: list[str] | None) -> None:
    found = [line.replace(E, "e:") for line in unusual(**members)]
    assert found == lines if lines is not None else found


@pytest.mark.parametrize(
    "members",
    [
        {"graph": ["text"]},
        {"graph": [[{"value": "x"}]]},
        {"graph": {"set": []}},
        {"graph": [{"id": "urn:o"}]},
        {"graph": [{"id": "urn:o", "p": []}]},
        {"graph": {"@list": []}},
        {"@included": ["text"]},
        {"p": {"@value": None}},
        {"p": {"value": None}},
        {"p": {"@language": "en"}},
        {"p": {"language": "en"}},
        {"p": {"@direction": "ltr"}},
        {"p": {"@index": "i", "q": 1}},
        {"map": {"i": "x"}},
        {"rev": {"id": "relative"}},
        {"p": {"value": "x", "language": "x_y"}},
        {"p": {"value": 2**53 + 1}},
        {"nest": {"_:p": 1}},
        {"nest": {"@foo": 1}},
        {"nest": {"type": "a b"}},
        {"nest": {"p": {"id": "https://x/<"}}},
    ],
)
def test_what_would_vanish_is_refused(members: dict[str, Any]) -> None:
    document = about(CONTEXT, **members)
    assert walked(document) is None
    assert problem(lambda: to_rdf(document, BUNDLED, inline=True)).kind in {DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR}


@pytest.mark.parametrize(
    "document", [{}, {"@id": "urn:x"}, {"@value": "x"}, {"@list": ["x"]}, {"@set": ["x"]}, {"@context": {}, "@graph": []}]
)
def test_a_document_that_says_nothing_is_refused(document: dict[str, Json]) -> None:
    assert walked(document) is None
    assert problem(lambda: to_rdf(document, BUNDLED, inline=True)).kind is DATA_LOSS_DETECTION_ERROR


@pytest.mark.parametrize(
    ("members", "kind", "detail"),
    [
        ({"id": 1}, MALFORMED_VALUE_ERROR, "invalid @id value"),
        ({"type": 1}, MALFORMED_VALUE_ERROR, "invalid type value"),
        ({"p": {"@value": []}}, MALFORMED_VALUE_ERROR, "invalid value object value"),
        ({"p": {"value": "x", "@type": "rdf:langString"}}, MALFORMED_VALUE_ERROR, "invalid typed value"),
        (
            {"p": {"value": "5", "@type": "xsd:double"}},
            UNDECIDABLE,
            "processors do not agree on a string of type xsd:double that is not canonical",
        ),
        ({"p": {"@list": [["x"]], "@index": "i"}}, UNDECIDABLE, "processors do not agree on an array in a list object"),
        ({"p": {"value": "x", "@type": "urn:a", "kind": "urn:b"}}, MALFORMED_VALUE_ERROR, "invalid typed value"),
        ({"type": "T"}, UNDECIDABLE, "processors do not agree on a null context that comes with a type"),
        ({"kind": ["T", 1], "p": 1}, UNDECIDABLE, "processors do not agree on a null context that comes with a type"),
        ({"p": {"@context": {"@vocab": None}, "urn:x": {"@set": []}}}, None, None),
        ({"p": {"@context": [{"@vocab": None}, {"@vocab": None}], "urn:x": {"@set": []}}}, UNDECIDABLE, fallback.FAILS),
        ({"p": {"@context": {"x": {"@id": "urn:x", "@context": {"y": {"@id": "urn:y", "@context": 1}}}}}}, MALFORMED_VALUE_ERROR, None),
        ({"p": {"@context": {"x": {"@id": "urn:x", "@context": "https://u.example/"}}, "x": 1}}, UNDECIDABLE, None),
    ],
)
def test_errors_of_the_complete_processor(members: dict[str, Any], kind: object, detail: str | None) -> None:
    context = {**CONTEXT, "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "xsd": "http://www.w3.org/2001/XMLSchema#"}
    document = about(context, **members)
    if kind is None:
        assert to_rdf(document, BUNDLED, inline=True)
        return
    found = problem(lambda: to_rdf(document, BUNDLED, inline=True))
    assert found.kind is kind
    assert detail is None or found.detail == detail


def test_a_relative_vocabulary_and_datatype_are_lost() -> None:
    contexts: list[dict[str, Json]] = [{"@vocab": ""}, {"@vocab": "#"}]
    for context in contexts:
        document: dict[str, Json] = {"@context": context, "p": "x"}
        assert walked(document) is None
        assert problem(lambda document=document: to_rdf(document, BUNDLED, inline=True)).kind is DATA_LOSS_DETECTION_ERROR  # type: ignore[misc]
    typed: dict[str, Json] = {"@context": {"@vocab": "#"}, "urn:p": {"@value": "x", "@type": "T"}}
    assert problem(lambda: to_rdf(typed, BUNDLED, inline=True)).kind is DATA_LOSS_DETECTION_ERROR


def test_contexts_are_known_or_allowed_here_too() -> None:
    odd: dict[str, Json] = {"@reverse": {"urn:r": {"@id": "urn:o"}}}
    found = problem(lambda: to_rdf({"@context": CREDENTIAL, **odd, "name": {"@context": {"x": "urn:x"}}}, BUNDLED))
    assert (found.kind, found.pointer) == (UNDECIDABLE, "/@context")
    found = problem(lambda: to_rdf({"@context": "https://unknown.example/", **odd}, BUNDLED))
    assert found.kind is UNDECIDABLE
    assert to_rdf({"@context": [CREDENTIALS_V2], **odd, "@id": "urn:s"}, BUNDLED) == [("<urn:o>", "<urn:r>", "<urn:s>", "")]


def test_what_one_says_about_a_url_is_nothing_to_another() -> None:
    for name in "ab":
        known = Contexts({"https://c.example/": {"@context": {"p": f"urn:{name}"}}})
        document: dict[str, Json] = {"@context": "https://c.example/", "@id": "urn:s", "p": {"@set": ["x"]}}
        assert to_rdf(document, known) == [("<urn:s>", f"<urn:{name}>", '"x"', "")]


def test_a_context_that_names_another() -> None:
    known = Contexts(
        {
            "https://c.example/": {"@context": {"p": {"@id": "urn:p", "@context": "https://d.example/"}}},
            "https://d.example/": {"@context": {"q": "urn:q"}},
        }
    )
    document: dict[str, Json] = {"@context": "https://c.example/", "p": {"q": "x"}}
    assert len(to_rdf(document, known)) == 2


def test_a_frozen_document_is_converted_too() -> None:
    document: Any = freeze(about(CONTEXT, p={"@set": ["x"]}))
    assert to_rdf(document, BUNDLED, inline=True) == [("<urn:s>", f"<{E}p>", '"x"', "")]


def test_there_is_an_end_to_what_is_left_to_it() -> None:
    many: list[Json] = [{"@set": []} for _ in range(survey.MAX_OBJECTS)]
    assert problem(lambda: to_rdf({"urn:p": many}, BUNDLED)).kind is LIMIT_EXCEEDED
    types: list[Json] = ["urn:T"] * (survey.MAX_TYPES + 1)
    assert problem(lambda: to_rdf({"@type": types, "urn:p": {"@set": []}}, BUNDLED)).kind is LIMIT_EXCEEDED
    assert problem(lambda: to_rdf({"urn:p": 10**400, "urn:q": {"@set": []}}, BUNDLED)).kind is DATA_LOSS_DETECTION_ERROR


def test_a_long_chain_of_terms_is_refused() -> None:
    chain: dict[str, Json] = {f"t{number}": f"t{number + 1}" for number in range(900)}
    document: dict[str, Json] = {"@context": {**chain, "t900": "urn:t"}, "t0": "x"}
    assert walked(document) is None
    assert problem(lambda: to_rdf(document, BUNDLED, inline=True)).detail == fallback.FAILS


@pytest.mark.parametrize("innermost", ['"x"', '{"@set": ["x"]}'])
def test_the_deepest_document_is_converted_or_refused(innermost: str) -> None:
    depth = 60
    text = '{"urn:p":' * depth + innermost + "}" * depth
    assert len(to_rdf(parse_object(text), BUNDLED)) == depth
