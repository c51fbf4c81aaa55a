"""`sayso did resolve`, `rotate` and `deactivate`."""

import json
from pathlib import Path

import pytest

from sayso import KeyRing
from sayso.dids import did_key, did_peer, did_peer_2, did_web, document
from sayso.keys.passphrase import LEAST_COST
from tests.spec.did_peer.examples import METHOD_2, METHOD_3_OF_THAT
from tests.unit.cli.keyring import KEYS, PASSPHRASE, kept
from tests.unit.cli.running import run

AT = ("--at", "2026-11-21T12:00:00Z")


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str, str]:
    """Give a key file and the options that name its passphrase."""
    keyfile, passphrase = kept(tmp_path)
    return keyfile, "--passphrase-file", passphrase


@pytest.fixture
def web(tmp_path: Path) -> KeyRing:
    """Give a ring of a did:web, whose document lies in did.json, and whose key file is web.keys."""
    ring = KeyRing.generate("web", domain="city.example", name="2026")
    ring.save(tmp_path / "web.keys", PASSPHRASE, cost=LEAST_COST)
    members = ring.document() | {
        "service": [{"id": "#files", "type": "Files", "serviceEndpoint": ["https://city.example/f/", "https://b.example/"]}]
    }
    (tmp_path / "did.json").write_text(json.dumps(members))
    return ring


def test_the_document_of_a_did() -> None:
    ran = run("did", "resolve", KEYS.did, *AT)
    assert (ran.code, ran.err) == (0, "")
    assert ran.json == did_key.view(KEYS.did)
    found = run("did", "resolve", KEYS.did, "--json").json
    assert found == {
        "didResolutionMetadata": {"contentType": "application/did"},
        "didDocument": did_key.view(KEYS.did),
        "didDocumentMetadata": {},
    }


def test_options_by_their_names() -> None:
    ran = run("did", "resolve", KEYS.did, "--option", "enableEncryptionKeyDerivation=true", "--option", "publicKeyFormat=JsonWebKey")
    assert ran.json == did_key.view(KEYS.did, "JsonWebKey", agreement=True)
    for wrong in ("x", "=x", ""):
        assert run("did", "resolve", KEYS.did, "--option", wrong).code == 2


def test_a_part_of_a_document_and_what_it_is_authorised_for(web: KeyRing, tmp_path: Path) -> None:
    held = ("--file", str(tmp_path / "did.json"))
    ran = run("did", "resolve", web.key_id, *held, "--relationship", "assertionMethod")
    assert (ran.code, ran.json["id"]) == (0, web.key_id)
    ran = run("did", "resolve", web.key_id, *held, "--relationship", "keyAgreement")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "The key is not authorised for this purpose: the DID document does not name the key under keyAgreement\n"


def test_the_places_of_a_service(web: KeyRing, tmp_path: Path) -> None:
    ran = run("did", "resolve", f"{web.did}?service=files", "--file", str(tmp_path / "did.json"), "--accept", "text/uri-list")
    assert (ran.code, ran.out) == (0, "https://city.example/f/\nhttps://b.example/\n")


def test_nothing_is_retrieved(web: KeyRing, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document.of_keys(did_web.did_of("other.example"), {}).to_json()))
    for arguments in ((), ("--witnesses", str(other)), ("--file", str(other))):
        ran = run("did", "resolve", web.did, *arguments)
        assert (ran.code, ran.out) == (1, "")
    assert "no fetcher was given" in run("did", "resolve", web.did).err
    ran = run("did", "resolve", web.did, "--json")
    assert ran.code == 1
    assert ran.json["didResolutionMetadata"]["error"]["type"] == "https://www.w3.org/ns/did#INTERNAL_ERROR"
    assert run("did", "resolve", web.did, "--file", str(tmp_path / "missing")).code == 2


def test_versions_are_asked_for() -> None:
    for arguments in (("--version-id", "1"), ("--version-time", "2026-01-01T00:00:00Z")):
        ran = run("did", "resolve", KEYS.did, *arguments, "--json")
        assert (ran.code, ran.json["didResolutionMetadata"]["error"]["type"]) == (1, "https://www.w3.org/ns/did#FEATURE_NOT_SUPPORTED")
    assert run("did", "resolve", KEYS.did, "--at", "today").code == 2


def test_a_peer_by_its_short_form() -> None:
    assert run("did", "resolve", METHOD_3_OF_THAT).code == 1
    ran = run("did", "resolve", METHOD_3_OF_THAT, "--known", METHOD_2)
    assert (ran.code, ran.json["alsoKnownAs"]) == (0, [METHOD_2])
    assert run("did", "resolve", METHOD_3_OF_THAT, "--known", KEYS.did).code == 1
    assert did_peer.short_of(METHOD_2) == did_peer_2.short_of(METHOD_2) == METHOD_3_OF_THAT


def test_hostile_text_obeys_no_terminal() -> None:
    ran = run("did", "resolve", "did:key:\x1b[31m")
    assert ran.code == 1
    assert "\x1b" not in ran.out + ran.err


def test_rotation_writes_what_is_to_be_published(web: KeyRing, tmp_path: Path, files: tuple[str, str, str]) -> None:
    ran = run("did", "rotate", str(tmp_path / "web.keys"), "--name", "2027", *files[1:])
    ring = KeyRing.open(tmp_path / "web.keys", PASSPHRASE)
    assert (ran.code, ran.json) == (0, ring.document())
    assert (ring.did, ring.names, ring.current) == (web.did, ("2026", "2027"), "2027")
    assert ran.err == "https://city.example/.well-known/did.json: publish this there before anything is signed\n"
    assert run("did", "rotate", str(tmp_path / "web.keys"), "--name", "2027", *files[1:]).code == 2
    assert run("did", "rotate", str(tmp_path / "missing"), "--name", "2027", *files[1:]).code == 2


def test_deactivation_leaves_no_key(web: KeyRing, tmp_path: Path, files: tuple[str, str, str]) -> None:
    ran = run("did", "deactivate", str(tmp_path / "web.keys"), *files[1:])
    assert ran.code == 0
    assert ran.json == {"@context": ["https://www.w3.org/ns/did/v1.1"], "id": web.did, "verificationMethod": []}
    assert document.parse(ran.json).methods == {}
    assert "nothing verifies any more" in ran.err
    assert KeyRing.open(tmp_path / "web.keys", PASSPHRASE).names == ("2026",)


@pytest.mark.parametrize("arguments", [("rotate", "--name", "x"), ("deactivate",)])
def test_a_did_that_is_its_key_never_changes(arguments: tuple[str, ...], files: tuple[str, str, str]) -> None:
    ran = run("did", arguments[0], files[0], *arguments[1:], *files[1:], columns=300)
    assert (ran.code, ran.out) == (2, "")
    assert "a did:key is its key and never changes" in ran.err
