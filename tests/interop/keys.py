"""Keys that every peer takes: a private JWK, and the DID URL that names it in the document of its did:key."""

import hashlib
from typing import Any, Literal, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sayso.dids import did_key
from sayso.encodings import base64url, multibase
from sayso.keys import jwk
from sayso.keys.signer import SeedSigner

Curve = Literal["Ed25519", "P-256", "P-384"]
_CURVES: dict[str, tuple[ec.EllipticCurve, bytes]] = {
    # the varint of each multicodec (Controlled Identifiers 1.0, section 2.2.2)
    "P-256": (ec.SECP256R1(), b"\x80\x24"),
    "P-384": (ec.SECP384R1(), b"\x81\x24"),
}
ALGORITHMS: dict[Curve, str] = {"Ed25519": "EdDSA", "P-256": "ES256", "P-384": "ES384"}
"""The JOSE algorithm of each curve."""


class Key(NamedTuple):
    """Hold a private key as JWK, and the DID URL of its verification method."""

    jwk: dict[str, Any]
    method: str

    @property
    def did(self) -> str:
        return self.method.partition("#")[0]

    @property
    def public_jwk(self) -> dict[str, Any]:
        return {name: value for name, value in self.jwk.items() if name != "d"}

    @property
    def algorithm(self) -> str:
        return ALGORITHMS[self.jwk["crv"]]


def ed25519(seed: bytes) -> Key:
    """Make the key of a seed of 32 bytes."""
    signer = SeedSigner(seed)
    return Key({**jwk.encode(signer.public_key), "d": base64url.encode(seed)}, did_key.verification_method(signer.public_key))


def ecdsa(curve: Curve, seed: bytes) -> Key:
    """Make a key on P-256 or P-384, always the same for a seed."""
    group, codec = _CURVES[curve]
    size = (group.key_size + 7) // 8
    secret = int.from_bytes(hashlib.shake_256(seed).digest(size - 1))  # one byte less: below the order of the group
    public = ec.derive_private_key(secret, group).public_key()
    x, y = public.public_numbers().x, public.public_numbers().y
    parts = {name: base64url.encode(number.to_bytes(size)) for name, number in (("x", x), ("y", y), ("d", secret))}
    text = multibase.encode_base58btc(codec + public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))
    return Key({"kty": "EC", "crv": curve, **parts}, f"did:key:{text}#{text}")


def key(curve: Curve, seed: bytes = bytes(32)) -> Key:
    """Make the key of a curve and a seed of 32 bytes."""
    return ed25519(seed) if curve == "Ed25519" else ecdsa(curve, seed)
