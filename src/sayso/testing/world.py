"""Be a world in memory: a clock that is turned by hand, chance that repeats, and a network that counts."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Unpack

from sayso.clock import aware
from sayso.credentials.kinds import CredentialType
from sayso.entropy import Entropy
from sayso.errors import LIMIT_EXCEEDED, RETRIEVAL_REFUSED, SaysoError
from sayso.issuer.issuer import Issuer
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.signer import SeedSigner, Signer
from sayso.retrieval import Retrieve, Retrieved
from sayso.verification.options import KeyOptions
from sayso.verifier.options import Options
from sayso.verifier.verifier import Verifier
from sayso.wallet.reading import Terms, Unsigned
from sayso.wallet.wallet import Wallet

if TYPE_CHECKING:
    from sayso.sharing.ledger.ledger import Ledger

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""When a world begins, unless it is told otherwise."""


class TurningClock:
    """Be a clock that stands still until it is turned.

    >>> clock = TurningClock()
    >>> clock.turn(timedelta(hours=1))
    >>> clock() - START
    datetime.timedelta(seconds=3600)
    """

    def __init__(self, at: datetime = START) -> None:
        """Set the clock to an instant, aware."""
        self._at = aware(at)

    def __call__(self) -> datetime:
        return self._at

    def set(self, at: datetime) -> None:
        """Set the clock to an instant, aware."""
        self._at = aware(at)

    def turn(self, by: timedelta) -> None:
        """Turn the clock forward, or backward."""
        self._at += by


class CountingEntropy:
    """Be chance that is the same in every run: each draw differs from all others of its seed. Never for real keys.

    `draws` says how often it was asked.
    """

    def __init__(self, seed: bytes = b"") -> None:
        """Begin with a seed; the same seed gives the same bytes."""
        self.draws = 0
        self._seed = hashlib.sha256(seed).digest()

    def __call__(self, size: int) -> bytes:
        self.draws += 1
        return hashlib.shake_256(self._seed + self.draws.to_bytes(8)).digest(size)


class Network:
    """Be a network in memory: a `Fetch` that finds what stands in `documents`, and counts in `asked` how often each URL was asked for."""

    def __init__(self, documents: Mapping[str, Retrieved] | None = None) -> None:
        """Begin with some documents, or none."""
        self.documents = dict(documents or {})
        self.asked: Counter[str] = Counter()

    def __call__(self, retrieve: Retrieve) -> Retrieved:
        self.asked[retrieve.url] += 1
        found = self.documents.get(retrieve.url)
        if found is None:
            raise SaysoError.of(RETRIEVAL_REFUSED, f"{retrieve.reason}: this network has nothing at that URL")
        if len(found.body) > retrieve.max_bytes:
            raise SaysoError.of(LIMIT_EXCEEDED, f"{retrieve.reason}: the document is longer than {retrieve.max_bytes} bytes")
        return found


class World:
    """Hold one clock, one source of chance and one network, and make parties that live with them.

    Two worlds with the same seed go the same way, to the byte.
    """

    def __init__(self, seed: bytes = b"", at: datetime = START) -> None:
        """Begin at an instant, with nothing on the network."""
        self.clock = TurningClock(at)
        self.entropy = CountingEntropy(seed)
        self.network = Network()

    def signer(self) -> SeedSigner:
        """Make a key."""
        return SeedSigner(self.entropy(SEED_BYTES))

    def issuer(
        self, signer: Signer | None = None, did: str | None = None, *, algorithm: str | None = None, entropy: Entropy | None = None
    ) -> Issuer:
        """Make an issuer, with a new key unless it is given one; `entropy` makes its salts, the world's by default."""
        signer, entropy = signer or self.signer(), entropy or self.entropy
        return Issuer(signer, did, algorithm=algorithm, clock=self.clock, entropy=entropy, fetch=self.network)

    def wallet(
        self,
        *,
        types: Collection[CredentialType] = (),
        unsigned: Unsigned = "refuse",
        terms: Terms = "require",
        ledger: "Ledger | None" = None,
        **keys: Unpack[KeyOptions],
    ) -> Wallet:
        """Make an empty wallet; the options are those of `Wallet`."""
        clock, entropy, fetch = self.clock, self.entropy, self.network
        return Wallet(types=types, clock=clock, entropy=entropy, fetch=fetch, unsigned=unsigned, terms=terms, ledger=ledger, **keys)

    def verifier(self, signer: Signer | None = None, did: str | None = None, **options: Unpack[Options]) -> Verifier:
        """Make a verifier, with a new key unless it is given one; the options are those of `Verifier`."""
        ours: Options = {"clock": self.clock, "entropy": self.entropy, "fetch": self.network, **options}
        return Verifier(signer or self.signer(), did, **ours)
