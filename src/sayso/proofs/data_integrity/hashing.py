"""Hash what a Data Integrity proof covers: its own options, and the document.

Source: EdDSA Cryptosuites 1.0, sections 3.2.4, 3.2.5, 3.3.4 and 3.3.5 (ED-C3, ED-C4, RD-2, JC-1).
"""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from sayso.jsonvalue import JsonObject
from sayso.proofs.data_integrity.suites import Suite, World

_HASHES: Mapping[str, Callable[[bytes], Any]] = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384}


def hash_document(document: JsonObject, suite: Suite, hash_name: str, world: World) -> bytes:
    """Hash a document as a suite transforms it.

    Raises:
        SaysoError: the document cannot be transformed without loss.
    """
    digest: bytes = _HASHES[hash_name](suite.canonicalize(document, world, hash_name)).digest()
    return digest


def hash_options(options: JsonObject, document: JsonObject, suite: Suite, hash_name: str, world: World) -> bytes:
    """Hash the options of a proof, which are its members but for `proofValue`.

    Source: EdDSA Cryptosuites 1.0, section 3.2.5 (RD-2: with the document's context, which is not written) and section 3.3.5.
    """
    config = {name: value for name, value in options.items() if name != "proofValue"}
    if not suite.copies_context and "@context" in document:
        config["@context"] = document["@context"]
    return hash_document(config, suite, hash_name, world)
