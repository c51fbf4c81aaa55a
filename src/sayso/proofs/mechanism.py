"""Say what a securing mechanism is: bytes are decoded, and what was decoded is proven under a key."""

from collections.abc import Collection
from typing import NamedTuple, Protocol, TypeVar

from sayso.credentials.claims_path import Location, Positions
from sayso.credentials.formats import Format
from sayso.jsonvalue import DEFAULT_LIMITS, JsonObject, Limits
from sayso.keys.verification_key import VerificationKey

Result_co = TypeVar("Result_co", covariant=True)


class Policy(NamedTuple):
    """Hold the allow-lists that are looked at before any key."""

    algorithms: Collection[str]
    digests: Collection[str]
    limits: Limits = DEFAULT_LIMITS


class Decoded(Protocol[Result_co]):
    """Be input that is well-formed and that nobody has proven."""

    @property
    def key_id(self) -> str:
        """The DID URL of the key that should have signed."""
        ...

    @property
    def relationship(self) -> str:
        """What the DID document must authorise that key for."""
        ...

    def prove(self, key: VerificationKey) -> Result_co:
        """Check every signature and digest, and give what they cover.

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


class Proven(NamedTuple):
    """Hold a credential whose signatures hold: the first state with readable claims.

    `document` is what was signed, without digests; `positions`, `disclosed` and `hiding` are as SD-JWT processing leaves them (empty for
    mechanisms without disclosures); `binding` is the payload of a key binding whose signature holds, None where there is none; `key_id`
    is the DID URL of the key that signed, `digest` the name of the hash of the disclosures. It shows no claim by itself: what is refused
    later would leave it in tracebacks.
    """

    key_id: str
    format: Format
    document: JsonObject
    positions: Positions
    disclosed: dict[Location, str]
    hiding: frozenset[Location]
    binding: JsonObject | None
    digest: str = ""

    def __repr__(self) -> str:
        return f"<Proven {self.format.id} of {self.key_id}>"
