"""Offer what the library does as commands."""

from typing import Annotated

import typer
from rich.console import Console

from sayso import __version__
from sayso.cli.dialogue import dialogue
from sayso.cli.evidence import evidence
from sayso.cli.inspecting import inspect
from sayso.cli.issuing import issue
from sayso.cli.keys import did, keys
from sayso.cli.linting import lint
from sayso.cli.resolving import deactivate_did, resolve_did, rotate_did
from sayso.cli.verifying import verify
from sayso.demo.cast import Script, assemble
from sayso.demo.render import draw
from sayso.demo.story import tell

# A traceback with the values of local variables would print keys and claims.
app = typer.Typer(name="sayso", no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"sayso {__version__}")
        raise typer.Exit


@app.callback()
def sayso(
    *, version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)] = False
) -> None:
    """Nothing leaves the wallet without your say-so."""


@app.command()
def demo() -> None:
    """Watch a customer share one attribute for one hour."""
    if not draw(tell(assemble(Script())), Console()):
        raise typer.Exit(code=1)


app.command()(inspect)
app.command()(issue)
app.command()(lint)
app.command()(verify)
did.command("resolve")(resolve_did)
did.command("rotate")(rotate_did)
did.command("deactivate")(deactivate_did)
app.add_typer(keys)
app.add_typer(did)
app.add_typer(dialogue)
app.add_typer(evidence)
