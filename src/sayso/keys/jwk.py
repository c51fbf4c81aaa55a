"""Write and read keys as JWK."""

import hashlib

from sayso.encodings import base64url
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys import ecdsa, ed25519
from sayso.keys.ecdsa import CURVES, CurveName, EcdsaKey
from sayso.keys.ed25519 import PublicKey
from sayso.keys.verification_key import VerificationKey

_READ = ("Ed25519", *CURVES)
# RFC 7518, section 6, and RFC 8037, section 2: the members that carry private or symmetric key material.
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})


def encode(key: PublicKey) -> JsonObject:
    """Write a public key as JWK, its members in lexicographic order.

    Source: RFC 8037, section 2 (JWK-1).
    """
    return {"crv": "Ed25519", "kty": "OKP", "x": base64url.encode(key.raw)}


def encode_any(key: VerificationKey) -> JsonObject:
    """Write a public key of any kind that is read here as JWK, its members in lexicographic order.

    Source: RFC 8037, section 2 (JWK-1); RFC 7518, section 6.2.1.

    Raises:
        TypeError: it is of no such kind.
    """
    if isinstance(key, PublicKey):
        return encode(key)
    if isinstance(key, EcdsaKey):
        x, y = key.coordinates
        return {"crv": key.curve, "kty": "EC", "x": base64url.encode(x), "y": base64url.encode(y)}
    msg = f"a public key is a PublicKey or an EcdsaKey, not {type(key).__name__}"
    raise TypeError(msg)


def decode(value: Json) -> PublicKey:
    """Read a JWK that must be an Ed25519 public key for verifying signatures.

    Source: RFC 8037, section 2; RFC 7517, sections 4.2 (use), 4.3 (key_ops) and 4.4 (alg); RFC 8725, section 3.1.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD, with a pointer to the member.
    """
    if not isinstance(value, dict):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a JWK is an object")
    if value.get("kty") != "OKP" or value.get("crv") != "Ed25519":
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is not an Ed25519 key: kty OKP with crv Ed25519")
    _check_purpose(value, ed25519.ALGORITHMS)
    x = _octets(value, "x")
    try:
        return ed25519.parse(x)
    except SaysoError as error:
        raise error.under("x") from None


def decode_any(value: Json) -> VerificationKey:
    """Read a JWK that must be a public key, of any kind that is read here, for verifying signatures.

    Source: as `decode`; RFC 7518, sections 3.4 (alg) and 6.2.1.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD, with a pointer to the member.
    """
    return decode(value) if isinstance(value, dict) and value.get("kty") == "OKP" else _decode_ecdsa(value)


def _decode_ecdsa(value: Json) -> EcdsaKey:
    if not isinstance(value, dict):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a JWK is an object")
    name = value.get("crv")
    if value.get("kty") != "EC" or not isinstance(name, str) or name not in CURVES:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is not of a kind that is read here")
    curve = CURVES[name]
    _check_purpose(value, (curve.algorithm,))
    # RFC 7518, sections 6.2.1.2 and 6.2.1.3: coordinates keep their leading zeros. A point has no compressed form here.
    return ecdsa.from_coordinates(curve.name, _octets(value, "x"), _octets(value, "y"))


def is_private(value: JsonObject) -> bool:
    """Tell whether a JWK holds a member of private or symmetric key material."""
    return not _PRIVATE.isdisjoint(value)


def _check_purpose(value: JsonObject, algorithms: tuple[str, ...]) -> None:
    if is_private(value):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a public JWK holds a private member")
    if "use" in value and value["use"] != "sig":
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is not for signatures", "use")
    _check_operations(value, "verify")
    if "alg" in value and value["alg"] not in algorithms:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is for another algorithm than that of its key", "alg")


def _octets(value: JsonObject, name: str) -> bytes:
    text = value.get(name)
    if not isinstance(text, str):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"a JWK of this kind has a string {name}", name)
    try:
        return base64url.decode(text)
    except SaysoError as error:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, error.problems[0].detail, name) from None


def _check_operations(value: JsonObject, needed: str) -> None:
    # RFC 7517, section 4.3: an array of strings without duplicates, which says everything the key may do.
    if "key_ops" in value:
        listed = value["key_ops"] if isinstance(value["key_ops"], list) else []
        names = {name for name in listed if isinstance(name, str)}
        if needed not in names or len(names) != len(listed):
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"key_ops is no list of different strings with {needed}", "key_ops")


def is_foreign(value: JsonObject) -> bool:
    """Tell whether this is a public JWK of a kind that `decode_any` does not read: nothing is wrong with it that is known here.

    Source: RFC 7517, section 4.1 (kty); Controlled Identifiers 1.0, section 2.2.3 (MK-3: nothing private).
    """
    return isinstance(value.get("kty"), str) and value.get("crv") not in _READ and not is_private(value)


def encode_private(seed: bytes) -> JsonObject:
    """Write a private key as JWK, its members in lexicographic order: `d` is the seed, and a secret.

    Source: RFC 8037, section 2 (JWK-1).

    Raises:
        ValueError: the seed has not 32 bytes.
    """
    key, _ = ed25519.key_pair(seed)
    return {"crv": "Ed25519", "d": base64url.encode(seed), "kty": "OKP", "x": base64url.encode(key.raw)}


def decode_seed(value: Json) -> bytes:
    """Read the seed of a private Ed25519 JWK, and check that its `x` belongs to it.

    Source: RFC 8037, section 2 (JWK-1).

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    if not isinstance(value, dict) or not isinstance(value.get("d"), str):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a private JWK has a member d", "d")
    _check_operations(value, "sign")
    claimed = decode({name: member for name, member in value.items() if name not in {"d", "key_ops"}})
    try:
        seed = base64url.decode(str(value["d"]))
        derived, _ = ed25519.key_pair(seed)
    except (SaysoError, ValueError):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "d is not the canonical base64url of a seed of 32 bytes", "d") from None
    if derived != claimed:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "x is not the public key of d", "x")
    return seed


def decode_scalar(value: Json) -> tuple[CurveName, bytes]:
    """Read the private key of an EC JWK, with its curve, and check that its `x` and `y` belong to it.

    Source: RFC 7518, section 6.2.2.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD; UNDECIDABLE, without the library cryptography.
    """
    if not isinstance(value, dict) or not isinstance(value.get("d"), str):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a private JWK has a member d", "d")
    _check_operations(value, "sign")
    claimed = _decode_ecdsa({name: member for name, member in value.items() if name not in {"d", "key_ops"}})
    secret = _octets(value, "d")
    try:
        derived, _ = ecdsa.key_pair(claimed.curve, secret)
    except ValueError:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "d is not a private key on its curve, as long as a coordinate", "d") from None
    if derived != claimed:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "x and y are not the public key of d", "x")
    return claimed.curve, secret


def thumbprint(key: VerificationKey) -> str:
    """Give the thumbprint of a public key: base64url of SHA-256.

    Source: RFC 7638, section 3 (members in lexicographic order); RFC 8037, section 2 (JWK-2).
    """
    return base64url.encode(hashlib.sha256(serialize(encode_any(key)).encode()).digest())
