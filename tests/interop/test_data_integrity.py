"""Data Integrity between sayso and its peers: what one signs the others verify, and where they differ it is said who is right.

What the peers make of each other is in `test_data_integrity_peers.py`; the differences have their reasons there, at DIFFERENCES.
"""

import json
from datetime import timedelta
from typing import Any

import pytest

from sayso.errors import DATA_LOSS_DETECTION_ERROR, MALFORMED_VALUE_ERROR, SaysoError
from sayso.issuer.issuer import Issuer
from sayso.verification.doors import verify
from sayso.wallet.wallet import Wallet
from tests.interop.documents import Documents, credential, disputed, generated, plain, presentation, wild
from tests.interop.javascript import Peer
from tests.interop.keys import Key, key
from tests.interop.ours import ALL_REFUSALS, SAYSO, expecting, signer_of
from tests.interop.provers import CREATED, CRYPTOSUITES, OPENVC, Bound, Order, Prover, Secured, digitalbazaar, rdfc_document
from tests.interop.test_data_integrity_peers import BOUND, KEYS, OTHER, SUITES, readable

PEERS = ("openvc", "digitalbazaar")
EDDSA = ("eddsa-rdfc-2022", "eddsa-jcs-2022")
RDFC = [suite for suite in CRYPTOSUITES if "-rdfc-" in suite]
JCS = [suite for suite in CRYPTOSUITES if "-jcs-" in suite]
ADA = key("Ed25519", bytes([7] * 32))
LARGEST = 2**53 - 1
"""The largest integer of I-JSON (RFC 7493, section 2.2)."""


@pytest.fixture(scope="module")
def provers(js: Peer) -> dict[str, Prover]:
    return {"sayso": SAYSO, "openvc": OPENVC, "digitalbazaar": digitalbazaar(js)}


def agreed(signing: Key) -> Documents:
    """Write the documents that everybody must agree about."""
    return {**plain(signing.did), **generated(signing.did, 30)}


def accepts(prover: Prover, secured: Secured, bound: Bound | None = None) -> bool:
    """Whether an implementation accepts; anything but an acceptance or a refusal is an error here."""
    try:
        prover.verify(secured, bound)
    except ALL_REFUSALS:
        return False
    return True


def relabelled(js: Peer, suite: str, curve: str, document: Secured) -> bool:
    """Whether PyLD's one hash decides: openvc canonicalises with SHA-256 for P-384 too, and so may label nameless nodes otherwise."""
    return (suite, curve) == ("ecdsa-rdfc-2019", "P-384") and rdfc_document(js, document, "SHA-384") != rdfc_document(js, document)


def beyond(value: Any) -> bool:
    """Whether a JSON text has an integer that I-JSON does not promise; JavaScript writes the double 1.5e20 as one."""
    if isinstance(value, dict | list):
        return any(map(beyond, value.values() if isinstance(value, dict) else value))
    return type(value) is int and abs(value) > LARGEST


# --- what they agree about ---


@pytest.mark.parametrize(("suite", "curve"), SUITES)
def test_what_sayso_signs_is_verified_by_its_peers(js: Peer, provers: dict[str, Prover], suite: str, curve: Any) -> None:
    signing = KEYS[curve]
    for name, document in agreed(signing).items():
        secured = SAYSO.secure(Order(suite, signing, document))
        found = {one: accepts(prover, secured) for one, prover in provers.items()}
        assert found == {"sayso": True, "openvc": not relabelled(js, suite, curve, document), "digitalbazaar": True}, name


@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.parametrize(("suite", "curve"), SUITES)
def test_what_its_peers_sign_is_verified_by_sayso(js: Peer, provers: dict[str, Prover], suite: str, curve: Any, peer: str) -> None:
    signing = KEYS[curve]
    for name, document in agreed(signing).items():
        secured = readable(provers[peer].secure(Order(suite, signing, document)), peer)
        refused = (suite in JCS and beyond(secured)) or (peer == "openvc" and relabelled(js, suite, curve, document))
        assert accepts(SAYSO, secured) is not refused, name


@pytest.mark.parametrize("suite", EDDSA)
@pytest.mark.parametrize("seed", range(3))
def test_all_make_the_same_proof(provers: dict[str, Prover], suite: str, seed: int) -> None:
    """Ed25519 has one signature for a key and a message: of the same options and document all sign the same bytes."""
    signing = key("Ed25519", bytes([seed + 2] * 32))
    for name, document in agreed(signing).items():
        made = [readable(prover.secure(Order(suite, signing, document)), one)["proof"] for one, prover in provers.items()]
        assert made[0] == made[1] == made[2], name


@pytest.mark.parametrize("suite", EDDSA)
def test_of_wild_documents_all_make_the_same_proof(provers: dict[str, Prover], suite: str) -> None:
    """Directions, control characters, language maps: with JSON all agree; with RDF openvc differs, as is said below."""
    signing = KEYS["Ed25519"]
    names = ["sayso", "digitalbazaar", *(["openvc"] if suite in JCS else [])]
    for name, document in wild(signing.did, 60).items():
        made = {one: readable(provers[one].secure(Order(suite, signing, document)), one) for one in names}
        assert [one["proof"] for one in made.values()] == [made["sayso"]["proof"]] * len(names), name
        for one, secured in made.items():
            assert accepts(SAYSO, secured) is not (suite in JCS and beyond(secured)), (name, one)
            assert accepts(provers["digitalbazaar"], secured), (name, one)


def _tampered(secured: Secured) -> dict[str, Secured]:
    proof = secured["proof"]
    value = proof["proofValue"]
    return {
        "a claim": {**secured, "credentialSubject": {"age": 37}},
        "a claim more": {**secured, "credentialSubject": {"age": 36, "name": "x"}},
        "an option": {**secured, "proof": {**proof, "created": "2026-11-20T12:00:01Z"}},
        "the key": {**secured, "proof": {**proof, "verificationMethod": OTHER.method}},
        "the signature": {**secured, "proof": {**proof, "proofValue": value[:-1] + ("2" if value[-1] != "2" else "3")}},
        "the suite": {**secured, "proof": {**proof, "cryptosuite": _other_suite(proof["cryptosuite"])}},
    }


def _other_suite(name: str) -> str:
    return name.replace("-jcs-", "-rdfc-") if "-jcs-" in name else name.replace("-rdfc-", "-jcs-")


@pytest.mark.parametrize("signer", ["sayso", *PEERS])
@pytest.mark.parametrize(("suite", "curve"), SUITES)
def test_all_refuse_what_was_changed(provers: dict[str, Prover], suite: str, curve: Any, signer: str) -> None:
    """Or their agreement would mean nothing."""
    signing = KEYS[curve]
    secured = readable(provers[signer].secure(Order(suite, signing, credential(signing.did, {"age": 36}))), signer)
    for what, changed in _tampered(secured).items():
        assert [one for one, prover in provers.items() if accepts(prover, changed)] == [], what


# --- presentations ---


@pytest.mark.parametrize("signer", ["sayso", *PEERS])
@pytest.mark.parametrize(("suite", "curve"), SUITES)
def test_a_presentation_of_several_credentials_is_verified_by_all(provers: dict[str, Prover], suite: str, curve: Any, signer: str) -> None:
    """The credentials are of several issuers, in several suites and of several makers; for nobody else, and no other request."""
    signing = KEYS[curve]
    cards = [
        readable(provers[maker].secure(Order(kind, of, credential(of.did, {"id": signing.did, "age": 36}))), maker)
        for maker, kind, of in (
            ("sayso", "eddsa-rdfc-2022", KEYS["Ed25519"]),
            ("digitalbazaar", "eddsa-jcs-2022", KEYS["Ed25519"]),
            ("openvc", "ecdsa-jcs-2019", KEYS["P-384"]),
            ("sayso", "ecdsa-rdfc-2019", KEYS["P-256"]),
        )
    ]
    shown = presentation(signing.did, *cards)
    order = Order(suite, signing, shown, challenge=BOUND.challenge, domain=BOUND.domain)
    secured = readable(provers[signer].secure(order), signer)
    # openvc labels the nodes of a presentation by SHA-256: see `relabelled`.
    lost = {"openvc"} if (suite, curve) == ("ecdsa-rdfc-2019", "P-384") else set[str]()
    for one, prover in provers.items():
        assert accepts(prover, secured, BOUND) is not ((one in lost) is not (signer in lost)), one
        assert not accepts(prover, secured, BOUND._replace(challenge="another"))
        assert not accepts(prover, secured, BOUND._replace(domain="https://another.example"))
        assert not accepts(prover, {**secured, "holder": ADA.did}, BOUND)
        assert not accepts(prover, {**secured, "verifiableCredential": cards[1:]}, BOUND)


def test_a_changed_credential_in_a_presentation_is_refused(provers: dict[str, Prover]) -> None:
    """Where its holder signed it as it is. openvc looks at the outermost proof alone, and says so."""
    signing = KEYS["Ed25519"]
    card = SAYSO.secure(Order("eddsa-jcs-2022", signing, credential(signing.did, {"age": 36})))
    changed = {**card, "credentialSubject": {"age": 37}}
    order = Order("eddsa-jcs-2022", signing, presentation(signing.did, changed), challenge=BOUND.challenge, domain=BOUND.domain)
    secured = SAYSO.secure(order)
    assert {one: accepts(prover, secured, BOUND) for one, prover in provers.items()} == {
        "sayso": False,
        "openvc": True,
        "digitalbazaar": False,
    }


@pytest.mark.parametrize("how", EDDSA)
@pytest.mark.parametrize("suite", EDDSA)
def test_what_a_wallet_presents_is_verified_by_all(provers: dict[str, Prover], suite: str, how: str) -> None:
    """By the public doors: an issuer issues two credentials, a wallet stores them and presents both."""
    city = Issuer(signer_of(KEYS["Ed25519"]), clock=lambda: CREATED)
    ada = Wallet(clock=lambda: CREATED)
    holder = ada.add_key(signer_of(ADA))
    cards = [
        city.issue({"given_name": name}, type="IdentityCard", holder=holder, valid_for=timedelta(days=1), format=suite)
        for name in ("Ada", "Möbius 𝄞")
    ]
    for card in cards:
        for prover in provers.values():
            prover.verify(json.loads(card.data), None)
    shown = ada.presentation(*map(ada.store, cards), format=how, audience=BOUND.domain, nonce=BOUND.challenge)
    for prover in provers.values():
        prover.verify(json.loads(shown.data), BOUND)
        assert not accepts(prover, json.loads(shown.data), BOUND._replace(challenge="another"))


# --- where they differ: what is named is who refuses; `signs` says who signs it at all ---

WITH_RDF = {
    # See DIFFERENCES: openvc does not know `rdfDirection`, nor a form that is not its own compact one.
    "direction": {"openvc"},
    "controls": {"openvc"},
    "case": {"openvc"},
    "arrays": {"openvc"},
    "inline": {"openvc"},
    # 1e-7 is an `xsd:double` for sayso, as for openvc; jsonld.js signs an integer, 0.
    "tiny": {"digitalbazaar"},
}
WITH_JSON: dict[str, set[str]] = {
    **{name: set() for name in WITH_RDF},
    # Digital Bazaar compares contexts in the document by identity, and refuses its own.
    "inline": {"digitalbazaar"},
}


@pytest.mark.parametrize("suite", CRYPTOSUITES)
@pytest.mark.parametrize("name", WITH_RDF)
def test_where_they_differ(provers: dict[str, Prover], suite: str, name: str) -> None:
    """Who refuses what sayso signs, and whose signatures sayso refuses: those that refuse its own, and sign at all."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    document = disputed(signing.did)[name]
    expected = (WITH_RDF if suite in RDFC else WITH_JSON)[name]
    order = Order(suite, signing, document)
    secured = SAYSO.secure(order)
    assert {one for one, prover in provers.items() if not accepts(prover, secured)} == expected
    signers = [one for one in PEERS if suite in JCS or one != "openvc" or name in ("controls", "tiny")]
    made = {one: readable(provers[one].secure(order), one) for one in signers}
    refused = {one for one, theirs in made.items() if not accepts(SAYSO, theirs)}
    assert refused == (expected & made.keys() if suite in RDFC else set())


@pytest.mark.parametrize("suite", RDFC)
def test_sayso_signs_no_null_with_rdf(provers: dict[str, Prover], suite: str) -> None:
    """No statement says it, and so anybody could add one. Digital Bazaar's signature holds without it too."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    order = Order(suite, signing, disputed(signing.did)["nothing"])
    with pytest.raises(SaysoError) as refused:
        SAYSO.secure(order)
    assert {problem.type for problem in refused.value.problems} == {DATA_LOSS_DETECTION_ERROR.url}
    theirs = readable(provers["digitalbazaar"].secure(order), "digitalbazaar")
    assert [accepts(prover, theirs) for prover in provers.values()] == [False, False, True]
    subject = {name: value for name, value in theirs["credentialSubject"].items() if value is not None}
    assert accepts(provers["digitalbazaar"], {**theirs, "credentialSubject": subject})


@pytest.mark.parametrize("suite", JCS)
def test_a_null_is_signed_with_json(provers: dict[str, Prover], suite: str) -> None:
    signing = KEYS[CRYPTOSUITES[suite][0]]
    secured = SAYSO.secure(Order(suite, signing, disputed(signing.did)["nothing"]))
    assert {one for one, prover in provers.items() if accepts(prover, secured)} == set(provers)


@pytest.mark.parametrize("suite", CRYPTOSUITES)
def test_sayso_signs_no_integer_that_javascript_does_not_keep(provers: dict[str, Prover], suite: str) -> None:
    """RFC 7493, section 2.2. openvc signs 2^53 + 1, and Digital Bazaar what it rounds it to: both say another thing to somebody."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    order = Order(suite, signing, disputed(signing.did)["integers"])
    with pytest.raises(SaysoError) as refused:
        SAYSO.secure(order)
    expected = DATA_LOSS_DETECTION_ERROR if suite in (*EDDSA, "ecdsa-rdfc-2019") else MALFORMED_VALUE_ERROR
    assert {problem.type for problem in refused.value.problems} == {expected.url}
    theirs = {one: readable(provers[one].secure(order), one) for one in PEERS}
    assert theirs["digitalbazaar"]["credentialSubject"] == {"age": 2**53}
    assert [accepts(SAYSO, one) for one in theirs.values()] == [False, suite in RDFC]


@pytest.mark.parametrize("suite", JCS)
def test_sayso_reads_no_integer_that_is_beyond_i_json(provers: dict[str, Prover], suite: str) -> None:
    """RFC 8785, section 3.2.2.3: numbers are doubles, and 1.5e20 is one. JavaScript writes it as an integer.

    sayso writes such a number as a double, and refuses, where JSON is canonicalised, an integer beyond 2^53 - 1 even if a double holds it.
    """
    signing = KEYS[CRYPTOSUITES[suite][0]]
    order = Order(suite, signing, credential(signing.did, {"many": 1.5e20}))
    ours, theirs = SAYSO.secure(order), provers["digitalbazaar"].secure(order)
    assert [accepts(prover, ours) for prover in provers.values()] == [True, True, True]
    assert theirs["credentialSubject"]["many"] == 150_000_000_000_000_000_000
    assert type(theirs["credentialSubject"]["many"]) is int
    assert [accepts(prover, theirs) for prover in provers.values()] == [False, True, True]


@pytest.mark.parametrize("suite", EDDSA)
def test_a_proof_that_has_ended_is_refused_by_who_looks(provers: dict[str, Prover], suite: str) -> None:
    """VC Data Integrity 1.0, section 2.1: `expires` is when a proof ends. Digital Bazaar compares it with nothing."""
    order = Order(suite, KEYS["Ed25519"], credential(KEYS["Ed25519"].did, {"age": 36}))
    found = {}
    for expires in ("2026-11-21T12:00:00Z", "2026-11-19T12:00:00Z"):
        secured = SAYSO.secure(order._replace(options={"expires": expires}))
        assert secured["proof"] == provers["digitalbazaar"].secure(order._replace(options={"expires": expires}))["proof"]
        found[expires] = {one for one, prover in provers.items() if not accepts(prover, secured)}
    assert [*found.values()] == [set(), {"sayso", "openvc"}]


@pytest.mark.parametrize("suite", JCS)
def test_sayso_writes_the_context_into_a_jcs_proof_and_needs_it(provers: dict[str, Prover], suite: str) -> None:
    """EdDSA Cryptosuites 1.0, section 3.3.1 (JC-1): openvc signs it and leaves it out, so that nobody but openvc verifies the proof."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    order = Order(suite, signing, credential(signing.did, {"age": 36}))
    made = {one: prover.secure(order) for one, prover in provers.items()}
    assert [one for one, secured in made.items() if "@context" in secured["proof"]] == ["sayso", "digitalbazaar"]
    assert [one for one, prover in provers.items() if accepts(prover, made["openvc"])] == ["openvc"]


@pytest.mark.parametrize("suite", JCS)
def test_contexts_behind_those_of_a_proof(provers: dict[str, Prover], suite: str) -> None:
    """Section 3.3.2 (JC-2 to JC-4): who reads less than arrived must say so. sayso refuses, unless it is told to drop them."""
    signing = KEYS[CRYPTOSUITES[suite][0]]
    secured = SAYSO.secure(Order(suite, signing, credential(signing.did, {"age": 36})))
    longer = {**secured, "@context": [*secured["@context"], "https://www.w3.org/ns/credentials/undefined-terms/v2"]}
    assert [one for one, prover in provers.items() if accepts(prover, longer)] == ["digitalbazaar"]
    read = verify(json.dumps(longer), expecting(appended_contexts="drop"), at=CREATED)
    assert read.claims["@context"] == secured["@context"]


@pytest.mark.parametrize("suite", EDDSA)
def test_of_a_set_of_proofs_one_is_enough_for_digitalbazaar(provers: dict[str, Prover], suite: str) -> None:
    """VC Data Integrity 1.0, section 4.5 (DI-S2): all have to hold, unless a verifier says otherwise. openvc reads one proof alone."""
    signing = KEYS["Ed25519"]
    first = SAYSO.secure(Order("eddsa-jcs-2022", signing, credential(signing.did, {"age": 36})))
    both = SAYSO.secure(Order(suite, signing, first, created=CREATED - timedelta(hours=1)))
    one, other = both["proof"]
    half = {**both, "proof": [one, {**other, "proofValue": one["proofValue"]}]}
    none = {**half, "credentialSubject": {"age": 37}}
    found = [[accepts(provers[name], whole) for name in ("sayso", "digitalbazaar")] for whole in (both, half, none)]
    assert found == [[True, True], [False, True], [False, False]]
    assert verify(json.dumps(half), expecting(all_proofs=False), at=CREATED).claims["credentialSubject"] == {"age": 36}
