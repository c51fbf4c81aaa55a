"""Sign without handing out the key."""

from collections.abc import Mapping
from typing import NoReturn, Protocol, Self

from sayso.jsonvalue import Json, JsonObject, from_python
from sayso.keys import ecdsa, ed25519, jwk
from sayso.keys.ecdsa import EcdsaKey
from sayso.keys.ed25519 import PublicKey
from sayso.keys.verification_key import VerificationKey


class Signer(Protocol):
    """Sign with a key that may live elsewhere: an HSM, a KMS, a PKCS#11 token.

    The private key need never enter this process. `public_key` verifies what is signed; `sign` gives the bytes of the signature: the 64 of
    Ed25519, or r and s of ECDSA behind each other, each as long as a coordinate of the curve.
    """

    @property
    def public_key(self) -> VerificationKey: ...
    def sign(self, message: bytes) -> bytes: ...


def own_key(signer: Signer) -> VerificationKey:
    """Give the public key of a signer that this side will use.

    Raises:
        TypeError: it is no signer.
        SaysoError: the key is no canonical point of the main subgroup, or no point on its curve.
    """
    key = getattr(signer, "public_key", None)  # callers need not have a type checker
    if not isinstance(key, PublicKey | EcdsaKey) or not callable(getattr(signer, "sign", None)):
        msg = f"signer has a public_key, a PublicKey or an EcdsaKey, and a method sign; {type(signer).__name__} has not"
        raise TypeError(msg)
    return ed25519.parse_own(key.raw) if isinstance(key, PublicKey) else ecdsa.parse(key.curve, key.raw)


def own_ed25519_key(signer: Signer) -> PublicKey:
    """Give the public key of a signer that must be one of Ed25519: what a holder signs with.

    Raises:
        TypeError: it is no signer, or one of another kind.
        SaysoError: the key is no canonical point of the main subgroup.
    """
    key = own_key(signer)
    if not isinstance(key, PublicKey):
        msg = "signer has an Ed25519 key, a PublicKey"
        raise TypeError(msg)
    return key


class SeedSigner:
    """Sign with a key held in memory; shows nothing of it and compares by identity."""

    __slots__ = ("_public_key", "_secret")

    def __init__(self, seed: bytes) -> None:
        """Derive the key from a seed of 32 bytes.

        Raises:
            ValueError: the seed has another length.
        """
        self._public_key, self._secret = ed25519.key_pair(seed)

    @classmethod
    def from_jwk(cls, private: Mapping[str, Json]) -> Self:
        """Take the key of a private JWK.

        Raises:
            SaysoError: the JWK is not that of an Ed25519 key, or its `x` does not belong to its `d`.
        """
        return cls(jwk.decode_seed(from_python(private)))

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what is signed."""
        return self._public_key

    def export_seed(self) -> bytes:
        """Give the seed of 32 bytes away, which is the private key: for who keeps it elsewhere."""
        return self._secret[: ed25519.SEED_BYTES]

    def export_jwk(self) -> JsonObject:
        """Give the private key away as JWK, `d` and all."""
        return jwk.encode_private(self.export_seed())

    def sign(self, message: bytes) -> bytes:
        """Give the signature of the message."""
        return ed25519.sign(message, self._secret)

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        msg = "a signer is not copied or pickled; save the seed where it is kept"
        raise TypeError(msg)
