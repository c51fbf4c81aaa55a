"""RDFC-1.0, section 7.1: a dataset made to take for ever is refused, and by a count that is the same for all."""

import sys

import pytest

from sayso.encodings.rdfc.canonicalization import canonicalize
from sayso.encodings.rdfc.n_degree import DEFAULT_WORK
from sayso.encodings.rdfc.quads import Quad
from sayso.errors import LIMIT_EXCEEDED, SaysoError
from tests import nquads


def _is_refused(quads: list[Quad], work: int = DEFAULT_WORK) -> bool:
    try:
        canonicalize(quads, work=work)
    except SaysoError as error:
        return error.problems[0].kind is LIMIT_EXCEEDED
    return False


def _ring(size: int) -> list[Quad]:
    there = nquads.cycle(size)
    return there + [(o, p, s, g) for s, p, o, g in there]


def _list_of_equals(size: int) -> list[Quad]:
    links = [(f"_:e{at}", "<urn:rest>", f"_:e{at + 1}", "") for at in range(size)]
    return links + [(f"_:e{at}", "<urn:first>", '"0"', "") for at in range(size)]


def _two_numbered_chains(size: int) -> list[Quad]:
    """Link nodes that each look like one of the other chain: whichever of them comes first, all the others are reached from it."""
    quads: list[Quad] = []
    for chain in "ab":
        quads += [(f"_:{chain}{at}", "<urn:number>", f'"{at}"', "") for at in range(size)]
        quads += [(f"_:{chain}{at}", "<urn:next>", f"_:{chain}{at + 1}", "") for at in range(size - 1)]
        quads += [(f"_:{chain}{size - 1}", "<urn:is>", "<urn:last>", "")]
    return quads


def _in_many_graphs(count: int) -> list[Quad]:
    return [quad for at in range(count) for quad in (("_:a", "<urn:p>", "_:b", f"<urn:g{at}>"), ("_:b", "<urn:p>", "_:a", f"<urn:g{at}>"))]


@pytest.mark.parametrize(
    "quads",
    [
        pytest.param(nquads.clique(10), id="a clique of 10"),
        pytest.param(nquads.clique(60), id="a clique of 60"),
        pytest.param(nquads.cycle(5_000), id="a circle of 5,000"),
        pytest.param(_ring(5_000), id="a circle of 5,000, both ways"),
        pytest.param(_list_of_equals(5_000), id="a list of 5,000 equal items"),
        pytest.param(nquads.star(5_000) + nquads.star(5_000, "f"), id="two stars of 5,000 points"),
        pytest.param([quad for at in range(10_000) for quad in nquads.star(1, f"e{at}-")], id="10,000 equal pairs"),
    ],
)
def test_rc_7_poison_is_refused(quads: list[Quad]) -> None:
    """RC-7: MUST defend against poisoned datasets; no chain is too long for Python's stack."""
    assert _is_refused(quads)


@pytest.mark.parametrize(
    "quads",
    [
        nquads.clique(4),
        nquads.cycle(50),
        _ring(20),
        _list_of_equals(50),
        nquads.star(4) + nquads.star(4, "f"),
        nquads.star(5_000),  # the points are asked after one by one, and each finds the one middle
        _in_many_graphs(3),
        _in_many_graphs(200),  # a neighbour that is met many times is one neighbour
    ],
)
def test_rc_7_what_is_merely_symmetric_is_answered(quads: list[Quad]) -> None:
    assert not _is_refused(quads)


def test_rc_7_a_chain_is_followed_beyond_the_stack_when_the_budget_allows() -> None:
    quads = _two_numbered_chains(sys.getrecursionlimit() + 100)
    text, labels = canonicalize(quads, work=10**6)
    assert 2 * len(labels) == len(quads)
    assert text.count("\n") == len(quads)
    assert canonicalize(quads[::-1], work=10**6).text == text


@pytest.mark.parametrize(
    ("quads", "work"),
    [
        # Where first-degree hashes are unique, nothing is counted.
        (_list_of_equals(1), 0),
        # From each of 2 nodes: 1 and 2 neighbours, two groups of 1, and the other node's 1 and 2, and two groups of 1.
        (nquads.cycle(2), 2 * (3 + 2 + 3 + 2)),
        # From the first of each chain: 1 and 1 neighbour, one group of 1, and the same from the second, which then has its label.
        (_two_numbered_chains(2), 2 * (2 + 1 + 2 + 1)),
        # From each of 3 nodes: 1 and 4 neighbours, two groups of 2 in 2 orders each; in both orders of the first group the two nodes are
        # followed, each with 1 and 4 neighbours in four groups of 1.
        (nquads.clique(3), 3 * (5 + 2 * (2 * 2) + 2 * 2 * (5 + 4))),
    ],
)
def test_rc_7_the_budget_holds_at_its_edge(quads: list[Quad], work: int) -> None:
    assert not _is_refused(quads, work)
    assert _is_refused(quads, work - 1) is (work > 0)


def test_rc_7_what_was_issued_counts_when_it_is_copied() -> None:
    """A long way round costs more than its steps: 5 for each step from each node in a circle of 60, and more in one of 66."""
    for size, extra in ((60, 0), (66, 1)):
        assert _is_refused(nquads.cycle(size), size * 5 * size - 1)
        assert _is_refused(nquads.cycle(size), size * 5 * size) is (extra > 0)


def test_the_detail_names_no_node() -> None:
    with pytest.raises(SaysoError) as caught:
        canonicalize(nquads.clique(10))
    assert caught.value.problems[0].detail == "the blank nodes of a dataset take too much work to tell apart"
