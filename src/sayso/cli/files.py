"""Read and write files for the commands: bounded, and a file that is not there is told in one sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias

import typer

from sayso.errors import LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS
from sayso.sharing.terms import printable

STANDARD_INPUT = "-"
_WHITESPACE = b" \t\r\n"

File: TypeAlias = Annotated[str, typer.Argument(metavar="FILE|-", help="A file, or - for standard input.", show_default=False)]


def read(name: str, *, most: int = DEFAULT_LIMITS.size_bytes) -> bytes:
    """Read a file, without the white space that editors and pipes put around what is in it.

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
    return data.strip(_WHITESPACE)


def lines(name: str, *, most: int = DEFAULT_LIMITS.size_bytes) -> Iterator[bytes]:
    """Read a file line by line, without those that are empty; none is held longer than it is looked at.

    Raises:
        typer.BadParameter: it cannot be read.
        SaysoError: LIMIT_EXCEEDED.
    """
    try:
        with _opened(name) as stream:
            while line := stream.readline(most + 1):
                if len(line) > most:
                    raise SaysoError.of(LIMIT_EXCEEDED, f"a line is longer than {most} bytes")
                if line := line.strip(_WHITESPACE):
                    yield line
    except (OSError, ValueError) as error:
        raise unusable(name, error) from None


def _opened(name: str) -> BinaryIO:
    return typer.get_binary_stream("stdin") if name == STANDARD_INPUT else Path(name).open("rb")


def unusable(name: str, error: OSError | ValueError) -> typer.BadParameter:
    """Say that a file cannot be used."""
    reason = (error.strerror if isinstance(error, OSError) else None) or "it cannot be used"
    return typer.BadParameter(f"{printable(name)}: {reason}")
