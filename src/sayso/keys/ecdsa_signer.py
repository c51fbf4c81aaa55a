"""Sign with an ECDSA key that is held in memory."""

from collections.abc import Mapping
from typing import NoReturn, Self

from sayso.entropy import Entropy
from sayso.jsonvalue import Json, from_python
from sayso.keys import ecdsa, jwk
from sayso.keys.ecdsa import CurveName, EcdsaKey


class EcdsaSigner:
    """Sign on P-256, P-384 or P-521 with a key held in memory; shows nothing of it and compares by identity.

    The same message gives the same signature (RFC 6979). It needs the extra `sayso[ecdsa]`.
    """

    __slots__ = ("_public_key", "_secret")

    def __init__(self, curve: CurveName, secret: bytes) -> None:
        """Take a private key: a number below the order of the curve, as long as a coordinate.

        Raises:
            ValueError: there is no such curve here, or the number is out of range or of another length.
            SaysoError: UNDECIDABLE, without the library cryptography.
        """
        self._public_key, self._secret = ecdsa.key_pair(curve, secret)

    @classmethod
    def generate(cls, curve: CurveName, entropy: Entropy) -> Self:
        """Make a new key.

        Raises:
            ValueError: there is no such curve here.
            SaysoError: UNDECIDABLE, without the library cryptography.
        """
        return cls(curve, ecdsa.draw_secret(curve, entropy))

    @classmethod
    def from_jwk(cls, private: Mapping[str, Json]) -> Self:
        """Take the key of a private JWK.

        Raises:
            SaysoError: the JWK is not that of a key on one of the curves, or its `x` and `y` do not belong to its `d`; UNDECIDABLE, without
                the library cryptography.
        """
        return cls(*jwk.decode_scalar(from_python(private)))

    @property
    def public_key(self) -> EcdsaKey:
        """The key that verifies what is signed."""
        return self._public_key

    def sign(self, message: bytes) -> bytes:
        """Give the signature of the message: r and s behind each other."""
        return ecdsa.sign(self._public_key.curve, message, self._secret)

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        msg = "a signer is not copied or pickled; save the key where it is kept"
        raise TypeError(msg)
