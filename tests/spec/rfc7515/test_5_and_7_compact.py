"""RFC 7515, sections 5 and 7.1: the compact serialization."""

import pytest

from sayso.encodings import base64url
from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR
from sayso.jsonvalue import Limits
from sayso.keys import ed25519, jwk
from sayso.proofs.jose import jws
from tests.unit.proofs.refusals import refused
from tests.unit.proofs.tokens import ISSUER, STRANGER

TYPES = ("example+jwt",)
HEADER = base64url.encode(b'{"alg":"EdDSA","typ":"example+jwt"}')
PAYLOAD = base64url.encode(b'{"a":1}')
TOKEN = jws.sign(HEADER, {"a": 1}, ISSUER)


def _signature(token: str) -> str:
    return token.rpartition(".")[2]


def _b64(text: str) -> str:
    return base64url.encode(text.encode())


def test_5_1_and_5_2_what_is_signed_is_read_again() -> None:
    token = jws.sign(jws.protect({"alg": "EdDSA", "typ": "example+jwt"}), {"a": 1}, ISSUER)
    assert token == TOKEN
    read = jws.decode(token.encode(), TYPES)
    read.prove(ISSUER.public_key)
    assert read.header == {"alg": "EdDSA", "typ": "example+jwt"}
    assert read.payload == {"a": 1}
    assert read.signing_input == f"{HEADER}.{PAYLOAD}".encode()
    assert base64url.encode(read.signature) == _signature(token)


def test_rfc8037_a_4_a_published_signature_holds() -> None:
    """RFC 8037, appendix A.4: the signature of another implementation, whose payload is no JSON."""
    key = jwk.decode({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    signing_input = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc"
    published = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    jws.Jws({"alg": "EdDSA"}, {}, signing_input.encode(), base64url.decode(published)).prove(key)
    with refused(PARSING_ERROR):
        jws.decode(f"{signing_input}.{published}".encode(), TYPES, ("EdDSA",))


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "..",
        "...",
        HEADER,
        f"{HEADER}.{PAYLOAD}",
        f"{TOKEN}.",
        f"{TOKEN}.{PAYLOAD}",
        f".{PAYLOAD}.AAAA",
        f"{HEADER}..AAAA",
        TOKEN + "\n",
        " " + TOKEN,
        TOKEN + "=",
        TOKEN.replace(".", ". ", 1),
        f"{HEADER}=.{PAYLOAD}.AAAA",
        f"{HEADER}.{PAYLOAD}.A",
        f"{HEADER}.{_b64('[1]')}.AAAA",
        f"{HEADER}.{_b64('null')}.AAAA",
        f"{HEADER}.{_b64('1')}.AAAA",
        f"{_b64('[]')}.{PAYLOAD}.AAAA",
        f"{_b64('{')}.{PAYLOAD}.AAAA",
        f"{HEADER}.{_b64('{}{}')}.AAAA",
        f"{HEADER}.é.AAAA",
        f"{HEADER}.{PAYLOAD}.é",
    ],
)
def test_7_1_anything_else_is_refused(token: str) -> None:
    """Three segments of base64url in its one spelling, of JSON objects: nothing before, between or behind them."""
    with refused(PARSING_ERROR):
        jws.decode(token.encode(), TYPES)


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":{"b":1,"b":2}}',
        '{"a":NaN}',
        '{"a":Infinity}',
        '{"a":1e999}',
        '{"a":"\\ud800"}',
        "\ufeff{}",
        '{"a":01}',
        "{'a':1}",
    ],
)
def test_4_the_json_is_strict(text: str) -> None:
    """RFC 7515, section 4; RFC 7519, section 4; I-JSON: names are unique, numbers finite, strings whole."""
    for token in (f"{HEADER}.{_b64(text)}.AAAA", f"{_b64(text)}.{PAYLOAD}.AAAA"):
        with refused(PARSING_ERROR):
            jws.decode(token.encode(), TYPES)


def test_4_a_name_that_stands_twice_cannot_choose_the_algorithm() -> None:
    header = _b64('{"alg":"EdDSA","typ":"example+jwt","alg":"EdDSA"}')
    with refused(PARSING_ERROR, says="two members of one name"):
        jws.decode(f"{header}.{PAYLOAD}.AAAA".encode(), TYPES)


@pytest.mark.parametrize("cut", [0, 1, 32, 63, 65, 128])
def test_5_2_a_signature_of_another_length_is_no_signature(cut: int) -> None:
    other = (base64url.decode(_signature(TOKEN)) * 2)[:cut]
    token = f"{HEADER}.{PAYLOAD}.{base64url.encode(other)}"
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        jws.decode(token.encode(), TYPES).prove(ISSUER.public_key)


def test_5_2_another_key_another_payload_another_header() -> None:
    jws.decode(TOKEN.encode(), TYPES).prove(ISSUER.public_key)
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        jws.decode(TOKEN.encode(), TYPES).prove(STRANGER.public_key)
    other_payload, other_header = _b64('{"a":2}'), _b64('{"typ":"example+jwt","alg":"EdDSA"}')
    for other in (f"{HEADER}.{other_payload}", f"{other_header}.{PAYLOAD}"):
        with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
            jws.decode(f"{other}.{_signature(TOKEN)}".encode(), TYPES).prove(ISSUER.public_key)


def test_5_2_the_same_json_in_another_spelling_was_not_signed() -> None:
    """The signature covers the text as it travels, not what it means."""
    respelled = f"{HEADER}.{_b64('{ }')}.{_signature(jws.sign(HEADER, {}, ISSUER))}"
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        jws.decode(respelled.encode(), TYPES).prove(ISSUER.public_key)


def test_a_signature_that_holds_for_everything_needs_a_small_order_key() -> None:
    """ED-2: under the neutral point R = [s]B holds for any message; such a key cannot be read, and libsodium refuses it too."""
    neutral = (1).to_bytes(32, "little")
    token = f"{HEADER}.{PAYLOAD}.{base64url.encode(neutral + bytes(32))}".encode()
    with refused(CRYPTOGRAPHIC_SECURITY_ERROR):
        jws.decode(token, TYPES).prove(ed25519.PublicKey(neutral))


def test_a_token_may_be_as_long_as_the_limit_and_no_longer() -> None:
    length = len(TOKEN)
    jws.decode(TOKEN.encode(), TYPES, limits=Limits(size_bytes=length))
    with refused(LIMIT_EXCEEDED):
        jws.decode(TOKEN.encode(), TYPES, limits=Limits(size_bytes=length - 1))


def test_a_long_token_is_refused_before_it_is_decoded() -> None:
    """Nothing of it is worth decoding: not even that it is no base64url is found out."""
    with refused(LIMIT_EXCEEDED):
        jws.decode(b"!" * 101, TYPES, limits=Limits(size_bytes=100))


def test_the_payload_and_the_header_have_the_depth_that_is_allowed() -> None:
    def nested(levels: int) -> str:
        return _b64('{"a":' * levels + "1" + "}" * levels)

    token = f"{HEADER}.{nested(5)}.AAAA".encode()
    jws.decode(token, TYPES, limits=Limits(depth=5))
    with refused(LIMIT_EXCEEDED):
        jws.decode(token, TYPES, limits=Limits(depth=4))
    with refused(LIMIT_EXCEEDED):
        jws.decode(f"{nested(5)}.{PAYLOAD}.AAAA".encode(), TYPES, limits=Limits(depth=4))
