"""Say what is expected, before anything is looked at."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal, TypeVar, get_args

from sayso.credentials.kinds import CredentialType
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
        limits: what the input may cost.
        asked: the query that this credential answers, if there is one.

    Raises:
        TypeError: `issuers` is a string, or a number of things is not a collection.
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
        for name, chosen, built in (("algorithms", self.algorithms, jws.ALGORITHMS), ("digests", self.digests, HASHES)):
            object.__setattr__(self, name, _named(name, chosen))
            if not set(chosen) <= set(built):
                msg = f"{name} are some of {', '.join(built)}"
                raise ValueError(msg)
        for name, value, options in (
            ("unasked", self.unasked, Unasked),
            ("status", self.status, Status),
            ("unknown_status", self.unknown_status, UnknownStatus),
        ):
            if value not in get_args(options):
                msg = f"{name} is one of {', '.join(get_args(options))}"
                raise ValueError(msg)
        if self.skew < timedelta(0) or self.max_age < timedelta(0):
            msg = "skew and max_age are not negative"
            raise ValueError(msg)

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
        return (kind.iri,) if kind.vct is None else (kind.iri, kind.vct)
    # A plain name is a `vct`, an IRI, or a term that no context defines.
    return (kind,) if is_url(kind) else (kind, CredentialType(kind).iri)
