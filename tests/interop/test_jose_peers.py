"""What other implementations of JWS make of each other's credentials and presentations: joserfc, npm's jose, and openvc-core.

They are oracles of ours, so it is known here that they agree, and where openvc has a form of its own.
"""

from typing import Any

import pytest

from tests.interop.documents import credential, disputed, generated, plain, presentation
from tests.interop.javascript import Peer
from tests.interop.keys import Key, key
from tests.interop.signers import ALGORITHMS, JOSERFC, REFUSALS, Message, Opened, Signer, jose, openvc_issues, openvc_verifies

NAMES = ("joserfc", "jose")
KEYS = {algorithm: key(curve) for algorithm, curve in ALGORITHMS.items()}
OTHERS = {algorithm: key(curve, bytes([1] * 32)) for algorithm, curve in ALGORITHMS.items()}


@pytest.fixture(scope="module")
def signers(js: Peer) -> dict[str, Signer]:
    return {"joserfc": JOSERFC, "jose": jose(js)}


def _messages(signing: Key) -> dict[str, tuple[str, dict[str, Any]]]:
    """Write what is signed, and under which `typ`."""
    documents = {**plain(signing.did), **disputed(signing.did), **generated(signing.did, 20)}
    del documents["integers"]  # what JavaScript rounds
    card = credential(signing.did, {"age": 36})
    shown = {"aud": "https://verifier.example", "nonce": "fresh-and-random", **presentation(signing.did, card)}
    return {**{name: ("vc+jwt", document) for name, document in documents.items()}, "a presentation": ("vp+jwt", shown)}


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_one_signs_is_read_by_both(signers: dict[str, Signer], signer: str, algorithm: str) -> None:
    signing = KEYS[algorithm]
    for name, (typ, payload) in _messages(signing).items():
        token = signers[signer].sign(Message(signing, algorithm, typ, payload))
        expected = Opened({"alg": algorithm, "typ": typ, "kid": signing.method}, payload)
        assert [one.verify(token, signing, algorithm) for one in signers.values()] == [expected, expected], name


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_both_refuse_another_key_algorithm_or_payload(signers: dict[str, Signer], signer: str, algorithm: str) -> None:
    """Or their agreement would mean nothing."""
    signing = KEYS[algorithm]
    token = signers[signer].sign(Message(signing, algorithm, "vc+jwt", credential(signing.did, {"age": 36})))
    other = signers[signer].sign(Message(signing, algorithm, "vc+jwt", credential(signing.did, {"age": 37})))
    mixed = ".".join((*other.split(".")[:2], token.split(".")[2]))
    foreign = "ES384" if algorithm == "ES256" else "ES256"
    for one in signers.values():
        for text, known, expected in ((token, OTHERS[algorithm], algorithm), (mixed, signing, algorithm), (token, KEYS[foreign], foreign)):
            with pytest.raises(REFUSALS):
                one.verify(text, known, expected)


@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256", "ES384"])
def test_openvc_puts_the_credential_into_a_claim(signers: dict[str, Signer], algorithm: str) -> None:
    """VC-JOSE-COSE 1.0, section 3.1.1 (VJ-1): the payload is the credential, and has no claim `vc`; that was the form of VCDM 1.1."""
    signing = KEYS[algorithm]
    card = credential(signing.did, {"age": 36})
    issued = openvc_issues(signing, card)
    for one in signers.values():
        header, payload = one.verify(issued, signing, algorithm)
        assert (header["typ"], payload["vc"], payload["iss"]) == ("JWT", card, signing.did)
        assert openvc_verifies(one.sign(Message(signing, algorithm, "JWT", {"iss": signing.did, "vc": card})), signing) == card
        for claims in ({}, {"iss": signing.did}):
            with pytest.raises(REFUSALS):
                openvc_verifies(one.sign(Message(signing, algorithm, "vc+jwt", {**card, **claims})), signing)


def test_the_time_of_one_is_that_of_all_divided(js: Peer) -> None:
    signing = KEYS["EdDSA"]
    token = JOSERFC.sign(Message(signing, "EdDSA", "vc+jwt", {"age": 36}))
    header = {"typ": "vc+jwt"}
    assert js.microseconds("jws-sign", {"key": signing.jwk, "algorithm": "EdDSA"}, [{"header": header, "payload": {"age": 36}}] * 20) > 0
    assert js.microseconds("jws-verify", {"key": signing.public_jwk, "algorithm": "EdDSA"}, [{"token": token}] * 20, times=2) > 0
