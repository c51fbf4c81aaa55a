"""Keep what was shared, sealed, until it ends: the rows of custody, and what is said once a claim is gone. Nothing is opened here."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, TypeAlias, runtime_checkable

from sayso.errors import CLAIM_USED, SHARE_ENDED, SaysoError

Cause: TypeAlias = Literal["ended", "withdrawn", "given-back", "used"]
"""Why a claim was erased: its time was over, the customer took it back, the business gave it back unused, or it was to be used once."""


class Custodied(NamedTuple):
    """Hold what is known of a share without opening it.

    Args:
        id: its name in custody, which follows from the request that it answers.
        answer: a digest of the answer.
        subject: the DID that the customer has for this business.
        purpose: what it was shared for.
        taken: since when it is held.
        lease: until when it may be used unless that is renewed; None for as long as it is held.
        answerable: until when the request could be answered: so long the share is remembered, however soon its claims are gone.
        grant: what the customer signed about it, b"" where they did not.
        events: what they signed about the grant, in the order in which it came.
        paused: until when it may not be used; None where they did not pause it.
    """

    id: str
    answer: str
    subject: str
    purpose: str
    taken: datetime
    lease: datetime | None
    answerable: datetime
    grant: bytes = b""
    events: tuple[bytes, ...] = ()
    paused: datetime | None = None

    def usable(self, at: datetime) -> bool:
        """Tell whether it may be used at an instant, as far as that is up to its lease and its pause."""
        return (self.lease is None or at < self.lease) and (self.paused is None or at >= self.paused)

    def __repr__(self) -> str:
        return f"<in custody {self.id}>"


class SealedClaim(NamedTuple):
    """Hold one claim under a key of its own.

    Args:
        name: what it is called.
        ends: the first instant at which it may not be used any more.
        once: whether it may be used one time only.
        wrapped: its key, under the master key.
        sealed: its values, under its key.
        uses: how often it was opened.
    """

    name: str
    ends: datetime
    once: bool
    wrapped: bytes
    sealed: bytes
    uses: int = 0

    def __repr__(self) -> str:
        return f"<sealed {self.name} until {self.ends.isoformat()}>"


class InCustody(NamedTuple):
    """Hold a share with the claims that are left of it."""

    share: Custodied
    claims: tuple[SealedClaim, ...]


class Change(NamedTuple):
    """Say how a share changes by what its customer signed.

    Args:
        before: the events that were known when this was worked out.
        event: what they signed.
        paused: until when the share may not be used from now on.
        claims: what is sealed anew, for another end.
    """

    before: tuple[bytes, ...]
    event: bytes
    paused: datetime | None
    claims: tuple[SealedClaim, ...] = ()

    @property
    def events(self) -> tuple[bytes, ...]:
        """The events from now on, each once."""
        return tuple(dict.fromkeys((*self.before, self.event)))


class ErasureStatement(NamedTuple):
    """State that claims were erased: their keys and what those sealed are in the store no more. A confirmation can be signed about it.

    Args:
        number: the statement's own number, to be settled by.
        share: the share's name in custody.
        subject: the DID that the customer has for this business.
        claims: what they were called.
        uses: how often each was opened.
        cause: why.
        taken: since when they were held.
        at: when they were erased.
        grant: what the customer had signed about the share, b"" where they had not.
        event: what they signed to have it erased, b"" where it ended for another reason.
    """

    number: int
    share: str
    subject: str
    claims: tuple[str, ...]
    uses: tuple[int, ...]
    cause: Cause
    taken: datetime
    at: datetime
    grant: bytes = b""
    event: bytes = b""

    def __repr__(self) -> str:
        return f"<erased {', '.join(self.claims)}: {self.cause}>"


class Swept(NamedTuple):
    """Hold what one part of a sweep erased, and whether there may be more to do."""

    erased: tuple[ErasureStatement, ...]
    more: bool


class Unused(NamedTuple):
    """Name a claim that was never opened, and since when it is held."""

    share: str
    subject: str
    claim: str
    taken: datetime


class Use(NamedTuple):
    """Count for one claim and purpose: in how many shares it is held, in how many of them it was never opened, and how often in all."""

    claim: str
    purpose: str
    shares: int
    never: int
    uses: int


@runtime_checkable
class CustodyStore(Protocol):
    """Keep sealed shares.

    Every method is atomic, also between processes that share the store; and what one did lasts from the moment that it returns, whatever
    happens to the process. Whatever erases writes its statement in the same moment, and keeps it until it is settled.
    """

    def put(self, share: Custodied, claims: Sequence[SealedClaim]) -> Custodied:
        """Keep a share, unless one of this name is remembered; give the one that is."""
        ...

    def find(self, share: str) -> InCustody | None:
        """Give a share with what is left of it, None where it is not remembered."""
        ...

    def count(self, share: str, names: Collection[str], step: str, at: datetime) -> bool:
        """Count a use of each of these claims, and erase those that may be used once.

        False, and nothing is counted, unless each is there, none has ended, the lease lasts and nothing is paused.
        """
        ...

    def steps(self, share: str) -> dict[str, dict[str, int]]:
        """Give for each claim that is left and was used in which steps that was, and how often."""
        ...

    def erase(
        self, share: str, names: Collection[str] | None, cause: Cause, at: datetime, *, event: bytes = b""
    ) -> ErasureStatement | None:
        """Erase these claims of a share, or all; None where none of them is there. `event` is what the customer signed to have it done.

        Raises:
            SaysoError: where they are given back, SHARE_ENDED if some of them are not there, CLAIM_USED if one was opened. Then nothing
                is erased.
        """
        ...

    def sweep(self, at: datetime, limit: int) -> Swept:
        """Erase what has ended, in so many shares at most, and forget the shares of which nothing is left, with what was settled of them.

        What somebody else is at work on is left to them. The work grows with what is due, and not with what is held.
        """
        ...

    def renew(self, share: str, lease: datetime | None) -> bool:
        """Set the lease of a share; False where it is not remembered."""
        ...

    def follow(self, share: str, change: Change) -> bool:
        """Change a share as its customer said; False, and nothing is changed, unless the events are those before.

        Claims take the place of those of their names that are there; their uses stay counted.
        """
        ...

    def held(self, subject: str) -> tuple[InCustody, ...]:
        """Give the shares of one customer of which anything is left."""
        ...

    def unused(self, until: datetime) -> tuple[Unused, ...]:
        """Give the claims that are held since this instant or before, and were never opened."""
        ...

    def report(self) -> tuple[Use, ...]:
        """Count the uses of all that is held."""
        ...

    def statements(self) -> tuple[ErasureStatement, ...]:
        """Give what was stated and not settled, in order."""
        ...

    def settle(self, numbers: Iterable[int]) -> None:
        """Take these statements as settled.

        They are kept for `erased` for as long as anything is left of their share, or anything that was stated of it waits to be settled.
        """
        ...

    def stated(self, subject: str) -> tuple[ErasureStatement, ...]:
        """Give what was stated of the shares of one customer, settled or not, in order."""
        ...

    def erased(self, share: str) -> tuple[ErasureStatement, ...]:
        """Give what was stated of a share, settled or not, in order."""
        ...


def check_unused(wanted: Collection[str] | None, found: Collection[str], used: Collection[str]) -> None:
    """Refuse to give back what is not there, or was opened.

    Raises:
        SaysoError: SHARE_ENDED, CLAIM_USED.
    """
    if found and wanted is not None and not {*wanted} <= {*found}:
        raise SaysoError.of(SHARE_ENDED, "what is given back is not held any more")
    if used:
        raise SaysoError.of(CLAIM_USED, "only what was never opened is given back as unused")


def together(names: Iterable[str], held: Iterable[str]) -> list[str]:
    """Name what is held that shares a value with one of these: itself, what is inside of it, and what is around it.

    A name with a dot in it may be taken for more than it is, and never for less.

    >>> together(["address.city"], ["address", "address.city", "address.zip", "langs.0"])
    ['address', 'address.city']
    >>> together(["langs.*"], ["langs.0", "lang"])
    ['langs.0']
    """
    wanted = [name.split(".") for name in names]
    return [name for name in held if any(_share_a_value(name.split("."), one) for one in wanted)]


def _share_a_value(one: Sequence[str], other: Sequence[str]) -> bool:
    return all(step == beside or "*" in {step, beside} for step, beside in zip(one, other, strict=False))
