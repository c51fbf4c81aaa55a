"""The mapping from contexts to expectations, field by field over its whole domain."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sayso.dids.did_webvh.writing import WebvhLog
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    EXCESS_DISCLOSURE,
    HOLDER_BINDING,
    INVALID_CHALLENGE_ERROR,
    INVALID_DOMAIN_ERROR,
    MALFORMED_VALUE_ERROR,
    RANGE_ERROR,
    UNDECIDABLE,
    UNEXPECTED_TYPE,
    UNTRUSTED_ISSUER,
    ProblemType,
    SaysoError,
)
from sayso.keys.signer import SeedSigner
from sayso.retrieval import Retrieve, Retrieved
from sayso.testing.question import put, question, supported
from sayso.testing.records import Record
from sayso.testing.world import START, World
from sayso.verification.expectations import Expectations
from tests.unit.testing.corpus import answer, credential, presented

TRUSTED = ["did:example:city"]
STRICT = Expectations(issuers=TRUSTED, status_issuers=TRUSTED)  # whoever may issue may sign lists, unless it is said who may
ABSENT = {"now": 0, "trusted_issuers": TRUSTED}


def _kinds(record: Record) -> list[ProblemType]:
    return [problem.kind for problem in put(record).problems]


def _bearer(record: Record) -> Record:
    return record._replace(input=record.input[: record.input.rindex("~") + 1])


@pytest.mark.parametrize(
    ("field", "value", "option", "expected"),
    [
        ("expected_vct", "https://id.example/card", "types", ("https://id.example/card",)),
        ("audience", "https://bar.example", "audience", "https://bar.example"),
        ("client_id", "decentralized_identifier:did:web:bar.example", "audience", "decentralized_identifier:did:web:bar.example"),
        ("nonce", "n", "nonce", "n"),
        ("require_key_binding", False, "holder_binding", False),
        ("require_key_binding", True, "holder_binding", True),
        ("accepted_algs", ["Ed25519", "ES256"], "algorithms", ("Ed25519",)),
        ("accepted_sd_algs", ["sha3-256", "sha-512", "sha-384", "sha-1"], "digests", ("sha-384", "sha-512", "sha3-256")),
        ("max_presentation_age_s", 0, "max_age", timedelta(0)),
        ("max_presentation_age_s", 86_400, "max_age", timedelta(days=1)),
        ("clock_skew_s", 0, "skew", timedelta(0)),
        ("clock_skew_s", 300, "skew", timedelta(minutes=5)),
        ("unrequested_claims", "refuse", "unasked", "refuse"),
        ("unrequested_claims", "ignore", "unasked", "drop"),
        ("unrequested_claims", "a word of tomorrow", "unasked", "refuse"),
        ("require_status", False, "status", "waive"),
        ("require_status", True, "status", "require"),
        ("unknown_status", "ignore", "unknown_status", "ignore"),
        ("unknown_status", "refuse", "unknown_status", "refuse"),
        ("unknown_status", "a word of tomorrow", "unknown_status", "refuse"),
        ("trusted_status_issuers", ["did:example:lists"], "status_issuers", ("did:example:lists",)),
        ("trusted_status_issuers", [], "status_issuers", ("",)),
        ("require_status_issuer_binding", True, "status_issuers", None),
        ("require_status_issuer_binding", False, "status_issuers", tuple(TRUSTED)),
        ("max_status_list_bytes", 16384, "max_status_list_bytes", 16384),
    ],
)
def test_a_field_says_what_is_expected(field: str, value: object, option: str, expected: object) -> None:
    found = question({**ABSENT, field: value}).expectations
    assert found is not None
    assert getattr(found, option) == expected
    assert found == replace(STRICT, **{option: expected})  # type: ignore[arg-type]
    assert question({**ABSENT, field: None}).expectations == STRICT


def test_what_is_absent_or_new_leaves_the_strict_default() -> None:
    assert question({**ABSENT, "issuer_keys": {}, "moon": "full", "contexts": {}}).expectations == STRICT


@pytest.mark.parametrize(
    "empty",
    [
        {"trusted_issuers": []},
        {"trusted_issuers": None},
        {"accepted_algs": []},
        {"accepted_algs": ["ES256", "eddsa"]},
        {"accepted_sd_algs": ["sha3-224"]},
        {"accepted_sd_algs": []},
    ],
)
def test_where_nothing_can_be_accepted_all_is_refused(empty: dict[str, Any]) -> None:
    assert question({**ABSENT, **empty}).expectations is None
    assert _kinds(credential(**empty)) == _kinds(answer(**empty)) == [UNDECIDABLE]


def test_the_instant_is_the_only_clock() -> None:
    assert question({**ABSENT, "now": 1_795_262_400}).at == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert question({**ABSENT, "now": -0.5}).at == datetime(1969, 12, 31, 23, 59, 59, 500_000, tzinfo=UTC)


def test_the_network_is_what_the_context_says() -> None:
    fetch = question({**ABSENT, "status_lists": {"https://a.example": "ä"}, "status_tokens": {"https://b.example": "b"}}).fetch
    assert fetch(Retrieve("https://a.example", "", 9, "")) == Retrieved("ä".encode())
    assert fetch(Retrieve("https://b.example", "", 9, "")) == Retrieved(b"b")
    with pytest.raises(SaysoError):
        question({**ABSENT, "status_lists": None}).fetch(Retrieve("https://a.example", "", 9, ""))


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({}, []),
        ({"expected_vct": None}, []),
        ({"expected_vct": "https://id.example/other"}, [UNEXPECTED_TYPE]),
        ({"expected_vct": "a b"}, [UNEXPECTED_TYPE]),
        ({"trusted_issuers": TRUSTED}, [UNTRUSTED_ISSUER]),
        ({"audience": "https://other.example"}, [INVALID_DOMAIN_ERROR]),
        ({"audience": None}, [INVALID_DOMAIN_ERROR]),
        ({"nonce": "another"}, [INVALID_CHALLENGE_ERROR]),
        ({"nonce": None, "require_key_binding": False}, [INVALID_CHALLENGE_ERROR]),
        ({"accepted_algs": ["Ed25519"]}, [CRYPTOGRAPHIC_SECURITY_ERROR]),
        ({"accepted_sd_algs": ["sha-512"]}, [CRYPTOGRAPHIC_SECURITY_ERROR]),
        ({"unrequested_claims": "refuse"}, []),  # nothing was requested
    ],
)
def test_a_credential_is_examined_as_its_context_says(changed: dict[str, Any], kinds: list[ProblemType]) -> None:
    assert _kinds(credential(**changed)) == kinds


def test_key_binding_is_required_unless_the_context_waives_it() -> None:
    assert _kinds(_bearer(credential())) == [HOLDER_BINDING]
    assert _kinds(_bearer(credential(require_key_binding=False, audience=None, nonce=None))) == []


def test_skew_and_age_are_those_of_the_context() -> None:
    now = presented().context["now"]
    assert _kinds(credential(now=now - 61)) == [RANGE_ERROR]
    assert _kinds(credential(now=now - 61, clock_skew_s=61)) == []
    assert _kinds(credential(now=now + 299, max_presentation_age_s=298)) == [RANGE_ERROR]
    assert _kinds(credential(now=now + 299)) == []


def test_another_format_is_no_sd_jwt_vc() -> None:
    world = World()
    issuer, holder = world.issuer(), world.wallet().new_key()
    for format_, kinds in (("dc+sd-jwt", []), ("vc+sd-jwt", [UNEXPECTED_TYPE])):
        card = issuer.issue({"a": 1}, type="Card", holder=holder, format=format_, valid_for=timedelta(days=1))
        now = int(world.clock().timestamp())
        record = credential(text=card.text, now=now, trusted_issuers=[issuer.did], require_key_binding=False, expected_vct=None)
        assert _kinds(record) == kinds


@pytest.mark.parametrize(
    ("changed", "kinds"),
    [
        ({}, []),
        ({"unrequested_claims": "refuse"}, []),
        ({"client_id": "decentralized_identifier:did:web:other.example"}, [INVALID_DOMAIN_ERROR]),
        ({"audience": "https://other.example"}, []),  # where there is a client, it is the audience
    ],
)
def test_an_answer_is_examined_as_its_context_says(changed: dict[str, Any], kinds: list[ProblemType]) -> None:
    assert _kinds(answer(**changed)) == kinds


def test_an_answer_with_more_than_was_asked() -> None:
    (asked,) = presented().query["credentials"]
    less = {"credentials": [{name: value for name, value in asked.items() if name not in ("claims", "claim_sets")}]}
    assert _kinds(answer(dcql_query=less)) == []
    assert _kinds(answer(dcql_query=less, unrequested_claims="ignore")) == []
    assert _kinds(answer(dcql_query=less, unrequested_claims="refuse")) == [EXCESS_DISCLOSURE]


@pytest.mark.parametrize("query", [None, [], "x", {}, {"credentials": []}, {"credentials": [5]}, {"credentials": [{"format": 5}]}])
def test_a_query_that_is_none_is_refused(query: object) -> None:
    record = answer(dcql_query=query)
    assert supported(record)
    with pytest.raises(SaysoError) as refused:
        put(record)
    assert refused.value.problems[0].kind == MALFORMED_VALUE_ERROR


@pytest.mark.parametrize(
    "record",
    [
        credential(),
        answer(),
        credential(status_lists={}, status_tokens={}, did_docs={}),
        credential(status_lists=None),
        credential(dcql_query=presented().query),
        answer(dcql_query={"credentials": [{"format": "vc+sd-jwt"}, {"format": "ldp_vc"}, {"format": "jwt_vc_json"}]}),
        *(
            credential()._replace(format=name)
            for name in ("vc-jwt", "vc+jwt", "di-jcs", "di-rdfc", "vp-jwt", "vp+jwt", "vp-di-jcs", "vp-di-rdfc")
        ),
    ],
)
def test_what_is_built_is_supported(record: Record) -> None:
    assert supported(record)


@pytest.mark.parametrize(
    "record",
    [
        credential()._replace(format="a format of tomorrow"),
        answer(dcql_query={"credentials": [{"format": "dc+sd-jwt"}, {"format": "mso_mdoc"}]}),
        credential(dcql_query={"credentials": [None, {"format": "jwt_vc_json-ld"}]}),
    ],
)
def test_what_is_not_built_is_not_supported(record: Record) -> None:
    assert not supported(record)


def test_documents_of_did_web_are_on_the_network() -> None:
    documents = {"did:web:a.example:b": {"id": "did:web:a.example:b"}, "did:web:127.0.0.1": {}, "did:key:z6Mk": {}}
    assert supported(answer(did_docs=documents))
    _, _, network = question({"now": 0, "did_docs": documents})
    assert network(Retrieve("https://a.example/b/did.json", "", 99, "")).body == b'{"id":"did:web:a.example:b"}'
    for url in ("https://127.0.0.1/.well-known/did.json", "https://z6Mk/.well-known/did.json"):
        with pytest.raises(SaysoError):
            network(Retrieve(url, "", 99, ""))


def test_a_log_of_a_did_is_read() -> None:
    """A DID that has a document stands up; one that has none, or that is none, does not."""
    signer = SeedSigner(bytes(32))
    log = WebvhLog.create("city.example", signer=signer, at=START, keys={"key-1": signer.public_key})
    now = {"now": int(START.timestamp())}
    record = credential()._replace(format="did-webvh", context=now)
    assert supported(record)
    good = {"did": log.did, "log": log.text}
    assert put(record._replace(input=good)).ok
    ended = log.deactivate(signer=signer, at=START + timedelta(seconds=1))
    later = {"now": now["now"] + 1}
    for input_, context in (
        (good, {"now": 0}),
        ({**good, "log": ended.text}, later),
        ({**good, "log": ""}, now),
        ({**good, "log": log.text + "\ud800"}, now),
        ({**good, "did": "did:webvh:x"}, now),
        ({}, now),
        (log.text, now),
    ):
        assert not put(record._replace(input=input_, context=context)).ok
