"""Talk to the peers in JavaScript, which live in one node process: `peer.mjs` says what they do."""

import json
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent / "node"
VERSIONS: dict[str, str] = json.loads((HOME / "package.json").read_text(encoding="utf-8"))["dependencies"]
"""The peers and their releases."""


class PeerError(Exception):
    """A peer refused, for the reason that it gives."""


class Peer:
    """Ask a running node process, one question at a time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, operation: str, **request: Any) -> Any:
        """Ask, and give what it answers; PeerError where it refuses."""
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        print(json.dumps({"operation": operation, **request}), file=questions, flush=True)
        said = json.loads(answers.readline())
        if "error" in said:
            raise PeerError(said["error"])
        return said["value"]

    def microseconds(self, task: str, shared: Mapping[str, object], items: Sequence[Mapping[str, object]], times: int = 1) -> float:
        """Do a task for each item, and give the CPU time of one in microseconds.

        `shared` is the same for all items and set up once, before the time is taken; of several `times` the last one counts.
        """
        spent = int(self.ask("measure", task=task, shared=shared, items=[*items], times=times))
        return spent / len(items) / 1000


def node() -> str:
    """Give the path of node; "" where there is none."""
    return shutil.which("node") or ""


def absent() -> str:
    """Say what is missing to run the peers; "" where nothing is."""
    if not node():
        return "node is not installed"
    if not (HOME / "node_modules").is_dir():
        return "the peers in JavaScript are not installed: make peers"
    return ""


@contextmanager
def peer() -> Iterator[Peer]:
    """Start the process, and end it."""
    node = shutil.which("node") or "node"
    with subprocess.Popen(
        [node, str(HOME / "peer.mjs")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        yield Peer(process)


def node_version() -> str:
    """Say which node there is."""
    return subprocess.run([node(), "--version"], capture_output=True, check=True, text=True).stdout.strip()
