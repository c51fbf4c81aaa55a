"""Hold what was shared, for as long as it was shared."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import NamedTuple, NoReturn

from sayso.clock import Clock
from sayso.errors import PURPOSE_NOT_GRANTED, SHARE_ENDED, SaysoError
from sayso.jsonvalue import JsonObject, parse_object, serialize


class _Sealed:
    """Hold text that shows up nowhere."""

    __slots__ = ("ends", "names", "text")

    def __init__(self, phase: "Phase") -> None:
        self.ends = phase.ends
        self.names = phase.names
        self.text = serialize(phase.values)

    def __repr__(self) -> str:
        return "<sealed>"


class Phase(NamedTuple):
    """Hold what may be read until an instant, with the names of its claims."""

    ends: datetime
    values: JsonObject
    names: tuple[str, ...] = ()


class Share:
    """Give the claims that were shared until the share ends, and never after; a claim that ends sooner is let go of sooner.

    The values can be reached through `use` and `read` only; they stand in no representation, comparison, copy or pickle of this object.
    What was read out is the reader's to let go of.
    """

    __slots__ = ("_after", "_clock", "_ends", "_lock", "_names", "_phases", "_purpose", "_uses")

    def __init__(
        self, phases: Sequence[Phase], *, names: tuple[str, ...], purpose: str, clock: Clock, after_use: Sequence[Phase] | None = None
    ) -> None:
        """Seal what may be read: one phase after the other, each until it ends.

        `after_use` are those that are left once something was read, None for the same.
        """
        self._phases = _sealed(phases)
        self._after = None if after_use is None else _sealed(after_use)
        self._ends = phases[-1].ends
        self._names = names
        self._purpose = purpose
        self._clock = clock
        self._uses = 0
        self._lock = Lock()

    @property
    def ends(self) -> datetime:
        """The first instant at which nothing can be read any more."""
        return self._ends

    @property
    def purpose(self) -> str:
        """The purpose it was shared for."""
        return self._purpose

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the claims, never their values."""
        return self._names

    @property
    def available(self) -> dict[str, datetime]:
        """The names of the claims that can be read still, each with its end; what is not kept is among them until it was read."""
        with self._lock:
            self._is_over()
            return {name: phase.ends for phase in self._phases for name in phase.names}

    @property
    def uses(self) -> int:
        """How often the values were read."""
        return self._uses

    @property
    def ended(self) -> bool:
        """Whether nothing can be read any more."""
        with self._lock:
            return self._is_over()

    @contextmanager
    def use(self, *, purpose: str) -> Generator[JsonObject]:
        """Read the claims for a purpose; counted.

        Gives a copy, nested as in the credential.

        Raises:
            SaysoError: SHARE_ENDED from `ends` on, PURPOSE_NOT_GRANTED for another purpose.
        """
        yield parse_object(self._unsealed(purpose))

    def read(self) -> JsonObject:
        """Read the claims for the one purpose they were shared for; counted.

        Raises:
            SaysoError: SHARE_ENDED from `ends` on.
        """
        with self.use(purpose=self._purpose) as claims:
            return claims

    def _unsealed(self, purpose: str) -> str:
        with self._lock:
            if self._is_over():
                raise SaysoError.of(SHARE_ENDED, "the time for which this was shared is over")
            if purpose != self._purpose:
                raise SaysoError.of(PURPOSE_NOT_GRANTED, "the values were shared for another purpose")
            text = self._phases[0].text
            self._uses += 1
            if self._after is not None:
                self._phases, self._after = self._after, None
            return text

    def _is_over(self) -> bool:
        # Once over it stays over, also if the clock is turned back: the values are let go of.
        now = self._clock()
        for phases in (self._phases, self._after or []):
            while phases and now >= phases[0].ends:
                del phases[0]
        return not self._phases

    def __repr__(self) -> str:
        return f"<Share of {', '.join(self._names)} until {self._ends.isoformat()}>"

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if isinstance(other, Share):
            msg = "shares are not compared"
            raise TypeError(msg)
        return NotImplemented

    __hash__ = object.__hash__

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        msg = "a share is not copied or pickled"
        raise TypeError(msg)


def _sealed(phases: Sequence[Phase]) -> list[_Sealed]:
    return [_Sealed(phase) for phase in phases]
