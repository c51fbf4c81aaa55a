"""Open and write key files; their passphrase comes from a file or from the keyboard, and never from the command or its environment."""

import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from sayso.cli import files
from sayso.dids import did_web
from sayso.issuer.issuer import Issuer
from sayso.jsonvalue import serialize
from sayso.keys.passphrase import DEFAULT_COST
from sayso.retrieval import Fetch, Retrieve, Retrieved, offline
from sayso.storage.keyring import KeyRing

COST = DEFAULT_COST
"""What a guess at the passphrase of a new file costs."""
MAX_PASSPHRASE_BYTES = 4096

KeyFile: TypeAlias = Annotated[str, typer.Argument(metavar="KEYFILE", help="The key file.", show_default=False)]
PassphraseFile: TypeAlias = Annotated[
    str | None,
    typer.Option("--passphrase-file", metavar="FILE", help="A file that only you may read, with the passphrase; without it you are asked."),
]

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def passphrase(source: str | None, *, new: bool = False) -> str:
    """Read a passphrase from its file, or ask for it; a new one is asked for twice.

    Raises:
        typer.BadParameter: the file cannot be read, others may read it too, or there is no passphrase in it.
    """
    if source is None:
        asked: str = typer.prompt("New passphrase" if new else "Passphrase", hide_input=True, confirmation_prompt=new, err=True)
        return asked
    try:
        mode = Path(source).stat().st_mode
    except (OSError, ValueError) as error:
        raise files.unusable(source, error) from None
    if os.name == "posix" and stat.S_ISREG(mode) and mode & _OTHERS:
        msg = f"{source}: others may read it; a passphrase is yours alone (chmod 600)"
        raise typer.BadParameter(msg)
    try:
        text = files.read(source, most=MAX_PASSPHRASE_BYTES, strip=b"\r\n").decode()
    except UnicodeDecodeError:
        text = ""
    if not text or "\n" in text:
        msg = f"{source}: a passphrase is one line of text"
        raise typer.BadParameter(msg)
    return text


@contextmanager
def wrong_choices() -> Generator[None]:
    """Turn a choice that cannot be made, such as a key that is not there, into a wrong call."""
    try:
        yield
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def opened(name: str, source: str | None, *, outdated: bool = False) -> KeyRing:
    """Open a key file.

    Raises:
        typer.BadParameter: it is not there.
        SaysoError: what is wrong with it, or with the passphrase.
    """
    exists(name)
    return KeyRing.open(name, passphrase(source), outdated=outdated)


def exists(name: str) -> None:
    """See that a key file is there, before a passphrase is asked for.

    Raises:
        typer.BadParameter: it is not.
    """
    try:
        Path(name).stat()
    except (OSError, ValueError) as error:
        raise files.unusable(name, error) from None


def issuer_of(ring: KeyRing, beyond: Fetch = offline) -> Issuer:
    """Make the issuer that signs with a ring's current key. The document of its own did:web is the one that it is to publish."""

    def fetch(retrieve: Retrieve) -> Retrieved:
        if ring.method == "web" and retrieve.url == did_web.url_of(ring.did):
            return Retrieved(serialize(ring.document()).encode(), "application/did")
        return beyond(retrieve)

    return Issuer.of(ring, fetch=fetch)
