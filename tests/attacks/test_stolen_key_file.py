"""Somebody has the key file, or may write where it is, and has not the passphrase; or somebody has a place on the web for a document."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sayso import Expectations, Issuer, KeyRing, SaysoError, verify
from sayso.dids import did_web
from sayso.encodings import base64url
from sayso.errors import (
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID,
    KEY_FILE_DAMAGED,
    KEY_FILE_UNKNOWN,
    KEY_FILE_UNREADABLE,
    LIMIT_EXCEEDED,
    WRONG_PASSPHRASE,
    ProblemType,
)
from sayso.jsonvalue import serialize
from sayso.keys import sealing
from sayso.keys.passphrase import LEAST_COST
from sayso.retrieval import Retrieved
from sayso.testing.world import CountingEntropy, World
from tests.journeys.town import HOUR
from tests.unit.proofs.refusals import refused

WORDS = "correct horse battery staple"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Save a city's keys."""
    path = tmp_path / "city.keys"
    KeyRing.generate(name="2026", entropy=CountingEntropy()).rotate("2027", entropy=CountingEntropy(b"new")).save(
        path, WORDS, cost=LEAST_COST
    )
    return path


def rewritten(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what a file says, and make its size and digest fit, as who knows the format can."""
    members: dict[str, Any] = json.loads(path.read_bytes())
    change(members)
    del members["digest"]
    members["size"] = f"{len(serialize({**members, 'digest': 43 * 'A'}).encode()) + 1:06}"
    path.write_bytes(serialize({**members, "digest": sealing._digest(members)}).encode() + b"\n")  # noqa: SLF001 - forged as a stranger would


def opened(path: Path, passphrase: str = WORDS) -> KeyRing:
    return KeyRing.open(path, passphrase, outdated=True)


def test_guessing(path: Path) -> None:
    before = path.read_bytes()
    for guess in ("correct horse battery", WORDS.upper(), WORDS + " ", " " + WORDS, "123456"):
        with refused(WRONG_PASSPHRASE):
            opened(path, guess)
    assert path.read_bytes() == before
    assert not any(word in before for word in (b"2026", b"2027", b"did:", *WORDS.encode().split())), "names and DIDs are sealed too"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda file: file["kdf"].update(memoryBytes=2**40), LIMIT_EXCEEDED),
        (lambda file: file["kdf"].update(passes=10**9), LIMIT_EXCEEDED),
        (lambda file: file["kdf"].update(memoryBytes=10**400), LIMIT_EXCEEDED),
        (lambda file: file["kdf"].update(passes=-1), LIMIT_EXCEEDED),
        (lambda file: file["kdf"].update(salt="AAAA"), KEY_FILE_DAMAGED),
        (lambda file: file["kdf"].update(salt=4000 * "A"), KEY_FILE_DAMAGED),
        (lambda file: file["kdf"].update(passes=2), WRONG_PASSPHRASE),
        (lambda file: file["kdf"].update(name="none"), KEY_FILE_UNKNOWN),
        (lambda file: file["cipher"].update(name="none"), KEY_FILE_UNKNOWN),
        (lambda file: file.update(format="https://w3id.org/sayso/key-file/v0"), KEY_FILE_UNKNOWN),
        (lambda file: file.update(sealed=file["sealed"][:-8] + 8 * "A"), KEY_FILE_DAMAGED),
        (lambda file: file.update(check=43 * "A"), WRONG_PASSPHRASE),
        (lambda file: file.update(check="é"), WRONG_PASSPHRASE),
        (lambda file: file["cipher"].update(more="x"), KEY_FILE_DAMAGED),
    ],
)
def test_turning_the_cost_and_the_rest_of_the_header(path: Path, change: Callable[[dict[str, Any]], object], kind: ProblemType) -> None:
    rewritten(path, change)
    before = path.read_bytes()
    with refused(kind):
        opened(path)
    assert path.read_bytes() == before, "what is refused is left as it is, so that it can be looked at"


def test_asking_for_all_the_memory_there_is(path: Path) -> None:
    """A process that may not have more than 700 MB refuses a tebibyte without asking for it, and a gibibyte with the one error."""
    code = (
        "import resource, sys\nfrom sayso import KeyRing, SaysoError\nfrom sayso.keys import sealing\nfrom sayso.storage import files\n"
        "resource.setrlimit(resource.RLIMIT_AS, (700 << 20, 700 << 20))\n"
        "try:\n    KeyRing.open(sys.argv[1], 'x')\nexcept SaysoError as error:\n    print(error.problems[0].kind.url)\n"
    )
    for memory in (2**40, 2**30):
        rewritten(path, lambda file, memory=memory: file["kdf"].update(memoryBytes=memory, passes=3))  # type: ignore[misc]
        said = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout.strip()
        assert said == LIMIT_EXCEEDED.url


def test_a_member_that_is_said_twice(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"kdf":', b'"kdf":{"name":"argon2id"},"kdf":', 1))
    with refused(KEY_FILE_DAMAGED, says="two members of one name"):
        opened(path)


def test_parts_of_two_files_under_one_passphrase(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.keys"
    KeyRing.generate(entropy=CountingEntropy(b"other")).save(other, WORDS, cost=LEAST_COST)
    whole = path.read_bytes()
    for name in ("kdf", "cipher", "check", "sealed"):
        path.write_bytes(whole)
        rewritten(path, lambda file, name=name: file.update({name: json.loads(other.read_bytes())[name]}))  # type: ignore[misc]
        with refused(WRONG_PASSPHRASE if name in ("kdf", "check") else KEY_FILE_DAMAGED):
            opened(path)


def test_a_file_of_the_thief(path: Path) -> None:
    """Whoever can write there can put keys of their own in its place, but not under this passphrase."""
    KeyRing.generate().save(path, "the thief's own", cost=LEAST_COST)
    with refused(WRONG_PASSPHRASE):
        opened(path)


def test_something_else_in_the_place_of_the_file(tmp_path: Path) -> None:
    folder, loop = tmp_path / "folder", tmp_path / "loop"
    folder.mkdir()
    loop.symlink_to(loop)
    for path in (folder, loop / "keys", folder / "keys" / "keys"):
        with refused(KEY_FILE_UNREADABLE):
            opened(path)
        with refused(KEY_FILE_UNREADABLE):
            KeyRing.generate().save(path, WORDS, cost=LEAST_COST)
    assert [*folder.iterdir()] == []


def test_a_document_that_speaks_for_another_place() -> None:
    """A city's did:web is decided by what lies at its place, and that document speaks for nobody else."""
    world = World()
    thief = KeyRing.generate("web", domain="thief.example", entropy=world.entropy)
    claims_to_be = {**thief.document(), "id": "did:web:city.example"}
    for value in (thief.document(), claims_to_be):
        world.network.documents[did_web.url_of(thief.did)] = Retrieved(serialize(value).encode())
        world.network.documents.pop("https://city.example/.well-known/did.json", None)
        with pytest.raises(SaysoError):
            Issuer(thief.signer, "did:web:city.example", clock=world.clock, fetch=world.network)
    with refused(INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID):
        Issuer.of(thief, clock=world.clock, fetch=world.network)


def test_a_card_that_leads_the_verifier_into_its_own_network() -> None:
    """The key of a card is named by who made it: nothing is asked for at such a place, whatever the fetcher would do."""
    world = World()
    card = world.issuer().issue({"a": 1}, type="Card", holder=KeyRing.generate(entropy=world.entropy).did, valid_for=HOUR)
    header, payload, signature = card.text.partition("~")[0].split(".")
    inside = [
        "localhost",
        "127.0.0.1",
        "169.254.169.254",
        "2130706433",
        "0x7f000001",
        "metadata.internal",
        "%31%32%37.0.0.1",
        "a%2Eexample",
    ]
    for host in [*inside, "city.example"]:
        did = f"did:web:{host}"
        forged = ".".join((_pointing(header, did), payload, signature)) + "~"
        with pytest.raises(SaysoError):
            verify(forged, Expectations(issuers=[did], holder_binding=False), at=world.clock(), fetch=world.network)
    assert [*world.network.asked] == ["https://city.example/.well-known/did.json"]


def _pointing(header: str, did: str) -> str:
    return base64url.encode(json.dumps({**json.loads(base64url.decode(header)), "kid": did + "#key"}).encode())
