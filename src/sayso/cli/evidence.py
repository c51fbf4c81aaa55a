"""`sayso evidence`: verify a bundle of evidence without a network, and tell what it shows."""

from datetime import datetime
from typing import Annotated

import typer

from sayso.cli import files
from sayso.cli.files import File
from sayso.cli.linting import claims
from sayso.cli.output import AsJson, emit, refusals
from sayso.clock import system_clock
from sayso.credentials.validity import format_date_time, parse_date_time
from sayso.errors import SaysoError
from sayso.jsonvalue import JsonObject, parse
from sayso.sharing.evidence import parts
from sayso.sharing.evidence.bundle import ComplaintBundle
from sayso.sharing.evidence.verification import Evidence
from sayso.sharing.texts import printable

evidence = typer.Typer(name="evidence", help="What shows to others what a business did and did not do.", no_args_is_help=True)


@evidence.callback()
def evidences() -> None:
    """Look at bundles of evidence."""


@evidence.command("verify")
def verify(
    file: File,
    *,
    at: Annotated[str, typer.Option(metavar="INSTANT", help="Verify as of this instant, as in 2026-11-20T12:00:00Z.")] = "",
    registered: Annotated[str | None, typer.Option(metavar="FILE", help="What the business registered: an array of claims.")] = None,
    as_json: AsJson = False,
) -> None:
    """Verify every part of a bundle, a ZIP archive or JSON, and tell who signed what, and what was not answered."""
    now = _instant(at)
    with refusals(as_json=as_json):
        known = None if registered is None else claims(parse(files.read(registered)))
        found = ComplaintBundle.parse(files.read(file, most=parts.MAX_BYTES, strip=b"")).verify(at=now, registered=known)
    if as_json:
        emit(_json(found))
        return
    for line in _lines(found):
        typer.echo(printable(line))


def _instant(text: str) -> datetime:
    try:
        return parse_date_time(text) if text else system_clock()
    except SaysoError as error:
        raise typer.BadParameter(error.problems[0].detail) from None


def _lines(found: Evidence) -> list[str]:
    cover = found.cover
    named = f"{cover.name} ({cover.business})" if cover.name else cover.business
    return [
        f"a complaint of {format_date_time(cover.at)} about {named}: {cover.alleged}",
        *(f"  {format_date_time(fact.at)} {fact.text} (signed by the {fact.signed_by}{_beside(fact.entered)})" for fact in found.facts),
        *(f"  {format_date_time(due.by)} an answer was due, and the customer's ledger has none ({due.what})" for due in found.overdue),
        *(f"  {text}" for text in found.absent),
        *(f"  {claim} was not registered" for claim in found.beyond),
        "every part verifies",
    ]


def _beside(entered: bool) -> str:
    return "" if entered else ", not in the ledger"


def _json(found: Evidence) -> JsonObject:
    cover = found.cover
    said: JsonObject = {
        "customer": cover.customer,
        "business": cover.business,
        "name": cover.name,
        "alleged": cover.alleged,
        "at": format_date_time(cover.at),
        "facts": [{**fact._asdict(), "at": format_date_time(fact.at)} for fact in found.facts],
        "overdue": [{"what": due.what, "digestMultibase": due.digest, "by": format_date_time(due.by)} for due in found.overdue],
        "absent": [*found.absent],
        "beyond": [*found.beyond],
    }
    return {"verified": True, **said}
