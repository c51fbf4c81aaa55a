"""Say what a key that verifies signatures is, of whichever kind."""

from typing import Protocol


class VerificationKey(Protocol):
    """Verify signatures.

    `raw` is the key as Multikey writes it, without its header; `algorithms` are the JOSE algorithms that it may be used with, and no other.
    """

    @property
    def raw(self) -> bytes: ...
    @property
    def algorithms(self) -> tuple[str, ...]: ...
    def verifies(self, signature: bytes, message: bytes) -> bool: ...
