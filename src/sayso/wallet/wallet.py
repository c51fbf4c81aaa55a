"""Hold credentials, and share from them what their holder chooses: the customer's door."""

import hashlib
from collections.abc import Collection
from threading import Lock
from typing import TYPE_CHECKING, Self, Unpack

from sayso.clock import Clock, system_clock
from sayso.credentials.kinds import CredentialType, listed
from sayso.credentials.wire import Credential, bytes_of
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.entropy import Entropy, system_entropy
from sayso.errors import Problem, SaysoError
from sayso.identifiers import Did, StoredId
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.signer import SeedSigner, Signer, own_ed25519_key
from sayso.retrieval import AsyncFetch, Fetch, Steps, drive, drive_async, offline
from sayso.sharing.plan.decision import Plan
from sayso.sharing.plan.picking import Candidate
from sayso.sharing.plan.showing import Addressed
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.options import KeyOptions, refuse_others
from sayso.verification.pipeline import judge
from sayso.verification.report import Verified
from sayso.wallet.candidates import candidates_for
from sayso.wallet.grants import GrantDoors
from sayso.wallet.held import Keys, Whole, compact, kept
from sayso.wallet.index import Index
from sayso.wallet.offers import OfferDoors, Offers
from sayso.wallet.reading import Given, Reader, Terms, Unsigned
from sayso.wallet.receiving import TakenEvents
from sayso.wallet.record import Shared, still_shared

if TYPE_CHECKING:  # who keeps no ledger does not pay for it
    from sayso.sharing.ledger.ledger import Ledger
    from sayso.wallet.recording import Recorder


class Wallet(OfferDoors, GrantDoors):
    """Keep credentials and the keys they are bound to; nothing leaves but by `present`.

    Safe to share between threads. This one keeps everything in memory.
    """

    def __init__(
        self,
        *,
        types: Collection[CredentialType] = (),
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
        fetch: Fetch = offline,
        unsigned: Unsigned = "refuse",
        terms: Terms = "require",
        ledger: "Ledger | None" = None,
        **keys: Unpack[KeyOptions],
    ) -> None:
        """Make an empty wallet that knows the terms of some credential types.

        `unsigned` is "allow" for a wallet that looks at requests too which nobody signed, where OpenID4VP has such; `terms` is "waive" for
        one that reads requests without sharing terms too, as ordinary verifiers make them: they grant no retention. In `ledger` is
        entered what leaves, what is granted and signed about it, and what businesses answer; without one nothing is. `keys` are said to
        `Expectations`, with its strict defaults: `key_resolution` and `trust_anchors`, for issuers that are HTTPS URLs, and `algorithms`.

        Raises:
            TypeError, ValueError: an argument is not what it is called.
        """
        refuse_others(keys, KeyOptions)
        self._clock = clock
        self._entropy = entropy
        self._fetch = fetch
        self._reader = Reader(entropy, unsigned, terms)
        # What is stored was verified; who may have issued it is the business's question, and so are its status and its schema.
        kinds = listed("types", types)
        self._expectations = Expectations(issuers=ANYONE, known_types=kinds, holder_binding=False, status="ignore", schema="ignore", **keys)
        self._lock = Lock()
        self._keys = Keys()
        self._held = Index()
        self._whole: dict[StoredId, Whole] = {}
        self._shared: list[Shared] = []
        self._by_verifier: dict[str, list[Shared]] = {}
        self._offers, self._taken = Offers(), TakenEvents()
        self._recorder = None if ledger is None else _recorder(ledger)

    @classmethod
    def generate(
        cls,
        *,
        types: Collection[CredentialType] = (),
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
        fetch: Fetch = offline,
        unsigned: Unsigned = "refuse",
        terms: Terms = "require",
        ledger: "Ledger | None" = None,
        **keys: Unpack[KeyOptions],
    ) -> Self:
        """Make an empty wallet in memory; the options are those of `Wallet`."""
        return cls(types=types, clock=clock, entropy=entropy, fetch=fetch, unsigned=unsigned, terms=terms, ledger=ledger, **keys)

    def new_key(self) -> Did:
        """Make a key, and give its did:key for an issuer to bind a credential to."""
        return self.add_key(SeedSigner(self._entropy(SEED_BYTES)))

    def add_key(self, signer: Signer) -> Did:
        """Take a key that lives elsewhere, and give its did:key.

        Raises:
            TypeError: it is no signer.
            SaysoError: the key is no canonical point of the main subgroup.
        """
        key = own_ed25519_key(signer)
        did = did_key.did_of(key)
        with self._lock:
            self._keys.add(key, did, signer)
        return did

    def store(self, data: Credential | bytes | str) -> StoredId:
        """Verify a credential and keep it, if it is bound to a key of this wallet; to store it again changes nothing.

        Raises:
            SaysoError: with every problem, or NOT_MINE.
            TypeError: something that was parsed elsewhere is given.

        Source: RFC 9901, section 7.2 (SD-H1).
        """
        return drive(self._storing(data), self._fetch)

    async def store_async(self, data: Credential | bytes | str, *, fetch: AsyncFetch) -> StoredId:
        """Store as `store` does, with a fetcher that is awaited."""
        return await drive_async(self._storing(data), fetch)

    def _storing(self, data: Credential | bytes | str) -> Steps[StoredId]:
        received = compact(bytes_of(data))
        stored_id = StoredId(base64url.encode(hashlib.sha256(received).digest()))
        if stored_id in self._held or stored_id in self._whole:
            return stored_id
        # A presentation is refused too: nothing was asked here, and so every key binding answers somebody else.
        judged = yield from judge(received, self._expectations, self._clock())
        proven = judged.proven
        if proven is None:
            raise SaysoError(*judged.problems)
        verified = judged.report().require()
        with self._lock:
            one = kept(received, proven, verified, self._keys)
            if isinstance(one, Whole):
                self._whole[stored_id] = one
            else:
                self._held[stored_id] = one
        return stored_id

    def remove(self, stored_id: StoredId) -> None:
        """Let go of a credential.

        Raises:
            ValueError: there is none with this id.
        """
        with self._lock:
            if self._held.pop(stored_id, None) is None and self._whole.pop(stored_id, None) is None:
                msg = "no credential is stored under this id"
                raise ValueError(msg)

    @property
    def stored(self) -> dict[StoredId, Verified]:
        """What is stored."""
        with self._lock:
            shown = {stored_id: held.verified for stored_id, held in self._held.items()}
            return shown | {stored_id: whole.verified for stored_id, whole in self._whole.items()}

    @property
    def shared(self) -> tuple[Shared, ...]:
        """What has left this wallet, in order."""
        with self._lock:
            return tuple(self._shared)

    def plan(self, request: Given, *, origin: str | None = None, fetched: Given | None = None) -> Plan:
        """Look at a request and show what an answer would reveal; nothing leaves.

        Of several ways to answer, the one that reveals least is shown first; optional claims are off until `also`.

        Args:
            request: a request object, a URI such as `openid4vp://…`, or the JSON of a request over the Digital Credentials API.
            origin: who asks over the Digital Credentials API, as the platform says.
            fetched: what lies at the `request_uri` of a URI; left out, it is retrieved.

        Raises:
            SaysoError: the request is not signed by the business it names, has expired, or its terms do not match what it asks.
            TypeError: something that was parsed elsewhere is given.

        Source: OpenID4VP 1.0, sections 5 and 6.4, and appendix A.
        """
        return drive(self._planning(request, origin, fetched), self._fetch)

    async def plan_async(self, request: Given, *, origin: str | None = None, fetched: Given | None = None, fetch: AsyncFetch) -> Plan:
        """Plan as `plan` does, with a fetcher that is awaited."""
        return await drive_async(self._planning(request, origin, fetched), fetch)

    def _planning(self, request: Given, origin: str | None, fetched: Given | None) -> Steps[Plan]:
        now = self._clock()
        received, asked = yield from self._reader.read(request, origin, fetched, now)
        verifier, queries = asked.request.verifier, asked.request.query.credentials
        with self._lock:
            matches = [self._held.matches(query) for query in queries]
            whole = [[(name, one) for name, one in self._whole.items() if one.may_answer(query)] for query in queries]
            shared, known_as = (*self._by_verifier.get(verifier, ()),), self._keys.known_as(verifier)
        able: dict[str, tuple[Candidate, ...]] = {}
        problems: list[Problem] = []
        for index, query in enumerate(queries):
            found, why_not = candidates_for(query, matches[index], now, whole[index])
            problems += [problem.under("credentials", index) for problem in why_not]
            if found:
                able[query.id] = found
        about = Addressed(received, verifier, bool(shared), asked, still_shared(shared, now), known_as)
        return Plan.begun(about, able, problems, now.replace(microsecond=0))


def _recorder(ledger: "Ledger") -> "Recorder":
    from sayso.sharing.ledger.ledger import Ledger
    from sayso.wallet.recording import Recorder

    if not isinstance(ledger, Ledger):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
        msg = f"ledger is a Ledger, not {type(ledger).__name__}"
        raise TypeError(msg)
    return Recorder(ledger)
