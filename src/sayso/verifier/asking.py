"""Read a business's choices: whom it trusts, and which credentials may answer; and expect just that."""

from collections.abc import Collection, Sequence

from sayso.credentials.formats import FORMATS, SD_JWT_VC, Format
from sayso.credentials.kinds import CredentialType
from sayso.identifiers import is_did
from sayso.sharing.request import DataRequest, issuers_of
from sayso.verification.expectations import ANYONE, Anyone, Expectations

_ANY_CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"


def issuers_asked(issuers: Collection[str] | Anyone) -> tuple[str, ...]:
    """Give the issuers that are trusted, none for ANYONE.

    Raises:
        TypeError: one string stands where a collection is expected.
        ValueError: there are none, or one is no DID.
    """
    if isinstance(issuers, Anyone):
        return ()
    if isinstance(issuers, str):
        msg = "issuers is a list of DIDs, not one string"
        raise TypeError(msg)
    if not issuers or not all(map(is_did, issuers)):
        msg = "issuers names one or more DIDs; to trust any issuer say ANYONE"
        raise ValueError(msg)
    return tuple(issuers)


def formats_asked(formats: Sequence[str], kind: str | CredentialType | None) -> dict[Format, tuple[str, ...]]:
    """Give the formats that may answer, each with the types that a credential must have.

    Raises:
        TypeError: one string stands where a sequence is expected.
        ValueError: there are none, one is unknown, or the type has no name in one.
    """
    if isinstance(formats, str):
        msg = "formats is a list, not one string"
        raise TypeError(msg)
    if not formats or not all(name in FORMATS for name in formats):
        msg = f"formats names one or more of {', '.join(FORMATS)}"
        raise ValueError(msg)
    return {FORMATS[name]: _types(FORMATS[name], kind) for name in formats}


def _types(format_: Format, kind: str | CredentialType | None) -> tuple[str, ...]:
    if format_ is SD_JWT_VC:
        vct = kind.vct or kind.name if isinstance(kind, CredentialType) else kind
        if vct is None:
            msg = "an SD-JWT VC is asked for by its type"
            raise ValueError(msg)
        return (vct,)
    if kind is None:
        return (_ANY_CREDENTIAL,)
    return (_ANY_CREDENTIAL, (kind if isinstance(kind, CredentialType) else CredentialType(kind)).iri)


def expectations(asked: DataRequest, known_types: Collection[CredentialType]) -> Expectations:
    """Expect what a request asked for: of whom it trusts, made for this request, and nothing beside it."""
    named = [issuers_of(query) for query in asked.request.query.credentials]
    return Expectations(
        issuers=ANYONE if None in named else [issuer for issuers in named for issuer in issuers or ()],
        known_types=known_types,
        audience=asked.request.client_id,
        nonce=asked.request.nonce,
        unasked="refuse",
    )
