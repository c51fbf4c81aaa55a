"""Set a stage: a city that issues identity cards, Ada who holds one, a bar that asks, and a forger."""

import hashlib
from datetime import timedelta
from typing import NamedTuple, cast

from sayso.credentials.wire import Answer, Credential
from sayso.issuer.issuer import Issuer
from sayso.keys.signer import Signer
from sayso.openid import response
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt import key_binding
from sayso.testing.world import CountingEntropy, World
from sayso.verifier.verifier import Verifier
from sayso.wallet.wallet import Wallet

ADA = {"given_name": "Ada", "family_name": "Lovelace", "birthdate": "1990-12-10", "age_over_18": True}
"""What the city says about Ada."""
CARD = "IdentityCard"
"""The type of the card."""
CARD_LIVES = timedelta(days=365)


class Cast(NamedTuple):
    """Hold the parties of a journey.

    `card` is in Ada's wallet; `forged` is equal to it in all but its issuer and the signature: same claims, same holder, same salts.
    `ada_key` signs what Ada presents.
    """

    world: World
    city: Issuer
    ada: Wallet
    ada_key: Signer
    bar: Verifier
    card: Credential
    forged: Credential


def cast_of(world: World | None = None) -> Cast:
    """Set the stage in a world, a new one unless it is given."""
    world = world or World()
    city, forger = _card_office(world), _card_office(world)
    ada, ada_key = world.wallet(), world.signer()
    holder = ada.add_key(ada_key)
    card = identity_card(city, holder)
    ada.store(card)
    return Cast(world, city, ada, ada_key, world.verifier(name="The Bar"), card, identity_card(forger, holder))


def identity_card(issuer: Issuer, holder: str) -> Credential:
    """Issue Ada's identity card."""
    return issuer.issue(ADA, type=CARD, holder=holder, valid_for=CARD_LIVES)


def with_card(answer: Answer, card: Credential, signer: Signer) -> Answer:
    """Put a card with the same salts in the place of the one in an answer, and bind it anew: what a holder who lies can do.

    The answer holds one presentation; `signer` is the holder's.
    """
    token = cast("dict[str, list[str]]", response.parse(answer.data))
    ((query, (presentation,)),) = token.items()
    _, *opened, bound = presentation.split("~")
    presented = "~".join((card.text.partition("~")[0], *opened, ""))
    said = jws.decode(bound.encode(), (key_binding.TYPE,)).payload
    return Answer(response.serialize({query: [presented + key_binding.sign(said, hashlib.sha256(presented.encode()), signer)]}))


def _card_office(world: World) -> Issuer:
    # Each draws the same salts, so that nothing but the key tells their cards apart.
    return world.issuer(entropy=CountingEntropy(b"the salts of a card"))
