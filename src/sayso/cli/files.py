"""Read and write files for the commands: bounded, and a file that is not there is told in one sentence."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias

import typer

from sayso.errors import LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, Json, parse
from sayso.sharing.texts import printable
from sayso.storage import files as storage

MAX_ARRAY_BYTES = 64 * 1024 * 1024
"""The longest JSON array, and the longest line, of a file with many rows; of lines there may be any number."""
STANDARD_INPUT = "-"
_WHITESPACE = b" \t\r\n"

File: TypeAlias = Annotated[str, typer.Argument(metavar="FILE|-", help="A file, or - for standard input.", show_default=False)]


def read(name: str, *, most: int = DEFAULT_LIMITS.size_bytes, strip: bytes = _WHITESPACE) -> bytes:
    """Read a file, without the white space that editors and pipes put around what is in it, or what else is to be stripped.

    Raises:
        typer.BadParameter: it cannot be read.
        SaysoError: LIMIT_EXCEEDED.
    """
    try:
        with _opened(name) as stream:
            data = stream.read(most + 1)
    except (OSError, ValueError) as error:
        raise unusable(name, error) from None
    if len(data) > most:
        raise SaysoError.of(LIMIT_EXCEEDED, f"the file is longer than {most} bytes")
    return data.strip(strip)


def read_many(name: str) -> list[Json] | Iterator[bytes]:
    """Read the rows of a file: all of a JSON array, or one line after the other, of which none is held longer than it is looked at.

    Raises:
        typer.BadParameter: it cannot be read; for lines, when they are.
        SaysoError: PARSING_ERROR, LIMIT_EXCEEDED.
    """
    found = _lines(name)
    first = next(found, b"")
    if not first.startswith(b"["):
        return chain([first] if first else [], found)
    whole = bytearray(first)
    for line in found:
        whole += b"\n" + line
        if len(whole) > MAX_ARRAY_BYTES:
            break
    rows = parse(bytes(whole), DEFAULT_LIMITS._replace(size_bytes=MAX_ARRAY_BYTES))
    return rows if isinstance(rows, list) else []  # what begins with a bracket is an array


def _lines(name: str) -> Iterator[bytes]:
    try:
        with _opened(name) as stream:
            while line := stream.readline(MAX_ARRAY_BYTES + 1):
                if line := line.strip(_WHITESPACE):
                    yield line
    except (OSError, ValueError) as error:
        raise unusable(name, error) from None


def write(name: str, data: bytes) -> None:
    """Write a file, with a line's end behind what is in it.

    Raises:
        typer.BadParameter: it cannot be written.
    """
    try:
        Path(name).write_bytes(data + b"\n")
    except (OSError, ValueError) as error:
        raise unusable(name, error) from None


def replace(name: str, data: bytes) -> None:
    """Write a file that is to be published, so that at every instant it is the old one or the new one.

    Raises:
        typer.BadParameter: it cannot be written.
    """
    try:
        storage.replace(name, data, mode=storage.ANYBODY)
    except SaysoError as error:
        msg = f"{printable(name)}: {error.problems[0].detail}"
        raise typer.BadParameter(msg) from None


def free(name: str, why: str) -> None:
    """See that a new file replaces none.

    Raises:
        typer.BadParameter: there is a file.
    """
    if os.path.lexists(name):
        msg = f"{printable(name)}: there is a file already; {why}"
        raise typer.BadParameter(msg)


@contextmanager
def writing(name: str | None) -> Generator[BinaryIO | None]:
    """Open a file for writing piece by piece; None for no file.

    Raises:
        typer.BadParameter: it cannot be written.
    """
    if name is None:
        yield None
        return
    try:
        with Path(name).open("wb") as stream:
            yield stream
    except (OSError, ValueError) as error:
        raise unusable(name, error) from None


def _opened(name: str) -> BinaryIO:
    return typer.get_binary_stream("stdin") if name == STANDARD_INPUT else Path(name).open("rb")


def unusable(name: str, error: OSError | ValueError) -> typer.BadParameter:
    """Say that a file cannot be used."""
    reason = (error.strerror if isinstance(error, OSError) else None) or "it cannot be used"
    return typer.BadParameter(f"{printable(name)}: {reason}")
