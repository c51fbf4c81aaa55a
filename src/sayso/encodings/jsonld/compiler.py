"""Process contexts: what a document's `@context`, a type or a property makes of the terms."""

from functools import lru_cache

from sayso.encodings.jsonld.active import INITIAL, ActiveContext, OutsideSubsetError, is_iri
from sayso.encodings.jsonld.contexts import Chain, Contexts
from sayso.encodings.jsonld.definitions import Definer, is_language
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject

_VERSION = 1.1
_KEYWORDS = frozenset({"@protected", "@version", "@vocab", "@language"})


def compiled_context(value: Json, contexts: Contexts, *, inline: bool) -> ActiveContext:
    """Compile what a document's `@context` makes of terms; equal content is compiled once.

    Raises:
        OutsideSubsetError: this is left to the complete processor.
        SaysoError: UNDECIDABLE for what is not known or not allowed; MALFORMED_VALUE_ERROR.

    >>> contexts = Contexts({"https://example.org/v1": {"@context": {"name": "https://schema.org/name"}}})
    >>> compiled_context("https://example.org/v1", contexts, inline=False).expand("name")
    'https://schema.org/name'
    """
    return compiled(contexts.chain(value, inline=inline))


@lru_cache(maxsize=64)
def compiled(chain: Chain) -> ActiveContext:
    """Compile a chain of contexts on top of the initial context."""
    return _processed(INITIAL, chain, override=False, propagate=True)


def derive(active: ActiveContext, chain: Chain, *, override: bool = False, propagate: bool = True) -> ActiveContext:
    """Give the active context that further contexts make, from memory where it is known.

    `override` allows protected terms to be defined again; without `propagate` the result returns to this context at the next node.

    Raises:
        OutsideSubsetError: this is left to the complete processor.
        SaysoError: MALFORMED_VALUE_ERROR.
    """
    if active is INITIAL and propagate and not override:
        return compiled(chain)
    key = (chain, override, propagate)
    found = active.derived.get(key)
    if found is None:
        found = _processed(active, chain, override=override, propagate=propagate)
        active.remember(active.derived, key, found)
    return found


def _processed(active: ActiveContext, chain: Chain, *, override: bool, propagate: bool) -> ActiveContext:
    """Process contexts one after the other.

    Source: JSON-LD 1.1 API, section 4.1.2 (Context Processing Algorithm).
    """
    result = active
    # (3) what does not propagate remembers where it came from
    previous = active.previous if propagate or active.previous else active
    for element in chain:
        if element is None:
            # (5.1) a null context forgets everything, but protected terms only where a term's own context asks it
            if not override and any(definition.protected for definition in result.terms.values()):
                raise SaysoError.of(MALFORMED_VALUE_ERROR, "invalid context nullification")
            if not propagate:
                raise OutsideSubsetError
            result, previous = INITIAL, None
        else:
            result = _with(result, element.content, override=override, previous=previous)
    return result


def _with(active: ActiveContext, local: JsonObject, *, override: bool, previous: ActiveContext | None) -> ActiveContext:
    keywords = {name for name in local if name.startswith("@")}
    if not keywords <= _KEYWORDS or local.get("@version", _VERSION) != _VERSION:
        raise OutsideSubsetError
    vocab, language = active.vocab, active.language
    if "@vocab" in local:
        vocab = _vocab(active, local["@vocab"])
    if "@language" in local:
        language = _language(local["@language"])
    definer = Definer(active, local, vocab=vocab, override=override)
    for definition in definer:
        if definition.scoped is not None:
            # (Create Term Definition, 21.3) a context that a term brings along is valid where the term is defined
            _processed(definer.active, definition.scoped, override=True, propagate=True)
    source = None if active is INITIAL else active
    return ActiveContext(definer.terms, vocab=vocab, language=language, previous=previous, source=source)


def _vocab(active: ActiveContext, value: Json) -> str | None:
    if value is None:
        return None
    # Compact IRIs, relative ones and blank nodes are left to the complete processor.
    if not isinstance(value, str) or not is_iri(value) or active.expand(value) != value:
        raise OutsideSubsetError
    return value


def _language(value: Json) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not is_language(value):
        raise OutsideSubsetError
    return value.lower()
