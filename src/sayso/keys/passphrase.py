"""Make keys from passphrases, slowly: Argon2id.

Source: RFC 9106, section 3.1.
"""

import unicodedata
from typing import Final, NamedTuple, cast

from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13
from nacl.exceptions import RuntimeError as DerivationError

from sayso.errors import LIMIT_EXCEEDED, SaysoError

SALT_BYTES: Final = 16
_MEBIBYTE = 1024 * 1024


class Cost(NamedTuple):
    """Say what one guess costs: passes over the memory, and its size."""

    passes: int
    memory_bytes: int


DEFAULT_COST: Final = Cost(3, 256 * _MEBIBYTE)
"""What is asked of new files: libsodium's moderate profile, somewhat under a second."""
LEAST_COST: Final = Cost(1, 8 * 1024)
"""Less than this libsodium does not do."""
MOST_COST: Final = Cost(16, 1024 * _MEBIBYTE)
"""More than this is refused before it is tried: a file from elsewhere could ask for all memory there is."""


def check_cost(cost: Cost) -> None:
    """Refuse a cost outside LEAST_COST and MOST_COST.

    Raises:
        TypeError: it is no cost.
        SaysoError: LIMIT_EXCEEDED.
    """
    given = cast("object", cost)  # callers need not have a type checker
    if not (isinstance(given, Cost) and all(type(part) is int for part in given)):
        msg = "a cost is a Cost of two whole numbers"
        raise TypeError(msg)
    if not all(least <= asked <= most for least, asked, most in zip(LEAST_COST, cost, MOST_COST, strict=True)):
        raise SaysoError.of(LIMIT_EXCEEDED, f"the cost of a passphrase lies between {LEAST_COST} and {MOST_COST}")


def derive(passphrase: str, salt: bytes, cost: Cost, size_bytes: int) -> bytes:
    """Derive a key from a passphrase, in its Unicode form NFC so that every keyboard gives the same.

    Raises:
        TypeError: the passphrase is no text, or the cost none.
        ValueError: the passphrase is empty or half a character, or the salt has not SALT_BYTES.
        SaysoError: LIMIT_EXCEEDED, also where there is not that much memory.
    """
    if not isinstance(passphrase, str):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"a passphrase is a text, not {type(passphrase).__name__}"
        raise TypeError(msg)
    if not passphrase:
        msg = "a passphrase is not empty"
        raise ValueError(msg)
    check_cost(cost)
    try:
        secret = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        msg = "a passphrase has no half characters"
        raise ValueError(msg) from None  # the error would quote it
    try:
        return crypto_pwhash_alg(size_bytes, secret, salt, cost.passes, cost.memory_bytes, crypto_pwhash_ALG_ARGON2ID13)
    except (DerivationError, MemoryError):
        raise SaysoError.of(LIMIT_EXCEEDED, "there is not enough memory for the cost of the passphrase") from None
