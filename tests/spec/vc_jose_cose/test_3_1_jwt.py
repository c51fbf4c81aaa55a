"""VC-JOSE-COSE, sections 3.1 and 4.1, at verification: credentials and presentations as JWTs."""

from typing import Any

import pytest

from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RANGE_ERROR,
)
from sayso.keys.signer import Signer
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from tests.spec.data_integrity.documents import HOLDER_DID, V2, Found, a_card, a_presentation, asking, expecting
from tests.unit.proofs.tokens import (
    AT,
    AUDIENCE,
    HOLDER,
    ISSUER,
    ISSUER_DID,
    ISSUER_KID,
    NONCE,
    NOW,
    STRANGER,
    digest,
    encoded,
    member,
    sd_jwt,
    token,
)
from tests.unit.verification.proven import places

HOLDER_KID = did_key.verification_method(HOLDER.public_key)


def a_jwt(payload: dict[str, Any] | None = None, **header: Any) -> str:
    """Sign a credential as a JWT; a header parameter that is None is left out."""
    return signed(a_card() if payload is None else payload, {"typ": "vc+jwt", "cty": "vc", **header})


def signed(payload: dict[str, Any], header: dict[str, Any], signer: Signer = ISSUER) -> str:
    """Sign whatever a payload says, under a header of which nothing is a must."""
    whole = {"alg": "EdDSA", "kid": ISSUER_KID, **header}
    kept = {name: value for name, value in whole.items() if value is not None}
    signing_input = f"{encoded(kept)}.{encoded(payload)}"
    return f"{signing_input}.{base64url.encode(signer.sign(signing_input.encode()))}"


def _presenting(**claims: Any) -> dict[str, Any]:
    """Present one card; a claim joins the usual ones or replaces one."""
    inside = {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt," + a_jwt()}
    return {**a_presentation(inside), "aud": AUDIENCE, "nonce": NONCE, **claims}


def a_vp(payload: dict[str, Any] | None = None, **header: Any) -> str:
    """Sign a presentation as a JWT."""
    return signed(_presenting() if payload is None else payload, {"typ": "vp+jwt", "cty": "vp", "kid": HOLDER_KID, **header}, HOLDER)


def problems(text: str, expectations: Expectations | None = None) -> Found:
    return places(examine(text, expectations or expecting(), at=AT).problems)


def test_vj_1_the_payload_is_the_document() -> None:
    """VJ-1: and comes back as it was signed."""
    assert problems(a_jwt()) == []
    assert examine(a_jwt(), expecting(), at=AT).require().claims == a_card()
    assert problems(a_vp(), asking()) == []
    for name in ("vc", "vp"):
        assert (MALFORMED_VALUE_ERROR, f"/{name}") in problems(a_jwt({**a_card(), name: a_card()}))
        assert (MALFORMED_VALUE_ERROR, f"/{name}") in problems(a_vp({**a_presentation(), name: a_card()}), asking())


@pytest.mark.parametrize("header", [{}, {"cty": None}, {"typ": None}, {"typ": "application/VC+JWT", "cty": "Application/VC"}], ids=repr)
def test_vj_2_the_types_are_only_recommended(header: dict[str, Any]) -> None:
    """VJ-2: SHOULD; without one the payload says what it is."""
    assert problems(a_jwt(**header)) == []


def test_vj_2_without_a_type_the_payload_says_what_it_is() -> None:
    """VJ-2."""
    assert problems(a_vp(typ=None), asking()) == []
    assert problems(a_vp(typ=None, cty=None), asking()) == []
    assert problems(a_vp(typ=None, cty="vc"), asking()) == [(PARSING_ERROR, "/cty")]


@pytest.mark.parametrize(
    "header",
    [
        {"typ": "JWT"},
        {"typ": "vc+ld+json+jwt"},
        {"typ": "vc-ld+jwt"},
        {"typ": "vc+sd-jwt"},
        {"typ": "kb+jwt"},
        {"typ": ""},
        {"typ": 5},
        {"typ": ["vc+jwt"]},
        {"cty": "vp"},
        {"cty": "JWT"},
        {"cty": 5},
        {"typ": "vp+jwt", "cty": "vc"},
    ],
    ids=repr,
)
def test_vj_2_another_type_is_another_thing(header: dict[str, Any]) -> None:
    """VJ-2; RFC 8725, section 3.11."""
    (problem,) = problems(a_jwt(**header))
    assert problem[0] == PARSING_ERROR


def test_vj_2_a_credential_is_no_presentation() -> None:
    """VJ-2: whatever the header says."""
    assert (MALFORMED_VALUE_ERROR, "/type") in problems(a_jwt(typ="vp+jwt", cty="vp"), asking())
    assert (MALFORMED_VALUE_ERROR, "/type") in problems(a_vp(typ="vc+jwt", cty="vc"), asking())


@pytest.mark.parametrize("alg", ["none", "None", "", "HS256", "ES256", "RS256", None, 5, ["EdDSA"]], ids=repr)
def test_vj_3_unsecured_is_unprotected(alg: Any) -> None:
    """VJ-3."""
    assert problems(a_jwt(alg=alg)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg")]


def test_vj_3_the_signature_holds() -> None:
    """VJ-3."""
    assert problems(a_jwt().rpartition(".")[0] + ".") == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]
    assert problems(token(a_card(), STRANGER, typ="vc+jwt")) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]
    header, _, signature = a_jwt().split(".")
    assert problems(f"{header}.{encoded(a_card(credentialSubject={'id': HOLDER_DID, 'given_name': 'Eve'}))}.{signature}") == [
        (CRYPTOGRAPHIC_SECURITY_ERROR, "")
    ]
    assert problems(a_jwt(crit=["exp"], exp=1)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/crit")]


@pytest.mark.parametrize("iss", [None, "", HOLDER_DID, [ISSUER_DID], {"id": ISSUER_DID}, 5], ids=repr)
def test_vj_4_iss_is_the_issuer(iss: Any) -> None:
    """VJ-4: MUST; and of a presentation the holder."""
    assert problems(a_jwt({**a_card(), "iss": ISSUER_DID})) == []
    assert (MALFORMED_VALUE_ERROR, "/iss") in problems(a_jwt({**a_card(), "iss": iss}))
    assert problems(a_vp({**_presenting(), "iss": HOLDER_DID}), asking()) == []
    other = ISSUER_DID if iss == HOLDER_DID else iss
    assert (MALFORMED_VALUE_ERROR, "/iss") in problems(a_vp({**_presenting(), "iss": other}), asking())


def test_vj_4_other_claims_do_not_conflict() -> None:
    """VJ-4: SHOULD NOT; a MUST NOT here."""
    named = a_card(id="urn:uuid:1")
    assert problems(a_jwt({**named, "jti": "urn:uuid:1", "sub": HOLDER_DID})) == []
    assert problems(a_jwt({**named, "jti": "urn:uuid:2"})) == [(MALFORMED_VALUE_ERROR, "/jti")]
    assert problems(a_jwt({**named, "sub": ISSUER_DID})) == [(MALFORMED_VALUE_ERROR, "/sub")]
    assert problems(a_jwt({**a_card(), "jti": "any"})) == []


def test_vj_4_the_signature_has_dates_of_its_own() -> None:
    """VJ-4: beside those of the credential."""
    good = a_card(validFrom="2026-01-01T00:00:00Z", validUntil="2027-01-01T00:00:00Z")
    assert problems(a_jwt({**good, "iat": NOW, "nbf": NOW, "exp": NOW + 1})) == []
    assert problems(a_jwt({**good, "exp": NOW - 60})) == [(RANGE_ERROR, "/exp")]
    assert problems(a_jwt({**good, "nbf": NOW + 61})) == [(RANGE_ERROR, "/nbf")]
    assert problems(a_jwt({**good, "iat": NOW + 61})) == [(RANGE_ERROR, "/iat")]
    assert problems(a_jwt({**good, "validUntil": "2026-06-01T00:00:00Z", "exp": NOW + 1})) == [(RANGE_ERROR, "/validUntil")]
    assert problems(a_vp({**_presenting(), "exp": NOW - 60}), asking()) == [(RANGE_ERROR, "/exp")]


@pytest.mark.parametrize("text", ["2026-11-21T12:00:00Z", "soon", "", True, None, [NOW]], ids=repr)
def test_dates_of_a_jwt_are_numbers(text: Any) -> None:
    """RFC 7519, section 2: unless that is opted out of, and then dates all the same."""
    assert problems(a_jwt({**a_card(), "iat": text})) == [(MALFORMED_VALUE_ERROR, "/iat")]
    allowed = problems(a_jwt({**a_card(), "iat": text}), expecting(text_dates=True))
    assert allowed == ([] if text == "2026-11-21T12:00:00Z" else [(MALFORMED_VALUE_ERROR, "/iat")])
    if text == "2026-11-21T12:00:00Z":
        assert problems(a_jwt({**a_card(), "exp": text}), expecting(text_dates=True, skew=AT - AT)) == [(RANGE_ERROR, "/exp")]


@pytest.mark.parametrize("kid", [None, 42, "", "#key-1", ISSUER_DID, "https://issuer.example/keys#1"], ids=repr)
def test_vj_5_kid_is_an_absolute_did_url(kid: Any) -> None:
    """VJ-5."""
    assert [kind for kind, _ in problems(a_jwt(kid=kid))] == [INVALID_VERIFICATION_METHOD_URL]


def test_vj_5_the_method_is_the_issuers() -> None:
    """VJ-5, DM-27."""
    assert problems(a_jwt({**a_card(), "issuer": HOLDER_DID}), expecting(issuers=[HOLDER_DID])) == [
        (INVALID_VERIFICATION_METHOD, "/issuer")
    ]
    assert problems(a_vp({**_presenting(), "holder": ISSUER_DID}), asking()) == [(INVALID_VERIFICATION_METHOD, "/holder")]


def test_vj_8_credentials_inside_are_secured() -> None:
    """VJ-8, DM-20."""
    for inside in ([a_jwt()], [a_card()], ["data:application/vc+jwt," + a_jwt()], [5], [None]):
        said = {**a_presentation(*inside), "aud": AUDIENCE, "nonce": NONCE}
        found = problems(a_vp(said), asking())
        assert (MALFORMED_VALUE_ERROR, "/verifiableCredential/0") in found


def test_vj_10_what_is_not_understood_is_ignored() -> None:
    """VJ-10: header parameters; a claim must mean something."""
    assert problems(a_jwt(zzz=1, jwk={}, x5c=[], jku="https://a.example")) == []


@pytest.mark.parametrize("name", ["_sd", "_sd_alg"])
def test_an_sd_jwt_without_its_last_tilde(name: str) -> None:
    """RFC 9901, section 4: it would pass for a credential whose holder need not sign."""
    opened = member("x", 1)
    payload = {**a_card(), name: [digest(opened)] if name == "_sd" else "sha-256"}
    for typ in ("vc+jwt", None):
        assert problems(a_jwt(payload, typ=typ)) == [(PARSING_ERROR, "")]
    text = sd_jwt(token(payload, typ="vc+sd-jwt"))
    assert [kind for kind, _ in problems(text.rstrip("~"))] == [PARSING_ERROR]


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "a.b.c.d", ".{}.", "e30.e30.", "e30.e30.e30", "e30.W10.e30", "é.é.é"])
def test_what_is_no_jwt(text: str) -> None:
    assert problems(text)


def test_vp_sd_jwt() -> None:
    """VJ-7: a presentation whose own members may be kept back, and that is signed by its holder."""
    opened = member("id", "urn:uuid:1")
    payload = {**_presenting(), "_sd": [digest(opened)]}
    text = token(payload, HOLDER, typ="vp+sd-jwt", cty="vp", kid=HOLDER_KID)
    for shown in ((), (opened,)):
        report = examine(sd_jwt(text, *shown), asking(), at=AT)
        assert report.problems == ()
        assert report.require().claims.get("id") == ("urn:uuid:1" if shown else None)
        assert report.require().issuer == HOLDER_DID
    assert [place for _, place in problems(sd_jwt(text), asking(audience="x", nonce="y"))] == ["/aud", "/nonce"]


def test_a_presentation_may_be_for_several() -> None:
    """RFC 7519, section 4.1.3: who is one of them is meant."""
    assert problems(a_vp(_presenting(aud=[AUDIENCE, "other"])), asking()) == []
    assert problems(a_vp(_presenting(aud=["another", "other"])), asking()) == [(INVALID_DOMAIN_ERROR, "/aud")]


def test_the_dates_of_a_presentation_are_text_only_where_that_may_be() -> None:
    late = a_vp(_presenting(exp="2099-01-01T00:00:00Z"))
    assert problems(late, asking()) == [(MALFORMED_VALUE_ERROR, "/exp")]
    assert problems(late, asking(text_dates=True)) == []
