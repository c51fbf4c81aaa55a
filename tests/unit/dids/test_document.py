"""DID documents are read for their keys; what is malformed is refused, what is only unknown waits until it is asked for."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.dids.document import (
    RELATIONSHIPS,
    DidDocument,
    UnreadableMethod,
    VerificationMethod,
    of_one_key,
    parse,
)
from sayso.encodings import multibase
from sayso.errors import INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, INVALID_VERIFICATION_METHOD, UNDECIDABLE, ProblemType, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, freeze
from sayso.keys import jwk, multikey
from sayso.keys.ecdsa import CurveName
from tests.unit.dids.world import DID, KEY, OTHER_KEY, URL, document, method
from tests.unit.keys.test_ecdsa import NAMES, signer

JWK = jwk.encode(KEY)
PUBLISHED_SECRET = multibase.encode_base58btc(b"\x80\x26" + bytes(32))
P256 = multikey.encode_any(signer("P-256").public_key)
X25519 = "z6LShs9GGnqk85isEBzzshkuVWrVKsRp24GnDuHk8QWkARMW"
SERVICE: JsonObject = {"id": "#files", "type": "Files", "serviceEndpoint": "https://example.org/"}


def _refused(value: JsonObject, place: str) -> bool:
    with pytest.raises(SaysoError) as refused:
        parse(value)
    problem = refused.value.problems[0]
    assert (problem.kind, problem.pointer) == (INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, place)
    return True


def test_a_document_is_read() -> None:
    read = parse(document(method(), authentication=["#key-1"], service=[SERVICE], alsoKnownAs=["did:example:x"]))
    assert read.id == DID
    assert dict(read.methods) == {URL: VerificationMethod(URL, DID, KEY)}
    assert dict(read.relationships) == {"authentication": (URL,), "assertionMethod": (URL,)}


def test_a_frozen_document_is_read_too() -> None:
    value = freeze(document(method(), keyAgreement=[method(id="#key-2")]))
    assert isinstance(value, dict)
    assert parse(value) == parse(document(method(), keyAgreement=[method(id="#key-2")]))


@pytest.mark.parametrize("context", ["https://www.w3.org/ns/did/v1", ["https://www.w3.org/ns/did/v1.1"], [{"id": "@type"}], None], ids=repr)
def test_did_2_its_context_is_not_looked_at(context: Json) -> None:
    """DID-2: a document is read by the names of DID 1.1, whatever its `@context` says."""
    assert parse({**document(method()), "@context": context}) == parse(document(method()))


def test_the_smallest_document_says_nothing() -> None:
    assert parse({"id": DID}) == DidDocument(Did(DID), {}, {})


def test_what_is_read_cannot_be_changed() -> None:
    read: Any = parse(document(method()))
    with pytest.raises(TypeError):
        read.methods[URL] = VerificationMethod(URL, DID, OTHER_KEY)
    with pytest.raises(TypeError):
        read.relationships["authentication"] = (URL,)


@pytest.mark.parametrize(
    "member",
    [
        method(),
        method(type="Ed25519VerificationKey2020"),
        method(type="JsonWebKey", publicKeyJwk=JWK, publicKeyMultibase=None),
        method(type="JsonWebKey2020", publicKeyJwk={**JWK, "kid": "key-1", "use": "sig"}, publicKeyMultibase=None),
        method(id="#key-1", unknown=[1]),
    ],
)
def test_each_way_to_write_an_ed25519_key_is_read(member: JsonObject) -> None:
    found = parse(document(member)).methods[URL]
    assert isinstance(found, VerificationMethod)
    assert (found.key, found.controller, found.expires, found.revoked) == (KEY, DID, None, None)


@pytest.mark.parametrize("name", NAMES)
def test_each_way_to_write_an_ecdsa_key_is_read_and_written(name: CurveName) -> None:
    key = signer(name).public_key
    public = jwk.encode_any(key)
    for member, written in (
        (method(publicKeyMultibase=multikey.encode_any(key)), "Multikey"),
        (method(type="JsonWebKey", publicKeyJwk=public, publicKeyMultibase=None), "JsonWebKey"),
        (method(type="JsonWebKey2020", publicKeyJwk={**public, "kid": "key-1"}, publicKeyMultibase=None), "JsonWebKey"),
    ):
        read = parse(document(member))
        found = read.methods[URL]
        assert isinstance(found, VerificationMethod)
        assert (found.key, found.format) == (key, written)
        assert parse(read.to_json()) == read


def test_expires_and_revoked_are_read() -> None:
    found = parse(document(method(expires="2026-12-01T00:00:00Z", revoked="2026-11-21T14:00:00+02:00"))).methods[URL]
    assert isinstance(found, VerificationMethod)
    assert found.expires == datetime(2026, 12, 1, tzinfo=UTC)
    assert found.revoked == datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "kind", "place"),
    [
        # malformed
        ({"type": None}, INVALID_VERIFICATION_METHOD, "/type"),
        ({"type": ["Multikey"]}, INVALID_VERIFICATION_METHOD, "/type"),
        ({"controller": None}, INVALID_VERIFICATION_METHOD, "/controller"),
        ({"controller": [DID]}, INVALID_VERIFICATION_METHOD, "/controller"),
        ({"controller": "me"}, INVALID_VERIFICATION_METHOD, "/controller"),
        ({"publicKeyMultibase": None}, INVALID_VERIFICATION_METHOD, "/publicKeyMultibase"),
        ({"publicKeyMultibase": 1}, INVALID_VERIFICATION_METHOD, "/publicKeyMultibase"),
        ({"publicKeyMultibase": "z0"}, INVALID_VERIFICATION_METHOD, "/publicKeyMultibase"),
        ({"publicKeyMultibase": multikey.encode(KEY)[:-1] + "!"}, INVALID_VERIFICATION_METHOD, "/publicKeyMultibase"),
        ({"publicKeyMultibase": PUBLISHED_SECRET}, INVALID_VERIFICATION_METHOD, "/publicKeyMultibase"),
        ({"publicKeyJwk": JWK}, INVALID_VERIFICATION_METHOD, ""),
        ({"type": "JsonWebKey", "publicKeyJwk": JWK}, INVALID_VERIFICATION_METHOD, ""),
        ({"type": "JsonWebKey"}, INVALID_VERIFICATION_METHOD, "/publicKeyJwk"),
        ({"type": "JsonWebKey", "publicKeyJwk": "x", "publicKeyMultibase": None}, INVALID_VERIFICATION_METHOD, "/publicKeyJwk"),
        (
            {"type": "JsonWebKey", "publicKeyJwk": {**JWK, "d": "x"}, "publicKeyMultibase": None},
            INVALID_VERIFICATION_METHOD,
            "/publicKeyJwk",
        ),
        (
            {"type": "JsonWebKey", "publicKeyJwk": {**JWK, "use": "enc"}, "publicKeyMultibase": None},
            INVALID_VERIFICATION_METHOD,
            "/publicKeyJwk/use",
        ),
        ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": P256}, INVALID_VERIFICATION_METHOD, "/publicKeyMultibase"),
        ({"publicKeyMultibase": P256[:-1]}, INVALID_VERIFICATION_METHOD, "/publicKeyMultibase"),
        (
            {"type": "JsonWebKey", "publicKeyJwk": {"kty": "EC", "crv": "P-256"}, "publicKeyMultibase": None},
            INVALID_VERIFICATION_METHOD,
            "/publicKeyJwk/x",
        ),
        ({"secretKeyMultibase": "z"}, INVALID_VERIFICATION_METHOD, ""),
        ({"privateKeyJwk": {}}, INVALID_VERIFICATION_METHOD, ""),
        ({"expires": "2026-12-01"}, INVALID_VERIFICATION_METHOD, "/expires"),
        ({"revoked": "2026-12-01T00:00:00"}, INVALID_VERIFICATION_METHOD, "/revoked"),
        ({"expires": 1_800_000_000}, INVALID_VERIFICATION_METHOD, "/expires"),
        # not read here
        ({"type": "Ed25519VerificationKey2018"}, UNDECIDABLE, "/type"),
        ({"type": "EcdsaSecp256r1VerificationKey2019"}, UNDECIDABLE, "/type"),
        ({"publicKeyMultibase": X25519}, UNDECIDABLE, "/publicKeyMultibase"),
        (
            {"type": "JsonWebKey", "publicKeyJwk": {"kty": "EC", "crv": "secp256k1"}, "publicKeyMultibase": None},
            UNDECIDABLE,
            "/publicKeyJwk",
        ),
        ({"type": "JsonWebKey2020", "publicKeyJwk": {"kty": "RSA", "n": "x"}, "publicKeyMultibase": None}, UNDECIDABLE, "/publicKeyJwk"),
    ],
)
def test_a_method_that_cannot_be_used_waits_until_it_is_asked_for(changed: dict[str, Json], kind: ProblemType, place: str) -> None:
    read = parse(document(method(**changed), method(id="#key-2")))
    found = read.methods[URL]
    assert isinstance(found, UnreadableMethod)
    assert (found.id, found.problem.kind, found.problem.pointer) == (URL, kind, "/verificationMethod/0" + place)
    assert isinstance(read.methods[DID + "#key-2"], VerificationMethod)


def test_a_null_date_is_not_an_absent_one() -> None:
    for name in ("expires", "revoked"):
        found = parse(document({**method(), name: None})).methods[URL]
        assert isinstance(found, UnreadableMethod)
        assert found.problem.pointer == f"/verificationMethod/0/{name}"


def test_a_method_embedded_in_a_relationship_stands_among_the_others() -> None:
    read = parse(document(method(), authentication=[method(id="#key-2"), "#key-1", URL.replace("1", "3")]))
    assert list(read.methods) == [URL, DID + "#key-2"]
    assert read.relationships["authentication"] == (DID + "#key-2", URL, DID + "#key-3")
    assert read.relationships["assertionMethod"] == (URL,)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({}, "/id"),
        ({"id": None}, "/id"),
        ({"id": "https://example.org/"}, "/id"),
        ({"id": URL}, "/id"),
        ({"id": [DID]}, "/id"),
        (document(controller=None), "/controller"),
        (document(controller="me"), "/controller"),
        (document(controller=[DID, 1]), "/controller"),
        (document(controller={"id": DID}), "/controller"),
        ({"id": DID, "verificationMethod": None}, "/verificationMethod"),
        ({"id": DID, "verificationMethod": method()}, "/verificationMethod"),
        (document("did:example:org#key-1"), "/verificationMethod/0"),
        (document(method(id=None)), "/verificationMethod/0"),
        (document(method(), None), "/verificationMethod/1"),
        (document(method(id=1)), "/verificationMethod/0"),
        (document(method(id="key-1")), "/verificationMethod/0/id"),
        (document(method(id="#key 1")), "/verificationMethod/0/id"),
        (document(method(id="")), "/verificationMethod/0/id"),
        (document(method(), method(id="#key-1")), "/verificationMethod/1/id"),
        (document(method(), method(type="Unknown")), "/verificationMethod/1/id"),
        (document(method(), authentication=[method()]), "/authentication/0/id"),
        (document(method(), authentication=URL), "/authentication"),
        (document(method(), keyAgreement=None), "/keyAgreement"),
        (document(method(), authentication=[1]), "/authentication/0"),
        (document(method(), authentication=["key-1"]), "/authentication/0"),
        (document(method(), authentication=[URL, "#key-1"]), "/authentication"),
        (document(service=SERVICE), "/service"),
        (document(service=["#files"]), "/service/0"),
        (document(service=[SERVICE, {**SERVICE, "id": 1}]), "/service/1"),
        (document(service=[{"id": "#files", "type": "Files"}]), "/service/0"),
        (document(service=[{"id": "#files", "serviceEndpoint": "https://example.org/"}]), "/service/0"),
        (document(service=[{**SERVICE, "id": "files"}]), "/service/0/id"),
        (document(service=[SERVICE, {**SERVICE, "id": DID + "#files"}]), "/service/1/id"),
    ],
)
def test_a_malformed_document_is_refused_at_its_place(value: JsonObject, place: str) -> None:
    assert _refused(value, place)


def test_controllers_are_one_url_or_several() -> None:
    several: list[Json] = [DID, "https://example.org/"]
    for controller in (DID, several, list[Json]()):
        assert parse(document(controller=controller)).id == DID


def test_services_are_looked_at_and_not_kept() -> None:
    more: list[Json] = [SERVICE, {"id": DID + "#two", "type": ["A", "B"], "serviceEndpoint": [{"uri": "https://example.org/"}]}]
    assert parse(document(service=more)) == parse(document())


def test_a_document_of_one_key() -> None:
    made = of_one_key(Did(DID), URL, KEY)
    assert made.to_json() == {
        "@context": ["https://www.w3.org/ns/did/v1.1"],
        "id": DID,
        "verificationMethod": [{"id": URL, "type": "Multikey", "controller": DID, "publicKeyMultibase": multikey.encode(KEY)}],
        "authentication": [URL],
        "assertionMethod": [URL],
        "capabilityInvocation": [URL],
        "capabilityDelegation": [URL],
    }


def test_a_document_is_written_as_it_is_read() -> None:
    references: list[Json] = ["#jwk", "did:example:else#key"]
    read = parse(
        document(
            method(expires="2026-12-01T00:00:00Z", revoked="2026-11-30T00:00:00Z"),
            method(id="#jwk", type="JsonWebKey", publicKeyJwk=JWK, publicKeyMultibase=None),
            **dict.fromkeys(RELATIONSHIPS, references),
        )
    )
    written = read.to_json()
    assert parse(written) == read
    assert written["verificationMethod"] == [
        method(expires="2026-12-01T00:00:00Z", revoked="2026-11-30T00:00:00Z"),
        {"id": DID + "#jwk", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": JWK},
    ]


def test_what_could_not_be_read_is_not_written() -> None:
    assert parse(document(method(type="Unknown"))).to_json()["verificationMethod"] == []
