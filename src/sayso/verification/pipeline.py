"""Verify: one pipeline for every format.

bytes → 1 decode → 2 resolve → 3 prove → 4 conform → 5 bind → 6 date → 7 status → 8 trust → Report

The first three stages change what is known, and each stops the rest; the others look at what was proven, and collect.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias, TypeVar

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


class Judgement(NamedTuple):
    """Hold what came of the stages: problems, or what was proven and stood up to all of them.

    A report is written only where somebody reads it: it holds an unchangeable copy of the claims.
    """

    problems: tuple[Problem, ...]
    proven: Proven | None
    expectations: Expectations
    timings: Mapping[str, int]

    def report(self) -> Report:
        """Report it."""
        if self.proven is None:
            return Report(self.problems, timings=self.timings)
        return verified(self.proven, self.expectations, self.timings)


def judge(
    data: bytes,
    expectations: Expectations,
    at: datetime,
    *,
    mechanisms: tuple[SecuringMechanism[Proven], ...] = MECHANISMS,
    methods: tuple[DidMethod, ...] = METHODS,
    stopwatch: Stopwatch = system_stopwatch,
) -> Steps[Judgement]:
    """Run the whole pipeline."""
    laps = Laps(stopwatch)
    try:
        proven = yield from establish(data, mechanisms, policy=expectations.policy, at=at, methods=methods, laps=laps)
    except SaysoError as error:
        failed = laps.stage
        laps.enter("")
        return Judgement(error.under(stage=failed).problems, None, expectations, laps.timings)
    problems: list[Problem] = []
    for stage in COLLECTING:  # 4 to 8
        laps.enter(stage.__name__)
        found = yield from stage(proven, expectations, at)
        problems.extend(problem.under(stage=laps.stage) for problem in found)
    laps.enter("")
    return Judgement(tuple(problems), None if problems else proven, expectations, laps.timings)
