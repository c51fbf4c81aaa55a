"""Compare what one walk makes of a document with what the complete processor makes of it."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar

import pyoxigraph

from sayso.credentials.contexts.bundled import CONTEXTS, document
from sayso.encodings.jsonld import fallback, walk
from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.survey import survey
from sayso.encodings.rdfc.quads import Quad, serialize
from sayso.errors import SaysoError
from tests.property.jsonld_documents import Case

T = TypeVar("T")

BUNDLED = Contexts({url: document(url) for url in CONTEXTS})


class Verdict(StrEnum):
    """Say how two ways to convert one document compare."""

    EQUAL = "equal"
    CAREFUL = "equal, and refused by the survey before the complete processor"
    FALLBACK = "fell back"
    REFUSED = "refused"
    STRICTER = "refused by the walk alone"
    FAILED = "the complete processor failed"
    DIFFERS = "differs"


def compare(case: Case) -> Verdict:
    """Convert a document in both ways and compare the canonical datasets."""
    contexts = BUNDLED.with_documents(case.contexts)
    walked = _outcome(lambda: walk.quads(case.document, contexts, inline=True))
    if walked is None:
        _outcome(lambda: fallback.to_rdf(case.document, contexts, inline=True))  # gives quads or the one error
        return Verdict.FALLBACK
    # The survey takes what stands in a JSON literal for JSON-LD, and a name for a keyword's where it is one elsewhere.
    careful = _outcome(lambda: survey(case.document, contexts, inline=True)) is not None
    if careful and isinstance(walked, SaysoError):
        return Verdict.REFUSED
    whole = _outcome(lambda: fallback.converted(case.document, contexts))
    if isinstance(walked, SaysoError):
        return Verdict.REFUSED if isinstance(whole, SaysoError) else Verdict.STRICTER
    if isinstance(whole, SaysoError):
        return Verdict.FAILED if whole.problems[0].detail == fallback.FAILS else Verdict.DIFFERS
    if canonical(walked) != canonical(whole):
        return Verdict.DIFFERS
    return Verdict.CAREFUL if careful else Verdict.EQUAL


def canonical(quads: list[Quad]) -> list[str]:
    """Give canonical N-Quads, as another implementation of RDFC-1.0 writes them."""
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(serialize(quads), format=pyoxigraph.RdfFormat.N_QUADS, lenient=True))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def _outcome(convert: Callable[[], T]) -> T | SaysoError:
    try:
        return convert()
    except SaysoError as error:
        return error
