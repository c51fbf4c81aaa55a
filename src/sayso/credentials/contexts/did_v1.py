"""The context of DID 1.0: documents that say who controls which keys, for what.

Source: DID 1.0, sections 5 (Core Properties) and 6.3.1 (JSON-LD).
"""

from sayso.credentials.contexts.definitions import DID, KEYWORDS, PROTECTED, linked, merged, packed, security
from sayso.credentials.contexts.layout import Group, Node


def context() -> Node:
    """Give the value of `@context`."""
    return (merged(PROTECTED, KEYWORDS), document())


def document() -> Group:
    """Define the members of a document."""
    return {
        "alsoKnownAs": linked("https://www.w3.org/ns/activitystreams#alsoKnownAs"),
        **security("assertionMethod", "authentication", "capabilityDelegation", "capabilityInvocation", "controller", "keyAgreement"),
        "service": packed(linked(DID + "service"), {"serviceEndpoint": linked(DID + "serviceEndpoint")}),
        **security("verificationMethod"),
    }
