"""The benchmarks run, and say what they measured; how long anything takes is nobody's assertion here."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.measuring import Batch, Round, Title, row, run

SMALLEST = ["--rounds", "1", "--batch", "1", "--processes", "1"]
COLUMNS = ["operation", "level", "size", "unit", "microseconds", "spread", "raw", "x_raw", "bar"]
ROWS = {
    ("issue", "mechanism", 10, "claims"),
    ("issue", "door", 10, "claims"),
    ("present", "mechanism", 10, "claims"),
    ("present", "door", 10, "claims"),
    ("present", "mechanism", 1000, "claims"),
    ("present", "door", 1000, "claims"),
    ("verify", "mechanism", 10, "claims"),
    ("verify", "door", 10, "claims"),
    ("request", "door", 10, "claims"),
    ("plan", "door", 10, "claims"),
    ("accept", "door", 10, "claims"),
    ("import", "door", 1, "package"),
    ("import", "door", 3, "doors"),
}


def test_every_row_is_measured_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.jsonl"
    main([*SMALLEST, "--json", str(path)])
    machine, *rows = (json.loads(line) for line in path.read_text().splitlines())
    assert [*machine] == ["python", "pynacl", "cpu_count"]
    assert {(one["operation"], one["level"], one["size"], one["unit"]) for one in rows} == ROWS
    assert all([*one] == COLUMNS for one in rows)
    head, title, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("python ")
    assert title.split() == ["operation", "level", "size", "unit", "µs", "spread", "raw", "x_raw", "bar", "met?"]
    assert len(lines) == len(ROWS)


def test_some_operations_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    main([*SMALLEST, "--only", "plan"])
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[2:]] == ["plan"]


def test_a_row_is_the_median_of_the_ratios_of_its_rounds() -> None:
    # (ours / raw is 4, 2 and 3; the medians of the sides would give 3000 / 500)
    title = Title("issue", "door", 10, "claims", "1 crypto_sign", 3.0)
    found = row(title, [Round(ours=2000, raw=500), Round(ours=3000, raw=1500), Round(ours=3000, raw=1000)])
    assert (found.x_raw, found.microseconds, found.met) == (3.0, 3.0, True)
    assert found.spread == pytest.approx(2 / 3, abs=0.001)
    assert not found._replace(x_raw=3.01).met


def test_both_sides_of_a_batch_take_turns() -> None:
    seen: list[str] = []
    run(Batch(ours=[lambda: seen.append("ours")] * 25, raw=[lambda: seen.append("raw")] * 25))
    assert seen == ["raw"] * 20 + ["ours"] * 20 + ["raw"] * 5 + ["ours"] * 5
