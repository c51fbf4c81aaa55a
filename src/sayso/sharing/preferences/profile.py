"""Hold the rules that a customer has for what is asked of them. They stay with the customer: nothing of them is ever sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import eq, ge, gt, le, lt
from types import MappingProxyType
from typing import Final, NamedTuple

from sayso.credentials.kinds import Claim

APPROVE: Final = "approve-and-notify"
ASK: Final = "ask"
OFFER: Final = "offer-predicate"
DENY: Final = "deny"
OUTCOMES: Final = (APPROVE, ASK, OFFER, DENY)
"""What a rule says is done, from the least protective to the most: where rules disagree, the last of these counts."""

GPC: Final = "gpc"
AGREEMENTS: Final = "agreements"
OWN_IDS: Final = frozenset({GPC, AGREEMENTS})
"""What stands as the cause where it is no rule but one of the other two members of a profile."""

SIGNS: Final[Mapping[str, Callable[[timedelta, timedelta], bool]]] = MappingProxyType({"<=": le, ">=": ge, "<": lt, ">": gt, "=": eq})
"""How retentions are compared; a sign of two characters stands before the one that it begins with."""


class Comparison(NamedTuple):
    """Compare a retention with a duration, by one of SIGNS."""

    sign: str
    duration: timedelta

    def holds(self, keep_for: timedelta | None) -> bool:
        """Tell whether a retention compares so; one that is not stated is longer than any."""
        return self.sign in {">", ">="} if keep_for is None else SIGNS[self.sign](keep_for, self.duration)


class When(NamedTuple):
    """Say what a rule is about: everything that is said here must be so; what is left out may be anything.

    Args:
        claim: the claim, or something around it.
        purpose: the purpose of `dpv.PURPOSES`, or a wider one.
        necessity: "dpv:Required" or "dpv:Optional".
        retention: how long the business would keep it.
        verifier: the DID of the business.
        recipient: the name of somebody who gets it too, in whatever case, or what they are, of `dpv.ROLES`.
        not_prohibited: what the business does not promise not to do, of `dpv.PROHIBITABLE`.
        agreement: the id of the terms that the business refers to.
        lint: the id of something that was found wrong with the request, or with this claim.
        met_before: whether something was shared with the business before.
        category: the category of `dpv.CATEGORIES` that the business says it is of, or a wider one.
    """

    claim: Claim | None = None
    purpose: str = ""
    necessity: str = ""
    retention: Comparison | None = None
    verifier: str = ""
    recipient: str = ""
    not_prohibited: str = ""
    agreement: str = ""
    lint: str = ""
    met_before: bool | None = None
    category: str = ""


class Rule(NamedTuple):
    """Say what is done with a claim: one of OUTCOMES; in whatever case no longer than `max_until`, or than `counter`, is shared.

    `max_until` is how long the customer shares at most, `counter` how long the business would be told that it may keep something.
    """

    id: str
    when: When
    then: str
    max_until: timedelta | None = None
    counter: timedelta | None = None

    @property
    def limit(self) -> timedelta | None:
        """How long is shared at most, None for as long as was asked."""
        said = [limit for limit in (self.max_until, self.counter) if limit is not None]
        return min(said, default=None)


class PreApproval(NamedTuple):
    """Name a business that is answered without a question, with these claims and no other, until an instant."""

    verifier: str
    claims: tuple[Claim, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Preferences:
    """Hold a customer's rules.

    Args:
        rules: what is done with which claim. Each that matches counts, and where they disagree the most protective one.
        agreements: the ids of terms, such as those of MyTerms, on which a request may be approved.
        gpc: whether the data is not to be sold, nor used for profiles or targeted advertising, as Global Privacy Control has it.
        pre_approved: the businesses that may be answered without a question, as a list that the customer can look at.
    """

    rules: tuple[Rule, ...] = ()
    agreements: tuple[str, ...] = ()
    gpc: bool = False
    pre_approved: tuple[PreApproval, ...] = ()
