"""SD-JWT VC draft 19, section 4: keys that an issuer publishes under its URL (SV-7 to SV-9)."""

from typing import Any

import pytest

from sayso.dids.issuer_metadata import MAX_BYTES, parse_issuer
from sayso.errors import (
    CRYPTOGRAPHIC_SECURITY_ERROR,
    INVALID_VERIFICATION_METHOD,
    INVALID_VERIFICATION_METHOD_URL,
    LIMIT_EXCEEDED,
    MALFORMED_VALUE_ERROR,
    PARSING_ERROR,
    RETRIEVAL_REFUSED,
    UNTRUSTED_ISSUER,
    ProblemType,
    SaysoError,
)
from sayso.jsonvalue import JsonObject, serialize
from sayso.keys import jwk
from sayso.retrieval import Fetch, Retrieved
from sayso.testing.world import Network
from sayso.verification.doors import examine
from sayso.verification.expectations import ANYONE, Expectations
from tests.spec.sd_jwt_vc_keys.test_x5c import LEAF, MIDDLE, ROOT, presented
from tests.unit.proofs.tokens import AT, HOLDER, ISSUER, ISSUER_KID, PID, STRANGER, bound, sd_jwt, token
from tests.unit.verification.proven import expecting, places

URL = "https://city.example/tenant/1"
METADATA_URL = "https://city.example/.well-known/jwt-vc-issuer/tenant/1"
KEYS_URL = "https://keys.example/city.json?of=1"
KEY: JsonObject = {**jwk.encode(ISSUER.public_key), "kid": "key-1"}
OTHER: JsonObject = {**jwk.encode(STRANGER.public_key), "kid": "key-2"}
KEYS: JsonObject = {"keys": [OTHER, KEY, {"kty": "oct"}]}
METADATA: JsonObject = {"issuer": URL, "jwks": KEYS, "unknown": 1}
PERMITTED = expecting([URL], key_resolution=["issuer-metadata"])


def network(
    metadata: Any = METADATA, media_type: str = "application/json", keys: Any = KEYS, keys_type: str = "application/jwk-set+json"
) -> Network:
    """Serve the metadata of an issuer, and its keys elsewhere."""
    bodies = [value if isinstance(value, bytes) else serialize(value).encode() for value in (metadata, keys)]
    return Network({METADATA_URL: Retrieved(bodies[0], media_type), KEYS_URL: Retrieved(bodies[1], keys_type)})


def found(
    world: Fetch, expectations: Expectations = PERMITTED, *, iss: str = URL, by: Any = ISSUER, **header: Any
) -> list[tuple[ProblemType, str]]:
    """Give what is found in a credential of the issuer."""
    text = bound(sd_jwt(token({**PID, "iss": iss}, by, **{"kid": "key-1", **header})))
    return places(examine(text, expectations, at=AT, fetch=world).problems)


def test_sv_8_its_key_is_found_by_name() -> None:
    world = network()
    assert found(world) == []
    assert world.asked == {METADATA_URL: 1}
    assert found(world, by=STRANGER, kid="key-2") == []
    assert found(world, by=STRANGER) == [(CRYPTOGRAPHIC_SECURITY_ERROR, "")]


def test_sv_8_or_in_a_set_elsewhere() -> None:
    world = network({"issuer": URL, "jwks_uri": KEYS_URL})
    assert found(world) == []
    assert world.asked == {METADATA_URL: 1, KEYS_URL: 1}
    assert found(network({"issuer": URL, "jwks_uri": KEYS_URL}, keys_type="application/json; charset=utf-8")) == []


def test_sv_7_only_where_it_is_named() -> None:
    world = network()
    for names in (["did"], ["x5c"], ["did", "x5c"]):
        anchors = [ROOT.der] if "x5c" in names else []
        assert found(world, expecting(ANYONE, key_resolution=names, trust_anchors=anchors)) == [(INVALID_VERIFICATION_METHOD, "")]
    assert not world.asked
    assert found(world, expecting(ANYONE)) == [(INVALID_VERIFICATION_METHOD, "")]
    assert found(world, expecting(ANYONE), kid=ISSUER_KID) == [(INVALID_VERIFICATION_METHOD, "")]


def test_sv_7_a_did_is_found_as_before() -> None:
    both = expecting([str(PID["iss"])], key_resolution=["did", "issuer-metadata"])
    assert found(network(), both, iss=str(PID["iss"]), kid=ISSUER_KID) == []
    assert found(network(), PERMITTED, iss=str(PID["iss"]), kid=ISSUER_KID) == [(INVALID_VERIFICATION_METHOD, "")]


def test_certificates_come_first_where_both_are_permitted() -> None:
    both = expecting([URL], key_resolution=["issuer-metadata", "x5c"], trust_anchors=[ROOT.der], algorithms=["ES256", "EdDSA"])
    world = network()
    assert found(world, both) == []
    assert places(examine(presented(LEAF, MIDDLE), both, at=AT, fetch=world).problems) == []
    assert world.asked == {METADATA_URL: 1}
    assert found(world, both, x5c=["AAAA"]) == [(INVALID_VERIFICATION_METHOD, "/x5c")]
    # and mean nothing where they are not
    assert found(world, x5c=["AAAA"]) == []


@pytest.mark.parametrize(
    "issuer", [None, 1, "", "https://city.example/tenant/1/", "https://city.example", "https://CITY.example/tenant/1"], ids=repr
)
def test_sv_8_it_is_the_metadata_of_that_issuer(issuer: Any) -> None:
    """The same string."""
    assert found(network({**METADATA, "issuer": issuer})) == [(MALFORMED_VALUE_ERROR, "")]
    assert found(network({"jwks": KEYS})) == [(MALFORMED_VALUE_ERROR, "")]


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"jwks": KEYS, "jwks_uri": KEYS_URL},
        {"jwks": None},
        {"jwks": []},
        {"jwks": {}},
        {"jwks": {"keys": {}}},
        {"jwks_uri": None},
        {"jwks_uri": 1},
        {"jwks_uri": "http://keys.example/city.json"},
        {"jwks_uri": "https://127.0.0.1/city.json"},
        {"jwks_uri": "https://keys.local/city.json"},
        {"jwks_uri": "https://user@keys.example/city.json"},
        {"jwks_uri": "https://keys.example/city.json#1"},
        {"jwks_uri": "https://keys.example/city.json?a#1"},
        {"jwks_uri": "https://keys.example/city.json?a b"},
        {"jwks_uri": "city.json"},
    ],
    ids=repr,
)
def test_sv_8_exactly_one_set_of_keys(members: JsonObject) -> None:
    world = network({"issuer": URL, **members})
    assert found(world) == [(MALFORMED_VALUE_ERROR, "")]
    assert world.asked == {METADATA_URL: 1}


@pytest.mark.parametrize(
    ("keys", "kid", "problem"),
    [
        ([OTHER], "key-1", (INVALID_VERIFICATION_METHOD, "/kid")),
        ([], "key-1", (INVALID_VERIFICATION_METHOD, "/kid")),
        ([KEY, KEY], "key-1", (INVALID_VERIFICATION_METHOD, "/kid")),
        ([KEY, {**OTHER, "kid": "key-1"}], "key-1", (INVALID_VERIFICATION_METHOD, "/kid")),
        ([KEY, {"kid": "key-1"}], "key-1", (INVALID_VERIFICATION_METHOD, "/kid")),
        ([KEY, "key-1"], "KEY-1", (INVALID_VERIFICATION_METHOD, "/kid")),
        ([{**KEY, "kid": ""}], "", (INVALID_VERIFICATION_METHOD, "/kid")),
        ([{**KEY, "use": "enc"}], "key-1", (INVALID_VERIFICATION_METHOD, "/use")),
        ([{**KEY, "d": "AAAA"}], "key-1", (INVALID_VERIFICATION_METHOD, "")),
        ([{**KEY, "kty": "RSA"}], "key-1", (INVALID_VERIFICATION_METHOD, "")),
    ],
    ids=repr,
)
def test_sv_8_one_key_has_the_name(keys: list[Any], kid: str, problem: tuple[ProblemType, str]) -> None:
    assert found(network({"issuer": URL, "jwks": {"keys": keys}}), kid=kid) == [problem]


def test_sv_8_a_key_needs_its_name() -> None:
    """Certificates alone may stand for it, where they are permitted."""
    from sayso.proofs.jose import jws

    payload = {**PID, "iss": URL}
    unnamed = bound(sd_jwt(jws.sign(jws.protect({"alg": "EdDSA", "typ": "dc+sd-jwt"}), payload, ISSUER)))
    assert places(examine(unnamed, PERMITTED, at=AT, fetch=network()).problems) == [(INVALID_VERIFICATION_METHOD_URL, "/kid")]
    with_chain = bound(sd_jwt(jws.sign(jws.protect({"alg": "EdDSA", "typ": "dc+sd-jwt", "x5c": []}), payload, ISSUER)))
    assert places(examine(with_chain, PERMITTED, at=AT, fetch=network()).problems) == [(INVALID_VERIFICATION_METHOD, "/kid")]


@pytest.mark.parametrize(
    ("world", "kind"),
    [
        (network(b"x"), PARSING_ERROR),
        (network(b"[]"), PARSING_ERROR),
        (network(b'{"issuer":"a","issuer":"b"}'), PARSING_ERROR),
        (network(serialize(METADATA).encode() + b" " * MAX_BYTES), LIMIT_EXCEEDED),
        (network(media_type="text/html"), MALFORMED_VALUE_ERROR),
        (network({"issuer": URL, "jwks_uri": KEYS_URL}, keys_type="text/html"), MALFORMED_VALUE_ERROR),
        (network({"issuer": URL, "jwks_uri": KEYS_URL}, keys=b"[]"), PARSING_ERROR),
        (network({"issuer": URL, "jwks_uri": KEYS_URL}, keys=b" " * MAX_BYTES + b"{}"), LIMIT_EXCEEDED),
        (Network(), RETRIEVAL_REFUSED),
    ],
)
def test_sv_9_what_is_no_such_document_is_refused(world: Network, kind: ProblemType) -> None:
    assert found(world) == [(kind, "")]


def test_sv_9_a_body_has_a_bound_whoever_fetches_it() -> None:
    """Also where the fetcher does not look."""
    text = serialize(METADATA).encode() + b" " * MAX_BYTES
    assert found(lambda _: Retrieved(text)) == [(LIMIT_EXCEEDED, "")]
    assert found(lambda _: Retrieved(text[:MAX_BYTES])) == []


def test_what_says_nothing_of_its_media_type_is_read() -> None:
    assert found(network(media_type="")) == []
    assert found(network(media_type="Application/JSON;charset=utf-8")) == []


def test_trust_is_in_the_issuer_by_its_exact_name() -> None:
    world = network()
    assert found(world, expecting(["https://city.example"], key_resolution=["issuer-metadata"])) == [(UNTRUSTED_ISSUER, "")]
    assert not world.asked


def test_a_key_that_the_caller_knows_needs_no_metadata() -> None:
    """As for other issuers: under the name that the signature has for it."""
    known = {"key-1": {"id": URL + "#key-1", "type": "JsonWebKey", "controller": URL, "publicKeyJwk": jwk.encode(ISSUER.public_key)}}
    world = network()
    assert found(world, expecting([URL], keys=known)) == []
    assert not world.asked
    stranger = {"key-1": {**known["key-1"], "controller": "https://other.example"}}
    assert found(world, expecting([URL], keys=stranger)) == [(INVALID_VERIFICATION_METHOD, "/iss")]


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://city.example", "https://city.example/.well-known/jwt-vc-issuer"),
        ("https://city.example/", "https://city.example/.well-known/jwt-vc-issuer"),
        ("https://city.example:8443/a/b/", "https://city.example:8443/.well-known/jwt-vc-issuer/a/b"),
    ],
)
def test_sv_8_where_the_metadata_is(issuer: str, url: str) -> None:
    assert parse_issuer(issuer).metadata_url == url
    assert parse_issuer(issuer).host == "city.example"


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "http://city.example",
        "city.example",
        "https://",
        "https:///a",
        "https://city",
        "https://CITY.example",
        "https://city.example?a=1",
        "https://city.example/a?b",
        "https://city.example/a#b",
        "https://city.example//a",
        "https://city.example/a//",
        "https://city.example/../a",
        "https://city.example/a/./b",
        "https://city.example/%2e%2e/a",
        "https://city.example%3A8443/a",
        "https://city.example:99999",
        "https://user:pass@city.example",
        "https://10.0.0.1",
        "https://[::1]/",
        "https://localhost",
        "https://printer.local",
        "https://city.example/\n",
        "https://city.example/é",
    ],
)
def test_sv_9_an_issuer_is_a_plain_url(issuer: str) -> None:
    with pytest.raises(SaysoError) as caught:
        parse_issuer(issuer)
    assert [(problem.kind, problem.pointer) for problem in caught.value.problems] == [(INVALID_VERIFICATION_METHOD_URL, "/iss")]


def test_the_holder_is_still_who_the_credential_confirms() -> None:
    text = bound(sd_jwt(token({**PID, "iss": URL}, kid="key-1")), STRANGER)
    assert examine(text, PERMITTED, at=AT, fetch=network()).problems
    assert examine(bound(sd_jwt(token({**PID, "iss": URL}, kid="key-1")), HOLDER), PERMITTED, at=AT, fetch=network()).ok
