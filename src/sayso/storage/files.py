"""Keep bytes in a file so that at every instant the file is the old one or the new one."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

from sayso.errors import KEY_FILE_UNREADABLE, SaysoError

Step: TypeAlias = Callable[[], object]

_OWNER_ONLY = 0o600


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


def replace(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file, readable by its owner alone, in place of the one that is there.

    Whoever stops it at any step, by pulling the plug too, finds the old file or the new one. What an earlier stop left beside the file is
    written over.

    Raises:
        SaysoError: KEY_FILE_UNREADABLE; then the old file is there.
    """
    try:
        for step in steps(Path(path), data):
            step()
    except (OSError, ValueError) as error:
        raise _unreadable("written", error) from None


def steps(path: Path, data: bytes) -> Iterator[Step]:
    """Give the steps in which a file is replaced, to be done in order."""
    target = path.resolve()  # what a link points to is replaced, and not the link
    draft = target.with_name(target.name + ".new")
    yield partial(draft.unlink, missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    try:
        yield partial(_write_all, descriptor, data)
        yield partial(os.fsync, descriptor)
    finally:
        os.close(descriptor)
    yield partial(os.replace, draft, target)
    # The name itself lasts when its directory does; Windows opens no directories, and writes them through.
    if os.name == "posix":
        directory = os.open(target.parent, os.O_RDONLY)
        try:
            yield partial(os.fsync, directory)
        finally:
            os.close(directory)


def _write_all(descriptor: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def _unreadable(what: str, error: Exception) -> SaysoError:
    # The system's words name no secret; the path is the caller's own.
    reason = error.strerror if isinstance(error, OSError) and error.strerror else "the path is none"
    return SaysoError.of(KEY_FILE_UNREADABLE, f"the file could not be {what}: {reason}")
