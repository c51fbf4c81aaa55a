"""Fill wallets with many cards of one type, from a hundred issuers: each issued, verified and stored as in life, once for all rows."""

from datetime import timedelta
from functools import cache
from typing import NamedTuple

from benchmarks.world import ASKED, TYPE, YEAR, claims
from sayso import ANYONE, Credential, Issuer, Request, Verifier, Wallet
from sayso.keys.signer import SeedSigner
from sayso.wallet.index import Index

SIZES = (10, 1000, 10_000)
_ISSUERS = 100
_CLAIMS = 10
_KEY = SeedSigner(bytes(range(32)))
"""The one key that all cards are bound to, in whichever wallet; a key of its own for each would take longer and change nothing here."""


class Full(NamedTuple):
    """Hold a wallet with many cards, `held` as it keeps them, one of the issuers, and how many cards are of that one."""

    wallet: Wallet
    held: Index
    issuer: str
    of_issuer: int

    def request(self, bar: Verifier, *, one_issuer: bool) -> Request:
        """Ask for three claims of one issuer's cards, or of anyone's."""
        return bar.request(
            *ASKED,
            issuers=[self.issuer] if one_issuer else ANYONE,
            type=TYPE,
            formats=["dc+sd-jwt"],
            purpose="Serve alcohol",
            benefit="You get your drink",
            keep_for=timedelta(hours=1),
        )


@cache
def _issuers() -> list[Issuer]:
    return [Issuer.generate() for _ in range(_ISSUERS)]


@cache
def _cards(size: int) -> list[Credential]:
    holder = Wallet().add_key(_KEY)
    return [
        _issuers()[number % _ISSUERS].issue(
            {**claims(_CLAIMS), "given_name": f"Ada {number}"}, type=TYPE, holder=holder, format="dc+sd-jwt", valid_for=YEAR
        )
        for number in range(size)
    ]


@cache
def full(size: int) -> Full:
    """Store so many cards."""
    wallet = Wallet()
    wallet.add_key(_KEY)
    for card in _cards(SIZES[-1])[:size]:
        wallet.store(card)
    held: Index = vars(wallet)["_held"]
    assert len(held) == size
    return Full(wallet, held, _issuers()[0].did, max(1, size // _ISSUERS))
