"""VCDM 2.0, section 4.3: contexts."""

import pytest

from sayso.credentials import credential
from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.credentials.kinds import Context, CredentialType, reading_of
from sayso.jsonvalue import Json, freeze
from tests.spec.vcdm2.documents import (
    CARD,
    CARD_CONTEXT,
    MALFORMED,
    OPEN,
    a_card,
    a_credential,
    a_presentation,
    found,
    found_in_presentation,
    without,
)

ELSEWHERE = "https://example.org/contexts/other/v1"


def test_dm_2_the_base_context_comes_first() -> None:
    """DM-2: an ordered array, item 0 the base context; also frozen, and also twice."""
    assert found(a_credential()) == found(a_card()) == []
    assert found({name: freeze(value) for name, value in a_credential().items()}) == []
    assert found(a_credential(context=[CREDENTIALS_V2, CREDENTIALS_V2, UNDEFINED_TERMS_V2])) == []
    assert found(a_card(context=[CREDENTIALS_V2, CARD_CONTEXT, CARD_CONTEXT])) == []


@pytest.mark.parametrize(
    "contexts",
    [
        None,
        [],
        {},
        5,
        CREDENTIALS_V2,  # a string is no array
        [UNDEFINED_TERMS_V2, CREDENTIALS_V2],
        ["https://www.w3.org/2018/credentials/v1", CREDENTIALS_V2],
        [[CREDENTIALS_V2], UNDEFINED_TERMS_V2],
        [CREDENTIALS_V2 + "#", UNDEFINED_TERMS_V2],
        [{}],
    ],
)
def test_dm_2_anything_else_is_malformed(contexts: Json) -> None:
    """DM-2."""
    assert (MALFORMED, "/@context") in found(a_credential(context=contexts))
    assert (MALFORMED, "/@context") in found_in_presentation(a_presentation(context=contexts))


def test_dm_2_it_is_required() -> None:
    """DM-2: `@context` MUST exist."""
    assert found(without(a_credential(), "@context")) == [(MALFORMED, "/@context")]
    assert found_in_presentation(without(a_presentation(), "@context")) == [(MALFORMED, "/@context")]


@pytest.mark.parametrize("item", [None, 123192875, True, "https ://not-a-url/contexts/example/v1", "", "contexts/v1", [ELSEWHERE]])
def test_dm_2_the_other_items_are_urls_or_objects(item: Json) -> None:
    """DM-2."""
    assert found(a_card(context=[CREDENTIALS_V2, item, CARD_CONTEXT])) == [(MALFORMED, "/@context/1")]


def test_dm_17_an_unknown_context_is_not_decided() -> None:
    """DM-17: it might redefine what is protected; its terms might be anything, and are not complained about."""
    document = a_credential(context=[CREDENTIALS_V2, ELSEWHERE], type=["VerifiableCredential", "Unheard"], credentialSubject={"of": 1})
    assert found(document) == [(OPEN, "/@context/1")]
    assert found(a_card(), kinds=()) == [(OPEN, "/@context/1")]
    assert found(a_card(), kinds=[CredentialType("Card")]) == [(OPEN, "/@context/1")]


def test_dm_17_a_context_inside_is_not_decided() -> None:
    """DM-17, DI-X1: in `@context`; and no part of the document has one of its own."""
    inline: Json = {"Card": "https://example.org/#Card"}
    assert found(a_credential(context=[CREDENTIALS_V2, inline])) == [(OPEN, "/@context/1")]
    assert found(a_card(credentialSubject={"@context": inline, "given_name": "Ada"})) == [(MALFORMED, "/credentialSubject/@context")]
    assert found(a_credential(credentialSubject={"@context": inline, "of": 1})) == [(MALFORMED, "/credentialSubject/@context")]


def test_dm_17_a_context_inside_is_read_where_that_is_named() -> None:
    """DM-2, DM-17: with its terms; and it cannot take a protected one."""
    reading = reading_of(inline=True)
    inline: Json = {"Card": "https://example.org/#Card", "given_name": "https://example.org/#name"}
    document = a_credential(context=[CREDENTIALS_V2, inline])
    assert credential.conformance_problems(document, reading) == ()
    redefined = a_credential(context=[CREDENTIALS_V2, {"VerifiableCredential": "https://example.org/#VerifiableCredential"}])
    (problem,) = credential.conformance_problems(redefined, reading)
    assert (problem.title, problem.detail) == (MALFORMED, "protected term redefinition")


def test_dm_17_one_context_does_not_change_another() -> None:
    """DM-17: terms are protected, so saying the same twice is fine, and a URL has one content."""
    assert CARD.context is not None
    again = CredentialType("Card", context=Context(ELSEWHERE, {"Card": CARD.context.terms["Card"]}))
    other = CredentialType("Card", context=Context(ELSEWHERE, {"Card": "https://example.org/another#Card"}))
    document = a_card(context=[CREDENTIALS_V2, CARD_CONTEXT, ELSEWHERE])
    assert found(document, kinds=[CARD, again]) == []
    assert found(document, kinds=[CARD, other]) == [(MALFORMED, "/@context")]
    with pytest.raises(ValueError, match=CARD_CONTEXT):
        reading_of([CARD, CredentialType("Card", context=Context(CARD_CONTEXT, {"Card": "https://example.org/another#Card"}))])


def test_dm_18_the_base_context_is_already_loaded() -> None:
    """DM-18: nothing is asked from anywhere."""
    assert found(a_credential(context=[CREDENTIALS_V2], type="VerifiableCredential", credentialSubject={"name": "Ada"}), kinds=()) == []


@pytest.mark.parametrize("name", ["@id", "@type", "@graph", "@reverse", "@included"])
def test_keywords_have_no_place(name: str) -> None:
    """Sections 4.4, 4.5 and 6.1: `id` and `type`, which everybody reads who reads JSON."""
    assert found(a_credential(**{name: "https://example.org/"})) == [(MALFORMED, f"/{name}")]
    assert found(a_credential(credentialSubject={"given_name": "Ada", name: "x"})) == [(MALFORMED, f"/credentialSubject/{name}")]
