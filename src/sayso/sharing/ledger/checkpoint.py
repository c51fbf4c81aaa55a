"""Sign one root over the heads of all relationships, and verify it.

A checkpoint is for the customer's own backups and for evidence: it tells neither a business nor how much was shared.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.credentials.validity import parse_numeric_date
from sayso.dids import did_key
from sayso.errors import INVALID_VERIFICATION_METHOD, LEDGER, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import DEFAULT_LIMITS, Limits
from sayso.keys.signer import Signer, own_ed25519_key
from sayso.proofs.jose import jws
from sayso.retrieval import Steps
from sayso.verification.messages import signed_message

TYPE: Final = "sayso-ledger+jwt"
_NO_SKEW = timedelta(0)


class Checkpoint(NamedTuple):
    """Hold a checkpoint whose signature holds: whose ledger it is, when it was signed, and the root over the heads."""

    ledger: Did
    at: datetime
    root: str


def sign(root: str, at: datetime, signer: Signer) -> str:
    """Sign a root with the key of the ledger."""
    key = own_ed25519_key(signer)
    header = jws.protect({"alg": jws.EDDSA, "typ": TYPE, "kid": did_key.verification_method(key)})
    return jws.sign(header, {"iss": did_key.did_of(key), "iat": int(at.timestamp()), "root": root}, signer)


def verify(text: str, at: datetime, *, limits: Limits = DEFAULT_LIMITS) -> Steps[Checkpoint]:
    """Verify a checkpoint at an instant; it may not be of a later one.

    Raises:
        SaysoError: the signature does not hold, or it is malformed.
    """
    message = yield from signed_message(text.encode(), (TYPE,), "assertionMethod", at, skew=_NO_SKEW, methods=(did_key,), limits=limits)
    said = message.payload
    if said.keys() != {"iss", "iat", "root"} or not isinstance(said["root"], str):
        raise SaysoError.of(LEDGER, "a checkpoint has iss, iat and root")
    if said["iss"] != message.signer:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the checkpoint is not signed by the ledger that it names", "iss")
    return Checkpoint(message.signer, parse_numeric_date(said["iat"]), said["root"])
