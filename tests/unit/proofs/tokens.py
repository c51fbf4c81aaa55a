"""Write tokens by hand, also those that no honest party would write; and read them back at the mechanism."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject, Limits, serialize
from sayso.keys import jwk
from sayso.keys.signer import SeedSigner, Signer
from sayso.proofs.jose import jws
from sayso.proofs.mechanism import FoundKey, Policy, Proven
from sayso.proofs.sd_jwt import key_binding
from sayso.proofs.sd_jwt.disclosure import HASHES, digest_of
from sayso.proofs.sd_jwt.mechanism import SdJwtMechanism

AT = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOW = int(AT.timestamp())

ISSUER = SeedSigner(bytes(range(32)))
HOLDER = SeedSigner(bytes(range(32, 64)))
STRANGER = SeedSigner(bytes(range(64, 96)))
ISSUER_DID = did_key.did_of(ISSUER.public_key)
ISSUER_KID = did_key.verification_method(ISSUER.public_key)
AUDIENCE = "decentralized_identifier:did:example:bar"
NONCE = "n-0S6_WzA2Mj"

POLICY = Policy(jws.ALGORITHMS, tuple(HASHES))

# A payload with nothing to object to, in each format: `**PID`, `**CARD`.
PID: JsonObject = {"iss": ISSUER_DID, "vct": "urn:example:pid", "cnf": {"jwk": jwk.encode(HOLDER.public_key)}}
CARD: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/undefined-terms/v2"],
    "type": ["VerifiableCredential", "IdentityCard"],
    "issuer": ISSUER_DID,
    "credentialSubject": {"given_name": "Ada"},
    "cnf": {"jwk": jwk.encode(HOLDER.public_key)},
}


def encoded(value: Any) -> str:
    """Write a value as base64url of its JSON text."""
    return base64url.encode(serialize(value).encode())


def token(payload: Mapping[str, Any], signer: Signer = ISSUER, /, **header: Any) -> str:
    """Sign a payload as an issuer does; a header parameter that is given replaces or joins the usual ones."""
    return jws.sign(jws.protect({"alg": "EdDSA", "typ": "dc+sd-jwt", "kid": ISSUER_KID, **header}), dict(payload), signer)


def member(name: Any, value: Any, salt: Any = "c2F5c28tc2F5c28tc2F5c28") -> str:
    """Write the disclosure of an object property."""
    return encoded([salt, name, value])


def element(value: Any, salt: Any = "c2F5c28tc2F5c28tc2F5c28") -> str:
    """Write the disclosure of an array element."""
    return encoded([salt, value])


def digest(disclosure: str, hash_name: str = "sha-256") -> str:
    """Give the digest of a disclosure."""
    return digest_of(disclosure, HASHES[hash_name])


def sd_jwt(issuer_jwt: str, *disclosures: str) -> str:
    """Join the parts of an SD-JWT."""
    return "~".join((issuer_jwt, *disclosures, ""))


def said(**claims: Any) -> JsonObject:
    """Say what a holder says who does everything right."""
    return {"iat": NOW, "aud": AUDIENCE, "nonce": NONCE, **claims}


def bound(presented: str, signer: Signer = HOLDER, hash_name: str = "sha-256", **claims: Any) -> str:
    """Add the key binding that belongs to an SD-JWT."""
    return presented + key_binding.sign(said(**claims), HASHES[hash_name](presented.encode()), signer)


def kb_jwt(claims: Mapping[str, Any], signer: Signer = HOLDER, /, **header: Any) -> str:
    """Sign any payload as a key binding."""
    return jws.sign(jws.protect({"alg": "EdDSA", "typ": "kb+jwt", **header}), dict(claims), signer)


def without(members: JsonObject, name: str) -> JsonObject:
    """Copy an object without one member."""
    return {kept: value for kept, value in members.items() if kept != name}


def prove(text: str, policy: Policy = POLICY) -> Proven:
    """Read and prove an SD-JWT of the issuer."""
    decoded = SdJwtMechanism().decode(text.encode(), policy)
    assert decoded is not None
    return decoded.prove((FoundKey(ISSUER.public_key, ISSUER_DID),))


def limited(**limits: int) -> Policy:
    """Make a policy with other limits."""
    return POLICY._replace(limits=Limits(**(DEFAULT_LIMITS._asdict() | limits)))
