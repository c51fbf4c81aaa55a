"""A multihash says which hash made it and how long that is, and both are checked."""

import hashlib

import pytest

from sayso.encodings import base64url, multibase
from sayso.encodings.multihash import HashName, Multihash, decode, digest_multibase, encode
from sayso.errors import PARSING_ERROR, SaysoError

DATA = b"sayso"
KNOWN: list[tuple[HashName, str, bytes]] = [
    ("sha2-256", "1220", hashlib.sha256(DATA).digest()),
    ("sha2-384", "2030", hashlib.sha384(DATA).digest()),
    ("sha3-256", "1620", hashlib.sha3_256(DATA).digest()),
    ("sha3-384", "1530", hashlib.sha3_384(DATA).digest()),
]


@pytest.mark.parametrize(("name", "prefix", "digest"), KNOWN)
def test_mh_1_each_hash_has_its_code_and_length(name: HashName, prefix: str, digest: bytes) -> None:
    """MH-1: varint(code), varint(length), digest."""
    written = encode(DATA, name)
    assert written == bytes.fromhex(prefix) + digest
    assert decode(written) == Multihash(name, digest)
    assert decode(written).matches(DATA)
    assert not decode(written).matches(DATA + b"\0")


@pytest.mark.parametrize(("name", "prefix", "digest"), KNOWN)
def test_mh_2_the_length_is_that_of_the_hash_and_of_the_digest(name: HashName, prefix: str, digest: bytes) -> None:
    """MH-2: the digest's length must equal both the algorithm's and the encoded one."""
    code, size = bytes.fromhex(prefix)
    for wrong in (
        bytes([code, size]) + digest[:-1],
        bytes([code, size]) + digest + b"\0",
        bytes([code, size - 1]) + digest[:-1],  # agrees with the digest, not with the hash
        bytes([code, size + 1]) + digest + b"\0",
        bytes([code, 0]),
        bytes([code, size - 1]) + digest,
    ):
        with pytest.raises(SaysoError) as refused:
            decode(wrong)
        assert refused.value.problems[0].kind is PARSING_ERROR
    assert len(encode(DATA, name)) == size + 2


@pytest.mark.parametrize("data", [b"", b"\x12", b"\x00\x00", b"\x11\x14" + bytes(20), b"\x13\x40" + bytes(64), b"\x92\x00\x20" + bytes(32)])
def test_other_hashes_and_spellings_are_refused(data: bytes) -> None:
    with pytest.raises(SaysoError) as refused:
        decode(data)
    assert refused.value.problems[0].kind is PARSING_ERROR


def test_mh_3_digest_multibase() -> None:
    """MH-3: digestMultibase is the multibase text of a multihash."""
    text = digest_multibase(DATA)
    assert text == "u" + base64url.encode(b"\x12\x20" + hashlib.sha256(DATA).digest())
    assert decode(multibase.decode(text)).matches(DATA)
