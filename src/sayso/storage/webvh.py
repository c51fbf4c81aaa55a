"""Keep a did:webvh: its keys in a ring, and the log that they sign.

The ring holds the keys that a next version needs before that version is written, so that whoever is stopped in between goes on with the log
that there is.
"""

from datetime import datetime
from typing import NamedTuple

from sayso.dids import document
from sayso.dids.did_webvh.writing import WebvhLog
from sayso.entropy import Entropy, system_entropy
from sayso.errors import INVALID_DID, SaysoError
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.signer import SeedSigner
from sayso.storage.keyring import FIRST_NAME, KeyRing


class Kept(NamedTuple):
    """Hold a ring and a log that belong together. Save the ring first: a log whose keys nobody has ends there."""

    ring: KeyRing
    log: WebvhLog


def create(
    domain: str,
    *path: str,
    at: datetime,
    name: str = FIRST_NAME,
    pre_rotation: bool = False,
    entropy: Entropy = system_entropy,
) -> Kept:
    """Make a did:webvh with one key that signs, of this name, and an update key; under pre-rotation the next update key is announced.

    Raises:
        ValueError: the name is none.
        SaysoError: INVALID_DID for a domain or a path that no did:webvh may have.
    """
    keys = KeyRing.generate(name=name, entropy=entropy)
    update, *following = (_new(entropy) for _ in range(2 if pre_rotation else 1))
    log = WebvhLog.create(
        domain,
        *path,
        signer=update,
        at=at,
        keys={name: keys.public_key},
        next_keys=[signer.public_key for signer in following] or None,
    )
    return Kept(KeyRing("webvh", log.did, keys.signers, name, (update, *following)), log)


def rotate(ring: KeyRing, log: WebvhLog, name: str, at: datetime, *, entropy: Entropy = system_entropy) -> Kept:
    """Add a version with a new key that signs from now on, and give the log to another update key.

    The document names the keys of the ring, and what else it has stays. Under pre-rotation the update key that was announced takes over,
    and another one is announced. A ring that was saved with the key, before the log could be written, goes on with that key.

    Raises:
        ValueError: the name is none, or taken.
        SaysoError: INVALID_DID; the ring has no key for this log, or a reader would refuse it.
    """
    changed = ring if _was_stopped(ring, log, name) else ring.rotate(name, entropy=entropy)
    signer, new = _signer_of(ring, log), _new(entropy)
    public = signer.public_key, new.public_key
    update, *following = public if log.pre_rotates else public[1:]
    keys = {kept: one.public_key for kept, one in changed.signers.items()}
    longer = log.update(signer, at, keys=keys, update_keys=[update], next_keys=following or None)
    return Kept(changed.updated_by(signer, new), longer)


def deactivate(ring: KeyRing, log: WebvhLog, at: datetime) -> WebvhLog:
    """End the DID: the log has a last version, without a document.

    Raises:
        SaysoError: INVALID_DID; the ring has no key for this log, or a reader would refuse it.
    """
    signer = _signer_of(ring, log)
    return log.deactivate(signer, at, [signer.public_key] if log.pre_rotates else ())


def _was_stopped(ring: KeyRing, log: WebvhLog, name: str) -> bool:
    # The ring was saved with the key, and the log was not written.
    return name == ring.current and ring.key_id not in document.parse(log.document).methods


def _new(entropy: Entropy) -> SeedSigner:
    return SeedSigner(entropy(SEED_BYTES))


def _signer_of(ring: KeyRing, log: WebvhLog) -> SeedSigner:
    if log.did != ring.did:
        raise SaysoError.of(INVALID_DID, "the log is that of another DID than the keys are of")
    if log.deactivated:
        raise SaysoError.of(INVALID_DID, "the DID was deactivated, and no version follows")
    for signer in ring.update_signers:
        if log.accepts(signer.public_key):
            return signer
    raise SaysoError.of(INVALID_DID, "none of the update keys that are kept may sign the next version of the log")
