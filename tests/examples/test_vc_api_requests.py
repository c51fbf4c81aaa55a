"""Whatever a client sends, the VC API answers with JSON and 200, 201 or 400; and how it is started."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from examples.vc_api.__main__ import main
from sayso.jsonvalue import DEFAULT_LIMITS
from tests.examples.parties import ADA, a_credential, a_presentation
from tests.examples.server import Answer, Client, process

ISSUE, VERIFY, PRESENT = "/credentials/issue", "/credentials/verify", "/presentations/verify"
MEMBERS = {ISSUE: "credential", VERIFY: "verifiableCredential", PRESENT: "verifiablePresentation"}
WRONG: tuple[Any, ...] = (None, True, 0, -1.5, "", "text", "https://example.org/", [], [[]], [None], {}, {"a": 1}, {"@value": 1})


def assert_answered(answer: Answer, path: str) -> None:
    """See that this is an answer of the API, and none that says it was its own fault."""
    good = 201 if path == ISSUE else 200
    assert answer.status in {good, 400}
    if answer.status == 400:
        assert answer.body["verified"] is False
        assert answer.body["problemDetails"]
    elif path == ISSUE:
        assert isinstance(answer.body["verifiableCredential"], dict)
    else:
        assert answer.body["verified"] is True


@pytest.mark.parametrize("path", MEMBERS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"text"',
        b"\xff",
        b"\xef\xbb\xbf{}",
        b'{"credential": NaN}',
        b'{"credential": 1e999}',
        b'{"credential": ' + b"9" * 5000 + b"}",
        b'{"credential": {}, "credential": {}}',
        b'{"credential": "\\ud800"}',
        b"[" * 100_000,
        b'{"credential": ' + b"[" * 65 + b"]" * 65 + b"}",
        b'{"credential": "' + b"a" * DEFAULT_LIMITS.size_bytes + b'"}',
        b"{}",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_request(api: Client, path: str, body: bytes) -> None:
    answer = api.post(path, body)
    assert answer.status == 400
    assert_answered(answer, path)


@pytest.mark.parametrize("path", MEMBERS)
@pytest.mark.parametrize("value", WRONG)
def test_no_document_and_no_options(api: Client, path: str, value: Any) -> None:
    answer = api.post(path, {MEMBERS[path]: value})
    assert answer.status == 400
    assert_answered(answer, path)
    credential = ADA.sign(a_credential(issuer=ADA.did))
    document = credential if path != PRESENT else ADA.present(a_presentation(credential))
    answered = api.post(path, {MEMBERS[path]: document, "options": value})
    assert_answered(answered, path)
    assert (answered.status == 400) is (value is not None and not isinstance(value, dict))


@pytest.mark.parametrize("name", ["cryptosuite", "keyType", "domain", "challenge", "envelope", "expectedProofPurpose", "checks"])
@pytest.mark.parametrize("value", [*WRONG, "did:key:z6Mk", ["a", 1], ["a", {}], "\0"])
def test_options_of_other_types(api: Client, name: str, value: Any) -> None:
    credential = ADA.sign(a_credential(issuer=ADA.did))
    assert_answered(api.issue(a_credential(), **{name: value}), ISSUE)
    assert_answered(api.verify(credential, **{name: value}), VERIFY)
    assert_answered(api.verify_presentation(ADA.present(a_presentation(credential)), **{name: value}), PRESENT)


@pytest.mark.parametrize("query", [{"cryptosuite": "none"}, {"keyType": ""}, {"keyType": "RSA"}, {"cryptosuite": "\0"}, {"other": "1"}])
def test_queries_of_all_kinds(api: Client, query: dict[str, str]) -> None:
    assert_answered(api.issue(a_credential(), query), ISSUE)


def changes(value: Any) -> Iterator[Any]:
    """Yield a document once for each place in it, with each wrong value there, and without what is there."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            for changed in (*WRONG, *changes(item)):
                yield {**value, name: changed}
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield [*value[:index], *value[index + 1 :]]
            for changed in (*WRONG, *changes(item)):
                yield [*value[:index], changed, *value[index + 1 :]]


FULL = a_credential(
    context=["https://www.w3.org/ns/credentials/v2", {"ex": "https://example.org/#", "alias": {"@id": "ex:alias", "@type": "@id"}}],
    id="urn:uuid:5f3b4a4e-6a47-4a19-9c1e-0c5d2f0a7b11",
    issuer={"id": ADA.did, "name": "City"},
    name={"@value": "Card", "@language": "en", "@direction": "ltr"},
    validFrom="2025-01-01T00:00:00Z",
    validUntil="2027-01-01T00:00:00Z",
    credentialSchema={"id": "https://example.org/schema", "type": "JsonSchema", "digestSRI": "sha256-" + "A" * 43 + "="},
    relatedResource=[{"id": "https://example.org/image", "digestMultibase": "uEiBZlVztZpfWHgPyslVv6-UwirFoQoRvW1htfx963sknNA"}],
)


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_every_place_of_a_credential_that_is_issued(api: Client, suite: str) -> None:
    assert api.issue(FULL, cryptosuite=suite).status == 201
    for document in changes(FULL):
        assert_answered(api.issue(document, cryptosuite=suite), ISSUE)


@pytest.mark.parametrize("suite", ["eddsa-rdfc-2022", "eddsa-jcs-2022"])
def test_every_place_of_what_is_verified(api: Client, suite: str) -> None:
    """Nothing can be changed; but RDF does not have the terms of a context that are not used."""
    signed = ADA.sign(FULL, suite, id="urn:uuid:00000000-0000-4000-8000-000000000001", nonce="n", expires=None)
    assert api.verify(signed).status == 200
    for document in changes(signed):
        answer = api.verify(document)
        assert_answered(answer, VERIFY)
        assert answer.status == 400 or ("rdfc" in suite and document == {**signed, "@context": document["@context"]}), document
    presentation = ADA.present(a_presentation(ADA.sign(a_credential(issuer=ADA.did), suite), holder=ADA.did), suite)
    assert api.verify_presentation(presentation).status == 200
    for document in changes(presentation):
        answer = api.verify_presentation(document)
        assert_answered(answer, PRESENT)
        assert answer.status == 400, document


def test_an_envelope_of_other_types(api: Client) -> None:
    issued = api.issued(a_credential(), envelope=True)
    for document in changes(issued):
        answer = api.verify(document)
        assert_answered(answer, VERIFY)
        assert answer.status == 400, document


@pytest.mark.enable_socket
def test_it_takes_a_free_port_and_says_which() -> None:
    """Over loopback, with the clock of the machine."""
    with process("--port", "0", "--cryptosuite", "ecdsa-jcs-2019") as ready:
        url = next(word for word in ready.split() if word.startswith("http://"))
        assert url.startswith("http://127.0.0.1:")
        assert not url.endswith(":0")
        with httpx.Client(base_url=url) as http:
            client = Client(http)
            issued = client.issued(json.loads(json.dumps(a_credential())))
            assert issued["proof"]["cryptosuite"] == "ecdsa-jcs-2019"
            assert client.verify(issued).status == 200


def test_an_instant_has_an_offset(capfd: pytest.CaptureFixture[str]) -> None:
    for at in ("2026-01-01T00:00:00", "now"):
        with pytest.raises(SystemExit) as left:
            main(["--now", at])
        assert left.value.code == 2
        assert "--now" in capfd.readouterr().err
