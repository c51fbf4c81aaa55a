"""Hold what contexts make of terms: an active context, and the plans that are laid with it."""

import re
from collections.abc import Mapping
from threading import Lock
from typing import Any, Final, NamedTuple

from sayso.encodings.jsonld.contexts import Chain
from sayso.encodings.jsonld.keywords import KEYWORDS, RESERVED
from sayso.jsonvalue import Json

MAX_REMEMBERED = 2_048
"""How many plans and derived contexts are remembered with a context before all of them are forgotten."""

# RFC 3987, section 2.2, reduced to what may stand in an IRIREF of N-Quads: a scheme, then no space, control or delimiter.
_IRI = re.compile('[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\\\\\s\ud800-\udfff]*')
_BLANK = re.compile("_:[A-Za-z0-9_.-]+")


class OutsideSubsetError(Exception):
    """Say that a document, or a context, uses what is left to the complete processor."""


class Definition(NamedTuple):
    """Hold what one term means.

    `iri` is an absolute IRI, a keyword, or None: nothing. `language` and `direction` are "" where the term says nothing of them. `scoped`
    is None without a context of its own. `outside` holds a definition that is left to the complete processor as it was written.

    Source: JSON-LD 1.1 API, section 4.2 (Create Term Definition).
    """

    iri: str | None
    type: str = ""
    container: frozenset[str] = frozenset()
    language: str | None = ""
    direction: str | None = ""
    scoped: Chain | None = None
    prefix: bool = False
    protected: bool = False
    outside: str = ""


# What is done with the value of a member. Plain numbers: a member of an Enum costs more to look up than a member of a document to convert.
VALUES: Final = 0
LIST: Final = 1
GRAPH: Final = 2
LANGUAGES: Final = 3
JSON: Final = 4
SKIP: Final = 5
LOST: Final = 6
OUTSIDE: Final = 7


class Plan(NamedTuple):
    """Hold what is done with the value of a member in a context.

    `text` follows a string's quotation marks where strings become literals, and is None elsewhere. `values` is the context of strings and
    value objects, `nodes` that of node objects.
    """

    act: int
    values: "ActiveContext"
    nodes: "ActiveContext"
    predicate: str = ""
    text: str | None = None
    type: str = ""
    language: str = ""
    direction: str = ""


class Typed(NamedTuple):
    """Hold what the types of a node mean: the context for its members, and the types as terms."""

    active: "ActiveContext"
    terms: tuple[str, ...]


class Memory:
    """Bound what is remembered with a context and all that is derived from it."""

    __slots__ = ("_count", "_lock", "_tables")

    def __init__(self) -> None:
        self._count = 0
        self._lock = Lock()
        self._tables: list[dict[Any, Any]] = []

    def keep(self, table: dict[Any, Any], key: object, value: object) -> None:
        """Keep an entry in a table; where there are too many, forget all of them first."""
        with self._lock:
            if self._count >= MAX_REMEMBERED:
                for full in self._tables:
                    full.clear()
                self._tables.clear()
                self._count = 0
            if not table:
                self._tables.append(table)
            table[key] = value
            self._count += 1


class ActiveContext:
    """Hold what names mean at one place of a document; it never changes, but remembers what was asked.

    `previous` is the context that nested nodes return to, where this one holds for one node only.

    Source: JSON-LD 1.1 API, section 4.1 (Context Processing); JSON-LD 1.1, section 4.1.
    """

    __slots__ = ("_prefixes", "derived", "id_keys", "language", "memory", "plans", "previous", "terms", "type_keys", "typed", "vocab")

    def __init__(
        self,
        terms: Mapping[str, Definition],
        *,
        vocab: str | None = None,
        language: str | None = None,
        previous: "ActiveContext | None" = None,
        source: "ActiveContext | None" = None,
    ) -> None:
        self.terms = terms
        self.vocab = vocab
        self.language = language
        self.previous = previous
        self.id_keys = self._keys("@id")
        self.type_keys = self._keys("@type")
        self._prefixes = any(definition.prefix for definition in terms.values())
        self.plans: dict[str, Plan] = {}
        self.typed: dict[Json | tuple[Json, ...], Typed] = {}
        self.derived: dict[tuple[Chain, bool, bool], ActiveContext] = {}
        self.memory: Memory = source.memory if source else Memory()

    def _keys(self, keyword: str) -> tuple[str, ...]:
        return (*(term for term, definition in self.terms.items() if definition.iri == keyword), keyword)

    def remember(self, table: dict[Any, Any], key: object, value: object) -> None:
        """Keep what was found out in one of the tables of this context."""
        self.memory.keep(table, key, value)

    def term(self, name: str) -> Definition | None:
        """Give the definition of a term."""
        return self.terms.get(name)

    def expand(self, name: str) -> str | None:
        """Expand a term, a compact IRI or an IRI; None where it comes to nothing.

        The result may be a keyword, a blank node identifier, or no IRI at all: see `is_iri`.

        Source: JSON-LD 1.1 API, section 5.2 (IRI Expansion), with vocab true and no base.
        """
        if name.startswith("@") and (name in KEYWORDS or RESERVED.fullmatch(name)):
            return name if name in KEYWORDS else None
        definition = self.terms.get(name)
        return definition.iri if definition is not None else self._absolute(name) or self._in_vocab(name)

    def expand_type(self, name: str) -> str | None:
        """Expand the name of a type; None where it would be lost: it comes to no absolute IRI."""
        iri = self.expand(name)
        return iri if iri is not None and is_iri(iri) else None

    def identify(self, text: str) -> str | None:
        """Expand an identifier of a node; None where it is relative.

        Source: JSON-LD 1.1 API, section 5.2 (IRI Expansion), with vocab false, and base null.
        """
        iri = self._absolute(text) if self._prefixes else text
        return iri if iri is not None and (_IRI.fullmatch(iri) or _BLANK.fullmatch(iri)) else None

    def _in_vocab(self, name: str) -> str | None:
        return None if self.vocab is None else self.vocab + name

    def _absolute(self, name: str) -> str | None:
        prefix, colon, suffix = name.partition(":")
        if not colon or not prefix:
            return None
        if prefix != "_" and not suffix.startswith("//"):
            definition = self.terms.get(prefix)
            if definition is not None and definition.prefix and definition.iri is not None:
                return definition.iri + suffix
        return name if prefix == "_" or is_iri(name) else None


def is_iri(text: str) -> bool:
    """Tell whether this is an absolute IRI that can stand in N-Quads."""
    return _IRI.fullmatch(text) is not None


INITIAL = ActiveContext({})
"""The context before any."""
