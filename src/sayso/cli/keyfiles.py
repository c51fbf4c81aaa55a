"""Open the key that a command signs with."""

import os
import stat
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from sayso.cli import files
from sayso.errors import SaysoError
from sayso.issuer.issuer import Issuer
from sayso.jsonvalue import parse_object

KeyFile: TypeAlias = Annotated[
    str, typer.Option("--key", metavar="FILE", help="The file with the key that signs: a private JWK that only you may read.")
]

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def issuer_of(name: str) -> Issuer:
    """Open the issuer whose key is in a file.

    Raises:
        typer.BadParameter: it cannot be read, or others may read it too.
        SaysoError: it is no private JWK.
    """
    try:
        if os.name == "posix" and Path(name).stat().st_mode & _OTHERS:
            msg = f"{name}: others may read it; a key is yours alone (chmod 600)"
            raise typer.BadParameter(msg)
    except (OSError, ValueError) as error:
        raise files.unusable(name, error) from None
    try:
        return Issuer.from_jwk(parse_object(files.read(name)))
    except SaysoError as error:
        raise error.under(stage="key") from None
