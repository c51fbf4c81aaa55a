"""The 120 unsigned documents of the VCDM 2.0 test suite, issued, presented and verified over HTTP.

As the suite does, a date that is told in words becomes one, embedded credentials are issued by whoever presents them, a presentation is
signed by the client, and nobody is asked for a status (`checks`).
"""

import json
from typing import Any

import pytest

from sayso import SaysoError
from tests.examples.parties import ADA, BOB, a_credential
from tests.examples.server import Client, served
from tests.support import SHARED, needs_shared

FOLDER = SHARED / "vectors" / "vcdm2" if SHARED else None
NAMES = sorted(path.stem for path in FOLDER.rglob("*.json")) if FOLDER else []
CREDENTIALS = [name for name in NAMES if not name.startswith("presentation")]
PRESENTATIONS = [name for name in NAMES if name.startswith("presentation")]
DATES = {"PAST DATE": "2020-01-01T00:00:00Z", "FUTURE DATE": "2040-01-01T00:00:00Z"}
SUITES = ("eddsa-rdfc-2022", "eddsa-jcs-2022", "ecdsa-rdfc-2019", "ecdsa-jcs-2019")
CLIENT = "z6MkpJySvETLnxhQG9DzEdmKJtysBDjuuTeDfUj1uNNCUqcj"
"""The key of the suite's client in the documents; the client here has one of its own."""

# What is issued and then, rightly, not verified.
NOT_VERIFIED = {
    # section 4.9: it begins to hold in the year 4023
    "credential-validfrom-far-future-ok": "/validFrom",
    # it ended in 2023
    "credential-validuntil-ms-ok": "/validUntil",
    "credential-validuntil-ok": "/validUntil",
    "credential-validuntil-tz-ok": "/validUntil",
    # VC Data Integrity 1.0, section 4.5: it came with a proof that names no key, and every proof of a set has to hold
    "credential-proof-ok": "/proof/0/verificationMethod",
}
# VC-JOSE-COSE, section 4: the credential in its envelope names no key, and its issuer has no document that anybody could get.
NEVER_PROVEN = "presentation-enveloped-vc-ok"

pytestmark = needs_shared


def read(name: str) -> dict[str, Any]:
    assert FOLDER is not None
    (path,) = FOLDER.rglob(f"{name}.json")
    text = path.read_text(encoding="utf-8").replace(CLIENT, ADA.did.removeprefix("did:key:"))
    document: dict[str, Any] = json.loads(text)
    return {member: DATES.get(value, value) if isinstance(value, str) else value for member, value in document.items()}


def tampered(document: dict[str, Any]) -> dict[str, Any]:
    """Say something else in it; what was added first is signed all the same."""
    return {**document, "id": "urn:uuid:00000000-0000-4000-8000-000000000000"}


def places(body: dict[str, Any]) -> list[str]:
    return [problem["pointer"] for problem in body["problemDetails"]]


def test_all_of_them_are_here() -> None:
    assert (len(CREDENTIALS), len(PRESENTATIONS)) == (95, 25)
    assert {*NOT_VERIFIED, NEVER_PROVEN} <= {*NAMES}


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_is_issued_as_published(api: Client, name: str, suite: str) -> None:
    answer = api.issue(read(name), {"cryptosuite": suite})
    if not name.endswith("-ok"):
        assert (answer.status, answer.body["verified"]) == (400, False)
        assert answer.body["problemDetails"]
        return
    assert answer.status == 201
    issued = answer.body["verifiableCredential"]
    verified = api.verify(issued, checks=["proof"])
    if name in NOT_VERIFIED:
        assert (verified.status, places(verified.body)) == (400, [NOT_VERIFIED[name]])
    else:
        assert (verified.status, verified.body) == (200, {"verified": True, "problemDetails": []})
    assert api.verify(tampered(issued)).status == 400


@pytest.mark.parametrize("name", [name for name in CREDENTIALS if not name.endswith("-ok")])
def test_what_may_not_be_issued_is_not_verified_either(api: Client, name: str) -> None:
    """Somebody signed it all the same: with canonical JSON anything can be, with RDF what loses nothing."""
    document = read(name)
    issuer = document.setdefault("issuer", ADA.did)
    if isinstance(issuer, dict):
        issuer.setdefault("id", ADA.did)  # where this is not what the document is about
    answer = api.verify(ADA.sign(document, "eddsa-jcs-2022"))
    assert (answer.status, answer.body["verified"]) == (400, False)
    try:
        signed = ADA.sign(document)
    except SaysoError:
        return
    assert api.verify(signed).status == 400


def test_the_same_signer_is_believed_where_nothing_is_wrong(api: Client) -> None:
    """What the test before refuses, it refuses for what is in the documents."""
    document = a_credential(issuer=ADA.did)
    assert [api.verify(ADA.sign(document, suite)).status for suite in SUITES[:2]] == [200, 200]
    assert api.verify(BOB.sign(document)).status == 400


@pytest.mark.parametrize("name", PRESENTATIONS)
def test_a_presentation_is_verified_as_published(api: Client, name: str) -> None:
    answer = api.verify_presentation(presented(name), challenge="c-1", domain="https://verifier.example")
    if name == NEVER_PROVEN:
        assert (answer.status, places(answer.body)) == (400, ["/verifiableCredential/0/typ"])
    else:
        assert answer.status == (200 if name.endswith("-ok") else 400), answer.body
        assert answer.body["verified"] is name.endswith("-ok")


def presented(name: str) -> dict[str, Any]:
    document = read(name)
    embedded = document.get("verifiableCredential", [])
    if "self-asserted" not in name:
        document |= {"verifiableCredential": [credential_of(item) for item in embedded]} if embedded else {}
    options = {"challenge": "c-1", "domain": "https://verifier.example"}
    try:
        return ADA.present(document, **options)
    except SaysoError:
        return ADA.present(document, "eddsa-jcs-2022", **options)


def credential_of(item: Any) -> Any:
    if not isinstance(item, dict) or item.get("type") == "EnvelopedVerifiableCredential":
        return item
    document = {**item, "issuer": ADA.did}
    try:
        return ADA.sign(document)
    except SaysoError:
        return ADA.sign(document, "eddsa-jcs-2022")


def test_a_document_holds_at_an_instant_in_its_window() -> None:
    """The four that are refused for their dates are refused for nothing else."""
    for at, names in (
        ("2023-02-26T01:19:19Z", ["credential-validuntil-ok"]),
        ("2023-02-26T01:20:10Z", ["credential-validuntil-ms-ok"]),
        ("2023-02-26T01:21:25Z", ["credential-validuntil-tz-ok"]),
        ("4024-01-01T00:00:00+00:00", ["credential-validfrom-far-future-ok"]),
    ):
        with served("--now", at) as api:
            assert [api.verify(api.issued(read(name))).status for name in names] == [200]
