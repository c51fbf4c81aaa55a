"""Remember what was shared."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Answer
from sayso.encodings.multihash import digest_multibase
from sayso.sharing.events import Event
from sayso.sharing.grant import Grant
from sayso.sharing.plan.decision import Plan

if TYPE_CHECKING:
    from sayso.sharing.ledger.dashboard import Step
    from sayso.sharing.ledger.standing import Due


class Sharing(NamedTuple):
    """Hold what is sent to share under a grant.

    Args:
        answer: what answers the request.
        grant: what the business may do with it, and until when.
        head: the head of the history with this business, for it to sign into its receipt; "" where no ledger is kept.
    """

    answer: Answer
    grant: Grant
    head: str


class Leaving(NamedTuple):
    """Hold what is done to leave a business.

    Args:
        events: what is sent: each takes back a grant, and asks for erasure.
        history: the whole history with this business, under a checkpoint that is signed now, to be carried elsewhere: JSON text.
        due: the answers that the business owes, each with its day.
        unsigned: what this wallet cannot sign, as it has no grant of it: what is still to be taken back, and asked about, by other means.
    """

    events: tuple[Event, ...]
    history: str
    due: "tuple[Due, ...]"
    unsigned: "tuple[Step, ...]" = ()


@dataclass(frozen=True, slots=True)
class Shared:
    """Tell what left the wallet, to whom and until when; names of claims, never values.

    Args:
        verifier: the DID of the business, or the client identifier that nobody signed for.
        calls_itself: the name it gives itself.
        purpose: what it says it is for.
        claims: what was shared.
        at: when.
        until: when the share ends.
        request: the digest of the request's bytes, as `digestMultibase`.
        ends: when each of the claims ends, in their order; () where all of them end with the share.
    """

    verifier: str
    calls_itself: str
    purpose: str
    claims: tuple[Claim, ...]
    at: datetime
    until: datetime
    request: str
    ends: tuple[datetime, ...] = ()


def recorded(plan: Plan, at: datetime, until: datetime) -> Shared:
    """Write down what a plan shares when it is presented at an instant; the share ends at another."""
    ends = plan.ends_from(at)
    several = ends if any(end != until for end in ends) else ()
    digest = digest_multibase(plan.request.data)
    return Shared(plan.verifier, plan.calls_itself, plan.purpose, plan.names, at, until, digest, several)


def still_shared(shared: Iterable[Shared], at: datetime) -> dict[Claim, datetime]:
    """Give what was shared in shares that have not ended at an instant, each claim with its latest end."""
    ends: dict[Claim, datetime] = {}
    for one in shared:
        for claim, end in zip(one.claims, one.ends or repeat(one.until), strict=False):
            if end > at:
                ends[claim] = max(end, ends.get(claim, end))
    return ends
