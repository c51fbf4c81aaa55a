"""Say what a DID method gives, and what it may be asked for."""

from datetime import datetime
from typing import NamedTuple

from sayso.dids.document import DidDocument
from sayso.jsonvalue import JsonObject


class Resolution(NamedTuple):
    """Hold what a DID resolved to.

    `document` is None where the DID is deactivated, `members` the document as it was published or derived, `metadata` what DID Resolution
    calls didDocumentMetadata.
    """

    document: DidDocument | None
    members: JsonObject
    metadata: JsonObject


class Options(NamedTuple):
    """Say which version of a document is asked for; None asks for the current one."""

    version_id: str | None = None
    version_time: datetime | None = None
    version_number: int | None = None


NO_OPTIONS = Options()
