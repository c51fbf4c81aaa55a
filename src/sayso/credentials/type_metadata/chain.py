"""Follow a type to those it extends, and make one set of rules of them.

Source: SD-JWT VC draft 19, integrity, extending type metadata and extending claim metadata (SV-10, SV-11, SV-16).
"""

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from sayso.credentials import digests
from sayso.credentials.type_metadata.document import ALLOWED, MAX_CLAIMS, ClaimRule, Held, Reference, TypeMetadata, check_svg_ids
from sayso.credentials.type_metadata.members import malformed
from sayso.errors import LIMIT_EXCEEDED, Problem, SaysoError
from sayso.jsonvalue import JsonObject
from sayso.retrieval import Steps

MAX_TYPES = 8
"""The most types in one chain, the first among them: each may cost a retrieval."""

Source: TypeAlias = Callable[[str], Steps[Held]]
"""Give the metadata of a type by its `vct`; raises a SaysoError where there is none to be had."""

# W3C Subresource Integrity, section 3.3.3: digests stand between white space of ASCII.
_SPACE = re.compile(r"[\t\n\f\r ]+")


def check_integrity(content: bytes, integrity: str) -> None:
    """Compare bytes with the digests that are given of them: with those of the strongest hash, one of which must be theirs.

    Source: SD-JWT VC draft 19, document integrity (SV-11: none of a known kind refuses); W3C Subresource Integrity, section 3.3.4.

    Raises:
        SaysoError: CRYPTOGRAPHIC_SECURITY_ERROR, UNDECIDABLE, LIMIT_EXCEEDED.

    >>> check_integrity(b"", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
    """
    item: JsonObject = {"digestSRI": [*_SPACE.split(integrity)]}
    found = digests.problems(item, content)
    if found:
        raise SaysoError(*(Problem(problem.kind, problem.detail) for problem in found))


def chain(first: Reference, source: Source) -> Steps[tuple[TypeMetadata, ...]]:
    """Give the metadata of a type, then of the one it extends, and so on to the last.

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for a type that extends itself, also through others, or metadata of another type; LIMIT_EXCEEDED
            beyond MAX_TYPES; as `check_integrity`, and what the source raises.
    """
    found: dict[str, TypeMetadata] = {}
    wanted: Reference | None = first
    while wanted is not None:
        # SV-16: seen before anything is retrieved again
        if wanted.vct in found:
            raise malformed("a type extends itself", "extends")
        if len(found) >= MAX_TYPES:
            raise SaysoError.of(LIMIT_EXCEEDED, f"more than {MAX_TYPES} types extend each other", "extends")
        held = yield from source(wanted.vct)
        if wanted.integrity is not None:
            check_integrity(held.content, wanted.integrity)
        if held.metadata.vct != wanted.vct:
            raise malformed("the metadata is that of another type", "vct")
        found[wanted.vct] = held.metadata
        wanted = held.metadata.extends
    return tuple(found.values())


def merged(types: Sequence[TypeMetadata]) -> TypeMetadata:
    """Make one set of rules of a chain, each type before the one it extends.

    A rule for the same path is merged with that of the parent, property by property; `display` replaces that of the parent.

    Source: SD-JWT VC draft 19, extending type metadata and extending claim metadata (SV-16).

    Raises:
        SaysoError: MALFORMED_VALUE_ERROR for a rule that loosens one of a parent; LIMIT_EXCEEDED.
    """
    rules: dict[object, ClaimRule] = {}
    display = None
    for metadata in reversed(types):
        display = display if metadata.display is None else metadata.display
        for number, rule in enumerate(metadata.claims):
            parent = rules.get(rule.path)
            if parent is not None:
                _check_tightens(parent, rule, number)
            rules[rule.path] = rule if parent is None else _over(parent, rule)
    if len(rules) > MAX_CLAIMS:
        raise SaysoError.of(LIMIT_EXCEEDED, f"more than {MAX_CLAIMS} claims have rules", "claims")
    check_svg_ids(rules.values())
    return types[0]._replace(extends=None, display=display, claims=tuple(rules.values()))


def _check_tightens(parent: ClaimRule, child: ClaimRule, number: int) -> None:
    if parent.sd not in (None, ALLOWED) and child.sd not in (None, parent.sd):
        raise malformed(
            "a type changes whether a claim is selectively disclosable, which one that it extends has settled", "claims", number
        )
    if parent.mandatory and child.mandatory is False:
        raise malformed("a type makes a claim optional that is mandatory in one it extends", "claims", number)


def _over(parent: ClaimRule, child: ClaimRule) -> ClaimRule:
    return parent._replace(**{name: said for name, said in child._asdict().items() if said is not None})
