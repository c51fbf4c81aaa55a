"""did-webvh, an implementation of did:webvh 1.0 in Python by others: it resolves the logs that sayso writes.

It lives in an environment of its own, which `make peers` makes; SAYSO_WEBVH_PYTHON may name the Python of another.
"""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso.dids.did_webvh.resolution import read_log
from sayso.dids.did_webvh.writing import WebvhLog
from sayso.keys.signer import SeedSigner
from tests.support import must_run

PYTHON = Path(os.environ.get("SAYSO_WEBVH_PYTHON") or Path(__file__).parent / "webvh" / ".venv" / "bin" / "python")
ABSENT = "did-webvh is not there: make peers"
AT = datetime(2026, 1, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = AT + 30 * DAY
SIGNERS = [SeedSigner(bytes([number]) * 32) for number in range(8)]
PUBLIC = [signer.public_key for signer in SIGNERS]
KEYS = {"key-1": PUBLIC[3]}

pytestmark = pytest.mark.skipif(not PYTHON.exists() and not must_run("interop"), reason=ABSENT)


def theirs(folder: Path, did: str, log: str, witnesses: str = "") -> dict[str, Any]:
    """Resolve a DID with did-webvh, from files."""
    assert PYTHON.exists(), ABSENT
    (folder / "did.jsonl").write_text(log, encoding="utf-8")
    if witnesses:
        (folder / "did-witness.json").write_text(witnesses, encoding="utf-8")
    command = [str(PYTHON), "-m", "did_webvh.resolver", "-f", str(folder / "did.jsonl"), did]
    found = subprocess.run(command, capture_output=True, check=True, text=True, env={})
    result: dict[str, Any] = json.loads(found.stdout)
    return result


def _created(**given: Any) -> WebvhLog:
    return WebvhLog.create("city.example", signer=SIGNERS[0], at=AT, keys=KEYS, **given)


def _witnessed() -> WebvhLog:
    log = _created(witnesses=PUBLIC[5:8], threshold=2).update(SIGNERS[0], AT + DAY, ttl=60)
    log = log.approve(SIGNERS[5], AT + DAY).approve(SIGNERS[7], AT + DAY)
    return log.update(SIGNERS[0], AT + 2 * DAY, witnesses=[]).approve(SIGNERS[5], AT + 2 * DAY).approve(SIGNERS[6], AT + 2 * DAY)


STORIES = {
    "created": _created(),
    "at a path and a port": WebvhLog.create("city.example:8443", "a", "b", signer=SIGNERS[0], at=AT, keys=KEYS),
    "updated": _created(watchers=["https://w.example"]).update(SIGNERS[0], AT + DAY, {"alsoKnownAs": ["did:example:x"]}, ttl=60),
    "rotated": _created().rotate(SIGNERS[0], AT + DAY, [PUBLIC[1]]).update(SIGNERS[1], AT + 2 * DAY, ttl=1),
    "rotated to announced keys": _created(next_keys=[PUBLIC[1]])
    .rotate(SIGNERS[1], AT + DAY, [PUBLIC[1]], [PUBLIC[2]])
    .rotate(SIGNERS[2], AT + 2 * DAY, [PUBLIC[2]]),
    "moved": _created(portable=True).move(SIGNERS[0], AT + DAY, "town.example", "cards"),
    "witnessed": _witnessed(),
}


@pytest.mark.parametrize("name", STORIES)
def test_did_webvh_resolves_what_sayso_writes(name: str, tmp_path: Path) -> None:
    log = STORIES[name]
    files = log.publish(NOW)
    found = theirs(tmp_path, log.did, files.log, files.witnesses)
    ours = read_log(log.did, files.log, NOW, files.witnesses or None)
    assert found["didDocument"] == ours.members
    metadata = found["didDocumentMetadata"]
    for member in ("created", "updated", "versionId", "versionTime", "scid", "portable", "deactivated"):
        assert metadata[member] == ours.metadata[member]


def test_did_webvh_sees_that_a_did_ended(tmp_path: Path) -> None:
    log = _created().deactivate(SIGNERS[0], AT + DAY)
    assert theirs(tmp_path, log.did, log.text)["didDocumentMetadata"]["deactivated"] is True


def test_did_webvh_refuses_what_was_changed(tmp_path: Path) -> None:
    """Or its agreement would mean nothing."""
    log = STORIES["updated"]
    changed = theirs(tmp_path, log.did, log.text.replace("did:example:x", "did:example:y"))
    assert changed["didDocument"] is None
    witnessed = STORIES["witnessed"]
    unapproved = theirs(tmp_path, witnessed.did, witnessed.text, "[]")
    assert unapproved["didDocument"] is None
