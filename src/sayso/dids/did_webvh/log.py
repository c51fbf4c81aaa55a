"""Walk a log from its first entry to its last, and skip none.

Source: did:webvh 1.0, "Read (Resolve)", "DID Portability" (VH-3 to VH-12).
"""

from datetime import datetime
from typing import NamedTuple

from sayso.dids.did_webvh import entries, parameters, proving
from sayso.dids.did_webvh.entries import Entry
from sayso.dids.did_webvh.identifier import parse
from sayso.dids.did_webvh.parameters import Parameters
from sayso.dids.did_webvh.witness_rule import WitnessRule
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, Problem, SaysoError
from sayso.identifiers import Did

MAX_LOG_BYTES = 8 * 1024 * 1024
"""The longest did.jsonl that is read."""
MAX_ENTRIES = 10_000
"""The most entries of a log that are read: each costs a signature."""


class Version(NamedTuple):
    """Hold an entry that holds, but for its witnesses: the DID that it names, what is in force after it, and who must approve it."""

    entry: Entry
    did: Did
    parameters: Parameters
    witness: WitnessRule


class History(NamedTuple):
    """Hold the entries that hold, up to the first that does not; `fault` says why that one does not."""

    versions: tuple[Version, ...]
    fault: SaysoError | None


def walk(data: bytes, scid: str, at: datetime) -> History:
    """Verify a log, entry by entry, but for its witnesses.

    Raises:
        SaysoError: LIMIT_EXCEEDED, beyond MAX_LOG_BYTES or MAX_ENTRIES.
    """
    if len(data) > MAX_LOG_BYTES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a did.jsonl is longer than {MAX_LOG_BYTES} bytes")
    if data.count(b"\n") > MAX_ENTRIES:
        raise SaysoError.of(LIMIT_EXCEEDED, f"a did.jsonl has more than {MAX_ENTRIES} entries")
    versions: list[Version] = []
    for index, line in enumerate(data.removesuffix(b"\n").split(b"\n")):
        try:
            versions.append(verify(line, versions[-1] if versions else None, scid, at))
        except SaysoError as error:
            return History(tuple(versions), invalid(error.under(index)))
    return History(tuple(versions), None)


def invalid(error: SaysoError) -> SaysoError:
    """Say of what was decided that it makes the DID invalid, which is the one word of did:webvh for it (VH-15)."""
    return SaysoError(*(_invalid(problem) for problem in error.problems))


def _invalid(problem: Problem) -> Problem:
    if not problem.decided or problem.kind is LIMIT_EXCEEDED:
        return problem
    return Problem(INVALID_DID, problem.detail, problem.pointer)


def verify(line: bytes, previous: Version | None, scid: str, at: datetime) -> Version:
    """Verify one entry after the one before it, but for its witnesses.

    Source: did:webvh 1.0, "Read (Resolve)", steps 1 to 7.

    Raises:
        SaysoError: it does not hold; with a pointer into the entry.
    """
    entry = entries.parse(line)
    if previous is not None and previous.parameters.deactivated:
        raise SaysoError.of(INVALID_DID, "an entry follows the one that deactivated the DID")
    # (1) The parameters of an entry change those in force.
    try:
        found = parameters.following(entry.parameters, previous.parameters) if previous else parameters.first(entry.parameters)
    except SaysoError as error:
        raise error.under("parameters") from None
    if previous is None:
        _check_scid(entry, found, scid)  # (5)
    _check_chain(entry, previous, scid)  # (3)
    _check_time(entry, previous, at)  # (4)
    did = _check_did(entry, previous, found, scid)  # (6); (7) is looked at with the parameters
    _check_proofs(entry, found, previous, at)  # (2), last, for it costs most
    return Version(entry, did, found, _witnesses_of(found, previous))


def _check_chain(entry: Entry, previous: Version | None, scid: str) -> None:
    # VH-3, VH-6
    if entry.number != (previous.entry.number + 1 if previous else 1):
        raise SaysoError.of(INVALID_DID, "versions are counted from 1, one by one", "versionId")
    if entry.hash != entries.entry_hash(entry.value, previous.entry.version_id if previous else scid):
        raise SaysoError.of(INVALID_DID, "the hash of the entry is another one", "versionId")


def _check_time(entry: Entry, previous: Version | None, at: datetime) -> None:
    # VH-10
    if previous is not None and entry.time <= previous.entry.time:
        raise SaysoError.of(INVALID_DID, "a versionTime is later than the one before", "versionTime")
    if entry.time - at > proving.CLOCKS_DIFFER_BY:
        raise SaysoError.of(INVALID_DID, "a versionTime lies in the future", "versionTime")


def _check_scid(entry: Entry, found: Parameters, scid: str) -> None:
    # VH-5
    if found.scid != scid:
        raise SaysoError.of(INVALID_DID, "the scid is not the one of the DID", "parameters", "scid")
    if entries.has_placeholder(entry.value):
        raise SaysoError.of(INVALID_DID, "the placeholder of the scid is left in the first entry")
    if entries.scid_of(entry.value, scid) != scid:
        raise SaysoError.of(INVALID_DID, "the scid is not the hash of the first entry", "parameters", "scid")


def _check_did(entry: Entry, previous: Version | None, found: Parameters, scid: str) -> Did:
    # VH-11
    did = entry.state.get("id")
    if previous is not None and did == previous.did:
        return previous.did
    try:
        named = parse(did if isinstance(did, str) else "")
    except SaysoError as error:
        raise error.under("state", "id") from None
    if named.scid != scid:
        raise SaysoError.of(INVALID_DID, "the document names a DID with another SCID", "state", "id")
    # VH-12
    if previous is not None:
        if not found.portable:
            raise SaysoError.of(INVALID_DID, "the DID moved and is not portable", "state", "id")
        known = entry.state.get("alsoKnownAs")
        if not isinstance(known, list) or previous.did not in known:
            raise SaysoError.of(INVALID_DID, "a DID that moved has the one before in alsoKnownAs", "state", "alsoKnownAs")
    return named.did


def _check_proofs(entry: Entry, found: Parameters, previous: Version | None, at: datetime) -> None:
    # VH-7: whoever signed is named, word for word, among the keys in force.
    proofs = proving.read(entry.value)
    keys = parameters.active_keys(found, previous.parameters if previous else None)
    for proof in proofs:
        if proving.key_text(proof) not in keys:
            raise SaysoError.of(INVALID_DID, "the key of the proof is none of the update keys in force", *proof.place)
    proving.verify(entry.value, proofs, [keys[proving.key_text(proof)] for proof in proofs], at)


def _witnesses_of(found: Parameters, previous: Version | None) -> WitnessRule:
    # VH-13: the first witnesses approve the entry that names them; others, or none, take over after it.
    return previous.parameters.witness if previous and previous.parameters.witness.witnesses else found.witness
