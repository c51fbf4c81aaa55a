"""Decide what to share: a plan can be widened or narrowed before anything leaves.

Source: OpenID4VP 1.0, sections 6.4.1 and 6.4.2.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sayso.clock import aware
from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.identifiers import StoredId
from sayso.query import selection
from sayso.sharing.plan.beginning import begin
from sayso.sharing.plan.choosing import Wish, choose, least_of, picked
from sayso.sharing.plan.shown import Shown
from sayso.sharing.texts import printable


@dataclass(frozen=True, slots=True)
class Plan(Shown):
    """Show what would leave, and choose: each choice gives a new plan, and none goes beyond the request.

    What it shows is said of `Shown`.
    """

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
        parts = {*whole.parts}
        for name in claims:
            if name not in parts:
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

    def _groups(self, claim_ids: Collection[str]) -> frozenset[str]:
        return frozenset(map(self.asked.group, claim_ids))

    def _ids(self, claims: Collection[Claim]) -> frozenset[str]:
        known = self.rows
        for name in claims:
            if name not in known:
                msg = f"{name!r} was not asked for"
                raise ValueError(msg)
        return frozenset(known[name].claim for name in claims)

    def _is_multiple(self, query_id: str) -> bool:
        return any(query.multiple for query in self.asked.request.query.credentials if query.id == query_id)

    def _choosing(self, wanted: frozenset[str], wish: Wish) -> "Plan":
        picks = choose(self.asked, self.candidates, self.picks, wanted, wish) if self.answerable else self.picks
        missed = wanted - picked(picks)
        names = ", ".join(spoken(name) for name, row in self.rows.items() if row.claim in missed)
        notes = (printable(f"{names} stays home: no combination that may be sent holds it too"),) if names else ()
        return replace(self, picks=picks, wish=wish, notes=notes)
