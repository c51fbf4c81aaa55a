"""Know the contexts that come with the library: their bytes, and what they make of terms.

A verifier treats them as already loaded (DM-18): nothing is fetched, and the bytes have the published digests.
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import NamedTuple, cast

from sayso.credentials.contexts.layout import Group, Layout, Node, serialize
from sayso.jsonvalue import JsonObject, freeze, parse_object

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
UNDEFINED_TERMS_V2 = "https://www.w3.org/ns/credentials/undefined-terms/v2"
EXAMPLES_V2 = "https://www.w3.org/ns/credentials/examples/v2"
CREDENTIALS_V1 = "https://www.w3.org/2018/credentials/v1"
DATA_INTEGRITY_V2 = "https://w3id.org/security/data-integrity/v2"
ED25519_2020_V1 = "https://w3id.org/security/suites/ed25519-2020/v1"
MULTIKEY_V1 = "https://w3id.org/security/multikey/v1"
JWK_V1 = "https://w3id.org/security/jwk/v1"
CID_V1 = "https://www.w3.org/ns/cid/v1"
DID_V1_1 = "https://www.w3.org/ns/did/v1.1"
DID_V1 = "https://www.w3.org/ns/did/v1"
STATUS_V1 = "https://www.w3.org/ns/credentials/status/v1"


class Bundled(NamedTuple):
    """Hold one published context.

    `module` is the one next to this that defines it, imported on first use; `layout` is how it is written, `sha256` the hex digest of
    its bytes.
    """

    module: str
    sha256: str
    layout: Layout = Layout()

    def context(self) -> Node:
        """Give the value of its `@context`."""
        return cast("Node", import_module(f"sayso.credentials.contexts.{self.module}").context())


# DID 1.1 takes over the context of controlled identifiers, byte for byte.
_CID = Bundled("cid_v1", "ea216ecc1cb02cd39b693dba2250141e270ba0bf95890be107dd9a9e8e43de85", Layout(slipped="verificationMethod"))

CONTEXTS: Mapping[str, Bundled] = MappingProxyType(
    {
        # VCDM 2.0, appendix B.1 (DM-18)
        CREDENTIALS_V2: Bundled(
            "credentials_v2",
            "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734",
            Layout(width=80, end=""),
        ),
        # the digest of the published file; no specification prints one
        UNDEFINED_TERMS_V2: Bundled("undefined_terms_v2", "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581"),
        # VCDM 2.0, section 5.3 (Integrity of Related Resources), in an example
        EXAMPLES_V2: Bundled("examples_v2", "57393fbc69d6efb9b9b5dc9cb6b9880b0944360abfe2eaf459c9e58cf2279d7c"),
        # VCDM 1.1, appendix B.1
        CREDENTIALS_V1: Bundled(
            "credentials_v1",
            "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc",
            Layout(inline=True),
        ),
        # VC Data Integrity 1.0, section 2.4 (DI-4)
        DATA_INTEGRITY_V2: Bundled(
            "data_integrity_v2",
            "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4",
            Layout(end=""),
        ),
        MULTIKEY_V1: Bundled("multikey_v1", "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"),
        JWK_V1: Bundled("jwk_v1", "0f14b62f6071aafe00df265770ea0c7508e118247d79b7d861a406d2aa00bece"),
        # the digest of the published file; no specification prints one
        ED25519_2020_V1: Bundled("ed25519_2020_v1", "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588"),
        # Controlled Identifiers 1.0, Contexts and Vocabularies
        CID_V1: _CID,
        # DID 1.1, section 6.2.4
        DID_V1_1: _CID,
        # the digest of the published file; no specification prints one
        DID_V1: Bundled("did_v1", "4f3eae5568c9c5f036a082088f9e192019ee06faa78973c87ff91d5421b88dad"),
        # Bitstring Status List 1.0, section 5.2
        STATUS_V1: Bundled(
            "status_v1",
            "fda5add353231e6a6884a46b12e6c75464281900cb348284d9c360f62381d9f7",
            Layout(width=80, unbroken="BitstringStatusListCredential"),
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
    """Give a bundled context document as a JSON value that nobody can change.

    Raises:
        KeyError: no such context comes with the library.

    >>> document(UNDEFINED_TERMS_V2)
    {'@context': {'@vocab': 'https://www.w3.org/ns/credentials/undefined-term#'}}
    """
    return cast("JsonObject", freeze(parse_object(content(url))))


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
