"""Say what is expected, before anything is looked at."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeVar, get_args

from sayso.credentials.kinds import CredentialType, listed
from sayso.identifiers import is_url
from sayso.jsonvalue import DEFAULT_LIMITS, Limits
from sayso.proofs.jose import jws
from sayso.proofs.mechanism import Policy
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.query.grammar import CredentialQuery

T = TypeVar("T")


class Anyone:
    """Be the named way to trust any issuer."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ANYONE"


ANYONE: Final = Anyone()
"""Trust any issuer: the credential proves only that somebody signed it."""

Unasked = Literal["drop", "refuse"]
Status = Literal["require", "waive"]
UnknownStatus = Literal["refuse", "ignore"]
_UNASKED, _STATUS, _UNKNOWN_STATUS = map(get_args, (Unasked, Status, UnknownStatus))
_NOTHING = timedelta(0)

MAX_DEPTH = 128
"""The deepest nesting that may be allowed: the rooms walk trees by recursion, and the stack is the caller's too."""

# Callers need not have a type checker.
_TYPES: dict[str, tuple[type, ...]] = {
    "audience": (str, type(None)),
    "nonce": (str, type(None)),
    "max_age": (timedelta,),
    "skew": (timedelta,),
    "limits": (Limits,),
    "asked": (CredentialQuery, type(None)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """Hold the policy of one verification; every default is the strict one.

    Args:
        issuers: the DIDs that are trusted, compared as exact strings; ANYONE opts out.
        types: the types of which the credential must have one: names, expanded IRIs or `vct`s, or `CredentialType`s, which also bring
            their terms. None takes any type.
        known_types: credential types whose terms are known, and that need not be the type of this credential.
        audience: this verifier's identifier, with its prefix. None: it has no name, and whatever names an audience is refused.
        nonce: the nonce of the request that is answered. None: nothing was asked, and every key binding is refused.
        holder_binding: whether the holder must have signed; decided here and never from what arrives (RFC 9901, section 9.5).
        algorithms: the JWS algorithm names that are accepted.
        digests: the SD-JWT hash names that are accepted.
        max_age: how old a key binding may be.
        skew: how far another party's clock may be off.
        unasked: what happens to disclosed claims that `asked` does not need: "drop" makes them unreadable, "refuse" is a problem.
        status: "require" refuses a status that cannot be decided, "waive" lets it pass.
        unknown_status: what happens to a status mechanism that nobody here knows.
        limits: what the input may cost; the depth at most MAX_DEPTH.
        asked: the query that this credential answers, if there is one.

    Raises:
        TypeError: `issuers` is a string, a number of things is not a collection, or an option of another type than it has here.
        ValueError: a list that may not be empty is, or an option is none of those named above.
    """

    issuers: Collection[str] | Anyone
    types: Collection[str | CredentialType] | None = None
    known_types: Collection[CredentialType] = ()
    audience: str | None = None
    nonce: str | None = None
    holder_binding: bool = True
    algorithms: Collection[str] = jws.ALGORITHMS
    digests: Collection[str] = tuple(HASHES)
    max_age: timedelta = timedelta(minutes=5)
    skew: timedelta = timedelta(seconds=60)
    unasked: Unasked = "drop"
    status: Status = "require"
    unknown_status: UnknownStatus = "refuse"
    limits: Limits = DEFAULT_LIMITS
    asked: CredentialQuery | None = None

    def __post_init__(self) -> None:
        """Check the options and keep the collections unchangeable."""
        if not isinstance(self.issuers, Anyone):
            object.__setattr__(self, "issuers", _named("issuers", self.issuers))
        if self.types is not None:
            object.__setattr__(self, "types", _named("types", self.types))
        object.__setattr__(self, "known_types", listed("known_types", self.known_types))
        for name, chosen, built in (("algorithms", self.algorithms, jws.ALGORITHMS), ("digests", self.digests, HASHES)):
            kept = _named(name, chosen)
            object.__setattr__(self, name, kept)
            if not set(kept) <= set(built):
                msg = f"{name} are some of {', '.join(built)}"
                raise ValueError(msg)
        for name, value, options in (
            ("unasked", self.unasked, _UNASKED),
            ("status", self.status, _STATUS),
            ("unknown_status", self.unknown_status, _UNKNOWN_STATUS),
        ):
            if value not in options:
                msg = f"{name} is one of {', '.join(options)}"
                raise ValueError(msg)
        _check_types(self)
        if self.audience == "" or self.nonce == "":
            msg = "audience and nonce are not empty"  # anybody can make a key binding for an empty one
            raise ValueError(msg)
        if self.limits.depth > MAX_DEPTH:
            msg = f"limits.depth is at most {MAX_DEPTH}"
            raise ValueError(msg)
        if self.skew < _NOTHING or self.max_age < _NOTHING:
            msg = "skew and max_age are not negative"
            raise ValueError(msg)

    def answering(self, asked: CredentialQuery) -> "Expectations":
        """Expect the same of a credential that answers a query, which also says whether its holder must sign."""
        kept = object.__new__(Expectations)
        for name in self.__slots__:
            object.__setattr__(kept, name, getattr(self, name))
        object.__setattr__(kept, "asked", asked)
        object.__setattr__(kept, "holder_binding", asked.require_cryptographic_holder_binding)
        return kept

    @property
    def policy(self) -> Policy:
        """What decoding must know."""
        return Policy(self.algorithms, self.digests, self.limits)

    @property
    def kinds(self) -> tuple[CredentialType, ...]:
        """The credential types that bring terms."""
        return (*self.known_types, *(kind for kind in self.types or () if isinstance(kind, CredentialType)))

    @property
    def type_names(self) -> frozenset[str]:
        """Every name under which the expected types may appear: expanded IRIs and `vct`s."""
        return frozenset(name for kind in self.types or () for name in _names(kind))

    def trusts(self, issuer: str) -> bool:
        """Tell whether this issuer is trusted."""
        return isinstance(self.issuers, Anyone) or issuer in self.issuers


def _check_types(expectations: Expectations) -> None:
    for name, types in _TYPES.items():
        value = getattr(expectations, name)
        if not isinstance(value, types):
            msg = f"{name} is not a {type(value).__name__}"
            raise TypeError(msg)
    if not all(isinstance(kind, str | CredentialType) for kind in expectations.types or ()):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = "types are names or CredentialTypes"
        raise TypeError(msg)


def _named(name: str, values: Iterable[T]) -> tuple[T, ...]:
    if isinstance(values, str):
        msg = f"{name} is a list, not one string"
        raise TypeError(msg)
    kept = tuple(values)
    if not kept:
        msg = f"{name} may not be empty"
        raise ValueError(msg)
    return kept


def _names(kind: str | CredentialType) -> tuple[str, ...]:
    if isinstance(kind, CredentialType):
        return (kind.iri, kind.vct or kind.name)  # without a `vct`, its name is what an issuer writes
    # A plain name is a `vct`, an IRI, or a term that no context defines.
    if is_url(kind):
        return (kind,)
    try:
        return (kind, CredentialType(kind).iri)
    except ValueError:
        return (kind,)  # any string can be a `vct`, also one that no term could be
