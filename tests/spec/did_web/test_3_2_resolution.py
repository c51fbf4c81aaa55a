"""WEB-1, WEB-2: a did:web names a place, and its document lies there."""

from datetime import timedelta
from typing import Any

import pytest

from sayso import ANYONE, Expectations, Issuer, KeyRing, examine
from sayso.dids import did_web
from sayso.dids.resolution import document_of
from sayso.errors import (
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID,
    INVALID_DID,
    LIMIT_EXCEEDED,
    RETRIEVAL_REFUSED,
    SaysoError,
)
from sayso.jsonvalue import serialize
from sayso.retrieval import Retrieve, Retrieved, drive, offline
from sayso.testing.world import World
from tests.unit.dids.world import AT
from tests.unit.proofs.refusals import refused

DID = "did:web:city.example"
URL = "https://city.example/.well-known/did.json"


@pytest.mark.parametrize(
    ("did", "url"),
    [
        (DID, URL),
        ("did:web:a-b.city.example", "https://a-b.city.example/.well-known/did.json"),
        ("did:web:city.example%3A8443", "https://city.example:8443/.well-known/did.json"),
        ("did:web:city.example%3a443:x", "https://city.example:443/x/did.json"),
        ("did:web:city.example:user:alice", "https://city.example/user/alice/did.json"),
        ("did:web:city.example:a%40b:.x:a..b", "https://city.example/a@b/.x/a..b/did.json"),
        ("did:web:1.2.3.4.example", "https://1.2.3.4.example/.well-known/did.json"),
        ("did:web:xn--bcher-kva.example", "https://xn--bcher-kva.example/.well-known/did.json"),
        ("did:web:0x.example", "https://0x.example/.well-known/did.json"),
        ("did:web:city.example%3A65535", "https://city.example:65535/.well-known/did.json"),
    ],
)
def test_where_its_document_lies(did: str, url: str) -> None:
    assert did_web.url_of(did) == url


@pytest.mark.parametrize(
    "body",
    [
        "city",
        "localhost",
        "localhost%3A8443",
        "a.localhost",
        "printer.local",
        "db.internal",
        "nas.home.arpa",
        "x.invalid",
        "x.test",
        "x.onion",
        "127.0.0.1",
        "127.1",
        "1.2.3.4%3A80",
        "2130706433",
        "0x7f.0x0.0x0.0x1",
        "a.0x7f000001",
        "%5B%3A%3A1%5D",
        "City.example",
        "city.example.",
        ".city.example",
        "-city.example",
        "city-.example",
        "city..example",
        "city_hall.example",
        "b\u00fccher.example",
        "city.example%3A",
        "city.example%3A0",
        "city.example%3A080",
        "city.example%3A65536",
        "city.example%3A99999999",
        "city.example%3Ax",
        "city%2Eexample",
        "%63ity.example",
        "city.exampl%65",
        "%31%32%37.0.0.1",
        "city.example%2Fx",
        "city.example%3A80%2Fx",
        "user%40city.example",
        "city.example%3F",
        "city.example%2525",
        "city.example:.",
        "city.example:..:x",
        "city.example:%2E%2E",
        "city.example:a%2Fb",
        "city.example:a%5Cb",
        "city.example:a%00",
        "city.example:a%20",
        "city.example:a%3Fb",
        "city.example:a%23b",
        "city.example:a%252Fb",
        "city.example:%C3%A9",
        "city.example::x",
        "city.example:x:",
        "",
        ":",
        f"{'a' * 64}.example",
        f"{'a.' * 126}example",
    ],
)
def test_what_is_no_place_for_a_document(body: str) -> None:
    """No IP addresses, no names of this machine or network, nothing that leaves its path, no second decoding."""
    with refused(INVALID_DID):
        did_web.url_of("did:web:" + body)


def test_another_method() -> None:
    with refused(INVALID_DID):
        did_web.url_of("did:key:z6Mk")


def test_it_is_written() -> None:
    assert did_web.did_of("city.example:8443", "cards", "id") == "did:web:city.example%3A8443:cards:id"
    with refused(INVALID_DID):
        did_web.did_of("localhost")


def network(body: bytes) -> Any:
    asked: list[Retrieve] = []

    def fetch(retrieve: Retrieve) -> Retrieved:
        asked.append(retrieve)
        return Retrieved(body)

    fetch.asked = asked  # type: ignore[attr-defined]
    return fetch


class TestRetrieval:
    def test_what_is_asked_for(self) -> None:
        ring = KeyRing.generate("web", domain="city.example")
        fetch = network(serialize(ring.document()).encode())
        assert drive(document_of(DID, AT), fetch).id == DID
        (asked,) = fetch.asked
        assert (asked.url, asked.max_bytes) == (URL, 64 * 1024)
        assert asked.accept.startswith("application/did")
        assert "did:web" in asked.reason

    def test_offline_nothing_is_known(self) -> None:
        with refused(RETRIEVAL_REFUSED):
            drive(document_of(DID, AT), offline)

    @pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"id":5}', b'{"id":"x","id":"x"}', b"\xff"])
    def test_what_is_no_document(self, body: bytes) -> None:
        with refused(INVALID_CONTROLLED_IDENTIFIER_DOCUMENT):
            drive(document_of(DID, AT), network(body))

    def test_the_document_of_another(self) -> None:
        """The fifth step of CID-3: a document says whose it is."""
        with refused(INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID, "/id"):
            drive(document_of(DID, AT), network(b'{"id":"did:web:other.example"}'))

    def test_a_document_that_is_too_long(self) -> None:
        body = b'{"id":"' + DID.encode() + b'"}'
        assert drive(document_of(DID, AT), network(body + b" " * (64 * 1024 - len(body)))).id == DID
        with refused(LIMIT_EXCEEDED):
            drive(document_of(DID, AT), network(body + b" " * (64 * 1024 - len(body) + 1)))


class TestRotation:
    """An organisation's DID stays while its keys change."""

    def test_old_and_new_keys_verify_until_they_are_retired(self) -> None:
        world = World()
        ring = KeyRing.generate("web", domain="city.example", name="2026", entropy=world.entropy)
        self.publish(world, ring)
        old = self.issue(world, ring)
        ring = ring.rotate("2027", entropy=world.entropy)
        with pytest.raises(SaysoError):
            self.issue(world, ring)  # the document does not name the key yet
        self.publish(world, ring)
        new = self.issue(world, ring)
        assert ring.did == DID
        assert self.verifies(world, old)
        assert self.verifies(world, new)
        assert old.partition(b".")[0] != new.partition(b".")[0]
        self.publish(world, ring.retire("2026"))
        assert not self.verifies(world, old)
        assert self.verifies(world, new)

    @staticmethod
    def publish(world: World, ring: KeyRing) -> None:
        world.network.documents[did_web.url_of(ring.did)] = Retrieved(serialize(ring.document()).encode(), "application/did")

    @staticmethod
    def issue(world: World, ring: KeyRing) -> bytes:
        issuer = Issuer.of(ring, clock=world.clock, entropy=world.entropy, fetch=world.network)
        holder = KeyRing.generate(entropy=world.entropy)
        return issuer.issue({"a": 1}, type="Card", holder=holder.did, valid_for=timedelta(days=9)).data

    @staticmethod
    def verifies(world: World, card: bytes) -> bool:
        expected = Expectations(issuers=[DID], holder_binding=False)
        assert not examine(card, Expectations(issuers=ANYONE, holder_binding=False), at=world.clock()).decided
        return examine(card, expected, at=world.clock(), fetch=world.network).ok
