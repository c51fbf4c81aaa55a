"""Say what is expected, before anything is looked at."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import partial
from typing import Final, Literal, NamedTuple, get_args

from sayso.credentials.formats import JWT_VC
from sayso.credentials.kinds import CredentialType, held_metadata, listed, reading_of
from sayso.credentials.vocabulary import Reading
from sayso.dids.document import VerificationMethod
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject, Limits
from sayso.keys.verification_key import VerificationKey
from sayso.proofs.data_integrity.suites import DEFAULT_SUITES, SUITES
from sayso.proofs.jose import jws
from sayso.proofs.mechanism import AppendedContexts, Policy, VcClaim
from sayso.proofs.sd_jwt.disclosure import HASHES
from sayso.query.grammar import CredentialQuery
from sayso.status import inflating
from sayso.verification.arguments import certificates, known_keys, named, text_bytes, type_names
from sayso.verification.key_sources import DID, WAYS, KeyWays, key_ways


class Anyone:
    """Be the named way to trust any issuer."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ANYONE"


ANYONE: Final = Anyone()
"""Trust any issuer: the credential proves only that somebody signed it."""

Unasked = Literal["drop", "refuse"]
Status = Literal["require", "waive", "ignore"]
UnknownStatus = Literal["refuse", "ignore"]
Subjects = Literal["presenter", "any"]
Schema = Literal["require", "ignore"]
TypeMetadata = Literal["require", "known", "ignore"]
UndefinedTerms = Literal["report", "ignore"]
# The options that are one of some words.
_WORDS: dict[str, tuple[str, ...]] = {
    "unasked": get_args(Unasked),
    "status": get_args(Status),
    "unknown_status": get_args(UnknownStatus),
    "subjects": get_args(Subjects),
    "schema": get_args(Schema),
    "type_metadata": get_args(TypeMetadata),
    "undefined_terms": get_args(UndefinedTerms),
    "appended_contexts": get_args(AppendedContexts),
    "vc_claim": get_args(VcClaim),
}
_NOTHING = timedelta(0)
# What changes where a credential is nobody's answer to anything.
_BESIDE = {"holder_binding": False, "presenter": None, "types": None, "asked": None, "schema": "ignore"}

MAX_DEPTH = 128
"""The deepest nesting that may be allowed: the rooms walk trees by recursion, and the stack is the caller's too."""

# Callers need not have a type checker.
_TYPES: dict[str, tuple[type, ...]] = {
    "audience": (str, type(None)),
    "nonce": (str, type(None)),
    **dict.fromkeys(("holder_binding", "issuer_binding", "all_proofs", "inline_contexts", "text_dates"), (bool,)),
    "max_age": (timedelta,),
    "max_status_age": (timedelta, type(None)),
    "max_status_list_bytes": (int,),
    "skew": (timedelta,),
    "limits": (Limits,),
    "credentials": (int, type(None)),
    **dict.fromkeys(("contexts", "keys", "transaction_data"), (Mapping,)),
    "asked": (CredentialQuery, type(None)),
}


class Presenter(NamedTuple):
    """Hold who presents a credential: the identifiers, and the keys that signed the presentation."""

    ids: frozenset[str]
    keys: tuple[VerificationKey, ...]


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
        transaction_data: the texts of a request's transaction data that the holder must have signed, by the id of the credential query.
        domain: the whole audience that the proof of a presentation must name; None: `audience` alone.
        holder_binding: whether the holder must have signed, by key binding or as a presentation; decided here and never from what arrives
            (RFC 9901, section 9.5). Where it is not, a presentation is refused.
        subjects: "presenter": each subject with an identifier is who signed the presentation; "any" lets others present.
        issuer_binding: whether the key that signed must be the issuer's, and of a presentation the holder's.
        credentials: how many credentials a presentation holds; None: one or more.
        algorithms: the JWS algorithm names that are accepted.
        cryptosuites: the Data Integrity suites that are accepted.
        digests: the SD-JWT hash names that are accepted.
        all_proofs: whether every Data Integrity proof must hold, or one is enough.
        max_age: how old a key binding may be.
        skew: how far another party's clock may be off.
        unasked: what happens to disclosed claims that `asked` does not need: "drop" makes them unreadable, "refuse" is a problem.
        status: "require" refuses a status that cannot be decided, "waive" lets it pass and refuses what was decided all the same, "ignore"
            does not look.
        unknown_status: what happens to a status mechanism that nobody here knows.
        status_issuers: the DIDs that may sign status lists, all of them; None: the issuer of each credential, and nobody else.
        max_status_age: how old a status list may be; None: of any age, and only where it came with a presentation as its `ttl` says.
        max_status_list_bytes: how long a status list may be, inflated.
        schema: "require" refuses what does not follow the schema it names, "ignore" does not look.
        type_metadata: "known" holds an SD-JWT VC to the rules of its type where a `CredentialType` here brings them; "require" retrieves
            them where none does, and refuses without them; "ignore" does not look.
        contexts: JSON-LD contexts that are known beside those that come with the library: whole documents, by URL.
        inline_contexts: whether a document may bring contexts of its own. What it signs is then what it says it means.
        undefined_terms: "report" refuses members whose terms no context defines; "ignore" does not, where they are signed all the same.
        appended_contexts: "drop" takes away contexts behind those that a JCS proof covers, as EdDSA Cryptosuites, section 3.3.2, has it.
        vc_claim: "1.1" reads documents of VCDM 1.1 from the claims `vc` and `vp` of a JWT, "any" those of 2.0 too.
        text_dates: whether the dates of a JWT may be text, which no standard allows.
        keys: verification methods that are known, by what a signature calls them; they need no DID.
        key_resolution: the ways in which keys of issuers are found. "did": the issuer is a DID. "issuer-metadata": that of an SD-JWT VC is
            an HTTPS URL, and publishes its keys. "x5c": it is one, and the certificates that come along lead to one of `trust_anchors`.
        trust_anchors: the X.509 certificates that are trusted, as DER or PEM.
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
    transaction_data: Mapping[str, Collection[str]] = field(default_factory=dict[str, Collection[str]], hash=False)
    domain: str | Collection[str] | None = None
    holder_binding: bool = True
    subjects: Subjects = "presenter"
    issuer_binding: bool = True
    credentials: int | None = None
    algorithms: Collection[str] = jws.ALGORITHMS
    cryptosuites: Collection[str] = DEFAULT_SUITES
    all_proofs: bool = True
    digests: Collection[str] = tuple(HASHES)
    max_age: timedelta = timedelta(minutes=5)
    skew: timedelta = timedelta(seconds=60)
    unasked: Unasked = "drop"
    status: Status = "require"
    unknown_status: UnknownStatus = "refuse"
    status_issuers: Collection[str] | Anyone | None = None
    max_status_age: timedelta | None = None
    max_status_list_bytes: int = inflating.MAX_BYTES
    schema: Schema = "require"
    type_metadata: TypeMetadata = "known"
    contexts: Mapping[str, JsonObject] = field(default_factory=dict[str, JsonObject], hash=False)
    inline_contexts: bool = False
    undefined_terms: UndefinedTerms = "report"
    appended_contexts: AppendedContexts = "refuse"
    vc_claim: VcClaim = "refuse"
    text_dates: bool = False
    keys: Mapping[str, JsonObject] = field(default_factory=dict[str, JsonObject], hash=False)
    key_resolution: Collection[str] = (DID,)
    trust_anchors: Collection[bytes | str] = ()
    limits: Limits = DEFAULT_LIMITS
    asked: CredentialQuery | None = None
    presenter: Presenter | None = field(default=None, init=False)
    known_keys: Mapping[str, VerificationMethod] = field(init=False, repr=False, compare=False)
    key_ways: KeyWays = field(init=False, repr=False, compare=False)
    reading: Reading = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check the options and keep the collections unchangeable."""
        _keep_lists(self)
        for name, words in _WORDS.items():
            if getattr(self, name) not in words:
                msg = f"{name} is one of {', '.join(words)}"
                raise ValueError(msg)
        _check_types(self)
        if "" in (self.audience, self.nonce, self.domain, *(self.domain or ())):
            msg = "audience, nonce and domain are not empty"  # anybody can make a key binding for an empty one
            raise ValueError(msg)
        if self.limits.depth > MAX_DEPTH:
            msg = f"limits.depth is at most {MAX_DEPTH}"
            raise ValueError(msg)
        if self.skew < _NOTHING or self.max_age < _NOTHING or (self.max_status_age or _NOTHING) < _NOTHING:
            msg = "skew, max_age and max_status_age are not negative"
            raise ValueError(msg)
        object.__setattr__(self, "known_keys", known_keys(self.keys))
        object.__setattr__(self, "key_ways", key_ways(self.key_resolution, self.trust_anchors))
        held_metadata(self.kinds)
        object.__setattr__(self, "reading", _reading(self))

    def answering(self, asked: CredentialQuery) -> "Expectations":
        """Expect the same of a credential that answers a query, which also says whether its holder must sign."""
        # OpenID4VP 1.0, appendix B.1.3.1: who asks for this format asks for VCDM 1.1 in the claims of a JWT.
        claims = "1.1" if asked.format == JWT_VC.id and self.vc_claim == "refuse" else self.vc_claim
        return self._but(asked=asked, holder_binding=asked.require_cryptographic_holder_binding, vc_claim=claims)

    def inside(self, presenter: Presenter) -> "Expectations":
        """Expect the same of a credential in a presentation, whose holder has signed already."""
        return self._but(holder_binding=False, presenter=presenter)

    def beside(self) -> "Expectations":
        """Expect what a credential beside this one must keep to, such as one that holds a schema: it is nobody's answer to anything."""
        return self._but(**_BESIDE)

    def of_list(self, issuer: str) -> "Expectations":
        """Expect what the status list of a credential must keep to: those who may sign it have, and it is of a size that is accepted."""
        issuers = (issuer,) if self.status_issuers is None else self.status_issuers
        # A list says nothing of its own status: looking it up would have no end. What stands in one of those is not decided, and refused.
        limits = self.limits._replace(size_bytes=text_bytes(self.max_status_list_bytes))
        changes = {"issuers": issuers, "nonce": None, "domain": None, "status": "require", "unknown_status": "refuse", "limits": limits}
        return self._but(**_BESIDE, **changes)

    def _but(self, **changes: object) -> "Expectations":
        # What is kept was checked when this was made.
        kept = object.__new__(Expectations)
        for name in self.__slots__:
            object.__setattr__(kept, name, changes.get(name, getattr(self, name)))
        return kept

    def audiences(self, member: str) -> frozenset[str]:
        """Give the names of this verifier, as a signature may name them in a member; where it has only a domain, it is that everywhere."""
        if self.domain is not None and (member == "domain" or self.audience is None):
            return frozenset([self.domain] if isinstance(self.domain, str) else self.domain)
        return frozenset(() if self.audience is None else (self.audience,))

    def __reduce__(self) -> tuple[Callable[[], "Expectations"], tuple[()]]:
        # What follows from the options is made anew where this arrives.
        return partial(Expectations, **{one.name: getattr(self, one.name) for one in fields(self) if one.init}), ()

    @property
    def policy(self) -> Policy:
        """What decoding must know."""
        return Policy(
            self.algorithms,
            self.digests,
            self.limits,
            self.cryptosuites,
            self.all_proofs,
            self.reading.contexts,
            self.inline_contexts,
            self.appended_contexts,
            self.vc_claim,
        )

    @property
    def kinds(self) -> tuple[CredentialType, ...]:
        """The credential types that bring terms."""
        return (*self.known_types, *(kind for kind in self.types or () if isinstance(kind, CredentialType)))

    @property
    def type_names(self) -> frozenset[str]:
        """Every name under which the expected types may appear: expanded IRIs and `vct`s."""
        return frozenset(name for kind in self.types or () for name in type_names(kind))

    @property
    def bound_issuers(self) -> Collection[str] | None:
        """The issuers of whom one must have signed; None where anybody may."""
        return None if isinstance(self.issuers, Anyone) or not self.issuer_binding else self.issuers

    def trusts(self, issuer: str) -> bool:
        """Tell whether this issuer is trusted."""
        return isinstance(self.issuers, Anyone) or issuer in self.issuers


def _keep_lists(expectations: Expectations) -> None:
    if not isinstance(expectations.issuers, Anyone):
        object.__setattr__(expectations, "issuers", named("issuers", expectations.issuers))
    if expectations.status_issuers is not None and not isinstance(expectations.status_issuers, Anyone):
        object.__setattr__(expectations, "status_issuers", named("status_issuers", expectations.status_issuers))
    if expectations.types is not None:
        object.__setattr__(expectations, "types", named("types", expectations.types))
    if expectations.domain is not None and not isinstance(expectations.domain, str):
        object.__setattr__(expectations, "domain", named("domain", expectations.domain))
    object.__setattr__(expectations, "trust_anchors", certificates(expectations.trust_anchors))
    object.__setattr__(expectations, "known_types", listed("known_types", expectations.known_types))
    for name, built in (("algorithms", jws.READABLE), ("cryptosuites", SUITES), ("digests", HASHES), ("key_resolution", WAYS)):
        kept = named(name, getattr(expectations, name))
        object.__setattr__(expectations, name, kept)
        if not set(kept) <= set(built):
            msg = f"{name} are some of {', '.join(built)}"
            raise ValueError(msg)


def _reading(expectations: Expectations) -> Reading:
    try:
        return reading_of(
            expectations.kinds,
            expectations.contexts,
            inline=expectations.inline_contexts,
            undefined=expectations.undefined_terms == "ignore",
        )
    except ValueError as error:
        msg = f"contexts are whole documents by URL: {error}"
        raise ValueError(msg) from None


def _check_types(expectations: Expectations) -> None:
    for name, types in _TYPES.items():
        value = getattr(expectations, name)
        if not isinstance(value, types):
            msg = f"{name} is not a {type(value).__name__}"
            raise TypeError(msg)
    if not all(isinstance(name, str) for name in expectations.domain or ()):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = "domain is a text, or a list of texts"
        raise TypeError(msg)
    if not all(isinstance(kind, str | CredentialType) for kind in expectations.types or ()):  # pyright: ignore[reportUnnecessaryIsInstance]
        msg = "types are names or CredentialTypes"
        raise TypeError(msg)
