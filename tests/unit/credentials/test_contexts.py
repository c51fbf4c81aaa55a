"""The bundled contexts: byte for byte what is published, and what they make of terms."""

import hashlib
import json

import pytest

from sayso.credentials.contexts.bundled import CONTEXTS, CREDENTIALS_V2, UNDEFINED_TERMS_V2, content, terms
from sayso.credentials.contexts.layout import Layout, Node, serialize
from tests.support import shared

PUBLISHED = {CREDENTIALS_V2: "credentials-v2.jsonld", UNDEFINED_TERMS_V2: "undefined-terms-v2.jsonld"}


@pytest.mark.parametrize("url", CONTEXTS)
def test_a_context_has_the_published_digest(url: str) -> None:
    assert hashlib.sha256(content(url)).hexdigest() == CONTEXTS[url].sha256


def test_the_published_urls_and_digests() -> None:
    """DM-18; the second digest is that of the published file."""
    assert {url: bundled.sha256 for url, bundled in CONTEXTS.items()} == {
        "https://www.w3.org/ns/credentials/v2": "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        "https://www.w3.org/ns/credentials/undefined-terms/v2": "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
    }


@pytest.mark.parametrize("url", CONTEXTS)
def test_a_context_is_the_published_file(url: str) -> None:
    assert content(url) == shared("vectors", "contexts", PUBLISHED[url]).read_bytes()


def test_another_context_does_not_come_with_the_library() -> None:
    for look_up in (content, terms):
        with pytest.raises(KeyError):
            look_up("https://www.w3.org/2018/credentials/v1")


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
        ({"a": {"é": "b"}}, Layout(), '{\n  "@context": {\n    "a": {\n      "é": "b"\n    }\n  }\n}\n'),
        ({"a": {"b": "c", "d": "e"}}, Layout(inline=True), '{\n  "@context": {\n    "a": {"b": "c", "d": "e"}\n  }\n}\n'),
        (({"a": "b"},), Layout(inline=True), '{\n  "@context": {\n    "a": "b"\n  }\n}\n'),
    ],
)
def test_a_layout(context: Node, layout: Layout, text: str) -> None:
    assert serialize(context, layout).decode() == text
