"""Hold the keys that answers are encrypted to: a verifier's own, and those that it publishes in a request.

Source: OpenID4VP 1.0, section 8.3; RFC 7517; RFC 7518, section 6.2; RFC 8037, section 2.
"""

import hashlib
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple, NoReturn, Self, TypeAlias, get_args

from sayso.encodings import base64url
from sayso.entropy import Entropy, system_entropy
from sayso.errors import INVALID_VERIFICATION_METHOD, MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import Json, JsonObject, from_python, serialize
from sayso.keys import ecdsa, jwk, x25519

AgreementCurve: TypeAlias = Literal["X25519", "P-256"]
CURVES: Final[tuple[AgreementCurve, ...]] = get_args(AgreementCurve)
ALGORITHM: Final = "ECDH-ES"
"""How the key of an answer is agreed on: directly, with a key that is made for this one answer (RFC 7518, section 4.6)."""
ENCRYPTIONS: Final = ("A128GCM", "A256GCM")
"""How an answer is encrypted with it (RFC 7518, section 5.3); the first is what a request means that names none."""
MAX_KEYS = 64
"""How many keys a request may publish."""


class Recipient(NamedTuple):
    """Hold the public key that an answer is to be encrypted to, and how."""

    curve: AgreementCurve
    key_id: str
    jwk: JsonObject
    encryption: str = ENCRYPTIONS[0]


class EncryptionKey:
    """Hold a key that answers are encrypted to, so that only who holds it reads them; shows nothing of it and compares by identity.

    To encrypt and to decrypt needs the extra `sayso[openid]`.
    """

    __slots__ = ("_private", "recipient")

    def __init__(self, curve: AgreementCurve, secret: bytes) -> None:
        """Take a private key: 32 bytes, for P-256 a number below the order of the curve.

        Raises:
            ValueError: there is no such curve here, or the key is not one on it.
            SaysoError: UNDECIDABLE, for P-256 without the library cryptography.
        """
        public = _public(curve, secret)
        digest = hashlib.sha256(serialize(dict(sorted(public.items()))).encode()).digest()
        self.recipient = Recipient(curve, base64url.encode(digest), public)
        self._private: JsonObject = {**public, "d": base64url.encode(secret)}

    @classmethod
    def generate(cls, curve: AgreementCurve = "X25519", *, entropy: Entropy = system_entropy) -> Self:
        """Make a new key.

        Raises:
            ValueError: there is no such curve here.
            SaysoError: UNDECIDABLE, for P-256 without the library cryptography.
        """
        return cls(curve, draw_secret(curve, entropy))

    @classmethod
    def from_jwk(cls, private: Mapping[str, Json]) -> Self:
        """Take the key of a private JWK.

        Raises:
            SaysoError: INVALID_VERIFICATION_METHOD, where it is not that of a key on one of the curves, or its public part is another's.
        """
        value = from_python(private)
        members = value if isinstance(value, dict) else {}
        curve, secret = members.get("crv"), members.get("d")
        if curve not in CURVES or not isinstance(secret, str):
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"a private JWK for encryption is on {' or '.join(CURVES)}, and has a d")
        try:
            key = cls("X25519" if curve == "X25519" else "P-256", base64url.decode(secret))
        except (ValueError, SaysoError):
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, "d is no private key on its curve", "d") from None
        if any(members.get(name) != member for name, member in key.recipient.jwk.items()):
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the public part of the JWK is not that of its d")
        return key

    @property
    def public_jwk(self) -> JsonObject:
        """The key as `client_metadata` publishes it: its `kid` is its thumbprint.

        Source: OpenID4VP 1.0, section 5.1 (VP-1: jwks with a kid); RFC 7638, section 3.
        """
        return {**self.recipient.jwk, "use": "enc", "alg": ALGORITHM, "kid": self.recipient.key_id}

    @property
    def private_jwk(self) -> JsonObject:
        """The private key as JWK, to be kept where secrets are kept."""
        return dict(self._private)

    def __repr__(self) -> str:
        return "<secret>"

    def __reduce__(self) -> NoReturn:
        msg = "a key is not copied or pickled; save its private_jwk where secrets are kept"
        raise TypeError(msg)


def draw_secret(curve: AgreementCurve, entropy: Entropy) -> bytes:
    """Draw a private key.

    Raises:
        ValueError: there is no such curve here.
    """
    return entropy(x25519.SECRET_BYTES) if curve == "X25519" else ecdsa.draw_secret(curve, entropy)


def _public(curve: AgreementCurve, secret: bytes) -> JsonObject:
    if curve not in CURVES:
        msg = f"a curve is one of {', '.join(CURVES)}"
        raise ValueError(msg)
    return x25519.public_of(secret).to_jwk() if curve == "X25519" else jwk.encode_any(ecdsa.key_pair(curve, secret)[0])


def parse(jwks: Json, encryptions: Json) -> Recipient:
    """Choose among the keys that a request publishes the first that is built, and how to encrypt to it; pointers lead into the metadata.

    Source: OpenID4VP 1.0, sections 5.1 and 8.3.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR; UNDECIDABLE where nothing of it is built.
    """
    keys = jwks.get("keys") if isinstance(jwks, dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= MAX_KEYS:
        raise SaysoError.of(MALFORMED_VALUE_ERROR, f"an encrypted answer needs jwks with 1 to {MAX_KEYS} keys", "jwks")
    ids = [key.get("kid") if isinstance(key, dict) else None for key in keys]
    # Section 5.1: each key has a kid, which names it alone.
    if not all(isinstance(name, str) and name for name in ids) or len({*map(str, ids)}) < len(ids):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "every key of jwks has a kid of its own", "jwks", "keys")
    encryption = _encryption(encryptions)
    for index, key in enumerate(keys):
        if isinstance(key, dict) and _is_ours(key):
            try:
                return Recipient("X25519" if key["crv"] == "X25519" else "P-256", str(key["kid"]), public_key(key), encryption)
            except SaysoError as error:
                raise error.under("jwks", "keys", index) from None
    raise SaysoError.of(UNDECIDABLE, f"no key is for {ALGORITHM} with {' or '.join(CURVES)}", "jwks")


def _is_ours(key: JsonObject) -> bool:
    return key.get("crv") in CURVES and key.get("use", "enc") == "enc" and key.get("alg", ALGORITHM) == ALGORITHM


def _encryption(names: Json) -> str:
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "it is a non-empty array of names", "encrypted_response_enc_values_supported")
    built = [str(name) for name in names if name in ENCRYPTIONS]
    if not built:
        raise SaysoError.of(
            UNDECIDABLE, f"none of the encryptions is {' or '.join(ENCRYPTIONS)}", "encrypted_response_enc_values_supported"
        )
    return built[0]


def public_key(key: JsonObject) -> JsonObject:
    """Check a public JWK for key agreement, and give what makes the key and nothing else.

    An X25519 key of small order agrees with everybody on what everybody knows; a point must lie on its curve.

    Source: RFC 7748, section 6.1; RFC 7518, section 6.2.1; SP 800-186, appendix D.1.1.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    if key.get("crv") == "X25519":
        return x25519.decode_jwk(key).to_jwk()
    if key.get("kty") != "EC" or key.get("crv") != "P-256" or jwk.is_private(key):
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the JWK is no public key on P-256")
    try:
        x, y = (base64url.decode(str(key.get(name))) for name in ("x", "y"))
    except SaysoError:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the coordinates of the JWK are not base64url") from None
    return jwk.encode_any(ecdsa.from_coordinates("P-256", x, y))
