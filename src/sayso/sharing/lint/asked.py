"""Lay out a request as the rules look at it: its claims in the order of the query, each with its terms and its places."""

from collections.abc import Sequence
from typing import NamedTuple

from sayso.credentials.kinds import Claim
from sayso.errors import pointer
from sayso.sharing import terms
from sayso.sharing.conditions import Conditions
from sayso.sharing.request import DataRequest, claim_of
from sayso.sharing.terms import AttributeTerms


class AskedClaim(NamedTuple):
    """Hold a claim that is asked for.

    Args:
        row: its terms.
        name: what it is called in this request.
        claims: what it is called in each credential that may answer.
        place: where its terms stand in the payload, or where there are none, where it is asked for.
        group: the id of the claim that it stands in for, or its own: of a group one is shared.
    """

    row: AttributeTerms
    name: Claim
    claims: tuple[Claim, ...]
    place: str
    group: str


class Asked(NamedTuple):
    """Hold what a request asks for, and where its terms stand in the payload: "" where there are none."""

    request: DataRequest
    claims: tuple[AskedClaim, ...]
    place: str

    @property
    def conditions(self) -> Conditions:
        """What is said of all of it."""
        return self.request.terms.conditions

    @property
    def purpose(self) -> str:
        """The purpose in terms of DPV, "" where none is stated."""
        return self.conditions.category

    def at(self, member: str) -> str:
        """Point to a member of the terms."""
        return self.place + pointer(member) if self.place else ""


def lay_out(request: DataRequest) -> Asked:
    """Lay out a request."""
    place = next((pointer("verifier_info", at, "data") for at, one in enumerate(request.request.info) if one.format == terms.FORMAT), "")
    called: dict[str, list[Claim]] = {}
    places: dict[str, str] = {}
    for number, asking in enumerate(request.request.query.credentials):
        for index, claim in enumerate(asking.claims):
            if claim.id in request.rows:
                called.setdefault(claim.id, []).append(claim_of(asking, claim))
                places.setdefault(claim.id, pointer("dcql_query", "credentials", number, "claims", index))
    if place:
        places = {row.claim: place + pointer("attributes", at) for at, row in enumerate(request.terms.attributes)}
    names = _names(request)
    return Asked(
        request,
        tuple(
            AskedClaim(request.rows[claim_id], names[claim_id], _once(claims), places[claim_id], request.group(claim_id))
            for claim_id, claims in called.items()
        ),
        place,
    )


def _names(request: DataRequest) -> dict[str, Claim]:
    names: dict[str, Claim] = {}
    for (_, claim_id), name in request.names.items():
        names.setdefault(claim_id, name)
    return names


def _once(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    return tuple(dict.fromkeys(claims))
