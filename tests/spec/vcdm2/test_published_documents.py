"""VCDM 2.0 on the 120 unsigned documents of its test suite.

As the suite does, an issuer is added where a document leaves it to whoever issues, dates that are told in words become dates, and embedded
credentials are secured unless the document is about assertions of the holder.
"""

import json
from typing import Any

import pytest

from sayso.credentials import credential, presentation
from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.kinds import Context, CredentialType
from sayso.errors import Problem
from sayso.jsonvalue import JsonObject
from tests.spec.vcdm2.documents import ISSUER
from tests.support import SHARED, needs_shared

FOLDER = SHARED / "vectors" / "vcdm2" if SHARED else None
NAMES = sorted(path.stem for path in FOLDER.rglob("*.json")) if FOLDER else []
DATES = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2040-01-01T00:00:00Z"}
HOLDER_ASSERTS = "self-asserted"

pytestmark = needs_shared


def read(name: str) -> JsonObject:
    assert FOLDER is not None
    (path,) = FOLDER.rglob(f"{name}.json")
    document: dict[str, Any] = json.loads(path.read_bytes())
    if name.startswith("presentation"):
        if HOLDER_ASSERTS not in name:
            for embedded in document.get("verifiableCredential", ()):
                if isinstance(embedded, dict) and "issuer" in embedded:
                    embedded["proof"] = {"type": "DataIntegrityProof"}
        return document
    issuer = document.setdefault("issuer", ISSUER)
    if isinstance(issuer, dict):
        issuer.setdefault("id", ISSUER)
    return {member: DATES.get(value, value) if isinstance(value, str) else value for member, value in document.items()}


def problems(name: str, document: JsonObject, kinds: list[CredentialType]) -> tuple[Problem, ...]:
    if name.startswith("presentation"):
        return presentation.conformance_problems(document, kinds)
    return credential.conformance_problems(document, kinds)


def undecided_contexts(document: JsonObject) -> set[str]:
    """Give the places of the contexts that need JSON-LD processing: objects, and URLs that nobody brings along."""
    contexts = document.get("@context", [])
    assert isinstance(contexts, list)
    return {f"/@context/{index}" for index, item in enumerate(contexts) if item != CREDENTIALS_V2 and isinstance(item, str | dict)}


def expected(name: str) -> bool:
    """Tell whether the suite wants the document accepted; the three without a suffix show mistaken assertions of a holder (DM-22)."""
    return name.endswith("-ok")


def test_all_of_them_are_here() -> None:
    assert (len(NAMES), sum(map(expected, NAMES))) == (120, 65)


@pytest.mark.parametrize("name", NAMES)
def test_each_gets_the_published_verdict(name: str) -> None:
    """DM-2 to DM-22; where a context is an object or unknown, DM-17 leaves the question open, and that is no acceptance."""
    document = read(name)
    found = problems(name, document, [])
    if expected(name):
        assert {problem.pointer for problem in found} == undecided_contexts(document)
        assert not any(problem.decided for problem in found)
    else:
        assert found
        assert any(problem.decided for problem in found) or undecided_contexts(document)


def test_what_is_left_open() -> None:
    """DM-17: only these rules of the suite are refused without a verdict."""
    failing = [name for name in NAMES if not expected(name) and not any(problem.decided for problem in problems(name, read(name), []))]
    assert failing == [
        "credential-redef-type-fail",  # an inline context redefines a protected term
        "credential-redef-type2-fail",  # one inline context redefines another's protected term
        "credential-type-mapped-nonurl-fail",  # an inline context maps a type to something that is no URL
        "credential-type-unmapped-fail",  # an inline context takes the vocabulary away
    ]


def with_known_terms(document: JsonObject) -> tuple[JsonObject, list[CredentialType]]:
    """Give each context but the base a URL of its own and a credential type that brings it; those of the examples define what is used."""
    kinds: list[CredentialType] = []
    contexts: list[Any] = []
    given: Any = document.get("@context", [])
    for index, item in enumerate(given):
        terms = {"RelationshipCredential": "https://example.org/#RelationshipCredential"} if isinstance(item, str) else dict(item)
        url = item if item == CREDENTIALS_V2 else f"https://example.org/contexts/{index}"
        known = {term: iri for term, iri in terms.items() if not term.startswith("@")}
        if url != CREDENTIALS_V2 and known:
            kinds.append(CredentialType(next(iter(known)), context=Context(url, known)))
        if url == CREDENTIALS_V2 or known:
            contexts.append(url)
    return {**document, "@context": contexts}, kinds


@pytest.mark.parametrize("name", [name for name in NAMES if "-context-" not in name or expected(name)])
def test_with_known_terms_each_is_decided(name: str) -> None:
    """DM-4, DM-17: flat terms, brought along by credential types, decide all but one context that contradicts another."""
    try:
        document, kinds = with_known_terms(read(name))
    except ValueError:
        assert name in {"credential-redef-type-fail", "credential-type-mapped-nonurl-fail"}
        return
    found = problems(name, document, kinds)
    assert (found == ()) is expected(name)
    assert all(problem.decided for problem in found) or name == "credential-redef-type2-fail"
