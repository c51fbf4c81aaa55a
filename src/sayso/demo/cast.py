"""Bring the actors of the demo on stage: a city, a customer, a bar, and a clock that is turned."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from sayso import Issuer, Request, Verifier, Wallet
from sayso.clock import Clock, system_clock
from sayso.entropy import Entropy, system_entropy
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.signer import SeedSigner, Signer
from sayso.testing.world import TurningClock
from sayso.verification.expectations import Anyone


class Script(NamedTuple):
    """Hold who says and asks what; whatever else is told comes from what happens then."""

    claims: Mapping[str, object] = MappingProxyType({"given_name": "Ada", "birthdate": "1990-12-10", "age_over_18": True})
    type: str = "IdentityCard"
    valid_for: timedelta = timedelta(days=365)
    verifier: str = "The Bar"
    asked: str = "age_over_18"
    too_much: str = "birthdate"
    purpose: str = "Serve alcohol"
    benefit: str = "You get your drink"
    keep_for: timedelta = timedelta(hours=1)


class Cast(NamedTuple):
    """Hold the actors, who know each other by nothing but bytes."""

    script: Script
    clock: TurningClock
    entropy: Entropy
    city: Issuer
    ada: Wallet
    bar: Verifier
    bar_signer: Signer
    forger: Issuer

    def ask(self, *claims: str, optional: Sequence[str] = (), issuers: Collection[str] | Anyone | None = None) -> Request:
        """Let the bar ask, for its one purpose; it trusts the city, unless it says otherwise."""
        return self.bar.request(
            *claims,
            optional=optional,
            issuers=[self.city.did] if issuers is None else issuers,
            purpose=self.script.purpose,
            benefit=self.script.benefit,
            keep_for=self.script.keep_for,
        )


def assemble(script: Script, clock: Clock = system_clock, entropy: Entropy = system_entropy) -> Cast:
    """Make the actors, each with a new key; `clock` is read once, and from then on turned by hand."""
    turning = TurningClock(clock().replace(microsecond=0))
    signer = SeedSigner(entropy(SEED_BYTES))
    return Cast(
        script=script,
        clock=turning,
        entropy=entropy,
        city=Issuer.generate(clock=turning, entropy=entropy),
        ada=Wallet.generate(clock=turning, entropy=entropy),
        bar=Verifier(signer, name=script.verifier, clock=turning, entropy=entropy),
        bar_signer=signer,
        forger=Issuer.generate(clock=turning, entropy=entropy),
    )
