"""VC Data Integrity 1.0, section 4.4: a proof is verified; EdDSA Cryptosuites 1.0, sections 3.2.2 and 3.3.2."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from sayso.dids import did_key
from sayso.encodings import jcs, multibase
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    DATA_LOSS_DETECTION_ERROR,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD_URL,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    METHOD_NOT_SUPPORTED,
    PARSING_ERROR,
    PROOF_VERIFICATION_ERROR,
    RANGE_ERROR,
    UNDECIDABLE,
    ProblemType,
)
from sayso.jsonvalue import serialize
from sayso.proofs.data_integrity.suites import SUITES
from sayso.verification.doors import examine
from tests.spec.data_integrity.documents import (
    AT,
    BOTH,
    JCS,
    LEGACY,
    RDFC,
    UNDEFINED,
    V2,
    Document,
    a_card,
    asking,
    by_hand,
    expecting,
    found,
    look,
    presented,
    proof_of,
    secured,
    with_proofs,
    without_proof,
)
from tests.unit.keys.test_ecdsa import signer
from tests.unit.proofs.tokens import AUDIENCE, HOLDER, ISSUER, ISSUER_DID, NONCE, STRANGER
from tests.unit.verification.proven import places


def made(suite: str, drop: str = "", **members: Any) -> Document:
    """Give a card with a proof that says this, and whose signature holds."""
    return {**a_card(), "proof": by_hand(a_card(), suite, drop=drop, **members)}


@pytest.mark.parametrize("suite", BOTH)
def test_di_v6_the_document_comes_back_without_its_proof(suite: str) -> None:
    """DI-V6, RD-4."""
    document = secured(a_card(), suite)
    assert look(document).require().claims == a_card()
    assert look(document).require().format == "ldp_vc"
    assert look(made(suite)).ok


@pytest.mark.parametrize("proof", [None, "x", 5, True, [], [[]], [None], [{}, "x"]], ids=repr)
def test_di_v1_a_proof_is_an_object(proof: Any) -> None:
    """DI-V1."""
    kinds = {kind for kind, _ in found({**a_card(), "proof": proof})}
    assert kinds <= {PARSING_ERROR, CRYPTOGRAPHIC_SECURITY_ERROR}
    assert kinds


@pytest.mark.parametrize(
    "text", ["[]", "5", "null", '"x"', "{", '{"@context": 1} x', '{"proof":1,"proof":2}', '{"@context":NaN}', "\ufeff{}"]
)
def test_di_v1_a_document_is_an_object(text: str) -> None:
    """DI-V1: I-JSON, and one object."""
    assert [kind for kind, _ in places(examine(text, expecting(), at=AT).problems)] == [PARSING_ERROR]


def test_without_a_proof() -> None:
    assert found(a_card()) == [(PARSING_ERROR, "/proof")]
    assert found(without_proof(presented(secured(a_card()))), asking()) == [(PARSING_ERROR, "/proof")]
    assert found({"x": 1}) == [(PARSING_ERROR, "")]


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("type", CRYPTOGRAPHIC_SECURITY_ERROR),
        ("cryptosuite", CRYPTOGRAPHIC_SECURITY_ERROR),
        ("verificationMethod", PROOF_VERIFICATION_ERROR),
        ("proofPurpose", PROOF_VERIFICATION_ERROR),
    ],
)
def test_di_v2_what_a_proof_must_have(suite: str, name: str, kind: ProblemType) -> None:
    """DI-V2, ED-C1: absent, and of another kind."""
    place = "/proof/cryptosuite" if name == "type" else f"/proof/{name}"
    assert found(made(suite, drop=name)) == [(kind, place)]
    for value in (None, 5, ["x"], {"id": "x"}):
        expected = INVALID_VERIFICATION_METHOD_URL if name == "verificationMethod" else kind
        assert found({**a_card(), "proof": {**proof_of(made(suite)), name: value}}) == [(expected, place)]


@pytest.mark.parametrize(
    "members",
    [
        {"type": "Ed25519Signature2020"},
        {"type": "Ed25519Signature2020", "cryptosuite": None},
        {"type": "Ed25519Signature2018"},
        {"type": "dataintegrityproof"},
        {"type": ["DataIntegrityProof"]},
        {"cryptosuite": "eddsa-2022"},
        {"cryptosuite": "EDDSA-JCS-2022"},
        {"cryptosuite": "Ed25519Signature2020"},
        {"cryptosuite": "ecdsa-rdfc-2019"},
        {"cryptosuite": ""},
        {"cryptosuite": ["eddsa-jcs-2022"]},
    ],
    ids=repr,
)
def test_ed_c1_a_suite_that_is_accepted(members: Document) -> None:
    """ED-C1: an exact name, and one that the caller accepts; asked before any key is."""
    document = {**a_card(), "proof": {**proof_of(made(JCS)), "verificationMethod": "did:example:nobody#key", **members}}
    assert found(document) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/cryptosuite")]


@pytest.mark.parametrize("suite", BOTH)
def test_a_suite_that_the_caller_does_not_accept(suite: str) -> None:
    (other,) = {*BOTH} - {suite}
    assert found(secured(a_card(), suite), cryptosuites=(other,)) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/cryptosuite")]
    # Under the name of the other suite its signature says nothing.
    renamed = {**secured(a_card(), suite)}
    renamed["proof"] = {**proof_of(renamed), "cryptosuite": other}
    assert found(renamed)


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize(
    "purpose", ["authentication", "assertion", "", "https://w3id.org/security#assertionMethod", "capabilityInvocation"]
)
def test_di_v3_the_purpose(suite: str, purpose: str) -> None:
    """DI-V3: assertionMethod for a credential, authentication for a presentation."""
    if suite == JCS or purpose not in {"assertion", ""}:
        assert found(made(suite, proofPurpose=purpose)) == [(PROOF_VERIFICATION_ERROR, "/proof/proofPurpose")]
    asserted = presented(secured(a_card()), suite=suite, purpose="assertionMethod")
    assert found(asserted, asking()) == [(PROOF_VERIFICATION_ERROR, "/proof/proofPurpose")]


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize(
    ("domain", "expected", "ok"),
    [
        ("https://a.example", "https://a.example", True),
        (["https://a.example"], "https://a.example", True),
        ("https://a.example", ["https://a.example"], True),
        (["https://b.example", "https://a.example"], ["https://a.example", "https://b.example"], True),
        (["https://a.example", "https://b.example"], "https://a.example", False),
        ("https://a.example", ["https://a.example", "https://b.example"], False),
        ("https://a.example/", "https://a.example", False),
        ("HTTPS://a.example", "https://a.example", False),
        (None, "https://a.example", False),
    ],
)
def test_di_v4_equality_of_sets(suite: str, domain: Any, expected: Any, ok: bool) -> None:
    """DI-V4."""
    document = presented(secured(a_card()), suite=suite, domain=domain)
    assert found(document, asking(domain=expected)) == ([] if ok else [(INVALID_DOMAIN_ERROR, "/proof/domain")])


@pytest.mark.parametrize("domain", [5, [5], None, {"id": AUDIENCE}, [[AUDIENCE]]], ids=repr)
def test_di_v4_a_domain_is_text(domain: Any) -> None:
    """DI-V4: what is none names nobody."""
    document = without_proof(presented(secured(a_card())))
    proof = by_hand(document, JCS, HOLDER, domain=domain, challenge=NONCE, proofPurpose="authentication")
    assert found({**document, "proof": proof}, asking()) == [(INVALID_DOMAIN_ERROR, "/proof/domain")]
    assert found({**document, "proof": proof}, asking(audience=None)) == [(INVALID_DOMAIN_ERROR, "/proof/domain")]


@pytest.mark.parametrize("suite", BOTH)
def test_di_v5_the_challenge(suite: str) -> None:
    """DI-V5."""
    for challenge in (None, "", "other", NONCE + " "):
        document = presented(secured(a_card()), suite=suite, challenge=challenge)
        assert found(document, asking()) == [(INVALID_CHALLENGE_ERROR, "/proof/challenge")]


@pytest.mark.parametrize("suite", BOTH)
def test_di_v8_the_window_of_a_proof(suite: str) -> None:
    """DI-V8: from `created`, less the skew, until just before `expires`; to the second."""
    strict = expecting(skew=timedelta(0))
    hour = timedelta(hours=1)
    cases: list[tuple[Document, Any]] = [
        ({"created": AT, "expires": AT + hour}, []),
        ({"created": AT + timedelta(seconds=1)}, [(RANGE_ERROR, "/proof/created")]),
        ({"expires": AT}, [(RANGE_ERROR, "/proof/expires")]),
        ({"expires": AT + timedelta(seconds=1)}, []),
        ({"created": AT - timedelta(days=9999)}, []),
    ]
    for options, kinds in cases:
        assert found(secured(a_card(), suite, **options), strict) == kinds
    old = presented(secured(a_card()), suite=suite, created=AT - hour)
    assert found(old, asking()) == [(RANGE_ERROR, "/proof/created")]
    assert look(old, asking(max_age=hour)).ok


@pytest.mark.parametrize("name", ["created", "expires"])
@pytest.mark.parametrize("value", ["soon", "2026-11-21", "2026-11-21T12:00:00", 5, ["2026-11-21T12:00:00Z"], {"@value": "x"}], ids=repr)
def test_ed_c4_dates_are_dates(name: str, value: Any) -> None:
    """ED-C4: under a signature that holds."""
    assert found(made(JCS, **{name: value})) == [(MALFORMED_VALUE_ERROR, f"/proof/{name}")]


@pytest.mark.parametrize(
    "value",
    [None, 5, "", "z", "u" + "A" * 86, "m" + "A" * 88, "0", "z" + "0" * 88, "z" + "1" * 64, "Z" + "1" * 88, "z" + "2" * 5000, "zé"],
    ids=repr,
)
@pytest.mark.parametrize("suite", BOTH)
def test_ed_c2_a_proof_value_is_base58btc_of_64_bytes(suite: str, value: Any) -> None:
    """ED-C2."""
    (problem,) = found({**a_card(), "proof": {**proof_of(made(suite)), "proofValue": value}})
    assert problem[0] in {PROOF_VERIFICATION_ERROR, PARSING_ERROR, CRYPTOGRAPHIC_SECURITY_ERROR}
    assert problem[1] in {"/proof/proofValue", "/proof"}


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize("size", [0, 63, 65, 96, 128])
def test_ed_c2_of_another_size(suite: str, size: int) -> None:
    """ED-C2."""
    value = multibase.encode_base58btc(b"\x01" * size)
    assert found({**a_card(), "proof": {**proof_of(made(suite)), "proofValue": value}}) == [(PROOF_VERIFICATION_ERROR, "/proof/proofValue")]


@pytest.mark.parametrize("suite", BOTH)
def test_rd_4_the_signature_holds(suite: str) -> None:
    """RD-4, JC-2: over this document, these options, under this key."""
    document = secured(a_card(), suite, created=AT)
    proof = proof_of(document)
    broken = [
        {**document, "issuer": {"id": ISSUER_DID}, "credentialSubject": {"id": "did:example:eve"}},
        {**document, "proof": {**proof, "created": "2026-11-21T11:59:59Z"}},
        {**document, "proof": {**proof, "nonce": "x"}},
        {**document, "proof": {**proof, "proofValue": proof_of(secured(a_card(), suite))["proofValue"]}},
        {**document, "proof": {**proof, "verificationMethod": did_key.verification_method(STRANGER.public_key)}},
        {**document, "evidence": [{"type": "Other"}]},
    ]
    for one in broken:
        assert found(one) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]


@pytest.mark.parametrize("suite", BOTH)
@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("", INVALID_VERIFICATION_METHOD_URL),
        ("x", INVALID_VERIFICATION_METHOD_URL),
        ("#key", INVALID_VERIFICATION_METHOD_URL),
        (ISSUER_DID, INVALID_VERIFICATION_METHOD_URL),
        ("https://a.example/#key", INVALID_VERIFICATION_METHOD_URL),
        ("did:example:a#key", METHOD_NOT_SUPPORTED),
    ],
)
def test_cid_3_the_method_is_retrieved(suite: str, method: str, kind: ProblemType) -> None:
    """CID-3."""
    document = {**a_card(), "proof": {**proof_of(made(suite)), "verificationMethod": method}}
    assert found(document) == [(kind, "/proof")]


def test_jc_2_the_contexts_of_the_proof() -> None:
    """JC-2: those that the document begins with."""
    document = secured(a_card(), JCS)
    proof = proof_of(document)
    for contexts in ([UNDEFINED, V2], ["https://a.example/v1"], [V2, "https://a.example/v1"], [V2, UNDEFINED, V2], None):
        found_ = found({**document, "proof": {**proof, "@context": contexts}})
        assert found_ == [(PROOF_VERIFICATION_ERROR, "/proof/@context")]
    shorter = {**document, "proof": {**proof, "@context": [V2]}}
    assert found(shorter) == [(PROOF_VERIFICATION_ERROR, "/@context")]
    assert found(shorter, appended_contexts="drop") == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]


def test_jc_2_a_context_that_is_text() -> None:
    """JC-2: it counts as a list of one; but a document of VCDM has a list."""
    document = a_card(**{"@context": V2})
    members: Document = {"@context": V2}
    listed = {**a_card(**{"@context": [V2]}), "proof": by_hand(document, JCS, **members)}
    assert {place for _, place in found(listed)} == {"/@context"}


def test_jc_3_a_proof_without_contexts() -> None:
    """JC-3: it covers the document as it is."""
    document = made(JCS)
    assert "@context" not in proof_of(document)
    assert look(document).ok
    assert found({**document, "@context": [V2, UNDEFINED, UNDEFINED]}) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]


def test_jc_4_what_was_appended_is_not_returned() -> None:
    """JC-4: refused; and where it is dropped, it is gone."""
    document = secured(a_card(**{"@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"]}), JCS)
    longer = {**document, "@context": [*document["@context"], UNDEFINED]}
    assert found(longer) == [(PROOF_VERIFICATION_ERROR, "/@context")]
    assert look(longer, appended_contexts="drop").require().claims == without_proof(document)


def test_jc_4_the_least_that_all_proofs_cover() -> None:
    """JC-4: one proof covers less than another."""
    short = a_card(**{"@context": [V2, "https://www.w3.org/ns/credentials/examples/v2"]})
    long = {**short, "@context": [*short["@context"], UNDEFINED]}
    both = with_proofs(long, proof_of(secured(long, JCS)), proof_of(secured(short, JCS)))
    assert found(both) == [(PROOF_VERIFICATION_ERROR, "/@context")]
    assert look(both, appended_contexts="drop").require().claims == short


def test_jc_5_the_letters_of_json_do_not_matter() -> None:
    """JC-5: space, order of members and spelling of numbers; but null, and the order of arrays."""
    document = secured(a_card(credentialSubject={"id": "did:example:x", "n": 1, "list": [1, 2]}), JCS)
    text = serialize(dict(reversed(document.items()))).replace('"n":1', '"n" : 1.0e0').replace(",", " ,\n")
    assert examine(text, expecting(), at=AT).problems == ()
    subject = document["credentialSubject"]
    changes: list[Document] = [{"list": [2, 1]}, {"more": None}, {"more": []}, {"n": "1"}, {"n": True}]
    for change in changes:
        assert found({**document, "credentialSubject": {**subject, **change}}) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]


def test_rd_1_the_letters_of_json_do_not_matter_either() -> None:
    """RD-1: what is signed are statements; a set has no order."""
    document = secured(a_card(credentialSubject={"id": "did:example:x", "n": 1, "list": ["a", "b"]}), RDFC)
    subject = document["credentialSubject"]
    assert look({**document, "credentialSubject": {**subject, "list": ["b", "a"]}}).ok
    for change in ({"list": ["a"]}, {"n": "1"}, {"n": True}, {"n": 1.5}, {"more": "x"}):
        assert found({**document, "credentialSubject": {**subject, **change}}) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof")]


def test_di_3_what_is_lost_is_an_error() -> None:
    """DI-3, DI-X1: terms that nobody defines, and contexts that nobody knows."""
    document = secured(a_card(), RDFC)
    for contexts, kind in (
        ([V2], DATA_LOSS_DETECTION_ERROR),
        ([V2, "https://a.example/v1"], UNDECIDABLE),
        ([V2, {"given_name": "https://a.example/name"}], UNDECIDABLE),
    ):
        assert [one for one, _ in found({**document, "@context": contexts})] == [kind]


def test_a_proof_has_an_id_that_is_text() -> None:
    values: list[Any] = [None, 5, [], {}]
    for value in values:
        assert found(made(JCS, id=value)) == [(MALFORMED_VALUE_ERROR, "/proof/id")]


@pytest.mark.parametrize("name", ["x", "https://w3id.org/security#expiration", "@type", "@nest", "jws", "signatureValue"])
def test_a_proof_under_rdf_says_what_proofs_say(name: str) -> None:
    """DI-X2: a member with another name would not be read, or not be signed. JCS signs the letters."""
    assert found({**a_card(), "proof": {**proof_of(made(RDFC)), name: "x"}}) == [(MALFORMED_VALUE_ERROR, "/proof")]
    assert look(made(JCS, **{name: "x"})).ok


def test_lg_1_the_suite_of_2020() -> None:
    """LG-1: its type is its name; the same construction as under RDF."""
    context = "https://w3id.org/security/suites/ed25519-2020/v1"
    document = a_card(**{"@context": [V2, context, UNDEFINED]})
    signed = {**document, "proof": by_hand(document, LEGACY, created="2026-11-21T12:00:00Z")}
    accepting = expecting(cryptosuites=tuple(SUITES))
    assert found(signed, accepting) == []
    assert found(signed) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/cryptosuite")]
    for members in ({"cryptosuite": "Ed25519Signature2020"}, {"cryptosuite": RDFC}, {"type": "DataIntegrityProof", "cryptosuite": LEGACY}):
        changed = {**signed, "proof": {**signed["proof"], **members}}
        assert found(changed, accepting) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "/proof/cryptosuite")]
    assert found({**signed, "issuanceDate": "x"}, accepting)


def test_too_many_proofs() -> None:
    proof = proof_of(secured(a_card(), JCS))
    assert look(with_proofs(a_card(), *[proof] * 16)).ok
    assert found(with_proofs(a_card(), *[proof] * 17)) == [(LIMIT_EXCEEDED, "/proof")]


def test_a_proof_need_not_repeat_the_context() -> None:
    """EdDSA Cryptosuites 1.0, section 3.3.5: what it says is hashed, and what it does not say is not."""
    key_id = did_key.verification_method(ISSUER.public_key)
    proof = {"type": "DataIntegrityProof", "cryptosuite": JCS, "verificationMethod": key_id, "proofPurpose": "assertionMethod"}
    hashes = b"".join(hashlib.sha256(jcs.canonicalize({**part})).digest() for part in (proof, a_card()))
    assert found({**a_card(), "proof": {**proof, "proofValue": multibase.encode_base58btc(ISSUER.sign(hashes))}}) == []


def test_each_proof_has_the_hash_of_its_own_curve() -> None:
    """ECDSA Cryptosuites 1.0, section 3.3.3: in one set too."""
    suite, card = "ecdsa-jcs-2019", a_card()
    both = with_proofs(card, *(proof_of(secured(card, suite, signer(name))) for name in ("P-256", "P-384")))
    assert found(both, cryptosuites=[suite], issuer_binding=False) == []
