"""Read and write did:key: a DID that is its key.

Source: did:key (CCG draft of 2025), sections 2 and 3.1 (KEY-1 to KEY-6).
"""

from datetime import datetime
from functools import lru_cache

from sayso.dids.document import DidDocument, members_of, of_one_key
from sayso.dids.method import Options, Resolution, refuse_options
from sayso.errors import INVALID_DID, UNDECIDABLE, SaysoError
from sayso.identifiers import Did, DidUrl
from sayso.jsonvalue import JsonObject
from sayso.keys import multikey
from sayso.keys.verification_key import VerificationKey
from sayso.retrieval import Steps, done

name = "key"
MAX_CACHED_DOCUMENTS = 1024
"""How many documents are kept: at most about 2 MB. The text of a did:key decides its document for good."""

_PREFIX = "did:key:"


def did_of(key: VerificationKey) -> Did:
    """Give the DID of a key."""
    return Did(_PREFIX + multikey.encode_any(key))


def verification_method(key: VerificationKey) -> DidUrl:
    """Give the identifier of a key in the document of its DID: the fragment is the body (KEY-3, KEY-6)."""
    text = multikey.encode_any(key)
    return DidUrl(f"{_PREFIX}{text}#{text}")


@lru_cache(MAX_CACHED_DOCUMENTS)
def document(did: str) -> DidDocument:
    """Give the document that a did:key stands for.

    Only base58btc and no version in front: a key has one spelling (KEY-1).

    Raises:
        SaysoError: INVALID_DID; UNDECIDABLE for a version or another kind of key, where nothing is wrong with the DID.
    """
    scheme, body = did[: len(_PREFIX)], did[len(_PREFIX) :]
    try:
        if scheme != _PREFIX:
            raise SaysoError.of(INVALID_DID, "not a did:key")
        key = multikey.decode_any(body)
    except SaysoError as error:
        version, colon, _ = body.partition(":")
        kind = UNDECIDABLE if multikey.is_foreign(body) or (colon and version.isdecimal()) else INVALID_DID
        raise SaysoError.of(kind, error.problems[0].detail) from None
    # The fragment is the body, and there is no other method: so a DID URL with another fragment finds nothing (KEY-6).
    return of_one_key(Did(did), f"{did}#{body}", key)


def resolve(did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
    """Resolve a did:key, which needs no world and has one version."""
    refuse_options(options)
    return done(_resolution(did))


@lru_cache(MAX_CACHED_DOCUMENTS)
def _resolution(did: str) -> Resolution:
    made = document(did)
    body = did[len(_PREFIX) :]  # written as it stands there: encoding the key anew would cost more than reading it
    method: JsonObject = {"id": f"{did}#{body}", "type": "Multikey", "controller": did, "publicKeyMultibase": body}
    return Resolution(made, members_of(did, [method], made.relationships), {})
