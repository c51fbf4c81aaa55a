"""Write and read sharing terms: for every attribute the reason, the gain, the necessity and how long it is kept.

Names are those of the Data Privacy Vocabulary (DPV 2.3) where it has one.
"""

import re
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Final, NamedTuple

from sayso.credentials.kinds import Claim
from sayso.errors import TERMS, SaysoError
from sayso.jsonvalue import Json, JsonObject

FORMAT: Final = "https://w3id.org/sayso/sharing-terms/v1"
"""The format identifier in `verifier_info`."""


SHARE_UNTIL: Final = "https://w3id.org/sayso/share_until"
"""The claim of a key binding JWT, or member of a presentation, that says when the share ends, in seconds since 1970: the customer's."""


class WillNotStore:
    """Be the named retention of what is not kept."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "WILL_NOT_STORE"


WILL_NOT_STORE: Final = WillNotStore()
"""Keep nothing: the values may be used once, while the answer may be accepted. `PT0S` on the wire."""

NOTHING: Final = timedelta(0)
"""The retention of what is not kept, inside a row."""

REQUIRED: Final = "dpv:Required"
OPTIONAL: Final = "dpv:Optional"

MAX_TEXT_CHARACTERS = 500
"""The longest text that a person is asked to read in one piece."""
MAX_DURATION = timedelta(days=36525)
"""The longest retention: a hundred years."""

# Text for people is plain: no control characters, no line breaks, nothing that turns the direction of what follows it, no half characters.
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# ISO 8601-1, section 5.5.2.3, reduced to units of a fixed length: weeks, days, hours, minutes, seconds.
_DURATION = re.compile(r"P(?:(\d{1,5})W|(?=\d|T\d)(?:(\d{1,6})D)?(?:T(?=\d)(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,10})S)?)?)", re.ASCII)


class AttributeTerms(NamedTuple):
    """Hold the terms of one attribute.

    `claim` is the id of the claim in the query, `reason` why it is asked, `benefit` what sharing it brings, `keep_for` how long it is kept
    (NOTHING for not at all).
    """

    claim: str
    required: bool
    reason: str
    benefit: str
    keep_for: timedelta


class SharingTerms(NamedTuple):
    """Hold what a business says and signs about its request: the purpose, and the terms of each attribute."""

    purpose: str
    attributes: tuple[AttributeTerms, ...]


def plain_text(name: str, text: object) -> str:
    """Give the text if it is fit to be shown to a person.

    Raises:
        TypeError: it is no string.
        ValueError: it is empty, longer than MAX_TEXT_CHARACTERS, or holds control characters.
    """
    if not isinstance(text, str):
        msg = f"{name} is a text"
        raise TypeError(msg)
    if not 0 < len(text) <= MAX_TEXT_CHARACTERS or _UNFIT.search(text) or not text.strip():
        msg = f"{name} has 1 to {MAX_TEXT_CHARACTERS} characters, without control characters"
        raise ValueError(msg)
    return text


def of_one_purpose(
    claims: Mapping[Claim, str], required: Collection[Claim], purpose: str, benefit: str, keep_for: timedelta | WillNotStore
) -> SharingTerms:
    """Write terms that are the same for every claim; `claims` maps each to its id in the query.

    Raises:
        TypeError, ValueError: a text is not fit to be shown, or `keep_for` is no retention.
    """
    kept = retention(keep_for)
    said = plain_text("purpose", purpose)
    gain = plain_text("benefit", benefit)
    return SharingTerms(said, tuple(AttributeTerms(claim_id, claim in required, said, gain, kept) for claim, claim_id in claims.items()))


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


def printable(text: str) -> str:
    """Make text from elsewhere safe to print in one line: what is not plain text becomes U+FFFD."""
    return _UNFIT.sub("\ufffd", text)


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
        raise SaysoError.of(TERMS, "a retention is an ISO 8601 duration in weeks, days, hours, minutes and seconds")
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups())
    duration = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    if duration > MAX_DURATION:
        raise SaysoError.of(TERMS, "a retention is longer than a hundred years")
    return duration


def serialize(terms: SharingTerms) -> JsonObject:
    """Write the terms as the object that travels in `verifier_info`."""
    durations = {kept: write_duration(kept) for kept in {row.keep_for for row in terms.attributes}}  # mostly one for all rows
    return {
        "purposeText": [{"content": terms.purpose}],
        "attributes": [
            {
                "claim": row.claim,
                "hasNecessity": REQUIRED if row.required else OPTIONAL,
                "reason": row.reason,
                "benefit": row.benefit,
                "storage": {"hasDuration": durations[row.keep_for]},
            }
            for row in terms.attributes
        ],
    }


def parse(value: Json) -> SharingTerms:
    """Read sharing terms; members that are not known are ignored, an unknown necessity is not.

    Raises:
        SaysoError: TERMS, with a pointer to the member.
    """
    terms = _object(value, "sharing terms are an object")
    purpose = terms.get("purposeText")
    if not isinstance(purpose, list) or not purpose:
        raise SaysoError.of(TERMS, "purposeText is an array of texts", "purposeText")
    rows = terms.get("attributes")
    if not isinstance(rows, list) or not rows:
        raise SaysoError.of(TERMS, "attributes is an array with a row for each attribute", "attributes")
    try:
        said = _text(_object(purpose[0], "a purpose text is an object"), "content")
    except SaysoError as error:
        raise error.under("purposeText", 0) from None
    return SharingTerms(said, tuple(_row(row, index) for index, row in enumerate(rows)))


def _row(value: Json, index: int) -> AttributeTerms:
    try:
        row = _object(value, "a row is an object")
        necessity = row.get("hasNecessity")
        if necessity not in (REQUIRED, OPTIONAL):
            raise SaysoError.of(TERMS, "hasNecessity is dpv:Required or dpv:Optional", "hasNecessity")
        storage = _object(row.get("storage"), "a row has storage, an object")
        try:
            keep_for = read_duration(storage.get("hasDuration"))
        except SaysoError as error:
            raise error.under("storage", "hasDuration") from None
        return AttributeTerms(_text(row, "claim"), necessity == REQUIRED, _text(row, "reason"), _text(row, "benefit"), keep_for)
    except SaysoError as error:
        raise error.under("attributes", index) from None


def _object(value: Json, rule: str) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise SaysoError.of(TERMS, rule)
    return value


def _text(members: Mapping[str, Json], name: str) -> str:
    try:
        return plain_text(name, members.get(name))
    except (TypeError, ValueError) as error:
        raise SaysoError.of(TERMS, str(error), name) from None
