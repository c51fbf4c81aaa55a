"""Laws of the keys: what is written is read back, one spelling each, and only what was signed verifies."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sayso.encodings import base64url, multibase
from sayso.errors import INVALID_VERIFICATION_METHOD, PARSING_ERROR, ProblemType, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import ed25519, jwk, multikey
from sayso.keys.signer import SeedSigner
from tests.property.outcomes import ODD, outcome
from tests.support import examples

pytestmark = pytest.mark.laws

SEEDS = st.binary(min_size=32, max_size=32)
RAW = st.binary(min_size=32, max_size=32) | SEEDS.map(lambda seed: ed25519.key_pair(seed)[0].raw)
# Objects that are nearly JWKs.
MEMBERS = {
    "kty": st.sampled_from(["OKP", "EC", "okp"]) | ODD,
    "crv": st.sampled_from(["Ed25519", "X25519"]) | ODD,
    "x": RAW.map(base64url.encode) | st.text() | ODD,
}
MORE = dict.fromkeys(("d", "use", "key_ops", "alg", "kid", "k"), ODD)
JWKS = ODD | st.fixed_dictionaries(MEMBERS, optional=MORE)


@examples(150)
@given(SEEDS, st.binary(max_size=100), st.binary(max_size=100), SEEDS)
def test_only_what_was_signed_verifies(seed: bytes, message: bytes, other: bytes, other_seed: bytes) -> None:
    signer, stranger = SeedSigner(seed), SeedSigner(other_seed)
    signature = signer.sign(message)
    assert signer.public_key.verifies(signature, message)
    assert signer.public_key.verifies(signature, other) is (message == other)
    assert stranger.public_key.verifies(signature, message) is (seed == other_seed)
    assert ed25519.parse_own(signer.public_key.raw) == signer.public_key


@examples(150)
@given(RAW | st.binary(), st.binary(), st.binary(max_size=100))
@example(bytes(32), bytes(64), b"")
def test_anything_is_a_verdict(raw: bytes, signature: bytes, message: bytes) -> None:
    assert ed25519.PublicKey(raw).verifies(signature, message) is False
    for read in (ed25519.parse, ed25519.parse_own):
        assert outcome(read, raw) in {ed25519.PublicKey(raw), INVALID_VERIFICATION_METHOD}


@examples(150)
@given(RAW)
def test_a_key_is_read_back_from_either_form(raw: bytes) -> None:
    key = ed25519.PublicKey(raw)
    readable = outcome(ed25519.parse, raw)
    assert readable in {key, INVALID_VERIFICATION_METHOD}
    assert outcome(multikey.decode, multikey.encode(key)) == readable
    assert outcome(jwk.decode, jwk.encode(key)) == readable


@examples(150)
@given(
    st.text() | st.binary(max_size=40).map(multibase.encode_base58btc) | RAW.map(lambda raw: multibase.encode_base58btc(b"\xed\x01" + raw))
)
def test_a_multikey_has_one_spelling(text: str) -> None:
    found = outcome(multikey.decode, text)
    if isinstance(found, ProblemType):
        assert found in {INVALID_VERIFICATION_METHOD, PARSING_ERROR}
        return
    assert multikey.encode(found) == text
    assert not multikey.is_foreign(text)


@examples(150)
@given(JWKS)
def test_any_json_is_a_key_or_the_one_error(value: Json) -> None:
    found = outcome(jwk.decode, value)
    if isinstance(found, ProblemType):
        assert found is INVALID_VERIFICATION_METHOD
        return
    assert isinstance(value, dict)
    assert jwk.encode(found).items() <= value.items()
    assert not jwk.is_foreign(value)


@examples(150)
@given(SEEDS, SEEDS, st.booleans())
def test_a_seed_is_read_only_with_its_own_key(seed: bytes, other: bytes, own: bool) -> None:
    value: JsonObject = {**jwk.encode(ed25519.key_pair(seed if own else other)[0]), "d": base64url.encode(seed)}
    if own or seed == other:
        assert jwk.decode_seed(value) == seed
        return
    with pytest.raises(SaysoError) as refused:
        jwk.decode_seed(value)
    assert base64url.encode(seed) not in str(refused.value)


@examples(150)
@given(JWKS)
def test_any_json_is_a_seed_or_the_one_error(value: Json) -> None:
    found = outcome(jwk.decode_seed, value)
    assert found is INVALID_VERIFICATION_METHOD or (isinstance(found, bytes) and len(found) == 32)
