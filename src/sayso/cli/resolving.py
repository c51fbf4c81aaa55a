"""`sayso did resolve`, `rotate` and `deactivate`: what a DID stands for, and how that of an organisation changes."""

from typing import Annotated

import typer
from rich.text import Text

from sayso.cli import keyfiles, webvh
from sayso.cli.fetching import Online, OnlineDevelopment, Witnesses, beyond, held
from sayso.cli.keyfiles import KeyFile, PassphraseFile, wrong_choices
from sayso.cli.output import REFUSED, AsJson, console, emit, refusals
from sayso.cli.verifying import instant_of
from sayso.cli.webvh import LogFile
from sayso.dids import did_peer, did_web
from sayso.dids.document import members_of
from sayso.dids.doors import dereference, resolve
from sayso.dids.resolution import METHODS
from sayso.identifiers import is_did
from sayso.jsonvalue import Json, JsonObject
from sayso.sharing.texts import printable
from sayso.storage.files import alone
from sayso.storage.keyring import KeyRing


def resolve_did(
    did: Annotated[str, typer.Argument(metavar="DID|URL", help="A DID, or a DID URL.", show_default=False)],
    *,
    at: Annotated[str | None, typer.Option(metavar="INSTANT", help="When, as in 2026-11-20T12:00:00Z; now by default.")] = None,
    version_id: Annotated[str | None, typer.Option(help="The version of the document that is asked for.")] = None,
    version_time: Annotated[str | None, typer.Option(metavar="INSTANT", help="The document as it was then, in UTC.")] = None,
    relationship: Annotated[str | None, typer.Option(help="What the key that the URL names must be authorised for.")] = None,
    accept: Annotated[str | None, typer.Option(metavar="TYPE", help="A media type; text/uri-list gives the places of a service.")] = None,
    option: Annotated[
        list[str] | None, typer.Option(metavar="NAME=VALUE", help="Another option of DID Resolution, such as expandRelativeUrls=true.")
    ] = None,
    file: Annotated[str | None, typer.Option(metavar="FILE", help="The did.json or did.jsonl that you hold.")] = None,
    witnesses: Witnesses = None,
    known: Annotated[list[str] | None, typer.Option(metavar="DID", help="The long form of a did:peer that was met before.")] = None,
    online: Online = False,
    online_development: OnlineDevelopment = False,
    as_json: AsJson = False,
) -> None:
    """Show what a DID or a DID URL stands for: the document, or with --json all that DID Resolution says of it.

    Exit code 1 says that there is nothing, or that it could not be found out. Nothing is retrieved without --online.
    """
    instant = instant_of(at)
    named = {"versionId": version_id, "versionTime": version_time, "verificationRelationship": relationship, "accept": accept}
    options: dict[str, Json] = {name: value for name, value in named.items() if value is not None}
    options |= dict(_pair(text) for text in option or ())
    network = beyond(online, online_development)
    with refusals(as_json=as_json):
        methods = (did_peer.knowing(*known or ()), *METHODS)
        fetch = held(file, witnesses, network)
    if is_did(did):
        found = resolve(did, options, at=instant, fetch=fetch, methods=methods)
        _show(found, "didDocument", found["didResolutionMetadata"], as_json)
    else:
        found = dereference(did, options, at=instant, fetch=fetch, methods=methods)
        _show(found, "content", found["dereferencingMetadata"], as_json)


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        msg = "--option is a name and a value, such as expandRelativeUrls=true"
        raise typer.BadParameter(msg)
    return name, value


def _show(found: JsonObject, member: str, metadata: Json, as_json: bool) -> None:
    content, error = found[member], metadata.get("error") if isinstance(metadata, dict) else None
    if as_json:
        emit(found)
    elif isinstance(content, dict):
        emit(content)
    elif isinstance(content, list):
        for url in content:
            console().print(Text(printable(str(url))), soft_wrap=True)
    else:
        told = f"{error['title']}: {error['detail']}" if isinstance(error, dict) else "The DID was deactivated"
        console(errors=True).print(Text(printable(told), "bold red"), soft_wrap=True)
    if content is None:
        raise typer.Exit(REFUSED)


def rotate_did(
    file: KeyFile,
    *,
    name: Annotated[str, typer.Option(help="The name of the new key.", show_default=False)],
    log: LogFile = None,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a new key of a did:web or did:webvh that signs from now on, beside the keys before.

    Of a did:web it writes the document to publish; the log of a did:webvh gets a version, and another key takes control of it.
    """
    with refusals(as_json=as_json), wrong_choices():
        keyfiles.exists(file)
        secret = keyfiles.passphrase(passphrase_file)
        with alone(file):
            ring = _of_a_place(KeyRing.open(file, secret), log)
            if ring.method == "webvh":
                webvh.tell(webvh.rotate(ring, name, log, file, secret), webvh.log_of(log), as_json)
                return
            ring = ring.rotate(name)
            ring.save(file, secret, cost=keyfiles.COST)
    _publish(ring.document(), ring.did, "publish this there before anything is signed")


def deactivate_did(file: KeyFile, *, log: LogFile = None, passphrase_file: PassphraseFile = None, as_json: AsJson = False) -> None:
    """Write what ends a did:web or did:webvh: a document that names no key, or the last version of the log. The key file stays as it is."""
    with refusals(as_json=as_json), wrong_choices():
        ring = _of_a_place(keyfiles.opened(file, passphrase_file), log)
        if ring.method == "webvh":
            with alone(file):
                webvh.tell(webvh.deactivate(ring, log), webvh.log_of(log), as_json)
            return
    _publish(members_of(ring.did, [], {}), ring.did, "publish this there, and nothing verifies any more that the DID signed")


def _of_a_place(ring: KeyRing, log: str | None) -> KeyRing:
    if ring.method not in {"web", "webvh"}:
        msg = f"a did:{ring.method} is its key and never changes; sayso keys rotate makes another"
        raise ValueError(msg)
    webvh.refuse_log(ring.method, log)
    return ring


def _publish(document: JsonObject, did: str, note: str) -> None:
    emit(document)
    console(errors=True).print(Text(f"{did_web.url_of(did)}: {note}", "yellow"), soft_wrap=True)
