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
    """Say which version of a document is asked for, without any the one of today, and how the keys of a did:key are written.

    Source: DID Resolution, section 4.1 (`versionId`, `versionTime`); did:webvh 1.0 (VH-15: `versionNumber`); did:key (KEY-3, KEY-4).
    """

    version_id: str | None = None
    version_time: datetime | None = None
    version_number: int | None = None
    public_key_format: str = "Multikey"
    enable_encryption_key_derivation: bool = False


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


class Remembering:
    """Be a method that is asked once about each DID, whatever came of it: for as long as one call lasts."""

    __slots__ = ("_found", "_method", "name")

    def __init__(self, method: DidMethod) -> None:
        """Take the method that is asked."""
        self.name = method.name
        self._method = method
        self._found: dict[tuple[Did, Options], Resolution | SaysoError] = {}

    def resolve(self, did: Did, at: datetime, options: Options) -> Steps[Resolution]:
        """Resolve a DID, or give again what came of it.

        Raises:
            SaysoError: as the method.
        """
        key = did, options
        if key not in self._found:
            try:
                self._found[key] = yield from self._method.resolve(did, at, options)
            except SaysoError as error:
                self._found[key] = error
        found = self._found[key]
        if isinstance(found, SaysoError):
            raise SaysoError(*found.problems)
        return found


def refuse_options(options: Options) -> None:
    """Refuse every option, for a method that has none.

    Source: DID Resolution, section 4.4 (DID-5).

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED.
    """
    refuse_versions(options)
    refuse_formats(options)


def refuse_versions(options: Options) -> None:
    """Refuse to choose a version, for a method whose documents have none.

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED.
    """
    if options[:3] != NO_OPTIONS[:3]:
        raise SaysoError.of(FEATURE_NOT_SUPPORTED, "the DID method has no versions to choose from")


def refuse_formats(options: Options) -> None:
    """Refuse to write keys in another way, for a method whose documents are as they were published.

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED.
    """
    if options[3:] != NO_OPTIONS[3:]:
        raise SaysoError.of(FEATURE_NOT_SUPPORTED, "the DID method writes its keys in one way")
