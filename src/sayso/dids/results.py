"""Give what DID Resolution publishes as the results of its two functions, as JSON.

Source: DID Resolution 1.0, sections 4, 5 and 11 (DID-3 to DID-6).
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal, TypeAlias

from sayso.dids.asking import DID_MEDIA_TYPE, asked
from sayso.dids.dereferencing import dereference
from sayso.dids.method import DidMethod
from sayso.dids.relative import expanded
from sayso.dids.resolution import METHODS, method_of, resolve
from sayso.errors import (
    DEACTIVATED,
    FEATURE_NOT_SUPPORTED,
    INTERNAL_ERROR,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID,
    INVALID_DID,
    INVALID_DID_DOCUMENT,
    INVALID_DID_URL,
    INVALID_OPTIONS,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    METHOD_NOT_SUPPORTED,
    NOT_FOUND,
    REPRESENTATION_NOT_SUPPORTED,
    UNDECIDABLE,
    ProblemType,
    SaysoError,
)
from sayso.identifiers import parse_did
from sayso.jsonvalue import Json, JsonObject, thaw
from sayso.retrieval import Steps

ErrorForm: TypeAlias = Literal["1.1", "1.0"]
"""How a failure is written: as the ProblemDetails of DID Resolution 1.0, or as DID 1.0 did, by a word, with those details beside it."""

NO_NAMED_OPTIONS: Mapping[str, Json] = MappingProxyType({})

# What the two functions may fail with; anything else of the library is told as one of these, and the detail says what it was.
_PUBLISHED = frozenset(
    {
        INVALID_DID,
        INVALID_DID_URL,
        INVALID_OPTIONS,
        NOT_FOUND,
        REPRESENTATION_NOT_SUPPORTED,
        INVALID_DID_DOCUMENT,
        METHOD_NOT_SUPPORTED,
        FEATURE_NOT_SUPPORTED,
        INVALID_VERIFICATION_METHOD,
        INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    }
)
_TOLD_AS = {
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT: INVALID_DID_DOCUMENT,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID: INVALID_DID_DOCUMENT,
    UNDECIDABLE: FEATURE_NOT_SUPPORTED,
    DEACTIVATED: NOT_FOUND,
}


def resolution_result(
    did: str,
    options: Mapping[str, Json] = NO_NAMED_OPTIONS,
    *,
    at: datetime,
    methods: tuple[DidMethod, ...] = METHODS,
    error_form: ErrorForm = "1.1",
) -> Steps[JsonObject]:
    """Resolve a DID: didResolutionMetadata, didDocument and didDocumentMetadata; a failure is one of these results too.

    Source: DID Resolution, sections 4 and 4.4 (DID-3 to DID-5).
    """
    try:
        method_of(parse_did(did), methods)  # DID-5: the syntax, then the method, then the options
        wanted = asked(options)
        found = yield from resolve(did, at, methods, wanted.options)
    except SaysoError as error:
        return {"didResolutionMetadata": _failure(error, error_form), "didDocument": None, "didDocumentMetadata": {}}
    if found.document is None:  # DID-3: this MUST be told; there is no error, and no document
        return {"didResolutionMetadata": {}, "didDocument": None, "didDocumentMetadata": {**found.metadata, "deactivated": True}}
    return {
        "didResolutionMetadata": {"contentType": wanted.accept or DID_MEDIA_TYPE},
        "didDocument": thaw(expanded(found.members, found.document.id) if wanted.expand_relative_urls else found.members),
        "didDocumentMetadata": thaw(found.metadata),
    }


def dereferencing_result(
    did_url: str,
    options: Mapping[str, Json] = NO_NAMED_OPTIONS,
    *,
    at: datetime,
    methods: tuple[DidMethod, ...] = METHODS,
    error_form: ErrorForm = "1.1",
) -> Steps[JsonObject]:
    """Dereference a DID URL: dereferencingMetadata, content and contentMetadata; a failure is one of these results too.

    Source: DID Resolution, section 5 (DID-6).
    """
    try:
        found = yield from dereference(did_url, options, at, methods)
    except SaysoError as error:
        return {"dereferencingMetadata": _failure(error, error_form), "content": None, "contentMetadata": {}}
    return {
        "dereferencingMetadata": {"contentType": found.media_type},
        "content": thaw(found.content),
        "contentMetadata": thaw(found.metadata),
    }


def error_of(error: SaysoError) -> ProblemType:
    """Say which of the published errors this is.

    Source: DID Resolution, section 11 (DID-4).
    """
    kind = error.problems[0].kind
    return kind if kind in _PUBLISHED else _TOLD_AS.get(kind, INTERNAL_ERROR)


def word_of(kind: ProblemType) -> str:
    """Give the word by which DID 1.0 knows an error.

    >>> word_of(METHOD_NOT_SUPPORTED)
    'methodNotSupported'
    """
    first, *others = kind.url.partition("#")[2].lower().split("_")
    return first + "".join(word.capitalize() for word in others)


def _failure(error: SaysoError, form: ErrorForm) -> JsonObject:
    kind = error_of(error)
    details: JsonObject = {"type": kind.url, "title": kind.title, "detail": str(error.problems[0].detail)}
    return {"error": details} if form == "1.1" else {"error": word_of(kind), "problemDetails": details}
