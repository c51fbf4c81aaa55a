"""Write and read what happens to a grant: security events, each signed by the side that it is up to.

Source: RFC 8417 (Security Event Token), section 2; RFC 9493, section 3.2.3 (subject identifiers in DID format).
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeAlias

from sayso.credentials.kinds import Claim
from sayso.credentials.media_types import SECEVENT_JWT
from sayso.credentials.validity import format_date_time, parse_numeric_date
from sayso.credentials.wire import Wire
from sayso.dids.identity import Identity
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS
from sayso.encodings.multihash import digest_multibase
from sayso.errors import (
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    NOT_GRANTED,
    OTHER_GRANT,
    RANGE_ERROR,
    SaysoError,
)
from sayso.identifiers import Did, MediaType
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.jose import jws
from sayso.retrieval import Steps
from sayso.sharing import artefact, dpv, strict
from sayso.sharing.artefact import NO_SKEW, instant
from sayso.sharing.grant import Granted
from sayso.sharing.offer import path_of
from sayso.verification.messages import signed_message

TYPE: Final = "secevent+jwt"
NAMESPACE: Final = "https://w3id.org/sayso/event/"
ALL: Final = "all"


@dataclass(frozen=True, slots=True)
class Event(Wire):
    """Hold what happened to a grant: a signed security event."""

    media_type: MediaType = SECEVENT_JWT


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


@dataclass(frozen=True, slots=True)
class Notice:
    """Hold what an event says, of which grant.

    Args:
        id: tells it from others of who signed it.
        signer: the DID whose key signed it.
        at: when.
        grant: the digest of the grant.
        statements: what happened.
        digest: the digest of the event's bytes.
    """

    id: str
    signer: Did
    at: datetime
    grant: str
    statements: tuple[Statement, ...]
    digest: str


class _Form(NamedTuple):
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
FORMS: Final[Mapping[type[Statement], _Form]] = {
    Withdrawal: _Form(
        "consent-withdrawn",
        True,
        {"consentStatus": "dpv:ConsentWithdrawn", "right": "eu-gdpr:A7-3"},
        lambda one: {"claims": _claims(one.claims)},
        {"claims": _read_claims},
        lambda found: Withdrawal(found["claims"]),
    ),
    Pause: _Form("consent-paused", True, {}, lambda one: {"until": format_date_time(one.until)}, _END, lambda found: Pause(found["until"])),
    Renewal: _Form(
        "consent-renewed",
        True,
        {"consentStatus": "dpv:RenewedConsentGiven"},
        lambda one: {"until": format_date_time(one.until)},
        _END,
        lambda found: Renewal(found["until"]),
    ),
    ErasureRequest: _Form(
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
    Returned: _Form(
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
    Breach: _Form(
        "breach",
        False,
        {},
        lambda one: {"claims": [*artefact.write_claims(one.claims)], "noticed": format_date_time(one.noticed), "message": one.text},
        {"claims": artefact.read_claims, "noticed": instant, "message": strict.text},
        lambda found: Breach(found["claims"], found["noticed"], found["message"]),
    ),
}
"""How each statement is written."""
_BY_NAME: Final = {NAMESPACE + form.name: form for form in FORMS.values()}


def sign(granted: Granted, identity: Identity, at: datetime, identifier: str, *statements: Statement) -> Event:
    """Sign what happened to a grant, once each.

    Raises:
        ValueError: it is up to the other side to say this, or it does not fit the grant.
    """
    by_customer = identity.did == granted.customer
    said: JsonObject = {}
    for one in statements:
        form = FORMS[type(one)]
        said[NAMESPACE + form.name] = {"grant": granted.digest, **form.fixed, **form.write(one)}
    payload: JsonObject = {
        "iss": identity.did,
        "aud": granted.business if by_customer else granted.customer,
        "iat": int(at.timestamp()),
        "jti": identifier,
        "txn": granted.id,
        "sub_id": {"format": "did", "url": granted.customer},
        "events": said,
    }
    try:
        _parse(payload, granted)
    except SaysoError as error:
        raise ValueError(str(error)) from None
    header: JsonObject = {"alg": identity.algorithm, "typ": TYPE, "kid": identity.key_id}
    return Event(jws.sign(jws.protect(header), payload, identity.signer).encode())


def read(
    data: bytes,
    granted: Granted,
    at: datetime,
    *,
    skew: timedelta = NO_SKEW,
    methods: tuple[DidMethod, ...] = METHODS,
) -> Steps[Notice]:
    """Verify an event about a grant, whenever it was signed: a withdrawal is one also when it is late.

    That the same event does not count twice is up to who keeps them: it is known by `signer` and `id`.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD where it is not up to who signed it, INVALID_DOMAIN_ERROR where it was made for another,
            OTHER_GRANT, NOT_GRANTED where the claims are others, RANGE_ERROR where it is from before the grant or from the future, or
            MALFORMED_VALUE_ERROR.
    """
    message = yield from signed_message(data, (TYPE,), "assertionMethod", at, skew=skew, methods=methods)
    if message.payload.get("iss") != message.signer:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "it is not signed by whom it names", "iss")
    identifier, when, statements = _parse(message.payload, granted)
    return Notice(identifier, message.signer, when, granted.digest, statements, digest_multibase(data))


def _parse(payload: JsonObject, granted: Granted) -> tuple[str, datetime, tuple[Statement, ...]]:
    readers: dict[str, Callable[[Json], Any]] = {
        "iss": strict.did,
        "aud": strict.did,
        "iat": _seconds,
        "jti": strict.name,
        "txn": strict.name,
        "sub_id": lambda value: strict.members(value, {"format": strict.one_of(("did",)), "url": strict.did}, ("format", "url")),
        "events": lambda value: _statements(value, granted),
    }
    found = strict.members(payload, readers, tuple(readers))
    for one, form in found["events"]:
        signer, other = (granted.customer, granted.business) if form.by_customer else (granted.business, granted.customer)
        if found["iss"] != signer:
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, f"{form.name} is not up to who signed it", "iss")
        if found["aud"] != other:
            raise SaysoError.of(INVALID_DOMAIN_ERROR, "it was made for another", "aud")
        _check(one, found["iat"], granted)
    if found["txn"] != granted.id or found["sub_id"]["url"] != granted.customer:
        raise SaysoError.of(OTHER_GRANT, "the event is about another grant, or another customer", "txn")
    if found["iat"] < granted.issued:
        raise SaysoError.of(RANGE_ERROR, "the event is from before the grant", "iat")
    return found["jti"], found["iat"], tuple(one for one, _ in found["events"])


def _seconds(value: Json) -> datetime:
    if type(value) is not int:
        raise strict.refused("it is a whole number of seconds")
    return parse_numeric_date(value)


def _statements(value: Json, granted: Granted) -> list[tuple[Statement, _Form]]:
    said = strict.members(value, {name: lambda body: body for name in _BY_NAME})
    if not said:
        raise strict.refused("something has happened")
    found: list[tuple[Statement, _Form]] = []
    for name, body in said.items():
        try:
            found.append((_statement(body, _BY_NAME[name], granted), _BY_NAME[name]))
        except SaysoError as error:
            raise error.under(name) from None
    return found


def _statement(body: Json, form: _Form, granted: Granted) -> Statement:
    readers = {"grant": artefact.digest, **{name: strict.same(value) for name, value in form.fixed.items()}, **form.read}
    found = strict.members(body, readers, [name for name in readers if name not in form.optional])
    if found["grant"] != granted.digest:
        raise SaysoError.of(OTHER_GRANT, "the event is about another grant", "grant")
    return form.make(found)


def _check(one: Statement, at: datetime, granted: Granted) -> None:
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
