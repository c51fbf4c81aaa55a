"""The published SD-JWT VCLD: an SD-JWT VC whose claim `ld` is JSON-LD (VP-14).

Its keys are P-256 and have no name: signatures, disclosures and key binding are read below the doors, and at the doors the same claims are
signed again.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from sayso import SaysoError
from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR
from sayso.jsonvalue import DEFAULT_LIMITS
from sayso.keys import jwk
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt import disclosure, key_binding
from sayso.proofs.sd_jwt.processing import process
from tests.journeys.town import town

# The public part of the issuer's key in settings.yml.
KEY: dict[str, Any] = {
    "kty": "EC",
    "crv": "P-256",
    "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
    "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8",
}
TYPE = "https://credentials.example.com/example_credential"


def text(shared: Path, name: str) -> str:
    return (shared / "vectors/openid4vp/sd_jwt_vcld/01" / name).read_text(encoding="utf-8").replace("\n", "")


def contents(shared: Path, name: str) -> Any:
    return json.loads((shared / "vectors/openid4vp/sd_jwt_vcld/01" / name).read_text(encoding="utf-8"))


def issued(whole: str) -> dict[str, Any]:
    """Check the issuer's signature, and put the disclosures back in their places."""
    token, *disclosures, _ = whole.split("~")
    read = jws.decode(token.encode(), ("dc+sd-jwt",), ("ES256",))
    read.prove(jwk.decode_any(KEY))
    parts = [disclosure.read(one, DEFAULT_LIMITS) for one in disclosures]
    return process(read.payload, disclosures, parts, hashlib.sha256, DEFAULT_LIMITS).document


def test_the_issuance_is_read(shared: Path) -> None:
    document = issued(text(shared, "sd_jwt_issuance.txt"))
    assert {name: document[name] for name in ("vct", "ld")} == contents(shared, "user_claims.json")
    assert text(shared, "sd_jwt_issuance.txt").startswith(text(shared, "sd_jwt_jws_part.txt") + "~")
    payload = json.loads(base64url.decode(text(shared, "sd_jwt_jws_part.txt").split(".")[1]))
    assert payload == contents(shared, "sd_jwt_payload.json")


def test_the_presentation_is_read(shared: Path) -> None:
    whole = text(shared, "sd_jwt_presentation.txt")
    document = issued(whole)
    assert document == contents(shared, "verified_contents.json")
    presented, tilde, binding = whole.rpartition("~")
    assert binding == text(shared, "kb_jwt_serialized.txt")
    read = jws.decode(binding.encode(), (key_binding.TYPE,), ("ES256",))
    read.prove(jwk.decode_any(document["cnf"]["jwk"]))
    assert (read.header, read.payload) == (contents(shared, "kb_jwt_header.json"), contents(shared, "kb_jwt_payload.json"))
    assert read.payload["sd_hash"] == base64url.encode(hashlib.sha256((presented + tilde).encode()).digest())


@pytest.mark.parametrize("part", ["issuer", "holder"])
def test_a_signature_that_does_not_hold(shared: Path, part: str) -> None:
    token, *_, binding = text(shared, "sd_jwt_presentation.txt").split("~")
    read = jws.decode((token if part == "issuer" else binding).encode(), ("dc+sd-jwt", key_binding.TYPE), ("ES256",))
    other = issued(text(shared, "sd_jwt_presentation.txt"))["cnf"]["jwk"] if part == "issuer" else KEY
    with pytest.raises(SaysoError) as refused:
        read.prove(jwk.decode_any(other))
    assert refused.value.problems[0].kind is CRYPTOGRAPHIC_SECURITY_ERROR


def test_a_claim_under_ld_that_the_issuer_did_not_sign(shared: Path) -> None:
    token, given_name, *rest = text(shared, "sd_jwt_presentation.txt").split("~")
    forged = disclosure.write_property("2GLC42sKQveCfGfryNRN9w", "givenName", "Jane")
    for disclosures in ([forged], [given_name, forged], [given_name, given_name]):
        with pytest.raises(SaysoError):
            issued("~".join((token, *disclosures, *rest)))


def test_at_the_doors(shared: Path) -> None:
    """The same claims, hidden in the same places: the given name alone is shown."""
    claims = contents(shared, "user_claims.json")
    hidden = [("ld", "credentialSubject", name) for name in ("givenName", "familyName", "birthDate")]
    there = town(None)
    there.ada.store(there.issue({"ld": claims["ld"]}, type=TYPE, format="dc+sd-jwt", disclosable=hidden))
    request = there.ask(hidden[0], type=claims["vct"], formats=["dc+sd-jwt"])
    answer = there.answer(request)
    assert b"Doe" not in b"".join(base64url.decode(part) for part in _disclosures(answer.data))
    assert there.bar.accept(answer, request).read() == {"ld": {"credentialSubject": {"givenName": "John"}}}


def _disclosures(answer: bytes) -> list[str]:
    ((shown,),) = json.loads(answer)["vp_token"].values()
    return [str(part) for part in shown.split("~")[1:-1]]
