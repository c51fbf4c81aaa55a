"""did:peer: a DID that holds its own document (PEER-0, PEER-2 to PEER-4)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sayso.dids import did_key, did_peer, did_peer_2, did_peer_4
from sayso.dids.document import VerificationMethod
from sayso.dids.method import DidMethod, Options
from sayso.dids.resolution import METHODS, document_of, resolve, retrieve_verification_method
from sayso.encodings import base64url, multibase, multihash
from sayso.errors import (
    FEATURE_NOT_SUPPORTED,
    INVALID_DID,
    INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD,
    LIMIT_EXCEEDED,
    UNDECIDABLE,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys import multikey, x25519
from sayso.keys.verification_key import VerificationKey
from sayso.keys.x25519 import AgreementKey
from sayso.retrieval import Steps, drive, offline
from tests.spec.did_peer.examples import (
    AGREEING,
    METHOD_0,
    METHOD_2,
    METHOD_3,
    METHOD_3_OF_THAT,
    METHOD_4,
    METHOD_4_SHORT,
    OLDER_METHOD_2,
    SIGNING,
)

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


def members(did: str) -> dict[str, Any]:
    return drive(resolve(did, AT), offline).members


def refusal(steps: Steps[object]) -> ProblemType:
    with pytest.raises(SaysoError) as refused:
        drive(steps, offline)
    return refused.value.problems[0].kind


class TestMethod0:
    def test_peer_0_it_is_the_document_of_a_did_key(self) -> None:
        """PEER-0: one key, for the same relationships as in a did:key."""
        body = METHOD_0.removeprefix("did:peer:0")
        assert members(METHOD_0) == {**members(f"did:key:{body}"), **_moved(members(f"did:key:{body}"), f"did:key:{body}", METHOD_0)}
        assert drive(document_of(METHOD_0, AT), offline).to_json() == members(METHOD_0)
        key = multikey.decode(body)
        assert did_peer.did_of(key) == METHOD_0
        found = drive(retrieve_verification_method(did_peer.verification_method(key), "assertionMethod", AT), offline)
        assert found == VerificationMethod(f"{METHOD_0}#{body}", METHOD_0, key)

    def test_a_key_that_agrees_on_keys(self) -> None:
        did = "did:peer:0" + AGREEING
        assert members(did)["keyAgreement"] == [f"{did}#{AGREEING}"]
        assert refusal(retrieve_verification_method(f"{did}#{AGREEING}", "authentication", AT)) is INVALID_VERIFICATION_METHOD

    @pytest.mark.parametrize("body", ["", "z", SIGNING[:-1], SIGNING + "1", SIGNING[1:], f"{SIGNING}:x", "u7Q"])
    def test_what_is_no_key(self, body: str) -> None:
        assert refusal(resolve(f"did:peer:0{body}", AT)) is INVALID_DID

    def test_another_kind_of_key_is_no_verdict(self) -> None:
        assert refusal(resolve("did:peer:0zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme", AT)) is UNDECIDABLE


def _moved(value: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    import json

    moved: dict[str, Any] = json.loads(json.dumps(value).replace(old, new))
    return moved


class TestMethod2:
    def test_peer_2_the_example(self) -> None:
        """PEER-2: the document of the specification's example, with relative ids."""

        def service(name: str, path: str, key: str) -> JsonObject:
            endpoint: JsonObject = {
                "uri": f"http://example.com/{path}",
                "accept": ["didcomm/v2"],
                "routingKeys": [f"did:example:123456789abcdefghi#{key}"],
            }
            return {"type": "DIDCommMessaging", "serviceEndpoint": endpoint, "id": name}

        assert members(METHOD_2) == {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": METHOD_2,
            "verificationMethod": [
                {"id": "#key-1", "controller": METHOD_2, "type": "Multikey", "publicKeyMultibase": SIGNING},
                {"id": "#key-2", "controller": METHOD_2, "type": "Multikey", "publicKeyMultibase": AGREEING},
            ],
            "authentication": ["#key-1"],
            "keyAgreement": ["#key-2"],
            "service": [service("#service", "didcomm", "key-1"), service("#service-1", "another", "key-2")],
            "alsoKnownAs": [METHOD_3_OF_THAT],
        }

    def test_peer_2_it_is_written(self) -> None:
        """PEER-2: the same DID comes out, with the common words abbreviated at every depth."""
        services = [{name: member for name, member in service.items() if name != "id"} for service in members(METHOD_2)["service"]]
        keys: list[tuple[str, VerificationKey | AgreementKey]]
        keys = [("authentication", multikey.decode(SIGNING)), ("keyAgreement", x25519.decode_multikey(AGREEING))]
        assert did_peer_2.did_of(keys, services) == METHOD_2

    def test_a_key_signs_for_its_purpose_alone(self) -> None:
        found = drive(retrieve_verification_method(f"{METHOD_2}#key-1", "authentication", AT), offline)
        assert (found.key, found.controller) == (multikey.decode(SIGNING), METHOD_2)
        assert (
            refusal(retrieve_verification_method(f"{METHOD_2}#key-1", "assertionMethod", AT))
            is INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD
        )
        assert refusal(retrieve_verification_method(f"{METHOD_2}#key-2", "keyAgreement", AT)) is UNDECIDABLE

    def test_every_purpose(self) -> None:
        key = multikey.decode(SIGNING)
        names = ("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation")
        did = did_peer_2.did_of([(name, key) for name in names])
        assert did == "did:peer:2" + "".join(f".{code}{SIGNING}" for code in "AVID")
        assert {name: members(did)[name] for name in names} == {name: [f"#key-{index}"] for index, name in enumerate(names, 1)}
        assert "service" not in members(did)

    def test_services_have_ids_of_their_own_or_are_numbered(self) -> None:
        named: list[JsonObject] = [{"type": "A", "serviceEndpoint": "https://a.example"} for _ in range(4)]
        named[1]["id"] = "#files"
        did = did_peer_2.did_of([("authentication", multikey.decode(SIGNING))], named)
        assert [service["id"] for service in members(did)["service"]] == ["#service", "#files", "#service-1", "#service-2"]

    def test_an_older_form_of_a_service(self) -> None:
        (service,) = members(OLDER_METHOD_2)["service"]
        assert service == {
            "type": "DIDCommMessaging",
            "serviceEndpoint": "https://example.com/endpoint",
            "routingKeys": ["did:example:somemediator#somekey"],
            "accept": ["didcomm/v2", "didcomm/aip2;env=rfc587"],
            "id": "#service",
        }

    @pytest.mark.parametrize(
        "elements",
        [
            "",
            ".",
            f"V{SIGNING}",
            f".V{SIGNING}.",
            f".V{SIGNING}..V{SIGNING}",
            f".v{SIGNING}",
            f".{SIGNING}",
            f".X{SIGNING}",
            f".V{SIGNING[:-1]}",
            f".V{SIGNING[1:]}",
            f".E{AGREEING[:-1]}",
            ".V",
            ".S",
            ".Se",
            ".S" + base64url.encode(b"[]"),
            ".S" + base64url.encode(b'[{"t":"dm","s":"x"}]'),
            ".S" + base64url.encode(b'{"t":"dm"}'),
            ".S" + base64url.encode(b'{"t":"dm","t":"dm","s":"https://a.example"}'),
            ".S" + base64url.encode(b'{"t":"dm","type":"x","s":"https://a.example"}'),
            ".S" + base64url.encode(b'{"id":"did:example:a#b","t":"dm","s":"https://a.example"}'),
            ".S" + base64url.encode(b'{"id":5,"t":"dm","s":"https://a.example"}'),
            (".S" + base64url.encode(b'{"id":"#a","t":"dm","s":"https://a.example"}')) * 2,
        ],
    )
    def test_what_is_no_list_of_keys_and_services(self, elements: str) -> None:
        assert refusal(resolve(f"did:peer:2{elements}", AT)) is INVALID_DID

    def test_it_has_at_most_so_many_elements(self) -> None:
        most = did_peer_2.MAX_ELEMENTS
        assert len(members("did:peer:2" + f".V{SIGNING}" * most)["verificationMethod"]) == most
        assert refusal(resolve("did:peer:2" + f".V{SIGNING}" * (most + 1), AT)) is LIMIT_EXCEEDED

    def test_keys_of_other_kinds_stand_in_the_document(self) -> None:
        foreign = "zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme"
        assert members(f"did:peer:2.V{foreign}")["verificationMethod"][0]["publicKeyMultibase"] == foreign

    def test_what_it_is_not_written_of(self) -> None:
        key = multikey.decode(SIGNING)
        for keys, services in (
            ([], []),
            ([("signing", key)], []),
            ([("authentication", key)], [{"type": "A", "serviceEndpoint": {"a": "x"}}]),
            ([("authentication", key)], [{"type": "dm", "serviceEndpoint": "https://a.example"}]),
            ([("authentication", key)], [{"id": "did:example:a#b", "type": "A", "serviceEndpoint": "https://a.example"}]),
        ):
            with pytest.raises(ValueError, match=r"relati|abbreviations"):
                did_peer_2.did_of(keys, services)  # type: ignore[arg-type]


class TestMethod3:
    def test_peer_3_the_examples(self) -> None:
        """PEER-3: a SHA-256 multihash of what comes after the numalgo, with its first full stop."""
        assert did_peer.short_of(OLDER_METHOD_2) == METHOD_3
        assert did_peer.short_of(METHOD_2) == METHOD_3_OF_THAT

    def test_peer_3_it_resolves_once_the_longer_one_was_met(self) -> None:
        """PEER-3: the document is that of the did:peer:2, under the short DID."""
        assert refusal(resolve(METHOD_3, AT)) is UNDECIDABLE
        assert refusal(resolve(METHOD_3, AT, (did_peer.knowing(METHOD_2),))) is UNDECIDABLE
        found = drive(resolve(METHOD_3, AT, (did_peer.knowing(METHOD_2, OLDER_METHOD_2), *METHODS)), offline)
        assert found.members == {**_moved(members(OLDER_METHOD_2), OLDER_METHOD_2, METHOD_3), "alsoKnownAs": [OLDER_METHOD_2]}
        assert found.document is not None
        assert found.document.id == METHOD_3

    @pytest.mark.parametrize("did", [METHOD_0, METHOD_3, METHOD_4_SHORT, "did:key:" + SIGNING, "", METHOD_4[:-1]])
    def test_what_has_no_short_form(self, did: str) -> None:
        with pytest.raises(SaysoError) as refused:
            did_peer.knowing(did)
        assert refused.value.problems[0].kind is INVALID_DID


class TestMethod4:
    def test_peer_4_the_example(self) -> None:
        """PEER-4: the digest holds, and the document gets its id, its controllers and its other name."""
        assert did_peer.short_of(METHOD_4) == METHOD_4_SHORT
        found = members(METHOD_4)
        assert (found["id"], found["alsoKnownAs"]) == (METHOD_4, [METHOD_4_SHORT])
        assert [method["controller"] for method in found["verificationMethod"]] == [METHOD_4, METHOD_4]
        signing = drive(retrieve_verification_method(f"{METHOD_4}#6MkrCD1c", "assertionMethod", AT), offline)
        assert signing.key == multikey.decode("z6MkrCD1csqtgdj8sjrsu8jxcbeyP6m7LiK87NzhfWqio5yr")
        assert refusal(retrieve_verification_method(f"{METHOD_4}#6LSqPZfn", "keyAgreement", AT)) is UNDECIDABLE

    def test_peer_4_it_is_written(self) -> None:
        """PEER-4: from the document without its id, controllers and other name the same DID comes out."""
        found = members(METHOD_4)
        given = {name: member for name, member in found.items() if name not in {"id", "alsoKnownAs"}}
        given["verificationMethod"] = [{name: m for name, m in one.items() if name != "controller"} for one in found["verificationMethod"]]
        assert did_peer_4.did_of(given) == METHOD_4

    def test_peer_4_the_short_form_needs_the_long_one(self) -> None:
        """PEER-4: resolving the short form requires having seen the long one; then it is the id, and the long one the other name."""
        assert refusal(resolve(METHOD_4_SHORT, AT)) is UNDECIDABLE
        peers = did_peer.knowing(METHOD_4)
        found = drive(resolve(METHOD_4_SHORT, AT, (peers,)), offline).members
        assert found == {**_moved(members(METHOD_4), METHOD_4, METHOD_4_SHORT), "alsoKnownAs": [METHOD_4]}
        assert drive(resolve(METHOD_4, AT, (peers,)), offline) == drive(resolve(METHOD_4, AT), offline)

    def test_embedded_methods_and_other_controllers_and_names(self) -> None:
        method: JsonObject = {"id": "#key-1", "type": "Multikey", "publicKeyMultibase": SIGNING}
        other = {**method, "id": "#key-2", "controller": "did:example:other"}
        did = did_peer_4.did_of({"authentication": [method, other, "did:example:other#key"], "alsoKnownAs": ["https://a.example"]})
        found = members(did)
        assert [one["controller"] for one in found["authentication"][:2]] == [did, "did:example:other"]
        assert found["alsoKnownAs"] == ["https://a.example", did_peer.short_of(did)]

    @pytest.mark.parametrize(
        "changed", [METHOD_4[:-1], METHOD_4 + "1", METHOD_4.replace("zQmd8", "zQmd9"), METHOD_4_SHORT + ":", METHOD_4 + ":z"]
    )
    def test_the_digest_is_of_this_document(self, changed: str) -> None:
        assert refusal(resolve(changed, AT)) is INVALID_DID

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"{}",
            b"\x80\x04",
            b"\x80\x04[]",
            b"\x80\x04{",
            b'\x80\x04{"id":"did:example:a"}',
            b'\x80\x04{"alsoKnownAs":"x"}',
            b'\x80\x04{"verificationMethod":{}}',
            b'\x80\x04{"verificationMethod":[5]}',
            b'\x80\x04{"verificationMethod":[{"id":"did:example:a#b"}]}',
            b'\x80\x04{"authentication":[{"id":"key-1"}]}',
            b'\x80\x04{"authentication":[{}]}',
            b'\x80\x04{"service":[{"id":"did:example:a#b","type":"A","serviceEndpoint":"https://a.example"}]}',
            b'\x80\x04{"service":[5]}',
            b'\x80\x04{"service":{}}',
            b'\x80\x04{"service":[],"service":[]}',
        ],
    )
    def test_what_is_no_document(self, data: bytes) -> None:
        encoded = multibase.encode_base58btc(data)
        did = f"did:peer:4{multibase.encode_base58btc(multihash.encode(encoded.encode()))}:{encoded}"
        assert refusal(resolve(did, AT)) is INVALID_DID

    def test_a_document_has_an_end(self) -> None:
        did = did_peer_4.did_of({"alsoKnownAs": ["https://a.example/" + "a" * 5900]})
        assert members(did)["id"] == did
        assert refusal(resolve(did_peer_4.did_of({"alsoKnownAs": ["https://a.example/" + "a" * 6000]}), AT)) is INVALID_DID
        longest = "did:peer:4" + "z" * (did_peer.MAX_CHARACTERS - 10)
        assert refusal(resolve(longest, AT)) is UNDECIDABLE
        assert refusal(resolve(longest + "z", AT)) is LIMIT_EXCEEDED

    def test_what_is_not_written(self) -> None:
        with pytest.raises(SaysoError) as refused:
            did_peer_4.did_of({"id": "did:example:a"})
        assert refused.value.problems[0].kind is INVALID_DID


@pytest.mark.parametrize("body", ["1zQmZMygzYqNwU6Uhmewx5Xepf2VLp5S4HLSwwgf2aiKZuwa", "3x", "4x"])
def test_digests_of_what_is_not_known_are_no_verdict(body: str) -> None:
    assert refusal(resolve("did:peer:" + body, AT)) is UNDECIDABLE


@pytest.mark.parametrize("did", ["did:peer:5x", "did:peer:x", "did:peer:z6Mk"])
def test_another_numalgo(did: str) -> None:
    assert refusal(resolve(did, AT)) is INVALID_DID


def test_another_method_and_no_versions() -> None:
    both: tuple[DidMethod, ...] = (did_peer, did_peer.knowing(METHOD_4))
    for method in both:
        assert method.name == "peer"
        with pytest.raises(SaysoError) as refused:
            method.resolve(did_key.did_of(multikey.decode(SIGNING)), AT, Options())
        assert refused.value.problems[0].kind is INVALID_DID
        for options in (Options("1"), Options(None, AT), Options(None, None, 1), Options(public_key_format="JsonWebKey")):
            assert refusal(resolve(METHOD_4, AT, (method,), options)) is FEATURE_NOT_SUPPORTED


def test_a_serialized_example_is_not_what_it_is_measured_by() -> None:
    """White space in the document makes another DID, which is as good."""
    loose = multibase.encode_base58btc(b"\x80\x04" + serialize({}).encode() + b" ")
    did = f"did:peer:4{multibase.encode_base58btc(multihash.encode(loose.encode()))}:{loose}"
    assert members(did)["id"] == did != did_peer_4.did_of({})
