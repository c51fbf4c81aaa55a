"""`sayso keys` and `sayso did`: key files, the keys in them, and the DIDs they stand for."""

from collections.abc import Callable
from typing import Annotated, get_args

import typer
from rich.text import Text

from sayso.cli import files, keyfiles, webvh
from sayso.cli.keyfiles import KeyFile, PassphraseFile, wrong_choices
from sayso.cli.output import AsJson, console, emit, refusals
from sayso.cli.webvh import LogFile
from sayso.dids import did_web
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys import jwk
from sayso.storage.files import alone
from sayso.storage.keyring import FIRST_NAME, METHODS, KeyRing, Method

keys = typer.Typer(name="keys", no_args_is_help=True, help="Keep keys by name in a file that a passphrase seals.")
did = typer.Typer(name="did", no_args_is_help=True, help="Make a DID with its key, see what a DID stands for, and change it.")

NewPassphraseFile = Annotated[
    str | None, typer.Option("--new-passphrase-file", metavar="FILE", help="A file with the new passphrase; without it you are asked.")
]
KeyName = Annotated[str | None, typer.Option("--name", help="The name of a key; the one that signs by default.")]


@did.command("new")
@keys.command("new")
def new(
    file: KeyFile,
    *,
    method: Annotated[str, typer.Option(help=f"The method of the DID: {', '.join(METHODS)}.")] = METHODS[0],
    domain: Annotated[str, typer.Option(help="The domain of a did:web or did:webvh, such as city.example.")] = "",
    path: Annotated[list[str] | None, typer.Option(help="A step of the path on it; may be given more than once.")] = None,
    name: Annotated[str, typer.Option(help="The name of the key.")] = FIRST_NAME,
    log: LogFile = None,
    pre_rotation: Annotated[
        bool, typer.Option("--pre-rotation", help="Announce the next key of a did:webvh, so that who steals this one gets nowhere.")
    ] = False,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and its DID, and seal the key in a new file; of a did:webvh, write its log too."""
    chosen = next((known for known in get_args(Method) if known == method), None)
    if chosen is None:
        msg = f"--method is one of {', '.join(METHODS)}"
        raise typer.BadParameter(msg)
    if (method in {"web", "webvh"}) != bool(domain):
        msg = "a did:web has a --domain, and so has a did:webvh, and no other DID has"
        raise typer.BadParameter(msg)
    if pre_rotation and method != "webvh":
        msg = "--pre-rotation is for a did:webvh"
        raise typer.BadParameter(msg)
    files.free(file, "a key that is written over is lost")
    with refusals(as_json=as_json), wrong_choices():
        webvh.refuse_log(method, log)
        if method == "webvh":
            made = webvh.create((domain, *(path or ())), name, log, file, passphrase_file, pre_rotation=pre_rotation)
            webvh.tell(made, webvh.log_of(log), as_json)
            return
        ring = KeyRing.generate(chosen, domain=domain, path=path or (), name=name)
        ring.save(file, keyfiles.passphrase(passphrase_file, new=True), cost=keyfiles.COST)
    _tell(ring, as_json)


@keys.command("list")
def list_(file: KeyFile, *, passphrase_file: PassphraseFile = None, as_json: AsJson = False) -> None:
    """List the keys in a file, and the DID of each."""
    with refusals(as_json=as_json), wrong_choices():
        ring = keyfiles.opened(file, passphrase_file)
    if as_json:
        emit({"did": ring.did, "keys": [_key(ring, name) for name in ring.names]})
        return
    for name in ring.names:
        mark = "signs" if name == ring.current else ""
        console().print(Text(f"{name:<16} {mark:<5}  {ring.did_of(name)}"), soft_wrap=True)


@keys.command("show")
def show(file: KeyFile, *, name: KeyName = None, passphrase_file: PassphraseFile = None, as_json: AsJson = False) -> None:
    """Show one key: its DID, the DID URL that its signatures name, and the public key as a JWK."""
    with refusals(as_json=as_json), wrong_choices():
        ring = _using(keyfiles.opened(file, passphrase_file), name)
    if as_json:
        emit(_key(ring, ring.current))
        return
    public = serialize(jwk.encode(ring.signer.public_key))
    for label, value in {"name": ring.current, "did": ring.did, "key id": ring.key_id, "public key": public}.items():
        console().print(Text(f"{label:<10}  {value}"), soft_wrap=True)


@keys.command("export")
def export(
    file: KeyFile,
    *,
    name: KeyName = None,
    private: Annotated[bool, typer.Option("--private", help="Write the private key. Whoever reads it can sign in your name.")] = False,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Write one key as a JWK: the public key, or with --private the private one."""
    with refusals(as_json=as_json), wrong_choices():
        signer = _using(keyfiles.opened(file, passphrase_file), name).signer
    if private:
        console(errors=True).print(Text("this is a private key: whoever reads it can sign in your name", "bold yellow"))
    emit(jwk.encode_private(signer.export_seed()) if private else jwk.encode(signer.public_key))


@keys.command("rotate")
def rotate(
    file: KeyFile,
    *,
    name: Annotated[str, typer.Option(help="The name of the new key.", show_default=False)],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Make a new key that signs from now on; the others stay in the file, so that what they signed goes on verifying."""
    _change(file, passphrase_file, as_json, lambda ring: _without_log(ring).rotate(name))


@keys.command("retire")
def retire(
    file: KeyFile,
    *,
    name: Annotated[str, typer.Option(help="The name of the key that goes.", show_default=False)],
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
) -> None:
    """Remove a key that signs no longer; with a did:web, nothing that it signed verifies once the new document is published."""
    _change(file, passphrase_file, as_json, lambda ring: ring.retire(name))


@keys.command("reseal")
def reseal(
    file: KeyFile, *, passphrase_file: PassphraseFile = None, new_passphrase_file: NewPassphraseFile = None, as_json: AsJson = False
) -> None:
    """Seal a file anew under another passphrase, also one that was sealed with less than is asked for today."""
    with refusals(as_json=as_json), wrong_choices():
        ring = keyfiles.opened(file, passphrase_file, outdated=True)
        ring.save(file, keyfiles.passphrase(new_passphrase_file, new=True), cost=keyfiles.COST)
    _tell(ring, as_json)


@did.command("document")
def document(file: KeyFile, *, passphrase_file: PassphraseFile = None, as_json: AsJson = False) -> None:
    """Write the DID document; that of a did:web is what you publish at its place on the web, and of a did:webvh what its log says next."""
    with refusals(as_json=as_json), wrong_choices():
        ring = keyfiles.opened(file, passphrase_file)
    emit(ring.document())


def _change(file: str, passphrase_file: str | None, as_json: bool, change: Callable[[KeyRing], KeyRing]) -> None:
    with refusals(as_json=as_json), wrong_choices():
        keyfiles.exists(file)
        secret = keyfiles.passphrase(passphrase_file)
        with alone(file):
            ring = change(KeyRing.open(file, secret))
            ring.save(file, secret, cost=keyfiles.COST)
    _tell(ring, as_json)


def _without_log(ring: KeyRing) -> KeyRing:
    if ring.method == "webvh":
        msg = "the log of a did:webvh has to name its new key: sayso did rotate"
        raise ValueError(msg)
    return ring


def _using(ring: KeyRing, name: str | None) -> KeyRing:
    return ring if name is None else ring.using(name)


def _tell(ring: KeyRing, as_json: bool) -> None:
    if as_json:
        emit(_key(ring, ring.current))
        return
    console().print(Text(ring.did), soft_wrap=True)
    if ring.method == "web":
        note = f"publish its document at {did_web.url_of(ring.did)} before anything is signed: sayso did document"
        console(errors=True).print(Text(note, "yellow"), soft_wrap=True)
    if ring.method == "webvh":
        console(errors=True).print(Text("its log names the keys of this file from the next sayso did rotate on", "yellow"), soft_wrap=True)


def _key(ring: KeyRing, name: str) -> JsonObject:
    one = ring.using(name)
    public = jwk.encode(one.signer.public_key)
    return {"name": name, "did": one.did, "key_id": one.key_id, "signs": name == ring.current, "public_jwk": public}
