"""Offer resolution and dereferencing to callers: an identifier in, a published result out."""

from collections.abc import Mapping
from datetime import datetime

from sayso.clock import aware
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS
from sayso.dids.results import NO_NAMED_OPTIONS, ErrorForm, dereferencing_result, resolution_result
from sayso.jsonvalue import Json, JsonObject
from sayso.retrieval import AsyncFetch, Fetch, drive, drive_async, offline


def resolve(
    did: str,
    options: Mapping[str, Json] = NO_NAMED_OPTIONS,
    *,
    at: datetime,
    fetch: Fetch = offline,
    methods: tuple[DidMethod, ...] = METHODS,
    error_form: ErrorForm = "1.1",
) -> JsonObject:
    """Resolve a DID; bad input gives a result that says so, never an exception.

    Args:
        did: the DID, not trusted.
        options: by the names that the standard gives them, such as `versionId`, `versionTime` or `expandRelativeUrls`.
        at: the instant of the call, aware.
        fetch: answers what has to be retrieved; the default refuses.
        methods: the DID methods that are known.
        error_form: "1.1" writes `error` as ProblemDetails, "1.0" as the word that DID 1.0 has for it, with the details beside it.

    Returns:
        `didResolutionMetadata` (with `error` where it failed), `didDocument` (null then, and for a DID that was deactivated), and
        `didDocumentMetadata`.

    Source: DID Resolution, section 4 (DID-3).
    """
    return drive(resolution_result(did, options, at=aware(at), methods=methods, error_form=error_form), fetch)


async def resolve_async(
    did: str,
    options: Mapping[str, Json] = NO_NAMED_OPTIONS,
    *,
    at: datetime,
    fetch: AsyncFetch,
    methods: tuple[DidMethod, ...] = METHODS,
    error_form: ErrorForm = "1.1",
) -> JsonObject:
    """Resolve as `resolve` does, with a fetcher that is awaited."""
    return await drive_async(resolution_result(did, options, at=aware(at), methods=methods, error_form=error_form), fetch)


def dereference(
    did_url: str,
    options: Mapping[str, Json] = NO_NAMED_OPTIONS,
    *,
    at: datetime,
    fetch: Fetch = offline,
    methods: tuple[DidMethod, ...] = METHODS,
    error_form: ErrorForm = "1.1",
) -> JsonObject:
    """Dereference a DID URL: to a document, a verification method, a service, or with `accept` "text/uri-list" to the URLs of a service.

    Bad input gives a result that says so, never an exception. Nothing but the DID document is retrieved.

    Args:
        did_url: the DID URL, not trusted.
        options: as for `resolve`; with `verificationRelationship` a verification method must be authorised for it, and usable.
        at: the instant of the call, aware.
        fetch: answers what has to be retrieved; the default refuses.
        methods: the DID methods that are known.
        error_form: as for `resolve`.

    Returns:
        `dereferencingMetadata` (with `error` where it failed), `content` (null then), and `contentMetadata`.

    Source: DID Resolution, section 5 (DID-6).
    """
    return drive(dereferencing_result(did_url, options, at=aware(at), methods=methods, error_form=error_form), fetch)


async def dereference_async(
    did_url: str,
    options: Mapping[str, Json] = NO_NAMED_OPTIONS,
    *,
    at: datetime,
    fetch: AsyncFetch,
    methods: tuple[DidMethod, ...] = METHODS,
    error_form: ErrorForm = "1.1",
) -> JsonObject:
    """Dereference as `dereference` does, with a fetcher that is awaited."""
    return await drive_async(dereferencing_result(did_url, options, at=aware(at), methods=methods, error_form=error_form), fetch)
