"""Presentations and credentials in the hands of somebody whom they are not about, or whom they were not made for."""

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
    PROOF_VERIFICATION_ERROR,
    RANGE_ERROR,
    STATUS_RETRIEVAL_ERROR,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
)
from sayso.keys import jwk
from sayso.keys.signer import Signer
from sayso.verification.doors import examine, examine_answer
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.report import Report
from tests.spec.data_integrity.documents import (
    AT,
    BOTH,
    HOLDER_DID,
    V2,
    Document,
    Found,
    a_card,
    a_presentation,
    asking,
    expecting,
    found,
    look,
    presented,
    proof_of,
    secured,
    with_proofs,
)
from tests.unit.proofs.tokens import AUDIENCE, HOLDER, ISSUER_DID, NONCE, NOW, PID, STRANGER, bound, digest, member, sd_jwt, token
from tests.unit.verification.proven import places

STRANGER_DID = did_key.did_of(STRANGER.public_key)
HOLDER_CNF = {"jwk": jwk.encode(HOLDER.public_key)}
STRANGER_CNF = {"jwk": jwk.encode(STRANGER.public_key)}


def envelope(text: str, media_type: str) -> Document:
    """Put a credential that is text into a presentation."""
    return {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": f"data:application/{media_type},{text}"}


def as_jwt(*credentials: Any, signer: Signer = HOLDER, **claims: Any) -> str:
    """Present credentials in a JWT; a claim that is None is left out."""
    said: Document = {"aud": AUDIENCE, "nonce": NONCE, "iat": NOW, **claims}
    holder = did_key.did_of(signer.public_key)
    payload = {**a_presentation(*credentials, holder=holder), **said}
    kid = did_key.verification_method(signer.public_key)
    return token({name: value for name, value in payload.items() if value is not None}, signer, typ="vp+jwt", cty="vp", kid=kid)


def read(text: str, expectations: Expectations | None = None, **options: Any) -> Report:
    return examine(text, expectations or asking(**options), at=AT)


def problems(text: str, expectations: Expectations | None = None, **options: Any) -> Found:
    return places(read(text, expectations, **options).problems)


OF_VCDM_1: Document = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "type": ["VerifiableCredential"],
    "issuer": ISSUER_DID,
    "issuanceDate": "2026-01-01T00:00:00Z",
    "credentialSubject": {"given_name": "Ada"},
}
CARD = secured(a_card())
JWT_CARD = envelope(token(a_card(), typ="vc+jwt", cty="vc"), "vc+jwt")


def test_what_ada_presents_is_accepted() -> None:
    """Or the rest of this page would prove nothing."""
    for suite in BOTH:
        report = look(presented(CARD, JWT_CARD, suite=suite), asking())
        assert report.ok
        assert len(report.require().credentials["verifiableCredential"]) == 2
        assert "verifiableCredential" not in report.require().claims
    assert read(as_jwt(JWT_CARD)).ok


# --- to whom, in answer to what, until when ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", BOTH)
def test_shown_to_another_verifier(suite: str) -> None:
    stolen = presented(CARD, suite=suite)
    assert found(stolen, asking(audience="https://other.example")) == [(INVALID_DOMAIN_ERROR, "/proof/domain")]
    assert found(stolen, asking(domain="https://other.example")) == [(INVALID_DOMAIN_ERROR, "/proof/domain")]
    assert found(stolen, asking(audience=None)) == [(INVALID_DOMAIN_ERROR, "/proof/domain")]
    assert problems(as_jwt(JWT_CARD), audience="https://other.example") == [(INVALID_DOMAIN_ERROR, "/aud")]


@pytest.mark.parametrize("suite", BOTH)
def test_shown_again(suite: str) -> None:
    stolen = presented(CARD, suite=suite)
    for nonce in ("another", None):
        assert found(stolen, asking(nonce=nonce)) == [(INVALID_CHALLENGE_ERROR, "/proof/challenge")]
        assert problems(as_jwt(JWT_CARD), nonce=nonce) == [(INVALID_CHALLENGE_ERROR, "/nonce")]


@pytest.mark.parametrize("suite", BOTH)
def test_readdressed(suite: str) -> None:
    """The thief writes the verifier's own words into the proof."""
    stolen = presented(CARD, suite=suite, domain="https://other.example", challenge="another")
    readdressed = {**stolen, "proof": {**proof_of(stolen), "domain": AUDIENCE, "challenge": NONCE}}
    assert found(readdressed, asking()) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]


@pytest.mark.parametrize("suite", BOTH)
def test_addressed_to_more_than_one(suite: str) -> None:
    """DI-V4: equality of sets, and not membership."""
    stolen = presented(CARD, suite=suite, domain=[AUDIENCE, "https://other.example"])
    assert found(stolen, asking()) == [(INVALID_DOMAIN_ERROR, "/proof/domain")]
    assert look(stolen, asking(domain=["https://other.example", AUDIENCE])).ok


@pytest.mark.parametrize("claims", [{"aud": None}, {"aud": []}, {"aud": "https://other.example"}], ids=repr)
def test_a_domain_is_asked_for_whatever_the_format(claims: Document) -> None:
    """A verifier that knows itself by its domain alone is not answered by a JWT to nobody, or to another."""
    expectations = asking(audience=None, domain="https://bar.example")
    assert problems(as_jwt(JWT_CARD, **claims), expectations) == [(INVALID_DOMAIN_ERROR, "/aud")]
    assert read(as_jwt(JWT_CARD, aud="https://bar.example"), expectations).ok


def test_kept_too_long() -> None:
    for suite in BOTH:
        assert found(presented(CARD, suite=suite, expires=AT), asking(skew=AT - AT)) == [(RANGE_ERROR, "/proof/expires")]
    assert problems(as_jwt(JWT_CARD, exp=NOW - 61)) == [(RANGE_ERROR, "/exp")]
    assert problems(as_jwt(JWT_CARD, iat=NOW - 301)) == [(RANGE_ERROR, "/iat")]


@pytest.mark.parametrize("name", ["aud", "nonce", "exp", "nbf", "iat", "cnf", "iss"])
def test_a_presentation_that_keeps_back_what_it_is_for(name: str) -> None:
    """SD-I8: passed on without the disclosure, it would be for everybody."""
    payload: Document = {**a_presentation(JWT_CARD), "aud": AUDIENCE, "nonce": NONCE}
    value = payload.pop(name, NOW + 60 if name in {"exp", "nbf", "iat"} else HOLDER_DID)
    opened = member(name, value)
    text = token({**payload, "_sd": [digest(opened)]}, HOLDER, typ="vp+sd-jwt", kid=did_key.verification_method(HOLDER.public_key))
    assert (MALFORMED_VALUE_ERROR, f"/{name}") in problems(sd_jwt(text, opened))


# --- whose ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize("inside", [CARD, JWT_CARD], ids=["proof", "jwt"])
def test_somebody_elses_credential(suite: str, inside: Document) -> None:
    """The thief signs for himself, with Ada's card in it."""
    stolen = presented(inside, suite=suite, signer=STRANGER, members={"holder": STRANGER_DID})
    assert found(stolen, asking()) == [(HOLDER_BINDING, "/verifiableCredential/0/credentialSubject")]
    assert look(stolen, asking(subjects="any")).ok


@pytest.mark.parametrize("suite", BOTH)
def test_in_somebody_elses_name(suite: str) -> None:
    """The thief signs, and says that he is Ada: the name is hers, the key is not."""
    stolen = presented(CARD, suite=suite, signer=STRANGER)
    assert found(stolen, asking()) == [(INVALID_VERIFICATION_METHOD, "/holder")]
    assert found(stolen, asking(issuer_binding=False)) == [(HOLDER_BINDING, "/verifiableCredential/0/credentialSubject")]
    assert (HOLDER_BINDING, "/verifiableCredential/0/credentialSubject") in found(
        presented(CARD, suite=suite, signer=STRANGER, members={"holder": None}), asking()
    )


CONFIRMED = token(a_card(credentialSubject={"given_name": "Ada"}, cnf=HOLDER_CNF), typ="vc+jwt", cty="vc")


def test_a_credential_that_confirms_a_key() -> None:
    inside = envelope(CONFIRMED, "vc+jwt")
    assert look(presented(inside), asking()).ok
    assert read(as_jwt(inside)).ok
    stolen = as_jwt(inside, signer=STRANGER)
    assert problems(stolen) == [(HOLDER_BINDING, "/verifiableCredential/0/cnf")]


@pytest.mark.parametrize(
    "cnf", [None, 1, "key", [], {}, {"kid": HOLDER_DID}, {"jwk": None}, {"jwk": {"kty": "OKP"}}, {"jwk": "x"}, {"jkt": "x"}], ids=repr
)
def test_a_key_confirmed_in_a_way_that_nobody_knows(cnf: Any) -> None:
    """RFC 7800: it restricts the credential all the same."""
    payload = {**a_card(credentialSubject={"given_name": "Ada"}), "cnf": cnf}
    inside = envelope(token(payload, typ="vc+jwt", cty="vc"), "vc+jwt")
    assert (HOLDER_BINDING, "/verifiableCredential/0/cnf") in problems(as_jwt(inside))


def test_a_key_that_the_jwt_around_a_credential_confirms() -> None:
    """VCDM 1.1: `cnf` stands beside the claim `vc`, and so does `sub`."""
    for cnf, kinds in ((HOLDER_CNF, []), (STRANGER_CNF, [(HOLDER_BINDING, "/verifiableCredential/0/cnf")])):
        inside = envelope(token({"vc": OF_VCDM_1, "iss": ISSUER_DID, "cnf": cnf}, typ="JWT"), "jwt")
        assert problems(as_jwt(inside), vc_claim="1.1") == kinds
    inside = envelope(token({"vc": OF_VCDM_1, "iss": ISSUER_DID, "sub": STRANGER_DID}, typ="JWT"), "jwt")
    found_ = problems(as_jwt(inside), vc_claim="1.1")
    assert (HOLDER_BINDING, "/verifiableCredential/0/credentialSubject") in found_


def test_a_status_that_the_jwt_around_a_credential_has() -> None:
    """Token Status List, section 6.1: the claim is for every JWT."""
    status = {"status_list": {"idx": 1, "uri": "https://city.example/1"}}
    text = token({"vc": OF_VCDM_1, "iss": ISSUER_DID, "status": status}, typ="JWT")
    assert problems(text, expecting(vc_claim="1.1")) == [(STATUS_RETRIEVAL_ERROR, "/status/status_list")]
    assert read(text, expecting(vc_claim="1.1", status="waive")).ok


def test_sub_says_who_it_is_about() -> None:
    """VJ-4: `sub` stands for the identifier of the subject."""
    for sub, kinds in ((HOLDER_DID, []), (STRANGER_DID, [(HOLDER_BINDING, "/verifiableCredential/0/sub")])):
        inside = envelope(token({**a_card(credentialSubject={"given_name": "Ada"}), "sub": sub}, typ="vc+jwt", cty="vc"), "vc+jwt")
        assert problems(as_jwt(inside)) == kinds
    odd = envelope(token({**a_card(credentialSubject={"given_name": "Ada"}), "sub": [HOLDER_DID]}, typ="vc+jwt", cty="vc"), "vc+jwt")
    assert (HOLDER_BINDING, "/verifiableCredential/0/sub") in problems(as_jwt(odd))


@pytest.mark.parametrize("identifier", [[], {}, 1, None, [HOLDER_DID], {"id": HOLDER_DID}], ids=repr)
def test_an_identifier_that_is_none(identifier: Any) -> None:
    """Malformed, and nobody: a refusal, and no exception of another kind."""
    inside = envelope(token(a_card(credentialSubject={"id": identifier}), typ="vc+jwt", cty="vc"), "vc+jwt")
    kinds = {kind for kind, _ in problems(as_jwt(inside))}
    assert HOLDER_BINDING in kinds


def _hiding(subject: Any, *opened: str, **members: Any) -> Document:
    card = {**a_card(credentialSubject=subject), **members}
    text = token({name: value for name, value in card.items() if value is not None}, typ="vc+sd-jwt", cty="vc")
    return envelope(sd_jwt(text, *opened), "vc+sd-jwt")


ID, NAME = member("id", HOLDER_DID), member("given_name", "Ada")


def test_an_identifier_that_stays_undisclosed() -> None:
    """Ada's card binds no key; with her identifier kept back, it would be about nobody, and anybody's."""
    assert problems(as_jwt(_hiding({"_sd": [digest(ID)], "given_name": "Ada"}, ID))) == []
    for inside in (
        _hiding({"_sd": [digest(ID)], "given_name": "Ada"}),
        _hiding([{"id": STRANGER_DID, "given_name": "Bob"}, {"...": digest(member("x", 1))}]),
        _hiding([{"_sd": [digest(ID)], "given_name": "Ada"}]),
        _hiding(None, _sd=[digest(member("credentialSubject", {"id": HOLDER_DID}))]),
    ):
        stolen = problems(as_jwt(inside, signer=STRANGER))
        assert (HOLDER_BINDING, "/verifiableCredential/0/credentialSubject") in stolen
    # Another claim of hers may stay undisclosed, and so may all of them where a key is confirmed.
    assert problems(as_jwt(_hiding({"id": HOLDER_DID, "_sd": [digest(NAME)]}))) == []
    assert problems(as_jwt(_hiding({"_sd": [digest(ID)], "given_name": "Ada"}, cnf=HOLDER_CNF))) == []


def test_two_people_pool_their_cards() -> None:
    """Ada binds her card for Bob's request, and Bob puts it into his presentation: it is still hers."""
    card = token({**a_card(credentialSubject={"given_name": "Ada"}), "cnf": HOLDER_CNF}, typ="vc+sd-jwt", cty="vc")
    inside = envelope(bound(sd_jwt(card)), "vc+sd-jwt")
    assert read(as_jwt(inside)).ok
    assert problems(as_jwt(inside, signer=STRANGER)) == [(HOLDER_BINDING, "/verifiableCredential/0/cnf")]


# --- what is inside -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", BOTH)
def test_a_credential_swapped(suite: str) -> None:
    """Under Ada's proof stands another card of hers, as good as the first."""
    other = secured(a_card(credentialSubject={"id": HOLDER_DID, "given_name": "Eve"}))
    swapped = {**presented(CARD, suite=suite), "verifiableCredential": [other]}
    assert found(swapped, asking()) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]


@pytest.mark.parametrize("suite", BOTH)
def test_a_credential_of_her_own_making(suite: str) -> None:
    """The proof inside is copied from another card, or the card is Ada's own word."""
    forged = {**CARD, "credentialSubject": {"id": HOLDER_DID, "given_name": "Eve"}}
    assert found(presented(forged, suite=suite), asking()) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/verifiableCredential/0/proof")]
    assert (MALFORMED_VALUE_ERROR, "/verifiableCredential/0") in found(presented(a_card(), suite=suite), asking())
    own = a_card(issuer=HOLDER_DID)
    assert found(presented(own, suite=suite), asking()) == [(UNTRUSTED_ISSUER, "/verifiableCredential/0/issuer")]
    assert look(presented(own, suite=suite), asking(issuers=[HOLDER_DID])).ok


@pytest.mark.parametrize("proof", [None, [], {}, "x", [None], 1], ids=repr)
def test_a_proof_inside_that_is_none(proof: Any) -> None:
    """It says it has a proof, so it is read as one that has, whatever the presentation secures."""
    own = {**a_card(issuer=HOLDER_DID), "proof": proof}
    assert not look(presented(own), asking(issuers=ANYONE)).ok


def test_an_envelope_that_lies() -> None:
    """What is inside is another kind of thing than the envelope says."""
    sd = bound(sd_jwt(token({**a_card(), "cnf": HOLDER_CNF}, typ="vc+sd-jwt", cty="vc")))
    pid = bound(sd_jwt(token({**PID})))
    jwt = token(a_card(), typ="vc+jwt", cty="vc")
    for text, honest in ((sd, "vc+sd-jwt"), (jwt, "vc+jwt"), (pid, "dc+sd-jwt")):
        assert problems(as_jwt(envelope(text, honest))) == []
        for media_type in {"vc+sd-jwt", "vc+jwt", "dc+sd-jwt", "vc", "vp+jwt", "jwt", "json"} - {honest}:
            assert problems(as_jwt(envelope(text, media_type))) == [(PARSING_ERROR, "/verifiableCredential/0/id")]


def test_a_presentation_in_a_presentation() -> None:
    """What Ada presented is no credential, in whatever it stands."""
    for inside in (presented(CARD), envelope(as_jwt(JWT_CARD), "vp+jwt")):
        assert not look(presented(inside), asking()).ok
        assert not read(as_jwt(inside)).ok


def test_a_presentation_where_a_credential_was_expected() -> None:
    assert (UNEXPECTED_TYPE, "") in found(presented(CARD), asking(holder_binding=False))
    assert (HOLDER_BINDING, "") in found(CARD, asking())


@pytest.mark.parametrize("typ", ["vp+jwt", "vp+sd-jwt", "JWT"])
def test_what_the_holder_signed_is_no_second_way_to_the_claims(typ: str) -> None:
    """What nobody asked for is dropped from a credential inside, and stands in nothing else that is returned."""
    if typ == "JWT":
        document = {"@context": ["https://www.w3.org/2018/credentials/v1"], "type": ["VerifiablePresentation"]}
        payload: Document = {"vp": {**document, "verifiableCredential": [token(a_card(), typ="vc+jwt", cty="vc")]}, "iss": HOLDER_DID}
    else:
        payload = a_presentation(JWT_CARD)
    text = token({**payload, "aud": AUDIENCE, "nonce": NONCE}, HOLDER, typ=typ, kid=did_key.verification_method(HOLDER.public_key))
    verified = read(sd_jwt(text) if typ == "vp+sd-jwt" else text, vc_claim="1.1").require()
    assert verified.binding is not None
    assert verified.binding["nonce"] == NONCE
    assert {"vp", "verifiableCredential"}.isdisjoint({*verified.binding, *verified.claims})


def test_an_sd_jwt_answered_in_a_presentation() -> None:
    """Who asks for an SD-JWT gets a key binding, with the end of the share in it, and no presentation around somebody's card."""
    card = token({**a_card(), "cnf": HOLDER_CNF}, typ="vc+sd-jwt", cty="vc")
    wrapped = as_jwt(envelope(sd_jwt(card), "vc+sd-jwt"))
    asked: Document = {
        "id": "q",
        "format": "vc+sd-jwt",
        "meta": {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
    }
    for text, kinds in ((bound(sd_jwt(card)), []), (wrapped, [(UNEXPECTED_TYPE, "/q/0")])):
        report = examine_answer(f'{{"q":["{text}"]}}', {"credentials": [asked]}, asking(), at=AT)
        assert places(report.problems) == kinds


# --- sets and chains ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suite", BOTH)
def test_a_proof_of_a_chain_removed(suite: str) -> None:
    """The notary signed what the city had signed; without the city's proof the notary's says nothing."""
    first = secured(a_card(), suite, id="urn:uuid:1")
    chain = secured(first, suite, STRANGER, previous=["urn:uuid:1"])
    assert look(chain).ok
    city, notary = chain["proof"]
    for left in ([notary], notary):
        assert [kind for kind, _ in found({**chain, "proof": left})] == [PROOF_VERIFICATION_ERROR]
        assert not look({**chain, "proof": left}, all_proofs=False).ok
    unchained = {name: value for name, value in notary.items() if name != "previousProof"}
    assert found(with_proofs(chain, city, unchained)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/1")]


@pytest.mark.parametrize("suite", BOTH)
def test_a_proof_of_ones_own_added(suite: str) -> None:
    """The thief adds his proof to what Ada presented elsewhere: hers is looked at too."""
    stolen = presented(CARD, suite=suite, domain="https://other.example", challenge="another")
    both = secured(stolen, suite, STRANGER, purpose="authentication", domain=AUDIENCE, challenge=NONCE)
    assert found(both, asking()) == [(INVALID_DOMAIN_ERROR, "/proof/0/domain"), (INVALID_CHALLENGE_ERROR, "/proof/0/challenge")]
    assert not look(both, asking(all_proofs=False)).ok
    hers, his = both["proof"]
    spoiled = with_proofs(both, {**hers, "domain": AUDIENCE, "challenge": NONCE}, his)
    assert not look(spoiled, asking(all_proofs=False)).ok


@pytest.mark.parametrize("suite", BOTH)
def test_a_credential_signed_by_a_stranger_too(suite: str) -> None:
    """All proofs hold, and one of them is the issuer's; a stranger's alone is not enough."""
    assert look(secured(secured(a_card(), suite), suite, STRANGER)).ok
    assert found(secured(a_card(), suite, STRANGER)) == [(INVALID_VERIFICATION_METHOD, "/issuer")]
