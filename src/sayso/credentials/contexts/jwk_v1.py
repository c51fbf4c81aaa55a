"""The context of keys in JSON Web Key form.

Source: Controlled Identifiers 1.0, section 2.2.3 (JsonWebKey).
"""

from sayso.credentials.contexts.definitions import KEYWORDS, PROTECTED, SECURITY, merged, packed, security
from sayso.credentials.contexts.layout import Group, Node


def context() -> Node:
    """Give the value of `@context`."""
    return merged(KEYWORDS, PROTECTED, json_web_key())


def json_web_key() -> Group:
    """Define the type JsonWebKey."""
    members = security("controller", "revoked", "expires", "publicKeyJwk", "secretKeyJwk")
    return {"JsonWebKey": packed({"@id": SECURITY + "JsonWebKey"}, members)}
