"""Encrypt answers, and read encrypted ones: JWE in compact serialization, in the one way that is built.

What encrypts is the library joserfc, which comes with the extra `sayso[openid]` and is loaded on first use. Everything that the header of
an encrypted answer may say is checked before a key is touched.

Source: OpenID4VP 1.0, section 8.3; RFC 7516, sections 5.1, 5.2 and 7.1; RFC 7518, sections 4.6 and 5.3.
"""

from collections.abc import Generator
from contextlib import contextmanager

from sayso.encodings import base64url
from sayso.entropy import Entropy
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject, Limits, parse_object
from sayso.openid.encryption_key import ALGORITHM, ENCRYPTIONS, EncryptionKey, Recipient, draw_secret, public_key

MAX_HEADER_BYTES = 4096
"""The longest header of an encrypted answer, encoded."""
_SEGMENTS = 5  # RFC 7516, section 7.1: header, encrypted key, initialization vector, ciphertext, tag
_IV_BYTES, _TAG_BYTES = 12, 16  # RFC 7518, section 5.3
_LIBRARIES = {"joserfc", "cryptography"}


@contextmanager
def _library() -> Generator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] not in _LIBRARIES:
            raise
        raise SaysoError.of(
            UNDECIDABLE, 'an encrypted answer needs the library joserfc, which comes with an extra: pip install "sayso[openid]"'
        ) from None


def encrypt(plaintext: bytes, recipient: Recipient, entropy: Entropy) -> str:
    """Encrypt to a published key, with a key that is made for this one message.

    Source: RFC 7516, section 5.1; RFC 7518, section 4.6 (ECDH-ES).

    Raises:
        SaysoError: UNDECIDABLE, without the library joserfc.
    """
    with _library():
        from sayso.openid import joserfc_jwe

        ephemeral = EncryptionKey(recipient.curve, draw_secret(recipient.curve, entropy))
        protected: JsonObject = {
            "alg": ALGORITHM,
            "enc": recipient.encryption,
            "kid": recipient.key_id,
            "epk": ephemeral.recipient.jwk,
        }
        return joserfc_jwe.encrypt(protected, plaintext, recipient.jwk, ephemeral.private_jwk, entropy(_IV_BYTES))


def decrypt(text: bytes, key: EncryptionKey, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """Decrypt what was encrypted to a key, as its published form asks for it.

    Source: RFC 7516, section 5.2; RFC 8725, sections 3.1 to 3.3; OpenID4VP 1.0, section 8.3.

    Raises:
        SaysoError: LIMIT_EXCEEDED, PARSING_ERROR, CRYPTOGRAPHIC_SECURITY_ERROR; UNDECIDABLE, without the library joserfc.
    """
    if len(text) > limits.size_bytes:
        raise SaysoError.of(LIMIT_EXCEEDED, f"an encrypted answer is longer than {limits.size_bytes} bytes")
    segments = text.split(b".")
    if len(segments) != _SEGMENTS:
        raise SaysoError.of(PARSING_ERROR, "a compact JWE has five segments")
    if len(segments[0]) > MAX_HEADER_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"the header of an encrypted answer is longer than {MAX_HEADER_BYTES} bytes")
    header = parse_object(base64url.decode(segments[0]), limits)
    algorithms = _checked(header, key)
    # One spelling for each, and nothing in the place of a key that ECDH-ES does not send.
    _, iv, _, tag = (base64url.decode(segment) for segment in segments[1:])
    if segments[1] or len(iv) != _IV_BYTES or len(tag) != _TAG_BYTES:
        raise SaysoError.of(PARSING_ERROR, "the parts of the JWE are not as long as its algorithms make them")
    with _library():
        from sayso.openid import joserfc_jwe

        plaintext = joserfc_jwe.decrypt(text, algorithms, key.private_jwk)
    if plaintext is None:
        raise SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, "the answer does not decrypt with the key that it names")
    return plaintext


def _checked(header: JsonObject, key: EncryptionKey) -> tuple[str, str]:
    # RFC 8725, section 3.1: exact names, never what the message would like. RFC 7516, section 4.1.13: no extension is understood here.
    if header.get("alg") != ALGORITHM:
        raise _refused(f"alg is {ALGORITHM}", "alg")
    encryption = header.get("enc")
    if not isinstance(encryption, str) or encryption not in ENCRYPTIONS:
        raise _refused(f"enc is {' or '.join(ENCRYPTIONS)}", "enc")
    for name in ("zip", "crit"):
        if name in header:
            # RFC 8725, section 3.6: what is compressed can grow beyond every limit.
            raise _refused("nothing is compressed, and no extension is understood", name)
    if header.get("kid") != key.recipient.key_id:
        raise _refused("the answer is encrypted to another key", "kid")
    if "cty" in header:
        raise _refused("what is encrypted is a JSON object, and neither signed nor encrypted once more", "cty")
    ephemeral = header.get("epk")
    if not isinstance(ephemeral, dict) or ephemeral.get("crv") != key.recipient.curve:
        raise _refused("epk is a key on the curve of the key that it is encrypted to", "epk")
    try:
        public_key(ephemeral)
    except SaysoError as error:
        raise error.under("epk") from None
    return ALGORITHM, encryption


def _refused(rule: str, *steps: str) -> SaysoError:
    return SaysoError.of(CRYPTOGRAPHIC_SECURITY_ERROR, rule, *steps)
