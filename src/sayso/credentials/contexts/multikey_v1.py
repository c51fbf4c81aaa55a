"""The context of keys in Multikey form.

Source: Controlled Identifiers 1.0, section 2.2.2 (Multikey).
"""

from sayso.credentials.contexts.definitions import KEYWORDS, PROTECTED, SECURITY, merged, packed, security
from sayso.credentials.contexts.layout import Group, Node


def context() -> Node:
    """Give the value of `@context`."""
    return merged(KEYWORDS, PROTECTED, multikey())


def multikey() -> Group:
    """Define the type Multikey."""
    members = security("controller", "revoked", "expires", "publicKeyMultibase", "secretKeyMultibase")
    return {"Multikey": packed({"@id": SECURITY + "Multikey"}, members)}
