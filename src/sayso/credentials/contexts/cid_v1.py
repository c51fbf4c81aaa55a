"""The context of controlled identifier documents, and of DID 1.1: that of DID 1.0, with the two types of keys.

Source: Controlled Identifiers 1.0, Contexts and Vocabularies; DID 1.1, section 6.2.4.
"""

from sayso.credentials.contexts.definitions import KEYWORDS, PROTECTED, merged
from sayso.credentials.contexts.did_v1 import document
from sayso.credentials.contexts.jwk_v1 import json_web_key
from sayso.credentials.contexts.layout import Node
from sayso.credentials.contexts.multikey_v1 import multikey


def context() -> Node:
    """Give the value of `@context`."""
    return (merged(PROTECTED, KEYWORDS), merged(document(), multikey(), json_web_key()))
