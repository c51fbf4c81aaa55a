"""What other implementations of Data Integrity make of each other's proofs: openvc-core and the packages of Digital Bazaar.

They are oracles of ours, so it is known here what they agree about, where they differ, and who is right by the text. A difference that
ends with a new release of one of them fails its test here.
"""

from itertools import product
from typing import Any, NamedTuple

import pytest

from tests.interop.documents import CREDENTIALS_V2, EXAMPLES_V2, UNDEFINED_TERMS_V2, credential, disputed, generated, plain, presentation
from tests.interop.javascript import Peer
from tests.interop.keys import key
from tests.interop.provers import (
    CRYPTOSUITES,
    OPENVC,
    REFUSALS,
    Bound,
    Order,
    Prover,
    Secured,
    digitalbazaar,
)

NAMES = ("openvc", "digitalbazaar")
PAIRS = [*product(NAMES, repeat=2)]
KEYS = {curve: key(curve) for curves in CRYPTOSUITES.values() for curve in curves}
OTHER = key("Ed25519", bytes([1] * 32))
SUITES = [(suite, curve) for suite, curves in CRYPTOSUITES.items() for curve in curves]
AGREED = [one for one in SUITES if one != ("ecdsa-rdfc-2019", "P-384")]
"""The cryptosuites with which both sign the same bytes; the last one has a test of its own."""
RDFC = [suite for suite in CRYPTOSUITES if "-rdfc-" in suite]
JCS = [suite for suite in CRYPTOSUITES if "-jcs-" in suite]
ISSUER = KEYS["Ed25519"].did
BOUND = Bound("fresh-and-random", "https://verifier.example")


class Difference(NamedTuple):
    """Say which of the pairs of a signer and a verifier fail on a document, and whether openvc signs it at all."""

    fail: set[tuple[str, str]]
    openvc_signs: bool = True


BOTH = Difference({("openvc", "digitalbazaar"), ("digitalbazaar", "openvc")})
STRICTER = Difference({("digitalbazaar", "openvc")}, openvc_signs=False)
DIFFERENCES = {
    # JSON-LD 1.1 API, section 8.2.2 (Object to RDF Conversion): without the option `rdfDirection` a direction is lost, and what is lost is
    # not signed; with `i18n-datatype` it is a part of the literal. Digital Bazaar takes the option, openvc does not and refuses.
    "direction": STRICTER,
    # RDFC-1.0, section 5 (RC-2): controls and DEL have an escape in canonical N-Quads. PyLD, which openvc uses, knows few of them.
    "controls": BOTH,
    # JSON-LD 1.1 API, section 8.2.2: a number with a fraction is an `xsd:double`. jsonld.js looks for a decimal point in what
    # JavaScript writes, finds none in `1e-7`, and signs an integer: 0.
    "tiny": BOTH,
    # RFC 7493, section 2.2: beyond 2^53 a sender cannot expect that a receiver keeps an integer. JavaScript does not.
    "integers": Difference({("openvc", "digitalbazaar")}),
    # What follows is signed alike. openvc refuses what is not its own compact form of the same statements.
    "case": STRICTER,
    "nothing": STRICTER,
    "arrays": STRICTER,
    "inline": STRICTER,
}


@pytest.fixture(scope="module")
def provers(js: Peer) -> dict[str, Prover]:
    return {"openvc": OPENVC, "digitalbazaar": digitalbazaar(js)}


def completed(secured: Secured) -> Secured:
    """Write the `@context` of a proof that openvc signs and leaves out.

    VC-DI-EdDSA 1.0, section 3.3.1 (JC-1), sets it before the proof is hashed, and it is emitted with the proof; by section 3.3.2 (JC-2) a
    proof without it is hashed without it. openvc hashes with the context of the document in both cases.
    """
    return {**secured, "proof": {**secured["proof"], "@context": secured["@context"]}}


def readable(secured: Secured, signer: str) -> Secured:
    """Give what a signer made in the form that all verifiers read."""
    return completed(secured) if signer == "openvc" and "-jcs-" in secured["proof"]["cryptosuite"] else secured


def accepts(prover: Prover, secured: Secured, bound: Bound | None = None) -> bool:
    """Whether an implementation accepts; anything but an acceptance or a refusal is an error here."""
    try:
        prover.verify(secured, bound)
    except REFUSALS:
        return False
    return True


# --- what they agree about ---


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize(("suite", "curve"), AGREED)
@pytest.mark.parametrize("name", plain(ISSUER))
def test_what_one_signs_is_verified_by_both(provers: dict[str, Prover], suite: str, curve: Any, signer: str, name: str) -> None:
    signing = KEYS[curve]
    secured = readable(provers[signer].secure(Order(suite, signing, plain(signing.did)[name])), signer)
    for prover in provers.values():
        prover.verify(secured, None)


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_what_one_signs_of_generated_documents_is_verified_by_both(provers: dict[str, Prover], suite: str, signer: str) -> None:
    for name, document in generated(ISSUER, 40).items():
        secured = readable(provers[signer].secure(Order(suite, KEYS["Ed25519"], document)), signer)
        assert [accepts(prover, secured) for prover in provers.values()] == [True, True], name


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
@pytest.mark.parametrize("seed", range(3))
def test_both_make_the_same_signature(provers: dict[str, Prover], suite: str, seed: int) -> None:
    """Ed25519 has one signature for a key and a message: of the same proof and document they sign the same bytes."""
    signing = key("Ed25519", bytes([seed + 2] * 32))
    for name, document in plain(signing.did).items():
        made = [readable(prover.secure(Order(suite, signing, document)), signer) for signer, prover in provers.items()]
        assert made[0]["proof"] == made[1]["proof"], name


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize(("suite", "curve"), AGREED)
def test_a_presentation_that_one_signs_is_verified_by_both(provers: dict[str, Prover], suite: str, curve: Any, signer: str) -> None:
    """With the credential inside, and for nobody else and no other request."""
    signing = KEYS[curve]
    card = provers["digitalbazaar"].secure(Order(suite, signing, credential(signing.did, {"age": 36})))
    order = Order(suite, signing, presentation(signing.did, card), challenge=BOUND.challenge, domain=BOUND.domain)
    secured = readable(provers[signer].secure(order), signer)
    for prover in provers.values():
        prover.verify(secured, BOUND)
        assert not accepts(prover, secured, BOUND._replace(challenge="another"))
        assert not accepts(prover, secured, BOUND._replace(domain="https://another.example"))


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize(("suite", "curve"), AGREED)
def test_both_refuse_what_was_changed(provers: dict[str, Prover], suite: str, curve: Any, signer: str) -> None:
    """Or their agreement would mean nothing."""
    signing = KEYS[curve]
    secured = readable(provers[signer].secure(Order(suite, signing, credential(signing.did, {"age": 36}))), signer)
    proof = secured["proof"]
    changes: list[Secured] = [
        {**secured, "credentialSubject": {"age": 37}},
        {**secured, "credentialSubject": {"age": 36, "name": "x"}},
        {**secured, "proof": {**proof, "created": "2026-11-20T12:00:01Z"}},
        {**secured, "proof": {**proof, "verificationMethod": OTHER.method}},
        {**secured, "proof": {**proof, "proofValue": "z" + proof["proofValue"][:0:-1]}},
    ]
    for number, changed in enumerate(changes):
        assert [accepts(prover, changed) for prover in provers.values()] == [False, False], number


# --- where they differ ---


@pytest.mark.parametrize("suite", RDFC)
@pytest.mark.parametrize("name", disputed(ISSUER))
def test_where_they_differ_with_rdf(provers: dict[str, Prover], suite: str, name: str) -> None:
    signing = KEYS[CRYPTOSUITES[suite][0]]
    document = disputed(signing.did)[name]
    known = DIFFERENCES[name]
    signers = [one for one in NAMES if known.openvc_signs or one != "openvc"]
    made = {one: provers[one].secure(Order(suite, signing, document)) for one in signers}
    assert {pair for pair in PAIRS if pair[0] in made and not accepts(provers[pair[1]], made[pair[0]])} == known.fail
    if not known.openvc_signs:
        with pytest.raises(REFUSALS):
            OPENVC.secure(Order(suite, signing, document))


@pytest.mark.parametrize("suite", JCS)
@pytest.mark.parametrize("name", disputed(ISSUER))
def test_all_of_that_is_agreed_with_json(provers: dict[str, Prover], suite: str, name: str) -> None:
    """But for contexts in the document: Digital Bazaar compares them by identity, and refuses its own."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    for signer, prover in provers.items():
        secured = readable(prover.secure(Order(suite, signing, disputed(signing.did)[name])), signer)
        assert [accepts(one, secured) for one in provers.values()] == [True, name != "inline"]


@pytest.mark.parametrize("suite", CRYPTOSUITES)
def test_digitalbazaar_looks_at_the_form_of_an_end_alone(provers: dict[str, Prover], suite: str) -> None:
    """VC Data Integrity 1.0, section 2.1: `expires` is when a proof ends. Digital Bazaar reads a date, and compares it with nothing."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    order = Order(suite, signing, credential(signing.did, {"age": 36}))
    found = {}
    for expires in ("2026-11-21T12:00:00Z", "2026-11-19T12:00:00Z", "tomorrow"):
        secured = provers["digitalbazaar"].secure(order._replace(options={"expires": expires}))
        assert secured["proof"]["expires"] == expires
        found[expires] = [accepts(prover, secured) for prover in provers.values()]
    assert [*found.values()] == [[True, True], [False, True], [False, False]]
    with pytest.raises(ValueError, match="no further members"):
        OPENVC.secure(order._replace(options={"expires": "2026-11-21T12:00:00Z"}))


@pytest.mark.parametrize("suite", JCS)
def test_openvc_leaves_the_context_out_of_a_proof(provers: dict[str, Prover], suite: str) -> None:
    """See `completed`."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    made = {signer: prover.secure(Order(suite, signing, credential(signing.did, {"age": 36}))) for signer, prover in provers.items()}
    assert ["@context" in one["proof"] for one in made.values()] == [False, True]
    assert [accepts(prover, made["openvc"]) for prover in provers.values()] == [True, False]


@pytest.mark.parametrize("suite", JCS)
def test_openvc_hashes_a_context_that_was_added_later(provers: dict[str, Prover], suite: str) -> None:
    """VC-DI-EdDSA 1.0, section 3.3.2 (JC-2): a document may have more contexts than its proof, after them."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    secured = provers["digitalbazaar"].secure(Order(suite, signing, credential(signing.did, {"age": 36})))
    longer = {**secured, "@context": [*secured["@context"], UNDEFINED_TERMS_V2]}
    assert [accepts(prover, longer) for prover in provers.values()] == [False, True]
    other = {**secured, "@context": [CREDENTIALS_V2, UNDEFINED_TERMS_V2, EXAMPLES_V2]}
    assert [accepts(prover, other) for prover in provers.values()] == [False, False]


def test_openvc_labels_nodes_by_another_hash(provers: dict[str, Prover]) -> None:
    """VC-DI-ECDSA 1.0, section 3.2.3: with P-384 the canonicalisation hashes with SHA-384; PyLD has SHA-256 alone.

    That decides the order of labels, and so nothing where there is but one node without a name.
    """
    signing = KEYS["P-384"]
    named = credential(signing.did, {"id": "did:example:ada", "age": 36})
    twins = plain(signing.did)["twins"]
    for signer, verifier in PAIRS:
        secured = {
            name: provers[signer].secure(Order("ecdsa-rdfc-2019", signing, document))
            for name, document in (("one", named), ("many", twins))
        }
        assert accepts(provers[verifier], secured["one"])
        assert accepts(provers[verifier], secured["many"]) == (signer == verifier)
