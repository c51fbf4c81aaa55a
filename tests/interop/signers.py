"""Compact JWS with the peers: joserfc and npm's jose behind one form, and the VC-JWT of openvc-core, which has a form of its own."""

import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import import_key
from openvc.errors import OpenvcError
from openvc.keys import Ed25519SigningKey, P256SigningKey, P384SigningKey
from openvc.proof.vc_jwt import VcJwtProofSuite

from tests.interop.javascript import Peer, PeerError
from tests.interop.keys import Curve, Key

REFUSALS = (JoseError, OpenvcError, PeerError, ValueError)
"""How each of them says no."""
ALGORITHMS: dict[str, Curve] = {"EdDSA": "Ed25519", "Ed25519": "Ed25519", "ES256": "P-256", "ES384": "P-384"}
"""The algorithms that all of them know, and the curve of each."""


class Message(NamedTuple):
    """Say what is to be signed: a payload of JSON, under a `typ` such as `vc+jwt`."""

    key: Key
    algorithm: str
    typ: str
    payload: dict[str, Any]


class Opened(NamedTuple):
    """Hold what a signature covers."""

    header: dict[str, Any]
    payload: dict[str, Any]


class Signer(NamedTuple):
    """Hold what one implementation does: `verify` takes a token, a key and the one algorithm, and raises one of REFUSALS."""

    sign: Callable[[Message], str]
    verify: Callable[[str, Key, str], Opened]


# --- joserfc: its caller names the algorithms, and it warns of the name `EdDSA`, which RFC 9864 deprecates ---


@contextmanager
def _unwarned() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        yield


def _joserfc_signs(message: Message) -> str:
    header = {"alg": message.algorithm, "typ": message.typ, "kid": message.key.method}
    text = json.dumps(message.payload, ensure_ascii=False)
    with _unwarned():
        return jws.serialize_compact(header, text, import_key(message.key.jwk), algorithms=[message.algorithm])


def _joserfc_verifies(token: str, key: Key, algorithm: str) -> Opened:
    with _unwarned():
        found = jws.deserialize_compact(token, import_key(key.public_jwk), algorithms=[algorithm])
    return Opened(dict(found.headers()), dict(json.loads(found.payload)))


JOSERFC = Signer(_joserfc_signs, _joserfc_verifies)

# --- jose ---


def jose(js: Peer) -> Signer:
    """Make the signer of the peer in JavaScript."""

    def sign(message: Message) -> str:
        header = {"typ": message.typ, "kid": message.key.method}
        return str(js.ask("jws-sign", key=message.key.jwk, algorithm=message.algorithm, header=header, payload=message.payload))

    def verify(token: str, key: Key, algorithm: str) -> Opened:
        return Opened(**js.ask("jws-verify", key=key.public_jwk, algorithm=algorithm, token=token))

    return Signer(sign, verify)


# --- openvc: the form of VCDM 1.1, where the credential is the claim `vc`; it adds the times of the token by itself ---

_KEYS: dict[str, Any] = {"Ed25519": Ed25519SigningKey, "P-256": P256SigningKey, "P-384": P384SigningKey}


def openvc_issues(key: Key, credential: dict[str, Any]) -> str:
    """Sign a credential as the claim `vc` of a token."""
    return VcJwtProofSuite().sign(credential, signing_key=_KEYS[key.jwk["crv"]].from_jwk(key.jwk, key.method))


def openvc_verifies(token: str, key: Key) -> dict[str, Any]:
    """Verify a token, and give the credential in its claim `vc`."""
    return dict(VcJwtProofSuite().verify(token, public_key_jwk=key.public_jwk).credential)
