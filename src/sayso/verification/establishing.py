"""Run the stages that stop, for whatever is signed: credentials, presentations and messages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import TypeVar

from sayso.clock import Stopwatch, system_stopwatch
from sayso.dids.method import DidMethod
from sayso.proofs.mechanism import Policy, SecuringMechanism
from sayso.retrieval import Steps
from sayso.verification import stages
from sayso.verification.key_sources import BY_DID, KeyWays

Result = TypeVar("Result")


class Laps:
    """Know which stage is running, and how long each one took, in nanoseconds."""

    __slots__ = ("_since", "_stopwatch", "stage", "timings")

    def __init__(self, stopwatch: Stopwatch = system_stopwatch) -> None:
        self._stopwatch = stopwatch
        self._since = stopwatch()
        self.stage = ""
        self.timings: dict[str, int] = {}

    def enter(self, stage: str) -> None:
        """Begin a stage, or go on with it, and so end the one before."""
        now = self._stopwatch()
        if self.stage:
            self.timings[self.stage] = self.timings.get(self.stage, 0) + now - self._since
        self.stage, self._since = stage, now


def establish(
    data: bytes,
    mechanisms: Sequence[SecuringMechanism[Result]],
    *,
    policy: Policy,
    at: datetime,
    methods: tuple[DidMethod, ...],
    laps: Laps,
    known: stages.KnownKeys = MappingProxyType({}),
    ways: KeyWays = BY_DID,
    trusted: Collection[str] | None = None,
) -> Steps[Result]:
    """Run the stages that stop: from bytes to what was signed."""
    laps.enter("decode")
    decoded = stages.decode(data, mechanisms, policy)  # 1
    laps.enter("resolve")
    found = yield from stages.resolve(decoded, at, methods, policy, known, ways=ways, trusted=trusted)  # 2
    laps.enter("prove")
    return stages.prove(decoded, found)  # 3
