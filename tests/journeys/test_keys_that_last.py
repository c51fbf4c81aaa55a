"""Journeys of organisations that go on tomorrow: a restart, a new key every year, a plug that is pulled, a key that lives in a vault."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from sayso import Credential, Expectations, Issuer, KeyRing, SaysoError, Verifier, Wallet, verify
from sayso.clock import system_clock
from sayso.dids import did_web, document
from sayso.errors import INVALID_VERIFICATION_METHOD, RETRIEVAL_REFUSED, UNTRUSTED_ISSUER, WRONG_PASSPHRASE
from sayso.identifiers import Did
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys import ed25519, sealing
from sayso.keys.passphrase import LEAST_COST
from sayso.keys.signer import Signer
from sayso.retrieval import Retrieved
from sayso.storage import files
from sayso.testing.world import CountingEntropy, World
from tests.journeys.town import HOUR, YEAR, ask, header_of, kinds
from tests.unit.proofs.refusals import refused

WORDS = "correct horse battery staple"
DID = "did:web:city.example"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "city.keys"


def publish(world: World, value: JsonObject) -> None:
    """Put a document where its did:web says."""
    world.network.documents[did_web.url_of(str(value["id"]))] = Retrieved(serialize(value).encode(), "application/did")


def opened(world: World, path: Path, *, key: str | None = None) -> Issuer:
    """Open the city's keys in a world; the cost is the least, so that tests are fast."""
    return Issuer.open(path, WORDS, key=key, outdated=True, clock=world.clock, entropy=world.entropy, fetch=world.network)


def card_of(issuer: Issuer, ada: Wallet) -> Credential:
    """Issue a card to Ada, who keeps it."""
    card = issuer.issue({"age_over_18": True}, type="IdentityCard", holder=ada.new_key(), valid_for=3 * YEAR)
    ada.store(card)
    return card


def shown(world: World, ada: Wallet, *trusted: str) -> object:
    """Let a bar ask, and Ada show the newest card that answers."""
    bar = world.verifier()
    request = ask(bar, "age_over_18", issuers=trusted)
    return bar.accept(ada.present(ada.plan(request)), request).read()


RESTARTED = """
import sys
from datetime import timedelta
from sayso import Issuer
city = Issuer.open(sys.argv[1], sys.argv[2], outdated=True)
print(city.issue({"age_over_18": True}, type="IdentityCard", holder=sys.argv[3], valid_for=timedelta(days=1)).text)
"""


def test_a_city_that_is_restarted(path: Path) -> None:
    ada, bar = Wallet.generate(), Verifier.generate(name="The Bar")
    city = Issuer.generate()
    before = city.issue({"age_over_18": True}, type="IdentityCard", holder=ada.new_key(), valid_for=timedelta(days=1))
    city.save(path, WORDS, cost=LEAST_COST)
    command = [sys.executable, "-c", RESTARTED, str(path), WORDS, ada.new_key()]
    after = Credential(subprocess.run(command, capture_output=True, check=True).stdout.strip(), before.media_type)
    assert header_of(after.text) == header_of(before.text)
    for card in (before, after):
        assert verify(card, Expectations(issuers=[city.did], holder_binding=False), at=system_clock()).issuer == city.did
        ada.store(card)
        request = ask(bar, "age_over_18", issuers=[city.did])
        assert bar.accept(ada.present(ada.plan(request)), request).read() == {"age_over_18": True}


def test_a_bar_that_is_restarted_between_question_and_answer(path: Path) -> None:
    world = World()
    city, ada, bar = world.issuer(), world.wallet(), world.verifier()
    card_of(city, ada)
    request = ask(bar, "age_over_18", issuers=[city.did])
    answer = ada.present(ada.plan(request))
    bar.save(path, WORDS, cost=LEAST_COST)
    again = Verifier.open(path, WORDS, outdated=True, clock=world.clock, entropy=world.entropy, fetch=world.network)
    assert again.accept(answer, request).read() == {"age_over_18": True}, "its own signature shows that it asked"


def test_a_did_web_that_changes_its_key_every_year(path: Path) -> None:
    world = World()
    ring = KeyRing.generate("web", domain="city.example", name="2026", entropy=world.entropy)
    ring.save(path, WORDS, cost=LEAST_COST)
    with refused(RETRIEVAL_REFUSED):  # nothing is published yet
        opened(world, path)
    publish(world, ring.document())
    first, second = world.wallet(), world.wallet()
    old = card_of(opened(world, path), first)

    ring = KeyRing.open(path, WORDS, outdated=True).rotate("2027", entropy=world.entropy)
    ring.save(path, WORDS, cost=LEAST_COST)
    with refused(INVALID_VERIFICATION_METHOD):  # the published document does not name the new key yet
        opened(world, path)
    assert header_of(card_of(opened(world, path, key="2026"), world.wallet()).text)["kid"] == DID + "#2026", "the old key still signs"
    publish(world, ring.document())
    new = card_of(opened(world, path), second)
    assert [header_of(card.text)["kid"] for card in (old, new)] == [DID + "#2026", DID + "#2027"]
    for ada in (first, second):
        assert shown(world, ada, DID) == {"age_over_18": True}

    ring = ring.retire("2026")
    ring.save(path, WORDS, cost=LEAST_COST)
    publish(world, ring.document())
    assert shown(world, second, DID) == {"age_over_18": True}
    with pytest.raises(SaysoError) as gone:
        shown(world, first, DID)
    assert INVALID_VERIFICATION_METHOD in kinds(gone.value)
    assert opened(world, path).did == DID


@pytest.mark.parametrize("method", ["key", "jwk", "peer"])
def test_a_did_that_is_a_key_gives_way_to_another(path: Path, method: str) -> None:
    world = World()
    KeyRing.generate(method, name="old", entropy=world.entropy).save(path, WORDS, cost=LEAST_COST)  # type: ignore[arg-type]
    first, second = world.wallet(), world.wallet()
    card_of(opened(world, path), first)
    ring = KeyRing.open(path, WORDS, outdated=True).rotate("new", entropy=world.entropy)
    ring.save(path, WORDS, cost=LEAST_COST)
    card_of(opened(world, path), second)
    before, after = ring.did_of("old"), ring.did
    assert before != after
    for ada in (first, second):
        assert shown(world, ada, before, after) == {"age_over_18": True}
    assert shown(world, first, before) == {"age_over_18": True}
    expected = Expectations(issuers=[before], holder_binding=False)
    card = opened(world, path).issue({"a": 1}, type="Card", holder=before, valid_for=HOUR)
    with pytest.raises(SaysoError) as stranger:  # who trusts only the old DID does not know the new one
        verify(card, expected, at=world.clock())
    assert kinds(stranger.value) == [UNTRUSTED_ISSUER]


def test_a_passphrase_is_changed(path: Path) -> None:
    city = Issuer.generate()
    city.save(path, "the old one", cost=LEAST_COST)
    Issuer.open(path, "the old one", outdated=True).save(path, WORDS, cost=LEAST_COST)
    assert Issuer.open(path, WORDS, outdated=True).did == city.did
    with refused(WRONG_PASSPHRASE):
        Issuer.open(path, "the old one", outdated=True)


# Saves ring after ring and says so, until somebody stops it.
BUSY = """
import sys
from sayso import KeyRing
from sayso.keys.passphrase import LEAST_COST
ring = KeyRing.open(sys.argv[1], sys.argv[2], outdated=True)
while True:
    ring = ring.rotate(f"key-{len(ring.names) + 1}") if len(ring.names) < 64 else ring.retire("key-1").rotate("key-1")
    ring.save(sys.argv[1], sys.argv[2], cost=LEAST_COST)
    print(ring.current, flush=True)
"""


@pytest.mark.parametrize("saves", [1, 2, 7, 30])
def test_a_plug_that_is_pulled_somewhere(path: Path, saves: int) -> None:
    KeyRing.generate().save(path, WORDS, cost=LEAST_COST)
    with subprocess.Popen([sys.executable, "-c", BUSY, str(path), WORDS], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        said = [process.stdout.readline().strip() for _ in range(saves)]
        process.kill()
        assert process.wait() == -signal.SIGKILL
    ring = KeyRing.open(path, WORDS, outdated=True)
    assert {*said} <= {*ring.names}, "what was saved is there, and perhaps more"
    ring.rotate("after").save(path, WORDS, cost=LEAST_COST)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert KeyRing.open(path, WORDS, outdated=True).current == "after"


# Does the steps of a save, and is killed before one of them.
KILLED = """
import os, signal, sys
from pathlib import Path
from sayso.storage import files
for number, step in enumerate(files.steps(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes())):
    if number == int(sys.argv[3]):
        os.kill(os.getpid(), signal.SIGKILL)
    step()
"""


@pytest.mark.parametrize("number", range(5))
def test_a_plug_that_is_pulled_before_each_step(path: Path, tmp_path: Path, number: int) -> None:
    old = KeyRing.generate("jwk", name="old", entropy=CountingEntropy())
    new = old.rotate("new", entropy=CountingEntropy(b"new"))
    old.save(path, WORDS, cost=LEAST_COST)
    (tmp_path / "elsewhere").mkdir()
    other = tmp_path / "elsewhere" / "new"
    new.save(other, WORDS, cost=LEAST_COST)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(path), str(other), str(number)], check=False)
    assert ended.returncode == -signal.SIGKILL
    found = KeyRing.open(path, WORDS, outdated=True)
    assert (found.names, found.did) == ((new.names, new.did) if number == 4 else (old.names, old.did))
    new.save(path, WORDS, cost=LEAST_COST)
    assert KeyRing.open(path, WORDS, outdated=True).did == new.did


class Vault:
    """Keep keys by name, and never give one away."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.signers: dict[str, Signer] = {}

    def make(self, name: str) -> None:
        public, secret = ed25519.key_pair(self._world.entropy(32))

        class Behind:
            public_key = public

            def sign(self, message: bytes) -> bytes:
                return ed25519.sign(message, secret)

        self.signers[name] = Behind()

    def document(self) -> JsonObject:
        keys = {f"{DID}#{name}": signer.public_key for name, signer in self.signers.items()}
        return document.of_keys(Did(DID), keys).to_json()


def test_keys_in_a_vault_rotate_too() -> None:
    world = World()
    vault = Vault(world)
    cards = []
    for year in ("2026", "2027"):
        vault.make(year)
        publish(world, vault.document())
        city = world.issuer(vault.signers[year], DID)
        ada = world.wallet()
        cards.append((year, card_of(city, ada), ada))
    for year, card, ada in cards:
        assert header_of(card.text)["kid"] == f"{DID}#{year}"
        assert shown(world, ada, DID) == {"age_over_18": True}
    with pytest.raises(TypeError, match="lives elsewhere"):
        world.issuer(vault.signers["2027"], DID).save("nowhere", WORDS)


def test_a_file_that_is_copied_is_the_same_city(path: Path, tmp_path: Path) -> None:
    """A backup is a copy: nothing in the file depends on its name, its place or this machine."""
    world = World()
    city = world.issuer()
    city.save(path, WORDS, cost=LEAST_COST)
    copy = tmp_path / "backup"
    files.replace(copy, files.read(path, sealing.MAX_BYTES))
    assert opened(world, copy).did == city.did
