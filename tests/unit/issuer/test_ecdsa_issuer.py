"""An issuer whose key is on a curve of NIST signs with the algorithm of that key, in every format."""

import json
from datetime import timedelta

import pytest

from sayso import Credential, Expectations, Issuer, examine
from sayso.credentials.kinds import CredentialType
from sayso.keys.ecdsa import CurveName
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import SeedSigner
from sayso.proofs.data_integrity.suites import SUITES
from sayso.proofs.jose import jws
from sayso.testing.world import World
from tests.journeys.town import header_of

SEED = bytes(range(1, 33))
SIZES: dict[CurveName, tuple[str, int]] = {"P-256": ("ES256", 32), "P-384": ("ES384", 48), "P-521": ("ES512", 66)}


def issuer(curve: CurveName, world: World) -> Issuer:
    _, size = SIZES[curve]
    return Issuer(EcdsaSigner(curve, bytes(size - 32) + SEED), clock=world.clock, entropy=world.entropy)


def issued(city: Issuer, world: World, format: str) -> Credential:
    kind = CredentialType("IdentityCard")
    return city.issue({"given_name": "Ada"}, type=kind, holder=world.wallet().new_key(), valid_for=timedelta(days=1), format=format)


@pytest.mark.parametrize("curve", SIZES)
@pytest.mark.parametrize("format", ["vc+sd-jwt", "dc+sd-jwt", "vc+jwt", "ecdsa-jcs-2019", "ecdsa-rdfc-2019"])
def test_it_signs_in_every_format(curve: CurveName, format: str) -> None:
    world = World()
    city = issuer(curve, world)
    if curve == "P-521" and format.startswith("ecdsa"):
        return  # ECDSA Cryptosuites 1.0, section 3.2: P-256 and P-384
    card = issued(city, world, format)
    if format.startswith("ecdsa"):
        assert json.loads(card.data)["proof"]["cryptosuite"] == format
    else:
        assert header_of(card.text.split("~")[0])["alg"] == SIZES[curve][0]
    by_name = Expectations(issuers=[city.did], holder_binding=False, algorithms=jws.READABLE, cryptosuites=tuple(SUITES))
    assert examine(card, by_name, at=world.clock()).problems == ()
    assert examine(card, Expectations(issuers=[city.did], holder_binding=False), at=world.clock()).problems != ()


def test_a_key_is_used_with_its_own_algorithm() -> None:
    """RFC 8725, section 3.1."""
    with pytest.raises(ValueError, match=r"algorithm is one of EdDSA, Ed25519$"):
        Issuer(SeedSigner(SEED), algorithm="ES256")
    with pytest.raises(ValueError, match=r"algorithm is one of ES256$"):
        Issuer(EcdsaSigner("P-256", SEED), algorithm="EdDSA")
