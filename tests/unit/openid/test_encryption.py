"""Keys for answers are canonical and on their curve, and what they open is what was encrypted to them."""

import pickle
import subprocess
import sys
from typing import Any, get_args

import pytest
from joserfc import jwe
from joserfc import jwk as jose_jwk

from sayso import EncryptionKey, SaysoError
from sayso.errors import INVALID_VERIFICATION_METHOD, LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE, ProblemType
from sayso.jsonvalue import Json, JsonObject, Limits
from sayso.keys import x25519
from sayso.openid import encryption, encryption_key
from sayso.openid.encryption_key import ENCRYPTIONS, AgreementCurve, Recipient
from sayso.testing.world import CountingEntropy

CURVES = get_args(AgreementCurve)


def theirs(key: JsonObject) -> Any:
    """Give a key as the library has it."""
    return jose_jwk.import_key({name: str(member) for name, member in key.items()})


@pytest.fixture(params=CURVES)
def key(request: pytest.FixtureRequest) -> EncryptionKey:
    return EncryptionKey.generate(request.param, entropy=CountingEntropy())


@pytest.mark.parametrize("name", ENCRYPTIONS)
def test_the_library_reads_what_we_write_and_we_what_it_writes(key: EncryptionKey, name: str) -> None:
    ours = encryption.encrypt(b"words", key.recipient._replace(encryption=name), CountingEntropy())
    assert jwe.decrypt_compact(ours, theirs(key.private_jwk), algorithms=["ECDH-ES", name]).plaintext == b"words"
    header = {"alg": "ECDH-ES", "enc": name, "kid": key.recipient.key_id, "apu": "QWRh", "apv": "QmFy"}
    written = jwe.encrypt_compact(header, b"words", theirs(key.public_jwk), algorithms=["ECDH-ES", name])
    assert encryption.decrypt(written.encode(), key) == b"words"


def test_a_key_as_jwk(key: EncryptionKey) -> None:
    """VP-1: a published key has a kid, and says what it is for."""
    public = key.public_jwk
    assert (public["use"], public["alg"], public["kid"]) == ("enc", "ECDH-ES", theirs(key.recipient.jwk).thumbprint())
    assert "d" not in public
    again = EncryptionKey.from_jwk({**key.private_jwk, "kid": "other"})
    assert again.recipient == key.recipient
    assert encryption_key.parse({"keys": [public]}, ["A128GCM"]) == key.recipient


def test_a_key_shows_nothing_of_itself(key: EncryptionKey) -> None:
    assert repr(key) == "<secret>"
    assert key != EncryptionKey.from_jwk(key.private_jwk)
    with pytest.raises(TypeError, match="not copied or pickled"):
        pickle.dumps(key)


@pytest.mark.parametrize("curve", ["Ed25519", "P-384", "", None])
def test_a_curve_that_is_not_built(curve: Any) -> None:
    with pytest.raises(ValueError, match="a curve is one of"):
        EncryptionKey.generate(curve)
    with pytest.raises(ValueError, match="a curve is one of"):
        EncryptionKey(curve, bytes(32))


def test_a_secret_that_is_none() -> None:
    for curve, secret in (("X25519", bytes(31)), ("P-256", bytes(32)), ("P-256", b"\xff" * 32)):
        with pytest.raises(ValueError, match="private"):
            EncryptionKey("X25519" if curve == "X25519" else "P-256", secret)
    assert x25519.public_of(bytes(31) + b"\x01").raw == x25519.public_of(bytes(31) + b"\x01").raw


@pytest.mark.parametrize(
    ("change", "pointer"),
    [({"crv": "Ed25519"}, ""), ({"d": None}, ""), ({"d": "AA"}, "/d"), ({"d": "="}, "/d"), ({"x": "AA"}, ""), ({"kty": "RSA"}, "")],
)
def test_a_private_jwk_that_is_none(key: EncryptionKey, change: dict[str, Json], pointer: str) -> None:
    with pytest.raises(SaysoError) as refused:
        EncryptionKey.from_jwk({**key.private_jwk, **change})
    (problem,) = refused.value.problems
    assert (problem.kind, problem.pointer) == (INVALID_VERIFICATION_METHOD, pointer)


PUBLIC = EncryptionKey("X25519", bytes(31) + b"\x01").public_jwk
POINT: dict[str, Json] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    "kid": "point",
}


def test_the_first_key_that_is_built_is_chosen() -> None:
    """Section 8.3: a key without alg or use is for what its kind is for."""
    others: list[Json] = [
        {"kty": "RSA", "kid": "1"},
        {**PUBLIC, "kid": "2", "use": "sig"},
        {**PUBLIC, "kid": "3", "alg": "ECDH-ES+A256KW"},
        {**POINT, "kid": "4", "crv": "P-384"},
    ]
    chosen = encryption_key.parse({"keys": [*others, POINT, PUBLIC]}, ["A256CBC-HS512", "A256GCM", "A128GCM"])
    assert chosen == Recipient("P-256", "point", {name: POINT[name] for name in ("crv", "kty", "x", "y")}, "A256GCM")
    with pytest.raises(SaysoError) as refused:
        encryption_key.parse({"keys": others}, ["A128GCM"])
    assert [(problem.kind, problem.pointer) for problem in refused.value.problems] == [(UNDECIDABLE, "/jwks")]


@pytest.mark.parametrize(
    ("jwks", "encryptions", "kind", "pointer"),
    [
        (None, ["A128GCM"], MALFORMED_VALUE_ERROR, "/jwks"),
        ({"keys": []}, ["A128GCM"], MALFORMED_VALUE_ERROR, "/jwks"),
        ({"keys": [PUBLIC] * 65}, ["A128GCM"], MALFORMED_VALUE_ERROR, "/jwks"),
        ({"keys": [PUBLIC, PUBLIC]}, ["A128GCM"], MALFORMED_VALUE_ERROR, "/jwks/keys"),
        ({"keys": [{**PUBLIC, "kid": ""}]}, ["A128GCM"], MALFORMED_VALUE_ERROR, "/jwks/keys"),
        ({"keys": ["key"]}, ["A128GCM"], MALFORMED_VALUE_ERROR, "/jwks/keys"),
        ({"keys": [PUBLIC]}, [], MALFORMED_VALUE_ERROR, "/encrypted_response_enc_values_supported"),
        ({"keys": [PUBLIC]}, "A128GCM", MALFORMED_VALUE_ERROR, "/encrypted_response_enc_values_supported"),
        ({"keys": [PUBLIC]}, [5], MALFORMED_VALUE_ERROR, "/encrypted_response_enc_values_supported"),
        ({"keys": [PUBLIC]}, ["A128CBC-HS256"], UNDECIDABLE, "/encrypted_response_enc_values_supported"),
        ({"keys": [{**PUBLIC, "x": "AA"}]}, ["A128GCM"], INVALID_VERIFICATION_METHOD, "/jwks/keys/0/x"),
        ({"keys": [{**POINT, "kty": "OKP"}]}, ["A128GCM"], INVALID_VERIFICATION_METHOD, "/jwks/keys/0"),
        ({"keys": [{**POINT, "d": "AA"}]}, ["A128GCM"], INVALID_VERIFICATION_METHOD, "/jwks/keys/0"),
        ({"keys": [{**POINT, "x": "="}]}, ["A128GCM"], INVALID_VERIFICATION_METHOD, "/jwks/keys/0"),
    ],
)
def test_published_keys_that_are_none(jwks: Any, encryptions: Any, kind: ProblemType, pointer: str) -> None:
    with pytest.raises(SaysoError) as refused:
        encryption_key.parse(jwks, encryptions)
    assert [(problem.kind.url, problem.pointer) for problem in refused.value.problems] == [(kind.url, pointer)]


@pytest.mark.parametrize("library", ["joserfc", "cryptography"])
def test_without_the_extra_the_error_names_it(library: str) -> None:
    code = f"""
import sys
sys.modules[{library!r}] = None
from sayso import EncryptionKey, SaysoError
from sayso.openid import encryption
key = EncryptionKey("X25519", bytes(31) + b"1")
for attempt in (lambda: encryption.encrypt(b"", key.recipient, bytes), lambda: encryption.decrypt({_sealed()!r}, key)):
    try:
        attempt()
    except SaysoError as error:
        print(error.decided, 'pip install "sayso[openid]"' in str(error))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["False True"] * 2, done.stderr


def test_without_the_library_nothing_is_encrypted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joserfc", None)
    monkeypatch.delitem(sys.modules, "sayso.openid.joserfc_jwe", raising=False)
    monkeypatch.delattr("sayso.openid.joserfc_jwe", raising=False)
    for name in [name for name in sys.modules if name.startswith("joserfc.")]:
        monkeypatch.delitem(sys.modules, name)
    with pytest.raises(SaysoError, match=r'pip install "sayso\[openid\]"') as refused:
        encryption.encrypt(b"", EncryptionKey("X25519", bytes(31) + b"1").recipient, CountingEntropy())
    assert refused.value.problems[0].kind is UNDECIDABLE


def _sealed() -> bytes:
    return encryption.encrypt(b"", EncryptionKey("X25519", bytes(31) + b"1").recipient, CountingEntropy()).encode()


@pytest.mark.parametrize("most", [0, 10])
def test_an_answer_longer_than_the_limit(most: int) -> None:
    key = EncryptionKey("X25519", bytes(31) + b"1")
    with pytest.raises(SaysoError) as refused:
        encryption.decrypt(_sealed(), key, Limits(size_bytes=most))
    assert refused.value.problems[0].kind is LIMIT_EXCEEDED
    assert encryption.decrypt(_sealed(), key, Limits(size_bytes=len(_sealed()))) == b""


def test_a_module_that_is_missing_elsewhere_is_no_missing_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "sayso.openid.joserfc_jwe", raising=False)
    monkeypatch.delattr("sayso.openid.joserfc_jwe", raising=False)
    monkeypatch.setitem(sys.modules, "sayso.openid.joserfc_jwe", None)
    with pytest.raises(ModuleNotFoundError):
        encryption.encrypt(b"", EncryptionKey("X25519", bytes(31) + b"1").recipient, CountingEntropy())
