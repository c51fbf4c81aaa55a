"""Decide what to share: a plan shows what would leave, and can be widened or narrowed before anything does.

Source: OpenID4VP 1.0, sections 6.4.1 and 6.4.2.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Self

from sayso.clock import aware
from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.credentials.wire import Request
from sayso.errors import Problem
from sayso.identifiers import Did, StoredId
from sayso.jsonvalue import Json, serialize
from sayso.query import selection
from sayso.sharing.beginning import begin, may_answer
from sayso.sharing.choosing import NO_WISH, Candidates, Picks, Wish, choose, least_of, parts, picked, reachable
from sayso.sharing.picking import Candidate
from sayso.sharing.request import DataRequest
from sayso.sharing.showing import Addressed, by_query, each, leaving, visible, whom
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
        picks: what answers, by credential query: more than one credential only where `multiple` allows it.
        planned: when this was looked at.
        until: the end that the customer chose, None for the one that was asked for.
        wish: what the customer decided about credentials and parts of claims.
        notes: what could not be chosen as it was wanted.
        entire: the credentials that could answer if they were shown whole, by credential query: `whole` agrees to that.
        missing: why not more credentials can answer, as it was when this was looked at.
        known_as: of a request to sign in, the DID by which the business knows the customer already; None where one will be made.
    """

    request: Request = field(repr=False)
    verifier: Did
    met_before: bool
    answerable: bool
    problems: tuple[Problem, ...] = field(repr=False)
    asked: DataRequest = field(repr=False)
    candidates: Candidates = field(repr=False)
    picks: Picks = field(repr=False)
    planned: datetime
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

        The longest retention of what leaves counts; where nothing is kept, it ends when the answer can be accepted no longer.
        """
        rows = self.asked.rows
        leaving = [found.claim.id for *_, pick in each(self.picks) for found in pick.option]
        keep_for = max([rows[claim_id].keep_for for claim_id in leaving if claim_id in rows], default=NOTHING)
        end = self.asked.request.expires if keep_for == NOTHING else at + keep_for
        return end if self.until is None else min(end, self.until)

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
        return {name: row.reason for name, row in self._rows().items()}

    @property
    def benefits(self) -> dict[Claim, str]:
        """What sharing each claim brings, in the business's words."""
        return {name: row.benefit for name, row in self._rows().items()}

    @property
    def optional(self) -> tuple[Claim, ...]:
        """What may be added with `also`."""
        may = frozenset[str]().union(*map(self._askable, self._reachable())) - picked(self.picks)
        return tuple(name for name, row in self._rows().items() if row.claim in may)

    def _rows(self) -> dict[Claim, AttributeTerms]:
        """Give the terms of every claim that is within reach by its name, and where nothing is, of every claim that was asked for."""
        ids = self._reachable()
        return {name: self.asked.rows[claim_id] for (query_id, claim_id), name in self.asked.names.items() if query_id in ids or not ids}

    def also(self, *claims: Claim) -> "Plan":
        """Add optional claims.

        Raises:
            ValueError: a claim was not asked for.
        """
        return self._choosing(self._wanted() | self._ids(claims), self.wish)

    def only(self, *claims: Claim) -> "Plan":
        """Share these claims and no other.

        Raises:
            ValueError: a claim was not asked for, or one that is required is left out: then the choice is not to answer.
        """
        chosen = self._ids(claims)
        if self.picks and any(row.required and row.claim not in chosen for row in self._rows().values()):
            msg = "a required claim is left out; not to answer is the only way to withhold it"
            raise ValueError(msg)
        return self._choosing(chosen, self.wish)

    def without(self, *claims: Claim) -> "Plan":
        """Keep parts of what leaves home: of an address the street, of several languages one. To name none takes that back.

        The business sees the claim that it asked for, with less in it.

        Raises:
            ValueError: a part is none of `parts`, or it is all that a claim would show.

        Source: OpenID4VP 1.0, section 6.4.1 (DQ-S6).
        """
        whole = self._choosing(self._wanted(), self.wish._replace(withheld=frozenset()))
        for name in claims:
            if name not in whole.parts:
                msg = f"{name!r} is no part of what leaves that could stay home by itself"
                raise ValueError(msg)
        return self._choosing(self._wanted(), self.wish._replace(withheld=frozenset(claims)))

    def using(self, query_id: str, *credentials: StoredId) -> "Plan":
        """Answer a credential query with stored credentials of the customer's choice: one, or where `multiple` allows it, more.

        Raises:
            ValueError: one of them cannot answer it, is named twice, there are none or too many, or one has not what leaves now.
        """
        able = self.choices.get(query_id, ())
        if not credentials or len({*credentials}) < len(credentials) or not {*credentials} <= {*able}:
            msg = f"credentials that answer {query_id!r} are some of plan.choices, each once"
            raise ValueError(msg)
        if len(credentials) > 1 and not self._is_multiple(query_id):
            msg = f"one credential answers {query_id!r}"
            raise ValueError(msg)
        wish = self.wish._replace(credentials={**self.wish.credentials, query_id: credentials})
        return self._choosing(self._wanted(), wish)

    def whole(self, query_id: str) -> "Plan":
        """Agree to answer a credential query with a credential that can only be shown whole.

        All that is in it leaves, also what nobody asked for: look at `leaves` of what this gives. Nothing inside of it can be left out.

        Raises:
            ValueError: the credential query is none of `only_whole`.
        """
        if query_id not in self.entire:
            msg = f"{query_id!r} is no credential query that waits for a whole credential"
            raise ValueError(msg)
        able = {one: (*self.candidates.get(one, ()), *self.entire.get(one, ())) for one in {**self.candidates, **self.entire}}
        wish = self.wish._replace(whole=self.wish.whole | {query_id})
        begun = begin(self.asked, able, self.missing, wish, self.picks)
        if wish.queries is not None:
            wish = wish._replace(queries=tuple(begun.picks))
        return replace(self, **begun._asdict(), wish=wish, notes=())

    def answering(self, *query_ids: str) -> "Plan":
        """Answer these credential queries and no other: where there are alternatives, the customer says which.

        Raises:
            ValueError: one of them cannot be answered, or together they are not what was asked for, or more.
        """
        query = self.asked.request.query
        if not {*query_ids} <= self.candidates.keys():
            msg = "a credential query is named that cannot be answered"
            raise ValueError(msg)
        if selection.unsatisfied(query, dict.fromkeys(query_ids, 1)) or selection.surplus(query, {*query_ids}):
            msg = "these credential queries are no complete answer, or more than one"
            raise ValueError(msg)
        wish = self.wish._replace(queries=tuple(dict.fromkeys(query_ids)))
        askable = frozenset[str]().union(*map(self._askable, query_ids))
        fresh = picked(least_of(self.candidates, query_ids, wish)) & frozenset(self.asked.rows)
        return self._choosing(self._wanted() & askable | fresh, wish)

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
        known = self._rows()
        for name in claims:
            if name not in known:
                msg = f"{name!r} was not asked for"
                raise ValueError(msg)
        return frozenset(known[name].claim for name in claims)

    def _wanted(self) -> frozenset[str]:
        return picked(self.picks) & frozenset(self.asked.rows)

    def _reachable(self) -> tuple[str, ...]:
        return reachable(self.asked, self.candidates, self.picks, self.wish) if self.answerable else ()

    def _askable(self, query_id: str) -> frozenset[str]:
        return frozenset(found.claim.id for one in self.candidates[query_id] for option in one.options for found in option)

    def _is_multiple(self, query_id: str) -> bool:
        return any(query.multiple for query in self.asked.request.query.credentials if query.id == query_id)

    def _choosing(self, wanted: frozenset[str], wish: Wish) -> "Plan":
        picks = choose(self.asked, self.candidates, self.picks, wanted, wish) if self.answerable else self.picks
        missed = wanted - picked(picks)
        names = ", ".join(spoken(name) for name, row in self._rows().items() if row.claim in missed)
        notes = (printable(f"{names} stays home: no combination that may be sent holds it too"),) if names else ()
        return replace(self, picks=picks, wish=wish, notes=notes)

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
