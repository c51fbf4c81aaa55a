"""See that a holder signed the transaction data of a request: what they agreed to by answering.

Source: OpenID4VP 1.0, section 8.4 and appendix B.3.3.1 (VP-11).
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator

from sayso.encodings import base64url
from sayso.errors import TERMS_ALTERED, Problem, pointer
from sayso.proofs.mechanism import Binding

HASHES = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}
"""The hashes of transaction data, by their registered names; the first is that of a key binding which names none."""
_DEFAULT = next(iter(HASHES))


def agreement_problems(binding: Binding, texts: Collection[str]) -> Iterator[Problem]:
    """Say what a holder's signature has against transaction data, given as the texts that stood in the request.

    It hashes each of them, as it was received, once, and nothing else.
    """
    if not texts:
        return
    name = binding.members.get("transaction_data_hashes_alg", _DEFAULT)
    hash_ = HASHES.get(name) if isinstance(name, str) else None
    if hash_ is None:
        place = pointer(*binding.place, "transaction_data_hashes_alg")
        yield Problem(TERMS_ALTERED, "the transaction data are hashed with a hash that is accepted", place)
        return
    named = binding.members.get("transaction_data_hashes")
    signed = Counter(map(str, named)) if isinstance(named, list) else Counter[str]()  # what is no text is no hash either
    if signed != Counter(base64url.encode(hash_(text.encode()).digest()) for text in texts):
        place = pointer(*binding.place, "transaction_data_hashes")
        yield Problem(TERMS_ALTERED, "the holder signed the transaction data of the request, each once", place)
