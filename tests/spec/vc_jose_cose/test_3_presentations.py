"""VC-JOSE-COSE, sections 3.1.2 and 3.2.2: what a presentation that is a JWT holds."""

from typing import Any

import pytest

from sayso.credentials.contexts.bundled import CREDENTIALS_V2
from sayso.credentials.formats import JWT_VP, LDP_VP, SD_JWT_VP
from sayso.credentials.kinds import reading_of
from sayso.jsonvalue import JsonObject

HOLDER = "did:example:ada"
ENVELOPE: JsonObject = {"@context": CREDENTIALS_V2, "type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,a.b.c"}
CREDENTIAL: JsonObject = {
    "@context": [CREDENTIALS_V2],
    "type": ["VerifiableCredential"],
    "issuer": HOLDER,
    "credentialSubject": {"name": "Ada"},
}


def places(format_: Any, *credentials: JsonObject) -> list[str]:
    document = {"@context": [CREDENTIALS_V2], "type": "VerifiablePresentation", "holder": HOLDER, "verifiableCredential": [*credentials]}
    return [problem.pointer for problem in format_.problems(document, reading_of(), (), ())]


@pytest.mark.parametrize("format_", [JWT_VP, SD_JWT_VP], ids=lambda format_: format_.typ)
def test_vj_8_every_credential_is_in_an_envelope(format_: Any) -> None:
    """VJ-8: not with a proof of its own, and not as an assertion of the holder."""
    proven: JsonObject = {**CREDENTIAL, "proof": {"type": "DataIntegrityProof"}}
    assert places(format_, ENVELOPE, ENVELOPE) == []
    assert places(format_, ENVELOPE, proven) == ["/verifiableCredential/1"]
    assert places(format_, CREDENTIAL, ENVELOPE) == ["/verifiableCredential/0"]
    assert places(LDP_VP, CREDENTIAL, proven, ENVELOPE) == []
