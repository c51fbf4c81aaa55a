"""ECDSA on the three curves: what is a key, what is a signature, and what is neither."""

import subprocess
import sys
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sayso.errors import INVALID_VERIFICATION_METHOD, UNDECIDABLE, SaysoError
from sayso.keys import ecdsa, ed25519
from sayso.keys.ecdsa import CURVES, Curve, CurveName, EcdsaKey, from_coordinates, parse
from sayso.keys.ecdsa_signer import EcdsaSigner
from tests.unit.proofs.refusals import refused

NAMES: tuple[CurveName, ...] = ("P-256", "P-384", "P-521")
LIBRARY: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
MESSAGE = b"what was said"


def signer(name: CurveName, number: int = 7) -> EcdsaSigner:
    return EcdsaSigner(name, number.to_bytes(CURVES[name].size_bytes))


def _halves(curve: Curve, signature: bytes) -> tuple[int, int]:
    return int.from_bytes(signature[: curve.size_bytes]), int.from_bytes(signature[curve.size_bytes :])


def _joined(curve: Curve, r: int, s: int) -> bytes:
    return r.to_bytes(curve.size_bytes) + s.to_bytes(curve.size_bytes)


def _x_off_the_curve(curve: Curve) -> int:
    """Find the least x whose x³ - 3x + b is no square: by Euler's criterion."""
    return next(x for x in range(100) if pow(x**3 - 3 * x + curve.b, (curve.p - 1) // 2, curve.p) == curve.p - 1)


@pytest.mark.parametrize("name", NAMES)
def test_the_numbers_of_a_curve_are_those_of_another_library(name: CurveName) -> None:
    curve = CURVES[name]
    assert curve.name == name
    assert curve.p.bit_length() == LIBRARY[name].key_size
    assert curve.order == LIBRARY[name].group_order
    assert curve.p % 4 == 3  # or there would be no such short way to a root
    assert curve.size_bytes == (curve.p.bit_length() + 7) // 8


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", [1, 2, 3, 7, -1, -2])
def test_a_point_is_read_from_either_form(name: CurveName, number: int) -> None:
    private = ec.derive_private_key(number % CURVES[name].order, LIBRARY[name])
    raw = private.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    point = private.public_key().public_numbers()
    x, y = (value.to_bytes(CURVES[name].size_bytes) for value in (point.x, point.y))
    assert parse(name, raw) == from_coordinates(name, x, y) == EcdsaKey(name, raw)
    assert parse(name, raw).coordinates == (x, y)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_compressed_point_is_no_key(name: CurveName) -> None:
    """Infinity, other forms, other lengths, and an x that is no point's."""
    curve, key = CURVES[name], signer(name).public_key
    x, y = key.coordinates
    for raw in (
        b"",
        b"\0",
        b"\0" * (1 + curve.size_bytes),
        b"\2",
        x,
        key.raw[:-1],
        key.raw + b"\0",
        b"\0" + key.raw,
        b"\4" + x,
        b"\4" + x + y,
        bytes([6 + y[-1] % 2]) + x + y,
        b"\5" + x,
        b"\xff" + x,
        b"\2" + b"\xff" * curve.size_bytes,
        b"\2" + _x_off_the_curve(curve).to_bytes(curve.size_bytes),
    ):
        with refused(INVALID_VERIFICATION_METHOD):
            parse(name, raw)
        assert not EcdsaKey(name, raw).verifies(signer(name).sign(MESSAGE), MESSAGE)


@pytest.mark.parametrize("name", NAMES)
def test_what_are_no_coordinates_of_a_point_are_no_key(name: CurveName) -> None:
    curve = CURVES[name]
    x, y = signer(name).public_key.coordinates
    other, size = (int.from_bytes(y) ^ 1).to_bytes(curve.size_bytes), curve.size_bytes
    for bad_x, bad_y in (
        (x, other),
        (y, x),
        (bytes(size), bytes(size)),  # where infinity is sometimes put
        (x[1:], y),
        (x, y[1:]),
        (b"\0" + x, y),
        (x, b"\0" + y),
        (x[1:], b"\0" + y),
        (b"", b""),
        (b"\xff" * size, y),
        (x, b"\xff" * size),
    ):
        with refused(INVALID_VERIFICATION_METHOD):
            from_coordinates(name, bad_x, bad_y)


@pytest.mark.parametrize("name", ["P-256", "P-384"])
def test_a_coordinate_has_one_spelling(name: CurveName) -> None:
    """A small x, and the same x with p added: only the first is read, although the equation holds for both."""
    curve = CURVES[name]
    x = next(x for x in range(100) if pow(x**3 - 3 * x + curve.b, (curve.p - 1) // 2, curve.p) == 1)
    key = parse(name, b"\2" + x.to_bytes(curve.size_bytes))
    _, y = key.coordinates
    with refused(INVALID_VERIFICATION_METHOD):
        from_coordinates(name, (x + curve.p).to_bytes(curve.size_bytes), y)
    with refused(INVALID_VERIFICATION_METHOD):
        parse(name, b"\2" + (x + curve.p).to_bytes(curve.size_bytes))


def test_a_y_has_one_spelling_too() -> None:
    """P-521 has bits to spare: its y is read below p only."""
    x, y = signer("P-521").public_key.coordinates
    with refused(INVALID_VERIFICATION_METHOD):
        from_coordinates("P-521", x, (int.from_bytes(y) + CURVES["P-521"].p).to_bytes(66))
    with refused(INVALID_VERIFICATION_METHOD):
        from_coordinates("P-521", (int.from_bytes(x) + CURVES["P-521"].p).to_bytes(66), y)
    with refused(INVALID_VERIFICATION_METHOD):
        parse("P-521", b"\2" + (int.from_bytes(x) + CURVES["P-521"].p).to_bytes(66))


@pytest.mark.parametrize("name", NAMES)
def test_only_what_was_signed_verifies(name: CurveName) -> None:
    one, other = signer(name), signer(name, 8)
    signature = one.sign(MESSAGE)
    assert one.public_key.verifies(signature, MESSAGE)
    assert not one.public_key.verifies(signature, MESSAGE + b"\0")
    assert not one.public_key.verifies(signature, b"")
    assert not other.public_key.verifies(signature, MESSAGE)
    assert one.public_key.verifies(one.sign(b""), b"")
    x = one.public_key.raw[1:]
    mirrored = EcdsaKey(name, bytes([5 - one.public_key.raw[0]]) + x)  # the other point of that x
    assert not mirrored.verifies(signature, MESSAGE)


@pytest.mark.parametrize("name", NAMES)
def test_r_and_s_lie_between_0_and_the_order(name: CurveName) -> None:
    curve, key = CURVES[name], signer(name).public_key
    r, s = _halves(curve, signer(name).sign(MESSAGE))
    n = curve.order
    for bad in (
        (0, 0),
        (0, s),
        (r, 0),
        (n, s),
        (r, n),
        (n, n),
        (0, n),
        (n, 0),
        (1, 1),
        (n - 1, n - 1),
        (s, r),
        (r, s ^ 1),
        (n - r, s),
        (1, 0),
    ):
        assert not key.verifies(_joined(curve, *bad), MESSAGE), bad
    top = 2 ** (8 * curve.size_bytes) - 1
    for bad in ((top, s), (r, top), (top, top)):
        assert not key.verifies(_joined(curve, *bad), MESSAGE), bad


def test_r_and_s_have_one_spelling() -> None:
    """The order added is the same number to the equation, and another text: P-521 has bits to spare for it."""
    curve, key = CURVES["P-521"], signer("P-521").public_key
    r, s = _halves(curve, signer("P-521").sign(MESSAGE))
    for again in ((r + curve.order, s), (r, s + curve.order), (r + curve.order, s + curve.order)):
        assert not key.verifies(_joined(curve, *again), MESSAGE)


@pytest.mark.parametrize("name", NAMES)
def test_a_high_s_is_legal(name: CurveName) -> None:
    """FIPS 186-5 and RFC 7518 know no low half: whoever forbids it refuses the half of all signatures."""
    curve = CURVES[name]
    r, s = _halves(curve, signer(name).sign(MESSAGE))
    assert signer(name).public_key.verifies(_joined(curve, r, curve.order - s), MESSAGE)


@pytest.mark.parametrize("name", NAMES)
def test_a_signature_has_one_length_and_one_form(name: CurveName) -> None:
    curve, key = CURVES[name], signer(name).public_key
    signature = signer(name).sign(MESSAGE)
    r, s = _halves(curve, signature)
    assert len(signature) == 2 * curve.size_bytes
    spread = b"\0" + signature[: curve.size_bytes] + b"\0" + signature[curve.size_bytes :]
    for other in (b"", signature[:-1], signature + b"\0", b"\0" + signature, spread, signature * 2, utils.encode_dss_signature(r, s)):
        assert not key.verifies(other, MESSAGE)


def test_leading_zeros_are_kept() -> None:
    """RFC 7518, section 3.4: an r or s that begins with a zero byte stays as long as any other."""
    one = signer("P-256")
    found = {part: text for text in map(str, range(2000)) for part in (0, 32) if one.sign(text.encode())[part] == 0}
    assert found.keys() == {0, 32}
    for part, text in found.items():
        signature = one.sign(text.encode())
        assert one.public_key.verifies(signature, text.encode())
        assert not one.public_key.verifies(signature[:part] + signature[part + 1 :], text.encode())


@pytest.mark.parametrize("name", NAMES)
def test_each_curve_has_its_hash_and_its_algorithm(name: CurveName) -> None:
    """RFC 7518, section 3.4: ES256 is SHA-256 on P-256, ES384 SHA-384 on P-384, ES512 SHA-512 on P-521."""
    from cryptography.hazmat.primitives import hashes

    curve, private = CURVES[name], ec.derive_private_key(7, LIBRARY[name])
    assert signer(name).public_key.algorithms == (curve.algorithm,)
    for hash_ in (hashes.SHA256(), hashes.SHA384(), hashes.SHA512()):
        signature = _joined(curve, *utils.decode_dss_signature(private.sign(MESSAGE, ec.ECDSA(hash_))))
        right = f"ES{hash_.digest_size * 8}" == curve.algorithm
        assert signer(name).public_key.verifies(signature, MESSAGE) is right


@pytest.mark.parametrize("name", NAMES)
def test_keys_of_other_curves_are_other_keys(name: CurveName) -> None:
    others: list[CurveName] = [other for other in NAMES if other != name]
    key = signer(name).public_key
    for other in others:
        assert not key.verifies(signer(other).sign(MESSAGE), MESSAGE)
        assert not EcdsaKey(other, key.raw).verifies(signer(name).sign(MESSAGE), MESSAGE)
        with refused(INVALID_VERIFICATION_METHOD):
            parse(other, key.raw)
        assert EcdsaKey(other, key.raw) != key
    seed_key, _ = ed25519.key_pair(bytes(32))
    assert not key.verifies(ed25519.sign(MESSAGE, ed25519.key_pair(bytes(32))[1]), MESSAGE)
    assert {seed_key, EcdsaKey(name, seed_key.raw)} - {seed_key}


def test_a_curve_that_is_not_here_is_the_programmers_mistake() -> None:
    unknown: Any = "secp256k1"
    for call in (
        lambda: parse(unknown, bytes(33)),
        lambda: from_coordinates(unknown, bytes(32), bytes(32)),
        lambda: EcdsaSigner(unknown, bytes(32)),
        lambda: EcdsaSigner.generate(unknown, bytes),
        lambda: EcdsaKey(unknown, bytes(33)).verifies(bytes(64), b""),
        lambda: EcdsaKey(unknown, bytes(33)).algorithms,
    ):
        with pytest.raises(ValueError, match="a curve is one of P-256, P-384, P-521"):
            call()


@pytest.mark.parametrize("absent", ["cryptography.hazmat.primitives", "cryptography.hazmat.primitives.asymmetric"])
def test_without_the_library_nothing_is_decided(absent: str, monkeypatch: pytest.MonkeyPatch) -> None:
    one = signer("P-256")
    signature = one.sign(MESSAGE)
    monkeypatch.setitem(sys.modules, absent, None)
    for call in (lambda: one.public_key.verifies(signature, MESSAGE), lambda: signer("P-384"), lambda: one.sign(MESSAGE)):
        with pytest.raises(SaysoError) as undecided:
            call()
        assert undecided.value.problems[0].kind is UNDECIDABLE
        assert not undecided.value.decided
        assert "sayso[ecdsa]" in undecided.value.problems[0].detail


_WITHOUT = """
import sys
sys.modules["cryptography"] = None
from datetime import timedelta
from sayso import Issuer, SaysoError, Verifier, Wallet
from sayso.dids import did_key
from sayso.dids.document import VerificationMethod
from sayso.keys.ecdsa_signer import EcdsaSigner

# Ed25519 needs nothing of it.
ada, city = Wallet.generate(), Issuer.generate()
ada.store(city.issue({"a": 1}, type="Card", holder=ada.new_key(), valid_for=timedelta(days=1)))

# A document is read whatever its keys; only to use one needs the library.
did = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv"
(method,) = did_key.document(did).methods.values()
print(type(method.key).__name__, method.to_json()["publicKeyMultibase"] == did[8:])
for call in (lambda: method.key.verifies(b"\\1" * 64, b""), lambda: EcdsaSigner("P-256", b"\\1" * 32)):
    try:
        print(call())
    except SaysoError as error:
        print(error.decided, error.problems[0].kind.url.rpartition("#")[2], "sayso[ecdsa]" in error.problems[0].detail)
"""


def test_where_the_library_is_not_installed_all_else_works() -> None:
    done = subprocess.run([sys.executable, "-W", "error", "-c", _WITHOUT], check=False, capture_output=True, text=True)
    assert (done.stderr, done.returncode) == ("", 0)
    assert done.stdout.splitlines() == ["EcdsaKey True", "False UNDECIDABLE True", "False UNDECIDABLE True"]


@pytest.mark.parametrize("name", NAMES)
def test_a_signature_of_another_form_needs_no_library(name: CurveName, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused for its form alone is decided, with the library and without; and nothing else is."""
    curve, key = CURVES[name], signer(name).public_key
    n = curve.order
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives", None)
    for bad in ((0, 0), (0, 1), (1, 0), (n, 1), (1, n), (n, n), (0, n)):
        assert key.verifies(_joined(curve, *bad), MESSAGE) is False
    for other in (b"", _joined(curve, 1, 1)[1:], _joined(curve, 1, 1) + b"\0"):
        assert key.verifies(other, MESSAGE) is False
    assert EcdsaKey(name, key.raw + b"\0").verifies(_joined(curve, 1, 1), MESSAGE) is False
    for good in ((1, 1), (n - 1, 1), (1, n - 1), (n - 1, n - 1)):
        with refused(UNDECIDABLE):
            key.verifies(_joined(curve, *good), MESSAGE)


@pytest.mark.parametrize("name", NAMES)
def test_a_private_key_is_a_number_below_the_order(name: CurveName) -> None:
    curve = CURVES[name]
    size = curve.size_bytes
    for number in (1, 2, curve.order - 1):
        assert ecdsa.key_pair(name, number.to_bytes(size))[0] == EcdsaSigner(name, number.to_bytes(size)).public_key
    for bad in (b"", bytes(size), curve.order.to_bytes(size), b"\xff" * size, b"\1" * (size - 1), b"\0" + b"\1" * size):
        with pytest.raises(ValueError, match=f"a private key on {name} is a number below its order, in {size} bytes"):
            EcdsaSigner(name, bad)


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_drawn_from_all_that_there_are(name: CurveName) -> None:
    """FIPS 186-5, appendix A.2.1: eight bytes more than the key has, and no number left out."""
    n, asked = CURVES[name].order, list[int]()

    def drawn(value: int) -> int:
        def entropy(size: int) -> bytes:
            asked.append(size)
            return value.to_bytes(size)

        return int.from_bytes(ecdsa.draw_secret(name, entropy))

    assert [drawn(0), drawn(1), drawn(n - 2), drawn(n - 1), drawn(n)] == [1, 2, n - 1, 1, 2]
    assert set(asked) == {CURVES[name].size_bytes + 8}
