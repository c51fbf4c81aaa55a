"""Mallory has the web server of a city, and some of its keys; she wants to sign in its name, now or in the past."""

from datetime import UTC, datetime, timedelta

import pytest

from sayso.dids.did_webvh.resolution import read_log
from sayso.dids.did_webvh.writing import WebvhLog
from sayso.dids.document import DidDocument, VerificationMethod
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED, SaysoError
from sayso.jsonvalue import parse_object, serialize
from sayso.keys.signer import SeedSigner
from tests.spec.did_webvh.forge import Forge

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NOW = AT + 30 * DAY
CITY, SPARE, CARDS, WITNESS, MALLORY = (SeedSigner(bytes([number]) * 32) for number in range(5))
MALLORYS = {"key-1": MALLORY.public_key}
CITYS = {"key-1": CARDS.public_key}
ANNOUNCED = WebvhLog.create("city.example", signer=CITY, at=AT, keys=CITYS, next_keys=[SPARE.public_key])
PLAIN = WebvhLog.create("city.example", signer=CITY, at=AT, keys=CITYS).update(CITY, AT + DAY, ttl=60)
WITNESSED = WebvhLog.create("city.example", signer=CITY, at=AT, keys=CITYS, witnesses=[WITNESS.public_key]).approve(WITNESS, AT)


def document_of(log: str, of: WebvhLog, witnesses: str = "") -> DidDocument | None:
    return read_log(of.did, log, NOW, witnesses or None).document


def refused(log: str, of: WebvhLog, witnesses: str = "") -> str:
    with pytest.raises(SaysoError) as caught:
        document_of(log, of, witnesses)
    (problem,) = caught.value.problems
    assert problem.kind is INVALID_DID
    return problem.pointer


def test_the_honest_logs_hold() -> None:
    for log in (ANNOUNCED, PLAIN, WITNESSED):
        document = document_of(log.text, log, log.witnesses)
        assert document is not None
        method = document.methods[f"{log.did}#key-1"]
        assert isinstance(method, VerificationMethod)
        assert method.key == CARDS.public_key


def test_she_puts_a_log_of_her_own_in_its_place() -> None:
    """The DID is the hash of its beginning."""
    hers = WebvhLog.create("city.example", signer=MALLORY, at=AT, keys=MALLORYS)
    assert refused(hers.text, PLAIN) == "/0/parameters/scid"
    renamed = hers.text.replace(hers.did.split(":")[2], PLAIN.did.split(":")[2])
    assert refused(renamed, PLAIN) == "/0/parameters/scid"


def test_she_adds_an_entry_under_her_own_key() -> None:
    value = parse_object(PLAIN.text.splitlines()[1])
    hers = WebvhLog.create("city.example", signer=MALLORY, at=AT, keys=MALLORYS).update(MALLORY, AT + 2 * DAY)
    assert refused(PLAIN.text + hers.text.splitlines()[1] + "\n", PLAIN) == "/2/versionId"
    assert refused(PLAIN.text + serialize(value) + "\n", PLAIN) == "/2/versionId"


def test_she_has_the_key_of_today_but_not_the_one_that_was_announced() -> None:
    with pytest.raises(SaysoError, match="not announced"):
        ANNOUNCED.rotate(MALLORY, AT + DAY, [MALLORY.public_key])
    forged = Forge({"nextKeyHashes": ["Qm"]}).add({"nextKeyHashes": []})
    with pytest.raises(SaysoError, match="under pre-rotation"):
        read_log(forged.did, forged.text, NOW)


def test_she_cuts_off_the_rotation_that_shut_her_out() -> None:
    """Without witnesses who saw it nobody can tell; with them, the city's approval of the later entry does not approve hers."""
    rotated = WITNESSED.rotate(CITY, AT + DAY, [SPARE.public_key]).approve(WITNESS, AT + DAY)
    hers = WITNESSED.rotate(CITY, AT + 2 * DAY, [MALLORY.public_key])
    assert refused(hers.text, WITNESSED, rotated.witnesses) == "/1"


def test_she_ends_the_witnesses_without_asking_them() -> None:
    hers = WITNESSED.update(CITY, AT + DAY, witnesses=[]).update(CITY, AT + 2 * DAY, ttl=1)
    assert refused(hers.text, WITNESSED, WITNESSED.witnesses) == "/1"
    asked = WITNESSED.update(CITY, AT + DAY, witnesses=[MALLORY.public_key])
    asked = asked.update(CITY, AT + 2 * DAY).approve(MALLORY, AT + 2 * DAY)
    assert refused(asked.text, WITNESSED, asked.witnesses) == "/1"


def test_she_shows_what_the_witness_approved_of_another_did() -> None:
    another = WebvhLog.create("town.example", signer=MALLORY, at=AT, keys=MALLORYS, witnesses=[WITNESS.public_key])
    another = another.update(MALLORY, AT + DAY).approve(WITNESS, AT + DAY)
    hers = WITNESSED.update(CITY, AT + DAY)
    assert refused(hers.text, WITNESSED, another.witnesses) == "/0"


def test_she_moves_the_did_to_her_own_server() -> None:
    with pytest.raises(SaysoError, match="not portable"):
        PLAIN.move(CITY, AT + 2 * DAY, "mallory.example")


def test_she_brings_a_did_back_that_was_ended() -> None:
    """Also one who still has its key."""
    forged = Forge().add({"deactivated": True}).add({"deactivated": False})
    with pytest.raises(SaysoError, match="deactivated"):
        read_log(forged.did, forged.text, NOW)


def test_she_makes_a_log_that_costs_more_than_it_should() -> None:
    for log in ("[" * 1_000_000, "{}\n" * 100_000, " " * 10_000_000, '{"a":' * 100_000):
        with pytest.raises(SaysoError) as caught:
            document_of(log, PLAIN)
        assert caught.value.problems[0].kind in {LIMIT_EXCEEDED, INVALID_DID}
