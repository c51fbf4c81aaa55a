"""Documents to break, and what is said about them."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from sayso.credentials import credential, presentation
from sayso.credentials.claims_path import Location
from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.credentials.kinds import Context, CredentialType, reading_of
from sayso.errors import DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR, UNDECIDABLE, ProblemType, SaysoError
from sayso.jsonvalue import JsonObject

MALFORMED = MALFORMED_VALUE_ERROR.title
OPEN = UNDECIDABLE.title
LOST = DATA_LOSS_DETECTION_ERROR.title

ISSUER = "did:example:city"
HOLDER = "did:example:ada"
CARD_CONTEXT = "https://example.org/contexts/card/v1"
CARD = CredentialType(
    "Card",
    context=Context(
        CARD_CONTEXT,
        {term: f"https://example.org/vocabulary#{term}" for term in ("Card", "given_name", "address", "street", "Terms", "logo")},
    ),
)


def a_credential(**members: Any) -> JsonObject:
    """Give a conforming credential whose terms are all undefined ones, with other members; `context` stands for `@context`."""
    document: JsonObject = {
        "@context": members.pop("context", [CREDENTIALS_V2, UNDEFINED_TERMS_V2]),
        "type": ["VerifiableCredential", "Card"],
        "issuer": ISSUER,
        "credentialSubject": {"id": HOLDER, "given_name": "Ada"},
    }
    return document | members


def a_card(**members: Any) -> JsonObject:
    """Give a conforming credential whose terms CARD defines, with other members."""
    return a_credential(**{"context": [CREDENTIALS_V2, CARD_CONTEXT]} | members)


def a_presentation(*credentials: Any, **members: Any) -> JsonObject:
    """Give a conforming presentation, with other members; `context` stands for `@context`."""
    document: JsonObject = {"@context": members.pop("context", [CREDENTIALS_V2]), "type": "VerifiablePresentation"}
    if credentials:
        document["verifiableCredential"] = [*credentials]
    return document | members


def without(document: JsonObject, *names: str) -> JsonObject:
    """Leave members out."""
    return {name: value for name, value in document.items() if name not in names}


def found(document: JsonObject, kinds: Sequence[CredentialType] = (CARD,), hiding: Collection[Location] = ()) -> list[tuple[str, str]]:
    """Give the title and place of every problem of a credential."""
    return [(problem.title, problem.pointer) for problem in credential.conformance_problems(document, reading_of(kinds), hiding)]


def found_in_presentation(document: JsonObject, kinds: Sequence[CredentialType] = (CARD,)) -> list[tuple[str, str]]:
    """Give the title and place of every problem of a presentation."""
    return [(problem.title, problem.pointer) for problem in presentation.conformance_problems(document, reading_of(kinds))]


@contextmanager
def refused(kind: ProblemType, place: str) -> Iterator[None]:
    """Expect the error of one problem, of a kind and at a place."""
    with pytest.raises(SaysoError) as caught:
        yield
    assert [(problem.kind, problem.pointer) for problem in caught.value.problems] == [(kind, place)]
