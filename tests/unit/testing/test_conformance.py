"""The runner, told by a corpus of its own: what is counted, what is printed, and how it ends."""

import itertools
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sayso.clock import Stopwatch
from sayso.errors import PARSING_ERROR, SaysoError
from sayso.testing import conformance
from sayso.testing.conformance import CORRECT, CRASHED, NOT_SUPPORTED, WRONGLY_ACCEPTED, WRONGLY_REJECTED, main, run
from sayso.testing.records import Record
from sayso.verification.report import Report
from tests.unit.testing.corpus import answer, credential, write

GOOD = credential()
ATTACK = credential(accepted=False, nonce="another", id="sd-jwt-vc/key-binding/nonce")
ANSWERED = answer()
UNBUILT = credential(id="did-tdw/control/one")._replace(format="did-tdw")
MISSED = credential(accepted=False, id="sd-jwt-vc/planted/miss")
REFUSED = credential(nonce="another", id="sd-jwt-vc/planted/refused")


def _ticking(*seconds: float) -> Stopwatch:
    """Be a stopwatch that shows one measurement after the other."""
    shown = itertools.accumulate(itertools.chain.from_iterable((0, int(one * 1e9)) for one in seconds))
    return lambda: next(shown)


def _raising(error: Exception) -> Callable[[Record], Report]:
    def examine(_: Record) -> Report:
        raise error

    return examine


def test_every_record_has_one_outcome() -> None:
    found = [(outcome.record, outcome.outcome) for outcome in run([GOOD, ATTACK, ANSWERED, UNBUILT, MISSED, REFUSED])]
    assert found == [
        (GOOD, CORRECT),
        (ATTACK, CORRECT),
        (ANSWERED, CORRECT),
        (UNBUILT, NOT_SUPPORTED),
        (MISSED, WRONGLY_ACCEPTED),
        (REFUSED, WRONGLY_REJECTED),
    ]


def test_only_the_library_s_own_error_refuses() -> None:
    refusing, crashing = _raising(SaysoError.of(PARSING_ERROR, "no")), _raising(RecursionError("deep"))
    assert [outcome.outcome for outcome in run([GOOD, ATTACK], examine=refusing)] == [WRONGLY_REJECTED, CORRECT]
    assert [(outcome.outcome, outcome.detail) for outcome in run([GOOD, ATTACK], examine=crashing)] == [(CRASHED, "RecursionError")] * 2


def test_a_context_that_cannot_be_read_is_a_crash_and_the_run_goes_on() -> None:
    assert [outcome.outcome for outcome in run([credential(now="today"), GOOD])] == [CRASHED, CORRECT]


def test_nothing_missed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path / "a.jsonl", GOOD, ATTACK, ANSWERED))]) == 0
    assert capsys.readouterr().out == (
        "3 records: 3 correct, 0 wrongly accepted, 0 wrongly rejected, 0 crashed, 0 not supported, 0 slower than 1 s\n"
    )


def test_nothing_missed_but_something_not_supported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path / "a.jsonl", GOOD, UNBUILT))]) == 3
    assert capsys.readouterr().out == (
        "2 records: 1 correct, 0 wrongly accepted, 0 wrongly rejected, 0 crashed, 1 not supported, 0 slower than 1 s\n"
    )


def test_misses_have_a_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(write(tmp_path / "a.jsonl", MISSED, GOOD, UNBUILT, REFUSED))]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "wrongly accepted: sd-jwt-vc/planted/miss [must] a reason",
        (
            "wrongly rejected: sd-jwt-vc/planted/refused [must] bind: The presentation answers another request at /key_binding/nonce: "
            "the holder answered another request"
        ),
        "4 records: 1 correct, 1 wrongly accepted, 1 wrongly rejected, 0 crashed, 1 not supported, 0 slower than 1 s",
    ]


@pytest.mark.parametrize("missed", [MISSED, REFUSED])
def test_one_miss_of_either_kind_ends_with_1(tmp_path: Path, missed: Record) -> None:
    assert main([str(write(tmp_path / "a.jsonl", GOOD, missed, UNBUILT))]) == 1


def test_a_crash_has_a_line_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.jsonl", ATTACK)
    assert main([str(path)], examine=_raising(KeyError("exp"))) == 1
    assert capsys.readouterr().out.splitlines() == [
        "crashed: sd-jwt-vc/key-binding/nonce [must] KeyError",
        "1 records: 0 correct, 0 wrongly accepted, 0 wrongly rejected, 1 crashed, 0 not supported, 0 slower than 1 s",
    ]


def test_what_is_slow_has_a_line_and_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.jsonl", GOOD, ATTACK, MISSED)
    assert main([str(path), "--slow", "0.5"], stopwatch=_ticking(0.5, 0.75, 2)) == 1
    assert capsys.readouterr().out.splitlines() == [
        "slow (0.75 s): sd-jwt-vc/key-binding/nonce [must]",
        "wrongly accepted and slow (2 s): sd-jwt-vc/planted/miss [must] a reason",
        "3 records: 2 correct, 1 wrongly accepted, 0 wrongly rejected, 0 crashed, 0 not supported, 2 slower than 0.5 s",
    ]
    assert main([str(path), "--class", "control"], stopwatch=_ticking(1.5)) == 1


def test_a_line_is_one_line_of_plain_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = MISSED._replace(why="new\nline, \x1b[31m, \ud800 and é")
    assert main([str(write(tmp_path / "a.jsonl", odd))]) == 1
    assert capsys.readouterr().out.splitlines()[0] == (
        r"wrongly accepted: sd-jwt-vc/planted/miss [must] new\nline, \x1b[31m, \ud800 and \xe9"
    )


@pytest.mark.parametrize(
    ("options", "count"),
    [
        ([], 5),
        (["--format", "sd-jwt-vc"], 3),
        (["--format", "sd-jwt-vc", "--format", "oid4vp"], 4),
        (["--class", "control"], 2),
        (["--class", "control", "--class", "dcql"], 3),
        (["--class", "control", "--format", "sd-jwt-vc"], 1),
        (["--format", "a format of tomorrow"], 0),
        (["--class", "contro"], 0),
    ],
)
def test_formats_and_classes_are_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], count: int) -> None:
    main([*options, str(write(tmp_path / "a.jsonl", GOOD, ATTACK, ANSWERED, UNBUILT, MISSED))])
    assert capsys.readouterr().out.splitlines()[-1].startswith(f"{count} records: ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "FILE.jsonl"),
        (["{path}", "--slow", "soon"], "soon"),
        (["{path}", "--slow", "nan"], "seconds are not negative"),
        (["{path}", "--slow", "-1"], "seconds are not negative"),
        (["{path}", "--form", "x"], "unrecognized arguments: --form"),
        (["{path}.absent"], "absent"),
        (["{path}"], "line 2: "),
    ],
)
def test_wrong_use_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str) -> None:
    path = write(tmp_path / "a.jsonl", GOOD)
    path.write_bytes(path.read_bytes() + b'{"id": \n')
    with pytest.raises(SystemExit) as ended:
        main([argument.format(path=path) for argument in arguments])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert printed.out == ""


def test_it_is_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["conformance", str(write(tmp_path / "a.jsonl", GOOD))])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(conformance.__file__), run_name="__main__")
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("1 records: 1 correct, ")


def test_it_needs_neither_pytest_nor_hypothesis(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", GOOD)
    code = (
        "import sys; from sayso.testing import actors, conformance; status = conformance.main(sys.argv[1:]);"
        "print(*sys.modules); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-W", "error", "-c", code, path], check=True, capture_output=True, text=True)
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert loaded & {"pytest", "_pytest", "hypothesis", "typer", "rich", "socket", "asyncio"} == set()
