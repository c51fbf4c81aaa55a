"""Look at what of a plan leaves, piece by piece: what was asked for, and what comes along."""

from collections.abc import Iterator
from typing import NamedTuple

from sayso.credentials.claims_path import ClaimsPath, Location, find
from sayso.credentials.formats import READABLE
from sayso.credentials.kinds import Claim
from sayso.errors import SaysoError
from sayso.jsonvalue import Json
from sayso.sharing.plan.decision import Plan
from sayso.sharing.terms import AttributeTerms

# Nobody said for how long, so that counts as for ever.
_UNSTATED = AttributeTerms("", required=True, reason="", benefit="", keep_for=None)


class Piece(NamedTuple):
    """Hold one claim that is asked for, or that leaves with one: its path, the root of its format, and its terms."""

    path: ClaimsPath
    root: tuple[str, ...]
    terms: AttributeTerms

    def named(self, claim: Claim) -> ClaimsPath:
        """Give the path of a claim in the credential that this one is of, as `Format.claim_at` names them."""
        # Who asks for what is above the claims of a person asks for all of them.
        inside = self.path[: len(self.root)] == self.root[: len(self.path)]
        return (*self.root, *steps(claim)) if inside else steps(claim)


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
                root = READABLE[query.format].root if query.format in READABLE else ()
                found[name] = Piece(claim.path, root, plan.asked.rows[claim.id])
    return found


class Leaving(NamedTuple):
    """Hold something that leaves: its name, whether it was asked for, its place, its terms, its value, and the parts that stay home."""

    name: Claim
    asked: bool
    place: Location
    piece: Piece
    value: Json
    home: frozenset[Location]

    def shows(self, path: ClaimsPath) -> bool:
        """Tell whether the business would see something at a path inside of it."""
        try:
            found = find(self.value, path)
        except SaysoError:  # it has another shape than the path
            return False
        return any(not any(place[:length] in self.home for length in range(1, len(place) + 1)) for place, _ in found)


def leaving(plan: Plan) -> Iterator[Leaving]:
    """Give all that leaves, but for the identifier of the subject."""
    names = plan.asked.names
    for query_id, together in plan.picks.items():
        for pick in together:
            candidate = pick.candidate
            root = candidate.format.root
            for found in pick.option:
                name = names.get((query_id, found.claim.id))
                if name is not None:
                    piece = Piece(found.claim.path, root, plan.asked.rows[found.claim.id])
                    for place in found.locations:
                        home = frozenset(part[len(place) :] for part in pick.withheld if part[: len(place)] == place)
                        yield Leaving(name, True, place, piece, candidate.value(place), home)
            for place in (*pick.carried(), *candidate.exposed.visible):
                if place != (*root, "id"):
                    name = candidate.format.claim_at(place)
                    yield Leaving(name, False, place, Piece(place, root, _UNSTATED), candidate.value(place), frozenset())


def shared(plan: Plan) -> tuple[Claim, ...]:
    """Give the names of the claims that were asked for and leave."""
    return tuple(dict.fromkeys(one.name for one in leaving(plan) if one.asked))


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
