"""Put together what an authority needs to see: who asked for what, what was promised, and what was not answered; without any value."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Self

from sayso.clock import aware
from sayso.credentials.kinds import Claim
from sayso.credentials.wire import Wire, bytes_of
from sayso.dids import did_key
from sayso.jsonvalue import JsonObject, from_python, serialize
from sayso.keys.signer import Signer, own_ed25519_key
from sayso.retrieval import drive, offline
from sayso.sharing.evidence import cover as covers
from sayso.sharing.evidence import parts as named
from sayso.sharing.evidence import timeline, verification
from sayso.sharing.evidence.cover import Cover
from sayso.sharing.evidence.verification import Evidence
from sayso.sharing.ledger import native
from sayso.sharing.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Artefacts:
    """Hold what was signed in a relationship, each as it was sent or received; what is not there is None.

    Args:
        request: the signed request of the business.
        grant: the customer's grant.
        receipt: the receipt of the business.
        withdrawal: the customer's withdrawal, a security event token.
        erasure_request: the customer's request to erase, a security event token.
        answer: what the business answered to it.
        documents: the DID documents as they were seen, by DID; a did:key needs none.
    """

    request: Wire | bytes | str
    grant: Wire | bytes | str | None = None
    receipt: Wire | bytes | str | None = None
    withdrawal: Wire | bytes | str | None = None
    erasure_request: Wire | bytes | str | None = None
    answer: Wire | bytes | str | None = None
    documents: Mapping[str, JsonObject] = field(default_factory=dict[str, JsonObject])

    def written(self) -> dict[str, str]:
        """Give the parts.

        Raises:
            TypeError, ValueError: something was parsed elsewhere, or is no text in UTF-8.
        """
        those = {
            named.REQUEST: self.request,
            named.GRANT: self.grant,
            named.RECEIPT: self.receipt,
            named.WITHDRAWAL: self.withdrawal,
            named.ERASURE_REQUEST: self.erasure_request,
            named.ANSWER: self.answer,
        }
        found = {name: bytes_of(one).decode() for name, one in those.items() if one is not None}
        return {**found, named.DOCUMENTS: serialize(from_python(self.documents))}


@dataclass(frozen=True, slots=True)
class ComplaintBundle:
    """Hold the parts of a complaint, as text by their names."""

    parts: Mapping[str, str] = field(repr=False)

    @classmethod
    def assemble(
        cls,
        ledger: Ledger,
        business: str,
        signer: Signer,
        artefacts: Artefacts,
        *,
        alleged: str,
        at: datetime,
        persona: str = "",
        name: str = "",
        intermediary: str = "",
        authority: str = "",
        authority_contact: tuple[str, ...] = (),
    ) -> Self:
        """Put together a complaint about a business, and verify it as whoever receives it will.

        Args:
            ledger: the customer's ledger, of which the history with this business is shown, and nothing else.
            business: the DID of the business.
            signer: the key that the business knows the customer by, which signed the grant and the events.
            artefacts: what was signed.
            alleged: what is alleged, in words.
            at: the instant of the complaint, aware: no part is later.
            persona: the customer's label of who the business knows. It is shown, as part of the history.
            name: what the business calls itself.
            intermediary: the name of who asked on its behalf.
            authority: the data protection authority.
            authority_contact: how it is reached.

        Raises:
            TypeError, ValueError: an argument is malformed.
            LookupError: there is no such relationship.
            SaysoError: an artefact does not verify.
        """
        now = aware(at).replace(microsecond=0)
        cover = covers.checked(
            Cover(did_key.did_of(own_ed25519_key(signer)), business, now, alleged, name, intermediary, authority, authority_contact)
        )
        proof = ledger.proof(business, persona=persona)
        said = verification.transactions(proof.chain)
        parts = {
            **artefacts.written(),
            named.LEDGER: serialize(native.write_proof(proof)),
            named.TIMELINE: timeline.draw(cover, said, verification.overdue_at(proof.chain, said, now)),
        }
        bundle = cls(MappingProxyType({named.COVER: covers.sign(cover, parts, signer), **parts}))
        bundle.verify(at=now)
        return bundle

    @classmethod
    def parse(cls, data: bytes | str) -> Self:
        """Read a bundle, a ZIP archive or JSON; nothing is verified by that.

        Raises:
            SaysoError: EVIDENCE, LIMIT_EXCEEDED.
        """
        return cls(MappingProxyType(named.unpack(data)))

    def verify(self, *, at: datetime, registered: Collection[Claim] | None = None) -> Evidence:
        """Verify every part, without a network, and say what they show.

        Args:
            at: an instant, aware; the complaint may not be of a later one.
            registered: what the business registered that it may ask for, to tell what it asked for beyond that.

        Raises:
            SaysoError: what is wrong, under the name of the part.
        """
        return drive(verification.verify(self.parts, aware(at), registered), offline)

    def to_zip(self) -> bytes:
        """Write a ZIP archive: the same bytes each time."""
        return named.to_zip(self.parts)

    def to_json(self) -> str:
        """Write JSON text."""
        return named.to_json(self.parts)
