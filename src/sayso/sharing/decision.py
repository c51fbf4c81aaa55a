"""Decide what to share: a plan shows what would leave, and can be widened or narrowed before anything does.

Source: OpenID4VP 1.0, sections 6.4.1 and 6.4.2.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sayso.clock import aware
from sayso.credentials.claims_path import ClaimsPath, Location
from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.credentials.wire import Request
from sayso.errors import Problem
from sayso.identifiers import Did
from sayso.jsonvalue import Json, serialize, thaw
from sayso.sharing.picking import Candidate, Pick, nearest
from sayso.sharing.request import DataRequest, claim_of, may_be_left_out
from sayso.sharing.terms import NOTHING, AttributeTerms, printable


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
        leaving = _picked(self.picks)
        keep_for = max([row.keep_for for row in self.asked.rows.values() if row.claim in leaving], default=NOTHING)
        end = self.asked.request.expires if keep_for == NOTHING else at + keep_for
        return end if self.until is None else min(end, self.until)

    @property
    def leaves(self) -> dict[Claim, Json]:
        """What would leave, with the values as the business will see them; a path that selects several values gives a list.

        It was asked for, but for what the issuer hid in one piece with something that was.
        """
        shown: dict[Claim, Json] = {}
        for name, candidate, places, several in self._leaving():
            values = [thaw(candidate.value(place)) for place in places]
            shown[name] = values if several else values[0]
        return shown

    @property
    def names(self) -> tuple[Claim, ...]:
        """The names of what would leave."""
        return tuple([name for name, *_ in self._leaving()])

    def _leaving(self) -> Iterator[tuple[Claim, Candidate, Sequence[Location], bool]]:
        shown: set[Claim] = set()
        for query_id, picked in self.picks.items():
            for found in picked.option:
                if found.claim.id in self.asked.rows:
                    name = _name(query_id, picked, found.claim.path, shown)
                    yield name, picked.candidate, found.locations, None in found.claim.path
            for place in picked.carried():
                yield _name(query_id, picked, place, shown), picked.candidate, (place,), False

    @property
    def stays(self) -> tuple[Claim, ...]:
        """What the credentials that answer hold beside that, and what stays home."""
        return tuple(picked.candidate.format.claim_at(place) for picked in self.picks.values() for place in picked.staying())

    @property
    def visible(self) -> dict[Claim, Json]:
        """What the issuer left visible in every presentation: it leaves whenever anything does."""
        shown: set[Claim] = set()
        return {
            _name(query_id, picked, place, shown): thaw(picked.candidate.value(place))
            for query_id, picked in self.picks.items()
            for place in picked.candidate.exposed.visible
        }

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
        may = frozenset[str]().union(*map(self._askable, self._choosable())) - _picked(self.picks)
        return tuple(dict.fromkeys(name for name, row in self._rows() if row.claim in may))

    def _rows(self) -> Iterator[tuple[Claim, AttributeTerms]]:
        for query in self.asked.request.query.credentials:
            if query.id in self.picks or not self.picks:
                for claim in query.claims:
                    if claim.id in self.asked.rows:
                        yield claim_of(query, claim), self.asked.rows[claim.id]

    def also(self, *claims: Claim) -> "Plan":
        """Add optional claims.

        Raises:
            ValueError: a claim was not asked for.
        """
        return self._choosing(_picked(self.picks) & frozenset(self.asked.rows) | self._ids(claims))

    def only(self, *claims: Claim) -> "Plan":
        """Share these claims and no other.

        Raises:
            ValueError: a claim was not asked for, or one that is required is left out: then the choice is not to answer.
        """
        chosen = self._ids(claims)
        if self.picks and any(row.required and row.claim not in chosen for _, row in self._rows()):
            msg = "a required claim is left out; not to answer is the only way to withhold it"
            raise ValueError(msg)
        return self._choosing(chosen)

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

    def _choosable(self) -> Collection[str]:
        """Give the credential queries that an answer is made of, or where there is none yet, of which one may be."""
        if self.picks:
            return self.picks.keys()
        return self.candidates.keys() if self.answerable else ()

    def _askable(self, query_id: str) -> frozenset[str]:
        return frozenset(found.claim.id for one in self.candidates[query_id] for option in one.options for found in option)

    def _choosing(self, wanted: frozenset[str]) -> "Plan":
        about = frozenset(self.asked.rows)
        spared = may_be_left_out(self.asked.request.query)
        found = {query_id: nearest(self.candidates[query_id], wanted, about) for query_id in self._choosable()}
        picks = {query_id: pick for query_id, pick in found.items() if pick and (query_id not in spared or pick.claim_ids & about)}
        if not found.keys() <= picks.keys() | spared:
            msg = "no combination of claims that may be sent lies inside this choice"
            raise ValueError(msg)
        if picks and not self.picks:
            # Nothing was answered yet: the credential query that gives the most of it is, and the first of equals.
            most = max(picks, key=lambda query_id: len(picks[query_id].claim_ids & wanted))
            picks = {most: picks[most]}
        missed = wanted - _picked(picks)
        names = ", ".join(dict.fromkeys(spoken(name) for name, row in self._rows() if row.claim in missed))
        notes = (printable(f"{names} stays home: no combination that may be sent holds it too"),) if names else ()
        return replace(self, picks=picks, notes=notes)

    def __str__(self) -> str:
        leaves = ", ".join(f"{spoken(name)}={serialize(value)}" for name, value in self.leaves.items()) or "nothing"
        # What a business calls itself stands between quotation marks, so that it cannot pass for the rest of the line.
        name = f"{serialize(self.calls_itself)} " if self.calls_itself else ""
        met = "met before" if self.met_before else "new to you"
        whom = f"{name}({self.verifier}, {met}), {serialize(self.purpose)}"
        if not self.answerable:
            return printable(f"cannot be answered: {whom}")
        line = f"{leaves} -> {whom}, until {format_date_time(self.ends)}"
        visible, stays = (", ".join(map(spoken, names)) for names in (self.visible, self.stays))
        return printable(line + (f"; always visible: {visible}" if visible else "") + (f"; {stays} stay home" if stays else ""))


def _name(query_id: str, picked: Pick, path: ClaimsPath, shown: set[Claim]) -> Claim:
    """Name what stands at a path; where that is the name of something else already, by its credential query and its whole path."""
    name = picked.candidate.format.claim_at(path)
    if name in shown:
        name = (query_id, *path)
    shown.add(name)
    return name


def _picked(picks: Mapping[str, Pick]) -> frozenset[str]:
    return frozenset([found.claim.id for pick in picks.values() for found in pick.option])
