"""Set the scene: an issuer, holders, a business, and what they ask and answer."""

from datetime import timedelta
from typing import NamedTuple

from sayso import Answer, Credential, Issuer, Request, Verifier, Wallet

ASKED = ("given_name", "birthdate", "age_over_18")
"""The three claims that are shown."""
TYPE = "IdentityCard"
YEAR = timedelta(days=365)

_PERSON = {
    "given_name": "Ada",
    "family_name": "Lovelace",
    "birthdate": "1990-12-10",
    "age_over_18": True,
    "nationality": "GB",
    "place_of_birth": "London",
    "email": "ada@example.org",
    "street": "12 St James's Square",
    "postal_code": "SW1Y 4JH",
    "height_cm": 165,
}


def claims(size: int) -> dict[str, object]:
    """Give so many claims about a person."""
    return dict([*_PERSON.items(), *((f"attribute_{number}", f"value {number}") for number in range(len(_PERSON), size))][:size])


class Shown(NamedTuple):
    """Hold what travels between a business and a customer, once."""

    request: Request
    answer: Answer


class World(NamedTuple):
    """Hold the three parties; the wallet has one card."""

    city: Issuer
    ada: Wallet
    bar: Verifier

    @classmethod
    def of(cls, size: int) -> "World":
        """Make a world with a card of so many claims in it."""
        world = cls(Issuer.generate(), Wallet.generate(), Verifier.generate(name="The Bar"))
        world.ada.store(world.card(world.ada, size))
        return world

    def card(self, holder: Wallet, size: int) -> Credential:
        """Issue a card to a new key of a holder."""
        return self.city.issue(claims(size), type=TYPE, holder=holder.new_key(), valid_for=YEAR)

    def request(self) -> Request:
        """Ask for three claims."""
        return self.bar.request(
            *ASKED, issuers=[self.city.did], purpose="Serve alcohol", benefit="You get your drink", keep_for=timedelta(hours=1)
        )

    def shown(self, size: int) -> Shown:
        """Ask, and let a new customer answer with a new card."""
        holder = Wallet.generate()
        holder.store(self.card(holder, size))
        request = self.request()
        return Shown(request, holder.present(holder.plan(request)))
