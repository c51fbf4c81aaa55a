"""RDFC-1.0, section 4: blank nodes are named by what is said of them; small datasets whose text was worked out by hand or elsewhere."""

import hashlib

import pytest

from sayso.encodings.rdfc.canonicalization import canonicalize
from sayso.encodings.rdfc.quads import Quad, serialize
from tests import nquads

ADA: list[Quad] = [
    ("_:ada", "<urn:name>", '"Ada"', ""),
    ("_:ada", "<urn:knows>", "_:bob", ""),
    ("_:bob", "<urn:name>", '"Bob"', ""),
]


def _hash(*lines: str, name: str = "sha256") -> str:
    return hashlib.new(name, "".join(line + " .\n" for line in lines).encode()).hexdigest()


def test_no_blank_nodes_nothing_but_order() -> None:
    quads = [("<urn:s>", "<urn:p>", '"é"', ""), ("<urn:s>", "<urn:p>", '"z"', ""), ("<urn:s>", "<urn:p>", "<urn:o>", "<urn:g>")]
    text, labels = canonicalize(quads)
    assert text == '<urn:s> <urn:p> "z" .\n<urn:s> <urn:p> "é" .\n<urn:s> <urn:p> <urn:o> <urn:g> .\n'
    assert labels == {}
    assert canonicalize([]).text == ""


def test_rc_2_lines_are_sorted_by_code_point() -> None:
    """RC-4, step 5: U+FB33 comes before U+1F600, which UTF-16 would sort otherwise."""
    quads = [("<urn:s>", "<urn:p>", f'"{character}"', "") for character in "\U0001f600\ufb33a"]
    assert canonicalize(quads).text == serialize(quads[::-1])


def test_a_dataset_is_a_set() -> None:
    assert canonicalize([*ADA, *ADA, ADA[0]]) == canonicalize(ADA)
    assert canonicalize([*nquads.cycle(3), *nquads.cycle(3)]) == canonicalize(nquads.cycle(3))


@pytest.mark.parametrize(("hash_name", "python_name"), [("sha-256", "sha256"), ("sha-384", "sha384")])
def test_rc_3_unique_nodes_are_numbered_in_the_order_of_their_hashes(hash_name: str, python_name: str) -> None:
    """RC-1, RC-3, RC-4: the node itself is `_:a`, any other `_:z`, and the lines are sorted."""
    ada = _hash("_:a <urn:knows> _:z", '_:a <urn:name> "Ada"', name=python_name)
    bob = _hash('_:a <urn:name> "Bob"', "_:z <urn:knows> _:a", name=python_name)
    first, second = ("_:ada", "_:bob") if ada < bob else ("_:bob", "_:ada")
    text, labels = canonicalize(ADA, hash_name=hash_name)
    assert list(labels.items()) == [(first, "_:c14n0"), (second, "_:c14n1")]
    assert text == serialize(sorted(nquads.relabelled(ADA, labels)))


def test_rc_3_a_blank_graph_name_counts_like_subject_and_object() -> None:
    """RC-3: in one quad a node may stand in three places, and is mentioned once."""
    quads: list[Quad] = [
        ("_:x", "<urn:p>", "_:x", "_:x"),
        ("<urn:s>", "<urn:p>", '"in"', "_:g"),
        ("_:y", "<urn:p>", "_:g", "<urn:g>"),
        ("_:y", "<urn:q>", "_:y", "_:g"),
    ]
    hashes = {
        "_:x": _hash("_:a <urn:p> _:a _:a"),
        "_:g": _hash('<urn:s> <urn:p> "in" _:a', "_:z <urn:p> _:a <urn:g>", "_:z <urn:q> _:z _:a"),
        "_:y": _hash("_:a <urn:p> _:z <urn:g>", "_:a <urn:q> _:a _:z"),
    }
    assert list(canonicalize(quads).labels) == sorted(hashes, key=hashes.__getitem__)


def test_rc_3_a_quad_that_mentions_a_node_twice_is_one_quad_of_it() -> None:
    """RC-3: the quads of a node are a set."""
    for subject, object_, graph in (("_:x", "_:x", "_:x"), ("_:x", "_:x", ""), ("_:x", "<urn:o>", "_:x"), ("<urn:s>", "_:x", "_:x")):
        places = [(subject, f"<urn:{at}>", object_, graph) for at in range(8)]
        quads = [quad for at, place in enumerate(places) for quad in nquads.relabelled([place], {"_:x": f"_:x{at}"})]
        hashes = {f"_:x{at}": _hash(" ".join(place).strip().replace("_:x", "_:a")) for at, place in enumerate(places)}
        assert list(canonicalize(quads).labels) == sorted(hashes, key=hashes.__getitem__)


def test_rc_6_what_differs_two_steps_away_is_told_apart() -> None:
    """RC-5, RC-6: two nodes that say the same of themselves, linked to others that do not."""
    one = [("_:a", "<urn:p>", "_:b", ""), ("_:b", "<urn:n>", '"1"', ""), ("_:c", "<urn:p>", "_:d", ""), ("_:d", "<urn:n>", '"2"', "")]
    other = nquads.relabelled(one[2:] + one[:2], {"_:a": "_:d", "_:b": "_:c", "_:c": "_:b", "_:d": "_:a"})
    text, labels = canonicalize(one)
    assert canonicalize(other).text == text
    # By hand: the two ends are unique, and so come first; the others follow in the order of their hashes of n-th degree.
    ends = sorted((_hash(f'_:a <urn:n> "{n}"', "_:z <urn:p> _:a"), node) for n, node in ((1, "_:b"), (2, "_:d")))
    issued = {node: f"_:c14n{number}" for number, (_, node) in enumerate(ends)}
    starts: list[tuple[str, str]] = []
    for node, end in (("_:a", "_:b"), ("_:c", "_:d")):
        related = hashlib.sha256(f"o<urn:p>{issued[end]}".encode()).hexdigest()
        starts.append((hashlib.sha256((related + issued[end]).encode()).hexdigest(), node))
    assert list(labels) == [node for _, node in ends] + [node for _, node in sorted(starts)]


def test_rc_6_a_path_through_nodes_that_have_no_label_yet() -> None:
    """RC-6, by hand: two nodes that link to each other."""
    text, labels = canonicalize(nquads.cycle(2))
    assert text == "_:c14n0 <urn:next> _:c14n1 .\n_:c14n1 <urn:next> _:c14n0 .\n"
    assert sorted(labels.items()) == [("_:e0", "_:c14n0"), ("_:e1", "_:c14n1")]


@pytest.mark.parametrize(
    ("quads", "text"),
    [
        (nquads.cycle(3), "_:c14n0 <urn:next> _:c14n2 .\n_:c14n1 <urn:next> _:c14n0 .\n_:c14n2 <urn:next> _:c14n1 .\n"),
        (nquads.star(2), "_:c14n0 <urn:has> _:c14n1 .\n_:c14n0 <urn:has> _:c14n2 .\n"),
    ],
)
def test_small_symmetric_datasets(quads: list[Quad], text: str) -> None:
    assert canonicalize(quads).text == text


def test_rc_8_the_labels_turn_the_input_into_the_text() -> None:
    """RC-8: each blank node of the input has one label, counted from zero."""
    quads = [*ADA, *nquads.cycle(4), *nquads.star(3, "f"), ("_:e1", "<urn:in>", "_:f1", "_:g")]
    text, labels = canonicalize(quads)
    assert text == serialize(sorted(nquads.relabelled(quads, labels)))
    assert list(labels.values()) == [f"_:c14n{number}" for number in range(2 + 4 + 4 + 1)]


def test_rc_4_labels_of_the_input_that_look_canonical_mean_nothing() -> None:
    canonical = canonicalize(ADA).text
    for swapped in ({"_:ada": "_:c14n1", "_:bob": "_:c14n0"}, {"_:ada": "_:a", "_:bob": "_:z"}, {"_:ada": "_:b0", "_:bob": "_:b1"}):
        assert canonicalize(nquads.relabelled(ADA, swapped)).text == canonical


@pytest.mark.parametrize("hash_name", ["sha256", "SHA-256", "sha-512", "", "md5"])
def test_rc_1_another_hash_is_the_programmer_s_mistake(hash_name: str) -> None:
    with pytest.raises(ValueError, match="sha-256 or sha-384"):
        canonicalize(ADA, hash_name=hash_name)
