"""Credential types, and what the terms of a document expand to."""

import copy
import pickle
from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.credentials.kinds import Context, CredentialType, listed, reading_of
from sayso.credentials.vocabulary import expanded_types
from sayso.jsonvalue import Json

URL = "https://example.org/contexts/card/v1"
TERMS = {"Card": "https://example.org/#Card", "urn": "https://example.org/#urn", "name": "https://schema.org/name"}
VC = "https://www.w3.org/2018/credentials#VerifiableCredential"
UNDEFINED = "https://www.w3.org/ns/credentials/undefined-term#"
CARD = CredentialType(
    "Card",
    context=Context(URL, TERMS),
    vct="https://example.org/types/card",
    labels={"birthdate": {"en": "Date of birth", "nb": "Fødselsdato"}, ("address", "city"): {"en": "City"}},
    disclosable=["birthdate", ("address", "city")],
    visible={"nationality"},
    predicates={"age_over_18": "birthdate"},
)


def test_a_plain_name_means_undefined_terms() -> None:
    plain = CredentialType("IdentityCard")
    assert plain.iri == f"{UNDEFINED}IdentityCard"
    assert plain.contexts == (CREDENTIALS_V2, UNDEFINED_TERMS_V2)
    assert (plain.vct, plain.disclosable, plain.visible, plain.labels, plain.predicates) == (None, None, frozenset(), {}, {})


def test_a_context_defines_the_name() -> None:
    assert CARD.iri == "https://example.org/#Card"
    assert CARD.contexts == (CREDENTIALS_V2, URL)
    assert CARD.disclosable == {"birthdate", ("address", "city")}
    assert CARD.labels["birthdate"]["nb"] == "Fødselsdato"


def test_a_name_may_be_a_url_or_a_term_of_the_base_context() -> None:
    assert CredentialType("https://example.org/#Card").iri == "https://example.org/#Card"
    assert CredentialType("BitstringStatusListCredential").iri == "https://www.w3.org/ns/credentials/status#BitstringStatusListCredential"


def test_nobody_can_change_a_type() -> None:
    terms, texts = dict(TERMS), {"en": "Name"}
    kind: Any = CredentialType("Card", context=Context(URL, terms), labels={"name": texts}, predicates={"adult": "birthdate"})
    terms["Card"] = texts["en"] = "changed"
    assert (kind.iri, kind.context.terms["Card"], kind.labels["name"]["en"]) == (TERMS["Card"], TERMS["Card"], "Name")
    with pytest.raises(AttributeError):
        kind.name = "Other"
    for view, key in ((kind.context.terms, "Card"), (kind.labels, "name"), (kind.labels["name"], "en"), (kind.predicates, "adult")):
        with pytest.raises(TypeError):
            view[key] = "changed"


def test_a_type_is_a_value() -> None:
    for twin in (copy.copy(CARD), copy.deepcopy(CARD), pickle.loads(pickle.dumps(CARD))):  # noqa: S301 - what was pickled on the same line
        assert twin == CARD
        assert hash(twin) == hash(CARD)
    plain = CredentialType("Card")
    assert pickle.loads(pickle.dumps(plain)) == plain != CARD  # noqa: S301


@pytest.mark.parametrize(
    "described",
    [
        {"name": ""},
        {"name": "Identity Card"},
        {"name": "Card\ud800"},
        {"name": "@type"},
        {"name": "id"},
        {"name": "Other", "context": Context(URL, TERMS)},
        {"name": "Card", "context": Context("contexts/card", TERMS)},
        {"name": "Card", "context": Context(CREDENTIALS_V2, TERMS)},
        {"name": "Card", "context": Context(UNDEFINED_TERMS_V2, TERMS)},
        {"name": "Card", "context": Context(URL, {"Card": "Card"})},
        {"name": "Card", "context": Context(URL, {**TERMS, "@vocab": "https://example.org/#"})},
        {"name": "Card", "context": Context(URL, {**TERMS, "": "https://example.org/#"})},
        # DM-17: protected terms
        {"name": "Card", "context": Context(URL, {**TERMS, "name": "https://example.org/#name"})},
        {"name": "Card", "context": Context(URL, {**TERMS, "VerifiableCredential": "https://example.org/#VC"})},
        {"name": "Card", "context": Context(URL, {**TERMS, "issuer": "https://www.w3.org/2018/credentials#issuer"})},
        {"name": "Card", "context": Context(URL, {**TERMS, "holder": "https://example.org/#holder"})},
        {"name": "Card", "context": Context(URL, {**TERMS, "type": "https://example.org/#type"})},
        {"name": "Card", "vct": ""},
        {"name": "Card", "aka_vcts": [""]},
        {"name": "Card", "aka_vcts": ["Card"]},
        {"name": "Card", "vct": "x", "aka_vcts": ["y", "x"]},
        {"name": "Card", "aka_vcts": ["x", "x"]},
        {"name": "Card", "aka_vcts": ["urn:\ud800"]},
        {"name": "Card", "vct": "urn:\ud800"},
        {"name": "Card", "predicates": {"birthdate": "birthdate"}},
    ],
)
def test_wrong_use(described: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        CredentialType(**described)


@pytest.mark.parametrize(
    "described",
    [
        {"name": None},
        {"name": "Card", "context": URL},
        {"name": "Card", "context": (URL, TERMS)},
        {"name": "Card", "context": Context(URL, ["Card"])},  # type: ignore[arg-type]
        {"name": "Card", "vct": 5},
        {"name": "Card", "aka_vcts": "x"},
        {"name": "Card", "aka_vcts": [5]},
        {"name": "Card", "aka_vcts": 5},
        {"name": "Card", "labels": ["birthdate"]},
        {"name": "Card", "predicates": "age_over_18"},
    ],
)
def test_each_member_is_what_its_name_says(described: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        CredentialType(**described)


def test_types_are_listed() -> None:
    assert listed("types", [CARD]) == listed("types", {CARD}) == (CARD,)
    wrong: Any
    for wrong in (CARD, None, "Card", ["Card"], [CARD, None]):
        with pytest.raises(TypeError, match=r"^types is a list of CredentialTypes$"):
            listed("types", wrong)


@pytest.mark.parametrize("member", ["disclosable", "visible"])
def test_one_string_is_no_collection(member: str) -> None:
    with pytest.raises(TypeError, match=member):
        CredentialType("Card", **{member: "birthdate"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("contexts", "types", "expanded"),
    [
        ([CREDENTIALS_V2], "VerifiableCredential", (VC,)),
        ([CREDENTIALS_V2], ["VerifiableCredential", "Card"], (VC, None)),
        ([CREDENTIALS_V2, URL], ["Card", "VerifiableCredential"], ("https://example.org/#Card", VC)),
        ([CREDENTIALS_V2, URL], ["Other"], (None,)),
        ([CREDENTIALS_V2, UNDEFINED_TERMS_V2], ["Card"], (f"{UNDEFINED}Card",)),
        ([CREDENTIALS_V2, UNDEFINED_TERMS_V2], ["Ausweisprüfung"], (f"{UNDEFINED}Ausweisprüfung",)),
        ([CREDENTIALS_V2, URL, UNDEFINED_TERMS_V2], ["Card", "Other"], ("https://example.org/#Card", f"{UNDEFINED}Other")),
        # whoever checks the contexts refuses this order (DM-15); what it means is clear
        ([CREDENTIALS_V2, UNDEFINED_TERMS_V2, URL], ["Card", "Other"], ("https://example.org/#Card", f"{UNDEFINED}Other")),
        ([CREDENTIALS_V2], ["https://example.org/#Type", "urn:example:type"], ("https://example.org/#Type", "urn:example:type")),
        # `urn` is a term here, and no prefix
        ([CREDENTIALS_V2, URL], ["https://example.org/#Type", "urn:example:type"], ("https://example.org/#Type", "urn:example:type")),
        # an unknown context may define anything
        ([CREDENTIALS_V2, "https://example.org/other"], ["VerifiableCredential", "Card"], (None, None)),
        ([CREDENTIALS_V2, {"Card": "https://example.org/#Card"}], ["Card"], (None,)),
        ([CREDENTIALS_V2], [], ()),
        ([CREDENTIALS_V2], [None, 5, ["VerifiableCredential"]], (None, None, None)),
        ([CREDENTIALS_V2], None, (None,)),
        (None, ["VerifiableCredential", "Card"], (None, None)),
        (CREDENTIALS_V2, "VerifiableCredential", (VC,)),
    ],
)  # fmt: skip
def test_types_expand(contexts: Json, types: Json, expanded: tuple[str | None, ...]) -> None:
    assert expanded_types({"@context": contexts, "type": types}, reading_of([CARD, CredentialType("Other")])) == expanded


def test_without_a_type_nothing_expands() -> None:
    assert expanded_types({}, reading_of()) == (None,)
