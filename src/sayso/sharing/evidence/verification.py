"""Verify a bundle without a network, and say what it shows, each fact with who signed it.

The signatures of a business are looked at as of the instant that each names, under the DID documents that the customer saw: for a did:key
these are part of the DID, for a did:web they are the customer's word until somebody compares them with what is published.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.credentials.shapes import includes
from sayso.credentials.validity import format_date_time, parse_date_time, parse_numeric_date
from sayso.dids import did_key
from sayso.dids.method import DidMethod
from sayso.encodings.multihash import digest_multibase
from sayso.errors import EVIDENCE, SaysoError
from sayso.jsonvalue import Json, JsonObject, parse_object
from sayso.openid import request_object
from sayso.proofs.jose import jws
from sayso.retrieval import Steps
from sayso.sharing import request as data_request
from sayso.sharing.evidence import cover as covers
from sayso.sharing.evidence import parts as named
from sayso.sharing.evidence import seen, timeline
from sayso.sharing.evidence.cover import Cover
from sayso.sharing.ledger import chain as chains
from sayso.sharing.ledger import checkpoint, entries, native
from sayso.sharing.ledger.chain import Chain
from sayso.sharing.ledger.entries import Transaction
from sayso.sharing.ledger.standing import Due, follow
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.linting import lint
from sayso.sharing.request import DataRequest
from sayso.sharing.terms import write_duration
from sayso.sharing.texts import printable
from sayso.verification.expectations import Expectations
from sayso.verification.messages import signed_message
from sayso.verification.pipeline import judge

SECURITY_EVENT: Final = "secevent+jwt"
BUSINESS: Final = "business"
CUSTOMER: Final = "customer"

_NO_SKEW: Final = timedelta(0)
_BEYOND_THE_REGISTRATION: Final = "L08"
# The credentials that a bundle can have: the type that each has, and whether the business signs it.
_CREDENTIALS: Final[Mapping[str, tuple[tuple[str, ...], str]]] = {
    named.GRANT: (("SharingGrant",), CUSTOMER),
    named.RECEIPT: (("ConsentReceipt",), BUSINESS),
    named.ANSWER: (("ErasureConfirmation", "ErasureRefusal"), BUSINESS),
}
_EVENTS: Final = {
    named.WITHDRAWAL: "https://w3id.org/sayso/event/consent-withdrawn",
    named.ERASURE_REQUEST: "https://w3id.org/sayso/event/erasure-requested",
}
_WORDS: Final = {
    named.GRANT: "The customer granted the use of data",
    named.RECEIPT: "The business gave a receipt",
    named.ANSWER: "The business answered about the erasure",
    named.WITHDRAWAL: "The customer withdrew the permission",
    named.ERASURE_REQUEST: "The customer asked for erasure",
}
_ABSENT: Final = {
    named.RECEIPT: (entries.RECEIPT, "There is no receipt"),
    named.ANSWER: (entries.ERASURE, "There is no answer about the erasure"),
}


class Fact(NamedTuple):
    """Hold one thing that a bundle shows: in words, when, who signed it, the part it stands in, and whether the ledger has it by digest.

    `signed_by` is "business" or "customer"; what only the customer's own ledger says is signed by the customer.
    """

    text: str
    at: datetime
    signed_by: str
    part: str
    entered: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """Say what a bundle that was verified shows.

    Args:
        cover: what is alleged, by whom, about whom.
        facts: what is signed, in the order of the parts.
        overdue: the answers that had not come when the complaint was written, as the customer's ledger has it.
        absent: what the bundle does not have, in words: that is evidence too where the business owed it.
        beyond: the claims that were asked for beyond the registration, where that was given.
    """

    cover: Cover
    facts: tuple[Fact, ...]
    overdue: tuple[Due, ...]
    absent: tuple[str, ...]
    beyond: tuple[str, ...] = ()


class Opened(NamedTuple):
    """Hold what every other part is compared with."""

    cover: Cover
    methods: tuple[DidMethod, ...]
    chain: Chain
    said: tuple[Transaction, ...]

    @property
    def digests(self) -> frozenset[str]:
        """The digests of the artefacts that the ledger has."""
        return frozenset(one.digest for one in self.said)


def verify(parts: Mapping[str, str], at: datetime, registered: Collection[Claim] | None = None) -> Steps[Evidence]:
    """Verify every part of a bundle at an instant, which is that of the complaint or later, and compare it with what was registered.

    Raises:
        SaysoError: EVIDENCE, or what is wrong with a part, under its name.
    """
    opened = yield from _opened(parts, at)
    fact, asked = yield from _request(parts[named.REQUEST], opened)
    facts, beyond = [fact], () if registered is None else _beyond(asked, registered)
    for name in (*_CREDENTIALS, *_EVENTS):
        if name in parts:
            reading = _credential if name in _CREDENTIALS else _event
            try:
                facts.append((yield from reading(name, parts[name], opened)))
            except SaysoError as error:
                raise error.under(name) from None
    overdue = overdue_at(opened.chain, opened.said, opened.cover.at)
    # The page is drawn from the cover and the ledger, so that it can say nothing else than they do.
    if parts[named.TIMELINE] != timeline.draw(opened.cover, opened.said, overdue):
        raise SaysoError.of(EVIDENCE, "the page says something else than the cover and the ledger", named.TIMELINE)
    return Evidence(opened.cover, tuple(facts), overdue, tuple(_absent(parts, opened)), beyond)


def transactions(chain: Chain) -> tuple[Transaction, ...]:
    """Give what is left of the bodies of a history."""
    return tuple(entries.parse(body) for _, body in chains.bodies(chain.links))


def overdue_at(chain: Chain, said: tuple[Transaction, ...], at: datetime) -> tuple[Due, ...]:
    """Give the answers that should have come by an instant."""
    return follow(chain.relation, said).overdue(at)


def _absent(parts: Mapping[str, str], opened: Opened) -> Iterator[str]:
    kinds = {one.kind for one in opened.said}
    for name, (kind, words) in _ABSENT.items():
        if name not in parts:
            yield words + (" in the bundle, and the ledger has one" if kind in kinds else "")


def _opened(parts: Mapping[str, str], at: datetime) -> Steps[Opened]:
    try:
        message = yield from signed_message(
            parts[named.COVER].encode(), (covers.TYPE,), "assertionMethod", at, skew=_NO_SKEW, methods=(did_key,), limits=named.LIMITS
        )
        cover = covers.parse(message.payload)
        if cover.customer != message.signer:
            raise SaysoError.of(EVIDENCE, "the cover is not signed by the customer that it names", "iss")
        if message.payload.get("parts") != covers.digests({name: text for name, text in parts.items() if name != named.COVER}):
            raise SaysoError.of(EVIDENCE, "the parts are not those that the cover was signed over", "parts")
    except SaysoError as error:
        raise error.under(named.COVER) from None
    try:
        proof = native.read_proof(parts[named.LEDGER], named.LIMITS)
        signed = yield from checkpoint.verify(proof.checkpoint, at)
        native.proves(proof, signed.root)
        if proof.chain.relation.business != cover.business:
            raise SaysoError.of(EVIDENCE, "the history is that with another business", "relation", "business")
        if signed.at > cover.at:
            raise SaysoError.of(EVIDENCE, "the history was signed after the complaint was written", "checkpoint")
    except SaysoError as error:
        raise error.under(named.LEDGER) from None
    try:
        documents = parse_object(parts[named.DOCUMENTS], named.LIMITS)
    except SaysoError as error:
        raise error.under(named.DOCUMENTS) from None
    return Opened(cover, seen.methods(documents), proof.chain, transactions(proof.chain))


def _request(text: str, opened: Opened) -> Steps[tuple[Fact, DataRequest]]:
    try:
        payload, signer, issued = yield from _message(text, request_object.TYPE, opened, jws.READABLE)
        if signer != opened.cover.business:
            raise SaysoError.of(EVIDENCE, "the request is not signed by the business", "client_id")
        asked = data_request.parse(payload, waive=True)
    except SaysoError as error:
        raise error.under(named.REQUEST) from None
    kept = [
        spoken(name) + ("" if row is None or row.keep_for is None else f" (for {write_duration(row.keep_for)})")
        for (_, claim), name in asked.names.items()
        for row in [asked.rows.get(claim)]
    ]
    words = "The business asked for " + (printable(", ".join(kept)) or "no claim")
    return Fact(words, issued, BUSINESS, named.REQUEST, _entered(text, opened)), asked


def _beyond(asked: DataRequest, registered: Collection[Claim]) -> tuple[str, ...]:
    return tuple(found.shown for found in lint(asked, LintContext(registered=registered)) if found.rule == _BEYOND_THE_REGISTRATION)


def _event(name: str, text: str, opened: Opened) -> Steps[Fact]:
    payload, signer, issued = yield from _message(text, SECURITY_EVENT, opened, jws.ALGORITHMS)
    if signer != opened.cover.customer or payload.get("iss") != signer:
        raise SaysoError.of(EVIDENCE, "the event is not signed by the customer", "iss")
    if payload.get("aud") != opened.cover.business:
        raise SaysoError.of(EVIDENCE, "the event is for somebody else", "aud")
    events = payload.get("events")
    if not isinstance(events, dict) or _EVENTS[name] not in events:
        raise SaysoError.of(EVIDENCE, f"it is no {_EVENTS[name]}", "events")
    return Fact(_WORDS[name], issued, CUSTOMER, name, _entered(text, opened))


def _message(text: str, type_: str, opened: Opened, algorithms: tuple[str, ...]) -> Steps[tuple[JsonObject, str, datetime]]:
    # Messages live for minutes: each is looked at as of the instant that it names, and that may not be later than the complaint.
    data = _ascii(text)
    issued = parse_numeric_date(jws.decode(data, (type_,), algorithms, named.LIMITS).payload.get("iat"))
    _not_later(issued, opened.cover, "iat")
    relationship = "authentication" if type_ == request_object.TYPE else "assertionMethod"
    message = yield from signed_message(
        data, (type_,), relationship, issued, skew=_NO_SKEW, methods=opened.methods, limits=named.LIMITS, algorithms=algorithms
    )
    return message.payload, message.signer, issued


def _credential(name: str, text: str, opened: Opened) -> Steps[Fact]:
    types, party = _CREDENTIALS[name]
    signer, data = opened.cover.business if party == BUSINESS else opened.cover.customer, _ascii(text, any_text=True)
    # What is shown claim by claim can hold values, and none of these is.
    if b"~" in data and data[:1] != b"{":
        raise SaysoError.of(EVIDENCE, "a part of a bundle is no presentation")
    begins = _begins(data)
    _not_later(begins, opened.cover, "validFrom")
    expected = Expectations(issuers=[signer], holder_binding=False, status="waive", undefined_terms="ignore", limits=named.LIMITS)
    judged = yield from judge(data, expected, begins, methods=opened.methods)
    claims = judged.report().require().claims
    if not any(includes(claims.get("type"), one) for one in types):
        raise SaysoError.of(EVIDENCE, f"a credential of another type than {types[0]}", "type")
    return Fact(_WORDS[name] + _promised(claims), begins, party, name, _entered(text, opened))


def _begins(data: bytes) -> datetime:
    document = (
        parse_object(data, named.LIMITS)
        if data[:1] == b"{"
        else jws.decode(data, ("vc+jwt", jws.ABSENT), jws.ALGORITHMS, named.LIMITS).payload
    )
    return parse_date_time(document.get("validFrom"))


def _promised(claims: JsonObject) -> str:
    subject = claims.get("credentialSubject")
    promised: Json = subject.get("eraseBy") if isinstance(subject, dict) else None
    if not isinstance(promised, str):
        return ""
    return f", and promised to erase by {format_date_time(parse_date_time(promised))}"


def _entered(text: str, opened: Opened) -> bool:
    return digest_multibase(text.encode()) in opened.digests


def _not_later(at: datetime, cover: Cover, member: str) -> None:
    if at > cover.at:
        raise SaysoError.of(EVIDENCE, "a part is later than the complaint", member)


def _ascii(text: str, *, any_text: bool = False) -> bytes:
    if not any_text and not text.isascii():
        raise SaysoError.of(EVIDENCE, "a signed message is ASCII")
    return text.encode()
