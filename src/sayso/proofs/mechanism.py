"""Say what a securing mechanism is: bytes are decoded, and what was decoded is proven under the keys that should have signed it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple, Protocol, TypeAlias, TypeVar

from sayso.credentials import validity
from sayso.credentials.claims_path import COMPLETE, Location, Positions
from sayso.credentials.formats import Format
from sayso.encodings.jsonld.contexts import Contexts
from sayso.errors import Problem, SaysoError
from sayso.jsonvalue import DEFAULT_LIMITS, FrozenObject, Json, JsonObject, Limits
from sayso.keys.verification_key import VerificationKey

Result_co = TypeVar("Result_co", covariant=True)

VcClaim = Literal["refuse", "1.1", "any"]
AppendedContexts = Literal["refuse", "drop"]


class Policy(NamedTuple):
    """Hold what is decided before any key is looked at.

    Args:
        algorithms: the JWS algorithms that are accepted.
        digests: the SD-JWT hashes that are accepted.
        limits: what the input may cost.
        cryptosuites: the Data Integrity suites that are accepted.
        all_proofs: whether every proof of a document must hold, or one is enough.
        contexts: the JSON-LD contexts that are known.
        inline_contexts: whether a document may bring contexts of its own.
        appended_contexts: what happens to contexts behind those that a JCS proof covers.
        vc_claim: which data models are read from the claims `vc` and `vp` of a JWT.
    """

    algorithms: Collection[str]
    digests: Collection[str]
    limits: Limits = DEFAULT_LIMITS
    cryptosuites: Collection[str] = ()
    all_proofs: bool = True
    contexts: Contexts = Contexts({})
    inline_contexts: bool = False
    appended_contexts: AppendedContexts = "refuse"
    vc_claim: VcClaim = "refuse"


class KeyUse(NamedTuple):
    """Name a key that should have signed, what it must be authorised for, and where that is said.

    `issuer` is who says to have signed, where a key may be found by that ("" where it is not), `chain` the certificates that came along.
    """

    key_id: str
    relationship: str
    place: Location = ()
    issuer: str = ""
    chain: Json = None


class FoundKey(NamedTuple):
    """Hold a key that was found, and the identifier of who controls it."""

    key: VerificationKey
    controller: str


Found: TypeAlias = FoundKey | SaysoError
"""A key, or why it could not be found."""


class Decoded(Protocol[Result_co]):
    """Be input that is well-formed and that nobody has proven."""

    @property
    def signers(self) -> tuple[KeyUse, ...]:
        """The keys that should have signed."""
        ...

    def prove(self, found: Sequence[Found]) -> Result_co:
        """Check every signature and digest under the keys of `signers`, in their order, and give what they cover.

        Raises:
            SaysoError: something does not hold.
        """
        ...


class SecuringMechanism(Protocol[Result_co]):
    """Be one way to secure something."""

    def decode(self, data: bytes, policy: Policy) -> Decoded[Result_co] | None:
        """Read the input; None says that it is not of this mechanism.

        Raises:
            SaysoError: it is of this mechanism, and malformed or outside the policy.
        """
        ...


def only_key(found: Sequence[Found]) -> FoundKey:
    """Give the key of a mechanism with one signature.

    Raises:
        SaysoError: why it could not be found.
    """
    (key,) = found
    if isinstance(key, SaysoError):
        raise key
    return key


class Wording(NamedTuple):
    """Say how a kind of signature calls its audience and its nonce, and whether it must name the whole audience or one of it."""

    audience: str
    nonce: str
    whole: bool


KEY_BINDING = Wording("aud", "nonce", whole=True)
TOKEN = Wording("aud", "nonce", whole=False)
PROOF = Wording("domain", "challenge", whole=True)


class Binding(NamedTuple):
    """Hold what somebody signed together with a document: to whom, in answer to what, and when.

    `members` are those of a key binding JWT, of a JWT or of a proof, and `place` says where they stand.
    """

    members: JsonObject
    place: Location
    wording: Wording

    def date_problems(self, at: datetime, skew: timedelta, max_age: timedelta | None, *, text: bool) -> tuple[Problem, ...]:
        """Say what its dates have against an instant; the other arguments are those of `validity`."""
        if self.wording is PROOF:
            return validity.proof_problems(self.members, at, skew, max_age=max_age)
        return validity.token_problems(self.members, at, skew, max_age=max_age, text=text)


def binding_of(token: JsonObject) -> Binding:
    """Give what the JWT around a presentation says, without the credentials in it: what may be read of those is decided for each."""
    return Binding({name: value for name, value in token.items() if name not in {"vp", "verifiableCredential"}}, (), TOKEN)


_NOTHING = FrozenObject()


class Proven(NamedTuple):
    """Hold a credential or presentation whose signatures hold: the first state with readable claims.

    It shows no claim by itself: what is refused later would leave it in tracebacks.

    Args:
        signers: the keys that signed, and who controls them.
        format: what it is.
        document: what was signed, without digests.
        positions: as SD-JWT processing leaves them; empty for mechanisms without disclosures, as are the next two.
        disclosed: the disclosure of each disclosed place.
        hiding: the places of objects with digests that nothing opened.
        bindings: what the holder signed for a verifier; none where nobody presented it.
        digest: the name of the hash of the disclosures.
        proofs: what the signers said about their signatures, such as until when they hold.
        claims: the claims of a JWT around the document, where they are not in it.
        transformed: whether every proof signs the statements of the document (`Reading.transformed`).
    """

    signers: tuple[FoundKey, ...]
    format: Format
    document: JsonObject
    positions: Positions = COMPLETE
    disclosed: Mapping[Location, str] = MappingProxyType({})
    hiding: frozenset[Location] = frozenset()
    bindings: tuple[Binding, ...] = ()
    digest: str = ""
    proofs: tuple[Binding, ...] = ()
    claims: JsonObject = _NOTHING
    transformed: bool = False

    def __repr__(self) -> str:
        return f"<Proven {self.format.id} of {', '.join(signer.controller for signer in self.signers)}>"
