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


_END: Final[Mapping[str, Callable[[Json], Any]]] = {"until": instant}
FORMS: Final[Mapping[type[Statement], Form]] = {
    Withdrawal: Form(
        "consent-withdrawn",
        True,
        {"consentStatus": "dpv:ConsentWithdrawn", "right": "eu-gdpr:A7-3"},
        lambda one: {"claims": _claims(one.claims)},
        {"claims": _read_claims},
        lambda found: Withdrawal(found["claims"]),
    ),
    Pause: Form("consent-paused", True, {}, lambda one: {"until": format_date_time(one.until)}, _END, lambda found: Pause(found["until"])),
    Renewal: Form(
        "consent-renewed",
        True,
        {"consentStatus": "dpv:RenewedConsentGiven"},
        lambda one: {"until": format_date_time(one.until)},
        _END,
        lambda found: Renewal(found["until"]),
    ),
    ErasureRequest: Form(
        "erasure-requested",
        True,
        {"right": "eu-gdpr:A17"},
        lambda one: {
            "answerBy": format_date_time(one.answer_by),
            "claims": _claims(one.claims),
            "notifyRecipients": one.tell_recipients,
            **({"justification": one.justification} if one.justification else {}),
        },
        {
            "answerBy": instant,
            "claims": _read_claims,
            "notifyRecipients": strict.boolean,
            "justification": strict.one_of(dpv.OBJECTIONS),
        },
        lambda found: ErasureRequest(found["answerBy"], found["claims"], found.get("justification", ""), found["notifyRecipients"]),
        ("justification",),
    ),
    Returned: Form(
        "permission-returned",
        False,
        {"consentStatus": "dpv:ConsentRevoked", "fulfilment": "dpv:PermissionNotUtilised", "uses": 0},
        lambda one: {
            "claims": [*artefact.write_claims(one.claims)],
            "observedFrom": format_date_time(one.since),
            "observedUntil": format_date_time(one.until),
            "message": one.text,
            **({"erasure": one.erasure} if one.erasure else {}),
        },
        {
            "claims": artefact.read_claims,
            "observedFrom": instant,
            "observedUntil": instant,
            "message": strict.text,
            "erasure": artefact.digest,
        },
        lambda found: Returned(found["claims"], found["observedFrom"], found["observedUntil"], found["message"], found.get("erasure", "")),
        ("erasure",),
    ),
    Breach: Form(
        "breach",
        False,
        {},
        lambda one: {"claims": [*artefact.write_claims(one.claims)], "noticed": format_date_time(one.noticed), "message": one.text},
        {"claims": artefact.read_claims, "noticed": instant, "message": strict.text},
        lambda found: Breach(found["claims"], found["noticed"], found["message"]),
    ),
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
