"""Read X25519 keys, which agree on keys and sign nothing, and derive them from Ed25519 keys.

Source: RFC 7748, sections 5 and 6.1; RFC 8037, section 2; did:key (KEY-2, KEY-4).
"""

from typing import NamedTuple

from nacl.bindings import crypto_scalarmult_base, crypto_sign_ed25519_pk_to_curve25519
from nacl.exceptions import RuntimeError as NaclError

from sayso.encodings import base64url, multibase
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import jwk
from sayso.keys.ed25519 import KEY_BYTES, PublicKey

_X25519_PUB = b"\xec\x01"  # the varint of 0xec
SECRET_BYTES = 32
MULTIKEY_BEGINS = "z6LS"
"""What every Multikey text of an X25519 public key begins with, and that of no other kind of key."""
_P = 2**255 - 19
# The u coordinates of small order (RFC 7748, section 6.1, names the danger): what is agreed on with them is known to everybody.
_ORDER_8 = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
_SMALL_ORDER_U = frozenset({0, 1, _P - 1, *_ORDER_8})


class AgreementKey(NamedTuple):
    """Hold an X25519 public key; make one with `parse` or `from_ed25519`. `raw` is the 32 bytes of RFC 7748, section 5."""

    raw: bytes

    @property
    def multikey(self) -> str:
        """The key as Multikey text (`z6LS…`)."""
        return multibase.encode_base58btc(_X25519_PUB + self.raw)

    def to_jwk(self) -> JsonObject:
        """Give the key as JWK, its members in lexicographic order."""
        return {"crv": "X25519", "kty": "OKP", "x": base64url.encode(self.raw)}


def parse(raw: bytes) -> AgreementKey:
    """Read a public key: 32 bytes, u below p, not of small order.

    Source: RFC 7748, sections 5 and 6.1.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    if len(raw) != KEY_BYTES:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "an X25519 public key has 32 bytes")
    u = int.from_bytes(raw, "little")
    if u >= _P or u in _SMALL_ORDER_U:  # RFC 7748 would ignore the highest bit: then one key had two spellings
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "an X25519 public key is not canonical or of small order")
    return AgreementKey(raw)


def public_of(secret: bytes) -> AgreementKey:
    """Derive the public key of a private one; any 32 bytes are a private key.

    Source: RFC 7748, sections 5 and 6.1.

    Raises:
        ValueError: the private key is of another length.
    """
    if len(secret) != SECRET_BYTES:
        msg = f"a private X25519 key has {SECRET_BYTES} bytes"
        raise ValueError(msg)
    return AgreementKey(crypto_scalarmult_base(secret))


def from_ed25519(key: PublicKey) -> AgreementKey:
    """Derive the key for key agreement from one for signatures: u = (1 + y) / (1 - y).

    libsodium refuses what is no point of the main subgroup, and so y = 1 too.

    Source: RFC 7748, section 4.1; did:key (KEY-4).

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    try:
        return AgreementKey(crypto_sign_ed25519_pk_to_curve25519(key.raw))
    except NaclError:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "no X25519 key follows from what is no point of the main subgroup") from None


def decode_multikey(text: str) -> AgreementKey:
    """Read Multikey text that must be an X25519 public key.

    Source: did:key (KEY-2).

    Raises:
        SaysoError: PARSING_ERROR, INVALID_VERIFICATION_METHOD.
    """
    data = multibase.decode_base58btc(text)
    if not data.startswith(_X25519_PUB):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "Multikey text is not of an X25519 public key")
    return parse(data[len(_X25519_PUB) :])


def decode_jwk(value: Json) -> AgreementKey:
    """Read a JWK that must be an X25519 public key.

    Source: RFC 8037, section 2; RFC 7517, section 4.2 (use).

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD, with a pointer to the member.
    """
    if not isinstance(value, dict) or value.get("kty") != "OKP" or value.get("crv") != "X25519":
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is not an X25519 key: kty OKP with crv X25519")
    if jwk.is_private(value):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "a public JWK holds a private member")
    if value.get("use", "enc") != "enc":
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "an X25519 key signs nothing", "use")
    try:
        return parse(base64url.decode(str(value.get("x"))))
    except SaysoError as error:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, error.problems[0].detail, "x") from None
