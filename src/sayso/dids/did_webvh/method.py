"""Be the DID method, and load the reader of logs with the first that is read: few processes meet one.

Source: did:webvh 1.0.
"""

from datetime import datetime

from sayso.dids.method import NO_OPTIONS, Options, Resolution
from sayso.identifiers import Did
from sayso.retrieval import Steps

name = "webvh"


def resolve(did: Did, at: datetime, options: Options = NO_OPTIONS) -> Steps[Resolution]:
    """Resolve a did:webvh, as `resolution.resolve` does."""
    from sayso.dids.did_webvh import resolution

    return (yield from resolution.resolve(did, at, options))
