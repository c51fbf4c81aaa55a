"""Compare what one walk makes of a document with what the complete processor makes of it."""

from collections.abc import Callable
from enum import StrEnum

import pyoxigraph

from sayso.credentials.contexts.bundled import CONTEXTS, document
from sayso.encodings.jsonld import fallback, walk
from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.keywords import RDF_JSON
from sayso.encodings.jsonld.plans import NULL_TYPE_CONTEXT
from sayso.encodings.rdfc.quads import Quad, serialize
from sayso.errors import DATA_LOSS_DETECTION_ERROR, SaysoError
from tests.property.jsonld_documents import Case

BUNDLED = Contexts({url: document(url) for url in CONTEXTS})


class Verdict(StrEnum):
    """Say how two ways to convert one document compare."""

    EQUAL = "equal"
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
        return Verdict.FALLBACK
    whole = _outcome(lambda: fallback.to_rdf(case.document, contexts, inline=True))
    if isinstance(walked, list) and isinstance(whole, SaysoError) and _is_too_careful(whole, walked):
        whole = _outcome(lambda: fallback.converted(case.document, contexts))
    if isinstance(whole, SaysoError):
        failed = whole.problems[0].detail == fallback.FAILS
        return Verdict.REFUSED if isinstance(walked, SaysoError) else Verdict.FAILED if failed else Verdict.DIFFERS
    if isinstance(walked, SaysoError):
        return Verdict.STRICTER
    return Verdict.EQUAL if whole is not None and canonical(walked) == canonical(whole) else Verdict.DIFFERS


def canonical(quads: list[Quad]) -> list[str]:
    """Give canonical N-Quads, as another implementation of RDFC-1.0 writes them."""
    dataset = pyoxigraph.Dataset(pyoxigraph.parse(serialize(quads), format=pyoxigraph.RdfFormat.N_QUADS, lenient=True))
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


def _outcome(convert: Callable[[], list[Quad] | None]) -> list[Quad] | SaysoError | None:
    try:
        return convert()
    except SaysoError as error:
        return error


def _is_too_careful(refusal: SaysoError, quads: list[Quad]) -> bool:
    """Tell whether the survey may have taken a JSON literal for JSON-LD, or a term for one that is defined elsewhere."""
    problem = refusal.problems[0]
    return problem.detail == NULL_TYPE_CONTEXT or (problem.kind is DATA_LOSS_DETECTION_ERROR and any(RDF_JSON in quad[2] for quad in quads))
