"""RFC 8037, appendix A: Ed25519 as JWK, its thumbprint, and one signature."""

from sayso.encodings import base64url
from sayso.jsonvalue import JsonObject
from sayso.keys import jwk, multikey
from sayso.keys.signer import SeedSigner

PUBLIC: JsonObject = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}
PRIVATE: JsonObject = {**PUBLIC, "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}


def test_jwk_3_the_key_the_thumbprint_and_the_signature() -> None:
    """JWK-3: x, thumbprint, JWS and did:key text of the key in appendices A.1 to A.5."""
    signer = SeedSigner(jwk.decode_seed(PRIVATE))
    key = signer.public_key
    assert jwk.decode(PUBLIC) == key
    assert jwk.encode(key) == PUBLIC
    assert jwk.thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    assert multikey.encode(key) == "z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"
    header, payload = (base64url.encode(part) for part in (b'{"alg":"EdDSA"}', b"Example of Ed25519 signing"))
    signing_input = f"{header}.{payload}".encode()
    assert base64url.encode(signer.sign(signing_input)) == (
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    )
