"""Canonicalize an RDF dataset: equal graphs have equal text, whatever their blank nodes are called and wherever their quads stand."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256, sha384
from typing import NamedTuple

from sayso.encodings.rdfc.n_degree import DEFAULT_WORK, NDegree
from sayso.encodings.rdfc.quads import Quad


def _sha_256(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _sha_384(text: str) -> str:
    return sha384(text.encode()).hexdigest()


_DIGESTS: dict[str, Callable[[str], str]] = {"sha-256": _sha_256, "sha-384": _sha_384}


class Canonical(NamedTuple):
    """Hold the canonical N-Quads of a dataset, and what its blank nodes are called there.

    `labels` is the issued identifiers map: each blank node of the input (`_:b0`) and its canonical one (`_:c14n0`), in their order.
    """

    text: str
    labels: Mapping[str, str]


def canonicalize(quads: Iterable[Quad], *, hash_name: str = "sha-256", work: int = DEFAULT_WORK) -> Canonical:
    r"""Name the blank nodes of a dataset by what is said of them, and write it sorted.

    The same quads twice count once. No predicate may be a blank node.

    Source: RDF Dataset Canonicalization (RDFC-1.0), section 4.4.3.

    Args:
        quads: the dataset, in any order.
        hash_name: "sha-256" or "sha-384".
        work: how much may be spent on blank nodes that look alike; it is counted, not timed, and so the same for equal graphs.

    Raises:
        SaysoError: LIMIT_EXCEEDED where telling the blank nodes apart takes more work (RDFC-1.0, section 7.1: poisoned datasets).
        ValueError: the hash is another.

    >>> canonicalize([("_:x", "<urn:p>", '"Ada"', "")]).text
    '_:c14n0 <urn:p> "Ada" .\n'
    """
    if hash_name not in _DIGESTS:
        raise ValueError("RDFC-1.0 hashes with sha-256 or sha-384")
    digest = _DIGESTS[hash_name]
    distinct = dict.fromkeys(quads)  # A dataset is a set. The order is kept, so that equal inputs give equal labels.
    mentions = _mentions(distinct)  # (2)
    hashes = {node: digest(_first_degree(node, its_quads)) for node, its_quads in mentions.items()}  # (3.1)
    alike: dict[str, list[str]] = {}
    for node, hashed in hashes.items():
        alike.setdefault(hashed, []).append(node)  # (3.2)
    ordered = [nodes for _, nodes in sorted(alike.items())]
    unique = [nodes[0] for nodes in ordered if len(nodes) == 1]
    labels = {node: f"_:c14n{number}" for number, node in enumerate(unique)}  # (4)
    if len(labels) < len(mentions):
        NDegree(mentions, hashes, labels, digest, work).issue(nodes for nodes in ordered if len(nodes) > 1)  # (5)
    return Canonical(_relabelled(distinct, labels), labels)


def _mentions(quads: Iterable[Quad]) -> dict[str, list[Quad]]:
    mentions: dict[str, list[Quad]] = {}
    for quad in quads:
        s, _, o, g = quad
        if s[0] == "_":
            mentions.setdefault(s, []).append(quad)
        if o[0] == "_" and o != s:
            mentions.setdefault(o, []).append(quad)
        if g[:1] == "_" and g not in {s, o}:
            mentions.setdefault(g, []).append(quad)
    return mentions


def _first_degree(node: str, quads: Iterable[Quad]) -> str:
    """Write what is said of a blank node as if it were `_:a`, and all others `_:z`.

    Source: RDFC-1.0, section 4.6.3 (Hash First Degree Quads), steps 1 to 4.
    """
    lines: list[str] = []
    for s, p, o, g in quads:
        subject = s if s[0] != "_" else "_:a" if s == node else "_:z"
        other = o if o[0] != "_" else "_:a" if o == node else "_:z"
        graph = "" if not g else g + " " if g[0] != "_" else "_:a " if g == node else "_:z "
        lines.append(f"{subject} {p} {other} {graph}.\n")
    lines.sort()
    return "".join(lines)


def _relabelled(quads: Iterable[Quad], labels: Mapping[str, str]) -> str:
    name = labels.get
    lines = [f"{name(s, s)} {p} {name(o, o)} {name(g, g)} .\n" if g else f"{name(s, s)} {p} {name(o, o)} .\n" for s, p, o, g in quads]
    lines.sort()  # (6), (7); RDFC-1.0, section 5: in code point order
    return "".join(lines)
