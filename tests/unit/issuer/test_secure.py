"""An issuer signs a document that was written elsewhere, as it stands."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sayso import Credential, CredentialType, Expectations, SaysoError, examine, stapled
from sayso.credentials.kinds import Context
from sayso.errors import DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR, PROOF_GENERATION_ERROR, REVOKED, UNDECIDABLE
from sayso.testing.world import START
from tests.journeys.town import HOUR, Town, header_of, kinds, payload_of, town
from tests.unit.issuer.status_reading import opened, said

V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"
UNDEFINED = "https://www.w3.org/ns/credentials/undefined-terms/v2"
SUITES = ("eddsa-jcs-2022", "eddsa-rdfc-2022")
FORMATS = (*SUITES, "vc+jwt", "vc+sd-jwt")


@pytest.fixture
def there() -> Town:
    return town(None)


def written(there: Town, **members: Any) -> dict[str, Any]:
    return {
        "@context": [V2, UNDEFINED],
        "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
        "type": ["VerifiableCredential", "Pass"],
        "issuer": there.city.did,
        "credentialSubject": {"id": there.holder, "given_name": "Ada"},
        **members,
    }


def secure(there: Town, document: dict[str, Any], **choices: Any) -> Credential:
    return there.city.secure(document, **{"format": "eddsa-jcs-2022", **choices})


def look(there: Town, credential: Credential, **options: Any) -> Any:
    expectations = Expectations(**{"issuers": [there.city.did], "holder_binding": False, **options})
    return examine(credential, expectations, at=there.world.clock())


@pytest.mark.parametrize("format_", FORMATS)
def test_what_it_says_is_signed_as_it_stands(there: Town, format_: str) -> None:
    document = written(there, validUntil="2030-01-01T00:00:00Z")
    credential = secure(there, document, format=format_)
    report = look(there, credential)
    assert report.problems == ()
    assert report.require().claims == document


@pytest.mark.parametrize("format_", FORMATS)
def test_what_does_not_conform_is_not_signed(there: Town, format_: str) -> None:
    changes: list[dict[str, Any]] = [{"issuer": None}, {"type": "Pass"}, {"credentialSubject": []}, {"validUntil": "soon"}]
    for change in changes:
        with pytest.raises(SaysoError) as refused:
            secure(there, written(there, **change), format=format_)
        assert MALFORMED_VALUE_ERROR in kinds(refused.value)


@pytest.mark.parametrize("format_", FORMATS)
def test_another_issuer(there: Town, format_: str) -> None:
    for issuer in ("did:example:other", {"id": "did:example:other"}, there.city.did + "#key"):
        with pytest.raises(ValueError, match="another"):
            secure(there, written(there, issuer=issuer), format=format_)
    assert look(there, secure(there, written(there, issuer={"id": there.city.did}), format=format_)).ok


@pytest.mark.parametrize("format_", SUITES)
def test_vcdm_1_1_gets_the_context_of_proofs(there: Town, format_: str) -> None:
    """DI-2."""
    document = written(there, **{"@context": [V1], "type": ["VerifiableCredential"], "issuanceDate": "2026-01-01T00:00:00Z"})
    document["credentialSubject"] = {"id": there.holder}
    signed = json.loads(secure(there, document, format=format_).data)
    assert signed["@context"] == [V1, "https://w3id.org/security/data-integrity/v2"]
    assert look(there, secure(there, document, format=format_)).ok
    again = json.loads(secure(there, {**document, "@context": signed["@context"]}, format=format_).data)
    assert again == signed
    assert json.loads(secure(there, written(there), format=format_).data)["@context"] == [V2, UNDEFINED]


def test_a_jwt_of_vcdm_1_1_is_not_written(there: Town) -> None:
    document = written(there, **{"@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"})
    for format_ in ("vc+jwt", "vc+sd-jwt"):
        with pytest.raises(SaysoError):
            secure(there, document, format=format_)


def test_a_jwt_has_the_header_of_its_format(there: Town) -> None:
    """VJ-2."""
    token = secure(there, written(there), format="vc+jwt")
    assert token.media_type == "application/vc+jwt"
    header = header_of(token.text)
    assert (header["alg"], header["typ"], header["cty"], header["kid"].partition("#")[0]) == ("EdDSA", "vc+jwt", "vc", there.city.did)
    assert payload_of(token.text) == written(there)


def test_what_the_holder_may_keep_back(there: Town) -> None:
    document = written(there, cnf={"jwk": {"kty": "OKP", "crv": "Ed25519", "x": "A" * 43}})
    text = secure(there, document, format="vc+sd-jwt", disclosable=["given_name"]).text
    assert "given_name" not in payload_of(text.partition("~")[0])["credentialSubject"]
    assert text.count("~") == 2
    for format_ in (*SUITES, "vc+jwt"):
        with pytest.raises(ValueError, match="shown whole"):
            secure(there, document, format=format_, disclosable=["given_name"])


@pytest.mark.parametrize("format_", SUITES)
def test_what_the_proof_says(there: Town, format_: str) -> None:
    """DI-A: type, cryptosuite, method and purpose always; the rest where it was chosen."""
    plain = json.loads(secure(there, written(there), format=format_).data)["proof"]
    assert {"type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue"} == plain.keys() - {"@context"}
    assert ("@context" in plain) == (format_ == "eddsa-jcs-2022")
    said = json.loads(secure(there, written(there), format=format_, created=START, expires=START + HOUR, proof_id="urn:uuid:1").data)[
        "proof"
    ]
    assert (said["created"], said["expires"], said["id"]) == ("2026-11-20T12:00:00Z", "2026-11-20T13:00:00Z", "urn:uuid:1")
    assert (said["cryptosuite"], said["proofPurpose"]) == (format_, "assertionMethod")


@pytest.mark.parametrize("format_", SUITES)
def test_sets_and_chains(there: Town, format_: str) -> None:
    """DI-C1 to DI-C3."""
    first = json.loads(secure(there, written(there), format=format_, proof_id="urn:uuid:1").data)
    both = json.loads(secure(there, first, format=format_, proof_id="urn:uuid:2").data)
    assert [proof["id"] for proof in both["proof"]] == ["urn:uuid:1", "urn:uuid:2"]
    assert both["proof"][0] == first["proof"]
    chained = secure(there, both, format=format_, previous=["urn:uuid:2", "urn:uuid:1"])
    assert json.loads(chained.data)["proof"][2]["previousProof"] == ["urn:uuid:2", "urn:uuid:1"]
    one = json.loads(secure(there, both, format=format_, previous=["urn:uuid:2"]).data)
    assert one["proof"][2]["previousProof"] == "urn:uuid:2"
    assert look(there, chained).ok
    for wrong in ({"previous": ["urn:uuid:3"]}, {"proof_id": "urn:uuid:1"}):
        with pytest.raises(SaysoError) as refused:
            secure(there, both, format=format_, **wrong)
        assert kinds(refused.value) == [PROOF_GENERATION_ERROR]


def test_terms_that_are_given(there: Town) -> None:
    url = "https://city.example/pass/v1"
    document = written(there, **{"@context": [V2, url]})
    terms = {"Pass": "https://city.example/Pass", "given_name": "https://city.example/given_name"}
    kind = CredentialType("Pass", context=Context(url, terms))
    for known in ({"types": [kind]}, {"contexts": {url: {"@context": terms}}}):
        assert look(there, secure(there, document, format="eddsa-rdfc-2022", **known), **known).ok
    with pytest.raises(SaysoError) as refused:
        secure(there, document, format="eddsa-rdfc-2022")
    assert kinds(refused.value) == [UNDECIDABLE]
    inline = written(there, **{"@context": [V2, terms]})
    signed = secure(there, inline, format="eddsa-rdfc-2022", inline_contexts=True)
    assert look(there, signed, inline_contexts=True).ok
    for format_ in SUITES:
        with pytest.raises(SaysoError) as refused:
            secure(there, inline, format=format_)
        assert kinds(refused.value) == [UNDECIDABLE]


@pytest.mark.parametrize("nothing", [None, [], [None], {"x": None}, {"x": [1, []]}], ids=repr)
def test_what_would_not_be_signed(there: Town, nothing: Any) -> None:
    """DI-3: RDF has no statement for a null or an empty array; JCS has their letters."""
    document = written(there, credentialSubject={"id": there.holder, "debts": nothing})
    with pytest.raises(SaysoError) as refused:
        secure(there, document, format="eddsa-rdfc-2022")
    assert kinds(refused.value) == [DATA_LOSS_DETECTION_ERROR]


@pytest.mark.parametrize(
    ("choices", "error"),
    [
        ({"format": "dc+sd-jwt"}, ValueError),
        ({"format": "Ed25519Signature2020"}, ValueError),
        ({"format": "jwt"}, ValueError),
        ({"format": "vc+jwt", "created": START}, ValueError),
        ({"format": "vc+sd-jwt", "expires": START}, ValueError),
        ({"format": "vc+jwt", "proof_id": "urn:uuid:1"}, ValueError),
        ({"format": "vc+jwt", "previous": ["urn:uuid:1"]}, ValueError),
        ({"previous": "urn:uuid:1"}, TypeError),
        ({"previous": [1]}, TypeError),
        ({"previous": [None]}, TypeError),
        ({"previous": 5}, TypeError),
        ({"proof_id": 5}, TypeError),
        ({"created": START.replace(tzinfo=None)}, ValueError),
        ({"disclosable": ["given_name"]}, ValueError),
        ({"format": "vc+sd-jwt", "disclosable": ["no_such"]}, ValueError),
        ({"format": "vc+sd-jwt", "disclosable": "given_name"}, TypeError),
        ({"types": ["Pass"]}, TypeError),
    ],
    ids=repr,
)
def test_wrong_use(there: Town, choices: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        secure(there, written(there), **choices)


@pytest.mark.parametrize("document", [None, [], "{}", 5, {1: 2}, {"x": object()}], ids=["none", "array", "text", "number", "name", "value"])
def test_what_is_no_document(there: Town, document: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        secure(there, document)


def test_a_proof_is_not_older_than_asked(there: Town) -> None:
    """A proof may end before its credential does."""
    credential = secure(there, written(there), expires=START + HOUR)
    assert look(there, credential).ok
    there.world.clock.turn(HOUR + timedelta(minutes=1))
    assert not look(there, credential).ok


@pytest.mark.parametrize("suite", ["ecdsa-jcs-2019", "ecdsa-rdfc-2019"])
def test_a_suite_of_other_keys(there: Town, suite: str) -> None:
    """The city's key is no key of a NIST curve."""
    with pytest.raises(SaysoError, match="no kind"):
        secure(there, written(there), format=suite)


@pytest.mark.parametrize("format", FORMATS)
def test_a_document_is_given_a_status(there: Town, format: str) -> None:
    book = opened(there.city, secured=format)
    entry = book.allocate("pass 1")
    document = written(there)
    signed = secure(there, document, format=format, status=entry)
    assert said(signed)["credentialStatus"] == json.loads(json.dumps(entry.members))["credentialStatus"]
    assert "credentialStatus" not in document
    fetch = stapled({one.url: one.data for one in book.publish()})
    expected = Expectations(issuers=[there.city.did], holder_binding=False)
    assert examine(signed, expected, at=START, fetch=fetch).ok
    book.revoke(signed)
    fetch = stapled({one.url: one.data for one in book.publish()})
    assert {problem.kind for problem in examine(signed, expected, at=START, fetch=fetch).problems} == {REVOKED}


def test_a_status_that_a_document_cannot_have(there: Town) -> None:
    book = opened(there.city, secured="eddsa-jcs-2022")
    with pytest.raises(ValueError, match="a claim has the name of one that the issuer sets: credentialStatus"):
        secure(there, written(there, credentialStatus={"type": "Oracle"}), status=book)
    with pytest.raises(ValueError, match="the lists of this book are for eddsa-jcs-2022"):
        secure(there, written(there), format="vc+jwt", status=book)
    with pytest.raises(TypeError, match="status is a status book or one of its entries, not str"):
        secure(there, written(there), status="card 1")
    with pytest.raises(ValueError, match="the issuer of the document is another"):
        secure(there, written(there, issuer=there.bar.did), status=book)
    assert [herd.given for herd in book.herd()] == [0]
    assert "credentialStatus" in said(secure(there, written(there), status=book))
    assert [herd.given for herd in book.herd()] == [1]
