"""Write and read sharing terms: for every attribute the reason, the gain, the necessity and how long it is kept.

Names are those of the Data Privacy Vocabulary (DPV 2.3) where it has one.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from sayso.errors import LIMIT_EXCEEDED, TERMS, UNKNOWN_TERM, SaysoError
from sayso.jsonvalue import Json, JsonObject, from_python
from sayso.sharing import conditions, dpv
from sayso.sharing.conditions import Conditions, Recipient
from sayso.sharing.dpv import OPTIONAL, REQUIRED
from sayso.sharing.texts import object_of, optional_text, text_of

FORMAT: Final = "https://w3id.org/sayso/sharing-terms/v1"
"""The format identifier in `verifier_info`."""


SHARE_UNTIL: Final = "https://w3id.org/sayso/share_until"
"""The claim of a key binding JWT, or member of a presentation, that says when the share ends, in seconds since 1970: the customer's."""

KNOWN_AS: Final = "https://w3id.org/sayso/known_as"
"""The claim or member beside it that names the did:key of who grants the share: so a grant is the holder's, and nobody makes one up."""


class WillNotStore:
    """Be the named retention of what is not kept."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "WILL_NOT_STORE"


WILL_NOT_STORE: Final = WillNotStore()
"""Keep nothing: the values may be used once, while the answer may be accepted. `PT0S` on the wire."""

NOTHING: Final = timedelta(0)
"""The retention of what is not kept, inside a row."""

MAX_ROWS = 1024
"""The most rows of sharing terms."""
MAX_DURATION = timedelta(days=36525)
"""The longest retention: a hundred years."""

# ISO 8601-1, section 5.5.2.3, reduced to units of a fixed length: weeks, days, hours, minutes, seconds.
_DURATION = re.compile(r"P(?:(\d{1,5})W|(?=\d|T\d)(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?)", re.ASCII)


_SHORT_ROW = frozenset({"claim", "hasNecessity", "reason", "benefit", "storage"})


class AttributeTerms(NamedTuple):
    """Hold the terms of one attribute.

    Args:
        claim: the id of the claim in the query.
        required: whether it is needed.
        reason: why it is asked for, "" where nothing is said.
        benefit: what sharing it brings, "" where nothing is said.
        keep_for: how long it is kept: NOTHING for not at all, None where nothing is said, which grants no more than that.
        if_not_shared: what happens if it is not shared.
        legal_basis: one of `dpv.LEGAL_BASES`, where it is not that of the whole request.
        recipients: who gets it too, beside those of the whole request.
        trigger: the event from which the business counts, for people to read; it never moves an end.
        location: where it is kept: `loc:` and a country.
        category: one of `dpv.CATEGORIES`.
        instead_of: the id of the claim that it may stand in for, so that one of both is shared.
    """

    claim: str
    required: bool
    reason: str
    benefit: str
    keep_for: timedelta | None
    if_not_shared: str = ""
    legal_basis: str = ""
    recipients: tuple[Recipient, ...] = ()
    trigger: str = ""
    location: str = ""
    category: str = ""
    instead_of: str = ""


class SharingTerms(NamedTuple):
    """Hold what a business says and signs about its request: the purpose, the terms of each attribute, and those of all."""

    purpose: str
    attributes: tuple[AttributeTerms, ...]
    conditions: Conditions = conditions.NONE


def retention(keep_for: object) -> timedelta:
    """Read how long something is kept, in whole seconds.

    Raises:
        TypeError: it is no duration.
        ValueError: it is not positive, or longer than MAX_DURATION.
    """
    if isinstance(keep_for, WillNotStore):
        return NOTHING
    if not isinstance(keep_for, timedelta):
        msg = "keep_for is a timedelta or WILL_NOT_STORE"
        raise TypeError(msg)
    whole = timedelta(keep_for.days, keep_for.seconds)
    if not NOTHING < whole <= MAX_DURATION:
        msg = "keep_for is a second or more, and a hundred years or less; to keep nothing say WILL_NOT_STORE"
        raise ValueError(msg)
    return whole


def write_duration(duration: timedelta) -> str:
    """Write a duration of whole seconds.

    Source: ISO 8601-1, section 5.5.2.3; XML Schema Datatypes 1.1, section 3.3.6.

    >>> write_duration(timedelta(days=30)), write_duration(timedelta(minutes=90)), write_duration(NOTHING)
    ('P30D', 'PT1H30M', 'PT0S')
    """
    minutes, seconds = divmod(duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days = f"{duration.days}D" if duration.days else ""
    time = "".join(f"{number}{unit}" for number, unit in ((hours, "H"), (minutes, "M"), (seconds, "S")) if number)
    return "P" + days + ("T" + time if time else "" if days else "T0S")


def read_duration(text: Json) -> timedelta:
    """Read a duration; years and months are refused, for nobody can say how long they are.

    Raises:
        SaysoError: TERMS.
    """
    found = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise SaysoError.of(TERMS, "a retention is an ISO 8601 duration in weeks, days, hours, minutes and seconds", "hasDuration")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    duration = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if duration > MAX_DURATION:
        raise SaysoError.of(TERMS, "a retention is longer than a hundred years", "hasDuration")
    return duration


def serialize(terms: SharingTerms) -> JsonObject:
    """Write the terms as the object that travels in `verifier_info`."""
    durations = {kept: write_duration(kept) for kept in {row.keep_for for row in terms.attributes} if kept is not None}
    translated: list[Json] = [{"lang": lang, "content": text} for lang, text in terms.conditions.purposes]
    said: JsonObject = {
        "purposeText": [{"content": terms.purpose}, *translated],
        "attributes": [_members(row, durations) for row in terms.attributes],
    }
    return said if terms.conditions is conditions.NONE else {**said, **conditions.serialize(terms.conditions)}


def _members(row: AttributeTerms, durations: Mapping[timedelta, str]) -> JsonObject:
    storage: JsonObject = {"hasDuration": durations[row.keep_for]} if row.keep_for is not None else {}
    members: JsonObject = {
        "claim": row.claim,
        "hasNecessity": REQUIRED if row.required else OPTIONAL,
        "reason": row.reason,
        "benefit": row.benefit,
        "storage": storage,
    }
    if any(row[5:]) or not row.reason or not row.benefit:
        members |= {
            "ifNotShared": row.if_not_shared,
            "hasLegalBasis": row.legal_basis,
            "hasRecipient": conditions.recipients_members(row.recipients),
            "hasPersonalData": row.category,
            "insteadOf": row.instead_of,
        }
        storage |= {name: text for name, text in (("trigger", row.trigger), ("hasLocation", row.location)) if text}
        return {name: value for name, value in members.items() if value}
    return members


def own(terms: SharingTerms) -> SharingTerms:
    """Check terms that a business made, as those that come from elsewhere are.

    Raises:
        ValueError: something in them is not what it is called.
    """
    try:
        return parse(from_python(serialize(terms)))
    except (SaysoError, AttributeError) as error:
        raise ValueError(str(error)) from None


def parse(value: Json) -> SharingTerms:
    """Read sharing terms; members that are not known are ignored, terms of a vocabulary that are not known are not.

    Raises:
        SaysoError: TERMS, UNKNOWN_TERM or LIMIT_EXCEEDED, with a pointer to the member.
    """
    terms = object_of(value, "sharing terms are an object")
    texts = [*conditions.listed(terms, "purposeText", _purpose)]
    if not texts:
        raise SaysoError.of(TERMS, "purposeText is an array of texts", "purposeText")
    rows = terms.get("attributes")
    if not isinstance(rows, list) or not rows:
        raise SaysoError.of(TERMS, "attributes is an array with a row for each attribute", "attributes")
    if len(rows) > MAX_ROWS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"there are more than {MAX_ROWS} rows", "attributes")
    # What is said of the whole request is read where there is something beside the two members that every request has.
    more = len(terms) > len(("purposeText", "attributes")) or len(texts) > 1
    said = conditions.parse(terms, tuple(texts[1:])) if more else conditions.NONE
    return SharingTerms(texts[0][1], tuple(_row(row, index) for index, row in enumerate(rows)), said)


def _purpose(value: Json) -> tuple[str, str]:
    members = object_of(value, "a purpose text is an object")
    return conditions.language(members["lang"]) if "lang" in members else "", text_of(members, "content")


def _row(value: Json, index: int) -> AttributeTerms:
    try:
        row = object_of(value, "a row is an object")
        necessity = row.get("hasNecessity")
        if necessity not in (REQUIRED, OPTIONAL):
            raise SaysoError.of(UNKNOWN_TERM, "hasNecessity is dpv:Required or dpv:Optional", "hasNecessity")
        storage = object_of(row.get("storage", {}), "storage is an object")
        try:
            keep_for = read_duration(storage["hasDuration"]) if "hasDuration" in storage else None
            trigger, location = optional_text(storage, "trigger"), optional_text(storage, "hasLocation")
            if location and not dpv.is_location(location):
                raise SaysoError.of(UNKNOWN_TERM, "hasLocation is loc: and a country", "hasLocation")
        except SaysoError as error:
            raise error.under("storage") from None
        reason, benefit = optional_text(row, "reason"), optional_text(row, "benefit")
        claim, needed = text_of(row, "claim"), necessity == REQUIRED
        if row.keys() <= _SHORT_ROW and storage.keys() <= {"hasDuration"}:
            return AttributeTerms(claim, needed, reason, benefit, keep_for)
        return AttributeTerms(
            claim,
            needed,
            reason,
            benefit,
            keep_for,
            optional_text(row, "ifNotShared"),
            conditions.term(row, "hasLegalBasis", dpv.LEGAL_BASES),
            conditions.listed(row, "hasRecipient", conditions.recipient),
            trigger,
            location,
            conditions.term(row, "hasPersonalData", dpv.CATEGORIES),
            optional_text(row, "insteadOf"),
        )
    except SaysoError as error:
        raise error.under("attributes", index) from None
