"""Say what is in a status list, and what it says of one entry; whether the list holds is for others to decide.

Source: Bitstring Status List 1.0, section 3.2; Token Status List (draft 20), section 8.3.
"""

from datetime import timedelta

from sayso.errors import (
    MALFORMED_VALUE_ERROR,
    RANGE_ERROR,
    REVOKED,
    STATUS_LIST_LENGTH_ERROR,
    STATUS_NOT_VALID,
    STATUS_VERIFICATION_ERROR,
    SUSPENDED,
    Problem,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import Json, JsonObject
from sayso.status import bitstring, token_list
from sayso.status.entries import BitstringEntry, ListEntry
from sayso.status.results import StatusList, StatusResult

NOTES = frozenset({"refresh", "message"})
"""The purposes whose values tell something and take nothing away (BS-2)."""

_REFUSALS = {"revocation": REVOKED, "suspension": SUSPENDED}
_TOKEN_REFUSALS = {1: REVOKED, 2: SUSPENDED}  # TS-5: INVALID and SUSPENDED


def look_up(found: StatusList, entry: ListEntry) -> StatusResult:
    """Give the value of an entry.

    Raises:
        SaysoError: STATUS_VERIFICATION_ERROR for a list of other purposes, STATUS_LIST_LENGTH_ERROR for one that is too short to hide
            anybody, RANGE_ERROR for an entry that it does not have.
    """
    try:
        if not isinstance(entry, BitstringEntry):
            return StatusResult("", token_list.value_at(found.bits, entry.number, found.size))
        if entry.purpose not in found.purposes:  # BS-V3
            raise SaysoError.of(STATUS_VERIFICATION_ERROR, "the list is not about the purpose of the entry")
        if 8 * len(found.bits) // entry.size < bitstring.MIN_ENTRIES:  # BS-V4
            raise SaysoError.of(STATUS_LIST_LENGTH_ERROR, f"the list has fewer than {bitstring.MIN_ENTRIES} entries")
        value = bitstring.value_at(found.bits, entry.number, entry.size)
    except IndexError:  # BS-V5; TS-6, step 7
        raise SaysoError.of(RANGE_ERROR, "the list has no such entry") from None
    return StatusResult(entry.purpose, value, entry.messages.get(value, ""))


def refusal(result: StatusResult) -> Problem | None:
    """Say why a credential of this status is refused, None if it is not: 0 is valid, and what nobody knows is not.

    Source: Bitstring Status List 1.0, sections 2.1 and 3.2 (BS-2, BS-V6); Token Status List (draft 20), section 7.1 (TS-5).
    """
    if result.value == 0 or result.purpose in NOTES:
        return None
    known = _REFUSALS.get(result.purpose) if result.purpose else _TOKEN_REFUSALS.get(result.value)
    return Problem(known or STATUS_NOT_VALID, _DETAILS.get(known, "its issuer gave it a status that is not that of a valid one"))


_DETAILS: dict[ProblemType | None, str] = {REVOKED: "its issuer took it back", SUSPENDED: "its issuer suspended it, for now"}


def malformed(rule: str, *place: str) -> SaysoError:
    """Make the error of a list that breaks a rule."""
    return SaysoError.of(MALFORMED_VALUE_ERROR, rule, *place)


def ttl_of(members: JsonObject, unit: timedelta, *place: str) -> timedelta | None:
    """Read how long a list may be kept.

    Source: Bitstring Status List 1.0, section 2.2 (BS-5: milliseconds); Token Status List (draft 20), section 5.1 (TS-4: seconds).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if "ttl" not in members:
        return None
    value: Json = members["ttl"]
    if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
        raise malformed("a time to live is a positive number", *place, "ttl")
    # What lies beyond all calendars is kept as long as there are any.
    return value * unit if value < timedelta.max // unit else timedelta.max
