"""RFC 8032, section 5.1.7, on the good and bad signatures that C2SP/wycheproof publishes."""

import json

from sayso.errors import SaysoError
from sayso.keys import jwk
from sayso.keys.ed25519 import parse
from tests.support import shared


def test_ed_2_every_signature_gets_the_published_verdict() -> None:
    """ED-2: all checks of RFC 8032; 151 signatures, 88 of them valid."""
    groups = json.loads(shared("vectors", "ed25519", "ed25519_test.json").read_bytes())["testGroups"]
    cases = [(group["publicKey"]["pk"], case) for group in groups for case in group["tests"]]
    verdicts = {case["tcId"]: _verifies(bytes.fromhex(key), bytes.fromhex(case["sig"]), bytes.fromhex(case["msg"])) for key, case in cases}
    assert verdicts == {case["tcId"]: case["result"] == "valid" for _, case in cases}
    assert (len(verdicts), sum(verdicts.values())) == (151, 88)


def _verifies(raw: bytes, signature: bytes, message: bytes) -> bool:
    try:
        return parse(raw).verifies(signature, message)
    except SaysoError:
        return False


def test_jwk_1_the_same_keys_as_jwk() -> None:
    """JWK-1: kty OKP, crv Ed25519, x the 32 bytes."""
    groups = json.loads(shared("vectors", "ed25519", "ed25519_test.json").read_bytes())["testGroups"]
    keys = [(group["publicKey"]["pk"], group["publicKeyJwk"]) for group in groups if group["publicKeyJwk"]]
    assert keys
    for raw, published in keys:
        key = parse(bytes.fromhex(raw))
        assert jwk.decode(published) == key
        assert jwk.encode(key)["x"] == published["x"]
