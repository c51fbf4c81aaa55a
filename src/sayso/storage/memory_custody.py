"""Keep custody in memory: for tests, and for what need not outlive the process."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from threading import Lock

from sayso.storage.custody import Cause, Change, Custodied, ErasureStatement, InCustody, SealedClaim, Swept, Unused, Use, check_unused


@dataclass(slots=True)
class _Held:
    share: Custodied
    claims: dict[str, SealedClaim]
    steps: defaultdict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


class MemoryCustodyStore:
    """Keep custody in memory: safe between threads, and gone with the process."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._lock = Lock()
        self._held: dict[str, _Held] = {}
        self._ends: list[tuple[datetime, str]] = []
        self._statements: dict[int, ErasureStatement] = {}
        self._settled: dict[int, ErasureStatement] = {}
        self._number = 0

    def put(self, share: Custodied, claims: Sequence[SealedClaim]) -> Custodied:
        """Keep a share, unless one of this name is remembered; give the one that is."""
        with self._lock:
            if share.id not in self._held:
                self._held[share.id] = _Held(share, {claim.name: claim for claim in claims})
                for end in {share.answerable, *(claim.ends for claim in claims)}:
                    heappush(self._ends, (end, share.id))
            return self._held[share.id].share

    def find(self, share: str) -> InCustody | None:
        """Give a share with what is left of it, None where it is not remembered."""
        with self._lock:
            held = self._held.get(share)
            return _shown(held) if held else None

    def count(self, share: str, names: Collection[str], step: str, at: datetime) -> bool:
        """Count a use of each of these claims, as `CustodyStore.count`."""
        with self._lock:
            held = self._held.get(share)
            if held is None or not held.share.usable(at):
                return False
            if not all(name in held.claims and at < held.claims[name].ends for name in names):
                return False
            for name in {*names}:
                held.claims[name] = held.claims[name]._replace(uses=held.claims[name].uses + 1)
                held.steps[name, step] += 1
            self._erase(held, [name for name in {*names} if held.claims[name].once], "used", at)
            return True

    def steps(self, share: str) -> dict[str, dict[str, int]]:
        """Give in which steps each claim was used, as `CustodyStore.steps`."""
        with self._lock:
            counted: dict[str, dict[str, int]] = {}
            for (name, step), uses in self._held[share].steps.items() if share in self._held else ():
                counted.setdefault(name, {})[step] = uses
            return counted

    def erase(
        self, share: str, names: Collection[str] | None, cause: Cause, at: datetime, *, event: bytes = b""
    ) -> ErasureStatement | None:
        """Erase these claims of a share, or all, as `CustodyStore.erase`."""
        with self._lock:
            held = self._held.get(share)
            there = [claim for claim in held.claims.values() if names is None or claim.name in names] if held else []
            if cause == "ended":
                there = [claim for claim in there if claim.ends <= at]
            if cause == "given-back":
                check_unused(names, [claim.name for claim in there], [claim.name for claim in there if claim.uses])
            return self._erase(held, [claim.name for claim in there], cause, at, event=event) if held else None

    def sweep(self, at: datetime, limit: int) -> Swept:
        """Erase what has ended, at so many ends, as `CustodyStore.sweep`."""
        with self._lock:
            erased: list[ErasureStatement] = []
            for _ in range(limit):
                if not self._ends or self._ends[0][0] > at:
                    return Swept(tuple(erased), more=False)
                held = self._held.get(heappop(self._ends)[1])
                stated = (
                    self._erase(held, [claim.name for claim in held.claims.values() if claim.ends <= at], "ended", at) if held else None
                )
                erased += [stated] if stated else []
                if held and not held.claims and held.share.answerable <= at:
                    del self._held[held.share.id]
                    self._forget_settled(held.share.id)
            return Swept(tuple(erased), more=True)

    def renew(self, share: str, lease: datetime | None) -> bool:
        """Set the lease of a share; False where it is not remembered."""
        with self._lock:
            held = self._held.get(share)
            if held is not None:
                held.share = held.share._replace(lease=lease)
            return held is not None

    def follow(self, share: str, change: Change) -> bool:
        """Change a share as its customer said, as `CustodyStore.follow`."""
        with self._lock:
            held = self._held.get(share)
            if held is None or held.share.events != change.before:
                return False
            held.share = held.share._replace(events=change.events, paused=change.paused)
            for claim in change.claims:
                if claim.name in held.claims:
                    there = held.claims[claim.name]
                    held.claims[claim.name] = there._replace(ends=claim.ends, wrapped=claim.wrapped, sealed=claim.sealed)
                    heappush(self._ends, (claim.ends, share))
            return True

    def held(self, subject: str) -> tuple[InCustody, ...]:
        """Give the shares of one customer of which anything is left."""
        with self._lock:
            return tuple(_shown(held) for held in self._held.values() if held.share.subject == subject and held.claims)

    def unused(self, until: datetime) -> tuple[Unused, ...]:
        """Give the claims that are held since this instant or before, and were never opened."""
        with self._lock:
            old = [held for held in self._held.values() if held.share.taken <= until]
            return tuple(
                Unused(held.share.id, held.share.subject, name, held.share.taken)
                for held in old
                for name, claim in held.claims.items()
                if not claim.uses
            )

    def report(self) -> tuple[Use, ...]:
        """Count the uses of all that is held."""
        with self._lock:
            counted: dict[tuple[str, str], list[int]] = {}
            for held in self._held.values():
                for name, claim in held.claims.items():
                    counted.setdefault((name, held.share.purpose), []).append(claim.uses)
            return tuple(Use(name, purpose, len(uses), uses.count(0), sum(uses)) for (name, purpose), uses in sorted(counted.items()))

    def statements(self) -> tuple[ErasureStatement, ...]:
        """Give what was stated and not settled, in order."""
        with self._lock:
            return tuple(self._statements.values())

    def settle(self, numbers: Iterable[int]) -> None:
        """Take these statements as settled, as `CustodyStore.settle`."""
        with self._lock:
            for number in {*numbers} & self._statements.keys():
                self._settled[number] = self._statements.pop(number)
            for share in {one.share for one in self._settled.values()}:
                if share not in self._held or not self._held[share].claims:
                    self._forget_settled(share)

    def stated(self, subject: str) -> tuple[ErasureStatement, ...]:
        """Give what was stated of the shares of one customer, settled or not, in order."""
        with self._lock:
            both = {**self._settled, **self._statements}
            return tuple(both[number] for number in sorted(both) if both[number].subject == subject)

    def erased(self, share: str) -> tuple[ErasureStatement, ...]:
        """Give what was stated of a share, settled or not, in order."""
        with self._lock:
            both = {**self._settled, **self._statements}
            return tuple(both[number] for number in sorted(both) if both[number].share == share)

    def _forget_settled(self, share: str) -> None:
        if all(one.share != share for one in self._statements.values()):
            self._settled = {number: one for number, one in self._settled.items() if one.share != share}

    def _erase(self, held: _Held, names: Sequence[str], cause: Cause, at: datetime, *, event: bytes = b"") -> ErasureStatement | None:
        if not names:
            return None
        gone = [held.claims.pop(name) for name in sorted(names)]
        held.steps = defaultdict(int, {key: uses for key, uses in held.steps.items() if key[0] in held.claims})
        self._number += 1
        uses = tuple(claim.uses for claim in gone)
        share = held.share
        names = tuple(one.name for one in gone)
        stated = ErasureStatement(self._number, share.id, share.subject, names, uses, cause, share.taken, at, share.grant, event)
        self._statements[stated.number] = stated
        return stated


def _shown(held: _Held) -> InCustody:
    return InCustody(held.share, tuple(sorted(held.claims.values(), key=lambda claim: claim.name)))
