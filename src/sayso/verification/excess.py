"""Tell what was disclosed though nobody asked for it."""

from collections.abc import Iterable

from sayso.credentials.claims_path import Location, Places
from sayso.errors import EXCESS_DISCLOSURE, Problem, pointer
from sayso.proofs.mechanism import Proven
from sayso.query import claims as query_claims
from sayso.query.claims import Selection
from sayso.verification.expectations import Expectations


def excess(places: Iterable[Location]) -> list[Problem]:
    """Say of disclosed places that nobody asked for them."""
    return [Problem(EXCESS_DISCLOSURE, "nobody asked for this claim", pointer(*place)) for place in places]


def unasked(proven: Proven, expectations: Expectations) -> list[Location]:
    """Give the disclosed places that nothing that was asked for needs, where that does not refuse the credential."""
    if expectations.asked is None or expectations.unasked == "refuse":
        return []  # or stage 8 has refused it
    return unneeded(proven, query_claims.select(expectations.asked, proven.document, proven.positions))


def unneeded(proven: Proven, selection: Selection) -> list[Location]:
    """Give the disclosed places that a selection does not need."""
    # OpenID4VP 1.0, section 6.4.1 (DQ-S5, DQ-S6)
    selected = {place for found in selection.asked for place in found.locations}
    if selected.issuperset(proven.disclosed):
        return []  # as it nearly always is: what was asked for, each in a disclosure of its own
    places = [*proven.disclosed]
    needed = {*Places(places).needed(selected)}
    return [place for number, place in enumerate(places) if number not in needed]
