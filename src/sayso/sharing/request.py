"""Compose and read data requests: a query and its sharing terms, which must say the same.

Source: OpenID4VP 1.0, sections 5.1 and 6; the rule that necessity compiles to claim sets.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, count
from typing import NamedTuple

from sayso.credentials.formats import READABLE, Format
from sayso.credentials.kinds import Claim
from sayso.errors import TERMS, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.openid import request_object
from sayso.openid.request_object import RequestObject, VerifierInfo
from sayso.proofs.jose import jws
from sayso.query.grammar import ClaimsQuery, CredentialQuery, CredentialSetQuery, Query
from sayso.sharing import sign_in, terms
from sayso.sharing.terms import AttributeTerms, SharingTerms

MAX_OPTIONAL_SUBSETS = 4
"""Up to so many optional claims every subset is a claim set; above, none of them, each alone, and all."""

_ID = re.compile(f"[A-Za-z0-9_-]{{1,{terms.MAX_TEXT_CHARACTERS}}}")
_ISSUER = "issuer"


class DataRequest(NamedTuple):
    """Hold a request whose terms match its query: one row for each claim but the issuer's own, and no other row."""

    request: RequestObject
    terms: SharingTerms
    rows: Mapping[str, AttributeTerms]

    @property
    def names(self) -> dict[tuple[str, str], Claim]:
        """What each claim of a credential query is called, by the ids of both: as people name it, if nothing else goes by that name."""
        names: dict[tuple[str, str], Claim] = {}
        taken: dict[Claim, str] = {}
        for asking in self.request.query.credentials:
            known = READABLE.get(asking.format)
            for claim in asking.claims:
                if claim.id in self.rows:
                    name = known.claim_at(claim.path) if known else claim.path
                    names[asking.id, claim.id] = name if taken.setdefault(name, claim.id) == claim.id else (asking.id, *claim.path)
        return names


def compose(
    required: Sequence[Claim], optional: Sequence[Claim], issuers: Sequence[str], types: Mapping[Format, tuple[str, ...]]
) -> tuple[Query, dict[Claim, str]]:
    """Compile claims to a query; gives it with the id of each claim.

    `issuers` are the trusted ones, none for any; `types` maps each format that may answer to the types that a credential must have.

    Source: OpenID4VP 1.0, sections 6.1 to 6.4.
    """
    ids = _claim_ids((*required, *optional))
    always = [_ISSUER] if issuers else []
    sets = [always + chosen for chosen in claim_sets([ids[name] for name in required], [ids[name] for name in optional])]
    credentials = tuple(
        CredentialQuery(
            id=format_.id.replace("+", "-"),
            format=format_.id,
            types=(wanted,),
            claims=(
                *([ClaimsQuery(format_.issuer, _ISSUER, tuple(issuers))] if issuers else []),
                *(ClaimsQuery(format_.path_of(name), claim_id) for name, claim_id in ids.items()),
            ),
            claim_sets=tuple(tuple(chosen) for chosen in sets if chosen),
        )
        for format_, wanted in types.items()
    )
    alternatives = tuple((query.id,) for query in credentials)
    if not required and not issuers:
        # Nothing is required, so answering nothing must be an answer: no claim set may be empty, but a credential set may be optional.
        return Query(credentials, (CredentialSetQuery(alternatives, required=False),)), ids
    return Query(credentials, (CredentialSetQuery(alternatives),) if len(alternatives) > 1 else ()), ids


def compose_query(query: Query, issuers: Mapping[str, Sequence[str]]) -> tuple[Query, dict[str, bool]]:
    """Make a business's own query ready for terms: an id for each claim, and the trusted issuers of each credential query as a value.

    Gives it with the ids of the claims, each with whether it is required; claims of one id have one row. `issuers` are by credential query,
    none for any.

    Raises:
        ValueError: the query asks for a format that is not built, for authorities that nobody can check, for a presentation that no holder
            signs, or for no claim; or a claim is required in one place and not in another that has its id.

    Source: OpenID4VP 1.0, sections 6 to 6.4.
    """
    ids = {claim.id for asking in query.credentials for claim in asking.claims if claim.id}
    issuer_id = next(name for name in chain([_ISSUER], map("issuer{}".format, count())) if name not in ids)
    fresh = (name for name in map("c{}".format, count()) if name not in ids)
    composed = query._replace(credentials=tuple(_own(asking, issuers[asking.id], issuer_id, fresh) for asking in query.credentials))
    spared = may_be_left_out(composed)
    required: dict[str, bool] = {}
    for asking in composed.credentials:
        try:
            asked, needed = _claims_of_person(asking), _needed(asking, spared)
        except SaysoError as error:
            raise ValueError(str(error)) from None
        for claim_id in (claim.id for claim in asking.claims if claim.id in asked):
            if required.setdefault(claim_id, claim_id in needed) != (claim_id in needed):
                msg = f"the claims with the id {claim_id!r} are required in one place and not in another: give them different ids"
                raise ValueError(msg)
    if not required:
        msg = "a request asks for at least one claim"
        raise ValueError(msg)
    return composed, required


def _own(asking: CredentialQuery, issuers: Sequence[str], issuer_id: str, fresh: Iterator[str]) -> CredentialQuery:
    known = READABLE.get(asking.format)
    if known is None or asking.trusted_authorities or not asking.require_cryptographic_holder_binding:
        msg = (
            f"{asking.id!r} asks for an unknown format, for trusted_authorities, or for what no holder signs: nothing here could accept it"
        )
        raise ValueError(msg)
    claims = tuple(claim if claim.id else claim._replace(id=next(fresh)) for claim in asking.claims)
    if not issuers:
        return asking._replace(claims=claims)
    sets = tuple((issuer_id, *chosen) for chosen in asking.claim_sets)
    return asking._replace(claims=(ClaimsQuery(known.issuer, issuer_id, tuple(issuers)), *claims), claim_sets=sets)


def _claim_ids(names: Sequence[Claim]) -> dict[Claim, str]:
    ids: dict[Claim, str] = {name: name for name in names if isinstance(name, str) and _ID.fullmatch(name) and name != _ISSUER}
    free = (claim_id for claim_id in map("c{}".format, count()) if claim_id not in ids)
    # What fits is an id already; a name that does not gets the next one that is free.
    ids.update([(name, next(free)) for name in names if name not in ids])
    return {name: ids[name] for name in names}


def claim_sets(required: Sequence[str], optional: Sequence[str]) -> list[list[str]]:
    """List what may be shared together, smallest first, so that a wallet that takes the first sends the least.

    >>> claim_sets(["a"], ["b", "c"])
    [['a'], ['a', 'b'], ['a', 'c'], ['a', 'b', 'c']]
    """
    sizes: Iterable[int] = range(len(optional) + 1)
    if len(optional) > MAX_OPTIONAL_SUBSETS:
        sizes = (0, 1, len(optional))
    return [[*required, *chosen] for size in sizes for chosen in combinations(optional, size)]


def join(request: RequestObject, said: SharingTerms) -> DataRequest:
    """Join a request and terms that match it: they go into `verifier_info`, for every credential query."""
    info = VerifierInfo(terms.FORMAT, terms.serialize(said), tuple([query.id for query in request.query.credentials]))
    return DataRequest(request._replace(info=(*request.info, info)), said, {row.claim: row for row in said.attributes})


def serialize(asked: DataRequest, algorithms: Collection[str] = jws.ALGORITHMS) -> JsonObject:
    """Write the payload of a data request; `algorithms` are those of the signatures that may answer it."""
    return request_object.serialize(asked.request, algorithms)


def parse(payload: JsonObject) -> DataRequest:
    """Read the payload of a data request, and check that its terms match its query; one to sign in has neither query nor rows.

    Raises:
        SaysoError: as `request_object.parse`; TERMS where there are no terms, a claim has no row, or a row no claim.
    """
    request = request_object.parse(payload)
    if request.name:
        try:
            terms.plain_text("client_name", request.name)
        except ValueError as error:
            raise SaysoError.of(TERMS, str(error), "client_metadata", "client_name") from None
    if request.scope:
        return DataRequest(request, sign_in.terms_of(request), {})
    entries = [(index, entry) for index, entry in enumerate(request.info) if entry.format == terms.FORMAT]
    if len(entries) != 1:
        raise SaysoError.of(TERMS, "the request carries no sharing terms, or more than one object of them", "verifier_info")
    index, entry = entries[0]
    try:
        said = terms.parse(entry.data)
        rows = {row.claim: row for row in said.attributes}
        if len(rows) != len(said.attributes):
            raise SaysoError.of(TERMS, "two rows are about one claim", "attributes")
        covered = {query.id for query in request.query.credentials}
        if entry.credential_ids is not None and {*entry.credential_ids} != covered:
            raise SaysoError.of(TERMS, "the terms do not cover every credential query")
        _match(request.query, rows)
    except SaysoError as error:
        raise error.under("verifier_info", index, "data") from None
    return DataRequest(request, said, rows)


def _match(query: Query, rows: Mapping[str, AttributeTerms]) -> None:
    spared = may_be_left_out(query)
    covered: set[str] = set()
    for asking in query.credentials:
        asked = _claims_of_person(asking)
        needed = _needed(asking, spared)
        if any(claim_id in rows and rows[claim_id].required != (claim_id in needed) for claim_id in asked):
            raise SaysoError.of(TERMS, "a claim is required by its row or by the claim sets, and not by both", "attributes")
        covered.update(asked)
    if covered != {*rows}:
        raise SaysoError.of(TERMS, "every claim that is asked for has one row, and every row a claim", "attributes")


def _claims_of_person(asking: CredentialQuery) -> frozenset[str]:
    """Give the ids of the claims that are asked for, without the issuer's own.

    Raises:
        SaysoError: TERMS where two of them go by one name.
    """
    asked = {claim.id: claim_of(asking, claim) for claim in asking.claims if not _is_issuer(claim, asking)}
    if len({*asked.values()}) < len(asked):
        raise SaysoError.of(TERMS, "two claims of one credential that are asked for go by one name")
    return frozenset(asked)


def _needed(asking: CredentialQuery, spared: Collection[str]) -> frozenset[str]:
    """Give the ids of the claims that cannot be left out of an answer, whatever their rows say: what every claim set holds."""
    return _claims_of_person(asking).intersection(*([frozenset[str]()] if asking.id in spared else map(frozenset[str], asking.claim_sets)))


def may_be_left_out(query: Query) -> frozenset[str]:
    """Give the ids of the credential queries that no required credential set names.

    Source: OpenID4VP 1.0, section 6.4.2 (DQ-C1, DQ-C2).
    """
    if not query.credential_sets:
        return frozenset()
    needed = {query_id for chosen in query.credential_sets if chosen.required for ids in chosen.options for query_id in ids}
    return frozenset(asking.id for asking in query.credentials) - needed


def claim_of(query: CredentialQuery, claim: ClaimsQuery) -> Claim:
    """Give the claim that is asked for, as people name it."""
    known = READABLE.get(query.format)
    return known.claim_at(claim.path) if known else claim.path


def _is_issuer(claim: ClaimsQuery, query: CredentialQuery) -> bool:
    # Value matching on the issuer is how trusted issuers travel: it asks for nothing that is not visible anyway.
    known = READABLE.get(query.format)
    return known is not None and claim.path == known.issuer and bool(claim.values)


def issuers_of(query: CredentialQuery) -> tuple[str, ...] | None:
    """Give the issuers that a credential query names, None if any will do."""
    for claim in query.claims:
        if _is_issuer(claim, query):
            return tuple(value for value in claim.values if isinstance(value, str))
    return None
