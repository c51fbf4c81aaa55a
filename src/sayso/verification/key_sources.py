"""Find the key of who should have signed, in the ways that the caller names.

Source: SD-JWT VC draft 19, section 2.5 (SV-7: a key that is not found in a way that is permitted refuses).
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn

from sayso.dids.method import DidMethod
from sayso.dids.resolution import retrieve_verification_method
from sayso.errors import INVALID_VERIFICATION_METHOD, UNTRUSTED_ISSUER, SaysoError
from sayso.proofs.mechanism import FoundKey, KeyUse
from sayso.retrieval import Retrieve, Steps, done, drive

if TYPE_CHECKING:
    from sayso.keys.certificates import Anchors

DID: Final = "did"
ISSUER_METADATA: Final = "issuer-metadata"
X5C: Final = "x5c"
_ISSUES: Final = "assertionMethod"
WAYS: Final = (DID, ISSUER_METADATA, X5C)
"""The ways to find keys that are built."""


class KeyWays(NamedTuple):
    """Hold the ways to find a key that are permitted, and the certificates that are trusted; None where none may speak for an issuer."""

    names: Collection[str] = (DID,)
    anchors: "Anchors | None" = None


BY_DID = KeyWays()
"""Find keys by DIDs alone."""


def key_ways(names: Collection[str], anchors: Collection[bytes | str]) -> KeyWays:
    """Read the ways that a caller names.

    Raises:
        TypeError, ValueError: certificates are malformed, missing, or not used.
        SaysoError: UNDECIDABLE, where a library is missing that reads certificates.
    """
    if (X5C in names) != bool(anchors):
        msg = "trust_anchors are there exactly where key_resolution has x5c"
        raise ValueError(msg)
    if not anchors:
        return KeyWays(names)
    from sayso.keys.certificates import read_anchors  # few verifiers read certificates

    return KeyWays(names, read_anchors(anchors))


def find_key(use: KeyUse, at: datetime, methods: tuple[DidMethod, ...], ways: KeyWays) -> Steps[FoundKey]:
    """Find a key, and who controls it.

    Which way it is follows from who says to have signed: a DID, or an HTTPS URL, whose keys are in the certificates that came along where
    these are permitted, and else in its metadata.

    Source: SD-JWT VC draft 19, section 2.5 (SV-7, SV-8).

    Raises:
        SaysoError: it is not found in a way that is permitted.
    """
    if not use.issuer.startswith("https://"):
        if DID not in ways.names:
            raise _not_permitted()
        method = yield from retrieve_verification_method(use.key_id, use.relationship, at, methods)
        return FoundKey(method.key, method.controller)
    from sayso.dids.issuer_metadata import key_of, parse_issuer  # most issuers are DIDs

    if ways.anchors is not None and use.chain is not None:
        from sayso.keys.certificates import certified_key

        return FoundKey(certified_key(use.chain, ways.anchors, at, use.issuer, parse_issuer(use.issuer).host), use.issuer)
    if ISSUER_METADATA in ways.names:
        return FoundKey((yield from key_of(use.issuer, use.key_id)), use.issuer)
    raise _not_permitted()


def find_key_alone(use: KeyUse, at: datetime, methods: tuple[DidMethod, ...], ways: KeyWays) -> Steps[FoundKey]:
    """Find a key as `find_key` does, where that needs nobody else.

    Raises:
        SaysoError: UNTRUSTED_ISSUER where it does, and as `find_key`.
    """
    return done(drive(find_key(use, at, methods, ways), _nobody))


def _nobody(_: Retrieve) -> NoReturn:
    raise SaysoError.of(UNTRUSTED_ISSUER, "nobody who is trusted can have signed with this key, and so nobody is asked for it")


def is_vain(signers: Iterable[KeyUse], trusted: Collection[str] | None) -> bool:
    """Tell whether a credential can only be refused, for none of the trusted issuers can have signed it; None: whoever signed may have.

    What signs a presentation is a holder's key, and no issuer's.
    """
    return trusted is not None and not any(use.relationship != _ISSUES or _party(use) in trusted for use in signers)


def _party(use: KeyUse) -> str:
    # An HTTPS URL, or the DID of the key.
    return use.issuer if use.issuer.startswith("https://") else use.key_id.partition("#")[0]


def _not_permitted() -> SaysoError:
    return SaysoError.of(INVALID_VERIFICATION_METHOD, "the keys of such an issuer are found in a way that key_resolution does not name")
