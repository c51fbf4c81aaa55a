"""Ed25519 keys as JWK: everything a JWK says about itself is checked once, here."""

import hashlib

import pytest
from jwcrypto.jwk import JWK

from sayso.encodings import base64url
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.jsonvalue import FrozenObject, Json, JsonObject, freeze, serialize
from sayso.keys.ecdsa import CURVES, CurveName
from sayso.keys.ed25519 import key_pair
from sayso.keys.jwk import decode, decode_any, decode_seed, encode, encode_any, is_foreign, thumbprint
from tests.unit.keys.test_ecdsa import NAMES, signer

SEED = bytes(range(32))
KEY, _ = key_pair(SEED)
PUBLIC = encode(KEY)
PRIVATE: JsonObject = {**PUBLIC, "d": base64url.encode(SEED)}


def _refused(value: Json, place: str = "") -> bool:
    for read in (decode, decode_any):
        with pytest.raises(SaysoError) as refused:
            read(value)
        problem = refused.value.problems[0]
        assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, place)
    return True


def _seed_refused(value: Json, place: str = "") -> bool:
    with pytest.raises(SaysoError) as refused:
        decode_seed(value)
    problem = refused.value.problems[0]
    assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, place)
    assert not any(text in str(refused.value) for text in (str(PRIVATE["d"]), str(PUBLIC["x"])))
    return True


def test_a_public_key_is_written_and_read() -> None:
    assert {"kty": "OKP", "crv": "Ed25519", "x": base64url.encode(KEY.raw)} == PUBLIC
    assert decode(PUBLIC) == decode_any(PUBLIC) == KEY
    assert encode_any(KEY) == PUBLIC


@pytest.mark.parametrize(
    "more",
    [
        {"alg": "EdDSA"},
        {"alg": "Ed25519"},
        {"use": "sig"},
        {"key_ops": ["verify"]},
        {"key_ops": ["sign", "verify"]},
        {"kid": "any", "x5t": 1, "unknown": {"d": 1}},
        {"use": "sig", "key_ops": ["verify"], "alg": "EdDSA"},
    ],
)
def test_what_fits_is_read(more: JsonObject) -> None:
    assert decode({**PUBLIC, **more}) == KEY
    assert decode(freeze({**PUBLIC, **more})) == KEY
    assert decode_seed(FrozenObject({**PRIVATE, **more, **({"key_ops": ["sign"]} if "key_ops" in more else {})})) == SEED


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"kty": "EC"}, ""),
        ({"kty": "okp"}, ""),
        ({"kty": None}, ""),
        ({"crv": "X25519"}, ""),
        ({"crv": "Ed448"}, ""),
        ({"crv": "ed25519"}, ""),
        ({"crv": ["Ed25519"]}, ""),
        ({"use": "enc"}, "/use"),
        ({"use": ""}, "/use"),
        ({"use": None}, "/use"),
        ({"use": ["sig"]}, "/use"),
        ({"key_ops": []}, "/key_ops"),
        ({"key_ops": ["sign"]}, "/key_ops"),
        ({"key_ops": ["encrypt"]}, "/key_ops"),
        ({"key_ops": "verify"}, "/key_ops"),
        ({"key_ops": {"verify": 1}}, "/key_ops"),
        ({"key_ops": None}, "/key_ops"),
        ({"key_ops": ["verify", "verify"]}, "/key_ops"),
        ({"key_ops": ["verify", ["sign"]]}, "/key_ops"),
        ({"key_ops": ["verify", None]}, "/key_ops"),
        ({"alg": "ES256"}, "/alg"),
        ({"alg": "none"}, "/alg"),
        ({"alg": "HS256"}, "/alg"),
        ({"alg": "eddsa"}, "/alg"),
        ({"alg": None}, "/alg"),
        ({"alg": {}}, "/alg"),
        ({"x": None}, "/x"),
        ({"x": 1}, "/x"),
        ({"x": ""}, "/x"),
        ({"x": str(PUBLIC["x"]) + "="}, "/x"),
        ({"x": str(PUBLIC["x"])[:-1] + "9"}, "/x"),  # unused bits that are not zero
        ({"x": str(PUBLIC["x"])[:-1]}, "/x"),
        ({"x": base64url.encode(KEY.raw[:-1])}, "/x"),
        ({"x": base64url.encode(KEY.raw + b"\0")}, "/x"),
        ({"x": base64url.encode(bytes(32))}, "/x"),  # of small order
        ({"x": "é"}, "/x"),
        ({"x": "\ud800"}, "/x"),
    ],
)
def test_what_does_not_fit_is_refused_at_its_member(more: JsonObject, place: str) -> None:
    assert _refused({**PUBLIC, **more}, place)
    assert more.keys() == {"key_ops"} or _seed_refused({**PRIVATE, **more}, place)


@pytest.mark.parametrize("name", ["kty", "crv", "x"])
def test_a_member_that_is_needed_is_missed(name: str) -> None:
    assert _refused({member: value for member, value in PUBLIC.items() if member != name}, "/x" if name == "x" else "")


@pytest.mark.parametrize("name", ["d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv"])
def test_mk_3_a_public_jwk_holds_nothing_private(name: str) -> None:
    """MK-3: publicKeyJwk must not contain private members."""
    for value in (PRIVATE["d"], None, ""):
        assert _refused({**PUBLIC, name: value})
        assert not is_foreign({"kty": "EC", "crv": "secp256k1", name: value})


@pytest.mark.parametrize("value", [None, True, 1, "x", [], [PUBLIC]])
def test_a_jwk_is_an_object(value: Json) -> None:
    assert _refused(value)
    assert _seed_refused(value, "/d")


@pytest.mark.parametrize(
    ("value", "foreign"),
    [
        ({"kty": "EC", "crv": "secp256k1", "x": "a", "y": "b"}, True),
        ({"kty": "EC"}, True),
        ({"kty": "EC", "crv": ["P-256"]}, True),
        ({"kty": "EC", "crv": "P-256", "x": "a", "y": "b"}, False),
        ({"kty": "EC", "crv": "P-384"}, False),
        ({"kty": "EC", "crv": "P-521"}, False),
        ({"kty": "RSA", "n": "a", "e": "AQAB"}, True),
        ({"kty": "OKP", "crv": "X25519", "x": "a"}, True),
        ({"kty": "AKP", "alg": "ML-DSA-44", "pub": "a"}, True),
        (PUBLIC, False),
        ({"kty": "OKP", "crv": "Ed25519", "x": "not a key"}, False),
        ({"kty": "oct", "k": "a"}, False),
        ({"kty": "EC", "crv": "secp256k1", "x": "a", "y": "b", "d": "c"}, False),
        ({"kty": 1}, False),
        ({}, False),
    ],
)
def test_a_public_key_of_another_kind_is_known_for_what_it_is(value: JsonObject, foreign: bool) -> None:
    assert is_foreign(value) is foreign


def test_a_seed_is_read_with_the_key_that_belongs_to_it() -> None:
    assert decode_seed(PRIVATE) == SEED
    assert decode_seed({**PRIVATE, "key_ops": ["sign", "verify"]}) == SEED


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"x": base64url.encode(key_pair(bytes(32))[0].raw)}, "/x"),
        ({"d": base64url.encode(bytes(32))}, "/x"),
        ({"d": base64url.encode(SEED[:-1])}, "/d"),
        ({"d": base64url.encode(SEED + bytes(32))}, "/d"),
        ({"d": str(PRIVATE["d"]) + "="}, "/d"),
        ({"d": ""}, "/d"),
        ({"d": None}, "/d"),
        ({"d": ["a"]}, "/d"),
        ({"key_ops": ["verify"]}, "/key_ops"),
        ({"key_ops": ["sign", "sign"]}, "/key_ops"),
        ({"p": "a"}, ""),
        ({"use": "enc"}, "/use"),
    ],
)
def test_a_private_jwk_whose_parts_do_not_fit_is_refused(more: JsonObject, place: str) -> None:
    assert _seed_refused({**PRIVATE, **more}, place)


def test_a_thumbprint_depends_on_the_key_alone() -> None:
    again = decode({"use": "sig", "kid": "x", "x": PUBLIC["x"], "kty": "OKP", "crv": "Ed25519"})
    assert thumbprint(again) == thumbprint(KEY) != thumbprint(key_pair(bytes(32))[0])


# Keys on the three curves


def _point_refused(value: Json, place: str = "") -> bool:
    with pytest.raises(SaysoError) as refused:
        decode_any(value)
    problem = refused.value.problems[0]
    assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, place)
    return True


def _public(name: CurveName) -> JsonObject:
    return encode_any(signer(name).public_key)


@pytest.mark.parametrize("name", NAMES)
def test_a_point_is_written_and_read(name: CurveName) -> None:
    key = signer(name).public_key
    x, y = key.coordinates
    assert _public(name) == {"crv": name, "kty": "EC", "x": base64url.encode(x), "y": base64url.encode(y)}
    assert [*_public(name)] == ["crv", "kty", "x", "y"]
    fitting: list[JsonObject] = [{}, {"alg": CURVES[name].algorithm}, {"use": "sig"}, {"key_ops": ["verify"]}, {"kid": "any", "x5t": 1}]
    for more in fitting:
        assert decode_any({**_public(name), **more}) == key
        assert decode_any(freeze({**_public(name), **more})) == key
    with pytest.raises(SaysoError) as refused:  # where only an Ed25519 key will do
        decode(_public(name))
    assert (refused.value.problems[0].kind, refused.value.problems[0].pointer) == (INVALID_VERIFICATION_METHOD, "")
    assert not is_foreign(_public(name))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"kty": "OKP"}, ""),
        ({"kty": "ec"}, ""),
        ({"kty": None}, ""),
        ({"crv": "secp256k1"}, ""),
        ({"crv": "p-256"}, ""),
        ({"crv": "Ed25519"}, ""),
        ({"crv": None}, ""),
        ({"crv": ["P-256"]}, ""),
        ({"crv": {}}, ""),
        ({"use": "enc"}, "/use"),
        ({"use": None}, "/use"),
        ({"key_ops": ["deriveKey"]}, "/key_ops"),
        ({"key_ops": ["verify", "verify"]}, "/key_ops"),
        ({"alg": "EdDSA"}, "/alg"),
        ({"alg": "Ed25519"}, "/alg"),
        ({"alg": "ES256K"}, "/alg"),
        ({"alg": "ECDH-ES"}, "/alg"),
        ({"alg": "none"}, "/alg"),
        ({"alg": None}, "/alg"),
        ({"alg": ["ES256"]}, "/alg"),
        ({"d": "AQ"}, ""),
        ({"d": None}, ""),
        ({"k": "AQ"}, ""),
        ({"x": None}, "/x"),
        ({"x": 1}, "/x"),
        ({"x": "é"}, "/x"),
        ({"x": "AA=="}, "/x"),
        ({"y": None}, "/y"),
        ({"y": True}, "/y"),
        ({"y": "A"}, "/y"),
        ({"x": ""}, ""),
        ({"y": ""}, ""),
        ({"x": "AA"}, ""),
        ({"y": "AA"}, ""),
    ],
)
def test_what_does_not_fit_a_point_is_refused_at_its_member(name: CurveName, more: JsonObject, place: str) -> None:
    assert _point_refused({**_public(name), **more}, place)


@pytest.mark.parametrize("name", NAMES)
def test_a_point_has_a_length_and_a_curve(name: CurveName) -> None:
    """RFC 7518, section 6.2.1.2: a coordinate is as long as the field is; leading zeros stay."""
    public = _public(name)
    x, y = (base64url.decode(str(public[part])) for part in "xy")
    for bad in ({"x": x[1:]}, {"x": b"\0" + x}, {"y": b"\0" + y}, {"y": y[:-1] + bytes([y[-1] ^ 1])}, {"x": y, "y": x}):
        assert _point_refused({**public, **{part: base64url.encode(data) for part, data in bad.items()}})
    for other in NAMES:
        assert other == name or _point_refused({**public, "crv": other})
        assert other == name or _point_refused({**public, "alg": CURVES[other].algorithm}, "/alg")
    for part in "xy":
        assert _point_refused({member: value for member, value in public.items() if member != part}, "/" + part)


@pytest.mark.parametrize("name", NAMES)
def test_a_thumbprint_of_a_point(name: CurveName) -> None:
    """RFC 7638, section 3.2: crv, kty, x and y."""
    key = signer(name).public_key
    public = _public(name)
    text = f'{{"crv":"{name}","kty":"EC","x":"{public["x"]}","y":"{public["y"]}"}}'
    assert thumbprint(key) == base64url.encode(hashlib.sha256(text.encode()).digest())
    assert thumbprint(decode_any({"use": "sig", "kid": "x", **public})) == thumbprint(key)
    assert thumbprint(key) == JWK.from_json(serialize(public)).thumbprint()
