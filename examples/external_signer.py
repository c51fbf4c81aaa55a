"""Sign with keys that live elsewhere: an issuer, a wallet or a verifier takes anything that has a public key and can sign.

Here a city keeps its keys in a vault, uses a new one every year, and keeps its DID, a did:web.
"""

from datetime import timedelta

from sayso import Credential, Expectations, Issuer, Wallet, verify
from sayso.clock import system_clock
from sayso.dids import did_web, document
from sayso.entropy import system_entropy
from sayso.jsonvalue import serialize
from sayso.keys import ed25519
from sayso.keys.ed25519 import PublicKey
from sayso.retrieval import Retrieved
from sayso.testing.world import Network


class Vault:
    """Stand for an HSM or a KMS: it makes keys, signs with them, counts, and never gives one away."""

    def __init__(self) -> None:
        """Begin with no key."""
        self._keys: dict[str, tuple[PublicKey, bytes]] = {}
        self.signatures = 0

    def make_key(self, name: str) -> None:
        """Make a key inside."""
        self._keys[name] = ed25519.key_pair(system_entropy(32))

    def public_key(self, name: str) -> bytes:
        """Give the 32 bytes of a public key."""
        return self._keys[name][0].raw

    def sign(self, name: str, message: bytes) -> bytes:
        """Sign inside."""
        self.signatures += 1
        return ed25519.sign(message, self._keys[name][1])


class VaultSigner:
    """Be what sayso asks for: `public_key`, and `sign` that gives 64 bytes. There is no base class to inherit."""

    def __init__(self, vault: Vault, name: str) -> None:
        """Take the way to the vault and the name of a key in it; ask for the public key once."""
        self._vault = vault
        self._name = name
        self._public_key = ed25519.parse(vault.public_key(name))

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what the vault signs."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """Let the vault sign."""
        return self._vault.sign(self._name, message)


DID = did_web.did_of("city.example")
web = Network()  # stands for the city's web server, and for the way to it


def publish(signers: dict[str, VaultSigner]) -> None:
    """Put the city's DID document, with all of these keys, where its DID says."""
    keys = {f"{DID}#{name}": signer.public_key for name, signer in signers.items()}
    did_json = serialize(document.of_keys(DID, keys).to_json())
    web.documents[did_web.url_of(DID)] = Retrieved(did_json.encode(), "application/did")


def is_good(card: Credential) -> bool:
    """Say whether a card is the city's, as anybody may who reads the document at its place."""
    return verify(card, Expectations(issuers=[DID], holder_binding=False), at=system_clock(), fetch=web).issuer == DID


vault, ada, signers = Vault(), Wallet.generate(), dict[str, VaultSigner]()
cards: list[Credential] = []
for year in ("2026", "2027"):
    vault.make_key(year)
    signers[year] = VaultSigner(vault, year)
    publish(signers)  # first the document, then the first card
    city = Issuer(signers[year], DID, fetch=web)
    cards.append(city.issue({"given_name": "Ada"}, type="IdentityCard", holder=ada.new_key(), valid_for=timedelta(days=365)))

assert all(is_good(card) for card in cards)
print(f"{DID} signed {vault.signatures} cards with {len(signers)} keys, and no key ever left the vault")
