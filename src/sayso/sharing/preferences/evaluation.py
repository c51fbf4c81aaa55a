"""Weigh a plan against a customer's rules: what is shared, what is asked about, what stays home, and which rules say so.

Data in, data out: nothing of the rules is in the plan that comes out, and so nothing of them leaves with it.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple, TypeAlias

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.kinds import Claim
from sayso.sharing.lint.finding import Finding
from sayso.sharing.plan.decision import Plan
from sayso.sharing.plan.pieces import Leaving, Piece, asked_for, leaving, shared, stand_in, steps
from sayso.sharing.preferences.matching import Asking, Denial, Vote, covers, denials, meets, votes
from sayso.sharing.preferences.profile import APPROVE, ASK, DENY, OFFER, OUTCOMES, Preferences
from sayso.sharing.preferences.reading import own

Key: TypeAlias = tuple[Claim, bool]
"""The name of a claim, and whether it was asked for."""


class Ruling(NamedTuple):
    """Say what a customer's rules make of one claim.

    Args:
        claim: the claim, as the plan calls it.
        outcome: one of OUTCOMES; without a rule a claim is asked about.
        rules: the ids of the rules that say so, in their order.
        asked: whether it was asked for, or would leave without.
        instead: what is shared in its place, and says less.
        without: the parts of it that stay home, for a rule denies them.
        counter: how long the customer would let it be kept, where the business wants longer, or does not say how long.
    """

    claim: Claim
    outcome: str
    rules: tuple[str, ...]
    asked: bool = True
    instead: Claim | None = None
    without: tuple[Claim, ...] = ()
    counter: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Say what a customer's rules make of a plan.

    Args:
        plan: the plan that is left, None where the rules leave nothing that could be an answer.
        rulings: what they make of each claim that was asked for, and of what would leave beside that.
        limited_by: the ids of the rules for which the share ends sooner.
    """

    plan: Plan | None = field(repr=False)
    rulings: tuple[Ruling, ...]
    limited_by: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """What is to be done with the whole: DENY, ASK, or APPROVE where all that leaves is approved, and something does."""
        if self.plan is None:
            return DENY
        approved = {(ruling.claim, ruling.asked) for ruling in self.rulings if ruling.outcome == APPROVE}
        there = {(one.name, one.asked) for one in leaving(self.plan)}
        return APPROVE if self.plan.answerable and shared(self.plan) and there <= approved else ASK

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of all rules that made a difference, each once."""
        return tuple(dict.fromkeys([*(name for ruling in self.rulings for name in ruling.rules), *self.limited_by]))


def evaluate(preferences: Preferences, plan: Plan, *, lint: Iterable[Finding] = ()) -> Evaluation:
    """Weigh a plan against a customer's rules, and narrow it by them; the same rules and plan always come out the same.

    Args:
        preferences: the rules. Each that matches counts, in whatever order; where they disagree, the most protective.
        plan: the plan. Nothing is added to what it shares, but for what says less in the place of what says more.
        lint: what the linter found wrong with the request.

    Raises:
        TypeError, ValueError: the rules are none.
    """
    own(preferences)
    ids = {name: claim_id for (_, claim_id), name in plan.asked.names.items()}
    weighed = _Weighed(preferences, Asking(plan.verifier, plan.met_before, plan.asked.terms.conditions, tuple(lint), ids))
    weighed.hear(plan)
    if not plan.answerable:
        return Evaluation(plan, tuple(weighed.rulings.values()))
    offered = _offer(plan, weighed)
    narrowed = _deny(offered, weighed)
    if narrowed is None:
        return Evaluation(None, tuple(weighed.rulings.values()))
    weighed.explain(narrowed)
    limited, causes = _limited(plan, narrowed, weighed)
    return Evaluation(limited, tuple(weighed.rulings.values()), causes)


class _Weighed:
    """Keep what the rules say of each claim that was looked at."""

    def __init__(self, preferences: Preferences, asking: Asking) -> None:
        self._preferences = preferences
        self._asking = asking
        self.votes: dict[Key, tuple[Vote, ...]] = {}
        self.denied: dict[Key, tuple[Denial, ...]] = {}
        self.rulings: dict[Key, Ruling] = {}

    def hear(self, plan: Plan) -> None:
        """Look at what was asked for and at what leaves: another plan may answer from another credential, with other things beside."""
        for name, piece in asked_for(plan).items():
            self._hear((name, True), piece)
        for one in leaving(plan):
            self._hear((one.name, one.asked), one.piece)

    def _hear(self, key: Key, piece: Piece) -> None:
        if key not in self.votes:
            self.votes[key] = tuple(votes(self._preferences, self._asking, piece, whole=key[1]))
            self.denied[key] = tuple(denials(self._preferences, self._asking, piece))
            self.rulings[key] = _ruling(key, piece, self.votes[key])

    def breaches(self, plan: Plan) -> dict[Key, tuple[str, ...]]:
        """Give what leaves and is denied, whole or in part, with the rules that say so."""
        self.hear(plan)
        found: dict[Key, tuple[str, ...]] = {}
        for one in leaving(plan):
            causes = self._against(one)
            if causes:
                found[one.name, one.asked] = tuple(dict.fromkeys([*found.get((one.name, one.asked), ()), *causes]))
        return found

    def _against(self, one: Leaving) -> tuple[str, ...]:
        key = (one.name, one.asked)
        if self.rulings[key].outcome == DENY:
            return self.rulings[key].rules
        return tuple([denial.id for denial in self.denied[key] if _shows(one, denial.path)])

    def explain(self, plan: Plan) -> None:
        """Name the parts of what leaves that stay home, with the rules that say so."""
        for name in shared(plan):
            key = (name, True)
            for denial in self.denied[key]:
                home = tuple([part for part in plan.wish.withheld if covers(steps(denial.claim), steps(part))])
                ruling = self.rulings[key]
                without = tuple(sorted({*ruling.without, *home}, key=repr))
                self.rulings[key] = ruling._replace(without=without, rules=(*ruling.rules, denial.id) if home else ruling.rules)

    def limits(self, plan: Plan) -> Iterator[tuple[timedelta, str]]:
        """Give how long what leaves may be shared, with the rules that say so."""
        for key in dict.fromkeys((one.name, one.asked) for one in leaving(plan)):
            for vote in self.votes[key]:
                if vote.rule is not None and vote.rule.limit is not None:
                    yield vote.rule.limit, vote.id


def _shows(one: Leaving, path: ClaimsPath) -> bool:
    inside = path[len(one.place) :]
    return covers(path, one.place) or (meets(path, one.place) and bool(inside) and one.shows(inside))


def _ruling(key: Key, piece: Piece, heard: Collection[Vote]) -> Ruling:
    name, asked = key
    outcome = max((vote.then for vote in heard), key=OUTCOMES.index, default=ASK)
    causes = tuple([vote.id for vote in heard if vote.then == outcome])
    counter = min((vote.rule.counter for vote in heard if vote.rule is not None and vote.rule.counter is not None), default=None)
    kept = piece.terms.keep_for
    return Ruling(name, outcome, causes, asked, counter=counter if counter is not None and (kept is None or kept > counter) else None)


def _offer(plan: Plan, weighed: _Weighed) -> Plan:
    """Put what says less in the place of what is denied, or where a rule says so; without any, the customer is asked."""
    for key, ruling in [*weighed.rulings.items()]:
        if not ruling.asked or ruling.outcome not in {OFFER, DENY}:
            continue
        instead = stand_in(plan, ruling.claim)
        if instead is not None and ruling.claim in shared(plan):
            changed = _also(plan, instead)
            plan, instead = (changed, instead) if instead in shared(changed) else (plan, None)
        unable = ruling.outcome == OFFER and instead is None
        weighed.rulings[key] = ruling._replace(instead=instead, outcome=ASK if unable else ruling.outcome)
    return plan


def _also(plan: Plan, claim: Claim) -> Plan:
    try:
        return plan.also(claim)
    except ValueError:  # not with the credential that the customer named
        return plan


def _deny(plan: Plan, weighed: _Weighed) -> Plan | None:
    """Keep home what is denied, or give None where something that is would leave all the same.

    Of a claim with a part that is denied, the part stays home where the issuer hid it by itself, or else the claim does.
    """
    weighed.hear(plan)
    refused = {name for (name, asked), ruling in weighed.rulings.items() if asked and ruling.outcome == DENY}
    home = [steps(denial.claim) for each in weighed.denied.values() for denial in each]
    narrowed = _narrowed(plan, refused, home)
    found = {} if narrowed is None else weighed.breaches(narrowed)
    for key, causes in found.items():
        weighed.rulings[key] = weighed.rulings[key]._replace(outcome=DENY, rules=causes)
    if found:
        narrowed = _narrowed(plan, refused | {name for name, asked in found if asked}, home)
    return None if narrowed is None or weighed.breaches(narrowed) else narrowed


def _narrowed(plan: Plan, refused: Collection[Claim], home: Collection[ClaimsPath]) -> Plan | None:
    now = shared(plan)
    kept = [name for name in now if name not in refused]
    try:
        plan = plan if len(kept) == len(now) else plan.only(*kept)
    except ValueError:
        return None
    return _without(plan, home)


def _without(plan: Plan, home: Collection[ClaimsPath]) -> Plan:
    """Keep parts home, one after the other, but for what is all that a claim would show."""
    already = plan.wish.withheld
    whole = plan.without() if home and already else plan
    withheld = [part for part in whole.parts if part in already] if home else []
    for part in whole.parts if home else ():
        if part not in already and any(covers(path, steps(part)) for path in home):
            try:
                plan = whole.without(*withheld, part)
            except ValueError:
                continue
            withheld.append(part)
    return plan


def _limited(before: Plan, plan: Plan, weighed: _Weighed) -> tuple[Plan, tuple[str, ...]]:
    """End the share no later than the rules want, also those about what stays home now: fewer claims are not shared for longer."""
    if plan.ends > before.ends:
        plan = plan.ending(before.ends)
    limits = [*weighed.limits(before), *weighed.limits(plan)]
    least = min((limit for limit, _ in limits), default=None)
    if least is None or plan.planned + least >= plan.ends:
        return plan, ()
    return plan.ending(plan.planned + least), tuple(dict.fromkeys(rule_id for limit, rule_id in limits if limit == least))
