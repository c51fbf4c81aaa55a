"""Laws of conformance: whatever a document holds, it conforms or there is a problem, and never anything else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.credentials import credential, presentation, sd_jwt_vc, vc_jose_cose
from sayso.credentials.contexts.bundled import CREDENTIALS_V2, UNDEFINED_TERMS_V2
from sayso.credentials.kinds import reading_of
from sayso.credentials.vocabulary import expanded_types
from sayso.jsonvalue import JsonObject, freeze
from tests.spec.vcdm2.documents import CARD, CARD_CONTEXT, a_card
from tests.support import examples

pytestmark = pytest.mark.laws

WORDS = st.sampled_from(
    (
        *("", "Ada", "did:example:ada", "https://example.org/#Type", "data:application/vc+jwt,abc", "2026-11-20T12:00:00Z", "en", "ltr"),
        *("VerifiableCredential", "VerifiablePresentation", "EnvelopedVerifiableCredential", "JsonSchema", "Card", "given_name"),
        *(CREDENTIALS_V2, UNDEFINED_TERMS_V2, CARD_CONTEXT, "https://example.org/other"),
    )
)
NAMES = st.sampled_from(
    (
        *("@context", "id", "type", "issuer", "credentialSubject", "validFrom", "validUntil", "credentialStatus", "credentialSchema"),
        *("relatedResource", "evidence", "name", "description", "proof", "holder", "verifiableCredential", "termsOfUse", "cnf", "jwk"),
        *("digestSRI", "digestMultibase", "@value", "@language", "@id", "given_name", "shoe_size", "iss", "vct", "aka_vcts", "vc"),
    )
)
SCALARS = st.none() | st.booleans() | st.integers(0, 9) | st.floats(allow_nan=False) | WORDS
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12)
DOCUMENTS = st.dictionaries(NAMES, JSON, max_size=8)
LOCATIONS = st.lists(st.lists(NAMES | st.integers(0, 3), max_size=3).map(tuple), max_size=3)
READING = reading_of([CARD])


def resolves(document: Any, place: str) -> bool:
    """Tell whether a JSON Pointer names something in the document, or something that could be in an object there."""
    *above, last = [step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:]] or [""]
    for step in above:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return isinstance(document, dict) or (isinstance(document, list) and int(last) < len(document))


@examples(150)
@given(DOCUMENTS | DOCUMENTS.map(lambda members: a_card() | members), LOCATIONS, LOCATIONS)
def test_any_document_conforms_or_has_problems(document: JsonObject, hiding: list[Any], disclosed: list[Any]) -> None:
    frozen: Any = freeze(document)
    found = [
        *credential.conformance_problems(document, READING, hiding),
        *presentation.conformance_problems(document, READING),
        *sd_jwt_vc.conformance_problems(document),
    ]
    assert found == [
        *credential.conformance_problems(frozen, READING, hiding),
        *presentation.conformance_problems(frozen, READING),
        *sd_jwt_vc.conformance_problems(frozen),
    ]
    assert found
    assert all(resolves(document, problem.pointer) for problem in found)
    vc_jose_cose.conformance_problems(document, READING, hiding, disclosed)
    assert all(iri is None or ":" in iri for iri in expanded_types(document, READING))
