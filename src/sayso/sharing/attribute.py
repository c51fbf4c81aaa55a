"""Ask for one attribute on terms of its own, and write the terms of all that are asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from sayso.credentials import claims_path
from sayso.credentials.kinds import Claim
from sayso.errors import SaysoError
from sayso.jsonvalue import Json
from sayso.sharing import conditions, terms
from sayso.sharing.conditions import Conditions, Recipient
from sayso.sharing.terms import AttributeTerms, SharingTerms, WillNotStore, retention
from sayso.sharing.texts import plain_text


@dataclass(frozen=True, slots=True)
class Attribute:
    """Ask for a claim with a reason, a gain and a retention of its own; what is left out is that of the whole request.

    Args:
        claim: its name or path.
        accepts: claims that do instead of it, the one that says least first: one of them all is shared.
        values: those that it may have; () for any.
        reason: why it is asked for.
        benefit: what sharing it brings.
        if_not_shared: what happens if it is not shared.
        keep_for: how long it is kept.
        legal_basis: one of `dpv.LEGAL_BASES`.
        recipients: who gets it too.
        trigger: the event from which the business counts, for people to read.
        location: where it is kept: `loc:` and a country.
        category: one of `dpv.CATEGORIES`.

    Example:
        >>> Attribute("mobile", reason="To call you an hour before", benefit="No waiting at home", keep_for=timedelta(days=2)).claim
        'mobile'
    """

    claim: Claim
    accepts: "tuple[Claim | Attribute, ...]" = ()
    values: tuple[str | bool | int, ...] = ()
    reason: str = ""
    benefit: str = ""
    if_not_shared: str = ""
    keep_for: timedelta | WillNotStore | None = None
    legal_basis: str = ""
    recipients: tuple[Recipient, ...] = ()
    trigger: str = ""
    location: str = ""
    category: str = ""

    @property
    def group(self) -> "tuple[Attribute, ...]":
        """The claims of which one is shared: those that do instead, and then itself."""
        return (*map(attribute, self.accepts), self)


def attribute(asked: Claim | Attribute) -> Attribute:
    """Give a claim that is asked for as an attribute."""
    return asked if isinstance(asked, Attribute) else Attribute(asked)


def read_claim(value: Json) -> Claim:
    """Read a claim: its name, or its path as an array. A path of one name is the name.

    Raises:
        ValueError: it is neither, or a name is not fit to be shown.
    """
    steps = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    try:
        # One step more than it has: a format may put its root above it.
        path = claims_path.parse([*steps[:1], *steps])[1:]
    except SaysoError:
        path = ()
    if not path:
        msg = "a claim is a name, or a path: an array of names, indexes and null"
        raise ValueError(msg)
    names = [plain_text("a name in a claim", step) for step in path if isinstance(step, str)]
    return names[0] if len(path) == len(names) == 1 else path


class Said(NamedTuple):
    """Hold what a business says of every attribute that says nothing else itself."""

    purpose: str
    benefit: str
    keep_for: timedelta | WillNotStore
    if_not_shared: str = ""
    conditions: Conditions = conditions.NONE


def terms_of(required: Sequence[Attribute], optional: Sequence[Attribute], ids: Mapping[Claim, str], said: Said) -> SharingTerms:
    """Write the terms of what is asked for; `ids` gives the id of each claim in the query.

    Raises:
        TypeError, ValueError: a text is not fit to be shown, a retention is none, or a term is not known.
    """
    kept = retention(said.keep_for)
    purpose, benefit = plain_text("purpose", said.purpose), plain_text("benefit", said.benefit)
    common = (purpose, benefit, kept, plain_text("if_not_shared", said.if_not_shared) if said.if_not_shared else "")
    rows = [*_rows(required, ids, common, needed=True), *_rows(optional, ids, common, needed=False)]
    written = SharingTerms(purpose, tuple(rows), said.conditions)
    # What says only what every request says was looked at above.
    plain = said.conditions is conditions.NONE and not any(one.accepts or any(_own(one)) for one in (*required, *optional))
    return written if plain else terms.own(written)


def _rows(
    asked: Iterable[Attribute], ids: Mapping[Claim, str], common: tuple[str, str, timedelta, str], *, needed: bool
) -> Iterator[AttributeTerms]:
    reason, benefit, kept, without = common
    for one in asked:
        for member in one.group:
            yield AttributeTerms(
                ids[member.claim],
                needed,
                member.reason or one.reason or reason,
                member.benefit or one.benefit or benefit,
                kept if (keep_for := member.keep_for or one.keep_for) is None else retention(keep_for),
                member.if_not_shared or one.if_not_shared or without,
                member.legal_basis or one.legal_basis,
                member.recipients or one.recipients,
                member.trigger or one.trigger,
                member.location or one.location,
                member.category,
                "" if member is one else ids[one.claim],
            )


def _own(one: Attribute) -> tuple[object, ...]:
    return (one.reason, one.benefit, one.if_not_shared, one.legal_basis, one.recipients, one.trigger, one.location, one.category)
