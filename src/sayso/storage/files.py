"""Keep bytes in a file so that at every instant the file is the old one or the new one."""

import os
import re
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from sayso.entropy import Entropy, system_entropy
from sayso.errors import KEY_FILE_UNREADABLE, SaysoError

Step: TypeAlias = Callable[[], object]

OWNER_ONLY = 0o600
ANYBODY = 0o666
"""The mode of what is to be published; as ever, the umask takes from it."""
_NAME_BYTES = 8
# Windows would write a line's end as two bytes; elsewhere there is no such flag.
_DRAFT = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
# Elsewhere a directory cannot be opened, and is written through.
_DIRECTORIES_OPEN = os.name == "posix"
_ONE_AT_A_TIME = Lock()


def read(path: str | os.PathLike[str], most: int) -> bytes:
    """Read a file, and no more of it than a byte beyond `most`.

    Raises:
        SaysoError: KEY_FILE_UNREADABLE.
    """
    try:
        with Path(path).open("rb") as file:
            return file.read(most + 1)
    except (OSError, ValueError) as error:  # a path with a NUL is a ValueError
        raise _unreadable("read", error) from None


def replace(path: str | os.PathLike[str], data: bytes, entropy: Entropy = system_entropy, *, mode: int = OWNER_ONLY) -> None:
    """Write a file, by default readable by its owner alone, in place of the one that is there.

    Whoever stops it at any step, by pulling the plug too, finds the old file or the new one. Each writer has a draft of its own beside the
    file, so that two of them never mix; what an earlier one left there is taken away. Of two processes that write at once, one may be
    refused.

    Raises:
        SaysoError: KEY_FILE_UNREADABLE; then the file is the old one, or, where only the last step failed, the new one.
    """
    try:
        with _ONE_AT_A_TIME, closing(steps(Path(path), data, entropy, mode)) as todo:
            for step in todo:
                step()
    except (OSError, ValueError) as error:
        raise _unreadable("written", error) from None


def steps(path: Path, data: bytes, entropy: Entropy = system_entropy, mode: int = OWNER_ONLY) -> Generator[Step]:
    """Give the steps in which a file is replaced, to be done in order; closed early, they take their draft away."""
    target = Path(os.path.realpath(path))  # what a link points to is replaced, and not the link
    draft = target.with_name(f"{target.name}.{entropy(_NAME_BYTES).hex()}.new")
    # Opened first: where it cannot be, nothing has happened yet.
    with _directory(target.parent) as directory:
        yield partial(_sweep, target)
        descriptor = os.open(draft, _DRAFT, mode)
        try:
            try:
                yield partial(_write_all, descriptor, data)
                yield partial(os.fsync, descriptor)
            finally:
                os.close(descriptor)
            yield partial(os.replace, draft, target)
        finally:
            draft.unlink(missing_ok=True)  # by now it is the file, unless a step failed
        if directory is not None:
            yield partial(os.fsync, directory)


@contextmanager
def alone(path: str | os.PathLike[str]) -> Generator[None]:
    """Keep other processes that ask for the same from changing the folder of a file, until they may; only POSIX has such a lock.

    It is for who reads a file, changes what is in it and writes it, and ends with the process at the latest.
    """
    with _directory(Path(os.path.realpath(path)).parent) as directory:
        if directory is not None:
            import fcntl

            fcntl.flock(directory, fcntl.LOCK_EX)
        yield


@contextmanager
def _directory(path: Path) -> Generator[int | None]:
    # The name itself lasts when its directory does.
    if not _DIRECTORIES_OPEN:
        yield None
        return
    directory = os.open(path, os.O_RDONLY)
    try:
        yield directory
    finally:
        os.close(directory)


def _sweep(target: Path) -> None:
    """Take away the drafts of those who were stopped: they hold keys, perhaps under a passphrase of long ago."""
    draft = re.compile(rf"{re.escape(target.name)}\.[0-9a-f]{{{2 * _NAME_BYTES}}}\.new")
    for beside in target.parent.iterdir():
        if draft.fullmatch(beside.name):
            beside.unlink(missing_ok=True)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _unreadable(what: str, error: Exception) -> SaysoError:
    # The system's words name no secret; the path is the caller's own.
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path is none"
    return SaysoError.of(KEY_FILE_UNREADABLE, f"the file could not be {what}: {reason}")
