"""Find what is held that can answer a credential query."""

from collections.abc import Collection
from datetime import datetime

from sayso.errors import NOT_ANSWERABLE, Problem
from sayso.identifiers import StoredId
from sayso.query import claims as query_claims
from sayso.query.grammar import CredentialQuery
from sayso.sharing.picking import Candidate
from sayso.wallet.held import Held, Whole


def candidates_for(
    query: CredentialQuery, stored: Collection[tuple[StoredId, Held | Whole]], now: datetime
) -> tuple[tuple[Candidate, ...], list[Problem]]:
    """Give the credentials that can answer a credential query, and why others of its type, or parts of it, cannot."""
    able: list[Candidate] = []
    problems: list[Problem] = []
    for stored_id, held in stored:
        if query_claims.mismatch(query, held.format.id, held.types):
            continue
        late = held.date_problems(now)
        selection = held.selection(query)
        options = () if late else selection.options
        if len(options) < max(1, len(query.claim_sets)):
            problems += late or query_claims.missing(query, held.verified.claims, held.positions)
        if options:
            able.append(held.candidate(stored_id, selection))
    if not able and not problems:
        problems.append(Problem(NOT_ANSWERABLE, "no stored credential has this format and type"))
    return tuple(able), problems
