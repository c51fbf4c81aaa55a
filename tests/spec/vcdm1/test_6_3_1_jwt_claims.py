"""VCDM 1.1, section 6.3.1: credentials and presentations in the claims `vc` and `vp` of a JWT."""

from typing import Any

import pytest

from sayso.dids import did_key
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RANGE_ERROR,
)
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from sayso.verification.report import Verified
from tests.spec.data_integrity.documents import HOLDER_DID, V1, V2, Document, Found, a_card
from tests.spec.vc_jose_cose.test_3_1_jwt import signed
from tests.unit.proofs.tokens import AT, AUDIENCE, HOLDER, ISSUER_DID, NONCE, NOW, STRANGER, token
from tests.unit.verification.proven import places

HOLDER_KID = did_key.verification_method(HOLDER.public_key)
SUBJECT: Document = {"id": HOLDER_DID, "degree": {"type": "BachelorDegree", "name": "Bachelor"}}


def a_document(**members: Any) -> Document:
    """Give a credential of VCDM 1.1; a member that is None is left out."""
    document: Document = {
        "@context": [V1],
        "id": "http://university.example/credentials/1",
        "type": ["VerifiableCredential"],
        "issuer": ISSUER_DID,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": SUBJECT,
        **members,
    }
    return {name: value for name, value in document.items() if value is not None}


BARE = a_document(id=None, issuer=None, issuanceDate=None, credentialSubject={"degree": "x"})
NBF = 1767225600  # 2026-01-01T00:00:00Z


def a_vc(document: Any = None, claims: Document | None = None, **header: Any) -> str:
    return token({"vc": a_document() if document is None else document, **(claims or {})}, typ="JWT", **header)


def a_vp(*credentials: Any, claims: Document | None = None, members: Document | None = None, **header: Any) -> str:
    document = {"@context": [V1], "type": ["VerifiablePresentation"], "verifiableCredential": [*credentials], **(members or {})}
    said = {"vp": document, "iss": HOLDER_DID, "aud": AUDIENCE, "nonce": NONCE, **(claims or {})}
    return token({name: value for name, value in said.items() if value is not None}, HOLDER, **{"typ": "JWT", "kid": HOLDER_KID, **header})


def expecting(**options: Any) -> Expectations:
    return Expectations(**{"issuers": [ISSUER_DID], "holder_binding": False, "vc_claim": "1.1", **options})


def asking(**options: Any) -> Expectations:
    return expecting(**{"holder_binding": True, "audience": AUDIENCE, "nonce": NONCE, **options})


def problems(text: str, expectations: Expectations | None = None) -> Found:
    return places(examine(text, expectations or expecting(), at=AT).problems)


def verified(text: str, expectations: Expectations | None = None) -> Verified:
    return examine(text, expectations or expecting(), at=AT).require()


def test_it_is_read_where_that_was_asked_for() -> None:
    assert verified(a_vc()).claims == a_document()
    assert verified(a_vc()).format == "jwt_vc_json"
    assert [kind for kind, _ in problems(a_vc(), expecting(vc_claim="refuse"))] == [PARSING_ERROR]


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"typ": "jwt"}, {"typ": "application/jwt"}], ids=repr)
def test_typ_is_jwt(header: Document) -> None:
    """Section 6.3.1: `typ`, if present, is JWT."""
    assert problems(token({"vc": a_document()}, **header)) == []


def test_typ_may_be_absent() -> None:
    assert problems(signed({"vc": a_document()}, {})) == []
    # Without either claim it is a document itself, of VCDM 2.0.
    assert problems(signed(a_card(), {})) == []
    assert [kind for kind, _ in problems(token(a_card(), typ="JWT"))] == [PARSING_ERROR]


@pytest.mark.parametrize("typ", ["vc+jwt", "vp+jwt", "dc+sd-jwt"])
def test_the_claims_stand_in_nothing_else(typ: str) -> None:
    """VJ-1."""
    assert problems(token({"vc": a_document()}, typ=typ))


@pytest.mark.parametrize("claims", [{}, {"vp": {}}, {"vp": None}], ids=repr)
def test_one_of_both_claims(claims: Document) -> None:
    payload = {"vc": a_document(), **claims} if claims else {"iss": ISSUER_DID}
    assert [kind for kind, _ in problems(token(payload, typ="JWT"))] == [PARSING_ERROR]


@pytest.mark.parametrize("document", [[], "x", 5, True, [a_document()]], ids=repr)
def test_the_claim_is_an_object(document: Any) -> None:
    assert problems(a_vc(document)) == [(PARSING_ERROR, "/vc")]
    assert problems(token({"vc": None}, typ="JWT")) == [(PARSING_ERROR, "/vc")]


@pytest.mark.parametrize("contexts", [[V2], V1, [], None, ["https://a.example/v1", V1]], ids=repr)
def test_it_is_a_document_of_vcdm_1_1(contexts: Any) -> None:
    """VJ-1: the claims belong to VCDM 1.1, unless that is opted out of."""
    assert problems(a_vc({**a_document(), "@context": contexts})) == [(PARSING_ERROR, "/vc/@context")]


def test_documents_of_vcdm_2_where_any_is_read() -> None:
    assert problems(a_vc(a_card()), expecting(vc_claim="any")) == []
    assert problems(a_vc(), expecting(vc_claim="any")) == []
    assert problems(a_vc({**a_card(), "@context": ["https://a.example/v1"]}), expecting(vc_claim="any"))


# --- claims that stand for members ---------------------------------------------------------------------------------------------------


def test_members_are_filled_in() -> None:
    """Section 6.3.1, decoding: iss, nbf, exp, sub and jti."""
    claims = {"iss": ISSUER_DID, "jti": "urn:uuid:1", "nbf": NBF, "exp": NBF + 365 * 86400, "sub": HOLDER_DID}
    document = verified(a_vc(BARE, claims)).claims
    assert document == {
        **BARE,
        "issuer": ISSUER_DID,
        "id": "urn:uuid:1",
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2027-01-01T00:00:00Z",
        "credentialSubject": {"degree": "x", "id": HOLDER_DID},
    }
    listed = verified(a_vc({**BARE, "credentialSubject": [{"degree": "x"}]}, claims)).claims
    assert listed["credentialSubject"] == {"degree": "x", "id": HOLDER_DID}


def test_nothing_is_filled_in_of_nothing() -> None:
    found = {place for _, place in problems(a_vc(BARE))}
    assert {"/issuer", "/issuanceDate"} <= found


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", ISSUER_DID),
        ("jti", "http://university.example/credentials/1"),
        ("sub", HOLDER_DID),
        ("nbf", NBF),
        ("exp", NBF + 365 * 86400),
    ],
)
def test_both_may_say_the_same(claim: str, value: Any) -> None:
    document = a_document(expirationDate="2027-01-01T00:00:00Z")
    assert verified(a_vc(document, {claim: value})).claims == document


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("iss", HOLDER_DID),
        ("iss", None),
        ("iss", [ISSUER_DID]),
        ("iss", {"id": ISSUER_DID}),
        ("jti", "urn:uuid:2"),
        ("jti", None),
        ("sub", ISSUER_DID),
        ("sub", None),
        ("sub", [HOLDER_DID]),
        ("nbf", NBF + 1),
        ("exp", NBF + 365 * 86400 + 1),
    ],
)
def test_both_may_not_say_different_things(claim: str, value: Any) -> None:
    document = a_document(expirationDate="2027-01-01T00:00:00Z")
    assert problems(a_vc(document, {claim: value})) == [(MALFORMED_VALUE_ERROR, f"/{claim}")]


@pytest.mark.parametrize("claim", ["nbf", "exp"])
@pytest.mark.parametrize("value", [None, "soon", "2026-01-01T00:00:00Z", True, [], 10**400], ids=repr)
def test_dates_are_numbers(claim: str, value: Any) -> None:
    assert [kind for kind, _ in problems(a_vc(BARE, {"iss": ISSUER_DID, claim: value}))] == [MALFORMED_VALUE_ERROR]


def test_dates_of_vcdm_1_1_need_no_offset() -> None:
    """Section 4.6: as everywhere in that data model."""
    document = a_document(issuanceDate="2026-01-01T00:00:00")
    assert problems(a_vc(document, {"nbf": NBF})) == []
    assert problems(a_vc(document, {"nbf": NBF + 1})) == [(MALFORMED_VALUE_ERROR, "/nbf")]
    assert [kind for kind, _ in problems(a_vc(a_document(issuanceDate="soon"), {"nbf": NBF}))] == [MALFORMED_VALUE_ERROR]


@pytest.mark.parametrize("subject", [None, [], [SUBJECT, SUBJECT], "x", [5], 5], ids=repr)
def test_sub_stands_for_one_subject(subject: Any) -> None:
    assert problems(a_vc(a_document(credentialSubject=subject), {"sub": HOLDER_DID})) == [(MALFORMED_VALUE_ERROR, "/sub")]


def test_the_issuer_may_be_an_object() -> None:
    document = a_document(issuer={"id": ISSUER_DID, "name": "City"})
    assert verified(a_vc(document, {"iss": ISSUER_DID})).claims == document
    assert problems(a_vc(a_document(issuer={"name": "City"}), {"iss": ISSUER_DID})) == [(MALFORMED_VALUE_ERROR, "/iss")]


# --- what else holds -------------------------------------------------------------------------------------------------------------------


def test_the_signature_is_the_issuers() -> None:
    assert problems(token({"vc": a_document()}, STRANGER, typ="JWT")) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]
    other = did_key.verification_method(STRANGER.public_key)
    assert problems(token({"vc": a_document()}, STRANGER, typ="JWT", kid=other)) == [(INVALID_VERIFICATION_METHOD, "/issuer")]
    assert problems(a_vc(alg="none")) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg")]


def test_both_windows_hold() -> None:
    """The claims are about the signature, and those that are filled in about the credential."""
    assert (RANGE_ERROR, "/exp") in problems(a_vc(a_document(), {"exp": NOW - 61}))
    assert problems(a_vc(a_document(), {"iat": NOW + 61})) == [(RANGE_ERROR, "/iat")]
    assert problems(a_vc(a_document(expirationDate="2026-06-01T00:00:00Z"))) == [(RANGE_ERROR, "/expirationDate")]


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE, "x"]], ids=repr)
def test_an_audience_of_a_credential(audience: Any) -> None:
    """RFC 7519, section 4.1.3: it stands beside `vc`."""
    assert problems(a_vc(None, {"aud": audience}), expecting(audience=AUDIENCE)) == []
    for expectations in (expecting(), expecting(audience="other")):
        assert problems(a_vc(None, {"aud": audience}), expectations) == [(INVALID_DOMAIN_ERROR, "/aud")]


@pytest.mark.parametrize("inside", [a_vc(), a_vc(BARE, {"iss": ISSUER_DID, "sub": HOLDER_DID, "nbf": NBF})], ids=["whole", "claims"])
def test_a_presentation(inside: str) -> None:
    """Its credentials are text."""
    report = examine(a_vp(inside), asking(), at=AT)
    assert report.problems == ()
    assert report.require().issuer == HOLDER_DID
    assert [one.issuer for one in report.require().credentials["verifiableCredential"]] == [ISSUER_DID]


def test_iss_of_a_presentation_is_its_holder() -> None:
    for holder in (HOLDER_DID, {"id": HOLDER_DID}):
        assert problems(a_vp(a_vc(), members={"holder": holder}), asking()) == []
    assert problems(a_vp(a_vc(), members={"holder": ISSUER_DID}), asking()) == [(MALFORMED_VALUE_ERROR, "/iss")]
    assert problems(a_vp(a_vc(), claims={"iss": ISSUER_DID}), asking()) == [(INVALID_VERIFICATION_METHOD, "/holder")]
    assert problems(a_vp(a_vc(), claims={"iss": None}), asking()) == []


def test_jti_of_a_presentation_is_its_id() -> None:
    assert verified(a_vp(a_vc(), claims={"jti": "urn:uuid:1"}), asking()).claims["id"] == "urn:uuid:1"
    assert problems(a_vp(a_vc(), claims={"jti": "urn:uuid:1"}, members={"id": "urn:uuid:2"}), asking()) == [(MALFORMED_VALUE_ERROR, "/jti")]


def test_a_presentation_is_for_this_verifier_and_this_request() -> None:
    found = problems(a_vp(a_vc(), claims={"aud": "other", "nonce": "other"}), asking())
    assert found == [(INVALID_DOMAIN_ERROR, "/aud"), (INVALID_CHALLENGE_ERROR, "/nonce")]
    assert problems(a_vp(a_vc(), claims={"exp": NOW - 61}), asking()) == [(RANGE_ERROR, "/exp")]
    assert problems(a_vp(a_vc(), claims={"iat": NOW - 301}), asking()) == [(RANGE_ERROR, "/iat")]


def test_a_presentation_of_somebody_elses_credential() -> None:
    bob = did_key.did_of(STRANGER.public_key)
    inside = a_vc(a_document(credentialSubject={**SUBJECT, "id": bob}))
    assert problems(a_vp(inside), asking()) == [(HOLDER_BINDING, "/verifiableCredential/0/credentialSubject")]


def test_a_credential_inside_that_does_not_hold() -> None:
    forged = token({"vc": a_document()}, STRANGER, typ="JWT")
    assert problems(a_vp(forged), asking()) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/verifiableCredential/0")]
    assert problems(a_vp("x"), asking()) == [(PARSING_ERROR, "/verifiableCredential/0")]
    assert problems(a_vp(), asking())
