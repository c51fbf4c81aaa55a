"""`sayso lint`: look at a request as a critical customer would, before anybody is asked."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Annotated, Final, NamedTuple

import typer
from rich.text import Text

from sayso import __version__
from sayso.cli import files
from sayso.cli.lines import lines
from sayso.cli.output import REFUSED, AsJson, console, emit, refusals
from sayso.cli.rows import claim
from sayso.credentials.formats import spoken
from sayso.credentials.kinds import Claim
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject, parse, parse_object
from sayso.openid import request_object
from sayso.openid.client_id import PREFIX
from sayso.proofs.jose import jws
from sayso.sharing import request as data_request
from sayso.sharing import terms
from sayso.sharing.dialogue.reading import read_map
from sayso.sharing.dialogue.values import DialogueMap
from sayso.sharing.lint import sarif
from sayso.sharing.lint.context import LintContext
from sayso.sharing.lint.finding import SEVERITIES, Finding
from sayso.sharing.lint.linting import lint as lint_request
from sayso.sharing.request import DataRequest
from sayso.sharing.texts import printable

_STYLES: Final = {"error": "bold red", "warning": "yellow", "note": "cyan"}
_TERMS_ALONE: Final = "/verifier_info/0/data"

# What a draft does not say yet, and no rule looks at.
_DRAFT: Final[JsonObject] = {
    "client_id": f"{PREFIX}did:example:draft",
    "aud": request_object.AUDIENCE,
    "response_type": "vp_token",
    "response_mode": request_object.BY_HAND,
    "nonce": "draft",
    "iat": 0,
    "exp": 0,
}


class Looked(NamedTuple):
    """Hold what was read: whether it is signed, and of what stands in the file alone, the pointer to it and its text."""

    asked: DataRequest
    signed: bool
    above: str = ""
    text: str = ""


def lint(
    request: Annotated[
        str, typer.Argument(metavar="REQUEST|-", help="A request, or a draft of one; - for standard input.", show_default=False)
    ],
    *,
    query: Annotated[
        str | None, typer.Option(metavar="FILE", help="The DCQL query, where the other file holds the sharing terms alone.")
    ] = None,
    map_: Annotated[
        str | None,
        typer.Option("--map", metavar="FILE", help="The dialogue map, TOML or JSON, that says what each step may ask for."),
    ] = None,
    step: Annotated[str | None, typer.Option(help="The step of the map; by default the one that the request names.")] = None,
    registered: Annotated[str | None, typer.Option(metavar="FILE", help="What the business registered: an array of claims.")] = None,
    fail_on: Annotated[
        str, typer.Option(metavar="|".join(SEVERITIES), help="From which severity on a finding makes the exit code 1.")
    ] = "warning",
    as_sarif: Annotated[bool, typer.Option("--sarif", help="Write a SARIF 2.1.0 log to standard output.")] = False,
    as_json: AsJson = False,
) -> None:
    """Find what a smaller request would leave out, or say better.

    It reads a signed request, its payload as JSON, or a draft: a query and its sharing terms, without who asks and when. Nothing is
    verified. Exit code 0 says that no finding has the severity of --fail-on, 1 that one has, or that it is no request.
    """
    if fail_on not in SEVERITIES:
        msg = f"--fail-on is {', '.join(SEVERITIES)}"
        raise typer.BadParameter(msg)
    if as_sarif and as_json:
        msg = "say --sarif or --json, not both"
        raise typer.BadParameter(msg)
    with refusals(as_json=as_json):
        looked = _read(files.read(request), query)
        context = LintContext(
            allowed=None if map_ is None else _allowed(read_map(files.read(map_)), step or _step(looked.asked)),
            registered=None if registered is None else claims(parse(files.read(registered))),
        )
        findings = lint_request(looked.asked, context)
    if as_sarif:
        name = "" if request == files.STANDARD_INPUT else request
        emit(sarif.log(findings, name, __version__, lines=lines(looked.text), above=looked.above))
    elif as_json:
        emit({"verified": False, "findings": [finding.to_json() for finding in findings]})
    else:
        tell(findings, signed=looked.signed)
    if any(finding.weighs(fail_on) for finding in findings):
        raise typer.Exit(REFUSED)


def tell(findings: Collection[Finding], *, signed: bool) -> None:
    """Tell people what was found, and what smaller request would do."""
    out = console()
    if signed:
        out.print(Text("nothing here was verified: it is not known who signed this request", "dim"), soft_wrap=True)
    for finding in findings:
        about = finding.shown or "the request"
        out.print(
            Text.assemble((finding.severity, _STYLES[finding.severity]), f" {finding.rule} {about}: {finding.message}"), soft_wrap=True
        )
        instead = "" if finding.smaller.claim is None else f": {printable(spoken(finding.smaller.claim))}"
        out.print(Text(f"    {finding.smaller.text}{instead}"), soft_wrap=True)
    numbers = {severity: sum(finding.severity == severity for finding in findings) for severity in SEVERITIES}
    said = [f"{number} {severity}{'' if number == 1 else 's'}" for severity, number in numbers.items() if number]
    out.print(Text(", ".join(said) or "nothing found"), soft_wrap=True)


def _read(data: bytes, query: str | None) -> Looked:
    if query is not None:
        info: list[Json] = [{"format": terms.FORMAT, "data": parse_object(data)}]
        payload: JsonObject = {"dcql_query": parse_object(files.read(query)), "verifier_info": info}
        return Looked(data_request.parse({**_DRAFT, **payload}), signed=False, above=_TERMS_ALONE, text=data.decode())
    if data[:1] == b"{":
        payload = {**_DRAFT, **parse_object(data)}
        return Looked(_asked(payload), signed=False, text=data.decode())
    return Looked(_asked(jws.decode(data, (request_object.TYPE,), jws.READABLE).payload), signed=True)


def _asked(payload: JsonObject) -> DataRequest:
    return data_request.parse(payload, channel=request_object.own_channel(payload), waive=True)


def _step(asked: DataRequest) -> str:
    process = asked.terms.conditions.process
    return process.step if process else ""


def _allowed(dialogue: DialogueMap, step: str) -> Mapping[Claim, timedelta]:
    """Give what a step may ask for.

    Raises:
        typer.BadParameter: the map has no such step, or none is named.
    """
    if step not in {one.id for one in dialogue.steps}:
        msg = "the map has no step of that name; name one with --step"
        raise typer.BadParameter(msg)
    return dialogue.allowed(step)


def claims(names: Json) -> list[Claim]:
    """Read claims as people write them.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if not isinstance(names, list):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "what is registered is an array of claims")
    texts = [name for name in names if isinstance(name, str)]
    if len(texts) < len(names):
        raise SaysoError.of(MALFORMED_VALUE_ERROR, "a claim is a text, with dots between its steps")
    return [*map(claim, texts)]
