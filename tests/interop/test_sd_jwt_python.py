"""sd-jwt, the reference implementation of RFC 9901 in Python: it verifies what sayso makes, and makes what sayso verifies.

Release 0.10.4 knows SHA-256 only, and its verifier checks key bindings with ES256 unless a subclass says otherwise; neither `typ` nor
dates nor the model of a credential are its business, so that it reads both formats.
"""

import json
from typing import Any

import pytest
from jwcrypto.jwk import JWK
from jwcrypto.jws import InvalidJWSSignature
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer

from sayso.clock import system_clock
from sayso.credentials.formats import FORMATS
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.errors import INVALID_CHALLENGE_ERROR
from sayso.verification.doors import examine, verify
from tests.interop.parties import ADA, AUDIENCE, CITY, CLAIMS, ISSUER, NONCE, SHOWINGS, VCT, Showing, claims_of, expected, issue, present
from tests.interop.sides import EdDsaVerifier, disclosable

FORMAT_IDS = ["dc+sd-jwt", "vc+sd-jwt"]
HEADERS = {name: FORMATS[name].header("EdDSA", did_key.verification_method(CITY.signer.public_key)) for name in FORMAT_IDS}


def _verified(text: str, *binding: str, key: Any = None) -> dict[str, Any]:
    known: Any = key or JWK(**CITY.public_jwk)
    found: Any = EdDsaVerifier(text, lambda _issuer, _header: known, *binding).get_verified_payload()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("format_id", FORMAT_IDS)
@pytest.mark.parametrize("decoys", [0, 3])
@pytest.mark.parametrize("showing", SHOWINGS, ids=[showing.name for showing in SHOWINGS])
def test_sd_jwt_verifies_what_sayso_presents(format_id: str, decoys: int, showing: Showing) -> None:
    """Flat, nested, in arrays, recursive, with decoys, with key binding."""
    presented = present(issue(format_id, decoys=decoys), showing.places, format_id)
    assert claims_of(_verified(presented, AUDIENCE, NONCE), format_id) == showing.arrives


@pytest.mark.parametrize("format_id", FORMAT_IDS)
@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_sd_jwt_verifies_what_sayso_issues(format_id: str, algorithm: str) -> None:
    assert claims_of(_verified(issue(format_id, algorithm=algorithm)), format_id) == CLAIMS


def test_sd_jwt_refuses_what_was_made_for_another() -> None:
    """Or its agreement would mean nothing."""
    presented = present(issue("dc+sd-jwt"), [("age",)])
    for binding in (("other", NONCE), (AUDIENCE, "other")):
        with pytest.raises(ValueError, match="Invalid"):
            _verified(presented, *binding)
    with pytest.raises(InvalidJWSSignature):
        _verified(presented, AUDIENCE, NONCE, key=JWK(**ADA.public_jwk))


def _issued(format_id: str, *, decoys: bool = False) -> str:
    claims: dict[Any, Any] = {"iss": ISSUER.did, "vct": VCT, **disclosable(CLAIMS)}
    if format_id == "vc+sd-jwt":
        claims = {
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
            "type": ["VerifiableCredential", "IdentityCard"],
            "issuer": ISSUER.did,
            "credentialSubject": disclosable(CLAIMS),
        }
    issuer = SDJWTIssuer(
        claims,
        JWK(**CITY.private_jwk),
        JWK(**ADA.public_jwk),
        sign_alg="EdDSA",
        add_decoy_claims=decoys,
        extra_header_parameters=HEADERS[format_id],
    )
    return str(issuer.sd_jwt_issuance)


CHOICES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"given_name": True, "nothing": True}, {"given_name": "Möbius", "nothing": None}),
    ({"address": {"city": True}}, {"address": {"city": "Köln"}}),
    ({"nationalities": [False, True]}, {"nationalities": ["FR"]}),
    ({"degrees": [{"year": True}, False]}, {"degrees": [{"year": 2010}]}),
    ({"address": {"lines": [False, True]}, "adult": True}, {"address": {"lines": ["Hinterhaus"]}, "adult": True}),
    ({"address": True}, {"address": {}}),
]


@pytest.mark.parametrize("format_id", FORMAT_IDS)
@pytest.mark.parametrize("decoys", [False, True])
@pytest.mark.parametrize(("choice", "arrives"), CHOICES, ids=[json.dumps(choice) for choice, _ in CHOICES])
def test_sayso_verifies_what_sd_jwt_makes(format_id: str, decoys: bool, choice: dict[str, Any], arrives: dict[str, Any]) -> None:
    """Its disclosures have white space and escapes, and are hashed as they are."""
    holder = SDJWTHolder(_issued(format_id, decoys=decoys))
    chosen = {"credentialSubject": choice} if format_id == "vc+sd-jwt" else choice
    holder.create_presentation(chosen, NONCE, AUDIENCE, JWK(**ADA.private_jwk), sign_alg="EdDSA")
    types = [VCT if format_id == "dc+sd-jwt" else "IdentityCard"]
    found = verify(holder.sd_jwt_presentation, expected(types=types), at=system_clock())
    assert claims_of(found.claims, format_id) == arrives
    assert found.binding is not None


@pytest.mark.parametrize("format_id", FORMAT_IDS)
def test_sayso_verifies_what_sd_jwt_issues(format_id: str) -> None:
    found = verify(_issued(format_id, decoys=True), expected(holder_binding=False), at=system_clock())
    assert claims_of(found.claims, format_id) == CLAIMS


@pytest.mark.parametrize("format_id", FORMAT_IDS)
def test_sayso_presents_what_sd_jwt_issued(format_id: str) -> None:
    """And sd-jwt verifies it again."""
    presented = present(_issued(format_id, decoys=True), [("address", "city"), ("nationalities", 0)], format_id)
    assert claims_of(_verified(presented, AUDIENCE, NONCE), format_id) == {"address": {"city": "Köln"}, "nationalities": ["DE"]}


def test_sayso_refuses_what_sd_jwt_made_for_another() -> None:
    holder = SDJWTHolder(_issued("dc+sd-jwt"))
    holder.create_presentation({}, NONCE, AUDIENCE, JWK(**ADA.private_jwk), sign_alg="EdDSA")
    report = examine(holder.sd_jwt_presentation, expected(nonce="another"), at=system_clock())
    assert [problem.kind for problem in report.problems] == [INVALID_CHALLENGE_ERROR]


def test_the_disclosures_of_sd_jwt_are_spelled_otherwise() -> None:
    """Or the test above would not show that they are hashed as they travel."""
    disclosures = _issued("dc+sd-jwt").split("~")[1:-1]
    assert all(b'", ' in base64url.decode(text) for text in disclosures)
    assert any(b"\\u00f6" in base64url.decode(text) for text in disclosures)
