"""Write the log of a did:webvh: create, update, rotate, move and deactivate it, and have its witnesses approve.

Source: did:webvh 1.0, "Create (Register)", "Update (Rotate)", "Deactivate (Revoke)" and "DID Witnesses" (VH-3 to VH-14).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple, Self

from sayso.clock import aware
from sayso.credentials.validity import format_date_time
from sayso.dids import did_key
from sayso.dids.did_webvh import entries, identifier, log, proving, resolution
from sayso.dids.did_webvh.changes import Changes
from sayso.dids.did_webvh.entries import replaced
from sayso.dids.did_webvh.identifier import PLACEHOLDER, PREFIX
from sayso.dids.did_webvh.log import Version
from sayso.dids.did_webvh.parameters import METHOD, key_hash
from sayso.dids.did_webvh.witnesses import with_approval
from sayso.dids.document import CONTEXT, of_keys
from sayso.encodings.jsonld.contexts import Contexts
from sayso.errors import INVALID_DID, SaysoError
from sayso.identifiers import Did
from sayso.jsonvalue import Json, JsonObject, freeze, from_python, serialize
from sayso.keys import multikey
from sayso.keys.ed25519 import PublicKey
from sayso.keys.signer import Signer, own_ed25519_key
from sayso.keys.verification_key import VerificationKey
from sayso.proofs.data_integrity.signing import ProofOptions, add_proof
from sayso.proofs.data_integrity.suites import EDDSA_JCS, World

_NO_CONTEXTS = World(Contexts({}))


class Files(NamedTuple):
    """Hold the texts to publish; `witnesses` first, and it is "" where nobody has to approve."""

    log: str
    witnesses: str


@dataclass(frozen=True, slots=True)
class WebvhLog:
    """Be the log of a did:webvh, as its controller writes it.

    Every change gives a new log. What a reader would refuse is refused here, with the same error. The time is an argument, and there is no
    chance in it. `text` is the did.jsonl so far, and `witnesses` the did-witness.json, "" without any approval.
    """

    did: Did
    text: str
    witnesses: str
    _latest: Version = field(repr=False, compare=False)

    @classmethod
    def create(
        cls,
        domain: str,
        *path: str,
        signer: Signer,
        at: datetime,
        keys: Mapping[str, VerificationKey],
        document: Mapping[str, object] | None = None,
        portable: bool = False,
        update_keys: Sequence[PublicKey] | None = None,
        next_keys: Sequence[PublicKey] | None = None,
        witnesses: Sequence[PublicKey] | None = None,
        threshold: int | None = None,
        watchers: Sequence[str] | None = None,
        ttl: int | None = None,
    ) -> Self:
        """Create a DID at a domain, such as "city.example" or "city.example:8443", and a path on it.

        Args:
            domain: where its files will lie.
            path: the segments of the path to them.
            signer: signs the first version.
            at: when.
            keys: the keys of the document that sign, for every purpose, by their fragments.
            document: more members of the document; `{SCID}` stands in them for what is not known yet.
            portable: whether the DID may move later, which is decided now.
            update_keys: the keys that may sign the next version, the signer's among them; that one alone by default.
            next_keys: the keys that may take over in the next version, of which hashes are published: pre-rotation.
            witnesses: who must approve every version.
            threshold: how many of them; all by default.
            watchers: the URLs of who keeps copies.
            ttl: for how many seconds a resolver may keep what it resolved; an hour by default.

        Raises:
            SaysoError: INVALID_DID for what is no such place, and what a reader would refuse.
        """
        rest = _place(domain, path)
        did = Did(f"{PREFIX}{PLACEHOLDER}:{rest}")
        own = [own_ed25519_key(signer)] if update_keys is None else update_keys
        said = Changes(own, next_keys, witnesses, threshold, watchers, ttl).to_json()
        draft: JsonObject = {
            "versionId": PLACEHOLDER,
            "versionTime": _time(at),
            "parameters": {"method": METHOD, "scid": PLACEHOLDER, **said, "portable": portable},
            "state": {**_keyed(did, keys), **_copied(document)},
        }
        scid = entries.hash_of(draft)
        line = _line(replaced(draft, PLACEHOLDER, scid), 1, scid, signer, at)
        latest = _verified(line, None, scid, at)
        return cls(latest.did, line, "", latest)

    @classmethod
    def read(cls, did: str, text: str, at: datetime, witnesses: str = "") -> Self:
        """Take up a log that was published.

        Raises:
            SaysoError: the reader refuses it.
        """
        resolution.read_log(did, text, at, witnesses or None)
        latest = log.walk(text.encode(), identifier.parse(did).scid, at).versions[-1]
        return cls(latest.did, text if text.endswith("\n") else text + "\n", witnesses, latest)

    @property
    def version_id(self) -> str:
        """The name of the latest version."""
        return self._latest.entry.version_id

    @property
    def version_time(self) -> datetime:
        """When the latest version came; the next one is later."""
        return self._latest.entry.time

    @property
    def deactivated(self) -> bool:
        """Whether the DID ended: no version follows."""
        return self._latest.parameters.deactivated

    @property
    def pre_rotates(self) -> bool:
        """Whether only a key that was announced may sign the next version."""
        return bool(self._latest.parameters.next_key_hashes)

    def accepts(self, key: PublicKey) -> bool:
        """Tell whether a key may sign the next version: an update key in force, or under pre-rotation one that was announced."""
        latest, text = self._latest.parameters, multikey.encode(key)
        return key_hash(text) in latest.next_key_hashes if self.pre_rotates else text in latest.update_keys

    @property
    def document(self) -> JsonObject:
        """The document of the latest version, without the services that every did:webvh has."""
        return freeze(self._latest.entry.state)

    def update(
        self,
        signer: Signer,
        at: datetime,
        document: Mapping[str, object] | None = None,
        *,
        keys: Mapping[str, VerificationKey] | None = None,
        update_keys: Sequence[PublicKey] | None = None,
        next_keys: Sequence[PublicKey] | None = None,
        witnesses: Sequence[PublicKey] | None = None,
        threshold: int | None = None,
        watchers: Sequence[str] | None = None,
        ttl: int | None = None,
    ) -> Self:
        """Add a version; what is not named stays as it is.

        `document` takes the place of the whole document, and `keys` of those in it that sign.

        The signer has one of the update keys in force. Under pre-rotation `update_keys` and `next_keys` are named, and the signer has one
        of these update keys. New witnesses approve from the next version on, the first ones this version too.

        Raises:
            SaysoError: what a reader would refuse.
        """
        state: JsonObject = self._latest.entry.state if document is None else {"id": self.did, **_copied(document)}
        if keys is not None:
            state = {**state, **_keyed(self.did, keys), "@context": state.get("@context", [CONTEXT])}
        changes = Changes(update_keys, next_keys, witnesses, threshold, watchers, ttl)
        return self._with(state, changes.to_json(), signer, at)

    def rotate(self, signer: Signer, at: datetime, update_keys: Sequence[PublicKey], next_keys: Sequence[PublicKey] = ()) -> Self:
        """Give control to other keys, and announce those after them; without `next_keys` pre-rotation ends.

        Raises:
            SaysoError: what a reader would refuse.
        """
        announced = next_keys or self._latest.parameters.next_key_hashes
        return self.update(signer, at, update_keys=update_keys, next_keys=next_keys if announced else None)

    def move(
        self,
        signer: Signer,
        at: datetime,
        domain: str,
        *path: str,
        update_keys: Sequence[PublicKey] | None = None,
        next_keys: Sequence[PublicKey] | None = None,
    ) -> Self:
        """Move a portable DID to another place; the document then names the DID before it under `alsoKnownAs`.

        Raises:
            SaysoError: it is not portable, and what else a reader would refuse.
        """
        did = Did(f"{PREFIX}{self._latest.parameters.scid}:{_place(domain, path)}")
        moved = _renamed(self._latest.entry.state, self.did, did)
        known = moved.get("alsoKnownAs", [])
        others = [name for name in known if name not in (did, self.did)] if isinstance(known, list) else []
        return self._with({**moved, "alsoKnownAs": [*others, self.did]}, Changes(update_keys, next_keys).to_json(), signer, at)

    def deactivate(self, signer: Signer, at: datetime, update_keys: Sequence[PublicKey] = ()) -> Self:
        """End the DID: it has no document any more, and no version follows.

        Under pre-rotation `update_keys` are keys that were announced, and the signer has one of them.

        Raises:
            SaysoError: what a reader would refuse.
        """
        ends = Changes(update_keys, () if self._latest.parameters.next_key_hashes else None)
        return self._with(self._latest.entry.state, {**ends.to_json(), "deactivated": True}, signer, at)

    def approve(self, signer: Signer, at: datetime) -> Self:
        """Approve the latest version, and so all before it, as one of its witnesses.

        Raises:
            SaysoError: INVALID_DID; the signer is none of them.
        """
        if multikey.encode(own_ed25519_key(signer)) not in self._latest.witness.witnesses:
            raise SaysoError.of(INVALID_DID, "the signer is none of the witnesses of this version")
        proof = _signed({"versionId": self.version_id}, signer, at)["proof"]
        return replace(self, witnesses=with_approval(self.witnesses, self.version_id, proof))

    def publish(self, at: datetime) -> Files:
        """Give the files to publish, after reading them as anybody will.

        Raises:
            SaysoError: the reader refuses them, as where too few witnesses approved.
        """
        resolution.read_log(self.did, self.text, at, self.witnesses or None)
        return Files(self.text, self.witnesses)

    def _with(self, state: JsonObject, said: JsonObject, signer: Signer, at: datetime) -> Self:
        latest = self._latest
        draft: JsonObject = {"versionTime": _time(at), "parameters": said, "state": state}
        line = _line(draft, latest.entry.number + 1, latest.entry.version_id, signer, at)
        added = _verified(line, latest, latest.parameters.scid, at)
        return replace(self, did=added.did, text=self.text + line, _latest=added)


def _place(domain: str, path: Sequence[str]) -> str:
    rest = ":".join((domain.replace(":", "%3A"), *path))
    identifier.place_of(rest)
    return rest


def _keyed(did: Did, keys: Mapping[str, VerificationKey]) -> JsonObject:
    return of_keys(did, {f"{did}#{name}": key for name, key in keys.items()}).to_json()


def _time(at: datetime) -> str:
    return format_date_time(aware(at))


def _copied(document: Mapping[str, object] | None) -> JsonObject:
    copied = from_python({} if document is None else document, place="document")
    if not isinstance(copied, dict):
        msg = f"document is a mapping, not a {type(document).__name__}"
        raise TypeError(msg)
    return copied


def _renamed(value: JsonObject, old: str, new: str) -> JsonObject:
    # A DID, and what begins with it and then ends or goes on as a DID URL: never another DID that merely begins with the same characters.
    def of(item: Json) -> Json:
        if isinstance(item, str):
            rest = item.removeprefix(old)
            return new + rest if item.startswith(old) and rest[:1] in {"", "#", "/", "?"} else item
        if isinstance(item, list):
            return [of(one) for one in item]
        return _renamed(item, old, new) if isinstance(item, dict) else item

    return {name: of(member) for name, member in value.items()}


def _verified(line: str, previous: Version | None, scid: str, at: datetime) -> Version:
    # By the reader itself, so that nothing is written that it would refuse.
    index = previous.entry.number if previous else 0
    try:
        version = log.verify(line.encode(), previous, scid, aware(at))
        resolution.document_of(version)
    except SaysoError as error:
        raise log.invalid(error.under(index)) from None
    return version


def _line(draft: JsonObject, number: int, predecessor: str, signer: Signer, at: datetime) -> str:
    version_id = f"{number}-{entries.entry_hash(draft, predecessor)}"
    signed = _signed({**draft, "versionId": version_id}, signer, at)
    proofs: list[Json] = [signed["proof"]]
    return serialize({name: signed[name] for name in entries.UNSIGNED} | {"proof": proofs}) + "\n"


def _signed(document: JsonObject, signer: Signer, at: datetime) -> JsonObject:
    key = own_ed25519_key(signer)
    options = ProofOptions(EDDSA_JCS, did_key.verification_method(key), proving.PURPOSE, created=aware(at))
    return add_proof(document, options, signer, _NO_CONTEXTS)
