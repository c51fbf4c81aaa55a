"""Seal secrets under a passphrase as one text, and open it again: Argon2id and XChaCha20-Poly1305.

The text is JSON: its size, its format, how the key was made, how it was sealed, and a digest of all that comes before, so that damage is
told from a wrong passphrase without trying one. The associated data of the cipher are everything but size, ciphertext and digest.

Source: RFC 9106, section 3.1; draft-irtf-cfrg-xchacha, section 2.
"""

import hashlib
import re
from contextlib import suppress
from hmac import compare_digest
from typing import Final

from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_aead_xchacha20poly1305_ietf_encrypt
from nacl.exceptions import CryptoError

from sayso.encodings import base64url
from sayso.entropy import Entropy
from sayso.errors import (
    KEY_FILE_DAMAGED,
    KEY_FILE_OUTDATED,
    KEY_FILE_TRUNCATED,
    KEY_FILE_UNKNOWN,
    LIMIT_EXCEEDED,
    WRONG_PASSPHRASE,
    SaysoError,
)
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from sayso.keys.passphrase import DEFAULT_COST, SALT_BYTES, Cost, check_cost, derive

FORMAT: Final = "https://w3id.org/sayso/key-file/v1"
MAX_BYTES: Final = 256 * 1024
"""The longest sealed text that is read."""

_KDF, _CIPHER = "argon2id", "xchacha20-poly1305"
_NONCE_BYTES, _KEY_BYTES, _DIGEST_BYTES = 24, 32, 32
# The size stands first and has six digits: a text that stops early says how much is missing.
_SIZE = re.compile(rb'\{"size":"(\d{6})",')
_HEAD, _TAIL = b'{"size":"', b'"}\n'
_MEMBERS = {"size", "format", "kdf", "cipher", "check", "sealed"}


def seal(secret: bytes, passphrase: str, entropy: Entropy, cost: Cost = DEFAULT_COST) -> bytes:
    """Seal a secret.

    Raises:
        TypeError, ValueError: it is no passphrase, or the secret is too long for MAX_BYTES.
        SaysoError: LIMIT_EXCEEDED for a cost that is none.
    """
    chance = entropy(SALT_BYTES + _NONCE_BYTES)
    salt, nonce = chance[:SALT_BYTES], chance[SALT_BYTES:]
    key, check = _keys(passphrase, salt, cost)
    header: JsonObject = {
        "format": FORMAT,
        "kdf": {"name": _KDF, "passes": cost.passes, "memoryBytes": cost.memory_bytes, "salt": base64url.encode(salt)},
        "cipher": {"name": _CIPHER, "nonce": base64url.encode(nonce)},
        "check": check,
    }
    sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(secret, serialize(header).encode(), nonce, key)
    members: JsonObject = {"size": "000000", **header, "sealed": base64url.encode(sealed)}
    size = len(serialize({**members, "digest": base64url.encode(bytes(_DIGEST_BYTES))})) + 1
    if size > MAX_BYTES:
        msg = "the secret is too long to be sealed"
        raise ValueError(msg)
    members["size"] = f"{size:06}"
    return serialize({**members, "digest": _digest(members)}).encode() + b"\n"


def unseal(data: bytes, passphrase: str, *, outdated: bool = False) -> bytes:
    """Open what was sealed.

    Args:
        data: the text, not trusted.
        passphrase: what it was sealed under.
        outdated: whether a text whose passphrase costs less to guess than DEFAULT_COST is opened too.

    Raises:
        SaysoError: KEY_FILE_TRUNCATED, KEY_FILE_DAMAGED, KEY_FILE_UNKNOWN, KEY_FILE_OUTDATED, LIMIT_EXCEEDED, WRONG_PASSPHRASE.
        TypeError, ValueError: it is no passphrase.
    """
    members = _read(data)
    kdf, cipher = members["kdf"], members["cipher"]
    if not isinstance(kdf, dict) or not isinstance(cipher, dict) or kdf.get("name") != _KDF or cipher.get("name") != _CIPHER:
        raise SaysoError.of(KEY_FILE_UNKNOWN, f"the keys are sealed in another way than with {_KDF} and {_CIPHER}")
    cost = Cost(_number(kdf, "passes"), _number(kdf, "memoryBytes"))
    check_cost(cost)
    if not outdated and (cost.passes < DEFAULT_COST.passes or cost.memory_bytes < DEFAULT_COST.memory_bytes):
        raise SaysoError.of(
            KEY_FILE_OUTDATED, "the passphrase costs less to guess than is asked for today: open it as outdated, and save it again", "kdf"
        )
    salt, nonce = _bytes(kdf, "salt", SALT_BYTES), _bytes(cipher, "nonce", _NONCE_BYTES)
    sealed = _bytes(members, "sealed")
    key, check = _keys(passphrase, salt, cost)
    if not compare_digest(check.encode(), str(members["check"]).encode()):  # texts that are not ASCII would be a TypeError
        raise SaysoError.of(WRONG_PASSPHRASE, "the keys were sealed under another passphrase")
    header = {name: value for name, value in members.items() if name not in ("size", "sealed")}
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, serialize(header).encode(), nonce, key)
    except (CryptoError, ValueError):  # a ciphertext shorter than its tag is a ValueError
        raise SaysoError.of(KEY_FILE_DAMAGED, "what is sealed was changed", "sealed") from None


def _keys(passphrase: str, salt: bytes, cost: Cost) -> tuple[bytes, str]:
    """Derive the key of the cipher, and beside it a value that shows whether the passphrase is the right one."""
    derived = derive(passphrase, salt, cost, 2 * _KEY_BYTES)
    return derived[:_KEY_BYTES], base64url.encode(hashlib.sha256(derived[_KEY_BYTES:]).digest())


def _digest(members: JsonObject) -> str:
    return base64url.encode(hashlib.sha256(serialize(members).encode()).digest())


def _read(data: bytes) -> JsonObject:
    if len(data) > MAX_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a key file is longer than {MAX_BYTES} bytes")
    found = _SIZE.match(data)
    if not data.endswith(_TAIL) and (len(data) < int(found[1]) if found else _HEAD.startswith(data[: len(_HEAD)])):
        raise SaysoError.of(KEY_FILE_TRUNCATED, "the end of the key file is missing")
    try:
        members = parse_object(data)
    except SaysoError as error:
        raise SaysoError.of(KEY_FILE_DAMAGED, error.problems[0].detail) from None
    digest = members.pop("digest", None)
    # One spelling: what was written is compact, ends with a line, and has just these members in this order.
    whole = serialize({**members, "digest": digest}).encode() + b"\n"
    if digest != _digest(members) or whole != data:
        raise SaysoError.of(KEY_FILE_DAMAGED, "the key file was changed since it was written, or is none")
    if members.get("format") != FORMAT or members.keys() != _MEMBERS:
        raise SaysoError.of(KEY_FILE_UNKNOWN, "the key file is of another version, or none", "format")
    return members


def _number(members: JsonObject, name: str) -> int:
    value = members.get(name)
    if type(value) is not int:
        raise SaysoError.of(KEY_FILE_DAMAGED, "a number is missing from the key file", "kdf", name)
    return value


def _bytes(members: JsonObject, name: str, size: int | None = None) -> bytes:
    value: Json = members.get(name)
    if isinstance(value, str):
        with suppress(SaysoError):
            data = base64url.decode(value)
            if data and size in (None, len(data)):
                return data
    raise SaysoError.of(KEY_FILE_DAMAGED, "a part of the key file has another form than it is written in", name)
