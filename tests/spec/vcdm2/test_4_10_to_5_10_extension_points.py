"""VCDM 2.0, sections 4.10 to 4.12 and 5.3 to 5.10: status, schemas, proofs, related resources, and what may be added."""

import pytest

from sayso.jsonvalue import Json, JsonObject
from tests.spec.vcdm2.documents import MALFORMED, a_card, a_credential, found

URL = "https://example.org/#Type"
SRI = "sha384-" + 64 * "A"


def test_dm_9_a_status_needs_no_identifier() -> None:
    """DM-9."""
    entry: JsonObject = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "message",
        "statusListIndex": "94567",
        "statusListCredential": "https://example.org/status/3",
        "statusSize": 2,
        "statusMessage": [{"status": "0x0", "message": "fine"}],
        "statusReference": "https://example.org/statuses",
    }
    assert found(a_card(credentialStatus=entry)) == []
    assert found(a_card(credentialStatus={**entry, "id": "https://example.org/status/3#94567"})) == []


def test_dm_10_a_schema_has_an_identifier() -> None:
    """DM-10: each has `type` and `id`."""
    schema: JsonObject = {"id": "https://example.org/schema.json", "type": "JsonSchema"}
    assert found(a_card(credentialSchema=[schema, schema])) == []
    assert found(a_card(credentialSchema=[schema, {"type": "JsonSchema"}])) == [(MALFORMED, "/credentialSchema/1/id")]
    assert found(a_card(credentialSchema={})) == [(MALFORMED, "/credentialSchema/type"), (MALFORMED, "/credentialSchema/id")]


def test_dm_12_terms_of_use_and_evidence_need_no_identifier() -> None:
    """DM-12."""
    assert found(a_card(termsOfUse={"type": "Terms"}, evidence=[{"type": URL}], refreshService={"type": URL})) == []


def test_dm_13_a_related_resource_that_nobody_uses() -> None:
    """DM-13: who uses it must compare it; an image is not used here."""
    resource: JsonObject = {"id": "https://example.org/logo.png", "digestSRI": SRI, "mediaType": "image/png"}
    other: JsonObject = {"id": "https://example.org/other.png", "digestMultibase": "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"}
    assert found(a_card(relatedResource=resource)) == []
    assert found(a_card(relatedResource=[resource, other])) == []


@pytest.mark.parametrize(
    ("resources", "place"),
    [
        (None, ""),
        ([], ""),
        ("https://example.org/logo.png", ""),
        ([5], "/0"),
        ({"digestSRI": SRI}, "/id"),
        ({"id": "logo.png", "digestSRI": SRI}, "/id"),
        ({"id": None, "digestSRI": SRI}, "/id"),
        ({"id": ["https://example.org/logo.png"], "digestSRI": SRI}, "/id"),
        ({"id": "https://example.org/logo.png"}, ""),
        ({"id": "https://example.org/logo.png", "digestSRI": "sha1-AAAA"}, "/digestSRI"),
        ({"id": "https://example.org/logo.png", "digestSRI": []}, "/digestSRI"),
        ({"id": "https://example.org/logo.png", "digestMultibase": []}, "/digestMultibase"),
        ([{"id": "https://example.org/logo.png", "digestSRI": SRI}, {"id": "https://example.org/logo.png", "digestSRI": SRI}], "/1/id"),
    ],
)
def test_dm_13_a_malformed_one_is_a_verdict(resources: Json, place: str) -> None:
    """DM-13: `id` required and unique, at least one digest."""
    assert found(a_card(relatedResource=resources)) == [(MALFORMED, f"/relatedResource{place}")]


@pytest.mark.parametrize(
    ("member", "digest"),
    [
        ("digestSRI", SRI),
        ("digestSRI", "sha256-WZVc7WaX1h4D8rJVb+vlMIqxaEKEb1tYbX8fet7JJzQ="),
        ("digestSRI", "sha512-" + 86 * "A" + "=="),
        ("digestSRI", f"{SRI}?type=a sha256-{43 * 'A'}="),
        ("digestSRI", [SRI, SRI]),
        ("digestMultibase", "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"),
        ("digestMultibase", ["zQmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n"]),
    ],
)
def test_dm_14_any_object_may_carry_a_digest(member: str, digest: Json) -> None:
    """DM-14."""
    photo: Json = {"id": "https://example.org/photo.png", member: digest, "mediaType": "image/png"}
    assert found(a_card(credentialSubject={"logo": photo}, **{member: digest})) == []


NO_SRI: list[Json] = [
    None,
    "",
    5,
    {},
    "sha384-AAAA",
    "sha384-M" + 64 * "A",
    "sha384-" + 63 * "A" + "-",
    " " + SRI,
    f"{SRI}  {SRI}",
    [SRI, None],
]
NO_MULTIBASE: list[Json] = [None, "", 5, {}, "u", "z", "EiBZ", "mEiBZ", "zEiB0", "uEiB=", ["uEiBZ", 5]]


@pytest.mark.parametrize(
    ("member", "digest"), [*(("digestSRI", digest) for digest in NO_SRI), *(("digestMultibase", digest) for digest in NO_MULTIBASE)]
)
def test_dm_14_another_text_is_malformed(member: str, digest: Json) -> None:
    """DM-14."""
    assert found(a_card(**{member: digest})) == [(MALFORMED, f"/{member}")]
    assert found(a_card(credentialSubject={"logo": {member: digest}})) == [(MALFORMED, f"/credentialSubject/logo/{member}")]


def test_section_4_12_a_proof_says_its_type() -> None:
    """Section 4.12, VC Data Integrity 1.0, section 2.1: its own context maps it, so only its presence is looked at."""
    proof: JsonObject = {"type": "DataIntegrityProof", "anything": {"id": 5}}
    assert found(a_card(proof=proof)) == found(a_card(proof=[proof, proof])) == []
    nothing: list[Json] = [None, [], "proof"]
    untyped: list[Json] = [{}, {"type": ["DataIntegrityProof"]}]
    assert [found(a_card(proof=value)) for value in nothing] == [[(MALFORMED, "/proof")]] * 3
    assert [found(a_card(proof=value)) for value in untyped] == [[(MALFORMED, "/proof/type")]] * 2
    assert found(a_card(proof=[proof, {"created": "2026-11-20T12:00:00Z"}])) == [(MALFORMED, "/proof/1/type")]


def test_rm_1_cm_1_confidence_and_render_methods_are_carried() -> None:
    """RM-1, CM-1: they are objects with a type; nothing in them is fetched, compared or run."""
    method: Json = {
        "type": "TemplateRenderMethod",
        "renderSuite": "html",
        "template": {"id": URL, "mediaType": "text/html", "digestMultibase": "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"},
        "renderProperty": ["/credentialSubject/given_name"],
    }
    members: JsonObject = {"renderMethod": [method, method], "confidenceMethod": {"type": "JsonWebKey", "id": "did:example:ada#key"}}
    assert found(a_credential(**members)) == []
    assert found(a_credential(renderMethod={}, confidenceMethod=["html"])) == [
        (MALFORMED, "/renderMethod/type"),
        (MALFORMED, "/confidenceMethod/0"),
    ]
