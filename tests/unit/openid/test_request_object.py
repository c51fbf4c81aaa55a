"""Request objects say what OpenID4VP asks for, and whatever does not is refused with a pointer to the member."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.errors import INVALID_TRANSACTION_DATA, MALFORMED_VALUE_ERROR, UNDECIDABLE, ProblemType, SaysoError
from sayso.identifiers import Did, Nonce
from sayso.jsonvalue import Json, JsonObject
from sayso.openid import transaction_data
from sayso.openid.client_id import SIGNED, Channel
from sayso.openid.encryption_key import EncryptionKey
from sayso.openid.request_object import AUDIENCE, BY_HAND, SIGN_IN, RequestObject, VerifierInfo, own_channel, parse, serialize
from sayso.query.grammar import CredentialQuery, Query

DID = Did("did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK")
KEY = EncryptionKey("X25519", bytes(31) + b"\x01")
PAGE = "https://bar.example"
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


def refusal(value: JsonObject, channel: Channel = SIGNED) -> tuple[ProblemType, str]:
    with pytest.raises(SaysoError) as refused:
        parse(value, channel=channel)
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

    @pytest.mark.parametrize(
        ("changes", "mode"),
        [
            ({}, "direct_post"),
            ({"encryption": KEY.recipient}, "direct_post.jwt"),
            ({"response_uri": None, "origins": (PAGE,), "origin": PAGE}, "dc_api"),
            ({"response_uri": None, "origins": (PAGE,), "origin": PAGE, "encryption": KEY.recipient}, "dc_api.jwt"),
        ],
    )
    def test_every_way_to_answer(self, changes: dict[str, Any], mode: str) -> None:
        written = serialize(REQUEST._replace(state="table-7", **changes))
        assert written["response_mode"] == mode
        assert written["state"] == "table-7"
        assert written.get("expected_origins") == ([PAGE] if "origins" in changes else None)
        metadata: Any = written["client_metadata"]
        if "encryption" in changes:
            assert metadata["jwks"] == {"keys": [KEY.public_jwk]}
            assert metadata["encrypted_response_enc_values_supported"] == ["A128GCM", "A256GCM"]

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
        [
            REQUEST,
            REQUEST._replace(response_uri=None),
            REQUEST._replace(name=""),
            REQUEST._replace(info=REQUEST.info[:1]),
            REQUEST._replace(state="table-7", wallet_nonce="of-the-wallet"),
            REQUEST._replace(encryption=KEY.recipient),
            REQUEST._replace(encryption=KEY.recipient._replace(encryption="A256GCM")),
        ],
    )
    def test_what_was_written(self, request_object: RequestObject) -> None:
        assert parse(serialize(request_object)) == request_object

    def test_client_id_is_the_did_with_its_prefix(self) -> None:
        """VP-4."""
        assert parse(payload()).client_id == f"decentralized_identifier:{DID}"

    def test_unknown_members_are_ignored(self) -> None:
        assert parse(payload(request_uri_method="post", expected_origins=5)) == REQUEST

    def test_no_client_metadata_and_no_verifier_info(self) -> None:
        assert parse(payload("client_metadata", "verifier_info")) == REQUEST._replace(name="", info=())

    @pytest.mark.parametrize(
        ("name", "wrong"),
        [
            ("client_id", [None, 5, "decentralized_identifier:", "decentralized_identifier:did:key", "origin:x", True]),
            ("state", [None, 5, "", "a b", "é", "a" * 513]),
            ("wallet_nonce", [None, 5, "", "a b"]),
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
        if name not in ("client_metadata", "verifier_info", "state", "wallet_nonce"):
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
        values: list[tuple[Json, str]] = [(["eyJ9"], "/0"), ([], ""), (None, "")]
        for value, pointer in values:
            assert refusal(payload(transaction_data=value)) == (INVALID_TRANSACTION_DATA, f"/transaction_data{pointer}")
        entry = transaction_data.entry("https://bar.example/payment", ["card"])
        assert refusal(payload(transaction_data=[entry.text])) == (UNDECIDABLE, "/transaction_data/0/type")

    @pytest.mark.parametrize("mode", [None, "fragment", "dc_api", "dc_api.jwt", 5, "", ["direct_post"]])
    def test_other_response_modes(self, mode: Json) -> None:
        assert refusal(payload(response_mode=mode)) == (UNDECIDABLE, "/response_mode")

    def test_transaction_data_of_a_known_type(self) -> None:
        """VP-10: which types are known is said in one place."""
        entries = (transaction_data.entry("https://bar.example/payment", ["card"], amount="10"), transaction_data.entry("other", ["card"]))
        written = serialize(REQUEST._replace(transaction_data=entries))
        assert written["transaction_data"] == [entry.text for entry in entries]
        assert parse(written, transaction_types=["https://bar.example/payment", "other"]).transaction_data == entries
        with pytest.raises(SaysoError) as refused:
            parse(written, transaction_types=["https://bar.example/payment"])
        assert refused.value.problems[0].pointer == "/transaction_data/1/type"

    def test_who_asks_without_a_did(self) -> None:
        """VP-3: each way to be known that is not built is named."""
        names = {refusal(payload(client_id=client)) for client in ("", DID, "bar", "x509_hash:a", "x509_san_dns:a", "https://bar.example")}
        assert names == {(UNDECIDABLE, "/client_id")}

    def test_a_channel_of_ones_own(self) -> None:
        assert own_channel(payload()) == SIGNED
        assert own_channel(payload(expected_origins=[PAGE])) == SIGNED
        assert own_channel(payload(expected_origins=[], response_mode="dc_api")) == SIGNED
        for mode in ("dc_api", "dc_api.jwt"):
            assert own_channel(payload(expected_origins=[PAGE], response_mode=mode)) == Channel(origin=PAGE)

    def test_over_the_digital_credentials_api(self) -> None:
        """Appendix A.2: what would name a place to answer is ignored, and so is a state."""
        over_api = REQUEST._replace(response_uri=None, origins=(PAGE,), origin=PAGE)
        channel = Channel(origin=PAGE)
        written = {**serialize(over_api), "response_uri": 5, "redirect_uri": 5, "state": "a b"}
        assert parse(written, channel=channel) == over_api
        wrong: list[Json] = [None, [], PAGE, [5], ["https://other.example"]]
        for value in wrong:
            assert refusal({**written, "expected_origins": value}, channel) == (MALFORMED_VALUE_ERROR, "/expected_origins")
        assert refusal({**written, "response_mode": "direct_post"}, channel) == (UNDECIDABLE, "/response_mode")
        assert refusal({**written, "response_mode": BY_HAND}, channel) == (UNDECIDABLE, "/response_mode")

    def test_that_nobody_signed_over_the_digital_credentials_api(self) -> None:
        """Appendix A.2: a client_id is ignored, the audience is the origin, and nothing has to be aimed at this wallet."""
        written = {**serialize(REQUEST), "response_mode": "dc_api", "client_id": 5, "aud": 5}
        read = parse(written, channel=Channel(signed=False, origin=PAGE))
        assert (read.client_id, read.audience, read.signed, read.origins) == (f"origin:{PAGE}", f"origin:{PAGE}", False, ())

    def test_that_nobody_signed_with_a_place_to_answer(self) -> None:
        """Section 5.9.3: it is the client."""
        written: JsonObject = {**serialize(REQUEST), "client_id": f"redirect_uri:{REQUEST.response_uri}"}
        channel = Channel(signed=False)
        assert parse(written, channel=channel).audience == written["client_id"]
        assert refusal({**written, "response_uri": "https://other.example/"}, channel) == (MALFORMED_VALUE_ERROR, "/response_uri")
        assert refusal({**written, "client_id": "redirect_uri:x"}, channel) == (MALFORMED_VALUE_ERROR, "/client_id")
        assert refusal({**written, "response_mode": BY_HAND}, channel) == (UNDECIDABLE, "/response_mode")
        assert refusal(written) == (MALFORMED_VALUE_ERROR, "/client_id")
        assert refusal(payload(), channel) == (MALFORMED_VALUE_ERROR, "/client_id")

    @pytest.mark.parametrize("uri", [None, "", "bar.example/answers", 5, ["https://bar.example/"], "https://bar example/"])
    def test_direct_post_needs_a_url(self, uri: Json) -> None:
        assert refusal(payload(response_uri=uri)) == (MALFORMED_VALUE_ERROR, "/response_uri")
        assert refusal(payload("response_uri")) == (MALFORMED_VALUE_ERROR, "/response_uri")

    def test_direct_post_has_no_redirect_uri(self) -> None:
        assert refusal(payload(redirect_uri="https://bar.example/back")) == (MALFORMED_VALUE_ERROR, "/response_uri")

    @pytest.mark.parametrize("name", [None, 5, ["The Bar"], {}])
    def test_a_client_name_that_is_no_text(self, name: Json) -> None:
        assert refusal(payload(client_metadata={"client_name": name})) == (MALFORMED_VALUE_ERROR, "/client_metadata/client_name")

    @pytest.mark.parametrize("formats", [None, [], "dc+sd-jwt"])
    def test_formats_that_are_no_object(self, formats: Json) -> None:
        """VP-9."""
        where = "/client_metadata/vp_formats_supported"
        assert refusal(payload(client_metadata={"vp_formats_supported": formats})) == (MALFORMED_VALUE_ERROR, where)
        assert refusal(payload(client_metadata={"vp_formats_supported": {"mso_mdoc": {}}})) == (UNDECIDABLE, where)

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
