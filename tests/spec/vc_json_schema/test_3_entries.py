"""VC JSON Schema, section 3: the entries of `credentialSchema`, and what becomes of them."""

import hashlib
from base64 import b64encode
from json import dumps
from typing import Any

import pytest

from sayso.credentials.json_schema.entries import (
    JSON_SCHEMA_CREDENTIAL,
    MAX_SCHEMA_BYTES,
    MAX_SCHEMAS,
    SchemaEntry,
    schema_entries,
    schema_of_credential,
    schema_problems,
)
from sayso.encodings import multihash
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RETRIEVAL_REFUSED,
    SCHEMA_MISMATCH,
    UNDECIDABLE,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import Retrieve, Retrieved, Steps, done, drive, offline
from tests.spec.vc_json_schema.test_2_validation import DRAFT_2020_12, URL, a_schema
from tests.spec.vcdm2.documents import a_card, without

OTHER = "https://example.org/schemas/other"
ITS_DIGEST = "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW"
ADULT = a_schema(properties={"credentialSubject": {"required": ["age"]}})
BODY = dumps(ADULT).encode()
SRI = "sha384-" + b64encode(hashlib.sha384(BODY).digest()).decode()
WRONG = "sha384-" + b64encode(hashlib.sha384(b"").digest()).decode()


def an_entry(url: str = URL, type_: Json = "JsonSchema", **members: Any) -> JsonObject:
    return {"id": url, "type": type_, **members}


def found(document: JsonObject, body: bytes = BODY, **options: Any) -> list[tuple[ProblemType, str]]:
    """Give the kind and place of every problem, where every retrieval finds the same."""
    problems = drive(schema_problems(document, **options), lambda _: Retrieved(body))
    return [(problem.kind, problem.pointer) for problem in problems]


def test_js_1_each_entry_with_its_place() -> None:
    """JS-1."""
    entries: list[Json] = [
        an_entry(),
        an_entry(OTHER, ["JsonSchemaCredential", "Other"]),
        an_entry(type_="Other"),
        "schema",
        {"type": "JsonSchema"},
    ]
    assert schema_entries({"credentialSchema": entries}) == [
        SchemaEntry(("credentialSchema", 0), "JsonSchema", URL, an_entry()),
        SchemaEntry(("credentialSchema", 1), "JsonSchemaCredential", OTHER, an_entry(OTHER, ["JsonSchemaCredential", "Other"])),
        SchemaEntry(("credentialSchema", 2), "unknown", URL, an_entry(type_="Other")),
        SchemaEntry(("credentialSchema", 3), "unknown", "", {}),
        SchemaEntry(("credentialSchema", 4), "unknown", "", {"type": "JsonSchema"}),
    ]
    assert schema_entries({"credentialSchema": an_entry()}) == [SchemaEntry(("credentialSchema",), "JsonSchema", URL, an_entry())]
    assert schema_entries({}) == []


def test_js_1_a_schema_is_retrieved_and_followed() -> None:
    """JS-1, JS-4: the whole credential is looked at; a mismatch has its place in it."""
    asked: list[Retrieve] = []

    def fetch(retrieve: Retrieve) -> Retrieved:
        asked.append(retrieve)
        return Retrieved(BODY, "application/schema+json")

    document = a_card(credentialSchema=an_entry())
    (problem,) = drive(schema_problems(document), fetch)
    assert (problem.kind, problem.pointer) == (SCHEMA_MISMATCH, "/credentialSubject")
    assert asked == [Retrieve(URL, "application/schema+json", MAX_SCHEMA_BYTES, "the schema of the credential")]
    assert found(a_card(credentialSchema=an_entry(), credentialSubject={"age": 36})) == []
    assert found(a_card()) == []


def test_js_3_each_schema_is_told_of() -> None:
    """JS-3: several schemas; offline nothing is decided; a kind that is not known is ignored (VJ-10)."""
    document = a_card(credentialSchema=[an_entry(), an_entry(type_="Other"), an_entry()])
    assert found(document) == [
        (SCHEMA_MISMATCH, "/credentialSubject"),
        (SCHEMA_MISMATCH, "/credentialSubject"),
    ]
    refused = drive(schema_problems(document), offline)
    assert [(problem.kind, problem.pointer) for problem in refused] == [
        (RETRIEVAL_REFUSED, "/credentialSchema/0"),
        (RETRIEVAL_REFUSED, "/credentialSchema/2"),
    ]


def test_the_number_of_schemas_is_bounded() -> None:
    most = [an_entry(type_="Other")] * MAX_SCHEMAS
    assert found(a_card(credentialSchema=most)) == []
    assert found(a_card(credentialSchema=[*most, an_entry()])) == [(LIMIT_EXCEEDED, "/credentialSchema")]


def test_what_work_is_accepted_is_shared() -> None:
    subject: JsonObject = {"age": 36}
    one = a_card(credentialSubject=subject, credentialSchema=an_entry())
    two = a_card(credentialSubject=subject, credentialSchema=[an_entry(), an_entry()])
    assert found(one, max_work=1000) == found(two, max_work=2000) == []
    assert found(two, max_work=1000) == [(UNDECIDABLE, "/credentialSchema/0"), (UNDECIDABLE, "/credentialSchema/1")]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", PARSING_ERROR),
        (b'{"a": 1, "a": 2}', PARSING_ERROR),
        (b"[]", MALFORMED_VALUE_ERROR),
        (b" " * (MAX_SCHEMA_BYTES + 1), LIMIT_EXCEEDED),
        (dumps({"$schema": DRAFT_2020_12, "$id": OTHER}).encode(), SCHEMA_MISMATCH),
        (dumps({"$schema": "https://example.org/draft", "$id": URL}).encode(), UNDECIDABLE),
        (dumps(a_schema(type="odd")).encode(), UNDECIDABLE),
    ],
)
def test_what_is_no_schema_is_told_at_the_entry(body: bytes, kind: ProblemType) -> None:
    """JS-2; an `$id` that differs from the URL is judged."""
    assert found(a_card(credentialSchema=[an_entry()]), body) == [(kind, "/credentialSchema/0")]


def test_js_2_a_schema_without_a_name_or_a_draft() -> None:
    """JS-2."""
    assert found(a_card(credentialSchema=an_entry()), dumps(without(ADULT, "$id")).encode()) == [(SCHEMA_MISMATCH, "")]
    assert found(a_card(credentialSchema=an_entry()), dumps(ADULT | {"$id": 5}).encode()) == [(SCHEMA_MISMATCH, "")]
    assert found(a_card(credentialSchema=an_entry(), credentialSubject={"age": 1}), dumps(ADULT | {"$id": URL + "#"}).encode()) == []


@pytest.mark.parametrize(
    ("digests", "place"),
    [
        ({"digestSRI": SRI}, None),
        ({"digestMultibase": multihash.digest_multibase(BODY)}, None),
        ({"digestSRI": WRONG}, "/credentialSchema/digestSRI"),
        ({"digestMultibase": multihash.digest_multibase(b"")}, "/credentialSchema/digestMultibase"),
        ({"digestSRI": SRI, "digestMultibase": multihash.digest_multibase(b"")}, "/credentialSchema/digestMultibase"),
    ],
)
def test_dm_14_the_digest_of_the_entry(digests: JsonObject, place: str | None) -> None:
    """DM-14: a schema with another digest is not processed."""
    document = a_card(credentialSchema=an_entry() | digests)
    assert found(document) == [(SCHEMA_MISMATCH, "/credentialSubject") if place is None else (CRYPTOGRAPHIC_SECURITY_ERROR, place)]


def test_dm_13_the_digest_of_the_related_resource() -> None:
    """DM-13: whoever uses a related resource compares it."""
    document = a_card(credentialSchema=an_entry(), relatedResource=[{"id": OTHER, "digestSRI": WRONG}, {"id": URL, "digestSRI": SRI}])
    assert found(document) == [(SCHEMA_MISMATCH, "/credentialSubject")]
    document = a_card(credentialSchema=an_entry(), relatedResource=[{"id": OTHER, "digestSRI": SRI}, {"id": URL, "digestSRI": WRONG}])
    assert found(document) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/relatedResource/1/digestSRI")]


def a_schema_credential(**members: Any) -> JsonObject:
    """Give a credential that holds a schema, with other members."""
    return a_card(
        type=["VerifiableCredential", "JsonSchemaCredential"],
        credentialSchema={"id": JSON_SCHEMA_CREDENTIAL, "type": "JsonSchema", "digestSRI": ITS_DIGEST},
        credentialSubject={"id": URL, "type": "JsonSchema", "jsonSchema": ADULT},
    ) | members  # fmt: skip


def test_js_1_a_credential_with_a_schema() -> None:
    """JS-1: its own schema is known, and not retrieved; the digest may be left out."""
    document = a_schema_credential()
    assert schema_of_credential(document) == ADULT
    assert drive(schema_problems(document), offline) == ()
    own: Json = {"id": JSON_SCHEMA_CREDENTIAL, "type": ["JsonSchema"]}
    assert schema_of_credential(a_schema_credential(credentialSchema=[own])) == ADULT


@pytest.mark.parametrize(
    ("members", "place"),
    [
        ({"type": ["VerifiableCredential"]}, "/type"),
        ({"credentialSubject": {"type": "JsonSchema"}}, "/credentialSubject/jsonSchema"),
        ({"credentialSubject": {"type": "JsonSchema", "jsonSchema": "{}"}}, "/credentialSubject/jsonSchema"),
        ({"credentialSubject": {"type": "Schema", "jsonSchema": ADULT}}, "/credentialSubject/type"),
        ({"credentialSchema": None}, "/credentialSchema"),
        ({"credentialSchema": []}, "/credentialSchema"),
        ({"credentialSchema": {"id": URL, "type": "JsonSchema", "digestSRI": ITS_DIGEST}}, "/credentialSchema"),
        ({"credentialSchema": {"id": JSON_SCHEMA_CREDENTIAL, "type": "Schema"}}, "/credentialSchema"),
        ({"credentialSchema": {"id": JSON_SCHEMA_CREDENTIAL, "type": "JsonSchema", "digestSRI": WRONG}}, "/credentialSchema"),
        ({"credentialSchema": [{"id": JSON_SCHEMA_CREDENTIAL, "type": "JsonSchema"}, an_entry()]}, "/credentialSchema"),
    ],
)
def test_js_1_what_is_none(members: JsonObject, place: str) -> None:
    """JS-1."""
    with pytest.raises(SaysoError) as caught:
        schema_of_credential(a_schema_credential(**members))
    assert [(problem.kind, problem.pointer) for problem in caught.value.problems] == [(MALFORMED_VALUE_ERROR, place)]


def test_js_1_another_credential_does_not_follow_the_schema_of_schemas() -> None:
    """JS-1: what names it must be one."""
    entry = an_entry(JSON_SCHEMA_CREDENTIAL, digestSRI=ITS_DIGEST)
    assert drive(schema_problems(a_card(credentialSchema=entry)), offline)[0].kind == SCHEMA_MISMATCH
    assert found(a_card(credentialSchema=entry)) == [
        (SCHEMA_MISMATCH, "/type"),
        (SCHEMA_MISMATCH, "/credentialSubject/type"),
        (SCHEMA_MISMATCH, "/credentialSubject/jsonSchema"),
    ]
    with pytest.raises(SaysoError):
        schema_of_credential({"credentialSubject": [a_schema_credential()["credentialSubject"]]})


def test_js_1_a_schema_in_a_credential() -> None:
    """JS-1: whoever has a pipeline verifies it first; nobody else decides."""
    document = a_card(credentialSchema=[an_entry(OTHER, "JsonSchemaCredential")])
    assert found(document) == [(UNDECIDABLE, "/credentialSchema/0")]

    def verified(entry: SchemaEntry) -> Steps[JsonObject]:
        assert entry.url == OTHER
        return done(schema_of_credential(a_schema_credential()))

    def forged(_: SchemaEntry) -> Steps[JsonObject]:
        raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "forged", "proof")

    assert found(document, schema_of=verified) == [(SCHEMA_MISMATCH, "/credentialSubject")]
    assert found(document, schema_of=forged) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/credentialSchema/0/proof")]
