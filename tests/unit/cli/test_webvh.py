"""A did:webvh at the command line: its key file, its log, and who reads that."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sayso import Issuer, KeyRing, SeedSigner, WebvhLog
from sayso.cli import fetching
from sayso.clock import system_clock
from sayso.jsonvalue import DEFAULT_LIMITS
from sayso.keys.passphrase import LEAST_COST
from sayso.storage import files, webvh
from tests.support import SHARED, needs_shared
from tests.unit.cli.keyring import KEYS, PASSPHRASE, kept
from tests.unit.cli.running import Ran, run

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
CARD = ("--type", "Card", "--days", "3", "--holder", KEYS.did)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with a passphrase in it, and with the key file of a did:key."""
    kept(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sayso(*arguments: str, given: str | None = None, columns: int = 300) -> Ran:
    return run(*arguments, "--passphrase-file", "passphrase", given=given, columns=columns)


def new(*options: str) -> Ran:
    return sayso("did", "new", "webvh.keys", "--method", "webvh", "--domain", "city.example", *options)


def ring() -> KeyRing:
    return KeyRing.open("webvh.keys", PASSPHRASE)


def keys_of(did: str, *options: str) -> list[str]:
    members = run("did", "resolve", did, "--file", "did.jsonl", *options).json
    return [url.partition("#")[2] for url in members["assertionMethod"]]


def test_a_new_one_has_a_key_file_and_a_log(folder: Path) -> None:
    ran = new("--path", "cards", "--name", "2026")
    assert (ran.code, ran.out) == (0, f"{ring().did}\n")
    assert ran.err == "publish did.jsonl at https://city.example/cards/did.jsonl\n"
    assert ring().did.startswith("did:webvh:Qm")
    assert ring().did.endswith(":city.example:cards")
    assert keys_of(ring().did) == ["2026"]
    assert (folder / "webvh.keys").stat().st_mode & 0o077 == 0
    plain = folder / "plain"
    plain.touch()
    assert (folder / "did.jsonl").stat().st_mode == plain.stat().st_mode, "it is to be published"
    assert run("did", "resolve", ring().did, "--json", "--file", "did.jsonl").json["didDocumentMetadata"]["versionId"].startswith("1-")


@pytest.mark.parametrize("options", [(), ("--pre-rotation",)], ids=["plain", "pre-rotation"])
def test_it_is_rotated_and_ended(options: tuple[str, ...]) -> None:
    made = new(*options, "--json").json
    did = made["did"]
    assert made == {
        "did": did,
        "version_id": made["version_id"],
        "log": "did.jsonl",
        "publish_at": "https://city.example/.well-known/did.jsonl",
    }
    assert len(ring().update_signers) == 1 + len(options)
    for name in ("2027", "2028"):
        ran = sayso("did", "rotate", "webvh.keys", "--name", name)
        assert (ran.code, ran.out) == (0, f"{did}\n")
    assert (ring().current, keys_of(did)) == ("2028", ["key-1", "2027", "2028"])
    assert keys_of(did, "--version-id", made["version_id"]) == ["key-1"]
    entries = [json.loads(line) for line in Path("did.jsonl").read_text().splitlines()]
    assert [bool(entry["parameters"].get("nextKeyHashes")) for entry in entries] == [bool(options)] * 3
    ran = sayso("did", "deactivate", "webvh.keys", "--json")
    assert (ran.code, ran.json["version_id"][:2]) == (0, "4-")
    ended = run("did", "resolve", did, "--file", "did.jsonl")
    assert (ended.code, ended.out, ended.err) == (1, "", "The DID was deactivated\n")
    log = Path("did.jsonl").read_bytes()
    for command in (("rotate", "webvh.keys", "--name", "2029"), ("deactivate", "webvh.keys")):
        ran = sayso("did", *command)
        assert (ran.code, "the DID was deactivated, and no version follows" in ran.err) == (1, True)
    assert (Path("did.jsonl").read_bytes(), ring().current) == (log, "2028")


def test_a_card_is_issued_and_verified() -> None:
    new("--log", "city.jsonl")
    did = ring().did
    card = sayso("issue", "-", "--key", "webvh.keys", "--log", "city.jsonl", *CARD, given='{"n": 1}').out
    command = ("verify", "-", "--issuer", did, "--no-holder-binding")
    assert run(*command, given=card).code == 1
    assert run(*command, "--did-document", "city.jsonl", given=card).code == 0
    sayso("did", "rotate", "webvh.keys", "--log", "city.jsonl", "--name", "2027")
    assert run(*command, "--did-document", "city.jsonl", given=card).code == 0, "what was signed before verifies"
    log = Path("city.jsonl").read_text()
    Path("city.jsonl").write_text(log.replace("2027", "2O27"))
    assert "resolve" in run(*command, "--did-document", "city.jsonl", "--json", given=card).json["problems"][0]["stage"]
    Path("city.jsonl").write_text(log)
    sayso("did", "deactivate", "webvh.keys", "--log", "city.jsonl")
    assert run(*command, "--did-document", "city.jsonl", given=card).code == 1
    ran = sayso("issue", "-", "--key", "webvh.keys", "--log", "city.jsonl", *CARD, given='{"n": 1}')
    assert (ran.code, ran.out) == (1, "")
    assert sayso("issue", "-", "--key", "webvh.keys", *CARD, given='{"n": 1}').code == 2, "did.jsonl is not there"


def test_a_command_that_was_stopped_is_given_again() -> None:
    new()
    did = ring().did
    log = WebvhLog.read(did, Path("did.jsonl").read_text(), system_clock())
    stopped = webvh.rotate(ring(), log, "2027", log.version_time + timedelta(seconds=1))
    stopped.ring.save("webvh.keys", PASSPHRASE, cost=LEAST_COST)
    assert keys_of(did) == ["key-1"]
    assert sayso("did", "rotate", "webvh.keys", "--name", "2027").code == 0
    assert keys_of(did) == ["key-1", "2027"]
    assert ring().signers["2027"].public_key == stopped.ring.public_key
    assert sayso("did", "rotate", "webvh.keys", "--name", "2027").code == 2
    assert sayso("did", "deactivate", "webvh.keys").code == 0


@pytest.mark.skipif(os.name != "posix", reason="only POSIX has such a lock")
@pytest.mark.parametrize(
    "command",
    [
        ("did", "rotate", "webvh.keys", "--name", "2027"),
        ("did", "deactivate", "webvh.keys"),
        ("keys", "rotate", "city.keys", "--name", "x"),
    ],
    ids=" ".join,
)
def test_two_who_change_it_at_once_wait_for_each_other(command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the key file of the one and the log of the other could be left, and control would be lost."""
    import fcntl

    def locked() -> bool:
        folder = os.open(".", os.O_RDONLY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(folder)
        return False

    new()
    was_locked: list[bool] = []
    replace = files.replace

    def watched(path: str, *arguments: Any, **options: Any) -> None:
        was_locked.append(locked())
        replace(path, *arguments, **options)

    monkeypatch.setattr(files, "replace", watched)
    assert sayso(*command).code == 0
    assert was_locked
    assert all(was_locked)
    assert not locked()


def test_where_the_log_cannot_be_written_there_is_no_key_file_either() -> None:
    ran = new("--log", "nowhere/did.jsonl")
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere/did.jsonl: the file could not be written: No such file or directory" in ran.err
    assert not Path("webvh.keys").exists()
    assert new().code == 0


def test_nothing_is_written_over() -> None:
    Path("did.jsonl").write_text("a log")
    ran = new()
    assert (ran.code, "did.jsonl: there is a file already; a log that is written over is lost" in ran.err) == (2, True)
    assert (Path("webvh.keys").exists(), Path("did.jsonl").read_text()) == (False, "a log")


def test_keys_of_a_did_webvh_change_with_its_log() -> None:
    new()
    ran = sayso("keys", "rotate", "webvh.keys", "--name", "2027")
    assert (ran.code, "the log of a did:webvh has to name its new key: sayso did rotate" in ran.err) == (2, True)
    sayso("did", "rotate", "webvh.keys", "--name", "2027")
    ran = sayso("keys", "retire", "webvh.keys", "--name", "key-1")
    assert (ran.code, ran.err) == (0, "its log names the keys of this file from the next sayso did rotate on\n")
    assert keys_of(ring().did) == ["key-1", "2027"]
    sayso("did", "rotate", "webvh.keys", "--name", "2028")
    assert keys_of(ring().did) == ["2027", "2028"]
    assert sayso("did", "document", "webvh.keys").json["assertionMethod"] == [f"{ring().did}#2027", f"{ring().did}#2028"]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("did", "new", "x.keys", "--method", "webvh"), "a did:web has a --domain, and so has a did:webvh"),
        (("did", "new", "x.keys", "--method", "webvh", "--domain", "a.example", "--name", "a b", "--log", "x"), "each with a name"),
        (("did", "new", "x.keys", "--pre-rotation"), "--pre-rotation is for a did:webvh"),
        (("did", "new", "x.keys", "--log", "x.jsonl"), "a did:webvh has a --log"),
        (("did", "rotate", "web.keys", "--name", "x", "--log", "did.jsonl"), "a did:webvh has a --log"),
        (("did", "deactivate", "web.keys", "--log", "did.jsonl"), "a did:webvh has a --log"),
        (("did", "rotate", "webvh.keys", "--name", "x", "--log", "gone"), "gone: No such file"),
        (("did", "deactivate", "webvh.keys", "--log", "gone"), "gone: No such file"),
        (("issue", "-", "--key", "city.keys", "--log", "did.jsonl", *CARD), "a did:webvh has a --log"),
    ],
    ids=" ".join,
)
def test_a_wrong_call(command: tuple[str, ...], says: str) -> None:
    new()
    KeyRing.generate("web", domain="city.example").save("web.keys", PASSPHRASE, cost=LEAST_COST)
    log = Path("did.jsonl").read_bytes()
    ran = sayso(*command, given="{}")
    assert (ran.code, ran.out) == (2, "")
    assert says in ran.err
    assert (Path("did.jsonl").read_bytes(), ring().names, Path("x.keys").exists()) == (log, ("key-1",), False)


def test_a_place_that_no_did_webvh_may_have() -> None:
    ran = sayso("did", "new", "x.keys", "--method", "webvh", "--domain", "localhost", "--json")
    assert (ran.code, ran.json["problems"][0]["type"]) == (1, "https://www.w3.org/ns/did#INVALID_DID")
    assert not Path("x.keys").exists()


@pytest.mark.parametrize("log", [b"", b"\xff", b"{}\n", None], ids=str)
def test_a_log_that_does_not_hold_is_left_alone(log: bytes | None) -> None:
    new()
    if log is None:
        log = webvh.create("city.example", at=system_clock()).log.text.encode()
    Path("did.jsonl").write_bytes(log)
    for command in (("rotate", "webvh.keys", "--name", "x"), ("deactivate", "webvh.keys")):
        ran = sayso("did", *command, "--json")
        assert (ran.code, ran.json["problems"][0]["type"]) == (1, "https://www.w3.org/ns/did#INVALID_DID")
    assert (Path("did.jsonl").read_bytes(), ring().names) == (log, ("key-1",))


def test_a_long_log_is_read() -> None:
    new()
    kept = ring()
    log = WebvhLog.read(kept.did, Path("did.jsonl").read_text(), system_clock())
    files = {"id": "#big", "type": "Files", "serviceEndpoint": "https://city.example/" + 250_000 * "a"}
    for seconds in range(1, 6):
        at = log.version_time + timedelta(seconds=1)
        log = log.update(kept.update_signers[0], at, {**kept.document(), "service": [{**files, "id": f"#big-{seconds}"}]})
    Path("did.jsonl").write_text(log.text)
    assert len(log.text) > DEFAULT_LIMITS.size_bytes
    assert keys_of(kept.did) == ["key-1"]
    assert sayso("did", "deactivate", "webvh.keys").code == 0


class TestWitnesses:
    """Two witnesses, of whom one has to approve."""

    @pytest.fixture
    def did(self) -> str:
        """Write a log that has to be witnessed, as it was approved, and a card that its DID signed."""
        update, notary = SeedSigner(bytes(32)), SeedSigner(bytes([1]) * 32)
        log = WebvhLog.create("city.example", signer=update, at=AT, keys={"key-1": KEYS.public_key}, witnesses=[notary.public_key])
        log = log.approve(notary, AT)
        Path("did.jsonl").write_text(log.text)
        Path("did-witness.json").write_text(log.witnesses)
        KeyRing("webvh", log.did, {"key-1": KEYS.signer}, "key-1").save("webvh.keys", PASSPHRASE, cost=LEAST_COST)
        return log.did

    def test_they_are_asked(self, did: str) -> None:
        assert keys_of(did, "--witnesses", "did-witness.json") == ["key-1"]
        ran = run("did", "resolve", did, "--file", "did.jsonl")
        assert (ran.code, "the proofs of the witnesses of a did:webvh: a retrieval is needed" in ran.err) == (1, True)
        Path("did-witness.json").write_text("[]")
        ran = run("did", "resolve", did, "--file", "did.jsonl", "--witnesses", "did-witness.json")
        assert (ran.code, "too few witnesses approved the entry" in ran.err) == (1, True)

    def test_a_card_is_verified(self, did: str) -> None:
        fetch = fetching.held("did.jsonl", "did-witness.json")
        city = Issuer.of(KeyRing("webvh", did, {"key-1": KEYS.signer}, "key-1"), fetch=fetch)
        card = city.issue({"n": 1}, type="Card", holder=KEYS.did, valid_for=timedelta(days=2)).text
        command = ("verify", "-", "--issuer", did, "--no-holder-binding", "--did-document", "did.jsonl")
        assert run(*command, "--witnesses", "did-witness.json", given=card).code == 0
        assert run(*command, "--json", given=card).json["decided"] is False
        Path("did-witness.json").write_text("[]")
        assert run(*command, "--witnesses", "did-witness.json", "--json", given=card).json["decided"] is True

    def test_their_log_is_not_changed_here(self, did: str) -> None:
        ran = sayso("did", "rotate", "webvh.keys", "--name", "x")
        assert (ran.code, "too few witnesses approved the entry" in ran.err) == (1, True)
        assert keys_of(did, "--witnesses", "did-witness.json") == ["key-1"]


@needs_shared
@pytest.mark.parametrize("name", ["basic-create", "portable-move", "pre-rotation-consume", "services", "witness-threshold"])
def test_published_logs_resolve(name: str) -> None:
    assert SHARED is not None
    for published in SHARED.glob(f"vectors/did-webvh/{name}/*/did.jsonl"):
        did = json.loads(published.read_text().splitlines()[-1])["state"]["id"]
        proofs = published.with_name("did-witness.json")
        ran = run("did", "resolve", did, "--file", str(published), *(("--witnesses", str(proofs)) if proofs.exists() else ()))
        expected = json.loads(published.with_name("resolutionResult.json").read_text())["didDocument"]
        assert (ran.code, ran.json["id"]) == (0, expected["id"])
        assert ran.json.get("verificationMethod") == expected.get("verificationMethod")
