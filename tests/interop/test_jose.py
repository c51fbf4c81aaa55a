"""Credentials and presentations as JWT between sayso and its peers: joserfc and npm's jose, with EdDSA and ECDSA.

What they sign is read at the verifier's door, as a credential or a presentation of VCDM 2.0.
"""

from datetime import timedelta
from typing import Any

import pytest

from sayso.encodings import base64url
from sayso.issuer.issuer import Issuer
from sayso.proofs.jose import jws
from sayso.verification.doors import verify
from sayso.wallet.wallet import Wallet
from tests.interop.documents import credential, disputed, generated, plain, presentation, wild
from tests.interop.javascript import Peer
from tests.interop.keys import Key, key
from tests.interop.ours import ALL_SIGNER_REFUSALS, SIGNER, expecting, signer_of
from tests.interop.provers import CREATED, Bound
from tests.interop.signers import ALGORITHMS, JOSERFC, Message, Opened, Signer, jose
from tests.interop.test_jose_peers import KEYS, OTHERS

NAMES = ("sayso", "joserfc", "jose")
BOUND = Bound("fresh-and-random", "https://verifier.example")
ADA = key("Ed25519", bytes([7] * 32))


@pytest.fixture(scope="module")
def signers(js: Peer) -> dict[str, Signer]:
    return {"sayso": SIGNER, "joserfc": JOSERFC, "jose": jose(js)}


def _shown(signing: Key, *credentials: dict[str, Any]) -> dict[str, Any]:
    return {"aud": BOUND.domain, "nonce": BOUND.challenge, **presentation(signing.did, *credentials)}


def _enveloped(token: str) -> dict[str, Any]:
    """Write a token as it stands in a presentation (VCDM 2.0, section 4.13.1)."""
    context = "https://www.w3.org/ns/credentials/v2"
    return {"@context": context, "type": "EnvelopedVerifiableCredential", "id": f"data:application/vc+jwt,{token}"}


def _documents(signing: Key) -> dict[str, dict[str, Any]]:
    documents = {**plain(signing.did), **disputed(signing.did), **generated(signing.did, 20), **wild(signing.did, 20)}
    # What JavaScript rounds, and what no processor of JSON-LD reads alike.
    return {name: document for name, document in documents.items() if name != "integers"}


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_credential_that_one_signs_is_read_by_all(signers: dict[str, Signer], algorithm: str, signer: str) -> None:
    signing = KEYS[algorithm]
    for name, document in _documents(signing).items():
        token = signers[signer].sign(Message(signing, algorithm, "vc+jwt", document))
        expected = Opened({"alg": algorithm, "typ": "vc+jwt", "kid": signing.method}, document)
        assert [one.verify(token, signing, algorithm) for one in signers.values()] == [expected] * 3, name


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_presentation_that_one_signs_is_read_by_all(signers: dict[str, Signer], algorithm: str, signer: str) -> None:
    """With credentials that each of them signed, in envelopes; and one in which a signature does not hold is refused by sayso alone."""
    signing = KEYS[algorithm]
    card = credential(signing.did, {"id": signing.did, "age": 36})
    cards = [_enveloped(one.sign(Message(signing, algorithm, "vc+jwt", card))) for one in signers.values()]
    shown = _shown(signing, *cards)
    token = signers[signer].sign(Message(signing, algorithm, "vp+jwt", shown))
    assert [one.verify(token, signing, algorithm).payload for one in signers.values()] == [shown] * 3
    changed = _shown(signing, cards[0], {**cards[1], "id": _flipped(cards[1]["id"])})
    token = signers[signer].sign(Message(signing, algorithm, "vp+jwt", changed))
    assert [name for name in NAMES if not _reads(signers[name], token, signing, algorithm)] == ["sayso"]


def _reads(signer: Signer, token: str, signing: Key, algorithm: str) -> bool:
    try:
        signer.verify(token, signing, algorithm)
    except ALL_SIGNER_REFUSALS:
        return False
    return True


def _flipped(token: str) -> str:
    head, _, signature = token.rpartition(".")
    data = bytearray(base64url.decode(signature))
    data[0] ^= 1
    return head + "." + base64url.encode(bytes(data))


def _tampered(token: str, other: str) -> dict[str, str]:
    head, payload, signature = token.split(".")
    other_head, other_payload, _ = other.split(".")
    return {
        "the signature": _flipped(token),
        "the payload": f"{head}.{other_payload}.{signature}",
        "the header": f"{other_head}.{payload}.{signature}",
        "no signature": f"{head}.{payload}.",
    }


@pytest.mark.parametrize("signer", NAMES)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_all_refuse_what_was_changed(signers: dict[str, Signer], algorithm: str, signer: str) -> None:
    """Or their agreement would mean nothing."""
    signing = KEYS[algorithm]
    token = signers[signer].sign(Message(signing, algorithm, "vc+jwt", credential(signing.did, {"age": 36})))
    other = signers[signer].sign(Message(signing, algorithm, "vp+jwt", _shown(signing, credential(signing.did, {"age": 37}))))
    for what, text in _tampered(token, other).items():
        assert [name for name in NAMES if _reads(signers[name], text, signing, algorithm)] == [], what
    foreign = "ES384" if algorithm == "ES256" else "ES256"
    for known, expected in ((OTHERS[algorithm], algorithm), (KEYS[foreign], foreign)):
        assert [name for name in NAMES if _reads(signers[name], token, known, expected)] == []


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_what_a_wallet_presents_is_read_by_all(signers: dict[str, Signer], algorithm: str) -> None:
    """By the public doors: an issuer issues two credentials, a wallet stores them and presents both."""
    signing = KEYS["EdDSA"]
    city = Issuer(signer_of(signing), algorithm=algorithm, clock=lambda: CREATED)
    ada = Wallet(clock=lambda: CREATED)
    holder = ada.add_key(signer_of(ADA))
    cards = [
        city.issue({"given_name": name}, type="IdentityCard", holder=holder, valid_for=timedelta(days=1), format="vc+jwt")
        for name in ("Ada", "Möbius 𝄞")
    ]
    shown = ada.presentation(*map(ada.store, cards), format="vp+jwt", audience=BOUND.domain, nonce=BOUND.challenge)
    assert verify(shown, expecting(BOUND), at=CREATED).issuer == holder
    for name in ("joserfc", "jose"):
        for card, said in zip(cards, ("Ada", "Möbius 𝄞"), strict=True):
            header, payload = signers[name].verify(card.text, signing, algorithm)
            assert (header["typ"], header["cty"], payload["credentialSubject"]["given_name"]) == ("vc+jwt", "vc", said)
        read = signers[name].verify(shown.data.decode(), ADA, "EdDSA")
        assert [one["id"].partition(",")[2] for one in read.payload["verifiableCredential"]] == [card.text for card in cards]


def test_ed25519_has_one_signature(signers: dict[str, Signer]) -> None:
    """Under the header that jose writes, sayso makes the same token; a number with a fraction is spelled in many ways."""
    signing = KEYS["EdDSA"]
    compared = 0
    for name, document in _documents(signing).items():
        theirs = signers["jose"].sign(Message(signing, "EdDSA", "vc+jwt", document))
        if not _has_fractions(document):
            compared += 1
            assert jws.sign(theirs.partition(".")[0], document, signer_of(signing)) == theirs, name
    assert compared > 15


def _has_fractions(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_has_fractions, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)
