"""Resolve DIDs from documents that came along: what the customer saw then, and no network now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sayso.dids import did_jwk, did_key, did_peer, document
from sayso.dids.method import DidMethod, Options, Resolution, refuse_options
from sayso.errors import NOT_FOUND, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json
from sayso.retrieval import Steps, done

_BY_THEMSELVES: Final[tuple[DidMethod, ...]] = (did_key, did_jwk, did_peer)
_KEPT: Final = ("web", "webvh")


class Seen(NamedTuple):
    """Resolve the DIDs of one method from the documents that are at hand."""

    name: str
    documents: Mapping[str, Json]

    def resolve(self, did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
        """Read the document of a DID.

        Raises:
            SaysoError: NOT_FOUND, or what is wrong with the document.
        """
        refuse_options(options)
        members = self.documents.get(did)
        if not isinstance(members, dict):
            raise SaysoError.of(NOT_FOUND, "the bundle holds no document of this DID")
        return done(Resolution(document.parse(members), members, {}))


def methods(documents: Mapping[str, Json]) -> tuple[DidMethod, ...]:
    """Give the methods: those whose DIDs say their keys themselves, and those whose documents are at hand."""
    return (*_BY_THEMSELVES, *(Seen(name, documents) for name in _KEPT))
