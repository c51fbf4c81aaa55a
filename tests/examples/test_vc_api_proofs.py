"""What clients that try Data Integrity send to the VC API: cryptosuites, sets, chains, contexts, and published credentials."""

import json
from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2, UNDEFINED_TERMS_V2
from sayso.encodings import multibase
from sayso.errors import UNDECIDABLE
from sayso.jsonvalue import JsonObject
from sayso.proofs.data_integrity.hashing import hash_document, hash_options
from sayso.proofs.data_integrity.signing import ProofOptions
from sayso.proofs.data_integrity.suites import SUITES as SUITES_BY_NAME
from tests.examples.parties import ADA, BOB, NIST, NIST_384, WORLD, a_credential, a_presentation
from tests.examples.server import Client
from tests.support import SHARED, needs_shared, shared

EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019")
ED25519, P256, P384 = "did:key:z6Mk", "did:key:zDna", "did:key:z82L"
VERIFIED = {"verified": True, "problemDetails": []}


def places(answer: Any) -> list[str]:
    return [problem["pointer"] for problem in answer.body["problemDetails"]]


def changed(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "credentialSubject": {**document["credentialSubject"], "name": "Eve"}}


@pytest.mark.parametrize("suite", SUITES)
def test_what_is_issued_verifies_and_what_was_changed_does_not(api: Client, suite: str) -> None:
    document = a_credential(id="urn:uuid:5f3b4a4e-6a47-4a19-9c1e-0c5d2f0a7b11")
    issued = api.issued(document, cryptosuite=suite)
    proof = issued["proof"]
    assert {name: value for name, value in issued.items() if name not in ("issuer", "proof")} == document
    assert (proof["type"], proof["cryptosuite"], proof["proofPurpose"]) == ("DataIntegrityProof", suite, "assertionMethod")
    assert (proof["proofValue"][0], proof["created"]) == ("z", "2026-01-01T00:00:00Z")
    assert proof["verificationMethod"].startswith(issued["issuer"] + "#")
    assert proof.get("@context") == (document["@context"] if "jcs" in suite else None)
    assert api.verify(issued) == (200, VERIFIED)
    assert api.verify(changed(issued)).status == 400


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("type", "UnknownProof"),
        ("cryptosuite", "eddsa-2022"),
        ("cryptosuite", None),
        ("proofPurpose", "authentication"),
        ("proofPurpose", "invalidPurpose"),
        ("verificationMethod", "did:key:invalid"),
        ("verificationMethod", None),
        ("created", "invalidDate"),
        ("created", "2026-01-01T00:00:01Z"),
        ("proofValue", None),
        ("proofValue", "u9eE"),
        ("proofValue", "z"),
        ("domain", "https://elsewhere.example"),
    ],
)
def test_a_proof_says_what_was_signed(api: Client, suite: str, member: str, value: str | None) -> None:
    issued = api.issued(a_credential(), cryptosuite=suite)
    proof = {name: item for name, item in {**issued["proof"], member: value}.items() if item is not None}
    answer = api.verify({**issued, "proof": proof})
    assert (answer.status, answer.body["verified"]) == (400, False)


@pytest.mark.parametrize("proof", [None, {}, [], "text", 0, [None], ["text"]])
def test_what_has_no_proof_is_not_verified(api: Client, proof: Any) -> None:
    issued = api.issued(a_credential())
    assert api.verify({**issued, "proof": proof}).status == 400
    del issued["proof"]
    assert api.verify(issued).status == 400


def test_a_request_names_the_cryptosuite_and_the_key(api: Client) -> None:
    def issued(query: dict[str, str], **options: str) -> tuple[str, str]:
        credential = api.issued(a_credential(), query, **options)
        assert api.verify(credential).status == 200
        return credential["proof"]["cryptosuite"], credential["issuer"][: len(ED25519)]

    assert issued({}) == ("eddsa-rdfc-2022", ED25519)
    assert issued({"cryptosuite": "eddsa-jcs-2022"}) == ("eddsa-jcs-2022", ED25519)
    assert issued({}, cryptosuite="ecdsa-rdfc-2019") == ("ecdsa-rdfc-2019", P256)
    assert issued({"keyType": "P-384"}, cryptosuite="ecdsa-rdfc-2019") == ("ecdsa-rdfc-2019", P384)
    assert issued({"cryptosuite": "ecdsa-jcs-2019"}, keyType="P-384") == ("ecdsa-jcs-2019", P384)
    assert issued({"cryptosuite": "ecdsa-jcs-2019"}, cryptosuite="eddsa-jcs-2022") == ("ecdsa-jcs-2019", P256)
    for options in ({"cryptosuite": "bbs-2023"}, {"cryptosuite": "Ed25519Signature2020"}, {"keyType": "P-256"}, {"keyType": "P-521"}):
        assert api.issue(a_credential(), options).status == 400


def test_whoever_asks_the_issuer_is_the_one_that_signs(api: Client) -> None:
    issuer = api.issued(a_credential())["issuer"]
    assert api.issued(a_credential(issuer="https://vc.example/issuers/5678"))["issuer"] == issuer
    named = {"id": "did:example:city", "name": "City"}
    assert api.issued(a_credential(issuer=named))["issuer"] == {"id": issuer, "name": "City"}
    assert "id" not in api.issued(a_credential())
    for refused in ("city", "", None, 1, [issuer], {"id": None}, {"id": "city"}, {"id": [issuer]}):
        assert api.issue(a_credential(issuer=refused)).status == 400


@pytest.mark.parametrize("suite", SUITES)
def test_vcdm_1_1_gets_the_context_that_its_proof_needs(api: Client, suite: str) -> None:
    """DI-2; what already has it gets it no second time."""
    document = a_credential(context=[CREDENTIALS_V1], issuanceDate="2020-01-01T00:00:00Z")
    document["credentialSubject"] = {"id": "did:example:subject"}
    issued = api.issued(document, cryptosuite=suite)
    assert issued["@context"] == [CREDENTIALS_V1, DATA_INTEGRITY_V2]
    assert api.verify(issued) == (200, VERIFIED)
    again = api.issued({**document, "@context": [CREDENTIALS_V1, DATA_INTEGRITY_V2]}, cryptosuite=suite)
    assert again["@context"] == [CREDENTIALS_V1, DATA_INTEGRITY_V2]
    assert api.issue({**document, "credentialSubject": {"id": "did:example:subject", "alias": "A"}}).status == 400


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize(
    "members",
    [
        {"type": ["VerifiableCredential", "UnknownType"]},
        {"undefinedTerm": "value"},
        {"credentialSubject": {"id": "did:example:subject", "undefinedTerm": "value"}},
        {"credentialSubject": {"id": "did:example:subject", "type": "UnknownType", "name": "Ada"}},
        {"credentialSubject": {"id": "relative", "name": "Ada"}},
        {"credentialSubject": {"id": "_:b0", "name": "Ada"}},
        # a base URL would make them absolute, for some
        {"context": [CREDENTIALS_V2, {"@base": "https://example.org/"}], "type": ["VerifiableCredential", "UnknownType"]},
        {"context": [CREDENTIALS_V2, {"@base": "https://example.org/"}], "credentialSubject": {"id": "did:example:s", "undefinedTerm": 1}},
        {"context": [CREDENTIALS_V2, {"@vocab": None}], "undefinedTerm": "value"},
    ],
)
def test_what_means_nothing_is_not_signed(api: Client, suite: str, members: dict[str, Any]) -> None:
    """DI-3, and for every cryptosuite the same; what somebody signed as it stands is not verified."""
    document = a_credential(**members)
    answer = api.issue(document, cryptosuite=suite)
    assert answer.status == 400, answer
    assert answer.body["problemDetails"]
    assert api.verify(ADA.sign({**document, "issuer": ADA.did}, "eddsa-jcs-2022")).status == 400


@pytest.mark.parametrize(
    "context",
    [
        [CREDENTIALS_V2, EXAMPLES_V2],
        [CREDENTIALS_V2, UNDEFINED_TERMS_V2],
        [CREDENTIALS_V2, {"alias": "https://example.org/#alias"}],
        [CREDENTIALS_V2, {"@protected": True, "alias": {"@id": "https://example.org/#alias", "@type": "@id"}}],
        [CREDENTIALS_V2, {"ex": "https://example.org/#", "alias": "ex:alias"}],
    ],
)
@pytest.mark.parametrize("suite", SUITES)
def test_known_and_inline_contexts_give_terms_a_meaning(api: Client, suite: str, context: list[Any]) -> None:
    issued = api.issued(a_credential(context=context, credentialSubject={"alias": "https://example.org/ada"}), cryptosuite=suite)
    assert api.verify(issued) == (200, VERIFIED)


@pytest.mark.parametrize(
    "context",
    [
        CREDENTIALS_V2,
        [EXAMPLES_V2, CREDENTIALS_V2],
        [CREDENTIALS_V2, "https://example.com/never-fetched"],
        [CREDENTIALS_V2, {"name": "https://example.org/#another"}],
        [CREDENTIALS_V2, None],
        [CREDENTIALS_V2, 1],
        [CREDENTIALS_V2, ["https://www.w3.org/ns/credentials/examples/v2"]],
        [CREDENTIALS_V2, {"alias": {"@id": "https://example.org/#alias", "@context": "https://example.com/never-fetched"}}],
        [CREDENTIALS_V2, {"@import": "https://example.com/never-fetched"}],
        [CREDENTIALS_V2, {"alias": 1}],
    ],
)
def test_other_contexts_are_refused_and_none_is_fetched(api: Client, context: Any) -> None:
    assert api.issue(a_credential(context=context, credentialSubject={"id": "did:example:s", "name": "Ada"})).status == 400


@pytest.mark.parametrize("suite", SUITES)
def test_a_text_may_have_a_direction(api: Client, suite: str) -> None:
    name = {"@value": "HTML و CSS", "@language": "ar", "@direction": "rtl"}
    document = a_credential(credentialSubject={"id": "did:example:subject", "name": name})
    issued = api.issued(document, cryptosuite=suite)
    assert api.verify(issued) == (200, VERIFIED)
    turned = {**issued, "credentialSubject": {"id": "did:example:subject", "name": {**name, "@direction": "ltr"}}}
    assert api.verify(turned).status == 400  # it is signed, in RDF too


class TestSetsAndChains:
    """VC Data Integrity 1.0, sections 2.1.1, 2.1.2, 4.3 and 4.5."""

    FIRST, SECOND, THIRD = (f"urn:uuid:00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_a_set(self, api: Client, suite: str) -> None:
        both = BOB.sign(ADA.sign(a_credential(issuer=ADA.did), suite), suite)
        assert len(both["proof"]) == 2
        assert api.verify(both) == (200, VERIFIED)
        first, second = both["proof"]
        assert api.verify({**both, "proof": [first, {**second, "proofValue": first["proofValue"]}]}).status == 400
        assert api.verify({**both, "proof": [second]}).status == 400  # none of them is the issuer's

    def test_a_set_of_both_kinds_of_keys(self, api: Client) -> None:
        document = NIST_384.sign(NIST.sign(ADA.sign(a_credential(issuer=NIST.did)), "ecdsa-jcs-2019"), "ecdsa-rdfc-2019")
        assert api.verify(document) == (200, VERIFIED)
        assert api.verify(changed(document)).status == 400

    def test_a_document_that_has_a_proof_gets_one_more(self, api: Client) -> None:
        issued = api.issued(api.issued(a_credential(), cryptosuite="eddsa-jcs-2022"))
        assert [proof["cryptosuite"] for proof in issued["proof"]] == ["eddsa-jcs-2022", "eddsa-rdfc-2022"]
        assert api.verify(issued) == (200, VERIFIED)

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_a_chain(self, api: Client, suite: str) -> None:
        """The first is by another key than the issuer's; the last names two, the one before one."""
        chain = self.chain(suite)
        assert [proof.get("previousProof") for proof in chain["proof"]] == [None, self.FIRST, [self.FIRST, self.SECOND]]
        assert api.verify(chain) == (200, VERIFIED)
        assert api.verify(changed(chain)).status == 400

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_a_previous_proof_that_is_missing_or_fails(self, api: Client, suite: str) -> None:
        chain = self.chain(suite)
        first, second, third = chain["proof"]
        broken = {**first, "proofValue": second["proofValue"]}
        for proofs in (
            [second, third],
            [first, third],
            [second],
            [broken, second, third],
            [first, {**second, "previousProof": "urn:uuid:00000000-0000-4000-8000-000000000009"}, third],
            [first, {**second, "previousProof": []}, third],
            [first, {**second, "previousProof": None}, third],
            [first, {**second, "previousProof": [self.FIRST, 1]}, third],
            [{**first, "id": self.SECOND}, second, third],
            [{**first, "previousProof": self.SECOND}, second, third],
        ):
            assert api.verify({**chain, "proof": proofs}).status == 400
        assert api.verify({**chain, "proof": [second, third, first]}).status == 200  # a set has no order

    def chain(self, suite: str) -> dict[str, Any]:
        one = BOB.sign(a_credential(issuer=ADA.did), suite, id=self.FIRST)
        two = ADA.sign(one, suite, id=self.SECOND, previous=[self.FIRST])
        return ADA.sign(two, suite, id=self.THIRD, previous=[self.FIRST, self.SECOND])


class TestWhatARequestExpects:
    """VC Data Integrity 1.0, section 4.4: the purpose, domain and challenge that a verifier names are those of the proof."""

    def test_the_purpose(self, api: Client) -> None:
        issued = api.issued(a_credential())
        assert api.verify(issued, expectedProofPurpose="assertionMethod").status == 200
        assert places(api.verify(issued, expectedProofPurpose="authentication")) == ["/proof/proofPurpose"]
        shown = ADA.present(a_presentation(issued))
        assert api.verify_presentation(shown, expectedProofPurpose="authentication").status == 200
        assert places(api.verify_presentation(shown, expectedProofPurpose="assertionMethod")) == ["/proof/proofPurpose"]

    def test_the_domain_and_challenge_of_a_credential(self, api: Client) -> None:
        document = a_credential(issuer=ADA.did)
        asked = {"domain": "domain.example", "challenge": "c-1"}
        assert api.verify(ADA.sign(document, **asked), **asked) == (200, VERIFIED)
        assert places(api.verify(ADA.sign(document, **{**asked, "domain": "other.example"}), **asked)) == ["/proof/domain"]
        assert places(api.verify(ADA.sign(document, **{**asked, "challenge": "c-2"}), **asked)) == ["/proof/challenge"]
        assert places(api.verify(ADA.sign(document), **asked)) == ["/proof/domain", "/proof/challenge"]
        assert api.verify(ADA.sign(document), checks=["proof"]).status == 200

    @pytest.mark.parametrize("created", ["invalidDate", "2026-01-01T00:00:00", "2027-01-01T00:00:00Z", 1, None])
    def test_when_a_proof_was_made(self, api: Client, created: Any) -> None:
        """TM-1: signed as it stands, and no dateTimeStamp, or in the future."""
        proof = {**ProofOptions("eddsa-rdfc-2022", ADA.key_id, "assertionMethod").to_json(), "created": created}
        assert api.verify(by_hand(a_credential(issuer=ADA.did), proof)).status == 400

    def test_a_proof_need_not_say_when_it_was_made(self, api: Client) -> None:
        proof = ProofOptions("eddsa-rdfc-2022", ADA.key_id, "assertionMethod").to_json()
        assert api.verify(by_hand(a_credential(issuer=ADA.did), proof)) == (200, VERIFIED)
        old = {**proof, "created": "2020-01-01T00:00:00+01:00"}
        assert api.verify(by_hand(a_credential(issuer=ADA.did), old)) == (200, VERIFIED)
        assert api.verify(by_hand(a_credential(issuer=ADA.did), {**old, "expires": "2021-01-01T00:00:00Z"})).status == 400


def by_hand(document: dict[str, Any], proof: JsonObject) -> dict[str, Any]:
    """Sign with a proof that says anything at all; what cannot be in RDF is left out of what is signed."""
    suite = SUITES_BY_NAME["eddsa-rdfc-2022"]
    config: JsonObject = {name: value for name, value in proof.items() if isinstance(value, str)}
    signed = hash_options(config, document, suite, "sha-256", WORLD) + hash_document(document, suite, "sha-256", WORLD)
    return {**document, "proof": {**proof, "proofValue": multibase.encode_base58btc(ADA.signer.sign(signed))}}


class TestPresentations:
    """Who presents signs for this verifier, in answer to this request."""

    @pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
    def test_domain_and_challenge(self, api: Client, suite: str) -> None:
        presentation = a_presentation(api.issued(a_credential()), holder=ADA.did)
        shown = ADA.present(presentation, suite, domain="https://verifier.example", challenge="c-1")
        asked = {"domain": "https://verifier.example", "challenge": "c-1"}
        assert api.verify_presentation(shown, **asked) == (200, VERIFIED)
        assert places(api.verify_presentation(shown, **{**asked, "challenge": "c-2"})) == ["/proof/challenge"]
        assert places(api.verify_presentation(shown, **{**asked, "domain": "https://other.example"})) == ["/proof/domain"]
        assert places(api.verify_presentation(shown)) == ["/proof/domain", "/proof/challenge"]
        unasked = ADA.present(presentation, suite)
        assert api.verify_presentation(unasked) == (200, VERIFIED)
        assert places(api.verify_presentation(unasked, **asked)) == ["/proof/domain", "/proof/challenge"]

    def test_two_domains_are_a_set(self, api: Client) -> None:
        shown = ADA.present(a_presentation(api.issued(a_credential())), domain=["https://a.example", "https://b.example"])
        assert api.verify_presentation(shown, domain="https://a.example").status == 400
        assert api.verify_presentation(shown, domain=["https://b.example", "https://a.example"]) == (200, VERIFIED)

    def test_the_holder_signs_and_each_credential_holds(self, api: Client) -> None:
        issued = api.issued(a_credential())
        assert api.verify_presentation(BOB.present(a_presentation(issued, holder=ADA.did))).status == 400
        assert api.verify_presentation(ADA.sign(a_presentation(issued))).status == 400  # for another purpose
        answer = api.verify_presentation(ADA.present(a_presentation(issued, changed(issued))))
        assert (answer.status, places(answer)) == (400, ["/verifiableCredential/1/proof"])
        assert api.verify_presentation(a_presentation(issued)).status == 400  # nobody signed it
        assert api.verify_presentation(issued).status == 400  # that is a credential
        assert api.verify(ADA.present(a_presentation(issued))).status == 400  # and that is none


PUBLISHED = sorted((SHARED / "vectors" / "data-integrity").rglob("signed*.json")) if SHARED else []
CITIZENSHIP = "https://w3id.org/citizenship/v4rc1"


@needs_shared
def test_the_published_ones_are_here() -> None:
    assert len(PUBLISHED) == 14


@needs_shared
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_published_credentials_verify_where_their_keys_may_be_anybodys(api: Client, api_without_binding: Client, path: Any) -> None:
    """Their keys are not their issuers'."""
    document = json.loads(path.read_bytes())
    if CITIZENSHIP in document["@context"]:
        # Nothing is fetched, and the library does not come with this context: it is not decided.
        answer = api_without_binding.verify(document)
        assert (answer.status, [problem["title"] for problem in answer.body["problemDetails"]]) == (400, [UNDECIDABLE.title])
        return
    assert api_without_binding.verify(document) == (200, VERIFIED)
    assert places(api.verify(document)) == ["/issuer"]
    assert api_without_binding.verify({**document, "name": "another"}).status == 400


@needs_shared
def test_the_published_document_is_issued(api: Client) -> None:
    for suites, folder in ((SUITES[:2], "eddsa"), (SUITES[2:], "ecdsa")):
        document = json.loads(shared("vectors", "data-integrity", folder, "unsigned.json").read_bytes())
        for suite in suites:
            assert api.verify(api.issued(document, cryptosuite=suite)) == (200, VERIFIED)
