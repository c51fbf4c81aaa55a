"""Find the key behind an identifier, and whether it may be used for a purpose.

Source: DID Resolution, section 4 (DID-3, DID-5); Controlled Identifiers 1.0, section 3.3 (CID-3).
"""

from datetime import datetime

from sayso.credentials.validity import Window
from sayso.dids import did_jwk, did_key, did_peer, did_web
from sayso.dids.did_webvh import method as did_webvh
from sayso.dids.document import DidDocument, VerificationMethod
from sayso.dids.method import NO_OPTIONS, DidMethod, Options, Remembering, Resolution
from sayso.errors import (
    DEACTIVATED,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    METHOD_NOT_SUPPORTED,
    SaysoError,
)
from sayso.identifiers import Did, parse_did, parse_did_url
from sayso.keys.ed25519 import PublicKey
from sayso.retrieval import Steps

METHODS: tuple[DidMethod, ...] = (did_key, did_jwk, did_web, did_peer, did_webvh)
"""The DID methods that are built."""


_PURE: tuple[DidMethod, ...] = (did_key, did_jwk, did_peer)


def remembering(methods: tuple[DidMethod, ...]) -> tuple[DidMethod, ...]:
    """Give methods that ask the world once about each DID: a stranger may name one in every proof."""
    return tuple(method if method in _PURE or isinstance(method, Remembering) else Remembering(method) for method in methods)


def resolve(did: str, at: datetime, methods: tuple[DidMethod, ...] = METHODS, options: Options = NO_OPTIONS) -> Steps[Resolution]:
    """Resolve a DID at an instant: to its document, or to the news that it was deactivated.

    Source: DID Resolution, section 4 (DID-3, DID-5: syntax first, then the method).

    Raises:
        SaysoError: INVALID_DID, METHOD_NOT_SUPPORTED, INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID, and what the method raises.
    """
    return (yield from _resolve(parse_did(did), at, methods, options))


def document_of(did: str, at: datetime, methods: tuple[DidMethod, ...] = METHODS) -> Steps[DidDocument]:
    """Resolve a DID to the document that it has.

    Raises:
        SaysoError: DEACTIVATED, and as `resolve`.
    """
    return _standing((yield from _resolve(parse_did(did), at, methods, NO_OPTIONS)))


def _standing(found: Resolution) -> DidDocument:
    if found.document is None:
        raise SaysoError.of(DEACTIVATED, "nothing holds any more that the DID signs")
    return found.document


def _resolve(did: Did, at: datetime, methods: tuple[DidMethod, ...], options: Options) -> Steps[Resolution]:
    found = yield from method_of(did, methods).resolve(did, at, options)
    # DID-3: the id of the document MUST be the DID that was asked for; the fifth step of CID-3 says the same.
    if found.document is not None and found.document.id != did:
        raise SaysoError.of(INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID, "the id is not the DID that was resolved", "id")
    return found


def method_of(did: Did, methods: tuple[DidMethod, ...]) -> DidMethod:
    """Find the method that resolves a DID: the first of its name.

    Raises:
        SaysoError: METHOD_NOT_SUPPORTED.
    """
    name = did.split(":", 2)[1]
    for method in methods:
        if method.name == name:
            return method
    raise SaysoError.of(METHOD_NOT_SUPPORTED, f"no resolver for did:{name:.20}")


def retrieve_verification_method(
    did_url: str, relationship: str, at: datetime, methods: tuple[DidMethod, ...] = METHODS
) -> Steps[VerificationMethod]:
    """Find the verification method that an identifier names, authorised for a relationship and usable at an instant.

    Source: Controlled Identifiers 1.0, section 3.3 (Retrieve Verification Method), steps 1-8 as CID-3 counts them.

    Raises:
        SaysoError: the problem type that each step names, and what `resolve` raises.
    """
    # (1) The identifier is a URL; here, one of a DID.
    # (2) What stands before `#` names the document. A path or query would name something else than the DID's document.
    try:
        parts = parse_did_url(did_url)
    except SaysoError as error:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD_URL, error.problems[0].detail) from None
    if not parts.fragment or parts.path or parts.query:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD_URL, "not a DID with a fragment alone")
    # (3) dereferences it; (4) INVALID_CONTROLLED_IDENTIFIER_DOCUMENT comes from `document.parse`; (5) is checked where a DID is resolved.
    document = _standing((yield from _resolve(parts.did, at, methods, NO_OPTIONS)))
    return authorised_method(document, did_url, relationship, at)


def key_of_did(did: str, at: datetime, methods: tuple[DidMethod, ...] = METHODS) -> Steps[PublicKey]:
    """Find the key with which the subject of a DID authenticates: the first one of that relationship.

    Raises:
        SaysoError: as `retrieve_verification_method`.
    """
    document = yield from document_of(did, at, methods)
    named = document.relationships.get("authentication")
    if not named:
        raise SaysoError.of(INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD, "the DID document names no key for authentication")
    key = authorised_method(document, named[0], "authentication", at).key
    if not isinstance(key, PublicKey):  # what a holder signs, and `cnf`, is Ed25519 only
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the key for authentication is not an Ed25519 key")
    return key


def authorised_method(document: DidDocument, did_url: str, relationship: str, at: datetime) -> VerificationMethod:
    """Find a verification method in a document that is at hand: the steps of CID-3 that come after resolution.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD, INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD; UNDECIDABLE for a kind of key not read here.
    """
    # (6) The ids of the document are absolute by now, and methods embedded in a relationship stand among the others.
    method = document.methods.get(did_url)
    # (7) INVALID_VERIFICATION_METHOD unless it is a conforming method of this document, controlled by the DID itself.
    if method is None:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the DID document has no such verification method")
    if not isinstance(method, VerificationMethod):
        raise SaysoError(method.problem)
    if method.controller != document.id:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the verification method is controlled by another DID")
    named_for(document, did_url, relationship)
    return usable(method, at)


def named_for(document: DidDocument, did_url: str, relationship: str) -> None:
    """See that a document names a verification method for a relationship.

    Raises:
        SaysoError: INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD.
    """
    # (8) The relationship is the purpose of the proof.
    if did_url not in document.relationships.get(relationship, ()):
        raise SaysoError.of(INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD, f"the DID document does not name the key under {relationship}")


def usable(method: VerificationMethod, at: datetime) -> VerificationMethod:
    """Give a verification method that may be used at an instant.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    not_ended((method.expires, method.revoked), at)
    return method


def not_ended(ends: tuple[datetime | None, datetime | None], at: datetime) -> None:
    """See that a verification method has neither expired nor was revoked.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD.
    """
    # CID 1.0, section 2.2: proofs are not to be verified at or after these instants (CID-2).
    for end in ends:
        if end is not None and not Window(end=end).contains(at):
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the verification method has expired or was revoked")
