"""VH-3 to VH-14 of who writes: a DID is created, changed, moved and ended, and each version can be read."""

from datetime import datetime, timedelta

import pytest

from sayso.dids import document
from sayso.dids.did_webvh.resolution import read_log
from sayso.dids.did_webvh.writing import WebvhLog
from sayso.dids.method import NO_OPTIONS, Options, Resolution
from sayso.errors import INVALID_DID, LIMIT_EXCEEDED
from sayso.jsonvalue import Json, parse
from tests.spec.did_webvh.forge import AT, DAY, KEYS, NOW, PUBLIC, SIGNERS, WITNESSES
from tests.unit.proofs.refusals import refused

KEY_1 = {"key-1": PUBLIC[3]}


def created(**given: object) -> WebvhLog:
    """Create a log as the documentation does, with what a test changes."""
    arguments: dict[str, object] = {"signer": SIGNERS[0], "at": AT, "keys": KEY_1} | given
    return WebvhLog.create("city.example", **arguments)  # type: ignore[arg-type] # the tests of wrong use give what does not fit


def read(log: WebvhLog, options: Options = NO_OPTIONS, at: datetime = NOW) -> Resolution:
    files = log.publish(at)
    return read_log(log.did, files.log, at, files.witnesses or None, options)


def test_a_did_is_created() -> None:
    log = WebvhLog.create("city.example:8443", "cards", "id", signer=SIGNERS[0], at=AT, keys=KEY_1)
    assert log.did.endswith(":city.example%3A8443:cards:id")
    found = read(log)
    assert found.document == document.parse(log.document)
    assert found.document is not None
    assert found.document.relationships["assertionMethod"] == (log.did + "#key-1",)
    assert found.metadata["versionId"] == log.version_id
    assert (log.witnesses, log.publish(NOW).witnesses) == ("", "")


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert created() == created()
    assert hash(created()) == hash(created())
    assert created() != created(ttl=5)
    assert "_latest" not in repr(created())


def test_everything_that_can_be_said_at_the_beginning() -> None:
    log = created(
        document={"alsoKnownAs": ["did:web:{SCID}.example"], "service": [{"id": "#x", "type": "X", "serviceEndpoint": "x:y"}]},
        portable=True,
        update_keys=PUBLIC[:2],
        next_keys=[PUBLIC[2]],
        witnesses=PUBLIC[5:7],
        threshold=1,
        watchers=["https://w.example"],
        ttl=60,
    ).approve(SIGNERS[6], AT)
    found = read(log)
    assert found.members["alsoKnownAs"] == [f"did:web:{log.did.split(':')[2]}.example"]
    assert {name: found.metadata[name] for name in ("portable", "ttl", "watchers", "witness")} == {
        "portable": True,
        "ttl": "60",
        "watchers": ["https://w.example"],
        "witness": {"threshold": "1", "witnesses": [{"id": WITNESSES[5]}, {"id": WITNESSES[6]}]},
    }


def test_a_version_follows() -> None:
    log = created().update(SIGNERS[0], AT + DAY, {"alsoKnownAs": ["did:example:x"]})
    assert read(log).members["alsoKnownAs"] == ["did:example:x"]
    assert log.document == {"id": log.did, "alsoKnownAs": ["did:example:x"]}
    again = log.update(SIGNERS[0], AT + 2 * DAY, ttl=7, watchers=["w:1"])
    assert read(again).members == read(log).members
    assert (read(again).metadata["ttl"], read(again).metadata["watchers"]) == ("7", ["w:1"])
    assert read(again, Options(version_number=1)).document == document.parse(created().document)


def test_other_keys_sign() -> None:
    log = created(document={"alsoKnownAs": ["did:example:x"]}).update(SIGNERS[0], AT + DAY, keys={"a": PUBLIC[4], "b": PUBLIC[5]})
    found = read(log)
    assert found.document is not None
    assert [*found.document.methods] == [log.did + "#a", log.did + "#b"]
    assert found.document.relationships["authentication"] == (log.did + "#a", log.did + "#b")
    assert (found.members["alsoKnownAs"], found.members["@context"]) == (["did:example:x"], created().document["@context"])
    bare = created().update(SIGNERS[0], AT + DAY, {}, keys=KEY_1)
    assert read(bare).document == read(created()).document


def test_what_is_read_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        created().document["id"] = "x"


def test_keys_rotate() -> None:
    log = created().rotate(SIGNERS[0], AT + DAY, [PUBLIC[1]])
    assert read(log.update(SIGNERS[1], AT + 2 * DAY)).document
    with refused(INVALID_DID, "/2/proof/0", says="none of the update keys in force"):
        log.update(SIGNERS[0], AT + 2 * DAY)


def test_keys_rotate_to_those_that_were_announced() -> None:
    log = created(next_keys=[PUBLIC[1]])
    with refused(INVALID_DID, "/1/parameters/updateKeys", says="under pre-rotation"):
        log.update(SIGNERS[0], AT + DAY)
    with refused(INVALID_DID, "/1/parameters/updateKeys/0", says="not announced"):
        log.rotate(SIGNERS[2], AT + DAY, [PUBLIC[2]])
    log = log.rotate(SIGNERS[1], AT + DAY, [PUBLIC[1]], [PUBLIC[2]])
    ended = log.rotate(SIGNERS[2], AT + 2 * DAY, [PUBLIC[2]])
    assert read(ended.update(SIGNERS[2], AT + 3 * DAY)).document
    started = created().rotate(SIGNERS[0], AT + DAY, [PUBLIC[1]], [PUBLIC[2]])
    assert read(started.rotate(SIGNERS[2], AT + 2 * DAY, [PUBLIC[2]], [PUBLIC[3]])).document


def test_a_did_moves() -> None:
    about: Json = ["{SCID}", 1, {"of": "did:webvh:{SCID}:city.example", "list": ["did:webvh:{SCID}:city.example?a=b"]}]
    other = "did:webvh:{SCID}:city.example:cards"
    log = created(
        portable=True, document={"alsoKnownAs": ["did:example:x", "did:webvh:{SCID}:city.example"], "about": about, "other": other}
    )
    moved = log.move(SIGNERS[0], AT + DAY, "town.example", "cards")
    found = read(moved)
    assert found.document is not None
    assert found.document.id == moved.did == log.did.replace("city.example", "town.example:cards")
    assert list(found.document.methods) == [moved.did + "#key-1"]
    assert found.members["alsoKnownAs"] == ["did:example:x", log.did]
    assert found.members["other"] == log.did + ":cards"
    assert found.members["about"] == [log.did.split(":")[2], 1, {"of": moved.did, "list": [moved.did + "?a=b"]}]
    back = moved.move(SIGNERS[0], AT + 2 * DAY, "city.example")
    assert back.did == log.did
    assert read(back).members["alsoKnownAs"] == ["did:example:x", moved.did]


def test_a_did_moves_while_its_keys_rotate() -> None:
    log = created(portable=True, next_keys=[PUBLIC[1]], document={"alsoKnownAs": "x"})
    moved = log.move(SIGNERS[1], AT + DAY, "town.example", update_keys=[PUBLIC[1]], next_keys=[PUBLIC[2]])
    assert read(moved).members["alsoKnownAs"] == [log.did]


def test_what_is_no_move() -> None:
    with refused(INVALID_DID, "/1/state/id", says="not portable"):
        created().move(SIGNERS[0], AT + DAY, "town.example")
    with refused(INVALID_DID, ""):
        created(portable=True).move(SIGNERS[0], AT + DAY, "127.0.0.1")
    with refused(INVALID_DID, "/1/state/id", says="not portable"):
        created().update(SIGNERS[0], AT + DAY, {"id": created().did + ":cards"})


def test_a_did_ends() -> None:
    log = created().deactivate(SIGNERS[0], AT + DAY)
    assert read(log).document is None
    with refused(INVALID_DID, "/2", says="deactivated"):
        log.update(SIGNERS[0], AT + 2 * DAY)
    announced = created(next_keys=[PUBLIC[1]])
    assert read(announced.deactivate(SIGNERS[1], AT + DAY, [PUBLIC[1]])).document is None
    with refused(INVALID_DID, "/1/proof/0"):
        announced.deactivate(SIGNERS[1], AT + DAY)


def test_witnesses_approve() -> None:
    log = created(witnesses=PUBLIC[5:7])
    with refused(INVALID_DID, "/0", says="too few"):
        log.publish(NOW)
    log = log.approve(SIGNERS[5], AT)
    with refused(INVALID_DID, "/0", says="too few"):
        log.publish(NOW)
    log = log.approve(SIGNERS[6], AT).update(SIGNERS[0], AT + DAY, witnesses=[PUBLIC[7]])
    with refused(INVALID_DID, says="none of the witnesses"):
        log.approve(SIGNERS[7], AT + DAY)
    with refused(INVALID_DID, "/1", says="too few"):
        log.publish(NOW)
    log = log.approve(SIGNERS[5], AT + DAY).approve(SIGNERS[6], AT + DAY).update(SIGNERS[0], AT + 2 * DAY, witnesses=[])
    log = log.approve(SIGNERS[7], AT + 2 * DAY).update(SIGNERS[0], AT + 3 * DAY)
    assert read(log).metadata["witness"] == {}
    with refused(INVALID_DID, says="none of the witnesses"):
        log.approve(SIGNERS[7], AT + 3 * DAY)
    items = parse(log.witnesses)
    assert isinstance(items, list)
    assert [len(item["proof"]) for item in items if isinstance(item, dict) and isinstance(item["proof"], list)] == [2, 2, 1]


def test_a_log_is_taken_up_where_it_was_left() -> None:
    log = created(witnesses=[PUBLIC[5]]).approve(SIGNERS[5], AT)
    assert WebvhLog.read(log.did, log.text, NOW, log.witnesses) == log
    short = WebvhLog.read(log.did, log.text.removesuffix("\n"), NOW, log.witnesses)
    follows = short.update(SIGNERS[0], AT + DAY).approve(SIGNERS[5], AT + DAY)
    assert read(follows).document
    with refused(INVALID_DID, "/0", says="too few"):
        WebvhLog.read(log.did, log.text, NOW)


def test_what_a_reader_refuses_is_not_written() -> None:
    with refused(INVALID_DID, "/1/versionTime", says="later than the one before"):
        created().update(SIGNERS[0], AT + timedelta(milliseconds=999))
    with refused(INVALID_DID, "/0/parameters/ttl"):
        created(ttl=-1)
    with refused(INVALID_DID, "/0/proof/0"):
        created(update_keys=[PUBLIC[1]])
    with refused(INVALID_DID, "/0/parameters/witness/threshold"):
        created(witnesses=[PUBLIC[5]], threshold=2)
    with refused(LIMIT_EXCEEDED, "/0/parameters/updateKeys"):
        created(update_keys=[PUBLIC[0]] * 65)
    with refused(INVALID_DID, "/1/service/0"):
        created().update(SIGNERS[0], AT + DAY, {"service": [{"id": "#x"}]})
    with refused(INVALID_DID, ""):
        WebvhLog.create("localhost", signer=SIGNERS[0], at=AT, keys={})
    with refused(INVALID_DID, "/0/versionTime", says="future"):
        created().publish(AT - DAY)


def test_wrong_use() -> None:
    for given in ({"at": AT.replace(tzinfo=None)}, {"document": {"x": float("nan")}}):
        with pytest.raises(ValueError, match=r"aware|finite"):
            created(**given)
    with pytest.raises(TypeError, match="document is a mapping, not a list"):
        created(document=[])
    with pytest.raises(TypeError, match="Ed25519 keys"):
        created(update_keys=[KEYS[0]])
    with pytest.raises(TypeError, match="a threshold goes with witnesses"):
        created(threshold=1)
    with pytest.raises(TypeError, match="signer"):
        created(signer=PUBLIC[0])
