"""Tell blank nodes apart that look alike from nearby: follow what they are connected to, within a budget."""

from collections.abc import Callable, Generator, Iterable, Mapping
from itertools import permutations
from math import factorial
from operator import itemgetter
from typing import TypeAlias

from sayso.encodings.rdfc.quads import Quad
from sayso.errors import LIMIT_EXCEEDED, SaysoError

DEFAULT_WORK = 25_000
"""How much may be spent on telling blank nodes apart: nearly four times what the hardest dataset of the W3C test suite takes."""

_FACTORIAL_BOUND = 20  # 20! is beyond any budget, and quick to multiply
_COPIED_AT_ONCE = 64  # a mapping is copied about so many times faster than a neighbour is hashed

Issued: TypeAlias = dict[str, str]
"""Map blank nodes to the temporary identifiers that one attempt gave them, in the order of issuing."""
_Result: TypeAlias = tuple[str, Issued]
_Asking: TypeAlias = Generator[tuple[str, Issued], _Result, _Result]


class NDegree:
    """Give canonical labels to blank nodes whose first-degree hashes are shared.

    Work is counted in neighbours hashed, and copies made of what was issued. No permutation is left out because another was found to be
    better: leaving out changes no result, and the work would depend on the order of the quads. What is counted is so the same for equal
    graphs, however they are written.

    Source: RDFC-1.0, sections 4.4.3 (step 5), 4.7 and 4.8; section 7.1 (Dataset Poisoning): implementations MUST defend themselves.
    """

    def __init__(
        self,
        mentions: Mapping[str, list[Quad]],
        hashes: Mapping[str, str],
        labels: dict[str, str],
        digest: Callable[[str], str],
        work: int,
    ) -> None:
        self._mentions = mentions
        self._hashes = hashes
        self._labels = labels
        self._digest = digest
        self._left = work
        self._neighbours: dict[str, list[tuple[str, str]]] = {}

    def issue(self, groups: Iterable[list[str]]) -> None:
        """Add canonical labels for the nodes of each group, in the order of the groups.

        Raises:
            SaysoError: LIMIT_EXCEEDED.
        """
        labels = self._labels
        for nodes in groups:
            # (5.1), (5.2): a node may have got its label with those of another group, or with another node of its own.
            results = [self._hashed(node, {node: "_:b0"}) for node in nodes if node not in labels]
            for _, issued in sorted(results, key=itemgetter(0)):  # (5.3)
                for node in issued:
                    if node not in labels:
                        labels[node] = f"_:c14n{len(labels)}"

    def _hashed(self, node: str, issued: Issued) -> _Result:
        # The recursion of section 4.8, on a stack of its own: a chain of blank nodes may be longer than Python's.
        stack = [self._hash(node, issued)]
        answer: _Result | None = None
        while True:
            try:
                asked = next(stack[-1]) if answer is None else stack[-1].send(answer)
            except StopIteration as end:
                result: _Result = end.value
                stack.pop()
                if not stack:
                    return result
                answer = result
            else:
                stack.append(self._hash(*asked))
                answer = None

    def _hash(self, node: str, issued: Issued) -> _Asking:
        """Hash a node with all that it is connected to, and give what was issued on the way.

        Source: RDFC-1.0, section 4.8.3 (Hash N-Degree Quads).
        """
        data: list[str] = []  # (4)
        for related_hash, nodes in sorted(self._related(node, issued).items()):  # (5)
            path, issued = yield from self._least_path(nodes, issued)  # (5.6)
            data += related_hash, path  # (5.1), (5.5)
        return self._digest("".join(data)), issued  # (6)

    def _related(self, node: str, issued: Issued) -> dict[str, list[str]]:
        """Group the neighbours of a node by how they are connected with it, and by what is known of them.

        Source: RDFC-1.0, section 4.8.3, steps 1 to 3; section 4.7.3 (Hash Related Blank Node).
        """
        neighbours = self._neighbours.get(node)
        if neighbours is None:
            neighbours = self._neighbours[node] = _neighbours(node, self._mentions[node])
        self._spend(1 + len(neighbours))
        labels, hashes, digest = self._labels, self._hashes, self._digest
        related: dict[str, list[str]] = {}
        for position, other in neighbours:
            known = labels.get(other) or issued.get(other) or hashes[other]
            related.setdefault(digest(position + known), []).append(other)
        return related

    def _least_path(self, nodes: list[str], issued: Issued) -> _Asking:
        """Write the path through some neighbours that comes first in code point order, and what is issued along it.

        Source: RDFC-1.0, section 4.8.3, steps 5.2 to 5.4.
        """
        # All that the permutations cost here is paid before the first, so that a clique is refused at once.
        self._spend(factorial(min(len(nodes), _FACTORIAL_BOUND)) * (len(nodes) + len(issued) // _COPIED_AT_ONCE))
        labels = self._labels
        chosen_path, chosen = "", issued  # (5.2), (5.3)
        for permutation in permutations(nodes):  # (5.4)
            attempt = issued.copy()  # (5.4.1)
            steps: list[str] = []  # (5.4.2)
            unvisited: list[str] = []  # (5.4.3)
            for other in permutation:  # (5.4.4)
                label = labels.get(other) or attempt.get(other)
                if label is None:
                    label = attempt[other] = f"_:b{len(attempt)}"
                    unvisited.append(other)
                steps.append(label)
            for other in unvisited:  # (5.4.5)
                steps.append(attempt[other])
                result, attempt = yield other, attempt
                steps.append(f"<{result}>")
            path = "".join(steps)
            if not chosen_path or path < chosen_path:  # (5.4.6)
                chosen_path, chosen = path, attempt
        return chosen_path, chosen

    def _spend(self, units: int) -> None:
        self._left -= units
        if self._left < 0:
            raise SaysoError.of(LIMIT_EXCEEDED, "the blank nodes of a dataset take too much work to tell apart")


def _neighbours(node: str, quads: Iterable[Quad]) -> list[tuple[str, str]]:
    """List the other blank nodes of the quads of a node: where they stand, as it is hashed (4.7.3, steps 1 and 2), and which."""
    places = [place for s, p, o, g in quads for place in (("s" + p, s), ("o" + p, o), ("g", g))]
    return [(position, term) for position, term in places if term[:2] == "_:" and term != node]
