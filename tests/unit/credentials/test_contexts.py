"""The bundled contexts: byte for byte what is published, and what they make of terms."""

import hashlib
import json
import subprocess
import sys
from typing import Any

import pytest
from pyld import jsonld

from sayso.credentials.contexts.bundled import (
    CID_V1,
    CONTEXTS,
    CREDENTIALS_V1,
    CREDENTIALS_V2,
    DATA_INTEGRITY_V2,
    DID_V1,
    DID_V1_1,
    ED25519_2020_V1,
    EXAMPLES_V2,
    JWK_V1,
    MULTIKEY_V1,
    STATUS_V1,
    UNDEFINED_TERMS_V2,
    content,
    document,
    terms,
)
from sayso.credentials.contexts.layout import Layout, Node, serialize
from tests.support import shared

PUBLISHED = {
    CREDENTIALS_V2: "credentials-v2",
    UNDEFINED_TERMS_V2: "undefined-terms-v2",
    EXAMPLES_V2: "examples-v2",
    CREDENTIALS_V1: "credentials-v1",
    DATA_INTEGRITY_V2: "data-integrity-v2",
    MULTIKEY_V1: "multikey-v1",
    JWK_V1: "jwk-v1",
    ED25519_2020_V1: "ed25519-2020-v1",
    CID_V1: "cid-v1",
    DID_V1_1: "did-v1.1",
    DID_V1: "did-v1",
    STATUS_V1: "status-v1",
}


@pytest.mark.parametrize("url", CONTEXTS)
def test_a_context_has_the_published_digest(url: str) -> None:
    assert hashlib.sha256(content(url)).hexdigest() == CONTEXTS[url].sha256


def test_the_published_urls_and_digests() -> None:
    """DM-18, DI-4; where no specification prints a digest, it is that of the published file."""
    assert {url: bundled.sha256 for url, bundled in CONTEXTS.items()} == {
        "https://www.w3.org/ns/credentials/v2": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "https://www.w3.org/ns/credentials/undefined-terms/v2": "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
        "https://www.w3.org/ns/credentials/examples/v2": "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c",
        "https://www.w3.org/2018/credentials/v1": "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
        "https://w3id.org/security/data-integrity/v2": "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
        "https://w3id.org/security/multikey/v1": "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597",
        "https://w3id.org/security/jwk/v1": "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece",
        "https://w3id.org/security/suites/ed25519-2020/v1": "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
        "https://www.w3.org/ns/cid/v1": "ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85",
        "https://www.w3.org/ns/did/v1.1": "ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85",
        "https://www.w3.org/ns/did/v1": "4f3eae5568c9c5f036a082088f9e192019ee06faa78973c87ff91d5421b88dad",
        "https://www.w3.org/ns/credentials/status/v1": "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7",
    }


@pytest.mark.parametrize("url", CONTEXTS)
def test_a_context_is_the_published_file(url: str) -> None:
    published = shared("vectors", "contexts", f"{PUBLISHED[url]}.jsonld").read_bytes()
    assert content(url) == published
    assert document(url) == json.loads(published)


def test_did_1_1_and_controlled_identifiers_have_one_context() -> None:
    assert document(DID_V1_1) == document(CID_V1)
    assert content(DID_V1_1) == content(CID_V1)


@pytest.mark.parametrize("url", CONTEXTS)
def test_a_document_is_read_once_and_nobody_can_change_it(url: str) -> None:
    whole = document(url)
    assert whole == json.loads(content(url))
    assert document(url) is whole
    with pytest.raises(TypeError):
        whole["@context"] = {}
    with pytest.raises(TypeError):
        whole["@context"]["type"] = "https://example.org/type"  # type: ignore[index, call-overload]


def test_another_context_does_not_come_with_the_library() -> None:
    for look_up in (content, document, terms):
        with pytest.raises(KeyError):
            look_up("https://w3id.org/security/v2")


def test_contexts_are_imported_when_they_are_asked_for() -> None:
    asked = "import sys; from sayso.credentials.contexts.bundled import MULTIKEY_V1, content; {}; print(*sorted(sys.modules))"
    folder = "sayso.credentials.contexts."
    modules = {folder + bundled.module for bundled in CONTEXTS.values()}
    for statement, imported in (("None", set[str]()), ("content(MULTIKEY_V1)", {folder + "multikey_v1"})):
        printed = subprocess.run([sys.executable, "-c", asked.format(statement)], check=True, capture_output=True, text=True).stdout
        assert modules.intersection(printed.split()) == imported


@pytest.mark.parametrize(
    ("url", "type", "term", "iri"),
    [
        (CREDENTIALS_V2, "VerifiableCredential", "issuer", "https://www.w3.org/2018/credentials#issuer"),
        (CREDENTIALS_V1, "VerifiableCredential", "issuer", "https://www.w3.org/2018/credentials#issuer"),
        (UNDEFINED_TERMS_V2, "Card", "issuer", "https://www.w3.org/ns/credentials/undefined-term#issuer"),
        (EXAMPLES_V2, "Card", "issuer", "https://www.w3.org/ns/credentials/examples#issuer"),
        (DATA_INTEGRITY_V2, "DataIntegrityProof", "verificationMethod", "https://w3id.org/security#verificationMethod"),
        (ED25519_2020_V1, "Ed25519Signature2020", "verificationMethod", "https://w3id.org/security#verificationMethod"),
        (MULTIKEY_V1, "Multikey", "controller", "https://w3id.org/security#controller"),
        (JWK_V1, "JsonWebKey", "controller", "https://w3id.org/security#controller"),
        (CID_V1, "Multikey", "controller", "https://w3id.org/security#controller"),
        (DID_V1_1, "JsonWebKey", "controller", "https://w3id.org/security#controller"),
        (DID_V1, "", "authentication", "https://w3id.org/security#authenticationMethod"),
        (STATUS_V1, "BitstringStatusListEntry", "statusListCredential", "https://www.w3.org/ns/credentials/status#statusListCredential"),
    ],
)
def test_a_processor_of_json_ld_takes_a_document_as_it_is(url: str, type: str, term: str, iri: str) -> None:
    def load(asked: str, _: dict[str, Any]) -> dict[str, Any]:
        return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": asked, "document": document(asked)}

    node = {"@context": url, **({"type": type} if type else {}), term: "https://example.org/1"}
    options: Any = {"documentLoader": load}
    (expanded,) = jsonld.expand(node, options)
    assert [next(iter(value.values())) for value in expanded[iri]] == ["https://example.org/1"]


def test_terms_are_flat() -> None:
    base = terms(CREDENTIALS_V2)
    definitions = json.loads(content(CREDENTIALS_V2))["@context"]
    assert set(base.iris) == {term for term in definitions if not term.startswith("@")} - {"id", "type"}
    assert base.iris["name"] == "https://schema.org/name"
    assert base.iris["cnf"] == "https://www.iana.org/assignments/jwt#cnf"
    assert base.scoped["VerifiableCredential"] >= {"issuer", "credentialSubject", "validFrom"}
    assert base.scoped["statusMessage"] == {"message", "status"}
    assert base.scoped["verifiableCredential"] == frozenset()
    assert base.literals == {"jsonSchema", "jwk", "_sd"}
    assert terms(UNDEFINED_TERMS_V2).iris == {}


def test_terms_with_prefixes() -> None:
    """The base context of VCDM 1.1 has prefixes inside, so the terms of its types are named and not expanded."""
    old = terms(CREDENTIALS_V1)
    assert old.iris["VerifiableCredential"] == "https://www.w3.org/2018/credentials#VerifiableCredential"
    assert old.scoped["VerifiableCredential"] >= {"issuer", "issuanceDate", "credentialSubject"}
    assert not any(iri.startswith(("cred:", "sec:", "xsd:")) for iri in old.iris.values())


def test_nobody_can_change_what_a_term_means() -> None:
    for view in (CONTEXTS, terms(CREDENTIALS_V2).iris, terms(CREDENTIALS_V2).scoped):
        with pytest.raises(TypeError):
            view["name"] = "https://example.org/name"  # type: ignore[index]


@pytest.mark.parametrize(
    ("context", "layout", "text"),
    [
        ({"a": "b"}, Layout(), '{\n  "@context": {\n    "a": "b"\n  }\n}\n'),
        ({"a": "b"}, Layout(end=""), '{\n  "@context": {\n    "a": "b"\n  }\n}'),
        (({"a": 1.1}, {"b": None, "c": True}), Layout(), '{\n  "@context": {\n    "a": 1.1,\n\n    "b": null,\n    "c": true\n  }\n}\n'),
        # `    "a": "b",` has 13 columns
        ({"a": "b"}, Layout(width=13), '{\n  "@context": {\n    "a": "b"\n  }\n}\n'),
        ({"a": "b"}, Layout(width=12), '{\n  "@context": {\n    "a":\n      "b"\n  }\n}\n'),
        ({"a": "b"}, Layout(width=12, unbroken="a"), '{\n  "@context": {\n    "a": "b"\n  }\n}\n'),
        ({"a": "b"}, Layout(width=12, unbroken="b"), '{\n  "@context": {\n    "a":\n      "b"\n  }\n}\n'),
        ({"a": "b", "c": "d"}, Layout(slipped="c"), '{\n  "@context": {\n    "a": "b",    \n    "c": "d"\n  }\n}\n'),
        ({"a": {"é": "b"}}, Layout(), '{\n  "@context": {\n    "a": {\n      "é": "b"\n    }\n  }\n}\n'),
        ({"a": {"b": "c", "d": "e"}}, Layout(inline=True), '{\n  "@context": {\n    "a": {"b": "c", "d": "e"}\n  }\n}\n'),
        (({"a": "b"},), Layout(inline=True), '{\n  "@context": {\n    "a": "b"\n  }\n}\n'),
    ],
)
def test_a_layout(context: Node, layout: Layout, text: str) -> None:
    assert serialize(context, layout).decode() == text
