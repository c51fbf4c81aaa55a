"""The command line, for people at a terminal; it comes with the extra `cli`."""

import io
import sys

_EXTRA = ("typer", "rich")


def main() -> None:
    """Run the command line, or name the extra that it needs."""
    try:
        from sayso.cli.commands import app
    except ModuleNotFoundError as error:
        missing = (error.name or "").partition(".")[0]
        if missing not in _EXTRA:
            raise
        sys.stderr.write(f'sayso: the command line needs {missing}, which comes with its extra: pip install "sayso[cli]"\n')
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # what a terminal has no character for is no reason to fail
    try:
        app()
    except OSError as error:
        # Of files that are read or written the commands tell themselves; what is left is a full disk, or a terminal that is gone.
        sys.stderr.write(f"sayso: {error.strerror}\n")
        sys.exit(1)
