"""Recognise a credential of this issuer, whether it still holds or not."""

from datetime import datetime

from sayso.dids.resolution import METHODS
from sayso.errors import UNTRUSTED_ISSUER, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject
from sayso.proofs.data_integrity.suites import SUITES
from sayso.proofs.jose import jws
from sayso.retrieval import Steps
from sayso.verification.establishing import Laps, establish
from sayso.verification.expectations import Expectations
from sayso.verification.pipeline import MECHANISMS


def recognised(data: bytes, did: Did, at: datetime) -> Steps[JsonObject]:
    """Give what a credential says that this issuer signed: whoever brings a credential must not choose whose entry it names.

    The stages that stop are those of the one pipeline; its dates and its status are not looked at, for what has ended may be revoked too.

    Raises:
        SaysoError: UNTRUSTED_ISSUER, another signed it; or its signature does not hold.
    """
    expected = Expectations(issuers=[did], algorithms=jws.READABLE, cryptosuites=tuple(SUITES), inline_contexts=True)
    laps = Laps()
    try:
        proven = yield from establish(data, MECHANISMS, policy=expected.policy, at=at, methods=METHODS, laps=laps)
    except SaysoError as error:
        raise error.under(stage=laps.stage) from None
    if proven.format.presents or proven.format.issuer_of(proven.document) != did or all(key.controller != did for key in proven.signers):
        raise SaysoError.of(UNTRUSTED_ISSUER, "the credential was signed by another issuer", *proven.format.issuer)
    return proven.document
