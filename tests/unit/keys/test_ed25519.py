"""Ed25519 on raw bytes: keys that anybody could sign under are refused, and nothing but the one signature verifies."""

import pytest

from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.keys.ed25519 import KEY_BYTES, SEED_BYTES, SIGNATURE_BYTES, PublicKey, key_pair, parse, parse_own, sign
from tests.unit.keys import curve

SEED = bytes(range(32))
MESSAGE = b"nothing leaves the wallet without your say-so"
KEY, SECRET = key_pair(SEED)
SIGN_BIT = 1 << 255


def _refused(raw: bytes) -> bool:
    with pytest.raises(SaysoError) as refused:
        parse(raw)
    assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD
    return True


def test_what_is_signed_verifies_and_nothing_else() -> None:
    signature = sign(MESSAGE, SECRET)
    assert len(signature) == SIGNATURE_BYTES
    assert sign(MESSAGE, SECRET) == signature  # ED-1: deterministic
    assert KEY.verifies(signature, MESSAGE)
    assert not KEY.verifies(signature, MESSAGE + b".")
    assert not KEY.verifies(signature, b"")
    assert not key_pair(bytes(32))[0].verifies(signature, MESSAGE)


def test_every_bit_of_a_signature_matters() -> None:
    signature = sign(MESSAGE, SECRET)
    for bit in range(512):
        changed = bytearray(signature)
        changed[bit // 8] ^= 1 << bit % 8
        assert not KEY.verifies(bytes(changed), MESSAGE)


@pytest.mark.parametrize("size", [0, 1, 63, 65, 128])
def test_a_signature_has_64_bytes(size: int) -> None:
    signature = sign(MESSAGE, SECRET)
    assert not KEY.verifies((signature + MESSAGE + bytes(64))[:size], MESSAGE)


def test_a_boundary_between_signature_and_message_cannot_move() -> None:
    """The library underneath takes both as one string: a byte that changes sides must not verify."""
    signature = sign(MESSAGE, SECRET)
    assert not KEY.verifies(signature + MESSAGE[:1], MESSAGE[1:])
    assert not KEY.verifies(signature[:-1], signature[-1:] + MESSAGE)


def test_ed_2_s_is_below_the_order() -> None:
    """ED-2: s + L verifies the same equation, and is refused."""
    signature = sign(MESSAGE, SECRET)
    s = int.from_bytes(signature[32:], "little") + curve.L
    assert not KEY.verifies(signature[:32] + s.to_bytes(32, "little"), MESSAGE)


@pytest.mark.parametrize("raw", [b"", bytes(31), KEY.raw[:31], KEY.raw + b"\0", bytes(64)])
def test_a_key_has_32_bytes(raw: bytes) -> None:
    assert _refused(raw)
    assert not PublicKey(raw).verifies(sign(MESSAGE, SECRET), MESSAGE)  # made by hand: no byte beyond its end is read


def test_a_good_key_is_read() -> None:
    assert parse(KEY.raw) == parse_own(KEY.raw) == KEY
    assert len(KEY.raw) == KEY_BYTES


def test_the_tests_own_curve_is_the_curve() -> None:
    assert curve.on_curve(curve.decode(KEY.raw))
    assert curve.encode(curve.decode(KEY.raw)) == KEY.raw
    assert curve.multiply(curve.L, curve.decode(KEY.raw)) == curve.IDENTITY


def test_ed_2_the_points_of_small_order_are_five_values_of_y() -> None:
    """ED-2: the 8 small-order public keys, and there are no more than these."""
    small = curve.torsion()
    assert len(small) == 8
    assert all(curve.on_curve(point) and curve.multiply(8, point) == curve.IDENTITY for point in small)
    assert len({y for _, y in small}) == 5
    assert set().union(*(curve.points(y) for _, y in small)) == small  # with either x: no other point shares these y


def test_ed_2_no_key_of_small_order_is_read_or_verifies() -> None:
    signature = sign(MESSAGE, SECRET)
    for _, y in curve.torsion():
        for number in (y, y | SIGN_BIT):
            raw = number.to_bytes(32, "little")
            assert _refused(raw)
            forged = raw + bytes(32)  # R of small order and s = 0 hold for some message under such a key
            assert not any(PublicKey(raw).verifies(forged, bytes([byte])) for byte in range(64))
            assert not PublicKey(raw).verifies(signature, MESSAGE)


def test_a_y_beyond_the_field_is_refused() -> None:
    """RFC 8032, section 5.1.3, step 1: y is below p, or decoding fails."""
    for y in range(curve.P, 2**255):
        assert _refused(y.to_bytes(32, "little"))
        assert _refused((y | SIGN_BIT).to_bytes(32, "little"))
    for y in (curve.P - 2, 2, 18):
        assert parse(y.to_bytes(32, "little")).raw == y.to_bytes(32, "little")


def test_a_key_of_ones_own_is_in_the_main_subgroup() -> None:
    mixed = curve.encode(curve.add(curve.decode(KEY.raw), next(point for point in curve.torsion() if point != curve.IDENTITY)))
    nowhere = next(y for y in range(2, 100) if not curve.points(y)).to_bytes(32, "little")
    for raw in (mixed, nowhere):
        assert parse(raw) == PublicKey(raw)
        with pytest.raises(SaysoError) as refused:
            parse_own(raw)
        assert refused.value.problems[0].kind is INVALID_VERIFICATION_METHOD
    assert not parse(nowhere).verifies(sign(MESSAGE, SECRET), MESSAGE)
    with pytest.raises(SaysoError):
        parse_own(bytes(32))


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_seed_has_32_bytes_and_a_secret_64(size: int) -> None:
    assert SEED_BYTES == 32
    with pytest.raises(ValueError, match="32 bytes"):
        key_pair(bytes(size))
    with pytest.raises(ValueError, match="64 bytes"):
        sign(MESSAGE, bytes(size % 64))
