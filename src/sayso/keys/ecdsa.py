"""Verify and sign with ECDSA on the curves P-256, P-384 and P-521.

Keys are read and written without a library: a point is public, and whether it lies on its curve is one equation. What verifies and signs is
the library cryptography, which comes with the extra `sayso[ecdsa]` and is loaded on first use; Ed25519 never goes through it.

Source: FIPS 186-5, section 6; SP 800-186, section 3.2.1 (the curves); RFC 7518, section 3.4 (r and s, and the hash of each curve).
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from sayso.entropy import Entropy
from sayso.errors import INVALID_VERIFICATION_METHOD, UNDECIDABLE, SaysoError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurve, EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.hashes import HashAlgorithm

CurveName: TypeAlias = Literal["P-256", "P-384", "P-521"]


class Curve(NamedTuple):
    """Hold a curve y² = x³ - 3x + b over the integers modulo p.

    Its order is prime: a point on it that is not infinity is a good public key, and there is nothing like the small order of Ed25519.
    """

    name: CurveName
    algorithm: str
    size_bytes: int
    p: int
    b: int
    order: int


CURVES: Final[Mapping[str, Curve]] = {
    "P-256": Curve(
        name="P-256",
        algorithm="ES256",
        size_bytes=32,
        p=2**256 - 2**224 + 2**192 + 2**96 - 1,
        b=0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        order=0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    "P-384": Curve(
        name="P-384",
        algorithm="ES384",
        size_bytes=48,
        p=2**384 - 2**128 - 2**96 + 2**32 - 1,
        b=0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        order=2**384 - 0x389CB27E0BC8D220A7E5F24DB74F58851313E695333AD68D,
    ),
    "P-521": Curve(
        name="P-521",
        algorithm="ES512",
        size_bytes=66,
        p=2**521 - 1,
        b=int(
            "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef1"
            "09e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
            16,
        ),
        order=2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
    ),
}
"""The curves by the names that JWK has for them."""

_EVEN, _ODD = 2, 3  # SEC 1, section 2.3.3: the first byte of a compressed point says which of the two roots y is
_EXTRA_BYTES = 8  # FIPS 186-5, appendix A.2.1: so much more chance that the remainder is as likely as any other


class EcdsaKey(NamedTuple):
    """Hold an ECDSA public key; make one with `parse` or `from_coordinates`.

    `raw` is the compressed point.
    """

    curve: CurveName
    raw: bytes

    @property
    def algorithms(self) -> tuple[str, ...]:
        """What JOSE calls the one algorithm of this key.

        Source: RFC 7518, section 3.4.
        """
        return (_curve(self.curve).algorithm,)

    def verifies(self, signature: bytes, message: bytes) -> bool:
        """Tell whether this is a signature of the message under this key: r and s behind each other, each as long as a coordinate.

        Both s and n - s verify, as they always have in ECDSA: a signature is no name for what was signed.

        Source: FIPS 186-5, section 6.4.2; RFC 7518, section 3.4.

        Raises:
            SaysoError: UNDECIDABLE, without the library cryptography.
        """
        curve = _curve(self.curve)
        r, s = int.from_bytes(signature[: curve.size_bytes]), int.from_bytes(signature[curve.size_bytes :])
        if len(signature) != 2 * curve.size_bytes or not (0 < r < curve.order and 0 < s < curve.order):
            return False
        if len(self.raw) != 1 + curve.size_bytes:  # the library would read an uncompressed point too
            return False
        known, hash_ = _of_library(curve)
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric import ec, utils

        try:
            key = ec.EllipticCurvePublicKey.from_encoded_point(known, self.raw)
            key.verify(utils.encode_dss_signature(r, s), message, ec.ECDSA(hash_))
        except (InvalidSignature, ValueError):  # the bytes are no point
            return False
        return True

    @property
    def coordinates(self) -> tuple[bytes, bytes]:
        """The coordinates x and y of the point, each of the size of the curve.

        Raises:
            SaysoError: INVALID_VERIFICATION_METHOD, for bytes that `parse` would refuse.
        """
        curve = _curve(self.curve)
        if len(self.raw) != 1 + curve.size_bytes or self.raw[0] not in {_EVEN, _ODD}:
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"a public key on {curve.name} is a compressed point")
        x = int.from_bytes(self.raw[1:])
        square = _square(curve, x)
        # FIPS 186-5 asks for a root modulo p; p is 3 modulo 4 for all three curves, so that this is one if there is any.
        root = pow(square, (curve.p + 1) // 4, curve.p)
        if x >= curve.p or pow(root, 2, curve.p) != square:
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"a public key is no point on {curve.name}")
        y = root if root % 2 == self.raw[0] % 2 else curve.p - root
        return self.raw[1:], y.to_bytes(curve.size_bytes)


def parse(curve: CurveName, raw: bytes) -> EcdsaKey:
    """Read a public key: a compressed point on the curve, and so not infinity.

    Source: SEC 1, section 2.3.4; SP 800-186, appendix D.1.1 (public key validation); Controlled Identifiers 1.0, section 2.2.2.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
        ValueError: there is no such curve here.
    """
    key = EcdsaKey(curve, raw)
    _ = key.coordinates
    return key


def from_coordinates(curve: CurveName, x: bytes, y: bytes) -> EcdsaKey:
    """Read a public key from the coordinates of its point, each of the size of the curve.

    Source: RFC 7518, sections 6.2.1.2 and 6.2.1.3; SP 800-186, appendix D.1.1.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
        ValueError: there is no such curve here.
    """
    known = _curve(curve)
    if not len(x) == len(y) == known.size_bytes:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"a coordinate of a point on {curve} has {known.size_bytes} bytes")
    x_value, y_value = int.from_bytes(x), int.from_bytes(y)
    if not (x_value < known.p and y_value < known.p and pow(y_value, 2, known.p) == _square(known, x_value)):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"a public key is no point on {curve}")
    return EcdsaKey(curve, bytes([_ODD if y_value % 2 else _EVEN]) + x)


def key_pair(curve: CurveName, secret: bytes) -> tuple[EcdsaKey, "EllipticCurvePrivateKey"]:
    """Derive the public key, and what `sign` takes, from a private key: a number from 1 to n - 1 as long as a coordinate.

    Source: FIPS 186-5, appendix A.2.

    Raises:
        SaysoError: UNDECIDABLE, without the library cryptography.
        ValueError: there is no such curve here, or the number is out of range or of another length.
    """
    known = _curve(curve)
    number = int.from_bytes(secret)
    if len(secret) != known.size_bytes or not 0 < number < known.order:
        msg = f"a private key on {curve} is a number below its order, in {known.size_bytes} bytes"
        raise ValueError(msg)
    parameters, _ = _of_library(known)
    from cryptography.hazmat.primitives.asymmetric import ec

    private = ec.derive_private_key(number, parameters)
    point = private.public_key().public_numbers()
    return from_coordinates(curve, point.x.to_bytes(known.size_bytes), point.y.to_bytes(known.size_bytes)), private


def draw_secret(curve: CurveName, entropy: Entropy) -> bytes:
    """Draw a private key.

    Source: FIPS 186-5, appendix A.2.1.

    Raises:
        ValueError: there is no such curve here.
    """
    known = _curve(curve)
    chance = entropy(known.size_bytes + _EXTRA_BYTES)
    return (int.from_bytes(chance) % (known.order - 1) + 1).to_bytes(known.size_bytes)


def sign(curve: CurveName, message: bytes, private: "EllipticCurvePrivateKey") -> bytes:
    """Sign a message; the same message and key give the same signature.

    Source: FIPS 186-5, section 6.4.1; RFC 6979, section 3.2 (the number that must never come twice is derived, not drawn).
    """
    known = _curve(curve)
    _, hash_ = _of_library(known)
    from cryptography.hazmat.primitives.asymmetric import ec, utils

    r, s = utils.decode_dss_signature(private.sign(message, ec.ECDSA(hash_, deterministic_signing=True)))
    return r.to_bytes(known.size_bytes) + s.to_bytes(known.size_bytes)


def _curve(name: str) -> Curve:
    if name not in CURVES:
        msg = f"a curve is one of {', '.join(CURVES)}"
        raise ValueError(msg)
    return CURVES[name]


def _square(curve: Curve, x: int) -> int:
    return (x * x * x - 3 * x + curve.b) % curve.p


def _of_library(curve: Curve) -> tuple["EllipticCurve", "HashAlgorithm"]:
    """Load the library, and give its names for a curve and for the hash that belongs to it."""
    try:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric import ec
    except ModuleNotFoundError:
        raise SaysoError.of(
            UNDECIDABLE, f'{curve.name} needs the library cryptography, which comes with an extra: pip install "sayso[ecdsa]"'
        ) from None
    known: dict[CurveName, tuple[EllipticCurve, HashAlgorithm]] = {
        "P-256": (ec.SECP256R1(), hashes.SHA256()),
        "P-384": (ec.SECP384R1(), hashes.SHA384()),
        "P-521": (ec.SECP521R1(), hashes.SHA512()),
    }
    return known[curve.name]
