"""Small documents with Data Integrity proofs, also such as no honest party would make."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sayso.credentials.vocabulary import bundled
from sayso.dids import did_key
from sayso.encodings import multibase
from sayso.errors import ProblemType
from sayso.jsonvalue import serialize
from sayso.keys.signer import Signer
from sayso.proofs.data_integrity.hashing import hash_document, hash_options
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import SUITES, World
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from sayso.verification.report import Report
from tests.unit.proofs.tokens import AUDIENCE, HOLDER, ISSUER, ISSUER_DID, NONCE
from tests.unit.verification.proven import places

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
UNDEFINED = "https://www.w3.org/ns/credentials/undefined-terms/v2"
HOLDER_DID = did_key.did_of(HOLDER.public_key)
WORLD = World(bundled())
RDFC, JCS = "eddsa-rdfc-2022", "eddsa-jcs-2022"
BOTH = (RDFC, JCS)
LEGACY = "Ed25519Signature2020"

Document: TypeAlias = dict[str, Any]
Found: TypeAlias = list[tuple[ProblemType, str]]


def a_card(**members: Any) -> Document:
    """Give a credential about the holder; a member that is None is left out."""
    card: dict[str, Any] = {
        "@context": [V2, UNDEFINED],
        "type": ["VerifiableCredential", "IdentityCard"],
        "issuer": ISSUER_DID,
        "credentialSubject": {"id": HOLDER_DID, "given_name": "Ada"},
        **members,
    }
    return {name: value for name, value in card.items() if value is not None}


def a_presentation(*credentials: Any, **members: Any) -> Document:
    """Give a presentation by the holder; a member that is None is left out."""
    presentation: dict[str, Any] = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": HOLDER_DID,
        "verifiableCredential": [*credentials],
        **members,
    }
    return {name: value for name, value in presentation.items() if value is not None}


def secured(document: Document, suite: str = JCS, signer: Signer = ISSUER, **options: Any) -> Document:
    """Add a proof as an honest issuer does."""
    chosen: dict[str, Any] = {"purpose": "assertionMethod", **options}
    return add_proof(document, ProofOptions(suite, did_key.verification_method(signer.public_key), **chosen), signer, WORLD)


def presented(*credentials: Any, suite: str = JCS, signer: Signer = HOLDER, members: Document | None = None, **options: Any) -> Document:
    """Present credentials as an honest holder does, to the verifier that asked."""
    chosen: dict[str, Any] = {"purpose": "authentication", "domain": AUDIENCE, "challenge": NONCE, "created": AT, **options}
    return secured(a_presentation(*credentials, **(members or {})), suite, signer, **chosen)


def proof_of(document: Document) -> Document:
    """Give the one proof of a document."""
    proof = document["proof"]
    assert isinstance(proof, dict)
    return proof


def by_hand(
    document: Document, suite: str, signer: Signer = ISSUER, *, covering: Sequence[Document] = (), drop: str = "", **members: Any
) -> Document:
    """Sign whatever a proof says; members join the usual ones or replace them, and `drop` names one that is left out."""
    legacy = suite == LEGACY
    usual: dict[str, Any] = {
        "type": suite if legacy else "DataIntegrityProof",
        **({} if legacy else {"cryptosuite": suite}),
        "verificationMethod": did_key.verification_method(signer.public_key),
        "proofPurpose": "assertionMethod",
        **members,
    }
    proof = {name: value for name, value in usual.items() if name != drop}
    covered: Document = {**document, **({"proof": [*covering]} if covering else {})}
    how = SUITES[suite]
    hashes = hash_options(proof, document, how, "sha-256", WORLD) + hash_document(covered, how, "sha-256", WORLD)
    return {**proof, "proofValue": multibase.encode_base58btc(signer.sign(hashes))}


def with_proofs(document: Document, *proofs: Document) -> Document:
    """Put proofs into a document, as an array."""
    return {**document, "proof": [*proofs]}


def without_proof(document: Document) -> Document:
    """Give what a proof covers, where it covers no other proof."""
    return {name: value for name, value in document.items() if name != "proof"}


def expecting(**options: Any) -> Expectations:
    """Expect a credential of the issuer that nobody needs to present."""
    return Expectations(**{"issuers": [ISSUER_DID], "holder_binding": False, **options})


def asking(**options: Any) -> Expectations:
    """Expect a presentation of a credential of the issuer, in answer to a request."""
    return Expectations(**{"issuers": [ISSUER_DID], "audience": AUDIENCE, "nonce": NONCE, **options})


def look(document: Any, expectations: Expectations | None = None, **options: Any) -> Report:
    """Examine a document at the instant at which all of this happens."""
    return examine(serialize(document), expectations or expecting(**options), at=AT)


def found(document: Any, expectations: Expectations | None = None, **options: Any) -> Found:
    """Examine a document, and give the kind and the place of each problem."""
    return places(look(document, expectations, **options).problems)
