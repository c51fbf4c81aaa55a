"""Show how every relationship stands: data for any screen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.sharing.ledger import entries
from sayso.sharing.ledger.chain import Relation
from sayso.sharing.ledger.holding import Holding
from sayso.sharing.ledger.standing import Due, Standing

ON: Final = "on"
ENDS_SOON: Final = "ends soon"
OFF: Final = "off"
ASKED: Final = "asked to erase"
ERASED: Final = "erased"
OVERDUE: Final = "overdue"
GIVEN_BACK: Final = "given back"
BREACHED: Final = "breach"
STATES: Final = (BREACHED, OVERDUE, ASKED, ON, ENDS_SOON, GIVEN_BACK, ERASED, OFF)
"""How a relationship can stand; of two that are true the one that stands first here is shown."""

SOON: Final = timedelta(days=7)
ANSWER_WITHIN: Final = timedelta(days=30)
"""How long a business has to answer. Source: GDPR, Article 12(3), which says one month."""

WITHDRAW: Final = "withdraw"
ASK_ERASURE: Final = "ask for erasure"
EXPORT: Final = "export"
TRACK: Final = "track"


@dataclass(frozen=True, slots=True)
class Row:
    """Show one relationship.

    Args:
        relation: the business, and the persona that it knows.
        name: what the business called itself last.
        state: one of STATES.
        holdings: what it holds, once for each grant.
        ends: when the last of what it may use ends, None where it may use nothing.
        due: the answers that it owes.
        receipt: the digest of its last receipt, "" where there is none.
        last_report: when it last told what it used.
    """

    relation: Relation
    name: str
    state: str
    holdings: tuple[Holding, ...]
    ends: datetime | None
    due: tuple[Due, ...]
    receipt: str
    last_report: datetime | None


class Step(NamedTuple):
    """Hold one thing to be done to leave a business: what, about which claims and grants, and until when an answer is due."""

    relation: Relation
    what: str
    claims: tuple[Claim, ...]
    artefacts: tuple[str, ...] = ()
    answer_by: datetime | None = None


def row(standing: Standing, at: datetime, soon: timedelta = SOON) -> Row:
    """Show a relationship at an instant."""
    holdings = standing.holdings(at)
    ends = max((one.until for one in holdings if one.permitted), default=None)
    due = tuple(standing.due.values())
    state = _state(standing, at, ends, soon)
    return Row(standing.relation, standing.name, state, holdings, ends, due, standing.receipt, standing.last_report)


def _state(standing: Standing, at: datetime, ends: datetime | None, soon: timedelta) -> str:
    if standing.lost:
        return BREACHED
    if standing.overdue(at):
        return OVERDUE
    if standing.asked_to_erase():
        return ASKED
    if ends is not None:
        return ENDS_SOON if ends - at <= soon else ON
    if standing.held or not standing.gone:
        return OFF
    return GIVEN_BACK if standing.gone == entries.RETURNED else ERASED


def departure(standing: Standing, at: datetime) -> tuple[Step, ...]:
    """Say what is to be done to leave: withdraw, ask for erasure (grant by grant), export, and track what is owed."""
    relation, holdings = standing.relation, standing.holdings(at)
    answer_by = at + ANSWER_WITHIN
    steps: list[Step] = []
    grants = {key: grant for key, grant in standing.grants.items() if at < grant.until}
    granted = sorted({claim for grant in grants.values() for claim in grant.claims}, key=str)
    running = tuple(dict.fromkeys((*(one.claim for one in holdings if one.permitted), *granted)))
    if running:
        steps.append(Step(relation, WITHDRAW, running, tuple(grants), answer_by))
    for grant, claims in standing.to_erase(at).items():
        steps.append(Step(relation, ASK_ERASURE, claims, (grant,) if grant else (), answer_by))
    steps.append(Step(relation, EXPORT, tuple(dict.fromkeys(one.claim for one in holdings))))
    steps.extend(Step(relation, TRACK, (), (one.digest,), one.by) for one in standing.due.values())
    return tuple(steps)
