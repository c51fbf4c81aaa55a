"""Decide what to share: a plan shows what would leave, and can be widened or narrowed before anything does.

Source: OpenID4VP 1.0, sections 6.4.1 and 6.4.2.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, cast

from sayso.clock import aware
from sayso.credentials.claims_path import Location, Places
from sayso.credentials.formats import FORMATS, Format, spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.credentials.wire import Request
from sayso.errors import Problem
from sayso.identifiers import Did, StoredId
from sayso.jsonvalue import Json, JsonObject, serialize, thaw
from sayso.query.claims import Found, Option
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import NOTHING, AttributeTerms, printable


class Candidate(NamedTuple):
    """Hold one stored credential that can answer a credential query, and the combinations of claims with which it can.

    `document` is the credential as its holder sees it, `disclosable` the places that stay home unless they are chosen, and `places` the
    same, indexed.
    """

    credential: StoredId
    format: Format
    document: JsonObject
    disclosable: Collection[Location]
    places: Places
    options: tuple[Option, ...]


class Pick(NamedTuple):
    """Hold what answers one credential query: a candidate, and one of its options."""

    candidate: Candidate
    option: Option

    @property
    def claim_ids(self) -> frozenset[str]:
        """The ids of the claims that are picked."""
        return frozenset(found.claim.id for found in self.option)

    @property
    def selected(self) -> list[Location]:
        """The places that are opened."""
        return [place for found in self.option for place in found.locations]

    def values(self, found: Found) -> list[Json]:
        """Give the values of one claim, as the business will see them."""
        return [_at(self.candidate.document, place) for place in found.locations]

    def cost(self) -> int:
        """Rank by what is revealed: fewer values, then fewer that say more than yes or no, then fewer characters."""
        values = [value for found in self.option for value in self.values(found)]
        telling = [value for value in values if not isinstance(value, bool)]
        characters = sum(len(serialize(value)) for value in telling)
        return (len(values) << 48) + (len(telling) << 32) + characters

    def staying(self) -> Iterator[Location]:
        """Give the places that stay home, without those inside of one that does."""
        leaving = set(self.candidate.places.needed(self.selected))
        home: set[Location] = set()
        for number, place in enumerate(self.candidate.disclosable):
            if number not in leaving:
                home.add(place)
                if not any(place[:length] in home for length in range(1, len(place))):
                    yield place


def _at(value: Json, place: Location) -> Json:
    for step in place:
        value = cast("JsonObject", value)[cast("str", step)]  # or an array and an index: the places were found in this tree
    return value


def _picks(candidates: Collection[Candidate]) -> Iterator[Pick]:
    return (Pick(candidate, option) for candidate in candidates for option in candidate.options)


def least(candidates: Collection[Candidate]) -> Pick:
    """Pick what reveals least; of equals the first in the verifier's order."""
    return min(_picks(candidates), key=Pick.cost)


@dataclass(frozen=True, slots=True)
class Plan:
    """Show what would leave, to whom, why and until when; nothing has left yet, and there is no key in it.

    Args:
        request: the request that it answers.
        verifier: the DID of the business; its signature on the request holds.
        met_before: whether this wallet has shared something with that DID before.
        answerable: whether the required part can be answered; if not, `present` refuses.
        problems: why something that was asked cannot be answered, with pointers into the query.
        asked: the request as it was read.
        candidates: the credentials that can answer, by credential query.
        picks: what answers, by credential query.
        planned: when this was looked at.
        until: the end that the customer chose, None for the one that was asked for.
        notes: what could not be chosen as it was wanted.
    """

    request: Request = field(repr=False)
    verifier: Did
    met_before: bool
    answerable: bool
    problems: tuple[Problem, ...] = field(repr=False)
    asked: DataRequest = field(repr=False)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(repr=False)
    picks: Mapping[str, Pick] = field(repr=False)
    planned: datetime
    until: datetime | None = None
    notes: tuple[str, ...] = ()

    @property
    def calls_itself(self) -> str:
        """The name that the business gives itself; nobody has checked it."""
        return self.asked.request.name

    @property
    def purpose(self) -> str:
        """What the business says it is for."""
        return self.asked.terms.purpose

    @property
    def ends(self) -> datetime:
        """When the share would end if it were presented at once; every share ends."""
        return self.end_from(self.planned)

    def end_from(self, at: datetime) -> datetime:
        """Say when the share would end if it were presented at an instant.

        The longest retention of what leaves counts; where nothing is kept, it ends when the answer can be accepted no longer.
        """
        leaving = {found.claim.id for picked in self.picks.values() for found in picked.option}
        keep_for = max((row.keep_for for row in self.asked.rows.values() if row.claim in leaving), default=NOTHING)
        end = self.asked.request.expires if keep_for == NOTHING else at + keep_for
        return end if self.until is None else min(end, self.until)

    @property
    def leaves(self) -> dict[Claim, Json]:
        """What would leave, with the values as the business will see them; a path that selects several values gives a list."""
        shown: dict[Claim, Json] = {}
        for picked in self.picks.values():
            for found in picked.option:
                if found.claim.id in self.asked.rows:
                    values = [thaw(value) for value in picked.values(found)]
                    shown[picked.candidate.format.claim_at(found.claim.path)] = values if None in found.claim.path else values[0]
        return shown

    @property
    def stays(self) -> tuple[Claim, ...]:
        """What the credentials that answer hold beside that, and what stays home."""
        return tuple(picked.candidate.format.claim_at(place) for picked in self.picks.values() for place in picked.staying())

    @property
    def visible(self) -> dict[Claim, Json]:
        """What the issuer left visible in every presentation: it leaves whenever anything does."""
        shown: dict[Claim, Json] = {}
        for picked in self.picks.values():
            _, format_, document, disclosable, _, _ = picked.candidate
            subject = _at(document, format_.root)
            if isinstance(subject, dict):
                hidden = {place[len(format_.root)] for place in disclosable if len(place) == len(format_.root) + 1}
                shown.update({name: thaw(value) for name, value in subject.items() if name not in hidden})
        return shown

    @property
    def reasons(self) -> dict[Claim, str]:
        """Why each claim is asked for, in the business's words."""
        return {name: row.reason for name, row in self._rows()}

    @property
    def benefits(self) -> dict[Claim, str]:
        """What sharing each claim brings, in the business's words."""
        return {name: row.benefit for name, row in self._rows()}

    @property
    def optional(self) -> tuple[Claim, ...]:
        """What may be added with `also`."""
        able = {
            found.claim.id for candidates in self.candidates.values() for one in candidates for option in one.options for found in option
        }
        taken = self.leaves
        return tuple(name for name, row in self._rows() if not row.required and row.claim in able and name not in taken)

    def _rows(self) -> Iterator[tuple[Claim, AttributeTerms]]:
        for query in self.asked.request.query.credentials:
            if query.id in self.picks or not self.picks:
                for claim in query.claims:
                    if claim.id in self.asked.rows:
                        known = FORMATS.get(query.format)
                        yield (known.claim_at(claim.path) if known else claim.path), self.asked.rows[claim.id]

    def also(self, *claims: Claim) -> "Plan":
        """Add optional claims.

        Raises:
            ValueError: a claim was not asked for.
        """
        return self._with(lambda picked: picked | self._ids(claims))

    def only(self, *claims: Claim) -> "Plan":
        """Share these claims and no other.

        Raises:
            ValueError: a claim was not asked for, or one that is required is left out: then the choice is not to answer.
        """
        chosen = self._ids(claims)
        missing = [row.claim for row in self.asked.rows.values() if row.required and row.claim not in chosen]
        if missing:
            msg = "a required claim is left out; not to answer is the only way to withhold it"
            raise ValueError(msg)
        return self._with(lambda _: chosen)

    def ending(self, at: datetime) -> "Plan":
        """End the share at an instant of the customer's choice, rounded down to the second.

        Raises:
            TypeError: it is no datetime.
            ValueError: it is not aware, or later than what the business asked for.
        """
        chosen = aware(at).replace(microsecond=0)
        if chosen > replace(self, until=None).ends:
            msg = "the share may end earlier than was asked for, not later"
            raise ValueError(msg)
        return replace(self, until=chosen)

    def _ids(self, claims: Collection[Claim]) -> frozenset[str]:
        known = {name: row.claim for name, row in self._rows()}
        for name in claims:
            if name not in known:
                msg = f"{name!r} was not asked for"
                raise ValueError(msg)
        return frozenset(known[name] for name in claims)

    def _with(self, change: Callable[[frozenset[str]], frozenset[str]]) -> "Plan":
        picks: dict[str, Pick] = {}
        notes: list[str] = []
        about = frozenset(self.asked.rows)
        # Where nothing is answered yet, the first credential query that can be is.
        for query_id in self.picks or [*self.candidates][:1]:
            before = self.picks[query_id].claim_ids & about if query_id in self.picks else frozenset[str]()
            askable = {found.claim.id for one in self.candidates[query_id] for option in one.options for found in option}
            wanted = change(before)
            picks[query_id], missed = _nearest(self.candidates[query_id], wanted & askable, about)
            if missed := missed | (wanted - askable):
                notes.append(f"{', '.join(sorted(missed))} stays home: no combination that may be sent holds it too")
        return replace(self, picks=picks, notes=tuple(notes))

    def __str__(self) -> str:
        leaves = ", ".join(f"{spoken(name)}={serialize(value)}" for name, value in self.leaves.items()) or "nothing"
        stays = f"; {', '.join(map(spoken, self.stays))} stay home" if self.stays else ""
        met = "met before" if self.met_before else "new to you"
        name = f"{self.calls_itself} " if self.calls_itself else ""
        return printable(f"{leaves} -> {name}({self.verifier}, {met}), {self.purpose}, until {format_date_time(self.ends)}{stays}")


def _nearest(candidates: Collection[Candidate], wanted: frozenset[str], about: frozenset[str]) -> tuple[Pick, frozenset[str]]:
    """Pick the wanted claims, or the largest combination inside them; says what is missed."""
    inside = [one for one in _picks(candidates) if one.claim_ids & about <= wanted]
    if not inside:
        msg = "no combination of claims that may be sent lies inside this choice"
        raise ValueError(msg)
    picked = min(inside, key=lambda one: (-len(one.claim_ids & about), one.cost()))
    return picked, wanted - picked.claim_ids
