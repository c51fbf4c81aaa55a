"""Follow `previousProof` from proof to proof.

Source: VC Data Integrity 1.0, sections 2.1.2, 4.3 and 4.5 (DI-C2 to DI-C5, DI-S1 to DI-S3).
"""

from collections.abc import Mapping, Sequence

from sayso.errors import PROOF_VERIFICATION_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.data_integrity.proof import Proof


def previous_proofs(proofs: Sequence[Proof]) -> dict[int, tuple[int, ...]]:
    """Give, for each proof by its number, the numbers of the proofs that it covers.

    Raises:
        SaysoError: PROOF_VERIFICATION_ERROR; a proof names one that is not there, two have one id, or they go round in a circle.
    """
    numbers: dict[str, int] = {}
    for number, proof in enumerate(proofs):
        identifier = proof.value.get("id")
        if isinstance(identifier, str):
            if identifier in numbers:
                raise SaysoError.of(PROOF_VERIFICATION_ERROR, "two proofs have one id", *proof.place, "id")
            numbers[identifier] = number
    found: dict[int, tuple[int, ...]] = {}
    for number, proof in enumerate(proofs):
        if not numbers.keys() >= set(proof.previous):
            raise SaysoError.of(PROOF_VERIFICATION_ERROR, "previousProof names a proof that is not there", *proof.place, "previousProof")
        found[number] = tuple(numbers[name] for name in proof.previous)
    _check_circles(proofs, found)
    return found


def _check_circles(proofs: Sequence[Proof], previous: Mapping[int, tuple[int, ...]]) -> None:
    # Take away what depends on nothing that is left; what cannot be taken away depends on itself.
    left = dict(previous)
    while free := [number for number, names in left.items() if left.keys().isdisjoint(names)]:
        for number in free:
            del left[number]
    for number in left:
        raise SaysoError.of(PROOF_VERIFICATION_ERROR, "proofs depend on each other in a circle", *proofs[number].place, "previousProof")


def covered(document: JsonObject, previous: Sequence[JsonObject]) -> JsonObject:
    """Give what a proof covers: the document without proofs, and with the proofs that it names, always in an array.

    Source: VC Data Integrity 1.0, section 4.3 (DI-C3 to DI-C6). Without any there is no member `proof`: an empty one would change JCS.
    """
    if not previous:
        return document
    proofs: list[Json] = [*previous]
    return {**document, "proof": proofs}
