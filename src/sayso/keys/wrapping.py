"""Wrap keys under a master key, and seal what they are for: XChaCha20-Poly1305.

Source: draft-irtf-cfrg-xchacha, section 2.
"""

from typing import Final, NoReturn, Protocol, runtime_checkable

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.exceptions import CryptoError

from sayso.entropy import Entropy, system_entropy
from sayso.errors import STORE_UNREACHABLE, SaysoError

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 24


@runtime_checkable
class MasterKey(Protocol):
    """Wrap and unwrap keys; a key management service can be one.

    `context` says what a key is for: a wrapped key is unwrapped with the same context only. Whatever cannot be done is a SaysoError.
    """

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Give the key in a form that only this master key opens."""
        ...

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Give the key that was wrapped for this context."""
        ...


class LocalMasterKey:
    """Be a master key of 32 bytes in this process; shows nothing of it, and equals nothing but itself."""

    __slots__ = ("_entropy", "_key")

    def __init__(self, key: bytes, *, entropy: Entropy = system_entropy) -> None:
        """Take the key, 32 bytes that nobody can guess.

        Raises:
            TypeError, ValueError: it is no such key.
        """
        if not isinstance(key, bytes):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = f"a master key is bytes, not {type(key).__name__}"
            raise TypeError(msg)
        if len(key) != KEY_BYTES:
            msg = f"a master key has {KEY_BYTES} bytes"
            raise ValueError(msg)
        self._key, self._entropy = key, entropy

    def wrap(self, key: bytes, context: bytes) -> bytes:
        """Wrap a key, under a nonce that stands before it."""
        nonce = self._entropy(NONCE_BYTES)
        return nonce + seal(self._key, nonce, key, context)

    def unwrap(self, wrapped: bytes, context: bytes) -> bytes:
        """Unwrap a key.

        Raises:
            SaysoError: STORE_UNREACHABLE where another key wrapped it, or for another context.
        """
        return unseal(self._key, wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], context)

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        msg = "a master key is not copied or pickled"
        raise TypeError(msg)


def seal(key: bytes, nonce: bytes, plain: bytes, context: bytes) -> bytes:
    """Seal bytes for a context; no nonce may be used twice with a key."""
    return crypto_aead_xchacha20poly1305_ietf_encrypt(plain, context, nonce, key)


def unseal(key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
    """Open what was sealed for a context.

    Raises:
        SaysoError: STORE_UNREACHABLE where it was sealed otherwise, or changed.
    """
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, context, nonce, key)
    except (CryptoError, ValueError):  # what is shorter than its tag is a ValueError
        raise SaysoError.of(STORE_UNREACHABLE, "what is kept was sealed under another key, or changed") from None
