"""Do Data Integrity with the peers: openvc-core, and the packages of Digital Bazaar on node, over the same documents.

They get documents as values, where sayso reads text. Contexts, keys and resolvers are made before. Digital Bazaar has one call for each
operation, and openvc one to sign and two to verify; what each makes is checked once for every batch.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from openvc.keys import Ed25519SigningKey
from openvc.proof.contexts import bundled_contexts
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_jcs import EddsaJcsProofSuite
from openvc.verify import default_resolver, verify_credential

from benchmarks.measuring import timed
from benchmarks.peers import Peers, Sides
from sayso import ANYONE, Expectations, verify
from sayso.credentials.contexts import bundled
from sayso.dids import did_key
from sayso.jsonvalue import JsonObject
from tests.interop.parties import Party

_SUITES: dict[str, Any] = {"eddsa-jcs-2022": EddsaJcsProofSuite, "eddsa-rdfc-2022": DataIntegrityProofSuite}
URLS = (bundled.CREDENTIALS_V2, bundled.UNDEFINED_TERMS_V2)
"""The contexts that the documents name."""


@cache
def contexts() -> Mapping[str, str]:
    """Give the texts of the contexts."""
    return {url: bundled.content(url).decode() for url in URLS}


def _more(suite: str) -> dict[str, Any]:
    # The suite over JSON takes no contexts. Those that come with openvc are compiled once, and those that it is given each time.
    more = {url: json.loads(text) for url, text in contexts().items() if url not in bundled_contexts()}
    return {"extra_contexts": more} if suite == "eddsa-rdfc-2022" else {}


def add_proofs(peers: Peers, issuer: Party, suite: str, documents: Sequence[JsonObject]) -> Sides:
    """Sign documents; none of them checks that they conform to a data model."""
    method = did_key.verification_method(issuer.signer.public_key)
    key, theirs, more = Ed25519SigningKey.from_jwk(issuer.private_jwk, method), _SUITES[suite](), _more(suite)

    def openvc(document: JsonObject) -> Any:
        return theirs.add_proof(document, signing_key=key, verification_method=method, **more)

    shared = {"key": issuer.private_jwk, "method": method, "cryptosuite": suite, "created": None, "contexts": contexts()}
    items = [{"document": document} for document in documents]
    made = openvc(documents[0])
    if suite == "eddsa-jcs-2022":
        made = {**made, "proof": {**made["proof"], "@context": made["@context"]}}  # which it signs and leaves out
    for secured in (made, *peers.once("di-issue", shared, items)):
        verify(json.dumps(secured), Expectations(issuers=ANYONE, holder_binding=False), at=datetime.now(UTC))
    return {"openvc": timed([partial(openvc, document) for document in documents]), **peers.side("di-issue", shared, items)}


def verify_proofs(peers: Peers, issuer: Party, suite: str, secured: Sequence[dict[str, Any]], *, door: bool) -> Sides:
    """Verify documents; at the door openvc finds the key by itself, and Digital Bazaar always does."""
    theirs, more, resolver = _SUITES[suite](), _more(suite), default_resolver()

    def openvc(document: dict[str, Any]) -> object:
        return theirs.verify(document, public_key_jwk=issuer.public_jwk, **more)

    def openvc_door(document: dict[str, Any]) -> object:
        return verify_credential(document, resolver=resolver, **more)

    shared = {"cryptosuites": [suite], "contexts": contexts(), "now": datetime.now(UTC).isoformat()}
    items = [{"document": document} for document in secured]
    assert all(peers.once("di-verify", shared, items))
    return {
        "openvc": timed([partial(openvc_door if door else openvc, document) for document in secured]),
        **peers.side("di-verify", shared, items),
    }
