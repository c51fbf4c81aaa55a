"""openvc-core, an independent library for verifiable credentials: it verifies what sayso makes, and makes what sayso verifies."""

from datetime import timedelta
from typing import Any

import pytest
from openvc.keys import Ed25519SigningKey
from openvc.proof.errors import ProofError
from openvc.proof.sd_jwt import SdJwtVcProofSuite
from openvc.verify import VerificationPolicy, verify_credential

from sayso import Verifier, Wallet, verify
from sayso.clock import system_clock
from sayso.credentials.formats import FORMATS
from sayso.dids import did_key
from sayso.errors import INVALID_CHALLENGE_ERROR, MISSING_CLAIM
from sayso.jsonvalue import parse_object
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt.concealment import conceal
from sayso.verification.doors import examine, examine_answer
from tests.interop.parties import ADA, AUDIENCE, CITY, CLAIMS, ISSUER, NONCE, SHOWINGS, VCT, Showing, claims_of, expected, issue, present
from tests.unit.proofs.tokens import sd_jwt

KID = did_key.verification_method(CITY.signer.public_key)
BOUND: dict[str, Any] = {"public_key_jwk": CITY.public_jwk, "audience": AUDIENCE, "nonce": NONCE, "require_key_binding": True}

KNOWN_HASHES = ("sha-256", "sha-384", "sha-512")
"""What this peer knows; SHA-3 it does not."""


@pytest.mark.parametrize("format_id", ["dc+sd-jwt", "vc+sd-jwt"])
@pytest.mark.parametrize("decoys", [0, 3])
@pytest.mark.parametrize("showing", SHOWINGS, ids=[showing.name for showing in SHOWINGS])
def test_openvc_verifies_what_sayso_presents(format_id: str, decoys: int, showing: Showing) -> None:
    """Flat, nested, in arrays, recursive, with decoys, with key binding; SD-JWT VC, and VCDM 2.0 as SD-JWT."""
    presented = present(issue(format_id, decoys=decoys), showing.places, format_id)
    found = SdJwtVcProofSuite().verify(presented, **BOUND)
    assert found.key_bound
    assert (found.typ, found.issuer) == (format_id, ISSUER.did)
    assert claims_of(found.claims, format_id) == showing.arrives


@pytest.mark.parametrize("format_id", ["dc+sd-jwt", "vc+sd-jwt"])
@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_openvc_finds_the_key_by_itself(format_id: str, algorithm: str) -> None:
    """Its own did:key resolver reads ours; both names of the algorithm; issuance and presentation."""
    issued = issue(format_id, algorithm=algorithm)
    result = verify_credential(issued)
    assert (result.issuer, result.key_bound) == (ISSUER.did, False)
    assert claims_of(result.credential, format_id) == CLAIMS
    policy = VerificationPolicy(audience=AUDIENCE, nonce=NONCE, require_key_binding=True)
    assert verify_credential(present(issued, [("age",)], format_id), policy=policy).key_bound


@pytest.mark.parametrize("hash_name", KNOWN_HASHES)
def test_openvc_reads_every_hash(hash_name: str) -> None:
    payload: dict[str, Any] = {"iss": ISSUER.did, "vct": VCT, "cnf": {"jwk": ADA.public_jwk}, **CLAIMS}
    concealed = conceal(payload, [("age",), ("nationalities", 0)], lambda size: bytes(range(size)), hash_name=hash_name)
    protected = jws.protect(FORMATS["dc+sd-jwt"].header("EdDSA", KID))
    issued = sd_jwt(jws.sign(protected, concealed.payload, CITY.signer), *concealed.disclosures)
    found = SdJwtVcProofSuite().verify(present(issued, [("nationalities", 0)]), **BOUND)
    assert "age" not in found.claims
    assert found.claims["nationalities"] == CLAIMS["nationalities"]


def test_openvc_verifies_what_a_wallet_answers() -> None:
    """The whole way: a request, a plan, an answer; openvc takes the one presentation out of it."""
    ada = Wallet.generate()
    ada.store(ISSUER.issue(CLAIMS, type="IdentityCard", holder=ada.new_key(), valid_for=timedelta(days=1)))
    bar = Verifier.generate(name="The Bar")
    hour = timedelta(hours=1)
    request = bar.request("adult", issuers=[ISSUER.did], purpose="Serve alcohol", benefit="You get your drink", keep_for=hour)
    answer = ada.present(ada.plan(request))
    (texts,) = parse_object(answer.data)["vp_token"].values()  # type: ignore[union-attr]
    asked = jws.decode(request.data, ("oauth-authz-req+jwt",)).payload
    assert isinstance(texts, list)
    found = SdJwtVcProofSuite().verify(
        str(texts[0]),
        public_key_jwk=CITY.public_jwk,
        audience=str(asked["client_id"]),
        nonce=str(asked["nonce"]),
        require_key_binding=True,
    )
    assert claims_of(found.claims, "vc+sd-jwt") == {"adult": True}


def test_openvc_refuses_what_was_made_for_another() -> None:
    """Or its agreement would mean nothing."""
    presented = present(issue("dc+sd-jwt"), [("age",)])
    others: list[dict[str, Any]] = [{"nonce": "other"}, {"audience": "other"}, {"public_key_jwk": ADA.public_jwk}]
    for other in others:
        with pytest.raises(ProofError):
            SdJwtVcProofSuite().verify(presented, **(BOUND | other))


def _issued_by_openvc(suite: SdJwtVcProofSuite, algorithm: str = "EdDSA", **options: Any) -> str:
    key = Ed25519SigningKey.from_jwk(CITY.private_jwk, KID, alg=algorithm)
    claims: dict[str, Any] = {"iss": ISSUER.did, **CLAIMS}
    return suite.issue(claims, signing_key=key, disclosable=[*CLAIMS], holder_jwk=ADA.public_jwk, vct=VCT, expires_in_s=600, **options)


def _presented_by_openvc(suite: SdJwtVcProofSuite, issued: str, shown: set[str], algorithm: str = "EdDSA") -> str:
    """It presents all that it is given, so what stays home is taken out before."""
    issuer_jwt, *disclosures, _ = issued.split("~")
    kept = [text for text, name in zip(disclosures, CLAIMS, strict=True) if name in shown]
    holder = Ed25519SigningKey.from_jwk(ADA.private_jwk, "unused", alg=algorithm)
    return suite.create_presentation(sd_jwt(issuer_jwt, *kept), holder_key=holder, audience=AUDIENCE, nonce=NONCE)


@pytest.mark.parametrize("hash_name", KNOWN_HASHES)
@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
@pytest.mark.parametrize("decoys", [0, 5])
def test_sayso_verifies_what_openvc_makes(hash_name: str, algorithm: str, decoys: int) -> None:
    """SD-JWT VC whose top-level claims are disclosable, with key binding. openvc 1.37 makes no nested or array disclosures and no
    `vc+sd-jwt`: its `issue` takes names of top-level claims, and writes `typ: dc+sd-jwt` only.
    """
    suite = SdJwtVcProofSuite(hash_name=hash_name)
    issued = _issued_by_openvc(suite, algorithm, decoys=decoys)
    shown = {"address", "age", "nothing"}
    presented = _presented_by_openvc(suite, issued, shown, algorithm)
    found = verify(presented, expected(types=[VCT]), at=system_clock())
    assert claims_of(found.claims, "dc+sd-jwt") == {name: CLAIMS[name] for name in CLAIMS if name in shown}
    assert (found.issuer, found.types) == (ISSUER.did, (VCT,))
    whole = verify(issued, expected(holder_binding=False), at=system_clock())
    assert claims_of(whole.claims, "dc+sd-jwt") == CLAIMS


def test_sayso_judges_an_answer_that_openvc_made() -> None:
    suite = SdJwtVcProofSuite()
    presented = _presented_by_openvc(suite, _issued_by_openvc(suite), {"age"})
    query: dict[str, Any] = {"id": "q", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, "claims": [{"path": ["age"]}]}
    answer = f'{{"q":["{presented}"]}}'
    report = examine_answer(answer, {"credentials": [query]}, expected(), at=system_clock())
    assert report.require().credentials["q"][0].claims["age"] == CLAIMS["age"]
    query["claims"] = [{"path": ["given_name"]}]
    refused = examine_answer(answer, {"credentials": [query]}, expected(), at=system_clock())
    assert [problem.kind for problem in refused.problems] == [MISSING_CLAIM]


def test_sayso_refuses_what_openvc_made_for_another() -> None:
    suite = SdJwtVcProofSuite()
    presented = _presented_by_openvc(suite, _issued_by_openvc(suite), {"age"})
    report = examine(presented, expected(nonce="another"), at=system_clock())
    assert [problem.kind for problem in report.problems] == [INVALID_CHALLENGE_ERROR]


def test_sayso_presents_what_openvc_issued() -> None:
    """And openvc verifies it again."""
    suite = SdJwtVcProofSuite()
    presented = present(_issued_by_openvc(suite, decoys=2), [("given_name",)])
    assert claims_of(suite.verify(presented, **BOUND).claims, "dc+sd-jwt") == {"given_name": "Möbius"}
