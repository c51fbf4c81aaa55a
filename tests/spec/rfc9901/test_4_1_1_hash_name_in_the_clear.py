"""SD-V3, SD-V9: `_sd_alg` stands at the top level of the payload, and no disclosure names it.

RFC 9901, section 4.1.1; section 7.1, step 3.c.ii: a claim name that exists already at that level is refused.
"""

import hashlib
from datetime import UTC, datetime

import pytest

from sayso.dids import did_key
from sayso.errors import PARSING_ERROR
from sayso.jsonvalue import JsonObject
from sayso.keys.signer import SeedSigner
from sayso.proofs.jose import jws
from sayso.proofs.sd_jwt import disclosure
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations

SIGNER = SeedSigner(bytes(32))
ISSUER = did_key.did_of(SIGNER.public_key)
HEADER: JsonObject = {"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": did_key.verification_method(SIGNER.public_key)}


@pytest.mark.parametrize("clear", [{"_sd_alg": "sha-256"}, {}])
def test_a_disclosure_of_the_hash_name_is_refused(clear: JsonObject) -> None:
    opened = disclosure.write_property("c2FsdA", "_sd_alg", "sha-512")
    payload: JsonObject = {"iss": ISSUER, "vct": "Card", "_sd": [disclosure.digest_of(opened, hashlib.sha256)], **clear}
    token = "~".join((jws.sign(jws.protect(HEADER), payload, SIGNER), opened, ""))
    report = examine(token, Expectations(issuers=[ISSUER], holder_binding=False), at=datetime(2026, 11, 20, tzinfo=UTC))
    assert [(problem.stage, problem.kind) for problem in report.problems] == [("decode", PARSING_ERROR)]
