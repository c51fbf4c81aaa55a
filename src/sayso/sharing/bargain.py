"""Compare a request with the offer it answers, and keep of both the one record that both sides can make from the bytes they exchanged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.encodings import jcs
from sayso.encodings.multihash import digest_multibase
from sayso.errors import UNKNOWN_OFFER, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject
from sayso.openid import request_object
from sayso.proofs.jose import jws
from sayso.sharing import dpv, offer
from sayso.sharing import request as data_request
from sayso.sharing.conditions import Link
from sayso.sharing.dialogue.wording import ENGLISH, Words
from sayso.sharing.offer import Offered, Proposal, path_of
from sayso.sharing.request import DataRequest, claim_of
from sayso.sharing.terms import NOTHING

ACCEPTED: Final = "accepted"
COUNTERED: Final = "countered"
DECLINED: Final = "declined"

SKEW = timedelta(seconds=60)
"""How far the clocks of a customer and a business may be apart."""

_WORDS: Final = Words(ENGLISH)
_PROCESSOR: Final = frozenset({"dpv:DataProcessor", "dpv:DataSubProcessor"})


class Difference(NamedTuple):
    """Hold one thing by which a request goes beyond an offer: what, of which claim where it is about one, and a sentence that says it."""

    what: str
    claim: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Record:
    """Hold what became of an offer; who offered and who answered make the same record, from the same bytes.

    Args:
        outcome: ACCEPTED, COUNTERED or DECLINED.
        offer: the digest of the offer's bytes, as `digestMultibase`.
        reply: the digest of the answer's bytes.
        customer: the DID that was made for the offer.
        business: the DID of the business.
        at: when it was answered, by the answer itself.
        differences: by what a request goes beyond the offer: what, and the name of the claim.
        reason: why it was declined.
    """

    outcome: str
    offer: str
    reply: str
    customer: Did
    business: Did
    at: datetime
    differences: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    def to_json(self) -> JsonObject:
        """Write the record."""
        return {
            "outcome": self.outcome,
            "offer": self.offer,
            "reply": self.reply,
            "customer": self.customer,
            "business": self.business,
            "at": int(self.at.timestamp()),
            "differences": [{"what": what, "claim": claim} for what, claim in self.differences],
            "reason": self.reason,
        }

    @property
    def digest(self) -> str:
        """The digest of the record's canonical JSON form, as `digestMultibase`.

        Source: RFC 8785; VCDM 2.0, section 5.3.
        """
        return digest_multibase(jcs.canonicalize(self.to_json()))


def link_to(proposal: Proposal, data: bytes) -> Link:
    """Point to an offer by its bytes."""
    return Link(proposal.id, digest_multibase(data))


def differences(proposal: Proposal, asked: DataRequest) -> tuple[Difference, ...]:
    """Give all by which a request goes beyond an offer; nothing, where it stays inside.

    Fewer claims, a part of one, a shorter time and more promises stay inside. A processor may help the business; to nobody else was
    anything offered.
    """
    return tuple(dict.fromkeys((*_about_all(proposal, asked), *_about_claims(proposal, asked))))


def _about_all(proposal: Proposal, asked: DataRequest) -> Iterator[Difference]:
    said = asked.terms.conditions
    if asked.request.verifier != proposal.business:
        yield Difference("business", "", "Another business asks.")
    if asked.request.issued >= proposal.expires + SKEW:
        yield Difference("late", "", "The offer did not hold any more.")
    if asked.terms.purpose != proposal.purpose:
        yield Difference("purpose", "", "It is for something else, as it is said.")
    if proposal.category and not dpv.is_within(said.category, proposal.category):
        yield Difference("purpose term", "", f"It is not said to be for what was offered: to {_WORDS.term(proposal.category)}.")
    if proposal.agreement and said.agreement != proposal.agreement:
        yield Difference("agreement", "", "It is not under the agreement that was offered.")
    for one in proposal.prohibited:
        if not any(dpv.is_within(one, promised) or one == promised for promised in said.prohibited):
            yield Difference("promise", "", f"It is not promised: not to {_WORDS.term(one)}.")
    given = [*said.recipients, *(other for row in asked.terms.attributes for other in row.recipients)]
    if said.intermediary is not None:
        yield Difference("intermediary", "", "Somebody else receives the answer.")
    if not all(one.role in _PROCESSOR for one in given):
        yield Difference("recipient", "", "Others get it too.")


def _about_claims(proposal: Proposal, asked: DataRequest) -> Iterator[Difference]:
    for asking in asked.request.query.credentials:
        for claim in asking.claims:
            if claim.id not in asked.rows:
                continue
            name = claim_of(asking, claim)
            granted = granted_for(proposal, name)
            keep_for = asked.rows[claim.id].keep_for or NOTHING
            if granted is None:
                yield Difference("claim", spoken(name), f"{spoken(name)} was not offered.")
            elif keep_for > granted.keep_for:
                lengths = [_WORDS.duration(length) if length else "not at all" for length in (keep_for, granted.keep_for)]
                yield Difference("keep_for", spoken(name), f"{spoken(name)} would be kept longer: {lengths[0]} instead of {lengths[1]}.")


def granted_for(proposal: Proposal, claim: Claim) -> Offered | None:
    """Find what was offered of a claim: itself, or what it is a part of; None where nothing was."""
    path = path_of(claim)
    around = [one for one in proposal.attributes if _is_around(path_of(one.claim), path)]
    # The nearest; and one element of an array before all of them.
    return max(around, key=lambda one: (len(path_of(one.claim)), None not in path_of(one.claim)), default=None)


def _is_around(outer: ClaimsPath, inner: ClaimsPath) -> bool:
    steps = zip(outer, inner, strict=False)
    return len(outer) <= len(inner) and all(one == other or (one is None and isinstance(other, int)) for one, other in steps)


def record_of(offered: bytes, reply: bytes) -> Record:
    """Make the record of an offer and of what answers it, of bytes whose signatures were verified when they were received.

    Raises:
        SaysoError: UNKNOWN_OFFER where the one does not answer the other, or what is wrong with either.
    """
    proposal = offer.parse(jws.decode(offered, (offer.TYPE,), jws.READABLE).payload)
    message = jws.decode(reply, (request_object.TYPE, offer.DECLINE_TYPE), jws.READABLE)
    declined = jws.media_type(message.header["typ"]) == offer.DECLINE_TYPE
    own, answer = link_to(proposal, offered), digest_multibase(reply)
    if declined:
        refusal = offer.parse_refusal(message.payload)
        _refuse_other(refusal.offer, own)
        if (refusal.business, refusal.customer) != (proposal.business, proposal.customer):
            raise SaysoError.of(UNKNOWN_OFFER, "it is declined by another business, or to another customer")
        return Record(DECLINED, own.digest, answer, proposal.customer, proposal.business, refusal.at, reason=refusal.reason)
    asked = data_request.parse(message.payload, channel=request_object.own_channel(message.payload))
    _refuse_other(asked.terms.conditions.offer, own)
    beyond = differences(proposal, asked)
    outcome, found = COUNTERED if beyond else ACCEPTED, tuple((one.what, one.claim) for one in beyond)
    return Record(outcome, own.digest, answer, proposal.customer, proposal.business, asked.request.issued, found)


def _refuse_other(named: Link | None, own: Link) -> None:
    if named != own:
        raise SaysoError.of(UNKNOWN_OFFER, "it answers another offer, or none", "offer")
