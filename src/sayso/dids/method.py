"""What a DID method is: it turns a DID, and what was asked of it, into a document and what is known about it.

Source: DID Resolution, section 4 (DID-3, DID-5).
"""

from datetime import datetime
from typing import NamedTuple, Protocol

from sayso.dids.document import DidDocument
from sayso.errors import FEATURE_NOT_SUPPORTED, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject
from sayso.retrieval import Steps


class Options(NamedTuple):
    """Say which version of a document is asked for; without any, the one of today.

    Source: DID Resolution, section 4.1 (`versionId`, `versionTime`); did:webvh 1.0 (VH-15: `versionNumber`).
    """

    version_id: str | None = None
    version_time: datetime | None = None
    version_number: int | None = None


NO_OPTIONS = Options()
"""Ask for the document of today."""


class Resolution(NamedTuple):
    """Hold what a method found: what the document says about keys, the whole of it as JSON, and didDocumentMetadata.

    For a DID that was deactivated `document` is None and `members` is empty. A method may keep the value: nothing in it is to be changed.

    Source: DID Resolution, section 4 (DID-3).
    """

    document: DidDocument | None
    members: JsonObject
    metadata: JsonObject


class DidMethod(Protocol):
    """Resolve the DIDs of one method; a module can be one. `name` is what stands between the colons, `at` the instant of the call."""

    @property
    def name(self) -> str: ...
    def resolve(self, did: Did, at: datetime, options: Options, /) -> Steps[Resolution]: ...


def refuse_options(options: Options) -> None:
    """Refuse every option, for a method whose documents have no versions that could be asked for.

    Source: DID Resolution, section 4.4 (DID-5).

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED.
    """
    if options != NO_OPTIONS:
        raise SaysoError.of(FEATURE_NOT_SUPPORTED, "the DID method has no versions to choose from")
