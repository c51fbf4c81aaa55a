"""Make and change a did:webvh: its keys in a key file, and its log beside it.

The key file is written first. It has the keys for the log before and for the one after, so a command that was stopped is given again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.text import Text

from sayso.cli import files, keyfiles
from sayso.cli.output import console, emit
from sayso.clock import system_clock
from sayso.dids.did_webvh import identifier
from sayso.dids.did_webvh.log import MAX_LOG_BYTES
from sayso.dids.did_webvh.writing import WebvhLog
from sayso.errors import INVALID_DID, SaysoError
from sayso.sharing.texts import printable
from sayso.storage import webvh
from sayso.storage.keyring import KeyRing

DEFAULT_LOG = "did.jsonl"

LogFile: TypeAlias = Annotated[
    str | None, typer.Option("--log", metavar="FILE", help=f"The log of a did:webvh; {DEFAULT_LOG} by default.", show_default=False)
]

_NEXT = timedelta(seconds=1)


def log_of(log: str | None) -> str:
    """Give the name of the file of a log."""
    return log or DEFAULT_LOG


def refuse_log(method: str, log: str | None) -> None:
    """See that only a did:webvh has a log.

    Raises:
        ValueError: another DID was to have one.
    """
    if log is not None and method != "webvh":
        msg = "a did:webvh has a --log, and no other DID has"
        raise ValueError(msg)


def create(place: Sequence[str], name: str, log: str | None, file: str, passphrase_file: str | None, *, pre_rotation: bool) -> WebvhLog:
    """Make a did:webvh at a place, a domain and the path on it, with its key file and its log.

    Raises:
        ValueError: the name is none.
        SaysoError: no did:webvh may lie there.
    """
    files.free(log_of(log), "a log that is written over is lost")
    made = webvh.create(*place, at=system_clock(), name=name, pre_rotation=pre_rotation)
    made.ring.save(file, keyfiles.passphrase(passphrase_file, new=True), cost=keyfiles.COST)
    try:
        return _written(made.log, log)
    except typer.BadParameter:
        Path(file).unlink()  # the keys of a DID that nobody will ever see
        raise


def rotate(ring: KeyRing, name: str, log: str | None, file: str, passphrase: str) -> WebvhLog:
    """Add a version with a new key to the log, and keep that key.

    Raises:
        ValueError: the name is none, or taken.
        SaysoError: the log does not hold, or another one has the keys.
    """
    before = _read(ring, log)
    kept = webvh.rotate(ring, before, name, _after(before))
    kept.ring.save(file, passphrase, cost=keyfiles.COST)
    return _written(kept.log, log)


def deactivate(ring: KeyRing, log: str | None) -> WebvhLog:
    """Add the last version to the log.

    Raises:
        SaysoError: the log does not hold, or another one has the keys.
    """
    before = _read(ring, log)
    return _written(webvh.deactivate(ring, before, _after(before)), log)


def tell(log: WebvhLog, file: str, as_json: bool) -> None:
    """Tell which DID it is, and where its log is to be published."""
    url = identifier.parse(log.did).log_url
    if as_json:
        emit({"did": log.did, "version_id": log.version_id, "log": file, "publish_at": url})
        return
    console().print(Text(log.did), soft_wrap=True)
    console(errors=True).print(Text(f"publish {printable(file)} at {url}", "yellow"), soft_wrap=True)


def _read(ring: KeyRing, log: str | None) -> WebvhLog:
    data = files.read(log_of(log), most=MAX_LOG_BYTES, strip=b"")
    try:
        return WebvhLog.read(ring.did, data.decode(), system_clock())
    except UnicodeDecodeError:
        raise SaysoError.of(INVALID_DID, "the log is not UTF-8") from None


def _after(log: WebvhLog) -> datetime:
    # A version is later than the one before, and its time is in whole seconds: who changes a DID twice within one is not made to wait.
    return max(system_clock(), log.version_time + _NEXT)


def _written(log: WebvhLog, file: str | None) -> WebvhLog:
    files.replace(log_of(file), log.text.encode())
    return log
