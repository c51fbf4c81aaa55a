"""Keep the customer's own record of every relationship: what was shared with whom, until when, and what came back."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Self

from sayso.clock import Clock, aware, system_clock
from sayso.credentials.kinds import Claim
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.entropy import Entropy, system_entropy
from sayso.errors import INVALID_VERIFICATION_METHOD, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject, freeze, serialize
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.signer import SeedSigner, Signer, own_ed25519_key
from sayso.retrieval import drive, offline
from sayso.sharing.ledger import chain as chains
from sayso.sharing.ledger import checkpoint, dashboard, entries, exports, merkle, native
from sayso.sharing.ledger.chain import SALT_BYTES, Body, Chain, Link, Relation
from sayso.sharing.ledger.dashboard import Row, Step
from sayso.sharing.ledger.entries import SharedRecord, Transaction
from sayso.sharing.ledger.holding import Holding
from sayso.sharing.ledger.native import Proof
from sayso.sharing.ledger.standing import Due, Standing, follow
from sayso.sharing.ledger.store import LedgerStore, MemoryLedger


class Ledger:
    """Record what happens in each relationship, answer what the customer asks about it, and prove that nothing was changed.

    The signer is the key of the ledger, which no business ever sees; the store keeps the chains, in memory by default.
    """

    def __init__(
        self,
        signer: Signer,
        *,
        store: LedgerStore | None = None,
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
    ) -> None:
        """Take the key and the store of a ledger.

        Raises:
            TypeError: it is no signer of Ed25519.
        """
        self._key = own_ed25519_key(signer)
        self._signer, self._clock, self._entropy = signer, clock, entropy
        self._store: LedgerStore = MemoryLedger() if store is None else store
        self._followed: dict[Relation, tuple[tuple[Link, ...], Standing]] = {}

    @classmethod
    def generate(cls, *, clock: Clock = system_clock, entropy: Entropy = system_entropy) -> Self:
        """Make an empty ledger with a new key, in memory."""
        return cls(SeedSigner(entropy(SEED_BYTES)), clock=clock, entropy=entropy)

    @property
    def did(self) -> Did:
        """Whose checkpoints these are: the did:key of the ledger."""
        return did_key.did_of(self._key)

    # --- what happens

    def record(self, what: Transaction | SharedRecord, business: str = "", *, persona: str = "") -> chains.Recorded:
        """Enter what a wallet remembers of a share, or anything else that happened in a relationship.

        Args:
            what: a transaction, or what `Wallet.shared` gives, which names its business itself.
            business: the DID of the business, for a transaction.
            persona: the customer's label of who the business knows.

        A share of which some claims end earlier than others has an entry for each end; the last of them is given.

        Raises:
            TypeError, ValueError: what is entered is malformed, or has no business.
        """
        if isinstance(what, Transaction):
            return self._enter(what, chains.relation(business, persona))
        happened = entries.presentations_of(what)
        return [self._enter(one, chains.relation(what.verifier, persona)) for one in happened][-1]

    def _enter(self, happened: Transaction, relation: Relation) -> chains.Recorded:
        salts = self._entropy(3 * SALT_BYTES)
        new, salt, beginning = (base64url.encode(salts[start : start + SALT_BYTES]) for start in range(0, len(salts), SALT_BYTES))
        body = Body(salt, freeze(entries.own(happened if happened.id else replace(happened, id=new))))
        self._store.begin(relation, beginning)
        while True:
            link = chains.following(self._store.head(relation), body)
            number = self._store.append(relation, link)
            if number is not None:
                return chains.Recorded(relation, number, link.digest)

    def delete(self, entry: chains.Recorded) -> None:
        """Delete what an entry says; its tombstone stays, and the chain still holds.

        Raises:
            LookupError: there is no such entry.
        """
        self._store.delete(entry.relation, entry.number)

    # --- what can be proven

    def relations(self) -> tuple[Relation, ...]:
        """Name the relationships."""
        return self._store.relations()

    def chain(self, business: str, *, persona: str = "") -> Chain:
        """Give the history of a relationship.

        Raises:
            LookupError: there is none.
        """
        return self._chain(Relation(business, persona))

    def transactions(self, business: str, *, persona: str = "") -> tuple[Transaction, ...]:
        """Give what was entered in a relationship, in order, as far as it was not deleted; nothing where there is none."""
        chain = self._store.read(Relation(business, persona))
        return () if chain is None else tuple(_transactions(chain))

    def head(self, business: str, *, persona: str = "") -> str:
        """Give the head of a relationship: what is sent along, for the business to sign into its receipt.

        Raises:
            LookupError: there is none.
        """
        return self._store.head(Relation(business, persona))

    def holds(self, business: str, head: str, *, persona: str = "") -> bool:
        """Tell whether a head that a business signed is one that this history went through."""
        chain = self._store.read(Relation(business, persona))
        return chain is not None and head in {chain.origin, *(link.digest for link in chain.links)}

    def verify(self) -> None:
        """See that every chain holds, up to the head that was kept.

        Raises:
            SaysoError: LEDGER_ALTERED.
        """
        for relation in self.relations():
            chains.verify(self._chain(relation), self._store.head(relation))

    def checkpoint(self) -> str:
        """Sign the root over all heads: a JWS."""
        return checkpoint.sign(merkle.root(self._heads()), self._clock(), self._signer)

    def proof(self, business: str, *, persona: str = "") -> Proof:
        """Show the history of a relationship under a checkpoint that is signed now, and nothing of the others.

        Raises:
            LookupError: there is no such relationship.
        """
        own = Relation(business, persona)
        kept = {relation: self._chain(relation) for relation in (own, *self.relations())}
        heads = [chain.head for chain in kept.values()]
        signed = checkpoint.sign(merkle.root(heads), self._clock(), self._signer)
        return Proof(signed, kept[own], merkle.path(heads, kept[own].head))

    # --- what the customer asks

    def dashboard(self, at: datetime | None = None, *, soon: timedelta = dashboard.SOON) -> tuple[Row, ...]:
        """Show how every relationship stands, now or at another instant; what ends within `soon` ends soon."""
        now = self._at(at)
        return tuple(dashboard.row(one, now, soon) for one in self._standings())

    def who_has(self, claim: Claim, at: datetime | None = None) -> tuple[Holding, ...]:
        """Find who has a claim, or a part of it, or what it is a part of, as far as nobody confirmed that it was erased."""
        now, path = self._at(at), _path(claim)
        holdings = (one for standing in self._standings() for one in standing.holdings(now))
        return tuple(one for one in holdings if _overlap(path, _path(one.claim)))

    def held_by(self, business: str, at: datetime | None = None) -> tuple[Holding, ...]:
        """Give all that a business has, of every persona."""
        now = self._at(at)
        return tuple(one for standing in self._standings(business) for one in standing.holdings(now))

    def expiring(self, within: timedelta, at: datetime | None = None) -> tuple[Holding, ...]:
        """Give what may be used now and ends within a time, soonest first."""
        now = self._at(at)
        holdings = (one for standing in self._standings() for one in standing.holdings(now))
        return tuple(sorted((one for one in holdings if one.permitted and one.until - now <= within), key=lambda one: one.until))

    def overdue(self, at: datetime | None = None) -> tuple[Due, ...]:
        """Give the answers that should be here, longest overdue first."""
        now = self._at(at)
        return tuple(sorted((due for one in self._standings() for due in one.overdue(now)), key=lambda due: due.by))

    def affected(self, business: str, at: datetime) -> tuple[Holding, ...]:
        """Give what a business had at an instant, by what had happened until then: what a leak of that day can hold."""
        now = aware(at)
        return tuple(one for standing in self._standings(business, until=now) for one in standing.holdings(now))

    def leave(self, business: str, at: datetime | None = None) -> tuple[Step, ...]:
        """Say what is to be sent and kept to leave a business; nothing is sent or entered by it."""
        now = self._at(at)
        return tuple(step for standing in self._standings(business) for step in dashboard.departure(standing, now))

    # --- what is carried elsewhere

    def export(self) -> str:
        """Write everything, under a checkpoint: JSON text, which `Ledger.load` reads."""
        kept = [self._chain(relation) for relation in self.relations()]
        signed = checkpoint.sign(merkle.root([chain.head for chain in kept]), self._clock(), self._signer)
        return serialize(native.write(signed, kept))

    def export_ts10(self) -> JsonObject:
        """Write a transaction log in the terms of TS10, which lacks what it has no member for."""
        return exports.ts10(self._said())

    def export_dpv(self) -> JsonObject:
        """Write what was agreed to in JSON-LD, in terms of DPV."""
        return exports.dpv_record(self._said())

    @classmethod
    def load(
        cls,
        data: bytes | str,
        signer: Signer,
        *,
        ledger: Did | None = None,
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
    ) -> Self:
        """Read what `export` wrote into a ledger in memory; each chain, the checkpoint and its signature are verified first.

        Args:
            data: what was exported.
            signer: the key of the ledger from now on.
            ledger: whose checkpoint it must be; that of `signer` by default.
            clock: tells the time; the checkpoint may not be of a later one.
            entropy: gives salts.

        Raises:
            SaysoError: LEDGER, LEDGER_ALTERED, or what is wrong with an entry or the signature.
        """
        exported = native.read(data)
        signed = drive(checkpoint.verify(exported.checkpoint, clock()), offline)
        if signed.ledger != (ledger or did_key.did_of(own_ed25519_key(signer))):
            raise SaysoError.of(INVALID_VERIFICATION_METHOD, "the checkpoint is that of another ledger", "checkpoint")
        native.under(exported, signed.root)
        return cls(signer, store=MemoryLedger(exported.chains), clock=clock, entropy=entropy)

    def _at(self, at: datetime | None) -> datetime:
        return self._clock() if at is None else aware(at)

    def _chain(self, relation: Relation) -> Chain:
        chain = self._store.read(relation)
        if chain is None:
            msg = "there is no such relationship"
            raise LookupError(msg)
        return chain

    def _heads(self) -> list[str]:
        return [self._store.head(relation) for relation in self.relations()]

    def _said(self) -> list[tuple[Relation, list[Transaction]]]:
        return [(relation, _transactions(self._chain(relation))) for relation in self.relations()]

    def _standings(self, business: str | None = None, *, until: datetime | None = None) -> list[Standing]:
        asked = [relation for relation in self.relations() if business is None or relation.business == business]
        if until is None:
            return [self._standing(relation) for relation in asked]
        return [follow(one, (said for said in _transactions(self._chain(one)) if said.at <= until)) for one in asked]

    def _standing(self, relation: Relation) -> Standing:
        # What a relationship came to is worked out again only where its history has changed.
        chain = self._chain(relation)
        links, standing = self._followed.get(relation, (None, None))
        if standing is None or links != chain.links:
            standing = follow(relation, _transactions(chain))
            self._followed[relation] = (chain.links, standing)
        return standing


def _transactions(chain: Chain) -> list[Transaction]:
    return [entries.parse(body) for _, body in chains.bodies(chain.links)]


def _path(claim: Claim) -> tuple[str | int | None, ...]:
    return (claim,) if isinstance(claim, str) else claim


def _overlap(one: tuple[str | int | None, ...], other: tuple[str | int | None, ...]) -> bool:
    return all(a == b or a is None or b is None for a, b in zip(one, other, strict=False))
