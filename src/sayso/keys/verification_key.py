"""Say what a public key is to those who only verify with it, whatever its kind."""

from typing import Protocol


class VerificationKey(Protocol):
    """Verify signatures; `PublicKey` for Ed25519 and `EcdsaKey` for P-256, P-384 and P-521 are the kinds that are read here.

    `raw` is the key as its Multikey has it; `algorithms` are the JOSE names of the algorithms that it may be used with, and no others:
    the first is the usual one.

    Source: RFC 8725, section 3.1 (a key is used with one algorithm).
    """

    @property
    def raw(self) -> bytes: ...
    @property
    def algorithms(self) -> tuple[str, ...]: ...
    def verifies(self, signature: bytes, message: bytes) -> bool: ...
