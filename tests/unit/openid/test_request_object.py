"""Request objects say what OpenID4VP asks for, and whatever does not is refused with a pointer to the member."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.errors import MALFORMED_VALUE_ERROR, UNDECIDABLE, ProblemType, SaysoError
from sayso.identifiers import Did, Nonce
from sayso.jsonvalue import Json, JsonObject
from sayso.openid.request_object import AUDIENCE, BY_HAND, SIGN_IN, RequestObject, VerifierInfo, parse, serialize
from sayso.query.grammar import CredentialQuery, Query

DID = Did("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
REQUEST = RequestObject(
    verifier=DID,
    name="The Bar",
    nonce=Nonce("n-0S6_WzA2Mj"),
    issued=AT,
    expires=AT.replace(minute=5),
    response_uri="https://bar.example/answers",
    query=Query((CredentialQuery("card", "dc+sd-jwt", (("https://city.example/card",),)),)),
    info=(VerifierInfo("https://w3id.org/sayso/sharing-terms/v1", {"a": 1}, ("card",)), VerifierInfo("other", "text", None)),
)


def payload(*absent: str, **changed: Json) -> JsonObject:
    """Write the request, with some members changed and some left out."""
    return {name: value for name, value in {**serialize(REQUEST), **changed}.items() if name not in absent}


def refusal(value: JsonObject) -> tuple[ProblemType, str]:
    with pytest.raises(SaysoError) as refused:
        parse(value)
    (problem,) = refused.value.problems
    return problem.kind, problem.pointer


class TestSerialize:
    def test_every_member(self) -> None:
        """VP-1 to VP-5, VP-9."""
        assert serialize(REQUEST) == {
            "client_id": f"decentralized_identifier:{DID}",
            "aud": "https://self-issued.me/v2",
            "response_type": "vp_token",
            "response_mode": "direct_post",
            "response_uri": "https://bar.example/answers",
            "nonce": "n-0S6_WzA2Mj",
            "iat": 1795176000,
            "exp": 1795176300,
            "client_metadata": {
                "client_name": "The Bar",
                "vp_formats_supported": {
                    "dc+sd-jwt": {"sd-jwt_alg_values": ["EdDSA", "Ed25519"], "kb-jwt_alg_values": ["EdDSA", "Ed25519"]}
                },
            },
            "dcql_query": {"credentials": [{"id": "card", "format": "dc+sd-jwt", "meta": {"vct_values": ["https://city.example/card"]}}]},
            "verifier_info": [
                {"format": "https://w3id.org/sayso/sharing-terms/v1", "data": {"a": 1}, "credential_ids": ["card"]},
                {"format": "other", "data": "text"},
            ],
        }

    def test_by_hand_without_a_response_uri(self) -> None:
        """DESIGN: without a `reply_to` the object serves sayso wallets only, and says so."""
        written = serialize(REQUEST._replace(response_uri=None))
        assert written["response_mode"] == BY_HAND == "https://w3id.org/sayso/by_hand"
        assert "response_uri" not in written

    def test_what_is_read_in_each_format(self) -> None:
        """VP-9."""
        whole = Query((CredentialQuery("a", "ldp_vc"), CredentialQuery("b", "jwt_vc_json"), CredentialQuery("c", "vc+sd-jwt")))
        metadata: Any = serialize(REQUEST._replace(query=whole), ["ES256"])["client_metadata"]
        assert metadata["vp_formats_supported"] == {
            "ldp_vc": {"proof_type_values": ["DataIntegrityProof"], "cryptosuite_values": ["eddsa-rdfc-2022", "eddsa-jcs-2022"]},
            "jwt_vc_json": {"alg_values": ["ES256"]},
            "vc+sd-jwt": {"sd-jwt_alg_values": ["ES256"], "kb-jwt_alg_values": ["ES256"]},
        }

    def test_a_scope_in_the_place_of_the_query(self) -> None:
        asked = REQUEST._replace(query=Query(()), scope=SIGN_IN)
        written: Any = serialize(asked)
        assert written["scope"] == "https://w3id.org/sayso/sign-in"
        assert "dcql_query" not in written
        assert written["client_metadata"]["vp_formats_supported"] == {"jwt_vc_json": {"alg_values": ["EdDSA", "Ed25519"]}}
        assert parse(written) == asked

    def test_a_verifier_without_a_name(self) -> None:
        metadata = serialize(REQUEST._replace(name=""))["client_metadata"]
        assert isinstance(metadata, dict)
        assert [*metadata] == ["vp_formats_supported"]


class TestParse:
    @pytest.mark.parametrize(
        "request_object",
        [REQUEST, REQUEST._replace(response_uri=None), REQUEST._replace(name=""), REQUEST._replace(info=REQUEST.info[:1])],
    )
    def test_what_was_written(self, request_object: RequestObject) -> None:
        assert parse(serialize(request_object)) == request_object

    def test_client_id_is_the_did_with_its_prefix(self) -> None:
        """VP-4."""
        assert parse(payload()).client_id == f"decentralized_identifier:{DID}"

    def test_unknown_members_are_ignored(self) -> None:
        assert parse(payload(state="x", request_uri_method="post", wallet_nonce=5)) == REQUEST

    def test_no_client_metadata_and_no_verifier_info(self) -> None:
        assert parse(payload("client_metadata", "verifier_info")) == REQUEST._replace(name="", info=())

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("client_id", [None, 5, "", DID, "decentralized_identifier:", f"x509_hash:{DID}", "decentralized_identifier:did:key", True]),
            ("response_type", [None, "vp_token id_token", "code", ["vp_token"]]),
            ("aud", [None, "https://self-issued.me/v1", [AUDIENCE], DID]),
            ("nonce", [None, "", 5, "a b", "é", "a" * 513, "a/b", "a\n"]),
            ("iat", [None, "1795175700", True, 1e20]),
            ("exp", [None, "1795176000", False, -1e20]),
            ("verifier_info", [None, [], {}, "text"]),
            ("client_metadata", [None, [], "text"]),
            ("dcql_query", [None, [], {}]),
        ],
    )
    def test_members_that_are_wrong_or_missing(self, name: str, wrong: list[Json]) -> None:
        for value in wrong:
            kind, pointer = refusal(payload(**{name: value}))
            assert kind is MALFORMED_VALUE_ERROR
            assert pointer == f"/{name}" or name == "dcql_query"
        if name not in ("client_metadata", "verifier_info"):
            assert refusal(payload(name))[1].startswith(f"/{name}")

    def test_a_longest_nonce(self) -> None:
        assert parse(payload(nonce="~" * 512)).nonce == "~" * 512

    def test_a_scope_beside_or_instead_of_the_query(self) -> None:
        """VP-1: exactly one of them, and one scope means something here."""
        assert refusal(payload(scope="card")) == (MALFORMED_VALUE_ERROR, "/dcql_query")
        assert refusal(payload(scope=SIGN_IN)) == (MALFORMED_VALUE_ERROR, "/dcql_query")
        assert refusal(payload("dcql_query")) == (MALFORMED_VALUE_ERROR, "/dcql_query")
        assert refusal(payload("dcql_query", scope="card")) == (UNDECIDABLE, "/scope")
        assert refusal(payload("dcql_query", scope=[SIGN_IN])) == (UNDECIDABLE, "/scope")
        read = parse(payload("dcql_query", scope=SIGN_IN))
        assert (read.scope, read.query) == (SIGN_IN, Query(()))

    def test_transaction_data_must_not_be_skipped(self) -> None:
        """VP-10: a wallet that does not support it MUST refuse."""
        values: list[Json] = [["eyJ9"], [], None]
        for value in values:
            assert refusal(payload(transaction_data=value)) == (UNDECIDABLE, "/transaction_data")

    @pytest.mark.parametrize("mode", [None, "fragment", "direct_post.jwt", "dc_api", 5, ""])
    def test_other_response_modes(self, mode: Json) -> None:
        assert refusal(payload(response_mode=mode)) == (UNDECIDABLE, "/response_mode")

    @pytest.mark.parametrize("uri", [None, "", "bar.example/answers", 5, ["https://bar.example/"], "https://bar example/"])
    def test_direct_post_needs_a_url(self, uri: Json) -> None:
        assert refusal(payload(response_uri=uri)) == (MALFORMED_VALUE_ERROR, "/response_uri")
        assert refusal(payload("response_uri")) == (MALFORMED_VALUE_ERROR, "/response_uri")

    def test_direct_post_has_no_redirect_uri(self) -> None:
        assert refusal(payload(redirect_uri="https://bar.example/back")) == (MALFORMED_VALUE_ERROR, "/response_uri")

    @pytest.mark.parametrize("name", [None, 5, ["The Bar"], {}])
    def test_a_client_name_that_is_no_text(self, name: Json) -> None:
        assert refusal(payload(client_metadata={"client_name": name})) == (MALFORMED_VALUE_ERROR, "/client_metadata/client_name")

    @pytest.mark.parametrize(
        ("entry", "pointer"),
        [
            ("text", "/verifier_info/0"),
            ({}, "/verifier_info/0"),
            ({"format": 5, "data": {}}, "/verifier_info/0"),
            ({"format": "f", "data": []}, "/verifier_info/0"),
            ({"format": "f"}, "/verifier_info/0"),
            ({"format": "f", "data": {}, "credential_ids": None}, "/verifier_info/0/credential_ids"),
            ({"format": "f", "data": {}, "credential_ids": []}, "/verifier_info/0/credential_ids"),
            ({"format": "f", "data": {}, "credential_ids": "card"}, "/verifier_info/0/credential_ids"),
            ({"format": "f", "data": {}, "credential_ids": ["card", 5]}, "/verifier_info/0/credential_ids"),
        ],
    )
    def test_entries_of_verifier_info(self, entry: Any, pointer: str) -> None:
        """VP-5."""
        assert refusal(payload(verifier_info=[entry])) == (MALFORMED_VALUE_ERROR, pointer)

    def test_the_pointer_leads_into_the_query(self) -> None:
        query: Json = {"credentials": [{"id": "card", "format": "dc+sd-jwt", "meta": {}}]}
        assert refusal(payload(dcql_query=query))[1] == "/dcql_query/credentials/0/meta/vct_values"
