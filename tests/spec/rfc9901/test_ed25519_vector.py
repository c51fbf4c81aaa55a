"""The Ed25519 vector of the standards' digest (EV-1 to EV-5): an SD-JWT VC with recursive disclosure and its presentation."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.credentials.claims_path import Location
from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, HOLDER_BINDING, INVALID_CHALLENGE_ERROR, INVALID_DOMAIN_ERROR, PARSING_ERROR
from sayso.keys import ed25519
from sayso.keys.signer import SeedSigner
from sayso.proofs.mechanism import FoundKey
from sayso.proofs.sd_jwt.holding import hold
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from sayso.proofs.sd_jwt.serialization import SERIALIZERS
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from sayso.verification.report import Report
from tests.support import needs_shared, shared
from tests.unit.proofs.tokens import POLICY

pytestmark = needs_shared

AT = datetime.fromtimestamp(1_700_000_000, UTC)
ISSUER = "did:key:z6MktwupdmLXVVqTzCw4i46r4uGyosGXRnR3XjN4Zq7oMMsw"


@pytest.fixture(scope="module")
def vector() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(shared("vectors", "sd-jwt", "ed25519-sd-jwt-vc.json").read_bytes())
    return found


def _examine(vector: dict[str, Any], text: str, **expected: Any) -> Report:
    known = {"issuers": [ISSUER], "types": ["urn:example:person:1"], "audience": vector["aud"], "nonce": vector["nonce"]}
    return examine(text, Expectations(**(known | expected)), at=AT)


@pytest.mark.parametrize("form", SERIALIZERS)
def test_ev_2_the_issuance_verifies(vector: dict[str, Any], form: str) -> None:
    """EV-1, EV-2: every disclosure finds its digest, and the claims are those that were issued."""
    assert len(vector["issuance"]) == 1148
    assert hashlib.sha256(vector["issuance"].encode()).hexdigest() == "47946fe13533e3950ae46ad3bdaa78a9c42ed85f4d50caeefd8ecf4c4d87c107"
    report = _examine(vector, SERIALIZERS[form](vector["issuance"]), holder_binding=False)
    assert report.require().claims == vector["expected_issuance_payload"]


@pytest.mark.parametrize("form", SERIALIZERS)
def test_ev_4_the_presentation_verifies(vector: dict[str, Any], form: str) -> None:
    """EV-3, EV-4: with its key binding; what is not shown is not there."""
    assert hashlib.sha256(vector["presentation"].encode()).hexdigest() == "49fe587df4744bd0a7d3d64270baeb962115a1c29e47e4a93000666a97a9f1f6"
    verified = _examine(vector, SERIALIZERS[form](vector["presentation"])).require()
    assert verified.claims == vector["expected_presented_payload"]
    assert "given_name" not in verified.claims
    assert verified.binding is not None
    assert verified.binding["sd_hash"] == "8e04b1BN2BGPyAIq0J0iIJH3z9XZcVQ-l5VSedhs2Aw"


def test_ev_3_the_presentation_is_made_again(vector: dict[str, Any]) -> None:
    """EV-3: from the issuance, byte for byte."""
    data = vector["issuance"].encode()
    decoded = SdJwtMechanism().decode(data, POLICY)
    assert decoded is not None
    issuer, _ = ed25519.key_pair(base64url.decode(vector["issuer_d"]))
    holder = SeedSigner(bytes.fromhex(vector["holder_seed_hex"]))
    claims = {"iat": 1_700_000_000, "aud": vector["aud"], "nonce": vector["nonce"]}
    selected: list[Location] = [("nationalities", 1), ("address", "locality")]
    assert hold(data, decoded.prove((FoundKey(issuer, ""),))).present(selected, claims, holder) == vector["presentation"]


@pytest.mark.parametrize("form", SERIALIZERS)
def test_ev_5_what_must_be_refused(vector: dict[str, Any], form: str) -> None:
    """EV-5: an orphan, a repetition, a changed byte, another order, no key binding; and with them another nonce or audience."""
    issuer_jwt, given_name, fr, locality, address, _ = vector["issuance"].split("~")
    _, *shown, binding = vector["presentation"].split("~")
    assert shown == [fr, address, locality]
    changed = fr[:-1] + ("0" if fr[-1] != "0" else "1")

    def kinds(*parts: str, **expected: Any) -> list[object]:
        return [problem.kind for problem in _examine(vector, SERIALIZERS[form]("~".join(parts)), **expected).problems]

    for disclosures in ([fr, locality], [fr, fr, address, locality], [changed, address, locality]):
        assert kinds(issuer_jwt, *disclosures, binding) == [PARSING_ERROR]
        assert kinds(issuer_jwt, *disclosures, "", holder_binding=False) == [PARSING_ERROR]
    for disclosures in ([address, fr, locality], [fr, address], [fr, address, locality, given_name], []):
        assert kinds(issuer_jwt, *disclosures, binding) == [CRYPTOGRAPHIC_SECURITY_ERROR]
    assert kinds(issuer_jwt, *shown, "") == [HOLDER_BINDING]
    assert kinds(issuer_jwt, *shown, binding, nonce="another") == [INVALID_CHALLENGE_ERROR]
    assert kinds(issuer_jwt, *shown, binding, audience="another") == [INVALID_DOMAIN_ERROR]
