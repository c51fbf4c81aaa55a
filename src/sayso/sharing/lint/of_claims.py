"""Find what is wrong with a claim that is asked for, or with what is said of it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

from sayso.credentials.kinds import Claim
from sayso.sharing import dpv
from sayso.sharing.lint.asked import Asked, AskedClaim
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.durations import in_words
from sayso.sharing.lint.finding import Smaller
from sayso.sharing.lint.hits import Hit
from sayso.sharing.lint.names import beside, covering, is_address, is_birth, is_special, path_of
from sayso.sharing.lint.purposes import NEEDS_BIRTHDATE, NEEDS_STREET, needs, usual

ADULT: Final = "age_over_18"
POSTCODE: Final = "postal_code"

_LEAVE_OUT: Final = "Leave it out of this request"


def birthdate(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a date of birth, a year or an age, where nothing that says less would do instead."""
    if not needs(asked.purpose, NEEDS_BIRTHDATE):
        for one in _where_nothing_less(asked, is_birth):
            smaller = Smaller("Ask whether the customer is old enough, or let that do instead of it", beside(one.name, ADULT))
            yield Hit("how old the customer is to the year or the day, and no yes or no does instead", smaller, one.place, one.name)


def address(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find an address to the door, where nothing that says less would do instead."""
    if not needs(asked.purpose, NEEDS_STREET):
        for one in _where_nothing_less(asked, is_address):
            smaller = Smaller("Ask for the postcode, or let that do instead of it", _postcode(one.name))
            yield Hit("where the customer lives to the door, and the purpose brings nothing there", smaller, one.place, one.name)


def _where_nothing_less(asked: Asked, much: Callable[[Claim], bool]) -> Iterator[AskedClaim]:
    spared = {one.group for one in asked.claims if not any(map(much, one.claims))}
    return (one for one in asked.claims if any(map(much, one.claims)) and one.group not in spared)


def _postcode(claim: Claim) -> Claim:
    path = path_of(claim)
    return (*path, POSTCODE) if path[-1] == "address" else beside(claim, POSTCODE)


def no_retention(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a claim of which nobody says how long it is kept."""
    limit = usual(asked.purpose)
    for one in asked.claims:
        if one.row.keep_for is None:
            smaller = Smaller(f"Say how long it is kept: {in_words(limit)} at most is usual", keep_for=limit)
            yield Hit("nothing says how long it is kept", smaller, one.place, one.name)


def long_retention(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a claim that is kept longer than is usual for the purpose."""
    limit = usual(asked.purpose)
    for one, kept in _kept(asked):
        if kept > limit:
            yield _too_long(one, kept, limit, "usual for this purpose" if asked.purpose else "usual where no purpose of DPV is stated")


def beyond_the_retention_of_the_step(asked: Asked, context: LintContext) -> Iterator[Hit]:
    """Find a claim that is kept longer than the step of the dialogue says."""
    allowed = context.allowed or {}
    for one, kept in _kept(asked):
        for claim in one.claims:
            path = covering(claim, allowed)
            limit = allowed[path] if path is not None else None
            if isinstance(limit, timedelta) and kept > limit:
                yield _too_long(one, kept, limit, "what this step of the dialogue says")
                break


def _kept(asked: Asked) -> Iterator[tuple[AskedClaim, timedelta]]:
    for one in asked.claims:
        if one.row.keep_for is not None:
            yield one, one.row.keep_for


def _too_long(one: AskedClaim, kept: timedelta, limit: timedelta, what: str) -> Hit:
    smaller = Smaller(f"Keep it for {in_words(limit)}" if limit else "Do not keep it", keep_for=limit)
    message = f"it is kept for {in_words(kept)}, which is more than {what}: {in_words(limit)}"
    return Hit(message, smaller, f"{one.place}/storage/hasDuration", one.name)


def no_consequence(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a required claim of which nobody says what happens without it."""
    for one in asked.claims:
        if one.row.required and not one.row.if_not_shared:
            smaller = Smaller("Make it optional, or say what happens if it is not shared")
            yield Hit("it is required, and nothing says what happens if it is not shared", smaller, one.place, one.name)


def no_benefit(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a claim of which nobody says what sharing it brings."""
    for one in asked.claims:
        if not one.row.benefit:
            smaller = Smaller("Leave it out of this request if it brings the customer nothing, or say what it brings")
            yield Hit("nothing says what the customer gains", smaller, one.place, one.name)


def no_reason(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a claim of which nobody says why it is asked for."""
    for one in asked.claims:
        if not one.row.reason:
            smaller = Smaller("Leave it out of this request if there is no reason, or say why it is needed")
            yield Hit("nothing says why it is asked for", smaller, one.place, one.name)


def outside_the_step(asked: Asked, context: LintContext) -> Iterator[Hit]:
    """Find a claim that the step of the dialogue does not ask for."""
    if context.allowed is not None:
        smaller = Smaller(f"{_LEAVE_OUT}, and ask for it in the step that needs it")
        allowed = context.allowed
        yield from _beyond(asked, lambda claim: covering(claim, allowed) is None, "this step of the dialogue does not need it", smaller)


def beyond_registration(asked: Asked, context: LintContext) -> Iterator[Hit]:
    """Find a claim that the business did not register."""
    if context.registered is not None:
        registered = context.registered
        smaller = Smaller(_LEAVE_OUT)
        yield from _beyond(asked, lambda claim: covering(claim, registered) is None, "it is not what the business registered", smaller)


def held_already(asked: Asked, context: LintContext) -> Iterator[Hit]:
    """Find a claim that the business holds already."""
    smaller = Smaller(f"{_LEAVE_OUT}: what was shared may be used until that share ends")
    yield from _beyond(
        asked, lambda claim: covering(claim, context.held) is not None, "the business holds it already, under a live share", smaller
    )


def _beyond(asked: Asked, wrong: Callable[[Claim], bool], message: str, smaller: Smaller) -> Iterator[Hit]:
    for one in asked.claims:
        if any(map(wrong, one.claims)):
            yield Hit(message, smaller, one.place, one.name)


def special_category(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a claim of a special category without explicit consent and without a basis in Article 9.

    Source: GDPR, Article 9(1) and (2).
    """
    for one in asked.claims:
        basis = one.row.legal_basis or asked.conditions.legal_basis
        special = one.row.category == "dpv:SpecialCategoryPersonalData" or any(map(is_special, one.claims))
        if special and basis not in dpv.EXPLICIT_CONSENT | dpv.SPECIAL_BASES:
            smaller = Smaller("Leave it out of this request, or ask for explicit consent to it")
            yield Hit("it is of a special category, with neither explicit consent nor a basis in Article 9", smaller, one.place, one.name)
