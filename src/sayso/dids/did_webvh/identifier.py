"""Read a did:webvh: what names it for good, and where its files lie.

Source: did:webvh 1.0, "Method-Specific Identifier" and "The DID to HTTPS Transformation" (VH-1, VH-2).
"""

import re
from typing import NamedTuple

from sayso.dids import did_web
from sayso.errors import INVALID_DID, SaysoError
from sayso.identifiers import Did

PREFIX = "did:webvh:"
PLACEHOLDER = "{SCID}"
"""Stands for the SCID where it is not known yet."""

MAX_CHARACTERS = 2048
"""The longest did:webvh that is read: its places need not be longer than a URL may be."""

# The multihash of SHA-256 in base58btc: 46 characters that begin with Qm.
_SCID = re.compile("Qm[1-9A-HJ-NP-Za-km-z]{44}")
_DID_WEB, _FILE = "did:web:", "did.json"


class Identifier(NamedTuple):
    """Hold the parts of a did:webvh; `place` is the URL of the folder of its files."""

    did: Did
    scid: str
    place: str

    @property
    def log_url(self) -> str:
        """Where the log lies (VH-2)."""
        return self.place + "did.jsonl"

    @property
    def witness_url(self) -> str:
        """Where the proofs of the witnesses lie (VH-2)."""
        return self.place + "did-witness.json"

    @property
    def base_url(self) -> str:
        """Where the paths of its DID URLs begin (VH-16)."""
        return self.place.removesuffix(".well-known/")


def parse(did: str) -> Identifier:
    """Read a did:webvh.

    Behind the SCID stands what follows `did:web:` in a did:web of the same place, and it is read there: no IP address, no name that leads
    to this machine or network, no segment that leaves its path.

    Raises:
        SaysoError: INVALID_DID.

    >>> parse("did:webvh:QmWuZAPus1QhNJTvrQSKMegA5GSv51tGozc7rM9oi76QvW:city.example:cards").log_url
    'https://city.example/cards/did.jsonl'
    """
    if len(did) > MAX_CHARACTERS:
        raise SaysoError.of(INVALID_DID, f"a did:webvh has at most {MAX_CHARACTERS} characters")
    scid, colon, rest = did.removeprefix(PREFIX).partition(":")
    if not did.startswith(PREFIX) or not colon or not _SCID.fullmatch(scid):
        raise SaysoError.of(INVALID_DID, "a did:webvh begins with its SCID: 46 characters of base58btc")
    return Identifier(Did(did), scid, place_of(rest))


def place_of(rest: str) -> str:
    """Give the URL of the folder of the files, from what stands behind the SCID.

    Raises:
        SaysoError: INVALID_DID.
    """
    if "%3a" in rest:  # VH-1: one spelling, so that no second DID has the same place
        raise SaysoError.of(INVALID_DID, "the colon before the port of a did:webvh is written %3A")
    return did_web.url_of(_DID_WEB + rest).removesuffix(_FILE)
