"""The context of the Ed25519 suite of 2020, its keys and its proofs, for reading old data.

Source: Ed25519Signature2020, `https://w3id.org/security/suites/ed25519-2020/v1`.
"""

from sayso.credentials.contexts.data_integrity_v2 import proof_purpose
from sayso.credentials.contexts.definitions import KEYWORDS, PROTECTED, SECURITY, merged, packed, security
from sayso.credentials.contexts.layout import Group, Node


def context() -> Node:
    """Give the value of `@context`."""
    key = security("controller", "revoked", "publicKeyMultibase")
    proof = (
        security("challenge", "created", "domain", "expires", "nonce"),
        proof_purpose(),
        security("proofValue", "verificationMethod"),
    )
    types: Group = {
        "Ed25519VerificationKey2020": packed({"@id": SECURITY + "Ed25519VerificationKey2020"}, key),
        "Ed25519Signature2020": packed({"@id": SECURITY + "Ed25519Signature2020"}, *proof),
    }
    return merged(KEYWORDS, PROTECTED, security("proof"), types)
