"""`sayso inspect`: show what is in something that travels, without trusting it."""

from typing import Annotated

import typer

from sayso.cli import files
from sayso.cli.anatomy import take_apart
from sayso.cli.files import File
from sayso.cli.output import AsJson, emit, refusals, show
from sayso.cli.tree import anatomy_json, draw


def inspect(
    file: File,
    *,
    salts: Annotated[bool, typer.Option("--salts", help="Show the salts of disclosures too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what is in a credential, presentation, request or answer.

    Nothing is verified and nothing is retrieved: what is shown is what somebody wrote there. Who wrote it, `sayso verify` tells.
    """
    with refusals(as_json=as_json):
        anatomy = take_apart(files.read(file))
        if as_json:
            emit(anatomy_json(anatomy, salts=salts))
        else:
            show(draw(anatomy, salts=salts))
