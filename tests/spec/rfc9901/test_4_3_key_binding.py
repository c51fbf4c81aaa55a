"""RFC 9901, sections 4.3 and 7.3: the key binding JWT."""

import pytest

from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, HOLDER_BINDING, INVALID_VERIFICATION_METHOD, MALFORMED_VALUE_ERROR, PARSING_ERROR
from sayso.jsonvalue import Json
from sayso.keys import jwk
from sayso.proofs.sd_jwt import key_binding
from sayso.proofs.sd_jwt.disclosure import HASHES
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import (
    AUDIENCE,
    HOLDER,
    ISSUER,
    NONCE,
    NOW,
    PID,
    POLICY,
    STRANGER,
    bound,
    digest,
    kb_jwt,
    member,
    prove,
    said,
    sd_jwt,
    token,
    without,
)

NAME, AGE = member("given_name", "Ada"), member("age", 36)
PRESENTED = sd_jwt(token({**PID, "_sd": [digest(NAME), digest(AGE)]}), NAME)
HASH = HASHES["sha-256"]
SD_HASH = base64url.encode(HASH(PRESENTED.encode()).digest())


def test_sd_k1_what_it_says() -> None:
    """SD-K1, SD-K2: typ kb+jwt; iat, aud, nonce and sd_hash; what else the holder says is allowed."""
    binding = prove(bound(PRESENTED, extra=["x"])).bindings[0].members
    assert binding == {"iat": NOW, "aud": AUDIENCE, "nonce": NONCE, "extra": ["x"], "sd_hash": SD_HASH}


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_sd_k1_both_names_of_the_algorithm(algorithm: str) -> None:
    """SD-K1: asymmetric, and on the list."""
    presented = PRESENTED + key_binding.sign(said(), HASH(PRESENTED.encode()), HOLDER, algorithm=algorithm)
    assert prove(presented).bindings
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        prove(presented, POLICY._replace(algorithms=[name for name in ("EdDSA", "Ed25519") if name != algorithm]))


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES256", "", None], ids=repr)
def test_sd_k1_any_other_algorithm_is_refused(algorithm: Json) -> None:
    """SD-K1: never none, never symmetric."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding/alg"):
        prove(PRESENTED + kb_jwt({**said(), "sd_hash": SD_HASH}, alg=algorithm))


@pytest.mark.parametrize("typ", ["JWT", "kb+sd-jwt", "dc+sd-jwt", "", "\u212ab+jwt", None, 1], ids=repr)
def test_sd_k1_typ_is_kb_jwt(typ: Json) -> None:
    """SD-K1: MUST; a media type, so in any case and with `application/` or without."""
    with refused(PARSING_ERROR, "/key_binding/typ"):
        prove(PRESENTED + kb_jwt({**said(), "sd_hash": SD_HASH}, typ=typ))
    for spelling in ("KB+JWT", "application/kb+jwt"):
        prove(PRESENTED + kb_jwt({**said(), "sd_hash": SD_HASH}, typ=spelling))


def test_sd_k1_crit_is_refused() -> None:
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding/crit"):
        prove(PRESENTED + kb_jwt({**said(), "sd_hash": SD_HASH}, crit=["exp"]))


@pytest.mark.parametrize("name", ["iat", "aud", "nonce", "sd_hash"])
def test_sd_k1_four_claims_are_required(name: str) -> None:
    """SD-K1."""
    with refused(MALFORMED_VALUE_ERROR, f"/key_binding/{name}"):
        prove(PRESENTED + kb_jwt(without({**said(), "sd_hash": SD_HASH}, name)))


@pytest.mark.parametrize("name", ["aud", "nonce", "sd_hash"])
@pytest.mark.parametrize("value", [None, 1, True, [AUDIENCE], {}], ids=repr)
def test_sd_k1_three_of_them_are_strings(name: str, value: Json) -> None:
    """SD-K1: `aud` is one string, not a list of them."""
    with refused(MALFORMED_VALUE_ERROR, f"/key_binding/{name}"):
        prove(PRESENTED + kb_jwt({**said(), "sd_hash": SD_HASH, name: value}))


@pytest.mark.parametrize("text", ["x", "a.b", "a.b.c.d", "..", "!.!.!"])
def test_sd_b2_what_stands_in_its_place_is_one(text: str) -> None:
    """SD-1, SD-B2: and the problem says that it is this part that is malformed."""
    with refused(PARSING_ERROR, "/key_binding"):
        prove(PRESENTED + text)


def test_sd_b2_whose_signature_does_not_hold_is_said() -> None:
    """SD-B2: the holder's is told from the issuer's."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding"):
        prove(bound(PRESENTED, STRANGER))
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, ""):
        prove(bound(sd_jwt(token(PID, STRANGER))))


def test_sd_k2_sd_hash_covers_exactly_what_is_presented() -> None:
    """SD-K2: up to and with the last tilde; a disclosure more, less, or in another order, and it no longer holds."""
    issuer_jwt = PRESENTED.partition("~")[0]
    good = bound(sd_jwt(issuer_jwt, NAME, AGE))
    binding = good.rpartition("~")[2]
    prove(good)
    for presented in (sd_jwt(issuer_jwt), sd_jwt(issuer_jwt, NAME), sd_jwt(issuer_jwt, AGE, NAME)):
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding/sd_hash"):
            prove(presented + binding)


def test_sd_k2_the_hash_is_not_that_of_something_close() -> None:
    """SD-K2: not without the tilde, not of the issuer's JWT alone, not in another spelling."""
    for other in (PRESENTED[:-1], PRESENTED.partition("~")[0], PRESENTED.partition("~")[0] + "~", PRESENTED + "~", ""):
        sd_hash = base64url.encode(HASH(other.encode()).digest())
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding/sd_hash"):
            prove(PRESENTED + kb_jwt({**said(), "sd_hash": sd_hash}))
    for spelling in (SD_HASH + "=", SD_HASH.upper(), "", SD_HASH[:-1]):
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding/sd_hash"):
            prove(PRESENTED + kb_jwt({**said(), "sd_hash": spelling}))


@pytest.mark.parametrize("hash_name", [*HASHES])
def test_sd_k2_the_hash_is_that_of_the_sd_jwt(hash_name: str) -> None:
    """SD-K2: `_sd_alg`, not always SHA-256; also where nothing is disclosed."""
    presented = sd_jwt(token({**PID, "_sd_alg": hash_name}))
    assert prove(bound(presented, hash_name=hash_name)).bindings
    for other in {*HASHES} - {hash_name}:
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/key_binding/sd_hash"):
            prove(bound(presented, hash_name=other))


@pytest.mark.parametrize("signer", [STRANGER, ISSUER], ids=["stranger", "issuer"])
def test_sd_k3_the_key_is_the_one_that_the_issuer_confirmed(signer: type) -> None:
    """SD-K3: nobody else's, not even the issuer's; nor one that it brings along."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        prove(bound(PRESENTED, signer))  # type: ignore[arg-type]
    brought = kb_jwt({**said(), "sd_hash": SD_HASH}, STRANGER, jwk=jwk.encode(STRANGER.public_key))
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        prove(PRESENTED + brought)


@pytest.mark.parametrize(
    "confirmation",
    [None, "x", 1, True, [], {}, {"kid": "did:example:ada#key"}, {"jkt": "x"}, {"JWK": {}}, [{"jwk": jwk.encode(HOLDER.public_key)}]],
    ids=repr,
)
def test_sd_k3_cnf_confirms_a_key_by_value(confirmation: Json) -> None:
    """SD-I9, SD-K3, OQ-2: `cnf.jwk` is the form that everybody reads; without it there is nothing to check against."""
    presented = sd_jwt(token({**PID, "cnf": confirmation}))
    prove(presented)
    with refused(HOLDER_BINDING, "/cnf"):
        prove(bound(presented))


def test_sd_k3_without_cnf_nobody_can_be_the_holder() -> None:
    presented = sd_jwt(token(without(PID, "cnf")))
    with refused(HOLDER_BINDING, "/cnf"):
        prove(bound(presented))


HOLDER_JWK = jwk.encode(HOLDER.public_key)
SMALL_ORDER = base64url.encode((1).to_bytes(32, "little"))


@pytest.mark.parametrize(
    "key",
    [
        None,
        "x",
        [],
        {},
        {**HOLDER_JWK, "kty": "EC"},
        {**HOLDER_JWK, "crv": "X25519"},
        {**HOLDER_JWK, "d": "AAAA"},
        {**HOLDER_JWK, "use": "enc"},
        {**HOLDER_JWK, "key_ops": ["sign"]},
        {**HOLDER_JWK, "alg": "ES256"},
        {**HOLDER_JWK, "x": 1},
        {**HOLDER_JWK, "x": str(HOLDER_JWK["x"]) + "="},
        {**HOLDER_JWK, "x": "AAAA"},
        {**HOLDER_JWK, "x": SMALL_ORDER},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
    ],
    ids=repr,
)
def test_sd_k3_the_key_is_an_ed25519_key_for_signatures(key: Json) -> None:
    """SD-K3, ED-2: also not one of small order, under which a signature can be made without a private key."""
    with refused(INVALID_VERIFICATION_METHOD):
        prove(bound(sd_jwt(token({**PID, "cnf": {"jwk": key}}))))


@pytest.mark.parametrize(("key", "place"), [(None, "/cnf/jwk"), ({**HOLDER_JWK, "use": "enc"}, "/cnf/jwk/use")], ids=["none", "use"])
def test_sd_k3_a_key_that_is_refused_is_named_by_its_place(key: Json, place: str) -> None:
    with refused(INVALID_VERIFICATION_METHOD, place):
        prove(bound(sd_jwt(token({**PID, "cnf": {"jwk": key}}))))


def test_sd_k3_cnf_is_that_of_the_processed_payload() -> None:
    """SD-K3: what is disclosed counts for the mechanism; that `cnf` must not be is conformance (SV-3)."""
    text = member("cnf", {"jwk": HOLDER_JWK})
    payload = {**without(PID, "cnf"), "_sd": [digest(text)]}
    assert prove(bound(sd_jwt(token(payload), text))).bindings
    with refused(HOLDER_BINDING, "/cnf"):
        prove(bound(sd_jwt(token(payload))))


def test_sd_b1_whether_it_is_required_is_not_the_mechanisms_question() -> None:
    """SD-B1: what is absent is said to be absent; policy decides, before and elsewhere."""
    assert not prove(PRESENTED).bindings


def test_sd_b2_a_binding_is_checked_even_where_nobody_asked_for_one() -> None:
    """SD-B2: any failure refuses the whole presentation."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        prove(bound(PRESENTED)[:-4] + "AAAA")
