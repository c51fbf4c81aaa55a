"""`sayso issue`: sign a credential about a holder, or many of them."""

from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sayso.cli import files, webvh
from sayso.cli.fetching import held
from sayso.cli.files import File
from sayso.cli.keyfiles import PassphraseFile, issuer_of, opened, wrong_choices
from sayso.cli.output import REFUSED, AsJson, console, emit, problems_json, refusals, tell_problems
from sayso.cli.rows import MAX_DAYS, Common, Rows, claim, row
from sayso.cli.webvh import LogFile
from sayso.credentials.formats import FORMATS
from sayso.credentials.wire import Credential
from sayso.errors import MALFORMED_VALUE_ERROR, Problem, SaysoError
from sayso.issuer.issuer import Issuer
from sayso.issuer.rows import Refused
from sayso.jsonvalue import Json, JsonObject, parse_object
from sayso.retrieval import offline


def issue(
    claims: File,
    *,
    key: Annotated[str, typer.Option(metavar="KEYFILE", help="The key file with the key that signs.", show_default=False)],
    passphrase_file: PassphraseFile = None,
    log: LogFile = None,
    type_: Annotated[str | None, typer.Option("--type", help="The type of the credential.")] = None,
    holder: Annotated[str | None, typer.Option(help="The DID whose key must sign every presentation.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=MAX_DAYS, help="How many days it holds.")] = None,
    format_: Annotated[str, typer.Option("--format", help=f"The format: {' or '.join(FORMATS)}.")] = next(iter(FORMATS)),
    disclosable: Annotated[
        list[str] | None,
        typer.Option(help="A claim that the holder may keep back, such as address.city; may be given more than once. Each one by default."),
    ] = None,
    decoys: Annotated[int, typer.Option(min=0, max=64, help="How many digests that stand for nothing are added.")] = 0,
    many: Annotated[
        bool,
        typer.Option("--many", help="Read rows, in an array or one a line: {claims, holder, type, days}."),
    ] = False,
    out: Annotated[str | None, typer.Option(metavar="FILE", help="Where to write it; standard output by default.")] = None,
    as_json: AsJson = False,
) -> None:
    """Sign a credential that says the claims in a JSON file about a holder.

    With --many, the file has a row for each credential, and each becomes a line; a row that is refused stops no other, and the exit code
    is 1.
    """
    if format_ not in FORMATS:
        msg = f"--format is {' or '.join(FORMATS)}"
        raise typer.BadParameter(msg)
    common = Common(holder, type_, days, format_, tuple(map(claim, disclosable or ())), decoys)
    if not many and None in {holder, type_, days}:
        msg = "say --type, --holder and --days"
        raise typer.BadParameter(msg)
    with refusals(as_json=as_json):
        with wrong_choices():
            ring = opened(key, passphrase_file)
            webvh.refuse_log(ring.method, log)
            issuer = issuer_of(ring, held(webvh.log_of(log), None) if ring.method == "webvh" else offline)
        if not many:
            _one(issuer, claims, common, out, as_json)
        elif not _many(issuer, Rows(files.read_many(claims), common), out, as_json):
            raise typer.Exit(REFUSED)


def _one(issuer: Issuer, name: str, common: Common, out: str | None, as_json: bool) -> None:
    said = row({"claims": parse_object(files.read(name))}, common)
    try:
        card = issuer.issue(**said)
    except (TypeError, ValueError) as error:
        raise SaysoError(*_problems(error)) from None
    if out is not None:
        files.write(out, card.data)
    if as_json:
        emit({"issuer": issuer.did, **_card_json(card)})
    elif out is None:
        typer.echo(card.data)
    else:
        console(errors=True).print(f"issued by {issuer.did}", soft_wrap=True)


def _many(issuer: Issuer, rows: Rows, out: str | None, as_json: bool) -> bool:
    """Issue each row; tells whether none was refused."""
    issued: list[Json] = []
    refused: list[Json] = []
    with files.writing(out) as stream, _progress() as progress:
        task = progress.add_task("issuing", total=rows.total)
        results = issuer.issue_many(rows, progress=lambda done, _: progress.update(task, completed=done))
        for number, result in enumerate(results, 1):
            if isinstance(result, Refused):
                problems = _problems(rows.unreadable.pop(number, result.error))
                refused.append({"row": number, "problems": problems_json(problems)})
                tell_problems(problems, f"row {number}: ", out=progress.console)
                continue
            if as_json:
                issued.append({"row": number, **_card_json(result)})
            if stream is not None:
                stream.write(result.data + b"\n")
            elif not as_json:
                typer.echo(result.data)
    if as_json:
        emit({"issuer": issuer.did, "issued": issued, "refused": refused})
    return not refused


def _progress() -> Progress:
    """Give a bar on standard error, if that is a terminal."""
    err = console(errors=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=err, disable=not err.is_terminal, transient=True)


def _card_json(card: Credential) -> JsonObject:
    return {"credential": card.text, "media_type": card.media_type}


def _problems(error: Exception) -> tuple[Problem, ...]:
    """Give the problems of a refusal; what is wrong use in a program is a malformed value in a file or an option."""
    return error.problems if isinstance(error, SaysoError) else (Problem(MALFORMED_VALUE_ERROR, str(error)),)
