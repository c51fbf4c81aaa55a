"""Read what is signed and is no credential: request objects, and later status list tokens and security events."""

from collections.abc import Collection
from typing import NamedTuple

from sayso.errors import INVALID_VERIFICATION_METHOD_URL, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.keys.verification_key import VerificationKey
from sayso.proofs.jose import jws
from sayso.proofs.jose.jws import Jws
from sayso.proofs.mechanism import Policy


class ProvenMessage(NamedTuple):
    """Hold a message whose signature holds, and the DID URL of the key that made it."""

    payload: JsonObject
    key_id: str


class DecodedMessage(NamedTuple):
    """Hold a JWS that nobody has proven."""

    jws: Jws
    key_id: str
    relationship: str

    def prove(self, key: VerificationKey) -> ProvenMessage:
        """Give the payload if the signature holds.

        Raises:
            SaysoError: CRYPTOGRAPHIC_SECURITY_ERROR.
        """
        self.jws.prove(key)
        return ProvenMessage(self.jws.payload, self.key_id)


class MessageMechanism(NamedTuple):
    """Read JWS messages of the given types, signed with a key of the given relationship."""

    types: Collection[str]
    relationship: str

    def decode(self, data: bytes, policy: Policy) -> DecodedMessage:
        """Read a message.

        Raises:
            SaysoError: it is malformed or outside the policy.
        """
        message = jws.decode(data, self.types, policy.algorithms, policy.limits)
        return DecodedMessage(message, key_id(message.header), self.relationship)


def key_id(header: JsonObject) -> str:
    """Give the DID URL that a header names.

    Source: VC-JOSE-COSE, section 4.1.1 (VJ-5: `kid` is present and absolute when the key is a DID's).

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD_URL.
    """
    kid = header.get("kid")
    if type(kid) is not str:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD_URL, "kid is not the DID URL of a key", "kid")
    return kid
