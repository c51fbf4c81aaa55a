"""One walk from a document to quads: what each feature comes to, what is refused where, and what is left to the complete processor."""

from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.encodings.jsonld import walk
from sayso.encodings.jsonld.active import INITIAL
from sayso.encodings.jsonld.compiler import compiled_context
from sayso.encodings.jsonld.plans import plan, typed
from sayso.errors import DATA_LOSS_DETECTION_ERROR, LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE
from sayso.jsonvalue import Json, freeze
from tests.unit.encodings.jsonld.documents import BUNDLED, CREDENTIAL, E, about, lines, problem, said, walked, whole

BARE: dict[str, Json] = {"id": "@id", "type": "@type", "a": {"@id": E + "a", "@type": "@id"}, "b": E + "b", "nothing": None}
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


def test_a_credential() -> None:
    document: dict[str, Json] = {
        "@context": CREDENTIAL,
        "type": ["VerifiableCredential", "AlumniCredential"],
        "issuer": "did:example:city",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:ada", "degree": {"type": "Degree", "name": "BSc"}},
    }
    assert lines(document) == whole(document)
    assert lines(document) == [
        "<did:example:ada> <https://www.w3.org/ns/credentials/examples#degree> _:c14n0",
        f"_:c14n0 {TYPE} <https://www.w3.org/ns/credentials/examples#Degree>",
        '_:c14n0 <https://schema.org/name> "BSc"',
        f"_:c14n1 {TYPE} <https://www.w3.org/2018/credentials#VerifiableCredential>",
        f"_:c14n1 {TYPE} <https://www.w3.org/ns/credentials/examples#AlumniCredential>",
        "_:c14n1 <https://www.w3.org/2018/credentials#credentialSubject> <did:example:ada>",
        "_:c14n1 <https://www.w3.org/2018/credentials#issuer> <did:example:city>",
        '_:c14n1 <https://www.w3.org/2018/credentials#validFrom> "2026-01-01T00:00:00Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
    ]
    assert walk.quads(freeze(document), BUNDLED) == walked(document)


def test_a_proof_configuration() -> None:
    document: dict[str, Json] = {
        "@context": CREDENTIALS_V2,
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": "2026-01-01T00:00:00Z",
        "verificationMethod": "did:example:city#key",
        "proofPurpose": "authentication",
    }
    assert lines(document) == whole(document)
    assert "_:c14n0 <https://w3id.org/security#proofPurpose> <https://w3id.org/security#authenticationMethod>" in lines(document)


def test_a_credential_in_a_presentation_has_a_context_and_a_graph_of_its_own() -> None:
    document: dict[str, Json] = {
        "@context": [CREDENTIALS_V2],
        "type": "VerifiablePresentation",
        "verifiableCredential": [{"@context": CREDENTIAL, "type": "VerifiableCredential", "credentialSubject": {"alumniOf": "x"}}],
        "proof": {"type": "DataIntegrityProof", "nonce": "n"},
    }
    assert lines(document) == whole(document)
    assert sum(line.endswith("_:c14n0") or line.count("_:") >= 2 for line in lines(document)) >= 5
    document["verifiableCredential"] = {"type": "VerifiableCredential"}
    assert problem(lambda: walked(document)).pointer == "/verifiableCredential/type"


def test_scalars() -> None:
    assert said({}, a="x", b=1, c=1.5, d=True, e=None, f="\x01\x7f\u2028\ufffe") == [
        '<e:a> "x"',
        '<e:b> "1"^^<xsd:integer>',
        '<e:c> "1.5E0"^^<xsd:double>',
        '<e:d> "true"^^<xsd:boolean>',
        '<e:f> "\\u0001\\u007F\u2028\\uFFFE"',
    ]


def test_arrays_are_sets() -> None:
    assert said({}, a=["x", ["y", None, [1]], []], b={"@id": "urn:b"}) == [
        '<e:a> "1"^^<xsd:integer>',
        '<e:a> "x"',
        '<e:a> "y"',
        "<e:b> <urn:b>",
    ]


def test_coercions() -> None:
    context: dict[str, Json] = {
        "a": {"@id": E + "a", "@type": "@id"},
        "b": {"@id": E + "b", "@type": "@vocab"},
        "c": {"@id": E + "c", "@type": E + "dt"},
        "d": {"@id": E + "d", "@type": "@json"},
        "e": {"@id": E + "e", "@type": "@none", "@language": "en"},
        "f": {"@id": E + "f", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    }
    assert said(
        context, a=["urn:a", 1, {"id": "_:x"}], b=["Word", "urn:b", "_:x", 2], c=["x", True], d=[None, 1.0], e="x", f=["1.5E0", 1]
    ) == [
        '<e:a> "1"^^<xsd:integer>',
        "<e:a> <urn:a>",
        "<e:a> _:c14n0",
        '<e:b> "2"^^<xsd:integer>',
        "<e:b> <e:Word>",
        "<e:b> <urn:b>",
        "<e:b> _:c14n0",
        '<e:c> "true"^^<e:dt>',
        '<e:c> "x"^^<e:dt>',
        '<e:d> "[null,1]"^^<rdf:JSON>',
        '<e:e> "x"',
        '<e:f> "1.0E0"^^<xsd:double>',
        '<e:f> "1.5E0"^^<xsd:double>',
    ]
    assert said(context, d=None) == ['<e:d> "null"^^<rdf:JSON>']


def test_languages_and_directions() -> None:
    context: dict[str, Json] = {
        "@language": "De",
        "a": {"@id": E + "a", "@language": None},
        "b": {"@id": E + "b", "@direction": "rtl", "@language": "AR"},
        "c": {"@id": E + "c", "@direction": "ltr", "@language": None},
        "d": {"@id": E + "d", "@direction": None},
    }
    assert said(context, a="x", b="x", c="x", d="x", e=["x", {"@value": "x"}, {"@value": "x", "@language": "EN"}]) == [
        '<e:a> "x"',
        '<e:b> "x"^^<https://www.w3.org/ns/i18n#ar_rtl>',
        '<e:c> "x"^^<https://www.w3.org/ns/i18n#_ltr>',
        '<e:d> "x"@de',
        '<e:e> "x"',
        '<e:e> "x"@de',
        '<e:e> "x"@en',
    ]


def test_one_text_in_two_directions_is_said_twice() -> None:
    both = [{"@value": "x", "@language": "en", "@direction": direction} for direction in ("ltr", "rtl")]
    assert said({}, a=[*both, {"@value": "x", "@direction": "rtl"}]) == [
        '<e:a> "x"^^<https://www.w3.org/ns/i18n#_rtl>',
        '<e:a> "x"^^<https://www.w3.org/ns/i18n#en_ltr>',
        '<e:a> "x"^^<https://www.w3.org/ns/i18n#en_rtl>',
    ]


def test_value_objects() -> None:
    values = [
        {"@value": 1},
        {"@value": "x"},
        {"@value": "x", "@type": "Dt"},
        {"@value": 1, "@type": "Dt"},
        {"@value": {"a": 1}, "@type": "@json"},
    ]
    assert said({"a": {"@id": E + "a", "@type": "@id"}}, a=values) == [
        '<e:a> "1"^^<xsd:integer>',
        '<e:a> "1"^^<e:Dt>',
        '<e:a> "x"',
        '<e:a> "x"^^<e:Dt>',
        '<e:a> "{\\"a\\":1}"^^<rdf:JSON>',
    ]


def test_language_maps() -> None:
    context: dict[str, Json] = {"a": {"@id": E + "a", "@container": ["@language", "@set"], "@direction": "ltr"}}
    context["b"] = {"@id": E + "b", "@container": "@language"}
    assert said(context, a={"EN": "x", "@none": "y"}, b=[{"@value": "z"}], c={"de": None}) == [
        '<e:a> "x"^^<https://www.w3.org/ns/i18n#en_ltr>',
        '<e:a> "y"^^<https://www.w3.org/ns/i18n#_ltr>',
        '<e:b> "z"',
        "<e:c> _:c14n0",
    ]
    assert said(context, b={"en": ["x", None, "y"], "de": None, "@none": "z"}) == ['<e:b> "x"@en', '<e:b> "y"@en', '<e:b> "z"']


def test_lists() -> None:
    context: dict[str, Json] = {"a": {"@id": E + "a", "@container": "@list", "@type": "@id"}}
    head = "<urn:s> <https://e.org/ns#a> _:c14n"
    values: list[Json] = [["urn:x", None, 1], "urn:x", [["urn:x"], []], [{"@list": ["urn:x"]}], [{"id": "urn:x", "b": 1}]]
    for value in values:
        document = about(context, a=value)
        assert lines(document) == whole(document)
        assert any(line.startswith(head) for line in lines(document))
    assert said(context, a=[]) == ["<e:a> <rdf:nil>"]
    assert said(context, a=None, b=1) == ['<e:b> "1"^^<xsd:integer>']
    values = [["x"], "xy", [], [{"@value": "x", "@language": "en"}]]
    for value in values:
        document = about({}, a={"@list": value})
        assert lines(document) == whole(document)


def test_graphs() -> None:
    context: dict[str, Json] = {"a": {"@id": E + "a", "@container": "@graph", "@type": "@id"}}
    document = about(context, a=[{"id": "urn:x", "b": 1}, [{"b": {"id": "_:y"}, "c": {"id": "_:y"}}], None])
    assert lines(document) == whole(document)
    assert len({line.rsplit(" ", 1)[1] for line in lines(document) if "ns#b" in line}) == 2


def test_blank_nodes_are_labelled_anew() -> None:
    found = walked(about({}, a={"id": "_:b0"}, b={"c": 1}, d={"id": "_:b0"}))
    assert found is not None
    assert {quad[2] for quad in found if quad[2].startswith("_:")} == {"_:b0", "_:b1"}
    assert len(said({}, a={}, b={})) == 2


def test_types_bring_contexts_for_one_node_only() -> None:
    context: dict[str, Json] = {
        "T": {"@id": E + "T", "@context": {"p": "urn:p"}},
        "U": {"@id": E + "U", "@context": {"q": "urn:q"}},
    }
    document = about(context, type=["T", "U", "T"], p={"p": "x"}, q=1)
    assert lines(document) == whole(document)
    assert [line.split(" ", 1)[1] for line in lines(document)] == [
        f"{TYPE} <{E}T>",
        f"{TYPE} <{E}U>",
        "<urn:p> _:c14n0",
        '<urn:q> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        f'<{E}p> "x"',
    ]
    assert said(context, type=[], p=1) == ['<e:p> "1"^^<xsd:integer>']


def test_a_reference_is_read_in_the_context_of_the_type() -> None:
    context: dict[str, Json] = {"T": {"@id": E + "T", "@context": {"ex": {"@id": "https://ex.org/#", "@prefix": True}}}}
    document = about(context, type="T", p={"id": "ex:a"}, q={"id": "ex:a", "p": "x"})
    assert lines(document) == whole(document)
    assert f"<urn:s> <{E}p> <https://ex.org/#a>" in lines(document)
    assert f"<urn:s> <{E}q> <ex:a>" in lines(document)


def test_properties_bring_contexts_for_all_below() -> None:
    context: dict[str, Json] = {"a": {"@id": E + "a", "@type": "@vocab", "@context": {"w": "urn:w"}}}
    assert said(context, a="w") == ["<e:a> <urn:w>"]
    document = about(context, a={"w": {"w": 1}})
    assert lines(document) == whole(document)
    assert sum("<urn:w>" in line for line in lines(document)) == 2


def test_a_property_whose_context_forgets_it_coerces_nothing() -> None:
    context: dict[str, Json] = {"a": {"@id": E + "a", "@type": "@id", "@context": None}}
    assert said(context, a="urn:x") == ['<e:a> "urn:x"']


def test_a_nested_context() -> None:
    document = about({}, a={"@context": {"w": "urn:w"}, "w": 1})
    assert lines(document) == whole(document)
    document = about({}, a={"@context": None, "urn:w": 1})
    assert lines(document) == whole(document)


def test_what_was_found_out_is_remembered() -> None:
    active = compiled_context([{**BARE, "T": {"@id": "urn:T", "@context": {"x": "urn:x"}}}], BUNDLED, inline=True)
    assert plan(active, "b") is active.plans["b"]
    assert typed(active, "T") is active.typed["T"]
    assert typed(active, "T").active.memory is active.memory
    assert INITIAL.memory is not active.memory


def test_a_document_without_a_context() -> None:
    assert lines({"@id": "urn:s", "urn:p": "x"}) == ['<urn:s> <urn:p> "x"']


def test_a_context_of_a_property_may_be_wrong_only_where_it_is_used() -> None:
    first: dict[str, Json] = {
        "T": "urn:T",
        "p": {"@id": "urn:p", "@context": {"b": "T"}},
        "q": {"@id": "urn:q", "@context": {"b": "T", "T": "urn:U"}},
    }
    document: dict[str, Json] = {"@context": [first, {"T": None}], "p": 1}
    assert walked(document) is None
    document = {"@context": [first, {"T": {"@id": "urn:T", "@protected": True}}], "q": 1}
    found = problem(lambda: walked(document))
    assert (found.pointer, found.detail) == ("/q", "protected term redefinition")
    assert problem(lambda: whole(document)).detail == "protected term redefinition"


def test_prefixes_in_identifiers() -> None:
    assert said({"ex": "https://ex.org/#", "a": {"@id": E + "a", "@type": "@id"}}, a=["ex:x", "_:y", "urn:z"], b={"id": "ex:x"}) == [
        "<e:a> <https://ex.org/#x>",
        "<e:a> <urn:z>",
        "<e:a> _:c14n0",
        "<e:b> <https://ex.org/#x>",
    ]


@pytest.mark.parametrize(
    ("members", "pointer"),
    [
        ({"undefined": 1}, "/undefined"),
        ({"nothing": 1}, "/nothing"),
        ({"_:p": 1}, "/_:p"),
        ({"https://x/<": 1}, "/https:~1~1x~1<"),
        ({"@foo": 1}, "/@foo"),
        ({"b": [{}, {"undefined": None}]}, "/b/1/undefined"),
        ({"b": {"b": {"@list": ["x", {"undefined": 1}]}}}, "/b/b/1/undefined"),
        ({"id": "relative"}, "/id"),
        ({"a": ["urn:x", "relative"]}, "/a/1"),
        ({"b": {"id": ""}}, "/b/id"),
        ({"type": "Undefined"}, "/type"),
        ({"type": ["urn:T", "Undefined"]}, "/type"),
        ({"type": "nothing"}, "/type"),
        ({"b": {"@value": "x", "@language": "x_y"}}, "/b"),
        ({"b": 2**53 + 1}, "/b"),
        ({"w": "nothing"}, "/w"),
        ({"w": "relative"}, "/w"),
        ({"l": {"x_y": "z"}}, "/l/x_y"),
        ({"g": [[{"id": "relative"}]]}, "/g/0/0/id"),
    ],
)
def test_what_would_be_lost_is_refused_where_it_stands(members: dict[str, Json], pointer: str) -> None:
    context: dict[str, Json] = {
        **BARE,
        "w": {"@id": E + "w", "@type": "@vocab"},
        "l": {"@id": E + "l", "@container": "@language"},
        "g": {"@id": E + "g", "@container": "@graph"},
    }
    document: dict[str, Json] = {"@context": context, "b": "x", **members}
    found = problem(lambda: walked(document))
    assert (found.kind, found.pointer) == (DATA_LOSS_DETECTION_ERROR, pointer)
    assert problem(lambda: whole(document)).kind in {DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR}


@pytest.mark.parametrize(
    ("document", "kind", "pointer"),
    [
        ({"@context": "https://unknown.example/"}, UNDECIDABLE, "/@context"),
        ({"@context": [CREDENTIALS_V2, "https://unknown.example/"]}, UNDECIDABLE, "/@context/1"),
        ({"@context": CREDENTIAL, "a": {"@context": "https://unknown.example/"}}, UNDECIDABLE, "/a/@context"),
        ({"@context": [CREDENTIALS_V2, {"name": "urn:x"}]}, MALFORMED_VALUE_ERROR, "/@context"),
        ({"@context": [CREDENTIALS_V2, None]}, MALFORMED_VALUE_ERROR, "/@context"),
        ({"@context": {"T": {"@id": "urn:T", "@context": None}}, "@type": "T"}, UNDECIDABLE, "/@type"),
        ({"@context": {"a": {"@id": "urn:a", "@type": "http://www.w3.org/2001/XMLSchema#double"}}, "a": "5"}, UNDECIDABLE, "/a"),
        ({"urn:a": [{"@list": ["x", ["y"]]}]}, UNDECIDABLE, "/urn:a/0"),
        ({"urn:a": {"@value": "x", "@type": "rel"}}, MALFORMED_VALUE_ERROR, "/urn:a"),
    ],
)
def test_what_cannot_be_decided_or_is_malformed(document: Any, kind: object, pointer: str) -> None:
    found = problem(lambda: walked(document))
    assert (found.kind, found.pointer) == (kind, pointer)


def test_contexts_in_a_document_need_leave() -> None:
    document: dict[str, Json] = {"@context": [CREDENTIALS_V2, {"a": "urn:a"}]}
    found = problem(lambda: walk.quads(document, BUNDLED))
    assert (found.kind, found.pointer) == (UNDECIDABLE, "/@context/1")


def test_the_contexts_of_a_document_are_counted() -> None:
    nested: Any = [{"@context": [CREDENTIALS_V2] * count, "type": "VerifiableCredential"} for count in range(1, 12)]
    found = problem(lambda: walked({"@context": CREDENTIAL, "b": nested}))
    assert (found.kind, found.pointer) == (LIMIT_EXCEEDED, "/b/10/@context")


def test_the_types_of_a_document_are_counted() -> None:
    names = [f"T{number}" for number in range(40)]
    context: dict[str, Json] = {**BARE, **{name: {"@id": f"urn:{name}", "@context": {"p": f"urn:p:{name}"}} for name in names}}
    nodes: list[Json] = [{"type": [*names[:count]], "p": count} for count in range(1, 41) for _ in range(2)]
    nodes.append({"type": "T0"})
    assert walked({"@context": context, "b": nodes[:80]})
    nodes += [{"type": [*names[count:]], "p": count} for count in range(1, 20)]
    found = problem(lambda: walked({"@context": context, "b": nodes}))
    assert (found.kind, found.pointer) == (LIMIT_EXCEEDED, "/b/85/type")


@pytest.mark.parametrize(
    "members",
    [
        {"id": 1},
        {"id": "@type"},
        {"id": "_:"},
        {"id": "urn:x", "@id": "urn:y"},
        {"type": "T", "@type": "U"},
        {"type": 1},
        {"type": None},
        {"type": [1]},
        {"type": [{}]},
        {"type": "@json"},
        {"type": "_:t"},
        {"a": "@type"},
        {"a": "_:"},
        {"w": "@type"},
        {"@graph": []},
        {"@reverse": {}},
        {"@index": "i"},
        {"v": "x"},
        {"b": {"v": "x"}},
        {"b": {"@set": []}},
        {"b": {"@list": [], "@index": "i"}},
        {"b": {"@list": None}},
        {"type": "S", "b": {"@list": []}},
        {"l": {"@list": []}},
        {"k": {"v": "x"}},
        {"k": {"@none": 1}},
        {"k": {"@list": []}},
        {"g": "urn:x"},
        {"g": {"@value": "x"}},
        {"g": {"@list": []}},
        {"g": {"id": "urn:x"}},
        {"j": 1},
        {"i": {}},
        {"self": "x"},
        {"forget": {"en": "x"}},
        {"forgetlist": ["x"]},
        {"b": {"@value": None}},
        {"b": {"@value": []}},
        {"b": {"@value": {}, "@type": "T"}},
        {"b": {"@value": None, "@type": "T"}},
        {"b": {"@value": "x", "@type": 1}},
        {"b": {"@value": "x", "@type": "T", "@language": "en"}},
        {"b": {"@value": "x", "@type": "S"}},
        {"b": {"@value": 1, "@language": "en"}},
        {"b": {"@value": "x", "@language": 1}},
        {"b": {"@value": "x", "@direction": "up"}},
        {"b": {"@value": "x", "@direction": 1}},
        {"b": {"@value": "x", "@direction": []}},
        {"b": {"@value": {}}},
        {"b": {"@value": [], "@type": "T"}},
        {"b": {"@value": "x", "id": "urn:x"}},
        {"type": "Odd", "b": 1},
        {"type": "Idless", "b": {"id": "urn:x"}},
    ],
)
def test_what_is_unusual_is_left_to_the_complete_processor(members: dict[str, Json]) -> None:
    context: dict[str, Json] = {
        "@vocab": E,
        "id": "@id",
        "type": "@type",
        "v": "@value",
        "a": {"@id": E + "a", "@type": "@id"},
        "w": {"@id": E + "w", "@type": "@vocab"},
        "l": {"@id": E + "l", "@container": "@list"},
        "k": {"@id": E + "k", "@container": "@language"},
        "g": {"@id": E + "g", "@container": "@graph", "@type": "@id"},
        "j": {"@id": E + "j", "@container": "@list", "@type": "@json"},
        "i": {"@id": E + "i", "@container": "@index"},
        "self": {"@id": E + "self", "@context": {"self": "urn:self"}},
        "forget": {"@id": E + "forget", "@container": "@language", "@context": None},
        "forgetlist": {"@id": E + "forgetlist", "@container": "@list", "@context": None},
        "S": {"@id": E + "S", "@context": {"x": "urn:x"}},
        "Odd": {"@id": E + "Odd", "@context": {"kind": "@type"}},
        "Idless": {"@id": E + "Idless", "@context": {"name": "@id"}},
    }
    assert walked({"@context": context, "extra": "x", **members}) is None


@pytest.mark.parametrize("members", [{}, {"@id": "urn:x"}, {"urn:p": None}, {"urn:p": []}])
def test_a_document_that_says_nothing_is_left_to_the_complete_processor(members: dict[str, Json]) -> None:
    assert walked(members) is None
