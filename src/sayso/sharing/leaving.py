"""Look at what of a plan leaves, piece by piece: what was asked for, and what comes along."""

from collections.abc import Iterator
from typing import NamedTuple

from sayso.credentials.claims_path import ClaimsPath, find
from sayso.credentials.kinds import Claim
from sayso.errors import SaysoError
from sayso.jsonvalue import Json
from sayso.sharing.decision import Plan
from sayso.sharing.request import claim_of
from sayso.sharing.terms import AttributeTerms

# Nobody said for how long, so that counts as for ever.
_UNSTATED = AttributeTerms("", required=True, reason="", benefit="", keep_for=None)


class Piece(NamedTuple):
    """Hold one claim that is asked for, or that leaves with one: its path, and its terms."""

    path: ClaimsPath
    terms: AttributeTerms


def steps(claim: Claim) -> ClaimsPath:
    """Give a claim as a path.

    >>> steps("birthdate")
    ('birthdate',)
    """
    return (claim,) if isinstance(claim, str) else claim


def asked_for(plan: Plan) -> dict[Claim, Piece]:
    """Give each claim that was asked for and is within reach, by the name that the plan gives it."""
    within, names = plan.reasons, plan.asked.names
    found: dict[Claim, Piece] = {}
    for query in plan.asked.request.query.credentials:
        for claim in query.claims:
            name = names.get((query.id, claim.id))
            if name is not None and name in within:
                found[name] = Piece(steps(claim_of(query, claim)), plan.asked.rows[claim.id])
    return found


class Leaving(NamedTuple):
    """Hold something that leaves: its name, whether it was asked for, its place, its terms, and the value that the business would see."""

    name: Claim
    asked: bool
    place: ClaimsPath
    piece: Piece
    value: Json


def leaving(plan: Plan) -> Iterator[Leaving]:
    """Give all that leaves, but for the identifier of the subject."""
    names = plan.asked.names
    for query_id, together in plan.picks.items():
        for pick in together:
            _, format_, *_ = pick.candidate
            for found in pick.option:
                name = names.get((query_id, found.claim.id))
                if name is not None:
                    piece = Piece(steps(format_.claim_at(found.claim.path)), plan.asked.rows[found.claim.id])
                    for place in found.locations:
                        yield Leaving(name, True, steps(format_.claim_at(place)), piece, pick.value(place))
            for place in (*pick.carried(), *pick.candidate.exposed.visible):
                if place != (*format_.root, "id"):
                    claim = format_.claim_at(place)
                    yield Leaving(claim, False, steps(claim), Piece(steps(claim), _UNSTATED), pick.candidate.value(place))


def shared(plan: Plan) -> tuple[Claim, ...]:
    """Give the names of the claims that were asked for and leave."""
    return tuple(dict.fromkeys(one.name for one in leaving(plan) if one.asked))


def holds(value: Json, path: ClaimsPath) -> bool:
    """Tell whether something is at a path inside of a value.

    >>> holds({"street": "Storgata 1"}, ("street",)), holds(["no"], ("street",))
    (True, False)
    """
    try:
        return bool(find(value, path))
    except SaysoError:
        return False


def stand_in(plan: Plan, name: Claim) -> Claim | None:
    """Give what may leave in the place of a claim, or already does, and says less; the least first.

    Of claims of which one is shared, those that stand in for the other say less than it, in the order of their terms.
    """
    pieces, now = asked_for(plan), shared(plan)
    if name not in pieces:
        return None
    this = pieces[name].terms
    order = [*plan.asked.rows]
    for other in plan.alternatives.get(name, ()) if name in now else now:
        that = pieces[other].terms
        together = that.instead_of and plan.asked.group(that.claim) == plan.asked.group(this.claim)
        if together and (not this.instead_of or order.index(that.claim) < order.index(this.claim)):
            return other
    return None
