"""Read data requests: a query and its sharing terms, which must say the same.

Source: OpenID4VP 1.0, sections 5.1 and 6; the rule that necessity compiles to claim sets.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from itertools import count
from typing import NamedTuple

from sayso.credentials.formats import READABLE
from sayso.credentials.kinds import Claim
from sayso.errors import CLAIM_WITHOUT_TERMS, NECESSITY_MISMATCH, TERMS, TERMS_MISSING, TERMS_WITHOUT_CLAIM, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.openid import request_object
from sayso.openid.client_id import SIGNED, Channel
from sayso.openid.request_object import RequestObject, VerifierInfo
from sayso.proofs.jose import jws
from sayso.query.grammar import ClaimsQuery, CredentialQuery, Query
from sayso.sharing import sign_in, strict_terms, terms
from sayso.sharing.intermediary import refuse_hidden
from sayso.sharing.terms import AttributeTerms, SharingTerms
from sayso.sharing.texts import plain_text

UNSTATED = "no purpose is stated"
"""The purpose of a request that states none."""


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

    def group(self, claim_id: str) -> str:
        """Give the id of the claim that this one stands in for: of a group, one is shared."""
        return self.rows[claim_id].instead_of or claim_id


def join(request: RequestObject, said: SharingTerms, *, strict: bool = False) -> DataRequest:
    """Join a request and terms that match it: they go into `verifier_info`, for every credential query.

    `strict` also puts them where a wallet that does not know them must refuse, and one that does signs them.

    Raises:
        ValueError: `strict` is asked of a format in which nobody signs them.
    """
    written = terms.serialize(said)
    info = VerifierInfo(terms.FORMAT, written, tuple([query.id for query in request.query.credentials]))
    agreed = strict_terms.entries(request.query, written) if strict else ()
    joined = request._replace(info=(*request.info, info), transaction_data=agreed)
    return DataRequest(joined, said, {row.claim: row for row in said.attributes})


def serialize(asked: DataRequest, algorithms: Collection[str] = jws.ALGORITHMS) -> JsonObject:
    """Write the payload of a data request; `algorithms` are those of the signatures that may answer it."""
    return request_object.serialize(asked.request, algorithms)


def parse(payload: JsonObject, *, channel: Channel = SIGNED, waive: bool = False) -> DataRequest:
    """Read the payload of a data request, and check that its terms match its query; one to sign in has neither query nor rows.

    `channel` says how it came. `waive` reads a request without terms too, as an ordinary verifier makes it: every claim has a row then that
    says nothing.

    Raises:
        SaysoError: as `request_object.parse`; TERMS_MISSING without terms, CLAIM_WITHOUT_TERMS, TERMS_WITHOUT_CLAIM or NECESSITY_MISMATCH
            where they do not match, TERMS_ALTERED where an answer would sign others, HIDDEN_INTERMEDIARY where somebody else would receive
            the answer, or what is wrong with them.
    """
    request = request_object.parse(payload, channel=channel, transaction_types=(terms.FORMAT,))
    if request.name:
        try:
            plain_text("client_name", request.name)
        except ValueError as error:
            raise SaysoError.of(TERMS, str(error), "client_metadata", "client_name") from None
    if request.scope:
        said = sign_in.terms_of(request)
        refuse_hidden(request, said.conditions)
        return DataRequest(request, said, {})
    entries = [(index, entry) for index, entry in enumerate(request.info) if entry.format == terms.FORMAT]
    if not entries and waive and not request.transaction_data:
        return _without_terms(request)
    if not entries:
        raise SaysoError.of(TERMS_MISSING, "the request carries no sharing terms", "verifier_info")
    if len(entries) > 1:
        raise SaysoError.of(TERMS, "the request carries more than one object of sharing terms", "verifier_info")
    index, entry = entries[0]
    try:
        said = terms.parse(entry.data)
        rows = _rows(said)
        covered = {query.id for query in request.query.credentials}
        if entry.credential_ids is not None and {*entry.credential_ids} != covered:
            raise SaysoError.of(CLAIM_WITHOUT_TERMS, "the terms do not cover every credential query")
        _match(request.query, rows)
        strict_terms.check(request, entry.data)
        refuse_hidden(request, said.conditions)
    except SaysoError as error:
        raise error.under("verifier_info", index, "data") from None
    return DataRequest(request, said, rows)


def _without_terms(request: RequestObject) -> DataRequest:
    """Give a row that says nothing to every claim; ids that are missing, or that stand for different things, are made anew."""
    times = Counter(claim.id for asking in request.query.credentials for claim in asking.claims)
    fresh = (name for name in map("c{}".format, count()) if name not in times)
    spared = may_be_left_out(request.query)
    credentials: list[CredentialQuery] = []
    rows: dict[str, AttributeTerms] = {}
    for asking in request.query.credentials:
        claims = tuple(claim if claim.id and times[claim.id] == 1 else claim._replace(id=next(fresh)) for claim in asking.claims)
        ids = {old.id: new.id for old, new in zip(asking.claims, claims, strict=True)}
        own = asking._replace(claims=claims, claim_sets=tuple(tuple(ids[name] for name in chosen) for chosen in asking.claim_sets))
        needed = needed_claims(own, spared)
        rows |= {name: AttributeTerms(name, name in needed, "", "", None) for name in claims_of_person(own)}
        credentials.append(own)
    query = request.query._replace(credentials=tuple(credentials))
    return DataRequest(request._replace(query=query), SharingTerms(UNSTATED, tuple(rows.values())), rows)


def _rows(said: SharingTerms) -> dict[str, AttributeTerms]:
    rows = {row.claim: row for row in said.attributes}
    if len(rows) != len(said.attributes):
        raise SaysoError.of(TERMS, "two rows are about one claim", "attributes")
    for index, row in enumerate(said.attributes):
        other = rows.get(row.instead_of)
        if row.instead_of and (other is None or other.instead_of or other.required != row.required):
            rule = "what it stands in for is a claim with a row of the same necessity, that stands in for nothing itself"
            raise SaysoError.of(TERMS, rule, "attributes", index, "insteadOf")
    return rows


def _match(query: Query, rows: Mapping[str, AttributeTerms]) -> None:
    spared, naming = may_be_left_out(query), issuer_claims(query)
    covered: set[str] = set()
    for asking in query.credentials:
        asked = claims_of_person(asking)
        if not asked <= rows.keys():
            raise SaysoError.of(CLAIM_WITHOUT_TERMS, "every claim that is asked for has a row", "attributes")
        needed = needed_claims(asking, spared, rows)
        if any(rows[claim_id].required != (claim_id in needed) for claim_id in asked):
            raise SaysoError.of(NECESSITY_MISMATCH, "a claim is required by its row or by the claim sets, and not by both", "attributes")
        covered.update(asked)
    for index, claim_id in enumerate(rows):
        # What names issuers is always picked: a claim of a person with the same id would be picked with it.
        if claim_id not in covered or claim_id in naming:
            rule = "every row is about a claim that is asked for, and none about one that names issuers"
            raise SaysoError.of(TERMS_WITHOUT_CLAIM, rule, "attributes", index)


def claims_of_person(asking: CredentialQuery) -> frozenset[str]:
    """Give the ids of the claims that are asked for, without the issuer's own.

    Raises:
        SaysoError: TERMS where two of them go by one name.
    """
    asked = {claim.id: claim_of(asking, claim) for claim in asking.claims if not _is_issuer(claim, asking)}
    if len({*asked.values()}) < len(asked):
        raise SaysoError.of(TERMS, "two claims of one credential that are asked for go by one name")
    return frozenset(asked)


def needed_claims(asking: CredentialQuery, spared: Collection[str], rows: Mapping[str, AttributeTerms] | None = None) -> frozenset[str]:
    """Give the ids of the claims that cannot be left out of an answer: those that every claim set holds, or one that stands in for them.

    Raises:
        SaysoError: as `claims_of_person`; NECESSITY_MISMATCH where a claim set holds a claim and what stands in for it.
    """
    asked = claims_of_person(asking)
    groups = {claim_id: (rows[claim_id].instead_of or claim_id) if rows else claim_id for claim_id in asked}
    sets = [[groups[claim_id] for claim_id in chosen if claim_id in asked] for chosen in asking.claim_sets or (tuple(asked),)]
    if any(len({*chosen}) < len(chosen) for chosen in sets):
        raise SaysoError.of(NECESSITY_MISMATCH, "of a claim and what stands in for it, a claim set holds one", "attributes")
    always = frozenset[str]() if asking.id in spared else frozenset(sets[0]).intersection(*sets)
    return frozenset(claim_id for claim_id in asked if groups[claim_id] in always)


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


def issuer_claims(query: Query) -> frozenset[str]:
    """Give the ids of the claims that name issuers."""
    return frozenset([claim.id for asking in query.credentials for claim in asking.claims if _is_issuer(claim, asking)])


def issuers_of(query: CredentialQuery) -> tuple[str, ...] | None:
    """Give the issuers that a credential query names, None if any will do."""
    for claim in query.claims:
        if _is_issuer(claim, query):
            return tuple(value for value in claim.values if isinstance(value, str))
    return None
