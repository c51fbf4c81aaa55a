"""Describe types of credentials: what their terms mean, what is shown, and what may stay hidden."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import KW_ONLY, dataclass, field
from functools import lru_cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from sayso.credentials.claims_path import ClaimsPath
from sayso.credentials.contexts.bundled import CONTEXTS, CREDENTIALS_V2, UNDEFINED_TERMS_V2, terms
from sayso.credentials.predicates import AgeOver, age_claim
from sayso.credentials.vocabulary import TERM, Reading, active_context, bundled
from sayso.errors import SaysoError
from sayso.identifiers import is_url
from sayso.jsonvalue import JsonObject, from_python

if TYPE_CHECKING:
    from sayso.credentials.type_metadata.document import Held

Claim: TypeAlias = str | ClaimsPath
"""A claim of the subject: its name, or the path to it."""


class Context(NamedTuple):
    """Define terms under a URL.

    `terms` maps each term to its IRI. They hold everywhere in a document and no other context may give them another meaning, as if the
    published context were `@protected` and had no contexts inside.
    """

    url: str
    terms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CredentialType:
    """Describe one type of credential.

    Args:
        name: the term that stands in `type`, or an absolute URL.
        context: what defines the term and those of the claims; None leaves both to the context of undefined terms.
        vct: the type as SD-JWT VC names it; None: it has no such name.
        aka_vcts: further types that an SD-JWT VC of this type counts as, for those who ask by an older or a wider name.
        labels: what to call a claim, by claim and by language tag.
        disclosable: the claims that may be hidden; None: every claim of the subject that may be.
        visible: the claims that stay visible all the same.
        predicates: claims that follow from another one and say less, each with that other one; those of `over` are worked out by who
            issues, from the birthdate, and may be hidden wherever it may.
        type_metadata: the type metadata of SD-JWT VC as it is published: its bytes or text, or an object, and then it is its compact JSON
            text. Credentials of the type name it by its digest, and who verifies them with this type holds them to its rules.

    `iri` is what the name expands to.

    Raises:
        TypeError: something is not what its name says, such as a string where a collection of claims is expected.
        ValueError: the name is no term of the context, or the context gives a term of VCDM 2.0 another meaning, or a URL is none; or the
            type metadata is malformed, or that of another type.

    >>> from sayso.credentials.predicates import over
    >>> CredentialType("IdentityCard", predicates=over(18, 21)).iri
    'https://www.w3.org/ns/credentials/undefined-term#IdentityCard'
    """

    name: str
    _: KW_ONLY
    context: Context | None = field(default=None, hash=False)
    vct: str | None = None
    aka_vcts: Collection[str] = ()
    labels: Mapping[Claim, Mapping[str, str]] = field(default_factory=dict[Claim, Mapping[str, str]], hash=False)
    disclosable: Collection[Claim] | None = None
    visible: Collection[Claim] = ()
    predicates: Mapping[Claim, Claim | AgeOver] = field(default_factory=dict[Claim, Claim | AgeOver], hash=False)
    type_metadata: bytes | str | JsonObject | None = field(default=None, repr=False, hash=False)
    iri: str = field(init=False)
    held: "Held | None" = field(init=False, repr=False, hash=False, compare=False)

    def __post_init__(self) -> None:
        """Check the description, and keep it so that nobody can change it."""
        keep = object.__setattr__
        _check_members(self)
        if self.context is not None:
            keep(self, "context", _kept_context(self.context))
        keep(self, "labels", MappingProxyType({claim: MappingProxyType(dict(texts)) for claim, texts in self.labels.items()}))
        keep(self, "disclosable", None if self.disclosable is None else _claims("disclosable", self.disclosable))
        keep(self, "visible", _claims("visible", self.visible))
        keep(self, "predicates", MappingProxyType(dict(self.predicates)))
        if self.vct is not None and not from_python(self.vct, place="vct"):
            msg = "vct is not empty"
            raise ValueError(msg)
        keep(self, "aka_vcts", _aliases(self))
        _check_predicates(self)
        active = active_context([*self.contexts], reading_of([self]))
        iri = active.expand_type(self.name) if active and (_is_term(self.name) or is_url(self.name)) else None
        if iri is None:
            msg = "the name of a credential type is a term of its context, or an absolute URL"
            raise ValueError(msg)
        keep(self, "iri", iri)
        held = _held(self)
        keep(self, "held", held)
        keep(self, "type_metadata", None if held is None else held.content)

    @property
    def type_name(self) -> str:
        """The value of `vct` in an SD-JWT VC of this type: without a name of its own there, it is the name it has."""
        return self.vct or self.name

    def to_type_metadata(self) -> JsonObject:
        """Write type metadata of SD-JWT VC for this type, to be published or added to: claims, their labels, and what stays visible."""
        from sayso.credentials.type_metadata import publishing

        labels = {path: self.labels[claim] for claim, path in zip(self.labels, publishing.paths(self.labels), strict=True)}
        sources = [one.source if isinstance(one, AgeOver) else one for one in self.predicates.values()]
        claims = publishing.paths([*(self.disclosable or ()), *self.visible, *self.predicates, *sources])
        open_ = {*publishing.paths(self.visible)}
        hidden = None if self.disclosable is None else {*publishing.paths(self.disclosable)}
        return publishing.written(
            self.type_name, self.name, labels, claims, lambda path: path in open_ or (hidden is not None and path not in hidden)
        )

    @property
    def computed(self) -> tuple[AgeOver, ...]:
        """The predicates that who issues works out."""
        return tuple([one for one in self.predicates.values() if isinstance(one, AgeOver)])

    @property
    def type_integrity(self) -> str | None:
        """The digest of the type metadata, as `vct#integrity` has it; None where there is none."""
        if self.held is None:
            return None
        from sayso.credentials.type_metadata import publishing

        return publishing.integrity(self.held.content)

    @property
    def contexts(self) -> tuple[str, ...]:
        """The value of `@context` in a credential of this type."""
        return (CREDENTIALS_V2, UNDEFINED_TERMS_V2 if self.context is None else self.context.url)

    def __reduce__(self) -> tuple[Callable[[], "CredentialType"], tuple[()]]:
        # Unchangeable views are not pickled; what they show is.
        described = partial(
            CredentialType,
            self.name,
            context=None if self.context is None else Context(self.context.url, dict(self.context.terms)),
            vct=self.vct,
            aka_vcts=self.aka_vcts,
            labels={claim: dict(texts) for claim, texts in self.labels.items()},
            disclosable=self.disclosable,
            visible=self.visible,
            predicates=dict(self.predicates),
            type_metadata=self.type_metadata,
        )
        return described, ()


def _check_predicates(kind: CredentialType) -> None:
    for claim, source in kind.predicates.items():
        if claim == source:
            msg = "a predicate follows from another claim than itself"
            raise ValueError(msg)
        if isinstance(source, AgeOver) and source.path != (claim if isinstance(claim, tuple) else (claim,)):
            msg = f"{age_claim(source.age)} is the name of that predicate, next to the birthdate"
            raise ValueError(msg)


def _aliases(kind: CredentialType) -> tuple[str, ...]:
    # SD-JWT VC draft 19, section 2.2.2.2 (SV-2): strings, none of them `vct`; each once.
    names = tuple(kind.aka_vcts)
    if isinstance(kind.aka_vcts, str) or not all(isinstance(name, str) for name in names):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = "aka_vcts of a credential type is a collection of names"
        raise TypeError(msg)
    if not all(from_python(name, place="aka_vcts") for name in names) or len({*names, kind.vct or kind.name}) <= len(names):
        msg = "aka_vcts are other names than vct, each once and not empty"
        raise ValueError(msg)
    return names


def _held(kind: CredentialType) -> "Held | None":
    if kind.type_metadata is None:
        return None
    from sayso.credentials.type_metadata import document, publishing  # few types bring it

    try:
        held = document.read(publishing.as_bytes(kind.type_metadata))
    except SaysoError as error:
        msg = f"type_metadata of a credential type: {error}"
        raise ValueError(msg) from None
    if held.metadata.vct != kind.type_name:
        msg = "type_metadata of a credential type is that of another type"
        raise ValueError(msg)
    return held


def _check_members(kind: CredentialType) -> None:
    # Callers need not have a type checker.
    expected: dict[str, tuple[type, ...]] = {
        "name": (str,),
        "context": (Context, type(None)),
        "vct": (str, type(None)),
        "aka_vcts": (Collection,),
        "labels": (Mapping,),
        "predicates": (Mapping,),
        "type_metadata": (bytes, str, Mapping, type(None)),
    }
    for name, types in expected.items():
        if not isinstance(getattr(kind, name), types):
            msg = f"{name} of a credential type is not a {type(getattr(kind, name)).__name__}"
            raise TypeError(msg)


def _kept_context(context: Context) -> Context:
    if not isinstance(context.terms, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = "the terms of a context are a mapping"
        raise TypeError(msg)
    if not is_url(context.url) or context.url in CONTEXTS:
        msg = "the URL of a context is absolute, and its own"
        raise ValueError(msg)
    base = terms(CREDENTIALS_V2)
    taken = base.scoped["VerifiableCredential"] | base.scoped["VerifiablePresentation"]
    for term, iri in context.terms.items():
        # VCDM 2.0, section 4.3 and appendix B.1 (DM-17): the terms of the base context are protected.
        if base.iris.get(term, iri) != iri or (term in taken and term not in base.iris):
            msg = f"the context gives the term {term} of VCDM 2.0 another meaning"
            raise ValueError(msg)
        if not _is_term(term) or not is_url(iri):
            msg = f"the context does not map the term {term} to an absolute IRI"
            raise ValueError(msg)
    return Context(context.url, MappingProxyType(dict(context.terms)))


def _is_term(name: object) -> bool:
    return isinstance(name, str) and TERM.fullmatch(name) is not None


def _claims(name: str, claims: Collection[Claim]) -> frozenset[Claim]:
    if isinstance(claims, str):
        msg = f"{name} is a collection of claims, not one string"
        raise TypeError(msg)
    return frozenset(claims)


def listed(name: str, kinds: Collection[CredentialType]) -> tuple[CredentialType, ...]:
    """Keep credential types that a caller lists; `name` is what the list is called.

    Raises:
        TypeError: it is no list, or something in it is no CredentialType.
    """
    # Callers need not have a type checker.
    if isinstance(kinds, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        kept = tuple(kinds)
        if all(isinstance(kind, CredentialType) for kind in kept):  # pyright: ignore[reportUnnecessaryIsInstance]
            return kept
    msg = f"{name} is a list of CredentialTypes"
    raise TypeError(msg)


def reading_of(
    kinds: Iterable[CredentialType] = (),
    contexts: Mapping[str, JsonObject] = MappingProxyType({}),
    *,
    inline: bool = False,
    undefined: bool = False,
) -> Reading:
    """Give what is known to who reads documents: the contexts that come with the library, with the types, and others.

    Args:
        kinds: credential types, with their contexts.
        contexts: further contexts, whole documents, by URL.
        inline: whether a document may bring contexts of its own.
        undefined: whether terms may be undefined.

    Raises:
        ValueError: two contexts have one URL.
    """
    brought: dict[str, dict[str, str]] = {}
    for url, terms_ in [kind.context for kind in kinds if kind.context is not None]:
        known = brought.setdefault(url, {})
        if any(known.get(term, iri) != iri for term, iri in terms_.items()):
            msg = f"two credential types give the context {url} different terms"
            raise ValueError(msg)
        known |= terms_
    documents: dict[str, JsonObject] = {url: {"@context": {"@protected": True, **known}} for url, known in brought.items()}
    if not documents and not contexts:
        return Reading(bundled(), inline, undefined)
    return Reading(bundled().with_documents(documents).with_documents(contexts), inline, undefined)


def held_metadata(kinds: Iterable[CredentialType]) -> "dict[str, Held]":
    """Give the type metadata that credential types bring, by `vct`.

    Raises:
        ValueError: two of them bring different metadata of one type.
    """
    found: dict[str, Held] = {}
    for kind in kinds:
        if kind.held is not None and found.setdefault(kind.type_name, kind.held).content != kind.held.content:
            msg = f"two credential types bring different metadata of the type {kind.type_name}"
            raise ValueError(msg)
    return found


@lru_cache(256)
def reading_of_type(kind: CredentialType) -> Reading:
    """Give what is known to who reads credentials of one type."""
    return reading_of((kind,))
