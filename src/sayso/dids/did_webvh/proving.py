"""Verify the proofs of a log and of its witnesses: always eddsa-jcs-2022, always under a did:key that is its own fragment.

Source: did:webvh 1.0, "Authorized Keys" and "DID Witnesses" (VH-7, VH-14).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sayso.credentials.claims_path import Location
from sayso.credentials.formats import LDP_VC
from sayso.credentials.validity import proof_problems
from sayso.dids.did_webvh.witness_rule import DID_KEY
from sayso.errors import INVALID_DID, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.keys.ed25519 import PublicKey
from sayso.proofs.data_integrity import chains
from sayso.proofs.data_integrity import proof as proofs_
from sayso.proofs.data_integrity.mechanism import DecodedDocument
from sayso.proofs.data_integrity.proof import Proof
from sayso.proofs.data_integrity.suites import EDDSA_JCS
from sayso.proofs.mechanism import FoundKey, Policy

PURPOSE = "assertionMethod"
CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""How far the clock of who writes may be ahead (VH-10)."""

_SUITES = frozenset({EDDSA_JCS})
_POLICY = Policy(algorithms=(), digests=(), cryptosuites=_SUITES)


def read(document: JsonObject) -> tuple[Proof, ...]:
    """Read the proofs of a document: an array of at least one.

    Raises:
        SaysoError: as `read_one`, and for what is no such array.
    """
    if not isinstance(document.get("proof"), list):
        raise SaysoError.of(INVALID_DID, "proofs are an array", "proof")
    return tuple(read_one(value, place) for value, place in proofs_.proofs_of(document))


def read_one(value: Json, place: Location) -> Proof:
    """Read the proof at a place.

    Raises:
        SaysoError: it is malformed, of another suite, or for another purpose.
    """
    if not isinstance(value, dict):
        raise SaysoError.of(INVALID_DID, "a proof is an object", *place)
    proof = proofs_.read(value, place, _SUITES)
    if proof.purpose != PURPOSE:
        raise SaysoError.of(INVALID_DID, f"the purpose of the proof is not {PURPOSE}", *place, "proofPurpose")
    return proof


def key_text(proof: Proof) -> str:
    """Give the Multikey text of the key of a proof.

    Raises:
        SaysoError: INVALID_DID; the DID and the fragment of a did:key are one text (KEY-6), or the one would be trusted and the other used.
    """
    did, _, text = proof.key_id.partition("#")
    if did != DID_KEY + text:
        raise SaysoError.of(INVALID_DID, "the key of the proof is not a did:key and the same text as its fragment", *proof.place)
    return text


def verify(document: JsonObject, proofs: Sequence[Proof], keys: Sequence[PublicKey], at: datetime) -> None:
    """Verify proofs of a document, each under its key.

    Raises:
        SaysoError: one does not hold, or not at this instant.
    """
    found = tuple(FoundKey(key, proof.key_id.partition("#")[0]) for key, proof in zip(keys, proofs, strict=True))
    DecodedDocument(LDP_VC, document, tuple(proofs), chains.previous_proofs(proofs), _POLICY).prove(found)
    for proof in proofs:
        problems = proof_problems(proof.value, at, CLOCKS_DIFFER_BY)
        if problems:
            raise SaysoError(*problems).under(*proof.place)
