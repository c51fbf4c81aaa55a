"""A did:webvh that is kept: its keys in a ring, and the log that they sign."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sayso import Issuer, KeyRing, SeedSigner, WebvhLog
from sayso.dids.did_webvh.resolution import read_log
from sayso.errors import INVALID_DID, KEY_FILE_DAMAGED
from sayso.jsonvalue import serialize
from sayso.keys import sealing
from sayso.keys.passphrase import LEAST_COST
from sayso.retrieval import Retrieve, Retrieved
from sayso.storage import webvh
from sayso.storage.webvh import Kept
from sayso.testing.world import START, CountingEntropy
from tests.unit.proofs.refusals import refused

AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = AT + 9 * DAY
WORDS = "open sesame"


def made(*, pre_rotation: bool = False) -> Kept:
    return webvh.create("city.example", "cards", at=AT, name="2026", pre_rotation=pre_rotation, entropy=CountingEntropy())


def signing(log: WebvhLog) -> list[str]:
    """Give the fragments of the keys that may sign credentials."""
    found = read_log(log.did, log.text, NOW).document
    return [] if found is None else [url.partition("#")[2] for url in found.relationships["assertionMethod"]]


def test_it_is_created_with_its_keys() -> None:
    ring, log = made()
    assert (ring.did, ring.key_id) == (log.did, f"{log.did}#2026")
    assert log.did.split(":")[3:] == ["city.example", "cards"]
    assert ring.document()["verificationMethod"] == log.document["verificationMethod"]
    assert (log.pre_rotates, log.version_time) == (False, AT)
    assert [log.accepts(signer.public_key) for signer in ring.update_signers] == [True]
    assert not log.accepts(ring.public_key), "the key of the credentials signs no version"
    assert made().log == log, "the same arguments give the same bytes"


def test_the_next_update_key_is_announced() -> None:
    ring, log = made(pre_rotation=True)
    assert log.pre_rotates
    assert [log.accepts(signer.public_key) for signer in ring.update_signers] == [False, True]


@pytest.mark.parametrize("pre_rotation", [False, True])
def test_keys_change_version_by_version(pre_rotation: bool) -> None:
    first = made(pre_rotation=pre_rotation)
    second = webvh.rotate(*first, "2027", AT + DAY)
    third = webvh.rotate(*second, "2028", AT + 2 * DAY)
    assert signing(third.log) == ["2026", "2027", "2028"]
    assert (third.ring.current, third.ring.did, third.log.pre_rotates) == ("2028", first.ring.did, pre_rotation)
    assert len({signer.public_key for kept in (first, second, third) for signer in kept.ring.update_signers}) == (4 if pre_rotation else 3)
    ended = webvh.deactivate(third.ring, third.log, AT + 3 * DAY)
    assert read_log(ended.did, ended.text, NOW).metadata["deactivated"] is True


def test_the_update_key_before_is_worth_nothing() -> None:
    first = made()
    second = webvh.rotate(*first, "2027", AT + DAY)
    with refused(INVALID_DID):
        webvh.rotate(first.ring, second.log, "stolen", AT + 2 * DAY)


@pytest.mark.parametrize("pre_rotation", [False, True])
def test_whoever_was_stopped_before_the_log_was_written_goes_on(pre_rotation: bool) -> None:
    ring, log = made(pre_rotation=pre_rotation)
    saved = webvh.rotate(ring, log, "2027", AT + DAY).ring
    again = webvh.rotate(saved, log, "2027", AT + DAY)
    assert again.ring.signers["2027"] is saved.signers["2027"]
    assert signing(again.log) == ["2026", "2027"]
    assert signing(webvh.rotate(saved, log, "2028", AT + DAY).log) == ["2026", "2027", "2028"]
    with pytest.raises(ValueError, match="there is a key '2027' already"):
        webvh.rotate(*again, "2027", AT + 2 * DAY)


def test_what_else_the_document_has_stays() -> None:
    ring, log = made()
    service = {"id": "#x", "type": "X", "serviceEndpoint": "https://city.example/x"}
    log = log.update(ring.update_signers[0], AT + DAY, {"service": [service]})
    rotated = webvh.rotate(ring.rotate("2027"), log, "2028", AT + 2 * DAY)
    assert rotated.log.document["service"] == [service]
    assert signing(rotated.log) == ["2026", "2027", "2028"]


def test_a_ring_and_a_log_of_different_dids() -> None:
    other = webvh.create("other.example", at=AT)
    for change in (lambda: webvh.rotate(made().ring, other.log, "x", AT + DAY), lambda: webvh.deactivate(made().ring, other.log, AT + DAY)):
        with refused(INVALID_DID):
            change()


def test_a_did_that_moved_is_another_one() -> None:
    ring, _ = made()
    log = WebvhLog.create("city.example", signer=ring.update_signers[0], at=AT, keys={"2026": ring.public_key}, portable=True)
    ring = KeyRing("webvh", log.did, ring.signers, "2026", ring.update_signers)
    moved = log.move(ring.update_signers[0], AT + DAY, "town.example")
    with refused(INVALID_DID):
        webvh.rotate(ring, moved, "2027", AT + 2 * DAY)
    here = KeyRing("webvh", moved.did, ring.signers, "2026", ring.update_signers)
    assert signing(webvh.rotate(here, moved, "2027", AT + 2 * DAY).log) == ["2026", "2027"]


def test_a_name_that_is_none_and_a_place_that_is_none() -> None:
    with pytest.raises(ValueError, match="each with a name"):
        webvh.create("city.example", at=AT, name="a b")
    with refused(INVALID_DID):
        webvh.create("localhost", at=AT)


def test_it_is_saved_and_opened(tmp_path: Path) -> None:
    ring, log = made(pre_rotation=True)
    ring.save(tmp_path / "keys", WORDS, cost=LEAST_COST)
    opened = KeyRing.open(tmp_path / "keys", WORDS, outdated=True)
    assert (opened.did, opened.key_id, opened.method) == (ring.did, ring.key_id, "webvh")
    assert [one.export_seed() for one in opened.update_signers] == [one.export_seed() for one in ring.update_signers]
    assert signing(webvh.rotate(opened, log, "2027", AT + DAY).log) == ["2026", "2027"]
    assert "update" not in repr(opened)


def test_an_issuer_signs_with_it_and_keeps_all_of_it(tmp_path: Path) -> None:
    ring, log = made()

    def fetch(retrieve: Retrieve) -> Retrieved:
        assert retrieve.url == "https://city.example/cards/did.jsonl"
        return Retrieved(log.text.encode())

    Issuer.of(ring, clock=lambda: START, fetch=fetch).save(tmp_path / "keys", WORDS, cost=LEAST_COST)
    assert len(KeyRing.open(tmp_path / "keys", WORDS, outdated=True).update_signers) == 1
    Issuer(ring.signer, ring.did, clock=lambda: START, fetch=fetch).save(tmp_path / "keys", WORDS, cost=LEAST_COST)
    opened = KeyRing.open(tmp_path / "keys", WORDS, outdated=True)
    assert (opened.did, opened.current, opened.update_signers) == (ring.did, "2026", ()), "its update keys are kept elsewhere"
    with refused(INVALID_DID):
        webvh.deactivate(opened, log, AT + DAY)


def test_what_is_no_ring_of_a_did_webvh() -> None:
    signer = SeedSigner(bytes(32))
    did = made().ring.did
    with pytest.raises(ValueError, match="at most 64 update keys"):
        KeyRing("key", "", {"a": signer}, "a", (signer,))
    with pytest.raises(ValueError, match="at most 64 update keys"):
        KeyRing("webvh", did, {"a": signer}, "a", (signer,) * 65)
    with pytest.raises(TypeError, match="lives elsewhere"):
        KeyRing("webvh", did, {"a": signer}, "a", (object(),))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="a did:web has a domain"):
        KeyRing("webvh", "", {"a": signer}, "a")
    with refused(INVALID_DID):
        KeyRing("webvh", "did:web:city.example", {"a": signer}, "a")
    with pytest.raises(ValueError, match="made with its log"):
        KeyRing.generate("webvh", domain="city.example")


@pytest.mark.parametrize("updates", ["x", {}, [5], [""], ["AA"]], ids=str)
def test_a_file_with_other_update_keys_is_damaged(updates: object, tmp_path: Path) -> None:
    members = {"method": "webvh", "web": made().ring.did, "current": "a", "keys": [{"name": "a", "seed": 43 * "A"}]}
    file = tmp_path / "keys"
    for value, good in (([43 * "A"], True), (updates, False)):
        file.write_bytes(sealing.seal(serialize({**members, "updates": value}).encode(), WORDS, CountingEntropy(), LEAST_COST))
        if good:
            assert len(KeyRing.open(file, WORDS, outdated=True).update_signers) == 1
        else:
            with refused(KEY_FILE_DAMAGED):
                KeyRing.open(file, WORDS, outdated=True)
