"""Keys by name: made, rotated, retired, saved and opened again."""

import copy
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sayso import ANYONE, Expectations, Issuer, KeyRing, SaysoError, SeedSigner, Verifier, examine
from sayso.dids import did_jwk, did_key
from sayso.errors import INVALID_DID, KEY_FILE_DAMAGED, KEY_FILE_OUTDATED, KEY_FILE_UNREADABLE, WRONG_PASSPHRASE
from sayso.jsonvalue import serialize
from sayso.keys import jwk, sealing
from sayso.keys.passphrase import LEAST_COST
from sayso.keys.signer import Signer
from sayso.retrieval import Retrieved
from sayso.storage import files
from sayso.testing.world import CountingEntropy, World
from tests.journeys.town import HOUR, header_of, payload_of
from tests.unit.proofs.refusals import refused


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys"


WORDS = "open sesame"


def opened(path: Path, passphrase: str = WORDS) -> KeyRing:
    return KeyRing.open(path, passphrase, outdated=True)


class External:
    """A signer whose key lives elsewhere."""

    def __init__(self) -> None:
        self.inner = SeedSigner(bytes(32))
        self.public_key = self.inner.public_key

    def sign(self, message: bytes) -> bytes:
        return self.inner.sign(message)


class TestOneKey:
    def test_of_each_method(self) -> None:
        for method, of in (("key", did_key), ("jwk", did_jwk)):
            ring = KeyRing.generate(method)  # type: ignore[arg-type]
            assert ring.did == of.did_of(ring.signer.public_key)
            assert ring.key_id == of.verification_method(ring.signer.public_key)
            assert ring.document() == of.document(ring.did).to_json()
        web = KeyRing.generate("web", domain="city.example:8443", path=["cards"], name="2026")
        assert (web.did, web.key_id) == ("did:web:city.example%3A8443:cards", "did:web:city.example%3A8443:cards#2026")

    def test_two_are_never_alike(self) -> None:
        assert KeyRing.generate().did != KeyRing.generate().did
        entropy = CountingEntropy()
        assert KeyRing.generate(entropy=CountingEntropy()).did == KeyRing.generate(entropy=entropy).did

    def test_it_shows_nothing(self) -> None:
        ring = KeyRing.generate()
        assert repr(ring) == "KeyRing(method='key', web='', current='key-1')"
        assert ring == ring
        other = KeyRing(ring.method, ring.web, ring.signers, ring.current)
        assert ring != other
        assert len({ring, other}) == 2
        for copied in (copy.copy, copy.deepcopy, pickle.dumps):
            with pytest.raises(TypeError, match="not copied or pickled"):
                copied(ring)
        with pytest.raises(TypeError):
            ring.signers["x"] = ring.signer  # type: ignore[index]

    @pytest.mark.parametrize(
        ("given", "error"),
        [
            ({"method": "webvh"}, ValueError),
            ({"name": ""}, ValueError),
            ({"name": "a b"}, ValueError),
            ({"name": 65 * "a"}, ValueError),
            ({"name": 5}, ValueError),
            ({"method": "web"}, ValueError),
            ({"domain": "city.example"}, ValueError),
            ({"method": "jwk", "domain": "city.example"}, ValueError),
        ],
        ids=str,
    )
    def test_wrong_use(self, given: dict[str, Any], error: type[Exception]) -> None:
        with pytest.raises(error):
            KeyRing.generate(**given)

    def test_what_is_no_domain_and_no_path(self) -> None:
        given: list[dict[str, Any]] = [{"domain": 5}, {"domain": b"city.example"}, {"domain": "city.example", "path": "cards"}]
        for wrong in given:
            with pytest.raises(TypeError, match="path a sequence of texts"):
                KeyRing.generate("web", **wrong)

    def test_a_domain_that_is_none(self) -> None:
        with refused(INVALID_DID):
            KeyRing.generate("web", domain="localhost")
        with refused(INVALID_DID):
            KeyRing("web", "did:key:z", {"a": SeedSigner(bytes(32))}, "a")

    def test_what_is_no_ring(self) -> None:
        signer = SeedSigner(bytes(32))
        with pytest.raises(ValueError, match="1 to 64 keys"):
            KeyRing("key", "", {}, "a")
        with pytest.raises(ValueError, match="1 to 64 keys"):
            KeyRing("key", "", {"a": signer}, "b")
        with pytest.raises(ValueError, match="1 to 64 keys"):
            KeyRing("key", "", {f"k{number}": signer for number in range(65)}, "k0")
        with pytest.raises(TypeError, match="lives elsewhere"):
            KeyRing("key", "", {"a": External()}, "a")  # type: ignore[dict-item]


class TestRotation:
    def test_a_key_is_its_did(self) -> None:
        for method in ("key", "jwk", "peer"):
            ring = KeyRing.generate(method, name="old")
            new = ring.rotate("new")
            assert (new.names, new.current, ring.names) == (("old", "new"), "new", ("old",))
            assert new.did != ring.did == new.did_of("old")
            assert new.using("old").did == ring.did
            assert new.document() == KeyRing(new.method, "", {"new": new.signer}, "new").document(), "each DID has its one key"
            assert new.retire("old").names == ("new",)

    def test_a_did_web_stays(self) -> None:
        ring = KeyRing.generate("web", domain="city.example", name="old").rotate("new")
        document: Any = ring.document()
        assert [method["id"] for method in document["verificationMethod"]] == ["did:web:city.example#old", "did:web:city.example#new"]
        assert document["assertionMethod"] == document["authentication"] == ["did:web:city.example#old", "did:web:city.example#new"]
        assert ring.key_id == "did:web:city.example#new"
        retired: Any = ring.retire("old").document()
        assert retired["assertionMethod"] == ["did:web:city.example#new"]

    def test_wrong_use(self) -> None:
        ring = KeyRing.generate(name="a").rotate("b")
        for call in (ring.using, ring.retire, ring.did_of):
            with pytest.raises(ValueError, match="there is no key 'c'"):
                call("c")
        with pytest.raises(ValueError, match="there is a key 'a' already"):
            ring.rotate("a")
        with pytest.raises(ValueError, match="rotate first"):
            ring.retire("b")


class TestInAFile:
    def test_there_and_back(self, path: Path) -> None:
        for ring in (KeyRing.generate(), KeyRing.generate("jwk").rotate("b"), KeyRing.generate("web", domain="city.example").rotate("b")):
            ring.save(path, "open sesame", cost=LEAST_COST)
            again = opened(path)
            assert (again.method, again.web, again.names, again.current) == (ring.method, ring.web, ring.names, ring.current)
            assert [again.signers[name].export_seed() for name in again.names] == [ring.signers[name].export_seed() for name in ring.names]
            assert again.did == ring.did

    def test_what_is_refused_changes_nothing(self, path: Path) -> None:
        KeyRing.generate().save(path, "open sesame", cost=LEAST_COST)
        before = path.read_bytes()
        with refused(WRONG_PASSPHRASE):
            opened(path, "x")
        with refused(KEY_FILE_OUTDATED):
            KeyRing.open(path, "open sesame")
        for passphrase, error in (("", ValueError), (None, TypeError)):
            with pytest.raises(error):
                KeyRing.generate().save(path, passphrase, cost=LEAST_COST)  # type: ignore[arg-type]
        with pytest.raises(SaysoError):
            KeyRing.generate().save(path, "x", cost=LEAST_COST._replace(passes=0))
        assert path.read_bytes() == before

    def test_with_todays_cost(self, path: Path) -> None:
        ring = KeyRing.generate()
        ring.save(path, "x")
        assert KeyRing.open(path, "x").did == ring.did

    def test_no_file(self, path: Path) -> None:
        with refused(KEY_FILE_UNREADABLE):
            opened(path)

    @pytest.mark.parametrize(
        "change",
        [
            {"keys": []},
            {"keys": {}},
            {"keys": ["x"]},
            {"keys": [{"name": "a"}]},
            {"keys": [{"name": "key-1", "seed": "AAAA"}]},
            {"keys": [{"name": "key-1", "seed": "!"}]},
            {"keys": None},
            {"current": "other"},
            {"current": 5},
            {"web": None},
            {"keys": [{"name": None, "seed": 43 * "A"}], "current": "None"},
            {"keys": [{"name": "key-1", "seed": 5}]},
            {"method": "webvh"},
            {"method": ["key"]},
            {"web": "did:web:localhost", "method": "web"},
        ],
        ids=str,
    )
    def test_what_another_program_sealed(self, path: Path, change: dict[str, Any]) -> None:
        members = {"method": "key", "web": "", "current": "key-1", "keys": [{"name": "key-1", "seed": 43 * "A"}]}
        files.replace(path, sealing.seal(serialize(members).encode(), "open sesame", CountingEntropy(), LEAST_COST))
        assert opened(path).names == ("key-1",)
        for secret in (serialize({**members, **change}), "[]", "", serialize({**members, "keys": [*members["keys"], *members["keys"]]})):
            files.replace(path, sealing.seal(secret.encode(), "open sesame", CountingEntropy(), LEAST_COST))
            with refused(KEY_FILE_DAMAGED, says="no ring of keys"):
                opened(path)


class TestDoors:
    def test_an_issuer_lasts_over_a_restart(self, path: Path) -> None:
        city = Issuer.generate()
        before = city.issue({"a": 1}, type="Card", holder=KeyRing.generate().did, valid_for=HOUR)
        city.save(path, "open sesame", cost=LEAST_COST)
        code = (
            "import sys\nfrom datetime import timedelta\nfrom sayso import Issuer, KeyRing\n"
            "city = Issuer.open(sys.argv[1], 'open sesame', outdated=True)\n"
            "print(city.did)\n"
            "print(city.issue({'a': 2}, type='Card', holder=KeyRing.generate().did, valid_for=timedelta(hours=1)).text)\n"
        )
        did, after = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True).stdout.split()
        assert did == city.did
        world = World()
        for card in (before.text, after):
            expected = Expectations(issuers=[city.did], holder_binding=False)
            assert not [one for one in examine(card, expected, at=world.clock()).problems if one.stage != "date"]

    def test_a_verifier_lasts_over_a_restart(self, path: Path) -> None:
        bar = Verifier.generate(name="The Bar")
        bar.save(path, "open sesame", cost=LEAST_COST)
        again = Verifier.open(path, "open sesame", outdated=True, name="The Bar")
        assert again.did == bar.did
        request = again.request("a", issuers=ANYONE, purpose="p", benefit="b", keep_for=HOUR)
        assert payload_of(request.text)["client_metadata"]["client_name"] == "The Bar"

    def test_a_key_by_its_name(self, path: Path) -> None:
        ring = KeyRing.generate("jwk", name="old").rotate("new")
        ring.save(path, "open sesame", cost=LEAST_COST)
        for door in (Issuer, Verifier):
            assert door.open(path, "open sesame", outdated=True).did == ring.did
            assert door.open(path, "open sesame", key="old", outdated=True).did == ring.did_of("old")
            with pytest.raises(ValueError, match="there is no key 'x'"):
                door.open(path, "open sesame", key="x", outdated=True)
            with refused(KEY_FILE_OUTDATED):
                door.open(path, "open sesame")

    def test_a_did_jwk_issuer_that_rotates(self) -> None:
        """What was signed before verifies under the DID before."""
        world = World()
        ring = KeyRing.generate("jwk", name="old")
        old = Issuer.of(ring, clock=world.clock).issue({"a": 1}, type="Card", holder=KeyRing.generate().did, valid_for=HOUR)
        after = ring.rotate("new")
        new = Issuer.of(after, clock=world.clock).issue({"a": 1}, type="Card", holder=KeyRing.generate().did, valid_for=HOUR)
        for card, did in ((old, after.did_of("old")), (new, after.did)):
            assert examine(card, Expectations(issuers=[did], holder_binding=False), at=world.clock()).ok

    def test_a_did_web_issuer_keeps_the_name_of_its_key(self, path: Path) -> None:
        world = World()
        ring = KeyRing.generate("web", domain="city.example", name="2026")
        world.network.documents["https://city.example/.well-known/did.json"] = Retrieved(serialize(ring.document()).encode())
        city = Issuer.of(ring, fetch=world.network)
        city.save(path, "open sesame", cost=LEAST_COST)
        assert opened(path).key_id == ring.key_id == "did:web:city.example#2026"
        assert Issuer.open(path, "open sesame", outdated=True, fetch=world.network).did == city.did

    def test_no_key_is_lost_by_who_signs_with_another(self, path: Path) -> None:
        """An issuer that was opened saves every key of the file, not only its own."""
        ring = KeyRing.generate("jwk", name="old").rotate("new")
        ring.save(path, WORDS, cost=LEAST_COST)
        for door in (Issuer, Verifier):
            door.open(path, WORDS, outdated=True).save(path, WORDS, cost=LEAST_COST)
            assert opened(path).names == ("old", "new")
            assert opened(path).did == ring.did
        chosen = Issuer.open(path, WORDS, outdated=True, key="old")
        chosen.save(path, "another", cost=LEAST_COST)
        again = opened(path, "another")
        assert (again.names, again.current, again.did) == (("old", "new"), "old", chosen.did)

    def test_a_ring_signs_as_its_current_key(self, path: Path) -> None:
        ring = KeyRing.generate("jwk", name="old").rotate("new")
        assert ring.public_key == ring.signers["new"].public_key
        assert ring.sign(b"x") == ring.signers["new"].sign(b"x")
        # As any other signer it has a did:key too, and that is another DID than the ring's.
        plain = Issuer(ring)
        assert plain.did == did_key.did_of(ring.public_key)
        plain.save(path, WORDS, cost=LEAST_COST)
        assert (opened(path).did, opened(path).names) == (plain.did, ("key-1",))

    def test_the_name_of_the_algorithm_is_given_again(self, path: Path) -> None:
        city = Issuer.generate()
        city.save(path, WORDS, cost=LEAST_COST)
        again = Issuer.open(path, WORDS, outdated=True, algorithm="Ed25519")
        card = again.issue({"a": 1}, type="Card", holder=city.did, valid_for=HOUR)
        assert header_of(card.text)["alg"] == "Ed25519"

    def test_what_is_signed_is_the_same_after_a_restart(self, path: Path) -> None:
        """Ed25519 draws no chance: the same salts and the same instant give the same card, to the byte."""
        cards: list[bytes] = []
        World().issuer().save(path, WORDS, cost=LEAST_COST)
        for _ in range(2):
            world = World(b"the same")
            city = Issuer.open(path, WORDS, outdated=True, clock=world.clock, entropy=world.entropy)
            cards.append(city.issue({"a": 1}, type="Card", holder=city.did, valid_for=HOUR).data)
            city.save(path, WORDS, cost=LEAST_COST)
        assert cards[0] == cards[1]

    def test_what_is_no_ring(self) -> None:
        for door in (Issuer, Verifier):
            with pytest.raises(TypeError, match="keys are a KeyRing, not a SeedSigner"):
                door.of(SeedSigner(bytes(32)))  # type: ignore[arg-type]

    def test_what_cannot_be_saved(self, path: Path) -> None:
        external: Signer = External()
        for party in (Issuer(external), Verifier(external)):
            with pytest.raises(TypeError, match="lives elsewhere"):
                party.save(path, "open sesame")
        assert not path.exists()
        signer = SeedSigner(bytes(32))
        did = did_jwk.did_of({**jwk.encode(signer.public_key), "alg": "EdDSA"})
        with pytest.raises(ValueError, match="does not follow from the key alone"):
            Issuer(signer, did).save(path, "open sesame")


def test_a_seed_is_exported_on_request() -> None:
    seed = bytes(range(32))
    signer = SeedSigner(seed)
    assert signer.export_seed() == seed
    private = jwk.encode_private(seed)
    assert jwk.decode_seed(private) == seed
    assert [*private] == ["crv", "d", "kty", "x"]
    assert Issuer.from_jwk(private).did == did_key.did_of(signer.public_key)
    with pytest.raises(ValueError, match="32 bytes"):
        jwk.encode_private(seed[1:])


# Two keys of did:web:city.example, saved by 0.1.0 under "café" at the least cost.
KEPT = (
    '{"size":"000655","format":"https://w3id.org/sayso/key-file/v1","kdf":{"name":"argon2id","passes":1,"memoryBytes":8192,"s'
    'alt":"e0rJe8sz7MC2gy2Piw9lpg"},"cipher":{"name":"xchacha20-poly1305","nonce":"B652E6lrhPrq8olJo2vXarsFeS1I9GPL"},"check"'
    ':"E2GUkujS2A6PZF8twLq0Gto1OairxOfN5fcL2hPZfSk","sealed":"CYOT9QqObAvQMeV0dDQ9R05RjaFfTiTi5r0kxD80KzCDQWzrnbzBYLpMwrtQwEB'
    "XAjgAjakClSSUVUWMEce-EqJmQSuAKoQ-zXljJBCK9pGBBPfg8pBRyyGv_XmloXDArYRt7HOlbToh-yPZ3WpppIXUBU5_2yeZzaWk-SgzNtg2awu-XYZvZaF"
    '1SWH2YSKsz9zwowRxnNflzl2-iCdxY9O-3iRcI8Cb7RY1ScVSRx172VOf6-ptJPttuag_9TbI5K4cGb-qB5OCqCTnA1eRhy4jZS94qDq6g0Ta2NWOKPKd","'
    'digest":"DSOrRrerhm3KL3kN-J6y8VtTLJD6YKcorFm6U7_Rld0"}'
)


def test_a_file_of_the_first_version_opens_for_ever(path: Path) -> None:
    path.write_text(KEPT + "\n", encoding="utf-8")
    ring = opened(path, "cafe\u0301")
    assert (ring.did, ring.names, ring.current) == ("did:web:city.example", ("2026", "2027"), "2027")
    assert [signer.export_seed() for signer in ring.signers.values()] == [CountingEntropy(seed)(32) for seed in (b"", b"new")]


def test_the_form_of_the_file(path: Path) -> None:
    """The same keys, passphrase, cost and chance give the same bytes: this is what others may write and read."""
    ring = KeyRing.generate("web", domain="city.example", name="2026", entropy=CountingEntropy())
    ring = ring.rotate("2027", entropy=CountingEntropy(b"new"))
    ring.save(path, "caf\u00e9", cost=LEAST_COST, entropy=CountingEntropy(b"file"))
    assert path.read_text(encoding="utf-8") == KEPT + "\n"
