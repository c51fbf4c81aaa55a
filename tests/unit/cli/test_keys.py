"""`sayso keys` and `sayso did`: keys by name in a sealed file."""

from pathlib import Path

import pytest

from sayso import KeyRing
from sayso.cli import keyfiles
from sayso.keys import jwk, sealing
from sayso.keys.passphrase import LEAST_COST, Cost
from tests.unit.cli.keyring import KEYS, PASSPHRASE, kept
from tests.unit.cli.running import run


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    """Give a key file and the options that name its passphrase."""
    keyfile, passphrase = kept(tmp_path)
    return keyfile, "--passphrase-file", passphrase


WEB = ("--method", "web", "--domain", "city.example")


@pytest.mark.parametrize("group", ["keys", "did"])
@pytest.mark.parametrize(
    ("options", "start"),
    [
        ((), "did:key:z6Mk"),
        (("--method", "jwk"), "did:jwk:"),
        (("--method", "peer"), "did:peer:0z6Mk"),
        (WEB, "did:web:city.example"),
    ],
    ids=["key", "jwk", "peer", "web"],
)
def test_a_new_key(group: str, options: tuple[str, ...], start: str, tmp_path: Path, files: tuple[str, str, str]) -> None:
    file = tmp_path / "new.keys"
    ran = run(group, "new", str(file), *options, *files[1:])
    ring = KeyRing.open(file, PASSPHRASE)
    assert (ran.code, ran.out) == (0, f"{ring.did}\n")
    assert ring.did.startswith(start)
    assert ring.names == ("key-1",)
    assert file.stat().st_mode & 0o077 == 0
    assert ("publish its document at https://city.example/.well-known/did.json" in ran.err) == (options == WEB)


def test_a_new_key_with_a_path_a_name_and_json(tmp_path: Path, files: tuple[str, str, str]) -> None:
    ran = run("did", "new", str(tmp_path / "new.keys"), *WEB, "--path", "cards", "--path", "id", "--name", "2026", "--json", *files[1:])
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["did"] == "did:web:city.example:cards:id"
    assert ran.json["key_id"] == "did:web:city.example:cards:id#2026"
    assert (ran.json["name"], ran.json["signs"]) == ("2026", True)


def test_a_new_passphrase_is_typed_twice(tmp_path: Path) -> None:
    file = tmp_path / "new.keys"
    ran = run("keys", "new", str(file), given="one\nanother\nopen sesame\nopen sesame\n")
    assert ran.code == 0
    assert "sesame" not in ran.out + ran.err
    assert KeyRing.open(file, "open sesame").did == ran.out.strip()


def test_nothing_is_written_over(files: tuple[str, str, str], tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "gone")
    for there in (files[0], str(link)):
        ran = run("keys", "new", there, *files[1:], columns=300)
        assert (ran.code, ran.out) == (2, "")
        assert "there is a file already" in ran.err
    assert KeyRing.open(files[0], PASSPHRASE).did == KEYS.did


def test_list_show_and_document(files: tuple[str, str, str]) -> None:
    ring = KEYS.rotate("2027")
    ring.save(files[0], PASSPHRASE, cost=LEAST_COST)
    listed = run("keys", "list", *files)
    assert listed.out.splitlines() == [f"key-1                   {KEYS.did}", f"2027             signs  {ring.did}"]
    found = run("keys", "list", *files, "--json").json
    assert [(one["name"], one["did"], one["signs"]) for one in found["keys"]] == [("key-1", KEYS.did, False), ("2027", ring.did, True)]
    assert found["did"] == ring.did
    shown = run("keys", "show", *files, "--name", "key-1").out.splitlines()
    assert shown[:3] == ["name        key-1", f"did         {KEYS.did}", f"key id      {KEYS.key_id}"]
    assert run("keys", "show", *files, "--json").json == found["keys"][1]
    assert run("did", "document", *files).json == ring.document()


def test_export(files: tuple[str, str, str]) -> None:
    ran = run("keys", "export", *files)
    assert (ran.json, ran.err) == (jwk.encode(KEYS.signer.public_key), "")
    ran = run("keys", "export", *files, "--private", "--name", "key-1")
    assert jwk.decode_seed(ran.json) == KEYS.signer.export_seed()
    assert "this is a private key" in ran.err


def test_rotate_and_retire(files: tuple[str, str, str]) -> None:
    ran = run("keys", "rotate", *files, "--name", "2027")
    ring = KeyRing.open(files[0], PASSPHRASE)
    assert (ran.code, ran.out, ran.err) == (0, f"{ring.did}\n", "")
    assert (ring.names, ring.current, ring.did_of("key-1")) == (("key-1", "2027"), "2027", KEYS.did)
    ran = run("keys", "retire", *files, "--name", "key-1", "--json")
    assert (ran.code, ran.json["name"]) == (0, "2027")
    assert KeyRing.open(files[0], PASSPHRASE).names == ("2027",)


def test_reseal(files: tuple[str, str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = tmp_path / "new"
    new.touch(0o600)
    new.write_text("open sesame")
    dearer = Cost(2, LEAST_COST.memory_bytes)
    monkeypatch.setattr(keyfiles, "COST", dearer)
    monkeypatch.setattr(sealing, "DEFAULT_COST", dearer)
    ran = run("keys", "show", *files)
    assert (ran.code, ran.out) == (1, "")
    assert "less than is asked for today" in ran.err
    assert run("keys", "reseal", *files, "--new-passphrase-file", str(new)).code == 0
    assert KeyRing.open(files[0], "open sesame").did == KEYS.did


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("keys", "show", "FILE", "--name", "gone"), "there is no key 'gone'"),
        (("keys", "export", "FILE", "--name", "gone"), "there is no key 'gone'"),
        (("keys", "rotate", "FILE", "--name", "key-1"), "there is a key 'key-1' already"),
        (("keys", "rotate", "FILE", "--name", "a b"), "each with a name"),
        (("keys", "retire", "FILE", "--name", "key-1"), "the key that signs is not retired"),
        (("keys", "rotate", "FILE"), "Missing option"),
        (("keys", "new", "new.keys", "--method", "ion"), "--method is one of key, jwk, web"),
        (("keys", "new", "new.keys", "--method", "web"), "a did:web has a --domain"),
        (("keys", "new", "new.keys", "--domain", "city.example"), "a did:web has a --domain"),
        (("keys", "new", "new.keys", "--name", "a b"), "each with a name"),
        (("keys", "list", "nothing.keys"), "nothing.keys: No such file"),
        (("keys", "rotate", "nothing.keys", "--name", "x"), "nothing.keys: No such file"),
        (("did", "document", "nul\0"), "it cannot be used"),
        (("keys",), "Usage"),
    ],
)
def test_a_wrong_call(
    command: tuple[str, ...], says: str, files: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    options = files[1:] if len(command) > 1 else ()
    ran = run(*[files[0] if word == "FILE" else word for word in command], *options, columns=300)
    assert ran.code == 2
    assert says in ran.out + ran.err
    assert KeyRing.open(files[0], PASSPHRASE).names == ("key-1",)


COMMANDS = [
    ("keys", "list"),
    ("keys", "show"),
    ("keys", "export"),
    ("did", "document"),
    ("keys", "reseal"),
    ("keys", "rotate", "--name", "x"),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_what_is_wrong_with_a_file_is_refused(command: tuple[str, ...], files: tuple[str, str, str]) -> None:
    Path(files[2]).write_text("a guess")
    ran = run(*command, *files, "--json")
    assert (ran.code, ran.err) == (1, "")
    assert ran.json["problems"][0]["type"].endswith("WRONG_PASSPHRASE")
    Path(files[0]).write_bytes(b"\xff")
    assert run(*command, *files).code == 1


def test_a_domain_that_no_did_web_may_have_is_refused(files: tuple[str, str, str], tmp_path: Path) -> None:
    ran = run("did", "new", str(tmp_path / "new.keys"), "--method", "web", "--domain", "localhost", *files[1:])
    assert (ran.code, ran.out) == (1, "")
    assert not (tmp_path / "new.keys").exists()


@pytest.mark.parametrize("text", [b"", b"\n", b"a\nb\n", b"\xff"])
def test_a_passphrase_is_one_line(text: bytes, files: tuple[str, str, str]) -> None:
    Path(files[2]).write_bytes(text)
    ran = run("keys", "list", *files, columns=300)
    assert (ran.code, ran.out) == (2, "")
    assert "a passphrase is one line of text" in ran.err


def test_a_passphrase_that_others_may_read_is_not_used(files: tuple[str, str, str]) -> None:
    for mode in (0o640, 0o604):
        Path(files[2]).chmod(mode)
        ran = run("keys", "list", *files, columns=300)
        assert (ran.code, ran.out) == (2, "")
        assert "others may read it" in ran.err
    ran = run("keys", "list", files[0], "--passphrase-file", "nothing", columns=300)
    assert (ran.code, "nothing: No such file" in ran.err) == (2, True)


def test_half_a_character_is_no_passphrase(files: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyfiles, "passphrase", lambda *_, **__: "\ud800")
    assert run("keys", "list", files[0]).code == 2
    assert run("issue", "-", "--key", files[0], "--type", "T", "--holder", "x", "--days", "1", given="{}").code == 2
