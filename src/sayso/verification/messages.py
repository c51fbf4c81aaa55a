"""Check whatever is signed and is no credential, with the stages of the one pipeline."""

from collections.abc import Collection
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from sayso.credentials.validity import token_problems
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS
from sayso.errors import SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject, Limits
from sayso.proofs.jose import jws
from sayso.proofs.jose.message import MessageMechanism
from sayso.proofs.mechanism import Policy
from sayso.retrieval import Steps
from sayso.verification.establishing import Laps, establish
from sayso.verification.stages import KnownKeys


class SignedMessage(NamedTuple):
    """Hold a message whose signature holds at this instant, and the DID whose key signed it."""

    payload: JsonObject
    signer: Did


def signed_message(
    data: bytes,
    types: Collection[str],
    relationship: str,
    at: datetime,
    *,
    skew: timedelta,
    methods: tuple[DidMethod, ...] = METHODS,
    limits: Limits = DEFAULT_LIMITS,
    algorithms: Collection[str] = jws.ALGORITHMS,
    known: KnownKeys = MappingProxyType({}),
) -> Steps[SignedMessage]:
    """Verify a JWS message: one of the `types`, signed by a key of that relationship, with dates that allow this instant.

    Source: RFC 7515, section 5.2; RFC 7519, section 7.2; RFC 8725, section 3.

    Raises:
        SaysoError: with the stage at which it was refused.
    """
    laps = Laps()
    try:
        policy, mechanisms = Policy(algorithms, (), limits), (MessageMechanism(types, relationship),)
        message = yield from establish(data, mechanisms, policy=policy, at=at, methods=methods, laps=laps, known=known)
        laps.enter("date")
        problems = token_problems(message.payload, at, skew)
        if problems:
            raise SaysoError(*problems)
    except SaysoError as error:
        raise error.under(stage=laps.stage) from None
    return SignedMessage(message.payload, Did(message.signer))
