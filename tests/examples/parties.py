"""Who signs without a door: documents that no issuer and no wallet of the library would sign."""

from datetime import UTC, datetime
from typing import Any, NamedTuple

from sayso.credentials.vocabulary import bundled
from sayso.dids import did_key
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import SeedSigner, Signer
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import World
from sayso.proofs.jose import jws

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WORLD = World(bundled(), inline=True)


class Party(NamedTuple):
    """Be a did:key whose owner signs everything."""

    signer: Signer

    @property
    def did(self) -> str:
        return did_key.did_of(self.signer.public_key)

    @property
    def key_id(self) -> str:
        return did_key.verification_method(self.signer.public_key)

    def sign(self, document: Any, suite: str = "eddsa-rdfc-2022", purpose: str = "assertionMethod", **options: Any) -> dict[str, Any]:
        """Add a proof, whatever is wrong with the document."""
        return add_proof(document, ProofOptions(suite, self.key_id, purpose, NOW, **options), self.signer, WORLD)

    def present(self, document: Any, suite: str = "eddsa-rdfc-2022", **options: Any) -> dict[str, Any]:
        """Add the proof of a presentation."""
        return self.sign(document, suite, "authentication", **options)

    def token(self, payload: Any, typ: str) -> str:
        """Sign a JWT."""
        algorithm = self.signer.public_key.algorithms[0]
        return jws.sign(jws.protect({"alg": algorithm, "typ": typ, "kid": self.key_id}), payload, self.signer)


ADA = Party(SeedSigner(b"\1" * 32))
BOB = Party(SeedSigner(b"\2" * 32))
NIST = Party(EcdsaSigner("P-256", b"\3" * 32))
NIST_384 = Party(EcdsaSigner("P-384", b"\4" * 48))


def a_credential(**members: Any) -> dict[str, Any]:
    """Give a credential that leaves its issuer to whoever issues it; `context` stands for `@context`."""
    document = {
        "@context": members.pop("context", ["https://www.w3.org/ns/credentials/v2"]),
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:subject", "name": "Ada"},
    }
    return document | members


def a_presentation(*credentials: Any, **members: Any) -> dict[str, Any]:
    """Give a presentation of credentials."""
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [*credentials],
    }
    return document | members
