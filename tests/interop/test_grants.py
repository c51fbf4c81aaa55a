"""What lasts of a share is a plain credential: others verify grants, receipts and confirmations, and refuse what was changed."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sayso import Erased
from sayso.clock import system_clock
from sayso.keys import jwk, multikey
from tests.interop.javascript import Peer
from tests.interop.keys import Key
from tests.interop.ours import ALL_REFUSALS, ALL_SIGNER_REFUSALS
from tests.interop.provers import OPENVC, digitalbazaar
from tests.interop.signers import JOSERFC, Signer, jose
from tests.journeys.granting import granting
from tests.journeys.town import payload_of
from tests.journeys.whole_life import life

KINDS = ("SharingGrant", "ConsentReceipt", "ErasureConfirmation")


def artefacts(format: str) -> dict[str, bytes]:
    """Make one of each."""
    one = granting(format=format)
    bar, ada = one.there.bar, one.there.ada
    asked = ada.ask_erasure(one.grant)
    everything = [Erased(("birthdate", "age_over_18"), one.there.world.clock())]
    made = (
        one.grant,
        bar.receipt(one.grant, one.request, one.answer, format=format),
        bar.confirm_erasure(one.grant, asked, erased=everything, format=format),
    )
    return {kind: wire.data for kind, wire in zip(KINDS, made, strict=True)}


def key_of(did: str) -> Key:
    """Give the public key of a did:key."""
    text = did.removeprefix("did:key:")
    return Key(dict(jwk.encode(multikey.decode(text))), f"{did}#{text}")


def refuses(act: Callable[[], object], *refusals: type[Exception]) -> bool:
    try:
        act()
    except refusals:
        return True
    return False


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("peer", ["openvc", "digitalbazaar"])
def test_others_verify_its_data_integrity_proof(js: Peer, peer: str, kind: str) -> None:
    prover = {"openvc": OPENVC, "digitalbazaar": digitalbazaar(js)}[peer]
    document = json.loads(artefacts("eddsa-jcs-2022")[kind])
    assert kind in document["type"]
    prover.verify(document, None)
    for name in ("id", "validFrom", "credentialSubject", "relatedResource"):
        text = json.dumps(document[name]).replace("2026", "2027").replace("urn:", "urm:").replace("ni:", "nj:")
        changed = {**document, name: json.loads(text)}
        assert changed != document
        assert refuses(lambda changed=changed: prover.verify(changed, None), *ALL_REFUSALS), name  # type: ignore[misc]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("peer", ["joserfc", "jose"])
def test_others_verify_it_as_a_jwt(js: Peer, peer: str, kind: str) -> None:
    signers: dict[str, Signer] = {"joserfc": JOSERFC, "jose": jose(js)}
    token = artefacts("vc+jwt")[kind].decode()
    issuer = payload_of(token)["issuer"]
    opened = signers[peer].verify(token, key_of(issuer), "EdDSA")
    assert (opened.header["typ"], kind in opened.payload["type"]) == ("vc+jwt", True)
    assert opened.header["kid"].startswith(issuer)
    other = token[:-4] + ("AAAA" if not token.endswith("AAAA") else "BBBB")
    assert refuses(lambda: signers[peer].verify(other, key_of(issuer), "EdDSA"), *ALL_SIGNER_REFUSALS)


def test_others_verify_all_that_two_processes_signed(js: Peer, tmp_path: Path) -> None:
    began = system_clock().replace(microsecond=0) - timedelta(days=60)  # others look at the clock of this machine
    for kind, data in life(str(tmp_path / "bar.db"), "eddsa-jcs-2022", began):
        document = json.loads(data)
        assert kind in document["type"]
        for prover in (OPENVC, digitalbazaar(js)):
            prover.verify(document, None)
    for kind, data in life(str(tmp_path / "cafe.db"), "vc+jwt", began):
        token = data.decode()
        for signer in (JOSERFC, jose(js)):
            assert kind in signer.verify(token, key_of(payload_of(token)["issuer"]), "EdDSA").payload["type"]
