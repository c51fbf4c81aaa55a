"""Laws of canonical datasets: the name of a blank node and the order of the quads mean nothing, and another implementation agrees."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse
from pyoxigraph import serialize as write

from sayso.encodings.rdfc.canonicalization import Canonical, canonicalize
from sayso.encodings.rdfc.quads import Quad, iri, literal, serialize
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR
from tests import nquads
from tests.property.outcomes import outcome
from tests.support import examples

pytestmark = pytest.mark.laws

NODES = st.sampled_from([f"_:n{number}" for number in range(5)])
PREDICATES = st.sampled_from(["<urn:p>", "<urn:q>"])
GRAPHS = st.just("") | st.sampled_from(["<urn:g>", "_:n0", "_:g1", "_:g2"])
QUADS = st.tuples(NODES | st.just("<urn:s>"), PREDICATES, NODES | st.sampled_from(['"1"', '"x"@en', "<urn:o>"]), GRAPHS)
LINKS = st.tuples(NODES, PREDICATES, NODES, st.just(""))
ANY = st.lists(QUADS, max_size=12)
# Nothing but links: many nodes look alike from nearby, and only what they are connected to tells them apart.
LINKED = st.lists(LINKS, min_size=2, max_size=10)


def _copies(quads: list[Quad], count: int) -> list[Quad]:
    """Put the same graph there several times, under other labels."""
    return [quad for copy in range(count) for quad in nquads.relabelled(quads, {node: f"{node}-{copy}" for node in _nodes(quads)})]


def _symmetric(steps: list[int], size: int) -> list[Quad]:
    """Link each node of a circle with those so many steps ahead: all nodes are alike."""
    return [(f"_:n{at}", f"<urn:{index % 2}>", f"_:n{(at + step) % size}", "") for index, step in enumerate(steps) for at in range(size)]


SYMMETRIC = st.builds(_copies, st.lists(LINKS, min_size=1, max_size=3), st.integers(2, 3)) | st.builds(
    _symmetric, st.lists(st.integers(0, 5), min_size=1, max_size=3), st.integers(2, 6)
)
DATASETS = ANY | LINKED | SYMMETRIC


def _nodes(quads: list[Quad]) -> list[str]:
    return sorted({term for quad in quads for term in quad if term.startswith("_:")})


def _rewritten(quads: list[Quad], chance: Any) -> list[Quad]:
    """Call the nodes otherwise, and shuffle the quads."""
    names = [f"_:{name}{number}" for number, name in enumerate(["c14n", "b", "e", "a", "z", *"fghijklmnopqrstuv"])]
    chance.shuffle(names)
    other = nquads.relabelled(quads, dict(zip(_nodes(quads), names, strict=False)))
    chance.shuffle(other)
    return other


@examples(500)
@given(DATASETS)
def test_another_implementation_agrees(quads: list[Quad]) -> None:
    found = outcome(canonicalize, quads)
    assert isinstance(found, Canonical) or found is LIMIT_EXCEEDED
    if isinstance(found, Canonical):
        dataset = Dataset(parse(serialize(quads), format=RdfFormat.N_QUADS))
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        text = (write(dataset, format=RdfFormat.N_QUADS) or b"").decode()
        assert found.text == "".join(sorted(text.splitlines(keepends=True)))


@examples(500)
@given(DATASETS, st.randoms(use_true_random=False), st.sampled_from(["sha-256", "sha-384"]))
def test_neither_labels_nor_order_change_the_text(quads: list[Quad], chance: Any, hash_name: str) -> None:
    first = outcome(canonicalize, quads, hash_name=hash_name)
    second = outcome(canonicalize, _rewritten(quads, chance), hash_name=hash_name)
    assert first[0] == second[0]


@examples(500)
@given(LINKED | SYMMETRIC, st.randoms(use_true_random=False), st.integers(0, 400))
def test_neither_labels_nor_order_change_what_is_refused(quads: list[Quad], chance: Any, work: int) -> None:
    first = outcome(canonicalize, quads, work=work)
    second = outcome(canonicalize, _rewritten(quads, chance), work=work)
    assert first[0] == second[0]


@examples(300)
@given(DATASETS)
def test_the_labels_are_one_for_each_node_and_turn_the_input_into_the_text(quads: list[Quad]) -> None:
    found = outcome(canonicalize, quads)
    assert isinstance(found, Canonical) or found is LIMIT_EXCEEDED
    if isinstance(found, Canonical):
        text, labels = found
        assert sorted(labels) == _nodes(quads)
        assert list(labels.values()) == [f"_:c14n{number}" for number in range(len(labels))]
        assert "".join(sorted(set(serialize(nquads.relabelled(quads, labels)).splitlines(keepends=True)))) == text


@examples(300)
@given(DATASETS)
def test_canonical_text_is_its_own_canonical_form(quads: list[Quad]) -> None:
    found = outcome(canonicalize, quads)
    assert isinstance(found, Canonical) or found is LIMIT_EXCEEDED
    if isinstance(found, Canonical):
        text, _ = found
        assert canonicalize(nquads.read(text)).text == text


@examples(500)
@given(st.text(), st.text("abz-1_ ", max_size=6) | st.sampled_from(["en", "de-CH"]), st.text(max_size=5).map("urn:".__add__))
def test_a_term_is_read_back_or_refused(text: str, language: str, datatype: str) -> None:
    for found in (outcome(literal, text), outcome(literal, text, "", language), outcome(literal, text, datatype), outcome(iri, datatype)):
        if found is not MALFORMED_VALUE_ERROR:
            line = f"<urn:s> <urn:p> {found} ."
            assert nquads.read(line) == [("<urn:s>", "<urn:p>", found, "")]
            assert serialize(nquads.read(line)) == line + "\n"
