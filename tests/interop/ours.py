"""Data Integrity and JWS with sayso, in the form of the peers: credentials by the issuer's door, the rest by the mechanism.

An issuer has an Ed25519 key here, and a wallet too; what ECDSA keys sign is added with `add_proof`, as a caller with such a key does it.
"""

import json
from datetime import datetime
from typing import Any

from sayso.credentials.contexts import bundled
from sayso.errors import SaysoError
from sayso.issuer.issuer import Issuer
from sayso.keys.ecdsa_signer import EcdsaSigner
from sayso.keys.signer import SeedSigner, Signer
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import World
from sayso.proofs.jose import jws
from sayso.verification.doors import verify
from sayso.verification.expectations import ANYONE, Expectations
from tests.interop import signers
from tests.interop.documents import contexts
from tests.interop.keys import Key
from tests.interop.provers import CREATED, CRYPTOSUITES, REFUSALS, Bound, Order, Prover, Secured
from tests.interop.signers import Message, Opened

ALL_REFUSALS = (SaysoError, *REFUSALS)
"""How each of those who prove says no."""
ALL_SIGNER_REFUSALS = (SaysoError, *signers.REFUSALS)
"""How each of those who sign says no."""


def more() -> dict[str, Any]:
    """Give the contexts of the documents that do not come with the library."""
    return {url: json.loads(text) for url, text in contexts().items() if url not in bundled.CONTEXTS}


def signer_of(key: Key) -> Signer:
    """Make the signer of a key."""
    return SeedSigner.from_jwk(key.jwk) if key.jwk["crv"] == "Ed25519" else EcdsaSigner.from_jwk(key.jwk)


def expecting(bound: Bound | None = None, **others: Any) -> Expectations:
    """Expect a credential of anyone in any suite; bound to somebody, a presentation with any credentials."""
    bindings: dict[str, Any] = {"audience": bound.domain, "nonce": bound.challenge} if bound else {"holder_binding": False}
    read: dict[str, Any] = {"cryptosuites": [*CRYPTOSUITES], "contexts": more(), "inline_contexts": True}
    return Expectations(issuers=ANYONE, **bindings, **read, **others)


def _instant(options: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(options[name]) if name in options else None


def _secures(order: Order) -> Secured:
    signer, expires = signer_of(order.key), _instant({**order.options}, "expires")
    if order.challenge is None and isinstance(signer, SeedSigner):
        how: Any = {"format": order.cryptosuite, "created": order.created, "expires": expires}
        made = Issuer(signer).secure(order.document, contexts=more(), inline_contexts=True, **how)
        return dict(json.loads(made.data))
    options = ProofOptions(
        suite=order.cryptosuite,
        key_id=order.key.method,
        purpose="assertionMethod" if order.challenge is None else "authentication",
        created=order.created,
        expires=expires,
        domain=order.domain,
        challenge=order.challenge,
    )
    return dict(add_proof(order.document, options, signer, World(expecting().reading.contexts, inline=True)))


def _verifies(secured: Secured, bound: Bound | None = None) -> None:
    verify(json.dumps(secured, ensure_ascii=False), expecting(bound), at=CREATED)


SAYSO = Prover(_secures, _verifies)


def _signs(message: Message) -> str:
    header = {"alg": message.algorithm, "typ": message.typ, "kid": message.key.method}
    return jws.sign(jws.protect(dict(header)), message.payload, signer_of(message.key))


def _opens(token: str, key: Key, algorithm: str) -> Opened:
    header, payload, *_ = jws.decode(token.encode(), ("vc+jwt", "vp+jwt"), (algorithm,))
    name = str(header["kid"])  # whatever key it names, the one that is given is meant
    known = {name: {"id": name, "type": "JsonWebKey", "controller": name.partition("#")[0], "publicKeyJwk": key.public_jwk}}
    bound = Bound("fresh-and-random", "https://verifier.example") if header["typ"] == "vp+jwt" else None
    expected = expecting(bound, keys=known, algorithms=[algorithm], undefined_terms="ignore")
    claims = dict(verify(token, expected, at=CREATED).claims)
    inside = {"verifiableCredential": payload["verifiableCredential"]} if bound else {}  # those are not among the claims
    return Opened(dict(header), {**claims, **inside})


SIGNER = signers.Signer(_signs, _opens)
"""A JWS of sayso, read as a credential or a presentation at the verifier's door."""
