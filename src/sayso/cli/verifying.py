"""`sayso verify`: run the one pipeline, and tell what each stage said."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, NamedTuple, TypeAlias

import typer
from rich.text import Text

from sayso.cli import files
from sayso.cli.fetching import DidDocuments, Online, OnlineDevelopment, StatusLists, Witnesses, among, beyond, lists_in
from sayso.cli.files import File
from sayso.cli.output import REFUSED, AsJson, console, emit, problems_json, refusals, show
from sayso.cli.tree import Drawing
from sayso.clock import system_clock
from sayso.credentials.validity import format_date_time, parse_date_time
from sayso.errors import HOLDER_BINDING, Problem, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.sharing.texts import printable
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.pipeline import COLLECTING
from sayso.verification.report import Report
from sayso.verification.stapling import stapled

STAGES = ("decode", "resolve", "prove", *(stage.__name__ for stage in COLLECTING))
"""The stages of verification, in order."""

_STYLES = {"holds": "green", "refused": "bold red", "undecided": "yellow", "not looked at": "dim"}
_HINT = "a card that nobody presents is verified with --no-holder-binding; a presentation, with the --audience and --nonce of its request"


AnyIssuer: TypeAlias = Annotated[bool, typer.Option("--any-issuer", help="Trust any issuer: then it proves only that somebody signed it.")]
NoHolderBinding: TypeAlias = Annotated[
    bool, typer.Option("--no-holder-binding", help="Verify a card by itself: nobody need have presented it.")
]
WaiveStatus: TypeAlias = Annotated[
    bool, typer.Option("--waive-status", help="Let a status that cannot be decided pass; what was revoked is refused all the same.")
]


class Stage(NamedTuple):
    """Hold what one stage said."""

    name: str
    outcome: str
    problems: tuple[Problem, ...]


def verify(
    file: File,
    *,
    issuer: Annotated[list[str] | None, typer.Option(help="The DID of an issuer that is trusted; may be given more than once.")] = None,
    any_issuer: AnyIssuer = False,
    type_: Annotated[list[str] | None, typer.Option("--type", help="A type that it must have one of; may be given more than once.")] = None,
    audience: Annotated[str | None, typer.Option(help="Who the presentation must be made for: the client_id of the request.")] = None,
    nonce: Annotated[str | None, typer.Option(help="The nonce of the request that it must answer.")] = None,
    no_holder_binding: NoHolderBinding = False,
    at: Annotated[str | None, typer.Option(metavar="INSTANT", help="When, as in 2026-11-20T12:00:00Z; now by default.")] = None,
    did_document: DidDocuments = None,
    witnesses: Witnesses = None,
    status_list: StatusLists = None,
    waive_status: WaiveStatus = False,
    online: Online = False,
    online_development: OnlineDevelopment = False,
    as_json: AsJson = False,
) -> None:
    """Verify a credential or presentation, and tell what each stage said.

    Exit code 0 says that everything holds, 1 that something was refused or could not be decided. Nothing is retrieved without --online.
    """
    if bool(issuer) == any_issuer:
        msg = "name the trusted issuers with --issuer, or say --any-issuer"
        raise typer.BadParameter(msg)
    instant, network = instant_of(at), beyond(online, online_development)
    try:
        expectations = Expectations(
            issuers=ANYONE if any_issuer else issuer or (),
            types=type_ or None,
            audience=audience,
            nonce=nonce,
            holder_binding=not no_holder_binding,
            status="waive" if waive_status else "require",
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    with refusals(as_json=as_json):
        fetch = stapled(lists_in(status_list or ()), among(did_document or (), witnesses, network))
        report = examine(files.read(file), expectations, at=instant, fetch=fetch)
    if as_json:
        emit(report_json(report))
    else:
        tell(report, instant)
        if nonce is None and any(problem.kind is HOLDER_BINDING for problem in report.problems):
            console(errors=True).print(Text(f"hint: {_HINT}", "dim"), soft_wrap=True)
    if not report.ok:
        raise typer.Exit(REFUSED)


def instant_of(at: str | None) -> datetime:
    """Read an instant; now, where none is given."""
    if at is None:
        return system_clock()
    try:
        return parse_date_time(at)
    except SaysoError as error:
        msg = f"--at is {error.problems[0].detail}"
        raise typer.BadParameter(msg) from None


def stages(report: Report) -> Iterator[Stage]:
    """Tell what each stage said."""
    for name in STAGES:
        problems = tuple(problem for problem in report.problems if problem.stage == name)
        if problems:
            outcome = "refused" if any(problem.decided for problem in problems) else "undecided"
        else:
            outcome = "holds" if name in report.timings else "not looked at"
        yield Stage(name, outcome, problems)


def report_json(report: Report) -> JsonObject:
    """Write a report as JSON: what may be relied on, or every problem."""
    written: JsonObject = {
        "verified": report.ok,
        "decided": report.decided,
        "stages": {stage.name: stage.outcome for stage in stages(report)},
        "problems": problems_json(report.problems),
        "warnings": problems_json(report.warnings),
    }
    if report.verified is not None:
        found = report.verified
        written |= {
            "format": found.format,
            "issuer": found.issuer,
            "types": [*found.types],
            "claims": found.claims,
            "key_binding": found.binding,
        }
    return written


def tell(report: Report, at: datetime) -> None:
    """Tell people what each stage said, and what may be relied on."""
    out = console()
    verdict, style = (
        ("verified", "bold green") if report.ok else ("refused", "bold red") if report.decided else ("undecided", "bold yellow")
    )
    out.print(Text.assemble((verdict, style), f" as of {format_date_time(at)}"))
    for number, stage in enumerate(stages(report), 1):
        out.print(Text.assemble(f"  {number} {stage.name:<8} ", (stage.outcome, _STYLES[stage.outcome])), soft_wrap=True)
        for problem in stage.problems:
            out.print(Text(f"             {printable(str(problem))}"), soft_wrap=True)
    for warning in report.warnings:
        out.print(Text(f"  warning: {printable(str(warning))}", "yellow"), soft_wrap=True)
    if report.verified is not None:
        drawing = Drawing("What may be relied on")
        drawing.add(drawing.root, "issuer", report.verified.issuer)
        drawing.add(drawing.root, "format", report.verified.format)
        drawing.members(drawing.add(drawing.root, "claims"), report.verified.claims, instants=True)
        if report.verified.binding is not None:
            drawing.members(drawing.add(drawing.root, "signed by the holder"), report.verified.binding, instants=True)
        show(drawing.root)
