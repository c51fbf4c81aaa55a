import json
from pathlib import Path
from typing import Any

import pytest

from sayso.testing.records import read
from tests.unit.testing.corpus import answer, credential, write

RECORD: dict[str, Any] = {"id": "f/c/n", "class": "c", "format": "f", "input": "x", "context": {"now": 1}, "expected": "reject"}


def test_what_is_written_is_read(tmp_path: Path) -> None:
    found = read(write(tmp_path / "records.jsonl", credential(), answer(accepted=False)))
    assert [record._replace(context={}) for record in found] == [
        credential()._replace(context={}),
        answer(accepted=False)._replace(context={}),
    ]
    assert found[0].context == {**credential().context, "moon": "full"}


def test_what_is_malformed_stands_in_a_record_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(rb'{"id": "f/c/n", "format": "f", "input": "\ud800' + "\u2028".encode() + b'", "context": {}, "expected": "accept"}')
    (record,) = read(path)
    assert record.input == "\ud800\u2028"
    assert (record.accepted, record.class_, record.level, record.why) == (True, "", "", "")


def test_lines_without_anything_are_skipped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(f"\n  \r\n{json.dumps(RECORD)}\n\n[]\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 5: a record is"):
        read(path)


@pytest.mark.parametrize("line", [b"{", b"\xff", b"[" * 100_000, b"9" * 10_000, b"[]", b"null"])
def test_a_line_that_is_no_record_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "records.jsonl"
    path.write_bytes(json.dumps(RECORD).encode() + b"\n" + line + b"\n")
    with pytest.raises(ValueError, match=r"^line 2: "):
        read(path)


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"id": ""},
        {"id": 1},
        {"format": None},
        {"format": ["f"]},
        {"class": 1},
        {"level": {}},
        {"why": None},
        {"context": []},
        {"context": None},
        {"expected": "maybe"},
        {"expected": ["accept"]},
        {"expected": True},
    ],
)
def test_a_record_has_what_it_needs(tmp_path: Path, changed: dict[str, Any]) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps({**RECORD, **changed}), encoding="utf-8")
    with pytest.raises(ValueError, match="line 1: a record"):
        read(path)


@pytest.mark.parametrize("missing", ["id", "format", "input", "context", "expected"])
def test_a_record_without_what_it_needs_is_refused(tmp_path: Path, missing: str) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text(json.dumps({name: value for name, value in RECORD.items() if name != missing}), encoding="utf-8")
    with pytest.raises(ValueError, match="line 1: a record"):
        read(path)
