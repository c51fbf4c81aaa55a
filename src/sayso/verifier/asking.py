"""Read a business's choices: whom it trusts, and which credentials may answer; and expect just that."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import TypeVar, cast

from sayso.credentials import claims_path
from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.formats import READABLE, SD_JWT_VC, Format
from sayso.credentials.kinds import Claim, CredentialType
from sayso.credentials.sd_jwt_vc import is_issuer
from sayso.errors import SaysoError
from sayso.identifiers import is_did
from sayso.jsonvalue import from_python
from sayso.query.grammar import MAX_CLAIMS, MAX_VALUES, Query
from sayso.sharing.attribute import Attribute, attribute
from sayso.sharing.request import DataRequest, issuers_of
from sayso.verification.expectations import ANYONE, Anyone, Expectations
from sayso.verification.key_sources import DID
from sayso.verification.options import Checks

T = TypeVar("T")

SKEW = timedelta(seconds=60)
"""How far a customer's or an issuer's clock may be off when an answer is looked at."""

_ANY_CREDENTIAL = "https://www.w3.org/2018/credentials#VerifiableCredential"


def issuers_asked(issuers: Iterable[str] | Anyone, checks: Checks) -> tuple[str, ...]:
    """Give the issuers that are trusted, none for ANYONE.

    Raises:
        TypeError: something else stands where a collection is expected.
        ValueError: there are none or too many, or one is no DID, nor an HTTPS URL where the keys of such are found.
    """
    if isinstance(issuers, Anyone):
        return ()
    # Kept before they are looked at: a check must not use up what can be gone through once, and leave nobody, which means anyone.
    named = _listed(issuers, "issuers is a list of DIDs, or ANYONE")
    is_one, what = (is_did, "DIDs") if set(checks.get("key_resolution", ())) <= {DID} else (is_issuer, "DIDs or HTTPS URLs")
    if not 0 < len(named) <= MAX_VALUES or not all(map(is_one, named)):
        msg = f"issuers names one or more {what}, at most {MAX_VALUES}; to trust any issuer say ANYONE"
        raise ValueError(msg)
    return named


def issuers_by_query(
    query: Query, issuers: Collection[str] | Anyone | Mapping[str, Collection[str] | Anyone], checks: Checks
) -> dict[str, tuple[str, ...]]:
    """Give the issuers that are trusted for each credential query, none for ANYONE.

    Raises:
        TypeError, ValueError: as `issuers_asked`; or a mapping does not name every credential query and no other.
    """
    ids = [asking.id for asking in query.credentials]
    if isinstance(issuers, Anyone) or not isinstance(issuers, Mapping):
        return dict.fromkeys(ids, issuers_asked(issuers, checks))
    by_query = cast("Mapping[str, Collection[str] | Anyone]", issuers)
    if {*by_query} != {*ids}:
        msg = "issuers by credential query names every one of them, and no other"
        raise ValueError(msg)
    return {query_id: issuers_asked(by_query[query_id], checks) for query_id in ids}


def attributes_asked(
    claims: Iterable[Claim | Attribute], optional: Iterable[Claim | Attribute]
) -> tuple[tuple[Attribute, ...], tuple[Attribute, ...]]:
    """Give the attributes that are required and those that are not.

    Raises:
        TypeError: one is neither a name nor a path nor an attribute.
        ValueError: there are none or too many, a path is malformed, or a claim is asked for twice.
    """
    required = tuple(map(attribute, claims))
    more = tuple(map(attribute, _listed(optional, "optional is a list of claims")))
    members = [member for one in (*required, *more) for member in one.group]
    if any(member.accepts for one in (*required, *more) for member in one.group[:-1]):
        msg = "what does instead of a claim is one itself, and nothing does instead of it"
        raise ValueError(msg)
    paths = [*_paths([member.claim for member in members])]
    if not 0 < len(paths) < MAX_CLAIMS:
        msg = f"a request asks for at least one claim, and at most {MAX_CLAIMS - 1} claims"
        raise ValueError(msg)
    if len({*paths}) < len(paths):
        msg = "a claim is asked for twice"
        raise ValueError(msg)
    return required, more


def attributes_by_id(attributes: Iterable[Attribute], ids: Collection[str]) -> dict[str, Attribute]:
    """Give an attribute for each claim of a query, by its id.

    Raises:
        TypeError: one is no attribute.
        ValueError: one is about no claim of the query, or about one that another is about; or it says what the query says.
    """
    found = {claim_id: Attribute(claim_id) for claim_id in ids}
    named: set[Claim] = set()
    for one in attributes:
        if not isinstance(one, Attribute):  # pyright: ignore[reportUnnecessaryIsInstance]
            msg = f"attributes holds Attributes, not {type(one).__name__}"
            raise TypeError(msg)
        if one.claim not in found or one.claim in named or one.values or one.accepts:
            msg = "an attribute of a query has the id of one of its claims, each once; values and alternatives stand in the query"
            raise ValueError(msg)
        named.add(one.claim)
        found[str(one.claim)] = one
    return found


def _paths(claims: Iterable[Claim]) -> Iterator[ClaimsPath]:
    for number, claim in enumerate(claims):
        try:
            if isinstance(claim, str):
                yield (str(from_python(claim)),)
            elif isinstance(claim, tuple):  # pyright: ignore[reportUnnecessaryIsInstance]
                # One step more than it has: a format may put its root above it.
                yield claims_path.parse(from_python((*claim[:1], *claim)))[1:]
            else:
                msg = f"a claim is a name, or a path: a tuple of names, indexes and None, and not {type(claim).__name__}"
                raise TypeError(msg)
        except (SaysoError, ValueError) as error:
            msg = f"claim {number}: {error}"
            raise ValueError(msg) from None


def formats_asked(formats: Iterable[str], kind: str | CredentialType | None) -> dict[Format, tuple[str, ...]]:
    """Give the formats that may answer, each with the types that a credential must have.

    Raises:
        TypeError: something else stands where a list or a type is expected.
        ValueError: there are none, one is unknown, or the type has no name in one.
    """
    named = _listed(formats, "formats is a list")
    if not named or not all(name in READABLE for name in named):
        msg = f"formats names one or more of {', '.join(READABLE)}"
        raise ValueError(msg)
    if kind is not None and not isinstance(kind, str | CredentialType):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"type is a name or a CredentialType, not {type(kind).__name__}"
        raise TypeError(msg)
    if isinstance(kind, str):
        from_python(kind, place="type")
    return {READABLE[name]: _types(READABLE[name], kind) for name in named}


def _listed(values: Iterable[T], rule: str) -> tuple[T, ...]:
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"{rule}, not {type(values).__name__}"
        raise TypeError(msg)
    return tuple(values)


def _types(format_: Format, kind: str | CredentialType | None) -> tuple[str, ...]:
    if format_ is SD_JWT_VC:
        vct = kind.vct or kind.name if isinstance(kind, CredentialType) else kind
        if not vct:
            msg = "an SD-JWT VC is asked for by its type"
            raise ValueError(msg)
        return (vct,)
    if kind is None:
        return (_ANY_CREDENTIAL,)
    return (_ANY_CREDENTIAL, (kind if isinstance(kind, CredentialType) else CredentialType(kind)).iri)


def expectations(asked: DataRequest, known_types: Collection[CredentialType], checks: Checks) -> Expectations:
    """Expect what a request asked for: of whom it trusts, made for this request while it could be answered, and nothing beside it.

    A presentation, of a format that has such, holds one credential, and that of who signs in none.

    `checks` are what the verifier says beside.
    """
    named = [issuers_of(query) for query in asked.request.query.credentials]
    return Expectations(
        issuers=ANYONE if None in (named or [None]) else [issuer for issuers in named for issuer in issuers or ()],
        known_types=known_types,
        audience=asked.request.audience,
        nonce=asked.request.nonce,
        skew=SKEW,
        # However long it takes to bring an answer: the request's end, and the holder's, are looked at by themselves.
        max_age=asked.request.expires - asked.request.issued + SKEW,
        unasked="refuse",
        credentials=0 if asked.request.scope else 1,
        **checks,
    )
