"""Multikey text of the public keys that are read here, and of nothing else."""

from typing import NamedTuple

import pytest

from sayso.encodings import multibase, varint
from sayso.errors import INVALID_VERIFICATION_METHOD, PARSING_ERROR, SaysoError
from sayso.keys import jwk
from sayso.keys.ecdsa import CurveName
from sayso.keys.ed25519 import key_pair
from sayso.keys.multikey import decode, decode_any, decode_secret, encode, encode_any, encode_secret, is_foreign
from tests.unit.keys.test_ecdsa import signer

KEY, _ = key_pair(bytes(32))
TEXT = "z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp"  # KEY-4's all-zero seed
PUBLIC = {"X25519": (0xEC, 32), "secp256k1": (0xE7, 33), "BLS12-381 G1": (0xEA, 48), "BLS12-381 G2": (0xEB, 96), "SM2": (0x1206, 33),
          "RSA": (0x1205, 270)}  # fmt: skip
ECDSA: dict[CurveName, tuple[int, str]] = {"P-256": (0x1200, "zDna"), "P-384": (0x1201, "z82L"), "P-521": (0x1202, "z2J9")}
SECRET = {"Ed25519": 0x1300, "X25519": 0x1302, "P-256": 0x1306, "P-384": 0x1307, "secp256k1": 0x1301, "BLS12-381": 0x1309, "SM2": 0x1310}


def _text(code: int, size: int) -> str:
    return multibase.encode_base58btc(varint.encode(code) + b"\x02" * size)


def _refused(text: str) -> bool:
    for read in (decode, decode_any):
        with pytest.raises(SaysoError) as refused:
            read(text)
        assert refused.value.problems[0].kind in {INVALID_VERIFICATION_METHOD, PARSING_ERROR}
        assert len(text) < 3 or text not in str(refused.value)
    return True


def test_mk_1_a_key_is_34_bytes_of_base58btc() -> None:
    """MK-1: Ed25519 Multikey is 34 bytes before base58."""
    assert encode(KEY) == TEXT
    assert decode(TEXT) == decode_any(TEXT) == KEY
    assert encode_any(KEY) == TEXT
    assert multibase.decode_base58btc(TEXT) == b"\xed\x01" + KEY.raw


@pytest.mark.parametrize("kind", SECRET)
def test_mk_2_a_published_secret_key_is_an_error(kind: str) -> None:
    """MK-2: any header but the public one is an error."""
    text = _text(SECRET[kind], 32)
    assert _refused(text)
    assert not is_foreign(text)


@pytest.mark.parametrize("kind", PUBLIC)
def test_mk_2_another_public_key_is_an_error_and_known_for_what_it_is(kind: str) -> None:
    code, size = PUBLIC[kind]
    assert _refused(_text(code, size))
    assert is_foreign(_text(code, size))
    assert kind == "RSA" or not is_foreign(_text(code, size + 1))  # KEY-2: the length is that of the key
    assert kind == "RSA" or not is_foreign(_text(code, size - 1))


@pytest.mark.parametrize("curve", ECDSA)
def test_mk_1_a_compressed_point_behind_the_header_of_its_curve(curve: CurveName) -> None:
    code, start = ECDSA[curve]
    key = signer(curve).public_key
    text = multibase.encode_base58btc(varint.encode(code) + key.raw)
    assert encode_any(key) == text
    assert text.startswith(start)
    assert decode_any(text) == key
    assert not is_foreign(text)
    with pytest.raises(SaysoError) as refused:  # where only an Ed25519 key will do
        decode(text)
    assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD


@pytest.mark.parametrize("curve", ECDSA)
def test_mk_2_what_is_no_compressed_point_of_its_curve_is_an_error(curve: CurveName) -> None:
    """KEY-2: the length is that of the key; and the bytes are a point."""
    key = signer(curve).public_key
    x, y = key.coordinates
    for raw in (b"", key.raw[:-1], key.raw + b"\0", b"\4" + x + y, b"\0", b"\0" + x, b"\2" + b"\xff" * len(x)):
        text = multibase.encode_base58btc(varint.encode(ECDSA[curve][0]) + raw)
        assert _refused(text)
        assert not is_foreign(text)
    for other, (code, _) in ECDSA.items():
        assert other == curve or _refused(multibase.encode_base58btc(varint.encode(code) + key.raw))


def test_a_key_of_no_known_kind_is_not_written() -> None:
    class Other(NamedTuple):
        raw: bytes = b""
        algorithms: tuple[str, ...] = ("ES256K",)

        def verifies(self, signature: bytes, message: bytes) -> bool:
            return signature == message

    for write in (encode_any, jwk.encode_any):
        with pytest.raises(TypeError, match="a PublicKey or an EcdsaKey, not Other"):
            write(Other())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        TEXT[1:],
        TEXT[:-1],
        TEXT + "1",
        TEXT[:-1] + "0",
        TEXT[:-1] + "é",
        multibase.encode_base64url(b"\xed\x01" + KEY.raw),  # the other base
        "z" + TEXT[:-1],
        multibase.encode_base58btc(b"\xed" + KEY.raw),  # trap 23: the prefix is two bytes
        multibase.encode_base58btc(b"\xed\x81\x00" + KEY.raw),  # an overlong varint
        multibase.encode_base58btc(b"\x00\xed\x01" + KEY.raw),
        multibase.encode_base58btc(b"\xed\x01" + KEY.raw[:-1]),
        multibase.encode_base58btc(b"\xed\x01" + KEY.raw + b"\0"),
        multibase.encode_base58btc(b"\xed\x01" + bytes(32)),  # of small order
        multibase.encode_base58btc(b"\xed\x02" + KEY.raw),
        "z" + "1" * 47,
        "z" + "z" * 47,
    ],
)
def test_other_text_is_refused(text: str) -> None:
    assert _refused(text)
    assert not is_foreign(text)


def test_its_own_kind_is_not_foreign() -> None:
    assert not is_foreign(TEXT)


# The key pair of VC Data Integrity EdDSA Cryptosuites 1.0, appendix B.1.
PUBLISHED = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
PUBLISHED_PRIVATE = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"


def test_mk_1_a_secret_key() -> None:
    """MK-1: 34 bytes for the secret too, with the header 80 26."""
    seed = decode_secret(PUBLISHED_PRIVATE)
    assert encode(key_pair(seed)[0]) == PUBLISHED
    assert encode_secret(seed) == PUBLISHED_PRIVATE
    assert encode_secret(bytes(32)).startswith("z3u2")
    with pytest.raises(ValueError, match="32 bytes"):
        encode_secret(seed[1:])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "z",
        PUBLISHED,
        PUBLISHED_PRIVATE[:-1],
        PUBLISHED_PRIVATE + "1",
        "u" + PUBLISHED_PRIVATE[1:],
        _text(0x1300, 31),
        _text(0x1300, 64),
    ],
)
def test_what_is_no_secret_key(text: str) -> None:
    with pytest.raises(SaysoError) as refused:
        decode_secret(text)
    assert refused.value.problems[0].kind in {INVALID_VERIFICATION_METHOD, PARSING_ERROR}
    assert len(text) < 3 or text not in str(refused.value)
