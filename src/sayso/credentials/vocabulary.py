"""Say what the terms of a document mean, and whether all of them mean something.

Source: VCDM 2.0, sections 4.3, 4.5 and 5.2 (DM-4, DM-15, DM-17).
"""

import re
from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from sayso.credentials.contexts.bundled import CONTEXTS, document
from sayso.encodings.jsonld.contexts import Contexts
from sayso.encodings.jsonld.dataset import to_rdf
from sayso.errors import DATA_LOSS_DETECTION_ERROR, Problem, SaysoError, pointer
from sayso.jsonvalue import Json, JsonObject

if TYPE_CHECKING:
    from sayso.encodings.jsonld.active import ActiveContext

# RFC 3987, section 2.2: what may follow `#` in an IRI; "@" begins a keyword of JSON-LD, and the base context makes two terms keywords.
TERM = re.compile(r"(?!@|(?:id|type)\Z)[^\x00-\x20\x7f-\x9f<>\"{}|\\^`#:\ud800-\udfff]+")


class Reading(NamedTuple):
    """Hold what is known to who reads documents.

    Args:
        contexts: the contexts that are known.
        inline: whether a document may bring its own.
        undefined: whether terms may be undefined.
        transformed: whether the proofs transform the document to RDF, and so refuse themselves what would be lost.
    """

    contexts: Contexts
    inline: bool = False
    undefined: bool = False
    transformed: bool = False


@cache
def bundled() -> Contexts:
    """Give the contexts that come with the library."""
    return Contexts({url: document(url) for url in CONTEXTS})


def active_context(contexts: Json, reading: Reading) -> "ActiveContext | None":
    """Give what a value of `@context` makes of terms; None where it is not known, or is left to the complete processor."""
    from sayso.encodings.jsonld.active import OutsideSubsetError
    from sayso.encodings.jsonld.compiler import compiled_context

    try:
        return compiled_context(contexts, reading.contexts, inline=reading.inline)
    except (SaysoError, OutsideSubsetError):
        return None


def expanded_types(document: JsonObject, reading: Reading) -> tuple[str | None, ...]:
    """Give what each `type` of a document expands to, in its order; None where no context that is known here decides.

    Source: VCDM 2.0, section 4.5 (DM-4).

    >>> document: JsonObject = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential", "Card"]}
    >>> expanded_types(document, Reading(bundled()))
    ('https://www.w3.org/2018/credentials#VerifiableCredential', None)
    """
    active = active_context(document.get("@context"), reading)
    types = document.get("type")
    names = types if isinstance(types, list) else [types]
    return tuple(active.expand_type(name) if active and isinstance(name, str) else None for name in names)


def meaning_problems(document: JsonObject, reading: Reading, leave: Collection[str] = ()) -> tuple[Problem, ...]:
    """Say what keeps a document from meaning something as a whole: nothing, or the first that does.

    That is a context that is not known, one that gives a protected term another meaning, and what JSON-LD processing would lose: a term
    that no context defines, a type or an identifier that is relative.

    Args:
        document: the document.
        reading: what is known to who reads it.
        leave: the members that are documents of their own, or not of this data model.

    Source: VCDM 2.0, sections 4.3 and 5.2 (DM-4, DM-15, DM-17, DM-18); VC Data Integrity 1.0, section 2.4.1 (DI-3).
    """
    if reading.inline and _sets_base(document):
        # Sections 4.4 and 4.5: identifiers are URLs, and types are terms or URLs; DI-3: there is no base that relative ones could have.
        return (Problem(DATA_LOSS_DETECTION_ERROR, "a context sets a base, and what is relative has none", pointer("@context")),)
    if reading.transformed:
        return ()
    try:
        to_rdf({name: value for name, value in document.items() if name not in leave}, reading.contexts, inline=reading.inline)
    except SaysoError as error:
        return tuple(problem for problem in error.problems if not (reading.undefined and problem.kind is DATA_LOSS_DETECTION_ERROR))
    return ()


def _sets_base(value: Json) -> bool:
    # Wherever it stands: a context may stand in any object, and in the definition of a term.
    if isinstance(value, dict):
        return "@base" in value or any(_sets_base(item) for item in value.values())
    return isinstance(value, list) and any(_sets_base(item) for item in value)
