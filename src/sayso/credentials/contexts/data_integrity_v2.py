"""The context of Data Integrity proofs.

Source: VC Data Integrity 1.0, section 2.4 (Contexts and Vocabularies).
"""

from sayso.credentials.contexts.definitions import KEYWORDS, PROTECTED, SECURITY, merged, packed, security, typed
from sayso.credentials.contexts.layout import Group, Node


def context() -> Node:
    """Give the value of `@context`."""
    proof = (
        security("challenge", "created", "domain", "expires", "nonce", "previousProof"),
        proof_purpose(),
        security("cryptosuite", "proofValue", "verificationMethod"),
    )
    integrity_proof: Group = {"DataIntegrityProof": packed({"@id": SECURITY + "DataIntegrityProof"}, *proof)}
    return merged(KEYWORDS, PROTECTED, security("proof"), integrity_proof)


def proof_purpose() -> Group:
    """Define the purpose of a proof: one of the verification relationships."""
    relationships = security("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation", "keyAgreement")
    return {"proofPurpose": packed(typed(SECURITY + "proofPurpose", "@vocab"), relationships)}
