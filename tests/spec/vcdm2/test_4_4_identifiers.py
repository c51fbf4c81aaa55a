"""VCDM 2.0, section 4.4: identifiers."""

import pytest

from sayso.jsonvalue import Json, JsonObject
from tests.spec.vcdm2.documents import MALFORMED, a_credential, a_presentation, found, found_in_presentation

NO_URLS: list[Json] = [None, "", "no url", "https ://not-a-url/vcs/1", 5, {}, ["did:example:one", "did:example:two"], ["did:example:one"]]


@pytest.mark.parametrize("identifier", ["https://example.org/credentials/1", "urn:uuid:0b1c", "did:example:a#b", "mailto:ada@example.org"])
def test_dm_3_an_identifier_is_a_url(identifier: str) -> None:
    """DM-3."""
    assert found(a_credential(id=identifier, issuer=identifier, credentialSubject={"id": identifier})) == []
    assert found_in_presentation(a_presentation(id=identifier, holder=identifier)) == []


@pytest.mark.parametrize("identifier", NO_URLS)
def test_dm_3_anything_else_is_malformed(identifier: Json) -> None:
    """DM-3, DM-16: one URL."""
    assert found(a_credential(id=identifier)) == [(MALFORMED, "/id")]
    assert found_in_presentation(a_presentation(id=identifier)) == [(MALFORMED, "/id")]


@pytest.mark.parametrize("identifier", NO_URLS)
@pytest.mark.parametrize(
    ("member", "place"),
    [
        ("credentialSubject", "/credentialSubject/id"),
        ("credentialStatus", "/credentialStatus/id"),
        ("credentialSchema", "/credentialSchema/id"),
        ("evidence", "/evidence/id"),
        ("termsOfUse", "/termsOfUse/id"),
        ("refreshService", "/refreshService/id"),
        ("issuer", "/issuer/id"),
    ],
)
def test_dm_3_in_every_object(identifier: Json, member: str, place: str) -> None:
    """DM-3: it applies to every object's `id`."""
    holder: JsonObject = {"type": "https://example.org/#Type", "id": identifier}
    assert found(a_credential(**{member: holder})) == [(MALFORMED, place)]


def test_dm_3_however_deep() -> None:
    """DM-3."""
    subject: Json = {"degrees": [[{"from": {"id": "nowhere"}}], {"id": None}, 1, "x", [2]]}
    assert found(a_credential(credentialSubject=subject)) == [
        (MALFORMED, "/credentialSubject/degrees/0/0/from/id"),
        (MALFORMED, "/credentialSubject/degrees/1/id"),
    ]
