"""VCDM 2.0, section 4.5: types."""

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.jsonvalue import Json
from tests.spec.vcdm2.documents import (
    CARD_CONTEXT,
    LOST,
    MALFORMED,
    a_card,
    a_credential,
    a_presentation,
    found,
    found_in_presentation,
    without,
)

URL = "https://example.org/#Type"
EXTENSIONS = ["credentialStatus", "termsOfUse", "evidence", "refreshService", "credentialSchema", "confidenceMethod", "renderMethod"]


@pytest.mark.parametrize(
    "types",
    [
        "VerifiableCredential",
        ["VerifiableCredential"],
        ["Card", "VerifiableCredential"],
        ["VerifiableCredential", URL],
        [URL, "VerifiableCredential", "urn:example:type", "BitstringStatusListCredential"],
    ],
)
def test_dm_4_terms_and_urls_in_any_order(types: Json) -> None:
    """DM-4."""
    assert found(a_card(type=types)) == found(a_credential(type=types)) == []


@pytest.mark.parametrize("types", [None, [], "", {}, 5, True, [["VerifiableCredential"]], [None, "VerifiableCredential"]])
def test_dm_4_anything_else_is_malformed(types: Json) -> None:
    """DM-4: one or more terms or absolute URLs."""
    assert MALFORMED in {title for title, place in found(a_card(type=types)) if place.startswith("/type")}
    assert MALFORMED in {title for title, place in found_in_presentation(a_presentation(type=types)) if place.startswith("/type")}


@pytest.mark.parametrize(
    "types", ["Card", ["Card"], URL, ["https://www.w3.org/2018/credentials#VerifiableCredential"], "verifiableCredential"]
)
def test_dm_4_a_credential_says_that_it_is_one(types: Json) -> None:
    """DM-4: by the term, which brings the terms of a credential along."""
    assert found(a_credential(type=types)) == [(MALFORMED, "/type")]


def test_dm_4_it_is_required() -> None:
    """DM-4."""
    assert found(without(a_credential(), "type")) == [(MALFORMED, "/type")]
    assert found_in_presentation(without(a_presentation(), "type")) == [(MALFORMED, "/type")]


def test_dm_4_no_type_is_malformed_however_deep() -> None:
    """DM-4: one or more."""
    assert found(a_card(credentialSubject={"address": {"type": []}})) == [(MALFORMED, "/credentialSubject/address/type")]
    assert found(a_card(credentialStatus={"type": []})) == [(MALFORMED, "/credentialStatus/type")]


@pytest.mark.parametrize("name", ["Unheard", "", "id", "@json", "a b", "https ://not-a-url#Type", "#Type", "../Type"])
def test_dm_4_an_unmapped_type_would_be_lost(name: str) -> None:
    """DM-4: terms expand to absolute URLs."""
    # An empty one is malformed, the others mean nothing.
    for document, place in (
        (a_card(type=["VerifiableCredential", name]), "/type"),
        (a_card(credentialStatus={"type": name}), "/credentialStatus/type"),
        (a_card(credentialSubject={"address": {"type": [URL, name]}}), "/credentialSubject/address/type"),
    ):
        ((title, pointer),) = found(document)
        assert title in (LOST, MALFORMED)
        assert pointer in (place, f"{place}/1", "")  # where it is left to the complete processor it names no place


@pytest.mark.parametrize("name", ["", "@json", "a b", "Card\u0000", "https ://not-a-url#Type"])
def test_dm_4_undefined_terms_map_no_such_name(name: str) -> None:
    """DM-4: what they expand to is an absolute URL."""
    ((title, _),) = found(a_credential(type=["VerifiableCredential", name]))
    assert title in (LOST, MALFORMED)


def test_dm_4_undefined_terms_map_only_where_they_come_last() -> None:
    """DM-4, DM-15."""
    assert found(a_credential(context=[CREDENTIALS_V2, UNDEFINED_TERMS_V2, CARD_CONTEXT], type=["VerifiableCredential", "Unheard"])) == [
        (MALFORMED, "/@context")
    ]
    assert found(a_credential(context=[CREDENTIALS_V2, CARD_CONTEXT, UNDEFINED_TERMS_V2], type=["VerifiableCredential", "Unheard"])) == []


@pytest.mark.parametrize("member", EXTENSIONS)
def test_dm_5_objects_that_say_their_type(member: str) -> None:
    """DM-5, DM-9, DM-10, DM-12: one or more objects, each with a type."""
    whole: Json = {"id": "https://example.org/1", "type": URL}
    untyped: Json = {"id": "https://example.org/1"}
    assert found(a_card(**{member: whole})) == found(a_card(**{member: [whole, whole]})) == []
    assert found(a_card(**{member: untyped})) == [(MALFORMED, f"/{member}/type")]
    assert found(a_card(**{member: [whole, untyped]})) == [(MALFORMED, f"/{member}/1/type")]
    assert found(a_card(**{member: {"id": "https://example.org/1", "type": 2}})) == [(MALFORMED, f"/{member}/type")]


@pytest.mark.parametrize("member", EXTENSIONS)
@pytest.mark.parametrize("value", [None, [], "https://example.org/1", 5, True, [None], ["https://example.org/1"], [[{"type": URL}]]])
def test_dm_5_present_but_empty_is_malformed(member: str, value: Json) -> None:
    """DM-5: a null is malformed, never absent."""
    assert found(a_card(**{member: value})) == [(MALFORMED, f"/{member}/0" if value and isinstance(value, list) else f"/{member}")]
