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
from sayso.errors import Problem, pointer
from sayso.identifiers import StoredId
from sayso.jsonvalue import Json, serialize, thaw
from sayso.query import selection
from sayso.sharing.choosing import Candidates, Picks, Wish, choose, least_of, parts, picked, reachable
from sayso.sharing.picking import Pick
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import AttributeTerms
from sayso.sharing.texts import printable


@dataclass(frozen=True, slots=True)
class Plan:
    """Show what would leave, to whom, why and until when; nothing has left yet, and there is no key in it.

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
    wish: Wish = field(default=Wish({}, None, frozenset()), repr=False)
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

        What leaves for longest counts; what is not kept ends when the answer can be accepted no longer.
        """
        rows = self.asked.rows
        leaving = [rows[found.claim.id] for *_, pick in self._picks() for found in pick.option if found.claim.id in rows]
        return max([self.end_of(terms, at) for terms in leaving], default=self.end_of(None, at))

    def end_of(self, terms: AttributeTerms | None, at: datetime) -> datetime:
        """Say when a claim with these terms would end if it were presented at an instant; None for nothing that is asked for."""
        # A business that states no retention is granted none.
        end = at + terms.keep_for if terms and terms.keep_for else self.asked.request.expires
        return end if self.until is None else min(end, self.until)

    @property
    def leaves(self) -> dict[Claim, Json]:
        """What would leave, with the values as the business will see them; a path that selects several values gives a list.

        It was asked for, but for what the issuer hid in one piece with something that was.
        """
        shown: dict[Claim, Json] = {}
        for name, pick, places, several in self._leaving():
            values = [thaw(pick.value(place)) for place in places]
            shown[name] = values if several else values[0]
        return shown

    @property
    def names(self) -> tuple[Claim, ...]:
        """The names of what would leave."""
        return tuple([name for name, *_ in self._leaving()])

    def _leaving(self) -> Iterator[tuple[Claim, Pick, Sequence[Location], bool]]:
        shown: set[Claim] = set()
        names = self.asked.names
        for query_id, number, pick in self._picks():
            for found in pick.option:
                if found.claim.id in self.asked.rows:
                    name = names[query_id, found.claim.id]
                    yield _unlike(name, (query_id, number, found.claim.path), shown), pick, found.locations, None in found.claim.path
            for place in pick.carried():
                yield _unlike(pick.candidate.format.claim_at(place), (query_id, number, place), shown), pick, (place,), False

    def _picks(self) -> Iterator[tuple[str, int, Pick]]:
        for query_id, together in self.picks.items():
            for number, pick in enumerate(together):
                yield query_id, number, pick

    @property
    def stays(self) -> tuple[Claim, ...]:
        """What the credentials that answer hold beside that, and what stays home."""
        return tuple(pick.candidate.format.claim_at(place) for *_, pick in self._picks() for place in pick.staying())

    @property
    def parts(self) -> tuple[Claim, ...]:
        """The parts of what leaves that may be kept home with `without`: the issuer hid each of them by itself."""
        return tuple(dict.fromkeys(name for *_, pick in self._picks() for name, _ in parts(pick)))

    @property
    def visible(self) -> dict[Claim, Json]:
        """What the issuer left visible in every presentation: it leaves whenever anything does."""
        shown: set[Claim] = set()
        return {
            _unlike(pick.candidate.format.claim_at(place), (query_id, number, place), shown): thaw(pick.candidate.value(place))
            for query_id, number, pick in self._picks()
            for place in pick.candidate.exposed.visible
        }

    @property
    def credentials(self) -> dict[str, tuple[StoredId, ...]]:
        """The stored credentials that answer, by credential query."""
        return {query_id: tuple(pick.candidate.credential for pick in together) for query_id, together in self.picks.items()}

    @property
    def choices(self) -> dict[str, tuple[StoredId, ...]]:
        """The stored credentials that could answer, by credential query: one of which none can has no entry."""
        return {query_id: tuple(one.credential for one in able) for query_id, able in self.candidates.items()}

    @property
    def unanswered(self) -> dict[str, tuple[Problem, ...]]:
        """Why something that was asked cannot be answered, by the id of the credential query; the pointers are into that query."""
        found: dict[str, tuple[Problem, ...]] = {}
        for index, query in enumerate(self.asked.request.query.credentials):
            above = pointer("credentials", index)
            of_it = [one for one in self.problems if (one.pointer + "/").startswith(above + "/")]
            if of_it:
                found[query.id] = tuple(replace(one, pointer=one.pointer.removeprefix(above)) for one in of_it)
        return found

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
        may, leaving = self._may_leave(), self._groups(picked(self.picks) & frozenset(self.asked.rows))
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

    def _groups(self, claim_ids: Collection[str]) -> frozenset[str]:
        return frozenset(map(self.asked.group, claim_ids))

    @property
    def rows(self) -> dict[Claim, AttributeTerms]:
        """Give the terms of every claim that is within reach by its name, and where nothing is, of every claim that was asked for."""
        ids = self._reachable()
        return {name: self.asked.rows[claim_id] for (query_id, claim_id), name in self.asked.names.items() if query_id in ids or not ids}

    def also(self, *claims: Claim) -> "Plan":
        """Add optional claims; one that stands in for a claim that leaves takes its place, and so does one that it stands in for.

        Raises:
            ValueError: a claim was not asked for.
        """
        added = self._ids(claims)
        groups = self._groups(added)
        return self._choosing(added | {one for one in self._wanted() if self.asked.group(one) not in groups}, self.wish)

    def only(self, *claims: Claim) -> "Plan":
        """Share these claims and no other.

        Raises:
            ValueError: a claim was not asked for, or one that is required is left out: then the choice is not to answer.
        """
        chosen = self._ids(claims)
        groups = self._groups(chosen)
        if self.picks and any(row.required and self.asked.group(row.claim) not in groups for row in self.rows.values()):
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
        known = self.rows
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
        names = ", ".join(spoken(name) for name, row in self.rows.items() if row.claim in missed)
        notes = (printable(f"{names} stays home: no combination that may be sent holds it too"),) if names else ()
        return replace(self, picks=picks, wish=wish, notes=notes)

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


def _unlike(name: Claim, place: tuple[str, int, ClaimsPath], shown: set[Claim]) -> Claim:
    """Name what stands at a path of a credential; where that is the name of something else already, by where it stands."""
    query_id, number, path = place
    if name in shown:
        name = (query_id, *path)
    if name in shown:
        name = (query_id, number, *path)
    shown.add(name)
    return name
