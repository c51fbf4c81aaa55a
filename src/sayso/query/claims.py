"""Select claims: what of one credential answers a credential query, by the same rules for wallet and verifier."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from sayso.credentials import claims_path
from sayso.credentials.claims_path import COMPLETE, Location, Positions
from sayso.credentials.formats import FORMATS
from sayso.errors import MISSING_CLAIM, UNDECIDABLE, UNEXPECTED_TYPE, Problem, SaysoError, pointer
from sayso.jsonvalue import Json
from sayso.query.grammar import ClaimsQuery, CredentialQuery


class Found(NamedTuple):
    """Say where a claim that is asked for stands: at one place or more."""

    claim: ClaimsQuery
    locations: tuple[Location, ...]


Option: TypeAlias = tuple[Found, ...]
"""One combination of claims that a query allows and a credential has."""


class Selection(NamedTuple):
    """Say what of a credential a query reaches.

    `options` are the combinations of claims that the query allows and the credential has, in the query's order. One of them is what a
    wallet sends, and what a verifier must find; without any, the credential is no answer (DQ-S5). A query without `claims` has one
    option, which is empty: it asks for nothing that could stay home (DQ-S1).

    `asked` is whatever the query asks for at all: the union of its combinations. A claim that stands in none of its claim sets is not
    asked for. A claim whose value is not one of those listed is: wallets only SHOULD keep it, so that it came is no excess.
    """

    options: tuple[Option, ...]
    asked: tuple[Found, ...]


def mismatch(query: CredentialQuery, format_id: str, types: frozenset[str]) -> Problem | None:
    """Say why a credential of this format and these types does not answer the query; None where it may.

    `types` is what the credential counts as: `vct` and `aka_vcts` of an SD-JWT VC (SV-2), the expanded types of a W3C credential.

    Source: OpenID4VP 1.0, sections 6.1 and 6.1.1, appendices B.1.1 and B.3.5 (DQ-2, DQ-C5).
    """
    if format_id != query.format:
        return Problem(UNEXPECTED_TYPE, "the credential has another format than the query asks for")
    if query.types and not any(types.issuperset(together) for together in query.types):
        return Problem(UNEXPECTED_TYPE, "the credential has no types that the query asks for")
    # A hint for the wallet that the verifier checks again: unchecked, it would promise what nobody looked at.
    if query.trusted_authorities:
        return Problem(UNDECIDABLE, "the query names trusted_authorities, and none of their types can be checked")
    return None


def issuer_claim(query: CredentialQuery) -> ClaimsQuery | None:
    """Give the claim that names the issuers whose credentials alone can answer a query; None where those of others can too.

    Source: OpenID4VP 1.0, section 6.4.1 (DQ-S4).
    """
    known = FORMATS.get(query.format)
    for claim in query.claims:
        if known and claim.path == known.issuer and claim.values and all(claim.id in ids for ids in query.claim_sets):
            return claim
    return None


def select(query: CredentialQuery, claims: Json, positions: Positions = COMPLETE) -> Selection:
    """Find in a credential what the query asks for.

    Source: OpenID4VP 1.0, section 6.4.1 (DQ-S1 to DQ-S5).
    """
    asked: list[Found] = []
    answers: list[Found] = []
    for claim in _wanted(query):
        selected = _selected(claim, claims, positions)
        if selected:
            found = Found(claim, tuple([place for place, _ in selected]))
            asked.append(found)
            if claim.values:
                found = Found(claim, _matching(claim, selected))
            if found.locations:
                answers.append(found)
    return Selection(_options(query, answers), tuple(asked))


Telling: TypeAlias = tuple[Location, Callable[[Json], bool]]
"""A place whose value decides, and whether a value is one that was asked for."""


def telling(query: CredentialQuery, claims: Json, positions: Positions = COMPLETE) -> tuple[Telling, ...]:
    """Give the places of a credential whose values decide, beside its shape, what `select` and `missing` say of it."""
    return tuple([(place, _accepted(claim)) for claim in query.claims if claim.values for place, _ in _selected(claim, claims, positions)])


def _wanted(query: CredentialQuery) -> Sequence[ClaimsQuery]:
    if not query.claim_sets:
        return query.claims
    ids = {claim_id for claim_set in query.claim_sets for claim_id in claim_set}
    return [claim for claim in query.claims if claim.id in ids]


def _options(query: CredentialQuery, answers: list[Found]) -> tuple[Option, ...]:
    if not query.claim_sets:
        # (DQ-S2) all of them, and where there are none (DQ-S1), that is the empty combination
        return (tuple(answers),) if len(answers) == len(query.claims) else ()
    by_id = {found.claim.id: found for found in answers}
    return tuple([tuple([by_id[claim_id] for claim_id in ids]) for ids in query.claim_sets if by_id.keys() >= {*ids}])


def _selected(claim: ClaimsQuery, claims: Json, positions: Positions) -> list[tuple[Location, Json]]:
    try:
        return claims_path.find(claims, claim.path, positions)
    except SaysoError:
        return []  # (DQ-P1) a credential of another shape does not have the claim


def _matching(claim: ClaimsQuery, selected: list[tuple[Location, Json]]) -> tuple[Location, ...]:
    # Where a path selects several claims, each is matched by itself; one that does not match is treated as if it did not exist
    # (section 6.4.1), so that it stays home, and any that does is an answer.
    accepted = _accepted(claim)
    return tuple([place for place, value in selected if accepted(value)])


def _accepted(claim: ClaimsQuery) -> Callable[[Json], bool]:
    # (DQ-S4) Type and value must both match, by the types of JSON. A boolean is no number, though True == 1 in Python. 1 and 1.0 are one
    # number: RFC 8259, section 3, has one type "number", and a signature over JCS does not tell the two spellings apart.
    booleans = {value for value in claim.values if isinstance(value, bool)}
    others = {value for value in claim.values if not isinstance(value, bool)}
    return lambda value: isinstance(value, (str, int, float)) and value in (booleans if isinstance(value, bool) else others)


def missing(query: CredentialQuery, claims: Json, positions: Positions = COMPLETE) -> tuple[Problem, ...]:
    """Say of every claim that the query asks for and the credential does not have what is wrong.

    Where there are no options, this is why; where there are, it is why there are not more.
    """
    problems: list[Problem] = []
    for claim in _wanted(query):
        selected = _selected(claim, claims, positions)
        if not selected or (claim.values and not _matching(claim, selected)):
            what = "no value that was asked for" if selected else "nothing"
            detail = f"{what} is at the claims path {claims_path.text(claim.path)}"
            problems.append(Problem(MISSING_CLAIM, detail, pointer(*claims_path.stem(claim.path))))
    return tuple(problems)
