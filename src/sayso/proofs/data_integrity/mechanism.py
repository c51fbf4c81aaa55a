"""Read and prove what is secured by Data Integrity proofs: one, a set, or a chain.

Source: VC Data Integrity 1.0, sections 4.4 and 4.5; EdDSA Cryptosuites 1.0, sections 3.2.2 and 3.3.2.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sayso.credentials.formats import LDP_VC, LDP_VP, Format
from sayso.credentials.shapes import includes
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, PROOF_VERIFICATION_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject, parse_object
from sayso.proofs.data_integrity import chains
from sayso.proofs.data_integrity import proof as proofs_
from sayso.proofs.data_integrity.hashing import hash_document, hash_options
from sayso.proofs.data_integrity.proof import Proof
from sayso.proofs.data_integrity.suites import World
from sayso.proofs.jose.jws import is_json_serialization
from sayso.proofs.mechanism import PROOF, Binding, Found, FoundKey, KeyUse, Policy, Proven, only_key

_WHITESPACE = b" \t\n\r"


class DecodedDocument(NamedTuple):
    """Hold a document with proofs that nobody has verified.

    `previous` gives the numbers of the proofs that each proof covers.
    """

    format: Format
    document: JsonObject
    proofs: tuple[Proof, ...]
    previous: Mapping[int, tuple[int, ...]]
    policy: Policy

    @property
    def signers(self) -> tuple[KeyUse, ...]:
        """The key of each proof, and what it must be authorised for: the purpose of the proof (CID-3)."""
        return tuple(KeyUse(proof.key_id, proof.purpose, proof.place) for proof in self.proofs)

    def prove(self, found: Sequence[Found]) -> Proven:
        """Check the proofs, and give what they cover.

        Source: VC Data Integrity 1.0, section 4.5 (DI-S1, DI-S2): a proof counts only where all that it covers verify.

        Raises:
            SaysoError: a proof does not hold; where not all have to, none does.
        """
        look = _Look(self)
        failed: dict[int, SaysoError] = {}
        for number, key in enumerate(found):
            try:
                look.verify(number, key)
            except SaysoError as error:
                if self.policy.all_proofs:
                    raise
                failed[number] = error
        held = _standing(self.previous, failed)
        if not held:
            raise next(iter(failed.values()))
        proofs = tuple(Binding(self.proofs[number].value, self.proofs[number].place, PROOF) for number in held)
        return Proven(
            signers=tuple(key for number in held if isinstance(key := found[number], FoundKey)),
            format=self.format,
            document=look.covered(held),
            bindings=proofs if self.format.presents else (),
            proofs=() if self.format.presents else proofs,
            transformed=all(self.proofs[number].suite.transforms for number in held),
        )


def _standing(previous: Mapping[int, tuple[int, ...]], failed: Mapping[int, SaysoError]) -> list[int]:
    # What depends on a proof that failed, through however many others, does not stand.
    fallen = set(failed)
    while more := {number for number, names in previous.items() if number not in fallen and not fallen.isdisjoint(names)}:
        fallen |= more
    return [number for number in previous if number not in fallen]


class _Look:
    """Verify the proofs of one document, and hash it once for all that cover the same."""

    def __init__(self, decoded: DecodedDocument) -> None:
        self._decoded = decoded
        self._unsecured = {name: value for name, value in decoded.document.items() if name != "proof"}
        self._world = World(decoded.policy.contexts, decoded.policy.inline_contexts)
        self._hashes: dict[object, bytes] = {}

    def verify(self, number: int, found: Found) -> None:
        """Verify one proof.

        Raises:
            SaysoError: it does not hold, or its key could not be found.
        """
        proof, key = self._decoded.proofs[number], only_key((found,)).key
        document = self._document(proof)
        try:
            signing = proof.suite.signing(key)
            options = hash_options(proof.value, document, proof.suite, signing.hash_name, self._world)
        except SaysoError as error:
            raise error.under(*proof.place) from None
        # ED-C3: the options first, the document second.
        signed = options + self._hash(number, document, signing.hash_name)
        if len(proof.signature) != signing.signature_bytes or not key.verifies(proof.signature, signed):
            raise SaysoError.of(
                CRYPTOGRAPHIC_SECURITY_ERROR, "the proof does not hold under the key that should have made it", *proof.place
            )

    def covered(self, held: Iterable[int]) -> JsonObject:
        """Give the document as the proofs cover it.

        Source: EdDSA Cryptosuites 1.0, section 3.3.2 (JC-2, JC-4: what stands behind the contexts of the proof is not covered).
        """
        covered = [self._document(self._decoded.proofs[number]) for number in held]
        return min(covered, key=lambda document: len(_listed(document.get("@context"))))

    def _hash(self, number: int, document: JsonObject, hash_name: str) -> bytes:
        proof, previous = self._decoded.proofs[number], self._decoded.previous[number]
        same = (proof.suite.canonicalize, hash_name, previous, len(_listed(document.get("@context"))))
        if same not in self._hashes:
            whole = chains.covered(document, [self._decoded.proofs[one].value for one in previous])
            self._hashes[same] = hash_document(whole, proof.suite, hash_name, self._world)
        return self._hashes[same]

    def _document(self, proof: Proof) -> JsonObject:
        # Section 3.3.2 (JC-2, JC-3): the contexts that the proof repeats are those that were signed.
        document = self._unsecured
        if not proof.suite.copies_context or "@context" not in proof.value:
            return document
        signed, received = _listed(proof.value["@context"]), _listed(document.get("@context"))
        if received[: len(signed)] != signed:
            raise SaysoError.of(
                PROOF_VERIFICATION_ERROR, "the document does not begin with the contexts of the proof", *proof.place, "@context"
            )
        if len(received) > len(signed) and self._decoded.policy.appended_contexts == "refuse":
            raise SaysoError.of(PROOF_VERIFICATION_ERROR, "a context was appended that the proof does not cover", "@context")
        return {**document, "@context": proof.value["@context"]}


def _listed(context: Json) -> list[Json]:
    return context if isinstance(context, list) else [context]


class DataIntegrityMechanism:
    """Read JSON documents with Data Integrity proofs."""

    def decode(self, data: bytes, policy: Policy) -> DecodedDocument | None:
        """Read a credential or a presentation; None says that it is no JSON-LD document.

        Source: VC Data Integrity 1.0, section 4.4 (DI-V1 to DI-V3).

        Raises:
            SaysoError: it is malformed or outside the policy.
        """
        if data.lstrip(_WHITESPACE)[:1] != b"{":
            return None
        document = parse_object(data, policy.limits)
        if ("@context" not in document and "proof" not in document) or is_json_serialization(document):
            return None
        format_ = LDP_VP if includes(document.get("type"), "VerifiablePresentation") else LDP_VC
        found: list[Proof] = []
        problem: SaysoError | None = None
        for value, place in proofs_.proofs_of(document):
            try:
                found.append(_for_purpose(proofs_.read(value, place, policy.cryptosuites), format_.relationship))
            except SaysoError as error:
                if policy.all_proofs:
                    raise
                problem = problem or error
        if problem and not found:
            raise problem
        return DecodedDocument(format_, document, tuple(found), chains.previous_proofs(found), policy)


def _for_purpose(proof: Proof, purpose: str) -> Proof:
    # Section 4.4 (DI-V3)
    if proof.purpose != purpose:
        raise SaysoError.of(PROOF_VERIFICATION_ERROR, f"the purpose of the proof is not {purpose}", *proof.place, "proofPurpose")
    return proof
