"""Sign and verify with Ed25519, on raw bytes.

Source: RFC 8032, section 5.1; EdDSA Cryptosuites 1.0, section 4 (ED-1, ED-2).
"""

from typing import NamedTuple

from nacl.bindings import crypto_core_ed25519_is_valid_point, crypto_sign, crypto_sign_open, crypto_sign_seed_keypair
from nacl.exceptions import BadSignatureError

from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError

ALGORITHMS = ("EdDSA", "Ed25519")
"""The names of the one algorithm: RFC 8037, section 3.1, and RFC 9864, section 2.2."""
KEY_BYTES = 32
SEED_BYTES = 32
SECRET_BYTES = 64
SIGNATURE_BYTES = 64

_P = 2**255 - 19
_SIGN_BIT = 1 << 255
# The y coordinates of the eight points of small order (RFC 7748, section 6.1, names the danger): 0, 1, -1 and the two of order 8.
# With either sign bit a signature under such a key can be made without any private key.
_ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _ORDER_8, _P - _ORDER_8})


class PublicKey(NamedTuple):
    """Hold an Ed25519 public key; make one with `parse`.

    `raw` is the 32 bytes of RFC 8032, section 5.1.2.
    """

    raw: bytes

    @property
    def algorithms(self) -> tuple[str, ...]:
        """What JOSE calls the algorithm of this key."""
        return ALGORITHMS

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether this is a signature of the message under this key.

        libsodium refuses s >= L, small-order and non-canonical keys and R (ED-2); it does not look at the lengths of what it is given,
        and reads past the end of a short key.
        """
        if len(signature) != SIGNATURE_BYTES or len(self.raw) != KEY_BYTES:
            return False
        try:
            crypto_sign_open(signature + message, self.raw)
        except BadSignatureError:
            return False
        return True


def parse(raw: bytes) -> PublicKey:
    """Read a public key: 32 bytes, y below p, not of small order.

    Whether the bytes are a point at all shows at the first signature; that check alone would cost as much as a verification.

    Source: RFC 8032, section 5.1.3, step 1; EdDSA Cryptosuites 1.0, section 4 (ED-2).

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    if len(raw) != KEY_BYTES:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "an Ed25519 public key has 32 bytes")
    y = int.from_bytes(raw, "little") & (_SIGN_BIT - 1)
    if y >= _P or y in _SMALL_ORDER_Y:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "an Ed25519 public key is not canonical or of small order")
    return PublicKey(raw)


def parse_own(raw: bytes) -> PublicKey:
    """Read a public key that this side will use: also a point in the main subgroup.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    key = parse(raw)
    if not crypto_core_ed25519_is_valid_point(raw):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "an Ed25519 public key is no point of the main subgroup")
    return key


def key_pair(seed: bytes) -> tuple[PublicKey, bytes]:
    """Derive the public key and the 64 secret bytes that `sign` takes from a seed of 32 bytes.

    Source: RFC 8032, section 5.1.5.
    """
    if len(seed) != SEED_BYTES:
        msg = "an Ed25519 seed has 32 bytes"
        raise ValueError(msg)
    public, secret = crypto_sign_seed_keypair(seed)
    return PublicKey(public), secret


def sign(message: bytes, secret: bytes) -> bytes:
    """Sign a message; the same message and key give the same signature.

    Source: RFC 8032, section 5.1.6.
    """
    if len(secret) != SECRET_BYTES:
        msg = "the secret of `key_pair` has 64 bytes"
        raise ValueError(msg)
    return crypto_sign(message, secret)[:SIGNATURE_BYTES]
