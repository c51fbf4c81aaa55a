"""VC-JOSE-COSE, sections 3 and 4, at verification: a VCDM 2.0 credential as SD-JWT."""

from typing import Any

import pytest

from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RANGE_ERROR,
    STATUS_RETRIEVAL_ERROR,
    ProblemType,
)
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations
from tests.unit.proofs.tokens import AT, CARD, ISSUER_DID, ISSUER_KID, NOW, bound, digest, element, member, sd_jwt, token, without
from tests.unit.verification.proven import TRUSTING, expecting, places


def _of(payload: dict[str, Any], *disclosures: str, expectations: Expectations = TRUSTING, **header: Any) -> list[tuple[ProblemType, str]]:
    text = bound(sd_jwt(token(payload, **({"typ": "vc+sd-jwt"} | header)), *disclosures))
    return places(examine(text, expectations, at=AT).problems)


def test_vj_1_the_payload_is_the_credential() -> None:
    """VJ-1: not a claim of it."""
    assert _of(CARD) == []
    for name in ("vc", "vp"):
        assert (MALFORMED_VALUE_ERROR, f"/{name}") in _of({**CARD, name: CARD})
    text = member("vc", {})
    assert (MALFORMED_VALUE_ERROR, "/vc") in _of({**CARD, "_sd": [digest(text)]}, text)


@pytest.mark.parametrize("cty", ["vc", "VC", "application/vc", "Application/VC"])
def test_vj_2_cty_may_say_so(cty: str) -> None:
    """VJ-2, VJ-7: a media type (RFC 7515, section 4.1.10), so in any case and with `application/` or without."""
    assert _of(CARD, cty=cty) == []


@pytest.mark.parametrize("cty", ["vp", "", "vc+ld+json", "text/vc", "JWT", "v\u212a", None, 1, ["vc"]], ids=repr)
def test_vj_2_and_nothing_else(cty: Any) -> None:
    """VJ-2."""
    assert _of(CARD, cty=cty) == [(PARSING_ERROR, "/cty")]


@pytest.mark.parametrize("typ", ["vc+jwt", "vc+ld+json+sd-jwt", "vc-ld+jwt", "vp+jwt"])
def test_vj_2_names_of_drafts_and_of_other_things(typ: str) -> None:
    """VJ-2: what was `vc+ld+json+sd-jwt` in drafts, and what is no SD-JWT."""
    assert _of(CARD, typ=typ) == [(PARSING_ERROR, "/typ")]


def test_vj_2_a_credential_is_no_presentation() -> None:
    """VJ-2: whatever its header says."""
    assert (MALFORMED_VALUE_ERROR, "/type") in _of(CARD, typ="vp+sd-jwt", cty="vp")


def test_vj_3_unsecured_is_unprotected() -> None:
    """VJ-3."""
    assert _of(CARD, alg="none") == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg")]
    text = bound(sd_jwt(token(CARD, typ="vc+sd-jwt")))
    issuer_jwt, rest = text.split("~", 1)
    unsigned = issuer_jwt.rpartition(".")[0] + ".~" + rest
    assert places(examine(unsigned, TRUSTING, at=AT).problems) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]


def test_vj_4_iss_is_the_issuer() -> None:
    """VJ-4: if it is present, MUST; null is present."""
    assert _of({**CARD, "iss": ISSUER_DID}) == []
    assert _of({**CARD, "issuer": {"id": ISSUER_DID}, "iss": ISSUER_DID}) == []
    for issuer in ("did:example:other", None, [ISSUER_DID]):
        assert _of({**CARD, "iss": issuer}) == [(MALFORMED_VALUE_ERROR, "/iss")]


def test_vj_4_the_signature_has_dates_of_its_own() -> None:
    """VJ-4: `exp` and `nbf` hold beside `validUntil` and `validFrom`."""
    good = {**CARD, "validFrom": "2026-01-01T00:00:00Z", "validUntil": "2027-01-01T00:00:00Z"}
    assert _of({**good, "iat": NOW, "nbf": NOW, "exp": NOW + 1}) == []
    assert _of({**good, "exp": NOW - 60}) == [(RANGE_ERROR, "/exp")]
    assert _of({**good, "nbf": NOW + 61}) == [(RANGE_ERROR, "/nbf")]
    assert _of({**good, "exp": NOW + 1, "validUntil": "2026-06-01T00:00:00Z"}) == [(RANGE_ERROR, "/validUntil")]


@pytest.mark.parametrize("kid", [None, 42], ids=repr)
def test_vj_5_kid_is_present(kid: Any) -> None:
    """VJ-5: MUST, when the key is a DID's."""
    assert _of(CARD, kid=kid) == [(INVALID_VERIFICATION_METHOD_URL, "/kid")]


@pytest.mark.parametrize("kid", ["", "#key-1", ISSUER_DID, "https://issuer.example/keys#1", "42"])
def test_vj_5_kid_is_an_absolute_did_url(kid: str) -> None:
    """VJ-5: of a verification method."""
    assert [kind for kind, _ in _of(CARD, kid=kid)] == [INVALID_VERIFICATION_METHOD_URL]


def test_vj_5_the_method_is_the_issuers() -> None:
    """VJ-5, DM-27: its controller issues."""
    assert _of(CARD, kid=ISSUER_KID) == []
    assert _of({**CARD, "issuer": "did:example:other"}, expectations=expecting(ANYONE)) == [(INVALID_VERIFICATION_METHOD, "/issuer")]


def test_vj_6_cnf_binds_the_holder() -> None:
    """VJ-6: RECOMMENDED; and where binding is required, needed."""
    unbound = sd_jwt(token(without(CARD, "cnf"), typ="vc+sd-jwt"))
    assert examine(unbound, expecting(holder_binding=False), at=AT).ok
    assert not examine(unbound, TRUSTING, at=AT).ok


@pytest.mark.parametrize("name", ["@context", "type", "credentialStatus", "credentialSchema", "relatedResource", "issuer", "validUntil"])
def test_vj_7_what_must_stay_visible(name: str) -> None:
    """VJ-7, SD-I8: whether it was disclosed or is kept back in part."""
    values = {**CARD, "credentialStatus": [{"type": "x"}], "validUntil": "2027-01-01T00:00:00Z"}
    text = member(name, values.get(name, [{"id": "urn:x", "type": "x"}]))
    assert (MALFORMED_VALUE_ERROR, f"/{name}") in _of({**without(CARD, name), "_sd": [digest(text)]}, text)


def test_vj_7_the_subject_may_hide_everything() -> None:
    """VJ-7, DM-7: what is not disclosed is claimed all the same."""
    name, whole = member("given_name", "Ada"), member("credentialSubject", {"given_name": "Ada"})
    hidden: dict[str, Any] = {**CARD, "credentialSubject": {"_sd": [digest(name)]}}
    assert _of(hidden) == []
    assert _of(hidden, name) == []
    assert _of({**without(CARD, "credentialSubject"), "_sd": [digest(whole)]}, whole) == []
    assert _of({**CARD, "credentialSubject": {}}) == [(MALFORMED_VALUE_ERROR, "/credentialSubject")]


def test_vj_7_what_is_left_is_a_document() -> None:
    """VJ-7: no `_sd`, `_sd_alg` or `...` in it."""
    name, lang = member("given_name", "Ada"), element("en")
    payload: dict[str, Any] = {
        **CARD,
        "credentialSubject": {"_sd": [digest(name), "x"], "langs": [{"...": digest(lang)}, {"...": "y"}]},
        "_sd_alg": "sha-256",
    }
    text = bound(sd_jwt(token(payload, typ="vc+sd-jwt"), name, lang))
    claims = examine(text, TRUSTING, at=AT).require().claims
    assert claims["credentialSubject"] == {"langs": ["en"], "given_name": "Ada"}
    assert without(claims, "credentialSubject") == without(CARD, "credentialSubject")


def test_vj_10_unknown_header_parameters_are_ignored() -> None:
    """VJ-10: and an unknown status type only where that was asked for; sayso is stricter by default."""
    assert _of(CARD, zzz=1, jwk={}, x5c=[]) == []
    unknown = {**CARD, "credentialStatus": {"type": "https://example.com/Other"}}
    assert _of(unknown) == [(STATUS_RETRIEVAL_ERROR, "/credentialStatus")]
    assert _of(unknown, expectations=expecting(unknown_status="ignore")) == []


def test_ts_1_a_token_status_is_looked_at_here_too() -> None:
    """TS-1: a JWT claim, whatever the data model."""
    status = {"status_list": {"idx": 1, "uri": "https://example.com/1"}}
    assert _of({**CARD, "status": status}) == [(STATUS_RETRIEVAL_ERROR, "/status/status_list")]
    assert _of({**CARD, "status": status}, expectations=expecting(status="waive")) == []
