"""The published messages: metadata, requests, responses, and what goes over the Digital Credentials API.

Three of them are sketches with `{...}` in the place of a query: one is put there, and the rest is read as it stands.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, MALFORMED_VALUE_ERROR, NOT_ANSWERABLE, UNDECIDABLE, ProblemType, SaysoError
from sayso.jsonvalue import Json, parse_object
from sayso.openid import client_metadata, error_response, response
from sayso.openid.client_id import SIGNED, Channel
from sayso.openid.encryption_key import Recipient
from sayso.openid.request_object import TYPE, parse
from sayso.openid.transaction_data import TransactionData
from sayso.proofs.jose import jws
from tests.unit.openid.test_request_object import REQUEST

QUERY: Json = {"credentials": [{"id": "card", "format": "dc+sd-jwt", "meta": {"vct_values": ["https://city.example/card"]}}]}
ORIGIN = "https://origin2.example.com"


def example(shared: Path, name: str) -> dict[str, Any]:
    text = (shared / "vectors/openid4vp" / f"{name}.json").read_text(encoding="utf-8")
    members: dict[str, Any] = json.loads(text.replace("{...}", json.dumps(QUERY)).replace("{ ... }", json.dumps(QUERY)))
    return members


def refusal(payload: Any, channel: Channel = SIGNED) -> tuple[ProblemType, str]:
    with pytest.raises(SaysoError) as refused:
        parse(payload, channel=channel)
    (problem,) = refused.value.problems
    return problem.kind, problem.pointer


@pytest.mark.parametrize(("name", "read"), [("sd_jwt_vc", True), ("w3c_jwt", True), ("w3c_ldp", True), ("mso_mdoc", False)])
def test_metadata_of_verifiers(shared: Path, name: str, read: bool) -> None:
    """VP-9: who reads none of the formats here is told so."""
    value = example(shared, f"client_metadata/{name}_verifier_metadata")
    if read:
        assert client_metadata.parse(value, encrypted=False) == ("", None)
        return
    with pytest.raises(SaysoError) as refused:
        client_metadata.parse(value, encrypted=False)
    assert refused.value.problems[0].kind is UNDECIDABLE
    assert error_response.code_of(refused.value.under("client_metadata")) == "vp_formats_not_supported"


def test_the_header_of_a_signed_request(shared: Path) -> None:
    """VP-2: the type is the one that is read; RS256 is no algorithm of a DID here."""
    header = example(shared, "request/request_header_client_id_did")
    assert jws.media_type(header["typ"]) == TYPE
    text = f"{jws.protect(header)}.{jws.protect({})}.AA".encode()
    with pytest.raises(SaysoError) as refused:
        jws.decode(text, (TYPE,), jws.READABLE)
    assert refused.value.problems[0].kind is CRYPTOGRAPHIC_SECURITY_ERROR


def test_a_request_object_of_a_did(shared: Path) -> None:
    """VP-1, VP-3: it wants its answer in the fragment of a page, and that is not built; posted, it is read."""
    said = example(shared, "request/request_object_client_id_did")
    assert refusal(said) == (MALFORMED_VALUE_ERROR, "/aud")
    aimed = {**said, "aud": "https://self-issued.me/v2", "iat": 1, "exp": 2}
    assert refusal(aimed) == (UNDECIDABLE, "/response_mode")
    posted = {**aimed, "response_mode": "direct_post", "response_uri": "https://client.example.org/post"}
    assert refusal(posted) == (MALFORMED_VALUE_ERROR, "/response_uri")  # redirect_uri stands beside it
    del posted["redirect_uri"]
    assert parse(posted).client_id == "decentralized_identifier:did:example:123" == said["client_id"]


def test_a_signed_request_over_the_digital_credentials_api(shared: Path) -> None:
    """A.3.2: the origin that asks is one of those expected, and the answer can be encrypted to its key."""
    said = {**example(shared, "digital_credentials_api/signed_request_payload_compact"), "aud": "https://self-issued.me/v2"}
    channel = Channel(origin=ORIGIN)
    assert refusal(said, channel) == (UNDECIDABLE, "/client_id")  # a certificate's name
    known = {**said, "client_id": "decentralized_identifier:did:example:123", "response_mode": "dc_api.jwt", "iat": 1, "exp": 2}
    read = parse(known, channel=channel)
    assert (read.audience, read.origins) == (f"origin:{ORIGIN}", ("https://origin1.example.com", ORIGIN))
    (published,) = said["client_metadata"]["jwks"]["keys"]
    assert read.encryption == Recipient("P-256", "1", {name: published[name] for name in ("crv", "kty", "x", "y")}, "A128GCM")
    assert refusal(known, Channel(origin="https://origin3.example.com")) == (MALFORMED_VALUE_ERROR, "/expected_origins")


def test_the_payload_of_several_signatures_names_no_client(shared: Path) -> None:
    """A.3.2.2: each signature names its own."""
    said = {**example(shared, "digital_credentials_api/signed_request_payload"), "aud": "https://self-issued.me/v2"}
    assert "client_id" not in said
    named = {**said, "client_id": "decentralized_identifier:did:example:123", "iat": 1, "exp": 2}
    assert parse(named, channel=Channel(origin=ORIGIN)).verifier == "did:example:123"


def test_an_error_over_the_digital_credentials_api(shared: Path) -> None:
    """VP-13."""
    said = example(shared, "digital_credentials_api/error_invalid_request")
    over_api = REQUEST._replace(response_uri=None, origin=ORIGIN)
    assert parse_object(error_response.answer(over_api, "invalid_request").data) == said
    with pytest.raises(SaysoError, match="invalid_request") as refused:
        response.read(json.dumps(said).encode(), over_api, None)
    assert refused.value.problems[0].kind is NOT_ANSWERABLE


def test_presentations_in_a_response(shared: Path) -> None:
    """VP-6: an object as well as a text."""
    presentation = example(shared, "response/ldp_vc")
    assert response.parse(json.dumps({"vp_token": {"example_ldp_vc": [presentation]}}).encode()) == {"example_ldp_vc": [presentation]}


def test_the_hash_of_transaction_data(shared: Path) -> None:
    """VP-11: it is that of the text as it was received. The published one is that of a disclosure of RFC 9901."""
    said = example(shared, "response/kb_jwt_unsecured")
    text = (
        "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImFkZHJlc3MiLCB7InN0cmVldF9hZGRyZXNzIjogIlNjaHVsc3RyLiAxMiIsICJsb2NhbGl0eSI6ICJTY2h1bHBmb3J0"
        "YSIsICJyZWdpb24iOiAiU2FjaHNlbi1BbmhhbHQiLCAiY291bnRyeSI6ICJERSJ9XQ"
    )
    assert [TransactionData(text, "", (), ("sha-256",), False, {}).digest()] == said["transaction_data_hashes"]
