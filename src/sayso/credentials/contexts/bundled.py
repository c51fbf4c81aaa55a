"""Know the contexts that come with the library: their bytes, and what they make of terms.

A verifier treats them as already loaded (DM-18): nothing is fetched, and the bytes have the published digests.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from sayso.credentials.contexts import credentials_v2, undefined_terms_v2
from sayso.credentials.contexts.layout import Group, Layout, Node, serialize
from sayso.jsonvalue import JsonObject, parse_object

CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
UNDEFINED_TERMS_V2 = "https://www.w3.org/ns/credentials/undefined-terms/v2"


class Bundled(NamedTuple):
    """Hold one published context.

    `context` gives the value of its `@context`, `layout` is how it is written, `sha256` the hex digest of its bytes.
    """

    context: Callable[[], Node]
    layout: Layout
    sha256: str


CONTEXTS: Mapping[str, Bundled] = MappingProxyType(
    {
        CREDENTIALS_V2: Bundled(
            credentials_v2.context,
            Layout(width=80, end=""),
            # VCDM 2.0, appendix B.1 (DM-18)
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
        ),
        UNDEFINED_TERMS_V2: Bundled(
            undefined_terms_v2.context,
            Layout(),
            # the digest of the published file; no specification prints one
            "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
        ),
    }
)
"""The contexts that come with the library, by URL."""


class Terms(NamedTuple):
    """Hold what a context makes of terms, flat.

    `iris` maps each term to its IRI, keywords such as `id` left out; `scoped` names, for each type or property that brings a context along,
    the terms of that context; `literals` are the terms whose values are JSON and no nodes.
    """

    iris: Mapping[str, str]
    scoped: Mapping[str, frozenset[str]]
    literals: frozenset[str]


def content(url: str) -> bytes:
    """Give the bytes of a bundled context, as published.

    Raises:
        KeyError: no such context comes with the library.
    """
    bundled = CONTEXTS[url]
    return serialize(bundled.context(), bundled.layout)


@cache
def document(url: str) -> JsonObject:
    """STUB"""
    return parse_object(content(url))


@cache
def terms(url: str) -> Terms:
    """Give what a bundled context makes of terms.

    Raises:
        KeyError: no such context comes with the library.

    >>> terms(CREDENTIALS_V2).iris["VerifiableCredential"]
    'https://www.w3.org/2018/credentials#VerifiableCredential'
    """
    scoped: dict[str, frozenset[str]] = {}
    literals: set[str] = set()
    iris = _collect(CONTEXTS[url].context(), scoped, literals)
    return Terms(MappingProxyType(iris), MappingProxyType(scoped), frozenset(literals))


def _collect(context: Node, scoped: dict[str, frozenset[str]], literals: set[str]) -> dict[str, str]:
    iris: dict[str, str] = {}
    for term, definition in _members(context).items():
        whole = _members(definition) or {"@id": definition}
        iri = whole.get("@id")
        if term.startswith("@") or not isinstance(iri, str) or iri.startswith("@"):
            continue
        iris[term] = iri
        if whole.get("@type") == "@json":
            literals.add(term)
        if "@context" in whole:
            scoped[term] = frozenset(_collect(whole["@context"], scoped, literals))
    return iris


def _members(node: Node) -> Group:
    groups = node if isinstance(node, tuple) else (node,) if isinstance(node, Mapping) else ()
    return {name: member for group in groups for name, member in group.items()}
