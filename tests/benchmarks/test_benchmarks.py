"""The benchmarks run, and say what they measured; how long anything takes is nobody's assertion here."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.measuring import Batch, Operation, Round, Title, measure, row, run
from tests.interop.javascript import absent

SMALLEST = ["--rounds", "1", "--batch", "1", "--processes", "1"]
X_PEERS = ["x_openvc", "x_sd_jwt", "x_pyld", "x_oxigraph", "x_js"]
COLUMNS = ["operation", "level", "size", "unit", "microseconds", "spread", "raw", "x_raw", *X_PEERS, "bar"]
SD_JWT = {
    (name, level, size, "claims") for name in ("issue", "present", "verify") for level in ("mechanism", "door") for size in (10, 100, 1000)
}
DATA_INTEGRITY = {
    (f"{suite}-{name}", level, size, "quads")
    for suite in ("jcs", "rdfc")
    for name in ("sign", "verify")
    for level in ("mechanism", "door")
    for size in (24, 170)
}
JSON_LD = {("canonical-json-ld", "mechanism", size, "quads") for size in (24, 170)}
GRAPHS = {("canonical-graph", "mechanism", size, "quads") for size in (24, 170)}
AMONG = [(size, unit) for size in (10, 1000, 10_000) for unit in ("cards", "cards 1%")]
QUERIES = {("dcql-match", "mechanism", *among) for among in AMONG}
STATUS = {(name, "mechanism", size, "k bits") for name in ("status-cold", "status-cached") for size in (131, 10_000)}
DOORS = {(name, "door", 10, "claims") for name in ("request", "plan", "accept")} | {("plan", "door", *among) for among in AMONG}
LOGS = {("resolve-webvh", "mechanism", size, "entries") for size in (10, 100, 1000)}
PACKAGE, IMPORTS = ("import", "door", 1, "package"), ("import", "door", 3, "doors")
ROWS = {*SD_JWT, *DATA_INTEGRITY, *JSON_LD, *GRAPHS, *QUERIES, *STATUS, *DOORS, *LOGS, PACKAGE, IMPORTS}
BESIDE = {
    "x_openvc": {*SD_JWT, *DATA_INTEGRITY, *STATUS, PACKAGE, IMPORTS},
    "x_sd_jwt": {*SD_JWT, PACKAGE, IMPORTS},
    "x_pyld": JSON_LD,
    "x_oxigraph": GRAPHS,
    # Without node its column is empty; that it is not empty with node is what the peers' own tests need too.
    "x_js": set[object]() if absent() else {*SD_JWT, *DATA_INTEGRITY, *JSON_LD, *QUERIES, IMPORTS},
}
"""The rows that each peer stands beside."""


def test_every_row_is_measured_printed_and_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "rows.jsonl"
    main([*SMALLEST, "--json", str(path)])
    machine, *rows = (json.loads(line) for line in path.read_text().splitlines())
    assert [*machine] == ["python", "pynacl", "cpu_count"]
    assert {(one["operation"], one["level"], one["size"], one["unit"]) for one in rows} == ROWS
    assert all([*one] == COLUMNS for one in rows)
    head, peers, title, *lines = capsys.readouterr().out.splitlines()
    assert head.startswith("python ")
    assert [part.split()[0] for part in peers.split(" · ")] == X_PEERS
    assert title.split() == ["operation", "level", "size", "unit", "µs", "spread", "raw", "x_raw", "bar", "met?", *X_PEERS]
    assert len(lines) == len(ROWS)
    for one in rows:
        found = (one["operation"], one["level"], one["size"], one["unit"])
        assert {name for name in X_PEERS if isinstance(one[name], float)} == {name for name, those in BESIDE.items() if found in those}


def test_without_node_a_column_is_empty_and_says_why(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "")
    main([*SMALLEST, "--only", "dcql-match"])
    _, peers, _, line, *_ = capsys.readouterr().out.splitlines()
    assert peers.endswith("x_js node is not installed")
    assert line.split()[-5:] == ["-"] * 5


def test_some_operations_can_be_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    main([*SMALLEST, "--only", "request"])
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()[3:]] == ["request"]


def test_a_row_is_the_median_of_the_ratios_of_its_rounds() -> None:
    # (ours / raw is 4, 2 and 3; the medians of the sides would give 3000 / 500)
    title = Title("issue", "door", 10, "claims", "1 crypto_sign", 3.0)
    sides = [(2000, 500, 4000), (3000, 1500, 1000), (3000, 1000, 12000)]
    found = row(title, [Round(ours, raw, {"js": js}) for ours, raw, js in sides])
    assert (found.x_raw, found.microseconds, found.met) == (3.0, 3.0, True)
    assert found.spread == pytest.approx(2 / 3, abs=0.001)
    assert found.x_peers == {"js": 0.5}  # of 0.5, 3 and 0.25
    assert found._replace(x_raw=3.01).met is False
    assert found._replace(title=title._replace(bar=None)).met is None


def test_the_sides_of_a_batch_take_turns() -> None:
    seen: list[str] = []

    def other(start: int, stop: int) -> int:
        seen.extend(["js"] * (stop - start))
        return 50 * (stop - start)

    found = run(Batch([lambda: seen.append("ours")] * 25, [lambda: seen.append("raw")] * 25, {"js": other}))
    assert seen == [*["raw"] * 20, *["ours"] * 20, *["js"] * 20, *["raw"] * 5, *["ours"] * 5, *["js"] * 5]
    assert found.peers == {"js": 50}


def test_what_is_large_is_done_less_often() -> None:
    counts: list[int] = []

    def prepare(count: int) -> Batch:
        counts.append(count)
        return Batch([lambda: None] * count, [lambda: sum(range(10_000))] * count)

    for size in (10, 1000):
        measure(Operation(Title("issue", "door", size, "claims", "1 crypto_sign"), prepare), rounds=1, batch=100)
    assert counts == [25, 100, 5, 20]
