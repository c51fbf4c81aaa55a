"""Hold the context documents that are known, each by its URL and by what it says."""

from collections.abc import Iterator, Mapping
from hashlib import sha256

from sayso.encodings.jcs import canonicalize
from sayso.encodings.jsonld.keywords import KEYWORDS, RESERVED
from sayso.errors import LIMIT_EXCEEDED, MALFORMED_VALUE_ERROR, UNDECIDABLE, SaysoError
from sayso.jsonvalue import FrozenObject, Json, JsonObject, freeze, from_python

MAX_CONTEXTS = 64
"""How many contexts a document may name, those counted once that are the same, and how long a chain of documents may be."""
MAX_TYPES = 1_000
"""How many types that bring contexts along a document may combine, those combinations counted once that are the same."""
MAX_INLINE_TERMS = 1_000
"""How many terms the contexts that stand in a document may define together."""


class Element:
    """Hold one context object, known by the digest of its canonical JSON: equal content is equal, wherever it came from."""

    __slots__ = ("_hash", "content", "digest", "size")

    def __init__(self, content: JsonObject) -> None:
        self.size = _survey(content)
        self.content = content if isinstance(content, FrozenObject) else freeze(content)
        self.digest = sha256(canonicalize(content)).hexdigest()
        self._hash = hash(self.digest)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Element) and self.digest == other.digest


Chain = tuple[Element | None, ...]
"""What a value of `@context` comes to: context objects in their order; None is a null context, which forgets all before it."""


class Contexts:
    """Hold context documents by URL; nothing is ever fetched.

    Source: VC Data Integrity 1.0, section 2.4.2 and 4.6 (context validation), CX-6: only documents that are known are served.
    """

    __slots__ = ("_chains", "_documents")

    def __init__(self, documents: Mapping[str, JsonObject]) -> None:
        """Take documents, each whole, with its `@context`.

        Raises:
            ValueError: a document has no `@context`.
            TypeError: a document is no JSON object.
        """
        self._documents = {url: _document(url, document) for url, document in documents.items()}
        self._chains: dict[str, Chain] = {}

    def __contains__(self, url: object) -> bool:
        return url in self._documents

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def document(self, url: str) -> FrozenObject:
        """Give a document.

        Raises:
            KeyError: it is not known.
        """
        return self._documents[url]

    def digest(self, url: str) -> str:
        """Give the SHA-256 of a document's canonical JSON, in hexadecimal.

        Raises:
            KeyError: it is not known.
        """
        return sha256(canonicalize(self._documents[url])).hexdigest()

    def with_documents(self, documents: Mapping[str, JsonObject]) -> "Contexts":
        """Give these contexts and more.

        Raises:
            ValueError: a URL is known already, and stands for another document.
        """
        more = Contexts(documents)
        for url, document in more._documents.items():
            if self._documents.get(url, document) != document:
                raise ValueError(f"the context {url} is known already, with another content")
        more._documents = {**more._documents, **self._documents}
        more._chains = dict(self._chains)
        return more

    def chain(self, value: Json, *, inline: bool) -> Chain:
        """Resolve a value of `@context` to the context objects that it names, or holds where `inline` allows that.

        Source: JSON-LD 1.1 API, section 4.1.2 (Context Processing Algorithm), steps 4 and 5.2.

        Raises:
            SaysoError: UNDECIDABLE for a URL that is not known, and for a context that is no URL where that is not allowed;
                MALFORMED_VALUE_ERROR for what is no context; LIMIT_EXCEEDED.
        """
        if isinstance(value, str):
            return self._known(value, "@context")
        if not isinstance(value, list):
            return self._inline(value, inline, "@context")
        if len(value) > MAX_CONTEXTS:
            raise SaysoError.of(LIMIT_EXCEEDED, f"a document names more than {MAX_CONTEXTS} contexts", "@context")
        found: list[Element | None] = []
        for index, item in enumerate(value):
            found += self._known(item, "@context", index) if isinstance(item, str) else self._inline(item, inline, "@context", index)
        return tuple(found)

    def _known(self, url: str, *place: str | int) -> Chain:
        chain = self._chains.get(url)
        if chain is not None:
            return chain
        if url not in self._documents:
            raise SaysoError.of(UNDECIDABLE, "the context is not known", *place)
        try:
            chain = tuple(self._objects(url, ()))
        except SaysoError as error:
            raise error.under(*place) from None
        self._chains[url] = chain
        return chain

    def _objects(self, url: str, through: tuple[str, ...]) -> Iterator[Element | None]:
        if url in through or len(through) > MAX_CONTEXTS:
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "recursive context inclusion")
        if url not in self._documents:
            raise SaysoError.of(UNDECIDABLE, "the context names another that is not known")
        value = self._documents[url]["@context"]
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                yield from self._objects(item, (*through, url))
            else:
                yield from self._inline(item, allowed=True)

    def _inline(self, value: Json, allowed: bool, *place: str | int) -> Chain:
        if not allowed:
            raise SaysoError.of(UNDECIDABLE, "a context that is no URL is not allowed here", *place)
        if value is None:
            return (None,)
        if not isinstance(value, dict):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "invalid local context", *place)
        try:
            return (Element(value),)
        except SaysoError as error:
            raise error.under(*place) from None


class Budget:
    """Count what the contexts of one document cost, so that it is no lever."""

    __slots__ = ("_combinations", "_contexts", "_seen", "_terms", "_types")

    def __init__(self) -> None:
        self._contexts = self._terms = self._types = 0
        self._seen: set[Chain] = set()
        self._combinations: set[Json | tuple[Json, ...]] = set()

    def spend(self, value: Json, chain: Chain) -> None:
        """Count one value of `@context`, unless an equal one was counted.

        Raises:
            SaysoError: LIMIT_EXCEEDED.
        """
        if chain in self._seen:
            return
        self._seen.add(chain)
        self._contexts += len(chain)
        items = value if isinstance(value, list) else [value]
        self._terms += sum(_survey(item) for item in items if isinstance(item, dict))
        if self._contexts > MAX_CONTEXTS:
            raise SaysoError.of(LIMIT_EXCEEDED, f"a document names more than {MAX_CONTEXTS} contexts", "@context")
        if self._terms > MAX_INLINE_TERMS:
            raise SaysoError.of(LIMIT_EXCEEDED, f"the contexts in a document define more than {MAX_INLINE_TERMS} terms", "@context")

    def combine(self, types: Json | tuple[Json, ...]) -> None:
        """Count types that bring contexts along, unless the same were counted together.

        Raises:
            SaysoError: LIMIT_EXCEEDED.
        """
        if types not in self._combinations:
            self._combinations.add(types)
            self._types += len(types) if isinstance(types, tuple) else 1
            if self._types > MAX_TYPES:
                raise SaysoError.of(LIMIT_EXCEEDED, f"a document combines more than {MAX_TYPES} types that bring contexts along")


def _document(url: str, document: JsonObject) -> FrozenObject:
    if isinstance(document, FrozenObject):
        whole = document
    else:
        copied = from_python(document, place=url)
        if not isinstance(copied, dict):
            raise TypeError(f"the context document {url} is no JSON object")
        whole = freeze(copied)
    if "@context" not in whole:
        raise ValueError(f"the context document {url} has no @context")
    return whole


def _survey(context: JsonObject) -> int:
    """Count the terms of a context, those of its scoped contexts too; refuse what processors do not agree upon.

    A default `@direction` is forgotten by the processors in use as soon as another context follows. Terms that look like keywords are
    reserved, and ignored with a warning that safe mode makes an error.
    """
    if "@direction" in context:
        raise SaysoError.of(UNDECIDABLE, "processors do not agree on the default @direction of a context")
    count = len(context)
    for term, definition in context.items():
        members = definition if isinstance(definition, dict) else {}
        names = [term, *(value for value in (definition, members.get("@id"), members.get("@reverse")) if isinstance(value, str))]
        if any(RESERVED.fullmatch(name) and name not in KEYWORDS for name in names):
            raise SaysoError.of(MALFORMED_VALUE_ERROR, "a reserved term: what looks like a keyword is none")
        scoped = members.get("@context")
        count += sum(_survey(item) for item in (scoped if isinstance(scoped, list) else [scoped]) if isinstance(item, dict))
    return count
