"""Write and read keys as Multikey text."""

from sayso.encodings import multibase, varint
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.keys import ecdsa, ed25519
from sayso.keys.ecdsa import CurveName, EcdsaKey
from sayso.keys.ed25519 import PublicKey
from sayso.keys.verification_key import VerificationKey

# The varint of 0xed (Controlled Identifiers 1.0, section 2.2.2): the two bytes are its only spelling, so an overlong one is refused.
_ED25519_PUB = b"\xed\x01"
_ED25519_PRIV = b"\x80\x26"  # the varint of 0x1300
# The varints of 0x1200 and 0x1201 (CID 1.0, section 2.2.2), and of 0x1202, which did:key alone has.
_ECDSA_PUB: dict[CurveName, bytes] = {"P-256": b"\x80\x24", "P-384": b"\x81\x24", "P-521": b"\x82\x24"}
# The public keys that are not read, by multicodec, with their sizes in bytes (CID 1.0, section 2.2.2; did:key, sections 2.1 and 3.1):
# X25519, secp256k1, BLS12-381 G1 and G2, SM2. RSA keys have no one size.
_FOREIGN = {0xEC: 32, 0xE7: 33, 0xEA: 48, 0xEB: 96, 0x1206: 33}
_RSA_PUB = 0x1205


def encode(key: PublicKey) -> str:
    """Write a public key as Multikey text.

    Source: Controlled Identifiers 1.0, section 2.2.2 (MK-1).
    """
    return multibase.encode_base58btc(_ED25519_PUB + key.raw)


def encode_any(key: VerificationKey) -> str:
    """Write a public key of any kind that is read here as Multikey text.

    Source: Controlled Identifiers 1.0, section 2.2.2 (MK-1).

    Raises:
        TypeError: it is of no such kind.
    """
    if isinstance(key, PublicKey):
        return encode(key)
    if isinstance(key, EcdsaKey):
        return multibase.encode_base58btc(_ECDSA_PUB[key.curve] + key.raw)
    msg = f"a public key is a PublicKey or an EcdsaKey, not {type(key).__name__}"
    raise TypeError(msg)


def decode(text: str) -> PublicKey:
    """Read Multikey text that must be an Ed25519 public key.

    Source: Controlled Identifiers 1.0, section 2.2.2 (MK-2: any other header, and so a secret key, is an error).

    Raises:
        SaysoError: PARSING_ERROR, INVALID_VERIFICATION_METHOD.
    """
    data = multibase.decode_base58btc(text)
    if data[:2] != _ED25519_PUB:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "Multikey text is not of an Ed25519 public key")
    return ed25519.parse(data[2:])


def decode_any(text: str) -> VerificationKey:
    """Read Multikey text of a public key of any kind that is read here.

    Source: Controlled Identifiers 1.0, section 2.2.2 (MK-2: any other header, and so a secret key, is an error; points are compressed).

    Raises:
        SaysoError: PARSING_ERROR, INVALID_VERIFICATION_METHOD.
    """
    data = multibase.decode_base58btc(text)
    if data[:2] == _ED25519_PUB:
        return ed25519.parse(data[2:])
    for curve, header in _ECDSA_PUB.items():
        if data[:2] == header:
            return ecdsa.parse(curve, data[2:])
    raise SaysoError.of(INVALID_VERIFICATION_METHOD, "Multikey text is not of a public key of a kind that is read here")


def is_foreign(text: str) -> bool:
    """Tell whether this is Multikey text of a public key of a kind that `decode_any` does not read: nothing is wrong with it that is known.

    Source: Controlled Identifiers 1.0, section 2.2.2 (MK-2); did:key (KEY-2: the sizes).
    """
    try:
        code, key = varint.decode(multibase.decode_base58btc(text))
    except SaysoError:
        return False
    return _FOREIGN.get(code) == len(key) or code == _RSA_PUB


def encode_secret(seed: bytes) -> str:
    """Write a seed, and so a private key, as Multikey text (`z3u2…`).

    Source: Controlled Identifiers 1.0, section 2.2.2 (MK-1).

    Raises:
        ValueError: the seed has not 32 bytes.
    """
    ed25519.key_pair(seed)
    return multibase.encode_base58btc(_ED25519_PRIV + seed)


def decode_secret(text: str) -> bytes:
    """Read the seed of a private Ed25519 key from Multikey text.

    Source: Controlled Identifiers 1.0, section 2.2.2 (MK-1).

    Raises:
        SaysoError: PARSING_ERROR, INVALID_VERIFICATION_METHOD.
    """
    data = multibase.decode_base58btc(text)
    if data[:2] != _ED25519_PRIV or len(data) != len(_ED25519_PRIV) + ed25519.SEED_BYTES:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "Multikey text is not of an Ed25519 private key")
    return data[2:]
