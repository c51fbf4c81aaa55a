"""Laws of the keys: what is written is read back, one spelling each, and only what was signed verifies."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sayso.encodings import base64url, multibase
from sayso.errors import INVALID_VERIFICATION_METHOD, PARSING_ERROR, SaysoError
from sayso.jsonvalue import Json
from sayso.keys import ed25519, jwk, multikey
from sayso.keys.signer import SeedSigner
from tests.property.test_jsonvalue_laws import VALUES
from tests.support import examples

pytestmark = pytest.mark.laws

SEEDS = st.binary(min_size=32, max_size=32)
RAW = st.binary(min_size=32, max_size=32) | SEEDS.map(lambda seed: ed25519.key_pair(seed)[0].raw)
# Objects that are nearly JWKs.
MEMBERS = {
    "kty": st.sampled_from(["OKP", "EC", "okp"]) | VALUES,
    "crv": st.sampled_from(["Ed25519", "X25519"]) | VALUES,
    "x": RAW.map(base64url.encode) | st.text() | VALUES,
}
MORE = {name: VALUES for name in ("d", "use", "key_ops", "alg", "kid", "k")}
JWKS = VALUES | st.fixed_dictionaries(MEMBERS, optional=MORE)


@examples(500)
@given(SEEDS, st.binary(max_size=100), st.binary(max_size=100), SEEDS)
def test_only_what_was_signed_verifies(seed: bytes, message: bytes, other: bytes, other_seed: bytes) -> None:
    signer, stranger = SeedSigner(seed), SeedSigner(other_seed)
    signature = signer.sign(message)
    assert signer.public_key.verifies(signature, message)
    assert signer.public_key.verifies(signature, other) is (message == other)
    assert stranger.public_key.verifies(signature, message) is (seed == other_seed)
    assert ed25519.parse_own(signer.public_key.raw) == signer.public_key


@examples(500)
@given(RAW | st.binary(), st.binary(), st.binary(max_size=100))
@example(bytes(32), bytes(64), b"")
def test_anything_is_a_verdict(raw: bytes, signature: bytes, message: bytes) -> None:
    assert ed25519.PublicKey(raw).verifies(signature, message) is False
    for read in (ed25519.parse, ed25519.parse_own):
        try:
            assert read(raw).raw == raw
        except SaysoError as error:
            assert error.problems[0].kind is INVALID_VERIFICATION_METHOD


@examples()
@given(RAW)
def test_a_key_is_read_back_from_either_form(raw: bytes) -> None:
    key = ed25519.PublicKey(raw)
    try:
        ed25519.parse(raw)
    except SaysoError:
        for read in (lambda: multikey.decode(multikey.encode(key)), lambda: jwk.decode(jwk.encode(key))):
            with pytest.raises(SaysoError):
                read()
    else:
        assert multikey.decode(multikey.encode(key)) == jwk.decode(jwk.encode(key)) == key


@examples()
@given(st.text() | st.binary(max_size=40).map(multibase.encode_base58btc) | RAW.map(lambda raw: multibase.encode_base58btc(b"\xed\x01" + raw)))
def test_a_multikey_has_one_spelling(text: str) -> None:
    assert not (multikey.is_foreign(text) and text.startswith("z6Mk") and len(text) == 48)
    try:
        assert multikey.encode(multikey.decode(text)) == text
    except SaysoError as error:
        assert error.problems[0].kind in {INVALID_VERIFICATION_METHOD, PARSING_ERROR}


@examples()
@given(JWKS)
def test_any_json_is_a_key_or_the_one_error(value: Json) -> None:
    try:
        key = jwk.decode(value)
    except SaysoError as error:
        assert error.problems[0].kind is INVALID_VERIFICATION_METHOD
        return
    assert isinstance(value, dict)
    assert jwk.encode(key).items() <= value.items()
    assert not jwk.is_foreign(value)


@examples(500)
@given(SEEDS, SEEDS, st.booleans())
def test_a_seed_is_read_only_with_its_own_key(seed: bytes, other: bytes, own: bool) -> None:
    value = {**jwk.encode(ed25519.key_pair(seed if own else other)[0]), "d": base64url.encode(seed)}
    try:
        assert jwk.decode_seed(value) == seed
        assert own or seed == other
    except SaysoError as error:
        assert not own
        assert base64url.encode(seed) not in str(error)


@examples()
@given(JWKS)
def test_any_json_is_a_seed_or_the_one_error(value: Json) -> None:
    try:
        seed = jwk.decode_seed(value)
    except SaysoError as error:
        assert error.problems[0].kind is INVALID_VERIFICATION_METHOD
        return
    assert len(seed) == 32
