"""The documents of did:web in the shared corpus name a key for a proof exactly where its records are to be accepted."""

import json
from datetime import UTC, datetime, timedelta

from sayso.dids import did_web
from sayso.dids.resolution import retrieve_verification_method
from sayso.errors import SaysoError
from sayso.retrieval import Retrieved, drive
from sayso.testing.records import Record, read
from sayso.testing.world import Network
from tests.support import shared

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _finds_the_key(record: Record) -> bool:
    network = Network()
    proof = json.loads(record.input)["proof"]
    try:
        for did, document in record.context["did_docs"].items():
            network.documents[did_web.url_of(did)] = Retrieved(json.dumps(document).encode())
        at = EPOCH + timedelta(seconds=record.context["now"])
        drive(retrieve_verification_method(proof["verificationMethod"], proof["proofPurpose"], at), network)
    except SaysoError:
        return False
    return True


def test_web_1_and_2_each_key_is_found_or_refused() -> None:
    """WEB-1: no IP addresses, no other place; WEB-2: the id is the DID. The faults of these records all lie in the DID or its document."""
    records = [record for record in read(shared("attacks", "corpus.jsonl")) if record.context.get("did_docs") and record.format == "di-jcs"]
    assert [record.id for record in records if _finds_the_key(record) != record.accepted] == []
    assert {record.accepted for record in records} == {True, False}
    assert {record.class_ for record in records} >= {"control", "did-doc", "did-web-ssrf"}
