"""`sayso dialogue`: check a dialogue map, and make of it what else is needed: the notice, the record, what changed."""

import json
from typing import Annotated

import typer

from sayso.cli import files
from sayso.cli.files import File
from sayso.cli.output import REFUSED, AsJson, emit, refusals
from sayso.jsonvalue import JsonObject
from sayso.sharing.dialogue.changes import diff, is_wider, told
from sayso.sharing.dialogue.notice import privacy_notice
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.record import record_json_ld, record_of_processing
from sayso.sharing.dialogue.values import DialogueMap
from sayso.sharing.texts import printable

dialogue = typer.Typer(name="dialogue", help="What a business asks of its customers, step by step.", no_args_is_help=True)


def _read(name: str) -> DialogueMap:
    return read_map(files.read(name))


@dialogue.command("check")
def check(file: File, *, as_json: AsJson = False) -> None:
    """Check a dialogue map, and tell its steps and its digest."""
    with refusals(as_json=as_json):
        one = _read(file)
    if as_json:
        said: JsonObject = {"id": one.id, "digestMultibase": one.digest, "steps": [step.id for step in one.steps]}
        emit(said)
        return
    typer.echo(f"{printable(one.id)} {one.digest}")
    for step in one.steps:
        typer.echo(f"  {step.id}: {len(step.required)} needed, {len(step.optional)} optional")


@dialogue.command("notice")
def notice(
    file: File, *, lang: Annotated[str, typer.Option(help="The language of the purposes; that of the map by default.")] = ""
) -> None:
    """Write the privacy notice, in Markdown."""
    with refusals(as_json=False):
        one = _read(file)
    try:
        page = privacy_notice(one, lang)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    typer.echo(page, nl=False)


@dialogue.command("record")
def record(
    file: File, *, json_ld: Annotated[bool, typer.Option("--json-ld", help="Write it in JSON-LD, in terms of DPV.")] = False
) -> None:
    """Write the record of processing activities (GDPR, Article 30), in Markdown."""
    with refusals(as_json=json_ld):
        one = _read(file)
    typer.echo(json.dumps(record_json_ld(one), indent=2, ensure_ascii=False) if json_ld else record_of_processing(one), nl=json_ld)


@dialogue.command("diff")
def difference(old: File, new: File, *, as_json: AsJson = False) -> None:
    """Tell what changed between two versions; the exit code is 1 where more is asked, kept or told, or less is promised."""
    with refusals(as_json=as_json):
        changes = diff(_read(old), _read(new))
    if as_json:
        emit({"wider": is_wider(changes), "changes": [dict(change._asdict()) for change in changes]})
    else:
        for sentence in told(changes):
            typer.echo(printable(sentence))
    if is_wider(changes):
        raise typer.Exit(REFUSED)
