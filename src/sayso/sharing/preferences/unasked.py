"""Say whether a request may be answered without a question: only where the customer approved of exactly that, and has been asked before."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Final

from sayso.clock import aware
from sayso.credentials.kinds import Claim
from sayso.sharing.consent import ASKED, GIVEN, Decision, digest_of_terms
from sayso.sharing.plan.decision import Plan
from sayso.sharing.plan.pieces import leaving
from sayso.sharing.preferences.evaluation import Evaluation
from sayso.sharing.preferences.profile import APPROVE, PreApproval, Preferences

APPROVED: Final = "approved"
LISTED: Final = "listed"
LASTING: Final = "lasting"
ATTRIBUTES: Final = "attributes"
ASKED_BEFORE: Final = "asked-before"
NOTIFIED: Final = "notified"
CONDITIONS: Final = {
    APPROVED: "a rule of the customer approves of everything that would leave, and none wants a question",
    LISTED: "the customer's list names this business",
    LASTING: "the pre-approval of the list has not ended",
    ATTRIBUTES: "the pre-approval names everything that would leave",
    ASKED_BEFORE: "the customer was asked before, and gave all of it to this business, on the same terms and at least as long; "
    "and when asked since, said no to none of it",
    NOTIFIED: "the customer is told afterwards, and can undo it",
}
"""What must be so before a request is answered without a question."""


def missing(
    preferences: Preferences, evaluation: Evaluation, decisions: Iterable[Decision], at: datetime, *, tells_afterwards: bool
) -> tuple[str, ...]:
    """Give the conditions that are missing for an answer without a question: () where it may be given.

    Args:
        preferences: the customer's rules, with the list of those whom they approved of.
        evaluation: what the rules make of the plan; its plan would be presented.
        decisions: what the customer decided before. What was taken back since no longer counts.
        at: when.
        tells_afterwards: whether the app will tell the customer, with a way to undo it: `Decision.withdraw`.

    Raises:
        TypeError, ValueError: it is no instant.
    """
    now = aware(at)
    plan = evaluation.plan
    if plan is None or evaluation.outcome != APPROVE:
        return (APPROVED,) if tells_afterwards else (APPROVED, NOTIFIED)
    claims = frozenset(one.name for one in leaving(plan))
    found = [*_of_list(preferences.pre_approved, plan, claims, now)]
    standing = [*_standing(decisions, plan)]
    if not any(_gave(one, plan, claims) and not any(_unsays(other, one, claims) for other in standing) for one in standing):
        found.append(ASKED_BEFORE)
    return tuple(found) if tells_afterwards else (*found, NOTIFIED)


def _of_list(approvals: Collection[PreApproval], plan: Plan, claims: Collection[Claim], now: datetime) -> Iterator[str]:
    of_business = [one for one in approvals if one.verifier == plan.verifier]
    lasting = [one for one in of_business if now < one.until]
    if not of_business:
        yield LISTED
    elif not lasting:
        yield LASTING
    elif not any({*claims} <= {*one.claims} for one in lasting):
        yield ATTRIBUTES


def _standing(decisions: Iterable[Decision], plan: Plan) -> Iterator[Decision]:
    """Give the decisions about this business that nothing took back: of those about one request, the last counts."""
    last: dict[str, Decision] = {}
    for one in decisions:
        if one.verifier == plan.verifier and (one.request not in last or _order(last[one.request]) <= _order(one)):
            last[one.request] = one
    yield from last.values()


def _order(decision: Decision) -> tuple[datetime, bool]:
    # Of what was decided in one second, what gives less is the last: that a customer took something back is not to be overheard.
    return decision.at, not decision.given


def _gave(decision: Decision, plan: Plan, claims: Collection[Claim]) -> bool:
    if (decision.mode, decision.terms) != (ASKED, digest_of_terms(plan.asked.terms)) or decision.ends is None:
        return False
    whole = {*decision.withheld} <= plan.wish.withheld  # what stayed home then stays home now
    return whole and {*claims} <= {*decision.given, *decision.beside} and plan.ends - plan.planned <= decision.ends - decision.at


def _unsays(other: Decision, gave: Decision, claims: Collection[Claim]) -> bool:
    """Tell whether the customer, asked later and for the same purpose, did not give one of the claims."""
    same = (other.mode, other.purpose, other.category) == (ASKED, gave.purpose, gave.category)
    return same and other.at > gave.at and any(one.claim in claims and one.status != GIVEN for one in other.answers)
