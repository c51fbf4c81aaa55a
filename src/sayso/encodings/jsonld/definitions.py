"""Define terms, as one context object says.

What is irregular is left to the complete processor, which knows every error; what is here is the part that credentials use.
"""

import re
from collections.abc import Iterator

from sayso.encodings.jsonld.active import ActiveContext, Definition, OutsideSubsetError, is_iri
from sayso.encodings.jsonld.contexts import Chain, Element
from sayso.encodings.jsonld.keywords import KEYWORDS, RDF_LANG_STRING
from sayso.errors import MALFORMED_VALUE_ERROR, SaysoError
from sayso.jsonvalue import Json, JsonObject, serialize

_LANGUAGE = re.compile("[a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*")  # as the processors in use check BCP 47
_MEMBERS = frozenset(["@id", "@type", "@container", "@context", "@language", "@direction", "@protected", "@prefix", "@reverse", "@nest"])
_CONTAINERS = frozenset(map(frozenset, [(), ("@set",), ("@list",), ("@graph",), ("@graph", "@set"), ("@language",), ("@language", "@set")]))
# Valid, and left to the complete processor where a document uses them.
_INDEXED = frozenset(
    map(frozenset, [("@index",), ("@index", "@set"), ("@id",), ("@id", "@set"), ("@graph", "@id"), ("@graph", "@id", "@set")])
) | {frozenset({"@graph", "@index"}), frozenset({"@graph", "@index", "@set"})}


def is_language(text: str) -> bool:
    """Tell whether this is a well-formed language tag."""
    return _LANGUAGE.fullmatch(text) is not None


class Definer:
    """Define the terms of one context object on top of those that there are.

    `active` and `terms` are what is defined so far.

    Source: JSON-LD 1.1 API, section 4.2.2 (Create Term Definition Algorithm).
    """

    __slots__ = ("_local", "_override", "_protected", "_under_way", "active", "terms")

    def __init__(self, active: ActiveContext, local: JsonObject, *, vocab: str | None, override: bool) -> None:
        self.terms = dict(active.terms)
        self.active = ActiveContext(self.terms, vocab=vocab)
        self._local = {name: value for name, value in local.items() if not name.startswith("@")}
        self._protected = local.get("@protected", False)
        self._override = override
        self._under_way: dict[str, bool] = {}
        if not isinstance(self._protected, bool):
            raise OutsideSubsetError

    def __iter__(self) -> Iterator[Definition]:
        """Define one term after the other.

        Raises:
            OutsideSubsetError: this is left to the complete processor.
            SaysoError: MALFORMED_VALUE_ERROR where a protected term would be redefined.
        """
        for term in self._local:
            self._define(term, override=self._override)
            yield self.terms[term]

    def _define(self, term: str, *, override: bool) -> None:
        done = self._under_way.get(term)
        if done:
            return
        # (1) a cycle, (5) an empty term; and terms in the form of an IRI, which must expand to themselves
        if done is False or not term or ":" in term or "/" in term:
            raise OutsideSubsetError
        self._under_way[term] = False
        previous = self.terms.pop(term, None)
        definition = self._definition(term, self._local[term])
        if previous is not None and previous.protected and not override:
            # (27) protected terms may be defined again only as they are
            definition = definition._replace(protected=True)
            if definition != previous:
                raise SaysoError.of(MALFORMED_VALUE_ERROR, "protected term redefinition")
        self.terms[term] = definition
        self._under_way[term] = True

    def _definition(self, term: str, value: Json) -> Definition:
        simple = value is None or isinstance(value, str)
        members: Json = {"@id": value} if simple else value
        if not isinstance(members, dict) or not members.keys() <= _MEMBERS:
            raise OutsideSubsetError
        protected = members.get("@protected", self._protected)
        if not isinstance(protected, bool):
            raise OutsideSubsetError
        if "@reverse" in members or "@nest" in members:
            return Definition(self._special(term, members), protected=protected, outside=serialize(members))
        iri = self._iri(term, members)
        if iri in KEYWORDS:
            return self._alias(iri, members, protected)
        container, outside = _container(members)
        coercion = self._type(members)
        if "@language" in container and coercion:
            raise OutsideSubsetError
        return Definition(
            iri,
            coercion,
            container,
            _language(members) if "@type" not in members else "",
            _direction(members),
            _scoped(members),
            _prefix(iri, members, simple),
            protected,
            outside,
        )

    def _special(self, term: str, members: JsonObject) -> str | None:
        if members.keys() - {"@protected", "@type"} == {"@reverse"}:
            reverse = members["@reverse"]
            if _links(members) and isinstance(reverse, str) and is_iri(self._resolve(reverse) or ""):
                return self._resolve(reverse)
        elif members.keys() - {"@protected", "@type"} == {"@id", "@nest"} and members["@nest"] == "@nest":
            self._type(members)
            return self._iri(term, members)
        raise OutsideSubsetError

    def _iri(self, term: str, members: JsonObject) -> str | None:
        # (14) the definition has an @id, (18) or the vocabulary gives it one
        value = members.get("@id", term)
        if value is None:
            return None
        if not isinstance(value, str):
            raise OutsideSubsetError
        iri = self._resolve(value) if value != term else self.active.expand(term)
        if iri is None or iri in {"@context", "@preserve"} or not (is_iri(iri) or iri in KEYWORDS):
            raise OutsideSubsetError
        return iri

    def _alias(self, iri: str | None, members: JsonObject, protected: bool) -> Definition:
        extra = members.keys() - {"@id", "@protected"}
        container, outside = _container(members)
        if outside or container - {"@set"} or extra - ({"@container"} if iri == "@type" else set()):
            raise OutsideSubsetError
        return Definition(iri, container=container, protected=protected)

    def _type(self, members: JsonObject) -> str:
        if "@type" not in members:
            return ""
        value = members["@type"]
        if not isinstance(value, str):
            raise OutsideSubsetError
        if value in {"@id", "@vocab", "@json", "@none"}:
            return value
        iri = self._resolve(value)
        if iri is None or not is_iri(iri) or iri == RDF_LANG_STRING:
            raise OutsideSubsetError
        return iri

    def _resolve(self, value: str) -> str | None:
        # IRI Expansion, section 5.2.2, steps 3 and 6.3: what this context defines is defined first, and overrides nothing that is protected
        if value in KEYWORDS:
            return value
        prefix = value.partition(":")[0]
        for name in (value, prefix):
            if name in self._local and not self._under_way.get(name):
                self._define(name, override=False)
        return self.active.expand(value)


def _container(members: JsonObject) -> tuple[frozenset[str], str]:
    value = members.get("@container", [])
    names = value if isinstance(value, list) else [value]
    container = frozenset(name for name in names if isinstance(name, str))
    # Processors compare containers of protected terms as they are written.
    if len(container) != len(names) or names != sorted(container) or ("@container" in members and not names):
        raise OutsideSubsetError
    if container in _CONTAINERS:
        return container, ""
    if container in _INDEXED or (container - {"@set"} == frozenset({"@type"}) and _links(members)):
        return container, serialize(members)
    raise OutsideSubsetError


def _links(members: JsonObject) -> bool:
    return members.get("@type", "@id") in ("@id", "@vocab")


def _language(members: JsonObject) -> str | None:
    value = members.get("@language")
    if value is None:
        return None if "@language" in members else ""
    if not isinstance(value, str) or not is_language(value):
        raise OutsideSubsetError
    return value.lower()


def _direction(members: JsonObject) -> str | None:
    value = members.get("@direction")
    if value is None:
        return None if "@direction" in members else ""
    if not isinstance(value, str) or value not in {"ltr", "rtl"}:
        raise OutsideSubsetError
    return value


def _scoped(members: JsonObject) -> Chain | None:
    if "@context" not in members:
        return None
    value = members["@context"]
    items = value if isinstance(value, list) else [value]
    found = tuple(Element(item) if isinstance(item, dict) else None for item in items if item is None or isinstance(item, dict))
    if len(found) != len(items):  # a URL within a context
        raise OutsideSubsetError
    return found


def _prefix(iri: str | None, members: JsonObject, simple: bool) -> bool:
    # (14.2.5) a simple term whose IRI ends in a gen-delim of RFC 3986; (25) or one that says so
    value = members.get("@prefix", simple and iri is not None and iri[-1:] in ":/?#[]@")
    if not isinstance(value, bool) or (value and iri is None):
        raise OutsideSubsetError
    return value
