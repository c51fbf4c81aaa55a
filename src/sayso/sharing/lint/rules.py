"""Find in a request what a smaller one would leave out: a table of rules, each with an id that stays.

Each rule is a function over the request alone and what is known beside it. What is retired leaves its id unused.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple, TypeAlias

from sayso.credentials.kinds import Claim
from sayso.sharing import dpv
from sayso.sharing.lint.asked import Asked, AskedClaim
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.durations import in_words
from sayso.sharing.lint.finding import Severity, Smaller
from sayso.sharing.lint.names import beside, covering, is_address, is_birth, is_special, path_of
from sayso.sharing.lint.purposes import NEEDS_BIRTHDATE, NEEDS_STREET, needs, usual

ADULT: Final = "age_over_18"
POSTCODE: Final = "postal_code"

_LEAVE_OUT: Final = "Leave it out of this request"


class Hit(NamedTuple):
    """Hold what a rule found, and where."""

    message: str
    smaller: Smaller
    pointer: str
    claim: Claim | None = None


Finder: TypeAlias = Callable[[Asked, LintContext], Iterator[Hit]]


class Rule(NamedTuple):
    """Hold a rule: `why` is what it is good for, in words for those who ask."""

    id: str
    title: str
    severity: Severity
    why: str
    finds: Finder


def birthdate(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a date of birth, a year or an age, where nothing that says less would do instead."""
    if not needs(asked.purpose, NEEDS_BIRTHDATE):
        for one in asked.claims:
            if any(map(is_birth, one.claims)) and all(map(is_birth, one.group)):
                smaller = Smaller("Ask whether the customer is old enough, or let that do instead of it", beside(one.name, ADULT))
                yield Hit("how old the customer is to the year or the day, and no yes or no does instead", smaller, one.place, one.name)


def address(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find an address to the door, where nothing that says less would do instead."""
    if not needs(asked.purpose, NEEDS_STREET):
        for one in asked.claims:
            if any(map(is_address, one.claims)) and all(map(is_address, one.group)):
                smaller = Smaller("Ask for the postcode, or let that do instead of it", _postcode(one.name))
                yield Hit("where the customer lives to the door, and the purpose brings nothing there", smaller, one.place, one.name)


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


def intermediary(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find somebody between the customer and the business."""
    if asked.conditions.intermediary is not None:
        smaller = Smaller("Let the answer come to the business itself")
        yield Hit("the answer goes through an intermediary", smaller, asked.at("intermediary"))


def asked_again(asked: Asked, context: LintContext) -> Iterator[Hit]:
    """Find a question that comes again too soon."""
    now = context.now or asked.request.request.issued
    if context.asked_before is not None and now - context.asked_before < context.again_after:
        smaller = Smaller(f"Ask again {in_words(context.again_after)} after the last time, or rely on the answer to it")
        yield Hit("the same business asked for the same purpose not long ago", smaller, "")


def not_excluded(promises: frozenset[str], message: str, smaller: str, asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find that nothing of some promises is made: what is done with the data is left open."""
    said = asked.conditions.prohibited
    if promises.isdisjoint(said):
        yield Hit(message, Smaller(smaller), asked.at("prohibited") if said else asked.place)


def contradiction(asked: Asked, _: LintContext) -> Iterator[Hit]:
    """Find a purpose that the business promises not to follow."""
    said = asked.conditions.prohibited
    sale = "dpv:Sell" in said and any(dpv.is_within(asked.purpose, one) for one in _SALES)
    if sale or any(dpv.is_within(asked.purpose, one) for one in said):
        smaller = Smaller("Ask for another purpose, and keep the promise")
        yield Hit("the purpose is one that the same request promises not to follow", smaller, asked.at("hasPurpose"))


_SALES = ("dpv:SellDataToThirdParties", "dpv:SellInsightsFromData")
_NO_SALE = frozenset({"dpv:Sell", *(one for one in dpv.PURPOSES if dpv.is_within("dpv:SellDataToThirdParties", one))})
_NO_PROFILING = frozenset({"dpv:Profiling"})
_NO_TRAINING = frozenset({dpv.AI_TRAINING})

_sale = partial(
    not_excluded, _NO_SALE, "nothing excludes that the data is sold", "Promise not to sell the data: prohibit dpv:SellDataToThirdParties"
)
_profiling = partial(
    not_excluded, _NO_PROFILING, "nothing excludes profiling", "Promise to make no profile of the customer: prohibit dpv:Profiling"
)
_training = partial(
    not_excluded,
    _NO_TRAINING,
    "nothing excludes that artificial intelligence is trained with the data",
    "Promise not to train artificial intelligence with the data: prohibit ai-training",
)

RULES: Final = (
    Rule(
        "L01",
        "A date of birth where a yes or no would do",
        "warning",
        "A date, a year or an age tells more than that somebody is old enough. Clean where a claim that says less does instead "
        "(`accepts`), and for purposes that need the date.",
        birthdate,
    ),
    Rule(
        "L02",
        "A full address where a postcode would do",
        "warning",
        "A street finds a door; prices, statistics and the nearest shop need an area. Clean where a part that says less does instead "
        "(`accepts`), and for purposes that need the street.",
        address,
    ),
    Rule(
        "L03", "No retention is stated", "warning", "What ends never is shared for ever. To keep nothing is a retention too.", no_retention
    ),
    Rule("L04", "Kept longer than is usual", "warning", "Every purpose has a usual time, in the table below.", long_retention),
    Rule(
        "L05",
        "Required without a consequence",
        "warning",
        "Who may not leave something out is told what happens if they do.",
        no_consequence,
    ),
    Rule(
        "L06", "No benefit is stated", "warning", "Give a little, get a little: the customer sees the gain before the decision.", no_benefit
    ),
    Rule(
        "L07",
        "Outside the step of the dialogue",
        "error",
        "A step asks for what it needs, as the business's own map says.",
        outside_the_step,
    ),
    Rule("L08", "Beyond the registration", "error", "A register says what a business may ask for.", beyond_registration),
    Rule(
        "L09",
        "A special category without explicit consent",
        "error",
        "Health, religion, ethnicity, politics, union membership, sex life, genetic and biometric data need explicit consent or another "
        "basis in Article 9(2) of the GDPR. Known by the row's category, or by the claim's name.",
        special_category,
    ),
    Rule("L10", "Already held", "warning", "What was shared and has not ended need not be shared again.", held_already),
    Rule(
        "L11",
        "Through an intermediary",
        "note",
        "The customer sees who else learns of the request. That is told, and no fault by itself.",
        intermediary,
    ),
    Rule("L12", "Asked again too soon", "note", "What was answered is answered for a while, and so is a no.", asked_again),
    Rule("L13", "Sale is not excluded", "warning", "What is not excluded may happen.", _sale),
    Rule("L14", "Profiling is not excluded", "warning", "What is not excluded may happen.", _profiling),
    Rule("L15", "Training of AI is not excluded", "warning", "What is not excluded may happen, and a model forgets nothing.", _training),
    Rule("L16", "No reason is stated", "warning", "Who is asked for something is told why.", no_reason),
    Rule(
        "L17",
        "The purpose is promised not to be followed",
        "error",
        "A request that sells data and prohibits its sale says two things; so does any purpose that is among what is prohibited.",
        contradiction,
    ),
    Rule(
        "L18",
        "Kept longer than the step of the dialogue says",
        "error",
        "The business's own map says how long each claim is kept.",
        beyond_the_retention_of_the_step,
    ),
)
"""The rules by their ids, in order."""
