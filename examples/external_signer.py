"""Sign with a key that lives elsewhere: an issuer, a wallet or a verifier takes anything that has a public key and can sign."""

from datetime import timedelta

from sayso import Expectations, Issuer, Wallet, verify
from sayso.clock import system_clock
from sayso.entropy import system_entropy
from sayso.keys import ed25519
from sayso.keys.ed25519 import PublicKey


class Vault:
    """Stand for an HSM or a KMS: it makes a key, signs with it, counts, and never gives it away."""

    def __init__(self) -> None:
        """Make a key inside."""
        self._public, self._secret = ed25519.key_pair(system_entropy(32))
        self.signatures = 0

    def public_key(self) -> bytes:
        """Give the 32 bytes of the public key."""
        return self._public.raw

    def sign(self, message: bytes) -> bytes:
        """Sign inside."""
        self.signatures += 1
        return ed25519.sign(message, self._secret)


class VaultSigner:
    """Be what sayso asks for: `public_key`, and `sign` that gives 64 bytes. There is no base class to inherit."""

    def __init__(self, vault: Vault) -> None:
        """Take the way to the vault; ask it for the public key once."""
        self._vault = vault
        self._public_key = ed25519.parse(vault.public_key())

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what the vault signs."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """Let the vault sign."""
        return self._vault.sign(message)


vault = Vault()
city = Issuer(VaultSigner(vault))
ada = Wallet.generate()

card = city.issue({"given_name": "Ada"}, type="IdentityCard", holder=ada.new_key(), valid_for=timedelta(days=365))
verified = verify(card, Expectations(issuers=[city.did], holder_binding=False), at=system_clock())
assert verified.issuer == city.did
print(f"{city.did} signed {vault.signatures} card, and its key never left the vault")
