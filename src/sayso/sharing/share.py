"""Hold what was shared, for as long as it was shared."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import NoReturn

from sayso.clock import Clock
from sayso.errors import PURPOSE_NOT_GRANTED, SHARE_ENDED, SaysoError
from sayso.jsonvalue import JsonObject, parse_object, serialize


class _Sealed:
    """Hold text that shows up nowhere."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return "<sealed>"


class Share:
    """Give the claims that were shared until the share ends, and never after.

    The values can be reached through `use` and `read` only; they stand in no representation, comparison, copy or pickle of this object.
    What was read out is the reader's to let go of.
    """

    __slots__ = ("_clock", "_ends", "_lock", "_names", "_once", "_purpose", "_sealed", "_uses")

    def __init__(self, values: JsonObject, *, names: tuple[str, ...], purpose: str, ends: datetime, once: bool, clock: Clock) -> None:
        """Seal the values until `ends`; `once` allows one use only."""
        self._sealed: _Sealed | None = _Sealed(serialize(values))
        self._names = names
        self._purpose = purpose
        self._ends = ends
        self._once = once
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
            if self._is_over() or self._sealed is None:
                raise SaysoError.of(SHARE_ENDED, "the time for which this was shared is over")
            if purpose != self._purpose:
                raise SaysoError.of(PURPOSE_NOT_GRANTED, "the values were shared for another purpose")
            text = self._sealed.text
            self._uses += 1
            if self._once:
                self._sealed = None
            return text

    def _is_over(self) -> bool:
        # Once over it stays over, also if the clock is turned back: the values are let go of.
        if self._sealed is not None and self._clock() >= self._ends:
            self._sealed = None
        return self._sealed is None

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
