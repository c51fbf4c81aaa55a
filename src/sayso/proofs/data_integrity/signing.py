"""Add a proof to a document: the first, one more of a set, or the next of a chain.

Source: VC Data Integrity 1.0, sections 4.2 and 4.3 (DI-A1 to DI-A4, DI-C1 to DI-C6); EdDSA Cryptosuites 1.0, sections 3.2.1 and 3.3.1.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sayso.credentials.contexts.bundled import CREDENTIALS_V1, CREDENTIALS_V2, DATA_INTEGRITY_V2
from sayso.credentials.validity import format_date_time
from sayso.encodings import multibase
from sayso.errors import PROOF_GENERATION_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.keys.signer import Signer
from sayso.proofs.data_integrity import chains
from sayso.proofs.data_integrity.hashing import hash_document, hash_options
from sayso.proofs.data_integrity.proof import proofs_of
from sayso.proofs.data_integrity.suites import DATA_INTEGRITY_PROOF, SUITES, World


class ProofOptions(NamedTuple):
    """Hold what a proof says beside its signature.

    Args:
        suite: the name of the cryptosuite, one of WRITABLE.
        key_id: the DID URL of the key.
        purpose: `assertionMethod` or `authentication`.
        created: when it is made; None leaves it out.
        expires: from when it holds no longer.
        domain: whom it is for.
        challenge: what it answers.
        nonce: a text that tells it from others.
        id: what later proofs of a chain name it by.
        previous: the ids of the proofs that it covers too.
    """

    suite: str
    key_id: str
    purpose: str
    created: datetime | None = None
    expires: datetime | None = None
    domain: str | Sequence[str] | None = None
    challenge: str | None = None
    nonce: str | None = None
    id: str | None = None
    previous: Sequence[str] = ()

    def to_json(self) -> JsonObject:
        """Give the members of the proof, but for its context and its signature."""
        domain: Json = self.domain if self.domain is None or isinstance(self.domain, str) else [*self.domain]
        members: JsonObject = {
            "id": self.id,
            "type": DATA_INTEGRITY_PROOF,
            "cryptosuite": self.suite,
            "created": None if self.created is None else format_date_time(self.created),
            "expires": None if self.expires is None else format_date_time(self.expires),
            "verificationMethod": self.key_id,
            "proofPurpose": self.purpose,
            "domain": domain,
            "challenge": self.challenge,
            "nonce": self.nonce,
            "previousProof": self.previous[0] if len(self.previous) == 1 else [*self.previous] or None,
        }
        return {name: value for name, value in members.items() if value is not None}


def add_proof(document: JsonObject, options: ProofOptions, signer: Signer, world: World) -> JsonObject:
    """Give the document with one more proof.

    Raises:
        SaysoError: PROOF_GENERATION_ERROR where `previous` names a proof that is not there, or another has this id already; the document
            cannot be transformed without loss, or the key is of no kind that the suite uses.
    """
    suite = SUITES[options.suite]
    signing = suite.signing(signer.public_key)
    unsecured = with_proof_context({name: value for name, value in document.items() if name != "proof"})
    proofs = [proof for proof, _ in proofs_of(document)] if "proof" in document else []
    if options.id is not None and any(proof.get("id") == options.id for proof in proofs):
        raise SaysoError.of(PROOF_GENERATION_ERROR, "the document has a proof with this id already", "proof")  # DI-S3
    proof = options.to_json()
    if suite.copies_context and "@context" in unsecured:
        proof["@context"] = unsecured["@context"]
    covered = chains.covered(unsecured, _named(proofs, options.previous))
    hashes = (
        hash_options(proof, unsecured, suite, signing.hash_name, world),
        hash_document(covered, suite, signing.hash_name, world),
    )
    proof["proofValue"] = multibase.encode_base58btc(signer.sign(b"".join(hashes)))
    secured: list[Json] = [*proofs, proof]
    return {**unsecured, "proof": secured if proofs else proof}


def _named(proofs: Sequence[JsonObject], previous: Sequence[str]) -> list[JsonObject]:
    # Section 4.3 (DI-C2)
    by_id = {proof["id"]: proof for proof in proofs if isinstance(proof.get("id"), str)}
    if not by_id.keys() >= set(previous):
        raise SaysoError.of(PROOF_GENERATION_ERROR, "previous names a proof that the document does not have", "proof")
    return [by_id[name] for name in previous]


def with_proof_context(document: JsonObject) -> JsonObject:
    """Add the context of Data Integrity proofs to a document of VCDM 1.1 that has none; that of VCDM 2.0 defines them itself.

    Source: VC Data Integrity 1.0, section 2.4.1 (DI-2).
    """
    contexts = document.get("@context")
    if (
        not isinstance(contexts, list)
        or contexts[:1] != [CREDENTIALS_V1]
        or not {CREDENTIALS_V2, DATA_INTEGRITY_V2}.isdisjoint(url for url in contexts if isinstance(url, str))
    ):
        return document
    return {**document, "@context": [*contexts, DATA_INTEGRITY_V2]}
