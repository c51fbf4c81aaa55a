"""Resolve a did:webvh: its whole log is verified, however long it is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache, partial

from benchmarks import raw
from benchmarks.measuring import Batch, Operation, Task, Title
from sayso.dids.did_webvh.resolution import read_log
from sayso.dids.did_webvh.writing import WebvhLog
from sayso.entropy import system_entropy
from sayso.keys.signer import SeedSigner

_SIZES = (10, 100, 1000)
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_NOW = datetime(2036, 1, 1, tzinfo=UTC)
_SIGNER = SeedSigner(bytes(32))


def operations() -> Iterator[Operation]:
    """List what is measured here."""
    for size in _SIZES:
        yield Operation(Title("resolve-webvh", "mechanism", size, "entries", f"{size:,} crypto_sign_open"), partial(_resolve, size))


def _resolve(size: int, count: int) -> Batch:
    logs = [_ended(size) for _ in range(count)]
    return Batch([partial(_resolved, log.did, log.text.encode()) for log in logs], [_opening(size) for _ in logs])


def _ended(size: int) -> WebvhLog:
    # The logs of one length differ in their last entry only: to write a thousand entries takes longer than to read them.
    return _begun(size - 1).update(_SIGNER, _NOW - _HOUR, ttl=int.from_bytes(system_entropy(3)))


@cache
def _begun(size: int) -> WebvhLog:
    log = WebvhLog.create("city.example", signer=_SIGNER, at=_AT, keys={"key-1": _SIGNER.public_key})
    for number in range(1, size):
        log = log.update(_SIGNER, _AT + number * _HOUR)
    return log


def _opening(size: int) -> Task:
    tasks = [raw.opening_hashes() for _ in range(size)]
    return lambda: [task() for task in tasks]


def _resolved(did: str, log: bytes) -> None:
    assert read_log(did, log, _NOW).document
