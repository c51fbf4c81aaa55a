"""Write and read multihashes: a digest that says which hash made it."""

import hashlib
from typing import Literal, NamedTuple, TypeAlias

from sayso.encodings import multibase, varint
from sayso.errors import PARSING_ERROR, SaysoError

HashName: TypeAlias = Literal["sha2-256", "sha2-384", "sha3-256", "sha3-384"]


class _Hash(NamedTuple):
    code: int
    size_bytes: int
    python_name: str

    @property
    def header(self) -> bytes:
        """What stands before a digest; both numbers are below 128, and so their own varints."""
        return bytes((self.code, self.size_bytes))


# Controlled Identifiers 1.0, section 2.5 (MH-1)
_HASHES: dict[str, _Hash] = {
    "sha2-256": _Hash(0x12, 32, "sha256"),
    "sha2-384": _Hash(0x20, 48, "sha384"),
    "sha3-256": _Hash(0x16, 32, "sha3_256"),
    "sha3-384": _Hash(0x15, 48, "sha3_384"),
}


class Multihash(NamedTuple):
    """Hold a digest and the name of its hash."""

    name: str
    digest: bytes

    def matches(self, data: bytes) -> bool:
        """Tell whether this is the digest of the data."""
        return hashlib.new(_HASHES[self.name].python_name, data).digest() == self.digest


def encode(data: bytes, name: HashName = "sha2-256") -> bytes:
    """Hash the data and write its multihash.

    Source: Controlled Identifiers 1.0, section 2.5 (MH-1).
    """
    known = _HASHES[name]
    return known.header + hashlib.new(known.python_name, data).digest()


def decode(data: bytes) -> Multihash:
    """Read a multihash.

    Source: Controlled Identifiers 1.0, section 2.5 (MH-2: the length is that of the hash and that of the digest).

    Raises:
        SaysoError: PARSING_ERROR.
    """
    code, rest = varint.decode(data)
    size, digest = varint.decode(rest)
    for name, known in _HASHES.items():
        if known.code == code:
            if size != known.size_bytes or len(digest) != size:
                raise SaysoError.of(PARSING_ERROR, "a multihash has another length than its hash")
            return Multihash(name, digest)
    raise SaysoError.of(PARSING_ERROR, "a multihash names a hash that is not accepted")


def digest_multibase(data: bytes) -> str:
    """Write the `digestMultibase` of some bytes: base64url of a SHA-256 multihash.

    Source: VCDM 2.0, section 5.3; Controlled Identifiers 1.0, sections 2.4 and 2.5 (MH-3).
    """
    return multibase.encode_base64url(encode(data))
