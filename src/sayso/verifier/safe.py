"""Seal claims one by one, and open those that may be used at this instant: what custody and its shares are made of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Lock
from typing import Final

from sayso.clock import Clock
from sayso.entropy import Entropy
from sayso.errors import GRANT_PAUSED, LEASE_LAPSED, MISSING_CLAIM, PURPOSE_NOT_GRANTED, SHARE_ENDED, SaysoError
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys.wrapping import KEY_BYTES, NONCE_BYTES, MasterKey, seal, unseal
from sayso.storage.custody import Custodied, CustodyStore, InCustody, SealedClaim, together
from sayso.verifier.taking import TakenClaim, put_together

FORMAT: Final = "https://w3id.org/sayso/custody/v1"
_LOOKS: Final = 3
"""So often a share is looked at again that changed while it was opened."""


class Safe:
    """Hold a store and what opens it. Time never goes back here: the latest instant that the clock ever gave is the present."""

    __slots__ = ("_clock", "_entropy", "_latest", "_lock", "_master", "store")

    def __init__(self, store: CustodyStore, master: MasterKey, clock: Clock, entropy: Entropy) -> None:
        """Begin now."""
        self.store = store
        self._master, self._clock, self._entropy = master, clock, entropy
        self._latest, self._lock = clock(), Lock()

    def now(self) -> datetime:
        """Give the present instant, or the latest one that was present."""
        with self._lock:
            self._latest = max(self._latest, self._clock())
            return self._latest

    def sealed(self, share: Custodied, claims: Sequence[TakenClaim]) -> list[SealedClaim]:
        """Seal each claim under a key of its own."""
        size = KEY_BYTES + NONCE_BYTES
        chance, sealed = self._entropy(size * len(claims)), list[SealedClaim]()
        for number, claim in enumerate(claims):
            drawn = chance[number * size : (number + 1) * size]
            key, nonce = drawn[:KEY_BYTES], drawn[KEY_BYTES:]
            context = _context(share, claim.name, claim.ends, once=claim.once)
            text = nonce + seal(key, nonce, claim.text, context)
            sealed.append(SealedClaim(claim.name, claim.ends, claim.once, self._master.wrap(key, context), text))
        return sealed

    def opened(self, share: str, names: Sequence[str], purpose: str, step: str) -> JsonObject:
        """Open claims for a purpose, or all that are left, and count it.

        Raises:
            SaysoError: as `CustodyShare.use`.
        """
        for _ in range(_LOOKS):
            values = self._opened(share, names, purpose, step)
            if values is not None:
                return values
        raise ended()

    def _opened(self, share: str, names: Sequence[str], purpose: str, step: str) -> JsonObject | None:
        now = self.now()
        found, left = self._left(share, now)
        if purpose != found.purpose:
            raise SaysoError.of(PURPOSE_NOT_GRANTED, "the values were shared for another purpose")
        if found.lease is not None and found.lease <= now:
            raise SaysoError.of(LEASE_LAPSED, "the share may be used again once its lease is renewed")
        if not found.usable(now):
            raise SaysoError.of(GRANT_PAUSED, "the customer lets nothing be used for now")
        for name in names:
            if name not in left:
                raise SaysoError.of(MISSING_CLAIM, "the share does not hold this claim, or does not any more", name)
        texts = [self._unsealed(found, left[name]) for name in names or left]
        # Only now it counts, and only if all of it is still there: what ended or was withdrawn meanwhile is not given.
        # What is inside of what is opened, or around it, is used with it.
        used = together(names or left, left)
        return put_together(texts) if self.store.count(share, used, step, self.now()) else None

    def handed_over(self, share: str) -> JsonObject:
        """Open all that is left, for the customer: their own values are no use of them.

        Raises:
            SaysoError: as `CustodyShare.hand_over`.
        """
        found, left = self._left(share, self.now())
        texts = {name: self._unsealed(found, claim) for name, claim in left.items()}
        still = self._left(share, self.now())[1]  # what ended or was withdrawn meanwhile is not given
        return put_together([text for name, text in texts.items() if name in still])

    def resealed(self, found: InCustody, ends: Mapping[str, datetime], now: datetime) -> tuple[SealedClaim, ...]:
        """Seal claims anew that end later now; what has ended, may be used once, or ends as it did, is left as it is."""
        there = [claim for claim in found.claims if claim.ends > now and not claim.once]
        later = [claim for claim in there if ends.get(claim.name, claim.ends) > claim.ends]
        texts = [(claim, self._unsealed(found.share, claim)) for claim in later]
        return tuple(self.sealed(found.share, [TakenClaim(one.name, ends[one.name], once=False, text=text) for one, text in texts]))

    def _left(self, share: str, now: datetime) -> tuple[Custodied, dict[str, SealedClaim]]:
        found = self.store.find(share)
        over = [claim.name for claim in found.claims if claim.ends <= now] if found else []
        if over:
            self.store.erase(share, over, "ended", now)
        left = {claim.name: claim for claim in found.claims if claim.ends > now} if found else {}
        if not found or not left:
            raise ended()
        return found.share, left

    def _unsealed(self, share: Custodied, claim: SealedClaim) -> bytes:
        context = _context(share, claim.name, claim.ends, once=claim.once)
        key = self._master.unwrap(claim.wrapped, context)
        return unseal(key, claim.sealed[:NONCE_BYTES], claim.sealed[NONCE_BYTES:], context)


def ended() -> SaysoError:
    """Make the error of a share of which nothing is left."""
    return SaysoError.of(SHARE_ENDED, "nothing of this share is held, or not any more")


def _context(share: Custodied, claim: str, ends: datetime, *, once: bool) -> bytes:
    # What is sealed opens for what it was shared as, and not for what somebody wrote into its row.
    return serialize([FORMAT, share.id, share.subject, share.purpose, claim, ends.isoformat(), once]).encode()
