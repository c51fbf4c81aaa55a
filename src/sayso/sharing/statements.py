"""Name what can happen to a grant, say how each is written, and what must hold of it.

Source: RFC 8417, section 2; names are those of the Data Privacy Vocabulary (DPV 2.3) where it has one.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeAlias

from sayso.credentials.kinds import Claim
from sayso.credentials.validity import format_date_time
from sayso.errors import NOT_GRANTED, RANGE_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing import artefact, dpv, strict
from sayso.sharing.artefact import instant
from sayso.sharing.grant import Granted
from sayso.sharing.offer import path_of

ALL: Final = "all"
"""What stands for every claim of the grant."""


class Withdrawal(NamedTuple):
    """Say that the customer takes back what was granted; None for all of it."""

    claims: tuple[Claim, ...] | None = None


class Pause(NamedTuple):
    """Say that the customer lets nothing be used until an instant; a later pause takes the place of an earlier one."""

    until: datetime


class Renewal(NamedTuple):
    """Say that the customer lets the lease of a grant run until an instant."""

    until: datetime


class ErasureRequest(NamedTuple):
    """Say that the customer wants it erased, and an answer by an instant; `justification` is one of `dpv.OBJECTIONS`, or ""."""

    answer_by: datetime
    claims: tuple[Claim, ...] | None = None
    justification: str = ""
    tell_recipients: bool = True


class Returned(NamedTuple):
    """Say that the business gives back what it did not use, in which time, and in words; `erasure` is the digest of its confirmation."""

    claims: tuple[Claim, ...]
    since: datetime
    until: datetime
    text: str
    erasure: str = ""


class Breach(NamedTuple):
    """Say that what a customer shared may have come into other hands: what, when that was noticed, and in words."""

    claims: tuple[Claim, ...]
    noticed: datetime
    text: str


Statement: TypeAlias = Withdrawal | Pause | Renewal | ErasureRequest | Returned | Breach


class Form(NamedTuple):
    """Say how a statement is written: under which name, by which side, with which members that never change, and its own."""

    name: str
    by_customer: bool
    fixed: JsonObject
    write: Callable[[Any], JsonObject]
    read: Mapping[str, Callable[[Json], Any]]
    make: Callable[[Mapping[str, Any]], Statement]
    optional: Collection[str] = ()


def _claims(claims: tuple[Claim, ...] | None) -> Json:
    return ALL if claims is None else [*artefact.write_claims(claims)]


def _read_claims(value: Json) -> tuple[Claim, ...] | None:
    return None if value == ALL else artefact.read_claims(value)


def _write_withdrawal(one: Withdrawal) -> JsonObject:
    return {"claims": _claims(one.claims)}


def _write_end(one: Pause | Renewal) -> JsonObject:
    return {"until": format_date_time(one.until)}


def _write_request(one: ErasureRequest) -> JsonObject:
    said: JsonObject = {
        "answerBy": format_date_time(one.answer_by),
        "claims": _claims(one.claims),
        "notifyRecipients": one.tell_recipients,
    }
    return {**said, "justification": one.justification} if one.justification else said


def _write_returned(one: Returned) -> JsonObject:
    said: JsonObject = {
        "claims": artefact.write_claims(one.claims),
        "observedFrom": format_date_time(one.since),
        "observedUntil": format_date_time(one.until),
        "message": one.text,
    }
    return {**said, "erasure": one.erasure} if one.erasure else said


def _write_breach(one: Breach) -> JsonObject:
    return {"claims": artefact.write_claims(one.claims), "noticed": format_date_time(one.noticed), "message": one.text}


def _withdrawal(found: Mapping[str, Any]) -> Withdrawal:
    return Withdrawal(found["claims"])


def _pause(found: Mapping[str, Any]) -> Pause:
    return Pause(found["until"])


def _renewal(found: Mapping[str, Any]) -> Renewal:
    return Renewal(found["until"])


def _request(found: Mapping[str, Any]) -> ErasureRequest:
    return ErasureRequest(found["answerBy"], found["claims"], found.get("justification", ""), found["notifyRecipients"])


def _returned(found: Mapping[str, Any]) -> Returned:
    return Returned(found["claims"], found["observedFrom"], found["observedUntil"], found["message"], found.get("erasure", ""))


def _breach(found: Mapping[str, Any]) -> Breach:
    return Breach(found["claims"], found["noticed"], found["message"])


_END: Final[artefact.Readers] = {"until": instant}
_REQUEST: Final[artefact.Readers] = {
    "answerBy": instant,
    "claims": _read_claims,
    "notifyRecipients": strict.boolean,
    "justification": strict.one_of(dpv.OBJECTIONS),
}
_RETURNED: Final[artefact.Readers] = {
    "claims": artefact.read_claims,
    "observedFrom": instant,
    "observedUntil": instant,
    "message": strict.text,
    "erasure": artefact.digest,
}
_BREACH: Final[artefact.Readers] = {"claims": artefact.read_claims, "noticed": instant, "message": strict.text}
_TAKEN_BACK: Final[JsonObject] = {"consentStatus": "dpv:ConsentWithdrawn", "right": "eu-gdpr:A7-3"}
_RENEWED: Final[JsonObject] = {"consentStatus": "dpv:RenewedConsentGiven"}
_ERASE: Final[JsonObject] = {"right": "eu-gdpr:A17"}
_UNUSED: Final[JsonObject] = {"consentStatus": "dpv:ConsentRevoked", "fulfilment": "dpv:PermissionNotUtilised", "uses": 0}

FORMS: Final[Mapping[type[Statement], Form]] = {
    Withdrawal: Form("consent-withdrawn", True, _TAKEN_BACK, _write_withdrawal, {"claims": _read_claims}, _withdrawal),
    Pause: Form("consent-paused", True, {}, _write_end, _END, _pause),
    Renewal: Form("consent-renewed", True, _RENEWED, _write_end, _END, _renewal),
    ErasureRequest: Form("erasure-requested", True, _ERASE, _write_request, _REQUEST, _request, ("justification",)),
    Returned: Form("permission-returned", False, _UNUSED, _write_returned, _RETURNED, _returned, ("erasure",)),
    Breach: Form("breach", False, {}, _write_breach, _BREACH, _breach),
}
"""How each statement is written."""


def fits(one: Statement, at: datetime, granted: Granted) -> None:
    """See that what an event says fits the grant.

    Raises:
        SaysoError: NOT_GRANTED, RANGE_ERROR.
    """
    claims = None if isinstance(one, Pause | Renewal) else one.claims
    if claims is not None and not {path_of(claim) for claim in claims} <= {path_of(claim) for claim in granted.claims}:
        raise SaysoError.of(NOT_GRANTED, "it is about claims that the grant is not about", "events")
    if isinstance(one, Renewal) and (granted.lease is None or not at < one.until <= min(granted.until, at + granted.lease.period)):
        raise SaysoError.of(RANGE_ERROR, "a lease is renewed for its period at most, while the grant holds", "events")
    if isinstance(one, Pause) and one.until > granted.until:
        raise SaysoError.of(RANGE_ERROR, "a pause ends with the grant", "events")
    if isinstance(one, ErasureRequest) and one.answer_by <= at:
        raise SaysoError.of(RANGE_ERROR, "an answer is due later than it is asked for", "events")
    if isinstance(one, Returned) and not granted.issued <= one.since <= one.until <= at:
        raise SaysoError.of(RANGE_ERROR, "what was not used was looked at while it was granted", "events")
    if isinstance(one, Breach) and one.noticed > at:
        raise SaysoError.of(RANGE_ERROR, "a breach is noticed before it is told", "events")
