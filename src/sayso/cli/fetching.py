"""Find what a command needs: in files that were named, and on the network only where `--online` says so."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated, TypeAlias

import typer

from sayso.cli import files
from sayso.cli.anatomy import take_apart
from sayso.dids import did_web
from sayso.dids.did_webvh import entries, identifier
from sayso.dids.did_webvh.log import MAX_LOG_BYTES
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.http.fetcher import online
from sayso.jsonvalue import parse_object
from sayso.retrieval import Fetch, Retrieve, Retrieved, offline

Online: TypeAlias = Annotated[
    bool, typer.Option("--online", help="Retrieve what is needed, over https from public addresses. Who is asked learns that you ask.")
]
OnlineDevelopment: TypeAlias = Annotated[
    bool, typer.Option("--online-development", help="Retrieve from this machine alone: only while you develop.")
]
Witnesses: TypeAlias = Annotated[
    str | None, typer.Option("--witnesses", metavar="FILE", help="The did-witness.json that you hold, for the logs that you hold.")
]

DidDocuments: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--did-document", metavar="FILE", help="The did.json of a did:web, or the did.jsonl of a did:webvh, that you hold. May be repeated."
    ),
]
StatusLists: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--status-list", metavar="FILE", help="A status list that came along: it may be as old as it says. May be repeated."),
]

_DOCUMENTS = ("/did.json", "/did.jsonl")
_WITNESSES = "/did-witness.json"


def beyond(asked: bool, development: bool) -> Fetch:
    """Give what fetches what no file has: nothing, unless it was asked for.

    Raises:
        typer.BadParameter: both networks were asked for.
    """
    if asked and development:
        msg = "--online and --online-development exclude each other"
        raise typer.BadParameter(msg)
    return online(development=development) if asked or development else offline


def held(document: str | None, witnesses: str | None, fetch: Fetch = offline) -> Fetch:
    """Find the one document that is needed, and what its witnesses signed, in files."""
    bodies = {where: _read(name) for name, where in ((document, _DOCUMENTS), (witnesses, (_WITNESSES,))) if name is not None}

    def found(retrieve: Retrieve) -> Retrieved:
        for where, body in bodies.items():
            if retrieve.url.endswith(where):
                return Retrieved(body)
        return fetch(retrieve)

    return found


def among(names: Iterable[str], witnesses: str | None = None, fetch: Fetch = offline) -> Fetch:
    """Find DID documents and logs among files, by the DIDs they are of.

    Raises:
        typer.BadParameter: a file cannot be read.
        SaysoError: it is neither, or its DID is none that has a place on the web.
    """
    approvals = None if witnesses is None else Retrieved(_read(witnesses), "application/json")
    bodies: dict[str, Retrieved] = {}
    for name in names:
        data = _read(name)
        logs = list(_named_in(data))
        for log in logs:
            bodies[log.log_url] = Retrieved(data, "text/jsonl")
            if approvals is not None:
                bodies[log.witness_url] = approvals
        if not logs:
            bodies[did_web.url_of(str(parse_object(data).get("id")))] = Retrieved(data, "application/did")
    return lambda retrieve: bodies.get(retrieve.url) or fetch(retrieve)


def lists_in(names: Iterable[str]) -> dict[str, bytes]:
    """Read the status lists in files, by the URLs that they say they are from; nothing is trusted.

    Raises:
        typer.BadParameter: a file cannot be read.
        SaysoError: it is no list, or says nowhere which one it is.
    """
    bodies: dict[str, bytes] = {}
    for name in names:
        data = files.read(name)
        claims = take_apart(data).claims
        url = claims.get("sub", claims.get("id"))
        if not isinstance(url, str):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a status list says in sub or id which one it is")
        bodies[url] = data
    return bodies


def _named_in(data: bytes) -> Iterator[identifier.Identifier]:
    """Give the DIDs that a log says it is of: one that moved is of more than one. A document is no log, and gives none."""
    for line in data.split(b"\n"):
        with suppress(SaysoError):
            yield identifier.parse(str(entries.parse(line).state.get("id")))


def _read(name: str) -> bytes:
    return files.read(name, most=MAX_LOG_BYTES, strip=b"")
