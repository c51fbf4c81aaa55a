"""Data Integrity with the peers: openvc-core and the packages of Digital Bazaar behind one form.

Each secures a document with a cryptosuite and verifies it, with the key of a did:key; what one of them cannot do is said beside it.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from openvc.errors import OpenvcError
from openvc.keys import Ed25519SigningKey, P256SigningKey, P384SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite

from tests.interop.documents import contexts
from tests.interop.javascript import Peer, PeerError
from tests.interop.keys import Curve, Key

CREATED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
REFUSALS = (OpenvcError, PeerError)
"""How each of them says no."""
CRYPTOSUITES: dict[str, tuple[Curve, ...]] = {
    "eddsa-rdfc-2022": ("Ed25519",),
    "eddsa-jcs-2022": ("Ed25519",),
    "ecdsa-rdfc-2019": ("P-256", "P-384"),
    "ecdsa-jcs-2019": ("P-256", "P-384"),
}
"""The cryptosuites that both know, and the curves of each."""

Secured = dict[str, Any]


class Order(NamedTuple):
    """Say what is to be secured and how: with a challenge it is a presentation, else a credential.

    `options` are further members of the proof, such as `expires`, which openvc cannot write.
    """

    cryptosuite: str
    key: Key
    document: dict[str, Any]
    created: datetime | None = CREATED
    challenge: str | None = None
    domain: str | None = None
    options: Mapping[str, Any] = MappingProxyType({})


class Bound(NamedTuple):
    """Say what a presentation must be bound to."""

    challenge: str
    domain: str


class Prover(NamedTuple):
    """Hold what one implementation does: `verify` returns where it accepts, and raises one of REFUSALS where not."""

    secure: Callable[[Order], Secured]
    verify: Callable[[Secured, Bound | None], None]


def cryptosuite_of(secured: Secured) -> str:
    """Read which cryptosuite secured a document."""
    return str(secured["proof"]["cryptosuite"])


# --- openvc: a suite signs documents of every kind, and a verifier of presentations looks at the outermost proof alone ---

_SUITES: dict[str, Any] = {
    "eddsa-rdfc-2022": DataIntegrityProofSuite,
    "eddsa-jcs-2022": EddsaJcsProofSuite,
    "ecdsa-rdfc-2019": EcdsaRdfcProofSuite,
    "ecdsa-jcs-2019": EcdsaJcsProofSuite,
}
_KEYS: dict[str, Any] = {"Ed25519": Ed25519SigningKey, "P-256": P256SigningKey, "P-384": P384SigningKey}


def _extra(cryptosuite: str) -> dict[str, Any]:
    # Canonicalisation of JSON needs no contexts, and takes none.
    return {"extra_contexts": {url: json.loads(text) for url, text in contexts().items()}} if "-rdfc-" in cryptosuite else {}


def _purpose(challenge: object) -> str:
    return "assertionMethod" if challenge is None else "authentication"


def _openvc_secures(order: Order) -> Secured:
    if order.options:
        msg = "openvc writes no further members of a proof"
        raise ValueError(msg)
    key = _KEYS[order.key.jwk["crv"]].from_jwk(order.key.jwk, order.key.method)
    secured = _SUITES[order.cryptosuite]().add_proof(
        order.document,
        signing_key=key,
        verification_method=order.key.method,
        proof_purpose=_purpose(order.challenge),
        created=order.created,
        challenge=order.challenge,
        domain=order.domain,
        **_extra(order.cryptosuite),
    )
    return dict(secured)


def _openvc_verifies(secured: Secured, bound: Bound | None = None) -> None:
    cryptosuite = cryptosuite_of(secured)
    challenge, domain = bound or (None, None)
    _SUITES[cryptosuite]().verify(
        secured,
        expected_proof_purpose=_purpose(bound),
        expected_challenge=challenge,
        expected_domain=domain,
        now=CREATED,
        **_extra(cryptosuite),
    )


OPENVC = Prover(_openvc_secures, _openvc_verifies)

# --- Digital Bazaar: a presentation is verified with the credentials in it ---


def how_to_sign(order: Order) -> dict[str, Any]:
    """Say how a document is to be secured, as the peer in JavaScript takes it for `di-issue` and `di-present`."""
    created = order.created.strftime("%Y-%m-%dT%H:%M:%SZ") if order.created else None
    key = {"key": order.key.jwk, "method": order.key.method}
    return {**key, "cryptosuite": order.cryptosuite, "created": created, "options": dict(order.options), "contexts": contexts()}


def how_to_verify() -> dict[str, Any]:
    """Say how a document is to be verified, as the peer in JavaScript takes it for `di-verify` and `di-verify-presentation`."""
    return {"cryptosuites": [*CRYPTOSUITES], "contexts": contexts(), "now": CREATED.isoformat()}


def digitalbazaar(js: Peer) -> Prover:
    """Make the prover of the peer in JavaScript."""

    def secure(order: Order) -> Secured:
        bound = {name: value for name, value in (("challenge", order.challenge), ("domain", order.domain)) if value is not None}
        return dict(js.ask("di-present" if bound else "di-issue", document=order.document, **how_to_sign(order), **bound))

    def verify(secured: Secured, bound: Bound | None = None) -> None:
        bindings = bound._asdict() if bound else {}
        js.ask("di-verify-presentation" if bound else "di-verify", document=secured, **how_to_verify(), **bindings)

    return Prover(secure, verify)


def rdfc_document(js: Peer, document: dict[str, Any], hash_name: str = "SHA-256") -> str:
    """Give the canonical N-Quads of a document; PeerError where a term is undefined or an IRI relative."""
    return str(js.ask("rdfc-document", document=document, contexts=contexts(), hash=hash_name))


def rdfc_quads(js: Peer, quads: str, hash_name: str = "SHA-256") -> str:
    """Give the canonical form of N-Quads."""
    return str(js.ask("rdfc-quads", quads=quads, hash=hash_name))


def jcs(js: Peer, document: dict[str, Any]) -> str:
    """Give the canonical JSON of a document."""
    return str(js.ask("jcs", document=document))
