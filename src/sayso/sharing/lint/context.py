"""Hold what is known beside a request: what was declared, what is held, and when was asked before."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from sayso.clock import aware
from sayso.credentials.kinds import Claim
from sayso.sharing.lint.names import path_of
from sayso.sharing.terms import NOTHING, WillNotStore

AGAIN_AFTER = timedelta(days=30)
"""How soon the same business may ask for the same purpose again, unless it is said otherwise."""


@dataclass(frozen=True, slots=True)
class LintContext:
    """Hold what is known beside the request itself. A rule that needs what is not given says nothing.

    A claim that is named stands for all of its parts: who may ask for an address may ask for its city.

    Args:
        allowed: what the step of the dialogue may ask for, each with how long it may be kept: None for no limit.
        registered: what the business registered that it asks for.
        held: what it holds of this customer already, under a live share.
        asked_before: when it last asked this customer for the same purpose.
        now: the instant of the question; that of the request by default.
        again_after: how soon it may ask again.

    Raises:
        TypeError, ValueError: something is not what it is called.
    """

    allowed: Mapping[Claim, timedelta | WillNotStore | None] | None = None
    registered: Collection[Claim] | None = None
    held: Collection[Claim] = ()
    asked_before: datetime | None = None
    now: datetime | None = None
    again_after: timedelta = AGAIN_AFTER

    def __post_init__(self) -> None:
        """Check what is known, and keep it by the paths of claims, so that nobody can change it."""
        keep = object.__setattr__
        if self.allowed is not None:
            limits = {path_of(claim): _limit(kept) for claim, kept in self.allowed.items()}
            keep(self, "allowed", MappingProxyType(limits))
        if self.registered is not None:
            keep(self, "registered", _paths("registered", self.registered))
        keep(self, "held", _paths("held", self.held))
        for name, at in (("asked_before", self.asked_before), ("now", self.now)):
            if at is not None:
                aware(at, name)
        if self.again_after < NOTHING:
            msg = "again_after is not negative"
            raise ValueError(msg)


def _paths(name: str, claims: Collection[Claim]) -> frozenset[Claim]:
    if isinstance(claims, str | bytes):
        msg = f"{name} is a collection of claims, not {type(claims).__name__}"
        raise TypeError(msg)
    return frozenset(map(path_of, claims))


def _limit(kept: timedelta | WillNotStore | None) -> timedelta | None:
    limit = NOTHING if isinstance(kept, WillNotStore) else kept
    if limit is not None and limit < NOTHING:
        msg = "what is allowed is kept for no negative time"
        raise ValueError(msg)
    return limit


NO_CONTEXT = LintContext()
"""Nothing is known beside the request."""
