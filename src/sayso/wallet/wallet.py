"""Hold credentials, and share from them what their holder chooses: the customer's door."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import timedelta
from threading import Lock
from types import MappingProxyType
from typing import Self, Unpack

from sayso.clock import Clock, system_clock
from sayso.credentials.kinds import CredentialType, listed
from sayso.credentials.wire import Answer, Credential, Presentation, bytes_of
from sayso.dids import did_key
from sayso.encodings import base64url
from sayso.entropy import Entropy, system_entropy
from sayso.errors import NOT_ANSWERABLE, RANGE_ERROR, Problem, SaysoError
from sayso.identifiers import Did, StoredId
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.signer import SeedSigner, Signer, own_ed25519_key
from sayso.openid import error_response, response
from sayso.proofs.data_integrity.suites import EDDSA_JCS, World
from sayso.retrieval import AsyncFetch, Fetch, Steps, drive, drive_async, offline
from sayso.sharing import sign_in, strict_terms
from sayso.sharing.plan.decision import Plan
from sayso.sharing.plan.picking import Candidate, Pick
from sayso.sharing.plan.showing import Addressed
from sayso.verification.expectations import ANYONE, Expectations
from sayso.verification.options import KeyOptions, refuse_others
from sayso.verification.pipeline import judge
from sayso.verification.report import Verified
from sayso.wallet import enclosing
from sayso.wallet.candidates import candidates_for
from sayso.wallet.enclosing import Addressee
from sayso.wallet.grants import GrantDoors, TakenEvents
from sayso.wallet.held import Keys, Whole, compact, kept
from sayso.wallet.index import Index
from sayso.wallet.offers import OfferDoors, Offers
from sayso.wallet.reading import Given, Reader, Terms, Unsigned
from sayso.wallet.record import Shared, recorded, still_shared


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
        **keys: Unpack[KeyOptions],
    ) -> None:
        """Make an empty wallet that knows the terms of some credential types.

        `unsigned` is "allow" for a wallet that looks at requests too which nobody signed, where OpenID4VP has such; `terms` is "waive" for
        one that reads requests without sharing terms too, as ordinary verifiers make them: they grant no retention. `keys` are said to
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
        **keys: Unpack[KeyOptions],
    ) -> Self:
        """Make an empty wallet in memory; the options are those of `Wallet`."""
        return cls(types=types, clock=clock, entropy=entropy, fetch=fetch, unsigned=unsigned, terms=terms, **keys)

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

    def present(self, plan: Plan, *, status_lists: Mapping[str, bytes] = MappingProxyType({})) -> Answer:
        """Share what the plan shows, and nothing else.

        `status_lists`, by URL and as published, go along, so that the verifier need not ask for them.

        Raises:
            SaysoError: the request has expired or cannot be answered, or a credential is gone or holds no longer.
            TypeError: this is no plan.

        Source: RFC 9901, sections 4.3 and 7.2; OpenID4VP 1.0, section 8.1 and appendix B (VP-6, VP-8).
        """
        if not isinstance(plan, Plan):  # pyright: ignore[reportUnnecessaryIsInstance] # callers need not have a type checker
            msg = f"a Plan is presented, not {type(plan).__name__}"
            raise TypeError(msg)
        if not plan.answerable:
            raise SaysoError(*plan.problems)
        now = self._clock()
        if now >= plan.asked.request.expires:
            raise SaysoError.of(RANGE_ERROR, "the request has expired", "exp")
        now = now.replace(microsecond=0)
        until = plan.end_from(now)
        if until <= now:
            raise SaysoError.of(RANGE_ERROR, "the share would have ended before it begins")
        request = plan.asked.request
        to = Addressee(request.audience, request.nonce, now, request.expires, until)
        if plan.signs_in:
            presentations, status_lists = {sign_in.ENTRY: [self._signed_in(plan.verifier, to)]}, dict[str, bytes]()
        else:
            said = {query_id: to._replace(terms=strict_terms.agreed(request, query_id)) for query_id in plan.picks}
            presentations = {name: [self._presentation(picked, said[name]) for picked in together] for name, together in plan.picks.items()}
        answer = response.answer(request, presentations, status_lists, self._entropy)
        record = recorded(plan, now, until)
        with self._lock:
            self._shared.append(record)
            self._by_verifier.setdefault(plan.verifier, []).append(record)
        return answer

    def decline(self, request: Plan | Given, *, origin: str | None = None) -> Answer:
        """Answer that nothing is shared: the same bytes whether the customer refused, holds nothing, or a value did not match.

        Args:
            request: what is declined, or the plan that was made of it.
            origin: as in `plan`.

        Raises:
            SaysoError: as `plan`; a request that is none deserves no answer.
            TypeError: something that was parsed elsewhere is given.

        Source: OpenID4VP 1.0, sections 8.5 and 15.4.1 (VP-13, DQ-C3).
        """
        if isinstance(request, Plan):
            return error_response.answer(request.asked.request)
        return error_response.answer(drive(self._reader.read(request, origin, None, self._clock()), self._fetch).asked.request)

    def presentation(
        self,
        *stored: StoredId,
        format: str = EDDSA_JCS,
        audience: str | None,
        nonce: str | None,
        valid_for: timedelta = timedelta(minutes=5),
    ) -> Presentation:
        """Sign a presentation of whole credentials for one verifier: whatever is in them is shared.

        Args:
            stored: the credentials, which are about one holder; an SD-JWT is presented by `present`, claim by claim.
            format: "eddsa-jcs-2022", "eddsa-rdfc-2022" or "vp+jwt".
            audience: whom it is for; None: for anyone.
            nonce: what it answers; None: nothing, and so it can be shown again.
            valid_for: how long it can be accepted.

        Raises:
            TypeError, ValueError: the call is wrong, or there is no such credential here that is shown whole.
            SaysoError: a credential holds no longer, or a part of the presentation would not be signed.

        Source: VCDM 2.0, section 4.13; VC Data Integrity 1.0, section 4.2; VC-JOSE-COSE, section 3.1.2.
        """
        enclosing.check_call(format, audience, nonce, valid_for)
        with self._lock:
            if not stored or not self._whole.keys() >= set(stored):
                msg = "a presentation holds one or more stored credentials that are shown whole"
                raise ValueError(msg)
            whole = [self._whole[stored_id] for stored_id in stored]
        now = self._clock().replace(microsecond=0)
        return enclosing.enclose(whole, format, Addressee(audience, nonce, now, now + valid_for), self._world)

    def _presentation(self, picked: Pick, to: Addressee) -> str:
        stored_id = picked.candidate.credential
        held = self._held.get(stored_id) or self._whole.get(stored_id)
        if held is None:
            raise SaysoError.of(NOT_ANSWERABLE, "a credential of the plan is no longer stored")
        if isinstance(held, Whole):
            return enclosing.answer(held, to, self._world)
        problems = held.date_problems(to.at)
        if problems:
            raise SaysoError(*problems)
        return held.holding.present(picked.selected, to.claims, held.signer, withheld=picked.withheld)

    def _signed_in(self, verifier: str, to: Addressee) -> str:
        with self._lock:
            signer, did = self._keys.pairwise(verifier, self._entropy)
        return enclosing.sign_in(did, signer, to._replace(until=None))

    @property
    def _world(self) -> World:
        return World(self._expectations.reading.contexts)
