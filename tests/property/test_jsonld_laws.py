"""Laws of JSON-LD: one walk says what a complete processor says, or leaves the document to it."""

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.encodings.rdfc.canonicalization import canonicalize
from sayso.errors import ProblemType
from sayso.jsonvalue import Json, JsonObject
from tests.property.jsonld_documents import Case, Chance, case
from tests.property.jsonld_oracle import BUNDLED, Verdict, compare
from tests.property.outcomes import outcome
from tests.support import examples

pytestmark = pytest.mark.laws

CASES = st.randoms(use_true_random=True).map(lambda chance: case(cast("Chance", chance)))


@examples()
@given(CASES)
def test_one_walk_equals_the_complete_processor_or_leaves_it_to_it(made: Case) -> None:
    assert compare(made) is not Verdict.DIFFERS


@examples(1_000)
@given(CASES)
def test_the_order_of_members_says_nothing(made: Case) -> None:
    contexts = BUNDLED.with_documents(made.contexts)
    one, other = (_canonical(document, contexts) for document in (made.document, cast("JsonObject", _reversed(made.document))))
    assert one == other or (isinstance(one, ProblemType) and isinstance(other, ProblemType))


@examples(1_000)
@given(CASES)
def test_a_document_is_left_as_it_was(made: Case) -> None:
    before = repr(made)
    outcome(to_rdf, made.document, BUNDLED.with_documents(made.contexts), inline=True)
    assert repr(made) == before


def _canonical(document: JsonObject, contexts: Contexts) -> str | ProblemType:
    found = outcome(to_rdf, document, contexts, inline=True)
    return found if isinstance(found, ProblemType) else canonicalize(found).text


def _reversed(value: Json) -> Json:
    if isinstance(value, dict):
        return {name: item if name == "@context" else _reversed(item) for name, item in reversed(value.items())}
    return [_reversed(item) for item in value] if isinstance(value, list) else value
