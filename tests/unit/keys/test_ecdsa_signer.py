"""An ECDSA signer signs and shows nothing of its key."""

import copy
import pickle

import pytest

from sayso.encodings import base64url
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.keys import jwk
from sayso.keys.ecdsa import CURVES, CurveName
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import Signer
from tests.unit.keys.test_ecdsa import NAMES, signer

SECRETS: dict[CurveName, bytes] = {name: bytes([0, *range(1, CURVES[name].size_bytes)]) for name in NAMES}


def _private(name: CurveName) -> JsonObject:
    public = jwk.encode_any(EcdsaSigner(name, SECRETS[name]).public_key)
    return {**public, "d": base64url.encode(SECRETS[name])}


@pytest.mark.parametrize("name", NAMES)
def test_what_a_signer_signs_its_public_key_verifies(name: CurveName) -> None:
    one: Signer = EcdsaSigner(name, SECRETS[name])
    assert one.public_key.verifies(one.sign(b"message"), b"message")
    assert one.sign(b"message") == EcdsaSigner(name, SECRETS[name]).sign(b"message") != one.sign(b"messages")


@pytest.mark.parametrize("name", NAMES)
def test_a_new_key_is_made_of_chance_alone(name: CurveName) -> None:
    one, again = (EcdsaSigner.generate(name, bytes) for _ in range(2))
    assert one.public_key == again.public_key == signer(name, 1).public_key
    assert EcdsaSigner.generate(name, (6).to_bytes).public_key == signer(name, 7).public_key


@pytest.mark.parametrize("name", NAMES)
def test_the_key_of_a_private_jwk(name: CurveName) -> None:
    value = _private(name)
    fitting: list[JsonObject] = [{}, {"alg": CURVES[name].algorithm}, {"use": "sig"}, {"key_ops": ["sign"]}, {"kid": "x"}]
    for more in fitting:
        found = EcdsaSigner.from_jwk({**value, **more})
        assert found.public_key == EcdsaSigner(name, SECRETS[name]).public_key
        assert found.sign(b"m") == EcdsaSigner(name, SECRETS[name]).sign(b"m")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"d": None}, "/d"),
        ({"d": ["x"]}, "/d"),
        ({"d": ""}, "/d"),
        ({"d": "AAA="}, "/d"),
        ({"d": "AQ"}, "/d"),  # RFC 7518, section 6.2.2.1: as long as the order
        ({"d": "zero"}, "/d"),
        ({"d": "order"}, "/d"),
        ({"d": "other"}, "/x"),
        ({"d": "long"}, "/d"),
        ({"y": "mirrored"}, "/x"),
        ({"x": None}, "/x"),
        ({"y": None}, "/y"),
        ({"y": "x"}, "/y"),
        ({"kty": "OKP"}, ""),
        ({"crv": "secp256k1"}, ""),
        ({"crv": "Ed25519"}, ""),
        ({"p": "AQ"}, ""),
        ({"use": "enc"}, "/use"),
        ({"alg": "EdDSA"}, "/alg"),
        ({"alg": "ECDH-ES"}, "/alg"),
        ({"key_ops": ["verify"]}, "/key_ops"),
        ({"key_ops": ["deriveKey"]}, "/key_ops"),
    ],
)
def test_a_private_jwk_whose_parts_do_not_fit_is_refused(name: CurveName, more: dict[str, Json], place: str) -> None:
    curve, value = CURVES[name], _private(name)
    y = int.from_bytes(base64url.decode(str(value["y"])))
    said = {
        "zero": bytes(curve.size_bytes),
        "order": curve.order.to_bytes(curve.size_bytes),
        "other": (5).to_bytes(curve.size_bytes),
        "long": b"\0" + SECRETS[name],
        "mirrored": (curve.p - y).to_bytes(curve.size_bytes),
    }
    filled = {key: base64url.encode(said[text]) if isinstance(text, str) and text in said else text for key, text in more.items()}
    with pytest.raises(SaysoError) as refused:
        EcdsaSigner.from_jwk({**value, **filled})
    problem = refused.value.problems[0]
    assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, place)
    assert not any(str(value[key]) in str(refused.value) for key in ("d", "x", "y"))


def test_a_seed_is_no_scalar() -> None:
    values: list[Json] = [{}, jwk.encode_private(bytes(32)), {"kty": "EC", "crv": "P-256"}, None, 1, "x", []]
    for value in values:
        with pytest.raises(SaysoError):
            jwk.decode_scalar(value)
    with pytest.raises(SaysoError):
        jwk.decode_seed(_private("P-256"))


def test_nothing_shows_the_secret() -> None:
    one = EcdsaSigner("P-256", SECRETS["P-256"])
    assert repr(one) == str(one) == f"{one}" == "<secret>"
    with pytest.raises(TypeError):
        vars(one)
    assert [name for name in dir(one) if not name.startswith("_")] == ["from_jwk", "generate", "public_key", "sign"]
    assert one != EcdsaSigner("P-256", SECRETS["P-256"])
    assert one == one
    for duplicate in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="not copied or pickled"):
            duplicate(one)
