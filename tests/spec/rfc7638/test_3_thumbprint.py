"""RFC 7638, section 3: the thumbprint of a key."""

import hashlib

from sayso.encodings import base64url
from sayso.jsonvalue import serialize
from sayso.keys import jwk
from sayso.keys.ed25519 import key_pair

KEY, _ = key_pair(bytes(32))


def test_jwk_2_it_is_the_sha_256_of_exactly_the_required_members_in_order() -> None:
    """JWK-2: exactly crv, kty and x, in this order, without white space."""
    text = b'{"crv":"Ed25519","kty":"OKP","x":"' + base64url.encode(KEY.raw).encode() + b'"}'
    assert jwk.thumbprint(KEY) == base64url.encode(hashlib.sha256(text).digest())
    assert serialize(jwk.encode(KEY)).encode() == text


def test_members_that_are_not_required_change_nothing() -> None:
    """RFC 7638, section 3.2: alg, use, kid and others are left out."""
    full = jwk.decode({"use": "sig", "alg": "EdDSA", "kid": "2011-04-29", **jwk.encode(KEY)})
    assert jwk.thumbprint(full) == jwk.thumbprint(KEY)
