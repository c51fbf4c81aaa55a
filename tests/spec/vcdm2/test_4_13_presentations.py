"""VCDM 2.0, section 4.13: presentations."""

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.credentials.presentation import embedded, holder_id
from sayso.jsonvalue import Json, JsonObject
from tests.spec.vcdm2.documents import HOLDER, ISSUER, LOST, MALFORMED, a_card, a_presentation, found_in_presentation, without

PROOF: JsonObject = {"type": "DataIntegrityProof"}
SECURED = a_card(proof=PROOF)
ENVELOPE: JsonObject = {
    "@context": CREDENTIALS_V2,
    "type": "EnvelopedVerifiableCredential",
    "id": "data:application/vc+sd-jwt,eyJhbGciOiJFZERTQSJ9.e30.c2ln~",
}


def test_dm_19_types() -> None:
    """DM-19."""
    assert found_in_presentation(a_presentation()) == []
    assert found_in_presentation(a_presentation(type=["https://example.org/#Show", "VerifiablePresentation"])) == []
    assert found_in_presentation(a_presentation(type=["VerifiableCredential"])) == [(MALFORMED, "/type")]
    assert found_in_presentation(a_presentation(type=["VerifiablePresentation", "Unheard"])) == [(LOST, "/type")]


@pytest.mark.parametrize("name", ["@context", "type"])
def test_dm_19_what_is_required(name: str) -> None:
    """DM-19, DM-2: of a presentation too."""
    assert (MALFORMED, f"/{name}") in found_in_presentation(without(a_presentation(), name))


@pytest.mark.parametrize("holder", [HOLDER, {"id": HOLDER}, {"id": HOLDER, "name": "Ada"}])
def test_dm_19_a_holder(holder: Json) -> None:
    """DM-19."""
    document = a_presentation(SECURED, holder=holder)
    assert found_in_presentation(document) == []
    assert holder_id(document) == HOLDER


@pytest.mark.parametrize(
    ("holder", "place"),
    [
        (None, ""),
        ("z6Mk", ""),
        (5, ""),
        ([HOLDER], ""),
        ({}, "/id"),
        ({"name": "Acme"}, "/id"),
        ({"id": None}, "/id"),
        ({"id": "z6Mk"}, "/id"),
    ],
)
def test_dm_19_anything_else_is_malformed(holder: Json, place: str) -> None:
    """DM-19."""
    assert found_in_presentation(a_presentation(SECURED, holder=holder)) == [(MALFORMED, f"/holder{place}")]


@pytest.mark.parametrize("credentials", [SECURED, [SECURED], [SECURED, ENVELOPE, SECURED], ENVELOPE])
def test_dm_20_one_or_more_credentials(credentials: Json) -> None:
    """DM-20."""
    assert found_in_presentation(a_presentation(verifiableCredential=credentials)) == []


@pytest.mark.parametrize(
    ("credentials", "place"),
    [(None, ""), ([], ""), ("eyJ.e30.c2ln", ""), (["eyJ.e30.c2ln"], "/0"), ([SECURED, 5], "/1"), ([None], "/0"), ([[SECURED]], "/0")],
)
def test_dm_20_only_objects(credentials: Json, place: str) -> None:
    """DM-20: strings, URLs and numbers MUST be rejected."""
    assert found_in_presentation(a_presentation(verifiableCredential=credentials)) == [(MALFORMED, f"/verifiableCredential{place}")]


def test_dm_20_each_is_a_document_of_its_own() -> None:
    """DM-20, DM-23: with its own context; the pipeline looks at it by itself."""
    broken = a_card(proof=PROOF, issuer=None)
    assert found_in_presentation(a_presentation(SECURED, broken, without(SECURED, "@context"))) == []
    assert [one.document for one in embedded(a_presentation(SECURED, broken))] == [SECURED, broken]


@pytest.mark.parametrize(
    "media_type", ["application/vc+jwt", "application/vc+cose;base64", "application/vc+sd-jwt;a=b", "application/vc-ld+jwt;base64url"]
)
@pytest.mark.parametrize("context", [CREDENTIALS_V2, [CREDENTIALS_V2], [UNDEFINED_TERMS_V2, CREDENTIALS_V2]])
def test_dm_21_an_envelope(media_type: str, context: Json) -> None:
    """DM-21: a context, the type, and a data: URL."""
    envelope = {**ENVELOPE, "@context": context, "id": f"data:{media_type},abc", "type": ["EnvelopedVerifiableCredential"]}
    assert found_in_presentation(a_presentation(envelope)) == []


@pytest.mark.parametrize(
    "identifier",
    [
        None,
        "",
        5,
        "https://example.org/1",
        "data:,abc",
        "data:application/vc+jwt,",
        "data:application/vc+jwt",
        "data:vc+jwt,abc",
        "data:application/vc+jwt,a b",
    ],
)
def test_dm_21_it_is_a_data_url(identifier: Json) -> None:
    """DM-21."""
    assert found_in_presentation(a_presentation({**ENVELOPE, "id": identifier})) == [(MALFORMED, "/verifiableCredential/0/id")]


@pytest.mark.parametrize("context", [None, "", [], UNDEFINED_TERMS_V2, {}])
def test_dm_21_it_has_the_base_context(context: Json) -> None:
    """DM-21."""
    assert found_in_presentation(a_presentation({**ENVELOPE, "@context": context})) == [(MALFORMED, "/verifiableCredential/0/@context")]
    assert found_in_presentation(a_presentation({"type": "EnvelopedVerifiableCredential"})) == [
        (MALFORMED, "/verifiableCredential/0/@context"),
        (MALFORMED, "/verifiableCredential/0/id"),
    ]


def test_dm_22_what_the_holder_asserts() -> None:
    """DM-22: secured by the presentation alone, it is the holder's own."""
    own = a_card(issuer=HOLDER)
    assert found_in_presentation(a_presentation(own, holder=HOLDER)) == []
    assert found_in_presentation(a_presentation(a_card(issuer={"id": HOLDER}), holder={"id": HOLDER})) == []


@pytest.mark.parametrize("members", [{}, {"holder": ISSUER}])
def test_dm_22_nobody_elses(members: JsonObject) -> None:
    """DM-20, DM-22: without a holder, or by another issuer, it is not secured."""
    assert found_in_presentation(a_presentation(a_card(issuer=HOLDER), **members)) == [(MALFORMED, "/verifiableCredential/0")]


def test_dm_22_nobody_is_not_everybody() -> None:
    """DM-22: two identifiers that are missing are not equal."""
    titles = {place for _, place in found_in_presentation(a_presentation(a_card(issuer={}), holder={}))}
    assert "/verifiableCredential/0" in titles


def test_dm_12_terms_of_use() -> None:
    """DM-12: also of a presentation."""
    assert found_in_presentation(a_presentation(termsOfUse={"type": "https://example.org/#Terms"})) == []
    assert found_in_presentation(a_presentation(termsOfUse={})) == [(MALFORMED, "/termsOfUse/type")]


def test_section_4_12_a_proof_says_its_type() -> None:
    assert found_in_presentation(a_presentation(proof=PROOF)) == []
    assert found_in_presentation(a_presentation(proof={})) == [(MALFORMED, "/proof/type")]
