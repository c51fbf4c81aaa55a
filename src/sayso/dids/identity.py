"""Join a signer to the DID it signs for."""

from datetime import datetime
from typing import NamedTuple

from sayso.dids import did_key
from sayso.dids.document import VerificationMethod
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS, authorised_method, document_of
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.identifiers import Did, DidUrl
from sayso.keys.signer import Signer, own_key
from sayso.retrieval import Steps


class Identity(NamedTuple):
    """Hold a DID, the DID URL of one of its keys, the signer of that key, and what its signatures are called in JOSE."""

    did: Did
    key_id: DidUrl
    signer: Signer
    algorithm: str


def identity(
    signer: Signer,
    did: str | None,
    relationship: str,
    at: datetime,
    methods: tuple[DidMethod, ...] = METHODS,
    *,
    algorithm: str | None = None,
) -> Steps[Identity]:
    """Find the verification method of a signer's key, authorised for a relationship; without a DID it is that of its did:key.

    `algorithm` is what the headers of what it signs will say, the usual name by default.

    Raises:
        TypeError: it is no signer.
        ValueError: the algorithm is none of its key (RFC 8725, section 3.1).
        SaysoError: the key is no good point of its curve, or the DID document does not authorise it.
    """
    key = own_key(signer)
    chosen = key.algorithms[0] if algorithm is None else algorithm
    if chosen not in key.algorithms:
        msg = f"algorithm is one of {', '.join(key.algorithms)}"
        raise ValueError(msg)
    if did is None:
        return Identity(did_key.did_of(key), did_key.verification_method(key), signer, chosen)
    document = yield from document_of(did, at, methods)
    for did_url in document.relationships.get(relationship, ()):
        method = document.methods.get(did_url)
        if isinstance(method, VerificationMethod) and method.key == key:
            authorised_method(document, did_url, relationship, at)
            return Identity(document.id, DidUrl(did_url), signer, chosen)
    raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"the DID document does not name the signer's key under {relationship}")
