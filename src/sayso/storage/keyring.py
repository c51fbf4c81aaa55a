"""Keep an organisation's keys by name, and its DID: in memory, and sealed in a file."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NoReturn, Protocol, Self, TypeAlias, cast, get_args

from sayso.dids import did_jwk, did_key, did_peer, did_web, document
from sayso.dids.did_webvh import identifier
from sayso.dids.document import DidDocument
from sayso.dids.identity import Identity
from sayso.encodings import base64url
from sayso.entropy import Entropy, system_entropy
from sayso.errors import KEY_FILE_DAMAGED, SaysoError
from sayso.identifiers import Did, DidUrl
from sayso.jsonvalue import Json, JsonObject, parse_object, serialize
from sayso.keys.ed25519 import SEED_BYTES, PublicKey
from sayso.keys.passphrase import DEFAULT_COST, Cost
from sayso.keys.signer import SeedSigner

Method: TypeAlias = Literal["key", "jwk", "web", "peer", "webvh"]
METHODS: Final[tuple[str, ...]] = get_args(Method)
FIRST_NAME: Final = "key-1"
MAX_KEYS: Final = 64
"""The most keys of one ring."""


# What seals, and what writes files, is imported where it is used: few processes need it, and every door would pay for it.
if TYPE_CHECKING:  # a Protocol costs as much to define as the rest of this room

    class _Room(Protocol):
        def did_of(self, key: PublicKey, /) -> Did: ...
        def verification_method(self, key: PublicKey, /) -> DidUrl: ...
        def document(self, did: str, /) -> DidDocument: ...


_OF_ONE_KEY: "Mapping[str, _Room]" = {"key": did_key, "jwk": did_jwk, "peer": did_peer}
"""The methods whose DIDs are their one key."""
_OF_A_PLACE = frozenset({"web", "webvh"})
_NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class KeyRing:
    """Hold keys by name, of which one signs, and the DID they belong to.

    A did:web or did:webvh stays while its keys change: `document` names them all. Any other DID is its one key, so another key means
    another DID, and what was signed before verifies under the DID before. A ring is a `Signer`: its current key signs.

    Args:
        method: "key", "jwk", "web", "peer" or "webvh".
        web: the DID of a did:web or did:webvh; "" for the others, which follow from their keys.
        signers: the keys, by name.
        current: the name of the key that signs.
        update_signers: the keys that sign the log of a did:webvh, now or later; none where they are kept elsewhere.

    Shows nothing of the keys; equal to nothing but itself.
    """

    method: Method
    web: str
    signers: Mapping[str, SeedSigner] = field(repr=False)
    current: str
    update_signers: tuple[SeedSigner, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Check the names, and keep them so that nobody can change them."""
        if self.method not in METHODS:
            msg = f"method is one of {', '.join(METHODS)}"
            raise ValueError(msg)
        if not 0 < len(self.signers) <= MAX_KEYS or not all(map(_is_name, self.signers)) or self.current not in self.signers:
            msg = f"a ring has 1 to {MAX_KEYS} keys, each with a name of letters, digits and ._-, and one of them signs"
            raise ValueError(msg)
        if len(self.update_signers) > (MAX_KEYS if self.method == "webvh" else 0):
            msg = f"a did:webvh has at most {MAX_KEYS} update keys, and no other DID has any"
            raise ValueError(msg)
        if not all(isinstance(signer, SeedSigner) for signer in (*self.signers.values(), *self.update_signers)):  # pyright: ignore[reportUnnecessaryIsInstance]
            msg = "a ring holds keys whose seeds are known here; a signer that lives elsewhere keeps its key itself"
            raise TypeError(msg)
        if (self.method in _OF_A_PLACE) != bool(self.web):
            msg = "a did:web has a domain, and no other DID has but a did:webvh, which is made with its log"
            raise ValueError(msg)
        if self.method == "web":
            did_web.url_of(self.web)
        elif self.method == "webvh":
            identifier.parse(self.web)
        object.__setattr__(self, "signers", MappingProxyType(dict(self.signers)))

    @classmethod
    def generate(
        cls,
        method: Method = "key",
        *,
        domain: str = "",
        path: Sequence[str] = (),
        name: str = FIRST_NAME,
        entropy: Entropy = system_entropy,
    ) -> Self:
        """Make a ring with one new key; the domain of a did:web, such as "city.example", may have a port, and a path on it.

        A did:webvh is made with its log, by `sayso.storage.webvh.create`.

        Raises:
            TypeError: the domain is no text, or the path is one: it is a sequence of texts.
            ValueError: the method, the domain or the name is none.
            SaysoError: INVALID_DID for a domain that no did:web may have.
        """
        given = cast("object", domain)  # callers need not have a type checker
        if not isinstance(given, str) or isinstance(path, str):
            msg = "domain is a text, and path a sequence of texts"
            raise TypeError(msg)
        if method == "webvh":
            msg = "a did:webvh is made with its log, by sayso.storage.webvh.create"
            raise ValueError(msg)
        return cls(method, did_web.did_of(domain, *path) if domain else "", {name: SeedSigner(entropy(SEED_BYTES))}, name)

    @classmethod
    def of(cls, identity: Identity) -> Self:
        """Give the ring with which an issuer or a verifier signs, or make one of its one key.

        Raises:
            TypeError: the key lives elsewhere.
            ValueError: the DID is of another method than those above, or its document names the key in another way.
        """
        _, method, _ = identity.did.split(":", 2)
        signer = identity.signer
        if isinstance(signer, cls):
            if signer.did == identity.did:
                return signer
            signer = signer.signer
        if not isinstance(signer, SeedSigner):
            msg = "the key lives elsewhere: only one whose seed is known here is saved"
            raise TypeError(msg)
        name = identity.key_id.partition("#")[2] if method in _OF_A_PLACE else FIRST_NAME
        ring = cls(method, identity.did if method in _OF_A_PLACE else "", {name: signer}, name)  # type: ignore[arg-type] # checked where it is kept
        if ring.did != identity.did:
            msg = "the DID does not follow from the key alone: it is not kept here"
            raise ValueError(msg)
        return ring

    @property
    def did(self) -> Did:
        """The DID of the key that signs."""
        return self.did_of(self.current)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the keys, in the order in which they came."""
        return tuple(self.signers)

    @property
    def signer(self) -> SeedSigner:
        """The key that signs."""
        return self.signers[self.current]

    @property
    def public_key(self) -> PublicKey:
        """The key that verifies what the current one signs."""
        return self.signer.public_key

    def sign(self, message: bytes) -> bytes:
        """Give the signature of the current key."""
        return self.signer.sign(message)

    @property
    def key_id(self) -> DidUrl:
        """The DID URL of the key that signs."""
        room = _OF_ONE_KEY.get(self.method)
        return DidUrl(f"{self.did}#{self.current}") if room is None else room.verification_method(self.signer.public_key)

    def did_of(self, name: str) -> Did:
        """Give the DID under which the key of a name signs.

        Raises:
            ValueError: there is none of this name.
        """
        if name not in self.signers:
            msg = f"there is no key {name!r}"
            raise ValueError(msg)
        room = _OF_ONE_KEY.get(self.method)
        return Did(self.web) if room is None else room.did_of(self.signers[name].public_key)

    def document(self) -> JsonObject:
        """Give the DID document; that of a did:web is to be published at `did_web.url_of(ring.did)`, and of a did:webvh in its log."""
        room = _OF_ONE_KEY.get(self.method)
        if room is not None:
            return room.document(self.did).to_json()
        keys: dict[str, PublicKey] = {f"{self.did}#{name}": signer.public_key for name, signer in self.signers.items()}
        return document.of_keys(self.did, keys).to_json()

    def rotate(self, name: str, *, entropy: Entropy = system_entropy) -> Self:
        """Give a ring with a new key that signs from now on; the others stay, so that what they signed goes on verifying.

        Publish the document of a did:web before anything is signed with the new key.

        Raises:
            ValueError: the name is none, or taken.
        """
        if name in self.signers:
            msg = f"there is a key {name!r} already"
            raise ValueError(msg)
        return replace(self, signers={**self.signers, name: SeedSigner(entropy(SEED_BYTES))}, current=name)

    def using(self, name: str) -> Self:
        """Give a ring in which another key signs.

        Raises:
            ValueError: there is none of this name.
        """
        self.did_of(name)
        return replace(self, current=name)

    def retire(self, name: str) -> Self:
        """Give a ring without a key: once the document of a did:web is published, nothing verifies that it signed.

        Raises:
            ValueError: there is none of this name, or it is the one that signs.
        """
        self.did_of(name)
        if name == self.current:
            msg = "the key that signs is not retired; rotate first"
            raise ValueError(msg)
        return replace(self, signers={kept: one for kept, one in self.signers.items() if kept != name})

    def updated_by(self, *signers: SeedSigner) -> Self:
        """Give a ring of a did:webvh with other update keys."""
        return replace(self, update_signers=signers)

    def save(self, path: str | os.PathLike[str], passphrase: str, *, entropy: Entropy = system_entropy, cost: Cost = DEFAULT_COST) -> None:
        """Seal the keys under a passphrase in a file, in place of what is there; at every instant it is the old file or the new one.

        Raises:
            TypeError, ValueError: it is no passphrase.
            SaysoError: KEY_FILE_UNREADABLE; then the file is the old one, or, where only the last step failed, the new one.
        """
        from sayso.keys import sealing
        from sayso.storage import files

        members: JsonObject = {
            "method": self.method,
            "web": self.web,
            "current": self.current,
            "keys": [{"name": name, "seed": base64url.encode(signer.export_seed())} for name, signer in self.signers.items()],
        }
        if self.update_signers:
            members["updates"] = [base64url.encode(signer.export_seed()) for signer in self.update_signers]
        files.replace(path, sealing.seal(serialize(members).encode(), passphrase, entropy, cost), entropy)

    @classmethod
    def open(cls, path: str | os.PathLike[str], passphrase: str, *, outdated: bool = False) -> Self:
        """Open a file of keys.

        Args:
            path: where it is.
            passphrase: what it was sealed under.
            outdated: whether a file is opened too whose passphrase costs less to guess than is asked for today; save it again then.

        Raises:
            TypeError, ValueError: it is no passphrase.
            SaysoError: WRONG_PASSPHRASE, or KEY_FILE_UNREADABLE, KEY_FILE_TRUNCATED, KEY_FILE_DAMAGED, KEY_FILE_OUTDATED, KEY_FILE_UNKNOWN.
        """
        from sayso.keys import sealing
        from sayso.storage import files

        secret = sealing.unseal(files.read(path, sealing.MAX_BYTES), passphrase, outdated=outdated)
        try:
            return cls(*_parts(parse_object(secret)))
        except (SaysoError, ValueError, TypeError, KeyError):
            # The seal holds, so another program wrote this; its words are not repeated, for it is secret.
            raise SaysoError.of(KEY_FILE_DAMAGED, "what was sealed is no ring of keys") from None

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    def __reduce__(self) -> NoReturn:
        msg = "a ring of keys is not copied or pickled; save it where it is kept"
        raise TypeError(msg)


def signer_of(keys: KeyRing) -> tuple[KeyRing, Did]:
    """Give what a party signs with, and for which DID.

    Raises:
        TypeError: it is no ring.
    """
    if not isinstance(keys, KeyRing):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"keys are a KeyRing, not a {type(keys).__name__}"
        raise TypeError(msg)
    return keys, keys.did


def _is_name(name: object) -> bool:
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def _parts(members: JsonObject) -> tuple[Method, str, dict[str, SeedSigner], str, tuple[SeedSigner, ...]]:
    keys, updates = members["keys"], members.get("updates", [])
    if not isinstance(keys, list) or not isinstance(updates, list):
        raise TypeError
    signers: dict[str, SeedSigner] = {}
    for key in keys:
        if not isinstance(key, dict) or key["name"] in signers:
            raise TypeError
        signers[_text(key["name"])] = _signer(key["seed"])
    method: Method = members["method"]  # type: ignore[assignment] # checked where it is kept
    return method, _text(members["web"]), signers, _text(members["current"]), tuple(map(_signer, updates))


def _signer(seed: Json) -> SeedSigner:
    return SeedSigner(base64url.decode(_text(seed)))


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value
