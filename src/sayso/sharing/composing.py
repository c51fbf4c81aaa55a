"""Compile what a business asks for to a DCQL query: necessity becomes claim sets, and whom it trusts a value of the issuer.

Source: OpenID4VP 1.0, sections 6.1 to 6.4.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, count, product

from sayso.credentials.formats import READABLE, Format
from sayso.credentials.kinds import Claim
from sayso.errors import SaysoError
from sayso.query.grammar import MAX_SETS, ClaimsQuery, CredentialQuery, CredentialSetQuery, Query
from sayso.sharing.attribute import Attribute
from sayso.sharing.request import claims_of_person, issuer_claims, may_be_left_out, needed_claims
from sayso.sharing.texts import MAX_TEXT_CHARACTERS

MAX_OPTIONAL_SUBSETS = 4
"""Up to so many optional claims every subset is a claim set; above, none of them, each alone, and all."""

_ID = re.compile(f"[A-Za-z0-9_-]{{1,{MAX_TEXT_CHARACTERS}}}")
_ISSUER = "issuer"


def compose(
    required: Sequence[Attribute], optional: Sequence[Attribute], issuers: Sequence[str], types: Mapping[Format, tuple[str, ...]]
) -> tuple[Query, dict[Claim, str]]:
    """Compile attributes to a query; gives it with the id of each claim.

    `issuers` are the trusted ones, none for any; `types` maps each format that may answer to the types that a credential must have.

    Raises:
        ValueError: there are more combinations than a query can list.

    Source: OpenID4VP 1.0, sections 6.1 to 6.4.
    """
    members = [member for one in (*required, *optional) for member in one.group]
    ids = _claim_ids([member.claim for member in members])
    always = [_ISSUER] if issuers else []
    sets = [always + chosen for chosen in claim_sets(_groups(required, ids), _groups(optional, ids))]
    credentials = tuple(
        CredentialQuery(
            id=format_.id.replace("+", "-"),
            format=format_.id,
            types=(wanted,),
            claims=(
                *([ClaimsQuery(format_.issuer, _ISSUER, tuple(issuers))] if issuers else []),
                *(ClaimsQuery(format_.path_of(member.claim), ids[member.claim], member.values) for member in members),
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


def _groups(asked: Sequence[Attribute], ids: Mapping[Claim, str]) -> list[list[str]]:
    return [[ids[member.claim] for member in one.group] for one in asked]


def _claim_ids(names: Sequence[Claim]) -> dict[Claim, str]:
    ids: dict[Claim, str] = {name: name for name in names if isinstance(name, str) and _ID.fullmatch(name) and name != _ISSUER}
    free = (claim_id for claim_id in map("c{}".format, count()) if claim_id not in ids)
    # What fits is an id already; a name that does not gets the next one that is free.
    ids.update([(name, next(free)) for name in names if name not in ids])
    return {name: ids[name] for name in names}


def claim_sets(required: Sequence[Sequence[str]], optional: Sequence[Sequence[str]]) -> list[list[str]]:
    """List what may be shared together, smallest first, so that a wallet that takes the first sends the least.

    Each entry is a group of claims of which one is shared, the one that says least first.

    Raises:
        ValueError: there are more than MAX_SETS.

    >>> claim_sets([["a"]], [["b"], ["c"]])
    [['a'], ['a', 'b'], ['a', 'c'], ['a', 'b', 'c']]
    >>> claim_sets([["adult", "birthdate"]], [])
    [['adult'], ['birthdate']]
    """
    sizes = range(len(optional) + 1) if len(optional) <= MAX_OPTIONAL_SUBSETS else (0, 1, len(optional))
    found: list[list[str]] = []
    for chosen in chain.from_iterable(combinations(optional, size) for size in sizes):
        for one in product(*required, *chosen):
            if len(found) == MAX_SETS:
                msg = f"there are more than {MAX_SETS} combinations of what does instead of what"
                raise ValueError(msg)
            found.append([*one])
    return found


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
            asked, needed = claims_of_person(asking), needed_claims(asking, spared)
        except SaysoError as error:
            raise ValueError(str(error)) from None
        for claim_id in (claim.id for claim in asking.claims if claim.id in asked):
            if required.setdefault(claim_id, claim_id in needed) != (claim_id in needed):
                msg = f"the claims with the id {claim_id!r} are required in one place and not in another: give them different ids"
                raise ValueError(msg)
    if not required:
        msg = "a request asks for at least one claim"
        raise ValueError(msg)
    if not issuer_claims(composed).isdisjoint(required):
        msg = "a claim that names issuers has an id of its own"
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
