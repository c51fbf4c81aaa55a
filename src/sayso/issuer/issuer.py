"""Issue credentials: the issuer's door."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from os import PathLike
from types import MappingProxyType
from typing import TYPE_CHECKING, Self, Unpack

from sayso.bulk import Executor, Progress, in_order
from sayso.clock import Clock, system_clock
from sayso.credentials.kinds import Claim, CredentialType, listed, reading_of
from sayso.credentials.wire import Credential
from sayso.dids.identity import identity
from sayso.entropy import Entropy, system_entropy
from sayso.identifiers import Did
from sayso.issuer.arguments import said
from sayso.issuer.choices import ALL, All
from sayso.issuer.issuing import issued
from sayso.issuer.pen import Pen
from sayso.issuer.rows import Choices, IssueRows, Refused, Row
from sayso.issuer.securing import proof_choices, secured
from sayso.issuer.status_options import BookOptions, StatusSource
from sayso.jsonvalue import Json, JsonObject
from sayso.keys.ed25519 import SEED_BYTES, PublicKey
from sayso.keys.passphrase import DEFAULT_COST, Cost
from sayso.keys.signer import SeedSigner, Signer
from sayso.proofs.sd_jwt.disclosure import DEFAULT_HASH
from sayso.proofs.sd_jwt.serialization import COMPACT
from sayso.retrieval import AsyncFetch, Fetch, drive, drive_async, offline
from sayso.storage.keyring import KeyRing, signer_of
from sayso.storage.scattering import KEY_BYTES
from sayso.storage.status_store import StatusStore

if TYPE_CHECKING:
    from sayso.issuer.status_book import StatusBook


class Issuer:
    """Sign credentials under a DID.

    Safe to share between threads. The key stays behind its `Signer`.
    """

    def __init__(
        self,
        signer: Signer,
        did: str | None = None,
        *,
        algorithm: str | None = None,
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
        fetch: Fetch = offline,
    ) -> None:
        """Take a signer and the DID that it signs for, its did:key by default; `algorithm` is what its signatures are called in JOSE.

        Raises:
            TypeError: it is no signer.
            ValueError: the algorithm is none of its key: EdDSA or Ed25519, or with ECDSA that of its curve.
            SaysoError: the key is not canonical, or the DID document does not name it under `assertionMethod`.
        """
        self._identity = drive(identity(signer, did, "assertionMethod", clock(), algorithm=algorithm), fetch)
        self._clock = clock
        self._entropy = entropy
        self._fetch = fetch
        self._pen = Pen(self._identity, entropy)

    @classmethod
    def generate(cls, *, clock: Clock = system_clock, entropy: Entropy = system_entropy) -> Self:
        """Make an issuer with a new key and its did:key."""
        return cls(SeedSigner(entropy(SEED_BYTES)), clock=clock, entropy=entropy)

    @classmethod
    def from_jwk(
        cls,
        private: Mapping[str, Json],
        did: str | None = None,
        *,
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
        fetch: Fetch = offline,
    ) -> Self:
        """Make an issuer with the key of a private JWK.

        Raises:
            SaysoError: the JWK is not that of an Ed25519 key, or its `x` does not belong to its `d`.
        """
        return cls(SeedSigner.from_jwk(private), did, clock=clock, entropy=entropy, fetch=fetch)

    @classmethod
    def of(
        cls,
        keys: KeyRing,
        *,
        algorithm: str | None = None,
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
        fetch: Fetch = offline,
    ) -> Self:
        """Make an issuer that signs with the current key of a ring.

        Raises:
            TypeError: it is no ring.
            SaysoError: the published document of a did:web does not name the key, or cannot be retrieved.
        """
        return cls(*signer_of(keys), algorithm=algorithm, clock=clock, entropy=entropy, fetch=fetch)

    @classmethod
    def open(
        cls,
        path: str | PathLike[str],
        passphrase: str,
        *,
        key: str | None = None,
        outdated: bool = False,
        algorithm: str | None = None,
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
        fetch: Fetch = offline,
    ) -> Self:
        """Make an issuer with the keys of a file that `save` or `KeyRing.save` wrote.

        Args:
            path: where it is.
            passphrase: what it was sealed under.
            key: the name of the key that signs; the file's current one by default.
            outdated: whether a file is opened too whose passphrase costs less to guess than is asked for today.
            algorithm: how signatures are called: "EdDSA", the default, or "Ed25519".
            clock: tells the time.
            entropy: makes salts.
            fetch: answers what has to be retrieved: a did:web its document.

        Raises:
            TypeError, ValueError: it is no passphrase, or there is no key of that name.
            SaysoError: as `KeyRing.open`, and as `of`.
        """
        keys = KeyRing.open(path, passphrase, outdated=outdated)
        return cls.of(keys if key is None else keys.using(key), algorithm=algorithm, clock=clock, entropy=entropy, fetch=fetch)

    def save(self, path: str | PathLike[str], passphrase: str, *, cost: Cost = DEFAULT_COST) -> None:
        """Seal the key, or all keys of the ring it is from, under a passphrase in a file, in place of what is there.

        Raises:
            TypeError: the key lives elsewhere and cannot be saved, or it is no passphrase.
            ValueError: the passphrase is empty, or the DID is of a method whose keys are not kept here.
            SaysoError: as `KeyRing.save`.
        """
        KeyRing.of(self._identity).save(path, passphrase, entropy=self._entropy, cost=cost)

    @property
    def did(self) -> Did:
        """The DID that stands as issuer in every credential."""
        return self._identity.did

    def issue(
        self,
        claims: Mapping[str, object],
        *,
        type: str | CredentialType,
        holder: str | PublicKey,
        format: str = "vc+sd-jwt",
        valid_for: timedelta | None = None,
        valid_until: datetime | None = None,
        valid_from: datetime | None = None,
        disclosable: Collection[Claim] | All = ALL,
        decoys: int = 0,
        digest: str = DEFAULT_HASH,
        serialization: str = COMPACT,
        status: StatusSource | None = None,
    ) -> Credential:
        """Sign a credential about a holder, so that the holder can show each claim by itself.

        Args:
            claims: what is said about the subject; an `id` replaces the holder's DID as the subject's identifier.
            type: the credential's type: a name, or a `CredentialType` with its terms. SD-JWT VC calls it `vct`.
            holder: the DID or public key that must sign every presentation.
            format: "vc+sd-jwt" or "dc+sd-jwt"; or, for a credential that is shown whole, "vc+jwt" or a suite such as "eddsa-jcs-2022".
            valid_for: how long it holds, counted from `valid_from`.
            valid_until: when it holds no longer, instead of `valid_for`.
            valid_from: when it begins to hold; now by default. A credential that lives a day or more begins with the day (in UTC), and
                with `valid_for` ends with one, so that it does not betray its second.
            disclosable: the claims that the holder may keep back, by name or path; by default each one, at every depth.
            decoys: how many digests that stand for nothing are added wherever something is hidden.
            digest: the hash of what is hidden, by its name in the IANA registry; every verifier knows "sha-256".
            serialization: "compact", or "flattened" or "general" for a JSON object.
            status: the book that gives it an entry, or the entry that it gave, so that it can be revoked.

        Raises:
            TypeError, ValueError: the call is wrong: no JSON, no validity, an unknown format, a claim to hide that is not there.
            SaysoError: the credential would not conform to its data model or the rules of its type, or the holder's DID has no key.

        Source: VCDM 2.0, section 4; VC-JOSE-COSE, section 3.2; RFC 9901, section 6; SD-JWT VC (draft 19), section 2.
        """
        asked = (type, holder, format, valid_for, valid_until, valid_from, disclosable, decoys, digest, serialization, status)
        return drive(issued(self._pen, self._clock(), claims, *asked), self._fetch)

    async def issue_async(self, claims: Mapping[str, object], *, fetch: AsyncFetch, **choices: Unpack[Choices]) -> Credential:
        """Issue as `issue` does, with a fetcher that is awaited."""
        return await drive_async(issued(self._pen, self._clock(), claims, **choices), fetch)

    def issue_many(
        self, rows: Iterable[Row], *, executor: Executor | None = None, progress: Progress | None = None
    ) -> Iterator[Credential | Refused]:
        """Sign many credentials, and give each in the order of its row, or why the row was refused.

        Rows are read while credentials are taken, and a bounded number ahead: a generator of millions is never held whole.

        Args:
            rows: what `issue` takes, each as a mapping: `Row(claims=..., type=..., holder=..., valid_for=...)`.
            executor: any `concurrent.futures.Executor` of threads; None: here, one by one. Threads pay where the signer is far away.
            progress: is called for each row with how many are done, and how many there are (None for a generator), in the caller's thread.

        Raises:
            TypeError: the call is wrong, at once; or the executor runs other processes, which the signer never enters.

        Rows are data, mostly from a file: whatever `issue` raises for one, also a TypeError or ValueError, refuses that row and no other.
        What a signer or an executor raises beside that comes through as it is.
        """
        given: object = rows
        if isinstance(given, Mapping | str | bytes):  # callers need not have a type checker
            msg = "issue_many takes many rows, not one"
            raise TypeError(msg)
        return in_order(IssueRows(self.issue), rows, executor=executor, progress=progress)

    def status_book(self, store: StatusStore, **options: Unpack[BookOptions]) -> "StatusBook":
        """Open the book that says which credentials still hold, or begin it; `BookOptions` says what there is to choose.

        It signs its lists as this issuer, and recognises this issuer's credentials.

        Args:
            store: where it is kept: `MemoryStatusStore` for trials, `SqlStatusStore` for what must last.
            options: `url`, what the URL of each list begins with, and what else is chosen.

        Raises:
            TypeError, ValueError: no such book can be; or the one at this URL was begun with other terms.
            SaysoError: STORE_UNREACHABLE.
        """
        # Few issuers revoke, and every door would pay for it.
        from sayso.issuer.status_book import Desk, opened

        return opened(Desk(self._pen, self._clock, self._fetch), store, self._entropy(KEY_BYTES), **options)

    def secure(
        self,
        document: Mapping[str, object],
        *,
        format: str,
        disclosable: Collection[Claim] = (),
        types: Collection[CredentialType] = (),
        contexts: Mapping[str, JsonObject] = MappingProxyType({}),
        inline_contexts: bool = False,
        created: datetime | None = None,
        expires: datetime | None = None,
        proof_id: str | None = None,
        previous: Sequence[str] = (),
        status: StatusSource | None = None,
    ) -> Credential:
        """Sign a whole credential that was written elsewhere, of VCDM 2.0 or, with a Data Integrity proof, of VCDM 1.1.

        What it says is signed as it stands; VCDM 1.1 gets the context of Data Integrity proofs where it lacks one. A document with proofs
        gets one more: of a set, or, with `previous`, of a chain.

        Args:
            document: the credential; its issuer is this one.
            format: as in `issue`, "dc+sd-jwt" excepted.
            disclosable: for "vc+sd-jwt", the claims that the holder may keep back.
            types: the credential types whose terms are known.
            contexts: other JSON-LD contexts that are known: whole documents, by URL.
            inline_contexts: whether the document may bring contexts of its own.
            created: when the proof says that it was made; left out by default, so that it does not betray its second.
            expires: from when the proof holds no longer.
            proof_id: what later proofs of a chain name this one by.
            previous: the ids of the proofs that this one covers too.
            status: as in `issue`; then the document says nothing of its status.

        Raises:
            TypeError, ValueError: the call is wrong; or the issuer is another.
            SaysoError: the document does not conform to its data model, or a part of it would not be signed.

        Source: VC Data Integrity 1.0, sections 4.2 and 4.3; VC-JOSE-COSE, section 3.
        """
        reading = reading_of(listed("types", types), contexts, inline=inline_contexts)
        proof = proof_choices(created, expires, proof_id, previous)
        return secured(self._pen, said(document), format=format, disclosable=disclosable, reading=reading, proof=proof, status=status)
