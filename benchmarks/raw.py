"""Do what everything is divided by: PyNaCl's own signing and opening, of the same messages under a key of our own."""

from functools import partial

from nacl.bindings import crypto_sign, crypto_sign_open, crypto_sign_seed_keypair

from benchmarks.measuring import Task
from sayso.entropy import system_entropy

_HASHES_BYTES = 64
_PUBLIC, _SECRET = crypto_sign_seed_keypair(system_entropy(32))


def signing(token: bytes) -> Task:
    """Make the task of signing what a compact JWS signs."""
    return partial(crypto_sign, _message(token), _SECRET)


def opening(*tokens: bytes) -> Task:
    """Make the task of verifying what some compact JWS sign."""
    signed = [crypto_sign(_message(token), _SECRET) for token in tokens]
    return lambda: [crypto_sign_open(one, _PUBLIC) for one in signed]


def signing_hashes() -> Task:
    """Make the task of signing what a Data Integrity proof signs: the hash of its options and that of its document."""
    return partial(crypto_sign, system_entropy(_HASHES_BYTES), _SECRET)


def opening_hashes() -> Task:
    """Make the task of verifying such a signature."""
    return partial(crypto_sign_open, crypto_sign(system_entropy(_HASHES_BYTES), _SECRET), _PUBLIC)


def _message(token: bytes) -> bytes:
    return token.rpartition(b".")[0]
