"""See whether enough witnesses approved each version of a DID.

Source: did:webvh 1.0, "The Witness Proofs File" and "Verifying Witness Proofs During Resolution" (VH-14).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sayso.dids.did_webvh import proving
from sayso.dids.did_webvh.log import History, Version, invalid
from sayso.errors import INVALID_DID, Problem, SaysoError
from sayso.jsonvalue import Json, JsonObject, Limits, parse, serialize
from sayso.keys import multikey

FILE = "did-witness.json"
MAX_WITNESS_BYTES = 1024 * 1024
"""The longest did-witness.json that is read."""


def are_needed(versions: Sequence[Version]) -> bool:
    """Tell whether any version has to be approved."""
    return any(version.witness.witnesses for version in versions)


def approved(history: History, data: bytes, at: datetime) -> History:
    """Keep the versions up to the first that too few witnesses approved.

    Raises:
        SaysoError: INVALID_DID; the file is malformed, or a proof for a version of this log does not hold. LIMIT_EXCEEDED.
    """
    numbers = {version.entry.version_id: version.entry.number for version in history.versions}
    try:
        latest = _latest(data, numbers, at)
    except SaysoError as error:
        raise SaysoError(*(_of_file(problem) for problem in invalid(error).problems)) from None
    for index, version in enumerate(history.versions):
        # Who approved a version approved all before it; each witness of the rule counts once.
        approvals = sum(latest.get(key, 0) >= version.entry.number for key in version.witness.witnesses)
        if approvals < version.witness.threshold:
            return History(history.versions[:index], SaysoError.of(INVALID_DID, "too few witnesses approved the entry", index))
    return history


def _of_file(problem: Problem) -> Problem:
    return Problem(problem.kind, f"{FILE}: {problem.detail}", problem.pointer)


def _latest(data: bytes, numbers: Mapping[str, int], at: datetime) -> dict[str, int]:
    # By witness, the number of the last version that it approved.
    latest: dict[str, int] = {}
    for index, (version_id, proofs) in enumerate(_items(data)):
        # A versionId names no DID: one that is not of this log could be of any other, and is passed over.
        number = numbers.get(version_id)
        if number is not None:
            for place, value in enumerate(proofs):
                key = _approval({"versionId": version_id}, value, (index, "proof", place), at)
                latest[key] = max(latest.get(key, 0), number)
    return latest


def _items(data: bytes | str) -> list[tuple[str, list[Json]]]:
    items = parse(data, Limits(MAX_WITNESS_BYTES))
    if not isinstance(items, list):
        raise SaysoError.of(INVALID_DID, "it is an array")
    return [_item(item, index) for index, item in enumerate(items)]


def _item(item: Json, index: int) -> tuple[str, list[Json]]:
    version_id, proofs = (item.get("versionId"), item.get("proof")) if isinstance(item, dict) else (None, None)
    if not isinstance(version_id, str) or not isinstance(proofs, list):
        raise SaysoError.of(INVALID_DID, "an item is a versionId and an array of proofs", index)
    return version_id, proofs


def with_approval(data: str, version_id: str, proof: Json) -> str:
    """Write the file with one more proof of a witness; "" is a file that is not there yet.

    Raises:
        SaysoError: the file is malformed.
    """
    found: dict[str, list[Json]] = {}
    for name, proofs in (*_items(data or "[]"), (version_id, [proof])):
        found.setdefault(name, []).extend(proofs)
    items: list[Json] = [{"versionId": name, "proof": proofs} for name, proofs in found.items()]
    return serialize(items)


def _approval(document: JsonObject, value: Json, place: tuple[int | str, ...], at: datetime) -> str:
    proof = proving.read_one(value, place)
    text = proving.key_text(proof)
    try:
        key = multikey.decode(text)
    except SaysoError as error:
        raise error.under(*place, "verificationMethod") from None
    proving.verify(document, [proof], [key], at)
    return text
