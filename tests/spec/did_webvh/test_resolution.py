"""VH-15, VH-16: what a DID resolves to, now and at other times."""

from datetime import timedelta

import pytest

from sayso.dids.did_webvh import resolution
from sayso.dids.did_webvh.log import MAX_LOG_BYTES
from sayso.dids.did_webvh.witnesses import MAX_WITNESS_BYTES
from sayso.dids.document import VerificationMethod
from sayso.dids.method import NO_OPTIONS, Options, Resolution
from sayso.errors import (
    FEATURE_NOT_SUPPORTED,
    INVALID_CONTROLLED_IDENTIFIER_DOCUMENT,
    INVALID_DID,
    NOT_FOUND,
    RETRIEVAL_REFUSED,
    SaysoError,
)
from sayso.identifiers import Did
from sayso.jsonvalue import Json
from sayso.retrieval import Retrieve, Retrieved, drive, offline
from tests.spec.did_webvh.forge import AT, DAY, KEYS, NOW, PUBLIC, WITNESSES, Forge
from tests.spec.did_webvh.reading import read, refusal

MOMENT = timedelta(seconds=1)


def three() -> Forge:
    return Forge().add(state={"alsoKnownAs": ["did:example:2"]}).add(state={"alsoKnownAs": ["did:example:3"]})


def number(log: Forge, options: Options) -> int:
    return log.version_ids.index(str(read(log, options=options).metadata["versionId"]))


def test_vh_15_what_is_said_of_a_document() -> None:
    log = three()
    found = read(log)
    assert found.members["alsoKnownAs"] == ["did:example:3"]
    assert found.metadata == {
        "created": "2026-11-20T12:00:00Z",
        "updated": "2026-11-22T12:00:00Z",
        "versionId": log.version_ids[3],
        "versionTime": "2026-11-22T12:00:00Z",
        "scid": log.scid,
        "portable": False,
        "deactivated": False,
        "ttl": "3600",
        "witness": {},
        "watchers": [],
    }


def test_the_keys_of_the_document() -> None:
    controller = "did:webvh:{SCID}:city.example"
    method: Json = {"id": "#key-1", "type": "Multikey", "controller": controller, "publicKeyMultibase": KEYS[3]}
    log = Forge(state={"verificationMethod": [method], "assertionMethod": ["#key-1"]})
    document = read(log).document
    assert document is not None
    key = document.methods[log.did + "#key-1"]
    assert isinstance(key, VerificationMethod)
    assert (key.key, key.controller) == (PUBLIC[3], log.did)


def test_vh_15_a_version_by_its_name_number_or_time() -> None:
    log = three()
    for which in (1, 2, 3):
        start = AT + (which - 1) * DAY
        assert number(log, Options(version_id=log.version_ids[which])) == which
        assert number(log, Options(version_number=which)) == which
        assert number(log, Options(version_time=start)) == which
        assert number(log, Options(version_time=start + DAY - MOMENT)) == which
        assert number(log, Options(log.version_ids[which], start, which)) == which


@pytest.mark.parametrize(
    "options",
    [
        Options(version_number=0),
        Options(version_number=4),
        Options(version_id="1"),
        Options(version_id="1-"),
        Options(version_id=""),
        Options(version_time=AT - MOMENT),
        Options(version_number=1, version_time=AT + DAY),
    ],
)
def test_vh_15_a_version_that_is_not_there(options: Options) -> None:
    assert refusal(three(), options=options, kind=NOT_FOUND) == ("", "the DID has no such version")


def test_vh_15_nobody_knows_the_version_of_tomorrow() -> None:
    log = three()
    assert number(log, Options(version_time=NOW)) == 3
    assert refusal(log, options=Options(version_time=NOW + MOMENT), kind=NOT_FOUND) == ("", "the time of the version lies in the future")
    web = Web(log.text)
    with pytest.raises(SaysoError):
        resolved(log, web, Options(version_time=NOW + MOMENT))
    assert web.asked == []


def test_vh_15_two_options_that_name_two_versions() -> None:
    log = three()
    both = Options(version_id=log.version_ids[1], version_number=2)
    assert refusal(log, options=both, kind=NOT_FOUND) == ("", "the DID has no such version")


def test_vh_15_an_earlier_version_where_a_later_one_is_invalid() -> None:
    log = three().add(signer=1)
    fault = ("/3/proof/0", "the key of the proof is none of the update keys in force")
    assert refusal(log) == fault
    assert number(log, Options(version_number=3)) == 3
    assert number(log, Options(version_id=log.version_ids[2])) == 2
    assert number(log, Options(version_time=AT + 2 * DAY - MOMENT)) == 2
    assert read(log, options=Options(version_number=1)).metadata["updated"] == "2026-11-20T12:00:00Z"
    # Until when the third was in force is what the fourth would say.
    assert refusal(log, options=Options(version_time=AT + 2 * DAY)) == fault
    assert refusal(log, options=Options(version_number=4)) == fault
    assert refusal(log, options=Options(version_id=log.version_ids[4])) == fault
    assert refusal(log, options=Options(version_time=AT - MOMENT)) == fault


def test_no_entry_is_skipped() -> None:
    log = three()
    log.lines[1] = log.lines[1].replace("did:example:2", "did:example:4")
    assert refusal(log)[0] == refusal(log, options=Options(version_number=3))[0] == "/1/versionId"
    assert refusal(log, options=Options(version_id=log.version_ids[3]))[0] == "/1/versionId"


def test_vh_15_a_did_that_was_deactivated() -> None:
    log = Forge().add({"deactivated": True, "updateKeys": []})
    found = read(log)
    assert (found.document, found.members, found.metadata["deactivated"]) == (None, {}, True)
    earlier = read(log, options=Options(version_number=1))
    assert earlier.document is not None
    assert earlier.metadata["deactivated"] is True
    born_dead = read(Forge({"deactivated": True}))
    assert born_dead.document is None


@pytest.mark.parametrize("deactivated", [True, False, None, ...])
def test_nothing_follows_the_end(deactivated: bool | None) -> None:
    log = Forge().add({"deactivated": True}).add({"deactivated": deactivated})
    assert refusal(log) == ("/2", "an entry follows the one that deactivated the DID")


def test_vh_16_two_services_that_every_did_webvh_has() -> None:
    log = Forge(rest="city.example:cards")
    assert read(log).members["service"] == [
        {"id": log.did + "#files", "type": "relativeRef", "serviceEndpoint": "https://city.example/cards/"},
        {
            "@context": "https://identity.foundation/linked-vp/contexts/v1",
            "id": log.did + "#whois",
            "type": "LinkedVerifiablePresentation",
            "serviceEndpoint": "https://city.example/cards/whois.vp",
        },
    ]
    assert "https://city.example/whois.vp" in str(read(Forge()).members)


def test_vh_16_a_document_can_describe_them_otherwise() -> None:
    log = Forge()
    own: list[Json] = [
        {"id": "#files", "type": "relativeRef", "serviceEndpoint": "https://files.example"},
        {"id": log.did + "#whois", "type": "X", "serviceEndpoint": "https://who.example"},
    ]
    assert read(log.add(state={"service": own})).members["service"] == own
    other: Json = {"id": "#other", "type": "X", "serviceEndpoint": "https://x.example"}
    services = read(log.add(state={"service": [other]})).members["service"]
    assert isinstance(services, list)
    assert services[0] == other
    assert len(services) == 3


@pytest.mark.parametrize("service", [{}, "x", [1], [{"id": "#files"}], None])
def test_a_document_that_is_none(service: Json) -> None:
    pointer, _ = refusal(Forge().add(state={"service": service}), kind=INVALID_CONTROLLED_IDENTIFIER_DOCUMENT)
    assert pointer.startswith("/service")


PLACE = "https://city.example/.well-known/"


class Web:
    """Answer for some URLs, and keep what was asked."""

    def __init__(self, log: str = "", witnesses: str = "") -> None:
        self.files = {PLACE + "did.jsonl": log, PLACE + "did-witness.json": witnesses}
        self.asked: list[Retrieve] = []

    def __call__(self, question: Retrieve) -> Retrieved:
        self.asked.append(question)
        return Retrieved(self.files[question.url].encode())


def resolved(log: Forge, web: Web, options: Options = NO_OPTIONS) -> Resolution:
    return drive(resolution.resolve(Did(log.did), NOW, options), web)


def test_vh_2_what_is_retrieved() -> None:
    log, web = Forge(), Web(Forge().text)
    assert resolved(log, web) == read(log)
    assert web.asked == [Retrieve(PLACE + "did.jsonl", "text/jsonl", MAX_LOG_BYTES, "the log of a did:webvh")]


def test_vh_14_the_file_of_the_witnesses_only_where_there_are_any() -> None:
    log = Forge({"witness": {"threshold": 1, "witnesses": [{"id": WITNESSES[5]}]}})
    web = Web(log.text, log.approvals((1, 5)))
    assert resolved(log, web).document
    reason = "the proofs of the witnesses of a did:webvh"
    assert web.asked[1:] == [Retrieve(PLACE + "did-witness.json", "application/json", MAX_WITNESS_BYTES, reason)]
    malformed = Forge({"witness": {}, "ttl": "x"})
    again = Web(malformed.text)
    with pytest.raises(SaysoError):
        resolved(malformed, again)
    assert len(again.asked) == 1


@pytest.mark.parametrize("options", [Options(public_key_format="JsonWebKey"), Options(enable_encryption_key_derivation=True)])
def test_did_5_the_options_of_another_method(options: Options) -> None:
    log, web = Forge(), Web(Forge().text)
    with pytest.raises(SaysoError) as caught:
        resolved(log, web, options)
    assert caught.value.problems[0].kind is FEATURE_NOT_SUPPORTED
    assert web.asked == []


@pytest.mark.parametrize("rest", ["127.0.0.1", "city.example:..:admin", "localhost"])
def test_vh_1_nothing_is_asked_for_what_is_no_did(rest: str) -> None:
    web, did = Web(), Forge(rest=rest).did
    with pytest.raises(SaysoError) as caught:
        drive(resolution.resolve(Did(did), NOW), web)
    assert caught.value.problems[0].kind is INVALID_DID
    assert web.asked == []


def test_nothing_is_retrieved_unless_it_is_allowed() -> None:
    with pytest.raises(SaysoError) as caught:
        drive(resolution.resolve(Did(Forge().did), NOW), offline)
    assert caught.value.problems[0].kind is RETRIEVAL_REFUSED
    assert not caught.value.decided
