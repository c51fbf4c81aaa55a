"""The pipeline follows the schemas that a credential names, where all else holds."""

import hashlib
from base64 import b64encode
from typing import Any

from sayso.credentials.json_schema.entries import JSON_SCHEMA_CREDENTIAL
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    MALFORMED_VALUE_ERROR,
    RETRIEVAL_REFUSED,
    SCHEMA_MISMATCH,
    UNTRUSTED_ISSUER,
    SaysoError,
)
from sayso.jsonvalue import serialize
from sayso.retrieval import Fetch, Retrieve, Retrieved
from sayso.verification.doors import examine
from sayso.verification.expectations import Expectations
from tests.spec.data_integrity.documents import AT, Document, Found, a_card, asking, expecting, presented, secured
from tests.unit.proofs.tokens import ISSUER_DID, PID, STRANGER, sd_jwt, token
from tests.unit.verification.proven import places

HERE, THERE = "https://city.example/schemas/card", "https://city.example/credentials/card"
SCHEMA: Document = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": HERE,
    "type": "object",
    "properties": {"credentialSubject": {"type": "object", "required": ["given_name"]}},
}
ITSELF: Document = {"id": HERE, "type": "JsonSchema"}
IN_A_CREDENTIAL: Document = {"id": THERE, "type": "JsonSchemaCredential"}


def holder_of(schema: Document, **members: Any) -> Document:
    """Give a credential of the issuer that holds a schema."""
    return a_card(
        **{
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "id": THERE,
            "credentialSchema": {"id": JSON_SCHEMA_CREDENTIAL, "type": "JsonSchema"},
            "credentialSubject": {"id": HERE, "type": "JsonSchema", "jsonSchema": schema},
            **members,
        }
    )


def serving(**found: bytes) -> tuple[Fetch, list[Retrieve]]:
    """Serve what stands at `here` and `there`."""
    asked: list[Retrieve] = []

    def fetch(retrieve: Retrieve) -> Retrieved:
        asked.append(retrieve)
        name = {HERE: "here", THERE: "there"}[retrieve.url]
        if name not in found:
            raise SaysoError.of(RETRIEVAL_REFUSED, "nothing there")
        return Retrieved(found[name])

    return fetch, asked


def look(document: Document, expectations: Expectations | None = None, **served: bytes) -> tuple[Found, int]:
    """Give the problems, and how often anything was retrieved."""
    fetch, asked = serving(**served)
    report = examine(serialize(document), expectations or expecting(), at=AT, fetch=fetch)
    assert {problem.stage for problem in report.problems} <= {"conform", "decode", "resolve", "prove", "bind", "date", "status", "trust"}
    return places(report.problems), len(asked)


def data(value: Document) -> bytes:
    return serialize(value).encode()


def test_a_schema_is_followed() -> None:
    good = secured(a_card(credentialSchema=ITSELF))
    bad = secured(a_card(credentialSchema=ITSELF, credentialSubject={"id": "did:example:x", "name": "Ada"}))
    assert look(good, here=data(SCHEMA)) == ([], 1)
    assert look(bad, here=data(SCHEMA)) == ([(SCHEMA_MISMATCH, "/credentialSubject")], 1)
    assert look(bad, expecting(schema="ignore")) == ([], 0)


def test_a_schema_is_looked_for_where_the_data_model_has_one() -> None:
    """SD-JWT VC has no `credentialSchema`: a claim of that name is the issuer's own."""
    fetch, asked = serving(here=b"{}")
    text = sd_jwt(token({**PID, "credentialSchema": {**ITSELF}}, typ="dc+sd-jwt"))
    assert examine(text, Expectations(issuers=[ISSUER_DID], holder_binding=False), at=AT, fetch=fetch).ok
    assert asked == []


def test_a_fetcher_is_told_why() -> None:
    for entry, reason in ((ITSELF, "the schema of the credential"), (IN_A_CREDENTIAL, "the credential with the schema")):
        fetch, asked = serving()
        examine(serialize(secured(a_card(credentialSchema=entry))), expecting(), at=AT, fetch=fetch)
        assert reason in [one.reason for one in asked]


def test_a_schema_that_is_not_to_be_had() -> None:
    """Not decided, and so refused."""
    good = secured(a_card(credentialSchema=ITSELF))
    assert look(good) == ([(RETRIEVAL_REFUSED, "/credentialSchema")], 1)
    assert not examine(serialize(good), expecting(), at=AT).decided


def test_nothing_is_retrieved_for_what_does_not_hold() -> None:
    """A forger makes nobody retrieve anything."""
    stranger = secured(a_card(credentialSchema=ITSELF, issuer=ISSUER_DID), signer=STRANGER)
    assert look(stranger, here=data(SCHEMA))[1] == 0
    untrusted = expecting(issuers=["did:example:other"])
    assert look(secured(a_card(credentialSchema=ITSELF)), untrusted, here=data(SCHEMA)) == ([(UNTRUSTED_ISSUER, "/issuer")], 0)


def test_a_schema_in_a_credential() -> None:
    """JS-1: that is verified as any other, by the same stages, of an issuer that is trusted."""
    good = secured(a_card(credentialSchema=IN_A_CREDENTIAL))
    bad = secured(a_card(credentialSchema=IN_A_CREDENTIAL, credentialSubject={"id": "did:example:x", "name": "Ada"}))
    holder = data(secured(holder_of(SCHEMA)))
    assert look(good, there=holder) == ([], 1)
    assert look(bad, there=holder) == ([(SCHEMA_MISMATCH, "/credentialSubject")], 1)
    typed = expecting(types=["IdentityCard"])
    assert look(good, typed, there=holder) == ([], 1)


def test_a_schema_in_a_credential_that_does_not_hold() -> None:
    good = secured(a_card(credentialSchema=IN_A_CREDENTIAL))
    forged = {**secured(holder_of(SCHEMA)), "id": "urn:uuid:2"}
    assert look(good, there=data(forged)) == ([(CRYPTOGRAPHIC_SECURITY_ERROR, "/credentialSchema/proof")], 1)
    of_another = secured(holder_of(SCHEMA), signer=STRANGER)
    assert not examine(serialize(good), expecting(), at=AT, fetch=serving(there=data(of_another))[0]).ok
    ended = secured(holder_of(SCHEMA, validUntil="2020-01-01T00:00:00Z"))
    assert [place for _, place in look(good, there=data(ended))[0]] == ["/credentialSchema/validUntil"]
    no_schema = secured(holder_of(SCHEMA, type=["VerifiableCredential", "Other"]))
    assert (MALFORMED_VALUE_ERROR, "/credentialSchema/type") in look(good, there=data(no_schema))[0]
    assert look(good, there=b"{}")[0]
    presentation = presented(secured(holder_of(SCHEMA)))
    assert look(good, there=data(presentation))[0]


def test_a_digest_of_a_credential_with_a_schema() -> None:
    """DM-14: what is retrieved is what the issuer looked at, in either kind of entry."""
    holder = data(secured(holder_of(SCHEMA)))
    for entry, served in ((IN_A_CREDENTIAL, {"there": holder}), (ITSELF, {"here": data(SCHEMA)})):
        (body,) = served.values()
        right = "sha384-" + b64encode(hashlib.sha384(body).digest()).decode()
        wrong = "sha384-" + b64encode(hashlib.sha384(body + b" ").digest()).decode()
        assert look(secured(a_card(credentialSchema={**entry, "digestSRI": right})), expecting(), **served) == ([], 1)
        problems, _ = look(secured(a_card(credentialSchema={**entry, "digestSRI": wrong})), expecting(), **served)
        assert [kind for kind, _ in problems] == [CRYPTOGRAPHIC_SECURITY_ERROR]


def test_inside_a_presentation() -> None:
    bad = secured(a_card(credentialSchema=ITSELF, credentialSubject={"name": "Ada"}))
    found, _ = look(presented(bad), asking(), here=data(SCHEMA))
    assert found == [(SCHEMA_MISMATCH, "/verifiableCredential/0/credentialSubject")]


def test_what_is_expected_beside() -> None:
    """A credential with a schema answers nothing and has no schema that is looked at; all else stays as strict."""
    whole = asking(types=["IdentityCard"], status="waive", credentials=2)
    beside = whole.beside()
    assert (beside.holder_binding, beside.types, beside.asked, beside.presenter, beside.schema) == (False, None, None, None, "ignore")
    assert (beside.issuers, beside.status, beside.skew, beside.known_keys) == (whole.issuers, "waive", whole.skew, whole.known_keys)
    assert whole.types == ("IdentityCard",)
