"""RDFC-1.0, section 4.8: blank nodes that look alike are told apart as another implementation does, in every small dataset."""

from collections.abc import Callable
from itertools import product

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from pyoxigraph import serialize as write

from sayso.encodings.rdfc.canonicalization import canonicalize
from sayso.encodings.rdfc.quads import Quad, serialize


def _by_another(quads: list[Quad]) -> str:
    dataset = Dataset(parse(serialize(quads), format=RdfFormat.N_QUADS))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    text = (write(dataset, format=RdfFormat.N_QUADS) or b"").decode()
    return "".join(sorted(text.splitlines(keepends=True)))


def _graphs(nodes: int, link: Callable[[str, str], Quad], *, loops: bool = True, every: int = 1) -> list[list[Quad]]:
    """List the graphs of so many nodes, each pair of which is linked or not."""
    pairs = [(f"_:{one}", f"_:{other}") for one, other in product("xyzw"[:nodes], repeat=2) if loops or one != other]
    chosen = list(product([False, True], repeat=len(pairs)))[::every]
    return [[link(*pair) for pair, present in zip(pairs, presence, strict=True) if present] for presence in chosen]


@pytest.mark.parametrize(
    "graphs",
    [
        pytest.param(_graphs(3, lambda one, other: (one, "<urn:p>", other, "")), id="subject and object"),
        pytest.param(_graphs(3, lambda one, other: ("<urn:s>", "<urn:p>", one, other)), id="object and graph"),
        pytest.param(_graphs(3, lambda one, other: (one, "<urn:p>", "<urn:o>", other)), id="subject and graph"),
        pytest.param(_graphs(4, lambda one, other: (one, "<urn:p>", other, ""), loops=False, every=5), id="four nodes"),
    ],
)
def test_rc_5_and_rc_6_every_small_graph(graphs: list[list[Quad]]) -> None:
    """RC-5, RC-6: all graphs of 3 nodes, by where in a quad the nodes stand, and every fifth of those of 4."""
    for quads in graphs:
        assert canonicalize(quads).text == _by_another(quads)


@pytest.mark.parametrize("predicates", [("<urn:p>", "<urn:p>"), ("<urn:p>", "<urn:q>"), ("<urn:q>", "<urn:p>")])
def test_rc_5_the_same_link_in_several_graphs_counts_as_often(predicates: tuple[str, str]) -> None:
    """RC-6: a related node stands in the list once for each quad."""
    there, back = predicates
    for marks in product(["", "<urn:g>", "<urn:h>", "_:i"], repeat=3):
        quads: list[Quad] = [("_:x", there, "_:y", mark) for mark in marks] + [("_:y", back, "_:z", mark) for mark in marks[1:]]
        quads += [("_:z", there, "_:x", marks[0]), ("_:v", there, "_:w", marks[0]), ("_:w", back, "_:v", "<urn:g>")]
        assert canonicalize(quads).text == _by_another(quads)
