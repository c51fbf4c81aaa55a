"""Laws of JWS: what is signed is read again; anything gives a value or the one error; no change goes unnoticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.errors import CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED, PARSING_ERROR, ProblemType
from sayso.jsonvalue import Json, JsonObject
from sayso.keys.ed25519 import PublicKey
from sayso.proofs.jose import jws
from sayso.proofs.jose.jws import Jws
from tests.property.outcomes import ODD, outcome
from tests.property.test_jsonvalue_laws import TEXT, VALUES
from tests.support import examples
from tests.unit.proofs.tokens import ISSUER, STRANGER, encoded

pytestmark = pytest.mark.laws

TYPES = ("example+jwt",)
REFUSALS = {PARSING_ERROR, CRYPTOGRAPHIC_SECURITY_ERROR, LIMIT_EXCEEDED}
OBJECTS: st.SearchStrategy[JsonObject] = st.dictionaries(TEXT, VALUES, max_size=4)
HEADER: JsonObject = {"alg": "EdDSA", "typ": "example+jwt"}
NAMES = st.sampled_from(["alg", "typ", "crit", "kid", "cty", "jwk", "x5c", "b64"])
SEGMENTS = st.sampled_from([encoded(HEADER), encoded({}), "", "e30", "AAAA", "A", "=", "é"]) | OBJECTS.map(encoded) | VALUES.map(encoded)


def _prove(found: Jws, key: PublicKey) -> Json:
    found.prove(key)
    return found.payload


@examples(50)
@given(OBJECTS, OBJECTS, st.sampled_from(jws.ALGORITHMS))
def test_what_is_signed_is_read_again(extra: JsonObject, payload: JsonObject, algorithm: str) -> None:
    header = {name: value for name, value in extra.items() if name != "crit"} | HEADER | {"alg": algorithm}
    found = jws.decode(jws.sign(jws.protect(header), payload, ISSUER).encode(), TYPES)
    assert (found.header, _prove(found, ISSUER.public_key)) == (header, payload)
    assert outcome(_prove, found, STRANGER.public_key) is CRYPTOGRAPHIC_SECURITY_ERROR


@examples(100)
@given(st.binary() | st.lists(SEGMENTS, max_size=4).map(".".join).map(str.encode))
def test_anything_gives_a_value_or_the_one_error(data: bytes) -> None:
    found = outcome(jws.decode, data, TYPES)
    if isinstance(found, ProblemType):
        assert found in REFUSALS
        return
    assert found.header["alg"] in jws.ALGORITHMS
    assert outcome(_prove, found, ISSUER.public_key) is CRYPTOGRAPHIC_SECURITY_ERROR


@examples(100)
@given(st.dictionaries(NAMES, ODD | st.sampled_from(["none", "EdDSA", "example+jwt", "EXAMPLE+JWT"]), max_size=4))
def test_only_what_is_on_the_lists_is_read(header: JsonObject) -> None:
    found = outcome(jws.decode, f"{encoded(header)}.e30.AAAA".encode(), TYPES)
    good = header.get("alg") in jws.ALGORITHMS and "crit" not in header and header.get("typ") in ("example+jwt", "EXAMPLE+JWT")
    assert isinstance(found, Jws) == good


TOKEN = jws.sign(jws.protect(HEADER), {"a": [1, "é", None]}, ISSUER).encode()


@examples(150)
@given(st.integers(0, len(TOKEN) - 1), st.integers(0, 255))
def test_no_changed_byte_goes_unnoticed(position: int, byte: int) -> None:
    changed = TOKEN[:position] + bytes([byte]) + TOKEN[position + 1 :]
    found = outcome(jws.decode, changed, TYPES)
    if changed != TOKEN and not isinstance(found, ProblemType):
        assert outcome(_prove, found, ISSUER.public_key) is CRYPTOGRAPHIC_SECURITY_ERROR
