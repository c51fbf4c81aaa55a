"""Ask at a step for what is not held already: the rest of a share that lives is not asked for again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.sharing.attribute import Attribute
from sayso.sharing.dialogue.values import Step
from sayso.sharing.share import Share
from sayso.sharing.terms import NOTHING


def still_asked(
    step: Step, held: Iterable[Share | Claim], now: datetime, needed_for: timedelta = NOTHING
) -> tuple[tuple[Attribute, ...], tuple[Attribute, ...]]:
    """Give what a step asks for, needed and optional, without what is held; of a group, one that is held is enough.

    Args:
        step: the step.
        held: shares of this customer, of which those for the purpose of the step count, as far as they can be read still; or claims
            that are held on other grounds.
        now: the instant.
        needed_for: how long from now a share must last to count.

    Raises:
        TypeError: something else is among what is held, or the time is no duration.
        ValueError: the time is negative.
    """
    if not isinstance(needed_for, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"needed_for is a timedelta, not {type(needed_for).__name__}"
        raise TypeError(msg)
    if needed_for < NOTHING:
        msg = "needed_for is not negative"
        raise ValueError(msg)
    names = {name for one in _listed(held) for name in _names(one, step, now + needed_for)}
    return _without(step.required, names), _without(step.optional, names)


def _listed(held: Iterable[Share | Claim]) -> tuple[Share | Claim, ...]:
    if isinstance(held, str | bytes | Share) or not isinstance(held, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"held is a list of shares and claims, not {type(held).__name__}"
        raise TypeError(msg)
    return tuple(held)


def _names(one: Share | Claim, step: Step, until: datetime) -> tuple[str, ...]:
    if isinstance(one, Share):
        return tuple(name for name, end in one.available.items() if end >= until) if one.purpose == step.purpose else ()
    if not isinstance(one, str | tuple):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = f"what is held is a Share or a claim, not {type(one).__name__}"
        raise TypeError(msg)
    return (spoken(one),)


def _without(asked: tuple[Attribute, ...], names: set[str]) -> tuple[Attribute, ...]:
    return tuple(one for one in asked if names.isdisjoint(spoken(member.claim) for member in one.group))
