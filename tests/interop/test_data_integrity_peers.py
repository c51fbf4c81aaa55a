"""What other implementations of Data Integrity make of each other's proofs: openvc-core and the packages of Digital Bazaar.

They are oracles of ours, so it is known here what they agree about, where they differ, and who is right by the text. A difference that
ends with a new release of one of them fails its test here.
"""

import json
import re
from itertools import product
from typing import Any, NamedTuple

import pyoxigraph
import pytest
import rfc8785

from tests.interop.documents import CREDENTIALS_V2, EXAMPLES_V2, UNDEFINED_TERMS_V2, credential, disputed, generated, plain, presentation
from tests.interop.javascript import Peer, PeerError
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
    how_to_sign,
    how_to_verify,
    jcs,
    rdfc_document,
    rdfc_quads,
)
from tests.support import shared

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


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "ecdsa-rdfc-2019"])
@pytest.mark.parametrize("name", DIFFERENCES)
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


# --- canonicalisation, and what it costs ---


def test_canonical_json_is_that_of_another_oracle(js: Peer) -> None:
    documents = {**plain(ISSUER), **disputed(ISSUER), **generated(ISSUER, 40)}
    del documents["integers"]  # what no reader of doubles keeps
    for name, document in documents.items():
        assert jcs(js, document).encode() == rfc8785.dumps(document), name


def test_canonical_quads_are_those_of_another_oracle(js: Peer) -> None:
    """With the labels that pyoxigraph gives to the nodes of the same graph, and its way of writing."""
    for name, document in {**plain(ISSUER), **disputed(ISSUER), **generated(ISSUER, 40)}.items():
        quads = rdfc_document(js, document)
        assert rdfc_quads(js, quads) == quads, name
        dataset = pyoxigraph.Dataset(pyoxigraph.parse(quads.encode(), pyoxigraph.RdfFormat.N_QUADS))
        dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
        assert sorted(f"{quad} ." for quad in dataset) == quads.split("\n")[:-1], name


@pytest.mark.parametrize("hash_name", ["SHA-256", "SHA-384"])
def test_the_hash_decides_the_labels(js: Peer, hash_name: str) -> None:
    """Both are valid; what they write differs in the labels alone, and is stable."""
    quads = rdfc_document(js, plain(ISSUER)["twins"], hash_name)
    assert rdfc_quads(js, quads, hash_name) == quads
    assert (quads == rdfc_document(js, plain(ISSUER)["twins"])) == (hash_name == "SHA-256")


def test_canonical_quads_are_the_published_ones(js: Peer) -> None:
    """VC-DI-EdDSA 1.0, appendix B.1: the canonical credential without its proof."""
    folder = ("vectors", "data-integrity", "eddsa")
    document = json.loads(shared(*folder, "unsigned.json").read_bytes())
    assert rdfc_document(js, document) == shared(*folder, "eddsa-rdfc-2022", "canonDocDataInt.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", [credential(ISSUER, {"age": 36}, {"age": None}), credential(ISSUER, {"id": "ada", "age": 36})])
def test_what_would_be_lost_is_not_signed(js: Peer, document: dict[str, Any]) -> None:
    with pytest.raises(PeerError, match="Safe mode"):
        rdfc_document(js, document)


def test_nothing_is_fetched(js: Peer) -> None:
    """Neither a context nor the document of a DID that is no key."""
    unknown, method = "https://unknown.example/context", "did:web:city.example#key"
    with pytest.raises(PeerError, match=re.escape(unknown)):
        rdfc_document(js, credential(ISSUER, {"age": 36}, unknown))
    signing = KEYS["Ed25519"]._replace(method=method)
    order = Order("eddsa-jcs-2022", signing, credential(signing.did, {"age": 36}))
    with pytest.raises(PeerError, match=re.escape(f"{method} is not at hand")):
        digitalbazaar(js).verify(digitalbazaar(js).secure(order), None)


def test_a_context_has_one_content(js: Peer) -> None:
    """jsonld keeps what it made of a context, so another under the same URL would be taken for the first."""
    document = credential(ISSUER, {"age": 36})
    rdfc_document(js, document)
    with pytest.raises(PeerError, match="had another content"):
        js.ask("rdfc-document", document=document, contexts={CREDENTIALS_V2: "{}", EXAMPLES_V2: "{}"})


def test_the_time_of_one_is_that_of_all_divided(js: Peer) -> None:
    document = credential(ISSUER, {"age": 36})
    order = Order("eddsa-rdfc-2022", KEYS["Ed25519"], document)
    signing = how_to_sign(order)
    secured = js.ask("di-issue", document=document, **signing)
    for task, how, item in [
        ("di-issue", signing, {"document": document}),
        ("di-verify", how_to_verify(), {"document": secured}),
        ("rdfc-document", {"contexts": signing["contexts"]}, {"document": document}),
        ("rdfc-quads", {}, {"quads": rdfc_document(js, document)}),
        ("jcs", {}, {"document": document}),
    ]:
        assert js.microseconds(task, how, [item] * 20, times=2) > 0
