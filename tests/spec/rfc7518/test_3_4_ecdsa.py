"""RFC 7518, section 3.4: ECDSA in JWS, with the examples of RFC 7515, appendices A.3 and A.4."""

import pytest
from joserfc import jws as peer
from joserfc.jwk import ECKey

from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR
from sayso.jsonvalue import JsonObject
from sayso.keys import jwk
from sayso.keys.ecdsa import CURVES, CurveName
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import SeedSigner
from sayso.proofs.jose import jws
from tests.unit.keys.test_ecdsa import NAMES, signer
from tests.unit.proofs.refusals import refused

TYPES = ("example+jwt",)
A_3: JsonObject = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI",
}
A_3_SIGNED = (
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
)
A_4: JsonObject = {
    "kty": "EC",
    "crv": "P-521",
    "x": "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
    "y": "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
    "d": "AY5pb7A0UFiB3RELSD64fTLOSV_jazdF7fLYyuTw8lOfRhWg6Y6rUrPAxerEzgdRhajnu0ferB0d53vM9mE15j2C",
}
A_4_SIGNED = (
    "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA"
    ".AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8Kp"
    "EHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"
)


@pytest.mark.parametrize(("private", "signed"), [(A_3, A_3_SIGNED), (A_4, A_4_SIGNED)], ids=["A.3", "A.4"])
def test_published_signatures_hold(private: JsonObject, signed: str) -> None:
    """RFC 7515, appendices A.3.1 and A.4.1: r and s behind each other."""
    key = EcdsaSigner.from_jwk(private).public_key
    assert jwk.encode_any(key) == {name: value for name, value in private.items() if name != "d"}
    signing_input, _, signature = signed.rpartition(".")
    jws.Jws({"alg": key.algorithms[0]}, {}, signing_input.encode(), base64url.decode(signature)).prove(key)
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, says="does not hold"):
        jws.Jws({"alg": key.algorithms[0]}, {}, signing_input.encode() + b"A", base64url.decode(signature)).prove(key)


def _signed(name: CurveName, algorithm: str) -> bytes:
    return jws.sign(jws.protect({"alg": algorithm, "typ": TYPES[0]}), {"a": 1}, signer(name)).encode()


@pytest.mark.parametrize("name", NAMES)
def test_rfc8725_3_1_an_algorithm_has_its_curve_and_no_other(name: CurveName) -> None:
    """RFC 8725, section 3.1: each key is used with one algorithm, whatever the caller's list has and the header says."""
    every = ("ES256", "ES384", "ES512", "ES256K", "EdDSA", "Ed25519", "HS256", "none")
    key = signer(name).public_key
    for algorithm in every:
        read = jws.decode(_signed(name, algorithm), TYPES, every)
        if algorithm == CURVES[name].algorithm:
            read.prove(key)
            continue
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
            read.prove(key)
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
        jws.decode(_signed(name, CURVES[name].algorithm), TYPES, every).prove(SeedSigner(bytes(32)).public_key)


@pytest.mark.parametrize("name", NAMES)
def test_another_library_reads_what_is_signed_here_and_the_other_way(name: CurveName) -> None:
    algorithm = CURVES[name].algorithm
    public = {member: str(value) for member, value in jwk.encode_any(signer(name).public_key).items()}
    private = {**public, "d": base64url.encode((7).to_bytes(CURVES[name].size_bytes))}
    text = _signed(name, algorithm)
    theirs = peer.deserialize_compact(text, ECKey.import_key({**public}), algorithms=[algorithm])
    assert theirs.payload == b'{"a":1}'
    made = peer.serialize_compact({"alg": algorithm, "typ": TYPES[0]}, b'{"a":2}', ECKey.import_key({**private}), algorithms=[algorithm])
    read = jws.decode(made.encode(), TYPES, (algorithm,))
    read.prove(signer(name).public_key)
    assert read.payload == {"a": 2}
