"""RFC 7515, section 4: the JOSE header, and what RFC 8725 adds: nothing in it is believed before it is on a list."""

import pytest

from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, INVALID_VERIFICATION_METHOD_URL, PARSING_ERROR
from sayso.jsonvalue import Json, JsonObject
from sayso.proofs.jose import jws
from sayso.proofs.jose.message import key_id
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import ISSUER, ISSUER_KID

TYPES = ("example+jwt",)


def _token(**header: Json) -> bytes:
    return jws.sign(jws.protect({"alg": "EdDSA", "typ": "example+jwt", **header}), {"a": 1}, ISSUER).encode()


@pytest.mark.parametrize("algorithm", ["EdDSA", "Ed25519"])
def test_4_1_1_both_names_of_the_algorithm_are_read(algorithm: str) -> None:
    """JWK-1, OQ-1: EdDSA (RFC 8037) and Ed25519 (RFC 9864), exactly so."""
    jws.decode(_token(alg=algorithm), TYPES).prove(ISSUER.public_key)


@pytest.mark.parametrize(
    "algorithm",
    [
        "none",
        "None",
        "",
        "HS256",
        "HS512",
        "ES256",
        "RS256",
        "Ed448",
        "eddsa",
        "EDDSA",
        "EdDSA ",
        "ed25519",
        "EdDSA\u0000",
        None,
        1,
        True,
        ["EdDSA"],
        {},
    ],
    ids=repr,
)
def test_4_1_1_any_other_algorithm_is_refused(algorithm: Json) -> None:
    """SD-3, VJ-3, SD-K1: never `none`, never symmetric, never what the token would like."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
        jws.decode(_token(alg=algorithm), TYPES)


def test_4_1_1_an_algorithm_is_required() -> None:
    token = jws.sign(jws.protect({"typ": "example+jwt"}), {}, ISSUER).encode()
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
        jws.decode(token, TYPES)


def test_4_1_1_the_list_is_the_callers() -> None:
    """JWS-1; RFC 8725, section 3.1: what is accepted is decided by who asks."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
        jws.decode(_token(alg="Ed25519"), TYPES, ("EdDSA",))
    jws.decode(_token(alg="Ed25519"), TYPES, ("Ed25519",))


@pytest.mark.parametrize("algorithm", ["ES256", "none", "HS256", "eddsa", None, ["EdDSA"], 1])
def test_rfc8725_3_1_the_key_decides_which_algorithm_it_is_used_with(algorithm: Json) -> None:
    """RFC 8725, section 3.1: a list of algorithms that is too long does not make an Ed25519 key one for another algorithm."""
    signed = jws.decode(_token(), TYPES)
    signed.prove(ISSUER.public_key)
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
        signed._replace(header={**signed.header, "alg": algorithm}).prove(ISSUER.public_key)
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
        signed._replace(header={"typ": "example+jwt"}).prove(ISSUER.public_key)
    if isinstance(algorithm, str):  # the signature is good, and the list allows the name
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/alg"):
            jws.decode(_token(alg=algorithm), TYPES, (algorithm,)).prove(ISSUER.public_key)


@pytest.mark.parametrize("kind", ["example+jwt", "Example+JWT", "application/example+jwt", "APPLICATION/EXAMPLE+JWT"])
def test_4_1_9_typ_is_a_media_type(kind: str) -> None:
    """Media types are compared without case, and `application/` may be left out."""
    jws.decode(_token(typ=kind), TYPES)


@pytest.mark.parametrize("value", [None, 1, True, [], {}, "éxample+jwt"], ids=repr)
def test_4_1_9_what_names_no_media_type_gives_none(value: Json) -> None:
    assert jws.media_type(value) == ""


@pytest.mark.parametrize(
    "kind",
    [
        "JWT",
        "",
        "example",
        "example+jwt ",
        "example+jwt;v=1",
        "text/example+jwt",
        "application/application/example+jwt",
        "/example+jwt",
        None,
        1,
        ["example+jwt"],
    ],
    ids=repr,
)
def test_4_1_9_any_other_typ_is_refused(kind: Json) -> None:
    """JWS-2; RFC 8725, section 3.11: explicit typing keeps one kind of token from passing for another."""
    with refused(PARSING_ERROR, "/typ"):
        jws.decode(_token(typ=kind), TYPES)


def test_4_1_9_only_ascii_letters_have_two_cases() -> None:
    """U+212A (KELVIN SIGN) is `k` in lower case, and no character of a media type (RFC 6838, section 4.2)."""
    token = jws.sign(jws.protect({"alg": "EdDSA", "typ": "\u212ab+jwt"}), {}, ISSUER).encode()
    with refused(PARSING_ERROR, "/typ"):
        jws.decode(token, ("kb+jwt",))


def test_4_1_9_a_typ_is_required() -> None:
    token = jws.sign(jws.protect({"alg": "EdDSA"}), {}, ISSUER).encode()
    with refused(PARSING_ERROR, "/typ"):
        jws.decode(token, TYPES)


@pytest.mark.parametrize("critical", [["b64"], ["exp"], ["alg"], [], None, "b64", {}], ids=repr)
def test_4_1_11_crit_is_never_understood(critical: Json) -> None:
    """JWS-3: an extension that is not understood is refused; an empty list is malformed."""
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR, "/crit"):
        jws.decode(_token(crit=critical, b64=False), TYPES)


def test_4_header_parameters_nobody_knows_are_ignored() -> None:
    """VJ-10; keys that a token brings along are not even looked at."""
    token = _token(jwk={"kty": "OKP"}, jku="https://evil.example/keys", x5c=["AAAA"], x5u="https://evil.example", zzz=[1])
    jws.decode(token, TYPES).prove(ISSUER.public_key)


@pytest.mark.parametrize("kid", [None, 42, "", True, [ISSUER_KID], {"id": ISSUER_KID}], ids=repr)
def test_4_1_4_kid_is_a_string(kid: Json) -> None:
    """VJ-5: `kid` names the key by its DID URL; whether it is one is asked where it is dereferenced."""
    header: JsonObject = {"kid": kid}
    if kid == "":
        assert key_id(header) == ""
        return
    with refused(INVALID_VERIFICATION_METHOD_URL, "/kid"):
        key_id(header)


def test_4_1_4_kid_is_required() -> None:
    with refused(INVALID_VERIFICATION_METHOD_URL, "/kid"):
        key_id({})
    assert key_id({"kid": ISSUER_KID}) == ISSUER_KID
