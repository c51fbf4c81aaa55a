"""Write and read Ed25519 keys as JWK."""

import hashlib

from sayso.encodings import base64url
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.jsonvalue import Json, JsonObject, serialize
from sayso.keys import ed25519
from sayso.keys.ed25519 import PublicKey
from sayso.keys.verification_key import VerificationKey

# RFC 7518, section 6, and RFC 8037, section 2: the members that carry private or symmetric key material.
_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"})


def encode(key: PublicKey) -> JsonObject:
    """Write a public key as JWK, its members in lexicographic order.

    Source: RFC 8037, section 2 (JWK-1).
    """
    return {"crv": "Ed25519", "kty": "OKP", "x": base64url.encode(key.raw)}


def encode_any(key: VerificationKey) -> JsonObject:
    """Write a public key of any kind that is read here as JWK, its members in lexicographic order.

    Raises:
        TypeError: it is of no such kind.
    """
    if isinstance(key, PublicKey):
        return encode(key)
    msg = f"a public key is a PublicKey, not {type(key).__name__}"
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
    if not _PRIVATE.isdisjoint(value):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a public JWK holds a private member")
    if "use" in value and value["use"] != "sig":
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is not for signatures", "use")
    _check_operations(value, "verify")
    if "alg" in value and value["alg"] not in ed25519.ALGORITHMS:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is for another algorithm than EdDSA", "alg")
    x = value.get("x")
    if not isinstance(x, str):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a JWK of an Ed25519 key has a string x", "x")
    try:
        return ed25519.parse(base64url.decode(x))
    except SaysoError as error:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, error.problems[0].detail, "x") from None


def _check_operations(value: JsonObject, needed: str) -> None:
    # RFC 7517, section 4.3: an array of strings without duplicates, which says everything the key may do.
    if "key_ops" in value:
        listed = value["key_ops"] if isinstance(value["key_ops"], list) else []
        names = {name for name in listed if isinstance(name, str)}
        if needed not in names or len(names) != len(listed):
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"key_ops is no list of different strings with {needed}", "key_ops")


def is_foreign(value: JsonObject) -> bool:
    """Tell whether this is a public JWK of another kind than Ed25519: nothing is wrong with it that is known here, where it is not read.

    Source: RFC 7517, section 4.1 (kty); Controlled Identifiers 1.0, section 2.2.3 (MK-3: nothing private).
    """
    return isinstance(value.get("kty"), str) and value.get("crv") != "Ed25519" and _PRIVATE.isdisjoint(value)


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


def thumbprint(key: PublicKey) -> str:
    """Give the thumbprint of a public key: base64url of SHA-256.

    Source: RFC 7638, section 3 (members in lexicographic order); RFC 8037, section 2 (JWK-2).
    """
    return base64url.encode(hashlib.sha256(serialize(encode(key)).encode()).digest())
