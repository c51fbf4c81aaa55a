"""Say what is granted of claims one of which is inside another: an answer does not tell which of them the customer chose.

Where that can be seen, it counts; where it cannot, what was granted for the shorter time does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import FORMATS
from sayso.credentials.remainder import ancestors, bare, value_at
from sayso.jsonvalue import JsonObject
from sayso.query.claims import Found
from sayso.query.grammar import CredentialQuery


class Granted(NamedTuple):
    """Say until when a claim may be read, and whether it is kept: if not, it may be read once."""

    until: datetime
    kept: bool


def nested(query: CredentialQuery, document: JsonObject, claims: Sequence[Found], granted: Mapping[str, Granted]) -> dict[str, Granted]:
    """Give what is granted of the claims of one credential that share a place with others, and may not have been chosen.

    One that shows nothing but others is granted no longer than they are, and one inside of another that shows more no longer than that.
    Of a credential that is shown whole all was chosen.
    """
    free = [claim for claim in claims if any(claim.claim.id not in ids for ids in query.claim_sets)]
    if query.format not in FORMATS or not free or not _is_nested(claims):
        return {}
    covered = {claim.claim.id: inner for claim in free if (inner := _covering(document, claim, claims))}
    found = {one: _shorter(granted[one], _longest([granted[name] for name in inner])) for one, inner in covered.items()}
    for claim in free:
        for other in claims:
            if other is not claim and not {claim.claim.id, other.claim.id} & covered.keys() and _inside(claim, other):
                found[claim.claim.id] = _shorter(found.get(claim.claim.id, granted[claim.claim.id]), granted[other.claim.id])
    return found


def _is_nested(claims: Sequence[Found]) -> bool:
    places = [place for claim in claims for place in claim.locations]
    return len({*places}) < len(places) or not ancestors(places).isdisjoint(places)


def _covering(document: JsonObject, claim: Found, claims: Sequence[Found]) -> list[str]:
    """Give the ids of the claims that together show all that this one does; none, where it shows more."""
    inner = {other.claim.id: _inside(other, claim) for other in claims if other is not claim}
    shut = {place for places in inner.values() for place in places}
    around = ancestors(shut)
    for place in claim.locations:
        if place not in shut and (place not in around or any(bare(value_at(document, place), place, shut, around))):
            return []
    return [name for name, places in inner.items() if places]


def _inside(claim: Found, other: Found) -> list[Location]:
    outer = {*other.locations}
    return [place for place in claim.locations if any(place[:length] in outer for length in range(len(place) + 1))]


def _shorter(one: Granted, other: Granted) -> Granted:
    return Granted(min(one.until, other.until), one.kept and other.kept)


def _longest(some: Sequence[Granted]) -> Granted:
    return Granted(max(one.until for one in some), any(one.kept for one in some))
