"""Read and write did:peer: a DID for a few, which holds its own document.

Numalgo 0 is one key, 2 lists keys and services, 4 holds a whole document; 3 and the short form of 4 are digests of a longer DID.

Source: Peer DID Method (DIF, 2024), sections "Method 0" to "Method 4" (PEER-0, PEER-2 to PEER-4).
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from sayso.dids import did_key
from sayso.dids.document import DidDocument, members_of, parse
from sayso.dids.method import Options, Resolution, refuse_options
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, UNDECIDABLE, SaysoError
from sayso.identifiers import Did, DidUrl
from sayso.jsonvalue import JsonObject
from sayso.keys import multikey
from sayso.keys.verification_key import VerificationKey
from sayso.retrieval import Steps, done

name = "peer"
MAX_CHARACTERS = 16_384
"""The longest did:peer that is read."""

_PREFIX = "did:peer:"
_LONGER = {"1": "the document that it was made of", "3": "the did:peer:2 that it is a digest of", "4": "its long form"}


def did_of(key: VerificationKey) -> Did:
    """Give the DID of one key (numalgo 0).

    Source: Peer DID Method, "Method 0" (PEER-0).
    """
    return Did(f"{_PREFIX}0{multikey.encode_any(key)}")


def verification_method(key: VerificationKey) -> DidUrl:
    """Give the identifier of a key in the document of its DID: the fragment is the key, as in a did:key."""
    return DidUrl(f"{did_of(key)}#{multikey.encode_any(key)}")


def document(did: str) -> DidDocument:
    """Give the document that a did:peer stands for.

    Raises:
        SaysoError: as `resolve`; UNDECIDABLE for one that is a digest.
    """
    return _found(Did(did), Did(did))[0]


def resolve(did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
    """Resolve a did:peer, which needs no world and has one version.

    Raises:
        SaysoError: FEATURE_NOT_SUPPORTED, INVALID_DID, LIMIT_EXCEEDED; UNDECIDABLE for a digest of what is not known here.
    """
    refuse_options(options)
    return done(Resolution(*_found(did, did), {}))


class Knowing(NamedTuple):
    """Resolve did:peer, with the longer DIDs that were met before: so the short ones resolve too. Make one with `knowing`."""

    longer: Mapping[str, Did]
    name: str = name

    def resolve(self, did: Did, _at: datetime, options: Options) -> Steps[Resolution]:
        """Resolve a did:peer, as `resolve`, or the short form of one that is known."""
        refuse_options(options)
        return done(Resolution(*_found(did, self.longer.get(did, did)), {}))


def knowing(*dids: str) -> Knowing:
    """Give the method that knows these DIDs by their short forms too.

    Source: Peer DID Method, "Method 3" and "Method 4" (PEER-3, PEER-4: resolving the short form requires having seen the long one).

    Raises:
        SaysoError: INVALID_DID for one that is no did:peer, or has no short form.
    """
    return Knowing(MappingProxyType({short_of(did): Did(did) for did in dids}))


def short_of(did: str) -> Did:
    """Give the short form: the did:peer:3 of a did:peer:2, or a did:peer:4 without its document.

    Raises:
        SaysoError: INVALID_DID.
    """
    from sayso.dids import did_peer_2, did_peer_4

    if did.startswith(_PREFIX + "2"):
        return did_peer_2.short_of(did)
    if did.startswith(_PREFIX + "4"):
        return did_peer_4.short_of(did)
    raise SaysoError.of(INVALID_DID, "only a did:peer:2 and a did:peer:4 have a short form")


def _found(did: Did, longer: Did) -> tuple[DidDocument, JsonObject]:
    # `did` is what the document is to be of, `longer` what it is read from.
    if not did.startswith(_PREFIX):
        raise SaysoError.of(INVALID_DID, "not a did:peer")
    if len(longer) > MAX_CHARACTERS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a did:peer is longer than {MAX_CHARACTERS} characters")
    numalgo = longer[len(_PREFIX) : len(_PREFIX) + 1]
    if numalgo == "0":
        return _of_one_key(did)
    from sayso.dids import did_peer_2, did_peer_4  # here, for few processes need them, and every door would pay for them

    if numalgo == "2":
        return _of_members(did_peer_2.members(longer, did))
    if numalgo == "4" and did_peer_4.is_long(longer):
        return _of_members(did_peer_4.members(longer, did))
    if numalgo in _LONGER:
        raise SaysoError.of(UNDECIDABLE, f"this did:peer needs {_LONGER[numalgo]}, which is not known here")
    raise SaysoError.of(INVALID_DID, "a did:peer of no known numalgo")


def _of_one_key(did: Did) -> tuple[DidDocument, JsonObject]:
    body = did[len(_PREFIX) + 1 :]
    made = did_key.document_for(did, body)
    method: JsonObject = {"id": f"{did}#{body}", "type": "Multikey", "controller": did, "publicKeyMultibase": body}
    return made, members_of(did, [method], made.relationships)


def _of_members(members: JsonObject) -> tuple[DidDocument, JsonObject]:
    try:
        return parse(members), members
    except SaysoError as error:  # the document is in the DID: where the one is wrong the other is
        raise SaysoError.of(INVALID_DID, error.problems[0].detail) from None
