"""VCDM 2.0, sections 4.6 and 11.1: names and descriptions, in one language or several."""

import pytest

from sayso.jsonvalue import Json
from tests.spec.vcdm2.documents import ISSUER, MALFORMED, a_card, found

GOOD: list[Json] = [
    "Card",
    "",
    {"@value": "Card"},
    {"@value": "Card", "@language": "en"},
    {"@value": "كارت", "@language": "ar", "@direction": "rtl"},
    {"@value": "Card", "@direction": "ltr"},
    [{"@value": "Card", "@language": "en"}, {"@value": "Carte", "@language": "fr"}, "Karte"],
]
BAD: list[Json] = [
    None,
    5,
    True,
    [],
    {},
    {"@language": "en"},
    {"@value": None},
    {"@value": 5, "@language": "en"},
    {"@value": "Card", "@language": None},
    {"@value": "Card", "@language": 5},
    {"@value": "Card", "@direction": "up"},
    {"@value": "Card", "@direction": None},
    {"@value": "Card", "@direction": ["ltr"]},
    {"@value": "Card", "@language": "en", "url": "did:example:credential"},
    {"@value": "Card", "@type": "https://example.org/#Type"},
    [None],
    [["Card"]],
    ["Card", {"@value": 5}],
]


@pytest.mark.parametrize("member", ["name", "description"])
@pytest.mark.parametrize("text", GOOD)
def test_dm_11_texts(member: str, text: Json) -> None:
    """DM-11."""
    assert found(a_card(**{member: text}, issuer={"id": ISSUER, member: text})) == []


@pytest.mark.parametrize("member", ["name", "description"])
@pytest.mark.parametrize("text", BAD)
def test_dm_11_anything_else_is_malformed(member: str, text: Json) -> None:
    """DM-11."""
    assert found(a_card(**{member: text})) == [(MALFORMED, f"/{member}")]
    assert found(a_card(issuer={"id": ISSUER, member: text})) == [(MALFORMED, f"/issuer/{member}")]


def test_section_11_1_claims_may_be_in_a_language_too() -> None:
    """Section 11.1; and other value objects may stand there too."""
    assert found(a_card(credentialSubject={"given_name": {"@value": "Ada", "@language": "en"}})) == []
    assert found(a_card(credentialSubject={"given_name": [{"@value": 5}]})) == []
    assert [title for title, _ in found(a_card(credentialSubject={"given_name": {"@value": "Ada", "@language": 5}}))] == [MALFORMED]
