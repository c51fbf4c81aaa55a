"""Follow the `credentialSchema` of a credential to its schemas."""

from collections.abc import Callable
from typing import Literal, NamedTuple, TypeAlias

from sayso.credentials import digests, related_resources
from sayso.credentials.claims_path import Location
from sayso.credentials.json_schema.validation import MAX_WORK, validate
from sayso.credentials.shapes import includes
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, SCHEMA_MISMATCH, UNDECIDABLE, Problem, SaysoError, pointer
from sayso.jsonvalue import Json, JsonObject, Limits, parse
from sayso.retrieval import Retrieve, Steps, done

MEDIA_TYPE = "application/schema+json"

MAX_SCHEMAS = 4
"""The most schemas of one credential: each may cost a retrieval. What work is accepted is shared by all."""

MAX_SCHEMA_BYTES = 256 * 1024
"""The size of one schema above which it is refused."""

JSON_SCHEMA_CREDENTIAL = "https://www.w3.org/ns/credentials/json-schema/v2.json"
"""The schema of credentials that hold schemas; it is known, and never retrieved."""

# VC JSON Schema, section 3.2 (JS-1)
_ITS_DIGEST = "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW"
_LIMITS = Limits(size_bytes=MAX_SCHEMA_BYTES)

Problems: TypeAlias = tuple[Problem, ...]


class SchemaEntry(NamedTuple):
    """Hold one entry of `credentialSchema`, as it is.

    `place` is where it stands in the credential, `url` its `id` ("" where that is no string), `members` what it holds.

    Source: VCDM 2.0, section 4.11 (DM-10); VC JSON Schema, section 3 (JS-1).
    """

    place: Location
    kind: Literal["JsonSchema", "JsonSchemaCredential", "unknown"]
    url: str
    members: JsonObject


SchemaOf: TypeAlias = Callable[[SchemaEntry], Steps[JsonObject]]
"""Retrieve and verify the credential that an entry names, and give the schema in it; raises a SaysoError where that fails."""


def schema_entries(document: JsonObject) -> list[SchemaEntry]:
    """Give every entry of `credentialSchema`; what is none comes as an unknown one.

    Source: VCDM 2.0, section 4.11 (DM-10); VC JSON Schema, section 3 (JS-1).

    >>> [entry.kind for entry in schema_entries({"credentialSchema": {"id": "https://example.org/1", "type": "JsonSchema"}})]
    ['JsonSchema']
    """
    value = document.get("credentialSchema", [])
    items = value if isinstance(value, list) else [value]
    return [_entry(item, ("credentialSchema", *((index,) if items is value else ()))) for index, item in enumerate(items)]


def _entry(item: Json, place: Location) -> SchemaEntry:
    members = item if isinstance(item, dict) else {}
    url, types = members.get("id"), members.get("type")
    if not isinstance(url, str):
        return SchemaEntry(place, "unknown", "", members)
    if includes(types, "JsonSchema"):
        return SchemaEntry(place, "JsonSchema", url, members)
    return SchemaEntry(place, "JsonSchemaCredential" if includes(types, "JsonSchemaCredential") else "unknown", url, members)


def undecided(entry: SchemaEntry) -> Steps[JsonObject]:
    """Refuse to verify a credential with a schema: for those who have no pipeline at hand.

    Raises:
        SaysoError: UNDECIDABLE.
    """
    raise SaysoError.of(UNDECIDABLE, f"the schema is in a credential that is not verified here, at {pointer(*entry.place)}")


def schema_problems(document: JsonObject, schema_of: SchemaOf = undecided, *, max_work: int = MAX_WORK) -> Steps[Problems]:
    """Say what keeps a credential from following its schemas; nothing, if it follows all of them.

    A place where it does not follow one is SCHEMA_MISMATCH there. What is not retrieved is not decided, at the entry; a kind of schema that
    is not known is ignored.

    Args:
        document: the credential, as it was verified.
        schema_of: what gives the schemas in entries of type `JsonSchemaCredential`.
        max_work: as `schema.validate`, for all schemas together.

    Source: VC JSON Schema, sections 3 and 4 (JS-1 to JS-4).
    """
    entries = schema_entries(document)
    if len(entries) > MAX_SCHEMAS:
        return (Problem(LIMIT_EXCEEDED, "more schemas of one credential than are accepted", pointer("credentialSchema")),)
    found: list[Problem] = []
    for entry in entries:
        try:
            found.extend((yield from _problems(document, entry, schema_of, max_work // len(entries))))
        except SaysoError as error:
            found.extend(error.under(*entry.place).problems)
    return tuple(found)


def _problems(document: JsonObject, entry: SchemaEntry, schema_of: SchemaOf, max_work: int) -> Steps[Problems]:
    if entry.kind == "unknown":
        return (yield from done(()))  # VC-JOSE-COSE, section 5.1 (VJ-10): what is not understood is ignored
    if entry.url == JSON_SCHEMA_CREDENTIAL:
        return (yield from done(_problems_of_schema_credential(document)))
    if entry.kind == "JsonSchemaCredential":
        schema = yield from schema_of(entry)
    else:
        retrieved = yield Retrieve(entry.url, MEDIA_TYPE, MAX_SCHEMA_BYTES, "the schema of the credential")
        changed = digest_problems(document, entry, retrieved.body)
        if changed:
            return changed
        schema = _parsed(retrieved.body, entry.url)
    outcome = validate(schema, document, max_work=max_work)
    # A mismatch has its place in the credential; what cannot be decided has that of the entry.
    return tuple(problem if problem.decided else problem.under(*entry.place) for problem in outcome.problems)


def digest_problems(document: JsonObject, entry: SchemaEntry, body: bytes) -> Problems:
    """Say what the digests that a credential gives of a schema, in its entry and as a related resource, have against what was retrieved.

    Source: VCDM 2.0, section 5.3 (DM-13, DM-14).
    """
    named = [(entry.members, entry.place), *(found for found in related_resources.entries(document) if found[0]["id"] == entry.url)]
    return tuple(problem.under(*place) for item, place in named for problem in digests.problems(item, body))


def _parsed(body: bytes, url: str) -> JsonObject:
    schema = parse(body, _LIMITS)
    if not isinstance(schema, dict):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "the schema is no object")
    # (JS-2) An `$id` says which schema this is: it is the one that was asked for, or another one.
    identifier = schema.get("$id")
    if isinstance(identifier, str) and identifier.removesuffix("#") != url.removesuffix("#"):
        raise SaysoError.of(SCHEMA_MISMATCH, "the schema says it is another one: its $id is not its URL")
    return schema


def schema_of_credential(document: JsonObject) -> JsonObject:
    """Give the schema that a credential of type `JsonSchemaCredential` holds; whether the credential holds is not looked at.

    Source: VC JSON Schema, section 3.2 (JS-1).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, with every place where it is none.
    """
    subject = document.get("credentialSubject")
    members = subject if isinstance(subject, dict) else {}
    schema = members.get("jsonSchema")
    own = document.get("credentialSchema")
    rules = (
        (includes(document.get("type"), "JsonSchemaCredential"), "its type is JsonSchemaCredential", ("type",)),
        (isinstance(subject, dict), "its subject is one object", ("credentialSubject",)),
        (includes(members.get("type"), "JsonSchema"), "its subject is a JsonSchema", ("credentialSubject", "type")),
        (isinstance(schema, dict), "its subject holds a schema", ("credentialSubject", "jsonSchema")),
        (_is_its_own(own), "its own schema is that of credentials with schemas", ("credentialSchema",)),
    )
    found = [
        Problem(MALFORMED_VALUE_ERROR, f"a credential with a schema: {rule}", pointer(*place)) for held, rule, place in rules if not held
    ]
    if found or not isinstance(schema, dict):
        raise SaysoError(*found)
    return schema


def _is_its_own(entry: Json) -> bool:
    if isinstance(entry, list) and len(entry) == 1:
        (entry,) = entry
    return (
        isinstance(entry, dict)
        and entry.get("id") == JSON_SCHEMA_CREDENTIAL
        and includes(entry.get("type"), "JsonSchema")
        and entry.get("digestSRI", _ITS_DIGEST) == _ITS_DIGEST
    )


def _problems_of_schema_credential(document: JsonObject) -> Problems:
    # The published schema asks for what is asked for here.
    try:
        schema_of_credential(document)
    except SaysoError as error:
        return tuple(Problem(SCHEMA_MISMATCH, problem.detail, problem.pointer) for problem in error.problems)
    return ()
