"""VCDM 1.1, sections 4 and 5: what a credential and a presentation of the first version hold."""

from typing import Any

import pytest

from sayso.credentials import credential_v1, data_model
from sayso.credentials.kinds import reading_of
from sayso.credentials.versions import CREDENTIALS_V1
from sayso.errors import DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR
from sayso.jsonvalue import Json, JsonObject
from tests.spec.vcdm2.documents import CARD, HOLDER, ISSUER, a_card, a_presentation, without

URL = "https://example.org/1"
PROOF: Json = {"type": "Ed25519Signature2020"}
TERMS: JsonObject = {
    term: f"https://example.org/vocabulary#{term}"
    for term in ("Card", "given_name", "IssuerPolicy", "A", "name", "anything", "CredentialStatusList2017", "DocumentVerification")
}
READING = reading_of([CARD], {"https://example.org/contexts/card/v1.1": {"@context": TERMS}}, inline=True)


def a_credential(**members: Any) -> JsonObject:
    """Give a conforming credential of VCDM 1.1, with other members; `context` stands for `@context`."""
    document: JsonObject = {
        "@context": members.pop("context", [CREDENTIALS_V1, "https://example.org/contexts/card/v1.1"]),
        "type": ["VerifiableCredential", "Card"],
        "issuer": ISSUER,
        "issuanceDate": "2010-01-01T19:23:24Z",
        "credentialSubject": {"id": HOLDER, "given_name": "Ada"},
    }
    return document | members


def places(document: JsonObject) -> list[str]:
    found = data_model.credential_problems(document, READING)
    assert {problem.kind for problem in found} <= {MALFORMED_VALUE_ERROR}, found
    return [problem.pointer for problem in found]


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"context": [CREDENTIALS_V1], "type": ["VerifiableCredential"], "credentialSubject": {"id": HOLDER}},
        {"context": [CREDENTIALS_V1, {"given_name": "https://schema.org/givenName", "Card": "https://example.org/#Card"}]},
        {"id": "urn:uuid:5c1f"},
        {"type": "VerifiableCredential"},
        {"issuer": {"id": ISSUER, "name": {"anything": "goes"}}},
        {"credentialSubject": [{"given_name": "Ada"}, {"id": HOLDER}]},
        {"expirationDate": "2020-01-01T19:23:24", "issued": "2009", "proof": PROOF},
        {"issuanceDate": "2020-01-01T19:23:24Z", "expirationDate": "2020-01-01T19:23:24Z"},
        {"credentialStatus": {"id": URL, "type": "CredentialStatusList2017"}},
        {"credentialSchema": [{"id": URL, "type": "JsonSchemaValidator2018"}]},
        {"refreshService": {"id": URL, "type": "ManualRefreshService2018"}},
        {"termsOfUse": [{"type": "IssuerPolicy"}], "evidence": {"type": ["DocumentVerification"]}},
        # a name is no term of VCDM 1.1, and so whatever the context makes of it
        {"name": 5, "validFrom": "2009-01-01T00:00:00Z"},
    ],
)
def test_what_conforms(members: dict[str, Any]) -> None:
    assert places(a_credential(**members)) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"context": [CREDENTIALS_V1, 5, "card/v1"]}, ["/@context/1", "/@context/2"]),
        ({"id": "Ada"}, ["/id"]),
        ({"type": ["Card"]}, ["/type"]),
        ({"type": []}, ["/type", "/type"]),
        ({"type": ["VerifiableCredential", 5]}, ["/type/1"]),
        ({"issuer": "Ada"}, ["/issuer"]),
        ({"issuer": [ISSUER]}, ["/issuer"]),
        ({"issuer": {"name": "City"}}, ["/issuer/id"]),
        ({"credentialSubject": {}}, ["/credentialSubject"]),
        ({"credentialSubject": []}, ["/credentialSubject"]),
        ({"credentialSubject": "Ada"}, ["/credentialSubject"]),
        ({"credentialSubject": {"id": 5}}, ["/credentialSubject/id"]),
        ({"issuanceDate": None}, ["/issuanceDate"]),
        ({"issuanceDate": "2010-01-01"}, ["/issuanceDate"]),
        ({"expirationDate": "2010-01-01T19:23:23Z"}, ["/expirationDate"]),
        ({"expirationDate": ["2020-01-01T19:23:23Z"]}, ["/expirationDate"]),
        ({"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2019-01-01T00:00:00Z"}, ["/validUntil"]),
        ({"credentialStatus": {"type": "A"}}, ["/credentialStatus/id"]),
        ({"credentialStatus": {"id": URL}}, ["/credentialStatus/type"]),
        ({"credentialSchema": {"type": "A"}}, ["/credentialSchema/id"]),
        ({"refreshService": {"type": "A"}}, ["/refreshService/id"]),
        ({"termsOfUse": {}}, ["/termsOfUse/type"]),
        ({"evidence": {"id": URL}}, ["/evidence/type"]),
        ({"proof": {}}, ["/proof/type"]),
        ({"proof": "abc"}, ["/proof"]),
    ],
)
def test_what_does_not_conform(members: dict[str, Any], expected: list[str]) -> None:
    assert places(a_credential(**members)) == expected


@pytest.mark.parametrize("name", ["type", "issuer", "issuanceDate", "credentialSubject"])
def test_what_is_needed(name: str) -> None:
    assert places(without(a_credential(), name)) == [f"/{name}"]


@pytest.mark.parametrize("context", [CREDENTIALS_V1, ["https://example.org/contexts/card/v1", CREDENTIALS_V1], [], None, {}])
def test_the_first_context_decides(context: Json) -> None:
    """What is of neither version is refused as VCDM 2.0 refuses it."""
    assert "/@context" in {
        problem.pointer for problem in data_model.credential_problems(a_credential(context=context), READING) if problem.decided
    }
    assert [problem.pointer for problem in credential_v1.conformance_problems(a_credential(context=context), READING)] == ["/@context"]


def test_no_version_passes_for_the_other() -> None:
    assert {problem.pointer for problem in data_model.credential_problems(a_card(), READING)} == set()
    assert places({**a_card(), "@context": [CREDENTIALS_V1]}) == ["/issuanceDate"]


def a_presentation_of_version_1(*credentials: Any, **members: Any) -> JsonObject:
    return a_presentation(*credentials, context=[CREDENTIALS_V1, "https://example.org/contexts/card/v1.1"], **members)


def in_presentation(document: JsonObject) -> list[str]:
    return [problem.pointer for problem in data_model.presentation_problems(document, READING)]


def test_a_presentation_holds_credentials_of_either_version() -> None:
    inside = [a_credential(proof=PROOF), a_card(proof=PROOF)]
    assert in_presentation(a_presentation_of_version_1(*inside)) == []
    assert in_presentation(a_presentation(*inside)) == []


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"holder": HOLDER, "id": URL, "proof": PROOF}, []),
        ({"termsOfUse": {"type": "A"}}, ["/termsOfUse"]),  # of credentials only, as the context has it
        ({"holder": {"id": HOLDER}}, []),
        ({"holder": "Ada"}, ["/holder"]),
        ({"id": 5}, ["/id"]),
        ({"type": "VerifiableCredential"}, ["/type"]),
        ({"proof": {}}, ["/proof/type"]),
        ({"termsOfUse": {}}, ["/termsOfUse/type"]),
        ({"verifiableCredential": "a.b.c"}, ["/verifiableCredential"]),
        ({"verifiableCredential": a_credential()}, ["/verifiableCredential"]),
        ({"verifiableCredential": a_credential(issuer=HOLDER), "holder": HOLDER}, []),
    ],
)
def test_a_presentation(members: dict[str, Any], expected: list[str]) -> None:
    assert in_presentation(a_presentation_of_version_1(**members)) == expected


def test_what_a_presentation_needs() -> None:
    assert in_presentation(without(a_presentation_of_version_1(), "type")) == ["/type"]
    assert in_presentation({"type": "VerifiablePresentation"}) == ["/@context"]


def test_a_term_that_no_context_defines_would_be_lost() -> None:
    """Section 5.3; DI-3."""
    (problem,) = data_model.credential_problems(a_credential(credentialSubject={"shoe_size": 38}), READING)
    assert (problem.kind, problem.pointer) == (DATA_LOSS_DETECTION_ERROR, "/credentialSubject/shoe_size")
