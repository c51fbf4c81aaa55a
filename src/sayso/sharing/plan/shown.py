"""Hold what a plan shows: what would leave, to whom, why and until when.

Source: OpenID4VP 1.0, sections 6.4.1 and 6.4.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.credentials.wire import Request
from sayso.errors import Problem
from sayso.identifiers import Did, StoredId
from sayso.jsonvalue import Json, serialize
from sayso.sharing.plan.beginning import begin, may_answer
from sayso.sharing.plan.choosing import NO_WISH, Candidates, Picks, Wish, parts, picked, reachable
from sayso.sharing.plan.picking import Candidate
from sayso.sharing.plan.showing import Addressed, by_query, each, leaving, visible, whom
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import AttributeTerms
from sayso.sharing.texts import printable


@dataclass(frozen=True, slots=True)
class Shown:
    """Hold what a plan shows; nothing has left yet, and there is no key in it.

    Args:
        request: the request that it answers.
        verifier: the DID of the business; its signature on the request holds. Where nobody signed, the client identifier with its prefix.
        met_before: whether this wallet has shared something with that DID before.
        answerable: whether the required part can be answered; if not, `present` refuses.
        problems: why something that was asked cannot be answered, with pointers into the query.
        asked: the request as it was read.
        candidates: the credentials that can answer, by credential query.
        picks: what answers, by credential query: more than one credential only where `multiple` allows it.
        planned: when this was looked at.
        already: what this business has of the customer under a share that has not ended, each claim with its end.
        until: the end that the customer chose, None for the one that was asked for.
        wish: what the customer decided about credentials and parts of claims.
        notes: what could not be chosen as it was wanted.
        entire: the credentials that could answer if they were shown whole, by credential query: `whole` agrees to that.
        missing: why not more credentials can answer, as it was when this was looked at.
        known_as: of a request to sign in, the DID by which the business knows the customer already; None where one will be made.
    """

    request: Request = field(repr=False)
    verifier: str
    met_before: bool
    answerable: bool
    problems: tuple[Problem, ...] = field(repr=False)
    asked: DataRequest = field(repr=False)
    candidates: Candidates = field(repr=False)
    picks: Picks = field(repr=False)
    planned: datetime
    already: Mapping[Claim, datetime]
    until: datetime | None = None
    wish: Wish = field(default=NO_WISH, repr=False)
    notes: tuple[str, ...] = ()
    entire: Candidates = field(default_factory=dict[str, tuple[Candidate, ...]], repr=False)
    missing: tuple[Problem, ...] = field(default=(), repr=False)
    known_as: Did | None = None

    @classmethod
    def begun(cls, about: Addressed, able: Candidates, missing: Sequence[Problem], planned: datetime) -> Self:
        """Show what reveals least of all that can answer."""
        begun = begin(about.asked, able, missing, NO_WISH)
        return cls(**about._asdict(), **begun._asdict(), planned=planned, missing=tuple(missing))

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

        What leaves for longest counts; what is not kept ends when the answer can be accepted no longer.
        """
        rows = self.asked.rows
        leaves = [rows[found.claim.id] for *_, pick in each(self.picks) for found in pick.option if found.claim.id in rows]
        return max([self.end_of(terms, at) for terms in leaves], default=self.end_of(None, at))

    def end_of(self, terms: AttributeTerms | None, at: datetime) -> datetime:
        """Say when a claim with these terms would end if it were presented at an instant; None for nothing that is asked for."""
        # A business that states no retention is granted none.
        end = at + terms.keep_for if terms and terms.keep_for else self.asked.request.expires
        return end if self.until is None else min(end, self.until)

    def ends_from(self, at: datetime) -> tuple[datetime, ...]:
        """Say when each of `names` would end if it were presented at an instant; what nobody asked for ends with the share."""
        rows, until = self.rows, self.end_from(at)
        return tuple([self.end_of(rows[name], at) if name in rows else until for name in self.names])

    @property
    def leaves(self) -> dict[Claim, Json]:
        """What would leave, with the values as the business will see them; a path that selects several values gives a list.

        It was asked for, but for what the issuer hid or signed in one piece with something that was: `unasked` names that.
        """
        return {one.name: one.value for one in leaving(self.asked, self.picks)}

    @property
    def names(self) -> tuple[Claim, ...]:
        """The names of what would leave."""
        return tuple([one.name for one in leaving(self.asked, self.picks)])

    @property
    def unasked(self) -> tuple[Claim, ...]:
        """The names of what would leave though nobody asked for it: it is in one piece with what was asked for."""
        return tuple([one.name for one in leaving(self.asked, self.picks) if not one.asked])

    @property
    def stays(self) -> tuple[Claim, ...]:
        """What the credentials that answer hold beside that, and what stays home."""
        return tuple(pick.candidate.format.claim_at(place) for *_, pick in each(self.picks) for place in pick.staying())

    @property
    def parts(self) -> tuple[Claim, ...]:
        """The parts of what leaves that may be kept home with `without`: the issuer hid each of them by itself."""
        return tuple(dict.fromkeys(name for *_, pick in each(self.picks) for name, _ in parts(pick)))

    @property
    def visible(self) -> dict[Claim, Json]:
        """What the issuer left visible in every presentation: it leaves whenever anything does."""
        return visible(self.picks)

    @property
    def credentials(self) -> dict[str, tuple[StoredId, ...]]:
        """The stored credentials that answer, by credential query."""
        return {query_id: tuple(pick.candidate.credential for pick in together) for query_id, together in self.picks.items()}

    @property
    def choices(self) -> dict[str, tuple[StoredId, ...]]:
        """The stored credentials that could answer, by credential query: one of which none can has no entry."""
        return {query_id: tuple(one.credential for one in able) for query_id, able in self.candidates.items()}

    @property
    def only_whole(self) -> dict[str, tuple[StoredId, ...]]:
        """The stored credentials that could answer only if they were shown whole, by credential query: `whole` agrees to that."""
        return {query_id: tuple(one.credential for one in ones) for query_id, ones in self.entire.items()}

    @property
    def signs_in(self) -> bool:
        """Whether nothing is asked for but a key that is made for this business, by which it knows the customer again."""
        return bool(self.asked.request.scope)

    @property
    def unanswered(self) -> dict[str, tuple[Problem, ...]]:
        """Why something that was asked cannot be answered, by the id of the credential query; the pointers are into that query."""
        return by_query(self.asked, self.problems)

    @property
    def reasons(self) -> dict[Claim, str]:
        """Why each claim is asked for, in the business's words."""
        return {name: row.reason for name, row in self.rows.items()}

    @property
    def benefits(self) -> dict[Claim, str]:
        """What sharing each claim brings, in the business's words."""
        return {name: row.benefit for name, row in self.rows.items()}

    @property
    def optional(self) -> tuple[Claim, ...]:
        """What may be added with `also`."""
        may, leaving = self._may_leave(), {self.asked.group(claim_id) for claim_id in self._wanted()}
        return tuple(name for name, row in self.rows.items() if row.claim in may and self.asked.group(row.claim) not in leaving)

    @property
    def alternatives(self) -> dict[Claim, tuple[Claim, ...]]:
        """What may leave instead of what leaves now: to name it with `also` puts it in the place of the other."""
        rows, may, leaving = self.rows, self._may_leave(), self._wanted()
        names = {row.claim: name for name, row in rows.items()}
        found = {
            names[claim_id]: tuple(
                names[other]
                for other in self.asked.rows
                if other != claim_id and other in may and other in names and self.asked.group(other) == self.asked.group(claim_id)
            )
            for claim_id in self.asked.rows
            if claim_id in leaving and claim_id in names
        }
        return {name: others for name, others in found.items() if others}

    def _may_leave(self) -> frozenset[str]:
        return frozenset[str]().union(*map(self._askable, self._reachable()))

    @property
    def rows(self) -> dict[Claim, AttributeTerms]:
        """Give the terms of every claim that is within reach by its name, and where nothing is, of every claim that was asked for."""
        ids = self._reachable()
        return {name: self.asked.rows[claim_id] for (query_id, claim_id), name in self.asked.names.items() if query_id in ids or not ids}

    def _wanted(self) -> frozenset[str]:
        return picked(self.picks) & frozenset(self.asked.rows)

    def _reachable(self) -> tuple[str, ...]:
        return reachable(self.asked, self.candidates, self.picks, self.wish) if self.answerable else ()

    def _askable(self, query_id: str) -> frozenset[str]:
        return frozenset(found.claim.id for one in self.candidates[query_id] for option in one.options for found in option)

    def __str__(self) -> str:
        to = whom(self.asked, self.verifier, met_before=self.met_before)
        if not self.answerable:
            only = may_answer(self.asked, {*self.candidates, *self.entire})
            return printable(f"{'can only be answered with a whole credential' if only else 'cannot be answered'}: {to}")
        leaves = ", ".join(f"{spoken(name)}={serialize(value)}" for name, value in self.leaves.items()) or "nothing"
        if self.signs_in:
            leaves = "nothing but a key that is only for this business"
        line = f"{leaves} -> {to}, until {format_date_time(self.ends)}"
        visible, stays = (", ".join(map(spoken, names)) for names in (self.visible, self.stays))
        return printable(line + (f"; always visible: {visible}" if visible else "") + (f"; {stays} stay home" if stays else ""))
