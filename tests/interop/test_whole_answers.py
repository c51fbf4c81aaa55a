"""What others make of an answer with a whole credential, and of one that signs in; and what is accepted that they answered."""

from typing import Any

import pytest

from sayso import ANYONE, Verifier, Wallet
from sayso.keys import jwk, multikey
from sayso.testing.world import START, World
from tests.interop.javascript import Peer
from tests.interop.keys import Key, ed25519
from tests.interop.ours import signer_of
from tests.interop.provers import OPENVC, REFUSALS, Bound, Order, Prover, digitalbazaar
from tests.interop.signers import JOSERFC, Signer, jose
from tests.interop.signers import REFUSALS as SIGNER_REFUSALS
from tests.journeys.town import HOUR, YEAR, payload_of
from tests.journeys.whole import FORMATS, put, said, taken

SUITES = ("eddsa-jcs-2022", "eddsa-rdfc-2022")
ADA, STRANGER = ed25519(bytes(range(32))), ed25519(bytes(range(1, 33)))


@pytest.fixture(scope="module")
def provers(js: Peer) -> dict[str, Prover]:
    return {"openvc": OPENVC, "digitalbazaar": digitalbazaar(js)}


@pytest.fixture(scope="module")
def signers(js: Peer) -> dict[str, Signer]:
    return {"joserfc": JOSERFC, "jose": jose(js)}


def parties(way: str) -> tuple[Wallet, Verifier]:
    """Store a card in a wallet that holds a key which everybody here knows."""
    world = World()
    ada = world.wallet()
    holder = ada.add_key(signer_of(ADA))
    ada.store(world.issuer().issue({"age": 36}, type="IdentityCard", holder=holder, valid_for=YEAR, format=way))
    return ada, world.verifier()


def answered(way: str) -> tuple[Any, Bound]:
    """Answer, and give the presentation with what it must be bound to."""
    ada, bar = parties(way)
    world: dict[str, Any] = {"purpose": "p", "benefit": "b", "keep_for": HOUR, "issuers": [next(iter(ada.stored.values())).issuer]}
    request = bar.request("age", formats=FORMATS, **world)
    _, presentation = taken(ada.present(ada.plan(request)))
    asked = payload_of(request.text)
    return presentation, Bound(asked["nonce"], asked["client_id"])


@pytest.mark.parametrize("name", ["openvc", "digitalbazaar"])
@pytest.mark.parametrize("suite", SUITES)
def test_a_proof_is_verified(provers: dict[str, Prover], name: str, suite: str) -> None:
    """Digital Bazaar verifies the credential inside too; openvc reads the outermost proof."""
    presentation, bound = answered(suite)
    provers[name].verify(presentation, bound)
    later = {**presentation, "https://w3id.org/sayso/share_until": 4_000_000_000}
    others = [(presentation, bound._replace(challenge="another")), (presentation, bound._replace(domain="another")), (later, bound)]
    for shown, to in others:
        with pytest.raises(REFUSALS):
            provers[name].verify(shown, to)


@pytest.mark.parametrize(("name", "suite"), [("openvc", "eddsa-rdfc-2022"), *[("digitalbazaar", suite) for suite in SUITES]])
def test_what_they_present_is_accepted(provers: dict[str, Prover], name: str, suite: str) -> None:
    """They say nothing of the end of the share: then it ends when the business said. What openvc signs with JCS it alone verifies."""
    ada, bar = parties(suite)
    request = bar.request("age", purpose="p", benefit="b", keep_for=HOUR, issuers=ANYONE, formats=FORMATS)
    entry, ours = taken(ada.present(ada.plan(request)))
    asked = payload_of(request.text)
    document = {name: value for name, value in said(ours).items() if name not in {"proof", "https://w3id.org/sayso/share_until"}}
    theirs = provers[name].secure(Order(suite, ADA, document, challenge=asked["nonce"], domain=asked["client_id"]))
    share = bar.accept(put(entry, theirs), request)
    assert (share.read(), share.ends) == ({"age": 36}, START + HOUR)


@pytest.mark.parametrize("name", ["joserfc", "jose"])
def test_a_jwt_is_verified(signers: dict[str, Signer], name: str) -> None:
    presentation, bound = answered("vc+jwt")
    header, payload = signers[name].verify(presentation, ADA, "EdDSA")
    assert (header["typ"], payload["nonce"], payload["aud"]) == ("vp+jwt", *bound)
    assert payload == said(presentation)
    with pytest.raises(SIGNER_REFUSALS):
        signers[name].verify(presentation, STRANGER, "EdDSA")


@pytest.mark.parametrize("name", ["joserfc", "jose"])
def test_who_signs_in_is_verified(signers: dict[str, Signer], name: str) -> None:
    """The key of the did:key is in its name."""
    ada, bar = parties("vc+jwt")
    request = bar.sign_in_request(purpose="p")
    answer = ada.present(ada.plan(request))
    _, token = taken(answer)
    holder = bar.accept_sign_in(answer, request).holder
    header, payload = signers[name].verify(str(token), Key(jwk.encode(multikey.decode(holder.removeprefix("did:key:"))), holder), "EdDSA")
    assert header["kid"].startswith(holder)
    assert (payload["holder"], payload["nonce"]) == (holder, payload_of(request.text)["nonce"])
    with pytest.raises(SIGNER_REFUSALS):
        signers[name].verify(str(token), ADA, "EdDSA")
