"""Ask along a dialogue map, and answer what customers offer: doors of the verifier."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from sayso.credentials.kinds import Claim, CredentialType
from sayso.credentials.wire import Request, bytes_of
from sayso.dids import did_key
from sayso.dids.identity import Identity
from sayso.jsonvalue import JsonObject
from sayso.openid import request_object
from sayso.proofs.jose import jws
from sayso.retrieval import drive, offline
from sayso.sharing import bargain, offer
from sayso.sharing import request as data_request
from sayso.sharing.attribute import Attribute, attribute
from sayso.sharing.conditions import Conditions
from sayso.sharing.dialogue.asking import still_asked
from sayso.sharing.dialogue.values import DialogueMap
from sayso.sharing.offer import Decline, Offer, Proposal, Refusal
from sayso.sharing.share import Share
from sayso.sharing.terms import NOTHING, WILL_NOT_STORE, WillNotStore
from sayso.verification.expectations import Anyone
from sayso.verification.messages import signed_message
from sayso.verifier.requesting import Requesting


class DialogueDoors(ABC):
    """Ask along a dialogue map, and answer offers."""

    _conditions: Conditions
    _identity: Identity
    _requesting: Requesting

    @abstractmethod
    def request(
        self,
        *claims: Claim | Attribute,
        issuers: Collection[str] | Anyone,
        purpose: str,
        benefit: str,
        keep_for: timedelta | WillNotStore,
        type: str | CredentialType | None = None,
        optional: Sequence[Claim | Attribute] = (),
        formats: Sequence[str] = ("vc+sd-jwt",),
        if_not_shared: str = "",
        conditions: Conditions | None = None,
        answer_within: timedelta = ...,
    ) -> Request:
        """Ask for claims."""

    def request_step(
        self,
        dialogue: DialogueMap,
        step: str,
        *,
        issuers: Collection[str] | Anyone,
        held: Iterable[Share | Claim] = (),
        needed_for: timedelta = NOTHING,
        type: str | CredentialType | None = None,
        answer_within: timedelta = timedelta(minutes=5),
    ) -> Request | None:
        """Ask for what a step of a dialogue map needs and is not held already; None where all of it is.

        What the map says of all requests stands in this one, and not what this verifier says: with the step, and the digest of the map.

        Args:
            dialogue: the map.
            step: the id of the step.
            issuers: those that are trusted, as in `request`.
            held: shares of this customer, of which those for the purpose of the step count, as far as they can be read still; or claims
                that are held on other grounds.
            needed_for: how long from now a share must last to count.
            type: the type that the credential must have, instead of the one in the map.
            answer_within: how long the request may be answered.

        Raises:
            TypeError, ValueError: the call is wrong, or there is no such step.
        """
        one = dialogue.step(step)
        required, optional = still_asked(one, held, self._requesting.clock(), needed_for)
        if not required and not optional:
            return None
        return self.request(
            *required,
            optional=optional,
            issuers=issuers,
            purpose=one.purpose,
            benefit=one.benefit,
            keep_for=one.keep_for,
            type=type or one.type or None,
            formats=one.formats,
            if_not_shared=one.if_not_shared,
            conditions=dialogue.conditions_of(step),
            answer_within=answer_within,
        )

    def read_offer(self, offered: Offer | bytes | str) -> Proposal:
        """Verify an offer that a customer made to this verifier.

        Nothing is retrieved: an offer is signed by a did:key.

        Raises:
            SaysoError: it is altered, malformed, has expired, or was made to another business (INVALID_DOMAIN_ERROR).
            TypeError: something that was parsed elsewhere is given.
        """
        return self._read(offered)[1]

    def _read(self, offered: Offer | bytes | str) -> tuple[bytes, Proposal]:
        data = bytes_of(offered)
        reading = signed_message(data, (offer.TYPE,), "authentication", self._requesting.clock(), skew=bargain.SKEW, methods=(did_key,))
        message = drive(reading, offline)
        return data, offer.meant_for(message.payload, message.signer, self._identity.did)

    def accept_offer(
        self,
        offered: Offer | bytes | str,
        *claims: Claim | Attribute,
        issuers: Collection[str] | Anyone,
        benefit: str,
        optional: Sequence[Claim | Attribute] = (),
        type: str | CredentialType | None = None,
        formats: Sequence[str] = ("vc+sd-jwt",),
        if_not_shared: str = "",
        conditions: Conditions | None = None,
        answer_within: timedelta = timedelta(minutes=5),
    ) -> Request:
        """Accept an offer: ask for what it offers, on its terms, and say which offer that answers.

        An offer is answered once. What is said of the whole request is as in `request`, with the promises and the agreement of the offer.

        Args:
            offered: the offer.
            claims: what is required, of what is offered; where nothing is named, all of it.
            issuers: those that are trusted, as in `request`.
            benefit: what the customer gains.
            optional: what the customer may add, of what is offered.
            type: the type that the credential must have.
            formats: the credential formats that may answer.
            if_not_shared: what happens if it is not shared.
            conditions: what is said of the whole request.
            answer_within: how long the request may be answered.

        Raises:
            SaysoError: as `read_offer`, or OFFER_ANSWERED.
            TypeError, ValueError: the call is wrong, or goes beyond the offer.
        """
        data, proposal = self._read(offered)
        request = self.request(
            *_granted(claims if claims or optional else [one.claim for one in proposal.attributes], proposal),
            optional=_granted(optional, proposal),
            issuers=issuers,
            purpose=proposal.purpose,
            benefit=benefit,
            keep_for=WILL_NOT_STORE,
            type=type,
            formats=formats,
            if_not_shared=if_not_shared,
            conditions=_on_terms_of(proposal, data, conditions or self._conditions),
            answer_within=answer_within,
        )
        return self._accepted(proposal, request)

    def _accepted(self, proposal: Proposal, request: Request) -> Request:
        payload = jws.decode(request.data, (request_object.TYPE,), jws.READABLE).payload
        asked = data_request.parse(payload, channel=request_object.own_channel(payload))
        if beyond := bargain.differences(proposal, asked):
            msg = f"this goes beyond the offer, and is a counter offer: {' '.join(one.sentence for one in beyond)}"
            raise ValueError(msg)
        self._answered(proposal)
        return request

    def counter_offer(
        self,
        offered: Offer | bytes | str,
        *claims: Claim | Attribute,
        issuers: Collection[str] | Anyone,
        purpose: str,
        benefit: str,
        keep_for: timedelta | WillNotStore,
        optional: Sequence[Claim | Attribute] = (),
        type: str | CredentialType | None = None,
        formats: Sequence[str] = ("vc+sd-jwt",),
        if_not_shared: str = "",
        conditions: Conditions | None = None,
        answer_within: timedelta = timedelta(minutes=5),
    ) -> Request:
        """Answer an offer with a request of the business's own, as `request` makes it; it says which offer it answers.

        An offer is answered once. By what the request goes beyond the offer, `Wallet.beyond_offer` tells.

        Raises:
            SaysoError: as `read_offer`, or OFFER_ANSWERED.
            TypeError, ValueError: the call is wrong.
        """
        data, proposal = self._read(offered)
        request = self.request(
            *claims,
            optional=optional,
            issuers=issuers,
            purpose=purpose,
            benefit=benefit,
            keep_for=keep_for,
            type=type,
            formats=formats,
            if_not_shared=if_not_shared,
            conditions=(conditions or self._conditions)._replace(offer=bargain.link_to(proposal, data)),
            answer_within=answer_within,
        )
        self._answered(proposal)
        return request

    def decline(self, offered: Offer | bytes | str, reason: str, text: str = "") -> Decline:
        """Decline an offer, with one of `offer.REASONS`, and in words; signed, so that the customer can show it.

        Raises:
            SaysoError: as `read_offer`, or OFFER_ANSWERED.
            TypeError, ValueError: the reason is not known, or the text not plain.
        """
        data, proposal = self._read(offered)
        at = self._requesting.clock().replace(microsecond=0)
        refusal = Refusal(self._identity.did, proposal.customer, at, bargain.link_to(proposal, data), reason, text)
        header: JsonObject = {"alg": self._identity.algorithm, "typ": offer.DECLINE_TYPE, "kid": self._identity.key_id}
        signed = jws.sign(jws.protect(header), offer.serialize_refusal(refusal), self._identity.signer)
        self._answered(proposal)
        return Decline(signed.encode())

    def _answered(self, proposal: Proposal) -> None:
        self._requesting.own.offer_answered(proposal.customer, proposal.id, proposal.expires + bargain.SKEW, self._requesting.clock())


def _granted(claims: Iterable[Claim | Attribute], proposal: Proposal) -> list[Attribute]:
    """Give claims with the times for which they may be kept; what is not offered is seen when the request is compared."""
    return [_as_granted(attribute(one), proposal) for one in claims]


def _as_granted(one: Attribute, proposal: Proposal) -> Attribute:
    granted = bargain.granted_for(proposal, one.claim)
    return one if granted is None or one.keep_for is not None else replace(one, keep_for=granted.keep_for or WILL_NOT_STORE)


def _on_terms_of(proposal: Proposal, data: bytes, said: Conditions) -> Conditions:
    return said._replace(
        category=proposal.category or said.category,
        prohibited=tuple(dict.fromkeys((*said.prohibited, *proposal.prohibited))),
        agreement=proposal.agreement or said.agreement,
        offer=bargain.link_to(proposal, data),
    )
