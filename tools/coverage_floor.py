"""Refuse a coverage report that lies below the floor of a room or of the whole.

Usage: python -m tools.coverage_floor build/coverage.json
"""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

SOURCE = Path("src/sayso")
WHOLE = 97.0
COMPLETE = ("verification", "proofs", "encodings", "jsonvalue")


class Coverage(NamedTuple):
    """How many lines and branches there are, and how many of them ran."""

    there: int
    ran: int

    def percent(self) -> float:
        """Return the share that ran; what is not there is complete."""
        return 100 * self.ran / self.there if self.there else 100.0


def room_of(path: str) -> str:
    """Name the room a file stands in: `proofs` for `src/sayso/proofs/jose/jws.py`, `clock` for `src/sayso/clock.py`."""
    return Path(path).relative_to(SOURCE).parts[0].removesuffix(".py")


def measure(files: dict[str, Any]) -> dict[str, Coverage]:
    """Sum the lines and branches of each room."""
    rooms: dict[str, Coverage] = {}
    for path, file in files.items():
        summary, sofar = file["summary"], rooms.get(room_of(path), Coverage(0, 0))
        rooms[room_of(path)] = Coverage(
            sofar.there + summary["num_statements"] + summary["num_branches"],
            sofar.ran + summary["covered_lines"] + summary["covered_branches"],
        )
    return rooms


def shortfalls(rooms: dict[str, Coverage], unseen: set[str]) -> list[str]:
    """Return one sentence for each floor that is not reached."""
    whole = Coverage(sum(room.there for room in rooms.values()), sum(room.ran for room in rooms.values()))
    found = [f"{name} misses {rooms[name].there - rooms[name].ran} of its lines and branches, and may miss none"
             for name in COMPLETE if name in rooms and rooms[name].ran < rooms[name].there]  # fmt: skip
    if whole.percent() < WHOLE:
        found.append(f"the whole reaches {whole.percent():.2f} %, and the floor is {WHOLE:.0f} %")
    found.extend(f"{path} is not in the report" for path in sorted(unseen))
    return found


def gaps(path: str, file: dict[str, Any]) -> str:
    """Name what of one file did not run, or nothing."""
    lines = [str(line) for line in file["missing_lines"]]
    branches = [f"{start}->{'exit' if end < 0 else end}" for start, end in file["missing_branches"] if start not in file["missing_lines"]]
    return f"  {path}: {', '.join(lines + branches)}" if lines or branches else ""


def main(report: str) -> int:
    """Print what each room reaches and what did not run; return 1 below a floor."""
    files = json.loads(Path(report).read_text(encoding="utf-8"))["files"]
    rooms = measure(files)
    for name, room in sorted(rooms.items()):
        print(f"{room.percent():7.2f} %  {name}")
    print("\n".join(filter(None, (gaps(path, file) for path, file in sorted(files.items())))))
    below = shortfalls(rooms, {path.as_posix() for path in SOURCE.rglob("*.py")} - set(files))
    print("\n".join(f"coverage: {sentence}" for sentence in below) or "coverage: every floor is reached")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
