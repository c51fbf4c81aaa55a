"""Laws of the keys on P-256, P-384 and P-521: one spelling each, and only what was signed verifies."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from hypothesis import given
from hypothesis import strategies as st

from sayso.encodings import base64url, multibase
from sayso.errors import INVALID_VERIFICATION_METHOD, PARSING_ERROR, ProblemType
from sayso.jsonvalue import Json
from sayso.keys import ecdsa, jwk, multikey
from sayso.keys.ecdsa import CURVES, CurveName, EcdsaKey
from sayso.keys.ecdsa_signer import EcdsaSigner
from tests.property.outcomes import ODD, outcome
from tests.support import examples
from tests.unit.keys.test_ecdsa import LIBRARY, NAMES

pytestmark = pytest.mark.laws

CHANCE = st.binary(min_size=80, max_size=80)
SIGNERS = st.builds(lambda name, chance: EcdsaSigner.generate(name, lambda size: chance[:size]), st.sampled_from(NAMES), CHANCE)
KEYS = SIGNERS.map(lambda signer: signer.public_key)
# Bytes that are nearly a point: about half of all x are that of one.
POINTS = st.tuples(st.sampled_from(NAMES), st.sampled_from([2, 3, 2, 3, 0, 4, 6]), CHANCE).map(
    lambda drawn: (drawn[0], bytes([drawn[1]]) + (int.from_bytes(drawn[2]) % CURVES[drawn[0]].p).to_bytes(CURVES[drawn[0]].size_bytes))
)
HASHES = {"P-256": hashes.SHA256(), "P-384": hashes.SHA384(), "P-521": hashes.SHA512()}
HEADERS = {"P-256": b"\x80\x24", "P-384": b"\x81\x24", "P-521": b"\x82\x24"}


@examples(150)
@given(SIGNERS, SIGNERS, st.binary(max_size=100), st.binary(max_size=100))
def test_only_what_was_signed_verifies(one: EcdsaSigner, other: EcdsaSigner, message: bytes, changed: bytes) -> None:
    signature = one.sign(message)
    assert one.public_key.verifies(signature, message)
    assert one.public_key.verifies(signature, changed) is (message == changed)
    assert other.public_key.verifies(signature, message) is (one.public_key == other.public_key)
    assert one.sign(message) == signature


@examples(300)
@given(SIGNERS, st.binary(max_size=20), st.data())
def test_a_bit_that_is_flipped_never_verifies(signer: EcdsaSigner, message: bytes, data: st.DataObject) -> None:
    """In the signature, in the key and in the message alike."""
    signature, key = signer.sign(message), signer.public_key

    def flipped(text: bytes) -> bytes:
        bit = data.draw(st.integers(0, 8 * len(text) - 1))
        return bytes([*text[: bit // 8], text[bit // 8] ^ 1 << bit % 8, *text[bit // 8 + 1 :]])

    assert not key.verifies(flipped(signature), message)
    assert not EcdsaKey(key.curve, flipped(key.raw)).verifies(signature, message)
    assert not key.verifies(signature, flipped(message or b"\0"))


@examples(150)
@given(SIGNERS, st.binary(max_size=20))
def test_another_library_says_the_same(signer: EcdsaSigner, message: bytes) -> None:
    """And s mirrored verifies, there as here."""
    key, signature = signer.public_key, signer.sign(message)
    curve = CURVES[key.curve]
    r, s = int.from_bytes(signature[: curve.size_bytes]), int.from_bytes(signature[curve.size_bytes :])
    x, y = map(int.from_bytes, key.coordinates)
    numbers = ec.EllipticCurvePublicNumbers(x, y, LIBRARY[key.curve])
    for value in (s, curve.order - s):
        assert key.verifies(r.to_bytes(curve.size_bytes) + value.to_bytes(curve.size_bytes), message)
        numbers.public_key().verify(utils.encode_dss_signature(r, value), message, ec.ECDSA(HASHES[key.curve]))


@examples(300)
@given(POINTS)
def test_what_is_a_point_is_no_matter_of_opinion(drawn: tuple[CurveName, bytes]) -> None:
    name, raw = drawn
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(LIBRARY[name], raw).public_numbers()
    except ValueError:
        assert outcome(ecdsa.parse, name, raw) is INVALID_VERIFICATION_METHOD
        return
    key = ecdsa.parse(name, raw)
    assert (point.x, point.y) == tuple(map(int.from_bytes, key.coordinates))
    assert ecdsa.from_coordinates(name, *key.coordinates) == key


@examples(150)
@given(st.sampled_from(NAMES), st.binary(max_size=70), st.binary(max_size=140), st.binary(max_size=20))
def test_anything_is_a_verdict(name: CurveName, raw: bytes, signature: bytes, message: bytes) -> None:
    assert EcdsaKey(name, raw).verifies(signature, message) is False
    assert outcome(ecdsa.parse, name, raw) in {EcdsaKey(name, raw), INVALID_VERIFICATION_METHOD}


@examples(150)
@given(KEYS)
def test_a_key_is_read_back_from_either_form(key: EcdsaKey) -> None:
    assert multikey.decode_any(multikey.encode_any(key)) == key
    assert jwk.decode_any(jwk.encode_any(key)) == key
    assert outcome(multikey.decode, multikey.encode_any(key)) is INVALID_VERIFICATION_METHOD
    assert outcome(jwk.decode, jwk.encode_any(key)) is INVALID_VERIFICATION_METHOD


@examples(150)
@given(POINTS.map(lambda drawn: multibase.encode_base58btc(HEADERS[drawn[0]] + drawn[1])) | st.text())
def test_a_multikey_has_one_spelling(text: str) -> None:
    found = outcome(multikey.decode_any, text)
    if isinstance(found, ProblemType):
        assert found in {INVALID_VERIFICATION_METHOD, PARSING_ERROR}
        return
    assert multikey.encode_any(found) == text
    assert not multikey.is_foreign(text)


MEMBERS = st.sampled_from(["kty", "crv", "x", "y", "d", "use", "key_ops", "alg", "kid", "k"])
JWKS = st.builds(lambda key, odd: {**jwk.encode_any(key), **odd}, KEYS, st.dictionaries(MEMBERS, ODD | st.just("ES256"), max_size=2)) | ODD


@examples(300)
@given(JWKS)
def test_any_json_is_a_key_or_the_one_error(value: Json) -> None:
    found = outcome(jwk.decode_any, value)
    if isinstance(found, ProblemType):
        assert found is INVALID_VERIFICATION_METHOD
        return
    assert isinstance(value, dict)
    assert jwk.encode_any(found).items() <= value.items()
    assert not jwk.is_foreign(value)


@examples(150)
@given(JWKS, st.binary(max_size=70).map(base64url.encode) | ODD)
def test_any_json_is_a_private_key_or_the_one_error(value: Json, secret: Json) -> None:
    found = outcome(jwk.decode_scalar, {**value, "d": secret} if isinstance(value, dict) else value)
    assert found is INVALID_VERIFICATION_METHOD


@examples(150)
@given(st.sampled_from(NAMES), CHANCE, st.booleans())
def test_a_private_key_is_read_only_with_its_own_point(name: CurveName, chance: bytes, own: bool) -> None:
    secret = ecdsa.draw_secret(name, lambda size: chance[:size])
    point = EcdsaSigner(name, secret if own else (2).to_bytes(CURVES[name].size_bytes)).public_key
    value = {**jwk.encode_any(point), "d": base64url.encode(secret)}
    assert outcome(jwk.decode_scalar, value) == ((name, secret) if own else INVALID_VERIFICATION_METHOD)
