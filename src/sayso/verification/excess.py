"""Tell what was disclosed though nobody asked for it."""

from collections.abc import Iterable

from sayso.credentials.claims_path import Location, Places
from sayso.credentials.formats import FORMATS
from sayso.credentials.remainder import beside
from sayso.errors import EXCESS_DISCLOSURE, Problem, pointer
from sayso.proofs.mechanism import Proven
from sayso.query import claims as query_claims
from sayso.query.claims import Selection
from sayso.query.grammar import CredentialQuery
from sayso.verification.expectations import Expectations


def excess(places: Iterable[Location]) -> list[Problem]:
    """Say of disclosed places that nobody asked for them."""
    return [Problem(EXCESS_DISCLOSURE, "nobody asked for this claim", pointer(*place)) for place in places]


def unasked(proven: Proven, expectations: Expectations) -> list[Location]:
    """Give the places that nothing that was asked for needs, where they do not refuse the credential.

    A format that is shown whole cannot leave them out, so that they never refuse it: they are dropped, and nobody reads them.
    """
    asked = expectations.asked
    if asked is None:
        return []
    if not proven.format.presents and proven.format.id not in FORMATS:
        return unasked_of_whole(proven, asked)
    if expectations.unasked == "refuse":
        return []  # or stage 8 has refused it
    return unneeded(proven, query_claims.select(asked, proven.document, proven.positions))


def unasked_of_whole(proven: Proven, asked: CredentialQuery) -> list[Location]:
    """Give what a credential that is shown whole says beside what was asked for; who asks for no claim asks for all of it.

    Source: OpenID4VP 1.0, section 6.4.1 (DQ-S1).
    """
    if not asked.claims:
        return []
    found = query_claims.select(asked, proven.document, proven.positions).asked
    return [*beside(proven.document, proven.format, [place for one in found for place in one.locations])]


def unneeded(proven: Proven, selection: Selection) -> list[Location]:
    """Give the disclosed places that a selection does not need."""
    # OpenID4VP 1.0, section 6.4.1 (DQ-S5, DQ-S6)
    selected = {place for found in selection.asked for place in found.locations}
    if selected.issuperset(proven.disclosed):
        return []  # as it nearly always is: what was asked for, each in a disclosure of its own
    places = [*proven.disclosed]
    needed = {*Places(places).needed(selected)}
    return [place for number, place in enumerate(places) if number not in needed]
