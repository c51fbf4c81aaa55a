"""Ask for claims, and accept answers: the business's door."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from os import PathLike
from typing import Self, Unpack

from sayso.clock import Clock, system_clock
from sayso.credentials.kinds import Claim, CredentialType, listed
from sayso.credentials.wire import Answer, Request
from sayso.dids.identity import identity
from sayso.entropy import Entropy, system_entropy
from sayso.identifiers import Did
from sayso.keys.ed25519 import SEED_BYTES
from sayso.keys.passphrase import DEFAULT_COST, Cost
from sayso.keys.signer import SeedSigner, Signer
from sayso.openid import request_object
from sayso.openid.encryption_key import EncryptionKey
from sayso.proofs.jose import jws
from sayso.query import grammar
from sayso.query.grammar import Query
from sayso.retrieval import AsyncFetch, Fetch, drive, drive_async, offline
from sayso.sharing import conditions as sharing_conditions
from sayso.sharing.attribute import Attribute, Said, terms_of
from sayso.sharing.composing import compose, compose_query
from sayso.sharing.conditions import Conditions
from sayso.sharing.request import DataRequest
from sayso.sharing.share import Share
from sayso.sharing.terms import WillNotStore
from sayso.storage.keyring import KeyRing, signer_of
from sayso.storage.nonces import MemoryNonces, NonceStore
from sayso.verification.answers import AnswerJudgement
from sayso.verification.expectations import Anyone
from sayso.verification.options import Checks, checked
from sayso.verification.report import Report
from sayso.verification.status_cache import StatusCache, checked_cache
from sayso.verifier.accepting import Acceptance
from sayso.verifier.asking import attributes_asked, attributes_by_id, formats_asked, issuers_asked, issuers_by_query
from sayso.verifier.custody_doors import CustodyDoors
from sayso.verifier.dialogue import DialogueDoors
from sayso.verifier.options import Options, check_options, checked_route
from sayso.verifier.own import OwnRequests
from sayso.verifier.requesting import Requesting, Wanted
from sayso.verifier.sealing import seal
from sayso.verifier.signing_in import SignIn, signed_in

ANSWER_WITHIN = timedelta(minutes=5)
"""How long a request may be answered, unless it says otherwise."""


class Verifier(DialogueDoors, CustodyDoors):
    """Ask customers for claims, and hold what they share for as long as they share it.

    Safe to share between threads. Requests are remembered in `nonces`; with a store that lasts, answers survive a restart.
    """

    def __init__(
        self,
        signer: Signer,
        did: str | None = None,
        *,
        name: str = "",
        reply_to: str | None = None,
        origin: str | None = None,
        encryption: EncryptionKey | None = None,
        conditions: Conditions = sharing_conditions.NONE,
        types: Collection[CredentialType] = (),
        clock: Clock = system_clock,
        entropy: Entropy = system_entropy,
        fetch: Fetch = offline,
        nonces: NonceStore | None = None,
        on_report: Callable[[Report], None] | None = None,
        status_cache: StatusCache | None = None,
        **checks: Unpack[Checks],
    ) -> None:
        """Take a signer and the DID that it signs for, its did:key by default.

        Args:
            signer: signs requests.
            did: whose `authentication` names the signer's key.
            name: what the business calls itself; nobody checks it.
            reply_to: where wallets post their answers; None: the answer is brought back by hand, by wallets of this library.
            origin: the page that asks over the Digital Credentials API, such as "https://bar.example"; instead of `reply_to`.
            encryption: the key that answers are encrypted to.
            conditions: what is said of every request that does not say it itself: who asks, whom it tells, what it will not do.
            types: the credential types whose terms are known here.
            clock: tells the time.
            entropy: makes nonces.
            fetch: answers what has to be retrieved; the default refuses.
            nonces: remembers requests; in memory by default.
            on_report: is told how every answer fared: problem types and timings, never values.
            status_cache: keeps what was verified of status lists for the next answers.
            checks: what else is said to `Expectations` about status and keys, as `Checks` names it, with its strict defaults.

        Raises:
            SaysoError: the key is not canonical, or the DID document does not name it under `authentication`.
            TypeError, ValueError: the name is not plain text, `reply_to` no URL, or another argument not what it is called.
        """
        check_options(name, nonces, on_report)
        self._conditions = sharing_conditions.own(conditions)
        self._identity = drive(identity(signer, did, "authentication", clock()), fetch)
        self._types, self._fetch = {kind.iri: kind for kind in listed("types", types)}, fetch
        self._checks, route, cache = checked(checks), checked_route(reply_to, origin, encryption), checked_cache(status_cache)
        own = OwnRequests(self.did, MemoryNonces() if nonces is None else nonces)
        self._requesting = Requesting(self._identity, name, route, self._checks.get("algorithms", jws.ALGORITHMS), clock, entropy, own)
        self._acceptance = Acceptance(own, self._types, self._checks, cache, clock, on_report, encryption)

    @classmethod
    def generate(cls, **options: Unpack[Options]) -> Self:
        """Make a verifier with a new key and its did:key; the options are those of `Verifier`."""
        return cls(SeedSigner(options.get("entropy", system_entropy)(SEED_BYTES)), **options)

    @classmethod
    def of(cls, keys: KeyRing, **options: Unpack[Options]) -> Self:
        """Make a verifier that signs with the current key of a ring; the options are those of `Verifier`.

        Raises:
            TypeError: it is no ring.
            SaysoError: the published document of a did:web does not name the key, or cannot be retrieved.
        """
        return cls(*signer_of(keys), **options)

    @classmethod
    def open(
        cls, path: str | PathLike[str], passphrase: str, *, key: str | None = None, outdated: bool = False, **options: Unpack[Options]
    ) -> Self:
        """Make a verifier with the keys of a file that `save` or `KeyRing.save` wrote.

        Args:
            path: where it is.
            passphrase: what it was sealed under.
            key: the name of the key that signs; the file's current one by default.
            outdated: whether a file is opened too whose passphrase costs less to guess than is asked for today.
            options: those of `Verifier`.

        Raises:
            TypeError, ValueError: it is no passphrase, or there is no key of that name.
            SaysoError: as `KeyRing.open`, and as `of`.
        """
        keys = KeyRing.open(path, passphrase, outdated=outdated)
        return cls.of(keys if key is None else keys.using(key), **options)

    def save(self, path: str | PathLike[str], passphrase: str, *, cost: Cost = DEFAULT_COST) -> None:
        """Seal the key, or all keys of the ring it is from, under a passphrase in a file, in place of what is there.

        Raises:
            TypeError: the key lives elsewhere and cannot be saved, or it is no passphrase.
            ValueError: the passphrase is empty, or the DID is of a method whose keys are not kept here.
            SaysoError: as `KeyRing.save`.
        """
        KeyRing.of(self._identity).save(path, passphrase, entropy=self._requesting.entropy, cost=cost)

    @property
    def did(self) -> Did:
        """The DID that signs every request."""
        return self._identity.did

    def request(
        self,
        *claims: Claim | Attribute,
        issuers: Collection[str] | Anyone,
        purpose: str,
        benefit: str,
        keep_for: timedelta | WillNotStore,
        type: str | CredentialType | None = None,
        optional: Sequence[Claim | Attribute] = (),
        formats: Sequence[str] = ("vc+sd-jwt",),
        if_not_shared: str = "",
        conditions: Conditions | None = None,
        strict: bool = False,
        answer_within: timedelta = ANSWER_WITHIN,
        state: str | None = None,
        wallet_nonce: str | None = None,
    ) -> Request:
        """Ask for claims, and sign what for and for how long.

        Args:
            claims: what is required, by name or path, or as an `Attribute` with terms of its own.
            issuers: the DIDs whose credentials are trusted, or HTTPS URLs where `key_resolution` finds their keys; ANYONE is the named
                opt-out.
            purpose: what it is for.
            benefit: what the customer gains.
            keep_for: how long it is kept, from a second up; WILL_NOT_STORE allows one use.
            type: the type that the credential must have; None takes any, but for SD-JWT VC, which has no such thing.
            optional: what the customer may add.
            formats: the credential formats that may answer.
            if_not_shared: what happens if it is not shared.
            conditions: what is said of the whole request, instead of what this verifier says of all.
            strict: whether the answer signs the terms, so that a wallet which does not know them must refuse.
            answer_within: how long the request may be answered.
            state: what a posted answer gives back, to be found by.
            wallet_nonce: what the wallet posted as such, when it asked for the request object.

        Raises:
            TypeError, ValueError: the call is wrong.

        Source: OpenID4VP 1.0, sections 5 and 6.
        """
        required, more = attributes_asked(claims, optional)
        query, ids = compose(required, more, issuers_asked(issuers, self._checks), formats_asked(formats, type))
        said = Said(purpose, benefit, keep_for, if_not_shared, conditions or self._conditions)
        if isinstance(type, CredentialType):
            self._types[type.iri] = type
        return self._requesting.ask(query, terms_of(required, more, ids, said), Wanted(answer_within, state, wallet_nonce, strict))

    def request_query(
        self,
        query: Query | Mapping[str, object],
        *,
        issuers: Collection[str] | Anyone | Mapping[str, Collection[str] | Anyone],
        purpose: str,
        benefit: str,
        keep_for: timedelta | WillNotStore,
        attributes: Sequence[Attribute] = (),
        if_not_shared: str = "",
        conditions: Conditions | None = None,
        strict: bool = False,
        answer_within: timedelta = ANSWER_WITHIN,
        state: str | None = None,
        wallet_nonce: str | None = None,
    ) -> Request:
        """Ask with a whole DCQL query: several credentials, alternatives to them, values, every element of an array.

        Each claim gets a row of terms. Claims that have one id have one row; a claim that some claim set leaves out, or that stands in a
        credential no set requires, is optional.

        Args:
            query: the query, as the value or its JSON form.
            issuers: those that are trusted, as in `request`, for every credential query or by its id.
            purpose: what it is for.
            benefit: what the customer gains.
            keep_for: how long it is kept, from a second up; WILL_NOT_STORE allows one use.
            attributes: the claims that have terms of their own, by their ids in the query.
            if_not_shared: what happens if it is not shared.
            conditions: what is said of the whole request, instead of what this verifier says of all.
            strict: whether the answer signs the terms, so that a wallet which does not know them must refuse.
            answer_within: how long the request may be answered.
            state: what a posted answer gives back, to be found by.
            wallet_nonce: what the wallet posted as such, when it asked for the request object.

        Raises:
            TypeError, ValueError: the call is wrong, or the query is malformed or asks for what nothing here could accept.

        Source: OpenID4VP 1.0, sections 5 and 6.
        """
        own = grammar.own(query)
        composed, required = compose_query(own, issuers_by_query(own, issuers, self._checks))
        rows = attributes_by_id(attributes, required)
        said = Said(purpose, benefit, keep_for, if_not_shared, conditions or self._conditions)
        needed, more = ([rows[name] for name, is_needed in required.items() if is_needed == wanted] for wanted in (True, False))
        terms = terms_of(needed, more, {name: name for name in rows}, said)
        return self._requesting.ask(composed, terms, Wanted(answer_within, state, wallet_nonce, strict))

    def sign_in_request(
        self, *, purpose: str, answer_within: timedelta = ANSWER_WITHIN, state: str | None = None, wallet_nonce: str | None = None
    ) -> Request:
        """Ask who is there, and for nothing else: the customer answers with a key that is made for this business.

        Args:
            purpose: what it is for, signed with the request.
            answer_within: how long the request may be answered.
            state: what a posted answer gives back, to be found by.
            wallet_nonce: what the wallet posted as such, when it asked for the request object.

        Raises:
            TypeError, ValueError: the call is wrong.
        """
        return self._requesting.sign_in(purpose, Wanted(answer_within, state, wallet_nonce))

    def accept(self, answer: Answer | bytes | str, request: Request | bytes | str) -> Share:
        """Verify an answer to a request of this verifier, and seal what was shared.

        The request is answered once; a refused answer does not use it up.

        Raises:
            SaysoError: with every problem of the answer; ALREADY_ANSWERED, UNKNOWN_REQUEST, OTHER_REQUEST, or what is wrong with the
                request.
            TypeError: something that was parsed elsewhere is given.

        Source: OpenID4VP 1.0, section 8.6; RFC 9901, section 7.3.
        """
        return drive(self._acceptance.accepting(answer, request, "", self._sealed), self._fetch)

    async def accept_async(self, answer: Answer | bytes | str, request: Request | bytes | str, *, fetch: AsyncFetch) -> Share:
        """Accept as `accept` does, with a fetcher that is awaited."""
        return await drive_async(self._acceptance.accepting(answer, request, "", self._sealed), fetch)

    def accept_sign_in(self, answer: Answer | bytes | str, request: Request | bytes | str) -> SignIn:
        """Verify the answer to a request of `sign_in_request`, and say who signed in; nothing is retrieved for the answer.

        Raises:
            SaysoError: as `accept`.
            TypeError: something that was parsed elsewhere is given.
        """
        return drive(self._acceptance.accepting(answer, request, request_object.SIGN_IN, signed_in), self._fetch)

    def _sealed(self, asked: DataRequest, judged: AnswerJudgement, now: datetime) -> Share:
        return seal(asked, judged.answered, now, self._requesting.clock)
