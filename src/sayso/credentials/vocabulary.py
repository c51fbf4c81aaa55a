"""Say what the terms of a document mean.

Source: VCDM 2.0, sections 4.3 and 5.2 (DM-15, DM-17).
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from sayso.credentials.contexts.bundled import CONTEXTS, CREDENTIALS_V2, UNDEFINED_TERMS_V2, document, terms
from sayso.credentials.contexts.undefined_terms_v2 import VOCABULARY
from sayso.encodings.jsonld.contexts import Contexts
from sayso.identifiers import is_url
from sayso.jsonvalue import Json, JsonObject

# RFC 3987, section 2.2: what may follow `#` in an IRI; "@" begins a keyword of JSON-LD, and the base context makes two terms keywords.
TERM = re.compile(r"(?!@|(?:id|type)\Z)[^\x00-\x20\x7f-\x9f<>\"{}|\\^`#:\ud800-\udfff]+")


class Reading(NamedTuple):
    """Hold what is known to who reads documents: contexts, whether a document may bring its own, and whether terms may be undefined."""

    contexts: Contexts
    inline: bool = False
    undefined: bool = False


@cache
def bundled() -> Contexts:
    """Give the contexts that come with the library."""
    return Contexts({url: document(url) for url in CONTEXTS})


class Vocabulary(NamedTuple):
    """Say what the terms of one document mean, as far as its contexts are known here.

    `maps` are what its contexts define, `default` is the vocabulary for every other term (None: there is none), `unknown` holds the
    indexes in `@context` of what cannot be decided without processing JSON-LD.
    """

    maps: tuple[Mapping[str, str], ...]
    default: str | None
    unknown: tuple[int, ...]

    @property
    def closed(self) -> bool:
        """Whether a term that no map has is lost."""
        return self.default is None and not self.unknown

    def defines(self, name: str) -> bool:
        """Tell whether a context that is known here defines the term."""
        return any(name in known for known in self.maps)

    def expand(self, name: str) -> str | None:
        """Give the IRI of a type, or None where nothing that is known here decides on one.

        Source: JSON-LD 1.1 API, section 5.2 (IRI expansion), with the vocabulary, as far as flat terms go.
        """
        for known in self.maps:
            if name in known:
                return known[name]
        prefix, colon, rest = name.partition(":")
        if colon:
            # A term in front of the colon may be a prefix, and a context that is not known may define one; never before "//".
            certain = rest.startswith("//") or not (self.unknown or self.defines(prefix))
            return name if certain and is_url(name) else None
        # A context that is not known may define any term.
        if self.default is None or self.unknown or not TERM.fullmatch(name):
            return None
        return self.default + name


def vocabulary(contexts: Json, reading: Reading) -> Vocabulary:
    """Read `@context`: the base context of VCDM 2.0, those that the credential types bring, and undefined terms if they come last.

    Source: VCDM 2.0, sections 4.3 and 5.2 (DM-15, DM-17).
    """
    base = terms(CREDENTIALS_V2).iris
    if not isinstance(contexts, list):
        return Vocabulary((base,), None, (0,))
    maps = [base]
    unknown: list[int] = []
    seen = {CREDENTIALS_V2, UNDEFINED_TERMS_V2}
    for index, url in enumerate(contexts):
        if not isinstance(url, str):
            unknown.append(index)
        elif url not in seen:
            seen.add(url)
            if url in reading.contexts:
                maps.append(_flat(reading.contexts.documents[url]))
            else:
                unknown.append(index)
    return Vocabulary(tuple(maps), VOCABULARY if contexts[-1:] == [UNDEFINED_TERMS_V2] else None, tuple(unknown))


def _flat(doc):
    out = {}
    for t, d in doc["@context"].items():
        iri = d.get("@id") if isinstance(d, dict) else d
        if isinstance(iri, str) and not t.startswith("@"):
            out[t] = iri
    return out


def expanded_types(document: JsonObject, reading: Reading) -> tuple[str | None, ...]:
    """Give what each `type` of a document expands to, in its order; None where no context that is known here decides.

    Source: VCDM 2.0, section 4.5 (DM-4).

    >>> expanded_types({"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "Card"]}, Reading(bundled()))
    ('https://www.w3.org/2018/credentials#VerifiableCredential', None)
    """
    known = vocabulary(document.get("@context"), reading)
    types = document.get("type")
    return tuple(known.expand(name) if isinstance(name, str) else None for name in (types if isinstance(types, list) else [types]))
