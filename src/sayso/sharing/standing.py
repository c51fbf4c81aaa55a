"""Say what a grant still permits at an instant, given what has happened to it. Each of its ends refuses by its own name."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sayso.credentials.kinds import Claim
from sayso.errors import (
    GRANT_ENDED,
    GRANT_PAUSED,
    GRANT_WITHDRAWN,
    LEASE_LAPSED,
    NOT_GRANTED,
    PURPOSE_NOT_GRANTED,
    RETENTION_ENDED,
    ProblemType,
    SaysoError,
)
from sayso.sharing.artefact import NO_SKEW
from sayso.sharing.events import Notice
from sayso.sharing.grant import Granted, Permission
from sayso.sharing.offer import path_of
from sayso.sharing.statements import Breach, ErasureRequest, Pause, Renewal, Returned, Withdrawal
from sayso.sharing.terms import NOTHING


class End(NamedTuple):
    """Say when a claim may no longer be used, and why not."""

    at: datetime
    kind: ProblemType


class Standing(NamedTuple):
    """Hold what a grant permits.

    `ends` is when time runs out for each claim, and by what name; `stops` is when one was taken back or given back; `paused` is from when
    until when nothing may be used, None for never; `renewals` is when its lease was renewed.
    """

    granted: Granted
    ends: Mapping[Claim, End]
    stops: Mapping[Claim, datetime]
    paused: tuple[datetime, datetime] | None = None
    renewals: tuple[datetime, ...] = ()

    def end(self, claim: Claim) -> End:
        """Give the first end of a claim of the grant."""
        end, stop = self.ends[claim], self.stops.get(claim)
        return end if stop is None or stop > end.at else End(stop, GRANT_WITHDRAWN)

    def permitted(self, at: datetime, *, skew: timedelta = NO_SKEW) -> tuple[Claim, ...]:
        """Give the claims that may be used at an instant."""
        return tuple(claim for claim in self.ends if self._refusal(claim, at, skew) is None)

    def require(self, claim: Claim, at: datetime, *, purpose: str | None = None, skew: timedelta = NO_SKEW) -> None:
        """See that a claim may be used at an instant, and for a purpose, in the words or the term of the grant; None: any.

        `skew` is how far the customer's clock may be off; what is withdrawn or paused ends at once all the same.

        Raises:
            SaysoError: NOT_GRANTED, PURPOSE_NOT_GRANTED, GRANT_ENDED, LEASE_LAPSED, RETENTION_ENDED, GRANT_WITHDRAWN or GRANT_PAUSED.
        """
        name = next((known for known in self.ends if path_of(known) == path_of(claim)), None)
        if name is None:
            raise SaysoError.of(NOT_GRANTED, "the grant is not about this claim")
        if purpose is not None and not any(name in one.claims and purpose in (one.purpose, one.category or None) for one in self._all):
            raise SaysoError.of(PURPOSE_NOT_GRANTED, "the grant is for another purpose")
        refusal = self._refusal(name, at, skew)
        if refusal is not None:
            raise SaysoError.of(refusal, "the grant does not permit this at this instant")

    @property
    def _all(self) -> tuple[Permission, ...]:
        return self.granted.permissions

    def _refusal(self, claim: Claim, at: datetime, skew: timedelta) -> ProblemType | None:
        end, stop = self.ends[claim], self.stops.get(claim)
        if self.granted.issued - at > skew:
            return GRANT_ENDED
        if stop is not None and at >= stop:
            return GRANT_WITHDRAWN
        if at - end.at >= skew:
            return end.kind
        if self.paused is not None and self.paused[0] <= at < self.paused[1]:
            return GRANT_PAUSED
        return None


def of(granted: Granted, notices: Iterable[Notice] = ()) -> Standing:
    """Say what a grant permits after these events, in whatever order they came; others are not about it.

    A lease that has lapsed is not renewed, nor is what was withdrawn: what ends stays ended.
    """
    story = sorted((one for one in notices if one.grant == granted.digest), key=lambda one: (one.at, one.id))
    lapses, renewals = _lapses(granted, story)
    ends: dict[Claim, End] = {}
    for one in granted.permissions:
        common = [End(granted.until, GRANT_ENDED), End(_kept(one, granted.until, renewals), RETENTION_ENDED)]
        if lapses is not None:
            common.insert(1, End(lapses, LEASE_LAPSED))
        ends |= dict.fromkeys(one.claims, min(common, key=lambda end: end.at))  # of those at one instant, the first
    return Standing(granted, ends, _stops(granted, story), _pause(story), tuple(dict.fromkeys(renewals)))


def _kept(one: Permission, until: datetime, renewals: Iterable[datetime]) -> datetime:
    """Say for how long something may be kept: each renewal begins that anew, but for what is over, or not kept at all."""
    kept = one.until
    for renewed in renewals:
        if one.keep_for != NOTHING and renewed < kept:
            kept = max(kept, min(until, renewed + one.keep_for))
    return kept


def _stops(granted: Granted, story: Iterable[Notice]) -> dict[Claim, datetime]:
    """Give when each claim was taken back, or given back: the first time counts."""
    stops: dict[Claim, datetime] = {}
    for notice in story:
        for one in notice.statements:
            if isinstance(one, Withdrawal | ErasureRequest | Returned):
                named = None if one.claims is None else {path_of(claim) for claim in one.claims}
                for claim in granted.claims:
                    if named is None or path_of(claim) in named:
                        stops.setdefault(claim, notice.at)
    return stops


def _lapses(granted: Granted, story: Iterable[Notice]) -> tuple[datetime | None, list[datetime]]:
    """Give when the lease lapses, None where there is none, and when it was renewed."""
    renewals: list[datetime] = []
    if granted.lease is None:
        return None, renewals
    lapses = granted.lease.renew_by
    for notice in story:
        for one in notice.statements:
            if isinstance(one, Renewal) and notice.at < lapses:
                lapses = max(lapses, one.until)
                renewals.append(notice.at)
    return lapses, renewals


def _pause(story: Iterable[Notice]) -> tuple[datetime, datetime] | None:
    # Of those of one second the longest counts: nobody can tell which came last.
    return max(((notice.at, one.until) for notice in story for one in notice.statements if isinstance(one, Pause)), default=None)


def breached(notices: Iterable[Notice]) -> tuple[Claim, ...]:
    """Give the claims that may have come into other hands."""
    return tuple(dict.fromkeys(claim for notice in notices for one in notice.statements if isinstance(one, Breach) for claim in one.claims))
