"""A holder rewrites what was signed as statements, so that they stay the same and read otherwise."""

from typing import Any

import pytest

from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    DATA_LOSS_DETECTION_ERROR,
    MALFORMED_VALUE_ERROR,
    PROOF_TRANSFORMATION_ERROR,
    PROOF_VERIFICATION_ERROR,
    RANGE_ERROR,
    STATUS_RETRIEVAL_ERROR,
    SaysoError,
    pointer,
)
from tests.spec.data_integrity.documents import (
    AT,
    BOTH,
    HOLDER_DID,
    JCS,
    RDFC,
    UNDEFINED,
    V2,
    Document,
    a_card,
    asking,
    found,
    look,
    presented,
    proof_of,
    secured,
)
from tests.unit.verification.proven import places

VC = "https://www.w3.org/2018/credentials#"
SECURITY = "https://w3id.org/security#"
DATE = "http://www.w3.org/2001/XMLSchema#dateTime"
STATUS: Document = {
    "id": "https://city.example/status/1#3",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "3",
    "statusListCredential": "https://city.example/status/1",
}


def renamed(document: Document, name: str, other: str) -> Document:
    return {(other if one == name else one): value for one, value in document.items()}


@pytest.mark.parametrize("suite", BOTH)
def test_a_status_under_another_name(suite: str) -> None:
    """Revoked, Ada writes the status as the IRI that its term stands for: the statements are the same, and nobody would look."""
    card = secured(a_card(credentialStatus=STATUS), suite)
    assert found(card) == [(STATUS_RETRIEVAL_ERROR, "/credentialStatus")]
    problem = (PROOF_TRANSFORMATION_ERROR, pointer(VC + "credentialStatus")) if suite == RDFC else (CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")
    assert found(renamed(card, "credentialStatus", VC + "credentialStatus")) == [problem]


def test_one_of_two_statuses_under_another_name() -> None:
    other = {**STATUS, "id": "https://city.example/status/2#3", "statusPurpose": "suspension"}
    card = secured(a_card(credentialStatus=[STATUS, other]), RDFC)
    first, second = card["credentialStatus"]
    split: Document = {**card, "credentialStatus": first, VC + "credentialStatus": second}
    assert found(split, status="waive") == [(PROOF_TRANSFORMATION_ERROR, pointer(VC + "credentialStatus"))]


def test_a_status_under_the_prefix_of_its_context() -> None:
    """The context of VCDM 1.1 brings a prefix along, deep inside."""
    document = a_card(
        **{
            "@context": ["https://www.w3.org/2018/credentials/v1", UNDEFINED],
            "issuanceDate": "2026-01-01T00:00:00Z",
            "credentialStatus": {"id": "https://city.example/status/1", "type": "CityStatus"},
        }
    )
    card = secured(document, RDFC)
    assert found(card) == [(STATUS_RETRIEVAL_ERROR, "/credentialStatus")]
    assert found(renamed(card, "credentialStatus", "cred:credentialStatus")) == [(PROOF_TRANSFORMATION_ERROR, "/cred:credentialStatus")]


def test_an_entry_of_a_kind_that_nobody_knows() -> None:
    """Where unknown kinds of status pass, a known one is dressed up as one: type and members as IRIs."""
    card = secured(a_card(credentialStatus=STATUS), RDFC)
    there = "https://www.w3.org/ns/credentials/status#"
    dressed = {
        (name if name == "id" else "type" if name == "type" else there + name): (
            there + value if name == "type" else {"id": value} if name == "statusListCredential" else value
        )
        for name, value in STATUS.items()
        if isinstance(value, str)
    }
    assert found({**card, "credentialStatus": dressed}, unknown_status="ignore") == [
        (PROOF_TRANSFORMATION_ERROR, pointer("credentialStatus", there + "statusPurpose"))
    ]


def test_an_end_that_a_claim_of_the_same_name_hides() -> None:
    """A claim called `validUntil` makes up in number for the one that Ada dresses up."""
    card = secured(a_card(validUntil="2026-01-02T00:00:00Z", credentialSubject={"id": HOLDER_DID, "validUntil": "2050"}), RDFC)
    assert (RANGE_ERROR, "/validUntil") in found(card)
    dressed = {name: value for name, value in card.items() if name != "validUntil"}
    dressed[VC + "validUntil"] = {"@value": card["validUntil"], "@type": DATE}
    assert found(dressed) == [(PROOF_TRANSFORMATION_ERROR, pointer(VC + "validUntil"))]


def test_an_end_that_moves_to_another_object() -> None:
    """The credential and its subject have one id, and so RDF has one node for both: Ada moves the end where nobody looks for it."""
    card = a_card(id=HOLDER_DID, validUntil="2026-01-02T00:00:00Z", credentialSubject={"id": HOLDER_DID, "name": "Ada"})
    with pytest.raises(SaysoError) as refused:
        secured(card, RDFC)
    assert places(refused.value.problems) == [(PROOF_TRANSFORMATION_ERROR, "/credentialSubject")]
    apart = secured({**card, "credentialSubject": {"id": HOLDER_DID}}, RDFC)
    moved = {**apart, "credentialSubject": {"id": HOLDER_DID, "validUntil": apart.pop("validUntil"), "type": "VerifiableCredential"}}
    assert (PROOF_TRANSFORMATION_ERROR, "/credentialSubject") in found({name: moved[name] for name in moved if name != "validUntil"})


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize("how", ["iri", "nest", "included"])
def test_an_end_under_another_name(suite: str, how: str) -> None:
    """A proof that has ended goes on, once its end is written so that nobody finds it."""
    card = secured(a_card(), suite, expires=AT)
    assert found(card, skew=AT - AT) == [(RANGE_ERROR, "/proof/expires")]
    proof = proof_of(card)
    end = proof.pop("expires")
    other: dict[str, Any] = {
        "iri": {SECURITY + "expiration": {"@value": end, "@type": DATE}},
        "nest": {"@nest": {"expires": end}},
        "included": {"@included": {"expires": end}},
    }
    kind = MALFORMED_VALUE_ERROR if suite == RDFC else CRYPTOGRAPHIC_SECURITY_ERROR
    assert found({**card, "proof": {**proof, **other[how]}}, skew=AT - AT) == [(kind, "/proof")]


def test_an_audience_under_another_name() -> None:
    """What Ada showed to another verifier is shown to one that has no name: its domain is not to be found."""
    stolen = presented(secured(a_card()), suite=RDFC, domain="https://other.example", challenge=None)
    nameless = asking(audience=None, nonce=None)
    assert [place for _, place in found(stolen, nameless)] == ["/proof/domain"]
    hidden = renamed(proof_of(stolen), "domain", SECURITY + "domain")
    assert found({**stolen, "proof": hidden}, nameless) == [(MALFORMED_VALUE_ERROR, "/proof")]


@pytest.mark.parametrize("nothing", [None, [], [None], {"x": None}, [[]]], ids=repr)
def test_a_claim_that_nobody_signed(nothing: Any) -> None:
    """What RDF has no statement for would come back with the rest, as if it were signed."""
    card = secured(a_card(), RDFC)
    subject = {"id": HOLDER_DID, "given_name": "Ada", "debts": nothing}
    assert {kind for kind, _ in found({**card, "credentialSubject": subject})} <= {DATA_LOSS_DETECTION_ERROR, CRYPTOGRAPHIC_SECURITY_ERROR}
    assert not look({**card, "credentialSubject": subject}).ok
    assert found({**card, "credentialSubject": {"id": HOLDER_DID, "given_name": "Ada", "proof": None}}) == [
        (DATA_LOSS_DETECTION_ERROR, "/credentialSubject/proof")
    ]


@pytest.mark.parametrize("nothing", [None, []], ids=repr)
def test_a_member_of_the_proof_that_nobody_signed(nothing: Any) -> None:
    card = secured(a_card(), RDFC)
    assert found({**card, "proof": {**proof_of(card), "nonce": nothing}}) == [(DATA_LOSS_DETECTION_ERROR, "/proof/nonce")]
    with_context = {**proof_of(card), "@context": "https://elsewhere.example/v1"}
    assert found({**card, "proof": with_context}) == [(MALFORMED_VALUE_ERROR, "/proof")]


@pytest.mark.parametrize("suite", BOTH)
def test_a_context_appended(suite: str) -> None:
    """What a claim means is changed behind the signature: JCS does not cover it, and under RDF the statements are others."""
    card = secured(a_card(**{"@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"]}), suite)
    longer = {**card, "@context": [V2, "https://www.w3.org/ns/credentials/examples/v2", UNDEFINED]}
    kind, place = (PROOF_VERIFICATION_ERROR, "/@context") if suite == JCS else (CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")
    assert found(longer) == [(kind, place)]
    dropped = look(longer, appended_contexts="drop")
    assert dropped.ok == (suite == JCS)
    if dropped.ok:
        assert dropped.require().claims["@context"] == card["@context"]


@pytest.mark.parametrize("keyword", ["@id", "@nest", "@included", "@reverse"])
def test_a_keyword_in_the_document(keyword: str) -> None:
    """Ada's card becomes one about nobody in particular, which anybody can present: its `id` is written so that nobody reads it."""
    card = secured(a_card(), RDFC)
    subject: dict[str, Any] = {"given_name": "Ada", keyword: HOLDER_DID if keyword == "@id" else {"id": HOLDER_DID}}
    assert not look({**card, "credentialSubject": subject}).ok
    same = {**card, "credentialSubject": {"given_name": "Ada", "@id": HOLDER_DID}}
    assert found(same) == [(MALFORMED_VALUE_ERROR, "/credentialSubject/@id")]
