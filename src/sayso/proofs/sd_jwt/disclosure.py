"""Write and read single disclosures.

Source: RFC 9901, section 4.2.
"""

import hashlib
from collections.abc import Callable
from typing import Protocol

from sayso.encodings import base64url
from sayso.errors import PARSING_ERROR, SaysoError
from sayso.jsonvalue import Json, Limits, parse, serialize


class Hash(Protocol):
    """Be a running hash, as hashlib makes them."""

    def update(self, data: bytes, /) -> None:
        """Take more data."""
        ...

    def digest(self) -> bytes:
        """Give the digest of the data so far."""
        ...

    def copy(self) -> "Hash":
        """Give an independent hash of the same data."""
        ...


# RFC 9901, section 4.1.1: names of the IANA registry, no truncated ones.
HASHES: dict[str, Callable[[bytes], Hash]] = {
    "sha-256": hashlib.sha256,
    "sha-384": hashlib.sha384,
    "sha-512": hashlib.sha512,
    "sha3-256": hashlib.sha3_256,
    "sha3-384": hashlib.sha3_384,
    "sha3-512": hashlib.sha3_512,
}
DEFAULT_HASH = "sha-256"

RESERVED = frozenset({"_sd", "...", "_sd_alg"})
"""The names that no claim may have. Source: RFC 9901, sections 4.1 and 4.1.1 (the hash name stands in the clear, at the top)."""

# Salts are cut from one draw: 18 bytes are 24 characters, so every cut falls between characters. RFC 9901, section 9.3: 128 bits or more.
SALT_BYTES = 18
_SALT_CHARACTERS = 24

PROPERTY_PARTS = 3
ELEMENT_PARTS = 2


def salts(randomness: bytes) -> list[str]:
    """Cut randomness into salts of 144 bits each."""
    text = base64url.encode(randomness)
    return [text[start : start + _SALT_CHARACTERS] for start in range(0, len(text), _SALT_CHARACTERS)]


def write_property(salt: str, name: str, value: Json) -> str:
    """Write the disclosure of an object property.

    Source: RFC 9901, section 4.2.1 (SD-I1, SD-I2).
    """
    return base64url.encode(f'["{salt}",{serialize(name)},{serialize(value)}]'.encode())


def write_element(salt: str, value: Json) -> str:
    """Write the disclosure of an array element.

    Source: RFC 9901, section 4.2.2.
    """
    return base64url.encode(f'["{salt}",{serialize(value)}]'.encode())


def digest_of(text: str, hash_: Callable[[bytes], Hash]) -> str:
    """Give the digest that stands for a disclosure: over its text as it travels.

    Source: RFC 9901, section 4.2.3 (SD-I2).
    """
    return base64url.encode(hash_(text.encode("ascii")).digest())


def read(text: str, limits: Limits) -> list[Json]:
    """Read a disclosure: [salt, name, value] or [salt, value].

    Source: RFC 9901, section 4.2.1; section 7.1, steps 3.c and 3.d (SD-V3, SD-V4, SD-V9).

    Raises:
        SaysoError: PARSING_ERROR, LIMIT_EXCEEDED.
    """
    parts = parse(base64url.decode(text), limits)
    if type(parts) is not list or not ELEMENT_PARTS <= len(parts) <= PROPERTY_PARTS or type(parts[0]) is not str:
        raise SaysoError.of(PARSING_ERROR, "a disclosure is an array of salt, name and value, or of salt and value")
    if len(parts) == PROPERTY_PARTS and (type(parts[1]) is not str or parts[1] in RESERVED):
        raise SaysoError.of(PARSING_ERROR, "a disclosure has a name that is no claim name")
    return parts
