"""Write and read offers: what a customer would share, before anybody asks, on what terms; and the answer that declines one.

Claims are named, and no value is in any of it. Both are this library's own; names are those of the sharing terms.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.credentials import claims_path
from sayso.credentials.kinds import Claim
from sayso.credentials.media_types import SAYSO_DECLINE, SAYSO_OFFER
from sayso.credentials.validity import parse_numeric_date
from sayso.credentials.wire import Wire
from sayso.errors import INVALID_DOMAIN_ERROR, INVALID_VERIFICATION_METHOD, LIMIT_EXCEEDED, OFFER, SaysoError
from sayso.identifiers import Did, MediaType, is_did
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing import conditions, dpv
from sayso.sharing.attribute import Attribute, attribute, read_claim
from sayso.sharing.conditions import Link, inner, listed, prohibited, stated, term
from sayso.sharing.terms import WillNotStore, read_duration, retention, write_duration
from sayso.sharing.texts import object_of, optional_text, plain_text, text_of

TYPE: Final = "sayso-offer+jwt"
DECLINE_TYPE: Final = "sayso-decline+jwt"
MAX_OFFERED = 128
"""The most claims of an offer."""
MAX_VALID_FOR = timedelta(days=31)
"""How long an offer may hold: for so long a business remembers that it answered one."""

REASONS: Final = frozenset({"no-such-service", "more-is-needed", "other-terms-are-needed", "not-now"})
"""Why an offer is declined."""

_OFFER: Final = frozenset({"iss", "aud", "jti", "iat", "exp", "purposeText", "hasPurpose", "prohibited", "agreement", "attributes"})
_DECLINE: Final = frozenset({"iss", "aud", "iat", "offer", "reason", "reasonText"})


@dataclass(frozen=True, slots=True)
class Offer(Wire):
    """Hold an offer: a signed JWT."""

    media_type: MediaType = SAYSO_OFFER


@dataclass(frozen=True, slots=True)
class Decline(Wire):
    """Hold the answer of a business that declines an offer: a signed JWT."""

    media_type: MediaType = SAYSO_DECLINE


class Offered(NamedTuple):
    """Hold what is offered: a claim, never its value, and how long it may be kept; not at all is a duration of zero."""

    claim: Claim
    keep_for: timedelta


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold what an offer says.

    Args:
        id: tells it from other offers of the customer.
        customer: the DID that was made for this offer.
        business: the DID of the business that it is for.
        issued: when it was made.
        expires: when it holds no longer.
        purpose: what the customer wants to have done.
        attributes: what may be asked for.
        category: the purpose in terms of `dpv.PURPOSES`.
        prohibited: what the business must promise not to do, of `dpv.PROHIBITABLE`.
        agreement: the id of terms that both sides know.
    """

    id: str
    customer: Did
    business: Did
    issued: datetime
    expires: datetime
    purpose: str
    attributes: tuple[Offered, ...]
    category: str = ""
    prohibited: tuple[str, ...] = ()
    agreement: str = ""


class Refusal(NamedTuple):
    """Hold what the answer says that declines an offer: who declines whose, when, why in one of `REASONS`, and in words."""

    business: Did
    customer: Did
    at: datetime
    offer: Link
    reason: str
    text: str = ""


def offered(claims: Iterable[Claim | Attribute], keep_for: timedelta | WillNotStore) -> tuple[Offered, ...]:
    """Give what is offered, with the time for which it may be kept: an attribute's own, or the common one.

    Raises:
        TypeError, ValueError: a time is none, or an attribute says more than how long it may be kept.
    """
    common = retention(keep_for)
    found: list[Offered] = []
    for one in map(attribute, claims):
        if one != Attribute(one.claim, keep_for=one.keep_for):
            msg = "an offer says of a claim how long it may be kept, and nothing else"
            raise ValueError(msg)
        found.append(Offered(one.claim, common if one.keep_for is None else retention(one.keep_for)))
    return tuple(found)


def serialize(proposal: Proposal) -> JsonObject:
    """Write the payload of an offer."""
    rows: list[Json] = [
        {"claim": one.claim if isinstance(one.claim, str) else [*one.claim], "storage": {"hasDuration": write_duration(one.keep_for)}}
        for one in proposal.attributes
    ]
    return stated(
        iss=proposal.customer,
        aud=proposal.business,
        jti=proposal.id,
        iat=int(proposal.issued.timestamp()),
        exp=int(proposal.expires.timestamp()),
        purposeText=[{"content": proposal.purpose}],
        hasPurpose=proposal.category,
        prohibited=[*proposal.prohibited],
        agreement=proposal.agreement,
        attributes=rows,
    )


def parse(payload: JsonObject) -> Proposal:
    """Read the payload of an offer; what is not known is refused, so that nothing but claims' names can be in it.

    Raises:
        SaysoError: OFFER, TERMS, UNKNOWN_TERM or LIMIT_EXCEEDED, with a pointer.
    """
    _refuse_more(payload, _OFFER)
    texts = listed(payload, "purposeText", _purpose)
    if len(texts) != 1:
        raise _malformed("purposeText is an array of one text", "purposeText")
    rows = payload.get("attributes")
    if not isinstance(rows, list) or not rows:
        raise _malformed("attributes is an array with a row for each claim", "attributes")
    if len(rows) > MAX_OFFERED:
        raise SaysoError.of(LIMIT_EXCEEDED, f"an offer has more than {MAX_OFFERED} claims", "attributes")
    found = tuple(_offered(row, index) for index, row in enumerate(rows))
    if len({path_of(one.claim) for one in found}) < len(found):
        raise _malformed("a claim is offered twice", "attributes")
    issued, expires = _instant(payload, "iat"), _instant(payload, "exp")
    if not issued < expires <= issued + MAX_VALID_FOR:
        raise _malformed(f"an offer holds for {MAX_VALID_FOR.days} days at most", "exp")
    return Proposal(
        id=text_of(payload, "jti"),
        customer=_did(payload, "iss"),
        business=_did(payload, "aud"),
        issued=issued,
        expires=expires,
        purpose=texts[0],
        attributes=found,
        category=term(payload, "hasPurpose", dpv.PURPOSES),
        prohibited=listed(payload, "prohibited", prohibited),
        agreement=optional_text(payload, "agreement"),
    )


def own(proposal: Proposal) -> JsonObject:
    """Write an offer that a customer makes, checked as one that comes from elsewhere.

    Raises:
        ValueError: something in it is not what it is called.
    """
    try:
        payload = serialize(proposal)
        parse(payload)
    except (SaysoError, AttributeError, TypeError) as error:
        raise ValueError(str(error)) from None
    return payload


def meant_for(payload: JsonObject, signer: Did, business: Did) -> Proposal:
    """Read the payload of an offer that somebody signed, and see that it is the signer's own, and for this business.

    Raises:
        SaysoError: INVALID_VERIFICATION_METHOD, INVALID_DOMAIN_ERROR, or as `parse`.
    """
    proposal = parse(payload)
    if proposal.customer != signer:
        raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the offer is not signed by the customer that it names", "iss")
    if proposal.business != business:
        raise SaysoError.of(INVALID_DOMAIN_ERROR, "the offer was made to another business", "aud")
    return proposal


def serialize_refusal(refusal: Refusal) -> JsonObject:
    """Write the payload of the answer that declines an offer.

    Raises:
        ValueError: the reason is not one of `REASONS`, or the text is not plain.
    """
    if refusal.reason not in REASONS:
        msg = f"reason is one of {', '.join(sorted(REASONS))}"
        raise ValueError(msg)
    return stated(
        iss=refusal.business,
        aud=refusal.customer,
        iat=int(refusal.at.timestamp()),
        offer=conditions.link_members(refusal.offer),
        reason=refusal.reason,
        reasonText=plain_text("text", refusal.text) if refusal.text else "",
    )


def parse_refusal(payload: JsonObject) -> Refusal:
    """Read the payload of the answer that declines an offer.

    Raises:
        SaysoError: OFFER or TERMS, with a pointer.
    """
    _refuse_more(payload, _DECLINE)
    linked = inner(payload, "offer", conditions.link)
    if linked is None:
        raise _malformed("what is declined is named", "offer")
    reason = payload.get("reason")
    if not isinstance(reason, str) or reason not in REASONS:
        raise _malformed("the reason is one of those that are known here", "reason")
    at = _instant(payload, "iat")
    return Refusal(_did(payload, "iss"), _did(payload, "aud"), at, linked, reason, optional_text(payload, "reasonText"))


def path_of(claim: Claim) -> claims_path.ClaimsPath:
    """Give a claim as a path."""
    return (claim,) if isinstance(claim, str) else claim


def _offered(value: Json, index: int) -> Offered:
    try:
        row = object_of(value, "a row is an object")
        _refuse_more(row, {"claim", "storage"})
        storage = object_of(row.get("storage"), "storage is an object")
        _refuse_more(storage, {"hasDuration"}, "storage")
        try:
            return Offered(_claim(row.get("claim")), read_duration(storage.get("hasDuration")))
        except SaysoError as error:
            raise (error if error.problems[0].pointer == "/claim" else error.under("storage")) from None
    except SaysoError as error:
        raise error.under("attributes", index) from None


def _claim(value: Json) -> Claim:
    try:
        return read_claim(value)
    except ValueError as error:
        raise _malformed(str(error), "claim") from None


def _purpose(value: Json) -> str:
    members = object_of(value, "a purpose text is an object")
    _refuse_more(members, {"content"})
    return text_of(members, "content")


def _did(payload: Mapping[str, Json], name: str) -> Did:
    value = payload.get(name)
    if not isinstance(value, str) or not is_did(value):
        raise _malformed(f"{name} is a DID", name)
    return Did(value)


def _instant(payload: Mapping[str, Json], name: str) -> datetime:
    try:
        return parse_numeric_date(payload.get(name))
    except SaysoError as error:
        raise error.under(name) from None


def _refuse_more(members: Mapping[str, Json], known: Iterable[str], *place: str) -> None:
    if members.keys() - {*known}:
        # Its name may say anything, and so is not repeated.
        raise _malformed("there is a member that is not known here", *place)


def _malformed(rule: str, *place: str) -> SaysoError:
    return SaysoError.of(OFFER, rule, *place)
