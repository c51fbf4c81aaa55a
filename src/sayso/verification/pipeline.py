"""Verify: one pipeline for every format.

bytes → 1 decode → 2 resolve → 3 prove → 4 conform → 5 bind → 6 date → 7 status → 8 trust → Report

The first three stages change what is known, and each stops the rest; the others look at what was proven, and collect.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias, TypeVar

from sayso.clock import Stopwatch, system_stopwatch
from sayso.dids.resolution import METHODS, DidMethod
from sayso.errors import Problem, SaysoError
from sayso.proofs.mechanism import Policy, Proven, SecuringMechanism
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism
from sayso.retrieval import Steps
from sayso.verification import stages
from sayso.verification.expectations import Expectations
from sayso.verification.report import Report, verified

Result = TypeVar("Result")
Stage: TypeAlias = Callable[[Proven, Expectations, datetime], Steps[tuple[Problem, ...]]]

MECHANISMS: tuple[SecuringMechanism[Proven], ...] = (SdJwtMechanism(),)
"""The securing mechanisms that are built."""

COLLECTING: tuple[Stage, ...] = (stages.conform, stages.bind, stages.date, stages.status, stages.trust)
"""The stages that look at what was proven: 4 to 8."""


class Laps:
    """Know which stage is running, and how long each one took, in nanoseconds."""

    __slots__ = ("_since", "_stopwatch", "stage", "timings")

    def __init__(self, stopwatch: Stopwatch = system_stopwatch) -> None:
        self._stopwatch = stopwatch
        self._since = stopwatch()
        self.stage = ""
        self.timings: dict[str, int] = {}

    def enter(self, stage: str) -> None:
        """Begin a stage, and so end the one before."""
        now = self._stopwatch()
        if self.stage:
            self.timings[self.stage] = now - self._since
        self.stage, self._since = stage, now


def establish(
    data: bytes,
    mechanisms: Sequence[SecuringMechanism[Result]],
    *,
    policy: Policy,
    at: datetime,
    methods: tuple[DidMethod, ...],
    laps: Laps,
) -> Steps[Result]:
    """Run the stages that stop: from bytes to what was signed."""
    laps.enter("decode")
    decoded = stages.decode(data, mechanisms, policy)  # 1
    laps.enter("resolve")
    key = yield from stages.resolve(decoded, at, methods)  # 2
    laps.enter("prove")
    return stages.prove(decoded, key)  # 3


def judge(
    data: bytes,
    expectations: Expectations,
    at: datetime,
    *,
    mechanisms: tuple[SecuringMechanism[Proven], ...] = MECHANISMS,
    methods: tuple[DidMethod, ...] = METHODS,
    stopwatch: Stopwatch = system_stopwatch,
) -> Steps[tuple[Report, Proven | None]]:
    """Run the whole pipeline; gives the report, and what was proven for those who hold the credential themselves."""
    laps = Laps(stopwatch)
    try:
        proven = yield from establish(data, mechanisms, policy=expectations.policy, at=at, methods=methods, laps=laps)
    except SaysoError as error:
        failed = laps.stage
        laps.enter("")
        return Report(error.under(stage=failed).problems, timings=laps.timings), None
    problems: list[Problem] = []
    for stage in COLLECTING:  # 4 to 8
        laps.enter(stage.__name__)
        found = yield from stage(proven, expectations, at)
        problems.extend(problem.under(stage=laps.stage) for problem in found)
    laps.enter("")
    if problems:
        return Report(tuple(problems), timings=laps.timings), None
    return verified(proven, expectations, laps.timings), proven
