"""VH-1 to VH-12: records that no one here wrote, each a log that must resolve or must not."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.dids.did_webvh.resolution import read_log
from sayso.errors import SaysoError
from tests.support import SHARED, needs_shared

LINES = SHARED.joinpath("attacks", "corpus.jsonl").read_text(encoding="utf-8").splitlines() if SHARED else []
RECORDS: list[dict[str, Any]] = [record for record in map(json.loads, LINES) if record["format"] == "did-webvh"]


@needs_shared
def test_there_are_as_many_as_there_were() -> None:
    assert len(RECORDS) >= 29


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_a_record(record: dict[str, Any]) -> None:
    at = datetime.fromtimestamp(record["context"]["now"], UTC)
    found = None
    with suppress(SaysoError):
        found = read_log(record["input"]["did"], record["input"]["log"], at).document
    assert ("reject" if found is None else "accept") == record["expected"]
    assert found is None or found.id == record["input"]["did"]
