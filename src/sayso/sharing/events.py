"""Write and read what happens to a grant: security events, each signed by the side that it is up to.

Source: RFC 8417 (Security Event Token), section 2; RFC 9493, section 3.2.3 (subject identifiers in DID format).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sayso.credentials.media_types import SECEVENT_JWT
from sayso.credentials.validity import parse_numeric_date
from sayso.credentials.wire import Wire
from sayso.dids.identity import Identity
from sayso.dids.method import DidMethod
from sayso.dids.resolution import METHODS
from sayso.encodings.multihash import digest_multibase
from sayso.errors import (
    INVALID_DOMAIN_ERROR,
    INVALID_VERIFICATION_METHOD,
    OTHER_GRANT,
    RANGE_ERROR,
    SaysoError,
)
from sayso.identifiers import Did, MediaType
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.jose import jws
from sayso.retrieval import Steps
from sayso.sharing import artefact, strict
from sayso.sharing.artefact import NO_SKEW
from sayso.sharing.grant import Granted
from sayso.sharing.statements import FORMS, Form, Statement, fits
from sayso.verification.messages import signed_message

TYPE: Final = "secevent+jwt"
NAMESPACE: Final = "https://w3id.org/sayso/event/"


@dataclass(frozen=True, slots=True)
class Event(Wire):
    """Hold what happened to a grant: a signed security event."""

    media_type: MediaType = SECEVENT_JWT


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


def named(data: bytes) -> tuple[str, str]:
    """Give the customer and the digest of the grant that an event names, for who has many: nothing is verified by that.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR, or what is wrong with the token.
    """
    payload = jws.decode(data, (TYPE,)).payload
    subject, said = payload.get("sub_id"), payload.get("events")
    customer = subject.get("url") if isinstance(subject, dict) else None
    about = [one.get("grant") if isinstance(one, dict) else None for one in said.values()] if isinstance(said, dict) else []
    if not isinstance(customer, str) or not about or not isinstance(about[0], str) or any(one != about[0] for one in about):
        raise strict.refused("an event names one customer and one grant", "events")
    return customer, about[0]


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
        fits(one, found["iat"], granted)
    if found["txn"] != granted.id or found["sub_id"]["url"] != granted.customer:
        raise SaysoError.of(OTHER_GRANT, "the event is about another grant, or another customer", "txn")
    if found["iat"] < granted.issued:
        raise SaysoError.of(RANGE_ERROR, "the event is from before the grant", "iat")
    return found["jti"], found["iat"], tuple(one for one, _ in found["events"])


def _seconds(value: Json) -> datetime:
    if type(value) is not int:
        raise strict.refused("it is a whole number of seconds")
    return parse_numeric_date(value)


def _statements(value: Json, granted: Granted) -> list[tuple[Statement, Form]]:
    said = strict.members(value, {name: lambda body: body for name in _BY_NAME})
    if not said:
        raise strict.refused("something has happened")
    found: list[tuple[Statement, Form]] = []
    for name, body in said.items():
        try:
            found.append((_statement(body, _BY_NAME[name], granted), _BY_NAME[name]))
        except SaysoError as error:
            raise error.under(name) from None
    return found


def _statement(body: Json, form: Form, granted: Granted) -> Statement:
    readers = {"grant": artefact.digest, **{name: strict.same(value) for name, value in form.fixed.items()}, **form.read}
    found = strict.members(body, readers, [name for name in readers if name not in form.optional])
    if found["grant"] != granted.digest:
        raise SaysoError.of(OTHER_GRANT, "the event is about another grant", "grant")
    return form.make(found)
