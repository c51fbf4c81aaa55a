"""Say what a business holds: which claim, under which grant, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from sayso.credentials.kinds import Claim
from sayso.sharing.ledger.chain import Relation

Place: TypeAlias = tuple[str, Claim]
"""Where something is held: under which grant or request, and which claim."""


class Holding(NamedTuple):
    """Hold one claim that a business has, as far as anybody confirmed: once for each grant that it is held under.

    `until` is when the share or the grant ends, or what is retained; `permitted` tells whether it is running at the instant that was asked
    about. What ended, was withdrawn, or is kept for another reason than the customer's permission is held all the same, and not permitted,
    until somebody confirms that it was erased. `grant` is the digest of the grant, "" for what was shared without one: that is held once,
    however often it was shared.
    """

    relation: Relation
    claim: Claim
    purpose: str
    since: datetime
    until: datetime
    permitted: bool
    withdrawn: bool
    retained: bool
    recipients: tuple[str, ...]
    grant: str = ""


@dataclass(slots=True)
class Held:
    """Follow one claim, under one grant or request."""

    since: datetime
    until: datetime
    purpose: str
    recipients: tuple[str, ...]
    withdrawn: bool = False
    retained: bool = False

    def permits(self, at: datetime) -> bool:
        """Tell whether it may be used at an instant."""
        return not (self.withdrawn or self.retained) and at < self.until


def holding(relation: Relation, place: Place, several: Sequence[Held], at: datetime) -> Holding:
    """Give what is held in a place at an instant; of several shares without a grant the one that runs longest counts."""
    grant, claim = place
    one = max([held for held in several if held.permits(at)] or several, key=lambda held: held.until)
    since = min(held.since for held in several)
    flags = (one.permits(at), one.withdrawn, one.retained)
    return Holding(relation, claim, one.purpose, since, one.until, *flags, one.recipients, grant)
