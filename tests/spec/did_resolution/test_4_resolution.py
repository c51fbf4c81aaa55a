"""DID Resolution, section 4: the result of resolving a DID (DID-3 to DID-5)."""

import asyncio
from typing import Any

import pytest

from sayso.dids import did_key
from sayso.dids.doors import resolve, resolve_async
from sayso.dids.results import error_of, word_of
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    DEACTIVATED,
    FEATURE_NOT_SUPPORTED,
    INTERNAL_ERROR,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID,
    INVALID_DID,
    INVALID_DID_DOCUMENT,
    INVALID_DID_URL,
    INVALID_OPTIONS,
    METHOD_NOT_SUPPORTED,
    NOT_FOUND,
    REPRESENTATION_NOT_SUPPORTED,
    RETRIEVAL_REFUSED,
    UNDECIDABLE,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import Json
from sayso.retrieval import Retrieve, Retrieved
from tests.spec.did_resolution.world import AT, DID, DOCUMENT, EARLIER, KEY, WORLD

DID_KEY = "did:key:" + KEY


def fetch(_retrieve: Retrieve) -> Retrieved:
    return Retrieved(b"")


async def afetch(_retrieve: Retrieve) -> Retrieved:
    return Retrieved(b"")


def result(did: str = DID, /, **options: Json) -> dict[str, Any]:
    return resolve(did, options, at=AT, fetch=fetch, methods=WORLD)


def failed(found: dict[str, Any]) -> str:
    assert (found["didDocument"], found["didDocumentMetadata"]) == (None, {})
    (error,) = found["didResolutionMetadata"].values()
    assert error.keys() == {"type", "title", "detail"}
    return str(error["type"])


def test_did_3_the_three_parts_of_a_result() -> None:
    """DID-3: didResolutionMetadata, didDocument and didDocumentMetadata."""
    assert result() == {
        "didResolutionMetadata": {"contentType": "application/did"},
        "didDocument": DOCUMENT,
        "didDocumentMetadata": {"versionId": "2"},
    }
    assert asyncio.run(resolve_async(DID, at=AT, fetch=afetch, methods=WORLD)) == result()


def test_did_3_a_method_without_a_world() -> None:
    assert resolve(DID_KEY, at=AT)["didDocument"] == did_key.view(DID_KEY)
    assert resolve(DID_KEY, {"enableEncryptionKeyDerivation": True, "publicKeyFormat": "JsonWebKey"}, at=AT)["didDocument"] == did_key.view(
        DID_KEY, "JsonWebKey", agreement=True
    )


@pytest.mark.parametrize("expanding", [False, True])
def test_a_result_is_the_callers_own(*, expanding: bool) -> None:
    first: Any = resolve(DID_KEY, {"expandRelativeUrls": expanding}, at=AT)["didDocument"]
    for member in first.values():
        if isinstance(member, list):
            member.clear()
    again: Any = resolve(DID_KEY, at=AT)["didDocument"]
    assert again["@context"]
    assert again == did_key.view(DID_KEY)


def test_did_3_a_deactivated_did_has_no_document() -> None:
    """DID-3, DID-5: didDocument is null and deactivated true; there is no error."""
    found = result("did:example:gone")
    assert found == {"didResolutionMetadata": {}, "didDocument": None, "didDocumentMetadata": {"versionId": "3", "deactivated": True}}


@pytest.mark.parametrize("accept", ["application/did", "application/did+json", "application/did+ld+json"])
def test_did_2_the_names_of_the_one_representation(accept: str) -> None:
    assert result(accept=accept)["didResolutionMetadata"] == {"contentType": accept}


def test_did_3_relative_names_become_absolute_when_asked() -> None:
    """DID-3: expandRelativeUrls makes the ids of methods and services, and references to methods, absolute; and nothing else."""
    found = result(expandRelativeUrls=True)["didDocument"]
    assert [method["id"] for method in found["verificationMethod"]] == [f"{DID}#keys-1", f"{DID}#keys-2"]
    assert found["assertionMethod"] == [f"{DID}#keys-1", f"{DID}#keys-2"]
    assert [found["authentication"][0], found["authentication"][1]["id"]] == [f"{DID}#keys-1", f"{DID}#embedded"]
    names = ("messages", "linkedvp", "files", "whois", "map", "place")
    assert [service["id"] for service in found["service"]] == [f"{DID}#{name}" for name in names]
    assert (found["id"], found["@context"]) == (DID, DOCUMENT["@context"])
    assert result(expandRelativeUrls=False) == result(noCache=True) == result()


@pytest.mark.parametrize(
    "options", [{"versionId": "1"}, {"versionTime": "2026-01-01T00:00:00Z"}, {"versionNumber": 1}, {"versionNumber": "1"}]
)
def test_a_version_that_is_asked_for(options: dict[str, Json]) -> None:
    assert result(**options)["didDocument"] == EARLIER
    assert result(**options)["didDocumentMetadata"] == {"versionId": "1"}


@pytest.mark.parametrize(
    ("did", "options", "kind"),
    [
        ("did:example", {"unknown": 1}, INVALID_DID),
        (DID + "#keys-1", {}, INVALID_DID),
        ("", {}, INVALID_DID),
        ("did:unknown:a", {"unknown": 1}, METHOD_NOT_SUPPORTED),
        (DID, {"unknown": 1, "versionTime": "x"}, FEATURE_NOT_SUPPORTED),
        (DID, {"verificationRelationship": "authentication"}, FEATURE_NOT_SUPPORTED),
        (DID_KEY, {"versionId": "1"}, FEATURE_NOT_SUPPORTED),
        (DID, {"publicKeyFormat": "JsonWebKey"}, FEATURE_NOT_SUPPORTED),
        ("did:web:city.example", {"versionTime": "2026-01-01T00:00:00Z"}, FEATURE_NOT_SUPPORTED),
        ("did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", {}, FEATURE_NOT_SUPPORTED),
        (DID_KEY, {"publicKeyFormat": "x"}, INVALID_OPTIONS),
        (DID, {"versionId": 1}, INVALID_OPTIONS),
        (DID, {"versionTime": "2026-01-01T00:00:00.5Z"}, INVALID_OPTIONS),
        (DID, {"versionTime": "2026-01-01T00:00:00+01:00"}, INVALID_OPTIONS),
        (DID, {"versionTime": "2026-02-30T00:00:00Z"}, INVALID_OPTIONS),
        (DID, {"versionTime": 5}, INVALID_OPTIONS),
        (DID, {"versionNumber": 0}, INVALID_OPTIONS),
        (DID, {"versionNumber": True}, INVALID_OPTIONS),
        (DID, {"versionNumber": "01"}, INVALID_OPTIONS),
        (DID, {"versionNumber": 1.5}, INVALID_OPTIONS),
        (DID, {"expandRelativeUrls": "yes"}, INVALID_OPTIONS),
        (DID, {"noCache": 1}, INVALID_OPTIONS),
        (DID, {"accept": []}, INVALID_OPTIONS),
        (DID, {"accept": "text/uri-list"}, REPRESENTATION_NOT_SUPPORTED),
        (DID, {"accept": "application/did+cbor"}, REPRESENTATION_NOT_SUPPORTED),
        ("did:example:nobody", {}, NOT_FOUND),
        ("did:example:other", {}, INVALID_DID_DOCUMENT),
        ("did:example:bad", {}, INVALID_DID_DOCUMENT),
    ],
)
def test_did_5_each_failure_has_its_error(did: str, options: dict[str, Json], kind: ProblemType) -> None:
    """DID-5: syntax, method, options that are not supported, options that are malformed, what is not found, and the document."""
    assert failed(result(did, **options)) == kind.url


def test_did_5_what_is_unexpected_is_an_internal_error() -> None:
    """DID-5: here, a retrieval that nobody allowed."""
    found: dict[str, Any] = resolve(DID, at=AT, methods=WORLD)
    assert failed(found) == INTERNAL_ERROR.url
    assert "no fetcher was given" in found["didResolutionMetadata"]["error"]["detail"]


def test_did_4_the_words_of_did_1_0() -> None:
    """DID-4: DID 1.0 had words for errors; the URLs stand beside them."""
    found: Any = resolve("did:unknown:a", at=AT, error_form="1.0")["didResolutionMetadata"]
    assert found["error"] == "methodNotSupported"
    assert found["problemDetails"]["type"] == "https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED"
    assert {kind: word_of(kind) for kind in (INVALID_DID, INVALID_DID_URL, NOT_FOUND, REPRESENTATION_NOT_SUPPORTED, INTERNAL_ERROR)} == {
        INVALID_DID: "invalidDid",
        INVALID_DID_URL: "invalidDidUrl",
        NOT_FOUND: "notFound",
        REPRESENTATION_NOT_SUPPORTED: "representationNotSupported",
        INTERNAL_ERROR: "internalError",
    }


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        (INVALID_CONTROLLED_IDENTIFIER_DOCUMENT, INVALID_DID_DOCUMENT),
        (INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID, INVALID_DID_DOCUMENT),
        (UNDECIDABLE, FEATURE_NOT_SUPPORTED),
        (DEACTIVATED, NOT_FOUND),
        (RETRIEVAL_REFUSED, INTERNAL_ERROR),
        (CRYPTOGRAPHIC_SECURITY_ERROR, INTERNAL_ERROR),
        (NOT_FOUND, NOT_FOUND),
    ],
)
def test_did_4_other_problems_are_told_as_published_errors(kind: ProblemType, told: ProblemType) -> None:
    """DID-4: the errors are those that DID Resolution publishes."""
    assert error_of(SaysoError.of(kind, "")) is told


def test_a_naive_instant_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        resolve(DID_KEY, at=AT.replace(tzinfo=None))
