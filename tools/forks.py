"""Run pieces of work, above all tests, in forks of this process: several at a time, each within limits."""

import os
import resource
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest

PROCESSES = 2
MEMORY_BYTES = 4 << 30
OPTIONS = ("-x", "-q", "-m", "not laws", "--assert=plain", "-p", "no:cacheprovider", "-p", "no:faulthandler",
           "-p", "pytest_socket", "-p", "_hypothesis_pytestplugin")  # fmt: skip


def run_tests(paths: Iterable[str], plugin: object) -> int:
    """Run tests in this process."""
    return int(pytest.main([*OPTIONS, *paths], plugins=[plugin]))


def outcomes(work: Iterable[Callable[[], int]]) -> list[int]:
    """Do each piece of work in a process of its own, several at a time; return their exits in order, -n for the signal n."""
    exits, numbers = dict[int, int](), dict[int, int]()

    def wait() -> None:
        pid, status = os.wait()
        exits[numbers.pop(pid)] = os.waitstatus_to_exitcode(status)

    for number, piece in enumerate(work):
        if pid := os.fork():
            numbers[pid] = number
        else:
            _forked(piece)
        if len(numbers) == PROCESSES:
            wait()
    while numbers:
        wait()
    return [exits[number] for number in sorted(exits)]


def _forked(piece: Callable[[], int]) -> None:
    exit_code = 70
    try:
        for stream in (0, 1, 2):
            os.dup2(os.open(os.devnull, os.O_RDWR), stream)
        exit_code = piece()
    finally:
        os._exit(exit_code)


def limit(seconds: int) -> None:
    """Let this process use so many seconds of a processor and no more, nor wait for ever."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    with suppress(ValueError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.alarm(20 * seconds)
