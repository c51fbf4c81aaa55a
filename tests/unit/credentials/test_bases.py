"""A document that brings contexts of its own cannot bring a base that would make relative names absolute."""

from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.vocabulary import Reading, bundled, meaning_problems
from sayso.errors import DATA_LOSS_DETECTION_ERROR, UNDECIDABLE

BASE = {"@base": "https://example.org/"}
SUBJECT = {"id": "did:example:subject", "name": "Ada"}


def document(context: list[Any], **members: Any) -> dict[str, Any]:
    return {"@context": [CREDENTIALS_V2, *context], "type": ["VerifiableCredential"], "issuer": "did:example:city", **members}


@pytest.mark.parametrize(
    "value",
    [
        document([BASE], type=["VerifiableCredential", "Card"]),
        document([BASE], credentialSubject={"id": "ada", "name": "Ada"}),
        document([BASE], credentialSubject=SUBJECT),
        document([{"@base": None}], credentialSubject=SUBJECT),
        document([], credentialSubject={**SUBJECT, "@context": BASE, "type": "Card"}),
        document([{"about": {"@id": "https://example.org/#about", "@context": BASE}}], about={"type": "Card"}),
        document([[BASE]], credentialSubject=[SUBJECT]),
    ],
)
def test_a_base_is_refused(value: dict[str, Any]) -> None:
    """DI-3: with no base, what is relative would be lost."""
    assert [problem.kind for problem in meaning_problems(value, Reading(bundled(), inline=True))] == [DATA_LOSS_DETECTION_ERROR]


def test_other_contexts_are_not() -> None:
    value = document([{"about": "https://example.org/#about"}], credentialSubject=[{**SUBJECT, "about": "@base"}, SUBJECT])
    assert meaning_problems(value, Reading(bundled(), inline=True)) == ()
    assert [problem.kind for problem in meaning_problems(value, Reading(bundled()))] == [UNDECIDABLE]


def test_where_no_context_in_the_document_is_read_it_is_not_decided() -> None:
    value = document([BASE], credentialSubject=SUBJECT)
    assert [problem.kind for problem in meaning_problems(value, Reading(bundled()))] == [UNDECIDABLE]
