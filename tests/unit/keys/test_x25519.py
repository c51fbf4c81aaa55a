"""Keys that agree on keys: read, and derived from keys for signatures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.encodings import base64url, multibase
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.jsonvalue import Json
from sayso.keys import x25519
from sayso.keys.ed25519 import PublicKey, key_pair
from tests.support import examples

P = 2**255 - 19
RAW = bytes.fromhex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")  # RFC 7748, section 6.1, Bob's
JWK: Json = {"crv": "X25519", "kty": "OKP", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}  # RFC 8037, appendix A.6


def test_a_key_its_multikey_and_its_jwk() -> None:
    key = x25519.parse(RAW)
    assert key.to_jwk() == JWK
    assert x25519.decode_jwk(JWK) == x25519.decode_multikey(key.multikey) == key
    assert key.multikey.startswith(x25519.MULTIKEY_BEGINS)


@pytest.mark.parametrize("first", [b"\0", b"\xff"])
def test_every_multikey_begins_alike(first: bytes) -> None:
    assert multibase.encode_base58btc(b"\xec\x01" + first * 32).startswith(x25519.MULTIKEY_BEGINS)
    for other in (b"\xed\x01", b"\xeb\x01"):
        assert not multibase.encode_base58btc(other + first * 32).startswith(x25519.MULTIKEY_BEGINS)


@examples(200)
@given(st.binary(min_size=32, max_size=32))
def test_the_derived_key_follows_the_formula(seed: bytes) -> None:
    """KEY-4: u = (1 + y) / (1 - y) modulo 2^255 - 19."""
    key, _ = key_pair(seed)
    y = int.from_bytes(key.raw, "little") & ((1 << 255) - 1)
    derived = x25519.from_ed25519(key)
    assert int.from_bytes(derived.raw, "little") == (1 + y) * pow(1 - y, -1, P) % P
    assert x25519.parse(derived.raw) == derived


@pytest.mark.parametrize("y", [1, 1 | 1 << 255, 0, P - 1, 2])
def test_nothing_is_derived_from_what_is_no_good_point(y: int) -> None:
    """KEY-4: reject y = 1, where the formula divides by zero; and the other points of small order, and what is no point."""
    with pytest.raises(SaysoError) as refused:
        x25519.from_ed25519(PublicKey(y.to_bytes(32, "little")))
    assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD


def _small_order() -> list[int]:
    y = 2707385501144840649318225287225658788936804267575313519463743609750303402022
    return [0, 1, P - 1, *((1 + one) * pow(1 - one, -1, P) % P for one in (y, P - y))]


@pytest.mark.parametrize(
    "raw", [b"", RAW[1:], RAW + b"\0", *(u.to_bytes(32, "little") for u in (*_small_order(), P, P + 1, P + 2, 2**256 - 1))]
)
def test_what_is_no_key(raw: bytes) -> None:
    with pytest.raises(SaysoError) as refused:
        x25519.parse(raw)
    assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD


@pytest.mark.parametrize("u", [2, P - 2])
def test_the_least_and_the_greatest_key(u: int) -> None:
    raw = u.to_bytes(32, "little")
    assert x25519.parse(raw).raw == raw


def test_another_multikey() -> None:
    with pytest.raises(SaysoError):
        x25519.decode_multikey(multibase.encode_base58btc(b"\xed\x01" + RAW))


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"kty": "EC"}, ""),
        ({"crv": "Ed25519"}, ""),
        ({"d": "AQ"}, ""),
        ({"k": None}, ""),
        ({"use": "sig"}, "/use"),
        ({"use": None}, "/use"),
        ({"x": base64url.encode(RAW[1:])}, "/x"),
        ({"x": 5}, "/x"),
    ],
)
def test_another_jwk(changed: dict[str, Json], pointer: str) -> None:
    assert isinstance(JWK, dict)
    with pytest.raises(SaysoError) as refused:
        x25519.decode_jwk({**JWK, **changed})
    assert (refused.value.problems[0].kind, refused.value.problems[0].pointer) == (INVALID_VERIFICATION_METHOD, pointer)
    assert x25519.decode_jwk({**JWK, "use": "enc"}).raw == RAW


@pytest.mark.parametrize("value", [None, [], "x", {}])
def test_what_is_no_jwk(value: Json) -> None:
    with pytest.raises(SaysoError):
        x25519.decode_jwk(value)
