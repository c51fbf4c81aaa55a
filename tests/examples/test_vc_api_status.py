"""With `--status` the example gives every credential an entry, serves its lists, and changes what stands there."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from sayso.errors import REVOKED
from sayso.status import bitstring
from tests.examples.parties import ADA, NOW, a_credential, a_presentation
from tests.examples.server import Answer, Client, served

URL = "https://localhost:8000"


@pytest.fixture(scope="module")
def api() -> Iterator[Client]:
    with served("--now", NOW.isoformat(), "--status", URL + "/") as client:
        yield client


def entries(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {entry["statusPurpose"]: entry for entry in document["credentialStatus"]}


def value(api: Client, entry: dict[str, Any]) -> int:
    response = api.http.get(entry["statusListCredential"].removeprefix(URL))
    assert response.status_code == 200
    document = response.json()
    assert api.verify(document).status == 200
    if document["type"] != "EnvelopedVerifiableCredential":
        subject = document["credentialSubject"]
        assert document["id"] == entry["statusListCredential"]
        assert subject["ttl"] == 300_000
        assert (document["validFrom"][:10], document["validUntil"][:10]) == (str(NOW.date()), document["validUntil"][:10])
        return bitstring.value_at(bitstring.decode(subject["encodedList"]), int(entry["statusListIndex"]))
    return -1


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019"])
def test_a_credential_is_revoked(api: Client, suite: str) -> None:
    issued = api.issued(a_credential(), cryptosuite=suite)
    assert issued["credentialSubject"] == a_credential()["credentialSubject"]
    entry = entries(issued)["revocation"]
    assert (entry["type"], entry["statusSize"]) == ("BitstringStatusListEntry", 1)
    assert value(api, entry) == 0
    for _ in range(2):
        assert api.post("/credentials/status", {"credentialStatus": entry, "status": True}).status == 200
    assert value(api, entry) == 1
    assert api.post("/credentials/status", {"credentialStatus": entry, "status": False}).status == 400
    assert api.post("/credentials/status", {"credentialStatus": entries(issued)["suspension"], "status": True}).status == 400
    assert (value(api, entry), value(api, entries(issued)["suspension"])) == (1, 0)


def test_a_credential_is_suspended_by_its_id(api: Client) -> None:
    credential = {**a_credential(), "id": "urn:uuid:5c1f4b8e-0000-4000-8000-000000000001"}
    entry = entries(api.issued(credential))["suspension"]
    for status in (True, False):
        body = {"credentialId": credential["id"], "credentialStatus": {"statusPurpose": "suspension"}, "status": status}
        assert api.post("/credentials/status", body).status == 200
        assert value(api, entry) == status
    assert api.post("/credentials/status", {"credentialId": credential["id"], "status": True}).status == 200
    assert api.post("/credentials/status", {"credentialId": credential["id"]}).status == 400


def test_a_list_of_enveloped_credentials_is_enveloped(api: Client) -> None:
    api.issued(a_credential(), envelope=True)
    entry = {"statusListCredential": f"{URL}/status/Ed25519/vc+jwt/revocation/1"}
    assert value(api, entry) == -1


def test_what_brings_its_own_status_keeps_it(api: Client) -> None:
    own = {"id": "https://x.example/1#5", "type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    own |= {"statusListIndex": "5", "statusListCredential": "https://x.example/1"}
    assert api.issued({**a_credential(), "credentialStatus": own})["credentialStatus"] == own


def refused_for(answer: Answer) -> list[tuple[str, str]]:
    """Give the kind and the place of each problem, which makes an answer a refusal."""
    problems = answer.body["problemDetails"]
    assert (answer.status, answer.body["verified"]) == ((400, False) if problems else (200, True))
    return [(problem["type"].rpartition("#")[2], problem["pointer"]) for problem in problems]


@pytest.mark.parametrize("options", [{"cryptosuite": "eddsa-rdfc-2022"}, {"cryptosuite": "ecdsa-jcs-2019"}, {"envelope": True}])
def test_what_was_revoked_is_refused(api: Client, options: dict[str, Any]) -> None:
    """Alone and in a presentation, however it is secured, and also where only the proof is to be checked."""
    credential = {**a_credential(), "id": f"urn:example:{min(options.values(), key=str)}"}
    issued = api.issued(credential, **options)
    presented = ADA.present(a_presentation(issued, holder=ADA.did))
    ways = [partial(api.verify, issued), partial(api.verify_presentation, presented)]
    for way in ways:
        assert refused_for(way()) == []
        assert refused_for(way(checks=["proof", "credentialStatus"])) == []
    revoked = {"credentialId": credential["id"], "credentialStatus": {"statusPurpose": "revocation"}, "status": True}
    assert api.post("/credentials/status", revoked).status == 200
    for way, place in zip(ways, ("", "/verifiableCredential/0"), strict=True):
        for checks in (None, ["proof"], ["credentialStatus"]):
            (kind, where), *others = refused_for(way(checks=checks))
            assert (kind, others) == (REVOKED.url.rpartition("#")[2], [])
            assert where.startswith(place + "/credentialStatus")


def test_a_status_that_cannot_be_decided(api: Client) -> None:
    """A list that lies elsewhere, one of this server that there is not, and a kind that nobody knows."""
    here = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation", "statusListIndex": "5"}
    kinds: tuple[dict[str, Any], ...] = (
        {**here, "statusListCredential": "https://x.example/1"},
        {**here, "statusListCredential": URL + "/status/Ed25519/eddsa-rdfc-2022/revocation/9"},
        {"type": "https://x.example/#Oracle", "id": "https://x.example/1"},
    )
    for entry in kinds:
        signed = ADA.sign(a_credential(issuer=ADA.did, credentialStatus=entry))
        presented = ADA.present(a_presentation(signed, holder=ADA.did))
        for way, place in ((partial(api.verify, signed), ""), (partial(api.verify_presentation, presented), "/verifiableCredential/0")):
            for checks in (None, ["credentialStatus"], "credentialStatus"):
                assert refused_for(way(checks=checks)) == [("STATUS_RETRIEVAL_ERROR", place + "/credentialStatus")]
            assert refused_for(way(checks=["proof"])) == refused_for(way(checks=[])) == []
    assert api.verify(a_credential(), checks=[5]).status == 400


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"credentialStatus": "x"},
        {"credentialStatus": {"statusListCredential": "x", "statusListIndex": "1"}},
        {"credentialId": 5},
        {"credentialId": "urn:x"},
        {"credentialId": "urn:x", "status": "1"},
        b"no JSON",
    ],
)
def test_what_cannot_be_changed(api: Client, body: Any) -> None:
    assert api.post("/credentials/status", body).status == 400


@pytest.mark.parametrize("path", ["/status/", "/status/Ed25519/x/revocation/1", "/status/Ed25519/eddsa-rdfc-2022/revocation/9"])
def test_what_is_no_list(api: Client, path: str) -> None:
    api.issued(a_credential())
    assert api.http.get(path).status_code == 404
