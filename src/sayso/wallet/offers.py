"""Offer to share before anybody asks, and look at the answers: doors of the wallet."""

from collections.abc import Collection
from datetime import timedelta
from threading import Lock

from sayso.clock import Clock
from sayso.credentials.kinds import Claim
from sayso.credentials.wire import bytes_of
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.entropy import Entropy
from sayso.errors import INVALID_VERIFICATION_METHOD, UNKNOWN_OFFER, SaysoError
from sayso.identifiers import parse_did
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.signer import SeedSigner, Signer
from sayso.proofs.jose import jws
from sayso.retrieval import AsyncFetch, Fetch, Steps, drive, drive_async
from sayso.sharing import bargain, offer
from sayso.sharing.attribute import Attribute
from sayso.sharing.bargain import Difference, Record
from sayso.sharing.conditions import Link
from sayso.sharing.offer import Decline, Offer, Proposal
from sayso.sharing.plan.decision import Plan
from sayso.sharing.terms import WillNotStore
from sayso.verification.messages import signed_message

ID_BYTES = 18
VALID_FOR = timedelta(days=7)
"""How long an offer holds, unless it says otherwise."""


class Offers:
    """Keep the offers that were made, by the links that answers have to them; safe between threads."""

    __slots__ = ("_by_link", "_lock")

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._by_link: dict[Link, tuple[Proposal, bytes, Signer]] = {}

    def add(self, proposal: Proposal, data: bytes, signer: Signer) -> None:
        """Keep an offer with the key that was made for it."""
        with self._lock:
            self._by_link[bargain.link_to(proposal, data)] = (proposal, data, signer)

    def named(self, link: Link | None) -> tuple[Proposal, bytes]:
        """Find the offer that an answer names.

        Raises:
            SaysoError: UNKNOWN_OFFER.
        """
        with self._lock:
            found = None if link is None else self._by_link.get(link)
        if found is None:
            raise SaysoError.of(UNKNOWN_OFFER, "it answers no offer of this wallet", "offer")
        return found[:2]


class OfferDoors:
    """Offer to share, and look at the answers."""

    _clock: Clock
    _entropy: Entropy
    _fetch: Fetch
    _offers: Offers

    def offer(
        self,
        business: str,
        *claims: Claim | Attribute,
        purpose: str,
        keep_for: timedelta | WillNotStore,
        category: str = "",
        prohibited: Collection[str] = (),
        agreement: str = "",
        valid_for: timedelta = VALID_FOR,
    ) -> Offer:
        """Offer to share some claims with a business, on the customer's terms; no value leaves, and a new key signs it.

        Args:
            business: the DID of the business.
            claims: what may be asked for; an `Attribute` with a `keep_for` of its own may be kept for as long as that.
            purpose: what the customer wants to have done.
            keep_for: how long the business may keep it.
            category: the purpose in terms of `dpv.PURPOSES`.
            prohibited: what the business must promise not to do, of `dpv.PROHIBITABLE`.
            agreement: the id of terms that both sides know.
            valid_for: how long the offer holds.

        Raises:
            TypeError, ValueError: the call is wrong.
            SaysoError: INVALID_DID.
        """
        if not isinstance(valid_for, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = f"valid_for is a timedelta, not {type(valid_for).__name__}"
            raise TypeError(msg)
        now = self._clock().replace(microsecond=0)
        signer = self._pairwise_key()
        proposal = Proposal(
            id=base64url.encode(self._entropy(ID_BYTES)),
            customer=did_key.did_of(signer.public_key),
            business=parse_did(business),
            issued=now,
            expires=now + valid_for,
            purpose=purpose,
            attributes=offer.offered(claims, keep_for),
            category=category,
            prohibited=tuple(prohibited),
            agreement=agreement,
        )
        header = jws.protect({"alg": jws.EDDSA, "typ": offer.TYPE, "kid": did_key.verification_method(signer.public_key)})
        data = jws.sign(header, offer.own(proposal), signer).encode()
        self._offers.add(proposal, data, signer)
        return Offer(data)

    def beyond_offer(self, plan: Plan) -> tuple[Difference, ...]:
        """Tell by what the request of a plan goes beyond the offer that it answers; nothing, where it stays inside.

        Raises:
            SaysoError: UNKNOWN_OFFER: it answers no offer of this wallet.
        """
        proposal, _ = self._offers.named(plan.asked.terms.conditions.offer)
        return bargain.differences(proposal, plan.asked)

    def record_of(self, plan: Plan) -> Record:
        """Make the record of an offer of this wallet and of the request that answers it.

        Raises:
            SaysoError: UNKNOWN_OFFER.
        """
        _, data = self._offers.named(plan.asked.terms.conditions.offer)
        return bargain.record_of(data, plan.request.data)

    def declined(self, answer: Decline | bytes | str) -> Record:
        """Verify the answer of a business that declines an offer of this wallet.

        Raises:
            SaysoError: it is not signed by the business, or UNKNOWN_OFFER.
            TypeError: something that was parsed elsewhere is given.
        """
        return drive(self._declined(bytes_of(answer)), self._fetch)

    async def declined_async(self, answer: Decline | bytes | str, *, fetch: AsyncFetch) -> Record:
        """Verify as `declined` does, with a fetcher that is awaited."""
        return await drive_async(self._declined(bytes_of(answer)), fetch)

    def _declined(self, received: bytes) -> Steps[Record]:
        message = yield from signed_message(received, (offer.DECLINE_TYPE,), "authentication", self._clock(), skew=bargain.SKEW)
        refusal = offer.parse_refusal(message.payload)
        if refusal.business != message.signer:
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, "it is not signed by the business that it names", "iss")
        _, data = self._offers.named(refusal.offer)
        return bargain.record_of(data, received)

    def _pairwise_key(self) -> SeedSigner:
        """Make the key that one business will know, and no other."""
        return SeedSigner(self._entropy(SEED_BYTES))
